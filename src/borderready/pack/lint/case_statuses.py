# SPDX-License-Identifier: Apache-2.0
"""`case-statuses`: every rule has a case that passes, one that fails, and one that cannot be decided.

A rule that compares places which its own `given` asks for can always decide, and needs no such case.
"""

from __future__ import annotations

from collections.abc import Iterator

from borderready.model import Rule
from borderready.pack.case import cases_path
from borderready.pack.lint.finding import LintFinding, remark
from borderready.pack.view import PackView
from borderready.read.rule_judge import PATH_OPTIONS
from borderready.subjects import EVENT_PATHS

ID = "case-statuses"
# What every manifest has; the day of the basis is given too, or the rule is not asked.
_ALWAYS_GIVEN = {"shipment.origin"}
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
        asked = _ASKED.get(rule.check, ("pass", "fail") if _can_always_decide(rule) else ("pass", "fail", "unknown"))
        lacking = [status for status in asked if status not in have]
        if lacking:
            yield remark(ID, cases_path(rule.id), f"no case expects {', '.join(lacking)}")


def _can_always_decide(rule: Rule) -> bool:
    """Tell whether every place that a rule reads is one place, and must be given before the rule is asked."""
    given = {condition.path for condition in rule.scope.conditions if condition.kind == "given"} | _ALWAYS_GIVEN
    given |= {EVENT_PATHS[rule.basis]}
    paths = {rule.field}
    for wording in rule.wordings:
        for name in PATH_OPTIONS:
            value = wording.options.get(name, ())
            paths.update(str(path) for path in (value if isinstance(value, tuple) else (value,)))
    return rule.check in ("same", "within") and paths <= given and not any("[" in path for path in paths)
