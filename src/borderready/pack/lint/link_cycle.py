# SPDX-License-Identifier: Apache-2.0
"""`link-cycle`: `overrides` and `replaces` form no circle, and what displaces is narrower than what it displaces."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from borderready.model import RuleId
from borderready.pack.lint.finding import LintFinding, remark_at
from borderready.pack.view import PackView
from borderready.scope import is_asked_of

ID = "link-cycle"


def lint(pack: PackView, day: str) -> Iterator[LintFinding]:
    """Yield rules that lead back to themselves, or that displace a rule asked of another subject."""
    rules = {rule.id: rule for rule in pack.rule_base.rules}
    for kind in ("overrides", "replaces"):
        links = {rule.id: (rule.overrides if kind == "overrides" else rule.replaces) for rule in rules.values()}
        for name in links:
            if _leads_back(name, links):
                yield remark_at(pack, ID, f"{name}.yaml", (kind,), f"'{kind}' leads back to this rule")
    for rule in rules.values():
        for index, other in enumerate(rule.overrides):
            if not is_asked_of(rules[other].each, rule.each):
                text = f"{other} is asked of each {rules[other].each}, this rule of each {rule.each}"
                yield remark_at(pack, ID, f"{rule.id}.yaml", ("overrides", index), text)


def _leads_back(start: RuleId, links: Mapping[RuleId, tuple[RuleId, ...]]) -> bool:
    seen: set[RuleId] = set()
    stack = list(links[start])
    while stack:
        name = stack.pop()
        if name == start:
            return True
        if name not in seen:
            seen.add(name)
            stack.extend(links.get(name, ()))
    return False
