# SPDX-License-Identifier: Apache-2.0
"""Notices of a pack and of a user's file: their last days are computed, and what they name is known."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from borderready.cli.session import kind_schemas
from borderready.errors import BorderreadyError, KeepError, RuleBaseError
from borderready.i18n import say
from borderready.model import Grade, Notice, Source, Texts
from borderready.read.notice import Known, last_day, read_notices
from borderready.read.rule_base import load_pack_files, read_pack
from borderready.read.rule_cache import load_rule_base
from tests.build import LAW, make_pack, swap

GATES = {
    "tables/gates.yaml": """\
id: gates
title: {en: Gates, vi: Cửa khẩu, zh: 口岸}
key: [gate]
columns:
  gate: {kind: slug, says: Name.}
""",
    "tables/gates.csv": """\
gate,start,until,instrument,locator,seen,witnesses
huu-nghi,,,act-1,row 1,primary,
""",
}
WEEK = """\
- id: plant-week
  title: {en: The plant is suspended., vi: Cơ sở bị tạm dừng., zh: 企业被暂停。}
  kind: suspended
  applies_to: {origin: [VN], product: [fresh-fruit], code: [DL 183, TS-812]}
  start: 2022-04-20
  for: {weeks: 1}
  source: {instrument: act-1, locator: Notice of 20 April, seen: secondary, checked: 2026-11-20, witnesses: [Quay News]}
"""
GATE = """\
- id: gate-closed
  title: {en: The gate is closed., vi: Cửa khẩu đóng., zh: 口岸关闭。}
  kind: closed
  applies_to: {gate: [huu-nghi]}
  start: 2024-02-10
  until: 2024-02-13
  fix: {en: Wait., vi: Chờ., zh: 等待。}
  source: {instrument: act-1, locator: Board, seen: primary, checked: 2026-11-20}
"""
PLANT_WEEK = Notice(
    id="plant-week",
    title=Texts(en="The plant is suspended.", vi="Cơ sở bị tạm dừng.", zh="企业被暂停。"),
    kind="suspended",
    gates=(),
    origins=("VN",),
    products=("fresh-fruit",),
    codes=("DL183", "TS812"),
    start="2022-04-20",
    until="2022-04-26",
    source=Source(
        instrument="act-1",
        locator="Notice of 20 April",
        seen=Grade.SECONDARY,
        checked="2026-11-20",
        witnesses=("Quay News",),
    ),
)
GATE_CLOSED = Notice(
    id="gate-closed",
    title=Texts(en="The gate is closed.", vi="Cửa khẩu đóng.", zh="口岸关闭。"),
    kind="closed",
    gates=("huu-nghi",),
    origins=(),
    products=(),
    codes=(),
    start="2024-02-10",
    until="2024-02-13",
    source=Source(instrument="act-1", locator="Board", seen=Grade.PRIMARY, checked="2026-11-20"),
    fix=Texts(en="Wait.", vi="Chờ.", zh="等待。"),
)


def pack(folder: Path, files: Mapping[str, str | None]) -> Path:
    return make_pack(folder, files={**GATES, **files})


def notices_of(root: Path, cache: Path | None = None) -> tuple[Notice, ...]:
    return load_rule_base(root, kind_schemas(), cache_dir=cache, engine="1", name="t").notices


def told(error: BorderreadyError) -> list[str]:
    """Return each fault as a user reads it: place, sentence, hint."""
    return [
        f"{fault.place}: {say(fault.what, 'en')}" + (f" ({say(fault.hint, 'en')})" if fault.hint else "")
        for fault in error.faults
    ]


def refusal(folder: Path, *files: str) -> list[str]:
    root = pack(folder, {f"notices/n{number}.yaml": text for number, text in enumerate(files)})
    with pytest.raises(RuleBaseError) as raised:
        read_pack(load_pack_files(root), kind_schemas())
    return told(raised.value)


def test_notices_of_a_pack_are_read_from_all_its_files_and_kept_in_the_cache(tmp_path: Path) -> None:
    root = pack(tmp_path, {"notices/plants.yaml": WEEK, "notices/gates.yaml": GATE})
    for _ in range(2):
        assert notices_of(root, tmp_path / "cache") == (GATE_CLOSED, PLANT_WEEK)


def test_a_changed_notice_is_another_pack(tmp_path: Path) -> None:
    def digest() -> str:
        return load_rule_base(root, kind_schemas(), cache_dir=tmp_path / "c", engine="1", name="t").pack.sha256

    root = pack(tmp_path, {"notices/gates.yaml": GATE})
    before = digest()
    (root / "notices" / "gates.yaml").write_text(swap(GATE, ("2024-02-13", "2024-02-14")), "utf-8")
    assert digest() != before
    assert [notice.until for notice in notices_of(root, tmp_path / "c")] == ["2024-02-14"]


def test_until_further_notice_is_said_and_never_left_out_by_mistake(tmp_path: Path) -> None:
    open_ended = swap(GATE, ("until: 2024-02-13", "open_ended: true"))
    assert [n.until for n in notices_of(pack(tmp_path / "a", {"notices/n.yaml": open_ended}))] == [None]
    ends = "say until when, in exactly one way: until, for, or open_ended: true"
    assert refusal(tmp_path / "b", swap(GATE, ("  until: 2024-02-13\n", ""))) == [f"notices/n0.yaml:5:10: {ends}"]
    twice = swap(GATE, ("until: 2024-02-13", "until: 2024-02-13\n  for: {days: 4}"))
    assert refusal(tmp_path / "c", twice) == [f"notices/n0.yaml:5:10: {ends}"]


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (
            "gate: [huu-nghi]",
            "gate: [huu-ngi]",
            "4:23: 'huu-ngi' is not a gate or port that the rule base knows (did you mean 'huu-nghi'?)",
        ),
        (
            "gate: [huu-nghi]",
            "product: [durian-fres]",
            "4:26: 'durian-fres' is neither a product nor a group that the rule base knows"
            " (did you mean 'durian-fresh'?)",
        ),
        ("gate: [huu-nghi]", "origin: [VN]", "4:3: the notice names nothing: give a gate, a product or a code"),
        ("2024-02-13", "2024-02-09", "6:10: the notice ends on 2024-02-09, before it starts on 2024-02-10"),
        ("act-1", "act-2", "8:24: there is no file instruments/act-2.yaml"),
        (
            ", checked: 2026-11-20",
            "",
            "8:3: the source does not say when it was last looked at: add checked",
        ),
    ],
)
def test_a_notice_that_names_what_is_not_there_is_told_with_its_place(
    old: str, new: str, fault: str, tmp_path: Path
) -> None:
    assert refusal(tmp_path, swap(GATE, (old, new))) == [f"notices/n0.yaml:{fault}"]


def test_two_notices_of_one_id_are_told_within_a_file_and_between_files(tmp_path: Path) -> None:
    same = "there is another notice with the id 'gate-closed'"
    assert refusal(tmp_path / "a", GATE + GATE) == [f"notices/n0.yaml:9:7: {same}"]
    assert refusal(tmp_path / "b", GATE, GATE) == [f"notices/n1.yaml:1:7: {same}"]


def test_a_length_beyond_the_calendar_is_told(tmp_path: Path) -> None:
    far = swap(WEEK, ("2022-04-20\n", "9999-12-30\n"))
    assert refusal(tmp_path, far) == ["notices/n0.yaml:6:3: the notice would end after the year 9999"]


@pytest.mark.parametrize(
    ("start", "length", "last"),
    [
        ("2022-04-20", {"weeks": 1}, "2022-04-26"),
        ("2022-04-20", {"weeks": 4}, "2022-05-17"),
        ("2022-05-19", {"weeks": 1}, "2022-05-25"),
        ("2022-05-19", {"weeks": 4}, "2022-06-15"),
        ("2024-02-10", {"days": 1}, "2024-02-10"),
        ("2024-02-29", {"months": 12}, "2025-02-27"),
        ("2022-01-31", {"months": 1}, "2022-02-27"),
        ("2021-12-29", {"months": 1}, "2022-01-28"),
    ],
)
def test_the_first_day_is_one_of_the_days_of_a_length(start: str, length: dict[str, int], last: str) -> None:
    """GACC's notices of May 2022 print the ends 25 May and 15 June themselves."""
    assert last_day(start, length) == last


@settings(LAW, max_examples=60)
@given(start=st.dates(date(2000, 1, 1), date(2090, 1, 1)), weeks=st.integers(1, 520))
def test_so_many_weeks_are_seven_times_so_many_days(start: date, weeks: int) -> None:
    last = last_day(start.isoformat(), {"weeks": weeks})
    assert last == last_day(start.isoformat(), {"days": 7 * weeks})
    assert (date.fromisoformat(last) - start).days == 7 * weeks - 1


KNOWN = Known(gates=frozenset({"huu-nghi"}), goods=frozenset({"fresh-fruit"}))


def read_file(folder: Path, content: bytes | str) -> tuple[Notice, ...]:
    path = folder / "notices.yaml"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_notices(path, KNOWN, shown_as="notices.yaml", taken=frozenset({"of-the-pack"}))


def test_a_file_of_a_user_has_the_form_of_the_pack_and_may_cite_what_it_likes(tmp_path: Path) -> None:
    assert read_file(tmp_path, WEEK + GATE) == (PLANT_WEEK, GATE_CLOSED)
    own = swap(GATE, ("act-1", "own-notice"), (", checked: 2026-11-20", ""))
    (notice,) = read_file(tmp_path, own)
    assert (notice.source.instrument, notice.source.checked) == ("own-notice", None)


@pytest.mark.parametrize(
    ("content", "faults"),
    [
        (b"\xff\xfe\x00", 1),
        ("", 1),
        ("just words\n", 1),
        ("id: x\n", 1),
        (swap(GATE, ("kind: closed", "kind: shut")), 1),
        (swap(GATE, ("gate-closed", "of-the-pack")), 1),
        (swap(GATE, ("huu-nghi", "huu-ngi"), ("2024-02-13", "2024-02-01")), 2),
        (swap(WEEK, ("{weeks: 1}", "{weeks: 1, days: 1}")), 1),
        (swap(WEEK, ("{weeks: 1}", "{weeks: 0}")), 1),
    ],
)
def test_a_file_that_is_none_is_told_in_sentences(content: bytes | str, faults: int, tmp_path: Path) -> None:
    with pytest.raises(KeepError) as raised:
        read_file(tmp_path, content)
    assert len(raised.value.faults) == faults
    assert all(fault.file == "notices.yaml" and say(fault.what, "vi") for fault in raised.value.faults)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(KeepError) as raised:
        read_notices(tmp_path / "none.yaml", KNOWN, shown_as="none.yaml")
    assert [fault.what.key for fault in raised.value.faults] == ["notice.unreadable"]
