# SPDX-License-Identifier: Apache-2.0
"""Pieces of text of which each is held once, however many answers wait that are made of them."""

from __future__ import annotations

from collections.abc import Iterable

_OBJECT_BYTES = 33  # of Python beside the content
_NAME_BYTES = 8  # for naming a piece that is there


class Shelf:
    """Holds pieces; tells how much memory each answer adds."""

    def __init__(self) -> None:
        self._pieces: dict[bytes, bytes] = {}
        self.size_bytes = 0

    def put(self, pieces: Iterable[bytes]) -> tuple[bytes, ...]:
        """Return the same pieces, those that were there before as they are there."""
        known = self._pieces
        held = []
        for piece in pieces:
            there = known.setdefault(piece, piece)
            if there is piece:
                self.size_bytes += len(piece) + _OBJECT_BYTES
            held.append(there)
        self.size_bytes += len(held) * _NAME_BYTES
        return tuple(held)
