# SPDX-License-Identifier: Apache-2.0
"""What the readers of tables share: rows as a person counts them, and faults that name a cell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from borderready.errors import Fault, RegisterError
from borderready.model import Message, Span

Row = tuple[int, tuple[str, ...]]
Rows = tuple[Row, ...]
# After this many faults or places of one sort the rest is only counted.
MAX_TOLD = 20
# What a worksheet may have: XFD1048576 is its last cell.
MAX_COLUMNS = 16384
MAX_ROWS = 1048576


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """The rows of one table.

    Attributes:
        rows: Number of each row as its program shows it, from 1, and its cells as stripped text; no row is empty.
        name: The worksheet, None for text.
        notes: What the user must be told of how the table was read.
    """

    rows: Rows
    name: str | None = None
    notes: tuple[Message, ...] = ()


def fault_at(
    file: str,
    key: str,
    args: Mapping[str, str] | None = None,
    *,
    row: int | None = None,
    column: int = 1,
    hint: Message | None = None,
) -> Fault:
    """Return a fault of a whole file, or of a row and column of it, both from 1."""
    span = None if row is None else Span(line=row, column=column, end_line=row, end_column=column + 1)
    return Fault(file=file, span=span, path="", what=Message(key, args or {}), hint=hint)


def refusal(
    file: str, key: str, args: Mapping[str, str] | None = None, *, hint: Message | None = None
) -> RegisterError:
    """Return the error of a file that cannot be read for one reason."""
    return RegisterError([fault_at(file, key, args, hint=hint)])


def column_letters(column: int) -> str:
    """Return the letters of a column that counts from 1: 1 is A, 28 is AB."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def column_number(letters: str) -> int | None:
    """Return the column from 1 that letters name, None when no spreadsheet has it: A is 1, XFD the last."""
    if not (letters.isascii() and letters.isalpha() and len(letters) <= 3):
        return None
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number if number <= MAX_COLUMNS else None


def cell_name(row: int, column: int) -> str:
    """Return a cell as spreadsheets name it: row 7 and column 3 are C7."""
    return f"{column_letters(column)}{row}"


def name_some(names: list[str]) -> str:
    """Return names in one line; of many the first, and dots."""
    return ", ".join([*names[:MAX_TOLD], *(["..."] if len(names) > MAX_TOLD else [])])
