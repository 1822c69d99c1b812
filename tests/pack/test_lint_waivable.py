# SPDX-License-Identifier: Apache-2.0
"""`waivable`: nobody outside customs can accept a closed lane, a quarantine pest or a suspended code."""

from __future__ import annotations

from pathlib import Path

from tests.pack.build import RULE_FILE, lint_replaced

AREA = (RULE_FILE, "area: logistics", "area: access")
PRESENT = "check: present\nfield: shipment.transport.seal"
NEVER = (RULE_FILE, "consequence: refused\n", "consequence: refused\nwaivable: never\n")


def lints_of(folder: Path, *replaced: tuple[str, str, str]) -> list[str]:
    return [told for _, _, told in lint_replaced(folder, *replaced) if told.startswith("waivable")]


def test_market_access_that_could_be_waived_is_an_error(tmp_path: Path) -> None:
    assert lints_of(tmp_path, AREA) == ["waivable: market access: add 'waivable: never' below"]


def test_pests_that_could_be_waived_are_an_error(tmp_path: Path) -> None:
    pests = (RULE_FILE, PRESENT, "check: none_of\nfield: inspection.pests_found[*]")
    options = (RULE_FILE, "options: {}", "options: {values: [Invented pest]}")
    assert lints_of(tmp_path, pests, options) == ["waivable: pests that China names: add 'waivable: never' below"]


def test_codes_of_a_register_that_could_be_waived_are_an_error(tmp_path: Path) -> None:
    codes = (RULE_FILE, PRESENT, "check: listed\nfield: packhouse.code")
    options = (RULE_FILE, "options: {}", "options: {register: gacc-orchards, status: active}")
    assert lints_of(tmp_path, codes, options) == ["waivable: codes of a register: add 'waivable: never' below"]


def test_rule_that_says_never_is_clean(tmp_path: Path) -> None:
    assert lints_of(tmp_path, AREA, NEVER) == []


def test_any_other_rule_may_say_never(tmp_path: Path) -> None:
    assert lint_replaced(tmp_path, NEVER) == []


def test_any_other_rule_may_be_waived(tmp_path: Path) -> None:
    assert lint_replaced(tmp_path) == []
