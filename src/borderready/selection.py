# SPDX-License-Identifier: Apache-2.0
"""Select and ignore: which rules a user wants to hear of. What is left out stays named in the report.

A rule that says `waivable: never` is always heard: a closed lane, a quarantine pest or a suspended code cannot be
configured away (docs/decisions/0010).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from borderready.core import AREAS, order_of, with_findings
from borderready.model import Finding, LeftOut, Message, Report, Rule, RuleBase, RuleName, Status

NEAR_CUTOFF = 0.5


def covers(entry: str, rule: Rule | RuleName) -> bool:
    """Tell whether an entry is a rule's id, its area, or a folder that it lies in (vn, vn/banana, acme:vn, acme:).

    A folder without the name of a pack is one of the base: whoever leaves out `vn` hears the house rules on it.
    """
    if entry in (rule.id, rule.area) or rule.id.startswith(f"{entry.rstrip('/')}/"):
        return True
    return entry.endswith(":") and rule.id.startswith(entry)


def is_wanted(rule: Rule, *, select: Sequence[str] | None, ignore: Sequence[str]) -> bool:
    """Tell whether a rule is to be heard: selected and not ignored, or one that cannot be left out."""
    return not rule.is_waivable or _is_chosen(rule, select=select, ignore=ignore)


def _is_chosen(rule: Rule, *, select: Sequence[str] | None, ignore: Sequence[str]) -> bool:
    is_selected = select is None or any(covers(entry, rule) for entry in select)
    return is_selected and not any(covers(entry, rule) for entry in ignore)


def leave_out(report: Report, *, select: Sequence[str] | None, ignore: Sequence[str]) -> Report:
    """Return a report without the findings of unwanted rules, decided anew; the rules stand in `left_out`.

    What cannot be left out stays, with a note that says so.
    """
    if select is None and not ignore:
        return report
    kept: list[Finding] = []
    worst: dict[str, Finding] = {}
    for finding in report.findings:
        is_chosen = _is_chosen(finding.rule, select=select, ignore=ignore)
        if is_chosen or not finding.rule.is_waivable:
            is_told = is_chosen or finding.status is Status.PASS
            kept.append(finding if is_told else finding._replace(notes=(*finding.notes, Message("select.kept"))))
            continue
        before = worst.setdefault(finding.rule.id, finding)
        worst[finding.rule.id] = min(before, finding, key=order_of)
    left_out = tuple(
        LeftOut(rule=finding.rule.id, status=finding.status, force=finding.force)
        for _, finding in sorted(worst.items())
    )
    return with_findings(report, kept, left_out=left_out)


def names_of(rule_base: RuleBase) -> tuple[RuleName, ...]:
    """Return the names of all rules of a pack, of those not loaded, too."""
    loaded = (RuleName(rule.id, rule.area, rule.is_waivable) for rule in rule_base.rules)
    return tuple(sorted((*loaded, *rule_base.others), key=lambda name: name.id))


def find_stray(entries: Iterable[str], rules: Sequence[RuleName]) -> tuple[tuple[str, str | None], ...]:
    """Return the entries that cover no rule of a rule base, each with the nearest word that would."""
    stray = [entry for entry in dict.fromkeys(entries) if not any(covers(entry, rule) for rule in rules)]
    if not stray:
        return ()
    known = [*AREAS, *sorted({part for rule in rules for part in _folders(rule)})]
    found = [(entry, get_close_matches(entry, known, n=1, cutoff=NEAR_CUTOFF)) for entry in stray]
    return tuple((entry, near[0] if near else None) for entry, near in found)


def _folders(rule: RuleName) -> tuple[str, ...]:
    origin, product, _ = rule.id.split("/")
    pack, colon, _ = origin.rpartition(":")
    return (*([pack + colon] if colon else []), f"{origin}/", f"{origin}/{product}/", rule.id)
