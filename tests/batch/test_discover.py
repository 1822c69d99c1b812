# SPDX-License-Identifier: Apache-2.0
"""Which files are checked: those named, and of folders all that end like manifests, ordered, none from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import chdir
from pathlib import Path

import pytest

from borderready.batch.discover import Found, discover
from borderready.errors import UsageError


@pytest.fixture(name="here")
def _here(tmp_path: Path) -> Iterator[Path]:
    (tmp_path / "work").mkdir()
    with chdir(tmp_path / "work"):
        yield tmp_path / "work"


def make(folder: Path, *names: str, text: str = "") -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def names_of(*given: str, exclude: Sequence[str] = ()) -> list[str]:
    return list(find(*given, exclude=exclude).names)


def find(*given: str, exclude: Sequence[str] = ()) -> Found:
    return discover(given, exclude=exclude, read_list=lambda name: Path(name).read_text())


def told(*given: str) -> str:
    with pytest.raises(UsageError) as raised:
        names_of(*given)
    return raised.value.faults[0].what.key


def test_a_folder_gives_its_manifests_in_order_and_nothing_else(here: Path) -> None:
    make(here, "out/b.yaml", "out/a.yml", "out/z/1.json", "out/z/2.ndjson.gz", "out/a/3.jsonl", "out/c.YAML")
    make(here, "out/notes.txt", "out/.hidden.yaml", "out/.git/x.yaml", "out/registers/gacc-orchards.csv", "else.yaml")
    expected = ["out/a.yml", "out/b.yaml", "out/c.YAML", "out/a/3.jsonl", "out/z/1.json", "out/z/2.ndjson.gz"]
    assert names_of("out") == names_of("out/") == names_of("./out") == expected


def test_names_stand_as_given_and_each_file_once(here: Path) -> None:
    make(here, "a.yaml", "out/b.yaml")
    assert names_of("out/b.yaml", "-", "a.yaml", "out", "./a.yaml", "-", "gone.yaml") == [
        "out/b.yaml",
        "-",
        "a.yaml",
        "gone.yaml",
    ]


def test_a_pattern_gives_what_it_matches_and_a_file_of_that_name_itself(here: Path) -> None:
    make(here, "out/a.yaml", "out/b.yaml", "out/deep/c.yaml", "out/[x].yaml")
    assert names_of("out/[ab].yaml") == ["out/a.yaml", "out/b.yaml"]
    assert names_of("out/**/c.yaml") == ["out/deep/c.yaml"]
    assert names_of("out/[x].yaml") == ["out/[x].yaml"]
    assert told("out/*.json") == "batch.no_match"


def test_a_list_names_files_folders_and_patterns(here: Path) -> None:
    make(here, "out/a.yaml", "out/b.yaml", "c.yaml")
    make(here, "list.txt", text="# today's trucks\n\n  c.yaml \nout\n")
    assert names_of("@list.txt") == ["c.yaml", "out/a.yaml", "out/b.yaml"]


def test_a_folder_without_manifests_is_told(here: Path) -> None:
    (here / "empty").mkdir()
    make(here, "only/notes.txt")
    assert (told("empty"), told("only")) == ("batch.empty_folder", "batch.empty_folder")


def test_gitignore_holds_in_its_folder_and_below_and_the_nearest_speaks_first(here: Path) -> None:
    make(here, "out/a.yaml", "out/draft-a.yaml", "out/sub/draft-b.yaml", "out/old/c.yaml", "out/sub/deep/draft-d.yaml")
    make(here, "out/.gitignore", text="draft-*\n/old/\n")
    make(here, "out/sub/.gitignore", text="!draft-b.yaml\n")
    assert names_of("out") == ["out/a.yaml", "out/sub/draft-b.yaml"]
    assert names_of("out/draft-a.yaml") == ["out/draft-a.yaml"]


def test_gitignore_of_the_repository_holds_in_a_folder_of_it(here: Path) -> None:
    make(here, "repo/.git/HEAD", "repo/out/a.yaml", "repo/out/b.yaml")
    make(here, "repo/.gitignore", text="out/b.yaml\n")
    make(here, ".gitignore", text="a.yaml\n")  # outside of the repository
    assert names_of("repo/out") == ["repo/out/a.yaml"]


def test_excluded_files_and_folders_are_left_out_of_folders_and_patterns(here: Path) -> None:
    make(here, "out/a.yaml", "out/waivers.yaml", "out/old/b.yaml")
    exclude = ["waivers.yaml", "out/old/"]
    assert names_of("out", exclude=exclude) == names_of("out/**/*.yaml", exclude=exclude) == ["out/a.yaml"]
    assert names_of("out/waivers.yaml", exclude=exclude) == ["out/waivers.yaml"]


def test_no_link_leads_out_of_the_tree_and_what_was_not_followed_is_told(here: Path) -> None:
    make(here, "out/a.yaml", "else/b.yaml")
    (here / "out/inside.yaml").symlink_to(here / "out/a.yaml")
    (here / "out/outside.yaml").symlink_to(here / "else/b.yaml")
    (here / "out/folder").symlink_to(here / "else")
    (here / "out/loop").symlink_to(here / "out")
    found = find("out")
    assert found.names == ("out/a.yaml",)  # the link inside is the same file, once
    assert sorted(found.skipped) == ["out/folder", "out/loop", "out/outside.yaml"]
