# SPDX-License-Identifier: Apache-2.0
"""Tables of a pack: a description in YAML and dated rows in CSV."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping
from datetime import date

from borderready.errors import Fault
from borderready.model import Grade, Message, Row, Source, Span, Table, Texts, Value

# Columns that every table has behind its own.
TRAILING = ("start", "until", "instrument", "locator", "seen", "witnesses")
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_COUNTRY = re.compile(r"[A-Z]{2}")
_DIGITS = re.compile(r"[0-9]+")
_DECIMAL = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]{1,2})?")


Cells = tuple[str, ...]


def read_rows(
    description: Mapping[str, Value], content: bytes | None, *, file: str
) -> tuple[tuple[tuple[int, Cells], ...], tuple[Fault, ...]]:
    """Return the rows of the bytes of a CSV file, each with its line, and all faults of them by the description."""
    if content is None:
        return (), (_fault(file, None, "pack.table_missing", {}),)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return (), (_fault(file, None, "pack.table_unreadable", {"reason": str(error)}),)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    columns = description["columns"]
    assert isinstance(columns, Mapping)
    wanted = (*columns, *TRAILING)
    faults: list[Fault] = []
    rows: list[tuple[int, Cells]] = []
    try:
        header = tuple(next(reader, ()))
        if header != wanted:
            return (), (_fault(file, 1, "pack.table_header", {"wanted": ",".join(wanted), "found": ",".join(header)}),)
        for cells in reader:
            line = reader.line_num
            if len(cells) != len(wanted):
                args = {"found": str(len(cells)), "wanted": str(len(wanted))}
                faults.append(_fault(file, line, "pack.table_width", args))
                continue
            faults.extend(_judge_row(dict(zip(wanted, cells, strict=True)), description, file, line))
            rows.append((line, tuple(cells)))
    except csv.Error as error:
        faults.append(_fault(file, reader.line_num, "pack.table_csv", {"reason": str(error)}))
    if faults:
        return (), tuple(faults)
    return tuple(rows), ()


def make_table(description: Mapping[str, Value], cells: Iterable[tuple[int, Cells]]) -> Table:
    """Return the table of a description and of rows that were judged when they were read."""
    columns, key, title = description["columns"], description["key"], description["title"]
    assert isinstance(columns, Mapping) and isinstance(key, tuple) and isinstance(title, Mapping)
    names = tuple(columns)
    sources: dict[Cells, Source] = {}
    rows = tuple(_row(names, row, line, sources) for line, row in cells)
    kinds = {name: str(column["kind"]) for name, column in columns.items() if isinstance(column, Mapping)}
    texts = Texts(en=str(title["en"]), vi=str(title["vi"]), zh=str(title["zh"]))
    return Table(id=str(description["id"]), title=texts, key=tuple(str(name) for name in key), kinds=kinds, rows=rows)


def _row(names: Cells, cells: Cells, line: int, sources: dict[Cells, Source]) -> Row:
    """Return a row; rows that cite the same place share one source, since most of a table's rows do."""
    start, until, *cited = cells[len(names) :]
    source = sources.get(tuple(cited))
    if source is None:
        source = sources[tuple(cited)] = _source(*cited)
    row = dict(zip(names, cells, strict=False))  # what stands behind the columns is no cell
    return Row(cells=row, start=start or None, until=until or None, source=source, number=line)


def _source(instrument: str, locator: str, seen: str, witnesses: str) -> Source:
    names = tuple(name.strip() for name in witnesses.split(";") if name.strip())
    return Source(instrument=instrument, locator=locator, seen=Grade(seen), witnesses=names)


def _judge_row(row: Mapping[str, str], description: Mapping[str, Value], file: str, line: int) -> list[Fault]:
    columns, key = description["columns"], description["key"]
    assert isinstance(columns, Mapping) and isinstance(key, tuple)
    faults = []
    for name, column in columns.items():
        assert isinstance(column, Mapping)
        cell = row[name]
        if (not cell and column.get("optional") is True) or (cell == "*" and name in key):
            continue
        if not _fits(cell, column):
            args = {"column": name, "cell": cell, "kind": str(column["kind"])}
            faults.append(_fault(file, line, "pack.table_cell", args))
    for name in ("start", "until"):
        if row[name] and not _is_day(row[name]):
            faults.append(_fault(file, line, "pack.table_cell", {"column": name, "cell": row[name], "kind": "day"}))
    if row["start"] and row["until"] and row["start"] > row["until"]:
        faults.append(_fault(file, line, "pack.table_span", {"start": row["start"], "until": row["until"]}))
    if row["seen"] not in list(Grade):
        faults.append(_fault(file, line, "pack.table_cell", {"column": "seen", "cell": row["seen"], "kind": "grade"}))
    if not row["instrument"]:
        faults.append(_fault(file, line, "pack.table_cell", {"column": "instrument", "cell": "", "kind": "slug"}))
    return faults


def _fits(cell: str, column: Mapping[str, Value]) -> bool:
    match str(column["kind"]):
        case "slug":
            return _SLUG.fullmatch(cell) is not None
        case "country":
            return _COUNTRY.fullmatch(cell) is not None
        case "digits":
            return _DIGITS.fullmatch(cell) is not None
        case "decimal":
            return _is_decimal(cell)
        case "day":
            return _is_day(cell)
        case "choice":
            values = column.get("values", ())
            return isinstance(values, tuple) and cell in values
        case _:
            return bool(cell.strip())


def _is_decimal(cell: str) -> bool:
    return _DECIMAL.fullmatch(cell) is not None


def _is_day(cell: str) -> bool:
    try:
        return date.fromisoformat(cell).isoformat() == cell
    except ValueError:
        return False


def _fault(file: str, line: int | None, key: str, args: Mapping[str, str]) -> Fault:
    span = None if line is None else Span(line=line, column=1, end_line=line, end_column=2)
    return Fault(file=file, span=span, path="", what=Message(key, args))
