# SPDX-License-Identifier: Apache-2.0
"""What another pack would change for one manifest: its verdict, and its findings with the reasons."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from borderready.model.word import Force, RuleId, Status, Texts

ERROR = "error"  # in place of a verdict: the manifest was not checked


class Became(StrEnum):
    """What became of a finding: of one that passes or is not there, and of one that is told."""

    GAINED = "gained"
    LOST = "lost"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """A finding under one of the packs."""

    status: Status
    force: Force
    expected: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingImpact:
    """A finding that is another one under the other pack.

    Attributes:
        subject: `lot L1`, `shipment AP-1`, or a document.
        path: The place in the manifest, or of what is missing there.
        before: None where it was not told.
        after: None where it is told no more.
        reasons: Places in PackDiff.changes, the nearest first.
    """

    rule: RuleId
    title: Texts
    became: Became
    subject: str
    path: str
    before: Side | None
    after: Side | None
    reasons: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ManifestImpact:
    """One manifest under both packs.

    Attributes:
        lanes: Product and origin of each lot, each once: `durian-fresh VN`.
        before: A verdict, or `error`.
        after: Likewise.
    """

    file: str
    index: int
    reference: str | None
    exporter: str | None
    lanes: tuple[str, ...]
    before: str
    after: str
    findings: tuple[FindingImpact, ...] = ()

    @property
    def is_flipped(self) -> bool:
        """Whether the verdict is another one."""
        return self.before != self.after

    def count(self, became: Became) -> int:
        """Return how many findings became so."""
        return sum(finding.became is became for finding in self.findings)
