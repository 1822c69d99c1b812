# SPDX-License-Identifier: Apache-2.0
"""What the kinds that look across consignments share: the name of what stands at a place, and how others are told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from borderready.across import CONTAINER, ORCHARD, key_of_orchard, orchards_of, uses_of
from borderready.checks.context import Context
from borderready.fold import fold_code
from borderready.histories import NOBODY, Others
from borderready.model import Use, Value
from borderready.paths import Hit, Picked, write_value

MOST_SHOWN = 3
_NOTHING: Mapping[str, Value] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """What is used: its kind and key as in Use, and its number as written; a paper without one is `#3`, and ""."""

    kind: str
    key: str
    written: str


def holder_of(context: Context, hit: Hit) -> Mapping[str, Value]:
    """Return the mapping in which a place of the shipment's or a document's view stands."""
    node: Value | Picked | None = None
    for depth, step in enumerate(hit.path[:-1]):
        if depth == 0:
            node = context.view.shared.get(str(step))
        elif isinstance(node, Picked):
            node = dict(node.members).get(step) if isinstance(step, int) else None
        elif isinstance(node, tuple) and isinstance(step, int):
            node = node[step]
        elif isinstance(node, Mapping) and isinstance(step, str):
            node = node.get(step)
    return node if isinstance(node, Mapping) else _NOTHING


def name_of(context: Context, hit: Hit) -> Named:
    """Return what the paper, the container or the orchard at a place is called."""
    if hit.path[0] == "documents":
        paper = holder_of(context, hit)
        number = write_value(paper["number"]) if "number" in paper else ""
        kind = write_value(paper.get("type", ""))
        if not _has_number(paper):
            return Named(kind=kind, key=f"#{hit.path[1]}", written="")
        return Named(kind=kind, key=fold_code(number), written=number)
    written = write_value(hit.value)
    if hit.path[0] == "lots":
        lot = holder_of(context, Hit(path=(*hit.path[:2], ""), value=""))
        key = key_of_orchard(written, write_value(lot.get("product", "")))
        return Named(kind=ORCHARD, key=key, written=written)
    return Named(kind=CONTAINER, key=fold_code(written), written=written)


def _has_number(paper: Mapping[str, Value]) -> bool:
    return "number" in paper and fold_code(write_value(paper["number"])) != ""


def own_uses(context: Context) -> Mapping[tuple[str, str], Use]:
    """Return what the shipment itself uses, by kind and key."""
    plain = _plain_data(context)
    documents = plain.get("documents")
    if isinstance(documents, tuple):
        plain["documents"] = tuple(
            {**paper, "number": f"#{index}"} if isinstance(paper, Mapping) and not _has_number(paper) else paper
            for index, paper in enumerate(documents)
        )
    uses = uses_of(plain, write_value(plain.get("reference", "")), "")
    return {(use.kind, use.key): use for use in uses}


def own_orchards(context: Context) -> Mapping[tuple[str, str], Use]:
    """Return what the shipment itself uses of orchards, by kind and key."""
    plain = _plain_data(context)
    uses = orchards_of(plain, write_value(plain.get("reference", "")), "")
    return {(use.kind, use.key): use for use in uses}


def _plain_data(context: Context) -> dict[str, Value]:
    """Return what the subject sees, as a manifest of its own."""
    return {
        name: tuple(member for _, member in value.members) if isinstance(value, Picked) else value
        for name, value in context.view.shared.items()
        if value is not None
    }


def others_of(context: Context, named: Named, spare_kg: Decimal | None = None) -> Others:
    """Return the uses by others; none where others are not known, or where a paper has no number.

    Args:
        context: What the check sees.
        named: What is used.
        spare_kg: As History has it.
    """
    is_known = context.history is not None and named.written
    return context.history(named.kind, named.key, spare_kg) if context.history and is_known else NOBODY


def show_uses(uses: Sequence[Use] | Others) -> str:
    """Return the last few uses for a person: `AP-2 (b.yaml, 2026-11-24), AP-3 (...)`."""
    last = uses.last(MOST_SHOWN) if isinstance(uses, Others) else uses[-MOST_SHOWN:]
    told = [f"{use.reference} ({', '.join(part for part in (use.file, use.start) if part)})" for use in last]
    more = len(uses) - MOST_SHOWN
    return (f"(+{more}) ... " if more > 0 else "") + ", ".join(told)
