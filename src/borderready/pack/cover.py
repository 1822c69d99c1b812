# SPDX-License-Identifier: Apache-2.0
"""What the cases of a pack touch: rules, wordings, starts, options of check kinds, tables and their rows.

To touch is less than to bite: a case that reads a limit touches it, one that fails when the limit is changed bites
(pack/mutate.py).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path as FilePath
from typing import Any

from borderready.checks import KINDS as CHECKS
from borderready.model import PackId, Rule, RuleBase, RuleId, Source, Status, Table, Value
from borderready.pack.case import Case, CaseResult, run_case
from borderready.pack.view import view_pack
from borderready.pack.workers import each_of
from borderready.read.rule_base import KindSchemas
from borderready.scope import find_wording

KINDS = ("rules", "wordings", "starts", "options", "tables", "rows")
# What decides: only then was all that a wording asks looked at.
_DECIDED = (Status.PASS, Status.FAIL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Covered:
    """One kind of thing: how many there are, and which no case touches, in the order of the pack."""

    kind: str
    total: int
    untouched: tuple[str, ...]

    @property
    def percent(self) -> float:
        """How many of a hundred are touched; all where there are none."""
        return 100 * (self.total - len(self.untouched)) / self.total if self.total else 100.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """What is touched in a pack, by kind in the order of KINDS."""

    pack: PackId
    kinds: tuple[Covered, ...]


@dataclass(frozen=True, slots=True)
class _Thing:
    kind: str
    name: str


class _Read(dict[str, Value]):
    """Options that remember which of them were asked for."""

    def __init__(self, options: Mapping[str, Value]) -> None:
        super().__init__(options)
        self.asked: set[str] = set()

    def __getitem__(self, name: str) -> Value:
        self.asked.add(name)
        return super().__getitem__(name)

    def get(self, name: str, default: Value = None) -> Value:  # type: ignore[override, assignment]  # as a mapping's
        self.asked.add(name)
        return super().get(name, default)

    def __contains__(self, name: object) -> bool:
        self.asked.add(str(name))
        return super().__contains__(name)


def cover_pack(
    root: FilePath, kinds: KindSchemas, *, prefixes: tuple[str, ...], jobs: int, cache_dir: FilePath | None = None
) -> Cover:
    """Return what the cases of a pack touch: of the rules that PackView.chosen gives for prefixes, and their tables.

    A table of what the pack extends is the concern of those who keep that.
    """
    pack = view_pack(root, kinds, name=root.resolve().name, prefixes=prefixes, cache_dir=cache_dir)
    whole, places = _traced(pack.whole)
    own_tables = pack.rule_base.tables
    rules = pack.chosen(prefixes)

    def work(name: RuleId) -> tuple[frozenset[_Thing], frozenset[_Thing]]:
        rule = rules[name]
        there = frozenset(_things_of(rule, own_tables))
        return there, frozenset(_touched_by(rule, pack.cases.get(name, ()), whole, places))

    there: list[_Thing] = []
    touched: set[_Thing] = set()
    for of_rule, touched_there in each_of(list(rules), work, jobs=jobs):
        there.extend(sorted(of_rule, key=lambda thing: thing.name))
        touched |= touched_there
    there = list(dict.fromkeys(there))
    there += [
        _Thing("rows", _row_name(thing.name, row.number))
        for thing in there
        if thing.kind == "tables"
        for row in own_tables[thing.name].rows
    ]
    return Cover(pack=pack.rule_base.pack, kinds=tuple(_covered(kind, there, touched) for kind in KINDS))


def _covered(kind: str, there: Sequence[_Thing], touched: Set[_Thing]) -> Covered:
    of_kind = [thing for thing in there if thing.kind == kind]
    untouched = tuple(thing.name for thing in of_kind if thing not in touched)
    return Covered(kind=kind, total=len(of_kind), untouched=untouched)


def _traced(rule_base: RuleBase) -> tuple[RuleBase, Mapping[int, tuple[str, int, Source]]]:
    """Return a rule base in which every row has a source of its own, and by the identity of that source the row.

    The source keeps its place in the mapping, so that its identity stays its own.
    """
    places: dict[int, tuple[str, int, Source]] = {}
    tables: dict[str, Table] = {}
    for name, table in rule_base.tables.items():
        rows = tuple(replace(row, source=replace(row.source)) for row in table.rows)
        tables[name] = replace(table, rows=rows)
        places.update((id(row.source), (name, row.number, row.source)) for row in rows)
    return replace(rule_base, tables=tables), places


def _things_of(rule: Rule, tables: Container[str]) -> Iterator[_Thing]:
    yield _Thing("rules", rule.id)
    for wording in rule.wordings:
        yield _Thing("wordings", f"{rule.id} {wording.start}")
        yield _Thing("starts", f"{rule.id} {wording.start}")
        for name in filter(_has_choice(rule.check), wording.options):
            yield _Thing("options", f"{rule.id} {wording.start} {name}")
        table = wording.options.get("table")
        if isinstance(table, str) and table in tables:
            yield _Thing("tables", table)


def _has_choice(kind: str) -> Callable[[str], bool]:
    """Return what tells whether an option can be set to more than one value: else there is nothing to try."""
    schema: Any = CHECKS[kind].options
    return lambda name: len(schema["properties"].get(name, {}).get("enum", "more")) > 1


def _touched_by(
    rule: Rule, cases: Sequence[Case], rule_base: RuleBase, places: Mapping[int, tuple[str, int, Source]]
) -> Iterator[_Thing]:
    if cases:
        yield _Thing("rules", rule.id)
    dates = {case.date for case in cases}
    for wording in rule.wordings:
        before = (date.fromisoformat(wording.start) - timedelta(days=1)).isoformat()
        if {before, wording.start} <= dates:
            yield _Thing("starts", f"{rule.id} {wording.start}")
    traced = replace(rule, wordings=tuple(replace(one, options=_Read(one.options)) for one in rule.wordings))
    for case in cases:
        for wording in traced.wordings:
            _asked_of(wording.options).clear()
        result = run_case(traced, case, rule_base)
        if result.problem is None:
            yield from _touched_in(traced, result)
            yield from _rows_of(result, places)


def _touched_in(rule: Rule, result: CaseResult) -> Iterator[_Thing]:
    wordings = {finding.wording.start: finding.wording for finding in result.findings if finding.wording is not None}
    binding = find_wording(rule, result.case.date)
    if binding is not None and binding.repealed:  # what was repealed gives no finding
        wordings[binding.start] = binding
    for start, wording in wordings.items():
        yield _Thing("wordings", f"{rule.id} {start}")
        if result.status in _DECIDED:
            for name in _asked_of(wording.options).intersection(wording.options):
                yield _Thing("options", f"{rule.id} {start} {name}")


def _asked_of(options: Mapping[str, Value]) -> set[str]:
    assert isinstance(options, _Read)
    return options.asked


def _rows_of(result: CaseResult, places: Mapping[int, tuple[str, int, Source]]) -> Iterator[_Thing]:
    counted = Counter(id(finding.outcome.source) for finding in result.findings)
    for source in counted:
        if source in places:
            table, number, _ = places[source]
            yield _Thing("tables", table)
            yield _Thing("rows", _row_name(table, number))


def _row_name(table: str, number: int) -> str:
    return f"tables/{table}.csv:{number}"
