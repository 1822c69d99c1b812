# SPDX-License-Identifier: Apache-2.0
"""Waivers and baselines held against a report: what somebody accepts, what has lapsed, what nobody needs any more.

One model for both. A waiver holds to the end of its last day in China; without a readable last day it does not hold.
Nothing that a rule calls `waivable: never` is ever waived, whatever a file says. Today is an argument.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import date
from difflib import get_close_matches

from borderready.core import with_findings
from borderready.errors import Fault
from borderready.fingerprint import fingerprints_of, path_below_subject
from borderready.fold import fold_firm
from borderready.model import (
    BASELINE_REASON,
    Finding,
    Manifest,
    Message,
    Report,
    RuleId,
    RuleName,
    Span,
    Status,
    Waiver,
    WaiverFile,
    WaiverKind,
)
from borderready.paths import write_outcome_path

NOTICE_DAYS = 14
WAIVABLE = (Status.FAIL, Status.UNKNOWN, Status.MANUAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """All waivers of a run, ready to be asked by rule, by fingerprint and by consignment.

    Attributes:
        written: Those that a person wrote, in the order of their files.
        files: The files, as reports name them; none of their findings counted yet.
        by_rule: Written ones by rule.
        by_fingerprint: Entries of baselines by fingerprint and status.
        by_consignment: Places of entries of baselines by the reference (else the file) of their consignment.
    """

    written: tuple[Waiver, ...]
    files: tuple[WaiverFile, ...]
    by_rule: Mapping[RuleId, tuple[Waiver, ...]]
    by_fingerprint: Mapping[tuple[str, Status], Waiver]
    by_consignment: Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Waived:
    """A report with its waivers, and what that says of them, by place (`file:line`).

    Attributes:
        used: Waivers that accept a finding here.
        lapsed: Waivers that would accept a finding here, had they not expired.
        met: Waivers whose consignment or exporter this is, used or not.
    """

    report: Report
    used: frozenset[str] = frozenset()
    lapsed: frozenset[str] = frozenset()
    met: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """Something to say of a waiver beside the reports; a notice asks for nothing yet."""

    fault: Fault
    is_notice: bool = False


@dataclass(slots=True)
class _Seen:
    """What one report says of waivers, while it is gone through."""

    used: set[str] = field(default_factory=set)
    lapsed: set[str] = field(default_factory=set)
    by_file: Counter[str] = field(default_factory=Counter)


def make_book(waivers: Iterable[Waiver], files: Sequence[WaiverFile] = ()) -> Book:
    """Return the book of the waivers of a run."""
    every = tuple(waivers)
    written = tuple(waiver for waiver in every if waiver.kind is WaiverKind.WAIVER)
    by_rule: dict[RuleId, list[Waiver]] = {}
    for waiver in written:
        by_rule.setdefault(waiver.rule, []).append(waiver)
    by_fingerprint: dict[tuple[str, Status], Waiver] = {}
    by_consignment: dict[str, set[str]] = {}
    for waiver in every:
        if waiver.fingerprint is not None and waiver.status is not None:
            by_fingerprint.setdefault((waiver.fingerprint, waiver.status), waiver)
            by_consignment.setdefault(waiver.reference or "", set()).add(waiver.place)
    return Book(
        written=written,
        files=tuple(files),
        by_rule={rule: tuple(same) for rule, same in by_rule.items()},
        by_fingerprint=by_fingerprint,
        by_consignment={name: frozenset(places) for name, places in by_consignment.items()},
    )


def waive(report: Report, book: Book, *, today: str) -> Waived:
    """Return a report in which what somebody accepts is waived, counted and decided anew.

    Args:
        report: As the core gave it.
        book: The waivers of the run.
        today: The calendar day in China, ISO text; a waiver holds on its last day.
    """
    manifest, seen = report.manifest, _Seen()
    exporter = fold_firm(exporter_of(manifest) or "")
    # Fingerprints are digests; most consignments of a day have no entry in a baseline.
    is_known = (manifest.reference or "") in book.by_consignment
    prints = fingerprints_of(report.findings, manifest) if is_known else ()
    findings = [
        _judge(finding, prints[index] if prints else "", manifest, exporter, book, today, seen)
        for index, finding in enumerate(report.findings)
    ]
    files = tuple(replace(file, used=seen.by_file[file.file]) for file in book.files)
    changed = replace(with_findings(report, findings), waivers=files) if seen.used or seen.lapsed else None
    met = {waiver.place for waiver in book.written if _is_met(waiver, manifest, exporter)}
    met |= book.by_consignment.get(manifest.reference or "", frozenset())
    return Waived(
        report=changed or replace(report, waivers=files),
        used=frozenset(seen.used),
        lapsed=frozenset(seen.lapsed),
        met=frozenset(met),
    )


def _judge(
    finding: Finding, print_: str, manifest: Manifest, exporter: str, book: Book, today: str, seen: _Seen
) -> Finding:
    """Return a finding with the waiver that accepts it, or with a note of each that no longer does."""
    status = finding.status
    if status not in WAIVABLE or not finding.rule.is_waivable:
        return finding
    fitting = [
        waiver
        for waiver in book.by_rule.get(finding.rule.id, ())
        if _is_met(waiver, manifest, exporter) and _is_at(waiver, finding)
    ]
    living = [waiver for waiver in fitting if is_living(waiver, today)]
    entry = book.by_fingerprint.get((print_, status))
    if entry is not None:
        living.append(entry)
    if living:
        seen.used.update(waiver.place for waiver in living)
        seen.by_file[living[0].file] += 1
        return finding._replace(waiver=living[0])
    seen.lapsed.update(waiver.place for waiver in fitting)
    return finding._replace(notes=(*finding.notes, *map(_expired_note, fitting))) if fitting else finding


def is_living(waiver: Waiver, today: str) -> bool:
    """Tell whether a waiver holds on a day: to the end of its last day; one without a readable last day never does."""
    return waiver.kind is WaiverKind.BASELINE or (waiver.until is not None and today <= waiver.until)


def _expired_note(waiver: Waiver) -> Message:
    args = {"place": waiver.place, "owner": waiver.owner or "", "reason": waiver.reason}
    if waiver.until is None:
        return Message("waive.note_no_day", {**args, "until": waiver.written_until})
    return Message("waive.note_expired", {**args, "until": waiver.until})


def _is_met(waiver: Waiver, manifest: Manifest, exporter: str) -> bool:
    """Tell whether a manifest is of the consignment and the exporter that a waiver names."""
    return waiver.reference in (None, manifest.reference) and (
        waiver.exporter is None or (exporter != "" and fold_firm(waiver.exporter) == exporter)
    )


def _is_at(waiver: Waiver, finding: Finding) -> bool:
    """Tell whether a finding is of the lot that a waiver names, and at its path or below it."""
    if waiver.lot is not None and (finding.subject.kind, finding.subject.id) != ("lot", waiver.lot):
        return False
    path = waiver.path
    if path is None:
        return True
    places = (write_outcome_path(finding.outcome), path_below_subject(finding))
    return any(place == path or place.startswith((f"{path}.", f"{path}[")) for place in places)


def exporter_of(manifest: Manifest) -> str | None:
    """Return the name of the exporter as the manifest writes it."""
    parties = manifest.data.get("parties")
    exporter = parties.get("exporter") if isinstance(parties, Mapping) else None
    name = exporter.get("name") if isinstance(exporter, Mapping) else None
    return name if isinstance(name, str) else None


def list_entries(report: Report, *, file: str) -> tuple[tuple[Waiver, ...], int]:
    """Return what a baseline would accept of a report, and how many findings nothing can accept."""
    prints = fingerprints_of(report.findings, report.manifest)
    open_ = [(f, p) for f, p in zip(report.findings, prints, strict=True) if f.status in WAIVABLE]
    entries = tuple(
        Waiver(
            kind=WaiverKind.BASELINE,
            file=file,
            line=1,
            rule=finding.rule.id,
            reason=BASELINE_REASON,
            reference=report.manifest.reference,
            fingerprint=print_,
            status=finding.status,
        )
        for finding, print_ in open_
        if finding.rule.is_waivable
    )
    return entries, len(open_) - len(entries)


def judge_waivers(waivers: Iterable[Waiver], rules: Iterable[RuleName]) -> tuple[Fault, ...]:
    """Return what is wrong with waivers: rules that do not exist, and rules that nobody can waive."""
    known = {rule.id: rule for rule in rules}
    faults: list[Fault] = []
    for waiver in waivers:
        rule = known.get(waiver.rule)
        if rule is None:
            near = get_close_matches(waiver.rule, [*known], n=1, cutoff=0.5)
            hint = Message("type.did_you_mean", {"name": near[0]}) if near else Message("cli.no_rule_hint")
            faults.append(_fault(waiver, Message("waive.no_rule", {"rule": waiver.rule}), hint))
        elif not rule.is_waivable:
            what = Message("waive.never", {"rule": rule.id}, {"area": f"area.{rule.area}"})
            faults.append(_fault(waiver, what, Message("waive.never_hint")))
    return tuple(faults)


def remark_on(book: Book, *, used: Set[str], lapsed: Set[str], met: Set[str], today: str) -> tuple[Remark, ...]:
    """Return what is to be said of the waivers after a run; the sets are those of all its reports together."""
    remarks = [remark for waiver in book.written for remark in _remark(waiver, used, lapsed, met, today)]
    for file in book.files:
        if file.kind is WaiverKind.WAIVER:
            own = [w for w in book.written if w.file == file.file and w.until is not None]
            count = sum(waiver.place not in met for waiver in own)
            key = "waive.others"
        else:
            entries = [w.place for w in book.by_fingerprint.values() if w.file == file.file]
            count = sum(place in met and place not in used for place in entries)
            key = "waive.baseline_idle"
        if count:
            what = Message(key, {"count": str(count)})
            hint = Message("waive.baseline_idle_hint") if key == "waive.baseline_idle" else None
            fault = Fault(file=file.file, span=None, path="", what=what, hint=hint)
            remarks.append(Remark(fault=fault, is_notice=True))
    return tuple(remarks)


def _remark(waiver: Waiver, used: Set[str], lapsed: Set[str], met: Set[str], today: str) -> Iterator[Remark]:
    args = {"rule": waiver.rule, "until": waiver.until or waiver.written_until, "owner": waiver.owner or ""}
    place = waiver.place
    if waiver.until is None:
        yield Remark(fault=_fault(waiver, Message("waive.no_day", args), Message("waive.no_day_hint")))
    elif place not in met:
        return
    elif not is_living(waiver, today):
        key = "waive.expired" if place in lapsed else "waive.expired_idle"
        hint = Message("waive.expired_hint" if place in lapsed else "waive.unused_hint")
        yield Remark(fault=_fault(waiver, Message(key, args), hint))
    elif place not in used:
        yield Remark(fault=_fault(waiver, Message("waive.unused", args), Message("waive.unused_hint")))
    else:
        left_days = (date.fromisoformat(waiver.until) - date.fromisoformat(today)).days
        if left_days <= NOTICE_DAYS:
            what = Message("waive.ends", {**args, "days": str(left_days)})
            yield Remark(fault=_fault(waiver, what, None), is_notice=True)


def _fault(waiver: Waiver, what: Message, hint: Message | None) -> Fault:
    span = Span(line=waiver.line, column=1, end_line=waiver.line, end_column=2)
    return Fault(file=waiver.file, span=span, path="", what=what, hint=hint)
