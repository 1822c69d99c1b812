# SPDX-License-Identifier: Apache-2.0
"""The broken manifests: each is invalid, and the program says of it what stands beside it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from borderready.read.manifest import Invalid, read_manifests
from tests.build import make_pack
from tests.command import make_environment, run_here
from tests.read.build import outside
from tests.read.invalid import INVALID, MADE, check_broken, list_faults, read_expected

FAULTS = list_faults()


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.mark.parametrize("name", FAULTS)
def test_fault_is_told_in_the_words_beside_it(name: str, home: Path) -> None:
    ran = check_broken(name, home=home)
    assert ran.out == read_expected(name)
    assert (ran.code, ran.err) == (1, "")


def test_every_answer_belongs_to_a_fault() -> None:
    assert sorted(path.stem for path in INVALID.glob("*.txt")) == sorted(FAULTS)


@pytest.mark.parametrize("name", [name for name in FAULTS if name not in MADE])
def test_every_place_lies_within_the_file(name: str) -> None:
    path = INVALID / f"{name}.yaml"
    faults = [fault for result in read_manifests(str(path)) if isinstance(result, Invalid) for fault in result.faults]
    assert faults
    assert {outside(fault.span, path.read_text("utf-8")) for fault in faults} == {None}


def test_faults_as_json_have_the_same_places_as_in_the_text(home: Path) -> None:
    ran = run_here(
        *("check", "many-faults.yaml", "--rules", str(make_pack(home / "json")), "--format", "json"),
        home=home,
        folder=INVALID,
    )
    report = json.loads(ran.out)
    assert (ran.code, report["verdict"], report["manifest"]["file"]) == (1, "invalid", "many-faults.yaml")
    places = [f"{fault['location']['line']}:{fault['location']['column']}" for fault in report["faults"]]
    text = read_expected("many-faults")
    assert text is not None
    assert places == [line.split(": error: ")[0].split(":", 1)[1] for line in text.splitlines() if ": error: " in line]


def test_five_million_brackets_in_one_line_are_answered(tmp_path: Path) -> None:
    """Reading ends at once, and so must showing: the limit here is no measure, it ends a program that hangs."""
    pack = make_pack(tmp_path)
    (tmp_path / "m.yaml").write_bytes(b"[" * 5_000_000)
    ran = subprocess.run(
        [sys.executable, "-m", "borderready", "check", "m.yaml", "--rules", str(pack), "--lang", "en"],
        cwd=tmp_path,
        env=make_environment(tmp_path),
        capture_output=True,
        timeout=20,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (1, b"")
    assert b"nested more than 50 levels deep" in ran.stdout
