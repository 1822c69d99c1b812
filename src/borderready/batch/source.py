# SPDX-License-Identifier: Apache-2.0
"""Files to units of work: a file that a worker reads whole, or some lines of one that holds a manifest a line."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from borderready.batch.discover import GZIP, LINES, STDIN
from borderready.model import Manifest
from borderready.read.manifest import (
    UNREADABLE,
    Invalid,
    open_file,
    open_stdin,
    parse_line,
    parse_manifests,
    read_manifests,
    unreadable,
)
from borderready.read.strict_yaml import MAX_BYTES

if TYPE_CHECKING:
    from gzip import GzipFile

LINES_BYTES = 12 * 1024  # lines that go to a worker together


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """Some manifests that one worker reads and checks.

    Attributes:
        name: The file, as it is shown; `-` for standard input.
        lines: Lines with a manifest each, with their numbers; None where the file is read whole.
        index: Which manifest of the file the first line is.
        broken: Why the file cannot be read further, after what was read before.
    """

    name: str
    lines: tuple[tuple[int, bytes], ...] | None = None
    content: bytes | None = None
    index: int = 0
    broken: Invalid | None = None

    @property
    def size_bytes(self) -> int:
        """About how large the unit is."""
        return sum(len(line) for _, line in self.lines or ()) + len(self.content or b"")


def units_of(names: Sequence[str]) -> Iterator[Unit]:
    """Return the units of files, in their order; files with a manifest a line are read as the units are asked for."""
    for name in names:
        if name == STDIN:
            yield from _units_of_stdin()
        elif name.lower().removesuffix(GZIP).endswith(LINES):
            yield from _units_of_lines(name)
        else:
            yield Unit(name=name)


def _units_of_stdin() -> Iterator[Unit]:
    """Standard input holds a manifest a line when its first line is a whole JSON object."""
    shown = "<stdin>"
    try:
        stream = open_stdin()
        first = stream.readline(MAX_BYTES + 1)
        if _is_object(first):
            yield from units_of_stream(stream, shown, first)
        else:
            yield Unit(name=shown, content=first + stream.read(MAX_BYTES + 1 - min(len(first), MAX_BYTES)))
    except UNREADABLE as error:
        yield Unit(name=shown, broken=unreadable(shown, error))


def _is_object(line: bytes) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except ValueError:
        return False


def _units_of_lines(name: str) -> Iterator[Unit]:
    try:
        stream = open_file(name)
    except UNREADABLE as error:
        yield Unit(name=name, broken=unreadable(name, error))
        return
    with stream:
        yield from units_of_stream(stream, name, b"")


def units_of_stream(stream: BinaryIO | GzipFile, name: str, first: bytes) -> Iterator[Unit]:
    """Return the units of a stream with a manifest a line, of which the first line may have been read already."""
    held: list[tuple[int, bytes]] = []
    held_bytes = count = 0
    try:
        for number, line in _lines_of(stream, first):
            held.append((number, line))
            held_bytes += len(line)
            if held_bytes >= LINES_BYTES:
                yield Unit(name=name, lines=tuple(held), index=count)
                count += len(held)
                held, held_bytes = [], 0
    except UNREADABLE as error:
        if held:
            yield Unit(name=name, lines=tuple(held), index=count)
        yield Unit(name=name, broken=unreadable(name, error, index=count + len(held)))
        return
    if held or not count:
        yield Unit(name=name, lines=tuple(held), index=count)


def _lines_of(stream: BinaryIO | GzipFile, first: bytes) -> Iterator[tuple[int, bytes]]:
    """Return lines with their numbers; empty ones are passed over, and of one that is too long only the beginning."""
    number = 0
    line = first or stream.readline(MAX_BYTES + 1)
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
    elif unit.content is not None:
        yield from parse_manifests(unit.content, file=unit.name)
    elif unit.lines is None:
        yield from read_manifests(unit.name)
    elif not unit.lines:
        yield from parse_manifests(b"", file=unit.name)
    for offset, (number, line) in enumerate(unit.lines or ()):
        yield from parse_line(line.rstrip(b"\r\n"), file=unit.name, index=unit.index + offset, line=number)
