# SPDX-License-Identifier: Apache-2.0
"""The listed code that was probably meant: few characters added, dropped, changed or swapped with a neighbour."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

CLOSE_ENOUGH = 2  # characters by which a mistyped code may differ from the one on the list


def find_near(code: str, codes: Sequence[str]) -> str | None:
    """Return the code nearest to a mistyped one, of several the first; None where none is within two characters.

    Codes that begin alike share the work, and those whose beginning is already too far off are passed over together.

    Args:
        code: As typed, folded.
        codes: Folded codes, sorted.
    """
    best: str | None = None
    farthest = CLOSE_ENOUGH  # a later code must be nearer than the best so far
    rows = [list(range(len(code) + 1))]  # rows[n]: distances from the first n characters to each beginning of code
    before = ""
    place = 0
    while place < len(codes):
        other = codes[place]
        shared = _shared(before, other)
        del rows[shared + 1 :]
        before = other
        for length in range(shared + 1, len(other) + 1):
            rows.append(_next_row(code, other, length, rows))
            if min(*rows[-1], *rows[-2]) > farthest:  # a swap may still reach back one row
                before = other[:length]
                place = bisect_left(codes, before + "\U0010ffff", place + 1)
                break
        else:
            if rows[-1][-1] <= farthest:
                best, farthest = other, rows[-1][-1] - 1
            place += 1
    return best


def _shared(left: str, right: str) -> int:
    """Return how many characters two texts begin with alike."""
    count = 0
    for a, b in zip(left, right, strict=False):
        if a != b:
            break
        count += 1
    return count


def _next_row(code: str, other: str, length: int, rows: list[list[int]]) -> list[int]:
    above, letter = rows[length - 1], other[length - 1]
    row = [length]
    for i, a in enumerate(code, 1):
        cost = min(above[i] + 1, row[i - 1] + 1, above[i - 1] + (a != letter))
        if i > 1 and length > 1 and a == other[length - 2] and code[i - 2] == letter:
            cost = min(cost, rows[length - 2][i - 2] + 1)
        row.append(cost)
    return row
