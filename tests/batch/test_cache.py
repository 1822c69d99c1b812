# SPDX-License-Identifier: Apache-2.0
"""Answers of earlier runs: given back as they were, or forgotten; never wrong and never in the way."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from borderready.batch import cache
from borderready.batch.cache import AnswerCache, key_of
from tests.build import LAW


def keep(path: Path, **answers: str) -> None:
    kept = AnswerCache(path)
    for name, content in answers.items():
        kept.keep(key_of([name]), b"head", content.encode().splitlines(keepends=True))
    kept.close()


def find(path: Path, name: str) -> str | None:
    kept = AnswerCache(path)
    found = kept.find(key_of([name]))
    pieces = None if found is None else kept.pieces_of(found)
    kept.close()
    return None if pieces is None else b"".join(pieces).decode()


def hard_to_pack(number: int) -> str:
    return "".join(key_of([f"{number} {part}"]).hex() for part in range(40))


def test_an_answer_is_found_in_the_same_run_and_in_the_next(tmp_path: Path) -> None:
    path = tmp_path / "new" / "answers.sqlite"
    kept = AnswerCache(path)
    kept.keep(key_of(["a"]), b"head", [b"ready"])
    found = kept.find(key_of(["a"]))
    assert found is not None
    assert (found.head, kept.pieces_of(found)) == (b"head", (b"ready",))
    kept.close()
    assert (find(path, "a"), find(path, "b")) == ("ready", None)


@settings(LAW, max_examples=200)
@given(st.lists(st.text(max_size=4), max_size=4), st.lists(st.text(max_size=4), max_size=4))
def test_parts_that_differ_give_keys_that_differ(left: list[str], right: list[str]) -> None:
    """Wherever one part ends and the next begins."""
    assert (key_of(left) == key_of(right)) is (left == right)


@pytest.mark.parametrize("content", [b"", b"not a database at all, but long enough to be taken for one", b"\0" * 9000])
def test_a_file_that_is_no_cache_is_begun_anew(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "answers.sqlite"
    path.write_bytes(content)
    keep(path, a="ready")
    assert find(path, "a") == "ready"


def test_a_damaged_cache_forgets_and_begins_anew(tmp_path: Path) -> None:
    path = tmp_path / "answers.sqlite"
    keep(path, **{f"n{number}": "ready" * number for number in range(400)})
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xa5" * (len(content) - 4096)
    path.write_bytes(content)
    assert [find(path, f"n{number}") for number in range(3)] == [None, None, None]
    keep(path, a="ready")
    assert find(path, "a") == "ready"


def test_a_cache_of_another_form_is_begun_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "answers.sqlite"
    keep(path, a="ready")
    monkeypatch.setattr(cache, "FORMAT", cache.FORMAT + 1)
    monkeypatch.setattr(cache, "_TABLES", cache._TABLES.replace("user_version = 2", "user_version = 3"))
    assert find(path, "a") is None


def test_a_folder_that_cannot_be_written_keeps_nothing_and_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    path = tmp_path / "file" / "answers.sqlite"
    keep(path, a="ready")
    assert find(path, "a") is None


def test_older_answers_go_where_the_file_grows_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "answers.sqlite"
    monkeypatch.setattr(cache, "MAX_BYTES", 100_000)
    for start in range(0, 400, 20):
        keep(path, **{f"n{number}": hard_to_pack(number) for number in range(start, start + 20)})
    assert find(path, "n0") is None
    assert find(path, "n399") is not None
    assert path.stat().st_size < 400_000


def test_two_processes_share_a_cache(tmp_path: Path) -> None:
    path = tmp_path / "answers.sqlite"
    script = """
import sys
from pathlib import Path
from borderready.batch.cache import AnswerCache, key_of
kept = AnswerCache(Path(sys.argv[1]))
for number in range(2000):
    kept.keep(key_of([f"n{number}"]), b"", [str(number).encode() * 100, str(number % 7).encode() * 300])
kept.close()
"""
    both = [subprocess.Popen([sys.executable, "-c", script, str(path)]) for _ in range(2)]
    assert [process.wait() for process in both] == [0, 0]
    assert (find(path, "n0"), find(path, "n1999")) == ("0" * 400, "1999" * 100 + "4" * 300)


LONG = "".join(f"{number} " for number in range(200)) + "\n"


def rows_of(path: Path, table: str) -> int:
    connection = sqlite3.connect(path)
    (count,) = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
    connection.close()
    return int(count)


def test_a_long_piece_is_kept_once_and_found_again_whole(tmp_path: Path) -> None:
    path = tmp_path / "answers.sqlite"
    texts = {f"n{number}": f"{number}\n{LONG}\n{number}\n{LONG}" for number in range(4)}
    keep(path, **texts)
    keep(path, later=f"later\n{LONG}")
    assert (rows_of(path, "answer"), rows_of(path, "piece")) == (5, 1)
    assert {name: find(path, name) for name in texts} == texts
    assert find(path, "later") == f"later\n{LONG}"


def test_a_huge_piece_is_that_of_one_answer(tmp_path: Path) -> None:
    """As of a format that shares nothing: to remember it would take as much memory as all texts of a run."""
    path = tmp_path / "answers.sqlite"
    huge = LONG.strip() * 20
    keep(path, a=huge)
    assert (rows_of(path, "piece"), find(path, "a")) == (0, huge)


def test_an_answer_of_which_a_piece_is_gone_is_not_found(tmp_path: Path) -> None:
    path = tmp_path / "answers.sqlite"
    keep(path, a=LONG, b="short")
    connection = sqlite3.connect(path)
    connection.execute("DELETE FROM piece")
    connection.commit()
    connection.close()
    assert (find(path, "a"), find(path, "b")) == (None, "short")


def test_a_piece_is_never_taken_for_another_that_was_there_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not by a run that still knows its number while another run gives up all that was there."""
    path = tmp_path / "answers.sqlite"
    first, second = AnswerCache(path), AnswerCache(path)
    first.keep(key_of(["a"]), b"", [LONG.encode()])
    first.flush()
    monkeypatch.setattr(cache, "MAX_BYTES", 0)
    second.keep(key_of(["b"]), b"", [LONG.encode()[::-1]])
    second.close()
    monkeypatch.undo()
    first.keep(key_of(["c"]), b"", [LONG.encode()])
    first.close()
    assert (find(path, "a"), find(path, "b"), find(path, "c")) == (None, LONG[::-1], None)


def test_a_run_that_gives_up_what_was_there_keeps_its_pieces_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "answers.sqlite"
    kept = AnswerCache(path)
    kept.keep(key_of(["a"]), b"", [LONG.encode()])
    kept.flush()
    monkeypatch.setattr(cache, "MAX_BYTES", 0)
    kept.keep(key_of(["b"]), b"", [LONG.encode()])
    kept.close()
    assert (find(path, "a"), find(path, "b")) == (None, LONG)


def test_numbers_of_pieces_that_could_not_be_written_are_forgotten(tmp_path: Path) -> None:
    path = tmp_path / "answers.sqlite"
    kept = AnswerCache(path)
    kept.keep(key_of(["broken"]), b"", [LONG.encode(), b"\xff"])
    with pytest.raises(UnicodeDecodeError):
        kept.flush()
    keep(path, other=LONG[::-1])
    kept.keep(key_of(["a"]), b"", [LONG.encode()])
    kept.close()
    assert (find(path, "other"), find(path, "a"), find(path, "broken")) == (LONG[::-1], LONG, None)


def test_no_more_pieces_are_remembered_than_so_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "answers.sqlite"
    monkeypatch.setattr(cache, "MOST_REMEMBERED", 3)
    text = "".join(LONG.replace("0", letter) for letter in "abcdefgh")
    keep(path, a=text, b=text)
    assert (rows_of(path, "piece"), find(path, "a"), find(path, "b")) == (8, text, text)
