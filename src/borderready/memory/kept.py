# SPDX-License-Identifier: Apache-2.0
"""What is kept of the subjects asked before: which rules concerned them, and what these said.

It hangs on the rule base, grows no further than its bounds, and is given up as a whole.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from borderready.memory.looks import Numbers
from borderready.memory.shape import Watch, watch_for
from borderready.model import Event, Force, Missing, Outcome, Path, Rule, RuleBase, Wording

MOST_SELECTIONS = 2_048
MOST_DAYS = 32  # of one deck
MOST_ANSWERS = 32  # of one group
FAIR_TRIES, FAIR_TRIES_OF_ONE = 2048, 64  # of a deck, of one group; then it is judged whether looking back is worth it
WORTH = 4  # where one of so many is recalled


class Said(NamedTuple):
    """What a rule said of a subject."""

    rule: Rule
    wording: Wording
    outcome: Outcome
    force: Force


class Answer(NamedTuple):
    """What the rules of a group said of a subject, and where that stood.

    Attributes:
        silent: How many of them said nothing.
    """

    path: Path
    said: tuple[Said, ...]
    silent: int


@dataclass(slots=True)
class Group:
    """Rules that look at the same places, on one day.

    Attributes:
        places: Those places, in order.
        answers: By the numbers of what stood there.
    """

    places: tuple[str, ...]
    rules: list[Rule] = field(default_factory=list)
    answers: dict[tuple[int, ...], Answer] = field(default_factory=dict)
    tries: int = 0
    hits: int = 0

    @property
    def is_vain(self) -> bool:
        """Tell whether what stands there is seldom what stood there before."""
        return self.tries >= FAIR_TRIES_OF_ONE and self.hits * WORTH < self.tries


Groups: TypeAlias = "dict[tuple[str, ...], Group]"


@dataclass(slots=True, kw_only=True)
class Deck:
    """Rules that look at nothing but fields, tables, the products and the day of one event.

    Attributes:
        basis: The event.
        heeds_day: Whether the day, too, may decide what they say.
        rules: Each with one wording, which is not repealed.
        latest_start: The last day on which one of the wordings starts.
        places: Where a rule has ever looked, by its identity.
        by_day: By the day where it heeds that, else ""; of all but lots by their place, too.
    """

    basis: Event
    heeds_day: bool
    rules: list[Rule] = field(default_factory=list)
    latest_start: str = ""
    places: dict[int, tuple[str, ...]] = field(default_factory=dict)
    by_day: dict[Hashable, Groups] = field(default_factory=dict)
    tries: int = 0
    hits: int = 0

    @property
    def is_vain(self) -> bool:
        """Tell whether it is seldom worth looking back, as where every manifest is of another day."""
        return self.tries >= FAIR_TRIES and self.hits * WORTH < self.tries


@dataclass(slots=True, kw_only=True)
class Selection:
    """The rules that concern subjects of one shape, or may.

    Attributes:
        path: Of the subject for which it was made.
        decks: Rules whose answers are kept; dealt when a second subject has the shape.
        others: The other rules, with the field that would tell whether they concern the subject.
        displacing: Those that can displace a general rule.
        idle: How many rules do not concern it.
        is_open: Whether of one of them a field would tell; which one, stands elsewhere in another subject.
    """

    path: Path
    others: tuple[tuple[Rule, Missing | None], ...]
    displacing: tuple[Rule, ...]
    idle: int
    is_open: bool
    decks: tuple[Deck, ...] = ()
    is_dealt: bool = False

    def others_for(self, path: Path) -> list[tuple[Rule, Missing | None]]:
        """Return the other rules, for a like subject: what is missing of its own is missing there."""
        if path == self.path or not self.is_open:
            return [*self.others]
        length = len(self.path)
        return [
            (rule, missing._replace(parent=(*path, *missing.parent[length:])))
            if missing is not None and missing.parent[:length] == self.path
            else (rule, missing)
            for rule, missing in self.others
        ]


@dataclass(slots=True, kw_only=True)
class Memory:
    """All that is kept."""

    watch: Watch
    numbers: Numbers = field(default_factory=Numbers)
    selections: dict[Hashable, Selection] = field(default_factory=dict)

    def make_room(self) -> None:
        """Give up the shapes that came once, and everything where that is too little.

        Not while a manifest is asked, which holds numbers.
        """
        if len(self.selections) >= MOST_SELECTIONS:
            self.selections = {shape: known for shape, known in self.selections.items() if known.is_dealt}
        if self.numbers.is_full or len(self.selections) > MOST_SELECTIONS * 3 // 4:
            self.numbers = Numbers()
            self.selections = {}


def memory_of(rule_base: RuleBase) -> Memory:
    """Return what is kept with a rule base."""
    if not rule_base.memory:
        rule_base.memory.append(Memory(watch=watch_for(rule_base.rules)))
    memory = rule_base.memory[0]
    assert isinstance(memory, Memory)
    return memory
