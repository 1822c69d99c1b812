# SPDX-License-Identifier: Apache-2.0
"""GitLab's code quality report: one entry for each finding that does not pass and was not waived.

GitLab drops an entry whose fingerprint it has seen, so file and document are in it, too.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import TypeAlias, assert_never

from borderready.errors import Fault
from borderready.fingerprint import fingerprints_of
from borderready.i18n import say, word
from borderready.model import Finding, Force, Report, Status
from borderready.report.sentence import (
    FAILED_RULE,
    INVALID_RULE,
    UNANSWERED_RULE,
    fault_text,
    fix_of,
    headline,
    is_unanswered,
)
from borderready.report.show import plain, write_json_line
from borderready.report.stream import Closing, Failed, Format, Item, Result, RunInfo, Unread, utf8

_Place: TypeAlias = tuple[str, int, int]  # file, document, line
_UNTOLD = (Status.PASS, Status.WAIVED)
_OPEN = (Status.UNKNOWN, Status.MANUAL, Status.ERROR)


def _begin(_: RunInfo) -> str:
    return "[\n"


def _item(result: Result, info: RunInfo) -> Item:
    match result:
        case Report():
            entries = _of_report(result, info)
        case Unread():
            entries = [
                _entry(INVALID_RULE, fault_text(fault, info.language), "blocker", _place(result, fault), number)
                for number, fault in enumerate(result.faults)
            ]
        case Failed():
            reason = plain(say(result.reason, info.language))
            entries = [_entry(FAILED_RULE, reason, "blocker", (result.file, result.index, 1))]
        case _:
            assert_never(result)
    return Item((utf8(",\n".join(write_json_line(entry) for entry in entries)),))


def _end(_: RunInfo, __: Closing) -> str:
    return "\n]\n"


FORMAT = Format(name="gitlab", begin=_begin, item=_item, between=",\n", end=_end)


def _of_report(report: Report, info: RunInfo) -> list[Mapping[str, object]]:
    manifest = report.manifest
    entries: list[Mapping[str, object]] = []
    findings = [finding for finding in report.findings if finding.outcome.status is not Status.PASS]
    for finding, print_ in zip(findings, fingerprints_of(findings, report.manifest), strict=True):
        if finding.status in _UNTOLD:
            continue
        mend = fix_of(finding, info.language)
        text = headline(finding, info) + (
            f"; {word('report.mend', info.language)}: {plain(mend)}" if mend is not None else ""
        )
        line = manifest.locate(finding.outcome.path or ()).line
        own = _digest(print_, manifest.file, manifest.index)
        entries.append(_written(text, finding.rule.id, own, severity_of(finding, report.fail_on), manifest.file, line))
    if is_unanswered(report):
        text = word("run.unanswered_says", info.language)
        entries.append(_entry(UNANSWERED_RULE, text, "major", (manifest.file, manifest.index, 1)))
    return entries


def severity_of(finding: Finding, fail_on: Force) -> str:
    """Return `blocker` where the manifest is not ready by it, `major` where undecided, or warned of, else less."""
    if finding.status is Status.FAIL:
        if finding.force in (Force.BLOCKS, fail_on):
            return "blocker"
        return "major" if finding.force is Force.WARNS else "info"
    if finding.status in _OPEN:
        return {Force.BLOCKS: "major", Force.WARNS: "minor", Force.INFORMS: "info"}[finding.force]
    return "info"


def _entry(rule: str, text: str, severity: str, place: _Place, number: int = 0) -> Mapping[str, object]:
    # What is told of a whole manifest has nothing that outlives an edit but its number.
    file, index, line = place
    return _written(text, rule, _digest(f"{rule} {number}", file, index), severity, file, line)


def _written(text: str, rule: str, own: str, severity: str, file: str, line: int) -> Mapping[str, object]:
    return {
        "description": text,
        "check_name": rule,
        "fingerprint": own,
        "severity": severity,
        "location": {"path": plain(file), "lines": {"begin": line}},
    }


def _digest(text: str, file: str, index: int) -> str:
    return sha256(f"{text}\n{plain(file)}\n{index}".encode()).hexdigest()


def _place(unread: Unread, fault: Fault) -> _Place:
    return unread.file, unread.index, fault.span.line if fault.span is not None else 1
