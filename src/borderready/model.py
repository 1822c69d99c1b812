# SPDX-License-Identifier: Apache-2.0
"""The frozen types that flow between the wings. Imports nothing of ours.

Words are those of the design: a *manifest* describes a *shipment* of *lots*; a *rule* has dated *wordings*;
the outcome of one rule for one subject is a *finding*; the outcome for the whole manifest is a *verdict*.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import NewType, TypeAlias

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


class Event(StrEnum):
    """The dated events that a wording can be measured against, and where a manifest gives each (see scope.py)."""

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


@dataclass(frozen=True, slots=True)
class Message:
    """A text of the program, named by its key in i18n; the report puts it into the reader's language."""

    key: str
    args: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A place in a file; lines and columns count from 1, columns in characters, the end is exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """One consignment as read: the typed shipment, and how to find each part of it in the file.

    Attributes:
        file: The name the user gave; never made absolute.
        index: Which document of the file, from 0.
        sha256: Digest of the bytes of the file.
        data: The typed document (see Value); every key is one of the manifest schema.
        locate: Gives the span of a path; a path that does not exist gives its nearest parent's key.
        line_text: Gives the text of a line, from 1.
    """

    file: str
    index: int
    sha256: str
    data: Mapping[str, Value]
    locate: Callable[[Path], Span]
    line_text: Callable[[int], str]

    @property
    def reference(self) -> str | None:
        """The exporter's own reference of the consignment."""
        reference = self.data.get("reference")
        return reference if isinstance(reference, str) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument:
    """The legal text that wordings cite."""

    id: str
    title: Texts
    number: str | None
    issuer: str
    issued: str | None
    url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a wording, or a row of a table, comes from.

    Attributes:
        instrument: Id of the instrument.
        locator: Section, article or row.
        seen: Grade of our knowledge.
        checked: Last day on which the source was looked at.
        witnesses: Independent places that report a secondary wording; two of them let it block.
    """

    instrument: str
    locator: str
    seen: Grade
    checked: str | None = None
    witnesses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One narrowing of a rule: the value at a path is among some, or is given, or is absent.

    Attributes:
        kind: `when` (value among `values`), `given` or `absent`.
        path: Where, as written in the rule.
        values: Accepted values as text; empty for `given` and `absent`.
    """

    kind: str
    path: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What a rule applies to; an empty tuple means any."""

    origins: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    modes: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    entries: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """One dated state of a rule; it binds from `start` until the wording above it starts."""

    start: str
    says: Texts
    source: Source
    fix: Texts | None = None
    options: Mapping[str, Value] = field(default_factory=dict)
    repealed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One requirement; `wordings` stand newest first."""

    id: RuleId
    title: Texts
    area: str
    scope: Scope
    each: str
    basis: Event
    severity: Severity
    acts: str
    consequence: str
    check: str
    field: str
    wordings: tuple[Wording, ...]
    overrides: tuple[RuleId, ...] = ()
    replaces: tuple[RuleId, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """A product line that the rule base knows, with the groups it belongs to (narrowest first)."""

    id: str
    name: Texts
    scientific_names: tuple[str, ...]
    hs_codes: tuple[str, ...]
    groups: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One dated row of a table: `start` and `until` are days, both inclusive, None for open."""

    cells: Mapping[str, str]
    start: str | None
    until: str | None
    source: Source
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Dated reference rows of a pack; `key` names the columns that a look-up matches, `kinds` the type of each."""

    id: str
    title: Texts
    key: tuple[str, ...]
    kinds: Mapping[str, str]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PackId:
    """Which pack an answer rests on; the digest covers every file of it."""

    name: str
    version: str
    sha256: str
    signed_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleBase:
    """Everything a pack says, ready to be asked.

    Attributes:
        synonyms: For a kind of word (analyte, part, pest ...), the folded synonym and the id it stands for.
    """

    pack: PackId
    rules: tuple[Rule, ...]
    products: Mapping[str, Product]
    instruments: Mapping[str, Instrument]
    tables: Mapping[str, Table]
    synonyms: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of a register: the status of a code for a product between two days, both inclusive."""

    code: str
    product: str | None
    status: str
    start: str | None
    until: str | None
    name: str | None
    holder: str | None
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """A list of codes that the user brings, such as the orchards on GACC's list.

    Attributes:
        name: The name by which rules ask for it, such as `gacc-orchards`.
        file: The file it came from, as the user would name it.
        as_of: The day the list was published or fetched, None when the file does not say.
        entries: Entries by folded code.
    """

    name: str
    file: str
    as_of: str | None
    source: str | None
    sha256: str
    entries: Mapping[str, tuple[Entry, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What a finding is about: the shipment, one lot, or one document."""

    kind: str
    id: str
    path: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """A field that the manifest does not give.

    Attributes:
        parent: The nearest part that exists.
        steps: What is missing below it, as written in the rule (`labels.box.fruit_name`).
        is_last: Whether only the last step is missing, so that the place where it belongs is described.
    """

    parent: Path
    steps: str
    is_last: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What one check found in one place.

    Attributes:
        path: The place in the manifest, or the nearest existing parent of what is missing.
        found: What stands there, as text.
        expected: What is asked, as text without language (a value, a list, a bound).
        because: The reason in words, where found and expected do not say it alone.
        related: Other places that the finding compares with.
        missing: The field to add, for `unknown`.
        source: The row's own source where a table decided.
    """

    status: Status
    path: Path | None = None
    found: str | None = None
    expected: str | None = None
    because: Message | None = None
    related: tuple[Path, ...] = ()
    missing: Missing | None = None
    source: Source | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """The outcome of one rule for one subject, with all that a report needs to prove it."""

    rule: Rule
    wording: Wording | None
    subject: Subject
    outcome: Outcome
    force: Force
    day: str | None = None
    straddles: tuple[Message, ...] = ()
    notes: tuple[Message, ...] = ()

    @property
    def status(self) -> Status:
        """The status of the outcome."""
        return self.outcome.status

    @property
    def source(self) -> Source | None:
        """The source of the row that decided, else of the wording."""
        if self.outcome.source is not None:
            return self.outcome.source
        return self.wording.source if self.wording is not None else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The answer for one manifest. Findings are sorted; the counts cover every rule of the pack and every subject."""

    manifest: Manifest
    pack: PackId
    registers: tuple[Register, ...]
    dates: Mapping[str, str]
    verdict: Verdict
    counts: Mapping[Status, int]
    findings: tuple[Finding, ...]
