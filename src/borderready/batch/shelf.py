# SPDX-License-Identifier: Apache-2.0
"""Pieces of text of which each is held once, however many answers wait that are made of them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

LONG_BYTES = 256  # of a shorter piece each answer has its own
_OBJECT_BYTES = 33  # of Python beside the content
_NAME_BYTES = 8  # for naming a piece that is there


class Shelf:
    """Holds pieces; tells how much memory each answer adds."""

    def __init__(self) -> None:
        self._pieces: dict[bytes, bytes] = {}  # the newest last
        self.size_bytes = 0

    def put(self, pieces: Sequence[bytes]) -> tuple[bytes, ...]:
        """Return the same pieces, those that were there before as they are there."""
        known = self._pieces
        count = len(known)
        held = tuple([known.setdefault(one, one) if len(one) >= LONG_BYTES else one for one in pieces])
        new = [*islice(reversed(known), len(known) - count), *[one for one in held if len(one) < LONG_BYTES]]
        self.size_bytes += sum(map(len, new)) + _OBJECT_BYTES * len(new) + _NAME_BYTES * len(held)
        return held
