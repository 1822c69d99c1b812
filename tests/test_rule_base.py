# SPDX-License-Identifier: Apache-2.0
"""The rule base that comes with the program: written as its linter asks, and every case comes out as written."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from borderready.checks import KINDS
from borderready.cli.session import kind_schemas
from borderready.i18n import say, say_all
from borderready.model import RuleId
from borderready.pack.case import run_case
from borderready.pack.lint import LINTS
from borderready.pack.view import PackView, view_pack
from tests.command import ROOT, run_here

RULES = ROOT / "rules"
DAY = "2026-11-25"
IDS = sorted(
    path.relative_to(RULES).as_posix().removesuffix(".yaml")
    for path in RULES.glob("*/*/*.yaml")
    if not path.name.endswith(".cases.yaml")
)


@cache
def _pack() -> PackView:
    return view_pack(RULES, kind_schemas(), name="cn")


@pytest.mark.parametrize("lint", LINTS)
def test_lint_finds_no_error(lint: str) -> None:
    found = [one for one in LINTS[lint](_pack(), DAY) if one.is_error]
    assert [f"{one.fault.place}: {say(one.fault.what, 'en')}" for one in found] == []


def test_every_rule_file_is_a_rule() -> None:
    assert [rule.id for rule in _pack().rule_base.rules] == IDS
    assert len(IDS) > 100


@pytest.mark.parametrize("rule", IDS)
def test_cases_come_out_as_written(rule: str) -> None:
    pack = _pack()
    [found] = [one for one in pack.rule_base.rules if one.id == rule]
    cases = pack.cases[RuleId(rule)]
    results = [run_case(found, case, pack.rule_base) for case in cases]
    assert [
        f"{result.case.file}:{result.case.span.line}: {result.case.name}: {say(result.problem, 'en')}"
        for result in results
        if result.problem is not None
    ] == []
    assert results


def test_files_of_cases_can_be_read() -> None:
    assert [fault.place for fault in _pack().case_faults] == []


def test_news_tell_of_the_version() -> None:
    version = (RULES / "VERSION").read_text("utf-8").strip()
    assert f"## {version}" in (RULES / "NEWS.md").read_text("utf-8")


def test_what_every_wording_asks_can_be_said_in_each_language() -> None:
    silent = []
    for rule in _pack().rule_base.rules:
        for wording in rule.wordings:
            if not wording.repealed:
                said = say_all(KINDS[rule.check].say(wording.options))
                silent += [rule.id for text in (said.en, said.vi, said.zh) if not text]
    assert silent == []


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for the cache, so that the rule base is read once."""
    return tmp_path_factory.mktemp("home")


@pytest.mark.parametrize("path", sorted((ROOT / "examples").glob("*.yaml")), ids=lambda path: path.name)
def test_example_comes_out_as_its_name_says(path: Path, home: Path) -> None:
    ran = run_here("check", path.name, home=home, folder=ROOT / "examples")
    assert (ran.code, ran.err) == ({"ready": 0, "not-ready": 1}[_verdict_of(path)], "")


def _verdict_of(path: Path) -> str:
    return "not-ready" if path.stem.endswith("-not-ready") else "ready" if path.stem.endswith("-ready") else "?"
