# SPDX-License-Identifier: Apache-2.0
"""Inputs to shards: what one task reads and checks, and a name for it that changes when its content does.

A file with a manifest a line is cut at line ends; a shard of it knows how many lines and manifests stand before it, so
that it is read without them and its findings still have the places of the whole file.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from hashlib import file_digest, sha256
from pathlib import Path
from typing import BinaryIO

from borderready.batch.discover import GZIP, LINES
from borderready.read.manifest import Invalid, unreadable
from borderready.read.strict_yaml import MAX_BYTES

PARQUET = ".parquet"
ID_LENGTH = 32


class Kind(StrEnum):
    """How a piece is read."""

    FILE = "file"
    LINES = "lines"
    PACKED_LINES = "packed-lines"
    ROWS = "rows"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How large a shard is at most; a single manifest or row group that is larger is a shard of its own."""

    manifests: int
    size_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How a file looks from outside, to see that it was not changed between planning and reading."""

    size_bytes: int
    mtime_ns: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Some manifests of one file.

    Attributes:
        name: The file as it is shown.
        path: The same from the root of the file system, alike on every machine.
        start: First byte, or first row group.
        end: The byte, or row group, behind the last one.
        line: How many lines stand before it.
        index: How many manifests stand before it.
        digest: Of the bytes of the piece (of the file where it is not cut by bytes); "" where it cannot be read.
        look: None where it cannot be read.
        broken: Why it cannot be read, None where it can.
    """

    name: str
    path: str
    kind: Kind
    start: int
    end: int
    line: int
    index: int
    size_bytes: int
    digest: str
    look: Look | None
    broken: Invalid | None = None

    @property
    def identity(self) -> list[object]:
        """What must be equal for the findings to be."""
        reason = None if self.broken is None else repr(self.broken.faults)
        return [self.name, str(self.kind), self.start, self.end, self.line, self.index, self.digest, reason]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shard:
    """The pieces that one task checks."""

    id: str
    pieces: tuple[Piece, ...]

    @property
    def size_bytes(self) -> int:
        """How many bytes of input it is."""
        return sum(piece.size_bytes for piece in self.pieces)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """A range of a file with a manifest a line; the fields are as in Piece, `manifests` is how many it holds."""

    start: int
    end: int
    line: int
    index: int
    manifests: int
    digest: str


def make_shard(pieces: Iterable[Piece]) -> Shard:
    """Return a shard; its id follows from its pieces."""
    held = tuple(pieces)
    identity = json.dumps([piece.identity for piece in held])
    return Shard(id=sha256(identity.encode()).hexdigest()[:ID_LENGTH], pieces=held)


def plan(names: Sequence[str], limits: Limits, count_rows: Callable[[str], Sequence[int]]) -> Iterator[Shard]:
    """Return the shards of files, in their order. Every file is read once, for its digest.

    Neighbours that are read whole are put together, up to the limits; what is cut stands alone.

    Args:
        names: As they are shown.
        limits: Of a shard.
        count_rows: Gives the number of rows in each row group of a Parquet file; raises OSError or ValueError.
    """
    held: list[Piece] = []
    held_bytes = 0
    for name in names:
        if kind_of(name) is not Kind.FILE:
            if held:
                yield make_shard(held)
                held, held_bytes = [], 0
            yield from (make_shard([piece]) for piece in _cut(name, limits, count_rows))
            continue
        piece = _whole(name, Kind.FILE)
        if held and (len(held) >= limits.manifests or held_bytes + piece.size_bytes > limits.size_bytes):
            yield make_shard(held)
            held, held_bytes = [], 0
        held.append(piece)
        held_bytes += piece.size_bytes
    if held:
        yield make_shard(held)


def kind_of(name: str) -> Kind:
    """Return how a file is read, by its ending."""
    low = name.lower()
    if low.endswith(PARQUET):
        return Kind.ROWS
    if low.endswith(LINES):
        return Kind.LINES
    return Kind.PACKED_LINES if low.removesuffix(GZIP).endswith(LINES) else Kind.FILE


def look_at(path: str) -> Look:
    """Return how a file looks now; raises OSError."""
    found = os.stat(path)
    return Look(size_bytes=found.st_size, mtime_ns=found.st_mtime_ns)


def _cut(name: str, limits: Limits, count_rows: Callable[[str], Sequence[int]]) -> Iterator[Piece]:
    kind = kind_of(name)
    if kind is Kind.LINES:
        yield from _cut_file(name, limits)
        return
    whole = _whole(name, kind)
    if kind is Kind.ROWS and whole.look is not None:
        yield from _cut_groups(whole, limits, count_rows)
    else:
        yield whole


def _whole(name: str, kind: Kind) -> Piece:
    """Return a file as one piece; one that cannot be read is told as such by whoever checks it."""
    path = os.path.abspath(name)
    digest, look, broken = "", None, None
    try:
        look = look_at(path)
        with Path(path).open("rb") as stream:
            digest = file_digest(stream, "sha256").hexdigest()
    except (OSError, ValueError) as error:
        look, broken = None, unreadable(name, error)
    size_bytes = 0 if look is None else look.size_bytes
    return Piece(
        name=name,
        path=path,
        kind=kind,
        start=0,
        end=size_bytes,
        line=0,
        index=0,
        size_bytes=size_bytes,
        digest=digest,
        look=look,
        broken=broken,
    )


def _cut_file(name: str, limits: Limits) -> Iterator[Piece]:
    path = os.path.abspath(name)
    try:
        look = look_at(path)
        with Path(path).open("rb") as stream:
            cuts = tuple(cut_lines(stream, limits))
    except (OSError, ValueError):
        yield _whole(name, Kind.LINES)
        return
    for cut in cuts:
        yield Piece(
            name=name,
            path=path,
            kind=Kind.LINES,
            start=cut.start,
            end=cut.end,
            line=cut.line,
            index=cut.index,
            size_bytes=cut.end - cut.start,
            digest=cut.digest,
            look=look,
        )


def cut_lines(stream: BinaryIO, limits: Limits) -> Iterator[Cut]:
    """Return ranges that hold every line of a stream once; blank lines belong to the manifest before them."""
    start = end = line = index = lines = manifests = 0
    digest = sha256()
    while chunk := stream.readline(MAX_BYTES + 1):
        is_manifest = bool(chunk.strip())
        if is_manifest and manifests and (manifests >= limits.manifests or end - start >= limits.size_bytes):
            yield Cut(start=start, end=end, line=line, index=index, manifests=manifests, digest=digest.hexdigest())
            start, line, index = end, line + lines, index + manifests
            lines = manifests = 0
            digest = sha256()
        lines += 1
        manifests += is_manifest
        digest.update(chunk)
        end += len(chunk)
        while chunk and not chunk.endswith(b"\n"):
            chunk = stream.readline(MAX_BYTES + 1)
            digest.update(chunk)
            end += len(chunk)
    if end > start or not end:
        yield Cut(start=start, end=end, line=line, index=index, manifests=manifests, digest=digest.hexdigest())


def read_lines(stream: BinaryIO, *, start: int, end: int, line: int) -> Iterator[tuple[int, bytes]]:
    """Return the lines of a range with their numbers; of one that is too long only the beginning, and no blank ones."""
    stream.seek(start)
    position = start
    while position < end and (chunk := stream.readline(MAX_BYTES + 1)):
        line += 1
        position += len(chunk)
        if chunk.strip():
            yield line, chunk
        while chunk and not chunk.endswith(b"\n"):
            chunk = stream.readline(MAX_BYTES + 1)
            position += len(chunk)


def _cut_groups(whole: Piece, limits: Limits, count_rows: Callable[[str], Sequence[int]]) -> Iterator[Piece]:
    try:
        counts = count_rows(whole.path)
    except (OSError, ValueError):
        yield whole
        return
    for start, end, index, rows in pack_groups(counts, limits):
        size_bytes = whole.size_bytes * rows // max(1, sum(counts))
        yield replace(whole, start=start, end=end, index=index, size_bytes=size_bytes)


def pack_groups(counts: Sequence[int], limits: Limits) -> Iterator[tuple[int, int, int, int]]:
    """Return runs of row groups of at most so many rows: first, the one behind the last, rows before, rows."""
    start = before = held = 0
    for number, rows in enumerate(counts):
        if held and held + rows > limits.manifests:
            yield start, number, before, held
            start, before, held = number, before + held, 0
        held += rows
    yield start, len(counts), before, held
