# SPDX-License-Identifier: Apache-2.0
"""What the consignments of a run use, from all machines to one file that every check reads.

A first pass writes for each shard what its consignments are and use (`uses-*.parquet`). The machine that gives the
command puts these into one SQLite file in the folder of findings, and beside them what the user's ledger knows of the
same papers, containers and orchards; the checks open it to be read and nothing else. As in a local run each consignment
is compared with all others, and the last manifest of a reference stands for it. All texts are kept as JSON in ASCII,
which holds whatever a manifest does.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pyarrow as pa
import pyarrow.parquet as pq

from borderready.across import base_use, identity_of, uses_of
from borderready.fold import fold
from borderready.histories import History, Usage
from borderready.keep.ledger import Entry, Ledger
from borderready.model import Manifest, Use
from borderready.read.manifest import Invalid
from borderready.scale.shard import Shard

USES = "uses-"
LEDGER = ".uses.sqlite"
SCHEMA = pa.schema([("identity", pa.string()), ("key", pa.string()), ("use", pa.string())])
ROWS_AT_ONCE = 8192
KEYS_HELD = 1024
MOST_TOLD = 20  # consignments that are remembered by name
_TABLES = (
    "CREATE TABLE consignment (identity TEXT PRIMARY KEY, number INTEGER NOT NULL, first TEXT NOT NULL) WITHOUT ROWID",
    "CREATE TABLE use (key TEXT NOT NULL, number INTEGER NOT NULL, use TEXT NOT NULL)",
)
_FIELDS = Use._fields


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """What the consignments of a run are compared with.

    Attributes:
        path: The SQLite file, at the same path on every machine.
        token: Tells this file from one that lay there before.
        total: How many consignments the run has.
    """

    path: str
    token: str
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """The file that consignments are compared with, and what was seen on the way.

    Attributes:
        beside: Digest of what the user's ledger adds; "" without one.
        doubles: References that stand in several manifests, as first written, with the places of these.
        nameless: Places of manifests without a reference.
    """

    compared: Compared
    beside: str
    doubles: Mapping[str, Sequence[str]]
    nameless: Sequence[str]


class Asked:
    """What checks asked of others, and what they were told: kept with the findings, to see whether it still holds."""

    def __init__(self, lookup: Callable[[str], tuple[str, ...]]) -> None:
        self._lookup = lookup
        self._read = lru_cache(maxsize=KEYS_HELD)(self._ask)  # an orchard may stand in thousands of manifests
        self.answers: dict[str, str] = {}

    def history_of(self, manifest: Manifest) -> History:
        """Return what all others than this consignment used."""
        folded = fold(identity_of(manifest))
        return lambda kind, key, _spare_kg: self.usage(kind, key).beside(folded)

    def usage(self, kind: str, key: str) -> Usage:
        """Return every use of a key of a kind."""
        return self._read(_key(kind, key))

    def _ask(self, written: str) -> Usage:
        told = self._lookup(written)
        self.answers[written] = digest_of(told)
        return Usage(map(_read_use, told))


def rows_of_uses(results: Iterable[Manifest | Invalid]) -> Iterator[Mapping[str, str | None]]:
    """Return for each manifest a row of its own, with what a ledger would say of it, and one for each use."""
    for manifest in results:
        if not isinstance(manifest, Manifest):
            continue
        identity = identity_of(manifest)
        folded = json.dumps(fold(identity))
        base = base_use(manifest.data, identity, manifest.file)
        about = [manifest.reference, manifest.file, manifest.index, manifest.sha256, base.start, base.exporter]
        yield {"identity": folded, "key": None, "use": json.dumps(about)}
        for use in uses_of(manifest.data, identity, manifest.file):
            yield {"identity": folded, "key": _key(use.kind, use.key), "use": _write_use(use)}


def make_uses(rows: Sequence[Mapping[str, str | None]]) -> pa.Table:
    """Return such rows as a table."""
    return pa.Table.from_pylist(rows, schema=SCHEMA)


def digest_of(told: Sequence[str]) -> str:
    """Return a short digest of uses, in whatever order they come."""
    return sha256("\n".join(sorted(told)).encode("ascii")).hexdigest()[:16]


def digest_shards(shards: Sequence[Shard]) -> str:
    """Return what changes whenever any use in these shards may have."""
    return sha256("\n".join(shard.id for shard in shards).encode("ascii")).hexdigest()


def uses_path(out: Path, id_: str) -> Path:
    """Return where the uses of a shard lie."""
    return out / f"{USES}{id_}.parquet"


@dataclass(slots=True)
class _Seen:
    """What is seen of consignments while they are put into the file."""

    number: int = 0
    doubles: dict[str, list[str]] = field(default_factory=dict)
    nameless: list[str] = field(default_factory=list)


def build_ledger(out: Path, shards: Sequence[Shard], kept: Ledger | None = None) -> Built:
    """Put the uses of all shards, in their order, into one file, and what a ledger knows of others.

    Raises OSError or sqlite3.Error, and KeepError where the ledger cannot be read.
    """
    path = out / LEDGER
    path.unlink(missing_ok=True)
    seen = _Seen()
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = OFF")  # it is made anew whenever it is needed
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("BEGIN")
        for statement in _TABLES:
            connection.execute(statement)
        for shard in shards:
            with pq.ParquetFile(uses_path(out, shard.id)) as file:
                for batch in file.iter_batches(ROWS_AT_ONCE):
                    _add(connection, batch.to_pylist(), seen)
        connection.execute("DELETE FROM use WHERE number NOT IN (SELECT number FROM consignment)")
        connection.execute("CREATE INDEX use_by_key ON use (key)")
        total = int(connection.execute("SELECT count(*) FROM consignment").fetchone()[0])
        beside = "" if kept is None else _add_kept(connection, kept)
        connection.execute("COMMIT")
    compared = Compared(path=str(path), token=uuid4().hex, total=total)
    return Built(compared=compared, beside=beside, doubles=seen.doubles, nameless=seen.nameless)


def _add(connection: sqlite3.Connection, rows: Sequence[Mapping[str, str | None]], seen: _Seen) -> None:
    for row in rows:
        if row["key"] is not None:
            connection.execute("INSERT INTO use VALUES (?, ?, ?)", (row["key"], seen.number, row["use"]))
            continue
        seen.number += 1
        found = connection.execute("SELECT first FROM consignment WHERE identity = ?", (row["identity"],)).fetchone()
        first = row["use"] if found is None else found[0]
        connection.execute("INSERT OR REPLACE INTO consignment VALUES (?, ?, ?)", (row["identity"], seen.number, first))
        _note(str(first), str(row["use"]), seen)


def _note(first: str, about: str, seen: _Seen) -> None:
    """Note a reference that stands in several manifests, and a manifest that has none."""
    reference, file, index, *_ = json.loads(about)
    place = f"{file}#{index}"
    if reference is None and len(seen.nameless) < MOST_TOLD:
        seen.nameless.append(place)
    written, first_file, first_index, *_ = json.loads(first)
    before = f"{first_file}#{first_index}"
    name = written or before
    if before != place and (name in seen.doubles or len(seen.doubles) < MOST_TOLD):
        seen.doubles.setdefault(name, [before]).append(place)


def _add_kept(connection: sqlite3.Connection, kept: Ledger) -> str:
    """Add what consignments of the ledger that are not in the run used of the same; return a digest of it."""
    whole = sha256()
    connection.execute("CREATE TEMP TABLE beside (key TEXT NOT NULL, use TEXT NOT NULL)")
    for (key,) in connection.execute("SELECT DISTINCT key FROM use ORDER BY key"):
        for use in _uses_kept(kept, *json.loads(key)):
            folded = json.dumps(fold(use.reference))
            if connection.execute("SELECT 1 FROM consignment WHERE identity = ?", (folded,)).fetchone() is None:
                written = _write_use(use)
                whole.update(f"{key}\n{written}\n".encode("ascii"))
                connection.execute("INSERT INTO beside VALUES (?, ?)", (key, written))
    connection.execute("INSERT INTO use SELECT key, 0, use FROM beside")
    return whole.hexdigest()


def _uses_kept(kept: Ledger, kind: str, key: str) -> Sequence[Use]:
    try:
        return kept.uses(kind, key)
    except UnicodeEncodeError:
        return ()


def read_entries(out: Path, shard: Shard, verdicts: Sequence[str]) -> Iterator[tuple[Entry, tuple[Use, ...]]]:
    """Yield what a ledger records of the consignments of a shard that have a reference, in their order.

    Args:
        out: The folder of findings.
        shard: One whose uses are written.
        verdicts: Of its manifests that could be read, in their order.
    """
    left = iter(verdicts)
    entry: Entry | None = None
    uses: list[Use] = []
    with pq.ParquetFile(uses_path(out, shard.id)) as file:
        for batch in file.iter_batches(ROWS_AT_ONCE):
            for row in batch.to_pylist():
                if row["key"] is not None:
                    uses.append(_read_use(row["use"]))
                    continue
                if entry is not None:
                    yield entry, tuple(uses)
                entry, uses = _read_entry(row["use"], next(left)), []
    if entry is not None:
        yield entry, tuple(uses)


def _read_entry(about: str, verdict: str) -> Entry | None:
    """Return what a ledger records of a manifest, None of one without a reference."""
    reference, file, _, sha256, day, exporter = json.loads(about)
    if reference is None:
        return None
    return Entry(reference=reference, file=file, sha256=sha256, day=day, exporter=exporter, verdict=verdict)


def remove_ledger(out: Path) -> None:
    """Take the file away, which nobody reads any more."""
    with suppress(OSError):
        os.unlink(out / LEDGER)


@lru_cache(maxsize=1)
def open_lookup(path: str, _token: str) -> Callable[[str], tuple[str, ...]]:
    """Return what gives the uses of a key; a process opens the file once. Raises sqlite3.Error."""
    connection = sqlite3.connect(f"file:{quote(path)}?mode=ro&immutable=1", uri=True)

    def lookup(key: str) -> tuple[str, ...]:
        return tuple(use for (use,) in connection.execute("SELECT use FROM use WHERE key = ?", (key,)))

    return lookup


def still_holds(answers: Mapping[str, str], lookup: Callable[[str], tuple[str, ...]]) -> bool:
    """Tell whether everything that was asked would be answered as it was."""
    return all(digest_of(lookup(key)) == digest for key, digest in answers.items())


def _key(kind: str, key: str) -> str:
    return json.dumps([kind, key])


def _write_use(use: Use) -> str:
    values = [getattr(use, name) for name in _FIELDS]
    return json.dumps([str(value) if isinstance(value, Decimal) else value for value in values])


def _read_use(text: str) -> Use:
    values: dict[str, Any] = dict(zip(_FIELDS, json.loads(text), strict=True))
    if values["net_kg"] is not None:
        values["net_kg"] = Decimal(values["net_kg"])
    return Use(**values)
