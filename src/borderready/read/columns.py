# SPDX-License-Identifier: Apache-2.0
"""Which row of a table is its heading, and which column holds which field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from borderready.errors import Fault
from borderready.model import Message
from borderready.read.cell import fold_words, split_scripts
from borderready.read.column_name import FIELDS, Strength, find_meaning, has_unit, is_serial
from borderready.read.grid import MAX_TOLD, Row, cell_name, column_letters, column_number, fault_at, name_some

# Published lists begin with a title, a day, a remark.
_MAX_HEADING_ROW = 20
_COMPARED = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Where the fields of a table stand.

    Attributes:
        places: By field the index of its column in a row's cells, from 0; `code` is always there.
        headers: The names of the columns as they are written, "" for one without; empty without a heading.
        heading: Number of the row that is the heading, None when no row is.
        first: Index in the rows of the first one after the heading.
        notes: What the user must be told: columns that are not read, an area without a unit.
    """

    places: Mapping[str, int]
    headers: tuple[str, ...]
    heading: int | None
    first: int
    notes: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Heading:
    """A row that may be the heading; columns count from 0.

    Attributes:
        index: Which row it is; None when there is no heading.
        mapped: Columns by field that the user named.
        candidates: Columns by field that were recognised.
    """

    index: int | None
    headers: tuple[str, ...]
    mapped: Mapping[str, list[int]] = field(default_factory=dict)
    candidates: Mapping[str, list[int]] = field(default_factory=dict)

    @property
    def worth(self) -> int:
        """How many fields it names; the code and what the user named count more."""
        known = self.mapped.keys() | self.candidates.keys()
        return len(known) + len(FIELDS) * (("code" in known) + sum(map(bool, self.mapped.values())))


def find_columns(rows: Sequence[Row], *, mapped: Mapping[str, str], file: str) -> Columns | list[Fault]:
    """Return where the fields stand, or the faults why that cannot be told.

    Args:
        rows: Rows as `read_sheet` gives them.
        mapped: By field the column that the user names: by its header, or by its letter or number.
        file: The file as the user named it, for faults.
    """
    unknown = sorted(set(mapped) - set(FIELDS))
    if unknown:
        args = {"names": ", ".join(unknown), "fields": ", ".join(FIELDS)}
        return [fault_at(file, "sheet.map_field", args)]
    heading = _find_heading(rows, mapped)
    row = None if heading.index is None else rows[heading.index][0]
    faults = list(_judge_mapped(heading, mapped, file, row))
    places = {name: found[0] for name, found in heading.mapped.items() if found}
    taken = set(places.values())
    for name, found in heading.candidates.items():
        left = [column for column in found if column not in taken]
        if name in mapped or not left:
            continue
        if len(left) > 1:
            columns = name_some([_name_column(heading.headers, column) for column in left])
            hint = Message("sheet.two_columns_hint", {"field": name, "header": _mapping_name(heading.headers, left[0])})
            faults.append(fault_at(file, "sheet.two_columns", {"field": name, "columns": columns}, row=row, hint=hint))
        places[name] = left[0]
    if "code" not in places and "code" not in mapped:
        faults.append(_no_code(rows, heading, file, row))
    if faults:
        return faults
    first = _first_after(rows, heading)
    return Columns(
        places={name: places[name] for name in FIELDS if name in places},
        headers=heading.headers,
        heading=row,
        first=first,
        notes=tuple(_notes(rows, heading, places, mapped, first)),
    )


def find_cell(cells: Sequence[str], columns: Columns, name: str) -> str:
    """Return the cell of a field in a row, "" when the table or the row has none."""
    place = columns.places.get(name)
    return cells[place] if place is not None and place < len(cells) else ""


def is_heading(cells: Sequence[str], columns: Columns) -> bool:
    """Return whether a row is the heading once more, as printed lists have it on each page."""
    names = [cells[place] if place < len(cells) else "" for place in columns.places.values()]
    heads = [columns.headers[place] if columns.headers else "" for place in columns.places.values()]
    return any(heads) and [fold_words(name) for name in names] == [fold_words(head) for head in heads]


def _find_heading(rows: Sequence[Row], mapped: Mapping[str, str]) -> _Heading:
    """Return the row that names the most fields, the first of those that name as many."""
    best = _Heading(index=None, headers=())
    for index, (number, cells) in enumerate(islice(rows, _MAX_HEADING_ROW)):
        if number > _MAX_HEADING_ROW:
            break
        candidates = _recognise(rows, index, cells)
        by_name = {name: _find_named(cells, wanted) for name, wanted in mapped.items()}
        # A letter alone tells nothing of which row is the heading.
        if not candidates and not any(by_name.values()):
            continue
        heading = _Heading(index=index, headers=cells, mapped=by_name, candidates=candidates)
        if heading.worth > best.worth:
            best = heading
    by_place = {name: best.mapped.get(name) or _find_placed(wanted) for name, wanted in mapped.items()}
    return _Heading(index=best.index, headers=best.headers, mapped=by_place, candidates=best.candidates)


def _recognise(rows: Sequence[Row], index: int, cells: Sequence[str]) -> dict[str, list[int]]:
    """Return by field the columns that a row names; weak names only where there is no strong one."""
    strong: dict[str, list[int]] = {}
    weak: dict[str, list[int]] = {}
    for column, header in enumerate(cells):
        meaning = find_meaning(header) if header else None
        if meaning is None:
            continue
        if meaning.field == "code" and meaning.strength is Strength.WEAK and _only_counts(rows, index, column):
            continue
        table = strong if meaning.strength is Strength.STRONG else weak
        table.setdefault(meaning.field, []).append(column)
    return {**weak, **strong}


def _only_counts(rows: Sequence[Row], index: int, column: int) -> bool:
    """Return whether a column says 1, 2, 3 below its header."""
    below = [cells[column] if column < len(cells) else "" for _, cells in rows[index + 1 : index + 1 + _COMPARED]]
    return len(below) > 1 and below == [str(number) for number in range(1, len(below) + 1)]


def _find_named(cells: Sequence[str], wanted: str) -> list[int]:
    """Return the columns whose whole header it is; else those of which it is one of several languages."""
    words = fold_words(wanted)
    whole = [column for column, header in enumerate(cells) if header and fold_words(header) == words]
    if whole or not words:
        return whole
    return [column for column, header in enumerate(cells) if words in map(fold_words, split_scripts(header))]


def _find_placed(wanted: str) -> list[int]:
    text = wanted.strip()
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= 5 else column_number(text)
    return [number - 1] if number else []


def _judge_mapped(heading: _Heading, mapped: Mapping[str, str], file: str, row: int | None) -> Iterator[Fault]:
    for name, wanted in mapped.items():
        found = heading.mapped[name]
        if len(found) > 1:
            columns = name_some([_name_column(heading.headers, column) for column in found])
            args = {"header": wanted, "columns": columns}
            hint = Message("sheet.map_two_hint", {"field": name, "column": column_letters(found[0] + 1)})
            yield fault_at(file, "sheet.map_two", args, row=row, hint=hint)
        elif not found or (heading.headers and found[0] >= len(heading.headers)):
            args = {"field": name, "header": wanted, "headers": _name_headers(heading.headers)}
            yield fault_at(file, "sheet.map_missing", args, row=row)


def _no_code(rows: Sequence[Row], heading: _Heading, file: str, row: int | None) -> Fault:
    headers = heading.headers
    if len(heading.candidates) < 2:
        # Next to nothing was recognised: the widest of the first rows is most like a heading.
        row, headers = max(islice(rows, _MAX_HEADING_ROW), key=lambda line: sum(map(bool, line[1])), default=(1, ()))
    args = {"headers": _name_headers(headers)}
    likely = next((column for column, header in enumerate(headers) if header and not is_serial(header)), 0)
    hint = Message("sheet.no_code_hint", {"header": _mapping_name(headers, likely)})
    return fault_at(file, "sheet.no_code", args, row=row, hint=hint)


def _first_after(rows: Sequence[Row], heading: _Heading) -> int:
    """Return the index of the first row after the heading, which may have a second row in another language."""
    if heading.index is None:
        return 0
    index = heading.index + 1
    while index < len(rows) and _goes_on(rows, index, heading):
        index += 1
    return index


def _goes_on(rows: Sequence[Row], index: int, heading: _Heading) -> bool:
    named = _recognise(rows, index, rows[index][1])
    same = [name for name, found in named.items() if set(found) & set(heading.candidates.get(name, ()))]
    return len(same) > 1 or (len(same) == 1 and len(heading.candidates) == 1 and "code" in same)


def _notes(
    rows: Sequence[Row], heading: _Heading, places: Mapping[str, int], mapped: Mapping[str, str], first: int
) -> Iterator[Message]:
    if heading.index is None:
        yield Message("sheet.no_heading")
        return
    taken = set(places.values())
    left = [
        header
        for column, header in enumerate(heading.headers)
        if header and column not in taken and not is_serial(header)
    ]
    if left:
        yield Message("sheet.columns_left", {"headers": name_some([f"'{_one_line(header)}'" for header in left])})
    if "area_ha" in places and "area_ha" not in mapped and not has_unit(heading.headers[places["area_ha"]]):
        yield Message("sheet.area_unit", {"column": _name_column(heading.headers, places["area_ha"])})
    nameless = list(islice(_find_nameless(rows, heading, taken, first), MAX_TOLD + 1))
    if nameless:
        yield Message("sheet.cells_left", {"cells": name_some(nameless)})


def _find_nameless(rows: Sequence[Row], heading: _Heading, taken: set[int], first: int) -> Iterator[str]:
    """Yield the cells that hold something under no header."""
    headers = heading.headers
    empty = [column for column, header in enumerate(headers) if not header and column not in taken]
    for number, cells in islice(rows, first, None):
        beyond = [*(column for column in empty if column < len(cells)), *range(len(headers), len(cells))]
        for column in beyond:
            if cells[column]:
                yield cell_name(number, column + 1)


def _one_line(header: str) -> str:
    return " ".join(header.split())


def _name_column(headers: Sequence[str], column: int) -> str:
    header = _one_line(headers[column]) if column < len(headers) else ""
    return f"{column_letters(column + 1)} '{header}'" if header else column_letters(column + 1)


def _mapping_name(headers: Sequence[str], column: int) -> str:
    header = _one_line(headers[column]) if column < len(headers) else ""
    is_unique = [_one_line(other) for other in headers].count(header) == 1
    return header if header and is_unique else column_letters(column + 1)


def _name_headers(headers: Sequence[str]) -> str:
    return name_some([f"'{_one_line(header)}'" for header in headers if header]) or "-"
