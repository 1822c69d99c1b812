# SPDX-License-Identifier: Apache-2.0
"""`stale`: no source was last looked at more than a year ago, or on a day that is far from having come.

A warning, so that the calendar alone breaks nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from borderready.pack.lint.finding import LintFinding, remark_at, remark_notice
from borderready.pack.view import PackView

ID = "stale"
MAX_AGE_DAYS = 365
MAX_AHEAD_DAYS = 31  # a slip of the year would keep a source fresh for another one


def lint(pack: PackView, day: str) -> Iterator[LintFinding]:
    """Yield wordings, and notices that have not ended, whose source is stale on a day."""
    oldest = (date.fromisoformat(day) - timedelta(days=MAX_AGE_DAYS)).isoformat()
    newest = (date.fromisoformat(day) + timedelta(days=MAX_AHEAD_DAYS)).isoformat()
    for rule in pack.rule_base.rules:
        for index, wording in enumerate(rule.wordings):
            checked = wording.source.checked
            if checked is not None and not oldest <= checked <= newest:
                place = ("wordings", index, "source", "checked")
                text = f"last looked at {checked}" if checked < oldest else f"looked at {checked}, which is to come"
                yield remark_at(pack, ID, f"{rule.id}.yaml", place, text, is_error=False)
    for notice in pack.rule_base.notices:
        checked = notice.source.checked
        has_ended = notice.until is not None and notice.until < day
        if checked is not None and checked < oldest and not has_ended:
            yield remark_notice(pack, ID, notice.id, "source", f"last looked at {checked}", is_error=False)
