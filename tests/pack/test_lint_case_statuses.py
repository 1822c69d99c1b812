# SPDX-License-Identifier: Apache-2.0
"""`case-statuses`: every rule has a case that passes, one that fails, and one that cannot be decided."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pack.build import CASES_FILE, CLEAN, RULE_FILE, lint_files, lint_replaced, replace_in_clean

ATTESTED = (
    (RULE_FILE, "check: present", "check: attested"),
    (RULE_FILE, "options: {}", "options: {what: seal}"),
)
TELL = ((RULE_FILE, "check: present", "check: tell"),)


@pytest.mark.parametrize("status", ["pass", "fail", "unknown"])
def test_rule_without_a_case_of_a_status_is_an_error(status: str, tmp_path: Path) -> None:
    assert lint_replaced(tmp_path, (CASES_FILE, f"expect: {status}\n", "expect: manual\n")) == [
        ("error", CASES_FILE, f"case-statuses: no case expects {status}")
    ]


def test_attested_asks_for_manual_in_place_of_unknown(tmp_path: Path) -> None:
    assert lint_replaced(tmp_path / "a", *ATTESTED) == [("error", CASES_FILE, "case-statuses: no case expects manual")]
    manual = (CASES_FILE, "expect: unknown", "expect: manual")
    assert lint_replaced(tmp_path / "b", *ATTESTED, manual) == []


def test_tell_asks_for_manual_alone(tmp_path: Path) -> None:
    assert lint_replaced(tmp_path / "a", *TELL) == [("error", CASES_FILE, "case-statuses: no case expects manual")]
    cases = "- {name: told, date: 2020-01-01, expect: manual}\n- {name: b, date: 2019-12-31, expect: not-applicable}\n"
    assert lint_files(tmp_path / "b", {**replace_in_clean(*TELL), CASES_FILE: cases}) == []


@pytest.mark.parametrize(
    ("given", "seen"),
    [
        ("[shipment.transport.seal, reference]", []),
        ("[shipment.transport.seal]", ["case-statuses: no case expects unknown"]),
    ],
)
def test_a_comparison_of_places_that_must_be_given_needs_no_unknown(
    given: str, seen: list[str], tmp_path: Path
) -> None:
    replaced = (
        (RULE_FILE, "check: present", "check: same"),
        (RULE_FILE, "options: {}", "options: {with: [reference]}"),
        (RULE_FILE, "applies_to: {}", f"applies_to: {{given: {given}}}"),
        (CASES_FILE, "expect: unknown", "expect: not-applicable"),
    )
    assert [sentence for _, _, sentence in lint_replaced(tmp_path, *replaced)] == seen


def test_rule_without_cases_is_an_error(tmp_path: Path) -> None:
    files = {name: text for name, text in CLEAN.items() if name != CASES_FILE}
    assert lint_files(tmp_path, files) == [("error", RULE_FILE, f"case-statuses: no cases: {CASES_FILE} is missing")]


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("- name: sealed\n", "- nam: sealed\n", 1),
        ("expect: unknown", "expect: perhaps", 12),
        ("date: 2019-12-31", "date: 31.12.2019", 14),
        ("name: the day before", "name: {the day: before}", 13),
    ],
)
def test_file_of_cases_that_cannot_be_read_is_an_error_at_its_line(
    old: str, new: str, line: int, tmp_path: Path
) -> None:
    from borderready.pack.lint import lint_pack
    from tests.pack.build import DAY, view_files

    found = lint_pack(view_files(tmp_path, replace_in_clean((CASES_FILE, old, new))), day=DAY)
    first = found[0]
    assert (first.lint, first.is_error, first.fault.file) == ("case-statuses", True, CASES_FILE)
    assert first.fault.span is not None
    assert first.fault.span.line == line
