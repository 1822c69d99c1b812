# SPDX-License-Identifier: Apache-2.0
"""What all annotations of ours for GitHub Actions have in common: the workflow command, and how many are shown."""

from __future__ import annotations

from collections.abc import Iterable

from borderready.model import Span
from borderready.report.show import plain
from borderready.report.stream import Ranked

SHOWN = 10  # of each kind for one step; GitHub drops the others without a word
NOTICE = "notice"


def annotation(
    kind: str, weight: int, rule: str, file: str, span: Span | None, title: str, lines: Iterable[str]
) -> Ranked:
    """Return an annotation at a place, the whole file without a span."""
    properties = {"file": plain(file)}
    if span is not None:
        properties |= {"line": str(span.line), "endLine": str(span.end_line)}
        if span.line == span.end_line:  # GitHub takes columns only within one line, the last one included
            last = max(span.end_column - 1, span.column)
            properties |= {"col": str(span.column), "endColumn": str(last)}
    properties["title"] = title
    written = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return Ranked(kind=kind, weight=weight, group=rule, text=f"::{kind} {written}::{data_of(chr(10).join(lines))}\n")


def data_of(text: str) -> str:
    """Return text for the message of a workflow command; line ends become new lines of the annotation."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return data_of(text).replace(":", "%3A").replace(",", "%2C")
