# SPDX-License-Identifier: Apache-2.0
"""What the consignments of a run use, from all machines to one file that every check reads.

A first pass writes for each shard what its consignments use (`uses-*.parquet`). The machine that gives the command puts
these into one SQLite file in the folder of findings; the checks open it to be read and nothing else. As in a local run
each consignment is compared with all others, and the last manifest of a reference stands for it. All texts are kept as
JSON in ASCII, which holds whatever a manifest does.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, fields
from decimal import Decimal
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pyarrow as pa
import pyarrow.parquet as pq

from borderready.across import identity_of, make_histories, uses_of
from borderready.fold import fold
from borderready.model import History, Manifest, Use
from borderready.read.manifest import Invalid
from borderready.scale.shard import Shard

USES = "uses-"
LEDGER = ".uses.sqlite"
SCHEMA = pa.schema([("identity", pa.string()), ("key", pa.string()), ("use", pa.string())])
ROWS_AT_ONCE = 8192
KEYS_HELD = 1024
_TABLES = (
    "CREATE TABLE consignment (identity TEXT PRIMARY KEY, number INTEGER NOT NULL) WITHOUT ROWID",
    "CREATE TABLE use (key TEXT NOT NULL, number INTEGER NOT NULL, use TEXT NOT NULL)",
)
_FIELDS = tuple(field.name for field in fields(Use))


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """What the consignments of a run are compared with.

    Attributes:
        path: The SQLite file, at the same path on every machine.
        token: Tells this file from one that lay there before.
        total: How many consignments there are.
    """

    path: str
    token: str
    total: int


class Asked:
    """What checks asked of others, and what they were told: kept with the findings, to see whether it still holds."""

    def __init__(self, lookup: Callable[[str], tuple[str, ...]]) -> None:
        self._lookup = lookup
        self._read = lru_cache(maxsize=KEYS_HELD)(self._ask)  # an orchard may stand in thousands of manifests
        self.answers: dict[str, str] = {}

    def uses(self, kind: str, key: str) -> tuple[Use, ...]:
        """Return every use of a key of a kind."""
        return self._read(_key(kind, key))

    def _ask(self, written: str) -> tuple[Use, ...]:
        told = self._lookup(written)
        self.answers[written] = digest_of(told)
        return tuple(map(_read_use, told))

    def history_of(self, manifest: Manifest) -> History:
        """Return what all others than this consignment used."""
        return make_histories((), self.uses)(identity_of(manifest))


def rows_of_uses(results: Iterable[Manifest | Invalid]) -> Iterator[Mapping[str, str | None]]:
    """Return for each manifest a row of its own, and one for each use."""
    for manifest in results:
        if not isinstance(manifest, Manifest):
            continue
        identity = identity_of(manifest)
        folded = json.dumps(fold(identity))
        yield {"identity": folded, "key": None, "use": None}
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


def build_ledger(out: Path, shards: Sequence[Shard]) -> Compared:
    """Put the uses of all shards, in their order, into one file; raises OSError or sqlite3.Error."""
    path = out / LEDGER
    path.unlink(missing_ok=True)
    number = 0
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = OFF")  # it is made anew whenever it is needed
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("BEGIN")
        for statement in _TABLES:
            connection.execute(statement)
        for shard in shards:
            with pq.ParquetFile(uses_path(out, shard.id)) as file:
                for batch in file.iter_batches(ROWS_AT_ONCE):
                    number = _add(connection, batch.to_pylist(), number)
        connection.execute("DELETE FROM use WHERE number NOT IN (SELECT number FROM consignment)")
        connection.execute("CREATE INDEX use_by_key ON use (key)")
        total = int(connection.execute("SELECT count(*) FROM consignment").fetchone()[0])
        connection.execute("COMMIT")
    return Compared(path=str(path), token=uuid4().hex, total=total)


def _add(connection: sqlite3.Connection, rows: Sequence[Mapping[str, str | None]], number: int) -> int:
    """Add rows; return how many manifests there are so far."""
    for row in rows:
        if row["key"] is None:
            number += 1
            connection.execute("INSERT OR REPLACE INTO consignment VALUES (?, ?)", (row["identity"], number))
        else:
            connection.execute("INSERT INTO use VALUES (?, ?, ?)", (row["key"], number, row["use"]))
    return number


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
