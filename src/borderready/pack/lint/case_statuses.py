# SPDX-License-Identifier: Apache-2.0
"""`case-statuses`: every rule has a case that passes, one that fails, and one that cannot be decided."""

from __future__ import annotations

from collections.abc import Iterator

from borderready.pack.case import cases_path
from borderready.pack.lint.finding import LintFinding, remark
from borderready.pack.view import PackView

ID = "case-statuses"
_ASKED = {"attested": ("pass", "fail", "manual"), "tell": ("manual",)}


def lint(pack: PackView, day: str) -> Iterator[LintFinding]:
    """Yield rules whose cases leave a status out, and files of cases that cannot be read."""
    for fault in pack.case_faults:
        yield LintFinding(lint=ID, is_error=True, fault=fault)
    for rule in pack.rule_base.rules:
        cases = pack.cases.get(rule.id, ())
        if not cases:
            yield remark(ID, f"{rule.id}.yaml", f"no cases: {cases_path(rule.id)} is missing")
            continue
        have = {case.expect for case in cases}
        lacking = [status for status in _ASKED.get(rule.check, ("pass", "fail", "unknown")) if status not in have]
        if lacking:
            yield remark(ID, cases_path(rule.id), f"no case expects {', '.join(lacking)}")
