# SPDX-License-Identifier: Apache-2.0
"""The GitHub action: its steps are run by bash as the runner does, with its inputs as variables."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.ci.place import (
    NOT_READY,
    READY,
    Place,
    faults_of_file,
    faults_of_sarif,
    install_program,
    make_place,
    read_yaml,
)
from tests.command import ROOT, Ran, run_program

ACTION = read_yaml("action.yml")
STEPS: dict[str, Any] = {step["name"]: step for step in ACTION["runs"]["steps"]}
CHECK = STEPS["Check manifests"]
BASH = ("bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c")  # what `shell: bash` stands for
HOSTILE = "a b\"; touch pwned; '$(touch pwned)`touch pwned`${IFS}& touch pwned #"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What a step left behind."""

    code: int
    log: str
    outputs: dict[str, str]
    summary: str

    @property
    def obeyed(self) -> list[str]:
        """The commands that the runner would obey."""
        return list(_obeyed(self.log.splitlines()))


def _obeyed(lines: Iterable[str]) -> Iterator[str]:
    mark = None
    for line in lines:
        text = line.strip()
        if mark is not None:
            mark = None if text == f"::{mark}::" else mark
        elif text.startswith("::stop-commands::"):
            mark = text.removeprefix("::stop-commands::")
        elif text.startswith("::"):
            yield text


def run_check(place: Place, **inputs: str) -> Step:
    """Run the step with inputs by their names (`fail_on` for `fail-on`); those left out have their defaults."""
    given = {name: str(about.get("default", "")) for name, about in ACTION["inputs"].items()}
    given |= {name.replace("_", "-"): value for name, value in inputs.items()}
    variables = {name: given[_input_of(value)] for name, value in CHECK["env"].items()}
    runner = place.folder.parent / "runner temp"
    if not runner.exists():
        install_program(runner / "borderready-venv" / "bin")
    outputs, summary = runner / "outputs", runner / "summary"
    outputs.write_text("", "utf-8")
    summary.write_text("", "utf-8")
    runners = {"RUNNER_TEMP": str(runner), "GITHUB_OUTPUT": str(outputs), "GITHUB_STEP_SUMMARY": str(summary)}
    ran = place.run([*BASH, CHECK["run"]], {**runners, **variables})
    assert ran.err == "", "what the program says on standard error belongs between the marks, too"
    return Step(
        code=ran.code,
        log=ran.out,
        outputs=dict(line.split("=", 1) for line in outputs.read_text("utf-8").splitlines()),
        summary=summary.read_text("utf-8"),
    )


def _input_of(value: str) -> str:
    found = re.fullmatch(r"\$\{\{ inputs\.([a-z-]+) \}\}", value)
    assert found is not None
    return found[1]


@pytest.fixture
def place(tmp_path: Path, ci_home: Path) -> Place:
    return make_place(tmp_path / "work", ci_home, READY)


def test_action_is_what_github_takes() -> None:
    assert faults_of_file("vendor.github-actions", "action.yml") == ""


def test_no_expression_stands_in_a_script() -> None:
    scripts = [step["run"] for step in STEPS.values() if "run" in step]
    assert len(scripts) == 2
    assert [script for script in scripts if "${{" in script] == []


def test_every_input_and_output_is_used() -> None:
    text = (ROOT / "action.yml").read_text("utf-8")
    assert [name for name in ACTION["inputs"] if f"inputs.{name} " not in text] == []
    told = {about["value"] for about in ACTION["outputs"].values()}
    assert told == {f"${{{{ steps.check.outputs.{name} }}}}" for name in ACTION["outputs"]}


def test_install_takes_the_action_itself(tmp_path: Path) -> None:
    """A stand-in for Python writes down what it is asked for."""
    temp, python = tmp_path / "runner temp", tmp_path / "python"
    (temp / "borderready-venv" / "bin").mkdir(parents=True)
    (temp / "borderready-venv" / "bin" / "python").symlink_to(python)
    python.write_text('#!/bin/sh\nprintf "<%s>" "$@"\necho\n', "utf-8")
    python.chmod(0o755)
    ran = run_program(
        [*BASH, STEPS["Install borderready"]["run"]],
        home=tmp_path,
        environment={"PYTHON": str(python), "RUNNER_TEMP": str(temp), "GITHUB_ACTION_PATH": "/the action"},
    )
    assert ran == Ran(
        code=0,
        out=f"<-m><venv><{temp}/borderready-venv>\n"
        "<-m><pip><install><--quiet><--disable-pip-version-check></the action>\n",
        err="",
    )


def test_ready_manifest_passes(place: Place) -> None:
    step = run_check(place, paths="outbox")
    assert step.code == 0, step.log
    assert {**step.outputs, "sarif": ""} == {"verdict": "ready", "exit-code": "0", "sarif": ""}
    assert faults_of_sarif(Path(step.outputs["sarif"])) == []
    assert [line for line in step.obeyed if not line.startswith("::notice ")] == []
    assert "| READY | 1 |" in step.summary


def test_manifest_that_is_not_ready_fails_with_annotations_and_the_whole_report_in_the_log(
    tmp_path: Path, ci_home: Path
) -> None:
    step = run_check(make_place(tmp_path / "work", ci_home, NOT_READY), paths=f"outbox/{NOT_READY}")
    assert (step.code, step.outputs["verdict"], step.outputs["exit-code"]) == (1, "not-ready", "1")
    errors = [line for line in step.obeyed if line.startswith("::error ")]
    assert len(errors) == 10
    assert [line for line in errors if not line.startswith(f"::error file=outbox/{NOT_READY},line=")] == []
    assert any("vn/banana/maturity" in line for line in errors)
    assert "NOT READY" in step.log
    assert "| NOT READY | 1 |" in step.summary
    sarif = json.loads(Path(step.outputs["sarif"]).read_text("utf-8"))
    places = {
        place["physicalLocation"]["artifactLocation"]["uri"]
        for result in sarif["runs"][0]["results"]
        for place in result["locations"]
    }
    assert places == {f"outbox/{NOT_READY}"}


def test_undecided_is_not_green(place: Place) -> None:
    (place.folder / "lists").mkdir()
    (place.folder / "outbox" / "registers").rename(place.folder / "kept")
    step = run_check(place, paths="outbox", registers="lists", language="vi")
    assert (step.code, step.outputs["verdict"]) == (4, "undecided")
    step = run_check(place, paths="outbox", registers="kept")
    assert (step.code, step.outputs["verdict"]) == (0, "ready")


def test_inputs_and_arguments_reach_the_program(place: Place) -> None:
    (place.folder / "more").mkdir()
    (place.folder / "more" / "x.yaml").write_text("goods: 1\n", "utf-8")
    args = "\n  --report=junit=out put.xml  \r\n\n--exclude=more/**\n"
    step = run_check(place, paths="  outbox\n\n more \n", args=args, fail_on="warning", summary="false")
    assert (step.code, step.summary) == (0, ""), step.log
    assert (place.folder / "out put.xml").exists()


@pytest.mark.parametrize("paths", ["", " \n ", "outbox/none-*.yaml"])
def test_wrong_usage_is_an_error_without_a_report(place: Place, paths: str) -> None:
    step = run_check(place, paths=paths)
    assert (step.code, step.outputs, step.summary) == (2, {"verdict": "error", "exit-code": "2"}, "")


def test_names_with_spaces_quotes_and_commands_are_names(tmp_path: Path, ci_home: Path) -> None:
    place = make_place(tmp_path / "work", ci_home, READY, outbox=HOSTILE)
    step = run_check(place, paths=HOSTILE)
    assert (step.code, step.outputs["verdict"]) == (0, "ready"), step.log
    assert sorted(path.name for path in place.folder.iterdir()) == [HOSTILE]


@pytest.mark.parametrize("name", [_input_of(value) for value in CHECK["env"].values()])
def test_no_input_is_run(place: Place, name: str) -> None:
    run_check(place, **{"paths": "outbox", name.replace("-", "_"): HOSTILE})
    assert list(place.folder.parent.rglob("pwned")) == []


def test_what_a_file_is_called_is_no_command(place: Place) -> None:
    """Where the text of the program begins a line with it, the runner has been told not to listen."""
    name = "::add-mask::durian"
    step = run_check(place, paths=f"outbox\n{name}")
    assert step.code == 1
    assert any(line.startswith("::add-mask::") for line in step.log.splitlines()), "else this test shows nothing"
    assert [line for line in step.obeyed if not re.match(r"::(error|warning|notice) ", line)] == []


def test_only_what_has_changed_is_checked_and_nothing_is_no_fault(place: Place) -> None:
    first = place.commit()
    step = run_check(place, paths="outbox", changed_since=first)
    assert (step.code, step.outputs) == (0, {"verdict": "nothing", "exit-code": "3"})
    assert step.obeyed == ["::notice title=borderready::No manifest has changed: nothing was checked."]
    (place.folder / "outbox" / NOT_READY).write_bytes((ROOT / "examples" / NOT_READY).read_bytes())
    place.commit()
    step = run_check(place, paths="outbox", changed_since=first)
    assert (step.code, step.outputs["verdict"]) == (1, "not-ready")
    assert READY not in step.summary


def test_nothing_to_check_is_a_fault_where_all_was_to_be_checked(place: Place) -> None:
    step = run_check(place, paths="outbox", args="--exclude=*.yaml")
    assert (step.code, step.outputs) == (3, {"verdict": "nothing", "exit-code": "3"})
