# SPDX-License-Identifier: Apache-2.0
"""Annotations of GitHub Actions: workflow commands on standard output, the most important within GitHub's limits.

GitHub shows ten of each kind for one step, and drops the others without a word; here a notice counts them. Of equal
weight one finding of each rule comes before a second one of any.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import assert_never

from borderready.i18n import say, word
from borderready.model import Finding, Force, Message, Report, Status
from borderready.report.github_part import NOTICE, SHOWN, annotation, data_of
from borderready.report.packs import disabled_lines
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
    title_of,
)
from borderready.report.show import plain
from borderready.report.stream import Closing, Failed, Format, Item, Ranked, Result, RunInfo, Unread

# One notice is kept for telling what was left out.
LIMITS: Mapping[str, int] = {ERROR: SHOWN, WARNING: SHOWN, NOTICE: SHOWN - 1}
# What a worker sends of one manifest: enough that no rule is lost which another manifest does not have.
_MOST_RULES = 100
_KINDS = {ERROR: ERROR, WARNING: WARNING, NOTE: NOTICE}
_UNTOLD = (Status.PASS, Status.WAIVED)


def _item(result: Result, info: RunInfo) -> Item:
    match result:
        case Report():
            ranked = [_of_finding(one, result, info) for one in result.findings if one.status not in _UNTOLD]
            if is_unanswered(result):
                ranked.append(_unanswered(result, info))
        case Unread():
            title = word("run.invalid_title", info.language)
            ranked = [
                annotation(ERROR, 0, INVALID_RULE, result.file, fault.span, title, [fault_text(fault, info.language)])
                for fault in result.faults
            ]
        case Failed():
            title = word("run.failed_title", info.language)
            reason = [plain(say(result.reason, info.language))]
            ranked = [annotation(ERROR, 0, FAILED_RULE, result.file, None, title, reason)]
        case _:
            assert_never(result)
    kept = _bound(ranked)
    return Item(ranked=kept, unranked=len(ranked) - len(kept))


def _end(info: RunInfo, closing: Closing) -> str:
    told = [] if info.pack is None else list(disabled_lines(info.pack, info.language))
    if closing.left_out:
        args = {"count": str(closing.left_out), "most": str(SHOWN)}
        told.append(say(Message("run.left_out", args), info.language))
    return "".join(f"::notice title=borderready::{data_of(text)}\n" for text in told)


FORMAT = Format(name="github", item=_item, end=_end, limits=LIMITS)


def _of_finding(finding: Finding, report: Report, info: RunInfo) -> Ranked:
    kind = _KINDS[level_of(finding, report.fail_on)]
    span = report.manifest.locate(finding.outcome.path or ())
    lines = [headline(finding, info), *details(finding, info)]
    title = f"{title_of(finding, info.language)}  {finding.rule.id}"
    return annotation(kind, _weight(finding), finding.rule.id, report.manifest.file, span, title, lines)


def _unanswered(report: Report, info: RunInfo) -> Ranked:
    title, text = (word(f"run.unanswered_{part}", info.language) for part in ("title", "says"))
    return annotation(WARNING, 0, UNANSWERED_RULE, report.manifest.file, None, title, [text])


def _weight(finding: Finding) -> int:
    """Return how soon a finding is told among those of its kind: what fails before what is open."""
    forces = (Force.BLOCKS, Force.WARNS, Force.INFORMS)
    return 2 * forces.index(finding.force) + (finding.status is not Status.FAIL)


def _bound(ranked: list[Ranked]) -> tuple[Ranked, ...]:
    """Return no more than can be shown: the first finding of each rule, and as many others as have room."""
    kept: list[Ranked] = []
    seen = Counter[tuple[str, int, str]]()
    repeats, rules = Counter[str](), Counter[str]()
    for one in ranked:
        group = (one.kind, one.weight, one.group)
        tally, most = (repeats, SHOWN) if seen[group] else (rules, _MOST_RULES)
        seen[group] += 1
        if tally[one.kind] < most:
            tally[one.kind] += 1
            kept.append(one)
    return tuple(kept)
