# SPDX-License-Identifier: Apache-2.0
"""What docs/ci.md shows to copy is what GitHub, GitLab, pre-commit and the program take."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import yaml

from borderready.cli.exits import ExitCode
from tests.ci.place import READY, faults_of_file, make_place, read_yaml
from tests.command import ROOT, Ran, run_here, run_program

TEXT = (ROOT / "docs" / "ci.md").read_text("utf-8")


def _examples(kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)


PRE_COMMIT, WORKFLOW, JOB = _examples("yaml")


def _written(folder: Path, text: str) -> Path:
    path = folder / "example.yaml"
    path.write_text(text, "utf-8")
    return path


def test_configuration_of_pre_commit_names_the_hook(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "pre_commit", "validate-config", str(_written(tmp_path, PRE_COMMIT))]
    assert run_program(command, home=tmp_path) == Ran(code=0, out="", err="")
    [repository] = yaml.safe_load(PRE_COMMIT)["repos"]
    assert [hook["id"] for hook in repository["hooks"]] == [hook["id"] for hook in read_yaml(".pre-commit-hooks.yaml")]


def test_workflow_is_what_github_takes_and_gives_inputs_that_there_are(tmp_path: Path) -> None:
    assert faults_of_file("vendor.github-workflows", _written(tmp_path, WORKFLOW)) == ""
    steps: list[dict[str, Any]] = yaml.safe_load(WORKFLOW)["jobs"]["check"]["steps"]
    [given] = [step["with"] for step in steps if "OWNER/borderready" in step["uses"]]
    assert sorted(set(given) - set(read_yaml("action.yml")["inputs"])) == []


def test_inputs_and_outputs_of_the_action_are_described() -> None:
    action = read_yaml("action.yml")
    for heading in ("input", "output"):
        table = TEXT[TEXT.index(f"| {heading} | meaning |") :].split("\n\n")[0]
        assert re.findall(r"^\| `([a-z-]+)` \|", table, re.MULTILINE) == list(action[f"{heading}s"])


def test_job_is_what_gitlab_takes_and_changes_the_one_that_is_included(tmp_path: Path) -> None:
    assert faults_of_file("vendor.gitlab-ci", _written(tmp_path, JOB)) == ""
    job, included = yaml.safe_load(JOB)["borderready"], read_yaml("ci/gitlab.yml")["borderready"]
    own = {name for name in job["variables"] if not name.startswith("BORDERREADY_")}
    assert sorted(own - set(included["variables"])) == []


def test_configuration_is_one_that_the_program_takes(tmp_path: Path) -> None:
    place = make_place(tmp_path / "work", tmp_path, READY)
    [text] = _examples("toml")
    (place.folder / "borderready.toml").write_text(text, "utf-8")
    assert run_here("config", home=tmp_path, folder=place.folder).code == ExitCode.READY


def test_every_exit_code_of_a_check_is_described() -> None:
    codes = {int(code) for code in re.findall(r"^\| (\d) \|", TEXT, re.MULTILINE)}
    assert codes == set(ExitCode) - {ExitCode.INTERRUPTED}
