# SPDX-License-Identifier: Apache-2.0
"""What one task does: reads the manifests of a shard, checks them, and writes its part of the findings.

A part is written whole or not at all, under the id of its shard. What is wrong with a manifest is a finding; what is
wrong with a machine (a file that only others see, a full disk) is a Trouble, and the part is not there.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from borderready import __version__
from borderready.batch.job import Job, check_one, registers_beside, settings_of
from borderready.keep.register_lookup import open_copy
from borderready.model import Entry, Event, Listing, Manifest, Notice, Register, RuleBase, Verdict
from borderready.read.manifest import Invalid
from borderready.read.register import make_register
from borderready.scale.others import SCHEMA, Asked, Compared, make_uses, open_lookup, rows_of_uses, uses_path
from borderready.scale.part import Counts, Part, write_part, write_table
from borderready.scale.reading import ChangedError, UnseenError, read_piece
from borderready.scale.rows import Row, rows_of
from borderready.scale.shard import Piece, Shard
from borderready.settings import Settings
from borderready.waive import Book, Waived


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
    """Everything that a worker needs beside the shards; sent to each machine once, since it opens no file for it.

    Attributes:
        engine: Version of the program that makes the plan; another one refuses to work.
        registers: By their folder, as it is shown.
        kept: A copy of the store of registers of the machine that gives the command, None where nobody needs it.
        settings: Those of the run; what differs by path is decided by the path of the file.
        book: Waivers and baseline, with the day on which they are judged.
        passes: Whether findings that pass are told.
    """

    engine: str
    rule_base: RuleBase
    registers: Mapping[str, tuple[Packed, ...]]
    kept: bytes | None = None
    settings: Settings = field(default_factory=Settings)
    book: Book | None = None
    notices: tuple[Notice, ...] = ()
    days: Mapping[Event, str] = field(default_factory=dict)
    passes: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """A kit as a worker keeps it: with the registers made."""

    kit: Kit
    registers: Mapping[str, Mapping[str, Register]]
    kept: Mapping[str, Register]

    def registers_for(self, name: str, own: Settings) -> Mapping[str, Register]:
        """Return the registers for a file, as a local run takes them."""
        if own.registers is not None:
            return self.registers[own.registers]
        return self.registers.get(registers_beside(name), self.kept)


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


def pack_registers(known: Mapping[str, Mapping[str, Register]]) -> Mapping[str, tuple[Packed, ...]]:
    """Return the registers of each folder in a form that can be sent."""
    return {folder: tuple(_pack(registers[name]) for name in sorted(registers)) for folder, registers in known.items()}


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
    """Return a kit with its registers made."""
    made = {folder: {one.name: _make(one) for one in packed} for folder, packed in kit.registers.items()}
    return Ready(kit=kit, registers=made, kept={} if kit.kept is None else open_copy(kit.kept))


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


def gather_uses(shard: Shard, *, engine: str, out: Path) -> Done | Trouble:
    """Write what the consignments of a shard use; never raises for what files and disks may be."""

    def write() -> Done:
        rows = rows_of_uses(manifest for piece in shard.pieces for manifest in read_piece(piece))
        write_table(uses_path(out, shard.id), rows, SCHEMA, make_uses, dict)
        return Done(id=shard.id, counts={})

    return _told(write, engine, out)


def work_on(shard: Shard, ready: Ready, *, out: Path, compared: Compared | None, inputs: str) -> Done | Trouble:
    """Check a shard and write its part; never raises for what files and disks may be.

    Args:
        shard: Its pieces.
        ready: What the checks need.
        out: The folder of findings.
        compared: The uses of all consignments, None where there is only one.
        inputs: Digest of all that was put there.
    """

    def write() -> Done:
        asked = None if compared is None else Asked(open_lookup(compared.path, compared.token))
        noted = _Noted()

        def about() -> Part:
            return noted.part(inputs, None if asked is None else asked.answers)

        write_part(out, shard.id, _rows(shard, ready, asked, noted), about)
        return Done(id=shard.id, counts=dict(noted.counts))

    return _told(write, ready.kit.engine, out)


def _told(write: Callable[[], Done], engine: str, out: Path) -> Done | Trouble:
    """Do what a task does; what is wrong with this machine or its files is returned."""
    if engine != __version__:
        return Trouble(key="scale.other_engine", args={"here": __version__, "asked": engine})
    try:
        return write()
    except ChangedError as error:
        return Trouble(key="scale.changed", args={"file": str(error)})
    except UnseenError as error:
        return Trouble(key="scale.unseen", args={"file": error.piece.path, "reason": error.reason})
    except (OSError, sqlite3.Error) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        return Trouble(key="scale.cannot_write", args={"folder": str(out), "reason": reason})


@dataclass(slots=True)
class _Noted:
    """What is noted while the manifests of a shard are gone through; the fields are as in Part."""

    counts: Counter[str] = field(default_factory=Counter)
    verdicts: list[str] = field(default_factory=list)
    used: set[str] = field(default_factory=set)
    lapsed: set[str] = field(default_factory=set)
    met: set[str] = field(default_factory=set)

    def add(self, waived: Waived) -> None:
        self.counts[waived.report.verdict] += 1
        self.verdicts.append(str(waived.report.verdict))
        self.used |= waived.used
        self.lapsed |= waived.lapsed
        self.met |= waived.met

    def part(self, inputs: str, answers: Mapping[str, str] | None) -> Part:
        return Part(
            counts=dict(self.counts),
            verdicts=tuple(self.verdicts),
            inputs=inputs,
            answers=answers,
            used=frozenset(self.used),
            lapsed=frozenset(self.lapsed),
            met=frozenset(self.met),
        )


def _rows(shard: Shard, ready: Ready, asked: Asked | None, noted: _Noted) -> Iterator[Row]:
    """Return the rows of a shard in the order of its manifests; notes what they come to on the way."""
    for piece in shard.pieces:
        for result in check_piece(piece, ready, asked):
            if isinstance(result, Waived):
                noted.add(result)
            else:
                noted.counts[Verdict.INVALID] += 1
            yield from rows_of(result.report if isinstance(result, Waived) else result, passes=ready.kit.passes)


def check_piece(piece: Piece, ready: Ready, asked: Asked | None) -> Iterator[Waived | Invalid]:
    """Return the answer for each manifest of a piece, in their order.

    Settings and registers go by the file: a name inside of it must not choose them.
    """
    kit = ready.kit
    own = settings_of(kit.settings, piece.path)
    job = Job(
        rule_base=kit.rule_base,
        registers=ready.registers_for(piece.name, own),
        notices=kit.notices,
        history_of=asked.history_of if asked is not None else lambda _: None,
        days=kit.days,
        own=own,
        book=kit.book,
    )
    for manifest in read_piece(piece):
        yield check_one(manifest, job) if isinstance(manifest, Manifest) else manifest
