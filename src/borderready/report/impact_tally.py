# SPDX-License-Identifier: Apache-2.0
"""What a run over many manifests under two packs comes to, in memory that has a bound.

Lanes and exporters are counted exactly up to MOST_NAMES; beyond, those that changed least are forgotten, which is told.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from borderready.model import RuleId, Texts
from borderready.model.impact import Became, ManifestImpact
from borderready.report.show import clip

MOST_NAMES = 10_000
MOST_FLIPS = 20  # manifests that are named
MOST_SHOWN = 10  # lanes, exporters and rules that are named
_LONGEST_NAME = 120


@dataclass(slots=True, kw_only=True)
class Count:
    """How much changed for a lane, an exporter or a rule.

    Attributes:
        name: As first seen.
        manifests: How many manifests it has; of a rule how many it changes.
        flips: How many verdicts flip, by `ready > not-ready`; of a rule how many of those that it changes.
        findings: How many findings were gained, lost and changed.
    """

    name: str
    manifests: int = 0
    changed: int = 0
    flips: Counter[str] = field(default_factory=Counter)
    findings: Counter[Became] = field(default_factory=Counter)
    title: Texts | None = None
    reasons: set[int] = field(default_factory=set)

    @property
    def order(self) -> tuple[int, int, str]:
        """What orders counts: most flips first, then most changed manifests."""
        return (-self.flips.total(), -self.changed, self.name)


class ImpactTally:
    """Counts what it is told, one manifest after the other in the order of the run."""

    def __init__(self, most_names: int = MOST_NAMES) -> None:
        self.verdicts: Counter[tuple[str, str]] = Counter()
        self.findings: Counter[Became] = Counter()
        self.changed = 0
        self.flipped: list[ManifestImpact] = []
        self.reasons: set[int] = set()
        self._lanes, self._exporters = _Names(most_names), _Names(most_names)
        self._rules: dict[RuleId, Count] = {}

    @property
    def manifests(self) -> int:
        """How many manifests there were."""
        return self.verdicts.total()

    @property
    def flips(self) -> int:
        """How many verdicts are other ones."""
        return sum(count for (before, after), count in self.verdicts.items() if before != after)

    @property
    def is_cut(self) -> bool:
        """Whether there were more lanes or exporters than are counted exactly."""
        return self._lanes.is_cut or self._exporters.is_cut

    def add(self, impact: ManifestImpact) -> None:
        """Count one manifest."""
        self.verdicts[impact.before, impact.after] += 1
        for finding in impact.findings:
            self.findings[finding.became] += 1
            self.reasons.update(finding.reasons)
        self.changed += bool(impact.findings or impact.is_flipped)
        if impact.is_flipped and len(self.flipped) < MOST_FLIPS:
            self.flipped.append(impact)
        for lane in impact.lanes:
            _count(self._lanes.of(lane), impact)
        if impact.exporter is not None:
            _count(self._exporters.of(impact.exporter), impact)
        for rule in {finding.rule for finding in impact.findings}:
            self._count_rule(rule, impact)

    def _count_rule(self, rule: RuleId, impact: ManifestImpact) -> None:
        count = self._rules.setdefault(rule, Count(name=rule))
        count.manifests += 1
        count.changed += 1
        if impact.is_flipped:
            count.flips[_flip(impact)] += 1
        for finding in impact.findings:
            if finding.rule == rule:
                count.findings[finding.became] += 1
                count.title = finding.title
                count.reasons.update(finding.reasons)

    def lanes(self) -> tuple[Count, ...]:
        """Return the lanes of which most verdicts flip."""
        return self._lanes.most()

    def exporters(self) -> tuple[Count, ...]:
        """Return the exporters of whom most verdicts flip."""
        return self._exporters.most()

    def rules(self) -> tuple[Count, ...]:
        """Return the rules by which most differs."""
        return tuple(sorted(self._rules.values(), key=lambda count: count.order)[:MOST_SHOWN])


def _flip(impact: ManifestImpact) -> str:
    return f"{impact.before} > {impact.after}"


def _count(count: Count, impact: ManifestImpact) -> None:
    count.manifests += 1
    count.changed += bool(impact.findings or impact.is_flipped)
    count.findings.update(finding.became for finding in impact.findings)
    if impact.is_flipped:
        count.flips[_flip(impact)] += 1


class _Names:
    """Counts by name; names that differ in case or white space are one, shown as first seen."""

    def __init__(self, most_names: int) -> None:
        self._most_names = most_names
        self._counts: dict[str, Count] = {}
        self.is_cut = False

    def of(self, name: str) -> Count:
        key = " ".join(name.split()).casefold()
        found = self._counts.get(key)
        if found is None:
            if len(self._counts) >= self._most_names:
                kept = sorted(self._counts.items(), key=lambda one: one[1].order)[: self._most_names // 2]
                self._counts = dict(kept)
                self.is_cut = True
            found = self._counts[key] = Count(name=clip(name, _LONGEST_NAME))
        return found

    def most(self) -> tuple[Count, ...]:
        changed = (count for count in self._counts.values() if count.changed)
        return tuple(sorted(changed, key=lambda count: count.order)[:MOST_SHOWN])
