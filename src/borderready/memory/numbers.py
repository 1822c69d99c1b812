# SPDX-License-Identifier: Apache-2.0
"""Things as numbers: what is large is compared once, and its number from then on."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field

MOST_NUMBERS = 50_000


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
