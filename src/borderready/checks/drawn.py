# SPDX-License-Identifier: Apache-2.0
"""`drawn`: what this and all earlier consignments took from a paper or a code stays within what it is good for.

A permit for 20,000 kg from which one truck took 8,000 kg lets the next 8,000 kg pass; a third 8,000 kg fails. Earlier
is by the day of departure (of orchards: of harvest), then by the reference, so that the answer does not depend on the
order of the files. The field is the bound on a paper (`net_kg` of a permit, `batches` of a report); with `table` it is
the code of an orchard, and the bound is its area (by the user's register where that knows it, else by the manifest)
times the tonnes that a hectare bears, counted over the days of a season. A load that is over by no more than `margin`
only informs. Where other consignments are not known, what the manifest takes alone is compared.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from borderready.checks.context import Context, Options, as_decimal, decimal, text, unknown
from borderready.checks.limit import write_number
from borderready.checks.look_up import find_row
from borderready.checks.others import (
    Named,
    holder_of,
    name_of,
    others_of,
    own_orchards,
    own_uses,
    show_uses,
)
from borderready.fold import fold_code
from borderready.histories import Others
from borderready.model import Force, Message, Missing, Outcome, Path, Source, Status, Use
from borderready.paths import Hit, find, write_value

KIND = "drawn"
_KG_PER_T = 1000
OPTIONS = {
    "type": "object",
    "additionalProperties": False,
    "required": ["per"],
    "properties": {
        "per": {"type": "string", "enum": ["net_kg", "lots"]},
        "margin": {"type": "number", "minimum": 0},
        "table": {"type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$"},
        "register": {"type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$"},
    },
    "dependentRequired": {"register": ["table"]},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bound:
    """How much may be drawn, where that stands, and over how many days (None: for ever)."""

    most: Decimal
    path: Path
    days: int | None = None
    source: Source | None = None


def check(context: Context, field: str, options: Options) -> tuple[Outcome, ...]:
    """Judge each paper or code once."""
    hits, missings = find(field, context.view)
    is_of_lots = all(hit.path[0] == "lots" for hit in hits)
    own = own_orchards(context) if is_of_lots else own_uses(context)
    outcomes = [unknown(missing) for missing in missings if missing.parent[:1] != ("documents",)]
    seen: set[tuple[str, str]] = set()
    for hit in hits:
        bound = _bound(context, hit, options)
        if bound is None:
            continue
        if isinstance(bound, Missing):
            outcomes.append(unknown(bound))
            continue
        named = name_of(context, hit)
        # A code of nothing but dashes names no orchard; its form is for other rules.
        if (named.kind, named.key) in own and (named.kind, named.key) not in seen:
            seen.add((named.kind, named.key))
            outcomes.append(_judge(context, hit, own[named.kind, named.key], named, bound, options))
    return tuple(outcomes)


def _bound(context: Context, hit: Hit, options: Options) -> _Bound | Missing | None:
    """Return how much may be drawn, the field that would tell, or None where nothing bounds it."""
    if "table" not in options:
        most = as_decimal(hit.value)
        return _Bound(most=most, path=hit.path) if most is not None else None
    lot = holder_of(context, Hit(path=(*hit.path[:2], ""), value=""))
    product = write_value(lot.get("product", ""))
    asked = {"product": context.groups.get(product, (product,))}
    row = find_row(context.tables[text(options, "table")], asked, context.day)
    if row is None:
        return None
    orchard = holder_of(context, hit)
    area_ha = _registered_ha(context, write_value(hit.value), text(options, "register"))
    area_ha = area_ha if area_ha is not None else as_decimal(orchard.get("area_ha"))
    place = hit.path[:-1]
    if area_ha is None:
        return Missing(parent=place, steps="area_ha", is_last=True)
    return _Bound(
        most=area_ha * Decimal(row.cells["t_per_ha"]) * _KG_PER_T,
        path=(*place, "area_ha") if "area_ha" in orchard else hit.path,
        days=int(row.cells["season_days"]),
        source=row.source,
    )


def _registered_ha(context: Context, code: str, register: str) -> Decimal | None:
    """Return the area of an orchard by the user's register, the last entry that says it."""
    known = context.registers.get(register)
    entries = known.entries.get(fold_code(code), ()) if known is not None else ()
    areas = [entry.area_ha for entry in entries if entry.area_ha is not None]
    return areas[-1] if areas else None


def _judge(context: Context, hit: Hit, own: Use, named: Named, bound: _Bound, options: Options) -> Outcome:
    if not named.written and context.history is not None:
        return unknown(Missing(parent=hit.path[:-1], steps="number", is_last=True))
    load = _amount(own, options)
    if load is None:
        return unknown(_unweighed(context, hit))
    spare_kg = bound.most - load if text(options, "per") == "net_kg" and own.start is not None else None
    others = others_of(context, named, spare_kg)
    if own.start is None and others:
        return unknown(_undated(context, hit))
    earlier = others.before(own)
    if bound.days is not None and own.start is not None:
        earlier = earlier.since((date.fromisoformat(own.start) - timedelta(days=bound.days)).isoformat())
    return _weigh(load, own, earlier, bound, options)


def _weigh(load: Decimal, own: Use, earlier: Others, bound: _Bound, options: Options) -> Outcome:
    """Return the outcome of a load after earlier ones; one of another issuer counts only for a warning.

    One without a day is counted: it may have been before, and in the same season.
    """
    surely = earlier.of_issuer(own.issuer)
    drawn = _sum(surely, options)
    if load + drawn > bound.most:
        within = bound.most * (1 + (decimal(options, "margin") or Decimal(0)))
        at_most = Force.BLOCKS if load + drawn > within else Force.INFORMS
        return _outcome(Status.FAIL, load, surely, bound, options, at_most)
    unweighed = surely.unweighed if text(options, "per") == "net_kg" else []
    if unweighed:
        outcome = _outcome(Status.UNKNOWN, load, surely, bound, options)
        because = Message("check.drawn.unweighed", {"others": show_uses(unweighed)})
        return Outcome(status=outcome.status, path=outcome.path, expected=outcome.expected, because=because)
    if load + _sum(earlier, options) > bound.most:
        return _outcome(Status.FAIL, load, earlier, bound, options, Force.WARNS)
    return _outcome(Status.PASS, load, surely, bound, options)


def _outcome(
    status: Status,
    load: Decimal,
    earlier: Others,
    bound: _Bound,
    options: Options,
    at_most: Force = Force.BLOCKS,
) -> Outcome:
    per = text(options, "per")
    drawn = _sum(earlier, options)
    unit = " kg" if per == "net_kg" else ""
    because = None
    if status is Status.FAIL:
        args = {
            "drawn": write_number(drawn),
            "load": write_number(load),
            "most": write_number(bound.most),
            "over": write_number(load + drawn - bound.most),
            "others": show_uses(earlier),
        }
        because = Message(f"check.drawn.{'over' if earlier else 'alone'}_{per}", args)
    return Outcome(
        status=status,
        path=bound.path,
        found=f"{write_number(load + drawn)}{unit}",
        expected=f"<= {write_number(bound.most)}{unit}",
        because=because,
        source=bound.source,
        at_most=at_most,
    )


def _sum(uses: Others, options: Options) -> Decimal:
    return uses.net_kg if text(options, "per") == "net_kg" else Decimal(uses.lots)


def _amount(use: Use, options: Options) -> Decimal | None:
    return use.net_kg if text(options, "per") == "net_kg" else Decimal(use.lots)


def _unweighed(context: Context, hit: Hit) -> Missing:
    """Return the field that would tell the weight of this load."""
    if hit.path[0] == "lots":
        return Missing(parent=hit.path[:-1], steps="net_kg", is_last=True)
    _, missings = find("lots[*].quantity.net_kg", context.view)
    by_orchard = find("lots[*].orchards[*].net_kg", context.view)[1]
    return next(iter((*missings, *by_orchard)), Missing(parent=hit.path[:-1], steps="covers", is_last=True))


def _undated(context: Context, hit: Hit) -> Missing:
    """Return the field that would tell the day of this load."""
    path = "lots[*].dates.harvested" if hit.path[0] == "lots" else "shipment.dates.departure"
    _, missings = find(path, context.view)
    return next(iter(missings), Missing(parent=hit.path[:2], steps="dates.harvested", is_last=False))


def say(options: Options) -> Message:
    """Return what is asked, in words."""
    if "table" in options:
        return Message("check.drawn.say_table", {"table": text(options, "table")})
    return Message(f"check.drawn.say_{text(options, 'per')}")
