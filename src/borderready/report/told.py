# SPDX-License-Identifier: Apache-2.0
"""What the summary of a run needs of one manifest, made where the manifest was checked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import assert_never

from borderready.model import Force, Report, Status, Verdict
from borderready.paths import write_value
from borderready.report.show import clip
from borderready.report.stream import Failed, Result, Unread
from borderready.report.summary import ERROR, Failing, Lane, Told

_COUNTED = frozenset((Status.FAIL, Status.ERROR, Status.UNKNOWN, Status.MANUAL))
_LONGEST_NAME = 120  # characters: the summary of a run keeps thousands of names


def tell(result: Result, language: str) -> Told:
    """Return what the summary needs of a result, with the titles of rules in a language."""
    match result:
        case Report():
            return _tell_report(result, language)
        case Unread():
            return Told(file=result.file, document=result.index, verdict=str(Verdict.INVALID))
        case Failed():
            return Told(file=result.file, document=result.index, verdict=ERROR)
        case _:
            assert_never(result)


def _tell_report(report: Report, language: str) -> Told:
    manifest = report.manifest
    counted: dict[tuple[str, str, Force, Status], int] = {}
    of_lots: dict[str, int] = {}
    faults = 0
    for finding in report.findings:
        status = finding.status
        if status not in _COUNTED:
            continue
        rule = title = ""  # of what is no fault only the number is told
        if status is Status.FAIL and finding.force is not Force.INFORMS:
            rule, title = finding.rule.id, finding.rule.title.in_language(language)
            faults += 1
            if finding.subject.kind == "lot":
                of_lots[finding.subject.id] = of_lots.get(finding.subject.id, 0) + 1
        key = (rule, title, finding.force, status)
        counted[key] = counted.get(key, 0) + 1
    reference = manifest.reference
    return Told(
        file=manifest.file,
        document=manifest.index,
        verdict=str(report.verdict),
        reference=clip(reference, _LONGEST_NAME) if reference is not None else None,
        exporter=_exporter(manifest.data),
        lanes=_lanes(manifest.data, of_lots, faults - sum(of_lots.values())),
        failing=tuple([Failing(*key, findings) for key, findings in counted.items()]),
    )


def _exporter(data: Mapping[str, object]) -> str | None:
    parties = data.get("parties")
    exporter = parties.get("exporter") if isinstance(parties, Mapping) else None
    name = exporter.get("name") if isinstance(exporter, Mapping) else None
    return clip(name, _LONGEST_NAME) if isinstance(name, str) and name.strip() else None


def _lanes(data: Mapping[str, object], of_lots: Mapping[str, int], of_all: int) -> tuple[Lane, ...]:
    """Return the lanes of a manifest; a fault of a lot counts for its lane, any other for all.

    Args:
        data: The manifest.
        of_lots: The faults of each lot.
        of_all: The other faults.
    """
    shipment, lots = data.get("shipment"), data.get("lots")
    origin = shipment.get("origin", "?") if isinstance(shipment, Mapping) else "?"
    lanes = Counter[tuple[str, str]]()
    for lot in lots if isinstance(lots, tuple) else ():
        if isinstance(lot, Mapping) and "product" in lot:
            lane = (write_value(lot.get("origin", origin)), write_value(lot["product"]))
            lanes[lane] += of_lots.get(write_value(lot.get("id", "")), 0)
    return tuple(
        Lane(origin=clip(origin, _LONGEST_NAME), product=clip(product, _LONGEST_NAME), faults=faults + of_all)
        for (origin, product), faults in lanes.items()
    )
