# SPDX-License-Identifier: Apache-2.0
"""Answers of earlier runs, by all that they rest on. They may be lost at any time: then they are worked out anew.

A key is the digest of the engine, the rule base, the registers, the settings, what other consignments used, the name
and the bytes of the manifest; so a kept answer is the fresh one, byte for byte, or is not found. Data only, no pickle.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

FORMAT = 1
MAX_BYTES = 512 * 1024 * 1024
_AT_ONCE = 500  # answers that are written together
_TABLES = f"""
PRAGMA user_version = {FORMAT};
CREATE TABLE answer (number INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE, content BLOB NOT NULL);
"""


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
        self._new: dict[bytes, bytes] = {}
        self._connection = self._open()

    def find(self, key: bytes) -> bytes | None:
        """Return a kept answer."""
        if key in self._new:
            return self._new[key]
        if self._connection is None:
            return None
        try:
            row = self._connection.execute("SELECT content FROM answer WHERE key = ?", (key,)).fetchone()
            return bytes(row[0]) if row is not None else None
        except (sqlite3.Error, TypeError):
            self._forget()
            return None

    def keep(self, key: bytes, content: bytes) -> None:
        """Keep an answer, in the place of an older one of the key; it is written with others."""
        self._new[key] = content
        if len(self._new) >= _AT_ONCE:
            self.flush()

    def flush(self) -> None:
        """Write what was kept, and drop the oldest answers where the file has grown too large."""
        if self._connection is not None and self._new:
            rows = list(self._new.items())
            try:
                with self._connection:
                    self._connection.executemany("INSERT OR REPLACE INTO answer (key, content) VALUES (?, ?)", rows)
                    self._shrink(self._connection)
            except sqlite3.OperationalError:
                pass  # another run is writing, or the disk is full: these answers are worked out again
            except sqlite3.Error:
                self._forget()
        self._new.clear()

    def close(self) -> None:
        """Write what was kept and let go of the file."""
        self.flush()
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _shrink(self, connection: sqlite3.Connection) -> None:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        (free,) = connection.execute("PRAGMA freelist_count").fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
        if (pages - free) * size > MAX_BYTES:
            connection.execute("DELETE FROM answer WHERE number < (SELECT (min(number) + max(number)) / 2 FROM answer)")

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
            connection.execute("SELECT content FROM answer LIMIT 1").fetchone()
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
