# SPDX-License-Identifier: Apache-2.0
"""Answers that were worked out before it was known what other consignments use; most of them hold.

They wait in memory, so many and no more: of a longer run the rest is only looked at the first time, and checked when
all is known.
"""

from __future__ import annotations

from typing import Generic, TypeVar

R = TypeVar("R")
MOST_BYTES = 36 * 1024 * 1024


class Ahead(Generic[R]):
    """Answers of units, until they are taken."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._room_bytes = most_bytes
        self._answers: dict[tuple[str, int], R] = {}

    @property
    def has_room(self) -> bool:
        """Tell whether more may be put there."""
        return self._room_bytes > 0

    def put(self, name: str, index: int, answer: R, size_bytes: int) -> None:
        """Put the answer of a unit there, by its file and its first manifest."""
        self._room_bytes -= size_bytes
        self._answers[name, index] = answer

    def take(self, name: str, index: int) -> R | None:
        """Return the answer of a unit, which is then there no more."""
        return self._answers.pop((name, index), None)
