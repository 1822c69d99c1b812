# SPDX-License-Identifier: Apache-2.0
"""Answers of earlier runs: given back as they were, or forgotten; never wrong and never in the way."""

from __future__ import annotations

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
        kept.keep(key_of([name]), content.encode())
    kept.close()


def find(path: Path, name: str) -> str | None:
    kept = AnswerCache(path)
    content = kept.find(key_of([name]))
    kept.close()
    return None if content is None else content.decode()


def hard_to_pack(number: int) -> str:
    return "".join(key_of([f"{number} {part}"]).hex() for part in range(40))


def test_an_answer_is_found_in_the_same_run_and_in_the_next(tmp_path: Path) -> None:
    path = tmp_path / "new" / "answers.sqlite"
    kept = AnswerCache(path)
    kept.keep(key_of(["a"]), b"ready")
    assert kept.find(key_of(["a"])) == b"ready"
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
    monkeypatch.setattr(cache, "_TABLES", cache._TABLES.replace("user_version = 1", "user_version = 2"))
    assert find(path, "a") is None


def test_a_folder_that_cannot_be_written_keeps_nothing_and_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    path = tmp_path / "file" / "answers.sqlite"
    keep(path, a="ready")
    assert find(path, "a") is None


def test_the_oldest_answers_go_where_the_file_grows_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
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
    kept.keep(key_of([f"n{number}"]), str(number).encode())
kept.close()
"""
    both = [subprocess.Popen([sys.executable, "-c", script, str(path)]) for _ in range(2)]
    assert [process.wait() for process in both] == [0, 0]
    assert (find(path, "n0"), find(path, "n1999")) == ("0", "1999")
