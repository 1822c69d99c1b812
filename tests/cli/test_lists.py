# SPDX-License-Identifier: Apache-2.0
"""`borderready rules` and `borderready products`: what a product needs before there is a manifest."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.command import PACK, Ran, run_here

EVERY = {
    "any/any/access",
    "any/any/certificate-date",
    "any/any/paper-copy",
    "any/any/quay-hours",
    "any/any/wash-record",
    "any/fresh-fruit/box-languages",
    "any/fresh-fruit/cold-chain",
    "any/fresh-fruit/pallet-mark",
    "vn/lychee-fresh/orchard-code",
}
OF_ANY_PRODUCT = {rule for rule in EVERY if rule.startswith("any/any/")}


def _rules(*arguments: str, home: Path) -> Ran:
    return run_here("rules", *arguments, "--rules", str(PACK), home=home)


def _listed(ran: Ran) -> set[str]:
    assert ran.err == ""
    return set(re.findall(r"  ((?:any|vn)/[a-z-]+/[a-z-]+)$", ran.out, re.MULTILINE))


@pytest.mark.parametrize(
    ("arguments", "rules"),
    [
        ((), EVERY),
        (("--origin", "VN", "--product", "lychee-fresh"), EVERY),
        (("--origin", "vn", "--product", "lychee-fresh"), EVERY),
        (("--origin", "TH", "--product", "lychee-fresh"), EVERY - {"vn/lychee-fresh/orchard-code"}),
        (("--product", "pepper-dried"), OF_ANY_PRODUCT),
        (("--area", "labeling"), {"any/fresh-fruit/box-languages", "any/fresh-fruit/pallet-mark"}),
        (("--product", "lychee-fresh", "--area", "registration"), {"vn/lychee-fresh/orchard-code"}),
        (("--on", "2026-11-26"), EVERY - {"any/any/paper-copy"}),
        (("--on", "2024-12-31"), EVERY),
    ],
)
def test_rules_of_a_lane_are_listed(arguments: tuple[str, ...], rules: set[str], tmp_path: Path) -> None:
    ran = _rules(*arguments, home=tmp_path)
    assert (ran.code, _listed(ran)) == (0, rules)
    assert ran.out.splitlines()[-1] == f"rules: {len(rules)}"


@pytest.mark.parametrize(
    "arguments",
    [("--on", "2019-05-31"), ("--origin", "TH", "--area", "registration")],
)
def test_lane_of_which_no_rule_is_known_is_nothing_checked(arguments: tuple[str, ...], tmp_path: Path) -> None:
    ran = _rules(*arguments, home=tmp_path)
    assert (ran.code, ran.out.splitlines()[-1]) == (3, "rules: 0")


def test_wording_that_binds_on_the_day_is_shown(tmp_path: Path) -> None:
    for day, shown in (("2027-02-28", "secondary, 2019-06-01]"), ("2027-03-01", "secondary, 2027-03-01]")):
        ran = _rules("--on", day, "--area", "labeling", home=tmp_path)
        assert shown in " ".join(ran.out.split())


def test_rule_that_is_repealed_does_not_read_as_one_that_blocks(tmp_path: Path) -> None:
    """Without a day the newest wording is shown, and the newest says that nothing is asked any more."""
    ran = _rules("--area", "documents", home=tmp_path)
    told = " ".join(ran.out.split())
    assert "The seal number is no longer asked for. [blocks" not in told


def test_products_are_listed_with_what_is_known_of_them(tmp_path: Path) -> None:
    assert run_here("products", "--rules", str(PACK), home=tmp_path) == Ran(
        code=0,
        out="lychee-fresh  Fresh lychee\n"
        "              Litchi chinensis | 0810901000 | fresh-fruit\n"
        "pepper-dried  Dried pepper\n"
        "              Piper nigrum\n"
        "products: 2\n",
        err="",
    )


def test_lists_of_the_rule_base_of_the_program_are_the_default(tmp_path: Path) -> None:
    ran = run_here("rules", "--origin", "VN", "--product", "durian-fresh", home=tmp_path)
    assert ran.code == 0
    assert "vn/durian-fresh/orchard-code" in ran.out
