# SPDX-License-Identifier: Apache-2.0
"""The user's own notices: what was recorded comes back as it was, all of it or none."""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from borderready.errors import KeepError
from borderready.keep.notices import add_own_notices, read_own_notices, remove_own_notice
from borderready.model import Grade, Notice, Source, Texts
from tests.build import LAW, make_notice, make_source, make_texts

words = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=1, max_size=12)
lists = st.lists(words, max_size=3).map(tuple)
days = st.dates(date(2020, 1, 1), date(2030, 1, 1)).map(date.isoformat)
texts = st.builds(Texts, en=words, vi=words, zh=words)
notices = st.builds(
    Notice,
    id=words,
    title=texts,
    kind=st.sampled_from(["closed", "suspended", "restricted"]),
    gates=lists,
    origins=lists,
    products=lists,
    codes=lists,
    start=days,
    until=st.none() | days,
    source=st.builds(
        Source,
        instrument=words,
        locator=words,
        seen=st.sampled_from(Grade),
        checked=st.none() | days,
        witnesses=lists,
    ),
    fix=st.none() | texts,
)


def read(path: Path) -> tuple[Notice, ...]:
    return read_own_notices(path, shown_as="kept")


def add(path: Path, *new: Notice) -> int:
    return add_own_notices(path, new, shown_as="kept")


@settings(LAW, max_examples=30)
@given(kept=st.lists(notices, max_size=4, unique_by=lambda notice: notice.id))
def test_what_was_recorded_comes_back_as_it_was_in_the_order_of_days(kept: list[Notice]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "new" / "notices.sqlite"
        assert read(path) == ()
        assert add(path, *kept) == len(kept)
        assert read(path) == tuple(sorted(kept, key=lambda notice: (notice.start, notice.id.encode())))


def test_the_same_notice_twice_is_recorded_once(tmp_path: Path) -> None:
    path = tmp_path / "n.sqlite"
    assert add(path, make_notice("a"), make_notice("a")) == 1
    assert add(path, make_notice("a"), make_notice("b")) == 1
    assert [notice.id for notice in read(path)] == ["a", "b"]


def test_another_notice_of_the_same_id_is_refused_and_nothing_of_its_company_stays(tmp_path: Path) -> None:
    path = tmp_path / "n.sqlite"
    add(path, make_notice("a"))
    with pytest.raises(KeepError) as raised:
        add(path, make_notice("b"), make_notice("a", title=make_texts("Other.")))
    assert [(fault.file, fault.what.key) for fault in raised.value.faults] == [("kept", "notice.same_id")]
    assert read(path) == (make_notice("a"),)


def test_a_removed_notice_is_gone_and_removing_it_again_says_so(tmp_path: Path) -> None:
    path = tmp_path / "n.sqlite"
    assert remove_own_notice(path, "a", shown_as="kept") is False
    assert not path.exists()
    add(path, make_notice("a"), make_notice("b"))
    assert remove_own_notice(path, "a", shown_as="kept") is True
    assert remove_own_notice(path, "a", shown_as="kept") is False
    assert read(path) == (make_notice("b"),)


def test_a_file_that_is_no_database_of_notices_is_refused_and_stays(tmp_path: Path) -> None:
    path = tmp_path / "n.sqlite"
    path.write_text("closed on Monday\n", "utf-8")
    for ask in (lambda: read(path), lambda: add(path, make_notice())):
        with pytest.raises(KeepError) as raised:
            ask()
        assert [fault.what.key for fault in raised.value.faults] == ["keep.foreign"]
    assert path.read_text("utf-8") == "closed on Monday\n"


@pytest.mark.parametrize(("column", "cell"), [("gates", "huu-nghi"), ("codes", "7"), ("seen", "rumour")])
def test_a_line_that_another_program_spoilt_is_told_as_damage(column: str, cell: str, tmp_path: Path) -> None:
    path = tmp_path / "n.sqlite"
    add(path, make_notice("a", source=make_source(witnesses=("Quay News",))))
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"UPDATE notice SET {column} = ?", (cell,))  # names of our own
        connection.commit()
    with pytest.raises(KeepError) as raised:
        read(path)
    assert [fault.what.key for fault in raised.value.faults] == ["keep.damaged"]
