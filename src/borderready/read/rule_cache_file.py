# SPDX-License-Identifier: Apache-2.0
"""The file of a compiled rule base: a head, a line of what is always needed, a line for each rule and each table."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from hashlib import sha256
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any

from borderready.model import Disabled, PackId, RuleId, RuleName, Value
from borderready.read.rule_base import PackData

if TYPE_CHECKING:
    from borderready.read.extend import Loaded

# Raised whenever the form of the file, or what reading a pack judges, changes.
FORMAT = 6
_DECIMAL = "$decimal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Goods:
    """The origins and products that rules are wanted for; a rule that cannot concern them need not be made."""

    origins: frozenset[str]
    products: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cached:
    """What a cache file holds: the data, the packs that they are of, how the files looked, and when it was written.

    Attributes:
        left_out: How many rules were not read because they cannot concern the goods, by the word of `each`.
        others: Their names.
        pack: The pack and what it rests on; its own name is "" where it has no pack.yaml.
        folders: Where the packs lie that it rests on, the nearest first.
        looks: How the files of each of the packs looked, its own first.
    """

    data: PackData
    left_out: Mapping[str, int]
    others: tuple[RuleName, ...]
    pack: PackId
    folders: tuple[FilePath, ...]
    looks: tuple[str, ...]
    written_ns: int

    def pack_named(self, name: str) -> PackId:
        """Return the pack, by its own name where it has one, else by this."""
        return self.pack if self.pack.name else replace(self.pack, name=name)


def read_cache(path: FilePath, engine: str, goods: Goods | None) -> Cached | None:
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
        return Cached(
            data=data,
            left_out=dict(Counter(entry[0] for entry in others)),
            others=tuple(RuleName(*entry[4:]) for entry in others),
            pack=_read_packs(core["packs"]),
            folders=tuple(FilePath(folder) for folder in core["folders"]),
            looks=tuple(core["looks"]),
            written_ns=written_ns,
        )
    except (OSError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError, RecursionError):
        return None


def _read_packs(written: Sequence[Sequence[Any]]) -> PackId:
    """Return the pack and what it rests on, as _write_packs wrote them."""
    below: PackId | None = None
    for name, version, digest, disables in reversed(written):
        disabled = (
            Disabled(pack=name, rule=RuleId(rule), reason=reason, until=until, line=line)
            for rule, reason, until, line in disables
        )
        below = PackId(name=name, version=version, sha256=digest, extends=below, disables=tuple(disabled))
    if below is None:
        raise ValueError("no pack")
    return below


def _write_packs(pack: PackId, *, is_named: bool) -> list[list[object]]:
    """Return plain data of a pack and what it rests on; the first without a name unless it has one of its own."""
    written: list[list[object]] = [
        [one.name, one.version, one.sha256, [[d.rule, d.reason, d.until, d.line] for d in one.disables]]
        for one in pack.chain
    ]
    if not is_named:
        written[0][0] = ""
    return written


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


def write_cache(path: FilePath, loaded: Loaded, looks: tuple[str, ...], engine: str) -> None:
    """Write a cache file whole or not at all; a folder that cannot be written costs time, never an answer."""
    data = loaded.data
    core = {
        "packs": _write_packs(loaded.pack, is_named=loaded.is_named),
        "folders": [str(folder) for folder in loaded.folders],
        "looks": looks,
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
