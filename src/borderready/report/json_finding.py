# SPDX-License-Identifier: Apache-2.0
"""One finding as JSON on one line, put together from parts of which most are written once in a run.

A thousand manifests have the same rules, sources and reasons: what is known of a rule and its wording is written when
the rule is first told, and again only where it is another.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from json.encoder import encode_basestring
from typing import TypeVar

from borderready.i18n import say_all
from borderready.model import (
    OWN_NOTICE,
    Finding,
    Instrument,
    Manifest,
    Message,
    Missing,
    Rule,
    Source,
    Span,
    Texts,
    Wording,
)
from borderready.paths import write_outcome_path, write_path
from borderready.report.show import escape_json, insertion, related_paths
from borderready.report.stream import RunInfo
from borderready.report.written import Parts

K = TypeVar("K")
V = TypeVar("V")
MOST_KEPT = 2_000  # parts of a kind that are kept in a run
_PLAIN = re.compile(r"[ -!#-\[\]-~]*")  # what JSON and a terminal take as it is


def write_finding(finding: Finding, manifest: Manifest, info: RunInfo) -> str:
    """Return a finding as an object of report/1 on one line."""
    outcome = finding.outcome
    parts = _parts_of(finding.rule, finding.wording, info)
    source = parts.source if outcome.source is None else write_source(outcome.source, info)
    return "".join(
        (
            parts.first,
            _maybe(finding.day),
            f',"status":"{finding.status}","force":"{finding.force}"',
            parts.second,
            f'{{"kind":{write_text(finding.subject.kind)},"id":{write_text(finding.subject.id)}}},"path":',
            write_text(write_outcome_path(outcome)),
            f',"location":{_place(manifest.locate(outcome.path or ()))},"found":',
            _maybe(outcome.found),
            ',"expected":',
            _maybe(outcome.expected),
            ',"because":',
            write_message(outcome.because, info),
            ',"insert":',
            "null" if outcome.missing is None else _insert(outcome.missing, info),
            _lists(finding, manifest, info),
            ',"waiver":',
            "null" if finding.waiver is None else _waiver(finding),
            ',"says":',
            parts.says,
            ',"fix":',
            parts.fix if outcome.fix is None else write_message(outcome.fix, info),
            ',"source":',
            source,
            "}",
        )
    )


def _parts_of(rule: Rule, wording: Wording | None, info: RunInfo) -> Parts:
    kept = info.written.parts
    key = (id(rule), id(wording))
    parts = kept.get(key)
    if parts is None:
        parts = _write_parts(rule, wording, info)
        _keep(kept, key, parts)
    return parts


def _write_parts(rule: Rule, wording: Wording | None, info: RunInfo) -> Parts:
    start = wording.start if wording is not None else None
    return Parts(
        rule=rule,
        wording=wording,
        first=f'{{"rule":{write_text(rule.id)},"title":{write_texts(rule.title)},"start":{_maybe(start)},"day":',
        second=f',"severity":"{rule.severity}","area":{write_text(rule.area)},"acts":{write_text(rule.acts)}'
        f',"consequence":{write_text(rule.consequence)},"subject":',
        says=write_texts(wording.says) if wording is not None else "null",
        fix=write_texts(wording.fix) if wording is not None and wording.fix is not None else "null",
        source=write_source(wording.source, info) if wording is not None else "null",
    )


def _lists(finding: Finding, manifest: Manifest, info: RunInfo) -> str:
    if not (finding.outcome.related or finding.straddles or finding.notes):
        return ',"related":[],"notices":[],"notes":[]'
    related = ",".join(
        f'{{"path":{write_text(write_path(path))},"location":{_place(manifest.locate(path))}}}'
        for path in related_paths(finding)
    )
    notices = ",".join(write_message(notice, info) for notice in finding.straddles)
    notes = ",".join(write_message(note, info) for note in finding.notes)
    return f',"related":[{related}],"notices":[{notices}],"notes":[{notes}]'


def _waiver(finding: Finding) -> str:
    waiver = finding.waiver
    assert waiver is not None
    return (
        f'{{"id":{_maybe(waiver.id)},"kind":"{waiver.kind}","status":"{finding.outcome.status}"'
        f',"reason":{_maybe(waiver.reason)},"owner":{_maybe(waiver.owner)},"until":{_maybe(waiver.until)}'
        f',"file":{write_text(waiver.file)},"line":{waiver.line}}}'
    )


def write_source(source: Source, info: RunInfo) -> str:
    """Return a source with what is known of its instrument."""
    instrument = info.instruments.get(source.instrument)
    title = "null"
    if instrument is not None:
        title = write_texts(instrument.title)
    elif source.instrument == OWN_NOTICE:
        title = write_message(Message("report.own_notice"), info)
    witnesses = ",".join(map(write_text, source.witnesses))
    return (
        f'{{"instrument":{write_text(source.instrument)},"number":{_number(instrument)},"title":{title}'
        f',"locator":{_maybe(source.locator)},"seen":"{source.seen}","checked":{_maybe(source.checked)}'
        f',"witnesses":[{witnesses}],"url":{_maybe(instrument.url if instrument is not None else None)}}}'
    )


def _number(instrument: Instrument | None) -> str:
    return _maybe(instrument.number if instrument is not None else None)


def _insert(missing: Missing, info: RunInfo) -> str:
    above = tuple(step for step in missing.parent if isinstance(step, str))
    return _remembered(info, (above, missing.steps), lambda: write_text(insertion(missing, info.fill)))


def write_message(message: Message | None, info: RunInfo) -> str:
    """Return a text of the program in the three languages, or null."""
    if message is None:
        return "null"
    if message.texts or message.words:
        return write_texts(say_all(message))
    key = (message.key, *message.args.items())
    return _remembered(info, key, lambda: write_texts(say_all(message)))


def _remembered(info: RunInfo, key: object, write: Callable[[], str]) -> str:
    kept = info.written.messages
    text = kept.get(key)
    if text is None:
        text = write()
        _keep(kept, key, text)
    return text


def _keep(kept: dict[K, V], key: K, value: V) -> None:
    if len(kept) >= MOST_KEPT:
        kept.clear()
    kept[key] = value


def write_texts(texts: Texts) -> str:
    """Return one text in the three languages."""
    return f'{{"en":{write_text(texts.en)},"vi":{write_text(texts.vi)},"zh":{write_text(texts.zh)}}}'


def write_text(text: str) -> str:
    """Return a text as JSON with nothing in it that acts on a terminal."""
    if _PLAIN.fullmatch(text):
        return f'"{text}"'
    return escape_json(encode_basestring(text))


def _maybe(text: str | None) -> str:
    return "null" if text is None else write_text(text)


def _place(span: Span) -> str:
    return f'{{"line":{span.line},"column":{span.column},"end_line":{span.end_line},"end_column":{span.end_column}}}'
