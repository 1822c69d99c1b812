# SPDX-License-Identifier: Apache-2.0
"""SARIF 2.1.0: valid against the schema of OASIS, with rules, places, levels and names that outlive an edit."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import example, given, settings
from jsonschema import Draft4Validator

from borderready.fingerprint import fingerprints_of
from borderready.model import Force, Report, Status, Waiver
from borderready.report.as_sarif import FINGERPRINT
from borderready.report.sarif_part import uri_of
from borderready.report.stream import Result
from tests.command import DATA, MANIFESTS
from tests.report.hostile import ANY_TEXT, SAMPLES, hostile_report, hostile_unread
from tests.report.streams import EVERY_MANIFEST, FAILED, check_files, write_run

SCHEMA = Draft4Validator(json.loads((DATA / "schemas" / "sarif-2.1.0.json").read_text("utf-8")))


def _sarif(results: Sequence[Result], language: str = "en", *, verbose: bool = False) -> Any:
    written = json.loads(write_run("sarif", results, language=language, verbose=verbose))
    assert [f"{error.json_path}: {error.message}" for error in SCHEMA.iter_errors(written)] == []
    [run] = written["runs"]
    return run


def _report(name: str) -> Report:
    [report] = check_files([f"{name}.yaml"])
    assert isinstance(report, Report)
    return report


@pytest.mark.parametrize("language", ["en", "vi", "zh"])
@pytest.mark.parametrize("name", EVERY_MANIFEST)
def test_every_manifest_gives_valid_sarif(name: str, language: str) -> None:
    run = _sarif(check_files([f"{name}.yaml"]), language)
    assert run["tool"]["driver"]["name"] == "borderready"
    assert run["tool"]["driver"]["language"] == language
    assert run["invocations"] == [{"executionSuccessful": True}]


def test_schema_can_refuse() -> None:
    assert not SCHEMA.is_valid({"version": "2.1.0", "runs": [{"results": []}]})


def test_each_finding_that_does_not_pass_is_a_result_in_order() -> None:
    report = _report("not-ready")
    run = _sarif([report], verbose=True)
    shown = [finding for finding in report.findings if finding.status is not Status.PASS]
    assert [result["ruleId"] for result in run["results"]] == [finding.rule.id for finding in shown]
    assert [result["partialFingerprints"][FINGERPRINT] for result in run["results"]] == [
        name
        for name, one in zip(fingerprints_of(report.findings, report.manifest), report.findings, strict=True)
        if one.status is not Status.PASS
    ]
    assert [(one["level"], one["properties"]["status"], one["properties"]["force"]) for one in run["results"]] == [
        ("error", "fail", "blocks"),
        ("error", "fail", "blocks"),
        ("error", "fail", "blocks"),
        ("warning", "fail", "warns"),
        ("warning", "fail", "warns"),
        ("note", "fail", "informs"),
        ("warning", "unknown", "blocks"),
        ("note", "manual", "informs"),
    ]


def test_warning_that_fails_is_an_error_where_warnings_count() -> None:
    run = _sarif([replace(_report("not-ready"), fail_on=Force.WARNS)])
    assert [result["level"] for result in run["results"]][:6] == ["error"] * 5 + ["note"]


def test_region_is_what_was_found_in_characters() -> None:
    run = _sarif([_report("scripts")])
    assert run["columnKind"] == "unicodeCodePoints"
    lines = (MANIFESTS / "scripts.yaml").read_text("utf-8").splitlines()
    pointed = []
    for result in run["results"]:
        region = result["locations"][0]["physicalLocation"]["region"]
        if result["properties"]["status"] == "fail":
            pointed.append(lines[region["startLine"] - 1][region["startColumn"] - 1 : region["endColumn"] - 1])
    assert '"鲜果🍒输往越南社会主义共和国 Nước Việt Nam"' in pointed


def test_place_that_was_compared_is_related() -> None:
    run = _sarif([_report("not-ready")])
    [result] = [result for result in run["results"] if result["ruleId"] == "any/any/certificate-date"]
    [related] = result["relatedLocations"]
    assert related["physicalLocation"]["region"]["startLine"] == 7


def test_rules_that_appear_are_described_once_and_no_others() -> None:
    run = _sarif(check_files([f"{name}.yaml" for name in EVERY_MANIFEST]))
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == sorted({result["ruleId"] for result in run["results"]})
    [rule] = [rule for rule in rules if rule["id"] == "vn/lychee-fresh/orchard-code"]
    assert {key: rule[key] for key in ("shortDescription", "helpUri", "defaultConfiguration")} == {
        "shortDescription": {"text": "Orchard on the harbour's list"},
        "helpUri": "https://harbour.invalid/act",
        "defaultConfiguration": {"level": "error"},
    }
    assert rule["properties"]["area"] == "registration"
    assert rule["properties"]["seen"] == "primary"
    assert rule["fullDescription"]["text"] in rule["help"]["text"]


def test_waived_finding_is_suppressed_with_its_reason() -> None:
    report = _report("not-ready")
    first = report.findings[0]
    waiver = Waiver(
        file="w.yaml", line=1, rule=first.rule.id, reason="Agreed with the port.", owner="Quality", until="2027-01-31"
    )
    waived = first._replace(waiver=waiver)
    run = _sarif([replace(report, findings=(waived, *report.findings[1:]))])
    [suppression] = run["results"][0]["suppressions"]
    assert (suppression["kind"], suppression["status"]) == ("external", "accepted")
    assert suppression["justification"] == "Agreed with the port. (Quality, 2027-01-31)"
    assert [result for result in run["results"][1:] if "suppressions" in result] == []


def test_invalid_manifest_has_a_result_for_each_fault() -> None:
    run = _sarif(check_files(["invalid.yaml"]))
    assert {result["ruleId"] for result in run["results"]} == {"borderready/invalid"}
    lines = [one["locations"][0]["physicalLocation"]["region"]["startLine"] for one in run["results"]]
    assert lines == [4, 5, 6, 11, 12, 13, 16]


def test_manifest_that_was_not_checked_is_a_result_and_the_run_was_no_success() -> None:
    run = _sarif([FAILED])
    assert [(one["ruleId"], one["level"]) for one in run["results"]] == [("borderready/failed", "error")]
    assert run["invocations"] == [{"executionSuccessful": False}]


def test_manifest_that_no_rule_answered_is_not_silent() -> None:
    from borderready.model import Verdict

    run = _sarif([replace(_report("ready"), findings=(), verdict=Verdict.UNDECIDED)])
    assert [(one["ruleId"], one["level"]) for one in run["results"]] == [("borderready/unanswered", "warning")]


@pytest.mark.parametrize(
    ("file", "uri"),
    [
        ("outbox/a.yaml", "outbox/a.yaml"),
        ("my outbox/sầu riêng #1?.yaml", "my%20outbox/s%E1%BA%A7u%20ri%C3%AAng%20%231%3F.yaml"),
        ("a:b.yaml", "a%3Ab.yaml"),
        ("50%.yaml", "50%25.yaml"),
        ("\udcff.yaml", "%FF.yaml"),
        ("-", "-"),
    ],
)
def test_file_name_becomes_a_relative_uri(file: str, uri: str) -> None:
    assert uri_of(file) == uri
    assert urlsplit(uri).scheme == ""
    assert unquote(uri, errors="surrogateescape") == file


def test_absolute_file_name_becomes_an_absolute_uri(tmp_path: Path) -> None:
    assert uri_of(str(tmp_path / "a b.yaml")).startswith("file:///")


@settings(max_examples=80, deadline=None)
@given(text=ANY_TEXT)
@example(text=SAMPLES[5])
@example(text=SAMPLES[4])
def test_whatever_a_text_holds_sarif_stays_valid(text: str) -> None:
    if "\ud800" in text or any("\ud800" <= mark <= "\udfff" for mark in text):
        text = "".join(mark for mark in text if not "\ud800" <= mark <= "\udfff") or "x"
    run = _sarif([hostile_report(text), hostile_unread(text)])
    messages = [result["message"]["text"] for result in run["results"]]
    assert [message for message in messages if "](" in message] == []
