# SPDX-License-Identifier: Apache-2.0
"""`borderready explain`: what a rule asks, since when, from which source, and by examples."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.build import write_pack
from tests.command import PACK, Ran, run_here

RULE = "any/any/certificate-date"


def _explain(*arguments: str, home: Path, rules: Path = PACK) -> Ran:
    return run_here("explain", *arguments, "--rules", str(rules), home=home)


@pytest.mark.parametrize("name", [f"{RULE}.yaml", f"rules/{RULE}.yaml", f"rules/{RULE}"])
def test_rule_may_be_named_as_its_file(name: str, tmp_path: Path) -> None:
    assert _explain(name, home=tmp_path) == _explain(RULE, home=tmp_path)


def test_source_names_instrument_place_grade_and_witnesses(tmp_path: Path) -> None:
    told = " ".join(_explain(RULE, home=tmp_path).out.split())
    assert "Circular on the marking of pallets and on papers at the quay, paragraph 5" in told
    assert "secondary: as reported: Harbour Post; last looked at 2026-11-20" in told


def test_every_case_is_an_example(tmp_path: Path) -> None:
    told = " ".join(_explain(RULE, home=tmp_path).out.split())
    for example in (
        "passed 2019-06-01 issued on the day of departure, the first day of the circular",
        "failed 2019-06-02 issued the day after",
        "upcoming 2019-05-31 issued late, the day before the circular",
        "unknown 2026-11-24 no day of departure",
    ):
        assert example in told


def test_rule_without_cases_is_explained_all_the_same(tmp_path: Path) -> None:
    pack = write_pack(tmp_path)
    (pack / f"{RULE}.cases.yaml").unlink()
    ran = _explain(RULE, home=tmp_path, rules=pack)
    assert (ran.code, ran.err) == (0, "")
    assert "Cases" not in ran.out


def test_each_rule_of_the_pack_can_be_explained_in_each_language(tmp_path: Path) -> None:
    rules = sorted(
        path.relative_to(PACK).as_posix().removesuffix(".yaml")
        for path in PACK.glob("*/*/*.yaml")
        if not path.name.endswith(".cases.yaml")
    )
    assert len(rules) == 9
    for rule in rules:
        for language in ("en", "vi", "zh"):
            ran = _explain(rule, "--lang", language, home=tmp_path)
            assert (ran.code, ran.err) == (0, "")
            assert rule in ran.out


def test_rule_that_nobody_can_waive_says_so(tmp_path: Path) -> None:
    pack = write_pack(tmp_path)
    path = pack / f"{RULE}.yaml"
    path.write_text(path.read_text("utf-8").replace("\ncheck:", "\nwaivable: never\ncheck:"), "utf-8")
    never = "waiver never: only China can accept a failure"
    assert never in " ".join(_explain(RULE, home=tmp_path, rules=pack).out.split())
    assert never not in " ".join(_explain(RULE, home=tmp_path).out.split())
