# SPDX-License-Identifier: Apache-2.0
"""`grade`: grades are honest: reports name their witnesses, what is remembered names none, rows obey too."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pack.build import RULE_FILE, Replaced, lint_files, lint_replaced, replace_in_clean

TABLE = {
    "tables/ports.yaml": """\
id: ports
title: {en: Ports, vi: Cảng, zh: 口岸}
key: [port]
columns:
  port: {kind: slug, says: Name of the port.}
""",
    "tables/ports.csv": "port,start,until,instrument,locator,seen,witnesses\nquay,2020-01-01,,act,Annex,primary,\n",
}


ASKS: Replaced = (RULE_FILE, "en: Seal it.", "en: Confirm the seal.")  # as what is remembered must


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("seen: secondary", "secondary without a witness: name who reports it, or grade it memory"),
        ("seen: memory, witnesses: [Harbour Post]", "memory with witnesses: what is reported is secondary"),
        (
            "seen: secondary, witnesses: [Harbour Post, harbour post]",
            "a witness is named twice; two must be independent",
        ),
        (
            "seen: secondary, witnesses: ['https://harbour.invalid/1']",
            "the witness 'https://harbour.invalid/1' is an address: name the publication",
        ),
        (
            "seen: secondary, witnesses: [www.harbour.invalid]",
            "the witness 'www.harbour.invalid' is an address: name the publication",
        ),
    ],
)
def test_grade_that_does_not_hold_is_an_error_at_the_source(source: str, told: str, tmp_path: Path) -> None:
    grade, _, witnesses = source.removeprefix("seen: ").partition(", ")
    more = f", {witnesses}" if witnesses else ""
    replaced = (RULE_FILE, "seen: primary, checked: 2026-11-20", f"seen: {grade}, checked: 2026-11-20{more}")
    assert lint_replaced(tmp_path, replaced, ASKS) == [("error", f"{RULE_FILE}:17:5", f"grade: {told}")]


@pytest.mark.parametrize(
    "grade", ["memory", "secondary", "secondary, two"], ids=["memory", "one witness", "two witnesses"]
)
def test_grade_that_holds_is_clean(grade: str, tmp_path: Path) -> None:
    witnesses = {"memory": "", "secondary": ", witnesses: [Harbour Post]"}
    more = witnesses.get(grade, ", witnesses: [Harbour Post, Quay Weekly]")
    old = "seen: primary, checked: 2026-11-20"
    new = f"seen: {grade.partition(',')[0]}, checked: 2026-11-20{more}"
    assert lint_replaced(tmp_path, (RULE_FILE, old, new), ASKS) == []


def test_wording_without_a_fix_is_an_error(tmp_path: Path) -> None:
    fix = "    fix: {en: Seal it., vi: Niêm phong lại., zh: 请加封。}\n"
    assert lint_replaced(tmp_path, (RULE_FILE, fix, "")) == [
        ("error", f"{RULE_FILE}:13:5", "grade: no fix: say what to do")
    ]


def test_row_obeys_as_a_wording_does(tmp_path: Path) -> None:
    for index, (cells, told) in enumerate(
        [
            ("secondary,", "secondary without a witness: name who reports it, or grade it memory"),
            ("memory,Harbour Post", "memory with witnesses: what is reported is secondary"),
            ("secondary,Harbour Post; Harbour Post", "a witness is named twice; two must be independent"),
        ]
    ):
        table = {**TABLE, "tables/ports.csv": TABLE["tables/ports.csv"].replace("primary,", cells)}
        found = lint_files(tmp_path / str(index), {**replace_in_clean(), **table})
        assert found == [("error", "tables/ports.csv:2:1", f"grade: {told}")]
    assert lint_files(tmp_path / "clean", {**replace_in_clean(), **TABLE}) == []
