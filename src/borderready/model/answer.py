# SPDX-License-Identifier: Apache-2.0
"""What comes out: outcomes of checks, findings, and the report of a manifest.

What is made a hundred times for each manifest is a named tuple: as frozen as a dataclass, made in a third of the time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from borderready.model.law import Gap, Notice, PackId, Rule, Source, Wording
from borderready.model.shipment import Manifest, Register
from borderready.model.waiver import Waiver, WaiverFile
from borderready.model.word import Compared, Force, Grade, Message, Path, RuleId, Status, Verdict


class Subject(NamedTuple):
    """What a finding is about: the shipment, one lot, or one document."""

    kind: str
    id: str
    path: Path


class Missing(NamedTuple):
    """A field that the manifest does not give.

    Attributes:
        parent: The nearest part that exists.
        steps: What is missing below it, as written in the rule (`labels.box.fruit_name`).
        is_last: Whether only the last step is missing, so that the place where it belongs is described.
    """

    parent: Path
    steps: str
    is_last: bool


class Outcome(NamedTuple):
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


class Finding(NamedTuple):
    """The outcome of one rule for one subject, with all that a report needs to prove it.

    Attributes:
        straddles: Notices of other events on whose day another wording would bind.
        notes: What else is to be said, such as that a waiver has expired.
        waiver: Who accepts it; the outcome stays as the check gave it.
        times: How many passes of the rule it stands for, where nobody wants to be told each.
    """

    rule: Rule
    wording: Wording | None
    subject: Subject
    outcome: Outcome
    force: Force
    day: str | None = None
    straddles: tuple[Message, ...] = ()
    notes: tuple[Message, ...] = ()
    waiver: Waiver | None = None
    times: int = 1

    @property
    def status(self) -> Status:
        """The status of the outcome, or `waived` where somebody accepts it."""
        return Status.WAIVED if self.waiver is not None else self.outcome.status

    @property
    def source(self) -> Source | None:
        """The source of the row or notice that decided, else of the wording."""
        if self.outcome.source is not None:
            return self.outcome.source
        return self.wording.source if self.wording is not None else None


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A rule that applied and that select or ignore left out: its worst status, and the force of that finding."""

    rule: RuleId
    status: Status
    force: Force


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The answer for one manifest.

    Attributes:
        fail_on: The force from which a fail made the verdict not ready.
        findings: Sorted; what does not apply is only counted. Unless each was asked for, the passes of a rule may stand
            there as one.
        counts: Outcomes by status, over every rule of the pack and every subject.
        evidence: How many of the rules that applied are known how well.
        areas_without_rule: Areas in which no rule of the pack applied: nothing is known, not nothing is asked.
        gaps: What is known to be unknown for these goods.
        notices: The user's own closures and suspensions that were at hand, whether they decided anything or not.
        waivers: The files of waivers that were at hand.
        left_out: The rules that applied and that the user left out by select or ignore, with their worst finding.
        compared_with: With whose consignments it was compared: those of the run, those of the ledger.
        words: The products of the lots, and their groups.
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
    notices: tuple[Notice, ...] = ()
    waivers: tuple[WaiverFile, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    compared_with: tuple[Compared, ...] = ()
    words: frozenset[str] = frozenset()
