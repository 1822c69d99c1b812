# SPDX-License-Identifier: Apache-2.0
"""Manifests in Parquet: a column `manifest` holds the text of one in each row (YAML or JSON), `name` what to call it.

Without a name a row is called as the file is, and its number among all rows of the file is the index.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pyarrow as pa
import pyarrow.parquet as pq

from borderready.errors import Fault
from borderready.model import Manifest, Message
from borderready.read.manifest import Invalid, parse_manifests
from borderready.read.strict_yaml import MAX_BYTES
from borderready.scale.shard import Piece

MANIFEST = "manifest"
NAME = "name"
ROWS_AT_ONCE = 64
UNREADABLE = (OSError, ValueError)  # pyarrow's own errors are of these


def count_rows(path: str) -> Sequence[int]:
    """Return the number of rows in each row group; raises OSError or ValueError for what is no such file."""
    with pq.ParquetFile(path) as file:
        return [file.metadata.row_group(number).num_rows for number in range(file.metadata.num_row_groups)]


def read_rows(piece: Piece) -> Iterator[Manifest | Invalid]:
    """Return the manifests of some row groups; a file that cannot be read (further) is told as one that is invalid."""
    index = piece.index
    try:
        with pq.ParquetFile(piece.path) as file:
            fault = _fault_of(file.schema_arrow, piece)
            if fault is not None:
                yield Invalid(file=piece.name, index=index, sha256="", faults=(fault,))
                return
            columns = [name for name in (MANIFEST, NAME) if name in file.schema_arrow.names]
            groups = range(piece.start, min(piece.end, file.metadata.num_row_groups))
            for batch in file.iter_batches(ROWS_AT_ONCE, row_groups=list(groups), columns=columns):
                names = batch.column(NAME).to_pylist() if NAME in columns else [None] * batch.num_rows
                for text, name in zip(batch.column(MANIFEST).to_pylist(), names, strict=True):
                    yield from _parse(text, name, piece, index)
                    index += 1
    except UNREADABLE as error:
        fault = _fault(piece, "scale.parquet", index, reason=str(error))
        yield Invalid(file=piece.name, index=index, sha256="", faults=(fault,))


def _parse(text: str | bytes | None, name: object, piece: Piece, index: int) -> Iterator[Manifest | Invalid]:
    content = (text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text or b"")[: MAX_BYTES + 1]
    if isinstance(name, str) and name:
        yield from parse_manifests(content, file=name)
        return
    results = parse_manifests(content, file=piece.name)
    if len(results) > 1:
        fault = _fault(piece, "scale.several", index, row=str(index))
        yield Invalid(file=piece.name, index=index, sha256=results[0].sha256, faults=(fault,))
        return
    for result in results:
        if isinstance(result, Manifest):
            yield replace(result, index=index)
        else:
            faults = tuple(replace(fault, document=index) for fault in result.faults)
            yield replace(result, index=index, faults=faults)


def _fault_of(schema: pa.Schema, piece: Piece) -> Fault | None:
    """Return what is wrong with the columns of a file, None where nothing is."""
    if schema.names.count(MANIFEST) != 1 or schema.names.count(NAME) > 1:
        return _fault(piece, "scale.no_column", piece.index)
    if not _is_text(schema.field(MANIFEST).type):
        return _fault(piece, "scale.no_text", piece.index, type=str(schema.field(MANIFEST).type))
    return None


def _is_text(type_: pa.DataType) -> bool:
    inner = type_.value_type if pa.types.is_dictionary(type_) else type_
    tests = (pa.types.is_string, pa.types.is_large_string, pa.types.is_binary, pa.types.is_large_binary)
    return any(is_kind(inner) for is_kind in tests)


def _fault(piece: Piece, key: str, index: int, **args: str) -> Fault:
    hint = Message(f"{key}_hint", {"file": piece.name})
    return Fault(file=piece.name, span=None, path="", what=Message(key, args), hint=hint, document=index)
