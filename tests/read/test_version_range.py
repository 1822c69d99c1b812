# SPDX-License-Identifier: Apache-2.0
"""Ranges of versions: numbers are compared, not letters."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from borderready.read.version_range import is_within

NUMBERS = st.lists(st.integers(0, 999_999_999), min_size=1, max_size=4)


@pytest.mark.parametrize(
    ("version", "bounds"),
    [
        ("2026.11.0", ">=2026.11,<2027"),
        ("2026.11", ">=2026.11.0"),
        ("2026.9.3", "<2026.10"),
        ("1.0rc1", ">=1"),
        ("2", "!=2.0.1, >1.9"),
        ("2.0", "==2"),
        ("3", "> 2"),
    ],
)
def test_version_within(version: str, bounds: str) -> None:
    assert is_within(version, bounds)


@pytest.mark.parametrize(
    ("version", "bounds"),
    [("2027.1.0", ">=2026.11,<2027"), ("2026.10.9", ">=2026.11"), ("2.0.0", "!=2"), ("beta", ">=0"), ("", ">=0")],
)
def test_version_outside(version: str, bounds: str) -> None:
    assert not is_within(version, bounds)


@pytest.mark.parametrize("bounds", [" ", "2026", ">=", ">=1,", "~1", ">=1.x", ">=v1", ">=1 <2"])
def test_what_is_no_range_is_refused(bounds: str) -> None:
    with pytest.raises(ValueError, match=re.escape(bounds)):
        is_within("1", bounds)


@given(NUMBERS, NUMBERS)
def test_signs_agree_with_the_order_of_numbers(one: list[int], other: list[int]) -> None:
    width = max(len(one), len(other))
    own, bound = (numbers + [0] * (width - len(numbers)) for numbers in (one, other))
    version, written = (".".join(map(str, numbers)) for numbers in (one, other))
    holds = {sign: is_within(version, sign + written) for sign in (">=", "<=", "==", "!=", ">", "<")}
    assert holds == {
        ">=": own >= bound,
        "<=": own <= bound,
        "==": own == bound,
        "!=": own != bound,
        ">": own > bound,
        "<": own < bound,
    }
