# SPDX-License-Identifier: Apache-2.0
"""The pipeline for Jenkins, as far as can be without Jenkins: its scripts run by sh, and what it collects is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.ci.place import NOT_READY, READY, Place, faults_of_junit, faults_of_sarif, install_program, make_place
from tests.command import ROOT, Ran

TEXT = (ROOT / "ci" / "Jenkinsfile").read_text("utf-8")
INSTALL, CHECK = re.findall(r"'''\n(.*?)'''", TEXT, re.DOTALL)
JUNIT, SARIF = "borderready-junit.xml", "borderready.sarif"


def run_check(place: Place, manifests: str = "outbox") -> Ran:
    """Run the script of the second stage as Jenkins does, with the program where the first one puts it."""
    if not (place.folder / ".venv").exists():
        install_program(place.folder / ".venv" / "bin")
    return place.run(["sh", "-xe", "-c", CHECK], {"MANIFESTS": manifests})


@pytest.mark.parametrize(("name", "code"), [(READY, 0), (NOT_READY, 1)])
def test_what_is_collected_is_written_whatever_the_verdict(tmp_path: Path, ci_home: Path, name: str, code: int) -> None:
    place = make_place(tmp_path / "work", ci_home, name)
    assert run_check(place).code == code
    assert faults_of_junit(place.folder / JUNIT) == []
    assert faults_of_sarif(place.folder / SARIF) == []


def test_report_of_an_earlier_build_does_not_stand_for_this_one(tmp_path: Path, ci_home: Path) -> None:
    place = make_place(tmp_path / "work", ci_home, READY)
    (place.folder / JUNIT).write_text("old", "utf-8")
    assert run_check(place, "no-$(touch pwned)-*.yaml").code == 2
    assert sorted(path.name for path in place.folder.iterdir()) == [".venv", "outbox"]


def test_steps_collect_what_the_script_writes() -> None:
    post = TEXT[TEXT.index("post {") :]
    assert re.findall(r"(?:testResults|pattern|artifacts): '([^']+)'", post) == [JUNIT, SARIF, f"{JUNIT}, {SARIF}"]


def test_install_asks_for_a_package(tmp_path: Path, ci_home: Path) -> None:
    place = make_place(tmp_path / "work", ci_home)
    ask = next(line for line in INSTALL.splitlines() if "pip install" in line)
    ran = place.run(["sh", "-xe", "-c", ask], {"PACKAGE": ""})
    assert ran.code != 0
    assert "say in PACKAGE what pip installs" in ran.err


def test_brackets_close_in_the_order_in_which_they_opened() -> None:
    """No parser of Groovy is at hand."""
    plain = re.sub(r"'''.*?'''|'[^'\n]*'|\"[^\"\n]*\"|//[^\n]*", "", TEXT, flags=re.DOTALL)
    open_: list[str] = []
    for character in plain:
        if character in "({[":
            open_.append(character)
        elif character in ")}]":
            assert open_.pop() + character in ("()", "{}", "[]")
    assert open_ == []
