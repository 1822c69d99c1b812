# SPDX-License-Identifier: Apache-2.0
"""New files are put down whole or not at all, and never in the place of what is there."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from borderready.errors import UsageError
from borderready.pack.put import put_files, put_folder

FILES = {"a.yaml": "a: 1\n", "b/c.yaml": "c: 1\n"}


def tree(root: Path) -> dict[str, str]:
    return {path.relative_to(root).as_posix(): path.read_text("utf-8") for path in root.rglob("*") if path.is_file()}


def test_folder_is_made_with_all_its_files(tmp_path: Path) -> None:
    put_folder(tmp_path / "x" / "new", FILES)
    assert tree(tmp_path) == {f"x/new/{name}": text for name, text in FILES.items()}


def test_folder_that_is_empty_is_filled(tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    put_folder(tmp_path / "new", FILES)
    assert tree(tmp_path / "new") == FILES


@pytest.mark.parametrize("kind", ["file", "folder", "link", "broken link"])
def test_nothing_that_is_there_is_touched(kind: str, tmp_path: Path) -> None:
    target = tmp_path / "new"
    (tmp_path / "elsewhere").mkdir()
    if kind == "file":
        target.write_text("mine", "utf-8")
    elif kind == "folder":
        target.mkdir()
        (target / "mine").write_text("mine", "utf-8")
    else:
        target.symlink_to(tmp_path / ("elsewhere" if kind == "link" else "nowhere"))
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(UsageError, match=r"new\.exists"):
        put_folder(target, FILES)
    assert sorted(tmp_path.rglob("*")) == before


def test_no_file_is_written_where_one_of_them_is_there_already(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "c.yaml").write_text("mine", "utf-8")
    with pytest.raises(UsageError, match=r"new\.exists"):
        put_files(tmp_path, FILES)
    assert tree(tmp_path) == {"b/c.yaml": "mine"}


def test_file_that_comes_in_between_is_kept_and_what_was_written_taken_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = os.link

    def late(source: str, target: Path) -> None:
        if target.name == "c.yaml":
            target.write_text("mine", "utf-8")
        link(source, target)

    monkeypatch.setattr(os, "link", late)
    with pytest.raises(UsageError, match=r"cli\.cannot_write"):
        put_files(tmp_path, FILES)
    assert tree(tmp_path) == {"b/c.yaml": "mine"}


def test_folder_that_cannot_be_filled_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(UsageError, match=r"cli\.cannot_write"):
        put_folder(tmp_path / "new", FILES)
    assert list(tmp_path.iterdir()) == []
