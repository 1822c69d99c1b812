# SPDX-License-Identifier: Apache-2.0
"""The compiled rule base on disk, keyed by the content of the pack. It may be lost, damaged, locked or of another
version at any time: then it is not trusted, and the pack is read anew. Data only, no pickle.
"""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from collections.abc import Mapping
from decimal import Decimal
from hashlib import sha256
from pathlib import Path as FilePath
from typing import Any

from borderready.model import PackId, RuleBase, Value
from borderready.read.rule_base import (
    KindSchemas,
    PackData,
    assemble,
    digest_pack,
    is_answering,
    load_pack_files,
    read_pack,
)

# Raised whenever the form of the file, or what reading a pack judges, changes.
FORMAT = 2
_DECIMAL = "$decimal"


def load_rule_base(
    root: FilePath, kinds: KindSchemas, *, cache_dir: FilePath | None, engine: str, name: str
) -> RuleBase:
    """Return the rule base of a pack folder, from the cache where it holds this very content.

    Args:
        root: The pack.
        kinds: As in read_pack.
        cache_dir: Where compiled packs lie; None reads anew and keeps nothing.
        engine: Version of the program; another one's cache is not used.
        name: Name of the pack.

    Raises:
        RuleBaseError: When a file of the pack is broken; a cache never raises.
    """
    contents = load_pack_files(root, wants=is_answering)
    digest = digest_pack(contents)
    path = cache_dir / f"pack-{digest[:32]}.json" if cache_dir is not None else None
    data = _read(path, digest, engine) if path is not None else None
    if data is None:
        data = read_pack(root, contents, kinds)
        if path is not None:
            _write(path, data, digest, engine)
    return assemble(data, PackId(name=name, version=data.version, sha256=digest))


def _read(path: FilePath, digest: str, engine: str) -> PackData | None:
    """Return what a cache file holds, None unless every byte is as it was written, for this pack and this engine."""
    try:
        head, _, body = path.read_bytes().partition(b"\n")
        if head != _head(body, digest, engine):
            return None
        loaded = json.loads(body)
        return PackData(
            version=loaded["version"],
            rules=tuple((rule, tuple(_freeze(o) for o in options)) for rule, options in loaded["rules"]),
            products=loaded["products"],
            instruments=tuple(loaded["instruments"]),
            gaps=tuple(loaded["gaps"]),
            tables=tuple((_freeze(description), tuple(rows)) for description, rows in loaded["tables"]),
        )
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def _write(path: FilePath, data: PackData, digest: str, engine: str) -> None:
    """Write a cache file whole or not at all; a folder that cannot be written costs time, never an answer."""
    plain = {
        "version": data.version,
        "rules": data.rules,
        "products": data.products,
        "instruments": data.instruments,
        "tables": data.tables,
        "gaps": data.gaps,
    }
    body = json.dumps(plain, default=_plain, ensure_ascii=False, separators=(",", ":")).encode()
    partial = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, partial = tempfile.mkstemp(prefix=".pack-", dir=path.parent)
        with os.fdopen(handle, "wb") as stream:
            stream.write(_head(body, digest, engine) + b"\n" + body)
        os.replace(partial, path)
    except OSError:
        if partial is not None:
            with contextlib.suppress(OSError):
                os.unlink(partial)


def _head(body: bytes, digest: str, engine: str) -> bytes:
    return f"borderready-pack {FORMAT} {engine} {digest} {sha256(body).hexdigest()}".encode()


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return {_DECIMAL: str(value)}
    raise TypeError(f"not plain data: {value!r}")


def _freeze(value: Any) -> Any:
    """Return loaded JSON as typed data: sequences are tuples, and decimals are exact again."""
    if isinstance(value, list):
        return tuple(_freeze(member) for member in value)
    if isinstance(value, Mapping):
        if _DECIMAL in value:
            return Decimal(value[_DECIMAL])
        frozen: dict[str, Value] = {key: _freeze(inner) for key, inner in value.items()}
        return frozen
    return value
