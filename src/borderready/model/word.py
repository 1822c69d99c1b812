# SPDX-License-Identifier: Apache-2.0
"""The words of the design: closed sets, texts in three languages, places, and the values a manifest holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple, NewType, TypeAlias

# The path of the rule in its pack, with the pack's name before it where that has one: `acme:vn/banana/box-weight`.
RuleId = NewType("RuleId", str)

# A typed manifest holds text, whole numbers, exact decimals, truth values, sequences and mappings. Days are ISO
# text (2026-11-26), checked when read: such text compares as the days do.
Value: TypeAlias = "str | bool | int | Decimal | tuple[Value, ...] | Mapping[str, Value]"
Path: TypeAlias = tuple[str | int, ...]


class Grade(StrEnum):
    """How well we know a wording: the text itself was read, others report it, or we remember it."""

    PRIMARY = "primary"
    SECONDARY = "secondary"
    MEMORY = "memory"


class Severity(StrEnum):
    """What the law says."""

    MUST = "must"
    SHOULD = "should"


class Force(StrEnum):
    """What follows from severity and grade: only a force of `blocks` can hold a truck back."""

    BLOCKS = "blocks"
    WARNS = "warns"
    INFORMS = "informs"


class Status(StrEnum):
    """The outcome of one rule for one subject (design, section 5)."""

    PASS = "pass"
    FAIL = "fail"
    UNKNOWN = "unknown"
    MANUAL = "manual"
    NOT_APPLICABLE = "not-applicable"
    UPCOMING = "upcoming"
    WAIVED = "waived"
    ERROR = "error"


class Verdict(StrEnum):
    """The outcome for the whole manifest."""

    READY = "ready"
    NOT_READY = "not-ready"
    UNDECIDED = "undecided"
    INVALID = "invalid"


class Compared(StrEnum):
    """Where other consignments are known from."""

    RUN = "run"
    LEDGER = "ledger"


class Event(StrEnum):
    """The dated events that a wording can be measured against, and where a manifest gives each (see subjects.py)."""

    ARRIVAL = "arrival"
    DEPARTURE = "departure"
    DECLARATION = "declaration"
    HARVEST = "harvest"
    PACKING = "packing"
    PRODUCTION = "production"
    ISSUE = "issue"


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """One text in the three languages of the product."""

    en: str
    vi: str
    zh: str

    def in_language(self, language: str) -> str:
        """Return the text in `en`, `vi` or `zh`."""
        return {"en": self.en, "vi": self.vi, "zh": self.zh}[language]


_NO_WORDS: Mapping[str, str] = {}
_NO_TEXTS: Mapping[str, Texts] = {}


class Message(NamedTuple):
    """A text of the program, named by its key in i18n; the report puts it into the reader's language.

    Attributes:
        args: What stands in its places, as it is: values of manifests and packs.
        words: What stands in its places as words of the program, by their keys (event.arrival).
        texts: What stands in its places as texts of a pack, each in the reader's language.
    """

    key: str
    args: Mapping[str, str] = _NO_WORDS
    words: Mapping[str, str] = _NO_WORDS
    texts: Mapping[str, Texts] = _NO_TEXTS


class Span(NamedTuple):
    """A place in a file; lines and columns count from 1, columns in characters, the end is exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


def path_of_rule(rule: str) -> str:
    """Return where a rule stands in its pack, without suffix: `acme:vn/banana/box-weight` in `vn/banana/box-weight`."""
    return rule.rpartition(":")[2]
