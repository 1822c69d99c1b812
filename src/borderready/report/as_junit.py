# SPDX-License-Identifier: Apache-2.0
"""JUnit XML, for the test reports of CI: a suite for each manifest, a case for each rule and subject.

A failure makes the manifest not ready; an error leaves it undecided, or it could not be read or checked; what holds
nothing back (warnings, what is to come, what was waived) is skipped. What passes is counted in the property `passed`,
and is a case only where it was asked for. A ready manifest has one case that passes, so that it is seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import assert_never

from borderready.i18n import say, word
from borderready.model import Finding, Force, Report, Span, Status, Verdict
from borderready.report.sentence import (
    FAILED_RULE,
    INVALID_RULE,
    UNANSWERED_RULE,
    details,
    fault_text,
    headline,
    is_unanswered,
    title_of,
)
from borderready.report.show import plain
from borderready.report.stream import Closing, Failed, Format, Item, Result, RunInfo, Unread, shown_of, utf8

_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"}  # the first stands in the others
_FAILURE, _ERROR, _SKIPPED, _PASSED = "failure", "error", "skipped", ""
_RANK = (_FAILURE, _ERROR, _SKIPPED, _PASSED)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """A case: `kind` is the element inside it, "" where it passed."""

    rule: str
    name: str
    kind: str = _PASSED
    type: str = ""
    message: str = ""
    lines: Sequence[str] = ()


def _begin(_: RunInfo) -> str:
    return '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="borderready">\n'


def _end(_: RunInfo, __: Closing) -> str:
    return "</testsuites>\n"


def _item(result: Result, info: RunInfo) -> Item:
    match result:
        case Report():
            return Item((utf8(_suite_of(result, info)),))
        case Unread():
            cases = [
                _Case(
                    rule=INVALID_RULE,
                    name=_place(result.file, fault.span),
                    kind=_ERROR,
                    type=str(Verdict.INVALID),
                    message=fault_text(fault, info.language),
                )
                for fault in result.faults
            ]
            return Item((utf8(_suite(result.file, result.index, None, [], cases)),))
        case Failed():
            case = _Case(
                rule=FAILED_RULE,
                name=plain(result.file),
                kind=_ERROR,
                type="error",
                message=plain(say(result.reason, info.language)),
            )
            return Item((utf8(_suite(result.file, result.index, None, [], [case])),))
        case _:
            assert_never(result)


FORMAT = Format(name="junit", begin=_begin, item=_item, end=_end)


def _suite_of(report: Report, info: RunInfo) -> str:
    groups: dict[tuple[str, str, str], list[Finding]] = {}
    for finding in shown_of(report, info):
        key = (finding.rule.id, finding.subject.kind, finding.subject.id)
        groups.setdefault(key, []).append(finding)
    cases = [_case(findings, report, info) for findings in groups.values()]
    if report.verdict is Verdict.READY:
        cases.insert(0, _Case(rule="borderready/verdict", name=word("verdict.ready", info.language)))
    if is_unanswered(report):
        text = word("run.unanswered_says", info.language)
        title = word("run.unanswered_title", info.language)
        cases.append(_Case(rule=UNANSWERED_RULE, name=title, kind=_ERROR, type=str(Verdict.UNDECIDED), message=text))
    manifest = report.manifest
    properties = [
        ("verdict", str(report.verdict)),
        ("passed", str(report.counts[Status.PASS])),
        ("pack", ", ".join(f"{pack.name} {pack.version} {pack.sha256}" for pack in report.pack.chain)),
        ("manifest", manifest.sha256),
    ]
    return _suite(manifest.file, manifest.index, manifest.reference, properties, cases)


def _case(findings: Sequence[Finding], report: Report, info: RunInfo) -> _Case:
    """Return one case for all that a rule found in a subject; the worst counts."""
    ordered = sorted(findings, key=lambda finding: _RANK.index(_kind(finding, report.fail_on)))
    worst = ordered[0]
    kind = _kind(worst, report.fail_on)
    if kind == _PASSED:
        return _Case(rule=worst.rule.id, name=title_of(worst, info.language))
    lines = []
    for finding in ordered:
        place = _place(report.manifest.file, report.manifest.locate(finding.outcome.path or ()))
        lines.extend([f"{place}: {headline(finding, info)}", *(f"  {line}" for line in details(finding, info))])
    return _Case(
        rule=worst.rule.id,
        name=title_of(worst, info.language),
        kind=kind,
        type=f"{worst.status} ({worst.force})",
        message=headline(worst, info),
        lines=lines,
    )


def _kind(finding: Finding, fail_on: Force) -> str:
    if finding.status is Status.PASS:
        return _PASSED
    if finding.status is Status.FAIL:
        return _FAILURE if finding.force in (Force.BLOCKS, fail_on) else _SKIPPED
    is_open = finding.status in (Status.UNKNOWN, Status.MANUAL) and finding.force is Force.BLOCKS
    return _ERROR if is_open or finding.status is Status.ERROR else _SKIPPED


def _place(file: str, span: Span | None) -> str:
    return plain(file if span is None else f"{file}:{span.line}:{span.column}")


def _suite(
    file: str, index: int, reference: str | None, properties: Iterable[tuple[str, str]], cases: Sequence[_Case]
) -> str:
    name = f"{file}#{index}" if index else file
    counts = {
        "name": f"{reference} ({name})" if reference else name,
        "tests": str(len(cases)),
        "failures": str(sum(case.kind == _FAILURE for case in cases)),
        "errors": str(sum(case.kind == _ERROR for case in cases)),
        "skipped": str(sum(case.kind == _SKIPPED for case in cases)),
        "file": file,
    }
    lines = [f"<testsuite{_attributes(counts)}>"]
    inner = "".join(f"<property{_attributes({'name': key, 'value': value})}/>" for key, value in properties)
    if inner:
        lines.append(f"<properties>{inner}</properties>")
    lines.extend(_write_case(case) for case in cases)
    return "\n".join([*lines, "</testsuite>", ""])


def _write_case(case: _Case) -> str:
    head = f"<testcase{_attributes({'classname': case.rule.replace('/', '.'), 'name': case.name})}"
    if case.kind == _PASSED:
        return f"{head}/>"
    attributes = _attributes({"message": case.message, "type": case.type})
    body = _escaped("\n".join(case.lines))
    return f"{head}><{case.kind}{attributes}>{body}</{case.kind}></testcase>"


def _attributes(values: dict[str, str]) -> str:
    written = {name: _escaped(plain(value)).replace("\n", "&#10;") for name, value in values.items()}
    return "".join(f' {name}="{value}"' for name, value in written.items())


def _escaped(text: str) -> str:
    for character, entity in _ENTITIES.items():  # of a text without any, translate() takes as long as of any other
        text = text.replace(character, entity)
    return text
