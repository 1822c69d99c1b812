# SPDX-License-Identifier: Apache-2.0
"""The closed set of check kinds: one module each, and this table written by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from borderready.checks import (
    apart,
    attested,
    drawn,
    limit,
    listed,
    matches,
    none_of,
    noticed,
    once,
    one_of,
    present,
    same,
    says,
    schedule,
    tell,
    within,
)
from borderready.checks.context import Context, Options
from borderready.model import Message, Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What one kind of check can do.

    Attributes:
        options: JSON Schema of its options.
        check: Judges a field in a context.
        say: Says in words what the options ask.
        looks_beyond: Whether it may look at more than fields, products, tables and the day of its basis: at other days,
            registers, notices and other consignments.
        heeds_day: Whether it may look at that day; the others are not even shown it.
    """

    options: Mapping[str, object]
    check: Callable[[Context, str, Options], tuple[Outcome, ...]]
    say: Callable[[Options], Message]
    looks_beyond: bool = False
    heeds_day: bool = False


_LOOK_BEYOND = (noticed, once, drawn, apart)
_HEED_DAY = (attested, limit, listed, *_LOOK_BEYOND)

KINDS: Mapping[str, Kind] = {
    module.KIND: Kind(
        options=module.OPTIONS,
        check=module.check,
        say=module.say,
        looks_beyond=module in _LOOK_BEYOND,
        heeds_day=module in _HEED_DAY,
    )
    for module in (
        present,
        one_of,
        none_of,
        matches,
        says,
        limit,
        listed,
        same,
        within,
        schedule,
        attested,
        tell,
        noticed,
        once,
        drawn,
        apart,
    )
}


def looks_beyond(kind: str, options: Options) -> bool:
    """Tell whether a check may look beyond the fields, the products, the tables and the day of its subject."""
    return kind not in KINDS or KINDS[kind].looks_beyond or "register" in options


def heeds_day(kind: str) -> bool:
    """Tell whether a check may look at the day of its basis."""
    return KINDS[kind].heeds_day
