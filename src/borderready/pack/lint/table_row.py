# SPDX-License-Identifier: Apache-2.0
"""`table-row`: one row answers for a key on a day, and nothing is said twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from borderready.model import Row, Table
from borderready.pack.lint.finding import LintFinding, remark_row
from borderready.pack.view import PackView

ID = "table-row"
# Of texts only a unit decides; the others are for a person, and one limit may stand in two rows of a standard.
_DECIDING_TEXT = "unit"


def lint(pack: PackView, day: str) -> Iterator[LintFinding]:
    """Yield rows that are there twice, or that answer otherwise than another from the same day on."""
    for table in pack.rule_base.tables.values():
        alike: dict[tuple[str, ...], list[Row]] = defaultdict(list)
        for row in table.rows:
            alike[(*(row.cells[column].casefold() for column in table.key), row.start or "")].append(row)
        for first, *others in alike.values():
            for row in others:
                text = _problem(table, first, row)
                if text is not None:
                    yield remark_row(pack, ID, table.id, row.number, text)


def _problem(table: Table, first: Row, row: Row) -> str | None:
    if row.cells == first.cells and row.until == first.until and row.source == first.source:
        return f"says the same as line {first.number}"
    differing = [
        column
        for column, kind in table.kinds.items()
        if (kind != "text" or column == _DECIDING_TEXT) and row.cells[column] != first.cells[column]
    ]
    if differing:
        return f"has the key and the start of line {first.number}, but another {', '.join(differing)}"
    return None
