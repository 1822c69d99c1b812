# SPDX-License-Identifier: Apache-2.0
"""`unreachable`: some shipment can be asked each rule, and each condition can hold."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from borderready.fold import fold
from borderready.model import Path, Rule
from borderready.pack.lanes import conditions_of, covers, exclude, goods_of
from borderready.pack.lint.finding import LintFinding, remark_at
from borderready.pack.manifest_key import choices_at
from borderready.pack.view import PackView
from borderready.subjects import is_asked_of

ID = "unreachable"


def lint(pack: PackView, day: str) -> Iterator[LintFinding]:
    """Yield rules that nothing can be asked, and values of conditions that no manifest can have."""
    for rule in pack.rule_base.rules:
        for place, text in (*_of_scope(pack, rule), *_of_values(rule), *_of_wordings(rule)):
            yield remark_at(pack, ID, f"{rule.id}.yaml", place, text)
    yield from _displaced(pack)


def _of_scope(pack: PackView, rule: Rule) -> Iterator[tuple[Path, str]]:
    if rule.scope.products and not goods_of(rule.scope, pack.whole):
        yield ("applies_to", "product"), "no product belongs to any of these groups"
    for one, other in combinations(conditions_of(rule.scope), 2):
        if exclude(one, other):
            yield ("applies_to",), f"no manifest fulfils both '{one.kind}' and '{other.kind}' on {one.path}"


def _of_values(rule: Rule) -> Iterator[tuple[Path, str]]:
    for condition in rule.scope.conditions:
        if condition.kind not in ("when", "unless"):
            continue
        choices = choices_at(condition.path, rule)
        for value in condition.values:
            if choices is not None and fold(value) not in choices:
                place = ("applies_to", condition.kind, condition.path)
                yield place, f"{condition.path} is never '{value}': the manifest format has no such word there"


def _of_wordings(rule: Rule) -> Iterator[tuple[Path, str]]:
    last = len(rule.wordings) - 1
    if rule.wordings[last].repealed:
        yield ("wordings", last), "the first wording repeals, and there is nothing before it"
    for index in range(last):
        if rule.wordings[index].repealed and rule.wordings[index + 1].repealed:
            yield ("wordings", index), "repeals what the wording below has repealed"


def _displaced(pack: PackView) -> Iterator[LintFinding]:
    """Yield rules that another one displaces wherever they apply, from before they start."""
    rules = {rule.id: rule for rule in pack.rule_base.rules}
    for other in rules.values():
        for name in other.overrides:
            rule = rules[name]
            if rule is other:  # told by link-cycle
                continue
            starts_first = other.wordings[-1].start <= rule.wordings[-1].start
            is_whole = is_asked_of(other.each, rule.each) and covers(other.scope, rule.scope, pack.whole)
            if is_whole and starts_first and not any(wording.repealed for wording in other.wordings):
                text = f"{other.id} displaces it wherever it applies"
                yield remark_at(pack, ID, f"{rule.id}.yaml", ("applies_to",), text)
