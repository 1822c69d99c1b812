# SPDX-License-Identifier: Apache-2.0
"""Markdown for the summary of a job: text stays text, and it never grows past a page."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from markdown_it import MarkdownIt
from markdown_it.token import Token

from borderready.model import Force, Status
from borderready.report.as_markdown import render_markdown
from borderready.report.show import clip, plain
from borderready.report.summary import Failing, Lane, Summary, Told
from tests.report.hostile import ANY_TEXT, SAMPLES
from tests.report.streams import EVERY_MANIFEST, FAILED, check_files, make_info, write_run

MARKDOWN = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
HEAVIEST_BYTES = 1_048_576  # what GitHub takes as the summary of a step


def _cells(written: str) -> list[list[str]]:
    """Return the rows of all tables as a reader sees them; a cell that holds more than text is a fault."""
    rows: list[list[str]] = []
    tokens = MARKDOWN.parse(written)
    for before, token in pairwise(tokens):
        assert token.type not in ("html_block", "fence", "code_block")
        if before.type == "tr_open":
            rows.append([])
        if before.type in ("td_open", "th_open"):
            rows[-1].append(_text(token.children or ()))
    return rows


def _text(children: Iterable[Token]) -> str:
    kinds = {child.type for child in children}
    assert kinds <= {"text", "text_special"}, kinds
    return "".join(child.content for child in children)


def _summary(text: str, count: int = 1) -> Summary:
    summary = Summary()
    for number in range(count):
        failing = tuple(
            Failing(rule=f"r/{text}/{rule}", title=text, force=Force.BLOCKS, status=Status.FAIL, findings=2)
            for rule in range(count and 15)
        )
        summary.add(
            Told(
                file=text,
                document=number,
                verdict="not-ready",
                reference=text,
                exporter=f"{text}{number}",
                lanes=(Lane(origin=text, product=f"{text}{number}", faults=2),),
                failing=failing,
            )
        )
    return summary


@pytest.mark.parametrize("language", ["en", "vi", "zh"])
def test_summary_has_verdicts_manifests_rules_exporters_and_lanes(language: str) -> None:
    results = (*check_files([f"{name}.yaml" for name in EVERY_MANIFEST]), FAILED)
    rows = _cells(write_run("markdown", results, language=language))
    assert [row[1] for row in rows[1:6]] == ["1", "5", "1", "1", "1"]
    assert rows[7][0] == "slow.yaml"
    assert ["vn/lychee-fresh/orchard-code", "4", "7"] in [row[1:] for row in rows]
    assert ["Hợp tác xã Hồng Xuân", "4", "1", "1"] in rows
    assert ["lychee-fresh VN", "15", "4", "6"] in rows


def test_run_in_which_all_are_ready_says_just_that() -> None:
    assert _cells(write_run("markdown", check_files(["ready.yaml"]))) == [["Verdict", "Manifests"], ["READY", "1"]]


def test_list_that_is_cut_says_so() -> None:
    written = render_markdown(_summary("m.yaml", 57), make_info())
    assert "Shown: 20 of 57 that are not ready to go." in written
    assert "Shown:" not in render_markdown(_summary("m.yaml", 20), make_info())


def test_it_fits_however_many_manifests_and_however_long_their_names() -> None:
    written = render_markdown(_summary("|" * 50_000, 300), make_info())
    assert len(written.encode()) < HEAVIEST_BYTES // 8


@settings(max_examples=150, deadline=None)
@given(text=ANY_TEXT)
@example(text=SAMPLES[4])
@example(text="\\")
@example(text="&lt;b&gt;")
@example(text="***a*** ~~b~~ ^c^ ==d== :smile: #1 @someone")
def test_whatever_a_name_holds_it_is_read_as_it_was_written(text: str) -> None:
    rows = _cells(render_markdown(_summary(text), make_info()))
    shown = clip(plain(text), 120)
    assert " ".join(rows[4][0].split()) == " ".join(f"{shown} ({shown})".split())
    named = [" ".join(row[0].split()) for row in rows]
    assert " ".join(clip(plain(f"{text}0"), 120).split()) in named


def test_address_becomes_no_link() -> None:
    """Readers such as GitHub make links of bare addresses, and mentions of names."""
    written = render_markdown(_summary("https://harbour.invalid www.harbour.invalid a@harbour.invalid"), make_info())
    assert [mark for mark in ("https:", "www.", "@") if mark in written] == []
