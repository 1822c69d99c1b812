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
from functools import lru_cache

from borderready.checks import KINDS
from borderready.checks.context import Context
from borderready.errors import BorderreadyError
from borderready.model import (
    Event,
    Finding,
    Force,
    Gap,
    Grade,
    History,
    LeftOut,
    Manifest,
    Message,
    Missing,
    Notice,
    Outcome,
    Path,
    Product,
    Register,
    Report,
    Rule,
    RuleBase,
    RuleId,
    Severity,
    Status,
    Verdict,
    Wording,
)
from borderready.paths import find, write_value
from borderready.scope import (
    EVENT_PATHS,
    Asked,
    Candidates,
    day_of,
    exclusion_of,
    find_next_wording,
    find_wording,
    force_of,
    is_asked_of,
    judge_conditions,
    pick_rules,
    subjects_of,
    with_days,
)

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
_FORCE_ORDER = {Force.BLOCKS: 0, Force.WARNS: 1, Force.INFORMS: 2}
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

    Returns:
        The report; its findings are sorted and leave out what does not apply, its counts do not.
    """
    groups = groups_of(rule_base.products)
    subjects = subjects_of(with_days(manifest.data, days), rule_base.synonyms)
    findings: list[Finding] = []
    counts: Counter[Status] = Counter()
    shared = Context(
        view=subjects["shipment"][0].view,
        day="",
        days=_NO_DAYS,
        groups=groups,
        products=(),
        registers=registers,
        tables=rule_base.tables,
        notices=(*rule_base.notices, *notices),
        history=history,
    )
    of_shipment = _days_of(subjects["shipment"][0], {})
    for asked in (member for members in subjects.values() for member in members):
        findings.extend(_ask_all(asked, shared, rule_base, counts, of_shipment))
    ordered = tuple(sorted(findings, key=order_of))
    used = tuple(registers[name] for name in sorted(registers))
    lots = subjects["lot"]
    words = frozenset(word for lot in lots for name in lot.products for word in groups.get(name, (name,)))
    return Report(
        manifest=manifest,
        pack=rule_base.pack,
        registers=used,
        notices=notices,
        dates=_shared_days(subjects),
        verdict=decide(ordered, fail_on=fail_on),
        fail_on=fail_on,
        counts={status: counts[status] for status in Status},
        findings=ordered,
        evidence=_evidence(ordered),
        areas_without_rule=tuple(area for area in AREAS if area not in {finding.rule.area for finding in ordered}),
        gaps=find_gaps(
            rule_base.gaps,
            origins={origin for asked in subjects["lot"] for origin in _origins(asked)},
            words=words,
        ),
        words=words,
    )


def _ask_all(
    asked: Asked,
    shared: Context,
    rule_base: RuleBase,
    counts: Counter[Status],
    of_shipment: Mapping[Event, str | Missing],
) -> list[Finding]:
    """Return the findings of every rule that may concern a subject, and count the outcomes of all rules."""
    candidates = pick_rules(rule_base, asked, shared.groups)
    todo, idle = _select(candidates, asked, shared.groups)
    counts[Status.NOT_APPLICABLE] += candidates.left_out + idle
    if not todo:
        return []
    days = _days_of(asked, of_shipment)
    known = {event: day for event, day in days.items() if isinstance(day, str)}
    undated = {event: day for event, day in days.items() if isinstance(day, Missing)}
    context = replace(shared, view=asked.view, days=known, undated=undated, products=asked.products)
    displaced = _displaced((rule for rule, undecided in todo if undecided is None), known)
    contexts: dict[str, Context] = {}
    findings: list[Finding] = []
    for rule, undecided in todo:
        found = [] if rule.id in displaced else _ask(rule, asked, undecided, context, contexts)
        counts.update([finding.status for finding in found] or [Status.NOT_APPLICABLE])
        findings.extend(found)
    return findings


def _select(
    candidates: Candidates, asked: Asked, groups: Mapping[str, tuple[str, ...]]
) -> tuple[list[tuple[Rule, Missing | None]], int]:
    """Return the rules that concern a subject, or may (with the field that would tell), and how many others do not."""
    todo: list[tuple[Rule, Missing | None]] = [(rule, None) for rule in candidates.settled]
    idle = 0
    for rule in candidates.unsure:
        answer = exclusion_of(rule, asked, groups)
        if isinstance(answer, Message):
            idle += 1
        else:
            todo.append((rule, answer))
    for conditions, rules in candidates.judged:
        answer = judge_conditions(conditions, asked)
        if isinstance(answer, Message):
            idle += len(rules)
        else:
            todo.extend((rule, answer) for rule in rules)
    return todo, idle


def groups_of(products: Mapping[str, Product]) -> Mapping[str, tuple[str, ...]]:
    """Return for each known product itself and its groups, the narrowest first."""
    return {name: (name, *product.groups) for name, product in products.items()}


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


def _evidence(findings: Iterable[Finding]) -> Mapping[Grade, int]:
    grades = {finding.rule.id: finding.wording.source.seen for finding in findings if finding.wording is not None}
    return {grade: sum(seen is grade for seen in grades.values()) for grade in Grade}


def decide(findings: Iterable[Finding], *, fail_on: Force = Force.BLOCKS) -> Verdict:
    """Return the verdict that findings amount to (design, section 5). Blocking counts, and fails from `fail_on`."""
    blocking: set[Status] = set()
    has_answer = has_fail = False
    for finding in findings:
        has_answer = has_answer or finding.status in (Status.PASS, Status.FAIL, Status.UNKNOWN, Status.WAIVED)
        has_fail = has_fail or (finding.status is Status.FAIL and _FORCE_ORDER[finding.force] <= _FORCE_ORDER[fail_on])
        if finding.force is Force.BLOCKS:
            blocking.add(finding.status)
    if has_fail:
        return Verdict.NOT_READY
    if not has_answer or blocking & {Status.UNKNOWN, Status.MANUAL, Status.ERROR}:
        return Verdict.UNDECIDED
    return Verdict.READY


def with_findings(report: Report, findings: Iterable[Finding], *, left_out: tuple[LeftOut, ...] = ()) -> Report:
    """Return a report with other findings of the same manifest: sorted, counted and decided anew.

    What does not apply stays counted, and an area in which a rule applied stays one, whoever does not want to hear it.
    """
    ordered = tuple(sorted(findings, key=order_of))
    counts = Counter(finding.status for finding in ordered)
    counts[Status.NOT_APPLICABLE] = report.counts[Status.NOT_APPLICABLE]
    return replace(
        report,
        findings=ordered,
        counts={status: counts[status] for status in Status},
        evidence=_evidence(ordered),
        verdict=decide(ordered, fail_on=report.fail_on),
        left_out=left_out or report.left_out,
    )


def why_not(
    rule: Rule, manifest: Manifest, rule_base: RuleBase, days: Mapping[Event, str] = _NO_DAYS
) -> tuple[tuple[Asked, Message | Missing | None], ...]:
    """Return for each subject of a rule the one condition that excluded it, the field that would tell, or None."""
    groups = groups_of(rule_base.products)
    answers: list[tuple[Asked, Message | Missing | None]] = []
    subjects = subjects_of(with_days(manifest.data, days), rule_base.synonyms)
    for asked in (member for kind, members in subjects.items() if is_asked_of(rule.each, kind) for member in members):
        rules = [other for other in rule_base.rules if is_asked_of(other.each, asked.subject.kind)]
        exclusions = {other.id: exclusion_of(other, asked, groups) for other in rules}
        displaced = _displaced((other for other in rules if exclusions[other.id] is None), _known_days(asked))
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


def _displaced(rules: Iterable[Rule], known: Mapping[Event, str]) -> Mapping[RuleId, RuleId]:
    """Return the general rules that one of these displaces on the day of its basis, and by which."""
    displaced: dict[RuleId, RuleId] = {}
    for rule in rules:
        day = known.get(rule.basis) if rule.overrides else None
        wording = None if day is None else find_wording(rule, day)
        if wording is not None and not wording.repealed:
            displaced.update(dict.fromkeys(rule.overrides, rule.id))
    return displaced


def _ask(
    rule: Rule, asked: Asked, undecided: Missing | None, context: Context, contexts: dict[str, Context]
) -> list[Finding]:
    """Return the findings of a rule that may concern a subject; none before its first wording or after a repeal.

    Args:
        rule: The rule.
        asked: The subject.
        undecided: The field that would tell whether the rule concerns the subject.
        context: What the subject's checks see, without the day.
        contexts: The same with each day that was asked for, filled as they are.
    """
    day = context.days.get(rule.basis)
    missing = undecided or context.undated.get(rule.basis)
    if missing is not None or day is None:
        newest = next((wording for wording in rule.wordings if not wording.repealed), None)
        binding = newest if day is None else find_wording(rule, day)
        if binding is None or binding.repealed:
            return []
        outcome = Outcome(status=Status.UNKNOWN, path=missing.parent if missing else None, missing=missing)
        return [_finding(rule, binding, asked, outcome, day)]
    wording = find_wording(rule, day)
    outcomes = () if wording is None or wording.repealed else _run(rule, wording, _on(day, context, contexts))
    straddles = _straddles(rule, wording, day, context.days)
    findings = [_finding(rule, wording, asked, outcome, day, straddles) for outcome in _worth_telling(outcomes)]
    coming = find_next_wording(rule, day)
    if coming is not None and not any(finding.status is Status.FAIL for finding in findings):
        findings.extend(_upcoming(rule, coming, asked, _on(coming.start, context, contexts), day, straddles))
    return findings


def _on(day: str, context: Context, contexts: dict[str, Context]) -> Context:
    """Return what checks see on a day; made once for each, since hundreds of rules share a few days."""
    if day not in contexts:
        contexts[day] = replace(context, day=day)
    return contexts[day]


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
    """Return every outcome that is not a pass, or one pass for all."""
    bad = tuple(outcome for outcome in outcomes if outcome.status is not Status.PASS)
    return bad or outcomes[:1]


def _upcoming(
    rule: Rule, coming: Wording, asked: Asked, context: Context, day: str, straddles: tuple[Message, ...]
) -> list[Finding]:
    """Return what the wording to come would fail, so that a shipper can prepare."""
    if coming.repealed:
        return []
    return [
        _finding(rule, coming, asked, replace(outcome, status=Status.UPCOMING), day, straddles)
        for outcome in _run(rule, coming, context)
        if outcome.status is Status.FAIL
    ]


def _straddles(rule: Rule, wording: Wording | None, day: str, known: Mapping[Event, str]) -> tuple[Message, ...]:
    """Return a notice for each other event on whose day another wording would bind."""
    if len(rule.wordings) == 1 and rule.wordings[0].start <= min(known.values()):
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
    return Finding(
        rule=rule,
        wording=wording,
        subject=asked.subject,
        outcome=outcome,
        force=_force(rule, wording, outcome),
        day=day,
        straddles=straddles,
    )


def _force(rule: Rule, wording: Wording | None, outcome: Outcome) -> Force:
    """Return the force of a finding; the grade of a row or notice, or mere form, caps that of what it decides."""
    if wording is None or rule.check == "tell":
        return Force.INFORMS
    force = force_of(rule.severity, wording.source)
    if outcome.source is not None and outcome.status in (Status.FAIL, Status.UPCOMING, Status.MANUAL):
        force = max(force, force_of(Severity.MUST, outcome.source), key=_FORCE_ORDER.__getitem__)
    return force if outcome.at_most is Force.BLOCKS else max(force, outcome.at_most, key=_FORCE_ORDER.__getitem__)


def _days_of(asked: Asked, of_shipment: Mapping[Event, str | Missing]) -> Mapping[Event, str | Missing]:
    """Return for each event its day, or the field that would give it.

    Args:
        asked: The subject.
        of_shipment: The same of the shipment; its own events are those of every lot and document.
    """
    days: dict[Event, str | Missing] = {}
    for event, path in EVENT_PATHS.items():
        if path.startswith("shipment.") and of_shipment:
            days[event] = of_shipment[event]
        else:
            days[event] = day_of(event, asked)
    return days


def _known_days(asked: Asked) -> Mapping[Event, str]:
    return {event: day for event, day in _days_of(asked, {}).items() if isinstance(day, str)}


def _shared_days(subjects: Mapping[str, tuple[Asked, ...]]) -> Mapping[str, str]:
    """Return the day of each event on which all subjects of the kind that has it agree."""
    shared: dict[str, str] = {}
    shipment, lots = subjects["shipment"][0], subjects["lot"]
    for event in Event:
        found = {day_of(event, asked) for asked in (*lots, shipment)}
        known = {day for day in found if isinstance(day, str)}
        if len(known) == 1:
            shared[event] = known.pop()
    return shared


def order_of(finding: Finding) -> tuple[int, int, str, tuple[tuple[int, str], ...], tuple[tuple[int, str], ...], str]:
    """Return what orders findings: what to do first stands first."""
    outcome = finding.outcome
    return (
        _STATUS_ORDER[finding.status],
        _FORCE_ORDER[finding.force],
        finding.rule.id,
        _place_order(finding.subject.path),
        _place_order(outcome.path or ()),
        outcome.missing.steps if outcome.missing else "",
    )


@lru_cache(maxsize=16384)
def _place_order(path: Path) -> tuple[tuple[int, str], ...]:
    """Return what orders places as a reader counts: `lots[2]` stands before `lots[10]`."""
    return tuple((step, "") if isinstance(step, int) else (-1, step) for step in path)
