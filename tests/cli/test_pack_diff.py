# SPDX-License-Identifier: Apache-2.0
"""`borderready pack diff`: text for a person, Markdown for release notes, JSON for a program, and its exit codes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from tests.command import PACK, run_here, run_process
from tests.pack.packs import assert_valid, write_small

CHANGES = (
    ("any/fresh-fruit/cold-chain.yaml", "max: 5", "max: 4"),
    ("vn/lychee-fresh/orchard-code.yaml", "also: [arrival]", "also: [departure]"),
    ("any/fresh-fruit/pallet-mark.yaml", "paragraph 8", "paragraph 11"),
    ("tables/access.csv", "VN,pepper-dried,open", "VN,pepper-dried,closed"),
    ("VERSION", "1.0.0", "1.1.0"),
)


@pytest.fixture
def changed(tmp_path: Path) -> str:
    return str(write_small(tmp_path / "changed", *CHANGES))


def test_text_tells_changes_in_groups_the_heaviest_first(changed: str, tmp_path: Path) -> None:
    ran = run_here("pack", "diff", str(PACK), changed, home=tmp_path)
    assert (ran.code, ran.err) == (1, "")
    assert ran.out.startswith("changes from pack 1.0.0 to changed 1.1.0\n")
    heads = re.findall(r"^(\S.*) \((\d+)\)$", ran.out, re.MULTILINE)
    assert heads == [("Can stop a consignment", "2"), ("Inform only", "1"), ("Only words", "1")]
    assert "- upper limit from 5 to 4" in ran.out
    assert "lychee-fresh from VN; exporter must act" in ran.out
    assert "changes: 4" in ran.out


@pytest.mark.parametrize(("lang", "told"), [("vi", "giới hạn trên từ 5 thành 4"), ("zh", "上限由5改为4")])
def test_it_speaks_the_language_of_the_reader(changed: str, tmp_path: Path, lang: str, told: str) -> None:
    assert told in run_here("pack", "diff", str(PACK), changed, "--lang", lang, home=tmp_path).out


def test_equal_packs_leave_with_zero(tmp_path: Path) -> None:
    ran = run_process("pack", "diff", str(PACK), str(PACK), home=tmp_path)
    assert (ran.code, ran.err) == (0, "")
    assert "no difference in meaning" in ran.out


def test_json_follows_its_schema(changed: str, tmp_path: Path) -> None:
    ran = run_here("pack", "diff", str(PACK), changed, "--format", "json", home=tmp_path)
    found = assert_valid(ran.out, "pack-diff")
    assert found["summary"] == {"changes": 4, "blocks": 2, "warns": 0, "informs": 1, "knowledge": 0, "words": 1}
    [cold] = [change for change in found["changes"] if change["id"] == "any/fresh-fruit/cold-chain"]
    assert (cold["lanes"]["goods"], cold["acts"], cold["day"]) == (["lychee-fresh"], ["carrier"], "2019-06-01")
    [detail] = cold["details"]
    assert (detail["place"], detail["before"], detail["after"]) == ("wordings[2019-06-01].options.max", "5", "4")


def test_markdown_can_stand_as_release_notes(changed: str, tmp_path: Path) -> None:
    ran = run_here("pack", "diff", str(PACK), changed, "--format", "markdown", home=tmp_path)
    tokens = MarkdownIt().parse(ran.out)
    headings = [tokens[place + 1].content for place, token in enumerate(tokens) if token.type == "heading_open"]
    assert headings == ["changed 1.1.0", "Can stop a consignment (2)", "Inform only (1)", "Only words (1)"]
    assert "  - upper limit from 5 to 4" in ran.out.splitlines()


def test_other_words_are_told_in_full_where_one_asks(changed: str, tmp_path: Path) -> None:
    brief, full = (
        run_here("pack", "diff", str(PACK), changed, *options, home=tmp_path).out for options in ((), ("--verbose",))
    )
    assert "paragraph" not in brief
    assert "place in the source: other words: paragraph 8 -> paragraph 11" in full


def test_of_a_long_table_the_first_rows_are_told_and_the_others_counted(tmp_path: Path) -> None:
    rows = "".join(
        f"K{letter},pepper-dried,open,,2019-06-01,,harbour-act,Annex 1,primary,\n" for letter in "ABCDEFGHIJKLMN"
    )
    other = str(write_small(tmp_path / "long", ("tables/access.csv", "VN,pepper-dried", f"{rows}VN,pepper-dried")))
    brief, full = (run_here("pack", "diff", str(PACK), other, *options, home=tmp_path).out for options in ((), ("-v",)))
    assert "and 4 more; --verbose shows all" in brief
    assert (brief.count("new row"), full.count("new row")) == (10, 14)


def test_what_a_pack_says_is_never_taken_for_markup(tmp_path: Path) -> None:
    evil = "<img src=x> **bold** [link](http://example.org) `code` \\\\u001b"
    changes = (("any/fresh-fruit/cold-chain.yaml", "title: {en: Cold chain,", f'title: {{en: "{evil}",'), CHANGES[0])
    other = str(write_small(tmp_path / "changed", *changes))
    ran = run_here("pack", "diff", str(PACK), other, "--format", "markdown", home=tmp_path)
    shown = MarkdownIt().render(ran.out)
    assert "<img" not in shown
    assert "<a " not in shown
    assert "**bold**" in shown


@pytest.mark.parametrize(
    ("options", "ids"),
    [
        (("--origin", "TH"), ["any/fresh-fruit/cold-chain", "any/fresh-fruit/pallet-mark"]),
        (("--product", "pepper-dried"), ["access: VN, pepper-dried"]),
        (("--origin", "TH", "--product", "pepper-dried"), []),
    ],
)
def test_one_lane_can_be_asked_for(changed: str, tmp_path: Path, options: tuple[str, ...], ids: list[str]) -> None:
    ran = run_here("pack", "diff", str(PACK), changed, "--format", "json", *options, home=tmp_path)
    assert [change["id"] for change in assert_valid(ran.out, "pack-diff")["changes"]] == ids
    assert ran.code == bool(ids)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("no-such-pack", str(PACK)), 2),
        ((str(PACK), "git:no-such-revision"), 2),
        ((str(PACK), str(PACK.parent)), 5),
        ((str(PACK), str(PACK), "--product", "no-such-product"), 2),
        ((str(PACK),), 2),
    ],
)
def test_what_cannot_be_compared_is_said(tmp_path: Path, arguments: tuple[str, ...], code: int) -> None:
    ran = run_here("pack", "diff", *arguments, home=tmp_path)
    assert (ran.code, ran.out) == (code, "")
    assert ran.err


def test_a_broken_pack_is_told_with_its_place(tmp_path: Path) -> None:
    broken = write_small(tmp_path / "broken", ("any/fresh-fruit/cold-chain.yaml", "max: 5", "maxi: 5"))
    ran = run_here("pack", "diff", str(PACK), str(broken), home=tmp_path)
    assert ran.code == 5
    assert ran.err.startswith(f"{broken}/any/fresh-fruit/cold-chain.yaml:14:15: error: unknown key 'maxi'")
