# SPDX-License-Identifier: Apache-2.0
"""The listed code that was probably meant, found as if every code had been compared, without comparing every code."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from borderready.checks.near import CLOSE_ENOUGH, find_near
from tests.build import LAW

codes = st.text(alphabet="AB12", max_size=7)


def distance_between(left: str, right: str) -> int:
    """Return how many characters must be added, dropped, changed or swapped with a neighbour: the textbook's way."""
    table = [[max(i, j) for j in range(len(right) + 1)] for i in range(len(left) + 1)]
    for i in range(1, len(left) + 1):
        for j in range(1, len(right) + 1):
            table[i][j] = min(
                table[i - 1][j] + 1, table[i][j - 1] + 1, table[i - 1][j - 1] + (left[i - 1] != right[j - 1])
            )
            if i > 1 and j > 1 and left[i - 1] == right[j - 2] and left[i - 2] == right[j - 1]:
                table[i][j] = min(table[i][j], table[i - 2][j - 2] + 1)
    return table[-1][-1]


@settings(LAW, max_examples=500)
@given(codes, st.lists(codes, unique=True, max_size=30))
def test_the_nearest_code_is_the_one_that_comparing_all_would_find(code: str, listed: list[str]) -> None:
    best = min(((distance_between(code, other), other) for other in listed), default=None)
    expected = best[1] if best is not None and best[0] <= CLOSE_ENOUGH else None
    assert find_near(code, sorted(listed)) == expected


class Counted(Sequence[str]):
    """Codes that count how often one is asked for."""

    def __init__(self, codes: Iterable[str]) -> None:
        self.codes = list(codes)
        self.looked = 0

    def __len__(self) -> int:
        return len(self.codes)

    def __getitem__(self, place: Any) -> Any:
        self.looked += 1
        return self.codes[place]


def test_of_many_codes_that_begin_alike_only_a_part_is_looked_at() -> None:
    many = Counted(f"VNDLOR{number:06}" for number in range(200_000))
    assert find_near("VNDLOR12345X", many) == "VNDLOR123450"
    assert find_near("VNDL0R1234567", many) == "VNDLOR123456"
    assert many.looked < 150_000  # comparing all would look 400,000 times
