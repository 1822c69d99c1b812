# SPDX-License-Identifier: Apache-2.0
"""New files put into a pack, or a whole new pack: all of them or none, and never in the place of one that is there."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path as FilePath

from borderready.errors import UsageError
from borderready.model import Message


def put_folder(target: FilePath, files: Mapping[str, str]) -> None:
    """Make a folder with these files; raises UsageError where something is there already, or it cannot be written."""
    if os.path.lexists(target) and not _is_empty_folder(target):
        raise UsageError(Message("new.exists", {"file": str(target)}), Message("new.exists_hint"))
    partial = None
    try:
        parent = FilePath(os.path.abspath(target)).parent
        parent.mkdir(parents=True, exist_ok=True)
        partial = FilePath(tempfile.mkdtemp(prefix=f".{target.name}.", dir=parent))
        for name, text in files.items():
            _write(partial / name, text)
        partial.chmod(0o777 & ~_umask())
        partial.rename(os.path.abspath(target))
    except OSError as error:
        if partial is not None:
            shutil.rmtree(partial, ignore_errors=True)
        raise _refused(target, error) from error


def put_files(root: FilePath, files: Mapping[str, str]) -> None:
    """Put new files into a folder; raises UsageError where one is there already, or cannot be written."""
    refuse_existing(root, files)
    done: list[FilePath] = []
    path = root
    try:
        for name, text in files.items():
            path = root / name
            _write(path, text)
            done.append(path)
    except OSError as error:
        for written in done:
            with contextlib.suppress(OSError):
                written.unlink()
        raise _refused(path, error) from error


def refuse_existing(root: FilePath, names: Iterable[str]) -> None:
    """Raise UsageError where a file of one of these names is there already."""
    for name in names:
        if os.path.lexists(root / name):
            raise UsageError(Message("new.exists", {"file": str(root / name)}), Message("new.exists_hint"))


def _write(path: FilePath, text: str) -> None:
    """Write a new file whole; raises FileExistsError where one is there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, partial = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        os.chmod(partial, 0o666 & ~_umask())
        os.link(partial, path)  # unlike a rename it never takes the place of a file
    finally:
        os.unlink(partial)


def _is_empty_folder(path: FilePath) -> bool:
    return path.is_dir() and not path.is_symlink() and not any(path.iterdir())


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _refused(path: FilePath, error: OSError) -> UsageError:
    args = {"file": str(path), "reason": error.strerror or str(error)}
    return UsageError(Message("cli.cannot_write", args), Message("cli.cannot_write_hint"))
