# SPDX-License-Identifier: Apache-2.0
"""`force`: what is only remembered asks a person to confirm it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pack.build import RULE_FILE, Replaced, lint_replaced

MEMORY: Replaced = (RULE_FILE, "seen: primary", "seen: memory")


def test_memory_that_reads_as_if_it_were_known_is_an_error(tmp_path: Path) -> None:
    told = "force: known from memory, so that it only informs: neither 'says' nor 'fix' asks to confirm it"
    assert lint_replaced(tmp_path, MEMORY) == [("error", f"{RULE_FILE}:15:16", told)]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("en: Seal it.", "en: Confirm the seal with the carrier."),
        ("en: Seal it.", "en: Ask the carrier."),
        ("en: There is a seal.", "en: Look up whether a seal is asked for."),
    ],
)
def test_memory_that_asks_to_confirm_is_clean(old: str, new: str, tmp_path: Path) -> None:
    assert lint_replaced(tmp_path, MEMORY, (RULE_FILE, old, new)) == []


def test_what_was_read_need_not_ask(tmp_path: Path) -> None:
    assert lint_replaced(tmp_path) == []
