# SPDX-License-Identifier: Apache-2.0
"""Files to units of work: a file that a worker reads whole, or some lines of one that holds a manifest a line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from borderready.batch.discover import GZIP, LINES
from borderready.model import Manifest
from borderready.read.manifest import (
    UNREADABLE,
    Invalid,
    open_file,
    parse_line,
    parse_manifests,
    read_manifests,
    unreadable,
)
from borderready.read.strict_yaml import MAX_BYTES

if TYPE_CHECKING:
    from gzip import GzipFile

LINES_BYTES = 12 * 1024  # lines that go to a worker together


class Unit(NamedTuple):
    """Some manifests that one worker reads and checks.

    Attributes:
        name: The file, as it is shown.
        path: Where it lies, if elsewhere (standard input that was kept).
        lines: Lines with a manifest each, with their numbers; None where the file is read whole.
        first: Which manifest of the file the first line is.
        broken: Why the file cannot be read further, after what was read before.
        is_ahead: Whether it is to be checked at once, before it is known what others use.
    """

    name: str
    path: str | None = None
    lines: tuple[tuple[int, bytes], ...] | None = None
    first: int = 0
    broken: Invalid | None = None
    is_ahead: bool = False

    @property
    def size_bytes(self) -> int:
        """About how large the unit is."""
        return sum(len(line) for _, line in self.lines or ())


def units_of(files: Mapping[str, str]) -> Iterator[Unit]:
    """Return the units of files, in their order; files with a manifest a line are read as the units are asked for.

    Args:
        files: By name as shown where each lies.
    """
    for name, path in files.items():
        if path.lower().removesuffix(GZIP).endswith(LINES):
            yield from _units_of_lines(name, path)
        else:
            yield Unit(name=name, path=path if path != name else None)


def _units_of_lines(name: str, path: str) -> Iterator[Unit]:
    try:
        stream = open_file(path)
    except UNREADABLE as error:
        yield Unit(name=name, broken=unreadable(name, error))
        return
    with stream:
        yield from units_of_stream(stream, name)


def units_of_stream(stream: BinaryIO | GzipFile, name: str) -> Iterator[Unit]:
    """Return the units of a stream with a manifest a line."""
    held: list[tuple[int, bytes]] = []
    held_bytes = count = 0
    try:
        for number, line in _lines_of(stream):
            held.append((number, line))
            held_bytes += len(line)
            if held_bytes >= LINES_BYTES:
                yield Unit(name=name, lines=tuple(held), first=count)
                count += len(held)
                held, held_bytes = [], 0
    except UNREADABLE as error:
        if held:
            yield Unit(name=name, lines=tuple(held), first=count)
        yield Unit(name=name, broken=unreadable(name, error, index=count + len(held)))
        return
    if held or not count:
        yield Unit(name=name, lines=tuple(held), first=count)


def _lines_of(stream: BinaryIO | GzipFile) -> Iterator[tuple[int, bytes]]:
    """Return lines with their numbers; empty ones are passed over, and of one that is too long only the beginning."""
    number = 0
    line = stream.readline(MAX_BYTES + 1)
    while line:
        number += 1
        if line.strip():
            yield number, line
        while line and not line.endswith(b"\n"):
            line = stream.readline(MAX_BYTES + 1)
        line = stream.readline(MAX_BYTES + 1)


def read_unit(unit: Unit) -> Iterator[Manifest | Invalid]:
    """Return the manifests of a unit; never raises for what a file may be."""
    if unit.broken is not None:
        yield unit.broken
    elif unit.lines is None:
        yield from read_manifests(unit.path or unit.name, shown_as=unit.name)
    elif not unit.lines:
        yield from parse_manifests(b"", file=unit.name)
    for offset, (number, line) in enumerate(unit.lines or ()):
        yield from parse_line(line.rstrip(b"\r\n"), file=unit.name, index=unit.first + offset, line=number)
