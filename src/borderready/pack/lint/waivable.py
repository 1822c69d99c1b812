# SPDX-License-Identifier: Apache-2.0
"""`waivable`: market access, quarantine pests and codes of registers say `waivable: never`.

Nobody outside China's customs can accept these: a lane that is closed, an organism on the quarantine list, a code that
was suspended.
"""

from __future__ import annotations

from collections.abc import Iterator

from borderready.model import Rule
from borderready.pack.lint.finding import LintFinding, remark_at
from borderready.pack.view import PackView

ID = "waivable"
_PESTS = "inspection.pests_found"


def lint(pack: PackView, day: str) -> Iterator[LintFinding]:
    """Yield rules of these three kinds that could be waived."""
    for rule in pack.rule_base.rules:
        reason = _why_never(rule)
        if reason is not None and rule.is_waivable:
            yield remark_at(pack, ID, f"{rule.id}.yaml", ("consequence",), f"{reason}: add 'waivable: never' below")


def _why_never(rule: Rule) -> str | None:
    if rule.area == "access":
        return "market access"
    if rule.check == "none_of" and rule.field.startswith(_PESTS):
        return "pests that China names"
    options = [wording.options for wording in rule.wordings]
    if rule.check == "listed" and any("status" in given for given in options):
        return "codes of a register"
    if rule.check == "noticed" and any(given.get("by") != "gate" for given in options):
        return "suspensions by a notice"
    return None
