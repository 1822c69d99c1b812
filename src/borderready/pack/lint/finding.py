# SPDX-License-Identifier: Apache-2.0
"""What a lint says."""

from __future__ import annotations

import re
from dataclasses import dataclass

from borderready.errors import Fault
from borderready.model import Message, Path, Span
from borderready.pack.view import PackView
from borderready.paths import write_path
from borderready.read.tree import child_of, locate, split_lines

_PACK = re.compile(r"[a-z0-9-]+:(?=[a-z0-9-]+/)")


@dataclass(frozen=True, slots=True, kw_only=True)
class LintFinding:
    """One remark on a pack; `is_error` refuses the pack, a warning does not."""

    lint: str
    is_error: bool
    fault: Fault


def remark(lint: str, file: str, text: str, *, is_error: bool = True) -> LintFinding:
    """Return a remark on a whole file."""
    fault = Fault(file=_inside(file), span=None, path="", what=_what(lint, text), hint=_hint(lint))
    return LintFinding(lint=lint, is_error=is_error, fault=fault)


def remark_at(pack: PackView, lint: str, file: str, path: Path, text: str, *, is_error: bool = True) -> LintFinding:
    """Return a remark at a place of a YAML file of the pack."""
    file = _inside(file)
    document = pack.documents[file]
    span = locate(document.root, path)
    line = document.lines[span.line - 1] if span.line <= len(document.lines) else None
    what = _what(lint, text)
    fault = Fault(file=file, span=span, path=write_path(path), what=what, hint=_hint(lint), line_text=line)
    return LintFinding(lint=lint, is_error=is_error, fault=fault)


def remark_notice(pack: PackView, lint: str, name: str, key: str, text: str, *, is_error: bool = True) -> LintFinding:
    """Return a remark at a key of a notice, wherever it stands."""
    for file, document in pack.documents.items():
        members = document.root.value if file.startswith("notices/") and document.root is not None else ()
        for index, member in enumerate(members):
            found = child_of(member, "id")
            if found is not None and found[1].value == name:
                return remark_at(pack, lint, file, (index, key), f"{name}: {text}", is_error=is_error)
    raise LookupError(name)


def remark_row(pack: PackView, lint: str, table: str, number: int, text: str) -> LintFinding:
    """Return a remark on a row of a table, by the line of its file."""
    file = f"tables/{table}.csv"
    lines = split_lines(pack.contents[file].decode("utf-8-sig", "replace"))
    line = lines[number - 1] if number <= len(lines) else ""
    span = Span(line=number, column=1, end_line=number, end_column=len(line) + 1)
    fault = Fault(file=file, span=span, path="", what=_what(lint, text), hint=_hint(lint), line_text=line)
    return LintFinding(lint=lint, is_error=True, fault=fault)


def _inside(file: str) -> str:
    """Return the path inside the pack of a file named after the id of a rule, which may begin with the pack's name."""
    return _PACK.sub("", file, count=1)


def _what(lint: str, text: str) -> Message:
    return Message("lint.remark", {"lint": lint, "text": text})


def _hint(lint: str) -> Message:
    return Message(f"lint.hint.{lint}")
