# SPDX-License-Identifier: Apache-2.0
"""`unreachable`: some shipment can be asked each rule, and each condition can hold."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pack.build import CASES_FILE, CLEAN, RULE_FILE, lint_files, replace_in_clean

OTHER = "any/any/other"
FRUIT = "  fruit: {en: Fruit, vi: Trái cây, zh: 水果}\n"


def _of(found: list[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    return [one for one in found if one[2].startswith("unreachable")]


def _scoped(root: Path, scope: str) -> list[tuple[str, str, str]]:
    files = replace_in_clean(
        (RULE_FILE, "applies_to: {}", f"applies_to: {scope}"),
        ("products.yaml", FRUIT, f"{FRUIT}{FRUIT.replace('fruit:', 'nut:')}"),
    )
    return _of(lint_files(root, files))


@pytest.mark.parametrize(
    ("scope", "told"),
    [
        ("{product: [nut]}", "no product belongs to any of these groups"),
        (
            "{mode: [sea], when: {shipment.mode: [road]}}",
            "no manifest fulfils both 'when' and 'when' on shipment.mode",
        ),
        (
            "{when: {shipment.mode: [road]}, unless: {shipment.mode: [rail, road]}}",
            "no manifest fulfils both 'when' and 'unless' on shipment.mode",
        ),
        (
            "{given: [shipment.route], absent: [shipment.route]}",
            "no manifest fulfils both 'given' and 'absent' on shipment.route",
        ),
        (
            "{when: {shipment.mode: [lorry, road]}}",
            "shipment.mode is never 'lorry': the manifest format has no such word there",
        ),
        (
            "{when: {parties.importer.gacc_filing: ['1'], shipment.mode: [boat]}}",
            "shipment.mode is never 'boat': the manifest format has no such word there",
        ),
    ],
)
def test_scope_that_nothing_falls_under_is_an_error(scope: str, told: str, tmp_path: Path) -> None:
    [(level, where, text)] = _scoped(tmp_path, scope)
    assert (level, text) == ("error", f"unreachable: {told}")
    assert where.startswith(f"{RULE_FILE}:4:")


@pytest.mark.parametrize(
    "scope",
    [
        "{product: [fruit]}",
        "{product: [nut, plum]}",
        "{mode: [sea, road], when: {shipment.mode: [road]}}",
        "{when: {shipment.mode: [road, rail]}, unless: {shipment.mode: [rail]}}",
        "{given: [shipment.route.entry], absent: [shipment.route.exit]}",
        "{when: {'documents[*].type': [contract]}, unless: {'documents[*].number': [contract]}}",
    ],
)
def test_scope_that_something_falls_under_is_clean(scope: str, tmp_path: Path) -> None:
    assert _scoped(tmp_path, scope) == []


def test_repeal_of_nothing_is_an_error(tmp_path: Path) -> None:
    files = replace_in_clean(
        (RULE_FILE, "    options: {}\n", "    repealed: true\n"),
        (RULE_FILE, "    fix: {en: Seal it., vi: Niêm phong lại., zh: 请加封。}\n", ""),
    )
    assert _of(lint_files(tmp_path, files)) == [
        ("error", f"{RULE_FILE}:13:5", "unreachable: the first wording repeals, and there is nothing before it")
    ]


def _displaced(
    root: Path, *, wide: str, narrow: str, start: str = "2019-01-01", more: str = ""
) -> list[tuple[str, str, str]]:
    """Return what is said where `other`, of one scope, overrides `seal`, of another."""
    other = CLEAN[RULE_FILE].replace("any/any/seal", OTHER).replace("applies_to: {}", f"applies_to: {wide}")
    other = other.replace("wordings:\n", "overrides: [any/any/seal]\nwordings:\n").replace(
        "start: 2020-01-01", f"start: {start}{more}"
    )
    files = {
        **replace_in_clean((RULE_FILE, "applies_to: {}", f"applies_to: {narrow}")),
        f"{OTHER}.yaml": other,
        f"{OTHER}.cases.yaml": CLEAN[CASES_FILE],
    }
    return _of(lint_files(root, files))


@pytest.mark.parametrize(
    ("wide", "narrow"),
    [
        ("{}", "{}"),
        ("{}", "{product: [plum]}"),
        ("{product: [fruit]}", "{product: [plum]}"),
        ("{mode: [sea, air]}", "{mode: [sea]}"),
    ],
)
def test_rule_that_another_always_displaces_is_an_error(wide: str, narrow: str, tmp_path: Path) -> None:
    told = f"unreachable: {OTHER} displaces it wherever it applies"
    assert _displaced(tmp_path, wide=wide, narrow=narrow) == [("error", f"{RULE_FILE}:4:1", told)]


@pytest.mark.parametrize(
    ("wide", "narrow", "start"),
    [
        ("{mode: [sea]}", "{mode: [sea, air]}", "2019-01-01"),
        ("{given: [shipment.route]}", "{}", "2019-01-01"),
        ("{}", "{}", "2021-01-01"),
    ],
)
def test_rule_that_is_asked_elsewhere_or_before_is_clean(wide: str, narrow: str, start: str, tmp_path: Path) -> None:
    assert _displaced(tmp_path, wide=wide, narrow=narrow, start=start) == []
