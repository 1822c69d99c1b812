# SPDX-License-Identifier: Apache-2.0
"""CSV, for a spreadsheet: one row for each finding, one for a manifest without any, or that was not read or checked.

UTF-8 with a byte order mark, without which Excel takes Vietnamese and Chinese for another encoding; RFC 4180 for the
rest. A cell that a spreadsheet would take for a formula begins with an apostrophe.
"""

from __future__ import annotations

from functools import lru_cache
from typing import assert_never

from borderready.fingerprint import fingerprints_of
from borderready.i18n import say
from borderready.model import Finding, Manifest, Report, Verdict
from borderready.paths import write_outcome_path
from borderready.report.sentence import FAILED_RULE, INVALID_RULE, fault_text, fix_of
from borderready.report.show import insertion, plain
from borderready.report.stream import Failed, Format, Item, Result, RunInfo, Unread, shown_of, utf8
from borderready.report.summary import ERROR

# Docs/cli.md lists them; new ones are added at the end.
COLUMNS = (
    *("file", "index", "reference", "verdict", "rule", "title", "status", "force", "severity", "area"),
    *("subject_kind", "subject", "path", "line", "column", "found", "expected", "because", "insert", "says", "fix"),
    *("acts", "consequence", "day", "start", "instrument", "locator", "seen", "url", "fingerprint"),
)
_FORMULA = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_QUOTED = frozenset(',"\r\n')


def _begin(_: RunInfo) -> str:
    return "\ufeff" + ",".join(COLUMNS) + "\r\n"


def _item(result: Result, info: RunInfo) -> Item:
    match result:
        case Report():
            rows = _of_report(result, info)
        case Unread():
            rows = [
                {
                    **_head(result.file, result.index, None, str(Verdict.INVALID)),
                    "rule": INVALID_RULE,
                    "path": fault.path,
                    "line": str(fault.span.line) if fault.span is not None else "",
                    "column": str(fault.span.column) if fault.span is not None else "",
                    "because": fault_text(fault, info.language),
                }
                for fault in result.faults
            ]
        case Failed():
            reason = say(result.reason, info.language)
            rows = [{**_head(result.file, result.index, None, ERROR), "rule": FAILED_RULE, "because": reason}]
        case _:
            assert_never(result)
    return Item((utf8("".join(_write(row) for row in rows)),))


FORMAT = Format(name="csv", begin=_begin, item=_item)


def _of_report(report: Report, info: RunInfo) -> list[dict[str, str]]:
    manifest = report.manifest
    head = _head(manifest.file, manifest.index, manifest.reference, str(report.verdict))
    shown = shown_of(report, info)
    rows = [
        {**head, **_cells(finding, manifest, info), "fingerprint": print_}
        for finding, print_ in zip(shown, fingerprints_of(shown, manifest), strict=True)
    ]
    return rows or [head]


def _head(file: str, index: int, reference: str | None, verdict: str) -> dict[str, str]:
    return {"file": file, "index": str(index), "reference": reference or "", "verdict": verdict}


def _cells(finding: Finding, manifest: Manifest, info: RunInfo) -> dict[str, str]:
    rule, outcome, wording = finding.rule, finding.outcome, finding.wording
    place = manifest.locate(outcome.path or ())
    return {
        "rule": rule.id,
        "title": rule.title.in_language(info.language),
        "status": str(finding.status),
        "force": str(finding.force),
        "severity": str(rule.severity),
        "area": rule.area,
        "subject_kind": finding.subject.kind,
        "subject": finding.subject.id,
        "path": write_outcome_path(outcome),
        "line": str(place.line),
        "column": str(place.column),
        "found": outcome.found or "",
        "expected": outcome.expected or "",
        "because": say(outcome.because, info.language) if outcome.because is not None else "",
        "insert": insertion(outcome.missing, info.fill) if outcome.missing is not None else "",
        "says": wording.says.in_language(info.language) if wording is not None else "",
        "fix": fix_of(finding, info.language) or "",
        "acts": rule.acts,
        "consequence": rule.consequence,
        "day": finding.day or "",
        "start": wording.start if wording is not None else "",
        **_source(finding, info),
    }


def _source(finding: Finding, info: RunInfo) -> dict[str, str]:
    source = finding.source
    if source is None:
        return {}
    instrument = info.instruments.get(source.instrument)
    url = instrument.url if instrument is not None else None
    return {
        "instrument": source.instrument,
        "locator": source.locator,
        "seen": str(source.seen),
        "url": url or "",
    }


def _write(row: dict[str, str]) -> str:
    return ",".join(write_cell(row.get(column, "")) for column in COLUMNS) + "\r\n"


@lru_cache(maxsize=8192)  # a thousand manifests are told much the same
def write_cell(text: str) -> str:
    """Return one cell: harmless in a spreadsheet, quoted where RFC 4180 asks for it."""
    shown = plain(text)
    if shown.lstrip().startswith(_FORMULA):
        shown = f"'{shown}"
    if _QUOTED.isdisjoint(shown) and shown == shown.strip():
        return shown
    return '"' + shown.replace('"', '""') + '"'
