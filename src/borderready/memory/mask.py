# SPDX-License-Identifier: Apache-2.0
"""What of a manifest rules look at, and what stands there, written so that it can be compared.

A mask is cut from the paths that rules asked for. What it lets through of a subject's view holds at least all that any
of these paths can lead to; so where two views look alike through it, all of the paths lead to the same in both.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeAlias

from borderready.model import Value
from borderready.paths import PARTS, Each, Key, Picked, Step, View, Where, canonical, parse_path, write_value

_TEXT_OR_NOTHING = frozenset((str, type(None)))
MOST_KINDS = 256  # of members of one list
# What is left of a path, and of what it leads to the parts that are looked at; None for all of it.
_Tail: TypeAlias = "tuple[tuple[Step, ...], tuple[str, ...] | None]"


@dataclass(slots=True, eq=False)
class Mask:
    """What is looked at below some place.

    Attributes:
        is_whole: All of it.
        below: Of a mapping, by its keys.
        parts: Of a mapping only whether it has these; all of anything else, where `is_shallow`.
        every: Of each member of a list.
        some: Of the members that a selector picks.
        compared: The keys that these selectors compare.
        of_kind: Of a member, by what stands at these keys.
    """

    is_whole: bool = False
    is_shallow: bool = False
    below: dict[str, Mask] = field(default_factory=dict)
    parts: dict[str, None] = field(default_factory=dict)
    every: list[_Tail] = field(default_factory=list)
    some: list[tuple[Where, _Tail]] = field(default_factory=list)
    compared: tuple[str, ...] = ()
    of_kind: dict[tuple[Value | None, ...], Mask] = field(default_factory=dict)

    def add(self, tail: _Tail) -> None:
        """Let through all that a path can lead to."""
        steps, parts = tail
        mask = self
        for count, step in enumerate(steps, 1):
            if isinstance(step, Key):
                mask = mask.below.setdefault(step.name, Mask())
                continue
            beyond = (steps[count:], parts)
            if isinstance(step, Each):
                mask.every.append(beyond)
            else:
                mask.some.append((step, beyond))
                mask.compared = tuple(sorted({*mask.compared, *step.keys}))
            return
        if parts is None:
            mask.is_whole = True
        else:
            mask.is_shallow = True
            mask.parts.update(dict.fromkeys(parts))


def mask_of(places: Iterable[str]) -> Mask:
    """Return the mask of paths, as View.asked holds them."""
    mask = Mask()
    for place in places:
        path, is_shallow, parts = place.partition(PARTS)
        mask.add((parse_path(path), tuple(filter(None, parts.split(","))) if is_shallow else None))
    return mask


def look(mask: Mask, view: View) -> Hashable:
    """Return what a view lets see through a mask."""
    shared, own = view.shared, view.own
    seen: list[Hashable] = []
    for name, below in mask.below.items():
        value = shared[name] if name in shared else own.get(name)
        seen.append(value if value is None or type(value) is str else _look(value, below, view))
    return tuple(seen)


def _look(value: Value | Picked, mask: Mask, view: View) -> Hashable:
    """Return what is seen of a part: it stands for nothing else than what is seen of another part of the same kind."""
    if mask.is_whole:
        return print_of(value)
    if isinstance(value, (dict, Mapping)):
        seen: list[Hashable] = ["{"]
        for key, below in mask.below.items():
            inner = value.get(key)
            seen.append(inner if inner is None or type(inner) is str else _look(inner, below, view))
        for part in mask.parts:
            seen.append(value.get(part, ()) != ())
        return tuple(seen)
    if mask.is_shallow or not isinstance(value, (tuple, Picked)):
        return print_of(value)
    if not mask.every and not mask.some:
        return ("[",)
    if isinstance(value, Picked):  # the lots of a manifest see the same papers
        known, name = view.common.seen, (mask, id(value))
        if name not in known:
            known[name] = ("[", *[(index, _look_at_member(member, mask, view)) for index, member in value.members])
        return known[name]
    return ("[", *[_look_at_member(member, mask, view) for member in value])


def _look_at_member(member: Value, mask: Mask, view: View) -> Hashable:
    if not isinstance(member, (dict, Mapping)):
        return print_of(member)
    kind = tuple([member.get(key) for key in mask.compared])
    if not _TEXT_OR_NOTHING.issuperset(map(type, kind)):
        return print_of(member)
    below = mask.of_kind.get(kind)
    if below is None:
        below = _mask_for(kind, mask, view)
    return (kind, _look(member, below, view))


def _mask_for(kind: tuple[Value | None, ...], mask: Mask, view: View) -> Mask:
    """Return what is looked at of a member of a list in which these stand at the compared keys."""
    below = Mask()
    for tail in mask.every:
        below.add(tail)
    given = dict(zip(mask.compared, kind, strict=True))
    for where, tail in mask.some:
        if all(_is_same(key, asked, given[key], view) for key, asked in where.conditions):
            below.add(tail)
    if len(mask.of_kind) >= MOST_KINDS:
        mask.of_kind.clear()
    mask.of_kind[kind] = below
    return below


def _is_same(key: str, asked: str, given: Value | None, view: View) -> bool:
    return given is not None and canonical(key, asked, view) == canonical(key, write_value(given), view)


def print_of(value: Value | Picked) -> Hashable:
    """Return a value so that two are equal only where they are written alike: 1 is not true, 1.0 not 1.00."""
    if isinstance(value, str):
        return value
    if isinstance(value, (bool, int)):
        return (type(value), value)
    if isinstance(value, Decimal):
        return (Decimal, str(value))
    if isinstance(value, tuple):
        return ("[", *map(print_of, value))
    if isinstance(value, Picked):
        return ("[", *[(index, print_of(member)) for index, member in value.members])
    return ("{", *[part for key, inner in value.items() for part in (key, print_of(inner))])
