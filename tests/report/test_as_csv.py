# SPDX-License-Identifier: Apache-2.0
"""CSV: read back by the csv module as it was written, and harmless in a spreadsheet."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import replace
from io import StringIO

import pytest
from hypothesis import example, given, settings

from borderready.model import Report, Status
from borderready.report.as_csv import COLUMNS, write_cell
from borderready.report.show import plain
from borderready.report.stream import Result
from tests.report.hostile import ANY_TEXT, SAMPLES, hostile_report, hostile_unread
from tests.report.streams import EVERY_MANIFEST, FAILED, check_files, write_run

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def _rows(results: Sequence[Result], *, verbose: bool = False) -> list[dict[str, str]]:
    written = write_run("csv", results, verbose=verbose)
    assert written.startswith("\ufeff")
    assert written.replace("\r\n", "").count("\n") == 0
    reader = csv.DictReader(StringIO(written.encode().decode("utf-8-sig"), newline=""), strict=True)
    rows = list(reader)
    assert reader.fieldnames == list(COLUMNS)
    assert [row for row in rows if None in row or None in row.values()] == []
    return rows


def _bare(text: str) -> str:
    """Return a cell without the apostrophe that keeps a spreadsheet from calculating it."""
    return text[1:] if text.startswith("'") and text[1:].lstrip().startswith(FORMULA) else text


def test_columns_are_those_that_are_documented() -> None:
    assert ",".join(COLUMNS) == (
        "file,index,reference,verdict,rule,title,status,force,severity,area,subject_kind,subject,path,line,column,"
        "found,expected,because,insert,says,fix,acts,consequence,day,start,instrument,locator,seen,url,fingerprint"
    )


def test_row_is_a_finding() -> None:
    row = _rows(check_files(["not-ready.yaml"]))[4]
    assert len(row.pop("fingerprint")) == 32
    assert row == {
        "file": "not-ready.yaml",
        "index": "0",
        "reference": "HX-2026-0002",
        "verdict": "not-ready",
        "rule": "any/fresh-fruit/box-languages",
        "title": "Languages on the box",
        "status": "fail",
        "force": "warns",
        "severity": "should",
        "area": "labeling",
        "subject_kind": "lot",
        "subject": "L1",
        "path": "lots[0].labels.box.languages[1]",
        "line": "13",
        "column": "29",
        "found": "vi",
        "expected": "zh, en",
        "because": "",
        "insert": "",
        "says": "Boxes are labelled in Chinese or English.",
        "fix": "Put a label in Chinese or English on each box.",
        "acts": "packer",
        "consequence": "delayed",
        "day": "2026-11-22",
        "start": "2019-06-01",
        "instrument": "harbour-act",
        "locator": "Section 6",
        "seen": "primary",
        "url": "https://harbour.invalid/act",
    }


def test_every_manifest_has_a_row() -> None:
    results = (*check_files([f"{name}.yaml" for name in EVERY_MANIFEST]), FAILED)
    assert list(dict.fromkeys(row["file"] for row in _rows(results))) == [
        *(f"{name}.yaml" for name in EVERY_MANIFEST),
        "slow.yaml",
    ]


def test_manifest_without_findings_has_a_row_with_its_verdict() -> None:
    [ready] = check_files(["ready.yaml"])
    assert isinstance(ready, Report)
    passing = tuple(finding for finding in ready.findings if finding.status is Status.PASS)
    [row] = _rows([replace(ready, findings=passing)])
    assert {key: value for key, value in row.items() if value} == {
        "file": "ready.yaml",
        "index": "0",
        "reference": "HX-2026-0001",
        "verdict": "ready",
    }
    shown = _rows([replace(ready, findings=passing)], verbose=True)
    assert [(row["status"], row["fingerprint"]) for row in shown] == [("pass", "")] * 7


def test_invalid_manifest_has_a_row_for_each_fault() -> None:
    rows = _rows(check_files(["invalid.yaml"]))
    assert [row["line"] for row in rows] == ["4", "5", "6", "11", "12", "13", "16"]
    assert {(row["verdict"], row["rule"]) for row in rows} == {("invalid", "borderready/invalid")}


@pytest.mark.parametrize("text", ["=1+1", "+1", "-18", "@SUM(A1)", "\t=1", "\r=1", " =1", "\uff1d1", "\n=1"])
def test_cell_that_could_be_a_formula_is_text(text: str) -> None:
    [[cell]] = csv.reader([write_cell(text)])
    assert not cell.startswith(FORMULA)
    assert not cell.lstrip().startswith(("=", "+", "-", "@", "\uff1d"))


@settings(max_examples=150, deadline=None)
@given(text=ANY_TEXT)
@example(text=SAMPLES[0])
@example(text='"')
@example(text=" a ")
def test_whatever_a_text_holds_it_is_read_as_it_was_written(text: str) -> None:
    rows = _rows([hostile_report(text), hostile_unread(text)])
    assert len(rows) == 3
    for name in ("reference", "title", "subject", "found", "expected", "says", "fix", "locator"):
        assert _bare(rows[0][name]) == plain(text)
    cells = [value for row in rows for value in row.values()]
    assert [cell for cell in cells if cell.lstrip().startswith(FORMULA)] == []
