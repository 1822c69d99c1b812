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
    """

    options: Mapping[str, object]
    check: Callable[[Context, str, Options], tuple[Outcome, ...]]
    say: Callable[[Options], Message]


KINDS: Mapping[str, Kind] = {
    module.KIND: Kind(options=module.OPTIONS, check=module.check, say=module.say)
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
        once,
        drawn,
        apart,
    )
}
