# SPDX-License-Identifier: Apache-2.0
"""`field-known`: every path of a rule leads to a key that the manifest format has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from borderready.model import Path, Rule, Value
from borderready.pack.lint.finding import LintFinding, remark_at
from borderready.pack.view import PackView
from borderready.paths import Key, Where, parse_path
from borderready.read.rule_judge import PATH_OPTIONS
from borderready.read.schema import shape_named
from borderready.read.shape import Shape

ID = "field-known"
_SHARED = ("reference", "shipment", "parties", "documents", "attestations")


def lint(pack: PackView, day: str) -> Iterator[LintFinding]:
    """Yield paths that lead nowhere."""
    for rule in pack.rule_base.rules:
        for place, text in _paths(rule):
            problem = _problem(text, rule)
            if problem is not None:
                yield remark_at(pack, ID, f"{rule.id}.yaml", place, f"{text}: {problem}")


def _paths(rule: Rule) -> Iterator[tuple[Path, str]]:
    if rule.check not in ("attested", "tell"):
        yield ("field",), rule.field
    for condition in rule.scope.conditions:
        yield ("applies_to", condition.kind), condition.path
    for index, wording in enumerate(rule.wordings):
        for name in PATH_OPTIONS:
            for text in _texts(wording.options.get(name, ())):
                yield ("wordings", index, "options", name), text


def _texts(value: Value) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from (str(inner) for inner in value.values())
    elif isinstance(value, tuple):
        yield from (str(member) for member in value)


def _problem(text: str, rule: Rule) -> str | None:
    try:
        steps = parse_path(text)
    except ValueError as error:
        return str(error)
    first = steps[0]
    assert isinstance(first, Key)
    shape: Shape | None = shape_named("manifest")
    if rule.each == "lot" and first.name not in _SHARED:
        shape = _inner(shape, "lots")
    elif rule.each not in ("lot", "shipment") and first.name not in (*_SHARED, "lots"):
        shape = _inner(shape, "documents")
    for step in steps:
        if isinstance(step, Key):
            shape = shape.properties.get(step.name) if shape is not None else None
            if shape is None:
                return f"the manifest format has no '{step.name}' there"
        else:
            if shape is None or shape.items is None:
                return "a selector stands where there is no list"
            shape = shape.items
            for key, _ in step.conditions if isinstance(step, Where) else ():
                if key not in shape.properties:
                    return f"the members of that list have no '{key}'"
    return None


def _inner(shape: Shape | None, name: str) -> Shape | None:
    found = shape.properties.get(name) if shape is not None else None
    return found.items if found is not None else None
