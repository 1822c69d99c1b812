# SPDX-License-Identifier: Apache-2.0
"""`link-cycle`: `overrides` and `replaces` form no circle, and what displaces is narrower than what it displaces."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeVar

from borderready.pack.lint.finding import LintFinding, remark_at
from borderready.pack.view import PackView
from borderready.subjects import is_asked_of

ID = "link-cycle"
Name = TypeVar("Name", bound=str)


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
    yield from _of_instruments(pack)


def _of_instruments(pack: PackView) -> Iterator[LintFinding]:
    """Yield instruments that replace one which is not there, or that lead back to themselves."""
    links = {name: instrument.replaces for name, instrument in pack.rule_base.instruments.items()}
    for name, older in links.items():
        for index, other in enumerate(older):
            if other not in pack.whole.instruments:
                text = f"there is no instruments/{other}.yaml"
                yield remark_at(pack, ID, f"instruments/{name}.yaml", ("replaces", index), text)
        if _leads_back(name, links):
            yield remark_at(pack, ID, f"instruments/{name}.yaml", ("replaces",), "'replaces' leads back to this one")


def _leads_back(start: Name, links: Mapping[Name, tuple[Name, ...]]) -> bool:
    seen: set[Name] = set()
    stack = list(links[start])
    while stack:
        name = stack.pop()
        if name == start:
            return True
        if name not in seen:
            seen.add(name)
            stack.extend(links.get(name, ()))
    return False
