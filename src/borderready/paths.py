# SPDX-License-Identifier: Apache-2.0
"""Paths of rules into a shipment: `documents[type=lab-report].results[analyte=cadmium].value`.

A path is a dotted list of keys; `[*]` means each member of a sequence, `[key=value]` the members whose key has that
value, `[a=x][b=y]` those where both hold. Finding a path in a view gives hits (places with values) and missings (places
where a step is absent).
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple, TypeAlias, cast

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

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys that are compared."""
        return tuple(key for key, _ in self.conditions)

    def __str__(self) -> str:
        return "".join(f"[{key}={value}]" for key, value in self.conditions)


Step: TypeAlias = Key | Each | Where
Found: TypeAlias = "tuple[tuple[Hit, ...], tuple[Missing, ...]]"
# The members of a sequence by the canonical values of some of their keys.
_Index: TypeAlias = "dict[tuple[str, ...], list[tuple[int, Value]]]"
_PART = re.compile(r"(?P<key>[a-z][a-z0-9_]*)(?P<selectors>(?:\[[^\]]*\])*)\Z")
_SELECTOR = re.compile(r"\[(?:(?P<each>\*)|(?P<key>[a-z][a-z0-9_]*)=(?P<value>[^\]=]+))\]")


PARTS = "?"  # stands behind the path where only parts of a mapping were asked for; no path holds it


class Hit(NamedTuple):
    """A place that exists, and what stands there."""

    path: Path
    value: Value


@dataclass(frozen=True, slots=True)
class Picked:
    """Some members of a sequence, each with its index in the whole."""

    members: tuple[tuple[int, Value], ...]


@dataclass(slots=True, eq=False)
class Common:
    """Names at the top of a document below which all its subjects see the same, and what was found there."""

    names: frozenset[str] = frozenset()
    found: dict[str, Found] = field(default_factory=dict)
    picked: dict[tuple[str, tuple[int, ...]], Picked] = field(default_factory=dict)
    # Of parts of the manifest, and of members picked of it, by their identity: both live as long as this does.
    shapes: dict[int, int] = field(default_factory=dict)
    seen: dict[tuple[object, int], Hashable] = field(default_factory=dict)  # through a mask
    indexes: dict[tuple[int, tuple[str, ...]], _Index] = field(default_factory=dict)

    def pick(self, name: str, members: Sequence[tuple[int, Value]]) -> Picked:
        """Return members of the sequence of that name; the same for whoever sees the same ones."""
        key = (name, tuple([index for index, _ in members]))
        picked = self.picked.get(key)
        if picked is None:
            picked = self.picked[key] = Picked(tuple(members))
        return picked


@dataclass(slots=True, eq=False)
class View:
    """What one subject sees.

    Attributes:
        path: The subject's own place.
        own: The subject's own keys.
        shared: Names that stand at the top of the document (shipment, parties, documents ...), already narrowed
            to what concerns the subject.
        synonyms: As in RuleBase; used when a selector compares.
        common: What is found alike in the views of all subjects of a manifest.
        asked: Every path that was asked for and is one, until somebody clears it; with PARTS where only parts were.
    """

    path: Path
    own: Mapping[str, Value]
    shared: Mapping[str, Value | Picked | None]
    synonyms: Mapping[str, Mapping[str, str]]
    common: Common = field(default_factory=Common)
    asked: list[str] = field(init=False, default_factory=list, repr=False)
    # What was found before: hundreds of rules ask a subject for the same few dozen paths.
    _found: dict[str, Found] = field(init=False, default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Way:
    """A path as it is walked: down plain keys, then to the members that a selector picks, and on from each.

    Attributes:
        keys: The keys before the first selector.
        tails: For each of them, the path from it on as it is written in a rule.
        selector: None where the path ends with the keys.
        compared: The keys that the selector compares.
        tail: The path from the selector on, as it is written.
        beyond: The way from a member on.
    """

    keys: tuple[str, ...]
    tails: tuple[str, ...]
    compared: tuple[str, ...] = ()
    selector: Each | Where | None = None
    tail: str = ""
    beyond: _Way | None = None

    @property
    def has_keys(self) -> bool:
        """Tell whether any key is asked for from here on."""
        return bool(self.keys) or (self.beyond is not None and self.beyond.has_keys)


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


@lru_cache(maxsize=4096)
def place_order(path: Path) -> tuple[tuple[int, str], ...]:
    """Return what orders places as a reader counts: `lots[2]` stands before `lots[10]`."""
    return tuple((step, "") if isinstance(step, int) else (-1, step) for step in path)


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


def find(text: str, view: View) -> Found:
    """Return where a path leads in a view: the places that exist, and the places where a step is absent.

    A sequence that exists but has no member for a selector is a missing, never silence.
    """
    found = _found_at(text, view)
    view.asked.append(text)
    return found


def find_parts(text: str, parts: Sequence[str], view: View) -> Found:
    """Return the same to somebody who of a mapping looks at nothing but whether it has these parts."""
    found = _found_at(text, view)
    view.asked.append(f"{text}{PARTS}{','.join(parts)}")
    return found


def _found_at(text: str, view: View) -> Found:
    found = view._found.get(text)
    if found is None:
        way = _way_of(text)
        if way.keys[0] in view.common.names:
            found = view.common.found.get(text)
            if found is None:
                found = view.common.found[text] = _find(way, view)
        else:
            found = _find(way, view)
        view._found[text] = found
    return found


def _find(way: _Way, view: View) -> Found:
    is_shared = way.keys[0] in view.shared
    start, value = ((), view.shared) if is_shared else (view.path, view.own)
    if way.selector is None and (place := _place_of(way.keys, value)) is not None:  # as most paths are
        return ((Hit(start + way.keys, place),), ())
    hits: list[Hit] = []
    missings: list[Missing] = []
    _walk(value, start, way, view, hits, missings)
    return tuple(hits), tuple(missings)


def _place_of(keys: tuple[str, ...], value: object) -> Value | None:
    """Return what stands behind plain keys, None where one of them is absent or picks members of a list."""
    for key in keys:
        value = value.get(key) if isinstance(value, (dict, Mapping)) else None
        if value is None:
            return None
    return None if isinstance(value, Picked) else cast("Value", value)


def find_plain(text: str, view: View) -> Value | Missing:
    """Return what stands behind plain keys, or what is missing; nobody is told that it was asked for."""
    keys = keys_of(text)
    value: object = view.shared if keys[0] in view.shared else view.own
    base = () if value is view.shared else view.path
    for depth, key in enumerate(keys):
        value = value.get(key) if isinstance(value, (dict, Mapping)) else None
        if value is None:
            return _missing_at(text, base, depth)
    return cast("Value", value)


@lru_cache(maxsize=4096)
def _missing_at(text: str, base: Path, depth: int) -> Missing:
    way = _way_of(text)
    return Missing((*base, *way.keys[:depth]), way.tails[depth], is_last=depth == len(way.keys) - 1)


def is_given(text: str, view: View) -> bool:
    """Tell whether anything stands where a path leads; an empty list is nothing."""
    way = _way_of(text)
    view.asked.append(text)
    first = way.keys[0]
    value = view.shared[first] if first in view.shared else view.own.get(first)
    return value is not None and _leads_on(value, way, view, 1)


def _leads_on(value: object, way: _Way, view: View, start: int = 0) -> bool:
    for key in way.keys[start:] if start else way.keys:
        value = value.get(key) if isinstance(value, (dict, Mapping)) else None
        if value is None:
            return False
    if way.selector is None or way.beyond is None:
        return value != () and not (isinstance(value, Picked) and not value.members)
    return any(_leads_on(member, way.beyond, view) for _, member in _choose(value, way, view))


def keys_of(text: str) -> tuple[str, ...]:
    """Return the keys with which a path begins, up to the first that picks members of a list."""
    return _way_of(text).keys


@lru_cache(maxsize=4096)
def _way_of(text: str) -> _Way:
    return _make_way(parse_path(text))


def _make_way(steps: tuple[Step, ...]) -> _Way:
    count = next((place for place, step in enumerate(steps) if not isinstance(step, Key)), len(steps))
    keys = tuple(step.name for step in steps[:count] if isinstance(step, Key))
    tails = tuple(write_steps(steps[place:]) for place in range(count))
    if count == len(steps):
        return _Way(keys=keys, tails=tails)
    selector = steps[count]
    assert not isinstance(selector, Key)
    beyond = _make_way(steps[count + 1 :])
    return _Way(
        keys=keys,
        tails=tails,
        selector=selector,
        compared=selector.keys if isinstance(selector, Where) else (),
        tail=write_steps(steps[count:]),
        beyond=beyond,
    )


def _walk(
    value: object,
    path: Path,
    way: _Way,
    view: View,
    hits: list[Hit],
    missings: list[Missing],
) -> None:
    for place, key in enumerate(way.keys):
        # A dict nearly always; telling that is quicker than telling a mapping.
        inner = value.get(key) if isinstance(value, (dict, Mapping)) else None
        if inner is None:
            is_last = way.selector is None and place == len(way.keys) - 1
            missings.append(Missing(parent=path, steps=way.tails[place], is_last=is_last))
            return
        value, path = inner, (*path, key)
    if way.selector is None or way.beyond is None:
        found = tuple(v for _, v in value.members) if isinstance(value, Picked) else cast("Value", value)
        hits.append(Hit(path, found))
        return
    chosen = _choose(value, way, view)
    if not chosen:
        missings.append(Missing(parent=path, steps=way.tail, is_last=not way.beyond.has_keys))
    for index, member in chosen:
        _walk(member, (*path, index), way.beyond, view, hits, missings)


def _choose(value: object, way: _Way, view: View) -> Sequence[tuple[int, Value]]:
    """Return the members of a sequence that a selector picks, each with its index in the whole."""
    members = value.members if isinstance(value, Picked) else value if isinstance(value, tuple) else ()
    selector, keys = way.selector, way.compared
    if not isinstance(selector, Where):
        return members if isinstance(value, Picked) else tuple(enumerate(members))
    index = view.common.indexes.get((id(value), keys))
    if index is None:
        every = members if isinstance(value, Picked) else enumerate(members)
        index = view.common.indexes[id(value), keys] = _index(every, keys, view)
    return index.get(tuple([canonical(key, asked, view) for key, asked in selector.conditions]), ())


def _index(members: Iterable[tuple[int, Value]], keys: tuple[str, ...], view: View) -> _Index:
    """Return members by the values of these keys; one in which a key has no plain value is left out."""
    index: _Index = {}
    for place, member in members:
        if not isinstance(member, (dict, Mapping)):
            continue
        given = [member.get(key) for key in keys]
        if any(found is None or isinstance(found, (tuple, Mapping)) for found in given):
            continue
        words = tuple(
            [canonical(key, write_value(v), view) for key, v in zip(keys, given, strict=True) if v is not None]
        )
        index.setdefault(words, []).append((place, member))
    return index


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
