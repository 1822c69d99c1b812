# SPDX-License-Identifier: Apache-2.0
"""One finding as JSON on one line, put together from parts of which most are written once in a run.

A thousand manifests have the same rules, sources and reasons: what is known of a rule and its wording is written when
the rule is first told, and what is said of an outcome that is recalled when it was first said.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from json.encoder import encode_basestring

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
from borderready.report.stream import RunInfo, utf8
from borderready.report.written import First, Law, Parts, PartsKey, keep

_BARE = b',"related":[],"notices":[],"notes":[],"waiver":null'
_PLAIN = re.compile(r"[ -!#-\[\]-~]*")  # what JSON and a terminal take as it is


def pieces_of(finding: Finding, manifest: Manifest, info: RunInfo) -> tuple[bytes, ...]:
    """Return a finding behind another: a comma and an object of report/1 on one line, in UTF-8.

    It is in pieces, of which the long ones are shared by many manifests. What is said for the first time may be said of
    this one alone, and is a piece of its own.
    """
    key = _key_of(finding)
    known = info.written.findings.get(key)
    parts = known or keep(info.written.findings, key, _write_parts(finding, info))
    place = _place(manifest.locate(finding.outcome.path or ()))
    own = utf8(f"{write_text(finding.subject.id)}{parts.second}{place}")
    if not is_bare(finding):
        return (parts.first, own, parts.third, utf8(_lists(finding, manifest, info)), parts.last.removeprefix(_BARE))
    return (parts.first, own, parts.bare) if known else (parts.first, own, parts.third, parts.last)


def is_bare(finding: Finding) -> bool:
    """Tell whether a finding has nothing of what few have."""
    return not (finding.outcome.related or finding.straddles or finding.notes or finding.waiver)


def parts_of(finding: Finding, info: RunInfo) -> Parts:
    """Return what is written of every finding that is the same but for its place and the name of its subject."""
    key = _key_of(finding)
    return info.written.findings.get(key) or keep(info.written.findings, key, _write_parts(finding, info))


def _key_of(finding: Finding) -> PartsKey:
    rule, wording, subject, outcome, force, day, *_ = finding
    return (id(rule), id(wording), id(outcome), day, finding.status, force, subject.kind)


def _write_parts(finding: Finding, info: RunInfo) -> Parts:
    """Return all of a finding that stays the same where its outcome does."""
    rule, wording, outcome = finding.rule, finding.wording, finding.outcome
    law = _law_of(rule, wording, info)
    insert = "null" if outcome.missing is None else _insert(outcome.missing, info)
    third = utf8(
        f',"found":{_maybe(outcome.found)},"expected":{_maybe(outcome.expected)}'
        f',"because":{write_message(outcome.because, info)},"insert":{insert}'
    )
    last = law.last
    if outcome.source is not None or outcome.fix is not None:
        source = law.source if outcome.source is None else write_source(outcome.source, info)
        fix = law.fix if outcome.fix is None else write_message(outcome.fix, info)
        last = _last(law.says, fix, source)
    return Parts(
        finding=finding,
        first=_first_of(finding, law, info),
        second=f'}},"path":{write_text(write_outcome_path(outcome))},"location":',
        third=third,
        last=last,
        bare=third + last,
    )


def _first_of(finding: Finding, law: Law, info: RunInfo) -> bytes:
    kept = info.written.firsts
    key = (id(law), finding.day, finding.status, finding.force, finding.subject.kind)
    known = kept.get(key)
    if known is None:
        first = utf8(
            f',{law.first}{_maybe(finding.day)},"status":"{finding.status}","force":"{finding.force}"'
            f'{law.second}{{"kind":{write_text(finding.subject.kind)},"id":'
        )
        known = keep(kept, key, First(law, first))
    return known.text


def _last(says: str, fix: str, source: str) -> bytes:
    return utf8(f'{_BARE.decode()},"says":{says},"fix":{fix},"source":{source}}}')


def _law_of(rule: Rule, wording: Wording | None, info: RunInfo) -> Law:
    kept = info.written.laws
    key = (id(rule), id(wording))
    law = kept.get(key)
    if law is None:
        law = keep(kept, key, _write_law(rule, wording, info))
    return law


def _write_law(rule: Rule, wording: Wording | None, info: RunInfo) -> Law:
    start = wording.start if wording is not None else None
    says = write_texts(wording.says) if wording is not None else "null"
    fix = write_texts(wording.fix) if wording is not None and wording.fix is not None else "null"
    source = write_source(wording.source, info) if wording is not None else "null"
    return Law(
        rule=rule,
        wording=wording,
        first=f'{{"rule":{write_text(rule.id)},"title":{write_texts(rule.title)},"start":{_maybe(start)},"day":',
        second=f',"severity":"{rule.severity}","area":{write_text(rule.area)},"acts":{write_text(rule.acts)}'
        f',"consequence":{write_text(rule.consequence)},"subject":',
        says=says,
        fix=fix,
        source=source,
        last=_last(says, fix, source),
    )


def _lists(finding: Finding, manifest: Manifest, info: RunInfo) -> str:
    """Return what few findings have: related places, notices, notes and a waiver."""
    related = ",".join(
        f'{{"path":{write_text(write_path(path))},"location":{_place(manifest.locate(path))}}}'
        for path in related_paths(finding)
    )
    notices = ",".join(write_message(notice, info) for notice in finding.straddles)
    notes = ",".join(write_message(note, info) for note in finding.notes)
    waiver = "null" if finding.waiver is None else _waiver(finding)
    return f',"related":[{related}],"notices":[{notices}],"notes":[{notes}],"waiver":{waiver}'


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
        text = keep(kept, key, write())
    return text


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
