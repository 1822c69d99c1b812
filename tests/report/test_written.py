# SPDX-License-Identifier: Apache-2.0
"""What was written of a finding is written again for one that is the same, and for no other."""

from __future__ import annotations

import json
from dataclasses import replace
from textwrap import indent
from typing import Any

import pytest

from borderready.core import check_shipment
from borderready.model import (
    Finding,
    Force,
    Message,
    Missing,
    Outcome,
    RuleId,
    Span,
    Status,
    Subject,
    Waiver,
    WaiverKind,
)
from borderready.report.formats import FORMATS
from borderready.report.json_finding import pieces_of
from borderready.report.stream import Item, RunInfo
from borderready.report.written import MOST_KEPT
from tests.build import make_manifest, make_rule, make_rule_base, make_source, make_wording

WAIVER = Waiver(
    kind=WaiverKind.PACK,
    file="acme/pack.yaml",
    line=3,
    rule=RuleId("vn/durian-fresh/variety"),
    reason="Agreed.",
    owner="acme",
    until=None,
    written_until="",
)


def info() -> RunInfo:
    return RunInfo(engine="0", language="en", instruments={}, fill=lambda path: "...")


def finding(**changes: Any) -> Finding:
    rule = make_rule()
    base = Finding(
        rule=rule,
        wording=rule.wordings[0],
        subject=Subject("lot", "L1", ("lots", 0)),
        outcome=Outcome(Status.FAIL, ("lots", 0, "variety"), found="Monthong", expected="Ri6"),
        force=Force.BLOCKS,
        day="2026-11-26",
    )
    return base._replace(**changes)


def written(one: Finding, run: RunInfo, *, line: int = 1) -> Any:
    span = Span(line=line, column=1, end_line=line, end_column=2)
    return json.loads(b"".join(pieces_of(one, make_manifest(locate=lambda path: span), run))[1:])


FIRST = finding()


OTHERS = [
    FIRST._replace(waiver=WAIVER),
    FIRST._replace(day="2026-11-27"),
    FIRST._replace(day=None),
    FIRST._replace(force=Force.WARNS),
    FIRST._replace(subject=Subject("lot", 'L"2', ("lots", 1))),
    FIRST._replace(subject=Subject("shipment", "L1", ())),
    FIRST._replace(wording=make_wording("2025-01-01")),
    FIRST._replace(wording=None),
    FIRST._replace(rule=make_rule("vn/durian-fresh/other")),
    FIRST._replace(notes=(Message("select.kept"),)),
    FIRST._replace(straddles=(Message("select.kept"),)),
    FIRST._replace(outcome=FIRST.outcome._replace(found="Ri7")),
    FIRST._replace(outcome=FIRST.outcome._replace(found='"id": 0, "location": 0', expected='"location": 0')),
    FIRST._replace(outcome=FIRST.outcome._replace(related=(("lots", 0),))),
    FIRST._replace(outcome=FIRST.outcome._replace(source=make_source(locator="row 7"))),
    FIRST._replace(outcome=Outcome(Status.UNKNOWN, ("lots", 0), missing=Missing(("lots", 0), "variety", is_last=True))),
]


@pytest.mark.parametrize("other", OTHERS)
def test_what_differs_in_one_thing_is_written_as_if_nothing_had_been_before(other: Finding) -> None:
    run = info()
    for one in (FIRST, other, FIRST, other):
        assert written(one, run) == written(one, info())
    assert written(FIRST, run) != written(other, run)


REPORT = check_shipment(make_manifest(), make_rule_base(make_rule()))


def item(form: str, one: Finding, run: RunInfo) -> Item:
    made = FORMATS[form].item(replace(REPORT, findings=(one,)), run)
    return made._replace(pieces=(b"".join(made.pieces),))


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("other", OTHERS)
def test_it_is_so_in_every_format(form: str, other: Finding) -> None:
    run = info()
    for one in (FIRST, other, FIRST, other):
        assert item(form, one, run) == item(form, one, info())


@pytest.mark.parametrize("many", [True, False])
@pytest.mark.parametrize("other", [*OTHERS, FIRST._replace(subject=Subject("lot", '"location": 0 "id": 0', ()))])
def test_indented_json_says_what_a_line_says(other: Finding, many: bool) -> None:
    run = replace(info(), many=many)
    for findings in ((FIRST, other), (other,), ()):
        report = replace(REPORT, findings=findings)
        line, indented = (b"".join(FORMATS[name].item(report, run).pieces).decode() for name in ("ndjson", "json"))
        margin = "    " if many else ""
        assert indented == indent(json.dumps(json.loads(line), indent=2, ensure_ascii=False), margin) + "\n" * (
            not many
        )


def test_lines_laid_out_for_one_width_are_not_shown_in_another() -> None:
    narrow = replace(info(), width=44)
    wide = replace(narrow, width=120)
    assert narrow.written is wide.written
    for run in (narrow, wide, narrow):
        assert item("text", FIRST, run) == item("text", FIRST, replace(info(), width=run.width))
    assert item("text", FIRST, narrow) != item("text", FIRST, wide)


def test_the_place_in_the_file_is_that_of_each_manifest() -> None:
    run = info()
    assert [written(FIRST, run, line=line)["location"]["line"] for line in (4, 9, 4)] == [4, 9, 4]


def test_no_more_is_kept_than_so_much() -> None:
    run = info()
    for number in range(MOST_KEPT + 10):
        assert written(finding(day=f"{number}"), run)["day"] == f"{number}"
    assert len(run.written.findings) <= MOST_KEPT
