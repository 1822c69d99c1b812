# SPDX-License-Identifier: Apache-2.0
"""The examples are what they say: ready ones are ready, the others fail where a fault was planted and nowhere else."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from borderready.cli.session import kind_schemas
from borderready.core import check_shipment
from borderready.model import Force, Manifest, Report, RuleBase, Status, Verdict
from borderready.read.manifest import read_manifests
from borderready.read.register import read_registers
from borderready.read.rule_cache import load_rule_base

ROOT = Path(__file__).resolve().parents[1]
EXAMPLES = sorted((ROOT / "examples").glob("*.yaml"))
NAMES = [path.name for path in EXAMPLES]
FIRST_LANES = ("durian", "dragon-fruit", "banana")
MARK = re.compile(r"# fault: (\S+)")


@cache
def rule_base() -> RuleBase:
    return load_rule_base(ROOT / "rules", kind_schemas(), cache_dir=None, engine="test", name="cn")


@cache
def report_of(name: str) -> Report:
    (manifest,) = read_manifests(str(ROOT / "examples" / name))
    assert isinstance(manifest, Manifest), manifest
    registers = read_registers(ROOT / "examples" / "registers", shown_as="examples/registers")
    return check_shipment(manifest, rule_base(), registers=registers)


def verdict_in(name: str) -> Verdict:
    endings = {"-not-ready.yaml": Verdict.NOT_READY, "-undecided.yaml": Verdict.UNDECIDED, "-ready.yaml": Verdict.READY}
    return next(verdict for ending, verdict in endings.items() if name.endswith(ending))


def fails_of(report: Report) -> set[tuple[int, str]]:
    return {
        (report.manifest.locate(finding.outcome.path or ()).line, finding.rule.id)
        for finding in report.findings
        if finding.status is Status.FAIL
    }


def marks_in(name: str) -> set[tuple[int, str]]:
    lines = (ROOT / "examples" / name).read_text("utf-8").splitlines()
    return {(number, rule) for number, line in enumerate(lines, 1) for rule in MARK.findall(line)}


@pytest.mark.parametrize("name", NAMES)
def test_example_has_the_verdict_in_its_name(name: str) -> None:
    report = report_of(name)
    blocking = [f"{f.rule.id}: {f.status}" for f in report.findings if f.force is Force.BLOCKS and f.status != "pass"]
    assert (report.verdict, blocking if report.verdict is not verdict_in(name) else []) == (verdict_in(name), [])


@pytest.mark.parametrize("name", NAMES)
def test_example_fails_where_a_fault_was_planted_and_nowhere_else(name: str) -> None:
    assert sorted(fails_of(report_of(name))) == sorted(marks_in(name))


@pytest.mark.parametrize("lane", FIRST_LANES)
def test_faults_of_a_lane_are_many_and_of_different_kinds(lane: str) -> None:
    report = report_of(f"{lane}-not-ready.yaml")
    blocking = {f.rule.id for f in report.findings if f.status is Status.FAIL and f.force is Force.BLOCKS}
    assert len(blocking) >= 6
    assert len({finding.rule.check for finding in report.findings if finding.status is Status.FAIL}) >= 4


@pytest.mark.parametrize("path", EXAMPLES, ids=NAMES)
def test_example_says_that_it_is_invented(path: Path) -> None:
    assert "invented" in path.read_text("utf-8").split("borderready:")[0].casefold()
