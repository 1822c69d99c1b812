# SPDX-License-Identifier: Apache-2.0
"""`case-dates`: each start of a wording has a case on the day and one on the day before."""

from __future__ import annotations

from pathlib import Path

from tests.pack.build import CASES_FILE, RULE_FILE, lint_replaced

REPEAL = (
    RULE_FILE,
    "wordings:\n",
    """wordings:
  - start: 2024-03-01
    repealed: true
    says: {en: No more., vi: Không còn., zh: 已废止。}
    source: {instrument: act, locator: Section 2, seen: primary, checked: 2026-11-20}
""",
)
REPEAL_CASES = """
- name: a truck without a seal, after the repeal
  date: 2024-03-01
  given: {shipment: {transport: {tractor: T1}}}
  expect: not-applicable
- name: a truck without a seal, the last day
  date: 2024-02-29
  given: {shipment: {transport: {tractor: T1}}}
  expect: fail
"""


def test_start_without_a_case_on_the_day_before_is_an_error(tmp_path: Path) -> None:
    assert lint_replaced(tmp_path, (CASES_FILE, "date: 2019-12-31", "date: 2019-12-30")) == [
        ("error", CASES_FILE, "case-dates: no case on 2019-12-31 (a wording starts 2020-01-01)")
    ]


def test_start_without_a_case_on_the_day_itself_is_an_error(tmp_path: Path) -> None:
    assert lint_replaced(tmp_path, (RULE_FILE, "start: 2020-01-01", "start: 2020-01-02")) == [
        ("error", CASES_FILE, "case-dates: no case on 2020-01-02 (a wording starts 2020-01-02)")
    ]


def test_repeal_has_a_start_too(tmp_path: Path) -> None:
    """And the day before may be the last of February."""
    assert lint_replaced(tmp_path / "a", REPEAL) == [
        ("error", CASES_FILE, "case-dates: no case on 2024-02-29, 2024-03-01 (a wording starts 2024-03-01)")
    ]
    more = (CASES_FILE, "- name: the day before\n", f"{REPEAL_CASES.lstrip()}- name: the day before\n")
    assert lint_replaced(tmp_path / "b", REPEAL, more) == []
