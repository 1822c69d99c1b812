# SPDX-License-Identifier: Apache-2.0
"""Which rules concern a subject: worked out once for subjects of one shape."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from borderready.checks import Heed, heed_of
from borderready.memory.kept import Deck, Memory, Selection
from borderready.memory.shape import shape_of
from borderready.model import Message, Missing, Rule, RuleBase
from borderready.scope import Candidates, exclusion_of, holds, pick_rules
from borderready.subjects import Asked


def choose_rules(
    rule_base: RuleBase, asked: Asked, groups: Mapping[str, tuple[str, ...]], earliest: str, memory: Memory
) -> Selection:
    """Return the rules that concern a subject, or may.

    Args:
        rule_base: All rules.
        asked: The subject.
        groups: As in Context.
        earliest: The earliest day that the manifest gives for the subject.
        memory: What was worked out before.
    """
    key = (asked.subject.kind, shape_of(asked.view, memory.watch, memory.numbers))
    known = memory.selections.get(key)
    if known is not None and (known.path == asked.view.path or not known.is_open or asked.subject.kind == "lot"):
        if not known.is_dealt:  # one that never comes again is not worth it
            known.decks, known.others = _deal(known.others, earliest)
            known.is_dealt = True
        return known
    candidates = pick_rules(rule_base, asked, groups)
    todo, idle = _select(candidates, asked, groups)
    selection = Selection(
        path=asked.view.path,
        others=tuple(todo),
        displacing=tuple(rule for rule, undecided in todo if undecided is None and rule.overrides),
        idle=candidates.left_out + idle,
        is_open=any(undecided is not None for _, undecided in todo),
    )
    memory.selections[key] = selection
    return selection


def _select(
    candidates: Candidates, asked: Asked, groups: Mapping[str, tuple[str, ...]]
) -> tuple[list[tuple[Rule, Missing | None]], int]:
    """Return the rules that concern a subject, or may (with the field that would tell), and how many others do not."""
    todo: list[tuple[Rule, Missing | None]] = [(rule, None) for rule in candidates.settled]
    idle = 0
    for rule in candidates.unsure:
        excluded = exclusion_of(rule, asked, groups)
        if isinstance(excluded, Message):
            idle += 1
        else:
            todo.append((rule, excluded))
    answers: list[bool | Missing | None] = [None] * len(candidates.conditions)  # None: not asked yet
    for places, rules in candidates.judged:
        undecided: Missing | None = None
        for place in places:
            answer = answers[place]
            if answer is None:
                answer = answers[place] = holds(candidates.conditions[place], asked.view)
            if answer is False:
                idle += len(rules)
                break
            if answer is not True and undecided is None:
                undecided = answer
        else:
            todo.extend([(rule, undecided) for rule in rules])
    return todo, idle


def _deal(
    todo: Sequence[tuple[Rule, Missing | None]], earliest: str
) -> tuple[tuple[Deck, ...], tuple[tuple[Rule, Missing | None], ...]]:
    """Return the rules whose answers can be kept, apart by what they heed, and the others."""
    displaceable = {name for rule, _ in todo for name in rule.overrides}
    decks = {heed: Deck(heed=heed) for heed in (Heed.NOTHING, Heed.DAY, Heed.LISTS)}
    others: list[tuple[Rule, Missing | None]] = []
    for rule, undecided in todo:
        newest = rule.wordings[0]
        is_plain = undecided is None and not newest.repealed and newest.start <= earliest
        heed = heed_of(rule.check, newest.options)
        if not is_plain or rule.id in displaceable or heed is Heed.BEYOND:
            others.append((rule, undecided))
            continue
        deck = decks[heed]
        deck.rules.append(rule)
        deck.latest_start = max(deck.latest_start, newest.start)
    for deck in decks.values():
        deck.bases = tuple(dict.fromkeys(rule.basis for rule in deck.rules))
    return tuple(deck for deck in decks.values() if deck.rules), tuple(others)
