# SPDX-License-Identifier: Apache-2.0
"""What a rule base covers: for each lane and area, how many rules and how well they are known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from borderready.core import AREAS, find_gaps, groups_of
from borderready.model import Grade, Rule, RuleBase
from borderready.scope import find_wording

ACCESS_TABLE = "access"


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneCoverage:
    """One product from one origin: rules by area and grade, and how many gaps are known."""

    product: str
    origin: str
    areas: Mapping[str, Mapping[Grade, int]]
    gaps: int

    @property
    def totals(self) -> Mapping[Grade, int]:
        """Rules of all areas by grade."""
        return {grade: sum(counts[grade] for counts in self.areas.values()) for grade in Grade}


def cover(rule_base: RuleBase, *, origin: str | None, product: str | None, day: str | None) -> tuple[LaneCoverage, ...]:
    """Return the coverage of the lanes of the access table that are asked for.

    Only wordings that bind on the day count; without a day the newest of each rule.
    """
    table = rule_base.tables.get(ACCESS_TABLE)
    rows = table.rows if table is not None else ()
    lanes = {(row.cells["product"], row.cells["origin"]) for row in rows if row.cells["product"] in rule_base.products}
    chosen = sorted(
        lane for lane in lanes if (product is None or lane[0] == product) and (origin is None or lane[1] == origin)
    )
    return tuple(_cover_lane(rule_base, name, country, day) for name, country in chosen)


def _cover_lane(rule_base: RuleBase, product: str, origin: str, day: str | None) -> LaneCoverage:
    words = groups_of(rule_base.products)[product]
    areas = {area: dict.fromkeys(Grade, 0) for area in AREAS}
    for rule in rule_base.rules:
        grade = _grade(rule, day) if concerns(rule, origin=origin, words=set(words)) else None
        if grade is not None:
            areas[rule.area][grade] += 1
    gaps = find_gaps(rule_base.gaps, origins={origin}, words=set(words))
    return LaneCoverage(product=product, origin=origin, areas=areas, gaps=len(gaps))


def concerns(rule: Rule, *, origin: str | None, words: set[str] | None) -> bool:
    """Tell whether a rule can concern an origin and a product, given as the product and its groups; None takes any."""
    scope = rule.scope
    return (origin is None or not scope.origins or origin in scope.origins) and (
        words is None or not scope.products or bool(words & set(scope.products))
    )


def _grade(rule: Rule, day: str | None) -> Grade | None:
    wording = rule.wordings[0] if day is None else find_wording(rule, day)
    if wording is None or wording.repealed:
        return None
    return wording.source.seen
