# SPDX-License-Identifier: Apache-2.0
"""`stray-file`: no file lies in a pack that nothing reads."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pack.build import CASES_FILE, CLEAN, RULE_FILE, lint_files

UNREAD = "nothing reads this file: is its name misspelt?"


@pytest.mark.parametrize(
    ("file", "told"),
    [
        ("any/any/other.yml", "nothing reads this file: is it any/any/other.yaml?"),
        ("any/any/seal.case.yml", "nothing reads this file: is it any/any/seal.cases.yaml?"),
        ("instrument/act.yaml", "nothing reads this file: is it instruments/act.yaml?"),
        ("any/any/deep/other.yaml", UNREAD),
        ("any/other.yaml", UNREAD),
        ("product.yaml", "nothing reads this file: is it products.yaml?"),
        ("instruments/act.txt", UNREAD),
        ("tables/ports.csv", "rows without a description: the .yaml of the same name is missing"),
        ("any/any/seals.cases.yaml", "cases without a rule: there is no any/any/seals.yaml"),
    ],
)
def test_file_that_nothing_reads_is_an_error(file: str, told: str, tmp_path: Path) -> None:
    assert lint_files(tmp_path, {**CLEAN, file: "[]\n"}) == [("error", file, f"stray-file: {told}")]


@pytest.mark.parametrize("file", ["NEWS.md", "README.md", "MANIFEST.json", ".gitignore", ".cache/any/any/other.yml"])
def test_file_for_people_or_tools_is_clean(file: str, tmp_path: Path) -> None:
    assert lint_files(tmp_path, {**CLEAN, file: "text\n"}) == []


def test_cases_that_lost_their_rule_are_an_error(tmp_path: Path) -> None:
    files = {name: text for name, text in CLEAN.items() if name != RULE_FILE}
    assert ("error", CASES_FILE, "stray-file: cases without a rule: there is no any/any/seal.yaml") in lint_files(
        tmp_path, files
    )
