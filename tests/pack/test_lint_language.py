# SPDX-License-Identifier: Apache-2.0
"""`language`: each text is in its language."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pack.build import RULE_FILE, lint_replaced

SAYS = "says: {en: There is a seal., vi: Có niêm phong., zh: 有封志。}"
FIX = "fix: {en: Seal it., vi: Niêm phong lại., zh: 请加封。}"
ENGLISH = "Every truck has a seal with a number on it"


@pytest.mark.parametrize(
    ("file", "old", "new", "place", "told"),
    [
        (RULE_FILE, "zh: 封志}", "zh: Seal}", f"{RULE_FILE}:2:1", "zh has no Chinese characters"),
        (RULE_FILE, "zh: 有封志。}", "zh: A seal.}", f"{RULE_FILE}:15:5", "zh has no Chinese characters"),
        (RULE_FILE, "zh: 请加封。}", "zh: Seal.}", f"{RULE_FILE}:16:5", "zh has no Chinese characters"),
        (
            RULE_FILE,
            SAYS,
            f"says: {{en: Sealed., vi: {ENGLISH}, zh: 有封志。}}",
            f"{RULE_FILE}:15:5",
            "vi has no Vietnamese letters",
        ),
        ("instruments/act.yaml", "zh: 法}", "zh: Act}", "instruments/act.yaml:2:1", "zh has no Chinese characters"),
        ("products.yaml", "zh: 李子}", "zh: Plum}", "products.yaml:5:5", "zh has no Chinese characters"),
        (
            RULE_FILE,
            "title: {en: Seal,",
            f"title: {{en: {'S' * 71},",
            f"{RULE_FILE}:2:13",
            "longer than 70 characters",
        ),
    ],
)
def test_text_in_another_language_is_an_error_at_its_place(
    file: str, old: str, new: str, place: str, told: str, tmp_path: Path
) -> None:
    assert lint_replaced(tmp_path, (file, old, new)) == [("error", place, f"language: {told}")]


def test_text_that_was_copied_and_not_translated_is_an_error(tmp_path: Path) -> None:
    copied = f"fix: {{en: {ENGLISH} 封志, vi: Niêm phong lại., zh: {ENGLISH} 封志}}"
    found = lint_replaced(tmp_path, (RULE_FILE, FIX, copied))
    assert ("error", f"{RULE_FILE}:16:5", "language: two languages have the same text") in found


@pytest.mark.parametrize("language", ["en", "vi"])
def test_chinese_in_place_of_another_language_is_an_error(language: str, tmp_path: Path) -> None:
    """However short the text: a name may be the same in two languages, but not written in Chinese characters."""
    texts = {"en": "Seal", "vi": "Niêm phong", "zh": "封志", language: "封志"}
    replaced = (RULE_FILE, "title: {en: Seal, vi: Niêm phong,", f"title: {{en: {texts['en']}, vi: {texts['vi']},")
    [(severity, place, text)] = lint_replaced(tmp_path, replaced)
    assert (severity, place, text.partition(":")[0]) == ("error", f"{RULE_FILE}:2:1", "language")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (SAYS, "says: {en: GACC., vi: GACC., zh: 海关总署。}"),
        ("title: {en: Seal,", f"title: {{en: {'S' * 70},"),
        (FIX, "fix: {en: 'Write \"封志\" on it.', vi: 'Ghi \"封志\" lên xe.', zh: 请标注封志。}"),
    ],
)
def test_name_or_quoted_word_is_clean(old: str, new: str, tmp_path: Path) -> None:
    assert lint_replaced(tmp_path, (RULE_FILE, old, new)) == []
