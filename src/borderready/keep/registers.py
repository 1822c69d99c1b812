# SPDX-License-Identifier: Apache-2.0
"""The store of registers: lists of codes with every copy that was imported, and the user's own acts beside them.

Rows of `entry` never change. A copy lets some die and others be born, so that the state after any copy can be told,
and the last copy taken back.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from itertools import groupby

from borderready.fold import fold
from borderready.keep import REGISTERS_FILE
from borderready.keep.database import Form
from borderready.keep.spans import Act, Span, apply_acts, status_on

# The word of the command line, and the name by which rules ask for the register.
REGISTERS: Mapping[str, str] = {
    "orchard": "gacc-orchards",
    "packhouse": "gacc-packhouses",
    "plant": "gacc-plants",
    "farm": "gacc-farms",
    "laboratory": "gacc-laboratories",
}
FILE = REGISTERS_FILE
ANY = "any"
MARKET = "CN"
FORM = Form(
    application_id=0x62724C31,
    version=1,
    tables=(
        "CREATE TABLE list (id INTEGER PRIMARY KEY, kind TEXT NOT NULL, origin TEXT NOT NULL, product TEXT NOT NULL,"
        " market TEXT NOT NULL, sha256 TEXT NOT NULL, codes INTEGER NOT NULL, UNIQUE (kind, origin, product, market))",
        "CREATE TABLE copy (id INTEGER PRIMARY KEY AUTOINCREMENT, list INTEGER NOT NULL, as_of TEXT NOT NULL,"
        " source TEXT NOT NULL, file TEXT NOT NULL, sha256 TEXT NOT NULL, asked TEXT NOT NULL, rows INTEGER NOT NULL)",
        "CREATE TABLE entry (id INTEGER PRIMARY KEY, list INTEGER NOT NULL, folded TEXT NOT NULL, code TEXT NOT NULL,"
        " status TEXT NOT NULL, start TEXT, until TEXT, evidence INTEGER NOT NULL, name TEXT, folded_name TEXT,"
        " holder TEXT, address TEXT, area_ha TEXT, born INTEGER NOT NULL, died INTEGER)",
        "CREATE TABLE act (id INTEGER PRIMARY KEY AUTOINCREMENT, list INTEGER NOT NULL, folded TEXT NOT NULL,"
        " what TEXT NOT NULL, code TEXT NOT NULL, start TEXT NOT NULL, until TEXT, source TEXT NOT NULL)",
        # How many codes the lists of a kind hold together: counted once, not at each check.
        "CREATE TABLE kind (kind TEXT PRIMARY KEY, codes INTEGER NOT NULL)",
        "CREATE INDEX copy_list ON copy (list, as_of)",
        "CREATE INDEX act_list ON act (list, folded)",
        "CREATE INDEX entry_folded ON entry (folded, list) WHERE died IS NULL",
        "CREATE INDEX entry_list ON entry (list, folded, start)",
        "CREATE INDEX entry_name ON entry (folded_name, list) WHERE died IS NULL AND folded_name IS NOT NULL",
    ),
)
COLUMNS = "folded, code, status, start, until, evidence, name, holder, address, area_ha"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Key:
    """What a list is about; written `orchard/VN/durian-fresh`, with the market behind it where it is not China.

    Attributes:
        kind: A key of REGISTERS.
        origin: ISO country code.
        product: Product or group, `any` for all.
        market: ISO country code of the importing country.
    """

    kind: str
    origin: str
    product: str
    market: str = MARKET

    def __str__(self) -> str:
        market = () if self.market == MARKET else (self.market,)
        return "/".join((self.kind, self.origin, self.product, *market))


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """One copy of a list that was imported.

    Attributes:
        as_of: The day for which it speaks.
        source: Where it was taken from, in the user's words.
        file: The name of the file, without its folder.
        sha256: Digest of the file.
        asked: How it was asked to be read; the same file read otherwise is another copy.
        rows: How many rows of the file it is made of.
    """

    id: int
    as_of: str
    source: str
    file: str
    sha256: str
    asked: str
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """One list in the store, with its last copy.

    Attributes:
        sha256: Digest of its content: the same content has the same digest in every store.
        codes: How many codes it holds, whatever their status.
    """

    id: int
    key: Key
    sha256: str
    codes: int
    copy: Copy


def find_lists(connection: sqlite3.Connection) -> tuple[Kept, ...]:
    """Return every list with its last copy, in the order of their keys."""
    rows = connection.execute(
        "SELECT list.id, kind, origin, product, market, list.sha256, codes,"
        " copy.id, as_of, source, file, copy.sha256, asked, rows FROM list JOIN copy"
        " ON copy.id = (SELECT max(id) FROM copy WHERE list = list.id)"
    )
    kept = [
        Kept(
            id=row[0],
            key=Key(kind=row[1], origin=row[2], product=row[3], market=row[4]),
            sha256=row[5],
            codes=row[6],
            copy=_copy(row[7:]),
        )
        for row in rows
    ]
    return tuple(sorted(kept, key=lambda one: one.key))


def find_copies(connection: sqlite3.Connection, list_id: int) -> tuple[Copy, ...]:
    """Return the copies of a list, the oldest first."""
    rows = connection.execute(
        "SELECT id, as_of, source, file, sha256, asked, rows FROM copy WHERE list = ? ORDER BY id", (list_id,)
    )
    return tuple(map(_copy, rows))


def find_acts(connection: sqlite3.Connection, list_id: int | None = None) -> Mapping[tuple[int, str], tuple[Act, ...]]:
    """Return the user's own acts by list and folded code, in the order in which they were made; there are few."""
    where, args = ("", ()) if list_id is None else (" WHERE list = ?", (list_id,))
    found: dict[tuple[int, str], tuple[Act, ...]] = {}
    rows = connection.execute(
        f"SELECT list, folded, what, code, start, until, source FROM act{where} ORDER BY id", args
    )
    for list_, folded, what, code, start, until, source in rows:
        act = Act(what=what, code=code, start=start, until=until, source=source)
        found[list_, folded] = (*found.get((list_, folded), ()), act)
    return found


def find_spans(connection: sqlite3.Connection, list_id: int, folded: str) -> tuple[Span, ...]:
    """Return what the copies of a list say of a code, in the order of their days."""
    rows = connection.execute(
        f"SELECT {COLUMNS} FROM entry WHERE list = ? AND folded = ? AND died IS NULL ORDER BY start, until",
        (list_id, folded),
    )
    return tuple(map(make_span, rows))


def read_spans(connection: sqlite3.Connection, list_id: int) -> Iterator[tuple[str, tuple[Span, ...]]]:
    """Yield each folded code of a list in order, with what its copies say."""
    rows = connection.execute(
        f"SELECT {COLUMNS} FROM entry WHERE list = ? AND died IS NULL ORDER BY folded, start", (list_id,)
    )
    for folded, same in groupby(rows, key=lambda row: str(row[0])):
        yield folded, tuple(map(make_span, same))


def find_statuses(
    connection: sqlite3.Connection, list_id: int, day: str, *, after_copy: int | None = None
) -> Mapping[str, tuple[str, str]]:
    """Return for each folded code of a list that has a status on a day: the code as written, and the status.

    With `after_copy` it is told as it was known after that copy and without the user's own acts, else as known now.
    """
    alive = "died IS NULL" if after_copy is None else "born <= :copy AND (died IS NULL OR died > :copy)"
    rows = connection.execute(
        f"SELECT folded, code, status FROM entry WHERE list = :list AND {alive}"
        " AND (start IS NULL OR start <= :day) AND (until IS NULL OR until >= :day)",
        {"list": list_id, "day": day, "copy": after_copy},
    )
    statuses = {folded: (code, status) for folded, code, status in rows}
    if after_copy is None:
        for (_, folded), acts in find_acts(connection, list_id).items():
            status = status_on(apply_acts(find_spans(connection, list_id, folded), acts), day)
            statuses.pop(folded, None)
            if status is not None:
                statuses[folded] = (acts[-1].code, status)
    return statuses


def insert_spans(connection: sqlite3.Connection, list_id: int, copy: int, spans: Iterable[tuple[str, Span]]) -> None:
    """Let spans be born with a copy."""
    connection.executemany(
        "INSERT INTO entry (list, folded, code, status, start, until, evidence, name, folded_name, holder, address,"
        " area_ha, born) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (
                list_id,
                folded,
                span.code,
                span.status,
                span.start,
                span.until,
                span.evidence or copy,
                span.name,
                None if span.name is None else fold(span.name),
                span.holder,
                span.address,
                None if span.area_ha is None else str(span.area_ha),
                copy,
            )
            for folded, span in spans
        ),
    )


def count_anew(connection: sqlite3.Connection, list_id: int) -> None:
    """Write the digest of a list's content and how many codes it and the lists of its kind hold."""
    digest = sha256()
    codes, last = 0, None
    rows = connection.execute(
        "SELECT folded, code, status, start, until, name, holder, address, area_ha FROM entry"
        " WHERE list = ? AND died IS NULL ORDER BY folded, start",
        (list_id,),
    )
    for row in rows:
        codes += row[0] != last
        last = row[0]
        digest.update(f"{row}\n".encode())
    for (_, folded), acts in sorted(find_acts(connection, list_id).items()):
        digest.update(f"{folded} {acts}\n".encode())
    copies = find_copies(connection, list_id)
    digest.update(f"{copies[-1].as_of} {copies[-1].source}\n".encode())
    connection.execute("UPDATE list SET sha256 = ?, codes = ? WHERE id = ?", (digest.hexdigest(), codes, list_id))
    (kind,) = connection.execute("SELECT kind FROM list WHERE id = ?", (list_id,)).fetchone()
    count_kind(connection, kind)


def count_kind(connection: sqlite3.Connection, kind: str) -> None:
    """Write how many codes the lists of a kind hold together."""
    lists = [one for (one,) in connection.execute("SELECT id FROM list WHERE kind = ?", (kind,))]
    if len(lists) == 1:
        (codes,) = connection.execute("SELECT codes FROM list WHERE id = ?", lists).fetchone()
    else:
        places = ", ".join("?" * len(lists))
        (codes,) = connection.execute(
            f"SELECT count(DISTINCT folded) FROM entry WHERE list IN ({places}) AND died IS NULL", lists
        ).fetchone()
    connection.execute("INSERT OR REPLACE INTO kind VALUES (?, ?)", (kind, codes))


def make_span(row: tuple[str | int | None, ...]) -> Span:
    """Return the span of a row of COLUMNS."""
    _, code, status, start, until, evidence, name, holder, address, area_ha = row
    assert isinstance(code, str) and isinstance(status, str) and isinstance(evidence, int)
    return Span(
        status=status,
        start=_text(start),
        until=_text(until),
        code=code,
        evidence=evidence,
        name=_text(name),
        holder=_text(holder),
        address=_text(address),
        area_ha=None if area_ha is None else Decimal(area_ha),
    )


def _text(cell: str | int | None) -> str | None:
    return None if cell is None else str(cell)


def _copy(row: tuple[int | str, ...]) -> Copy:
    id_, as_of, source, file, digest, asked, rows = row
    return Copy(
        id=int(id_),
        as_of=str(as_of),
        source=str(source),
        file=str(file),
        sha256=str(digest),
        asked=str(asked),
        rows=int(rows),
    )
