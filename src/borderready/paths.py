# SPDX-License-Identifier: Apache-2.0
"""Paths of rules into a shipment: `documents[type=lab-report].results[analyte=cadmium].value`.

A path is a dotted list of keys; `[*]` means each member of a sequence, `[key=value]` the members whose key has that
value, `[a=x][b=y]` those where both hold. Finding a path in a view gives hits (places with values) and missings (places
where a step is absent).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeAlias

from borderready.fold import fold
from borderready.model import Missing, Outcome, Path, Value


@dataclass(frozen=True, slots=True)
class Key:
    """The member of a mapping."""

    name: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Each:
    """Every member of a sequence."""

    def __str__(self) -> str:
        return "[*]"


@dataclass(frozen=True, slots=True)
class Where:
    """The members of a sequence in which every key has its value."""

    conditions: tuple[tuple[str, str], ...]

    def __str__(self) -> str:
        return "".join(f"[{key}={value}]" for key, value in self.conditions)


Step: TypeAlias = Key | Each | Where
_PART = re.compile(r"(?P<key>[a-z][a-z0-9_]*)(?P<selectors>(?:\[[^\]]*\])*)\Z")
_SELECTOR = re.compile(r"\[(?:(?P<each>\*)|(?P<key>[a-z][a-z0-9_]*)=(?P<value>[^\]=]+))\]")


@dataclass(frozen=True, slots=True)
class Hit:
    """A place that exists, and what stands there."""

    path: Path
    value: Value


@dataclass(frozen=True, slots=True)
class Picked:
    """Some members of a sequence, each with its index in the whole."""

    members: tuple[tuple[int, Value], ...]


@dataclass(frozen=True, slots=True)
class View:
    """What one subject sees.

    Attributes:
        path: The subject's own place.
        own: The subject's own keys.
        shared: Names that stand at the top of the document (shipment, parties, documents ...), already narrowed
            to what concerns the subject.
        synonyms: As in RuleBase; used when a selector compares.
    """

    path: Path
    own: Mapping[str, Value]
    shared: Mapping[str, Value | Picked | None]
    synonyms: Mapping[str, Mapping[str, str]]
    # What was found before: hundreds of rules ask a subject for the same few dozen paths.
    _found: dict[str, tuple[tuple[Hit, ...], tuple[Missing, ...]]] = field(
        init=False, default_factory=dict, compare=False, repr=False
    )
    _chosen: dict[tuple[Path, Step], list[tuple[int, Value]]] = field(
        init=False, default_factory=dict, compare=False, repr=False
    )


@lru_cache(maxsize=4096)
def parse_path(text: str) -> tuple[Step, ...]:
    """Return the steps of a path; raises ValueError with a sentence when it is malformed."""
    steps: list[Step] = []
    for part in re.split(r"\.(?![^\[]*\])", text):
        match = _PART.match(part)
        if match is None:
            raise ValueError(f"'{part}' is not a key with optional [*] or [key=value]")
        steps.append(Key(match["key"]))
        selectors = match["selectors"]
        found = list(_SELECTOR.finditer(selectors))
        if "".join(selector.group() for selector in found) != selectors:
            raise ValueError(f"'{selectors}' is neither [*] nor [key=value]")
        if any(selector["each"] for selector in found) and len(found) > 1:
            raise ValueError(f"'{selectors}' mixes [*] with [key=value]; leave [*] out")
        if found:
            conditions = tuple((selector["key"], selector["value"]) for selector in found)
            steps.append(Each() if found[0]["each"] else Where(conditions))
    return tuple(steps)


def write_path(path: Path) -> str:
    """Return a concrete path as dotted text: ("lots", 0, "id") gives `lots[0].id`."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else (f".{step}" if text else step)
    return text


def write_outcome_path(outcome: Outcome) -> str:
    """Return the dotted place of an outcome, down to what is missing there."""
    base = write_path(outcome.path or ())
    if outcome.missing is None:
        return base
    steps = outcome.missing.steps
    return f"{base}{steps}" if steps.startswith("[") or not base else f"{base}.{steps}"


@lru_cache(maxsize=4096)
def write_steps(steps: tuple[Step, ...]) -> str:
    """Return steps as they are written in a rule."""
    text = ""
    for step in steps:
        text += f".{step}" if isinstance(step, Key) and text else str(step)
    return text


def find(text: str, view: View) -> tuple[tuple[Hit, ...], tuple[Missing, ...]]:
    """Return where a path leads in a view: the places that exist, and the places where a step is absent.

    A sequence that exists but has no member for a selector is a missing, never silence.
    """
    found = view._found.get(text)
    if found is None:
        found = view._found[text] = _find(text, view)
    return found


def _find(text: str, view: View) -> tuple[tuple[Hit, ...], tuple[Missing, ...]]:
    steps = parse_path(text)
    first = steps[0]
    assert isinstance(first, Key)
    is_shared = first.name in view.shared
    start: Path = () if is_shared else view.path
    value = view.shared[first.name] if is_shared else view.own.get(first.name)
    if value is None:
        return (), (Missing(parent=start, steps=text, is_last=len(steps) == 1),)
    hits: list[Hit] = []
    missings: list[Missing] = []
    _walk(value, (*start, first.name), steps[1:], view, hits, missings)
    return tuple(hits), tuple(missings)


def _walk(
    value: Value | Picked, path: Path, steps: tuple[Step, ...], view: View, hits: list[Hit], missings: list[Missing]
) -> None:
    for count, step in enumerate(steps):
        if not isinstance(step, Key):
            _walk_members(value, path, steps[count:], view, hits, missings)
            return
        inner = value.get(step.name) if isinstance(value, (dict, Mapping)) else None
        if inner is None:
            is_last = count == len(steps) - 1
            missings.append(Missing(parent=path, steps=write_steps(steps[count:]), is_last=is_last))
            return
        value, path = inner, (*path, step.name)
    hits.append(Hit(path, value if not isinstance(value, Picked) else tuple(v for _, v in value.members)))


def _walk_members(
    value: Value | Picked, path: Path, steps: tuple[Step, ...], view: View, hits: list[Hit], missings: list[Missing]
) -> None:
    step, rest = steps[0], steps[1:]
    chosen = view._chosen.get((path, step))
    if chosen is None:
        chosen = [(i, v) for i, v in _members(value) if isinstance(step, Each) or _matches(v, step, view)]
        view._chosen[path, step] = chosen
    if not chosen:
        missings.append(
            Missing(parent=path, steps=write_steps(steps), is_last=not any(isinstance(s, Key) for s in rest))
        )
    for index, member in chosen:
        _walk(member, (*path, index), rest, view, hits, missings)


def _members(value: Value | Picked) -> Iterator[tuple[int, Value]]:
    if isinstance(value, Picked):
        yield from value.members
    elif isinstance(value, tuple):
        yield from enumerate(value)


def _matches(member: Value, step: Key | Where, view: View) -> bool:
    if not isinstance(member, (dict, Mapping)) or isinstance(step, Key):
        return False
    for key, asked in step.conditions:
        found = member.get(key)
        if found is None or isinstance(found, (tuple, Mapping)):
            return False
        if canonical(key, write_value(found), view) != canonical(key, asked, view):
            return False
    return True


def canonical(kind: str, text: str, view: View) -> str:
    """Return the id that a word stands for (`Cd` and 镉 for `cadmium`), or the folded word itself."""
    folded = fold(text)
    return view.synonyms.get(kind, {}).get(folded, folded)


def write_value(value: Value) -> str:
    """Return a value as a person would have written it: true, 16200, 0.05, [zh, en]."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return "[" + ", ".join(write_value(member) for member in value) + "]"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {write_value(inner)}" for key, inner in value.items()) + "}"
    return str(value)
