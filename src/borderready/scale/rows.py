# SPDX-License-Identifier: Apache-2.0
"""Reports to rows of the findings table: one for each finding, and at least one for each manifest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING

from borderready.errors import Fault
from borderready.i18n import say
from borderready.model import Finding, Manifest, Message, Report, Status, Value, Verdict
from borderready.paths import write_outcome_path, write_value
from borderready.read.manifest import Invalid

if TYPE_CHECKING:
    import pyarrow as pa

Row = Mapping[str, object]
# What each column holds; docs/scale.md has the same table.
TEXT, NUMBER, TEXTS = "text", "number", "texts"
COLUMNS: Mapping[str, tuple[str, str]] = {
    "file": (TEXT, "the file that holds the manifest, as it was named"),
    "index": (NUMBER, "which manifest of the file, from 0"),
    "reference": (TEXT, "the exporter's reference of the consignment"),
    "sha256": (TEXT, "digest of the text of the manifest"),
    "verdict": (TEXT, "ready, not-ready, undecided or invalid; of the whole manifest"),
    "rule": (TEXT, "id of the rule; null where the manifest has no finding to tell, or is invalid"),
    "start": (TEXT, "since when the wording binds, year-month-day"),
    "status": (TEXT, "fail, unknown, manual, upcoming, waived or error; pass only where asked for"),
    "force": (TEXT, "blocks, warns or informs"),
    "severity": (TEXT, "must or should"),
    "area": (TEXT, "what the rule is about"),
    "subject_kind": (TEXT, "shipment, lot, or the type of a document"),
    "subject_id": (TEXT, "id of the lot, number of the document"),
    "path": (TEXT, "the place in the manifest"),
    "line": (NUMBER, "line of the place in the file, or in the cell of a Parquet file, from 1"),
    "column": (NUMBER, "column of the place in characters, from 1"),
    "found": (TEXT, "what stands there"),
    "expected": (TEXT, "what is asked"),
    "because": (TEXT, "the reason, in English; of an invalid manifest what is wrong with it"),
    "waiver": (TEXT, "file and line of the waiver, or entry of the baseline, that accepts it"),
    "notes": (TEXTS, "what else is to be said, such as that a waiver has expired, in English"),
    "exporter": (TEXT, "name of the exporter"),
    "origin": (TEXT, "ISO country code; several are joined by a comma"),
    "products": (TEXTS, "products of the lots, each once, in their order"),
}
_OF_FINDING = tuple(COLUMNS)[5:21]
_NO_FINDING: Row = {**dict.fromkeys(_OF_FINDING), "notes": []}


@cache
def findings_schema() -> pa.Schema:
    """Return the columns of the findings table, each with its description."""
    import pyarrow as pa

    types = {TEXT: pa.string(), NUMBER: pa.int64(), TEXTS: pa.list_(pa.string())}
    needed = ("file", "index", "verdict", "notes", "products")
    return pa.schema(
        [
            pa.field(name, types[kind], nullable=name not in needed, metadata={"description": description})
            for name, (kind, description) in COLUMNS.items()
        ]
    )


def make_table(rows: Sequence[Row]) -> pa.Table:
    """Return rows as a table; half a character, which no UTF-8 can hold, is shown as its code."""
    import pyarrow as pa

    try:
        return pa.Table.from_pylist(rows, schema=findings_schema())
    except UnicodeEncodeError:
        return pa.Table.from_pylist([_writable_row(row) for row in rows], schema=findings_schema())


def rows_of(result: Report | Invalid, *, passes: bool) -> Iterator[Row]:
    """Return the rows of one manifest; `passes` adds the findings that pass."""
    if isinstance(result, Invalid):
        yield from _rows_of_invalid(result)
        return
    common = _common(result.manifest, result.verdict)
    told = [finding for finding in result.findings if passes or finding.status is not Status.PASS]
    if not told:
        yield {**common, **_NO_FINDING}
    for finding in told:
        yield {**common, **_of_finding(finding, result.manifest)}


def _rows_of_invalid(invalid: Invalid) -> Iterator[Row]:
    common = {
        "file": invalid.file,
        "index": invalid.index,
        "reference": None,
        "sha256": invalid.sha256 or None,
        "verdict": str(Verdict.INVALID),
        "exporter": None,
        "origin": None,
        "products": [],
    }
    for fault in invalid.faults:
        yield {**common, **_NO_FINDING, **_of_fault(fault)}


def _of_fault(fault: Fault) -> Row:
    return {
        "path": fault.path or None,
        "line": fault.span.line if fault.span is not None else None,
        "column": fault.span.column if fault.span is not None else None,
        "because": _say(fault.what),
    }


def _of_finding(finding: Finding, manifest: Manifest) -> Row:
    outcome, wording = finding.outcome, finding.wording
    place = manifest.locate(outcome.path or ())
    return {
        "rule": finding.rule.id,
        "start": wording.start if wording is not None else None,
        "status": str(finding.status),
        "force": str(finding.force),
        "severity": str(finding.rule.severity),
        "area": finding.rule.area,
        "subject_kind": finding.subject.kind,
        "subject_id": finding.subject.id,
        "path": write_outcome_path(outcome),
        "line": place.line,
        "column": place.column,
        "found": outcome.found,
        "expected": outcome.expected,
        "because": _say(outcome.because),
        "waiver": finding.waiver.place if finding.waiver is not None else None,
        "notes": [say(note, "en") for note in finding.notes],
    }


def _common(manifest: Manifest, verdict: Verdict) -> Row:
    shipment, parties = _node(manifest.data.get("shipment")), _node(manifest.data.get("parties"))
    lots = manifest.data.get("lots")
    members = [_node(lot) for lot in lots] if isinstance(lots, tuple) else []
    origins = [*_given([shipment], "origin"), *_given(members, "origin")]
    exporter = _given([_node(parties.get("exporter"))], "name")
    return {
        "file": manifest.file,
        "index": manifest.index,
        "reference": manifest.reference,
        "sha256": manifest.sha256,
        "verdict": str(verdict),
        "exporter": exporter[0] if exporter else None,
        "origin": ",".join(dict.fromkeys(origins)) or None,
        "products": list(dict.fromkeys(_given(members, "product"))),
    }


def _given(nodes: list[Mapping[str, Value]], key: str) -> list[str]:
    return [write_value(node[key]) for node in nodes if key in node]


def _node(value: Value | None) -> Mapping[str, Value]:
    return value if isinstance(value, Mapping) else {}


def _say(message: Message | None) -> str | None:
    return say(message, "en") if message is not None else None


def _writable_row(row: Row) -> Row:
    return {name: _writable(value) for name, value in row.items()}


def _writable(value: object) -> object:
    if isinstance(value, list):
        return [_writable(member) for member in value]
    return value.encode("utf-8", "backslashreplace").decode("utf-8") if isinstance(value, str) else value
