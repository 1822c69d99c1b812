# SPDX-License-Identifier: Apache-2.0
"""Answers recalled: a truck differs from the truck before in few fields, and most rules look at others.

A check that looks at nothing but fields, tables, the products and the day notes every path that it asks for. Where all
that its group of rules has ever looked at is as it was, the group says what it said. So do the lots of one manifest:
what was said of one holds for a like one, at its own place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from borderready.memory.kept import MOST_ANSWERS, MOST_DAYS, Answer, Deck, Group, Groups, Said
from borderready.memory.looks import Numbers, look, place_of
from borderready.model import Path, Rule
from borderready.paths import View

Ask = Callable[[Rule], tuple[Said, ...]]


def recall(deck: Deck, day: str, view: View, numbers: Numbers, ask: Ask) -> Iterable[Answer]:
    """Yield what the rules of a deck say of a subject.

    Args:
        deck: The rules.
        day: Of their event.
        view: Of the subject.
        numbers: Of what stood anywhere.
        ask: Asks a rule; it may look at nothing but the view.
    """
    groups = _groups_on(deck, day, view)
    movers: list[_Mover] = []
    for group in groups.values():
        if group.is_vain:
            yield _gather(view, [ask(rule) for rule in group.rules])
            continue
        key = _key_of(group, view, numbers)
        answer = group.answers.get(key)
        group.tries += 1
        deck.tries += 1
        if answer is None:
            yield _learn(deck, group, key, view, ask, movers)
        else:
            group.hits += 1
            deck.hits += 1
            yield answer if answer.path == view.path else _moved(answer, view.path)
    if movers:
        _regroup(deck, groups, movers, view, numbers)


class _Mover(NamedTuple):
    """A rule that looked elsewhere than its group ever did, and what it said."""

    group: Group
    rule: Rule
    said: tuple[Said, ...]


def _key_of(group: Group, view: View, numbers: Numbers) -> tuple[int, ...]:
    return tuple([look(place, view, numbers) for place in group.places])


def _groups_on(deck: Deck, day: str, view: View) -> Groups:
    """Return the groups of a day; what documents see stands elsewhere for each, what lots see of their own does not."""
    when = day if deck.heeds_day else ""
    key = when if view.path[:1] == ("lots",) else (when, view.path)
    groups = deck.by_day.get(key)
    if groups is None:
        if len(deck.by_day) >= MOST_DAYS:
            deck.by_day.clear()
        groups = deck.by_day[key] = {}
        for rule in deck.rules:
            places = deck.places.setdefault(id(rule), ())
            groups.setdefault(places, Group(places)).rules.append(rule)
    return groups


def _learn(deck: Deck, group: Group, key: tuple[int, ...], view: View, ask: Ask, movers: list[_Mover]) -> Answer:
    """Ask the rules of a group, and keep what they say; those that looked elsewhere are to leave the group."""
    stay: list[tuple[Said, ...]] = []
    leave: list[tuple[Said, ...]] = []
    for rule in group.rules:
        view.asked.clear()
        said = ask(rule)
        new = {place_of(text) for text in view.asked}.difference(group.places)
        if new:
            deck.places[id(rule)] = tuple(sorted({*deck.places[id(rule)], *group.places, *new}))
            movers.append(_Mover(group, rule, said))
        (leave if new else stay).append(said)
    if len(group.answers) >= MOST_ANSWERS or group.is_vain or leave:
        group.answers.clear()
    if not group.is_vain:
        group.answers[key] = _gather(view, stay)
    return _gather(view, [*stay, *leave])


def _gather(view: View, every: list[tuple[Said, ...]]) -> Answer:
    return Answer(view.path, tuple([one for said in every for one in said]), sum(not said for said in every))


def _regroup(deck: Deck, groups: Groups, movers: list[_Mover], view: View, numbers: Numbers) -> None:
    """Put rules with those that look at the same places; where nobody else is there, what they said is kept."""
    joined: dict[tuple[str, ...], list[_Mover]] = {}
    for mover in movers:
        mover.group.rules = [rule for rule in mover.group.rules if rule is not mover.rule]
        if not mover.group.rules:
            del groups[mover.group.places]
        joined.setdefault(deck.places[id(mover.rule)], []).append(mover)
    for places, new in joined.items():
        group = groups.setdefault(places, Group(places))
        group.answers.clear()
        group.rules += [mover.rule for mover in new]
        if len(group.rules) == len(new):
            group.answers[_key_of(group, view, numbers)] = _gather(view, [mover.said for mover in new])


def _moved(answer: Answer, path: Path) -> Answer:
    """Return an answer for a like subject at another place."""
    old, length = answer.path, len(answer.path)

    def move(place: Path) -> Path:
        return (*path, *place[length:]) if place[:length] == old else place

    said = []
    for one in answer.said:
        outcome = one.outcome
        place, missing = outcome.path, outcome.missing
        moved = outcome._replace(
            path=None if place is None else move(place),
            related=tuple(map(move, outcome.related)),
            missing=None if missing is None else missing._replace(parent=move(missing.parent)),
        )
        said.append(one._replace(outcome=moved))
    return Answer(path, tuple(said), answer.silent)
