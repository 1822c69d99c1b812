# SPDX-License-Identifier: Apache-2.0
"""The ledger: which consignments were checked, and what each used, in one SQLite file that the user names.

An entry is the last check of a reference; checking the same or a corrected manifest puts a new entry in its place. Days
and places are those of the manifest; no clock is asked.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from sys import intern
from typing import NamedTuple

from borderready.errors import Fault, KeepError
from borderready.fold import fold
from borderready.keep.database import Form, open_to_read, open_to_write, told
from borderready.model import Message, Use

FORM = Form(
    application_id=0x62724C31,  # brL1
    version=1,
    tables=(
        "CREATE TABLE consignment (id INTEGER PRIMARY KEY, folded TEXT NOT NULL UNIQUE, reference TEXT NOT NULL,"
        " file TEXT NOT NULL, sha256 TEXT NOT NULL, day TEXT, exporter TEXT NOT NULL, verdict TEXT NOT NULL)",
        "CREATE TABLE use (consignment INTEGER NOT NULL REFERENCES consignment (id), kind TEXT NOT NULL,"
        " key TEXT NOT NULL, start TEXT, until TEXT, net_kg TEXT, lots INTEGER NOT NULL, place TEXT NOT NULL,"
        " issuer TEXT)",
        "CREATE INDEX use_by_key ON use (kind, key)",
        "CREATE INDEX use_by_consignment ON use (consignment)",
        "CREATE INDEX consignment_by_day ON consignment (day, folded)",
        # Counted as it changes: to count a million rows anew would cost more than the check.
        "CREATE TABLE tally (consignments INTEGER NOT NULL)",
        "INSERT INTO tally VALUES (0)",
        "CREATE TRIGGER added AFTER INSERT ON consignment BEGIN UPDATE tally SET consignments = consignments + 1; END",
        "CREATE TRIGGER removed AFTER DELETE ON consignment BEGIN"
        " UPDATE tally SET consignments = consignments - 1; END",
    ),
)
_MOST_NEAR = 5000  # references among which a mistyped one is looked for
_USE = (
    "SELECT use.kind, use.key, consignment.reference, consignment.file, use.start, use.until, use.net_kg, use.lots,"
    " use.place, consignment.exporter, use.issuer FROM use JOIN consignment ON consignment.id = use.consignment"
)
_PUT = "INSERT INTO consignment (folded, reference, file, sha256, day, exporter, verdict) VALUES (?, ?, ?, ?, ?, ?, ?)"
_ENTRY = "SELECT reference, file, sha256, day, exporter, verdict FROM consignment"


class Entry(NamedTuple):
    """One consignment of the ledger, without what it used.

    Attributes:
        day: Day of departure by the manifest, None where it gives none.
        verdict: That of the check that recorded it.
    """

    reference: str
    file: str
    sha256: str
    day: str | None
    exporter: str
    verdict: str


@dataclass(frozen=True, slots=True)
class Ledger:
    """A ledger open to be read: one state of it, whatever others write meanwhile."""

    connection: sqlite3.Connection
    shown_as: str

    def count(self) -> int:
        """Return how many consignments it holds."""
        with told(self.shown_as):
            return int(self.connection.execute("SELECT consignments FROM tally").fetchone()[0])

    def has(self, reference: str) -> bool:
        """Tell whether it holds a consignment."""
        return self.find(reference) is not None

    def find(self, reference: str) -> Entry | None:
        """Return a consignment by its reference, however that is spelled in case, width and space."""
        with told(self.shown_as):
            row = self.connection.execute(f"{_ENTRY} WHERE folded = ?", (fold(reference),)).fetchone()
        return _entry(row) if row is not None else None

    def uses(self, kind: str, key: str) -> tuple[Use, ...]:
        """Return every use of a key of a kind."""
        with told(self.shown_as):
            rows = self.connection.execute(f"{_USE} WHERE use.kind = ? AND use.key = ?", (kind, key)).fetchall()
        return tuple(_use(row) for row in rows)

    def shared_keys(self) -> frozenset[tuple[str, str]]:
        """Return the kinds and keys that more than one consignment uses."""
        query = "SELECT kind, key FROM use GROUP BY kind, key HAVING min(consignment) < max(consignment)"
        with told(self.shown_as):
            return frozenset(self.connection.execute(query).fetchall())

    def uses_like(self, kind: str, start: str) -> tuple[Use, ...]:
        """Return every use of a kind whose key is `start`, or begins with it and a space (an orchard's products)."""
        with told(self.shown_as):
            query = f"{_USE} WHERE use.kind = ? AND use.key >= ? AND use.key < ?"
            rows = self.connection.execute(query, (kind, start, f"{start}!")).fetchall()
        return tuple(_use(row) for row in rows)

    def uses_of_kind(self, kind: str) -> Iterator[Use]:
        """Give every use of a kind, by key and day."""
        with told(self.shown_as):
            for row in self.connection.execute(f"{_USE} WHERE use.kind = ? ORDER BY use.key, use.start", (kind,)):
                yield _use(row)

    def uses_by(self, reference: str) -> tuple[Use, ...]:
        """Return what a consignment used, in the order of its manifest."""
        with told(self.shown_as):
            query = f"{_USE} WHERE consignment.folded = ? ORDER BY use.rowid"
            rows = self.connection.execute(query, (fold(reference),)).fetchall()
        return tuple(_use(row) for row in rows)

    def newest(self, most: int) -> tuple[Entry, ...]:
        """Return the last consignments by day, the last first."""
        with told(self.shown_as):
            query = f"{_ENTRY} ORDER BY day DESC, folded DESC LIMIT ?"
            rows = self.connection.execute(query, (most,)).fetchall()
        return tuple(_entry(row) for row in rows)

    def entries(self) -> Iterator[Entry]:
        """Give every consignment in the order of the days, then of the references."""
        with told(self.shown_as):
            for row in self.connection.execute(f"{_ENTRY} ORDER BY day, folded"):
                yield _entry(row)

    def near(self, reference: str) -> str | None:
        """Return the reference most like a mistyped one, None where none is like it."""
        with told(self.shown_as):
            return _near(self.connection, reference)


@contextlib.contextmanager
def open_ledger(path: Path, *, shown_as: str) -> Iterator[Ledger | None]:
    """Give a ledger to be read, None where there is none yet; raises KeepError for what is no ledger."""
    connection = open_to_read(path, FORM, shown_as=shown_as)
    if connection is None:
        yield None
        return
    with contextlib.closing(connection):
        yield Ledger(connection, shown_as)


def record(path: Path, entries: Iterable[tuple[Entry, tuple[Use, ...]]], *, shown_as: str) -> None:
    """Put consignments into a ledger, each in the place of what it holds of the same reference: all or none.

    Makes the ledger where there is none. Raises KeepError where it cannot be written, and then nothing was changed.
    """
    with open_to_write(path, FORM, shown_as=shown_as) as connection:
        for entry, uses in entries:
            _put(connection, entry, uses)


def remove(path: Path, references: Iterable[str], *, shown_as: str) -> tuple[str, ...]:
    """Take consignments out of a ledger, all or none, and return their references as they stood there.

    Raises KeepError with the nearest reference for each that is not there.
    """
    with open_to_write(path, FORM, shown_as=shown_as) as connection:
        gone, faults = [], []
        for reference in dict.fromkeys(references):
            row = connection.execute("SELECT id, reference FROM consignment WHERE folded = ?", (fold(reference),))
            found = row.fetchone()
            if found is None:
                faults.append(unknown_fault(shown_as, reference, _near(connection, reference)))
                continue
            connection.execute("DELETE FROM use WHERE consignment = ?", (found[0],))
            connection.execute("DELETE FROM consignment WHERE id = ?", (found[0],))
            gone.append(str(found[1]))
        if faults:
            raise KeepError(faults)
    return tuple(gone)


def unknown_fault(shown_as: str, reference: str, near: str | None) -> Fault:
    """Return the fault for a reference that a ledger does not hold."""
    hint = Message("ledger.unknown_near", {"near": near}) if near is not None else Message("ledger.unknown_hint")
    what = Message("ledger.unknown", {"reference": reference})
    return Fault(file=shown_as, span=None, path="", what=what, hint=hint)


def _near(connection: sqlite3.Connection, reference: str) -> str | None:
    """Return the nearest of the last references that begin alike, else of the last ones."""
    folded = fold(reference)
    for start in (folded[:3], ""):
        query = (
            "SELECT folded, reference FROM consignment WHERE folded >= ? AND folded < ? ORDER BY folded DESC LIMIT ?"
        )
        known = dict(connection.execute(query, (start, f"{start}\U0010ffff", _MOST_NEAR)).fetchall())
        near = get_close_matches(folded, known, n=1, cutoff=0.6)
        if near:
            return str(known[near[0]])
    return None


def _put(connection: sqlite3.Connection, entry: Entry, uses: tuple[Use, ...]) -> None:
    folded = fold(entry.reference)
    known = connection.execute("SELECT id FROM consignment WHERE folded = ?", (folded,)).fetchone()
    if known is not None:
        connection.execute("DELETE FROM use WHERE consignment = ?", known)
        connection.execute("DELETE FROM consignment WHERE id = ?", known)
    cells = (folded, entry.reference, entry.file, entry.sha256, entry.day, entry.exporter, entry.verdict)
    row = connection.execute(_PUT, cells).lastrowid
    connection.executemany(
        "INSERT INTO use VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                row,
                use.kind,
                use.key,
                use.start,
                use.until,
                str(use.net_kg) if use.net_kg is not None else None,
                use.lots,
                use.place,
                use.issuer,
            )
            for use in uses
        ],
    )


def _entry(row: tuple[str, str, str, str | None, str, str]) -> Entry:
    reference, file, sha256, day, exporter, verdict = row
    return Entry(reference=reference, file=file, sha256=sha256, day=day, exporter=exporter, verdict=verdict)


def _use(row: tuple[str, str, str, str, str | None, str | None, str | None, int, str, str, str | None]) -> Use:
    kind, key, reference, file, start, until, net_kg, lots, place, exporter, issuer = row
    return Use(
        kind=intern(kind),
        key=intern(key),
        reference=reference,
        file=intern(file),
        start=intern(start) if start is not None else None,
        until=intern(until) if until is not None else None,
        net_kg=_weight(net_kg) if net_kg is not None else None,
        lots=lots,
        place=intern(place),
        exporter=intern(exporter),
        issuer=intern(issuer) if issuer is not None else None,
    )


@lru_cache(maxsize=1024)
def _weight(text: str) -> Decimal:
    return Decimal(text)
