# SPDX-License-Identifier: Apache-2.0
"""Annotations of GitHub: no value can begin a command, the most important come within the limits, the rest is told."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import example, given, settings

from borderready.model import Force, Report, Status
from borderready.report.github_part import SHOWN
from borderready.report.show import plain
from tests.build import make_rule
from tests.report.hostile import ANY_TEXT, SAMPLES, hostile_report, hostile_unread
from tests.report.streams import EVERY_MANIFEST, FAILED, check_files, write_run

COMMAND = re.compile(r"::(?P<kind>error|warning|notice) (?P<properties>[^:\r\n]*)::(?P<message>[^\r\n]*)")


def _unescape(text: str) -> str:
    """Return what the runner of GitHub makes of a property or message."""
    for code, mark in (("%2C", ","), ("%3A", ":"), ("%0A", "\n"), ("%0D", "\r"), ("%25", "%")):
        text = text.replace(code, mark)
    return text


def _parse(written: str) -> list[tuple[str, dict[str, str], str]]:
    """Take commands apart as the runner does."""
    parsed = []
    lines = written.split("\n")
    assert lines.pop() == ""
    for line in lines:
        command = COMMAND.fullmatch(line)
        assert command is not None, line
        pairs = (pair.partition("=") for pair in command["properties"].split(","))
        properties = {name: _unescape(value) for name, _, value in pairs}
        parsed.append((command["kind"], properties, _unescape(command["message"])))
    return parsed


def _many(count: int, rules: int, status: Status = Status.FAIL, force: Force = Force.BLOCKS) -> Report:
    [report] = check_files(["not-ready.yaml"])
    assert isinstance(report, Report)
    first = report.findings[0]
    findings = tuple(
        first._replace(
            rule=make_rule(f"vn/durian-fresh/r{number % rules}"),
            force=force,
            outcome=first.outcome._replace(status=status),
        )
        for number in range(count)
    )
    return replace(report, findings=findings)


def test_annotation_points_at_the_place() -> None:
    kind, properties, message = _parse(write_run("github", check_files(["not-ready.yaml"])))[0]
    assert kind == "error"
    assert properties == {
        "file": "not-ready.yaml",
        "line": "10",
        "endLine": "10",
        "col": "14",
        "endColumn": "25",
        "title": "Fruit admitted to the harbour (L1)  any/any/access",
    }
    assert message.splitlines()[1:] == [
        "found: lychee-fresh",
        "asked: The harbour admits the product from this origin.",
        "mend: Do not ship; ask the Harbour Council when it opens.",
        "source: Harbour Act No. 7 of 2019, Annex 1; from 2019-06-01; must; primary: the text was read",
    ]


def test_kinds_follow_the_force() -> None:
    kinds = [kind for kind, _, _ in _parse(write_run("github", check_files(["not-ready.yaml"])))]
    assert Counter(kinds) == {"error": 3, "warning": 3, "notice": 2}


def test_what_fails_and_blocks_comes_first_in_the_whole_run() -> None:
    """Though it stands in the last of many manifests."""
    weak = [_many(20, 5, Status.UNKNOWN) for _ in range(5)]
    written = _parse(write_run("github", [*weak, _many(1, 1)]))
    assert written[0][0] == "error"


def test_no_kind_passes_its_limit_and_a_notice_counts_the_rest() -> None:
    reports = [_many(30, 3), _many(30, 3, Status.FAIL, Force.WARNS), _many(30, 3, Status.FAIL, Force.INFORMS)]
    written = _parse(write_run("github", reports * 40))
    assert Counter(kind for kind, _, _ in written) == {"error": SHOWN, "warning": SHOWN, "notice": SHOWN}
    left_out = 90 * 40 - (3 * SHOWN - 1)
    assert written[-1][1] == {"title": "borderready"}
    assert written[-1][2].startswith(f"{left_out} more findings")


def test_each_rule_is_told_before_any_is_told_twice() -> None:
    """Though a rule stands only in the last manifest, behind a hundred findings of others."""
    written = _parse(write_run("github", [_many(100, 4), _many(100, 4), _many(9, 9)]))
    rules = [properties["title"].split()[-1] for _, properties, _ in written[:9]]
    assert sorted(rules) == [f"vn/durian-fresh/r{number}" for number in range(9)]


def test_nothing_is_counted_where_all_are_shown() -> None:
    written = _parse(write_run("github", check_files(["not-ready.yaml"])))
    assert [properties for _, properties, _ in written if properties == {"title": "borderready"}] == []


def test_what_passes_or_was_waived_is_no_annotation() -> None:
    assert write_run("github", [_many(3, 3, Status.PASS), _many(3, 3, Status.WAIVED)], verbose=True) == ""


def test_invalid_and_failed_manifests_are_errors() -> None:
    written = _parse(write_run("github", [*check_files(["invalid.yaml"]), FAILED]))
    assert [(kind, properties["file"]) for kind, properties, _ in written] == [
        ("error", "invalid.yaml"),
        ("error", "slow.yaml"),
        *[("error", "invalid.yaml")] * 6,
    ]


@pytest.mark.parametrize("language", ["en", "vi", "zh"])
def test_every_manifest_gives_commands_that_can_be_taken_apart(language: str) -> None:
    results = check_files([f"{name}.yaml" for name in EVERY_MANIFEST])
    assert len(_parse(write_run("github", results, language=language))) > 20


@settings(max_examples=150, deadline=None)
@given(text=ANY_TEXT)
@example(text=SAMPLES[1])
@example(text=SAMPLES[2])
def test_whatever_a_text_holds_it_is_read_as_it_was_written(text: str) -> None:
    written = _parse(write_run("github", [hostile_report(text), hostile_unread(text)]))
    assert [kind for kind, _, _ in written] == ["error", "error", "warning"]
    for _, properties, message in written:
        assert properties["file"] == plain(text.replace("\0", "") or "x")
        assert plain(text) in message
    assert written[0][1]["title"].startswith(plain(f"{text} ({text})"))
