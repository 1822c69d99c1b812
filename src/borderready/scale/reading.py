# SPDX-License-Identifier: Apache-2.0
"""Pieces of files to manifests, exactly as a local run reads them, from a file that is still the one planned for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from borderready.batch.discover import GZIP
from borderready.batch.source import read_unit, units_of_stream
from borderready.model import Manifest
from borderready.read.manifest import UNREADABLE, Invalid, open_file, parse_line, parse_manifests, unreadable
from borderready.read.strict_yaml import MAX_BYTES
from borderready.scale.parquet import read_rows
from borderready.scale.shard import Kind, Piece, look_at, read_lines


class ChangedError(Exception):
    """A file is not what it was when the shards were planned."""


class UnseenError(Exception):
    """A file that could be read when the shards were planned cannot be read here."""

    def __init__(self, piece: Piece, error: Exception) -> None:
        self.piece, self.reason = piece, str(error)
        super().__init__(self.reason)


def read_piece(piece: Piece) -> Iterator[Manifest | Invalid]:
    """Return the manifests of a piece in their order; raises ChangedError or UnseenError, before or after them."""
    _hold_to(piece)
    yield from _read(piece)
    _hold_to(piece)


def _hold_to(piece: Piece) -> None:
    """Raise when a file is not, or no longer, the one that was planned for."""
    if piece.look is None:
        return
    try:
        look = look_at(piece.path)
    except (OSError, ValueError) as error:
        raise UnseenError(piece, error) from error
    if look != piece.look:
        raise ChangedError(piece.name)


def _read(piece: Piece) -> Iterator[Manifest | Invalid]:
    """Return the manifests of a piece, exactly as a local run reads them."""
    if piece.broken is not None:
        yield piece.broken
    elif piece.kind is Kind.ROWS:
        yield from read_rows(piece)
    elif piece.kind is Kind.LINES:
        yield from _read_lines(piece)
    elif piece.kind is Kind.PACKED_LINES:
        yield from _read_packed(piece)
    else:
        yield from _read_whole(piece)


def _read_whole(piece: Piece) -> Iterator[Manifest | Invalid]:
    try:
        with open_file(piece.path) as stream:
            content = stream.read(MAX_BYTES + 1)
    except UNREADABLE as error:
        if not piece.path.endswith(GZIP):  # a plain file that was read when planned
            raise UnseenError(piece, error) from error
        yield unreadable(piece.name, error)
        return
    yield from parse_manifests(content, file=piece.name)


def _read_lines(piece: Piece) -> Iterator[Manifest | Invalid]:
    count = 0
    try:
        with Path(piece.path).open("rb") as stream:
            for number, line in read_lines(stream, start=piece.start, end=piece.end, line=piece.line):
                yield from parse_line(line.rstrip(b"\r\n"), file=piece.name, index=piece.index + count, line=number)
                count += 1
    except OSError as error:
        raise UnseenError(piece, error) from error
    if not count:
        yield from parse_manifests(b"", file=piece.name)


def _read_packed(piece: Piece) -> Iterator[Manifest | Invalid]:
    try:
        stream = open_file(piece.path)
    except UNREADABLE as error:
        yield unreadable(piece.name, error)
        return
    with stream:
        for unit in units_of_stream(stream, piece.name):
            yield from read_unit(unit)
