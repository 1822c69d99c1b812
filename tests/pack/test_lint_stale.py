# SPDX-License-Identifier: Apache-2.0
"""`stale`: no source was last looked at more than a year ago."""

from __future__ import annotations

from pathlib import Path

from tests.pack.build import RULE_FILE, lint_replaced


def test_source_looked_at_more_than_a_year_ago_is_a_warning(tmp_path: Path) -> None:
    assert lint_replaced(tmp_path, (RULE_FILE, "checked: 2026-11-20", "checked: 2025-11-24"), day="2026-11-25") == [
        ("warning", f"{RULE_FILE}:17:75", "stale: last looked at 2025-11-24")
    ]


def test_source_looked_at_a_year_ago_is_clean(tmp_path: Path) -> None:
    assert lint_replaced(tmp_path, (RULE_FILE, "checked: 2026-11-20", "checked: 2025-11-25"), day="2026-11-25") == []


def test_year_with_a_leap_day_is_a_day_shorter(tmp_path: Path) -> None:
    """Three hundred and sixty-five days, not the same date of the year before."""
    for checked, count in (("2027-03-01", 1), ("2027-03-02", 0)):
        replaced = (RULE_FILE, "checked: 2026-11-20", f"checked: {checked}")
        assert len(lint_replaced(tmp_path / checked, replaced, day="2028-03-01")) == count
