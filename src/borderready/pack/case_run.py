# SPDX-License-Identifier: Apache-2.0
"""A run of the cases of a pack, in several processes; what failed comes with what was expected and what came out."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Set
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path as FilePath

from borderready.errors import Fault
from borderready.model import Message, Rule, RuleId, Span
from borderready.pack.case import CaseResult, cases_path, places_of, run_case
from borderready.pack.view import PackView, view_pack
from borderready.pack.workers import each_of
from borderready.paths import write_outcome_path
from borderready.read.rule_base import KindSchemas


@dataclass(frozen=True, slots=True, kw_only=True)
class Differing:
    """One line of a case: what is written, and what came out instead, None where that agrees."""

    key: str
    expected: str
    actual: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A case that did not come out as written; small enough to be sent from a worker.

    Attributes:
        because: What the check said of the place.
    """

    name: str
    file: str
    span: Span
    problem: Message
    lines: tuple[Differing, ...]
    because: tuple[Message, ...]
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleRun:
    """What became of the cases of one rule: how many passed, those that did not, and what is wrong with their file."""

    rule: RuleId
    passed: int
    failures: tuple[Failure, ...]
    faults: tuple[Fault, ...]

    @property
    def bad(self) -> int:
        """How many cases failed; a file that cannot be read counts for one with each fault."""
        return len(self.failures) + len(self.faults)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRun:
    """A run: its rules in the order in which they are run, and the results as they come."""

    rules: tuple[RuleId, ...]
    results: Iterator[RuleRun]


def run_cases(
    root: FilePath,
    kinds: KindSchemas,
    *,
    prefixes: tuple[str, ...],
    jobs: int,
    first: Set[str] = frozenset(),
    cache_dir: FilePath | None = None,
) -> CaseRun:
    """Begin to run the cases of rules.

    Args:
        root: The folder of the pack; raises RuleBaseError when it is broken.
        kinds: What the reader must know of the check kinds.
        prefixes: Which rules, as in PackView.chosen.
        jobs: How many processes; 0 takes one for each core.
        first: Rules to run before the others.
        cache_dir: As in view_pack.
    """
    pack = view_pack(root, kinds, name=root.resolve().name, prefixes=prefixes, cache_dir=cache_dir)
    rules = pack.chosen(prefixes)
    names = sorted(rules, key=lambda name: (name not in first, name))

    def work(name: RuleId) -> RuleRun:
        return _run_rule(rules[name], pack)

    return CaseRun(rules=tuple(names), results=each_of(names, work, jobs=jobs))


def _run_rule(rule: Rule, pack: PackView) -> RuleRun:
    results = [run_case(rule, case, pack.whole) for case in pack.cases.get(rule.id, ())]
    failures = tuple(_failure(result) for result in results if result.problem is not None)
    faults = tuple(fault for fault in pack.case_faults if fault.file == cases_path(rule.id))
    return RuleRun(rule=rule.id, passed=len(results) - len(failures), failures=failures, faults=faults)


def _failure(result: CaseResult) -> Failure:
    assert result.problem is not None
    case = result.case
    return Failure(
        name=case.name,
        file=case.file,
        span=case.span,
        problem=result.problem,
        lines=() if result.faults else tuple(_compare(result)),
        because=tuple(_because(result)),
        faults=result.faults,
    )


def _compare(result: CaseResult) -> Iterator[Differing]:
    """Yield the lines of a case that say what is expected, and what they would have to be."""
    case = result.case
    yield _differing("expect", case.expect, [result.status])
    told = [finding for finding in result.findings if finding.status == result.status]
    places = [places_of(write_outcome_path(finding.outcome)) for finding in told]
    if case.at is not None:
        is_there = any(case.at in names for names in places)
        yield _differing("at", case.at, [case.at] if is_there else [names[0] for names in places])
    if case.force is not None:
        yield _differing("force", case.force, [str(finding.force) for finding in told])
    if case.start is not None:
        wordings = [finding.wording for finding in told]
        yield _differing("start", case.start, [wording.start for wording in wordings if wording is not None])


def _differing(key: str, expected: str, actual: list[str]) -> Differing:
    if expected in actual:
        return Differing(key=key, expected=expected)
    return Differing(key=key, expected=expected, actual=", ".join(dict.fromkeys(actual)))


def _because(result: CaseResult) -> Iterator[Message]:
    """Yield what the check found and asked, for each place once."""
    outcomes = [finding.outcome for finding in result.findings if finding.status == result.status]
    told: list[Message] = []
    for outcome in outcomes:
        found = [Message("test.found", {"found": outcome.found})] if outcome.found is not None else []
        asked = [Message("test.asks", {"expected": outcome.expected})] if outcome.expected is not None else []
        told += [*found, *([outcome.because] if outcome.because is not None else asked)]
    for index, message in enumerate(told):
        if message not in told[:index]:
            yield message


# what failed the last time


def read_failed(path: FilePath) -> frozenset[str]:
    """Return the rules of which a case failed when they were last run; none where nothing is remembered."""
    try:
        return frozenset(path.read_text("utf-8").split())
    except (OSError, UnicodeDecodeError):
        return frozenset()


def remember_failed(path: FilePath, *, ran: Set[str], failed: Set[str]) -> None:
    """Remember which rules failed, those of earlier runs included that did not run now; a folder shut to us forgets."""
    now = (read_failed(path) - ran) | failed
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, partial = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write("".join(f"{name}\n" for name in sorted(now)))
        os.replace(partial, path)
