# SPDX-License-Identifier: Apache-2.0
"""What comes out: outcomes of checks, findings, and the report of a manifest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from borderready.model.law import Gap, PackId, Rule, Source, Wording
from borderready.model.shipment import Manifest, Register
from borderready.model.word import Force, Grade, Message, Path, Status, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What a finding is about: the shipment, one lot, or one document."""

    kind: str
    id: str
    path: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """A field that the manifest does not give.

    Attributes:
        parent: The nearest part that exists.
        steps: What is missing below it, as written in the rule (`labels.box.fruit_name`).
        is_last: Whether only the last step is missing, so that the place where it belongs is described.
    """

    parent: Path
    steps: str
    is_last: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What one check found in one place.

    Attributes:
        path: The place in the manifest, or the nearest existing parent of what is missing.
        found: What stands there, as text.
        expected: What is asked, as text without language (a value, a list, a bound).
        because: The reason in words, where found and expected do not say it alone.
        fix: How to mend it, where the reason knows better than the wording.
        related: Other places that the finding compares with.
        missing: The field to add, for `unknown`.
        source: The own source of the row or notice that decided.
        at_most: The most that a fail may weigh: a difference of form only warns.
    """

    status: Status
    path: Path | None = None
    found: str | None = None
    expected: str | None = None
    because: Message | None = None
    fix: Message | None = None
    related: tuple[Path, ...] = ()
    missing: Missing | None = None
    source: Source | None = None
    at_most: Force = Force.BLOCKS


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """The outcome of one rule for one subject, with all that a report needs to prove it."""

    rule: Rule
    wording: Wording | None
    subject: Subject
    outcome: Outcome
    force: Force
    day: str | None = None
    straddles: tuple[Message, ...] = ()
    notes: tuple[Message, ...] = ()

    @property
    def status(self) -> Status:
        """The status of the outcome."""
        return self.outcome.status

    @property
    def source(self) -> Source | None:
        """The source of the row or notice that decided, else of the wording."""
        if self.outcome.source is not None:
            return self.outcome.source
        return self.wording.source if self.wording is not None else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The answer for one manifest.

    Attributes:
        fail_on: The force from which a fail made the verdict not ready.
        findings: Sorted; what does not apply is only counted.
        counts: Outcomes by status, over every rule of the pack and every subject.
        evidence: How many of the rules that applied are known how well.
        areas_without_rule: Areas in which no rule of the pack applied: nothing is known, not nothing is asked.
        gaps: What is known to be unknown for these goods.
        compared_with: How many other consignments it was compared with, None where none were known.
    """

    manifest: Manifest
    pack: PackId
    registers: tuple[Register, ...]
    dates: Mapping[str, str]
    verdict: Verdict
    fail_on: Force
    counts: Mapping[Status, int]
    findings: tuple[Finding, ...]
    evidence: Mapping[Grade, int]
    areas_without_rule: tuple[str, ...]
    gaps: tuple[Gap, ...]
    compared_with: int | None = None
