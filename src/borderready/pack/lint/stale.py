# SPDX-License-Identifier: Apache-2.0
"""`stale`: no source was last looked at more than a year ago, or on a day that is far from having come.

A warning, so that the calendar alone breaks nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from borderready.model import Notice
from borderready.pack.lint.finding import LintFinding, remark_at, remark_notice
from borderready.pack.view import PackView

ID = "stale"
MAX_AGE_DAYS = 365
MAX_AHEAD_DAYS = 31  # a slip of the year would keep a source fresh for another one


def is_stale(checked: str | None, day: str, *, max_age_days: int = MAX_AGE_DAYS) -> bool:
    """Tell whether a source was last looked at so long before a day; one without a day is not judged."""
    return checked is not None and checked < (date.fromisoformat(day) - timedelta(days=max_age_days)).isoformat()


def has_ended(notice: Notice, day: str) -> bool:
    """Tell whether a notice had ended by a day, so that nobody need look at its source again."""
    return notice.until is not None and notice.until < day


def lint(pack: PackView, day: str) -> Iterator[LintFinding]:
    """Yield wordings, and notices that have not ended, whose source is stale on a day."""
    newest = (date.fromisoformat(day) + timedelta(days=MAX_AHEAD_DAYS)).isoformat()
    for rule in pack.rule_base.rules:
        for index, wording in enumerate(rule.wordings):
            checked = wording.source.checked
            if checked is None:
                continue
            is_old = is_stale(checked, day)
            if is_old or checked > newest:
                place = ("wordings", index, "source", "checked")
                text = f"last looked at {checked}" if is_old else f"looked at {checked}, which is to come"
                yield remark_at(pack, ID, f"{rule.id}.yaml", place, text, is_error=False)
    for notice in pack.rule_base.notices:
        checked = notice.source.checked
        if is_stale(checked, day) and not has_ended(notice, day):
            yield remark_notice(pack, ID, notice.id, "source", f"last looked at {checked}", is_error=False)
