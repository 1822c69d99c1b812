# SPDX-License-Identifier: Apache-2.0
"""`schedule`: the treatments follow one of several schedules, step by step and in order.

With one alternative of two steps, fumigation (32 g/m3 for 2 h) and then cold (at most 2.77 C for 10 days), the two in
that order pass; the cold before the fumigation, or 9 days of it, fail. A treatment that lacks a figure the schedule
asks for is unknown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from borderready.checks.context import Context, Options, as_decimal, unknown
from borderready.fold import fold
from borderready.model import Message, Missing, Outcome, Path, Status, Value
from borderready.paths import find, write_value

KIND = "schedule"
_BOUNDS = {"type": "object", "additionalProperties": {"type": "number"}}
OPTIONS = {
    "type": "object",
    "additionalProperties": False,
    "required": ["alternatives"],
    "properties": {
        "alternatives": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["name", "steps"],
                "properties": {
                    "name": {"type": "string", "minLength": 1},
                    "steps": {
                        "type": "array",
                        "minItems": 1,
                        "items": {
                            "type": "object",
                            "additionalProperties": False,
                            "required": ["kind"],
                            "properties": {
                                "kind": {"type": "string", "minLength": 1},
                                "agent": {"type": "string", "minLength": 1},
                                "min": _BOUNDS,
                                "max": _BOUNDS,
                            },
                        },
                    },
                },
            },
        }
    },
}


def check(context: Context, field: str, options: Options) -> tuple[Outcome, ...]:
    """Judge the treatments against each alternative; the nearest one is told where none is followed."""
    hits, missings = find(field, context.view)
    outcomes = [unknown(missing) for missing in missings]
    for hit in hits:
        outcomes.append(_judge(hit.path, list(hit.value) if isinstance(hit.value, tuple) else [hit.value], options))
    return tuple(outcomes)


def _judge(path: Path, given: list[Value], options: Options) -> Outcome:
    alternatives = options["alternatives"]
    assert isinstance(alternatives, tuple)
    tried = [_follow(path, given, alternative) for alternative in alternatives if isinstance(alternative, Mapping)]
    for status in (Status.PASS, Status.UNKNOWN):
        for _, outcome in tried:
            if outcome.status is status:
                return outcome
    return max(tried, key=lambda followed: followed[0])[1]


def _follow(path: Path, given: list[Value], alternative: Mapping[str, Value]) -> tuple[int, Outcome]:
    """Follow one alternative and return how far it went: each step is the next treatment of its kind."""
    name, steps = write_value(alternative["name"]), alternative["steps"]
    assert isinstance(steps, tuple)
    position = done = 0
    for number, step in enumerate(steps, 1):
        assert isinstance(step, Mapping)
        args = {"name": name, "step": str(number), "kind": write_value(step["kind"])}
        index = _next_of_kind(given, position, step)
        if index is None:
            return done, _fail(path, Message("check.schedule.no_step", args), name)
        treatment = given[index]
        assert isinstance(treatment, Mapping)
        done += 1
        for outcome in _judge_step((*path, index), treatment, step, args):
            if outcome is not None:
                return done, outcome
            done += 1
        position = index + 1
    return done, Outcome(status=Status.PASS, path=path, expected=name)


def _judge_step(
    path: Path, treatment: Mapping[str, Value], step: Mapping[str, Value], args: Mapping[str, str]
) -> Iterator[Outcome | None]:
    if "agent" in step and "agent" not in treatment:
        yield unknown(Missing(parent=path, steps="agent", is_last=True))
    for bound_kind in ("min", "max"):
        bounds = step.get(bound_kind, {})
        for key, bound in (bounds if isinstance(bounds, Mapping) else {}).items():
            yield _judge_bound(path, treatment, key, bound, bound_kind, args)


def _next_of_kind(given: list[Value], position: int, step: Mapping[str, Value]) -> int | None:
    for index in range(position, len(given)):
        treatment = given[index]
        if not isinstance(treatment, Mapping) or treatment.get("kind") != step["kind"]:
            continue
        agent = treatment.get("agent")
        if "agent" in step and agent is not None and fold(write_value(agent)) != fold(write_value(step["agent"])):
            continue
        return index
    return None


def _judge_bound(
    path: Path, treatment: Mapping[str, Value], key: str, bound: Value, bound_kind: str, args: Mapping[str, str]
) -> Outcome | None:
    if key not in treatment:
        return unknown(Missing(parent=path, steps=key, is_last=True))
    number, limit = as_decimal(treatment[key]), as_decimal(bound)
    if number is None or limit is None:
        return _fail((*path, key), Message("check.not_a_number"), write_value(bound))
    if number >= limit if bound_kind == "min" else number <= limit:
        return None
    sign = ">=" if bound_kind == "min" else "<="
    return _fail((*path, key), Message("check.schedule.bound", args), f"{key} {sign} {limit}", number)


def _fail(path: Path, because: Message, expected: str, found: Decimal | None = None) -> Outcome:
    return Outcome(
        status=Status.FAIL,
        path=path,
        found=None if found is None else str(found),
        expected=expected,
        because=because,
    )


def say(options: Options) -> Message:
    """Return what is asked, in words."""
    alternatives = options["alternatives"]
    names = (
        [write_value(a["name"]) for a in alternatives if isinstance(a, Mapping)]
        if isinstance(alternatives, tuple)
        else []
    )
    return Message("check.schedule.say", {"names": " / ".join(names)})
