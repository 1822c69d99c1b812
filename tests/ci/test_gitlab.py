# SPDX-License-Identifier: Apache-2.0
"""The job for GitLab: sound by GitLab's own schema, its script run by bash, its artifacts there and sound."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.ci.place import (
    NOT_READY,
    READY,
    Place,
    faults_of_code_quality,
    faults_of_file,
    faults_of_junit,
    install_program,
    make_place,
    read_yaml,
)
from tests.command import Ran

JOB = read_yaml("ci/gitlab.yml")["borderready"]
SCRIPT = "\n".join(JOB["script"])
CODE_QUALITY, JUNIT = JOB["artifacts"]["paths"]


def run_script(place: Place, **variables: str) -> Ran:
    """Run the script with the job's variables, some of them changed, and a program on PATH."""
    scripts = place.folder.parent / "bin"
    if not scripts.exists():
        install_program(scripts)
    defaults = {name: JOB["variables"][name] for name in ("MANIFESTS", "ONLY_CHANGED")}
    path = f"{scripts}{os.pathsep}{os.environ['PATH']}"
    return place.run(["bash", "-eo", "pipefail", "-c", SCRIPT], {**defaults, **variables, "PATH": path})


@pytest.fixture
def place(tmp_path: Path, ci_home: Path) -> Place:
    return make_place(tmp_path / "work", ci_home, READY)


def test_job_is_what_gitlab_takes() -> None:
    assert faults_of_file("vendor.gitlab-ci", "ci/gitlab.yml") == ""


def test_reports_are_the_artifacts() -> None:
    assert JOB["artifacts"]["reports"] == {"codequality": CODE_QUALITY, "junit": JUNIT}
    assert JOB["artifacts"]["when"] == "always"


@pytest.mark.parametrize(("name", "code"), [(READY, 0), (NOT_READY, 1)])
def test_artifacts_are_written_whatever_the_verdict(tmp_path: Path, ci_home: Path, name: str, code: int) -> None:
    place = make_place(tmp_path / "work", ci_home, name)
    ran = run_script(place)
    assert (ran.code, ran.err) == (code, "")
    assert faults_of_code_quality(place.folder / CODE_QUALITY) == []
    assert faults_of_junit(place.folder / JUNIT) == []
    assert name in ran.out


def test_undecided_keeps_its_exit_code(place: Place) -> None:
    """So that `allow_failure: exit_codes` can tell it from the rest."""
    (place.folder / "outbox" / "registers").rename(place.folder / "elsewhere")
    assert run_script(place).code == 4


def test_only_what_the_merge_request_changes_is_checked(place: Place) -> None:
    base = place.commit()
    nothing = run_script(place, ONLY_CHANGED="true", CI_MERGE_REQUEST_DIFF_BASE_SHA=base)
    assert (nothing.code, nothing.out) == (0, "No manifest has changed: nothing was checked.\n")
    assert nothing.err == "borderready: notice: nothing to check\n"
    assert run_script(place, ONLY_CHANGED="true").code == 0  # on the default branch all are checked
    assert (place.folder / JUNIT).exists()


def test_nothing_to_check_is_a_fault_where_all_was_to_be_checked(place: Place) -> None:
    (place.folder / "borderready.toml").write_text('exclude = ["*.yaml"]\n', "utf-8")
    assert run_script(place).code == 3


def test_name_with_spaces_and_commands_is_a_name(tmp_path: Path, ci_home: Path) -> None:
    name = "out box $(touch pwned)"
    place = make_place(tmp_path / "work", ci_home, READY, outbox=name)
    assert run_script(place, MANIFESTS=name).code == 0
    assert not (place.folder / "pwned").exists()


def test_install_asks_for_a_package(place: Place) -> None:
    [ask] = [line for line in JOB["before_script"] if "pip install" in line]
    ran = place.run(["bash", "-eo", "pipefail", "-c", ask], {"PACKAGE": JOB["variables"]["PACKAGE"]})
    assert ran.code != 0
    assert "say in PACKAGE what pip installs" in ran.err
