# SPDX-License-Identifier: Apache-2.0
"""The compiled rule base on disk. It may be lost, damaged, locked or of another version at any time: then it is not
trusted, and the pack is read anew. Data only, no pickle.

A cache file belongs to a folder and holds the digest of the pack's content. The content is digested anew unless every
file of the pack has the size, the times and the inode that it had then; times that were then too fresh to tell two
edits apart are not believed (and the file is written again). The program's clock is never asked.
"""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from hashlib import sha256
from pathlib import Path as FilePath
from typing import Any, TypeAlias

from borderready.model import PackId, RuleBase, RuleName, Value
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
FORMAT = 5
SETTLED_SECONDS = 2.0
_DECIMAL = "$decimal"


Judge: TypeAlias = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Goods:
    """The origins and products that rules are wanted for; a rule that cannot concern them need not be made."""

    origins: frozenset[str]
    products: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cached:
    """What a cache file holds: the data, the digest of the content, how the files looked, and when it was written.

    Attributes:
        left_out: How many rules were not read because they cannot concern the goods, by the word of `each`.
        others: Their names.
    """

    data: PackData
    left_out: Mapping[str, int]
    others: tuple[RuleName, ...]
    digest: str
    look: str
    written_ns: int


def load_rule_base(
    root: FilePath,
    kinds: KindSchemas,
    *,
    cache_dir: FilePath | None,
    engine: str,
    name: str,
    goods: Goods | None = None,
    judge: Judge = lambda _: None,
) -> RuleBase:
    """Return the rule base of a pack folder, from the cache where it holds this very content.

    Args:
        root: The pack.
        kinds: As in read_pack.
        cache_dir: Where compiled packs lie; None reads anew and keeps nothing.
        engine: Version of the program; another one's cache is not used.
        name: Name of the pack.
        goods: Load only what can concern these goods, where the cache allows it; the others are counted.
        judge: Called with the digest of the content before anything of it is read; raises where it is not the one that
            is meant.

    Raises:
        RuleBaseError: When a file of the pack is broken; a cache never raises.
    """
    path = (
        None if cache_dir is None else cache_dir / f"pack-{sha256(os.fsencode(root.absolute())).hexdigest()[:32]}.json"
    )
    cached = None if path is None else _read(path, engine, goods)
    look = _look_of(root)
    if cached is not None and look is not None and cached.look == look.digest and look.is_settled(cached.written_ns):
        judge(cached.digest)
        known = _assemble(cached, name)
        if known is not None:
            return known
    contents = load_pack_files(root, wants=is_answering)
    digest = digest_pack(contents)
    judge(digest)
    if cached is not None and (goods is not None or cached.digest != digest):
        cached = _read(path, engine, None) if path is not None and cached.digest == digest else None
    known = None if cached is None else _assemble(cached, name)
    if cached is None or known is None:
        data = read_pack(contents, kinds)
        known = assemble(data, PackId(name=name, version=data.version, sha256=digest))
    else:
        data = cached.data
    if path is not None:
        _write(path, data, digest, look.digest if look is not None else "", engine)
    return known


def load_rule_contents(
    contents: Mapping[str, bytes],
    kinds: KindSchemas,
    *,
    cache_dir: FilePath,
    engine: str,
    name: str,
    goods: Goods | None = None,
) -> RuleBase:
    """Return the rule base of a pack by its files, from the cache where it holds this very content.

    The arguments are those of load_rule_base; a cache file belongs to the content here.
    """
    digest = digest_pack(contents)
    path = cache_dir / f"pack-{digest[:32]}.json"
    cached = _read(path, engine, goods)
    known = _assemble(cached, name) if cached is not None and cached.digest == digest else None
    if known is None:
        data = read_pack(contents, kinds)
        known = assemble(data, PackId(name=name, version=data.version, sha256=digest))
        _write(path, data, digest, "", engine)
    return known


def _assemble(cached: _Cached, name: str) -> RuleBase | None:
    """Return the rule base that a cache holds, None where its data have another shape than this program knows."""
    try:
        known = assemble(cached.data, PackId(name=name, version=cached.data.version, sha256=cached.digest))
        return replace(known, left_out=cached.left_out, others=cached.others)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    """How the files of a pack look from outside, and the newest of their times."""

    digest: str
    newest_ns: int

    def is_settled(self, written_ns: int) -> bool:
        """Tell whether the newest change was old enough then that a later one in the same tick cannot hide."""
        return written_ns - self.newest_ns >= SETTLED_SECONDS * 1e9


def _look_of(root: FilePath) -> _Look | None:
    """Return how the files of a pack look, None when they cannot be looked at."""
    newest, seen = 0, []
    stack = [os.fspath(root)]
    try:
        while stack:
            with os.scandir(stack.pop()) as entries:
                for entry in entries:
                    if entry.name.startswith("."):
                        continue
                    if entry.is_dir():
                        stack.append(entry.path)
                    elif is_answering(entry.name):
                        stat = entry.stat()
                        newest = max(newest, stat.st_mtime_ns, stat.st_ctime_ns)
                        times = f"{stat.st_mtime_ns}\0{stat.st_ctime_ns}"
                        seen.append(f"{entry.path}\0{stat.st_size}\0{times}\0{stat.st_ino}")
    except OSError:
        return None
    digest = sha256("\n".join(sorted(seen)).encode("utf-8", "surrogateescape")).hexdigest()
    return _Look(digest=digest, newest_ns=newest)


def _read(path: FilePath, engine: str, goods: Goods | None) -> _Cached | None:
    """Return what a cache file holds, None unless every byte is as it was written, by this engine.

    Its first line is the head, the second what is always needed, then come one line for each rule and each table, so
    that those of other goods need not be parsed.
    """
    try:
        head, _, body = path.read_bytes().partition(b"\n")
        if head != _head(body, engine):
            return None
        first, *lines = body.split(b"\n")
        core = json.loads(first)
        wanted = [True] * len(core["rules"]) if goods is None else _wanted(core, goods)
        rules = [json.loads(line) for line, is_wanted in zip(lines, wanted, strict=False) if is_wanted]
        needed = {
            "synonyms",
            *(t for entry, w in zip(core["rules"], wanted, strict=True) if w for t in entry[3]),
        }
        table_lines = zip(core["tables"], lines[len(wanted) :], strict=True)
        tables = [json.loads(line) for name, line in table_lines if goods is None or name in needed]
        data = PackData(
            version=core["version"],
            rules=tuple((rule, tuple(_freeze(o) for o in options)) for rule, options in rules),
            products=core["products"],
            instruments=tuple(core["instruments"]),
            gaps=tuple(core["gaps"]),
            notices=tuple(core["notices"]),
            tables=tuple((_freeze(description), tuple(rows)) for description, rows in tables),
        )
        others = [entry for entry, w in zip(core["rules"], wanted, strict=True) if not w]
        written_ns = path.stat().st_mtime_ns
        return _Cached(
            data=data,
            left_out=dict(Counter(entry[0] for entry in others)),
            others=tuple(RuleName(*entry[4:]) for entry in others),
            digest=core["digest"],
            look=core["look"],
            written_ns=written_ns,
        )
    except (OSError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError, RecursionError):
        return None


def _wanted(core: Mapping[str, Any], goods: Goods) -> list[bool]:
    """Tell for each rule whether it can concern the goods."""
    words = set(goods.products)
    for product in goods.products:
        words.update(core["products"].get(product, {}).get("groups", ()))
    return [
        (not origins or not goods.origins.isdisjoint(origins))
        and (not products or "any" in products or not words.isdisjoint(products))
        for _, origins, products, *_ in core["rules"]
    ]


def _index_of(rule: Mapping[str, Value], options: tuple[Mapping[str, Value], ...]) -> list[object]:
    """Return what decides whether a rule is needed (each, origins, products, tables), and its name."""
    applies = rule["applies_to"]
    assert isinstance(applies, Mapping)
    tables = [given["table"] for given in options if "table" in given]
    tables += [name for given in options for name in _members(given.get("besides", ()))]
    origins, products = _members(applies.get("origin", ())), _members(applies.get("product", ()))
    name = [rule["id"], rule["area"], rule.get("waivable") != "never"]
    return [rule["each"], list(origins), list(products), tables, *name]


def _members(value: Value) -> tuple[Value, ...]:
    return tuple(value) if isinstance(value, (tuple, list)) else ()


def _write(path: FilePath, data: PackData, digest: str, look: str, engine: str) -> None:
    """Write a cache file whole or not at all; a folder that cannot be written costs time, never an answer."""
    core = {
        "digest": digest,
        "look": look,
        "version": data.version,
        "products": data.products,
        "instruments": data.instruments,
        "gaps": data.gaps,
        "notices": data.notices,
        "rules": [_index_of(rule, options) for rule, options in data.rules],
        "tables": [description["id"] for description, _ in data.tables],
    }
    body = b"\n".join(_line(part) for part in (core, *data.rules, *data.tables))
    partial = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, partial = tempfile.mkstemp(prefix=".pack-", dir=path.parent)
        with os.fdopen(handle, "wb") as stream:
            stream.write(_head(body, engine) + b"\n" + body)
        os.replace(partial, path)
    except OSError:
        if partial is not None:
            with contextlib.suppress(OSError):
                os.unlink(partial)


def _line(part: object) -> bytes:
    """Return one line of JSON; line ends inside texts are escaped by JSON itself."""
    written = json.dumps(part, default=_plain, ensure_ascii=False, separators=(",", ":"))
    return written.encode("utf-8", "surrogatepass")


def _head(body: bytes, engine: str) -> bytes:
    return f"borderready-pack {FORMAT} {engine} {sha256(body).hexdigest()}".encode()


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
