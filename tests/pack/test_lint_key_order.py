# SPDX-License-Identifier: Apache-2.0
"""`key-order`: keys stand in the order of docs/rules.md."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pack.build import RULE_FILE, lint_replaced


@pytest.mark.parametrize(
    ("old", "new", "place", "told"),
    [
        (
            "severity: must\nacts: carrier\n",
            "acts: carrier\nseverity: must\n",
            "7:7",
            "'acts' stands before 'severity'",
        ),
        (
            "    options: {}\n    says: {en: There is a seal., vi: Có niêm phong., zh: 有封志。}\n",
            "    says: {en: There is a seal., vi: Có niêm phong., zh: 有封志。}\n    options: {}\n",
            "14:5",
            "'says' stands before 'options'",
        ),
        (
            "{instrument: act, locator: Section 1,",
            "{locator: Section 1, instrument: act,",
            "17:23",
            "'locator' stands before 'instrument'",
        ),
        ("title: {en: Seal, vi: Niêm phong,", "title: {vi: Niêm phong, en: Seal,", "2:13", "'vi' stands before 'en'"),
        (
            "says: {en: There is a seal., vi: Có niêm phong., zh: 有封志。}",
            "says: {en: There is a seal., zh: 有封志。, vi: Có niêm phong.}",
            "15:38",
            "'zh' stands before 'vi'",
        ),
    ],
)
def test_key_out_of_order_is_an_error_at_its_place(old: str, new: str, place: str, told: str, tmp_path: Path) -> None:
    assert lint_replaced(tmp_path, (RULE_FILE, old, new)) == [("error", f"{RULE_FILE}:{place}", f"key-order: {told}")]


def test_optional_keys_have_their_place_too(tmp_path: Path) -> None:
    end = "seen: primary, checked: 2026-11-20}\n"
    assert lint_replaced(tmp_path / "a", (RULE_FILE, end, f"{end}note: For maintainers.\n")) == []
    start = "id: any/any/seal\n"
    found = lint_replaced(tmp_path / "b", (RULE_FILE, start, f"note: For maintainers.\n{start}"))
    assert found == [("error", f"{RULE_FILE}:1:7", "key-order: 'note' stands before 'id'")]
