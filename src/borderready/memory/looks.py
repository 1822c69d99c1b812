# SPDX-License-Identifier: Apache-2.0
"""What stands somewhere, as a number: two places that hold the same have the same, whatever manifest they are of.

Numbers are compared a hundred times where the values themselves are compared once.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache

from borderready.paths import View, find, keys_of

MOST_NUMBERS = 50_000
# Of these many papers and lots of one manifest, a path picks some: where they stand belongs to what it finds.
_PICKED = frozenset(("lots", "documents", "attestations"))


@dataclass(slots=True)
class Numbers:
    """A number for each thing; once there are too many, a number like no other for what is new."""

    known: dict[Hashable, int] = field(default_factory=dict)
    strangers: int = 0

    @property
    def is_full(self) -> bool:
        """Tell whether what is new is no longer known again."""
        return len(self.known) >= MOST_NUMBERS

    def number_of(self, thing: Hashable) -> int:
        """Return the number of a thing."""
        number = self.known.get(thing)
        if number is None:
            if self.is_full:
                self.strangers -= 1
                return self.strangers
            number = self.known[thing] = len(self.known)
        return number


@lru_cache(maxsize=4096)
def place_of(text: str) -> str:
    """Return the place at which a path of a rule starts to pick: what stands there decides what the path finds."""
    keys = keys_of(text)
    return text if keys[0] in _PICKED else ".".join(keys)


def look(place: str, view: View, numbers: Numbers) -> int:
    """Return the number of what a view has at a place, the way there included: a missing key is not a missing map."""
    number = view.looks.get(place)
    if number is None:
        keys = keys_of(place)
        looks = view.common.looks if keys[0] in view.common.names else view.looks
        number = looks.get(place)
        if number is None:
            number = looks[place] = numbers.number_of(_look(place, keys, view))
        view.looks[place] = number
    return number


def _look(place: str, keys: tuple[str, ...], view: View) -> Hashable:
    first = keys[0]
    if first in _PICKED:
        hits, missings = find(place, view)
        return (tuple([(hit.path, print_of(hit.value)) for hit in hits]), missings)
    value: object = view.shared[first] if first in view.shared else view.own.get(first)
    for depth, key in enumerate(keys[1:], 1):
        if value is None:
            return ("-", depth)
        value = value.get(key) if isinstance(value, (dict, Mapping)) else None
    return ("-", len(keys)) if value is None else print_of(value)


def print_of(value: object) -> Hashable:
    """Return a value so that two are equal only where they are written alike: 1 is not true, 1.0 not 1.00."""
    if isinstance(value, str):
        return value
    if isinstance(value, tuple):
        return ("[", *map(print_of, value))
    if isinstance(value, (bool, int, Decimal)):
        return (type(value).__name__, str(value))
    assert isinstance(value, Mapping)
    return ("{", *[part for key, inner in value.items() for part in (key, print_of(inner))])
