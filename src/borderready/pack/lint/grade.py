# SPDX-License-Identifier: Apache-2.0
"""`grade`: grades are honest: a report names who reports it, memory names nobody, no witness is an address."""

from __future__ import annotations

from collections.abc import Iterator

from borderready.model import Grade, Source
from borderready.pack.lint.finding import LintFinding, remark_at, remark_notice, remark_row
from borderready.pack.view import PackView

ID = "grade"


def lint(pack: PackView, day: str) -> Iterator[LintFinding]:
    """Yield wordings, notices and rows whose grade does not hold."""
    for rule in pack.rule_base.rules:
        for index, wording in enumerate(rule.wordings):
            for problem in _problems(wording.source):
                yield remark_at(pack, ID, f"{rule.id}.yaml", ("wordings", index, "source"), problem)
            if rule.check != "tell" and wording.fix is None and not wording.repealed:
                yield remark_at(pack, ID, f"{rule.id}.yaml", ("wordings", index), "no fix: say what to do")
    for notice in pack.rule_base.notices:
        for problem in _problems(notice.source):
            yield remark_notice(pack, ID, notice.id, "source", problem)
    for name, table in pack.rule_base.tables.items():
        for row in table.rows:
            for problem in _problems(row.source):
                yield remark_row(pack, ID, name, row.number, problem)


def _problems(source: Source) -> Iterator[str]:
    if source.seen is Grade.SECONDARY and not source.witnesses:
        yield "secondary without a witness: name who reports it, or grade it memory"
    if source.seen is Grade.MEMORY and source.witnesses:
        yield "memory with witnesses: what is reported is secondary"
    if len({name.casefold() for name in source.witnesses}) != len(source.witnesses):
        yield "a witness is named twice; two must be independent"
    for name in source.witnesses:
        if "//" in name or name.startswith("www."):
            yield f"the witness '{name}' is an address: name the publication"
