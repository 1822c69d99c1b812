# SPDX-License-Identifier: Apache-2.0
"""The lint `unfinished`: what is left for a person to fill in does not pass, wherever it stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pack.build import CASES_FILE, RULE_FILE, lint_replaced


@pytest.mark.parametrize(
    ("file", "old", "new", "place"),
    [
        (RULE_FILE, "title: {en: Seal,", "title: {en: TODO say it in English,", f"{RULE_FILE}:2:13"),
        (RULE_FILE, "locator: Section 1", "locator: TODO", f"{RULE_FILE}:17:40"),
        (CASES_FILE, "name: sealed", "name: TODO name it", f"{CASES_FILE}:1:9"),
        ("instruments/act.yaml", "issuer: Harbour Council", "issuer: TODO", "instruments/act.yaml:4:9"),
    ],
)
def test_text_that_is_still_to_be_filled_in_is_an_error(
    file: str, old: str, new: str, place: str, tmp_path: Path
) -> None:
    found = lint_replaced(tmp_path, (file, old, new))
    assert [(severity, where) for severity, where, text in found if text.startswith("unfinished: ")] == [
        ("error", place)
    ]


def test_word_within_a_text_is_no_mark(tmp_path: Path) -> None:
    assert lint_replaced(tmp_path, (CASES_FILE, "name: sealed", "name: sealed by TODO and Sons")) == []
