# SPDX-License-Identifier: Apache-2.0
"""What a check is given, and the outcomes that all kinds share."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

from borderready.fold import fold, fold_code, fold_scientific
from borderready.histories import History
from borderready.model import Event, Message, Missing, Notice, Outcome, Register, Status, Table, Value
from borderready.paths import Hit, View, find, write_value

Covering: TypeAlias = "dict[tuple[str, ...], list[tuple[Notice, str]]]"


class Context(NamedTuple):
    """Everything that a check may look at.

    Attributes:
        view: What the subject sees.
        day: Day of the basis event.
        days: Days of the other events, where the manifest gives them.
        undated: For each event whose day it does not give, the field that would.
        groups: For each known product, itself and its groups, narrowest first.
        products: Products of the subject (one for a lot).
        registers: The user's registers by name.
        tables: Tables of the pack by id.
        notices: Closures and suspensions, of the pack and of the user.
        history: What other consignments used; None where they are not known, so that nothing can be compared.
        covering: By days, the notices that cover one of them; found once for all subjects of a manifest.
    """

    view: View
    day: str
    days: Mapping[Event, str]
    groups: Mapping[str, tuple[str, ...]]
    products: tuple[str, ...]
    registers: Mapping[str, Register]
    tables: Mapping[str, Table]
    notices: tuple[Notice, ...] = ()
    history: History | None = None
    undated: Mapping[Event, Missing] = MappingProxyType({})
    covering: Covering | None = None

    def on(self, day: str) -> Context:
        """Return the same on another day; it is asked for a dozen times for each manifest."""
        return Context(self.view, day, *self[2:])

    def of_subject(
        self, view: View, products: tuple[str, ...], days: Mapping[Event, str], undated: Mapping[Event, Missing]
    ) -> Context:
        """Return what checks of a subject see, as yet without the day of a basis."""
        _, _, _, groups, _, registers, tables, notices, history, _, covering = self
        return Context(view, "", days, groups, products, registers, tables, notices, history, undated, covering)


Options = Mapping[str, Value]
Judge = Callable[[Hit], Outcome]


def unknown(missing: Missing) -> Outcome:
    """The outcome for a field that the manifest does not give."""
    return Outcome(Status.UNKNOWN, missing.parent, missing=missing)


def judge_hits(context: Context, field: str, judge: Judge) -> tuple[Outcome, ...]:
    """Judge every place that a path finds; what is missing is unknown. The order is that of the manifest."""
    hits, missings = find(field, context.view)
    if len(hits) == 1 and not missings:  # as nearly always
        return (judge(hits[0]),)
    return (*map(judge, hits), *map(unknown, missings))


def passed(hit: Hit, expected: str | None = None, because: Message | None = None) -> Outcome:
    """A pass at a place."""
    return Outcome(Status.PASS, hit.path, write_value(hit.value), expected, because)


def failed(hit: Hit, expected: str | None = None, because: Message | None = None) -> Outcome:
    """A fail at a place."""
    return Outcome(Status.FAIL, hit.path, write_value(hit.value), expected, because)


def texts(options: Options, name: str) -> tuple[str, ...]:
    """Return a list option as texts."""
    value = options.get(name, ())
    return tuple(map(str, value)) if isinstance(value, tuple) else (str(value),)


def text(options: Options, name: str, default: str = "") -> str:
    """Return a text option."""
    value = options.get(name, default)
    return value if isinstance(value, str) else default


def decimal(options: Options, name: str) -> Decimal | None:
    """Return a numeric option as an exact decimal, None where it is not given."""
    return as_decimal(options.get(name))


def as_decimal(value: Value | None) -> Decimal | None:
    """Return a value as an exact decimal, None where it is no number."""
    if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
        return None
    return Decimal(value)


def shown(values: Sequence[str], most: int = 6) -> str:
    """Return a list of values for a person, cut where it is long."""
    more = len(values) - most
    return ", ".join(values[:most]) + (f", ... (+{more})" if more > 0 else "")


_FOLDERS: Mapping[str, Callable[[str], str]] = {"code": fold_code, "scientific-name": fold_scientific}


def folder(kind: str) -> Callable[[str], str]:
    """Return the folding that an `as` option names."""
    return _FOLDERS.get(kind, fold)


def has_words(found: str, words: str) -> bool:
    """Tell whether words occur in a text as whole words (Chinese, which has no spaces: as characters)."""
    if any("\u2e80" <= character <= "\u9fff" for character in words):
        return fold(words) in fold(found)
    return f" {_spaced(words)} " in f" {_spaced(found)} "


def _spaced(text: str) -> str:
    return " ".join("".join(c if c.isalnum() else " " for c in fold(text)).split())
