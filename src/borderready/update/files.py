# SPDX-License-Identifier: Apache-2.0
"""Files written whole or not at all, and folders in which one process works at a time."""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from borderready.errors import UsageError
from borderready.model import Message

_LOCK = ".lock"


@contextlib.contextmanager
def told(path: Path) -> Iterator[None]:
    """Raise UsageError for what the system refuses in the block, naming the file that it refused."""
    try:
        yield
    except OSError as error:
        file = error.filename if isinstance(error.filename, str) else str(path)
        args = {"file": file, "reason": error.strerror or str(error)}
        raise UsageError(Message("update.os", args)) from error


def write_whole(path: Path, content: bytes, *, rights: int = 0o644) -> None:
    """Write beside, to the disk, and then into place: readers see the old file or the new one. Raises OSError."""
    handle, partial = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        os.chmod(partial, rights)
        os.replace(partial, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(partial)
        raise
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """Make sure that a new name in a folder outlives a loss of power, where the system can do so."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextlib.contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Keep other processes of ours out of a folder; raises UsageError where one is in it.

    The lock is the system's: it ends with the process, however that ends.
    """
    with told(folder):
        handle = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            _lock(handle)
        except OSError as error:
            raise UsageError(Message("update.busy", {"folder": str(folder)})) from error
        yield
    finally:
        os.close(handle)


def _lock(handle: int) -> None:
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
