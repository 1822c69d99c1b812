# SPDX-License-Identifier: Apache-2.0
"""Where the formats of a run go: standard output as it comes, files whole or not at all."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from borderready.cli.session import print_bytes, umask_now
from borderready.errors import UsageError
from borderready.model import Message
from borderready.report.formats import FORMATS
from borderready.report.stream import Assembler, Item, RunInfo
from borderready.report.summary import Summary

# Of a report of hundreds of megabytes; that of most manifests is written at once.
_PIECES_AT_ONCE = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One format and where it goes; no path is standard output."""

    format: str
    path: Path | None
    info: RunInfo


class Outputs:
    """Writes a run in each of its formats; leaves no half file, whatever ends the run."""

    def __init__(self, targets: Sequence[Target]) -> None:
        self._targets = targets
        self._assemblers = [Assembler(FORMATS[target.format], target.info) for target in targets]
        self._files: list[tuple[Path, str | None, IO[bytes]] | None] = []

    def __enter__(self) -> Self:
        try:
            for target in self._targets:
                self._files.append(_open(target.path) if target.path is not None else None)
        except BaseException:
            self._throw_away()
            raise
        for place, assembler in enumerate(self._assemblers):
            self._write(place, (assembler.begin(),))
        return self

    def add(self, items: Iterable[Item]) -> None:
        """Write one manifest, an item for each format in their order."""
        for place, item in enumerate(items):
            self._write(place, self._assemblers[place].add(item))

    def finish(self, summary: Summary) -> None:
        """Write what stands at the end, and put the files in their places."""
        for place, assembler in enumerate(self._assemblers):
            self._write(place, (assembler.end(summary),))
        for place, file in enumerate(self._files):
            if file is not None:
                _put(*file)
                self._files[place] = None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._throw_away()

    def _write(self, place: int, pieces: Sequence[bytes]) -> None:
        file = self._files[place]
        for start in range(0, len(pieces), _PIECES_AT_ONCE):
            text = b"".join(pieces[start : start + _PIECES_AT_ONCE])
            if not text:
                continue
            if file is None:
                print_bytes(text)
                continue
            path, _, stream = file
            with _told(path):
                stream.write(text)

    def _throw_away(self) -> None:
        for file in self._files:
            if file is None:
                continue
            _, partial, stream = file
            with contextlib.suppress(OSError):
                stream.close()
            if partial is not None:
                with contextlib.suppress(OSError):
                    os.unlink(partial)
        self._files = [None] * len(self._files)


def _open(path: Path) -> tuple[Path, str | None, IO[bytes]]:
    """Return a file to write: beside the path until it is whole; a pipe or a device itself."""
    with _told(path):
        if path.exists() and not path.is_file():
            return path, None, path.open("wb")
        handle, partial = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        return path, partial, os.fdopen(handle, "wb")


def _put(path: Path, partial: str | None, stream: IO[bytes]) -> None:
    with _told(path):
        stream.flush()
        if partial is not None:
            os.fsync(stream.fileno())
        stream.close()
        if partial is not None:
            os.chmod(partial, 0o666 & ~umask_now())
            os.replace(partial, path)


@contextlib.contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        args = {"file": str(path), "reason": error.strerror or str(error)}
        raise UsageError(Message("cli.cannot_write", args), Message("cli.cannot_write_hint")) from error
