# SPDX-License-Identifier: Apache-2.0
"""A pack that extends another: where its base lies, and both as one.

The base `cn` is the rule base of the program; another one lies in a folder of its name beside the pack. A pack adds to
its base and disables what it says it disables; it defines nothing of it anew (docs/decisions/0014).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path as FilePath
from typing import TypeAlias

from borderready.errors import Fault, RuleBaseError
from borderready.model import PackId
from borderready.read.base_names import names_in
from borderready.read.pack_file import PackFile, judge_base, read_pack_file
from borderready.read.pack_manifest import BUILT_IN, PACK_FILE
from borderready.read.rule_base import KindSchemas, PackData, default_rules_dir, digest_pack, load_pack_files, read_pack

MAX_BASES = 8  # more than that nobody can keep apart
# From the name of a base and the folder of the pack that extends it to the folder of the base; None: there is none.
FindBase: TypeAlias = Callable[[str, FilePath], FilePath | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """A pack together with what it rests on.

    Attributes:
        data: Its own data and those of its bases.
        own: Its own alone; None where only both together were known.
        folders: Where its bases lie, the nearest first.
        is_named: Whether the pack gives its name itself, in pack.yaml.
    """

    data: PackData
    own: PackData | None
    pack: PackId
    folders: tuple[FilePath, ...] = ()
    is_named: bool = False


# How a base is loaded: its folder, its name, and the names of the packs that led to it, the outermost first.
LoadBase: TypeAlias = Callable[[FilePath, str, tuple[str, ...]], Loaded]
# Raises where the content of a folder, or of a zip, has not the digest that is meant.
Judge: TypeAlias = Callable[[FilePath, str], None]
# The data of a pack and its bases, where these very ones were read and judged before.
Recall: TypeAlias = Callable[[PackId], PackData | None]


def find_beside(name: str, folder: FilePath) -> FilePath | None:
    """Return the program's own rule base for `cn`, else the pack of that name beside a folder."""
    if name == BUILT_IN:
        return default_rules_dir()
    beside = FilePath(os.path.abspath(folder / ".." / name))
    return beside if (beside / PACK_FILE).is_file() else None


def read_chain(
    root: FilePath,
    contents: Mapping[str, bytes],
    kinds: KindSchemas,
    *,
    engine: str,
    name: str,
    find_base: FindBase = find_beside,
    load_base: LoadBase | None = None,
    recall: Recall = lambda _: None,
    judge: Judge | None = None,
    trail: tuple[str, ...] = (),
) -> Loaded:
    """Return a pack and what it rests on.

    Args:
        root: Folder of the pack.
        contents: Its files, at least those that can change an answer.
        kinds: As in read_pack.
        engine: Version of the program.
        name: Name of a pack that has no pack.yaml.
        find_base: Where bases lie.
        load_base: How they are loaded; from their files if left out.
        recall: What was read before.
        judge: Called with the digest of the files before any of them is parsed.
        trail: Names of the packs that led here.

    Raises:
        RuleBaseError: With all faults of the pack, or those of a base with its folder before each file.
    """
    digest = digest_pack(contents)
    if judge is not None:
        judge(root, digest)
    file = read_pack_file(contents[PACK_FILE], engine=engine) if PACK_FILE in contents else None
    base = None
    if file is not None and file.base is not None:
        load = load_base or _reader_of(kinds, engine, find_base)
        base = _load_base(file, file.base, root, find_base, load, (*trail, file.name))
    pack = PackId(
        name=name if file is None else file.name,
        version=contents["VERSION"].decode("utf-8", "replace").strip(),
        sha256=digest,
        extends=None if base is None else base.pack,
        disables=() if file is None else file.disables,
    )
    folders = () if base is None else base.folders
    own = None
    data = recall(pack)
    if data is None:
        own = _read_own(contents, kinds, file, base)
        data = own if base is None else join(base.data, own)
    return Loaded(data=data, own=own, pack=pack, folders=folders, is_named=file is not None)


def list_folders(
    root: FilePath, find_base: FindBase, contents: Mapping[str, bytes] | None = None
) -> tuple[FilePath, ...]:
    """Return the folders of the bases of a pack, as far as they can be told; what is wrong is told when it is read.

    Args:
        root: The pack.
        find_base: Where bases lie.
        contents: Its files, where they lie in no folder.
    """
    folders: list[FilePath] = []
    folder: FilePath | None = root
    while folder is not None and folder not in folders:
        base = _base_of(folder, contents if not folders else None)
        folders.append(folder)
        folder = find_base(base, folder) if base is not None else None
    return tuple(folders[1:])


def _base_of(folder: FilePath, contents: Mapping[str, bytes] | None) -> str | None:
    try:
        content = (folder / PACK_FILE).read_bytes() if contents is None else contents.get(PACK_FILE, b"")
        return read_pack_file(content).base
    except (OSError, RuleBaseError):
        return None


def _read_own(
    contents: Mapping[str, bytes], kinds: KindSchemas, file: PackFile | None, base: Loaded | None
) -> PackData:
    faults: list[Fault] = []
    if file is not None and base is not None:
        faults += judge_base(file, base.pack, names_in(base.data))
    name = None if file is None or file.name == BUILT_IN else file.name
    try:
        own = read_pack(contents, kinds, name=name, base=None if base is None else base.data)
    except RuleBaseError as error:
        raise RuleBaseError([*faults, *error.faults]) from None
    if faults:
        raise RuleBaseError(faults)
    return own


def _load_base(
    file: PackFile, name: str, root: FilePath, find_base: FindBase, load: LoadBase, trail: tuple[str, ...]
) -> Loaded:
    if name in trail:
        raise RuleBaseError([file.fault(("extends",), "extend.cycle", {"packs": " > ".join((*trail, name))})])
    if len(trail) > MAX_BASES:
        raise RuleBaseError([file.fault(("extends",), "extend.too_many", {"most": str(MAX_BASES)})])
    folder = find_base(name, root)
    if folder is None:
        raise RuleBaseError([file.fault(("extends",), "extend.no_base", {"name": name})])
    try:
        loaded = load(folder, name, trail)
    except RuleBaseError as error:
        raise RuleBaseError([_in_folder(fault, folder) for fault in error.faults]) from None
    if loaded.pack.name != name:
        args = {"folder": str(folder), "found": loaded.pack.name, "name": name}
        raise RuleBaseError([file.fault(("extends",), "extend.other_name", args)])
    return replace(loaded, folders=(folder, *loaded.folders))


def _in_folder(fault: Fault, folder: FilePath) -> Fault:
    """Return a fault of a base with its folder before its file, so that it is not looked for in the pack."""
    is_told = fault.file.startswith(str(folder)) or os.path.isabs(fault.file)
    return fault if is_told else replace(fault, file=str(folder / fault.file))


def _reader_of(kinds: KindSchemas, engine: str, find_base: FindBase) -> LoadBase:
    """Return how bases are loaded from their files."""

    def load(folder: FilePath, name: str, trail: tuple[str, ...]) -> Loaded:
        contents = load_pack_files(folder)
        return read_chain(folder, contents, kinds, engine=engine, name=name, find_base=find_base, trail=trail)

    return load


def join(base: PackData, own: PackData) -> PackData:
    """Return the data of a pack together with those of the pack that it extends."""
    return PackData(
        version=own.version,
        rules=(*base.rules, *own.rules),
        products={**base.products, **own.products},
        instruments=(*base.instruments, *own.instruments),
        tables=(*base.tables, *own.tables),
        gaps=(*base.gaps, *own.gaps),
        notices=(*base.notices, *own.notices),
    )
