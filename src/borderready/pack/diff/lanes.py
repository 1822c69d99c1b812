# SPDX-License-Identifier: Apache-2.0
"""Which lanes something concerns, and which rules answer by a table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from borderready.model import Force, Rule, RuleBase, Value
from borderready.model.change import Lanes
from borderready.scope import force_of

FORCES = tuple(Force)  # the strongest first
# A table that is read by no option of a rule: it says which words stand for one thing.
SYNONYMS = "synonyms"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """The two packs, and what both know together."""

    old: RuleBase
    new: RuleBase
    members: Mapping[str, tuple[str, ...]]
    readers: Mapping[str, tuple[Rule, ...]]


def make_pair(old: RuleBase, new: RuleBase) -> Pair:
    """Return two packs with the products of each group, and the rules that read each table, in either."""
    members: dict[str, dict[str, None]] = {}
    for base in (old, new):
        for product in base.products.values():
            for word in (product.id, *product.groups):
                members.setdefault(word, {})[product.id] = None
    readers: dict[str, dict[str, Rule]] = {}
    for base in (old, new):
        for rule in base.rules:
            for table in tables_of(rule):
                readers.setdefault(table, {})[rule.id] = rule
    return Pair(
        old=old,
        new=new,
        members={word: tuple(sorted(ids)) for word, ids in members.items()},
        readers={table: tuple(rules.values()) for table, rules in readers.items()},
    )


def tables_of(rule: Rule) -> frozenset[str]:
    """Return the tables that any wording of a rule reads."""
    return frozenset(name for wording in rule.wordings for name in _tables_in(wording.options))


def _tables_in(options: Mapping[str, Value]) -> Iterator[str]:
    table, besides = options.get("table"), options.get("besides", ())
    if isinstance(table, str):
        yield table
    yield from (str(name) for name in (besides if isinstance(besides, tuple) else ()))


def lanes_of(pair: Pair, scopes: Iterable[tuple[tuple[str, ...], tuple[str, ...]]]) -> Lanes:
    """Return the lanes of any of these origins and products; one that is empty takes any."""
    every = list(scopes)
    origins = _union([origins for origins, _ in every])
    products = _union([products for _, products in every])
    goods = {name for word in products for name in pair.members.get(word, (word,))}
    return Lanes(origins=origins, products=products, goods=tuple(sorted(goods)))


def _union(lists: list[tuple[str, ...]]) -> tuple[str, ...]:
    if not all(lists):
        return ()
    return tuple(dict.fromkeys(member for members in lists for member in members))


def strongest(forces: Iterable[Force]) -> Force:
    """Return the strongest of some forces; of none, the weakest there is."""
    return min(forces, key=FORCES.index, default=Force.INFORMS)


def weaker(one: Force, other: Force) -> Force:
    """Return the weaker of two forces."""
    return max(one, other, key=FORCES.index)


def force_of_rule(rule: Rule) -> Force:
    """Return the strongest force of any wording that asks something."""
    if rule.check == "tell":
        return Force.INFORMS
    return strongest(force_of(rule.severity, wording.source) for wording in rule.wordings if not wording.repealed)
