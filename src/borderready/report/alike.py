# SPDX-License-Identifier: Apache-2.0
"""What is to be said of several lots or documents alike, so that a person reads it once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from borderready.model import Finding, Missing

T = TypeVar("T")
MAX_ALIKE = 4  # subjects and places of which the same is said


def alike_findings(findings: Sequence[Finding]) -> list[list[Finding]]:
    """Return findings that say the same of several lots or documents together, in the order of the first of each."""
    groups: dict[object, list[Finding]] = {}
    for finding in findings:
        outcome = finding.outcome
        said = (outcome.found, outcome.expected, repr(outcome.because), repr(outcome.fix), repr(finding.waiver))
        more = (outcome.missing.steps if outcome.missing else "", repr(finding.straddles), repr(finding.notes))
        start = finding.wording.start if finding.wording is not None else None
        groups.setdefault((finding.rule.id, start, finding.subject.kind, *said, *more), []).append(finding)
    return list(groups.values())


def alike_gaps(gaps: Mapping[Missing, Sequence[Finding]]) -> list[list[Missing]]:
    """Return fields that are lacking in the same way in several places together, with what they would decide."""
    groups: dict[object, list[Missing]] = {}
    for missing, findings in gaps.items():
        shape = tuple("*" if isinstance(step, int) else step for step in missing.parent)
        said = tuple([(finding.rule.id, repr(finding.notes) if finding.notes else "") for finding in findings])
        groups.setdefault((shape, missing.steps, said), []).append(missing)
    return list(groups.values())


def shown_few(things: Sequence[T], write: Callable[[T], str]) -> str:
    """Return the names of some things, and how many more there are."""
    more = len(things) - MAX_ALIKE
    return ", ".join(map(write, things[:MAX_ALIKE])) + (f", ... (+{more})" if more > 0 else "")
