# SPDX-License-Identifier: Apache-2.0
"""A finding in a few plain lines, for the formats of other tools: they show texts, and know no rules or wordings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from borderready.errors import Fault
from borderready.i18n import say, word
from borderready.model import OWN_NOTICE, Finding, Force, Grade, Instrument, Message, Report, Severity, Status, Verdict
from borderready.report.packs import disabled_by
from borderready.report.show import insertion, plain
from borderready.report.written import Sentences, keep

if TYPE_CHECKING:  # as_text needs the citation, and none of the run
    from borderready.report.stream import RunInfo

ERROR, WARNING, NOTE = "error", "warning", "note"
# Rules of our own, for what is no finding: a manifest that was not read, not checked, or not answered.
INVALID_RULE, FAILED_RULE = "borderready/invalid", "borderready/failed"
UNANSWERED_RULE = "borderready/unanswered"


def level_of(finding: Finding, fail_on: Force) -> str:
    """Return how loud a finding is where there are three levels.

    An error makes the manifest not ready. A warning is a weaker fail, or leaves the manifest undecided. The rest is a
    note: what is open but holds nothing back, what is still to come, what is known from memory only.
    """
    if finding.status in (Status.FAIL, Status.WAIVED):
        stops = (Force.BLOCKS, fail_on)
        return ERROR if finding.force in stops else WARNING if finding.force is Force.WARNS else NOTE
    is_open = finding.status in (Status.UNKNOWN, Status.MANUAL) and finding.force is Force.BLOCKS
    return WARNING if is_open or finding.status is Status.ERROR else NOTE


def is_unanswered(report: Report) -> bool:
    """Tell whether a manifest is undecided though no finding says so: no rule answered, and silence is no pass."""
    return report.verdict is Verdict.UNDECIDED and not any(
        finding.status is not Status.FAIL and level_of(finding, report.fail_on) == WARNING
        for finding in report.findings
    )


def title_of(finding: Finding, language: str) -> str:
    """Return the title of the rule and the subject, such as `Variety (L1)`."""
    return plain(f"{finding.rule.title.in_language(language)} ({finding.subject.id})")


def headline(finding: Finding, info: RunInfo) -> str:
    """Return title, subject, status and the shortest reason on one line."""
    status = word(f"status.{finding.status}", info.language)
    return f"{title_of(finding, info.language)}, {status}: {_sentences_of(finding, info).reason}"


def _sentences_of(finding: Finding, info: RunInfo) -> Sentences:
    kept = info.written.sentences
    key = (id(finding.rule), id(finding.wording), id(finding.outcome))
    known = kept.get(key)
    if known is None:
        known = keep(kept, key, Sentences(finding, _reason(finding, info), _details(finding, info)))
    return known


def _reason(finding: Finding, info: RunInfo) -> str:
    outcome = finding.outcome
    if outcome.because is not None:
        return plain(say(outcome.because, info.language))
    if facts := _facts(finding, info):
        return "; ".join(facts)
    says = finding.wording.says if finding.wording is not None else finding.rule.title
    return plain(says.in_language(info.language))


def _facts(finding: Finding, info: RunInfo) -> list[str]:
    outcome, lines = finding.outcome, []
    if outcome.found is not None:
        lines.append(_line("report.found", outcome.found, info.language))
    if outcome.missing is not None:
        lines.append(_line("report.insert", insertion(outcome.missing, info.fill), info.language))
    elif outcome.expected is not None:
        lines.append(_line("report.expected", outcome.expected, info.language))
    return lines


def details(finding: Finding, info: RunInfo) -> tuple[str, ...]:
    """Return labelled lines of what the headline does not say: what was found, asked, how to mend it, the source."""
    lines, language = _sentences_of(finding, info).details, info.language
    disabled = finding.rule.disabled
    if disabled is not None and finding.status is Status.WAIVED:
        lines = (*lines, _line("extend.disabled", disabled_by(disabled, language), language))
    return (*lines, *[_line("report.notice", say(notice, language), language) for notice in finding.straddles])


def _details(finding: Finding, info: RunInfo) -> tuple[str, ...]:
    language, wording = info.language, finding.wording
    facts = _facts(finding, info)
    lines = facts if finding.outcome.because is not None else []
    if wording is not None and (facts or finding.outcome.because is not None):
        lines = [*lines, _line("report.asked", wording.says.in_language(language), language)]
    mend = fix_of(finding, language)
    if mend is not None:
        lines = [*lines, _line("report.mend", mend, language)]
    if wording is not None:
        lines = [*lines, _line("report.source", citation(finding, info.instruments, language), language)]
    return tuple(lines)


def _line(key: str, text: str, language: str) -> str:
    return f"{word(key, language)}: {plain(text)}"


def fix_of(finding: Finding, language: str) -> str | None:
    """Return how to mend it: the reason knows better than the wording."""
    if finding.outcome.fix is not None:
        return say(finding.outcome.fix, language)
    if finding.wording is not None and finding.wording.fix is not None:
        return finding.wording.fix.in_language(language)
    return None


def citation(finding: Finding, instruments: Mapping[str, Instrument], language: str) -> str:
    """Return the legal text and the place in it, since when it binds, must or should, and how well it is known."""
    source = finding.source
    assert source is not None
    assert finding.wording is not None
    if source.instrument == OWN_NOTICE:
        return f"{word('report.own_notice', language)}, {source.locator}"
    instrument = instruments.get(source.instrument)
    name = source.instrument
    if instrument is not None:
        name = instrument.number or instrument.title.in_language(language)
    grade = word(f"grade.{source.seen}", language)
    if source.seen is Grade.SECONDARY:
        grade += f" ({say(Message('report.witnesses', {'count': str(len(source.witnesses))}), language)})"
    start = say(Message("report.starts", {"start": finding.wording.start}), language)
    severity = word(f"severity.{finding.rule.severity or Severity.MUST}", language)
    return f"{name}, {source.locator}; {start}; {severity}; {grade}"


def fault_text(fault: Fault, language: str) -> str:
    """Return what is wrong with a manifest, and how to mend it."""
    what = say(fault.what, language)
    hint = f" ({say(fault.hint, language)})" if fault.hint is not None else ""
    where = f"{fault.path}: " if fault.path else ""
    return plain(f"{where}{what}{hint}")
