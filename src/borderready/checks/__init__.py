# SPDX-License-Identifier: Apache-2.0
"""The closed set of check kinds: one module each, and this table written by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import IntEnum

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


class Heed(IntEnum):
    """What a check may look at beside fields, products and tables; it is not shown more. Each includes the ones before.

    Beyond lie other consignments.
    """

    NOTHING = 0
    DAY = 1  # of its basis
    LISTS = 2  # that others keep: notices and registers; and the other days
    BEYOND = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What one kind of check can do.

    Attributes:
        options: JSON Schema of its options.
        check: Judges a field in a context.
        say: Says in words what the options ask.
        heed: What it may look at beside the manifest.
    """

    options: Mapping[str, object]
    check: Callable[[Context, str, Options], tuple[Outcome, ...]]
    say: Callable[[Options], Message]
    heed: Heed = Heed.NOTHING


_HEED = {
    **dict.fromkeys((attested, limit, listed), Heed.DAY),
    noticed: Heed.LISTS,
    **dict.fromkeys((once, drawn, apart), Heed.BEYOND),
}

KINDS: Mapping[str, Kind] = {
    module.KIND: Kind(
        options=module.OPTIONS,
        check=module.check,
        say=module.say,
        heed=_HEED.get(module, Heed.NOTHING),
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


def heed_of(kind: str, options: Options) -> Heed:
    """Return what a check may look at beside the manifest."""
    heed = KINDS[kind].heed if kind in KINDS else Heed.BEYOND
    return max(heed, Heed.LISTS) if "register" in options else heed
