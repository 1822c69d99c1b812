# SPDX-License-Identifier: Apache-2.0
"""Whole reports against golden files; `python tests/golden.py --update` writes them anew."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from rich.cells import cell_len

from borderready.i18n import word
from borderready.schemas import load_schema
from tests.golden import BATCH, BATCH_IN_LANGUAGES, GOLDEN, RUNS, files_of, read_golden, render, render_batch

FILES = [file for name in RUNS for file in files_of(name)]
TEXTS = [file for file in FILES if file.endswith(".txt")]
JSONS = [file for file in FILES if file.endswith(".json")]
PLAIN_WIDTH = 80
PLACE = re.compile(r"(   )?[\w-]+\.yaml:\d+:\d+(: |  )")


@pytest.mark.parametrize("file", FILES)
def test_report_is_as_it_was_reviewed(file: str, tmp_path: Path) -> None:
    assert render(file, home=tmp_path) == read_golden(file)


def test_no_golden_file_is_left_over() -> None:
    assert sorted(path.name for path in GOLDEN.iterdir()) == sorted((*FILES, *BATCH, *BATCH_IN_LANGUAGES))


@pytest.mark.parametrize("file", [*BATCH, *BATCH_IN_LANGUAGES])
def test_batch_is_written_as_it_was_reviewed(file: str) -> None:
    assert render_batch(file) == read_golden(file)


@pytest.mark.parametrize("file", JSONS)
def test_json_report_keeps_its_published_schema(file: str) -> None:
    validator = Draft202012Validator(load_schema("report"), format_checker=Draft202012Validator.FORMAT_CHECKER)
    report = json.loads(read_golden(file) or "")
    assert [f"{error.json_path}: {error.message}" for error in validator.iter_errors(report)] == []


@pytest.mark.parametrize("file", [file for file in TEXTS if not file.startswith("coverage-markdown")])
def test_no_line_is_wider_than_a_plain_terminal(file: str) -> None:
    """But those that name a place in a file, which editors and scripts take apart, and hints, which are copied."""
    hint = f"  {word('cli.hint', file.split('.')[1])}: "
    lines = [line for line in (read_golden(file) or "").splitlines() if not PLACE.match(line)]
    assert [line for line in lines if cell_len(line) > PLAIN_WIDTH and not line.startswith(hint)] == []


@pytest.mark.parametrize("file", TEXTS)
def test_texts_beside_labels_line_up(file: str) -> None:
    """Chinese characters are two cells wide and Vietnamese marks none; the label column is the same for the eye."""
    labels = _labels(file.split(".")[1])
    for block in (read_golden(file) or "").split("\n\n"):
        columns = {column for line in block.splitlines() if (column := _text_column(line, labels)) is not None}
        assert len(columns) <= 1, f"the texts of this part begin in the cells {sorted(columns)}:\n{block}"


@pytest.mark.parametrize("language", ["en", "vi", "zh"])
def test_report_has_a_label_column(language: str) -> None:
    labels = _labels(language)
    lines = (read_golden(f"not-ready.{language}.txt") or "").splitlines()
    assert sum(_text_column(line, labels) is not None for line in lines) > 20


def _text_column(line: str, labels: tuple[str, ...]) -> int | None:
    """Return the cell in which the text beside a label begins, None where a line has no label."""
    for label in labels:
        rest = line.removeprefix(f"   {label} ")
        if rest != line:
            return 3 + cell_len(label) + 1 + len(rest) - len(rest.lstrip(" "))
    return None


def _labels(language: str) -> tuple[str, ...]:
    shown = ("found", "expected", "because", "asked", "mend", "source", "insert", "related", "notice", "else")
    explained = ("since", "asks", "applies", "each", "basis", "force", "why", "acts", "consequence")
    keys = (*(f"report.{name}" for name in shown), *(f"explain.{name}" for name in explained))
    return tuple(sorted({word(key, language) for key in keys}, key=len, reverse=True))
