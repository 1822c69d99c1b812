# SPDX-License-Identifier: Apache-2.0
"""A finding as indented JSON. What stays the same from manifest to manifest is indented once in a run."""

from __future__ import annotations

import json
from textwrap import indent

from borderready.model import Finding, Manifest, Span
from borderready.report.json_finding import is_bare, parts_of, pieces_of, write_text
from borderready.report.show import write_json
from borderready.report.stream import RunInfo, utf8
from borderready.report.written import Indented, Parts, keep

# Where the name of the subject and the place go. In a text the quotes would stand behind a backslash.
_NAME, _PLACE = '"id": 0', '"location": 0'


def indented_pieces_of(finding: Finding, manifest: Manifest, info: RunInfo, margin: str) -> tuple[bytes, ...]:
    """Return a finding as an object of report/1 on lines that begin with a margin, in UTF-8, in pieces."""
    if not is_bare(finding):
        whole = b"".join(pieces_of(finding, manifest, info)).removeprefix(b",")
        return (utf8(_indent(whole, margin)),)
    parts = parts_of(finding, info)
    kept = info.written.indented
    known = kept.get((id(parts), margin))
    if known is None:
        known = keep(kept, (id(parts), margin), _write(parts, margin))
    place = _place(manifest.locate(finding.outcome.path or ()), margin)
    return (known.first, utf8(f"{write_text(finding.subject.id)}{known.second}{place}"), known.last)


def _write(parts: Parts, margin: str) -> Indented:
    marked = b"".join((parts.first.removeprefix(b","), b"0", utf8(parts.second), b"0", parts.bare))
    first, _, rest = _indent(marked, margin).partition(_NAME)
    second, _, last = rest.partition(_PLACE)
    return Indented(
        parts=parts,
        first=utf8(first + _NAME.removesuffix("0")),
        second=second + _PLACE.removesuffix("0"),
        last=utf8(last),
    )


def _indent(whole: bytes, margin: str) -> str:
    return indent(write_json(json.loads(whole)).removesuffix("\n"), margin)


def _place(span: Span, margin: str) -> str:
    numbers = (
        ("line", span.line),
        ("column", span.column),
        ("end_line", span.end_line),
        ("end_column", span.end_column),
    )
    lines = ",\n".join([f'{margin}    "{name}": {number}' for name, number in numbers])
    return f"{{\n{lines}\n{margin}  }}"
