# SPDX-License-Identifier: Apache-2.0
"""The groups of a report: whatever does not pass is told in one of them, or by the field that it waits for."""

from __future__ import annotations

from itertools import product

import pytest

from borderready.model import Finding, Force, Missing, Outcome, Status, Subject
from borderready.report.groups import GROUPS, put_in_groups
from tests.build import make_rule

NAMES = {key.removeprefix("report.group.") for key, _ in GROUPS}


def finding(status: Status, force: Force, missing: Missing | None = None) -> Finding:
    rule = make_rule()
    outcome = Outcome(status, (), missing=missing)
    return Finding(rule, rule.wordings[0], Subject("lot", "L1", ("lots", 0)), outcome, force)


def groups_of(*findings: Finding) -> list[str]:
    told = put_in_groups(findings)
    assert sum(map(len, told.groups.values())) + len(told.gaps) <= len(findings)
    return [key.removeprefix("report.group.") for key, members in told.groups.items() for _ in members]


@pytest.mark.parametrize(("status", "force"), [*product(Status, Force)])
def test_each_status_and_force_is_told_in_one_group(status: Status, force: Force) -> None:
    found = groups_of(finding(status, force))
    assert len(found) == (status not in (Status.PASS, Status.NOT_APPLICABLE))
    assert set(found) <= NAMES


@pytest.mark.parametrize("force", [*Force])
def test_what_waits_for_a_field_is_told_by_the_field(force: Force) -> None:
    waiting = finding(Status.UNKNOWN, force, Missing((), "seal", is_last=True))
    told = put_in_groups([waiting])
    assert (told.gaps, [*told.groups.values()]) == ([waiting], [[]] * len(GROUPS))


def test_a_fail_stops_by_its_force_and_an_unknown_by_none_is_a_stop() -> None:
    fails = [finding(Status.FAIL, force) for force in Force]
    unknowns = [finding(Status.UNKNOWN, force) for force in Force]
    assert groups_of(*fails) == ["stops", "warnings", "confirms"]
    assert groups_of(*unknowns) == ["undecided", "warnings", "confirms"]


@pytest.mark.parametrize(("fail_on", "stops", "warnings"), [(Force.BLOCKS, 1, 2), (Force.WARNS, 2, 1)])
def test_the_head_counts_each_finding_once(fail_on: Force, stops: int, warnings: int) -> None:
    gap = Missing((), "seal", is_last=True)
    findings = [
        *[finding(status, force) for status, force in product((Status.FAIL, Status.UNKNOWN), Force)],
        finding(Status.MANUAL, Force.BLOCKS),
        finding(Status.MANUAL, Force.WARNS),
        finding(Status.ERROR, Force.BLOCKS),
        finding(Status.UNKNOWN, Force.BLOCKS, gap),
        finding(Status.UNKNOWN, Force.WARNS, gap),
        finding(Status.PASS, Force.BLOCKS),
    ]
    counted = put_in_groups(findings).count_heads(fail_on)
    assert counted == {"report.stops": stops, "report.unknowns": 4, "report.warnings": warnings}
