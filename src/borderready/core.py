# SPDX-License-Identifier: Apache-2.0
"""The pure core: a shipment and a rule base in, a report out. No file, clock, network or print.

For each subject (the shipment, each lot, each document) and each rule: does the rule concern it, which wording binds on
the day of the basis event, what does the check find, and what would the wording to come find. Every rule answers for
every subject of its kind; what cannot be decided is told as such.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Set
from dataclasses import replace
from operator import attrgetter
from typing import NamedTuple

from borderready.ask import FORCE_ORDER, Tally, ask_subject, days_of, days_of_shipment, find_displaced
from borderready.checks.context import Context
from borderready.disable import accept_disabled
from borderready.histories import History
from borderready.memory.kept import memory_of
from borderready.model import (
    Event,
    Finding,
    Force,
    Gap,
    Grade,
    LeftOut,
    Manifest,
    Message,
    Missing,
    Notice,
    Product,
    Register,
    Report,
    Rule,
    RuleBase,
    RuleId,
    Status,
    Verdict,
)
from borderready.paths import find, place_order, write_value
from borderready.scope import exclusion_of, find_wording
from borderready.subjects import Asked, day_of, is_asked_of, subjects_of, with_days

_STATUS_ORDER = {
    status: order
    for order, status in enumerate(
        (Status.FAIL, Status.ERROR, Status.UNKNOWN, Status.MANUAL, Status.UPCOMING, Status.WAIVED, Status.PASS)
    )
}
# Every area of the design, in the order in which a report names them.
AREAS = (
    "access",
    "definition",
    "origin",
    "registration",
    "phytosanitary",
    "treatment",
    "packaging",
    "labeling",
    "food-safety",
    "documents",
    "customs",
    "logistics",
)
_OPEN = (Status.UNKNOWN, Status.MANUAL, Status.ERROR)
MANY_SUBJECTS = 50  # of fewer it costs less to tell each pass than to put those of a rule together
_NO_DAYS: Mapping[Event, str] = {}
_NO_REGISTERS: Mapping[str, Register] = {}


def check_shipment(
    manifest: Manifest,
    rule_base: RuleBase,
    *,
    registers: Mapping[str, Register] = _NO_REGISTERS,
    notices: tuple[Notice, ...] = (),
    history: History | None = None,
    days: Mapping[Event, str] = _NO_DAYS,
    fail_on: Force = Force.BLOCKS,
    tells_passes: bool = True,
) -> Report:
    """Check one manifest against a rule base.

    Args:
        manifest: As read and typed.
        rule_base: As read and compiled.
        registers: The user's lists of codes, by the name that rules ask for.
        notices: The user's own closures and suspensions, beside those of the rule base.
        history: What other consignments used, None where they are not known.
        days: Days of events that hold over those of the manifest (ISO text); every check sees them.
        fail_on: The force from which a fail makes the manifest not ready.
        tells_passes: Whether each pass is told; else, where there are many, those of a rule may stand there as one.

    Returns:
        The report; its findings are sorted and leave out what does not apply, its counts do not.
    """
    groups = rule_base.groups
    if not groups:
        groups.update(groups_of(rule_base.products))
    memory = memory_of(rule_base)
    memory.make_room()
    memory.lists.show(notices, registers, rule_base)
    subjects = subjects_of(with_days(manifest.data, days), rule_base.synonyms)
    shipment = subjects["shipment"][0]
    shared = Context(
        view=shipment.view,
        day="",
        days=_NO_DAYS,
        groups=groups,
        products=(),
        registers=registers,
        tables=rule_base.tables,
        notices=memory.lists.notices,
        history=history,
        covering=memory.lists.covering,
    )
    of_shipment = days_of_shipment(shipment)
    everyone = [member for members in subjects.values() for member in members]
    everyone.sort(key=lambda member: place_order(member.subject.path), reverse=True)
    del subjects  # whoever has been asked is let go of: thousands of lots would be a part of the memory
    tally = Tally(tells_passes or len(everyone) < MANY_SUBJECTS)
    seen_days: dict[Event, set[str]] = {event: set() for event in Event}
    origins, words = set[str](), set[str]()
    findings: list[Finding] = []
    while everyone:
        asked = everyone.pop()
        days_of_it = days_of(asked, of_shipment)
        findings += ask_subject(asked, shared, rule_base, tally, days_of_it)
        if asked.subject.kind in ("shipment", "lot"):
            for event, day in days_of_it.known.items():
                seen_days[event].add(day)
        if asked.subject.kind == "lot":
            origins.update(_origins(asked))
            words.update(word for name in asked.products for word in groups.get(name, (name,)))
    findings += tally.passes()
    # Subjects are asked in the order of their places, and each rule tells its findings in that order, too.
    findings.sort(key=_rule_of)
    findings.sort(key=_urgency)
    ordered = tuple(findings)
    weight = weigh(ordered)
    report = Report(
        manifest=manifest,
        pack=rule_base.pack,
        registers=tuple(registers[name] for name in sorted(registers)),
        notices=notices,
        dates={event: min(days) for event, days in seen_days.items() if len(days) == 1},
        verdict=decide(weight.kinds, fail_on=fail_on),
        fail_on=fail_on,
        counts=_count(weight, tally.not_applicable),
        findings=ordered,
        evidence=weight.evidence,
        areas_without_rule=tuple([area for area in AREAS if area not in weight.areas]),
        gaps=_gaps_of(rule_base, frozenset(origins), frozenset(words)),
        words=frozenset(words),
    )
    has_disabled = any(pack.disables for pack in rule_base.pack.chain)
    return with_findings(report, accept_disabled(ordered)) if has_disabled else report


def groups_of(products: Mapping[str, Product]) -> Mapping[str, tuple[str, ...]]:
    """Return for each known product itself and its groups, the narrowest first."""
    return {name: (name, *product.groups) for name, product in products.items()}


def _gaps_of(rule_base: RuleBase, origins: frozenset[str], words: frozenset[str]) -> tuple[Gap, ...]:
    """Return what is known to be unknown of goods; worked out once for goods of a kind."""
    key = (origins, words)
    if key not in rule_base.gaps_of:
        rule_base.gaps_of[key] = find_gaps(rule_base.gaps, origins=origins, words=words)
    return rule_base.gaps_of[key]


def find_gaps(gaps: Iterable[Gap], *, origins: Set[str], words: Set[str]) -> tuple[Gap, ...]:
    """Return the gaps that concern any of these origins and any of these products and groups; empty sets take all."""
    return tuple(
        gap
        for gap in gaps
        if (not origins or not gap.origins or origins & set(gap.origins))
        and (not words or not gap.products or words & set(gap.products))
    )


def _origins(asked: Asked) -> tuple[str, ...]:
    hits, _ = find("shipment.origin", asked.view)
    return tuple(write_value(hit.value) for hit in hits)


class Weight(NamedTuple):
    """What findings come to, all looked at once.

    Attributes:
        kinds: How many there are of each status and force.
        evidence: Of how many rules the wording was seen how.
        areas: Those of their rules.
    """

    kinds: Mapping[tuple[Status, Force], int]
    evidence: Mapping[Grade, int]
    areas: Set[str]


def weigh(findings: Iterable[Finding]) -> Weight:
    """Return what findings come to."""
    kinds: dict[tuple[Status, Force], int] = {}
    grades: dict[RuleId, Grade] = {}
    areas: set[str] = set()
    for rule, wording, _, outcome, force, _, _, _, waiver, times in findings:
        kind = (outcome.status if waiver is None else Status.WAIVED, force)
        kinds[kind] = kinds.get(kind, 0) + times
        areas.add(rule.area)
        if wording is not None:
            grades[rule.id] = wording.source.seen
    counted = Counter(grades.values())
    return Weight(kinds, {grade: counted[grade] for grade in Grade}, areas)


def _count(weight: Weight, not_applicable: int) -> Mapping[Status, int]:
    counts = dict.fromkeys(Status, 0)
    for (status, _), times in weight.kinds.items():
        counts[status] += times
    counts[Status.NOT_APPLICABLE] = not_applicable
    return counts


def decide(kinds: Iterable[tuple[Status, Force]], *, fail_on: Force = Force.BLOCKS) -> Verdict:
    """Return the verdict that findings of some status and force amount to (design, section 5).

    What blocks counts, and what fails from `fail_on`.
    """
    found = frozenset(kinds)
    if any(status is Status.FAIL and FORCE_ORDER[force] <= FORCE_ORDER[fail_on] for status, force in found):
        return Verdict.NOT_READY
    has_answer = any(status in (Status.PASS, Status.FAIL, Status.UNKNOWN, Status.WAIVED) for status, _ in found)
    if not has_answer or any(force is Force.BLOCKS and status in _OPEN for status, force in found):
        return Verdict.UNDECIDED
    return Verdict.READY


def with_findings(report: Report, findings: Iterable[Finding], *, left_out: tuple[LeftOut, ...] = ()) -> Report:
    """Return a report with other findings of the same manifest: sorted, counted and decided anew.

    What does not apply stays counted, and an area in which a rule applied stays one, whoever does not want to hear it.
    """
    ordered = tuple(sorted(findings, key=order_of))
    weight = weigh(ordered)
    return replace(
        report,
        findings=ordered,
        counts=_count(weight, report.counts[Status.NOT_APPLICABLE]),
        evidence=weight.evidence,
        verdict=decide(weight.kinds, fail_on=report.fail_on),
        left_out=left_out or report.left_out,
    )


def why_not(
    rule: Rule, manifest: Manifest, rule_base: RuleBase, days: Mapping[Event, str] = _NO_DAYS
) -> tuple[tuple[Asked, Message | Missing | None], ...]:
    """Return for each subject of a rule the one condition that excluded it, the field that would tell, or None."""
    groups = groups_of(rule_base.products)
    answers: list[tuple[Asked, Message | Missing | None]] = []
    memory_of(rule_base).make_room()
    subjects = subjects_of(with_days(manifest.data, days), rule_base.synonyms)
    of_shipment = days_of_shipment(subjects["shipment"][0])
    for asked in (member for kind, members in subjects.items() if is_asked_of(rule.each, kind) for member in members):
        rules = [other for other in rule_base.rules if is_asked_of(other.each, asked.subject.kind)]
        exclusions = {other.id: exclusion_of(other, asked, groups) for other in rules}
        known = days_of(asked, of_shipment).known
        displaced = find_displaced((other for other in rules if exclusions[other.id] is None), known)
        answer = exclusions[rule.id]
        if answer is None and rule.id in displaced:
            answer = Message("scope.displaced", {"rule": displaced[rule.id]})
        if answer is None:
            answer = _why_no_wording(rule, day_of(rule.basis, asked))
        answers.append((asked, answer))
    return tuple(answers)


def _why_no_wording(rule: Rule, day: str | Missing) -> Message | Missing | None:
    if isinstance(day, Missing):
        return day
    wording = find_wording(rule, day)
    if wording is None:
        start = rule.wordings[-1].start
        return Message("scope.before_first", {"day": day, "start": start}, {"event": f"event.{rule.basis}"})
    if wording.repealed:
        return Message("scope.repealed", {"day": day, "start": wording.start}, {"event": f"event.{rule.basis}"})
    return None


_rule_of = attrgetter("rule.id")


def _urgency(finding: Finding) -> int:
    return _STATUS_ORDER[finding.outcome.status] * len(FORCE_ORDER) + FORCE_ORDER[finding.force]


def order_of(finding: Finding) -> tuple[int, int, str, tuple[tuple[int, str], ...], tuple[tuple[int, str], ...], str]:
    """Return what orders findings: what to do first stands first."""
    outcome = finding.outcome
    return (
        _STATUS_ORDER[finding.status],
        FORCE_ORDER[finding.force],
        finding.rule.id,
        place_order(finding.subject.path),
        place_order(outcome.path or ()),
        outcome.missing.steps if outcome.missing else "",
    )
