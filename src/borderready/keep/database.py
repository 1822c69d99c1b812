# SPDX-License-Identifier: Apache-2.0
"""SQLite files: opened, made and changed so that nothing is lost or half-written, and every failure is a sentence.

A change is one transaction: a process that is killed, a full disk or a fault in the middle leaves what was there
before. Readers see one state from the first look to the last, and never wait for a writer (write-ahead log).
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from borderready.errors import Fault, KeepError
from borderready.model import Message

WAIT_SECONDS = 30.0  # how long to wait for another process that is writing


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What a file must be.

    Attributes:
        application_id: Number in the file's head that tells our files of one kind from all others.
        version: Raised whenever the tables change.
        tables: Statements that make them.
    """

    application_id: int
    version: int
    tables: tuple[str, ...]


def open_to_read(path: Path, form: Form, *, shown_as: str) -> sqlite3.Connection | None:
    """Return a connection that sees one state of a file until it is closed; None where there is no file.

    Raises KeepError where the file is no such database, damaged, of a newer version, or may not be read.
    """
    with told(shown_as):
        if not _is_there(path, shown_as=shown_as):
            return None
        try:
            return _open_state(path, form, "mode=rw", shown_as=shown_as)
        except sqlite3.OperationalError:
            # A folder that may not be written: no log can be made there, and none is needed where none was left.
            log = path.with_name(f"{path.name}-wal")
            if log.exists() and log.stat().st_size:
                raise
            return _open_state(path, form, "mode=ro&immutable=1", shown_as=shown_as)


def _open_state(path: Path, form: Form, mode: str, *, shown_as: str) -> sqlite3.Connection | None:
    connection = _connect(path, mode)
    try:
        if _is_new(connection, form, shown_as=shown_as):
            connection.close()
            return None
        connection.execute("BEGIN")
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()  # the state is fixed by the first look
    except BaseException:
        connection.close()
        raise
    return connection


@contextlib.contextmanager
def open_to_write(path: Path, form: Form, *, shown_as: str) -> Iterator[sqlite3.Connection]:
    """Give a connection in one transaction, kept when the block ends and undone when it raises; makes what is lacking.

    Raises KeepError as open_to_read does, and where the file may not be written, the disk is full, or another process
    is writing for longer than WAIT_SECONDS.
    """
    with told(shown_as):
        path.parent.mkdir(parents=True, exist_ok=True)
        _is_there(path, shown_as=shown_as)
        connection = _connect(path, "mode=rwc")
        try:
            _is_new(connection, form, shown_as=shown_as)  # what is not ours is refused before anything is touched
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("BEGIN IMMEDIATE")
            if _is_new(connection, form, shown_as=shown_as):
                for statement in form.tables:
                    connection.execute(statement)
                connection.execute(f"PRAGMA application_id = {form.application_id}")
                connection.execute(f"PRAGMA user_version = {form.version}")
            yield connection
            connection.execute("COMMIT")
        except BaseException:
            with contextlib.suppress(sqlite3.Error):
                connection.execute("ROLLBACK")
            raise
        finally:
            connection.close()


def _is_there(path: Path, *, shown_as: str) -> bool:
    """Tell whether there is a file; raises KeepError for a folder or a device in its place."""
    if path.exists() and not path.is_file():
        raise KeepError([_fault(shown_as, "keep.cannot_open", reason="not a file")])
    return path.exists()


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    address = f"file:{quote(str(path.absolute()))}?{mode}"
    return sqlite3.connect(address, uri=True, timeout=WAIT_SECONDS, isolation_level=None)


def _is_new(connection: sqlite3.Connection, form: Form, *, shown_as: str) -> bool:
    """Tell whether a database has nothing in it yet; raises KeepError for one that is not of this form."""
    application_id = connection.execute("PRAGMA application_id").fetchone()[0]
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if (application_id, version) == (form.application_id, form.version):
        return False
    if application_id == 0 and version == 0:
        if connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0] == 0:
            return True
        raise KeepError([_fault(shown_as, "keep.foreign")])
    if application_id != form.application_id:
        raise KeepError([_fault(shown_as, "keep.foreign")])
    key = "keep.newer" if version > form.version else "keep.older"
    raise KeepError([_fault(shown_as, key, version=str(version), known=str(form.version))])


@contextlib.contextmanager
def told(shown_as: str) -> Iterator[None]:
    """Turn what SQLite and the file system refuse into a KeepError that says what to do."""
    try:
        yield
    except sqlite3.Error as error:
        raise KeepError([_fault(shown_as, _key_of(error), reason=str(error))]) from error
    except OSError as error:
        raise KeepError([_fault(shown_as, "keep.os", reason=error.strerror or str(error))]) from error


_KEYS = {
    sqlite3.SQLITE_NOTADB: "keep.foreign",
    sqlite3.SQLITE_CORRUPT: "keep.damaged",
    sqlite3.SQLITE_FULL: "keep.full",
    sqlite3.SQLITE_READONLY: "keep.read_only",
    sqlite3.SQLITE_PERM: "keep.read_only",
    sqlite3.SQLITE_CANTOPEN: "keep.cannot_open",
    sqlite3.SQLITE_BUSY: "keep.busy",
    sqlite3.SQLITE_LOCKED: "keep.busy",
    sqlite3.SQLITE_IOERR: "keep.disk",
}


def _key_of(error: sqlite3.Error) -> str:
    code = getattr(error, "sqlite_errorcode", None)
    return "keep.damaged" if code is None else _KEYS.get(code & 0xFF, "keep.damaged")


def _fault(shown_as: str, key: str, **args: str) -> Fault:
    hint = Message(f"{key}_hint", {"file": shown_as})
    return Fault(file=shown_as, span=None, path="", what=Message(key, args), hint=hint)
