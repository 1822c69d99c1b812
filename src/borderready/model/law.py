# SPDX-License-Identifier: Apache-2.0
"""What a pack says: rules with dated wordings, the instruments they cite, products and tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from borderready.model.word import Event, Grade, RuleId, Severity, Texts, Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument:
    """The legal text that wordings cite."""

    id: str
    title: Texts
    number: str | None
    issuer: str
    issued: str | None
    url: str | None
    replaces: tuple[str, ...] = ()


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
    """One narrowing of a rule: the value at a path is among some, or not, or something is given there, or nothing.

    Attributes:
        kind: `when` (a value among `values`), `unless` (none among them), `given` or `absent`.
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
class Disabled:
    """That a pack disables a rule of the pack that it extends.

    Attributes:
        pack: Name of the pack that does.
        reason: Why, in the words of its authors.
        until: Last day of the rule's basis event on which it is disabled, None for good.
        line: Line in pack.yaml, from 1.
    """

    pack: str
    rule: RuleId
    reason: str
    until: str | None
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One requirement; `wordings` stand newest first, and `is_waivable` tells whether a finding may be accepted.

    Attributes:
        disabled: By which pack and why it is disabled, None where none does.
    """

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
    is_waivable: bool = True
    disabled: Disabled | None = None


@dataclass(frozen=True, slots=True)
class RuleName:
    """What can be known of a rule without loading it: enough to judge who names it."""

    id: RuleId
    area: str
    is_waivable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """A product line that the rule base knows, with the groups it belongs to (narrowest first).

    Attributes:
        synonyms: Other names in any language, as lists and papers write them.
    """

    id: str
    name: Texts
    scientific_names: tuple[str, ...]
    hs_codes: tuple[str, ...]
    groups: tuple[str, ...]
    synonyms: tuple[str, ...] = ()


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
    # Filled when first asked (checks/look_up), not handed on when changed: where the rows of a word stand by column,
    # what stands in a column, and the rows that were found.
    places: dict[str, dict[str, list[int]]] = field(init=False, default_factory=dict, compare=False, repr=False)
    cells: dict[str, frozenset[str]] = field(init=False, default_factory=dict, compare=False, repr=False)
    answers: dict[object, Row | None] = field(init=False, default_factory=dict, compare=False, repr=False)


# Stands for the instrument in the source of a notice that the user recorded: whoever recorded it answers for it.
OWN_NOTICE = "own-notice"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A closure or a suspension for some days: of a gate, of goods there or anywhere, of a plant or of a code.

    Attributes:
        id: Short name; of the pack's own and of the user's together no two are equal.
        kind: `closed`, `suspended`, or `restricted` (open to some only, so that a person must look).
        gates: Gates and ports on either side; empty for any.
        origins: ISO country codes; empty for any.
        products: Products and groups; empty for any.
        codes: Folded codes of plants, orchards, packing houses or laboratories; empty for any.
        start: First day.
        until: Last day, None for until further notice.
        fix: How to act on it, None where the rule's own words do.
    """

    id: str
    title: Texts
    kind: str
    gates: tuple[str, ...]
    origins: tuple[str, ...]
    products: tuple[str, ...]
    codes: tuple[str, ...]
    start: str
    until: str | None
    source: Source
    fix: Texts | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Something that is not known: which lanes it concerns, which text would settle it, and where to look."""

    id: str
    origins: tuple[str, ...]
    products: tuple[str, ...]
    area: str
    missing: Texts
    look: Texts
    instrument: str | None
    locator: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PackId:
    """Which pack an answer rests on; the digest covers every file of it that can change an answer.

    Attributes:
        extends: The pack that it rests on itself, None for one that stands alone.
        disables: What it takes out of that pack.
    """

    name: str
    version: str
    sha256: str
    signed_by: str | None = None
    extends: PackId | None = None
    disables: tuple[Disabled, ...] = ()

    @property
    def chain(self) -> tuple[PackId, ...]:
        """This pack, and behind it those that it rests on."""
        return (self, *(self.extends.chain if self.extends is not None else ()))


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleBase:
    """Everything a pack says, ready to be asked.

    Attributes:
        left_out: Where only the rules of some goods were loaded: how many others there are, by the word of `each`.
        others: The names of these others.
        synonyms: For a kind of word (analyte, part, pest ...), the folded synonym and the id it stands for.
    """

    pack: PackId
    rules: tuple[Rule, ...]
    products: Mapping[str, Product]
    instruments: Mapping[str, Instrument]
    tables: Mapping[str, Table]
    synonyms: Mapping[str, Mapping[str, str]]
    gaps: tuple[Gap, ...] = ()
    notices: tuple[Notice, ...] = ()
    left_out: Mapping[str, int] = field(default_factory=dict)
    others: tuple[RuleName, ...] = ()
    # Worked out when first asked, not handed on to a changed base: which rules goods of a kind can be asked
    # (scope.pick_rules), what is known to be unknown of them (core), and what is kept of others (memory).
    candidates: dict[object, object] = field(init=False, default_factory=dict, compare=False, repr=False)
    gaps_of: dict[object, tuple[Gap, ...]] = field(init=False, default_factory=dict, compare=False, repr=False)
    groups: dict[str, tuple[str, ...]] = field(init=False, default_factory=dict, compare=False, repr=False)
    memory: list[Any] = field(init=False, default_factory=list, compare=False, repr=False)  # at most one
