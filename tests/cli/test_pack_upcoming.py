# SPDX-License-Identifier: Apache-2.0
"""`borderready pack upcoming` and `borderready pack stale`: what the command line gives, and its exit codes."""

from __future__ import annotations

from pathlib import Path

import pytest
from icalendar import Calendar

from tests.command import PACK, run_here, run_process
from tests.pack.packs import assert_valid, write_small

WHEN = ("--on", "2026-12-01", "--within", "180d")


def test_text_tells_what_comes_by_lane(tmp_path: Path) -> None:
    ran = run_process("pack", "upcoming", str(PACK), *WHEN, home=tmp_path)
    assert (ran.code, ran.err) == (0, "")
    lines = ran.out.splitlines()
    assert lines[0] == "from 2026-12-01 to 2027-05-30; events: 1"
    assert "fresh-fruit from any origin" in lines
    assert "2027-03-01  Destination on the pallet: a wording starts" in ran.out
    assert "phrases, all of: now" in ran.out
    assert "packer must act" in ran.out


def test_calendar_and_json_go_to_standard_output(tmp_path: Path) -> None:
    ical = run_here("pack", "upcoming", str(PACK), *WHEN, "--format", "ical", "--lang", "vi", home=tmp_path)
    [event] = Calendar.from_ical(ical.out).walk("VEVENT")
    assert str(event["SUMMARY"]) == "Nơi đến ghi trên pa-lét: câu chữ bắt đầu áp dụng"
    json = run_here("pack", "upcoming", str(PACK), *WHEN, "--format", "json", home=tmp_path)
    assert [one["day"] for one in assert_valid(json.out, "pack-upcoming")["events"]] == ["2027-03-01"]
    assert (ical.code, json.code) == (0, 0)


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (("--within", "4w"), 3),
        (("--within", "6m"), 0),
        (("--within", "1y", "--origin", "TH", "--product", "lychee-fresh"), 0),
        (("--within", "1y", "--product", "pepper-dried"), 3),
        (("--within", "999999d"), 0),
        (("--within", "soon"), 2),
        (("--within", "-1d"), 2),
        (("--product", "no-such-product"), 2),
        (("--origin", "Vietnam"), 2),
    ],
)
def test_exit_code_says_whether_something_comes(tmp_path: Path, options: tuple[str, ...], code: int) -> None:
    ran = run_here("pack", "upcoming", str(PACK), "--on", "2026-12-01", *options, home=tmp_path)
    assert ran.code == code
    assert bool(ran.err) == (code == 2)


def test_stale_sources_are_told_with_their_address(tmp_path: Path) -> None:
    old = (
        ("any/fresh-fruit/cold-chain.yaml", "checked: 2026-11-20", "checked: 2026-01-05"),
        ("instruments/quay-circular.yaml", "url_state: unknown", "url: https://example.org/quay\nurl_state: read"),
    )
    pack = str(write_small(tmp_path / "old", *old))
    ran = run_here("pack", "stale", pack, "--on", "2026-11-28", home=tmp_path)
    assert (ran.code, ran.err) == (1, "")
    assert ran.out.startswith("2026-01-05 to 2026-11-20  ")
    assert "rules: 1, rows of tables: 0, notices: 0" in ran.out
    assert "https://example.org/quay" in ran.out
    found = run_here("pack", "stale", pack, "--on", "2026-11-28", "--format", "json", home=tmp_path)
    [source] = assert_valid(found.out, "pack-stale")["sources"]
    assert source["rules"] == ["any/fresh-fruit/cold-chain"]


@pytest.mark.parametrize(
    ("options", "code"),
    [(("--older-than", "1y"), 0), (("--older-than", "7d"), 1), (("--older-than", "x"), 2), (("--on", "yesterday"), 2)],
)
def test_exit_code_says_whether_something_is_stale(tmp_path: Path, options: tuple[str, ...], code: int) -> None:
    on = () if "--on" in options else ("--on", "2026-11-28")
    assert run_here("pack", "stale", str(PACK), *on, *options, home=tmp_path).code == code
