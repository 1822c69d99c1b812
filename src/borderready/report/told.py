# SPDX-License-Identifier: Apache-2.0
"""What the summary of a run needs of one manifest, made where the manifest was checked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import assert_never

from borderready.model import Finding, Force, Report, Status, Verdict
from borderready.paths import write_value
from borderready.report.show import clip
from borderready.report.stream import Failed, Result, Unread
from borderready.report.summary import ERROR, Failing, Lane, Told

_COUNTED = (Status.FAIL, Status.ERROR, Status.UNKNOWN, Status.MANUAL)
_LONGEST_NAME = 120  # characters: the summary of a run keeps thousands of names


def tell(result: Result, language: str) -> Told:
    """Return what the summary needs of a result, with the titles of rules in a language."""
    match result:
        case Report():
            return _tell_report(result, language)
        case Unread():
            return Told(file=result.file, index=result.index, verdict=str(Verdict.INVALID))
        case Failed():
            return Told(file=result.file, index=result.index, verdict=ERROR)
        case _:
            assert_never(result)


def _tell_report(report: Report, language: str) -> Told:
    manifest = report.manifest
    counted: Counter[tuple[str, str, Force, Status]] = Counter(
        (*_name_of(finding, language), finding.force, finding.status)
        for finding in report.findings
        if finding.status in _COUNTED
    )
    reference = manifest.reference
    return Told(
        file=manifest.file,
        index=manifest.index,
        verdict=str(report.verdict),
        reference=clip(reference, _LONGEST_NAME) if reference is not None else None,
        exporter=_exporter(manifest.data),
        lanes=_lanes(report),
        failing=tuple(
            Failing(rule=rule, title=title, force=force, status=status, findings=count)
            for (rule, title, force, status), count in counted.items()
        ),
    )


def _name_of(finding: Finding, language: str) -> tuple[str, str]:
    """Return the rule of a fault and its title; of other findings only the number is told."""
    return (finding.rule.id, finding.rule.title.in_language(language)) if _is_fault(finding) else ("", "")


def _exporter(data: Mapping[str, object]) -> str | None:
    parties = data.get("parties")
    exporter = parties.get("exporter") if isinstance(parties, Mapping) else None
    name = exporter.get("name") if isinstance(exporter, Mapping) else None
    return clip(name, _LONGEST_NAME) if isinstance(name, str) and name.strip() else None


def _lanes(report: Report) -> tuple[Lane, ...]:
    """Return the lanes of a manifest; a fault of a lot counts for its lane, any other for all."""
    data = report.manifest.data
    shipment, lots = data.get("shipment"), data.get("lots")
    origin = shipment.get("origin", "?") if isinstance(shipment, Mapping) else "?"
    faulty = [finding for finding in report.findings if _is_fault(finding)]
    of_lots = Counter(finding.subject.id for finding in faulty if finding.subject.kind == "lot")
    of_all = len(faulty) - of_lots.total()
    lanes = Counter[tuple[str, str]]()
    for lot in lots if isinstance(lots, tuple) else ():
        if isinstance(lot, Mapping) and "product" in lot:
            lane = (write_value(lot.get("origin", origin)), write_value(lot["product"]))
            lanes[lane] += of_lots[write_value(lot.get("id", ""))]
    return tuple(
        Lane(origin=clip(origin, _LONGEST_NAME), product=clip(product, _LONGEST_NAME), faults=faults + of_all)
        for (origin, product), faults in lanes.items()
    )


def _is_fault(finding: Finding) -> bool:
    return finding.status is Status.FAIL and finding.force is not Force.INFORMS
