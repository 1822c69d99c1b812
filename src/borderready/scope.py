# SPDX-License-Identifier: Apache-2.0
"""Which rules concern a subject and why not; which wording binds on a day; what follows from severity and grade."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from borderready.model import (
    Condition,
    Force,
    Grade,
    Message,
    Missing,
    Rule,
    RuleBase,
    Scope,
    Severity,
    Source,
    Value,
    Wording,
)
from borderready.paths import View, find, is_given, write_value
from borderready.subjects import Asked, is_asked_of


def find_wording(rule: Rule, day: str) -> Wording | None:
    """Return the wording that binds on a day (ISO text); a repealed one binds nothing but is returned.

    None before the first wording: no rule is known, which the caller must never read as a pass.
    """
    newest = rule.wordings[0]
    if newest.start <= day:
        return newest
    return next((wording for wording in rule.wordings if wording.start <= day), None)


def find_next_wording(rule: Rule, day: str) -> Wording | None:
    """Return the first wording that starts after a day."""
    if rule.wordings[0].start <= day:
        return None
    later = [wording for wording in rule.wordings if wording.start > day]
    return later[-1] if later else None


# The conditions of a scope that every manifest answers alike, and where.
_PLAIN: tuple[tuple[str, str, Callable[[Scope], tuple[str, ...]]], ...] = (
    ("origin", "shipment.origin", lambda scope: scope.origins),
    ("mode", "shipment.mode", lambda scope: scope.modes),
    ("channel", "shipment.channel", lambda scope: scope.channels),
    ("entry", "shipment.route.entry", lambda scope: scope.entries),
)
PLAIN_PATHS = tuple(path for _, path, _ in _PLAIN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidates:
    """The rules that goods of a kind can be asked.

    Attributes:
        unsure: Rules of which a manifest of the kind does not give the origin, mode, channel or gate that they name.
        conditions: Those that decide about some rules and are not answered alike for all of the kind, each once.
        judged: Rules of equal conditions together, with the places of these in `conditions`.
        settled: Rules that concern every manifest of the kind.
        left_out: How many other rules there are.
    """

    unsure: tuple[Rule, ...]
    conditions: tuple[Condition, ...]
    judged: tuple[tuple[tuple[int, ...], tuple[Rule, ...]], ...]
    settled: tuple[Rule, ...]
    left_out: int


def pick_rules(rule_base: RuleBase, asked: Asked, groups: Mapping[str, tuple[str, ...]]) -> Candidates:
    """Return the rules that can concern a subject; worked out once for its products, origin, mode, channel and gate."""
    plain = tuple(_value(path, asked.view) for path in PLAIN_PATHS)
    # A paper without a type is of another kind than one whose type is an empty text.
    key = (asked.subject.kind, "type" in asked.view.own, asked.products, plain)
    candidates = rule_base.candidates.get(key)
    if candidates is None:
        candidates = rule_base.candidates[key] = _pick(rule_base, asked, plain, groups)
    assert isinstance(candidates, Candidates)
    return candidates


def _pick(
    rule_base: RuleBase, asked: Asked, plain: tuple[str | None, ...], groups: Mapping[str, tuple[str, ...]]
) -> Candidates:
    words = _words(asked, groups)
    kind = asked.subject.kind
    rules = [rule for rule in rule_base.rules if is_asked_of(rule.each, kind)]
    settles = _settler(asked)
    unsure: list[Rule] = []
    judged: dict[tuple[Condition, ...], list[Rule]] = {}
    settled: list[Rule] = []
    for rule in rules:
        wanted = [accepted(rule.scope) for _, _, accepted in _PLAIN]
        if rule.scope.products and not words.intersection(rule.scope.products):
            continue
        if any(accepted and found not in (None, *accepted) for accepted, found in zip(wanted, plain, strict=True)):
            continue
        answers = {condition: settles(condition) for condition in rule.scope.conditions}
        if False in answers.values():
            continue
        is_unsure = any(accepted and found is None for accepted, found in zip(wanted, plain, strict=True))
        open_ones = tuple(condition for condition, answer in answers.items() if answer is None)
        alike = judged.setdefault(open_ones, []) if open_ones else settled
        (unsure if is_unsure else alike).append(rule)
    count = len(unsure) + sum(map(len, judged.values())) + len(settled)
    places: dict[Condition, int] = {}
    for condition in (condition for conditions, alike in judged.items() if alike for condition in conditions):
        places.setdefault(condition, len(places))
    return Candidates(
        unsure=tuple(unsure),
        conditions=tuple(places),
        judged=tuple(
            (tuple(places[condition] for condition in conditions), tuple(alike))
            for conditions, alike in judged.items()
            if alike
        ),
        settled=tuple(settled),
        left_out=len(rules) - count + sum(n for each, n in rule_base.left_out.items() if is_asked_of(each, kind)),
    )


def _settler(asked: Asked) -> Callable[[Condition], bool | None]:
    """Return what tells whether a condition holds for every subject of a kind, for none, or (None) only for some.

    What a kind is known by is the same for all of it: the plain conditions, the product of a lot, a document's type.
    """
    own = {"lot": ["product"], "shipment": []}.get(asked.subject.kind, ["type"])
    fixed = {*own, *PLAIN_PATHS}

    def settle(condition: Condition) -> bool | None:
        answer = holds(condition, asked.view) if condition.path in fixed else None
        return answer if isinstance(answer, bool) else None

    return settle


def _value(path: str, view: View) -> str | None:
    hits, _ = find(path, view)
    return write_value(hits[0].value) if hits else None


def _words(asked: Asked, groups: Mapping[str, tuple[str, ...]]) -> set[str]:
    return {word for product in asked.products for word in groups.get(product, (product,))}


def exclusion_of(rule: Rule, asked: Asked, groups: Mapping[str, tuple[str, ...]]) -> Message | Missing | None:
    """Return why a rule does not concern a subject, the field that would tell, or None where it does concern it."""
    scope = rule.scope
    if scope.products and not _words(asked, groups).intersection(scope.products):
        return _not_among("product", asked.products, scope.products)
    undecided: Missing | None = None
    for name, path, accepted_by in _PLAIN:
        accepted = accepted_by(scope)
        if not accepted:
            continue
        hits, missings = find(path, asked.view)
        if hits and write_value(hits[0].value) not in accepted:
            return _not_among(name, (write_value(hits[0].value),), accepted)
        undecided = undecided or (missings[0] if missings else None)
    for condition in scope.conditions:
        answer = holds(condition, asked.view)
        if answer is False:
            return _why_excluded(condition, asked.view)
        undecided = undecided or (answer if isinstance(answer, Missing) else None)
    return undecided


def _not_among(name: str, found: tuple[str, ...], accepted: tuple[str, ...]) -> Message:
    return Message("scope.not_among", {"name": name, "found": ", ".join(found), "accepted": ", ".join(accepted)})


def holds(condition: Condition, view: View) -> bool | Missing:
    """Tell whether a condition holds, or which field would tell."""
    if condition.kind == "given":
        return is_given(condition.path, view)
    if condition.kind == "absent":
        return not is_given(condition.path, view)
    hits, missings = find(condition.path, view)
    values = condition.values
    is_among = any(write_value(leaf) in values for hit in hits for leaf in _leaves(hit.value))
    if condition.kind == "unless":
        return not is_among
    return True if is_among else missings[0] if missings else False


def _why_excluded(condition: Condition, view: View) -> Message:
    """Return why a condition does not hold."""
    hits, _ = find(condition.path, view)
    if condition.kind == "given":
        return Message("scope.not_given", {"path": condition.path})
    if condition.kind == "absent":
        return Message("scope.given", {"path": condition.path})
    found = tuple(write_value(member) for hit in hits for member in _leaves(hit.value))
    if condition.kind == "unless":
        return Message("scope.among", {"name": condition.path, "found": ", ".join(found)})
    return _not_among(condition.path, found, condition.values)


def _leaves(value: Value) -> tuple[Value, ...]:
    return value if isinstance(value, tuple) else (value,)


def force_of(severity: Severity, source: Source) -> Force:
    """Return what follows from what the law says and from how well we know it (design, section 4)."""
    if source.seen is Grade.MEMORY:
        return Force.INFORMS
    if severity is Severity.SHOULD:
        return Force.WARNS
    if source.seen is Grade.PRIMARY or len(source.witnesses) >= 2:
        return Force.BLOCKS
    return Force.WARNS
