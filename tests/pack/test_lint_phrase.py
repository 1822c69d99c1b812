# SPDX-License-Identifier: Apache-2.0
"""`phrase`: each phrase and each listed value can decide."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pack.build import RULE_FILE, lint_replaced


def _found(root: Path, check: str, options: str) -> list[tuple[str, str, str]]:
    found = lint_replaced(
        root, (RULE_FILE, "check: present", f"check: {check}"), (RULE_FILE, "options: {}", f"options: {options}")
    )
    return [one for one in found if one[2].startswith("phrase")]


@pytest.mark.parametrize(
    ("check", "options", "place", "told"),
    [
        ("says", "{any_of: [Seal, '!!']}", "14:30", "'!!' has neither letters nor digits: every text would hold it"),
        (
            "says",
            "{any_of: [Sealed, ＳＥＡＬＥＤ]}",
            "14:32",
            "'ＳＥＡＬＥＤ' is compared as 'Sealed' is: it stands here twice",
        ),
        ("says", "{any_of: [Seal, Sealed here]}", "14:30", "'Sealed here' changes nothing beside 'Seal'"),
        ("says", "{all_of: [Sealed here, Seal]}", "14:37", "'Seal' changes nothing beside 'Sealed here'"),
        ("one_of", "{values: [A1, a1]}", "14:28", "'a1' is compared as 'A1' is: it stands here twice"),
        ("none_of", "{values: [A-1, a 1], as: code}", "14:29", "'a 1' is compared as 'A-1' is: it stands here twice"),
        (
            "none_of",
            "{values: [Musa sp., Musa spp.], as: scientific-name}",
            "14:34",
            "'Musa spp.' is compared as 'Musa sp.' is: it stands here twice",
        ),
    ],
)
def test_phrase_that_decides_nothing_is_an_error(
    check: str, options: str, place: str, told: str, tmp_path: Path
) -> None:
    assert _found(tmp_path, check, options) == [("error", f"{RULE_FILE}:{place}", f"phrase: {told}")]


@pytest.mark.parametrize(
    ("check", "options"),
    [
        ("says", "{any_of: [Sealed, Closed, 封志]}"),
        ("says", "{all_of: [Sealed, Closed]}"),
        ("one_of", "{values: [Viet Nam, Vietnam, Việt Nam], as: words}"),
        ("one_of", "{values: [A1, A11]}"),
        ("none_of", "{values: [A-1, a 1]}"),
    ],
)
def test_phrases_that_differ_are_clean(check: str, options: str, tmp_path: Path) -> None:
    assert _found(tmp_path, check, options) == []
