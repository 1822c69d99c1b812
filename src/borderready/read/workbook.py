# SPDX-License-Identifier: Apache-2.0
"""Workbooks (XLSX): which worksheet is read, its values as text, and what the user must be told of it.

python-calamine reads the values. It is given a small workbook of our own making, with the one worksheet that is wanted
and nothing that has not been looked at: it makes room for every cell between the first and the last, copies a shared
text into every cell, and passes over errors and formulas without a value.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from decimal import Decimal
from io import BytesIO

from borderready.errors import Fault, RegisterError
from borderready.fold import fold
from borderready.model import Message
from borderready.read.book import Book, SheetPart, read_book, write_small_book
from borderready.read.grid import (
    MAX_TOLD,
    Grid,
    Row,
    cell_name,
    column_letters,
    fault_at,
    name_some,
    refusal,
)
from borderready.read.package import Package, open_package, parse_member
from borderready.read.worksheet import PAD_DIGITS, Filled, Worksheet, pad_key

# A spreadsheet keeps 15 digits of a number; what follows may be another.
_UNSURE = 10**15
_MAX_SHARED = 50_000
Value = int | float | str | bool | datetime.time | datetime.date | datetime.datetime | datetime.timedelta


def parse_workbook(content: bytes, *, file: str, sheet: str | None) -> Grid:
    """Return the rows of one worksheet; raises RegisterError with all faults that were found.

    Args:
        content: The bytes of a zip file.
        file: The file as the user named it.
        sheet: The worksheet to read; without it the only visible one that holds anything.
    """
    package = open_package(content, file=file)
    book = read_book(package)
    chosen, notes = _choose(package, book, sheet)
    found = Worksheet(file=file, lengths=book.lengths, zeros=book.zeros)
    small = write_small_book(package, book, chosen, found)
    faults = _judge(found, file)
    if faults:
        raise RegisterError(faults)
    unsure: list[str] = []
    rows = list(_fill(_texts(_values(small, file), found.padded, unsure), found))
    if unsure:
        notes.append(Message("sheet.long_number", {"cells": name_some(unsure)}))
    notes.extend(_notes_of(book, found))
    return Grid(rows=tuple(rows), name=chosen.name, notes=tuple(notes))


def _choose(package: Package, book: Book, wanted: str | None) -> tuple[SheetPart, list[Message]]:
    """Return the worksheet to read, and what is to be told of the others."""
    if wanted is not None:
        chosen = _find_named(package.file, book, wanted)
    else:
        filled = [part for part in book.sheets if not part.is_hidden and _is_filled(package, part)]
        if len(filled) > 1:
            names = name_some([part.name for part in filled])
            raise refusal(package.file, "sheet.several", {"names": names}, hint=Message("sheet.several_hint"))
        if not filled:
            names = name_some([part.name for part in book.sheets if part.is_hidden])
            raise refusal(
                package.file, "sheet.only_hidden" if names else "sheet.no_rows", {"names": names} if names else {}
            )
        chosen = filled[0]
    notes: list[Message] = []
    others = [part for part in book.sheets if part is not chosen]
    if hidden := [part.name for part in others if part.is_hidden]:
        notes.append(Message("sheet.hidden_left", {"names": name_some(hidden)}))
    if filled_too := [part.name for part in others if not part.is_hidden and _is_filled(package, part)]:
        notes.append(Message("sheet.others_left", {"names": name_some(filled_too)}))
    if book.charts:
        notes.append(Message("sheet.charts_left", {"names": name_some(list(book.charts))}))
    return chosen, notes


def _find_named(file: str, book: Book, wanted: str) -> SheetPart:
    exact = [part for part in book.sheets if part.name == wanted]
    alike = exact or [part for part in book.sheets if fold(part.name) == fold(wanted)]
    if len(alike) != 1:
        names = name_some([part.name for part in book.sheets])
        raise refusal(file, "sheet.unknown", {"sheet": wanted, "names": names})
    return alike[0]


def _is_filled(package: Package, part: SheetPart) -> bool:
    listener = Filled()
    parse_member(package, part.member, listener, is_enough=lambda: listener.found)
    return listener.found


def _judge(found: Worksheet, file: str) -> list[Fault]:
    faults = []
    for (row, column), error in found.errors:
        args = {"cell": cell_name(row, column), "error": error}
        faults.append(fault_at(file, "sheet.error", args, row=row, column=column))
    for row, column in found.uncomputed:
        args = {"cell": cell_name(row, column)}
        hint = Message("sheet.uncomputed_hint")
        faults.append(fault_at(file, "sheet.uncomputed", args, row=row, column=column, hint=hint))
    return faults


def _notes_of(book: Book, found: Worksheet) -> Iterator[Message]:
    if found.merged:
        ranges = [f"{cell_name(top, left)}:{cell_name(bottom, left)}" for top, bottom, left in found.merged]
        yield Message("sheet.merged", {"ranges": name_some(ranges), "count": str(len(ranges))})
    if found.formulas:
        yield Message("sheet.formulas", {"count": str(found.formulas)})
    if book.has_links:
        yield Message("sheet.links")
    if found.hidden_rows:
        yield Message("sheet.hidden_rows", {"count": str(found.hidden_rows)})
    shown = [(first, min(last, found.right)) for first, last in found.hidden_columns if first <= found.right]
    if shown:
        ranges = [f"{column_letters(first)}:{column_letters(last)}" for first, last in shown]
        yield Message("sheet.hidden_columns", {"columns": name_some(ranges)})


def _values(small: BytesIO, file: str) -> Iterator[tuple[int, list[Value]]]:
    """Yield the rows from the first row of the worksheet on, each with its first column, from 1."""
    try:
        import python_calamine
    except ImportError as error:
        raise refusal(file, "sheet.no_calamine", hint=Message("sheet.no_calamine_hint")) from error
    try:
        worksheet = python_calamine.load_workbook(small).get_sheet_by_index(0)
        if worksheet.start is not None:
            left = worksheet.start[1] + 1
            yield from ((left, record) for record in worksheet.iter_rows())
    except python_calamine.CalamineError as error:
        raise _unreadable(file, error) from error
    except BaseException as error:
        # A fault of the library itself arrives as an exception that is no Exception.
        if type(error).__name__ != "PanicException":
            raise
        raise _unreadable(file, error) from error


def _unreadable(file: str, error: BaseException) -> RegisterError:
    return refusal(file, "sheet.damaged", {"reason": str(error)}, hint=Message("sheet.damaged_hint"))


def _texts(values: Iterator[tuple[int, list[Value]]], padded: Sequence[int], unsure: list[str]) -> Iterator[Row]:
    """Yield each row that holds anything, with its number; names the cells whose last digits are not sure."""
    shared: dict[str, str] = {}
    place = 0
    for row, (left, record) in enumerate(values, start=1):
        # Provinces and products come again and again, codes do not.
        texts = map(_text, record)
        has_room = len(shared) < _MAX_SHARED
        cells = [shared.setdefault(text, text) if has_room else shared.get(text, text) for text in texts]
        for index, value in enumerate(record):
            if isinstance(value, float) and abs(value) >= _UNSURE and len(unsure) <= MAX_TOLD:
                unsure.append(cell_name(row, left + index))
        while place < len(padded) and padded[place] < pad_key(row + 1, 1):
            column, digits = divmod(padded[place] - pad_key(row, 1), PAD_DIGITS)
            index = column + 1 - left
            cells[index] = cells[index].zfill(digits)
            place += 1
        while cells and not cells[-1]:
            cells.pop()
        if cells:
            yield row, (*(("",) * (left - 1)), *cells)


def _text(value: Value) -> str:
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        # 15 digits, as spreadsheets show them: 0.1 + 0.2 is 0.3.
        return str(int(value)) if value.is_integer() else format(Decimal(f"{value:.15g}"), "f")
    if isinstance(value, datetime.datetime):
        is_day = value.time() == datetime.time(0)
        return value.date().isoformat() if is_day else value.isoformat(" ", "seconds")
    return str(value)


def _fill(rows: Iterator[Row], found: Worksheet) -> Iterator[Row]:
    """Yield the rows with the first column of merged cells filled down; a row that holds nothing else is not made."""
    merged: Sequence[tuple[int, int, int]] = sorted(found.merged)
    place = 0
    open_ranges: dict[int, tuple[int, str]] = {}
    for row, cells in rows:
        while place < len(merged) and merged[place][0] <= row:
            top, bottom, left = merged[place]
            place += 1
            if top == row and len(cells) >= left:
                open_ranges[left] = (bottom, cells[left - 1])
        filled = list(cells)
        for left, (bottom, text) in tuple(open_ranges.items()):
            if bottom < row:
                del open_ranges[left]
            elif len(filled) < left:
                filled.extend([""] * (left - len(filled)))
            if bottom >= row and not filled[left - 1]:
                filled[left - 1] = text
        yield row, tuple(filled)
