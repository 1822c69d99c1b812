# SPDX-License-Identifier: Apache-2.0
"""SARIF 2.1.0, for code scanning and viewers: one run; its results stream, its rules stand behind them.

What passes is no result. What is open is one of level `warning` or `note`, not of kind `open`: SARIF would then forbid
a level, and readers would not show it. What was waived is a suppressed result.
"""

from __future__ import annotations

import re
from typing import assert_never

from borderready.fingerprint import fingerprints_of
from borderready.i18n import say, word
from borderready.model import Finding, Force, Manifest, Message, Report, Rule, Span, Status, Wording
from borderready.report.sarif_part import SCHEMA, Json, location_of, text_of
from borderready.report.sentence import (
    ERROR,
    FAILED_RULE,
    INVALID_RULE,
    NOTE,
    UNANSWERED_RULE,
    WARNING,
    details,
    fault_text,
    headline,
    is_unanswered,
    level_of,
)
from borderready.report.show import plain, related_paths, write_json_line
from borderready.report.stream import Closing, Failed, Format, Item, Result, RunInfo, Unread, utf8
from borderready.report.summary import ERROR as NOT_CHECKED
from borderready.report.written import keep
from borderready.scope import force_of

FINGERPRINT = "borderready/v1"
_LEVELS = {Force.BLOCKS: ERROR, Force.WARNS: WARNING, Force.INFORMS: NOTE}
_URL = re.compile(r"https?://[!-~]+")


def _begin(_: RunInfo) -> str:
    return f'{{"$schema":"{SCHEMA}","version":"2.1.0","runs":[{{"columnKind":"unicodeCodePoints","results":[\n'


def _item(result: Result, info: RunInfo) -> Item:
    match result:
        case Report():
            results, rules = _of_report(result, info)
        case Unread():
            results = [
                _own_result(INVALID_RULE, ERROR, fault_text(fault, info.language), result.file, fault.span)
                for fault in result.faults
            ]
            rules = {INVALID_RULE: _own_rule(INVALID_RULE, "run.invalid_title", "run.invalid_says", info)}
        case Failed():
            reason = plain(say(result.reason, info.language))
            results = [_own_result(FAILED_RULE, ERROR, reason, result.file, None)]
            rules = {FAILED_RULE: _own_rule(FAILED_RULE, "run.failed_title", "run.failed_says", info)}
        case _:
            assert_never(result)
    return Item(
        pieces=(utf8(",\n".join(write_json_line(one) for one in results)),),
        once=tuple(rules.items()),
    )


def _end(info: RunInfo, closing: Closing) -> str:
    driver = {"name": "borderready", "version": info.engine, "semanticVersion": info.engine, "language": info.language}
    if info.pack is not None:
        packs = ", ".join(f"{pack.name} {pack.version}" for pack in info.pack.chain)
        driver["fullName"] = f"borderready {info.engine}, {packs}"
    head = write_json_line(driver).removesuffix("}")
    rules = ",\n".join(closing.once)
    is_whole = write_json_line(closing.summary.verdicts[NOT_CHECKED] == 0)
    invocations = f'"invocations":[{{"executionSuccessful":{is_whole}}}]'
    return f'\n],"tool":{{"driver":{head},"rules":[\n{rules}\n]}}}},{invocations}}}]}}\n'


FORMAT = Format(name="sarif", begin=_begin, item=_item, between=",\n", end=_end)


# results


def _of_report(report: Report, info: RunInfo) -> tuple[list[Json], dict[str, str]]:
    results: list[Json] = []
    rules: dict[str, str] = {}
    findings = [finding for finding in report.findings if finding.status is not Status.PASS]
    for finding, print_ in zip(findings, fingerprints_of(findings, report.manifest), strict=True):
        results.append(_result(finding, report, print_, info))
        rules[finding.rule.id] = _rule_once(finding.rule, info)
    if is_unanswered(report):
        text = word("run.unanswered_says", info.language)
        results.append(_own_result(UNANSWERED_RULE, WARNING, text, report.manifest.file, None))
        rules[UNANSWERED_RULE] = _own_rule(UNANSWERED_RULE, "run.unanswered_title", "run.unanswered_says", info)
    return results, rules


def _result(finding: Finding, report: Report, print_: str, info: RunInfo) -> Json:
    manifest = report.manifest
    text = "\n".join([headline(finding, info), *details(finding, info)])
    related = [
        {"id": number, **location_of(manifest.file, manifest.locate(path))}
        for number, path in enumerate(related_paths(finding), 1)
    ]
    return {
        "ruleId": finding.rule.id,
        "level": level_of(finding, report.fail_on),
        "message": {"text": text_of(text)},
        "locations": [location_of(manifest.file, manifest.locate(finding.outcome.path or ()))],
        **({"relatedLocations": related} if related else {}),
        "partialFingerprints": {FINGERPRINT: print_},
        **({"suppressions": [_suppression(finding)]} if finding.status is Status.WAIVED else {}),
        "properties": {**_properties(finding), **_consignment(manifest)},
    }


def _properties(finding: Finding) -> dict[str, str]:
    start = {"start": finding.wording.start} if finding.wording is not None else {}
    seen = {"seen": str(finding.source.seen)} if finding.source is not None else {}
    subject = f"{finding.subject.kind} {plain(finding.subject.id)}"
    return {"status": str(finding.status), "force": str(finding.force), "subject": subject, **start, **seen}


def _consignment(manifest: Manifest) -> dict[str, object]:
    reference = {"reference": plain(manifest.reference)} if manifest.reference is not None else {}
    return {**reference, "index": manifest.index}


def _suppression(finding: Finding) -> Json:
    waiver = finding.waiver
    if waiver is None:
        return {"kind": "external", "status": "accepted"}
    who = [waiver.owner, waiver.until or waiver.written_until] if waiver.owner is not None else []
    owner = f" ({', '.join(filter(None, who))})" if who else ""
    return {"kind": "external", "status": "accepted", "justification": text_of(plain(f"{waiver.reason}{owner}"))}


def _own_result(rule: str, level: str, text: str, file: str, span: Span | None) -> Json:
    return {
        "ruleId": rule,
        "level": level,
        "message": {"text": text_of(text)},
        "locations": [location_of(file, span)],
    }


# rules


def _rule_once(rule: Rule, info: RunInfo) -> str:
    known = info.written.rules.get(rule.id)
    return keep(info.written.rules, rule.id, write_json_line(_rule(rule, info))) if known is None else known


def _rule(rule: Rule, info: RunInfo) -> Json:
    """Return what a reader is told of a rule, by its newest wording: results tell their own."""
    language = info.language
    title = plain(rule.title.in_language(language))
    wording = next((one for one in rule.wordings if not one.repealed), None)
    told: dict[str, object] = {"id": rule.id, "shortDescription": {"text": text_of(title)}}
    if wording is None:
        return told
    says = plain(wording.says.in_language(language))
    force = force_of(rule.severity, wording.source)
    return {
        **told,
        "fullDescription": {"text": text_of(says)},
        "help": {"text": text_of(_help(says, wording, info))},
        **_help_uri(wording, info),
        "defaultConfiguration": {"level": _LEVELS[force]},
        "properties": {
            "tags": [rule.area],
            "area": rule.area,
            "seen": str(wording.source.seen),
            "force": str(force),
            "severity": str(rule.severity),
            "start": wording.start,
        },
    }


def _help(says: str, wording: Wording, info: RunInfo) -> str:
    source = wording.source
    instrument = info.instruments.get(source.instrument)
    name = instrument.title.in_language(info.language) if instrument is not None else source.instrument
    number = f" ({instrument.number})" if instrument is not None and instrument.number else ""
    start = say(Message("report.starts", {"start": wording.start}), info.language)
    fix = [wording.fix.in_language(info.language)] if wording.fix is not None else []
    lines = [says, *fix, f"{name}{number}, {source.locator}; {start}; {word(f'grade.{source.seen}', info.language)}"]
    return "\n".join(plain(line) for line in lines)


def _help_uri(wording: Wording, info: RunInfo) -> dict[str, str]:
    instrument = info.instruments.get(wording.source.instrument)
    if instrument is None or instrument.url is None or not _URL.fullmatch(instrument.url):
        return {}
    return {"helpUri": instrument.url}


def _own_rule(name: str, title: str, says: str, info: RunInfo) -> str:
    told = {
        "id": name,
        "shortDescription": {"text": word(title, info.language)},
        "fullDescription": {"text": word(says, info.language)},
        "help": {"text": word(says, info.language)},
        "defaultConfiguration": {"level": WARNING if name == UNANSWERED_RULE else ERROR},
    }
    return write_json_line(told)
