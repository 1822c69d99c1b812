# SPDX-License-Identifier: Apache-2.0
"""What is kept of the subjects asked before: which rules concerned them, and what these said.

It hangs on the rule base, grows no further than its bounds, and is given up as a whole.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import NamedTuple

from borderready.checks import Heed
from borderready.checks.context import Covering
from borderready.memory.mask import Mask, mask_of
from borderready.memory.numbers import Numbers
from borderready.memory.shape import Watch, watch_for
from borderready.model import Event, Force, Missing, Notice, Outcome, Path, Register, Rule, RuleBase, Wording

MOST_SELECTIONS = 2_048
MOST_COVERING = 256
MOST_MASKS = 4_096
MOST_LISTS = 64  # as of folders with registers of their own
MOST_DAYS = 32  # of one deck
MOST_ANSWERS = 32  # of one group, or of the steady ones together
FAIR_TRIES, FAIR_TRIES_OF_ONE = 2048, 64  # of a deck, of one group; then it is judged whether looking back is worth it
WORTH = 4  # where one of so many is recalled
STEADY = 16  # of so many all but one are recalled
WORTH_TOGETHER = 2


class Said(NamedTuple):
    """What a rule said of a subject."""

    rule: Rule
    wording: Wording
    outcome: Outcome
    force: Force


class Answer(NamedTuple):
    """What the rules of a group said of a subject.

    Attributes:
        path: Where it stood.
        told: What is no pass.
        silent: How many rules said nothing.
    """

    path: Path
    told: tuple[Said, ...]
    passed: tuple[Said, ...]
    silent: int

    def at(self, path: Path) -> Answer:
        """Return the answer for a like subject at another place."""
        return Answer(path, self.told_at(path), self.passed_at(path), self.silent)

    def told_at(self, path: Path) -> tuple[Said, ...]:
        """Return what is no pass of a like subject at another place."""
        return self.told if path == self.path else _moved(self.told, self.path, path)

    def passed_at(self, path: Path) -> tuple[Said, ...]:
        """Return the passes of a like subject at another place."""
        return self.passed if path == self.path else _moved(self.passed, self.path, path)


def _moved(every: tuple[Said, ...], old: Path, new: Path) -> tuple[Said, ...]:
    length = len(old)
    places: dict[Path, Path] = {}  # each is made once: of thousands of lots they are a tenth of the memory

    def move(place: Path) -> Path:
        there = places.get(place)
        if there is None:
            there = places[place] = (*new, *place[length:]) if place[:length] == old else place
        return there

    moved = []
    for rule, wording, outcome, force in every:
        status, path, found, expected, because, fix, related, missing, source, at_most = outcome
        there = Outcome(
            status,
            None if path is None else move(path),
            found,
            expected,
            because,
            fix,
            tuple(map(move, related)) if related else (),
            None if missing is None else Missing(move(missing.parent), missing.steps, missing.is_last),
            source,
            at_most,
        )
        moved.append(Said(rule, wording, there, force))
    return tuple(moved)


@dataclass(slots=True)
class Masks:
    """The masks of places: many groups of many days look at the same."""

    known: dict[tuple[str, ...], Mask] = field(default_factory=dict)

    def of(self, places: tuple[str, ...]) -> Mask:
        """Return the mask of these places."""
        mask = self.known.get(places)
        if mask is None:
            if len(self.known) >= MOST_MASKS:
                self.known.clear()
            mask = self.known[places] = mask_of(places)
        return mask


@dataclass(slots=True)
class Group:
    """Rules that look at the same places.

    Attributes:
        places: Those places, in order.
        mask: Of these.
        answers: By what stood there.
    """

    places: tuple[str, ...]
    mask: Mask
    rules: list[Rule] = field(default_factory=list)
    answers: dict[Hashable, Answer] = field(default_factory=dict)
    tries: int = 0
    hits: int = 0

    @property
    def is_vain(self) -> bool:
        """Tell whether what stands there is seldom what stood there before."""
        return self.tries >= FAIR_TRIES_OF_ONE and self.hits * WORTH < self.tries


@dataclass(slots=True, kw_only=True)
class Sheet:
    """What the rules of a deck say of subjects at one place, where all is as it was that they heed.

    Attributes:
        groups: All of them, by where they look.
        loose: Those that are looked up one by one.
        steady: Those of which nearly every answer is recalled; they are looked up as one.
        mask: Of all places where the steady ones look.
        answers: What all of these say, by what stood there.
        bar: How steady a group must be; higher where those were not that seemed to be.
        tries: Since the groups last changed.
        misses: Of the steady ones together.
    """

    groups: dict[tuple[str, ...], Group]
    loose: tuple[Group, ...] = ()
    steady: tuple[Group, ...] = ()
    mask: Mask = field(default_factory=Mask)
    answers: dict[Hashable, Answer] = field(default_factory=dict)
    bar: int = STEADY
    tries: int = 0
    misses: int = 0

    def loosen(self) -> None:
        """Look up every group by itself until it is known anew which are steady."""
        self.loose, self.steady = tuple(self.groups.values()), ()
        self.answers.clear()
        self.tries = self.misses = 0

    def settle(self, masks: Masks) -> None:
        """Take together what was steady so far."""
        every = self.groups.values()
        self.steady = tuple(group for group in every if (group.tries - group.hits) * self.bar <= group.tries)
        self.loose = tuple(group for group in every if (group.tries - group.hits) * self.bar > group.tries)
        self.mask = masks.of(tuple(sorted({place for group in self.steady for place in group.places})))

    @property
    def is_vain(self) -> bool:
        """Tell whether the steady ones, taken together, are not."""
        return self.tries >= FAIR_TRIES_OF_ONE * 4 and self.misses * WORTH_TOGETHER > self.tries


@dataclass(slots=True, kw_only=True)
class Deck:
    """Rules that look at nothing but fields, tables, the products, and what they heed.

    Attributes:
        heed: What else may decide what they say.
        rules: Of each the newest wording binds on every day that is known, and it is no repeal.
        bases: Their events.
        latest_start: The last day on which one of these wordings starts.
        places: Where a rule has ever looked, by its identity.
        sheets: By what they heed; of all but lots by their place, too.
        tries: How often groups were looked up.
    """

    heed: Heed
    rules: list[Rule] = field(default_factory=list)
    bases: tuple[Event, ...] = ()
    latest_start: str = ""
    places: dict[int, tuple[str, ...]] = field(default_factory=dict)
    sheets: dict[Hashable, Sheet] = field(default_factory=dict)
    tries: int = 0
    hits: int = 0

    @property
    def is_vain(self) -> bool:
        """Tell whether it is seldom worth looking back, as where every manifest is of another day."""
        return self.tries >= FAIR_TRIES and self.hits * WORTH < self.tries

    def is_asked(self, known: Mapping[Event, str], earliest: str) -> bool:
        """Tell whether the newest wording of each rule binds on every day that is known, and its own day is."""
        return earliest >= self.latest_start and all(map(known.__contains__, self.bases))


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


@dataclass(slots=True)
class Lists:
    """The notices and the registers that rules are shown.

    Attributes:
        number: Of the two together; they are known again by their identity, and so are kept.
        notices: Those of the rule base and the user's own.
        covering: As in Context.
    """

    number: int = 0
    notices: tuple[Notice, ...] = ()
    covering: Covering = field(default_factory=dict)
    _own: tuple[Notice, ...] | None = None
    _known: dict[tuple[int, int], tuple[int, object, object]] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=count)

    def show(self, own: tuple[Notice, ...], registers: Mapping[str, Register], rule_base: RuleBase) -> None:
        """Show the user's own notices and registers, and the notices of a rule base, which stay the same."""
        if self._own is not own:
            self._own, self.notices = own, (*rule_base.notices, *own)
            self.covering.clear()
        if len(self.covering) >= MOST_COVERING:
            self.covering.clear()
        if len(self._known) >= MOST_LISTS:
            self._known.clear()
        key = (id(own), id(registers))
        if key not in self._known:
            self._known[key] = (next(self._numbers), own, registers)
        self.number, _, _ = self._known[key]


@dataclass(slots=True, kw_only=True)
class Memory:
    """All that is kept."""

    watch: Watch
    numbers: Numbers = field(default_factory=Numbers)
    selections: dict[Hashable, Selection] = field(default_factory=dict)
    lists: Lists = field(default_factory=Lists)
    masks: Masks = field(default_factory=Masks)

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
