# SPDX-License-Identifier: Apache-2.0
"""The groups in which a person is told findings, by what there is to do about them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from borderready.model import Finding, Force, Status

# In their order, with the style of the heading; the fields that a manifest lacks are told between the second and third.
GROUPS = (
    ("report.group.stops", "bold red"),
    ("report.group.errors", "bold red"),
    ("report.group.undecided", "bold yellow"),
    ("report.group.looks", "bold yellow"),
    ("report.group.warnings", "bold"),
    ("report.group.upcoming", "bold cyan"),
    ("report.group.confirms", "bold"),
    ("report.group.tells", "bold"),
    ("report.group.waived", "bold"),
)
_BY_FORCE = {
    (Status.FAIL, Force.BLOCKS): "report.group.stops",
    (Status.FAIL, Force.WARNS): "report.group.warnings",
    (Status.FAIL, Force.INFORMS): "report.group.confirms",
    (Status.UNKNOWN, Force.BLOCKS): "report.group.undecided",
    (Status.UNKNOWN, Force.WARNS): "report.group.warnings",
    (Status.UNKNOWN, Force.INFORMS): "report.group.confirms",
    (Status.MANUAL, Force.BLOCKS): "report.group.looks",
    (Status.MANUAL, Force.WARNS): "report.group.looks",
    (Status.MANUAL, Force.INFORMS): "report.group.tells",
}
_OF_ANY_FORCE = {
    Status.ERROR: "report.group.errors",
    Status.UPCOMING: "report.group.upcoming",
    Status.WAIVED: "report.group.waived",
}


class Told(NamedTuple):
    """The findings of a manifest that do not pass, as a person is told them.

    Attributes:
        groups: By the group that each is told in.
        gaps: Those that wait for a field which the manifest lacks; they are told by these fields.
    """

    groups: Mapping[str, list[Finding]]
    gaps: list[Finding]

    def count_heads(self, fail_on: Force) -> Mapping[str, int]:
        """Return how many stop a manifest, leave it undecided, or warn, each counted once; `fail_on` as in Report."""
        errors = sum(finding.force is Force.BLOCKS for finding in self.groups["report.group.errors"])
        looks = sum(finding.force is Force.BLOCKS for finding in self.groups["report.group.looks"])
        gaps = sum(finding.force is Force.BLOCKS for finding in self.gaps)
        warnings = self.groups["report.group.warnings"]
        failing = sum(finding.status is Status.FAIL for finding in warnings) if fail_on is Force.WARNS else 0
        return {
            "report.stops": len(self.groups["report.group.stops"]) + failing,
            "report.unknowns": len(self.groups["report.group.undecided"]) + looks + errors + gaps,
            "report.warnings": len(warnings) - failing,
        }


def put_in_groups(findings: Iterable[Finding]) -> Told:
    """Return the findings that do not pass as a person is told them."""
    groups: dict[str, list[Finding]] = {key: [] for key, _ in GROUPS}
    gaps: list[Finding] = []
    for finding in findings:
        status = finding.status
        if status is Status.UNKNOWN and finding.outcome.missing is not None:
            gaps.append(finding)
            continue
        key = _OF_ANY_FORCE.get(status) or _BY_FORCE.get((status, finding.force))
        if key is not None:
            groups[key].append(finding)
    return Told(groups, gaps)
