# SPDX-License-Identifier: Apache-2.0
"""Files that tasks write: whole or not at all, each with what is known of it in its own metadata."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TypeVar

import pyarrow as pa
import pyarrow.parquet as pq

from borderready.scale.rows import Row, findings_schema, make_table

PART, PARTIAL, SUFFIX = "part-", ".part-", ".parquet"
ABOUT = "borderready.part"
ROWS_AT_ONCE = 8192
Counts = Mapping[str, int]
R = TypeVar("R")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What a part of the findings says about itself.

    Attributes:
        counts: Its manifests by verdict.
        verdicts: Of those that could be read, in their order.
        inputs: Digest of all consignments that its own were compared with.
        answers: What was asked of them, each with a digest of the answer; None where there were no others.
        used: Waivers that accept a finding of it, by place.
        lapsed: Waivers that would, had they not expired.
        met: Waivers whose consignment or exporter it holds.
    """

    counts: Counts
    verdicts: tuple[str, ...]
    inputs: str
    answers: Mapping[str, str] | None
    used: frozenset[str] = frozenset()
    lapsed: frozenset[str] = frozenset()
    met: frozenset[str] = frozenset()


def part_path(out: Path, id_: str) -> Path:
    """Return where the part of a shard lies."""
    return out / f"{PART}{id_}{SUFFIX}"


def write_part(out: Path, id_: str, rows: Iterable[Row], about: Callable[[], Part]) -> None:
    """Write a part of the findings; `about` is asked when the rows have ended. Raises OSError."""

    def metadata() -> Mapping[str, str]:
        return {ABOUT: json.dumps(asdict(about()), sort_keys=True, default=sorted)}

    write_table(part_path(out, id_), rows, findings_schema(), make_table, metadata)


def read_part(path: Path) -> Part | None:
    """Return what a part says about itself, None where it is no whole part."""
    try:
        metadata = pq.read_metadata(path).metadata or {}
        told = json.loads(metadata[ABOUT.encode()])
        sets = {name: frozenset(told[name]) for name in ("used", "lapsed", "met")}
        return Part(**{**told, "verdicts": tuple(told["verdicts"]), **sets})
    except (OSError, ValueError, KeyError, TypeError, pa.ArrowException):
        return None


def is_whole(path: Path) -> bool:
    """Tell whether a file is a whole Parquet file, by its end."""
    try:
        pq.read_metadata(path)
    except (OSError, ValueError, pa.ArrowException):
        return False
    return True


def write_table(
    path: Path,
    rows: Iterable[R],
    schema: pa.Schema,
    make: Callable[[Sequence[R]], pa.Table],
    metadata: Callable[[], Mapping[str, str]],
) -> None:
    """Write a table whole or not at all; raises OSError, and whatever its rows raise."""
    handle, partial = tempfile.mkstemp(prefix=f"{PARTIAL}{path.stem}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            with pq.ParquetWriter(stream, schema, compression="zstd") as writer:
                held: list[R] = []
                for row in rows:
                    held.append(row)
                    if len(held) >= ROWS_AT_ONCE:
                        writer.write_table(make(held))
                        held = []
                writer.write_table(make(held))
                writer.add_key_value_metadata(metadata())
            stream.flush()
            os.fsync(stream.fileno())
        os.chmod(partial, 0o666 & ~_umask())
        os.replace(partial, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(partial)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
