# SPDX-License-Identifier: Apache-2.0
"""What a lint says."""

from __future__ import annotations

import re
from dataclasses import dataclass

from borderready.errors import Fault
from borderready.model import Message, Path
from borderready.pack.view import PackView
from borderready.paths import write_path
from borderready.read.tree import locate

_PACK = re.compile(r"[a-z0-9-]+:(?=[a-z0-9-]+/)")


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
        fault=Fault(file=_inside(file), span=None, path="", what=Message("lint.remark", {"lint": lint, "text": text})),
    )


def remark_at(pack: PackView, lint: str, file: str, path: Path, text: str, *, is_error: bool = True) -> LintFinding:
    """Return a remark at a place of a rule file."""
    file = _inside(file)
    document = pack.documents[file]
    span = locate(document.root, path)
    line = document.lines[span.line - 1] if span.line <= len(document.lines) else None
    what = Message("lint.remark", {"lint": lint, "text": text})
    return LintFinding(
        lint=lint,
        is_error=is_error,
        fault=Fault(file=file, span=span, path=write_path(path), what=what, line_text=line),
    )


def _inside(file: str) -> str:
    """Return the path inside the pack of a file named after the id of a rule, which may begin with the pack's name."""
    return _PACK.sub("", file, count=1)
