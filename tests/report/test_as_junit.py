# SPDX-License-Identifier: Apache-2.0
"""JUnit XML: read by a parser of others, valid against the schema of Jenkins, and its counts are right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from xml.etree import ElementTree

import pytest
import xmlschema
from hypothesis import example, given, settings
from junitparser import Error, Failure, JUnitXml, Skipped, TestSuite

from borderready.model import Force, Report, Status, Verdict
from borderready.report.show import plain
from borderready.report.stream import Result
from tests.command import DATA
from tests.report.hostile import ANY_TEXT, SAMPLES, hostile_report, hostile_unread
from tests.report.streams import EVERY_MANIFEST, FAILED, check_files, write_run

SCHEMA = xmlschema.XMLSchema(str(DATA / "schemas" / "junit-10.xsd"))


def _suites(results: Sequence[Result], *, verbose: bool = False) -> list[TestSuite]:
    written = write_run("junit", results, verbose=verbose)
    assert [error.reason for error in SCHEMA.iter_errors(ElementTree.fromstring(written))] == []
    return list(JUnitXml.fromstring(written.encode()))


def _report(name: str) -> Report:
    [report] = check_files([f"{name}.yaml"])
    assert isinstance(report, Report)
    return report


def _kinds(suite: TestSuite) -> list[tuple[str, str]]:
    return [(case.classname, type(case.result[0]).__name__ if case.result else "") for case in suite]


@pytest.mark.parametrize("verbose", [False, True])
def test_each_manifest_is_a_suite_whose_counts_are_those_of_its_cases(verbose: bool) -> None:
    results = (*check_files([f"{name}.yaml" for name in EVERY_MANIFEST]), FAILED)
    suites = _suites(results, verbose=verbose)
    assert len(suites) == len(results)
    for suite in suites:
        told = (suite.tests, suite.failures, suite.errors, suite.skipped)
        counted = [kind for _, kind in _kinds(suite)]
        assert told == (len(counted), counted.count("Failure"), counted.count("Error"), counted.count("Skipped"))


@pytest.mark.parametrize("name", [name for name in EVERY_MANIFEST if name != "invalid"])
def test_suite_is_as_red_as_the_verdict(name: str) -> None:
    [suite] = _suites([_report(name)])
    verdict = _report(name).verdict
    assert (suite.failures > 0) == (verdict is Verdict.NOT_READY)
    assert (suite.failures + suite.errors > 0) == (verdict is not Verdict.READY)
    assert suite.tests > 0


def test_case_is_a_rule_and_a_subject() -> None:
    [suite] = _suites([_report("not-ready")])
    assert _kinds(suite) == [
        ("any.any.access", "Failure"),
        ("any.any.wash-record", "Failure"),
        ("any.fresh-fruit.pallet-mark", "Failure"),
        ("any.any.certificate-date", "Skipped"),
        ("any.fresh-fruit.box-languages", "Skipped"),
        ("any.fresh-fruit.cold-chain", "Skipped"),
        ("any.any.paper-copy", "Error"),
        ("any.any.quay-hours", "Skipped"),
    ]
    [case] = [case for case in suite if case.classname == "any.any.access"]
    assert case.name == "Fruit admitted to the harbour (L1)"
    assert case.result[0].type == "fail (blocks)"
    assert "not-ready.yaml:10:14: " in case.result[0].text


def test_two_places_of_a_rule_in_a_subject_are_one_case_that_tells_both() -> None:
    [suite] = _suites([_report("two-lots")])
    cases = [case for case in suite if case.classname == "vn.lychee-fresh.orchard-code"]
    assert len(cases) == 1
    assert cases[0].result[0].text.count("two-lots.yaml:") == 3


def test_warning_that_fails_is_a_failure_where_warnings_count() -> None:
    [suite] = _suites([replace(_report("not-ready"), fail_on=Force.WARNS)])
    assert suite.failures == 5


def test_what_passes_is_counted_and_shown_only_when_asked_for() -> None:
    report = _report("ready")
    [short], [full] = _suites([report]), _suites([report], verbose=True)
    [passed] = ElementTree.fromstring(write_run("junit", [report])).iterfind(".//property[@name='passed']")
    assert passed.get("value") == str(report.counts[Status.PASS]) == "7"
    assert (short.tests, full.tests - short.tests) == (2, 7)


def test_manifest_that_was_not_read_or_not_checked_is_an_error() -> None:
    invalid, failed = _suites([*check_files(["invalid.yaml"]), FAILED])
    assert [{type(case.result[0]) for case in suite} for suite in (invalid, failed)] == [{Error}, {Error}]
    assert (invalid.tests, failed.tests) == (7, 1)


def test_manifest_that_no_rule_answered_is_not_green() -> None:
    [suite] = _suites([replace(_report("ready"), findings=(), verdict=Verdict.UNDECIDED)])
    assert _kinds(suite) == [("borderready.unanswered", "Error")]


def test_nothing_tells_when_or_where_it_ran() -> None:
    written = write_run("junit", check_files(["ready.yaml"]))
    assert [word for word in ("timestamp", "hostname", "time=") if word in written] == []


@settings(max_examples=80, deadline=None)
@given(text=ANY_TEXT)
@example(text=SAMPLES[3])
@example(text=SAMPLES[5])
def test_whatever_a_text_holds_it_is_read_as_it_was_written(text: str) -> None:
    suite, invalid = _suites([hostile_report(text), hostile_unread(text)])
    [case] = list(suite)
    assert isinstance(case.result[0], Failure)
    assert case.name == plain(f"{text} ({text})")
    assert plain(text) in case.result[0].message
    assert plain(text) in case.result[0].text
    assert invalid.errors == 1
    assert Skipped not in {type(one.result[0]) for one in invalid}
