# SPDX-License-Identifier: Apache-2.0
"""Mutation of rules: change one limit, list member, phrase, choice, condition or start, and see that a case notices.

A mutant that every case of its rule still likes has survived: nothing would tell if the rule said the same by mistake.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from borderready.checks import KINDS
from borderready.model import Rule, RuleBase, Scope, Value, Wording
from borderready.pack.case import Case, run_case

_MARK = "zzz-mutant"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """One changed rule; `id` names the rule, the wording and the change, and stays the same from run to run."""

    id: str
    rule: Rule


def mutants_of(rule: Rule) -> Iterator[Mutant]:
    """Yield every mutant of a rule."""
    for index, wording in enumerate(rule.wordings):
        for change, start in _starts(rule.wordings, index):
            yield _with_wording(rule, index, replace(wording, start=start), change)
        if wording.repealed:
            yield _with_wording(rule, index, replace(wording, repealed=False, options=_older(rule, index)), "repealed")
            continue
        for change, options in _mutate_options(rule.check, wording.options):
            yield _with_wording(rule, index, replace(wording, options=options), change)
    for change, scope in _scopes(rule.scope):
        yield Mutant(id=f"{rule.id} {change}", rule=replace(rule, scope=scope))


def survivors_of(rule: Rule, cases: Sequence[Case], rule_base: RuleBase) -> tuple[int, tuple[str, ...]]:
    """Return how many mutants a rule has, and the ids of those that no case notices."""
    made, survived = 0, []
    for mutant in mutants_of(rule):
        made += 1
        if all(run_case(mutant.rule, case, rule_base).problem is None for case in cases):
            survived.append(mutant.id)
    return made, tuple(survived)


def _with_wording(rule: Rule, index: int, wording: Wording, change: str) -> Mutant:
    wordings = (*rule.wordings[:index], wording, *rule.wordings[index + 1 :])
    return Mutant(id=f"{rule.id} {rule.wordings[index].start} {change}", rule=replace(rule, wordings=wordings))


def _older(rule: Rule, index: int) -> Mapping[str, Value]:
    return rule.wordings[index + 1].options if index + 1 < len(rule.wordings) else {}


def _starts(wordings: tuple[Wording, ...], index: int) -> Iterator[tuple[str, str]]:
    """Yield the start a day earlier and a day later, where the order of wordings allows it."""
    start = date.fromisoformat(wordings[index].start)
    above = wordings[index - 1].start if index else "9999"
    below = wordings[index + 1].start if index + 1 < len(wordings) else "0000"
    for days in (-1, 1):
        moved = (start + timedelta(days=days)).isoformat()
        if below < moved < above:
            yield f"start {days:+d}", moved


def _scopes(scope: Scope) -> Iterator[tuple[str, Scope]]:
    """Yield the scope without each condition, and without each value of one."""
    for index, condition in enumerate(scope.conditions):
        rest = (*scope.conditions[:index], *scope.conditions[index + 1 :])
        yield f"{condition.kind} {condition.path} dropped", replace(scope, conditions=rest)
        for value in condition.values if len(condition.values) > 1 else ():
            fewer = replace(condition, values=tuple(other for other in condition.values if other != value))
            conditions = (*scope.conditions[:index], fewer, *scope.conditions[index + 1 :])
            yield f"{condition.kind} {condition.path} {value} dropped", replace(scope, conditions=conditions)


def _mutate_options(kind: str, options: Mapping[str, Value]) -> Iterator[tuple[str, Mapping[str, Value]]]:
    schema: Any = KINDS[kind].options
    properties: Mapping[str, Any] = schema["properties"]
    for name, value in options.items():
        for change, mutated in _mutate(value, properties.get(name, {})):
            yield f"{name} {change}", {**options, name: mutated}


def _mutate(value: Value, schema: Mapping[str, Any]) -> Iterator[tuple[str, Value]]:
    if isinstance(value, bool):
        yield "flipped", not value
    elif isinstance(value, (int, Decimal)):
        step = _step(value)
        yield f"- {step}", value - step
        yield f"+ {step}", value + step
    elif isinstance(value, str):
        yield from _mutate_text(value, schema)
    elif isinstance(value, tuple):
        yield from _mutate_list(value, schema.get("items", {}))
    else:
        inner_schemas: Mapping[str, Any] = schema.get("properties", {})
        for name, inner in value.items():
            other = schema.get("additionalProperties")
            inner_schema = inner_schemas.get(name, other if isinstance(other, Mapping) else {})
            for change, mutated in _mutate(inner, inner_schema):
                yield f"{name} {change}", {**value, name: mutated}


def _step(value: int | Decimal) -> Decimal:
    """Return one unit of the last digit written."""
    exponent = value.as_tuple().exponent if isinstance(value, Decimal) else 0
    return Decimal(1).scaleb(exponent if isinstance(exponent, int) and exponent < 0 else 0)


def _mutate_text(value: str, schema: Mapping[str, Any]) -> Iterator[tuple[str, Value]]:
    """Yield a choice taken back to its default, the first of its kind; a unit becomes every other unit."""
    choices = list(schema.get("enum", ()))
    is_unit = "mg/kg" in choices
    for choice in choices if is_unit else choices[:1]:
        if choice != value:
            yield f"{value} -> {choice}", choice


def _mutate_list(value: tuple[Value, ...], schema: Mapping[str, Any]) -> Iterator[tuple[str, Value]]:
    for index, member in enumerate(value):
        rest = (*value[:index], *value[index + 1 :])
        if isinstance(member, str):
            # A list of one keeps its length: with no member at all the rule could not run.
            yield f"{member} dropped", rest or (_MARK,)
        elif len(value) > 1:
            yield f"[{index}] dropped", rest
        if isinstance(member, (Mapping, tuple)):
            for change, mutated in _mutate(member, schema):
                yield f"[{index}] {change}", (*value[:index], mutated, *value[index + 1 :])
