# SPDX-License-Identifier: Apache-2.0
"""What a run over many manifests comes to: verdicts, and the rules, exporters and lanes with most faults.

A fault is a finding that fails and blocks or warns. Everything is counted in memory that has a bound, and in an order
that depends on nothing but the manifests and theirs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from borderready.model import Force, Status, Verdict

SHOWN = 10
WORST_SHOWN = 20
# Names are counted exactly up to so many; beyond, those with fewest faults are forgotten, and the summary says so.
MOST_NAMES = 10_000
ERROR = "error"
_VERDICT_ORDER = (ERROR, str(Verdict.INVALID), str(Verdict.NOT_READY), str(Verdict.UNDECIDED), str(Verdict.READY))


class Failing(NamedTuple):
    """How often a rule came out alike in one manifest; only what fails, is open, or could not run.

    What is no fault may be added up, and then names no rule.
    """

    rule: str
    title: str
    force: Force
    status: Status
    findings: int

    @property
    def is_fault(self) -> bool:
        """Whether it is a fault, as the summary counts them."""
        return self.status is Status.FAIL and self.force is not Force.INFORMS


class Lane(NamedTuple):
    """A lane of a manifest with its faults; those of no lot count for every lane."""

    origin: str
    product: str
    faults: int


class Told(NamedTuple):
    """What the summary needs of one manifest.

    Attributes:
        document: Its number in the file, from 0.
        verdict: A Verdict, or `error` where nothing was checked.
    """

    file: str
    document: int
    verdict: str
    reference: str | None = None
    exporter: str | None = None
    lanes: tuple[Lane, ...] = ()
    failing: tuple[Failing, ...] = ()

    @property
    def faults(self) -> int:
        """How many findings fail and block or warn."""
        return sum([failing.findings for failing in self.failing if failing.is_fault])

    def count(self, force: Force, *statuses: Status) -> int:
        """Return how many findings of a force have one of these statuses."""
        return sum(one.findings for one in self.failing if one.force is force and one.status in statuses)


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleCount:
    """A rule that failed in some manifests."""

    rule: str
    title: str
    manifests: int
    findings: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NameCount:
    """An exporter or a lane: its faults, in how many manifests, and how many manifests it had."""

    name: str
    faults: int
    manifests: int
    of: int


class Summary:
    """Counts what it is told of the manifests of a run."""

    def __init__(self, most_names: int = MOST_NAMES) -> None:
        self.verdicts = Counter[str]()
        self._titles: dict[str, str] = {}
        self._manifests, self._findings = Counter[str](), Counter[str]()
        self._exporters, self._lanes = _Tally(most_names), _Tally(most_names)
        self._worst: list[tuple[int, int, int, int, Told]] = []

    @property
    def manifests(self) -> int:
        """How many manifests there were."""
        return sum(self.verdicts.values())

    @property
    def is_cut(self) -> bool:
        """Whether there were more exporters or lanes than are counted exactly."""
        return self._exporters.is_cut or self._lanes.is_cut

    def add(self, told: Told) -> None:
        """Count one manifest; they must come in the order of the run."""
        faults = told.faults
        self._keep_worst(told, faults)
        self.verdicts[told.verdict] += 1
        failed = [failing for failing in told.failing if failing.is_fault]
        for failing in failed:
            self._findings[failing.rule] += failing.findings
            self._titles[failing.rule] = failing.title
        for rule in {failing.rule for failing in failed}:
            self._manifests[rule] += 1
        if told.exporter is not None:
            self._exporters.add(told.exporter, faults)
        for lane in told.lanes:
            self._lanes.add(f"{lane.product} {lane.origin}", lane.faults)

    def rules(self) -> tuple[RuleCount, ...]:
        """Return the rules that fail in most manifests."""
        counted = (
            RuleCount(rule=rule, title=self._titles[rule], manifests=manifests, findings=self._findings[rule])
            for rule, manifests in self._manifests.items()
        )
        return tuple(sorted(counted, key=lambda one: (-one.manifests, -one.findings, one.rule))[:SHOWN])

    def exporters(self) -> tuple[NameCount, ...]:
        """Return the exporters with most faults."""
        return self._exporters.most()

    def lanes(self) -> tuple[NameCount, ...]:
        """Return the lanes (product and origin) with most faults."""
        return self._lanes.most()

    def worst(self) -> Iterator[Told]:
        """Yield the manifests that need a hand first, the worst first; none that is ready."""
        return (told for *_, told in self._worst)

    def _keep_worst(self, told: Told, faults: int) -> None:
        if told.verdict == Verdict.READY:
            return
        stops = told.count(Force.BLOCKS, Status.FAIL)
        entry = (_VERDICT_ORDER.index(told.verdict), -stops, -faults, self.manifests, told)
        if len(self._worst) == WORST_SHOWN and entry[:4] > self._worst[-1][:4]:
            return
        self._worst = sorted([*self._worst, entry], key=lambda one: one[:4])[:WORST_SHOWN]


class _Tally:
    """Counts faults by name; names that differ in case or white space are one, shown as first seen."""

    def __init__(self, most_names: int) -> None:
        self._most_names = most_names
        self._counts: dict[str, NameCount] = {}
        self.is_cut = False

    def add(self, name: str, faults: int) -> None:
        key = " ".join(name.split()).casefold()
        before = self._counts.get(key)
        if before is None:
            if len(self._counts) >= self._most_names:
                self._forget()
            before = NameCount(name=name, faults=0, manifests=0, of=0)
        self._counts[key] = NameCount(
            name=before.name,
            faults=before.faults + faults,
            manifests=before.manifests + (faults > 0),
            of=before.of + 1,
        )

    def most(self) -> tuple[NameCount, ...]:
        return tuple(one for _, one in self._sorted()[:SHOWN] if one.faults)

    def _sorted(self) -> list[tuple[str, NameCount]]:
        return sorted(self._counts.items(), key=lambda pair: (-pair[1].faults, -pair[1].manifests, pair[0]))

    def _forget(self) -> None:
        self._counts = dict(self._sorted()[: self._most_names // 2])
        self.is_cut = True
