# SPDX-License-Identifier: Apache-2.0
"""Mutation: a rule that is changed by mistake must be noticed by one of its cases."""

from __future__ import annotations

from pathlib import Path

import pytest

from borderready.pack.mutate import mutants_of, survivors_of
from tests.command import PACK, run_here
from tests.pack.build import CASES_FILE, CLEAN, RULE_FILE, Replaced, replace_in_clean, view_files, write_files

LIMIT: tuple[Replaced, ...] = (
    (RULE_FILE, "each: shipment", "each: lot"),
    (RULE_FILE, "field: shipment.transport.seal", "field: quantity.net_kg"),
    (RULE_FILE, "check: present", "check: limit"),
    (RULE_FILE, "options: {}", "options: {min: 1.5, max: 10}"),
)
DATES = """\
- {name: early, date: 2019-12-31, given: {quantity: {net_kg: 99}}, expect: upcoming}
- {name: none, date: 2020-01-01, expect: unknown}
- {name: far over, date: 2020-01-01, given: {quantity: {net_kg: 99}}, expect: fail}
"""
LOWER = """\
- {name: at, date: 2020-01-01, given: {quantity: {net_kg: 1.5}}, expect: pass}
- {name: below, date: 2020-01-01, given: {quantity: {net_kg: 1.4}}, expect: fail}
"""
UPPER = """\
- {name: at the top, date: 2020-01-01, given: {quantity: {net_kg: 10}}, expect: pass}
- {name: above, date: 2020-01-01, given: {quantity: {net_kg: 10.1}}, expect: fail}
"""


def _survivors(root: Path, cases: str, *replaced: Replaced) -> tuple[str, ...]:
    pack = view_files(root, {**replace_in_clean(*replaced), CASES_FILE: cases})
    [rule] = pack.rule_base.rules
    return survivors_of(rule, pack.cases[rule.id], pack.rule_base)[1]


def test_limit_moves_by_its_last_digit_and_start_by_a_day(tmp_path: Path) -> None:
    pack = view_files(tmp_path, {**replace_in_clean(*LIMIT), CASES_FILE: DATES})
    [rule] = pack.rule_base.rules
    assert [mutant.id.removeprefix("any/any/seal ") for mutant in mutants_of(rule)] == [
        "2020-01-01 start -1",
        "2020-01-01 start +1",
        "2020-01-01 min - 0.1",
        "2020-01-01 min + 0.1",
        "2020-01-01 max - 1",
        "2020-01-01 max + 1",
    ]


def test_cases_on_both_sides_of_a_bound_let_nothing_survive(tmp_path: Path) -> None:
    assert _survivors(tmp_path, DATES + LOWER + UPPER, *LIMIT) == ()


@pytest.mark.parametrize(
    ("cases", "survivors"),
    [
        (DATES + LOWER, ("2020-01-01 max - 1", "2020-01-01 max + 1")),
        (DATES + UPPER, ("2020-01-01 min - 0.1", "2020-01-01 min + 0.1")),
    ],
)
def test_bound_without_cases_survives(cases: str, survivors: tuple[str, ...], tmp_path: Path) -> None:
    assert _survivors(tmp_path, cases, *LIMIT) == tuple(f"any/any/seal {name}" for name in survivors)


@pytest.mark.parametrize(
    ("replaced", "mutants"),
    [
        (
            ((RULE_FILE, "check: present", "check: one_of"), (RULE_FILE, "options: {}", "options: {values: [A, B]}")),
            ["2020-01-01 values A dropped", "2020-01-01 values B dropped"],
        ),
        (
            ((RULE_FILE, "check: present", "check: says"), (RULE_FILE, "options: {}", "options: {any_of: [中国]}")),
            ["2020-01-01 any_of 中国 dropped"],
        ),
        (
            ((RULE_FILE, "applies_to: {}", "applies_to: {when: {shipment.mode: [road, rail]}}"),),
            [
                "when shipment.mode dropped",
                "when shipment.mode road dropped",
                "when shipment.mode rail dropped",
            ],
        ),
    ],
)
def test_list_phrase_and_condition_are_changed(
    replaced: tuple[Replaced, ...], mutants: list[str], tmp_path: Path
) -> None:
    pack = view_files(tmp_path, replace_in_clean(*replaced))
    [rule] = pack.rule_base.rules
    made = [mutant.id.removeprefix("any/any/seal ") for mutant in mutants_of(rule)]
    assert [name for name in made if " start " not in name] == mutants


def test_repeal_that_is_forgotten_is_a_mutant(tmp_path: Path) -> None:
    [rule] = [one for one in view_files(tmp_path, _pack_files()).rule_base.rules if one.id == "any/any/paper-copy"]
    assert "any/any/paper-copy 2025-01-01 repealed" in [mutant.id for mutant in mutants_of(rule)]


def _pack_files() -> dict[str, str]:
    return {path.relative_to(PACK).as_posix(): path.read_text("utf-8") for path in PACK.rglob("*") if path.is_file()}


# `borderready pack mutate`


def _write(home: Path, cases: str) -> Path:
    return write_files(home / "mini", {**replace_in_clean(*LIMIT), CASES_FILE: cases})


def test_command_names_each_survivor_and_fails(tmp_path: Path) -> None:
    _write(tmp_path, DATES + LOWER)
    ran = run_here("pack", "mutate", "mini", home=tmp_path)
    assert (ran.code, ran.err) == (1, "")
    told = ran.out.splitlines()
    assert ["any/any/seal 2020-01-01 max + 1" in told[0], "any/any/seal 2020-01-01 max - 1" in told[1]] == [True, True]
    assert len(told) == 3


def test_survivor_that_is_explained_is_counted_only(tmp_path: Path) -> None:
    root = _write(tmp_path, DATES + LOWER)
    names = ("any/any/seal 2020-01-01 max - 1", "any/any/seal 2020-01-01 max + 1")
    (root / "survivors.yaml").write_text("".join(f'"{name}": No scale is so exact.\n' for name in names), "utf-8")
    ran = run_here("pack", "mutate", "mini", home=tmp_path)
    assert (ran.code, len(ran.out.splitlines())) == (0, 1)


def test_explanation_of_a_mutant_that_did_not_survive_fails(tmp_path: Path) -> None:
    root = _write(tmp_path, DATES + LOWER + UPPER)
    (root / "survivors.yaml").write_text('"any/any/seal 2020-01-01 max + 1": No scale is so exact.\n', "utf-8")
    assert run_here("pack", "mutate", "mini", home=tmp_path).code == 1
    assert run_here("pack", "mutate", "mini", "--rule", "any/any/seal", home=tmp_path).code == 0


def test_file_of_explanations_that_is_broken_is_not_trusted(tmp_path: Path) -> None:
    root = _write(tmp_path, DATES + LOWER + UPPER)
    (root / "survivors.yaml").write_text("- a list\n", "utf-8")
    ran = run_here("pack", "mutate", "mini", home=tmp_path)
    assert (ran.code, ran.out) == (5, "")
    assert ran.err.startswith("survivors.yaml:1:1: error: ")


def test_pack_without_a_rule_to_change_is_nothing_checked(tmp_path: Path) -> None:
    write_files(tmp_path / "mini", CLEAN)
    assert run_here("pack", "mutate", "mini", "--rule", "no/such", home=tmp_path).code == 3


def test_several_processes_find_what_one_finds(tmp_path: Path) -> None:
    one = run_here("pack", "mutate", str(PACK), "--jobs", "1", home=tmp_path)
    assert run_here("pack", "mutate", str(PACK), "--jobs", "2", home=tmp_path) == one
