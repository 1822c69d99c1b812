# SPDX-License-Identifier: Apache-2.0
"""`contradiction`: no two rules ask of one field of one shipment what cannot both be true."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pack.build import CASES_FILE, CLEAN, RULE_FILE, lint_files

SEAL, OTHER = "any/any/seal", "any/any/other"
FIELD = "shipment.transport.seal"


def _rule(name: str, check: str, options: str, *, scope: str = "{}", start: str = "2020-01-01", more: str = "") -> str:
    text = CLEAN[RULE_FILE].replace("any/any/seal", name).replace("check: present", f"check: {check}")
    text = text.replace("options: {}", f"options: {options}").replace("applies_to: {}", f"applies_to: {scope}")
    return text.replace("start: 2020-01-01", f"start: {start}").replace("wordings:\n", f"{more}wordings:\n")


def _found(root: Path, one: str, other: str) -> list[tuple[str, str, str]]:
    files = {**CLEAN, RULE_FILE: one, f"{OTHER}.yaml": other, f"{OTHER}.cases.yaml": CLEAN[CASES_FILE]}
    return [found for found in lint_files(root, files) if found[2].startswith("contradiction")]


CLASHES = [
    ("one_of", "{values: [A1]}", "one_of", "{values: [B2]}", "only B2", "only A1"),
    ("one_of", "{values: [A1]}", "none_of", "{values: [a1, b2]}", "none of a1, b2", "only A1"),
    ("limit", "{max: 5}", "limit", "{min: 6}", "min 6", "max 5"),
    ("within", "{min: 1, max: 5}", "limit", "{min: 5.1}", "min 5.1", "min 1, max 5"),
    (
        "says",
        "{any_of: [Closed tight]}",
        "none_of",
        "{values: [tight], as: words}",
        "none of tight",
        "the words Closed tight",
    ),
]


@pytest.mark.parametrize(("check", "options", "other_check", "other_options", "told", "asked"), CLASHES)
def test_rules_that_nothing_can_fulfil_are_an_error_at_the_first(
    check: str, options: str, other_check: str, other_options: str, told: str, asked: str, tmp_path: Path
) -> None:
    found = _found(tmp_path, _rule(SEAL, check, options), _rule(OTHER, other_check, other_options))
    assert found == [
        ("error", f"{OTHER}.yaml:14:5", f"contradiction: {told}; {SEAL} asks from 2020-01-01: {asked}"),
    ]


@pytest.mark.parametrize(("check", "options", "other_check", "other_options", "told", "asked"), CLASHES)
@pytest.mark.parametrize(
    ("scope", "other_scope", "more"),
    [
        ("{mode: [sea]}", "{mode: [road]}", ""),
        ("{when: {reference: [a]}}", "{when: {reference: [b]}}", ""),
        ("{when: {reference: [a]}}", "{unless: {reference: [a, b]}}", ""),
        ("{given: [shipment.route]}", "{absent: [shipment.route]}", ""),
        ("{}", "{}", f"overrides: [{SEAL}]\n"),
    ],
)
def test_rules_that_meet_no_common_shipment_are_clean(
    check: str,
    options: str,
    other_check: str,
    other_options: str,
    told: str,
    asked: str,
    scope: str,
    other_scope: str,
    more: str,
    tmp_path: Path,
) -> None:
    one = _rule(SEAL, check, options, scope=scope)
    assert _found(tmp_path, one, _rule(OTHER, other_check, other_options, scope=other_scope, more=more)) == []


@pytest.mark.parametrize(
    ("check", "options", "other_check", "other_options"),
    [
        ("one_of", "{values: [A1, B2]}", "one_of", "{values: [B2, C3]}"),
        ("one_of", "{values: [A1, B2]}", "none_of", "{values: [A1]}"),
        ("one_of", "{values: [A1], need: some}", "one_of", "{values: [B2]}"),
        ("one_of", "{values: [A1], as: words}", "one_of", "{values: [B2], as: words}"),
        ("limit", "{max: 5}", "limit", "{min: 5}"),
        ("limit", "{max: 5}", "limit", "{min: 6, of: 'lots[*].quantity.net_kg'}"),
        ("says", "{any_of: [Closed, Closed tight too]}", "none_of", "{values: [tight], as: words}"),
    ],
)
def test_rules_that_can_both_be_fulfilled_are_clean(
    check: str, options: str, other_check: str, other_options: str, tmp_path: Path
) -> None:
    assert _found(tmp_path, _rule(SEAL, check, options), _rule(OTHER, other_check, other_options)) == []


def test_rule_that_ended_before_the_other_began_is_clean(tmp_path: Path) -> None:
    one = _rule(SEAL, "one_of", "{values: [A1]}")
    says = "says: {en: There is none., vi: Không có., zh: 已废止。}"
    source = "source: {instrument: act, locator: Section 2, seen: primary, checked: 2026-11-20}"
    repeal = f"  - start: 2021-01-01\n    repealed: true\n    {says}\n    {source}\n"
    one = one.replace("wordings:\n", f"wordings:\n{repeal}")
    assert _found(tmp_path / "after", one, _rule(OTHER, "one_of", "{values: [B2]}", start="2021-01-01")) == []
    assert len(_found(tmp_path / "before", one, _rule(OTHER, "one_of", "{values: [B2]}", start="2020-12-31"))) == 1
