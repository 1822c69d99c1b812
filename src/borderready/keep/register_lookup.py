# SPDX-License-Identifier: Apache-2.0
"""Registers for a check, straight from the store: a code is looked up when it is asked for, and nothing is loaded.

All look-ups of a run see the one state of the store that its connection was opened on.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from hashlib import sha256
from itertools import groupby
from pathlib import Path

from borderready.fold import fold
from borderready.keep.database import open_to_read, told
from borderready.keep.registers import (
    ANY,
    COLUMNS,
    FILE,
    FORM,
    REGISTERS,
    Kept,
    find_acts,
    find_lists,
    make_span,
)
from borderready.keep.spans import Act, Span, apply_acts
from borderready.model import Entry, Listing, Register

Acts = Mapping[tuple[int, str], tuple[Act, ...]]


@contextlib.contextmanager
def open_registers(path: Path) -> Iterator[Mapping[str, Register]]:
    """Give the registers of a store by name, none where there is no store; they can be asked until the block ends.

    Raises KeepError, then and whenever they are asked, where the store cannot be read.
    """
    connection = open_to_read(path, FORM, shown_as=FILE)
    if connection is None:
        yield {}
        return
    with contextlib.closing(connection):
        yield make_registers(connection)


def copy_registers(path: Path) -> bytes | None:
    """Return one state of a store, to be asked elsewhere; None where there is no store. Raises KeepError."""
    connection = open_to_read(path, FORM, shown_as=FILE)
    if connection is None:
        return None
    with contextlib.closing(connection), told(FILE):
        content = connection.serialize()
    # What lies in memory has no write-ahead log: the two bytes of the head that would ask for one.
    return content[:18] + b"\1\1" + content[20:]


def open_copy(content: bytes) -> Mapping[str, Register]:
    """Return the registers of a copy of a store, by name."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.deserialize(content)
    return make_registers(connection)


def make_registers(connection: sqlite3.Connection) -> Mapping[str, Register]:
    """Return the registers that an open store holds, by name."""
    with told(FILE):
        lists, acts = find_lists(connection), find_acts(connection)
        codes = dict(connection.execute("SELECT kind, codes FROM kind").fetchall())
    return {
        REGISTERS[kind]: _register(connection, kind, [one for one in lists if one.key.kind == kind], acts, codes[kind])
        for kind in sorted({kept.key.kind for kept in lists})
    }


def make_entries(kept: Kept, spans: Sequence[Span]) -> tuple[Entry, ...]:
    """Return spans of a list as entries of a register."""
    key = kept.key
    return tuple(
        Entry(
            code=span.code,
            product=None if key.product == ANY else key.product,
            status=span.status,
            start=span.start,
            until=span.until,
            name=span.name,
            holder=span.holder,
            line=0,
            origin=key.origin,
            market=key.market,
            area_ha=span.area_ha,
            address=span.address,
        )
        for span in spans
    )


def _register(connection: sqlite3.Connection, kind: str, lists: Sequence[Kept], acts: Acts, codes: int) -> Register:
    listings = tuple(
        Listing(
            origin=kept.key.origin,
            product=None if kept.key.product == ANY else kept.key.product,
            as_of=kept.copy.as_of,
            source=kept.copy.source,
            sha256=kept.sha256,
            codes=kept.codes,
            market=kept.key.market,
        )
        for kept in lists
    )
    sources = {kept.copy.source for kept in lists}
    digest = sha256("".join(f"{kept.key} {kept.sha256}\n" for kept in lists).encode())
    by_id = {kept.id: kept for kept in lists}
    entries = _Codes(connection, by_id, acts, codes)
    return Register(
        name=REGISTERS[kind],
        file=FILE,
        as_of=min(kept.copy.as_of for kept in lists),
        source=sources.pop() if len(sources) == 1 else None,
        sha256=digest.hexdigest(),
        entries=entries,
        names=_Names(connection, by_id, entries),
        sorted_codes=cache(lambda: tuple(entries)),
        listings=listings,
    )


class _Codes(Mapping[str, tuple[Entry, ...]]):
    """Entries by folded code."""

    def __init__(self, connection: sqlite3.Connection, lists: Mapping[int, Kept], acts: Acts, codes: int) -> None:
        self._connection, self._lists, self._acts, self._codes = connection, lists, acts, codes
        self._places = ", ".join("?" * len(lists))

    def __getitem__(self, folded: str) -> tuple[Entry, ...]:
        with told(FILE):
            rows = self._connection.execute(
                f"SELECT list, {COLUMNS} FROM entry WHERE folded = ? AND list IN ({self._places})"
                " AND died IS NULL ORDER BY list, start",
                (folded, *self._lists),
            ).fetchall()
        found: dict[int, tuple[Entry, ...]] = {}
        for list_id, same in groupby(rows, key=lambda row: int(row[0])):
            spans = apply_acts([make_span(row[1:]) for row in same], self._acts.get((list_id, folded), ()))
            found[list_id] = make_entries(self._lists[list_id], spans)
        if not found:
            raise KeyError(folded)
        return tuple(entry for list_id in self._lists if list_id in found for entry in found[list_id])

    def __iter__(self) -> Iterator[str]:
        with told(FILE):
            rows = self._connection.execute(
                f"SELECT DISTINCT folded FROM entry WHERE list IN ({self._places}) AND died IS NULL ORDER BY folded",
                tuple(self._lists),
            ).fetchall()
        return iter([folded for (folded,) in rows])

    def __len__(self) -> int:
        return self._codes


class _Names(Mapping[str, tuple[Entry, ...]]):
    """Entries by folded name."""

    def __init__(
        self, connection: sqlite3.Connection, lists: Mapping[int, Kept], entries: Mapping[str, tuple[Entry, ...]]
    ) -> None:
        self._connection, self._lists, self._entries = connection, lists, entries
        self._places = ", ".join("?" * len(lists))

    def __getitem__(self, name: str) -> tuple[Entry, ...]:
        with told(FILE):
            rows = self._connection.execute(
                f"SELECT DISTINCT folded FROM entry WHERE folded_name = ? AND list IN ({self._places})"
                " AND died IS NULL ORDER BY folded",
                (name, *self._lists),
            ).fetchall()
        found = [
            entry
            for (folded,) in rows
            for entry in self._entries[folded]
            if entry.name is not None and fold(entry.name) == name
        ]
        if not found:
            raise KeyError(name)
        return tuple(found)

    def __iter__(self) -> Iterator[str]:
        with told(FILE):
            rows = self._connection.execute(
                f"SELECT DISTINCT folded_name FROM entry WHERE list IN ({self._places}) AND died IS NULL"
                " AND folded_name IS NOT NULL ORDER BY folded_name",
                tuple(self._lists),
            ).fetchall()
        return iter([name for (name,) in rows if name in self])  # an act may cover all days of a name

    def __len__(self) -> int:
        return sum(1 for _ in self)
