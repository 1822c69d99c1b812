# SPDX-License-Identifier: Apache-2.0
"""Registers from CSV files that the user keeps beside manifests: lists of codes with dated status.

`gacc-orchards.csv` is the register `gacc-orchards`. The header names the columns; `code` is needed, `product`,
`origin`, `market`, `status`, `start`, `until`, `name`, `holder`, `address` and `area_ha` are known, others are passed
over. Lines before it that begin with `#` may give `as-of` and `source`, or of several lists in one file the day and the
source of each: `# list: origin=VN product=durian-fresh market=CN as-of=2026-11-20 source=GACC, saved by A. Nguyen`.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from hashlib import sha256
from pathlib import Path as FilePath

from borderready.errors import Fault, RegisterError
from borderready.fold import fold, fold_code
from borderready.model import Entry, Listing, Message, Register, Span
from borderready.read.tree import split_lines

STATUSES = ("active", "suspended", "delisted", "unseen")
MAX_BYTES = 256 * 1024 * 1024
_COUNTRY = re.compile("[A-Z]{2}")
_LIST = re.compile(
    r"(?:origin=(?P<origin>[A-Z]{2})\s*)?(?:product=(?P<product>[a-z0-9-]+)\s*)?(?:market=(?P<market>[A-Z]{2})\s*)?"
    r"(?:as-of=(?P<as_of>[0-9-]+)\s*)?(?:source=(?P<source>.+))?"
)
_AREA = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,6})?")


def read_registers(folder: FilePath, *, shown_as: str) -> Mapping[str, Register]:
    """Return the registers of a folder by name; raises RegisterError with all faults of all files.

    Args:
        folder: The folder; every `*.csv` in it is one register.
        shown_as: The folder as the user named it, for reports.
    """
    registers: dict[str, Register] = {}
    faults: list[Fault] = []
    try:
        paths = sorted(path for path in folder.iterdir() if path.suffix.lower() == ".csv")
    except OSError as error:
        what = Message("register.folder", {"reason": error.strerror or str(error)})
        hint = Message("register.folder_hint")
        raise RegisterError([Fault(file=shown_as, span=None, path="", what=what, hint=hint)]) from error
    for path in paths:
        register, own = _read_register(path, file=f"{shown_as.rstrip('/')}/{path.name}")
        faults.extend(own)
        if register is not None:
            registers[register.name] = register
    if faults:
        raise RegisterError(faults)
    return registers


def make_register(
    *,
    name: str,
    file: str,
    as_of: str | None,
    source: str | None,
    sha256: str,
    entries: Mapping[str, tuple[Entry, ...]],
    listings: tuple[Listing, ...] | None = None,
) -> Register:
    """Return a register of entries by folded code; without listings each product and origin in it is one list."""
    every = [entry for same in entries.values() for entry in same]
    names: dict[str, list[Entry]] = {}
    for entry in every:
        if entry.name is not None:
            names.setdefault(fold(entry.name), []).append(entry)
    if listings is None:
        codes = _count_codes(entries)
        listings = tuple(
            Listing(
                origin=origin, product=product, market=market, as_of=as_of, source=source, sha256=sha256, codes=held
            )
            for (origin, product, market), held in sorted(codes.items(), key=lambda item: tuple(map(str, item[0])))
        )
    return Register(
        name=name,
        file=file,
        as_of=as_of,
        source=source,
        sha256=sha256,
        entries=entries,
        names={folded: tuple(same) for folded, same in names.items()},
        sorted_codes=cache(lambda: sorted(entries)),
        listings=listings,
    )


About = tuple[str | None, str | None, str | None]


def _count_codes(entries: Mapping[str, tuple[Entry, ...]]) -> Mapping[About, int]:
    """Return how many codes there are of each origin, product and market."""
    count: dict[About, int] = {}
    for same in entries.values():
        for about in {(entry.origin, entry.product, entry.market) for entry in same}:
            count[about] = count.get(about, 0) + 1
    return count


def _read_register(path: FilePath, *, file: str) -> tuple[Register | None, list[Fault]]:
    try:
        with path.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
        if len(content) > MAX_BYTES:
            return None, [_fault(file, None, "register.too_large", {})]
        text = content.decode("utf-8-sig")
    except OSError as error:
        return None, [_fault(file, None, "register.unreadable", {"reason": error.strerror or str(error)})]
    except UnicodeDecodeError:
        return None, [_fault(file, None, "register.not_utf8", {})]
    lines = [f"{line}\n" for line in split_lines(text)]
    notes, note_lines, skip = _read_notes(lines)
    digest = sha256(content).hexdigest()
    listings, faults = _read_lists(lines[:skip], file, digest)
    as_of = notes.get("as-of")
    if as_of is not None and not _is_day(as_of):
        faults.append(_fault(file, note_lines["as-of"], "register.day", {"column": "as-of", "cell": as_of}))
    entries, row_faults = _read_entries("".join(lines[skip:]), file, skip)
    faults.extend(row_faults)
    source = notes.get("source")
    counted = None
    if listings and not faults:
        codes = _count_codes(entries)
        counted = tuple(replace(one, codes=codes.get((one.origin, one.product, one.market), 0)) for one in listings)
        days, sources = {one.as_of for one in listings}, {one.source for one in listings}
        as_of = None if None in days else min(day for day in days if day is not None)
        source = sources.pop() if len(sources) == 1 else None
    register = make_register(
        name=path.stem,
        file=file,
        as_of=as_of,
        source=source,
        sha256=digest,
        entries=entries,
        listings=counted,
    )
    return (None if faults else register), faults


def _read_lists(lines: list[str], file: str, digest: str) -> tuple[list[Listing], list[Fault]]:
    """Return the lists that the leading lines name, of which a file may hold several."""
    listings, faults = [], []
    for number, line in enumerate(lines, 1):
        key, _, value = line.lstrip("# ").partition(":")
        if key.strip().lower() != "list":
            continue
        found = _LIST.fullmatch(value.strip())
        if found is None or (found["as_of"] and not _is_day(found["as_of"])):
            faults.append(_fault(file, number, "register.list", {"found": value.strip()}))
            continue
        listings.append(
            Listing(
                origin=found["origin"],
                product=found["product"],
                market=found["market"],
                as_of=found["as_of"],
                source=found["source"],
                sha256=digest,
                codes=0,
            )
        )
    return listings, faults


def _read_notes(lines: list[str]) -> tuple[dict[str, str], dict[str, int], int]:
    """Return what the leading `# key: value` lines say, on which lines, and how many lines lead."""
    notes: dict[str, str] = {}
    places: dict[str, int] = {}
    for count, line in enumerate(lines):
        if not line.startswith("#"):
            return notes, places, count
        key, colon, value = line.lstrip("# ").partition(":")
        if colon:
            notes[key.strip().lower()] = value.strip()
            places[key.strip().lower()] = count + 1
    return notes, places, len(lines)


def _read_entries(text: str, file: str, skipped: int) -> tuple[dict[str, tuple[Entry, ...]], list[Fault]]:
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    entries: dict[str, list[Entry]] = {}
    faults: list[Fault] = []
    try:
        names = [name.strip().casefold() for name in reader.fieldnames or ()]
        if "code" not in names or len(set(names)) != len(names):
            key = "register.no_code" if "code" not in names else "register.same_column"
            return {}, [_fault(file, skipped + 1, key, {"found": ", ".join(names) or "-"})]
        reader.fieldnames = names
        for row in reader:
            line = skipped + reader.line_num
            cells = {
                key: (value or "").strip()
                for key, value in row.items()
                if key is not None and not isinstance(value, list)
            }
            own = _judge(cells, file, line)
            faults.extend(own)
            if not own:
                entries.setdefault(fold_code(cells["code"]), []).append(_entry(cells, line))
    except csv.Error as error:
        faults.append(_fault(file, skipped + reader.line_num + 1, "register.csv", {"reason": str(error)}))
    return {code: tuple(same) for code, same in entries.items()}, faults


def _judge(cells: Mapping[str, str], file: str, line: int) -> list[Fault]:
    faults = []
    if not fold_code(cells["code"]):
        faults.append(_fault(file, line, "register.empty_code", {}))
    status = cells.get("status", "")
    if status and status not in STATUSES:
        faults.append(_fault(file, line, "register.status", {"found": status, "allowed": ", ".join(STATUSES)}))
    for column in ("start", "until"):
        cell = cells.get(column, "")
        if cell and not _is_day(cell):
            faults.append(_fault(file, line, "register.day", {"column": column, "cell": cell}))
    for column, form in (("origin", _COUNTRY), ("market", _COUNTRY), ("area_ha", _AREA)):
        cell = cells.get(column, "")
        if cell and form.fullmatch(cell) is None:
            faults.append(_fault(file, line, f"register.{column}", {"cell": cell}))
    start, until = cells.get("start", ""), cells.get("until", "")
    if not faults and start and until and until < start:
        faults.append(_fault(file, line, "register.span", {"start": start, "until": until}))
    return faults


def _entry(cells: Mapping[str, str], line: int) -> Entry:
    return Entry(
        code=cells["code"],
        product=cells.get("product") or None,
        status=cells.get("status") or "active",
        start=cells.get("start") or None,
        until=cells.get("until") or None,
        name=cells.get("name") or None,
        holder=cells.get("holder") or None,
        line=line,
        origin=cells.get("origin") or None,
        market=cells.get("market") or None,
        area_ha=Decimal(cells["area_ha"]) if cells.get("area_ha") else None,
        address=cells.get("address") or None,
    )


def _is_day(cell: str) -> bool:
    try:
        return date.fromisoformat(cell).isoformat() == cell
    except ValueError:
        return False


def _fault(file: str, line: int | None, key: str, args: Mapping[str, str]) -> Fault:
    span = None if line is None else Span(line=line, column=1, end_line=line, end_column=2)
    return Fault(file=file, span=span, path="", what=Message(key, args))
