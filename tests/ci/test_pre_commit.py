# SPDX-License-Identifier: Apache-2.0
"""The hook, run by pre-commit itself in a repository: its definition as published, its program that of the tests."""

from __future__ import annotations

import os
import re
import shutil
import sys
from pathlib import Path

import pytest
import yaml

from tests.ci.place import NOT_READY, READY, Place, install_program, make_place, read_yaml
from tests.command import ROOT, Ran, run_program

[HOOK] = read_yaml(".pre-commit-hooks.yaml")
PRE_COMMIT = (sys.executable, "-m", "pre_commit")


@pytest.fixture
def place(tmp_path: Path, ci_home: Path) -> Place:
    """A repository with the hook installed; `language: system` takes the program on PATH, without a network."""
    place = make_place(tmp_path / "work", ci_home)
    hook = {**HOOK, "language": "system"}
    (place.folder / ".pre-commit-config.yaml").write_text(
        yaml.safe_dump({"repos": [{"repo": "local", "hooks": [hook]}]}), "utf-8"
    )
    install_program(tmp_path / "bin")
    place.commit()
    installed = place.run([*PRE_COMMIT, "install"], _environment(place))
    assert installed.code == 0, installed.err
    return place


def _environment(place: Place) -> dict[str, str]:
    author = {f"GIT_{who}_{what}": "a@example.com" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    path = f"{place.folder.parent / 'bin'}{os.pathsep}{os.environ['PATH']}"
    return {**author, "PATH": path, "PRE_COMMIT_HOME": str(place.home / "pre-commit")}


def _commit(place: Place, *names: str) -> Ran:
    """Commit files with the hook, as the user would."""
    for name in names:
        target = place.folder / name
        target.parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / "examples" / target.name, target)
    place.git("add", "--all")
    return place.run(["git", "commit", "--message", "change"], _environment(place))


def _count_commits(place: Place) -> int:
    return int(place.git("rev-list", "--count", "HEAD"))


def test_definition_is_what_pre_commit_takes() -> None:
    ran = run_program([*PRE_COMMIT, "validate-manifest", str(ROOT / ".pre-commit-hooks.yaml")], home=ROOT)
    assert ran == Ran(code=0, out="", err="")


def test_ready_manifest_is_committed(place: Place) -> None:
    ran = _commit(place, f"outbox/{READY}")
    assert ran.code == 0, ran.err
    assert "Passed" in ran.err + ran.out
    assert _count_commits(place) == 2


def test_commit_of_a_manifest_that_is_not_ready_is_refused_and_the_rule_is_named(place: Place) -> None:
    ran = _commit(place, f"outbox/{NOT_READY}")
    said = ran.out + ran.err
    assert ran.code == 1
    assert "- exit code: 1" in said
    assert f"outbox/{NOT_READY}" in said
    assert "vn/banana/maturity" in said
    assert _count_commits(place) == 1


def test_what_is_no_manifest_is_not_checked(place: Place) -> None:
    ran = _commit(place, NOT_READY)
    assert ran.code == 0, ran.err
    assert "no files to check" in ran.out + ran.err


@pytest.mark.parametrize(
    ("name", "is_taken"),
    [
        ("outbox/a.yaml", True),
        ("2026/manifests/week 3/a.yml", True),
        ("shipments/season.ndjson.gz", True),
        ("outbox/a.json", True),
        ("outbox/registers/gacc-orchards.csv", False),
        ("a.yaml", False),
        ("my-outbox/a.yaml", False),
        (".github/workflows/check.yaml", False),
        ("outbox/a.yaml.orig", False),
    ],
)
def test_files_of_the_hook(name: str, is_taken: bool) -> None:
    assert (re.search(HOOK["files"], name) is not None) == is_taken
