# SPDX-License-Identifier: Apache-2.0
"""JSON, report/1: for machines, and for proof. The same inputs give the same bytes; schemas/report.schema.json."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from textwrap import indent
from typing import assert_never

from borderready.errors import Fault
from borderready.i18n import say_all
from borderready.model import (
    Force,
    Grade,
    Message,
    PackId,
    Register,
    Report,
    Span,
    Status,
    Texts,
    Verdict,
    WaiverFile,
)
from borderready.report.json_finding import pieces_of
from borderready.report.json_indented import indented_pieces_of
from borderready.report.show import digest_notices, write_json, write_json_line
from borderready.report.stream import Closing, Failed, Format, Item, Result, RunInfo, Unread, shown_of, utf8
from borderready.report.summary import ERROR

Json = Mapping[str, object]


def _head_of(report: Report, info: RunInfo) -> Json:
    """Return all of a report but its findings."""
    manifest = report.manifest
    return {
        "borderready": "report/1",
        "engine": info.engine,
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
        "compared_with": [str(where) for where in report.compared_with],
    }


def _on_one_line(report: Report, info: RunInfo) -> tuple[bytes, ...]:
    """Return the report of one manifest as JSON on one line, in UTF-8; what passes is in it where the run tells it.

    It is left in pieces, for that of thousands of lots may be hundreds of megabytes.
    """
    head = write_json_line(_head_of(report, info)).removesuffix("}")
    pieces: list[bytes] = []
    for finding in shown_of(report, info):
        pieces += pieces_of(finding, report.manifest, info)
    if pieces:
        pieces[0] = pieces[0].removeprefix(b",")
    return (utf8(f'{head},"findings":['), *pieces, b"]}\n")


def _indented(report: Report, info: RunInfo, margin: str) -> tuple[bytes, ...]:
    """Return the same on lines that begin with a margin."""
    head = indent(write_json(_head_of(report, info)).removesuffix("\n}\n"), margin)
    pieces: list[bytes] = []
    for finding in shown_of(report, info):
        pieces += (b",\n", *indented_pieces_of(finding, report.manifest, info, f"{margin}    "))
    if not pieces:
        return (utf8(f'{head},\n{margin}  "findings": []\n{margin}}}'),)
    return (utf8(f'{head},\n{margin}  "findings": [\n'), *pieces[1:], utf8(f"\n{margin}  ]\n{margin}}}"))


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
        "compared_with": [],
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


def _waiver_file(file: WaiverFile) -> Json:
    return {
        "file": file.file,
        "kind": str(file.kind),
        "sha256": file.sha256,
        "today": file.today,
        "used": file.used,
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


def _unchecked(result: Unread | Failed, info: RunInfo) -> Json:
    match result:
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
    margin, end = ("    ", b"") if info.many else ("", b"\n")
    if isinstance(result, Report):
        return Item((*_indented(result, info, margin), end))
    return Item((utf8(indent(write_json(_unchecked(result, info)).removesuffix("\n"), margin)), end))


def _end(info: RunInfo, closing: Closing) -> str:
    if not info.many:
        return ""
    verdicts = closing.summary.verdicts
    summary = {"manifests": closing.summary.manifests, **{str(verdict): verdicts[verdict] for verdict in Verdict}}
    if verdicts[ERROR]:
        summary[ERROR] = verdicts[ERROR]
    return '\n  ],\n  "summary": ' + indent(write_json(summary), "  ").strip() + "\n}\n"


def _line(result: Result, info: RunInfo) -> Item:
    if isinstance(result, Report):
        return Item(_on_one_line(result, info))
    return Item((utf8(write_json_line(_unchecked(result, info))), b"\n"))


FORMAT = Format(name="json", begin=_begin, item=_item, between=",\n", end=_end)
# One report a line, of the same keys, for tools that read a stream.
NDJSON = Format(name="ndjson", item=_line)
