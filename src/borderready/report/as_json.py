# SPDX-License-Identifier: Apache-2.0
"""JSON, report/1: for machines, and for proof. The same inputs give the same bytes; schemas/report.schema.json."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from textwrap import indent
from typing import assert_never

from borderready.errors import Fault
from borderready.i18n import say_all
from borderready.model import (
    OWN_NOTICE,
    Finding,
    Force,
    Grade,
    Instrument,
    Manifest,
    Message,
    Missing,
    PackId,
    Register,
    Report,
    Source,
    Span,
    Status,
    Texts,
    Verdict,
    WaiverFile,
    Wording,
)
from borderready.paths import write_outcome_path, write_path
from borderready.report.show import Fill, digest_notices, insertion, related_paths, write_json, write_json_line
from borderready.report.stream import Closing, Failed, Format, Item, Result, RunInfo, Unread
from borderready.report.summary import ERROR

Json = Mapping[str, object]


def render_report(
    report: Report, *, engine: str, instruments: Mapping[str, Instrument], fill: Fill, passes: bool
) -> Json:
    """Return the report of one manifest as JSON; `passes` adds the findings that pass."""
    manifest = report.manifest
    shown = [finding for finding in report.findings if passes or finding.status is not Status.PASS]
    return {
        "borderready": "report/1",
        "engine": engine,
        "manifest": _manifest(manifest.file, manifest.index, manifest.reference, manifest.sha256),
        "packs": [_pack(pack) for pack in report.pack.chain],
        "registers": [_register(register) for register in report.registers],
        "notices": {"own": len(report.notices), "sha256": digest_notices(report.notices)},
        "dates": dict(report.dates),
        "verdict": str(report.verdict),
        "fail_on": str(report.fail_on),
        "counts": {str(status): report.counts[status] for status in Status},
        "evidence": {str(grade): report.evidence[grade] for grade in Grade},
        "areas_without_rule": list(report.areas_without_rule),
        "gaps": [gap.id for gap in report.gaps],
        "waivers": [_waiver_file(file) for file in report.waivers],
        "left_out": [
            {"rule": rule.rule, "status": str(rule.status), "force": str(rule.force)} for rule in report.left_out
        ],
        "compared_with": report.compared_with,
        "findings": [_finding(finding, manifest, instruments, fill) for finding in shown],
    }


def render_invalid(*, file: str, index: int, sha256: str, faults: Sequence[Fault], engine: str) -> Json:
    """Return the report of a manifest that could not be read or typed."""
    return {
        "borderready": "report/1",
        "engine": engine,
        "manifest": _manifest(file, index, None, sha256),
        "packs": [],
        "registers": [],
        "notices": {"own": 0, "sha256": None},
        "dates": {},
        "verdict": str(Verdict.INVALID),
        "fail_on": str(Force.BLOCKS),
        "counts": {str(status): 0 for status in Status},
        "evidence": {str(grade): 0 for grade in Grade},
        "areas_without_rule": [],
        "gaps": [],
        "waivers": [],
        "left_out": [],
        "compared_with": None,
        "findings": [],
        "faults": [_fault(fault) for fault in faults],
    }


def render_failed(*, file: str, index: int, reason: Message, engine: str) -> Json:
    """Return the report of a manifest that was not checked: verdict `error`, with the reason as its one fault."""
    why = {"document": index, "path": "", "location": None, "what": _message(reason), "hint": None}
    report = render_invalid(file=file, index=index, sha256="", faults=(), engine=engine)
    return {**report, "verdict": ERROR, "faults": [why]}


def _manifest(file: str, index: int, reference: str | None, sha256: str) -> Json:
    return {"file": file, "index": index, "reference": reference, "sha256": sha256}


def _pack(pack: PackId) -> Json:
    told = {"name": pack.name, "version": pack.version, "sha256": pack.sha256, "signed_by": pack.signed_by}
    if not pack.disables:
        return told
    disables = [{"rule": one.rule, "reason": one.reason, "until": one.until} for one in pack.disables]
    return {**told, "disables": disables}


def _register(register: Register) -> Json:
    return {
        "name": register.name,
        "file": register.file,
        "as_of": register.as_of,
        "source": register.source,
        "sha256": register.sha256,
        "codes": len(register.entries),
        "lists": [
            {
                "origin": listing.origin,
                "product": listing.product,
                "market": listing.market or "CN",
                "as_of": listing.as_of,
                "source": listing.source,
                "sha256": listing.sha256,
                "codes": listing.codes,
            }
            for listing in register.listings
        ],
    }


def _finding(finding: Finding, manifest: Manifest, instruments: Mapping[str, Instrument], fill: Fill) -> Json:
    rule, outcome, wording = finding.rule, finding.outcome, finding.wording
    missing = outcome.missing
    return {
        "rule": rule.id,
        "title": _texts(rule.title),
        "start": wording.start if wording is not None else None,
        "day": finding.day,
        "status": str(finding.status),
        "force": str(finding.force),
        "severity": str(rule.severity),
        "area": rule.area,
        "acts": rule.acts,
        "consequence": rule.consequence,
        "subject": {"kind": finding.subject.kind, "id": finding.subject.id},
        "path": write_outcome_path(finding.outcome),
        "location": _span(manifest.locate(outcome.path or ())),
        "found": outcome.found,
        "expected": outcome.expected,
        "because": _message(outcome.because),
        "insert": _insert(missing, fill),
        "related": [
            {"path": write_path(path), "location": _span(manifest.locate(path))} for path in related_paths(finding)
        ],
        "notices": [_message(notice) for notice in finding.straddles],
        "notes": [_message(note) for note in finding.notes],
        "waiver": _waiver(finding),
        "says": _texts(wording.says) if wording is not None else None,
        "fix": _fix(outcome.fix, wording),
        "source": _source(finding.source, instruments) if finding.source is not None else None,
    }


def _waiver_file(file: WaiverFile) -> Json:
    return {
        "file": file.file,
        "kind": str(file.kind),
        "sha256": file.sha256,
        "today": file.today,
        "used": file.used,
    }


def _waiver(finding: Finding) -> Json | None:
    waiver = finding.waiver
    if waiver is None:
        return None
    return {
        "id": waiver.id,
        "kind": str(waiver.kind),
        "status": str(finding.outcome.status),
        "reason": waiver.reason,
        "owner": waiver.owner,
        "until": waiver.until,
        "file": waiver.file,
        "line": waiver.line,
    }


def _fix(fix: Message | None, wording: Wording | None) -> Json | None:
    if fix is not None:
        return _message(fix)
    return _texts(wording.fix) if wording is not None and wording.fix is not None else None


def _insert(missing: Missing | None, fill: Fill) -> str | None:
    return insertion(missing, fill) if missing is not None else None


def _source(source: Source, instruments: Mapping[str, Instrument]) -> Json:
    instrument = instruments.get(source.instrument)
    own = _message(Message("report.own_notice")) if source.instrument == OWN_NOTICE else None
    return {
        "instrument": source.instrument,
        "number": instrument.number if instrument is not None else None,
        "title": _texts(instrument.title) if instrument is not None else own,
        "locator": source.locator,
        "seen": str(source.seen),
        "checked": source.checked,
        "witnesses": list(source.witnesses),
        "url": instrument.url if instrument is not None else None,
    }


def _fault(fault: Fault) -> Json:
    return {
        "document": fault.document,
        "path": fault.path,
        "location": _span(fault.span) if fault.span is not None else None,
        "what": _message(fault.what),
        "hint": _message(fault.hint),
    }


def _span(span: Span) -> Json:
    return {"line": span.line, "column": span.column, "end_line": span.end_line, "end_column": span.end_column}


def _texts(texts: Texts) -> Json:
    return {"en": texts.en, "vi": texts.vi, "zh": texts.zh}


def _message(message: Message | None) -> Json | None:
    return _texts(say_all(message)) if message is not None else None


def _render(result: Result, info: RunInfo) -> Json:
    match result:
        case Report():
            return render_report(
                result, engine=info.engine, instruments=info.instruments, fill=info.fill, passes=info.verbose
            )
        case Unread():
            return render_invalid(
                file=result.file, index=result.index, sha256=result.sha256, faults=result.faults, engine=info.engine
            )
        case Failed():
            return render_failed(file=result.file, index=result.index, reason=result.reason, engine=info.engine)
        case _:
            assert_never(result)


def _begin(info: RunInfo) -> str:
    return '{\n  "borderready": "reports/1",\n  "reports": [\n' if info.many else ""


def _item(result: Result, info: RunInfo) -> Item:
    written = write_json(_render(result, info))
    return Item(text=indent(written.removesuffix("\n"), "    ") if info.many else written)


def _end(info: RunInfo, closing: Closing) -> str:
    if not info.many:
        return ""
    verdicts = closing.summary.verdicts
    summary = {"manifests": closing.summary.manifests, **{str(verdict): verdicts[verdict] for verdict in Verdict}}
    if verdicts[ERROR]:
        summary[ERROR] = verdicts[ERROR]
    return '\n  ],\n  "summary": ' + indent(write_json(summary), "  ").strip() + "\n}\n"


def _line(result: Result, info: RunInfo) -> Item:
    return Item(text=write_json_line(_render(result, info)) + "\n")


FORMAT = Format(name="json", begin=_begin, item=_item, between=",\n", end=_end)
# One report a line, of the same keys, for tools that read a stream.
NDJSON = Format(name="ndjson", item=_line)
