# SPDX-License-Identifier: Apache-2.0
"""Which shipments two rules have in common, as far as their scopes alone tell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from borderready.fold import fold
from borderready.model import Condition, Rule, RuleBase, Scope, Wording

# Where a manifest gives what a scope names in a list of its own.
PLAIN_PATHS: Mapping[str, str] = {
    "origins": "shipment.origin",
    "modes": "shipment.mode",
    "channels": "shipment.channel",
    "entries": "shipment.route.entry",
}


def goods_of(scope: Scope, rule_base: RuleBase) -> frozenset[str]:
    """Return the products that a scope names, itself or by a group; all of the pack where it names none."""
    if not scope.products:
        return frozenset(rule_base.products)
    wanted = set(scope.products)
    return frozenset(
        name for name, product in rule_base.products.items() if name in wanted or not wanted.isdisjoint(product.groups)
    )


def conditions_of(scope: Scope) -> Iterator[Condition]:
    """Yield every narrowing of a scope as a condition on a path, but for its products."""
    for name, path in PLAIN_PATHS.items():
        values: tuple[str, ...] = getattr(scope, name)
        if values:
            yield Condition(kind="when", path=path, values=values)
    yield from scope.conditions


def exclude(one: Condition, other: Condition) -> bool:
    """Tell whether no manifest can fulfil both conditions; where a path finds every member they may differ."""
    if one.path != other.path:
        return False
    kinds = {one.kind, other.kind}
    if kinds in ({"given", "absent"}, {"when", "absent"}):
        return True
    mine, others = {fold(value) for value in one.values}, {fold(value) for value in other.values}
    if kinds == {"when"}:
        return "[*]" not in one.path and mine.isdisjoint(others)
    if kinds == {"when", "unless"}:
        wanted, refused = (mine, others) if one.kind == "when" else (others, mine)
        return wanted <= refused
    return False


def have_common_shipments(one: Rule, other: Rule, rule_base: RuleBase) -> bool:
    """Tell whether a shipment may be asked both rules."""
    if goods_of(one.scope, rule_base).isdisjoint(goods_of(other.scope, rule_base)):
        return False
    mine = list(conditions_of(one.scope))
    return not any(exclude(first, second) for second in conditions_of(other.scope) for first in mine)


def covers(wide: Scope, narrow: Scope, rule_base: RuleBase) -> bool:
    """Tell whether whatever the narrow scope concerns is surely concerned by the wide one."""
    if not goods_of(narrow, rule_base) <= goods_of(wide, rule_base):
        return False
    have = list(conditions_of(narrow))
    return all(any(_implies(given, asked) for given in have) for asked in conditions_of(wide))


def _implies(given: Condition, asked: Condition) -> bool:
    if (given.kind, given.path) != (asked.kind, asked.path):
        return False
    mine, theirs = set(given.values), set(asked.values)
    return theirs <= mine if given.kind == "unless" else mine <= theirs


def common_time(one: Rule, other: Rule) -> Iterator[tuple[int, Wording, Wording]]:
    """Yield the wordings of two rules that bind on one day, with the place of the first in its rule."""
    for index, mine in enumerate(one.wordings):
        for number, theirs in enumerate(other.wordings):
            if mine.repealed or theirs.repealed:
                continue
            start = max(mine.start, theirs.start)
            ends = [rule.wordings[place - 1].start for rule, place in ((one, index), (other, number)) if place]
            if not ends or start < min(ends):
                yield index, mine, theirs
