# SPDX-License-Identifier: Apache-2.0
"""`stale`: no source was last looked at more than a year ago: a warning, so that the calendar alone breaks nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from borderready.pack.lint.finding import LintFinding, remark, remark_at
from borderready.pack.view import PackView

ID = "stale"
MAX_AGE_DAYS = 365


def lint(pack: PackView, day: str) -> Iterator[LintFinding]:
    """Yield wordings, and notices that have not ended, whose source is stale on a day."""
    oldest = (date.fromisoformat(day) - timedelta(days=MAX_AGE_DAYS)).isoformat()
    for rule in pack.rule_base.rules:
        for index, wording in enumerate(rule.wordings):
            checked = wording.source.checked
            if checked is not None and checked < oldest:
                place = ("wordings", index, "source", "checked")
                yield remark_at(pack, ID, f"{rule.id}.yaml", place, f"last looked at {checked}", is_error=False)
    for notice in pack.rule_base.notices:
        checked = notice.source.checked
        has_ended = notice.until is not None and notice.until < day
        if checked is not None and checked < oldest and not has_ended:
            yield remark(ID, "notices", f"{notice.id}: last looked at {checked}", is_error=False)
