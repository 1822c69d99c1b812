# SPDX-License-Identifier: Apache-2.0
"""What the lints say of notices: they are texts in three languages from sources, as wordings are."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.build import swap
from tests.pack.build import CLEAN, lint_files

NOTICE = """\
- id: plum-stop
  title: {en: Plums are not taken., vi: Không nhận mận., zh: 不接受李子。}
  kind: suspended
  applies_to: {product: [plum]}
  start: 2024-02-10
  until: 2024-02-13
  source: {instrument: act, locator: Notice 1, seen: primary, checked: 2026-11-20}
"""
FILE = "notices/fruit.yaml"
OLD_ACT = CLEAN["instruments/act.yaml"].replace("id: act", "id: old-act")


def test_a_notice_that_keeps_the_rules_is_clean_and_uses_its_instrument(tmp_path: Path) -> None:
    files = {**CLEAN, FILE: swap(NOTICE, ("instrument: act", "instrument: old-act"))}
    assert lint_files(tmp_path, {**files, "instruments/old-act.yaml": OLD_ACT}) == []


@pytest.mark.parametrize(
    ("old", "new", "place", "told"),
    [
        ("不接受李子。", "No plums.", "2:3", "language: plum-stop: zh has no Chinese characters"),
        (
            "seen: primary",
            "seen: secondary",
            "7:3",
            "grade: plum-stop: secondary without a witness: name who reports it, or grade it memory",
        ),
        (
            "seen: primary, checked: 2026-11-20",
            "seen: memory, checked: 2026-11-20, witnesses: [Quay News]",
            "7:3",
            "grade: plum-stop: memory with witnesses: what is reported is secondary",
        ),
    ],
)
def test_a_notice_in_the_wrong_language_or_of_the_wrong_grade_is_an_error(
    old: str, new: str, place: str, told: str, tmp_path: Path
) -> None:
    assert lint_files(tmp_path, {**CLEAN, FILE: swap(NOTICE, (old, new))}) == [("error", f"{FILE}:{place}", told)]


def test_the_remedy_of_a_notice_is_a_text_in_three_languages_too(tmp_path: Path) -> None:
    fix = "  fix: {en: Wait., vi: Chờ., zh: wait}\n  source"
    told = "language: plum-stop: zh has no Chinese characters"
    assert lint_files(tmp_path, {**CLEAN, FILE: swap(NOTICE, ("  source", fix))}) == [("error", f"{FILE}:7:3", told)]


def test_only_a_notice_that_has_not_ended_goes_stale(tmp_path: Path) -> None:
    old = swap(NOTICE, ("checked: 2026-11-20", "checked: 2024-02-01"))
    assert lint_files(tmp_path / "ended", {**CLEAN, FILE: old}) == []
    stale = [("warning", f"{FILE}:7:3", "stale: plum-stop: last looked at 2024-02-01")]
    for end in ("until: 2026-11-25", "open_ended: true"):
        files = {**CLEAN, FILE: swap(old, ("until: 2024-02-13", end))}
        assert lint_files(tmp_path / end[:5], files, day="2026-11-25") == stale


def test_a_fact_can_have_become_a_notice(tmp_path: Path) -> None:
    ledger = "F-001: {became: [notices/plum-stop]}\n"
    assert lint_files(tmp_path / "a", {**CLEAN, FILE: NOTICE, "coverage.yaml": ledger}) == []
    told = "ledger: F-001: there is no notices/plum-stop"
    assert lint_files(tmp_path / "b", {**CLEAN, "coverage.yaml": ledger}) == [("error", "coverage.yaml", told)]


def test_a_misspelt_file_of_notices_is_stray(tmp_path: Path) -> None:
    [(level, place, _)] = lint_files(tmp_path, {**CLEAN, "notices/fruit.yml": NOTICE})
    assert (level, place) == ("error", "notices/fruit.yml")
