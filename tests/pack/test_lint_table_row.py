# SPDX-License-Identifier: Apache-2.0
"""`table-row`: one row answers for a key on a day, and nothing is said twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pack.build import CLEAN, lint_files

TABLE = """\
id: ports
title: {en: Ports, vi: Cảng, zh: 口岸}
key: [port]
columns:
  port: {kind: slug, says: Name of the port.}
  fee: {kind: decimal, says: Fee in coins.}
  unit: {kind: text, says: Which coins.}
  note: {kind: text, optional: true, says: For a person.}
"""
HEAD = "port,fee,unit,note,start,until,instrument,locator,seen,witnesses\n"
ROW = "quay,5,shell,,2020-01-01,,act,Annex,primary,\n"


def _found(root: Path, *rows: str) -> list[tuple[str, str, str]]:
    return lint_files(root, {**CLEAN, "tables/ports.yaml": TABLE, "tables/ports.csv": HEAD + "".join(rows)})


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (ROW, "says the same as line 2"),
        (ROW.replace(",5,", ",6,"), "has the key and the start of line 2, but another fee"),
        (ROW.replace("shell", "pearl"), "has the key and the start of line 2, but another unit"),
        (ROW.replace(",5,shell", ",6,pearl"), "has the key and the start of line 2, but another fee, unit"),
    ],
)
def test_second_row_for_a_key_and_a_day_is_an_error_at_its_line(row: str, told: str, tmp_path: Path) -> None:
    assert _found(tmp_path, ROW, row) == [("error", "tables/ports.csv:3:1", f"table-row: {told}")]


@pytest.mark.parametrize(
    "row",
    [
        ROW.replace("quay", "pier"),
        ROW.replace(",5,", ",6,").replace("2020-01-01", "2021-01-01"),
        ROW.replace("shell,,", "shell,another line of the same standard,"),
    ],
)
def test_row_of_another_key_or_start_or_another_note_is_clean(row: str, tmp_path: Path) -> None:
    """A row that starts later takes over, as a wording does."""
    assert _found(tmp_path, ROW, row) == []
