# SPDX-License-Identifier: Apache-2.0
"""What one task does: reads the manifests of a shard, checks them, and writes its part of the findings.

A part is written whole or not at all, under the id of its shard. What is wrong with a manifest is a finding; what is
wrong with a machine (a file that only others see, a full disk) is a Trouble, and the part is not there.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from borderready import __version__
from borderready.batch.discover import GZIP
from borderready.batch.job import Job, check_one
from borderready.batch.source import read_unit, units_of_stream
from borderready.model import Entry, Event, Force, Listing, Manifest, Notice, Register, Report, RuleBase, Verdict
from borderready.read.manifest import (
    UNREADABLE,
    Invalid,
    open_file,
    parse_line,
    parse_manifests,
    unreadable,
)
from borderready.read.register import make_register
from borderready.read.strict_yaml import MAX_BYTES
from borderready.scale.parquet import read_rows
from borderready.scale.rows import Row, findings_schema, make_table, rows_of
from borderready.scale.shard import Kind, Piece, Shard, look_at, read_lines

PART, PARTIAL, SUFFIX = "part-", ".part-", ".parquet"
COUNTS = b"borderready.counts"
ROWS_AT_ONCE = 8192
Counts = Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """A register in a form that can be sent; the fields are those of Register that cannot be made from the others."""

    name: str
    file: str
    as_of: str | None
    source: str | None
    sha256: str
    entries: Mapping[str, tuple[Entry, ...]]
    listings: tuple[Listing, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kit:
    """Everything that a worker needs beside the shards; sent to each machine once.

    Attributes:
        engine: Version of the program that makes the plan; another one refuses to work.
        registers: By the folder of the file that asks for them.
        passes: Whether findings that pass are told.
    """

    engine: str
    rule_base: RuleBase
    registers: Mapping[str, tuple[Packed, ...]]
    notices: tuple[Notice, ...] = ()
    days: Mapping[Event, str] = field(default_factory=dict)
    fail_on: Force = Force.BLOCKS
    passes: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """A kit as a worker keeps it: with the registers made."""

    kit: Kit
    registers: Mapping[str, Mapping[str, Register]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """A shard whose part is written, with its manifests by verdict."""

    id: str
    counts: Counts


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Why a shard has no part.

    Attributes:
        key: What to say, a key of i18n.
        args: What stands in it.
        is_final: Whether the others would meet the same, so that the run ends.
    """

    key: str
    args: Mapping[str, str]
    is_final: bool = True


class _ChangedError(Exception):
    """A file is not what it was when the shards were planned."""


class _UnseenError(Exception):
    """A file that could be read when the shards were planned cannot be read here."""

    def __init__(self, piece: Piece, error: Exception) -> None:
        self.piece, self.reason = piece, str(error)
        super().__init__(self.reason)


def pack_registers(known: Mapping[str, Mapping[str, Register]]) -> Mapping[str, tuple[Packed, ...]]:
    """Return the registers of each folder in a form that can be sent; what folders share is packed once."""
    packed: dict[int, tuple[Packed, ...]] = {}
    for registers in known.values():
        if id(registers) not in packed:
            packed[id(registers)] = tuple(_pack(registers[name]) for name in sorted(registers))
    return {folder: packed[id(registers)] for folder, registers in known.items()}


def _pack(register: Register) -> Packed:
    return Packed(
        name=register.name,
        file=register.file,
        as_of=register.as_of,
        source=register.source,
        sha256=register.sha256,
        entries=register.entries,
        listings=register.listings,
    )


def unpack(kit: Kit) -> Ready:
    """Return a kit with its registers made, once for all folders that share them."""
    made: dict[int, Mapping[str, Register]] = {}
    for packed in kit.registers.values():
        if id(packed) not in made:
            made[id(packed)] = {one.name: _make(one) for one in packed}
    return Ready(kit=kit, registers={folder: made[id(packed)] for folder, packed in kit.registers.items()})


def _make(packed: Packed) -> Register:
    return make_register(
        name=packed.name,
        file=packed.file,
        as_of=packed.as_of,
        source=packed.source,
        sha256=packed.sha256,
        entries=packed.entries,
        listings=packed.listings,
    )


def folder_of(name: str) -> str:
    """Return by which folder the registers for a file are known."""
    return Path(name).parent.as_posix()


def work_on(shard: Shard, ready: Ready, *, out: Path) -> Done | Trouble:
    """Check a shard and write its part; never raises for what files and disks may be."""
    if ready.kit.engine != __version__:
        return Trouble(key="scale.other_engine", args={"here": __version__, "asked": ready.kit.engine})
    counts = Counter[str]()
    try:
        write_part(out, shard.id, _rows(shard, ready, counts), counts)
    except _ChangedError as error:
        return Trouble(key="scale.changed", args={"file": str(error)})
    except _UnseenError as error:
        return Trouble(key="scale.unseen", args={"file": error.piece.path, "reason": error.reason})
    except OSError as error:
        return Trouble(key="scale.cannot_write", args={"folder": str(out), "reason": error.strerror or str(error)})
    return Done(id=shard.id, counts=dict(counts))


def _rows(shard: Shard, ready: Ready, counts: Counter[str]) -> Iterator[Row]:
    """Return the rows of a shard in the order of its manifests; counts the manifests by verdict on the way."""
    for piece in shard.pieces:
        for result in check_piece(piece, ready):
            counts[result.verdict if isinstance(result, Report) else Verdict.INVALID] += 1
            yield from rows_of(result, passes=ready.kit.passes)


def check_piece(piece: Piece, ready: Ready) -> Iterator[Report | Invalid]:
    """Return the answer for each manifest of a piece, in their order."""
    kit = ready.kit
    registers = ready.registers.get(folder_of(piece.name), {})
    job = Job(
        rule_base=kit.rule_base,
        registers_of=lambda _: registers,  # by the file: a name inside of it must not choose a folder
        notices=kit.notices,
        days=kit.days,
        fail_on=kit.fail_on,
    )
    _hold_to(piece)
    for manifest in _read(piece):
        yield check_one(manifest, job) if isinstance(manifest, Manifest) else manifest
    _hold_to(piece)


def _hold_to(piece: Piece) -> None:
    """Raise when a file is not, or no longer, the one that was planned for."""
    if piece.look is None:
        return
    try:
        look = look_at(piece.path)
    except (OSError, ValueError) as error:
        raise _UnseenError(piece, error) from error
    if look != piece.look:
        raise _ChangedError(piece.name)


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
            raise _UnseenError(piece, error) from error
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
        raise _UnseenError(piece, error) from error
    if not count:
        yield from parse_manifests(b"", file=piece.name)


def _read_packed(piece: Piece) -> Iterator[Manifest | Invalid]:
    try:
        stream = open_file(piece.path)
    except UNREADABLE as error:
        yield unreadable(piece.name, error)
        return
    with stream:
        for unit in units_of_stream(stream, piece.name, b""):
            yield from read_unit(unit)


def part_path(out: Path, id_: str) -> Path:
    """Return where the part of a shard lies."""
    return out / f"{PART}{id_}{SUFFIX}"


def write_part(out: Path, id_: str, rows: Iterable[Row], counts: Counts) -> None:
    """Write a part whole or not at all, with the counts as they are when the rows end; raises OSError."""
    handle, partial = tempfile.mkstemp(prefix=f"{PARTIAL}{id_}.", dir=out)
    try:
        with os.fdopen(handle, "wb") as stream:
            with pq.ParquetWriter(stream, findings_schema(), compression="zstd") as writer:
                held: list[Row] = []
                for row in rows:
                    held.append(row)
                    if len(held) >= ROWS_AT_ONCE:
                        writer.write_table(make_table(held))
                        held = []
                writer.write_table(make_table(held))
                writer.add_key_value_metadata({COUNTS.decode(): json.dumps(counts, sort_keys=True)})
            stream.flush()
            os.fsync(stream.fileno())
        os.chmod(partial, 0o666 & ~_umask())
        os.replace(partial, part_path(out, id_))
    except BaseException:
        with suppress(OSError):
            os.unlink(partial)
        raise


def read_counts(path: Path) -> Counts | None:
    """Return the manifests of a part by verdict, None where it is no whole part."""
    try:
        metadata = pq.read_metadata(path).metadata or {}
        counts = json.loads(metadata[COUNTS])
    except (OSError, ValueError, KeyError, pa.ArrowException):
        return None
    return {str(verdict): int(count) for verdict, count in counts.items()}


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
