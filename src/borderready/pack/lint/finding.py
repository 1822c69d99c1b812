# SPDX-License-Identifier: Apache-2.0
"""What a lint says."""

from __future__ import annotations

from dataclasses import dataclass

from borderready.errors import Fault
from borderready.model import Message, Path
from borderready.pack.view import PackView
from borderready.paths import write_path
from borderready.read.tree import locate


@dataclass(frozen=True, slots=True, kw_only=True)
class LintFinding:
    """One remark on a pack; `is_error` refuses the pack, a warning does not."""

    lint: str
    is_error: bool
    fault: Fault


def remark(lint: str, file: str, text: str, *, is_error: bool = True) -> LintFinding:
    """Return a remark on a whole file."""
    return LintFinding(
        lint=lint,
        is_error=is_error,
        fault=Fault(file=file, span=None, path="", what=Message("lint.remark", {"lint": lint, "text": text})),
    )


def remark_at(pack: PackView, lint: str, file: str, path: Path, text: str, *, is_error: bool = True) -> LintFinding:
    """Return a remark at a place of a rule file."""
    document = pack.documents[file]
    span = locate(document.root, path)
    line = document.lines[span.line - 1] if span.line <= len(document.lines) else None
    what = Message("lint.remark", {"lint": lint, "text": text})
    return LintFinding(
        lint=lint,
        is_error=is_error,
        fault=Fault(file=file, span=span, path=write_path(path), what=what, line_text=line),
    )
