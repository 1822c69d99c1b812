# SPDX-License-Identifier: Apache-2.0
"""`case-dates`: each start of a wording has a case on the day and one on the day before."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from borderready.pack.case import cases_path
from borderready.pack.lint.finding import LintFinding, remark
from borderready.pack.view import PackView

ID = "case-dates"


def lint(pack: PackView, day: str) -> Iterator[LintFinding]:
    """Yield starts that no case stands on or before."""
    for rule in pack.rule_base.rules:
        dates = {case.date for case in pack.cases.get(rule.id, ())}
        if not dates:
            continue
        for wording in rule.wordings:
            before = (date.fromisoformat(wording.start) - timedelta(days=1)).isoformat()
            lacking = [needed for needed in (before, wording.start) if needed not in dates]
            if lacking:
                yield remark(
                    ID, cases_path(rule.id), f"no case on {', '.join(lacking)} (a wording starts {wording.start})"
                )
