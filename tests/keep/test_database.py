# SPDX-License-Identifier: Apache-2.0
"""What this machine keeps: a change happens whole or not at all, and whatever a file may be is told in a sentence."""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

import pytest

from borderready.errors import KeepError
from borderready.i18n import say_all
from borderready.keep.database import Form, open_to_read, open_to_write
from tests.read.build import ask_unprivileged

FORM = Form(application_id=0x62724B31, version=2, tables=("CREATE TABLE fruit (name TEXT PRIMARY KEY)",))


def add(path: Path, *names: str, form: Form = FORM) -> None:
    with open_to_write(path, form, shown_as="kept") as connection:
        connection.executemany("INSERT INTO fruit VALUES (?)", [(name,) for name in names])


def add_and_stumble(path: Path, name: str) -> None:
    with open_to_write(path, FORM, shown_as="kept") as connection:
        connection.execute("INSERT INTO fruit VALUES (?)", (name,))
        raise ZeroDivisionError


def names_in(path: Path, form: Form = FORM) -> list[str] | None:
    connection = open_to_read(path, form, shown_as="kept")
    if connection is None:
        return None
    with closing(connection):
        return [name for (name,) in connection.execute("SELECT name FROM fruit ORDER BY name")]


def refusal(path: Path) -> str:
    """Return why a file is refused, alike for reading and writing, and see that its bytes stay."""
    before = path.read_bytes()
    told = []
    for ask in (names_in, add):
        with pytest.raises(KeepError) as raised:
            ask(path)
        (fault,) = raised.value.faults
        assert fault.hint is not None
        assert say_all(fault.what) and say_all(fault.hint)
        told.append(fault.what.key)
    assert len(set(told)) == 1
    assert path.read_bytes() == before
    return told[0]


def test_what_was_added_is_there_and_before_that_nothing_is(tmp_path: Path) -> None:
    path = tmp_path / "new" / "kept.sqlite"
    assert names_in(path) is None
    add(path, "durian", "longan")
    assert names_in(path) == ["durian", "longan"]
    assert [member.name for member in path.parent.iterdir()] == ["kept.sqlite"]


def test_a_change_that_fails_half_way_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "kept.sqlite"
    add(path, "durian")
    with pytest.raises(KeepError):
        add(path, "longan", "durian")
    with pytest.raises(ZeroDivisionError):
        add_and_stumble(path, "lychee")
    assert names_in(path) == ["durian"]


def test_the_first_change_that_fails_leaves_no_tables_behind(tmp_path: Path) -> None:
    path = tmp_path / "kept.sqlite"
    with pytest.raises(ZeroDivisionError):
        add_and_stumble(path, "lychee")
    assert names_in(path) is None
    add(path, "durian")
    assert names_in(path) == ["durian"]


def test_a_reader_sees_one_state_while_another_process_writes(tmp_path: Path) -> None:
    path = tmp_path / "kept.sqlite"
    add(path, "durian")
    connection = open_to_read(path, FORM, shown_as="kept")
    assert connection is not None
    with closing(connection):
        add(path, "longan")
        assert connection.execute("SELECT count(*) FROM fruit").fetchone() == (1,)
    assert names_in(path) == ["durian", "longan"]


@pytest.mark.parametrize("content", [b"no database, but more than sixteen bytes of text", b"PK\x03\x04" + b"\0" * 4096])
def test_a_file_that_is_no_database_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "kept.sqlite"
    path.write_bytes(content)
    assert refusal(path) == "keep.foreign"


def test_a_database_of_another_program_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "kept.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript("CREATE TABLE contacts (name TEXT)")
    assert refusal(path) == "keep.foreign"


@pytest.mark.parametrize(("version", "key"), [(3, "keep.newer"), (1, "keep.older")])
def test_a_database_of_another_version_is_refused(tmp_path: Path, version: int, key: str) -> None:
    path = tmp_path / "kept.sqlite"
    add(path, "durian", form=Form(application_id=FORM.application_id, version=version, tables=FORM.tables))
    assert refusal(path) == key


def test_a_damaged_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "kept.sqlite"
    add(path, *(f"fruit {number}" for number in range(2000)))
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xa5" * (len(content) - 4096)
    path.write_bytes(content)
    with pytest.raises(KeepError) as raised:
        add(path, "durian")
    assert [fault.what.key for fault in raised.value.faults] == ["keep.damaged"]


def test_a_folder_that_may_not_be_written_is_read_and_says_so_when_written() -> None:
    with tempfile.TemporaryDirectory() as name:  # pytest's own folders cannot be entered by another user
        folder = Path(name)
        path = folder / "kept.sqlite"
        add(path, "durian")

        def ask() -> tuple[list[str] | None, str]:
            try:
                add(path, "longan")
            except KeepError as error:
                return names_in(path), error.faults[0].what.key
            return names_in(path), "written"

        names, key = ask_unprivileged(ask, folder=folder)
        assert names == ["durian"]
        assert key in ("keep.read_only", "keep.cannot_open")


def test_a_folder_in_the_place_of_the_file_is_told(tmp_path: Path) -> None:
    for ask in (names_in, add):
        with pytest.raises(KeepError) as raised:
            ask(tmp_path)
        assert [fault.what.key for fault in raised.value.faults] == ["keep.cannot_open"]
