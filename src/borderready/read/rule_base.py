# SPDX-License-Identifier: Apache-2.0
"""A pack folder to a RuleBase, or to everything that is wrong with it.

Only what a check needs to be sure of is judged here: form, kinds, options, paths, links. How a pack should be written
is the linter's business (pack/lint).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from importlib.resources import files
from pathlib import Path as FilePath
from typing import Any

import yaml

from borderready.errors import Fault, RuleBaseError
from borderready.fold import fold
from borderready.model import Message, PackId, Rule, RuleBase, RuleId, Span, Table, Value, path_of_rule
from borderready.read.base_names import BaseNames, names_in
from borderready.read.notice import Known, faults_of, make_notice, parse_notices
from borderready.read.rule import as_mapping, as_text, as_tuple, make_gap, make_instrument, make_product, make_rule
from borderready.read.rule_judge import broken_links, fault_at, judge_patterns, judge_rule, whole_fault
from borderready.read.rule_options import type_all_options
from borderready.read.schema import type_by
from borderready.read.strict_yaml import Document, parse_yaml
from borderready.read.table import TRAILING, make_table, read_rows

CASES_SUFFIX = ".cases.yaml"
SEALS = ("MANIFEST.json", "SIGNATURES.json")  # of a built pack: they speak of its files and are none of them
_NOT_RULES = ("instruments", "tables", "gaps", "notices", "coverage")


@dataclass(frozen=True, slots=True, kw_only=True)
class KindSchemas:
    """What the reader must know of check kinds, handed in so that it need not import them.

    Attributes:
        options: JSON Schema of the options of each kind.
        problem_of_pattern: Why a pattern is refused, or None.
    """

    options: Mapping[str, Mapping[str, Any]]
    problem_of_pattern: Callable[[str], str | None]


Plain = Mapping[str, Value]


@dataclass(frozen=True, slots=True, kw_only=True)
class PackData:
    """A pack as plain typed data, judged and complete: what the cache keeps, and what `assemble` needs.

    Attributes:
        rules: For each rule its file and the options of its wordings.
        products: For each product its entry.
        instruments: One file each.
        tables: For each table its description and its rows with their lines.
    """

    version: str
    rules: tuple[tuple[Plain, tuple[Plain, ...]], ...]
    products: Mapping[str, Value]
    instruments: tuple[Plain, ...]
    tables: tuple[tuple[Plain, tuple[tuple[int, tuple[str, ...]], ...]], ...]
    gaps: tuple[Plain, ...] = ()
    notices: tuple[Plain, ...] = ()


@dataclass(slots=True)
class _Pack:
    """A pack while it is read; faults gather, and nothing is given out before there are none."""

    kinds: KindSchemas
    name: str | None
    base: BaseNames
    broken: set[str] = field(default_factory=set)
    faults: list[Fault] = field(default_factory=list)
    rules: list[tuple[Plain, tuple[Plain, ...], Rule, Document]] = field(default_factory=list)
    groups: set[str] = field(default_factory=set)
    products: Mapping[str, Value] = field(default_factory=dict)
    instruments: dict[str, Plain] = field(default_factory=dict)
    tables: dict[str, tuple[Plain, tuple[tuple[int, tuple[str, ...]], ...]]] = field(default_factory=dict)
    gaps: dict[str, Plain] = field(default_factory=dict)
    notices: list[tuple[str, tuple[Plain, ...], Document]] = field(default_factory=list)


def default_rules_dir() -> FilePath:
    """Return the folder of the pack `cn`: inside an installed package, else at the root of a checkout."""
    installed = FilePath(str(files("borderready"))) / "rules"
    if installed.is_dir():
        return installed
    return FilePath(__file__).resolve().parents[3] / "rules"


def list_pack_files(root: FilePath) -> tuple[str, ...]:
    """Return every file of a pack by its path inside it, sorted; hidden files are none of it."""
    found = []
    stack = [root]
    while stack:
        for entry in stack.pop().iterdir():
            if entry.name.startswith("."):
                continue
            if entry.is_dir():
                stack.append(entry)
            else:
                found.append(entry.relative_to(root).as_posix())
    return tuple(sorted(found))


def digest_pack(contents: Mapping[str, bytes]) -> str:
    """Return the digest of a pack: SHA-256 over the sorted paths and the digests of their bytes.

    Every file that can change an answer counts; cases, news and the pack's own README change none.
    """
    return digest_digests({name: sha256(contents[name]).hexdigest() for name in filter(is_answering, contents)})


def digest_digests(digests: Mapping[str, str]) -> str:
    """Return the digest of a pack by the digests of its files, as digest_pack does by their bytes."""
    whole = sha256()
    for name in sorted(filter(is_answering, digests)):
        whole.update(f"{name}\0{digests[name]}\n".encode())
    return whole.hexdigest()


def is_answering(name: str) -> bool:
    """Tell whether a file of a pack can change an answer."""
    return not name.endswith((CASES_SUFFIX, ".md", *SEALS))


def load_pack_files(root: FilePath, *, wants: Callable[[str], bool] = lambda _: True) -> Mapping[str, bytes]:
    """Return the bytes of the files of a pack that are wanted; raises RuleBaseError when they cannot be read."""
    contents: dict[str, bytes] = {}
    name = ""
    try:
        for name in filter(wants, list_pack_files(root)):
            contents[name] = (root / name).read_bytes()
    except OSError as error:
        what = Message("pack.unreadable", {"reason": error.strerror or str(error)})
        raise RuleBaseError([whole_fault(str(root / name), what, Message("pack.unreadable_hint"))]) from error
    if "VERSION" not in contents:
        what = Message("pack.no_version", {"folder": str(root)})
        raise RuleBaseError([whole_fault(str(root), what, Message("pack.unreadable_hint"))])
    if not contents["VERSION"].strip():
        raise RuleBaseError([whole_fault("VERSION", Message("pack.empty_version"))])
    return contents


def read_pack(
    contents: Mapping[str, bytes], kinds: KindSchemas, *, name: str | None = None, base: PackData | None = None
) -> PackData:
    """Return the data of a pack, without those of its base.

    Args:
        contents: Its files.
        kinds: What there is to know of check kinds.
        name: What the ids of its rules begin with, None where they are bare.
        base: What it extends: it may use all of it, and define nothing of it anew.

    Raises:
        RuleBaseError: With all faults when any file of it is broken.
    """
    pack = _Pack(kinds=kinds, name=name, base=names_in(base))
    pack.groups = {*pack.base.groups, "any"}
    _read_products(pack, contents)
    for path in sorted(contents):
        parts = path.split("/")
        if path.startswith("instruments/") and path.endswith(".yaml"):
            _read_instrument(pack, path, contents[path])
        elif path.startswith("tables/") and path.endswith(".yaml"):
            _read_table(pack, path, contents)
        elif path.startswith("gaps/") and path.endswith(".yaml"):
            _read_gaps(pack, path, contents[path])
        elif path.startswith("notices/") and path.endswith(".yaml"):
            _read_notices(pack, path, contents[path])
        elif (
            len(parts) == 3
            and path.endswith(".yaml")
            and not path.endswith(CASES_SUFFIX)
            and parts[0] not in _NOT_RULES
        ):
            _read_rule(pack, path, contents[path])
    pack.broken = {fault.file for fault in pack.faults}
    _judge_links(pack)
    if pack.faults:
        raise RuleBaseError(pack.faults)
    return PackData(
        version=contents["VERSION"].decode("utf-8", "replace").strip(),
        rules=tuple((data, options) for data, options, _, _ in pack.rules),
        products=pack.products,
        instruments=tuple(pack.instruments.values()),
        tables=tuple(pack.tables.values()),
        gaps=tuple(pack.gaps[name] for name in sorted(pack.gaps)),
        notices=tuple(entry for _, entries, _ in pack.notices for entry in entries),
    )


def assemble(data: PackData, pack: PackId) -> RuleBase:
    """Return the rule base of data that was judged when it was read."""
    tables = {table.id: table for table in (make_table(description, rows) for description, rows in data.tables)}
    instruments = (make_instrument(entry) for entry in data.instruments)
    rules = [make_rule(rule, options) for rule, options in data.rules]
    disabled = {one.rule: one for member in reversed(pack.chain) for one in member.disables}
    if disabled:
        rules = [replace(rule, disabled=disabled.get(rule.id)) for rule in rules]
    return RuleBase(
        pack=pack,
        rules=tuple(sorted(rules, key=lambda rule: rule.id)),
        products={name: make_product(name, as_mapping(entry)) for name, entry in data.products.items()},
        instruments={instrument.id: instrument for instrument in instruments},
        tables=tables,
        synonyms=_synonyms(tables.get("synonyms")),
        gaps=tuple(make_gap(gap) for gap in data.gaps),
        notices=tuple(make_notice(entry) for entry in data.notices),
    )


def type_file(schema: str, content: bytes, *, file: str) -> tuple[Value | None, Document | None, tuple[Fault, ...]]:
    """Return the one document of a pack file, typed by a schema, or all that is wrong with it."""
    parsed = parse_yaml(content, file=file)
    if parsed.faults:
        return None, None, parsed.faults
    if len(parsed.documents) != 1 or parsed.documents[0].root is None:
        return None, None, (whole_fault(file, Message("pack.one_document")),)
    document = parsed.documents[0]
    if not isinstance(document.root, (yaml.MappingNode, yaml.SequenceNode)):
        return None, None, (whole_fault(file, Message("pack.one_document")),)
    value, faults = type_by(schema, document, file=file)
    return (None if faults else value), document, faults


def _read_products(pack: _Pack, contents: Mapping[str, bytes]) -> None:
    if "products.yaml" not in contents:
        if not pack.base.groups:
            pack.faults.append(whole_fault("products.yaml", Message("pack.no_products")))
        return
    value, document, faults = type_file("products", contents["products.yaml"], file="products.yaml")
    pack.faults.extend(faults)
    if value is None or document is None:
        return
    data = as_mapping(value)
    pack.groups |= {*as_mapping(data["groups"])}
    pack.products = as_mapping(data["products"])
    for kind, taken in (("groups", pack.base.groups), ("products", pack.base.products)):
        for name in as_mapping(data[kind]):
            _judge_new(pack, taken, name, document, "products.yaml", (kind, name))
    for name, entry in pack.products.items():
        for index, group in enumerate(make_product(name, as_mapping(entry)).groups):
            if group not in pack.groups:
                path = ("products", name, "groups", index)
                pack.faults.append(fault_at(document, "products.yaml", path, "pack.no_group", {"group": group}))


def _read_instrument(pack: _Pack, path: str, content: bytes) -> None:
    value, document, faults = type_file("instrument", content, file=path)
    pack.faults.extend(faults)
    if value is None or document is None:
        return
    data = as_mapping(value)
    name = as_text(data["id"])
    if path != f"instruments/{name}.yaml":
        pack.faults.append(fault_at(document, path, ("id",), "pack.id_path", {"id": name}))
    _judge_new(pack, pack.base.instruments, name, document, path, ("id",))
    pack.instruments[name] = data


def _read_table(pack: _Pack, path: str, contents: Mapping[str, bytes]) -> None:
    value, document, faults = type_file("table", contents[path], file=path)
    pack.faults.extend(faults)
    if value is None or document is None:
        return
    data = as_mapping(value)
    rows_path = path.removesuffix(".yaml") + ".csv"
    columns = set(as_mapping(data["columns"]))
    rows, row_faults = read_rows(data, contents.get(rows_path), file=rows_path)
    pack.faults.extend(row_faults)
    name = as_text(data["id"])
    if name != path.removeprefix("tables/").removesuffix(".yaml"):
        pack.faults.append(fault_at(document, path, ("id",), "pack.id_path", {"id": name}))
    _judge_new(pack, pack.base.tables, name, document, path, ("id",))
    for index, column in enumerate(as_tuple(data["key"])):
        if column not in columns:
            pack.faults.append(fault_at(document, path, ("key", index), "pack.key_column", {"column": str(column)}))
    for column in sorted(columns.intersection(TRAILING)):
        pack.faults.append(fault_at(document, path, ("columns", column), "pack.own_column", {"column": column}))
    if name == "synonyms" and not {"kind", "id", "synonym"} <= columns:
        pack.faults.append(fault_at(document, path, ("columns",), "pack.synonyms", {}))
        return
    pack.tables[name] = (data, rows)


def _read_gaps(pack: _Pack, path: str, content: bytes) -> None:
    value, document, faults = type_file("gaps", content, file=path)
    pack.faults.extend(faults)
    if value is None or document is None:
        return
    for index, entry in enumerate(as_tuple(value)):
        data = as_mapping(entry)
        name = as_text(data["id"])
        if name in pack.gaps:
            pack.faults.append(fault_at(document, path, (index, "id"), "pack.same_gap", {"id": name}))
        _judge_new(pack, pack.base.gaps, name, document, path, (index, "id"))
        pack.gaps[name] = data


def _read_notices(pack: _Pack, path: str, content: bytes) -> None:
    entries, document, faults = parse_notices(content, file=path)
    pack.faults.extend(faults)
    if document is not None and not faults:
        pack.notices.append((path, entries, document))


def _judge_new(
    pack: _Pack, taken: frozenset[str], name: str, document: Document, path: str, place: tuple[str | int, ...]
) -> None:
    """Note a fault where a name is one of the base."""
    if name in taken:
        pack.faults.append(fault_at(document, path, place, "extend.same", {"name": name}))


def _read_rule(pack: _Pack, path: str, content: bytes) -> None:
    value, document, faults = type_file("rule", content, file=path)
    pack.faults.extend(faults)
    if value is None or document is None:
        return
    data = as_mapping(value)
    schema = pack.kinds.options[as_text(data["check"])]
    options, option_faults = type_all_options(schema, data, document, path)
    own = [*option_faults, *judge_rule(data, document, path, pack=pack.name)]
    own += judge_patterns(pack.kinds.problem_of_pattern, options, document, path)
    pack.faults.extend(own)
    if not own:
        pack.rules.append((data, options, make_rule(data, options), document))


def _judge_links(pack: _Pack) -> None:
    """Judge what rules and rows name elsewhere: products, instruments, tables, other rules.

    A file that is itself broken is told as such and not also as missing.
    """
    prefix = f"{pack.name}:" if pack.name is not None else ""
    known = {rule.id for _, _, rule, _ in pack.rules}
    known |= {RuleId(prefix + path.removesuffix(".yaml")) for path in pack.broken}
    goods = None if "products.yaml" in pack.broken else pack.groups | set(pack.products) | pack.base.products
    instruments = set(pack.instruments) | _broken_names(pack, "instruments/") | pack.base.instruments
    tables = set(pack.tables) | _broken_names(pack, "tables/") | pack.base.tables
    for _, _, rule, document in pack.rules:
        file = f"{path_of_rule(rule.id)}.yaml"
        links = broken_links(
            rule, rules=known, base=pack.base.rules, goods=goods, instruments=instruments, tables=tables
        )
        pack.faults.extend(fault_at(document, file, place, key, args) for place, key, args in links)
    _judge_notices(pack, goods, instruments)
    for name, (description, rows) in sorted(pack.tables.items()):
        if f"tables/{name}.csv" in pack.broken:
            continue
        for row in make_table(description, rows).rows:
            if row.source.instrument not in instruments:
                what = Message("pack.no_instrument", {"instrument": row.source.instrument})
                span = Span(line=row.number, column=1, end_line=row.number, end_column=2)
                pack.faults.append(Fault(file=f"tables/{name}.csv", span=span, path="", what=what))


def _judge_notices(pack: _Pack, goods: set[str] | None, instruments: set[str]) -> None:
    """Judge what notices name: gates, products, instruments, and each other's ids."""
    rows = pack.tables.get("gates")
    gates = {row.cells["gate"] for row in make_table(*rows).rows} if rows is not None else pack.base.gates
    is_told = not pack.broken.isdisjoint(("tables/gates.yaml", "tables/gates.csv"))
    known = Known(
        gates=None if is_told else frozenset(gates or ()),
        goods=None if goods is None else frozenset(goods),
        instruments=frozenset(instruments),
    )
    taken = set(pack.base.notices)
    for path, entries, document in pack.notices:
        pack.faults.extend(faults_of(entries, known, document, file=path, taken=taken))
        taken.update(as_text(entry["id"]) for entry in entries)


def _broken_names(pack: _Pack, folder: str) -> set[str]:
    return {path.removeprefix(folder).rsplit(".", 1)[0] for path in pack.broken if path.startswith(folder)}


def _synonyms(table: Table | None) -> Mapping[str, Mapping[str, str]]:
    synonyms: dict[str, dict[str, str]] = {}
    for row in table.rows if table is not None else ():
        words = synonyms.setdefault(row.cells["kind"], {})
        words[fold(row.cells["synonym"])] = row.cells["id"]
        words[fold(row.cells["id"])] = row.cells["id"]
    return synonyms
