# SPDX-License-Identifier: Apache-2.0
"""Answers of earlier runs, by all that they rest on. They may be lost at any time: then they are worked out anew.

A key is the digest of the engine, the rule base, the registers, the settings, what other consignments used, the name
and the bytes of the manifest; so a kept answer is the fresh one, byte for byte, or is not found. Data only, no pickle.

The texts of a thousand answers are made of the same pieces. Each long piece is kept once, and an answer names it by a
number that is never given to another; whoever names a piece that is not there any more has no answer.
"""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import zlib
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple, TypeVar

from borderready.batch.shelf import LONG_BYTES

K = TypeVar("K")
V = TypeVar("V")
FORMAT = 2
MAX_BYTES = 512 * 1024 * 1024
HUGE_BYTES = 8 * 1024  # a piece of so many is that of one answer
MOST_REMEMBERED = 10_000  # pieces
_AT_ONCE = 500  # answers that are written together
_TABLES = f"""
PRAGMA user_version = {FORMAT};
CREATE TABLE answer (number INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE, head BLOB NOT NULL, text BLOB NOT NULL);
CREATE TABLE piece (number INTEGER PRIMARY KEY AUTOINCREMENT, digest BLOB NOT NULL UNIQUE, content BLOB NOT NULL);
"""


class Found(NamedTuple):
    """A kept answer: a head that is none of our business, and its text as it is kept."""

    head: bytes
    text: bytes | tuple[bytes, ...]


def key_of(parts: Iterable[str | bytes]) -> bytes:
    """Return the key of what an answer rests on; parts are told apart by their lengths."""
    whole = sha256()
    for part in parts:
        content = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        whole.update(f"{len(content)}:".encode())
        whole.update(content)
    return whole.digest()


class AnswerCache:
    """A file of answers; whatever goes wrong with it, it only forgets."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._new: dict[bytes, Found] = {}
        self._numbers: dict[bytes, int] = {}  # of the pieces that were written
        self._pieces: dict[int, bytes] = {}  # that were read
        self._connection = self._open()

    def find(self, key: bytes) -> Found | None:
        """Return a kept answer."""
        if key in self._new:
            return self._new[key]
        if self._connection is None:
            return None
        try:
            row = self._connection.execute("SELECT head, text FROM answer WHERE key = ?", (key,)).fetchone()
            return Found(bytes(row[0]), bytes(row[1])) if row is not None else None
        except (sqlite3.Error, TypeError):
            self._forget()
            return None

    def pieces_of(self, found: Found) -> tuple[bytes, ...] | None:
        """Return the pieces of the text of an answer, None where one is not there any more, or not what was written."""
        if isinstance(found.text, tuple):
            return found.text
        try:
            named = json.loads(zlib.decompress(found.text))
            known = [self._pieces.get(one) if isinstance(one, int) else one.encode() for one in named]
            return tuple(
                [self._piece(one) if piece is None else piece for piece, one in zip(known, named, strict=True)]
            )
        except (sqlite3.Error, zlib.error, ValueError, TypeError, AttributeError):
            return None

    def keep(self, key: bytes, head: bytes, pieces: Sequence[bytes]) -> None:
        """Keep an answer, in the place of an older one of the key; it is written with others."""
        self._new[key] = Found(head, tuple(pieces))
        if len(self._new) >= _AT_ONCE:
            self.flush()

    def flush(self) -> None:
        """Write what was kept; where the file has grown too large, all that was there before is given up."""
        new, self._new = self._new, {}
        if self._connection is None or not new:
            return
        is_written = False
        try:
            with self._connection:
                self._write(self._connection, new)
            is_written = True
        except sqlite3.OperationalError:
            pass  # another run is writing, or the disk is full: these answers are worked out again
        except sqlite3.Error:
            self._forget()
        finally:
            if not is_written:  # the numbers given to pieces are free again
                self._numbers.clear()

    def _write(self, connection: sqlite3.Connection, new: Mapping[bytes, Found]) -> None:
        connection.execute("BEGIN IMMEDIATE")
        if _size_bytes(connection) > MAX_BYTES:
            connection.execute("DELETE FROM answer")
            connection.execute("DELETE FROM piece")
            self._numbers.clear()
        rows = [(key, head, self._name(connection, text)) for key, (head, text) in new.items()]
        connection.executemany("INSERT OR REPLACE INTO answer (key, head, text) VALUES (?, ?, ?)", rows)

    def close(self) -> None:
        """Write what was kept and let go of the file."""
        self.flush()
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _piece(self, number: int) -> bytes:
        """Return a piece by its number; raises ValueError where it is not there."""
        piece = self._pieces.get(number)
        if piece is None:
            row = None
            if self._connection is not None:
                row = self._connection.execute("SELECT content FROM piece WHERE number = ?", (number,)).fetchone()
            if row is None:
                raise ValueError("no such piece")
            piece = zlib.decompress(row[0])
            _remember(self._pieces, number, piece)
        return piece

    def _name(self, connection: sqlite3.Connection, text: bytes | tuple[bytes, ...]) -> bytes:
        """Return a text as it is kept: long pieces by their numbers, the others as they are."""
        if isinstance(text, bytes):
            return text
        named = [self._number(connection, one) if LONG_BYTES <= len(one) < HUGE_BYTES else one.decode() for one in text]
        return zlib.compress(json.dumps(named, ensure_ascii=False, separators=(",", ":")).encode(), 1)

    def _number(self, connection: sqlite3.Connection, piece: bytes) -> int:
        number = self._numbers.get(piece)
        if number is None:
            digest = sha256(piece).digest()
            row = connection.execute("SELECT number FROM piece WHERE digest = ?", (digest,)).fetchone()
            if row is None:
                values = (digest, zlib.compress(piece, 1))
                row = (connection.execute("INSERT INTO piece (digest, content) VALUES (?, ?)", values).lastrowid,)
            number = int(row[0])
            _remember(self._numbers, piece, number)
        return number

    def _open(self, *, is_second_try: bool = False) -> sqlite3.Connection | None:
        connection = None
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            os.close(os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600))  # consignments are nobody else's business
            connection = sqlite3.connect(self._path, timeout=1)
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = OFF")
            if connection.execute("PRAGMA user_version").fetchone()[0] != FORMAT:
                if connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]:
                    raise sqlite3.DatabaseError("another form")
                connection.executescript(f"BEGIN IMMEDIATE; {_TABLES} COMMIT;")
            connection.execute("SELECT head FROM answer LIMIT 1").fetchone()
            return connection
        except (sqlite3.Error, OSError):
            if connection is not None:
                connection.close()
            if is_second_try:
                return None
            for ending in ("", "-wal", "-shm"):
                with contextlib.suppress(OSError):
                    self._path.with_name(f"{self._path.name}{ending}").unlink()
            return self._open(is_second_try=True)

    def _forget(self) -> None:
        """Let go of a file that cannot be trusted any more; the next run begins a new one."""
        if self._connection is not None:
            with contextlib.suppress(sqlite3.Error):
                self._connection.close()
        self._connection = None
        with contextlib.suppress(OSError):
            self._path.unlink()


def _size_bytes(connection: sqlite3.Connection) -> int:
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    (free,) = connection.execute("PRAGMA freelist_count").fetchone()
    (size,) = connection.execute("PRAGMA page_size").fetchone()
    return int((pages - free) * size)


def _remember(known: dict[K, V], key: K, value: V) -> None:
    if len(known) >= MOST_REMEMBERED:
        known.clear()
    known[key] = value
