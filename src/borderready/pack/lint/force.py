# SPDX-License-Identifier: Apache-2.0
"""`force`: what is only remembered asks a person to confirm it, and lets nobody believe that it is known."""

from __future__ import annotations

import re
from collections.abc import Iterator

from borderready.model import Grade, Wording
from borderready.pack.lint.finding import LintFinding, remark_at
from borderready.pack.view import PackView

ID = "force"
# What a sentence of ours uses for it; the other two languages say what the English one says.
_ASKS = re.compile(r"\b(?:confirm|ask|look|check|verify|make sure|see)\b", re.IGNORECASE)


def lint(pack: PackView, day: str) -> Iterator[LintFinding]:
    """Yield wordings from memory that read as if they were known; what only tells can stop nobody."""
    for rule in pack.rule_base.rules:
        for index, wording in enumerate(rule.wordings):
            is_told = rule.check == "tell" or wording.repealed
            if wording.source.seen is Grade.MEMORY and not is_told and not _asks(wording):
                text = "known from memory, so that it only informs: neither 'says' nor 'fix' asks to confirm it"
                yield remark_at(pack, ID, f"{rule.id}.yaml", ("wordings", index, "says", "en"), text)


def _asks(wording: Wording) -> bool:
    fix = wording.fix.en if wording.fix is not None else ""
    return _ASKS.search(f"{wording.says.en} {fix}") is not None
