# SPDX-License-Identifier: Apache-2.0
"""A pack by its name: a folder, or a revision of git that is read and never checked out."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from borderready.errors import RuleBaseError, UsageError
from borderready.keep.packs import PackStore
from borderready.pack.named import contents_of, name_in
from tests.pack.packs import small_files, write_small
from tests.packs import built, terms, write_built

GIT = ("git", "-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false")


def _git(folder: Path, *arguments: str) -> str:
    own = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    done = subprocess.run([*GIT, *arguments], cwd=folder, env=own, capture_output=True, check=True)
    return done.stdout.decode().strip()


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with the invented pack in rules/ and in packs/house/, in which one stands."""
    for variable in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(variable)
    write_small(tmp_path / "rules")
    write_small(tmp_path / "packs" / "house")
    (tmp_path / "rules" / ".hidden").write_text("x")
    (tmp_path / "rules" / "link.md").symlink_to("/etc/passwd")
    _git(tmp_path, "init", "-q")
    _git(tmp_path, "add", "-A")
    _git(tmp_path, "commit", "-q", "-m", "one")
    _git(tmp_path, "tag", "v1")
    (tmp_path / "rules" / "VERSION").write_text("2.0.0\n")
    _git(tmp_path, "commit", "-q", "-a", "-m", "two")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_folder_gives_its_files(tmp_path: Path) -> None:
    assert contents_of(str(write_small(tmp_path / "p"))) == small_files()


def test_revision_gives_the_folder_rules_as_it_was(repository: Path) -> None:
    assert contents_of("git:v1") == small_files()
    assert contents_of("git:HEAD")["VERSION"] == b"2.0.0\n"
    assert contents_of("git:HEAD~1")["VERSION"] == small_files()["VERSION"]


def test_revision_gives_another_folder_and_from_within_a_folder(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert contents_of("git:v1:packs/house") == small_files()
    monkeypatch.chdir(repository / "packs" / "house")
    assert contents_of("git:v1") == small_files()
    assert contents_of("git:v1:packs/house/") == small_files()


def test_working_tree_is_neither_read_nor_touched(repository: Path) -> None:
    (repository / "rules" / "VERSION").write_text("dirty\n")
    before = _git(repository, "status", "--porcelain")
    assert contents_of("git:HEAD")["VERSION"] == b"2.0.0\n"
    assert _git(repository, "status", "--porcelain") == before


def test_variables_that_send_git_elsewhere_are_not_followed(
    repository: Path, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    other = tmp_path_factory.mktemp("other")
    _git(other, "init", "-q")
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(other))
    monkeypatch.setenv("GIT_EXTERNAL_DIFF", "false")
    assert contents_of("git:v1") == small_files()


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("git:nope", "named.no_git"),
        ("git:", "named.no_git"),
        ("git:--help", "named.no_git"),
        ("git:v1:../rules", "named.git_path"),
        ("git:v1:nowhere", "named.no_git"),
        ("nothing-of-the-name", "named.nothing"),
        ("nothing.zip", "named.nothing"),
    ],
)
def test_what_is_not_there_is_wrong_usage(repository: Path, name: str, key: str) -> None:
    with pytest.raises(UsageError) as raised:
        contents_of(name)
    assert [fault.what.key for fault in raised.value.faults] == [key]


def test_outside_of_a_repository_git_has_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    with pytest.raises(UsageError):
        contents_of("git:HEAD")


@pytest.mark.parametrize("name", ["git:v1:packs", "packs"])
def test_folder_without_a_version_is_no_pack(repository: Path, name: str) -> None:
    with pytest.raises(RuleBaseError):
        contents_of(name)


@pytest.mark.parametrize(
    ("text", "files", "name"),
    [
        ("rules", {}, "cn"),
        ("git:v1", {}, "cn"),
        ("git:v1:packs/house", {}, "house"),
        ("packs/house", {}, "house"),
        ("house-1.0.zip", {}, "house-1.0"),
        ("house@1.0", {}, "house"),
        ("rules", {"pack.yaml": b"name: house\nextends: cn\n"}, "house"),
        ("x.zip", {"MANIFEST.json": b'{"name": "house", "version": "1"}'}, "house"),
        ("packs/house", {"pack.yaml": b"[: broken"}, "house"),
    ],
)
def test_name_is_the_packs_own_else_that_of_its_place(text: str, files: dict[str, bytes], name: str) -> None:
    assert name_in(files, text) == name


# built and installed packs


def test_zip_gives_its_files_and_the_seals_that_speak_of_them(tmp_path: Path) -> None:
    files = built("1.0.0", "a")
    assert contents_of(str(write_built(tmp_path, files))) == files
    assert {"MANIFEST.json", "SIGNATURES.json"} <= set(files)


def test_zip_that_does_not_hold_what_it_says_is_refused(tmp_path: Path) -> None:
    path = write_built(tmp_path, {**built("1.0.0"), "VERSION": b"2.0.0\n"})
    with pytest.raises(RuleBaseError):
        contents_of(str(path))


def test_installed_version_is_found_by_its_full_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    store = PackStore(tmp_path / "data" / "borderready" / "packs")
    for version in ("1.0.0", "1.1.0"):
        store.install(write_built(tmp_path, built(version)), terms())
    assert contents_of("cn@1.0.0") == built("1.0.0")
    assert name_in(contents_of("cn@1.1.0"), "cn@1.1.0") == "cn"
    with pytest.raises(RuleBaseError):
        contents_of("cn@1.2.0")
