# SPDX-License-Identifier: Apache-2.0
"""What a pack disables of its base: the rule still answers, and what it finds is told as waived, with the reason.

A rule that says `waivable: never` is never disabled. An end is held against the day of the rule's basis event, as
everything that a pack says is, so that the same inputs give the same report on any day (docs/decisions/0014).
"""

from __future__ import annotations

from collections.abc import Iterable

from borderready.model import Disabled, Finding, Message, Rule, Status, Waiver, WaiverKind

PACK_FILE = "pack.yaml"
_ACCEPTED = (Status.FAIL, Status.UNKNOWN, Status.MANUAL)


def is_disabled(rule: Rule, day: str | None) -> bool:
    """Tell whether a rule is disabled on a day of its basis; on no known day only one that is so for good."""
    if rule.disabled is None or not rule.is_waivable:
        return False
    until = rule.disabled.until
    return until is None or (day is not None and day <= until)


def accept_disabled(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return findings in which those of disabled rules are waived; where that has ended, a note says so."""
    return tuple(finding if finding.rule.disabled is None else _judge(finding) for finding in findings)


def _judge(finding: Finding) -> Finding:
    disabled = finding.rule.disabled
    if disabled is None or finding.status not in _ACCEPTED or not finding.rule.is_waivable:
        return finding
    if is_disabled(finding.rule, finding.day):
        return finding._replace(waiver=_waiver(disabled))
    args = {"pack": disabled.pack, "until": disabled.until or "", "reason": disabled.reason}
    key = "extend.note_ended" if finding.day is not None else "extend.note_no_day"
    return finding._replace(notes=(*finding.notes, Message(key, args)))


def _waiver(disabled: Disabled) -> Waiver:
    return Waiver(
        kind=WaiverKind.PACK,
        file=f"{disabled.pack}/{PACK_FILE}",
        line=disabled.line,
        rule=disabled.rule,
        reason=disabled.reason,
        owner=disabled.pack,
        until=disabled.until,
        written_until=disabled.until or "",
    )
