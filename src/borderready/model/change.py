# SPDX-License-Identifier: Apache-2.0
"""What changed from one pack to another, by meaning: changes of rules, rows, products, notices, each with details."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from borderready.model.law import PackId
from borderready.model.word import Force, Message, RuleId, Texts


class About(StrEnum):
    """What a change is about."""

    RULE = "rule"
    TABLE = "table"
    PRODUCT = "product"
    NOTICE = "notice"
    INSTRUMENT = "instrument"
    GAP = "gap"


class Turn(StrEnum):
    """What became of it."""

    ADDED = "added"
    REMOVED = "removed"
    REPEALED = "repealed"
    REPLACED = "replaced"
    RENAMED = "renamed"
    CHANGED = "changed"


class Reach(StrEnum):
    """How far a detail reaches: an answer may differ, only what answers rest on, or only the words."""

    ANSWER = "answer"
    KNOWLEDGE = "knowledge"
    WORDS = "words"


class Weight(StrEnum):
    """How much a change weighs, the heaviest first: by the strongest force of what it changes, or by its reach."""

    BLOCKS = "blocks"
    WARNS = "warns"
    INFORMS = "informs"
    KNOWLEDGE = "knowledge"
    WORDS = "words"


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """One thing that differs.

    Attributes:
        key: What kind of difference, from a closed set (schemas/pack-diff.schema.json).
        told: The sentence for a person.
        place: Where in the file, with wordings by their start: `wordings[2022-07-27].options.max`.
        day: From which day it can matter (ISO text), None where it always does or never did.
        before: What stood there, None for nothing or for a list (see `lost`).
        after: What stands there now.
        lost: Members that a list lost.
        gained: Members that a list gained.
        says: What is asked, where a wording comes or goes.
        row: The key of the row, where details of several rows stand together.
    """

    key: str
    told: Message
    place: str
    reach: Reach = Reach.ANSWER
    day: str | None = None
    before: str | None = None
    after: str | None = None
    lost: tuple[str, ...] = ()
    gained: tuple[str, ...] = ()
    says: Texts | None = None
    row: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lanes:
    """The lanes that something concerns: each of the origins with each of the goods; empty stands for any.

    Attributes:
        origins: ISO country codes.
        products: Products and groups, as written.
        goods: The products that these stand for.
    """

    origins: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    goods: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What became of one rule, one row (by its key), one product, notice, instrument or gap.

    Attributes:
        id: The id; of a row its table and key: `contaminants: gb2762-fresh-fruit, cadmium, pulp`.
        others: The ids that it had before, or that it takes the place of.
        table: The table of a row, None for anything else.
        rules: The rules that answer by it, where it is no rule itself.
        acts: Who can act on it: exporter, packer ...
        day: The first day from which an answer may differ, None where no day is known.
        force: The strongest force of what it changes, before or after.
    """

    about: About
    turn: Turn
    id: str
    title: Texts | None
    lanes: Lanes
    force: Force
    details: tuple[Detail, ...]
    others: tuple[str, ...] = ()
    table: str | None = None
    area: str | None = None
    rules: tuple[RuleId, ...] = ()
    acts: tuple[str, ...] = ()
    day: str | None = None

    @property
    def reach(self) -> Reach:
        """The farthest reach of its details."""
        reaches = {detail.reach for detail in self.details}
        return next((reach for reach in Reach if reach in reaches), Reach.ANSWER)

    @property
    def weight(self) -> Weight:
        """How much it weighs."""
        return Weight(str(self.force if self.reach is Reach.ANSWER else self.reach))


@dataclass(frozen=True, slots=True, kw_only=True)
class PackDiff:
    """All changes from one pack to another, the heaviest first."""

    old: PackId
    new: PackId
    changes: tuple[Change, ...]
