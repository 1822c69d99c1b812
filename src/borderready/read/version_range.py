# SPDX-License-Identifier: Apache-2.0
"""Ranges of versions, `>=2026.11,<2027`: bounds that must all hold, compared number by number."""

from __future__ import annotations

import re
from itertools import zip_longest

_BOUND = re.compile(r"(>=|<=|==|!=|>|<) ?([0-9]{1,9}(?:\.[0-9]{1,9})*)")
_NUMBERS = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,9})*")


def is_within(version: str, bounds: str) -> bool:
    """Tell whether a version is within a range.

    `2026.11` is `2026.11.0`; what follows the numbers of a version (`rc1`) is not compared, and a version without
    numbers is in no range. Raises ValueError for what is no range.
    """
    found = _NUMBERS.match(version)
    if found is None:
        return False
    return all(_holds(_compare(found[0], bound), sign) for sign, bound in _parse(bounds))


def is_range(bounds: str) -> bool:
    """Tell whether a text is a range."""
    return all(_BOUND.fullmatch(part.strip()) for part in bounds.split(","))


def _parse(bounds: str) -> tuple[tuple[str, str], ...]:
    """Return the sign and the version of each bound; raises ValueError for what is no range."""
    parts = [_BOUND.fullmatch(part.strip()) for part in bounds.split(",")]
    if any(part is None for part in parts):
        raise ValueError(bounds)
    return tuple((part[1], part[2]) for part in parts if part is not None)


def _compare(version: str, bound: str) -> int:
    """Return -1, 0 or 1: whether a version is before, at or after a bound."""
    pairs = zip_longest(map(int, version.split(".")), map(int, bound.split(".")), fillvalue=0)
    return next(((own > other) - (own < other) for own, other in pairs if own != other), 0)


def _holds(order: int, sign: str) -> bool:
    return {
        ">=": order >= 0,
        "<=": order <= 0,
        "==": order == 0,
        "!=": order != 0,
        ">": order > 0,
        "<": order < 0,
    }[sign]
