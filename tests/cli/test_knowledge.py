# SPDX-License-Identifier: Apache-2.0
"""`borderready gaps` and `borderready coverage`: what the rule base does not know, and what it covers."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from borderready.core import AREAS
from tests.command import PACK, Ran, run_here

RULES = ("--rules", str(PACK))
WASH, NIGHT = "lychee-wash-water", "quay-night"


def _gaps(*arguments: str, home: Path) -> Ran:
    return run_here("gaps", *arguments, *RULES, home=home)


@pytest.mark.parametrize(
    ("arguments", "gaps"),
    [
        ((), [WASH, NIGHT]),
        (("--origin", "VN"), [WASH, NIGHT]),
        (("--origin", "vn", "--product", "lychee-fresh"), [WASH, NIGHT]),
        (("--origin", "TH"), [NIGHT]),
        (("--product", "pepper-dried"), [NIGHT]),
    ],
)
def test_gaps_of_a_lane_are_listed(arguments: tuple[str, ...], gaps: list[str], tmp_path: Path) -> None:
    ran = _gaps(*arguments, home=tmp_path)
    assert (ran.code, ran.err) == (0, "")
    assert re.findall(rf"^   ({WASH}|{NIGHT})  ", ran.out, re.MULTILINE) == gaps


def test_check_names_the_gaps_of_its_lane(tmp_path: Path) -> None:
    from tests.command import MANIFESTS

    for name, gaps in (("ready", [WASH, NIGHT]), ("not-ready", [NIGHT])):
        ran = run_here(
            "check", f"{name}.yaml", "--format", "json", "--rules", "../pack", home=tmp_path, folder=MANIFESTS
        )
        assert sorted(json.loads(ran.out)["gaps"]) == gaps


def test_coverage_counts_rules_of_each_lane_by_area_and_grade(tmp_path: Path) -> None:
    ran = run_here("coverage", "--origin", "VN", "--product", "lychee-fresh", "--format", "json", *RULES, home=tmp_path)
    matrix = json.loads(ran.out)
    [lane] = matrix["lanes"]
    none = {"primary": 0, "secondary": 0, "memory": 0}
    assert (ran.code, matrix["borderready"]) == (0, "coverage/1")
    assert lane == {
        "product": "lychee-fresh",
        "origin": "VN",
        "gaps": 2,
        "areas": {
            **dict.fromkeys(AREAS, none),
            "access": {**none, "primary": 1},
            "registration": {**none, "primary": 1},
            "phytosanitary": {**none, "primary": 1},
            "labeling": {**none, "primary": 1, "secondary": 1},
            "documents": {**none, "secondary": 1},
            "logistics": {**none, "memory": 2},
        },
    }


def test_coverage_on_a_day_counts_what_binds_then(tmp_path: Path) -> None:
    """paper-copy was repealed on 2025-01-01."""
    counts = {}
    for day in ("2019-05-31", "2024-12-31", "2025-01-01"):
        ran = run_here("coverage", "--origin", "VN", "--on", day, "--format", "json", *RULES, home=tmp_path)
        lanes = json.loads(ran.out)["lanes"]
        counts[day] = [sum(sum(grades.values()) for grades in lane["areas"].values()) for lane in lanes]
    assert counts == {"2019-05-31": [0, 0], "2024-12-31": [9, 5], "2025-01-01": [8, 4]}


def test_lane_that_is_not_known_is_nothing_checked(tmp_path: Path) -> None:
    assert run_here("coverage", "--origin", "MM", *RULES, home=tmp_path).code == 3


@pytest.mark.parametrize("command", ["gaps", "coverage", "rules"])
def test_origin_that_is_no_code_is_wrong_usage(command: str, tmp_path: Path) -> None:
    ran = run_here(command, "--origin", "Vietnam", *RULES, home=tmp_path)
    assert (ran.code, ran.out) == (2, "")
    assert "'Vietnam'" in ran.err


@pytest.mark.parametrize("command", ["gaps", "coverage", "rules"])
def test_product_that_is_not_known_is_wrong_usage_with_the_nearest(command: str, tmp_path: Path) -> None:
    ran = run_here(command, "--product", "lychee", *RULES, home=tmp_path)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.splitlines() == [
        "borderready: error: there is no product 'lychee'",
        "  hint: did you mean lychee-fresh?",
    ]
