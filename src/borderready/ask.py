# SPDX-License-Identifier: Apache-2.0
"""One subject asked: which rules concern it, which wording binds, what each check finds and with what force."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple

from borderready.checks import KINDS, Heed
from borderready.checks.context import Context
from borderready.disable import is_disabled
from borderready.errors import BorderreadyError
from borderready.memory.choose import choose_rules
from borderready.memory.kept import Answer, Deck, Said, memory_of
from borderready.memory.recall import recall
from borderready.model import (
    Event,
    Finding,
    Force,
    Message,
    Missing,
    Outcome,
    Register,
    Rule,
    RuleBase,
    RuleId,
    Severity,
    Status,
    Subject,
    Wording,
)
from borderready.paths import place_order
from borderready.scope import find_next_wording, find_wording, force_of
from borderready.subjects import OWN_EVENTS, SHIPMENT_EVENTS, Asked, day_of

_NO_DAYS: Mapping[Event, str] = MappingProxyType({})
_NO_FIELDS: Mapping[Event, Missing] = MappingProxyType({})
_NO_REGISTERS: Mapping[str, Register] = MappingProxyType({})
FORCE_ORDER = {Force.BLOCKS: 0, Force.WARNS: 1, Force.INFORMS: 2}


@dataclass(slots=True)
class Tally:
    """What is counted, of all subjects together, and not told one by one.

    Attributes:
        tells_passes: Whether somebody wants to be told each pass.
        not_applicable: How often a rule had nothing to say.
    """

    tells_passes: bool = True
    not_applicable: int = 0
    _answers: dict[int, tuple[Answer, Subject, Mapping[Event, str]]] = field(default_factory=dict)
    _times: Counter[int] = field(default_factory=Counter)
    _single: dict[tuple[int, int], Finding] = field(default_factory=dict)

    def add(self, answer: Answer, subject: Subject, known: Mapping[Event, str]) -> None:
        """Count the passes of an answer; it is named by its identity, and so is kept."""
        self._answers.setdefault(id(answer), (answer, subject, known))
        self._times[id(answer)] += 1

    def untold(self, findings: list[Finding]) -> list[Finding]:
        """Return findings without their passes, which are counted."""
        if self.tells_passes or not any(finding.outcome.status is Status.PASS for finding in findings):
            return findings
        for finding in findings:
            if finding.outcome.status is Status.PASS:
                key = (id(finding.rule), id(finding.wording))
                before = self._single.get(key)
                self._single[key] = finding if before is None else before._replace(times=before.times + 1)
        return [finding for finding in findings if finding.outcome.status is not Status.PASS]

    def passes(self) -> list[Finding]:
        """Return the passes that nobody is told each: one for all of a rule that were alike."""
        passes = [*self._single.values()]
        for key, (answer, subject, known) in self._answers.items():
            passes += _findings_of(answer.passed, subject, known, self._times[key])
        return passes


def _findings_of(every: Iterable[Said], subject: Subject, known: Mapping[Event, str], times: int = 1) -> list[Finding]:
    return [
        Finding(rule, wording, subject, outcome, force, known[rule.basis], (), (), None, times)
        for rule, wording, outcome, force in every
    ]


class Days(NamedTuple):
    """The day of each event that a manifest gives for a subject, and of the others the field that would."""

    known: Mapping[Event, str]
    undated: Mapping[Event, Missing]


def ask_subject(asked: Asked, shared: Context, rule_base: RuleBase, tally: Tally, days: Days) -> list[Finding]:
    """Return the findings of every rule that may concern a subject, and count the rules that have none.

    Args:
        asked: The subject.
        shared: What the checks of all subjects see.
        rule_base: The rules.
        tally: Added to; passes that nobody is told are not among the findings.
        days: Those of the subject.
    """
    memory = memory_of(rule_base)
    known, undated = days
    earliest = min(known.values(), default="")
    selection = choose_rules(rule_base, asked, shared.groups, earliest, memory)
    context = shared.of_subject(asked.view, asked.products, known, undated)
    seen = _Seen(asked, context, earliest)
    findings: list[Finding] = []
    silent = 0
    path = asked.view.path
    todo = selection.others_for(path)
    for deck in selection.decks:
        if deck.is_vain or not deck.is_asked(known, earliest):
            todo += [(rule, None) for rule in deck.rules]
            continue
        recalled = recall(deck, context, memory, seen.asker(deck))
        todo += [(rule, None) for rule in recalled.others]
        for answer in recalled.answers:
            silent += answer.silent
            findings += _findings_of(answer.told_at(path), asked.subject, known)
            if tally.tells_passes:
                findings += _findings_of(answer.passed_at(path), asked.subject, known)
            else:
                tally.add(answer, asked.subject, known)
    displaced = find_displaced(selection.displacing, known)
    for rule, undecided in todo:
        found = [] if rule.id in displaced else _ask(rule, undecided, seen)
        findings += tally.untold(found)
        silent += not found
    tally.not_applicable += selection.idle + silent
    return findings


@dataclass(slots=True)
class _Seen:
    """A subject, and what its checks see.

    Attributes:
        context: Without a day.
        earliest: The earliest day that the manifest gives for the subject.
        by_day: The context on each day that was asked for: hundreds of rules share a few.
        bare: The same without all that rules of a heed may not look at.
    """

    asked: Asked
    context: Context
    earliest: str
    by_day: dict[str, Context] = field(default_factory=dict)
    bare: dict[tuple[Heed, str], Context] = field(default_factory=dict)

    def on(self, day: str) -> Context:
        """Return what checks see on a day."""
        context = self.by_day.get(day)
        if context is None:
            context = self.by_day[day] = self.context.on(day)
        return context

    def bare_on(self, day: str, heed: Heed) -> Context:
        """Return what checks see whose answers are kept: nothing that these are not kept by."""
        day = day if heed >= Heed.DAY else ""
        context = self.bare.get((heed, day))
        if context is None:
            context = self.context._replace(day=day, history=None)
            if heed < Heed.LISTS:
                context = context._replace(
                    days=_NO_DAYS, undated=_NO_FIELDS, registers=_NO_REGISTERS, notices=(), covering=None
                )
            self.bare[heed, day] = context
        return context

    def asker(self, deck: Deck) -> Callable[[Rule], tuple[Said, ...]]:
        """Return what asks a rule of a deck."""

        def ask(rule: Rule) -> tuple[Said, ...]:
            wording = rule.wordings[0]
            outcomes = _worth_telling(_run(rule, wording, self.bare_on(self.context.days[rule.basis], deck.heed)))
            return tuple([Said(rule, wording, outcome, _force(rule, wording, outcome)) for outcome in outcomes])

        return ask


def find_displaced(rules: Iterable[Rule], known: Mapping[Event, str]) -> Mapping[RuleId, RuleId]:
    """Return the general rules that one of these displaces on the day of its basis, and by which.

    What a pack disables displaces nothing: the general rule is asked again.
    """
    displaced: dict[RuleId, RuleId] = {}
    for rule in rules:
        day = known.get(rule.basis) if rule.overrides else None
        wording = None if day is None else find_wording(rule, day)
        if wording is not None and not wording.repealed and not is_disabled(rule, day):
            displaced.update(dict.fromkeys(rule.overrides, rule.id))
    return displaced


def _ask(rule: Rule, undecided: Missing | None, seen: _Seen) -> list[Finding]:
    """Return the findings of a rule that may concern a subject; none before its first wording or after a repeal.

    Args:
        rule: The rule.
        undecided: The field that would tell whether the rule concerns the subject.
        seen: The subject.
    """
    asked, days = seen.asked, seen.context.days
    day = days.get(rule.basis)
    missing = undecided or seen.context.undated.get(rule.basis)
    if missing is not None or day is None:
        in_force = next((wording for wording in rule.wordings if not wording.repealed), None)
        binding = in_force if day is None else find_wording(rule, day)
        if binding is None or binding.repealed:
            return []
        outcome = Outcome(status=Status.UNKNOWN, path=missing.parent if missing else None, missing=missing)
        return [_finding(rule, binding, asked, outcome, day)]
    newest = rule.wordings[0]
    if newest.start <= seen.earliest and not newest.repealed:  # as nearly always
        outcomes = _run(rule, newest, seen.on(day))
        return [_finding(rule, newest, asked, outcome, day) for outcome in _worth_telling(outcomes)]
    wording = find_wording(rule, day)
    outcomes = () if wording is None or wording.repealed else _run(rule, wording, seen.on(day))
    straddles = _straddles(rule, wording, day, days)
    findings = [_finding(rule, wording, asked, outcome, day, straddles) for outcome in _worth_telling(outcomes)]
    coming = find_next_wording(rule, day)
    if coming is not None and not any(finding.status is Status.FAIL for finding in findings):
        findings.extend(_upcoming(rule, coming, asked, seen.on(coming.start), day, straddles))
    return findings


def _run(rule: Rule, wording: Wording, context: Context) -> tuple[Outcome, ...]:
    """Run the check; a rule that cannot run is an error of its own and never stops the others.

    What the user brought and cannot be read (a damaged register) is no fault of the rule and goes on to the edge.
    """
    try:
        return KINDS[rule.check].check(context, rule.field, wording.options)
    except BorderreadyError:
        raise
    except Exception as error:  # noqa: BLE001  whatever is wrong with one rule is told as that, and the others answer
        because = Message("core.error", {"reason": f"{type(error).__name__}: {error}"})
        return (Outcome(status=Status.ERROR, path=context.view.path, because=because),)


def _worth_telling(outcomes: tuple[Outcome, ...]) -> tuple[Outcome, ...]:
    """Return every outcome that is not a pass, in the order of their places, or one pass for all."""
    if len(outcomes) < 2:  # as nearly always
        return outcomes
    bad = [outcome for outcome in outcomes if outcome.status is not Status.PASS]
    return tuple(sorted(bad, key=_place_of)) or outcomes[:1]


def _place_of(outcome: Outcome) -> tuple[tuple[tuple[int, str], ...], str]:
    return place_order(outcome.path or ()), outcome.missing.steps if outcome.missing else ""


def _upcoming(
    rule: Rule, coming: Wording, asked: Asked, context: Context, day: str, straddles: tuple[Message, ...]
) -> list[Finding]:
    """Return what the wording to come would fail, so that a shipper can prepare."""
    if coming.repealed:
        return []
    return [
        _finding(rule, coming, asked, outcome._replace(status=Status.UPCOMING), day, straddles)
        for outcome in _worth_telling(_run(rule, coming, context))
        if outcome.status is Status.FAIL
    ]


def _straddles(rule: Rule, wording: Wording | None, day: str, known: Mapping[Event, str]) -> tuple[Message, ...]:
    """Return a notice for each other event on whose day another wording would bind."""
    if rule.wordings[0].start <= min(known.values()):
        return ()
    notices = []
    for event, other_day in known.items():
        other = find_wording(rule, other_day)
        if event is rule.basis or other is wording:
            continue
        args = {"day": day, "other_day": other_day}
        words = {"basis": f"event.{rule.basis}", "event": f"event.{event}"}
        if other is None:
            notices.append(Message("core.straddles_none", args, words))
        else:
            notices.append(Message("core.straddles", {**args, "start": other.start}, words))
    return tuple(notices)


def _finding(
    rule: Rule,
    wording: Wording | None,
    asked: Asked,
    outcome: Outcome,
    day: str | None,
    straddles: tuple[Message, ...] = (),
) -> Finding:
    return Finding(rule, wording, asked.subject, outcome, _force(rule, wording, outcome), day, straddles)


def _force(rule: Rule, wording: Wording | None, outcome: Outcome) -> Force:
    """Return the force of a finding; the grade of a row or notice, or mere form, caps that of what it decides."""
    if wording is None or rule.check == "tell":
        return Force.INFORMS
    force = force_of(rule.severity, wording.source)
    if outcome.source is not None and outcome.status in (Status.FAIL, Status.UPCOMING, Status.MANUAL):
        force = max(force, force_of(Severity.MUST, outcome.source), key=FORCE_ORDER.__getitem__)
    return force if outcome.at_most is Force.BLOCKS else max(force, outcome.at_most, key=FORCE_ORDER.__getitem__)


def days_of_shipment(asked: Asked) -> Days:
    """Return the days of the events of the shipment, which are those of all its subjects."""
    return _days_of(asked, SHIPMENT_EVENTS, {}, {})


def days_of(asked: Asked, of_shipment: Days) -> Days:
    """Return the days of the events of a subject, those of the shipment first."""
    return _days_of(asked, OWN_EVENTS, dict(of_shipment.known), dict(of_shipment.undated))


def _days_of(asked: Asked, events: tuple[Event, ...], known: dict[Event, str], undated: dict[Event, Missing]) -> Days:
    for event in events:
        day = day_of(event, asked)
        if isinstance(day, str):
            known[event] = day
        else:
            undated[event] = day
    return Days(known, undated)
