# SPDX-License-Identifier: Apache-2.0
"""`unbreakable`: some manifest can fail each wording, and some can pass it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pack.build import CASES_FILE, CLEAN, RULE_FILE, lint_files, replace_in_clean

TABLE = {
    "tables/ports.yaml": """\
id: ports
title: {en: Ports, vi: Cảng, zh: 口岸}
key: [port]
columns:
  port: {kind: slug, says: Name of the port.}
  state: {kind: choice, values: [open, shut, unsure], says: Whether it is open.}
""",
    "tables/ports.csv": (
        "port,state,start,until,instrument,locator,seen,witnesses\n"
        "quay,open,2020-01-01,,act,Annex,primary,\npier,unsure,2020-01-01,,act,Annex,primary,\n"
    ),
}
PASS = "- {name: one, date: 2026-01-01, expect: pass}\n"
LISTED = "{table: ports, match: {port: shipment.route.entry}, column: state"


def _found(root: Path, check: str, field: str, options: str, cases: str = PASS) -> list[tuple[str, str, str]]:
    files = {
        **replace_in_clean(
            (RULE_FILE, "check: present", f"check: {check}"),
            (RULE_FILE, "field: shipment.transport.seal", f"field: {field}"),
            (RULE_FILE, "options: {}", f"options: {options}"),
        ),
        CASES_FILE: cases,
    }
    return [one for one in lint_files(root, {**files, **TABLE}) if one[2].startswith("unbreakable")]


@pytest.mark.parametrize(
    ("check", "field", "options", "told"),
    [
        (
            "one_of",
            "shipment.mode",
            "{values: [road, rail, sea, air, mail, hand-carried]}",
            "these are all words that shipment.mode can have",
        ),
        (
            "none_of",
            "shipment.mode",
            "{values: [ship]}",
            "shipment.mode is never 'ship': the manifest format has no such word there",
        ),
        ("matches", "reference", "{pattern: '.{0,60}'}", "every text has this form"),
        (
            "within",
            "lots[*].quantity.packages",
            "{min: 9, max: 8}",
            "nothing can pass: min 9 lies above max 8",
        ),
        ("same", "reference", "{with: [reference], as: text}", "a field always agrees with itself"),
        (
            "within",
            "shipment.dates.arrival",
            "{not_after: shipment.dates.arrival}",
            "a day is never before or after itself",
        ),
        (
            "listed",
            "shipment.route.entry",
            f"{LISTED}, pass: [open], absent: unknown}}",
            "no row of tables/ports fails, and neither does one that is lacking",
        ),
        (
            "listed",
            "shipment.route.entry",
            f"{LISTED}, pass: [open, shut], absent: fail}}",
            "no row of tables/ports has 'shut' in the column state",
        ),
    ],
)
def test_wording_that_nothing_can_fail_or_pass_is_an_error(
    check: str, field: str, options: str, told: str, tmp_path: Path
) -> None:
    [(level, where, text)] = _found(tmp_path, check, field, options)
    assert (level, text) == ("error", f"unbreakable: {told}")
    assert where.startswith(f"{RULE_FILE}:14:")


@pytest.mark.parametrize(
    ("check", "field", "options"),
    [
        ("one_of", "shipment.mode", "{values: [road, rail]}"),
        ("none_of", "shipment.mode", "{values: [mail, hand-carried]}"),
        ("matches", "reference", "{pattern: '[A-Z]{2}-[0-9]{1,9}'}"),
        ("within", "lots[*].quantity.packages", "{min: 8, max: 8}"),
        ("within", "shipment.dates.arrival", "{not_before: shipment.dates.departure}"),
        ("same", "reference", "{with: [shipment.transport.seal], as: text}"),
        ("listed", "shipment.route.entry", f"{LISTED}, pass: [open], fail: [unsure], absent: unknown}}"),
    ],
)
def test_wording_that_can_do_both_is_clean(check: str, field: str, options: str, tmp_path: Path) -> None:
    assert _found(tmp_path, check, field, options) == []


def test_pattern_that_a_case_fails_is_breakable_whatever_it_looks_like(tmp_path: Path) -> None:
    cases = "- {name: VN, date: 2026-01-01, given: {reference: VN}, expect: fail}\n"
    pattern = "{pattern: '[^V].{0,60}|V[^N].{0,60}'}"
    assert _found(tmp_path / "a", "matches", "reference", pattern, cases) == []
    assert len(_found(tmp_path / "b", "matches", "reference", "{pattern: '.{0,60}'}")) == 1


def test_clean_pack_has_no_such_rule(tmp_path: Path) -> None:
    assert lint_files(tmp_path, CLEAN) == []
