# SPDX-License-Identifier: Apache-2.0
"""GitLab's code quality report: the keys that GitLab asks for, severities, and a name of its own for each entry."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import example, given, settings
from jsonschema import Draft202012Validator

from borderready.model import Force, Report, Status, Verdict
from borderready.report.as_gitlab import severity_of
from borderready.report.stream import Result
from tests.command import DATA
from tests.report.hostile import ANY_TEXT, SAMPLES, hostile_report, hostile_unread
from tests.report.streams import EVERY_MANIFEST, FAILED, check_files, write_run

SCHEMA = Draft202012Validator(json.loads((DATA / "schemas" / "gitlab-code-quality.json").read_text("utf-8")))
EVERY_RESULT = (*check_files([f"{name}.yaml" for name in EVERY_MANIFEST]), FAILED)


def _entries(results: Sequence[Result], *, verbose: bool = False) -> list[Any]:
    written: list[Any] = json.loads(write_run("gitlab", results, verbose=verbose))
    assert [f"{error.json_path}: {error.message}" for error in SCHEMA.iter_errors(written)] == []
    return written


def test_entry_says_what_where_and_how_bad() -> None:
    first = _entries(check_files(["not-ready.yaml"]))[0]
    assert len(first.pop("fingerprint")) == 64
    assert first == {
        "description": "Fruit admitted to the harbour (L1), failed: the table says: closed (since the weevils of "
        "2024); mend: Do not ship; ask the Harbour Council when it opens.",
        "check_name": "any/any/access",
        "severity": "blocker",
        "location": {"path": "not-ready.yaml", "lines": {"begin": 10}},
    }


def test_no_two_entries_of_a_run_have_one_fingerprint() -> None:
    names = [entry["fingerprint"] for entry in _entries(EVERY_RESULT)]
    assert len(names) > 30
    assert len(set(names)) == len(names)


def test_one_consignment_in_two_files_keeps_its_entries_apart() -> None:
    """GitLab drops an entry whose fingerprint it has seen."""
    [report] = check_files(["not-ready.yaml"])
    assert isinstance(report, Report)
    copy = replace(report, manifest=replace(report.manifest, file="copy.yaml"))
    names = [entry["fingerprint"] for entry in _entries([report, copy])]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("status", "force", "severity"),
    [
        (Status.FAIL, Force.BLOCKS, "blocker"),
        (Status.FAIL, Force.WARNS, "major"),
        (Status.FAIL, Force.INFORMS, "info"),
        (Status.UNKNOWN, Force.BLOCKS, "major"),
        (Status.MANUAL, Force.BLOCKS, "major"),
        (Status.ERROR, Force.BLOCKS, "major"),
        (Status.UNKNOWN, Force.WARNS, "minor"),
        (Status.MANUAL, Force.INFORMS, "info"),
        (Status.UPCOMING, Force.BLOCKS, "info"),
    ],
)
def test_severity_follows_status_and_force(status: Status, force: Force, severity: str) -> None:
    finding = hostile_report("x", status, force).findings[0]
    assert severity_of(finding, Force.BLOCKS) == severity


def test_warning_that_fails_is_a_blocker_where_warnings_count() -> None:
    assert severity_of(hostile_report("x", Status.FAIL, Force.WARNS).findings[0], Force.WARNS) == "blocker"


def test_what_passes_or_was_waived_is_no_entry() -> None:
    reports = [hostile_report("x", status) for status in (Status.PASS, Status.WAIVED)]
    assert _entries(reports, verbose=True) == []


def test_manifest_that_was_not_read_checked_or_answered_is_no_silence() -> None:
    [ready] = check_files(["ready.yaml"])
    assert isinstance(ready, Report)
    unanswered = replace(ready, findings=(), verdict=Verdict.UNDECIDED)
    told = [(entry["check_name"], entry["severity"]) for entry in _entries([hostile_unread("x"), FAILED, unanswered])]
    assert told == [
        ("borderready/invalid", "blocker"),
        ("borderready/failed", "blocker"),
        ("borderready/unanswered", "major"),
    ]


@settings(max_examples=80, deadline=None)
@given(text=ANY_TEXT)
@example(text=SAMPLES[5])
def test_whatever_a_text_holds_the_report_stays_valid(text: str) -> None:
    assert len(_entries([hostile_report(text), hostile_unread(text)])) == 3
