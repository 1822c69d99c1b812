# SPDX-License-Identifier: Apache-2.0
"""Answers recalled: a truck differs from the truck before in few fields, and most rules look at others.

A check that looks at nothing but fields, tables, the products and what its kind heeds notes every path that it asks
for. Where all that its group of rules has ever looked at is as it was, the group says what it said. So do the lots of
one manifest: what was said of one holds for a like one, at its own place.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import NamedTuple

from borderready.checks import Heed
from borderready.checks.context import Context
from borderready.memory.kept import (
    FAIR_TRIES_OF_ONE,
    MOST_ANSWERS,
    MOST_DAYS,
    STEADY,
    Answer,
    Deck,
    Group,
    Masks,
    Memory,
    Said,
    Sheet,
)
from borderready.memory.mask import look
from borderready.model import Rule, Status
from borderready.paths import View

Ask = Callable[[Rule], tuple[Said, ...]]


class Recalled(NamedTuple):
    """What a deck says of a subject, and the rules of which nothing is kept, since they seldom say the same.

    The answers may be those of a like lot, at its place.
    """

    answers: list[Answer]
    others: list[Rule]


def recall(deck: Deck, context: Context, memory: Memory, ask: Ask) -> Recalled:
    """Return what the rules of a deck say of a subject.

    Args:
        deck: The rules.
        context: What the subject sees; the days of their events are known.
        memory: All that is kept.
        ask: Asks a rule; it may look at nothing but the fields and what the deck heeds.
    """
    view = context.view
    sheet = _sheet_for(deck, context, memory)
    turn = _Turn(deck, sheet, view, memory.masks, ask, [])
    answers: list[Answer] = []
    others: list[Rule] = []
    if sheet.steady:
        answers.append(_say_together(turn))
    for group in sheet.loose:
        if group.is_vain:
            others += group.rules
        else:
            answers.append(_say(group, turn))
    sheet.tries += 1
    if turn.movers:
        _regroup(turn)
    elif sheet.is_vain:
        sheet.bar *= STEADY
        sheet.loosen()
    elif sheet.tries == FAIR_TRIES_OF_ONE:
        sheet.settle(memory.masks)
    return Recalled(answers, others)


class _Mover(NamedTuple):
    """A rule that looked elsewhere than its group ever did, and what it said."""

    group: Group
    rule: Rule
    said: tuple[Said, ...]


class _Turn(NamedTuple):
    """One subject, one deck."""

    deck: Deck
    sheet: Sheet
    view: View
    masks: Masks
    ask: Ask
    movers: list[_Mover]


def _sheet_for(deck: Deck, context: Context, memory: Memory) -> Sheet:
    """Return the sheet of a place and of what a deck heeds; what lots see of their own stands alike for each."""
    view, days = context.view, context.days
    heeded: tuple[Hashable, ...] = ()
    if deck.heed is Heed.DAY:
        heeded = tuple([days[basis] for basis in deck.bases])
    elif deck.heed is Heed.LISTS:
        heeded = (memory.lists.number, *days.items(), *_undated(context))
    key = heeded if view.path[:1] == ("lots",) else (heeded, view.path)
    sheet = deck.sheets.get(key)
    if sheet is None:
        if len(deck.sheets) >= MOST_DAYS:
            deck.sheets.clear()
        sheet = deck.sheets[key] = Sheet(groups={})
        for rule in deck.rules:
            places = deck.places.setdefault(id(rule), ())
            _group_at(places, sheet.groups, memory.masks).rules.append(rule)
        sheet.loosen()
    return sheet


def _undated(context: Context) -> list[Hashable]:
    """Return what would tell the other days, and where: from a lot's own place on, where it is missing in that lot."""
    path = context.view.path
    length = len(path)
    return [
        (event, steps, parent[length:]) if parent[:length] == path else (event, steps, parent, "elsewhere")
        for event, (parent, steps, _) in context.undated.items()
    ]


def _group_at(places: tuple[str, ...], groups: dict[tuple[str, ...], Group], masks: Masks) -> Group:
    group = groups.get(places)
    if group is None:
        group = groups[places] = Group(places, masks.of(places))
    return group


def _say_together(turn: _Turn) -> Answer:
    deck, sheet, view = turn.deck, turn.sheet, turn.view
    key = look(sheet.mask, view)
    answer = sheet.answers.get(key)
    if answer is not None:
        deck.tries += len(sheet.steady)
        deck.hits += len(sheet.steady)
        return answer
    sheet.misses += 1
    answers = [_say(group, turn, is_counted=False) for group in sheet.steady]
    here = [answer.at(view.path) for answer in answers]
    answer = Answer(
        view.path,
        tuple([one for each in here for one in each.told]),
        tuple([one for each in here for one in each.passed]),
        sum(each.silent for each in here),
    )
    if len(sheet.answers) >= MOST_ANSWERS:
        sheet.answers.clear()
    sheet.answers[key] = answer
    return answer


def _say(group: Group, turn: _Turn, *, is_counted: bool = True) -> Answer:
    """Return what a group says; where it is asked since others changed, that is not counted against it."""
    key = look(group.mask, turn.view)
    answer = group.answers.get(key)
    turn.deck.tries += 1
    turn.deck.hits += answer is not None
    if is_counted:
        group.tries += 1
        group.hits += answer is not None
    return answer if answer is not None else _learn(group, key, turn)


def _learn(group: Group, key: Hashable, turn: _Turn) -> Answer:
    """Ask the rules of a group, and keep what they say; those that looked elsewhere are to leave the group."""
    deck, view = turn.deck, turn.view
    stay: list[tuple[Said, ...]] = []
    leave: list[tuple[Said, ...]] = []
    for rule in group.rules:
        view.asked.clear()
        said = turn.ask(rule)
        new = set(view.asked).difference(group.places)
        if new:
            deck.places[id(rule)] = tuple(sorted({*deck.places[id(rule)], *group.places, *new}))
            turn.movers.append(_Mover(group, rule, said))
        (leave if new else stay).append(said)
    if len(group.answers) >= MOST_ANSWERS or group.is_vain or leave:
        group.answers.clear()
    if not group.is_vain:
        group.answers[key] = _gather(view, stay)
    return _gather(view, [*stay, *leave])


def _gather(view: View, every: list[tuple[Said, ...]]) -> Answer:
    each = [one for said in every for one in said]
    told = tuple([one for one in each if one.outcome.status is not Status.PASS])
    passed = tuple([one for one in each if one.outcome.status is Status.PASS])
    return Answer(view.path, told, passed, sum(not said for said in every))


def _regroup(turn: _Turn) -> None:
    """Put rules with those that look at the same places; where nobody else is there, what they said is kept."""
    groups = turn.sheet.groups
    joined: dict[tuple[str, ...], list[_Mover]] = {}
    for mover in turn.movers:
        mover.group.rules = [rule for rule in mover.group.rules if rule is not mover.rule]
        if not mover.group.rules:
            del groups[mover.group.places]
        joined.setdefault(turn.deck.places[id(mover.rule)], []).append(mover)
    for places, new in joined.items():
        group = _group_at(places, groups, turn.masks)
        group.answers.clear()
        group.rules += [mover.rule for mover in new]
        if len(group.rules) == len(new):
            group.answers[look(group.mask, turn.view)] = _gather(turn.view, [mover.said for mover in new])
    turn.sheet.loosen()
