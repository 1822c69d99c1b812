# SPDX-License-Identifier: Apache-2.0
"""Which files have changed: by a real git, and by looking again."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path

import pytest

from borderready.batch import changed
from borderready.batch.changed import Change, look_at, select_changed, watch
from borderready.errors import UsageError

WHO = ("-c", "user.name=Nobody", "-c", "user.email=nobody@example.org", "-c", "commit.gpgsign=false")


def git(*arguments: str) -> None:
    subprocess.run(["git", *WHO, *arguments], check=True, capture_output=True)


@pytest.fixture(name="repository")
def _repository(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "repository"
    (folder / "out").mkdir(parents=True)
    with chdir(folder):
        git("init", "--initial-branch=main")
        for name in ("same", "edited", "committed", "removed"):
            Path(f"out/{name} 榴莲.yaml").write_text(name)
        git("add", ".")
        git("commit", "--message=first")
        git("tag", "before")
        Path("out/committed 榴莲.yaml").write_text("else")
        git("commit", "--all", "--message=second")
        Path("out/edited 榴莲.yaml").write_text("else")
        Path("out/new 榴莲.yaml").write_text("new")
        Path("out/removed 榴莲.yaml").unlink()
        yield folder


NAMES = [f"out/{name} 榴莲.yaml" for name in ("same", "edited", "committed", "removed", "new")]


def test_what_was_committed_edited_or_added_since_has_changed(repository: Path) -> None:
    assert select_changed(NAMES, since="before") == (NAMES[1], NAMES[2], NAMES[4])
    assert select_changed(NAMES, since="HEAD") == (NAMES[1], NAMES[4])


def test_names_are_understood_from_a_folder_of_the_repository(repository: Path) -> None:
    with chdir("out"):
        names = [name.removeprefix("out/") for name in NAMES]
        assert select_changed(names, since="before") == (names[1], names[2], names[4])


@pytest.mark.parametrize("since", ["nowhere", "--output=x", ""])
def test_a_commit_that_is_none_is_told_and_nothing_is_done(repository: Path, since: str) -> None:
    with pytest.raises(UsageError) as raised:
        select_changed(NAMES, since=since)
    assert raised.value.faults[0].what.key == "batch.no_commit"
    assert not Path("x").exists()


def test_a_folder_without_a_repository_is_told(tmp_path: Path) -> None:
    with chdir(tmp_path), pytest.raises(UsageError) as raised:
        select_changed(["a.yaml"], since="HEAD")
    assert raised.value.faults[0].what.key == "batch.no_commit"


def test_a_machine_without_git_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UsageError) as raised:
        select_changed(["a.yaml"], since="HEAD")
    assert raised.value.faults[0].what.key == "batch.no_git"


def test_watching_tells_what_came_and_what_was_saved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changed, "PAUSE_SECONDS", 0.01)
    first, second, third = (tmp_path / name for name in ("a.yaml", "b.yaml", "c.yaml"))
    first.write_text("one")
    second.write_text("two")

    def change() -> None:
        """Make one change each time the files are looked at, the first before the first look."""
        count = len(looks)
        looks.append(count)
        if count == 1:
            first.write_text("changed")
        elif count == 2:
            second.unlink()
        elif count == 3:
            third.write_text("new")

    def look() -> list[str]:
        change()
        return sorted(map(str, tmp_path.glob("*.yaml")))

    looks: list[int] = []
    seen = watch(look, look_at(look()))
    assert [next(seen) for _ in range(3)] == [
        Change(names=(str(first), str(second)), changed=(str(first),), gone=()),
        Change(names=(str(first),), changed=(), gone=(str(second),)),
        Change(names=(str(first), str(third)), changed=(str(third),), gone=()),
    ]
