# SPDX-License-Identifier: Apache-2.0
"""`apart`: one container is not in two places: what it carries in two consignments leaves one journey's time between.

Out on 2026-11-25, in on the 26th, and out again with other goods on the 28th passes; out again on the 26th by another
gate fails. A journey takes the days from departure to arrival, both included. Two that share a day fail at the grade of
the wording; two that follow each other faster than the table of travel times allows fail at the grade of its row. The
same days by the same gates may be one load under two references, and the day of arrival may be that of the next
departure at the same gates (a shuttle): the first only warns, the second is left to the table.
"""

from __future__ import annotations

from datetime import date

from borderready.checks.context import Context, Options, passed, text, unknown
from borderready.checks.look_up import find_row
from borderready.checks.others import MOST_SHOWN, name_of, others_of, own_uses, show_uses
from borderready.fold import fold
from borderready.model import Force, Message, Outcome, Source, Status, Use
from borderready.paths import Hit, find, write_value

KIND = "apart"
OPTIONS = {
    "type": "object",
    "additionalProperties": False,
    "required": ["table"],
    "properties": {"table": {"type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$"}},
}
_DAYS = ("shipment.dates.departure", "shipment.dates.arrival")


def check(context: Context, field: str, options: Options) -> tuple[Outcome, ...]:
    """Judge the container against each other journey of it; the last three clashes are told."""
    if context.history is None:
        return ()
    hits, missings = find(field, context.view)
    outcomes = [unknown(missing) for missing in missings]
    for hit in hits:
        outcomes.extend(_judge(context, hit, text(options, "table")))
    return tuple(outcomes)


def _judge(context: Context, hit: Hit, table: str) -> list[Outcome]:
    named = name_of(context, hit)
    others = others_of(context, named)
    if not others:
        return [passed(hit)]
    undated = [missing for path in _DAYS for missing in find(path, context.view)[1]]
    if undated:
        return [unknown(missing) for missing in undated]
    own = own_uses(context)[named.kind, named.key]
    fails: list[Outcome] = []
    undecided: list[Outcome] = []
    for other in reversed(others):
        outcome = _compare(context, hit, own, other, table)
        if outcome is not None:
            (fails if outcome.status is Status.FAIL else undecided).append(outcome)
        if len(fails) == MOST_SHOWN:
            break
    return (fails or undecided)[:MOST_SHOWN][::-1] or [passed(hit)]


def _compare(context: Context, hit: Hit, own: Use, other: Use, table: str) -> Outcome | None:
    """Return how another journey clashes with this one, None where it does not."""
    args = {"number": write_value(hit.value), "other": show_uses([other]), "place": other.place}
    if own.start is None or own.until is None or other.start is None or other.until is None:
        because = Message("check.apart.undated", args)
        return Outcome(status=Status.UNKNOWN, path=hit.path, found=write_value(hit.value), because=because)
    args |= {"start": other.start, "until": other.until}
    first, second = sorted((own, other), key=lambda use: (use.start or "", use.until or "", fold(use.reference)))
    assert first.until is not None and second.start is not None
    is_same_way = own.place == other.place and "?" not in own.place
    if is_same_way and (own.start, own.until) == (other.start, other.until):
        return _fail(hit, Message("check.apart.together", args), at_most=Force.WARNS)
    touches = second.start == first.until and is_same_way
    if second.start <= first.until and not touches:
        return _fail(hit, Message("check.apart.overlap", args))
    return _judge_gap(context, hit, first, second, table, args)


def _judge_gap(context: Context, hit: Hit, first: Use, second: Use, table: str, args: dict[str, str]) -> Outcome | None:
    modes, _ = find("shipment.mode", context.view)
    asked = {
        "mode": tuple(write_value(mode.value) for mode in modes),
        "from": (first.place.partition(" > ")[2],),
        "to": (second.place.partition(" > ")[0],),
    }
    row = find_row(context.tables[table], asked, context.day)
    if row is None:
        return None
    gap = (date.fromisoformat(second.start or "") - date.fromisoformat(first.until or "")).days
    days = int(row.cells["days"])
    if gap >= days:
        return None
    because = Message("check.apart.soon", {**args, "gap": str(gap), "days": str(days)})
    return _fail(hit, because, source=row.source)


def _fail(hit: Hit, because: Message, *, source: Source | None = None, at_most: Force = Force.BLOCKS) -> Outcome:
    return Outcome(
        status=Status.FAIL,
        path=hit.path,
        found=write_value(hit.value),
        because=because,
        source=source,
        at_most=at_most,
    )


def say(options: Options) -> Message:
    """Return what is asked, in words."""
    return Message("check.apart.say", {"table": text(options, "table")})
