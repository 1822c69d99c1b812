# SPDX-License-Identifier: Apache-2.0
"""The compiled rule base on disk. It may be lost, damaged, locked or of another version at any time: then it is not
trusted, and the pack is read anew. Data only, no pickle.

A cache file belongs to a folder and holds the digest of the pack's content, and of that of every pack that it rests on.
The content is digested anew unless every file of these packs has the size, the times and the inode that it had then;
times that were then too fresh to tell two edits apart are not believed (and the file is written again). The program's
clock is never asked.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path as FilePath
from typing import TYPE_CHECKING

from borderready.model import PackId, RuleBase
from borderready.read.rule_base import KindSchemas, PackData, assemble, digest_pack, is_answering, load_pack_files
from borderready.read.rule_cache_file import Cached, Goods, read_cache, write_cache

if TYPE_CHECKING:
    from borderready.read.extend import FindBase, Judge, LoadBase, Loaded

SETTLED_SECONDS = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Zipped:
    """The files of a pack that lies in no folder, and their digest."""

    contents: Mapping[str, bytes]
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shelf:
    """What loading needs at every step of a chain of packs."""

    kinds: KindSchemas
    cache_dir: FilePath | None
    engine: str
    asked: FindBase | None
    judge: Judge | None = None

    def find_base(self, name: str, folder: FilePath) -> FilePath | None:
        """Return where a base lies; a pack that stands alone never asks, nor waits for what would answer."""
        from borderready.read.extend import find_beside

        return (self.asked or find_beside)(name, folder)

    def path_of(self, root: FilePath, zipped: _Zipped | None = None) -> FilePath | None:
        """Return the cache file of a folder, or of the content of a zip; None where nothing is kept."""
        if self.cache_dir is None:
            return None
        named = sha256(os.fsencode(root.absolute())).hexdigest() if zipped is None else zipped.digest
        return self.cache_dir / f"pack-{named[:32]}.json"


def load_rule_base(
    root: FilePath,
    kinds: KindSchemas,
    *,
    cache_dir: FilePath | None,
    engine: str,
    name: str,
    goods: Goods | None = None,
    contents: Mapping[str, bytes] | None = None,
    find_base: FindBase | None = None,
    judge: Judge | None = None,
) -> RuleBase:
    """Return the rule base of a pack folder and of what it extends, from the cache where it holds this very content.

    Args:
        root: The folder of the pack, or its zip.
        kinds: As in read_pack.
        cache_dir: Where compiled packs lie; None reads anew and keeps nothing.
        engine: Version of the program; another one's cache is not used.
        name: Name of a pack that does not give one itself.
        goods: Load only what can concern these goods, where the cache allows it; the others are counted.
        contents: The files of a zip.
        find_base: Where the packs lie that others extend; as in extend.find_beside if left out.
        judge: Called with the folder or zip of each pack and the digest of its content before anything that is known of
            it counts, or any rule of it is parsed; raises where it is not the one that is meant.

    Raises:
        RuleBaseError: When a file of the pack is broken; a cache never raises.
    """
    shelf = _Shelf(kinds=kinds, cache_dir=cache_dir, engine=engine, asked=find_base, judge=judge)
    zipped = None if contents is None else _Zipped(contents=contents, digest=digest_pack(contents))
    path = shelf.path_of(root, zipped)
    cached = None if path is None else read_cache(path, engine, goods)
    if cached is not None and _stands(cached, root, shelf, zipped):
        known = _assemble(cached, name)
        if known is not None:
            return known
    loaded = _load_whole(root, shelf, name, (), cached if goods is None else None, zipped)
    return assemble(loaded.data, loaded.pack)


def base_loader(
    kinds: KindSchemas,
    *,
    cache_dir: FilePath | None,
    engine: str,
    find_base: FindBase | None = None,
    judge: Judge | None = None,
) -> LoadBase:
    """Return how the bases of a pack are loaded from the cache where it can be trusted (as extend.read_chain asks)."""
    shelf = _Shelf(kinds=kinds, cache_dir=cache_dir, engine=engine, asked=find_base, judge=judge)
    return lambda folder, name, trail: _load_whole(folder, shelf, name, trail)


def _stands(cached: Cached, root: FilePath, shelf: _Shelf, zipped: _Zipped | None = None) -> bool:
    """Tell whether the files of a pack, and of all that it rests on, look as they did, in the same folders.

    Raises RuleBaseError where they do, and one of these packs is not the one that is meant.
    """
    folders = (root, *cached.folders)
    for child, base, folder in zip(folders, cached.pack.chain[1:], cached.folders, strict=False):
        if shelf.find_base(base.name, child) != folder:
            return False
    if len(folders) != len(cached.pack.chain):
        return False
    looks = _looks_of(folders, zipped)
    is_settled = all(look is not None and look.is_settled(cached.written_ns) for look in looks)
    if not is_settled or _digests_of(looks) != cached.looks:
        return False
    if shelf.judge is not None:
        for folder, pack in zip(folders, cached.pack.chain, strict=True):
            shelf.judge(folder, pack.sha256)
    return True


def _load_whole(
    root: FilePath,
    shelf: _Shelf,
    name: str,
    trail: tuple[str, ...],
    cached: Cached | None = None,
    zipped: _Zipped | None = None,
) -> Loaded:
    """Return a pack with all that it rests on, read from its files as far as they are not known, and keep it.

    Args:
        root: The pack.
        shelf: As it is.
        name: Name of a pack that does not give one itself.
        trail: Names of the packs that led here.
        cached: What the cache holds, where that was looked at already and does not stand.
        zipped: The pack, where it lies in no folder.
    """
    from borderready.read.extend import Loaded, list_folders, read_chain

    path = shelf.path_of(root, zipped)
    if cached is None and path is not None:
        cached = read_cache(path, shelf.engine, None)
        if cached is not None and trail and _stands(cached, root, shelf):
            return Loaded(data=cached.data, own=None, pack=cached.pack_named(name), folders=cached.folders)
    folders = list_folders(root, shelf.find_base, None if zipped is None else zipped.contents)
    looks = _looks_of((root, *folders), zipped)

    def recall(pack: PackId) -> PackData | None:
        is_same = cached is not None and cached.pack_named(name) == pack and _assemble(cached, name) is not None
        return cached.data if cached is not None and is_same else None

    loaded = read_chain(
        root,
        load_pack_files(root, wants=is_answering) if zipped is None else zipped.contents,
        shelf.kinds,
        engine=shelf.engine,
        name=name,
        find_base=shelf.find_base,
        load_base=lambda folder, base, behind: _load_whole(folder, shelf, base, behind),
        recall=recall,
        judge=shelf.judge,
        trail=trail,
    )
    if path is not None:
        is_known = None not in looks and loaded.folders == folders
        write_cache(path, loaded, _digests_of(looks) if is_known else (), shelf.engine)
    return loaded


def _assemble(cached: Cached, name: str) -> RuleBase | None:
    """Return the rule base that a cache holds, None where its data have another shape than this program knows."""
    try:
        known = assemble(cached.data, cached.pack_named(name))
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


def _looks_of(folders: Sequence[FilePath], zipped: _Zipped | None = None) -> tuple[_Look | None, ...]:
    """Return how folders look; what was unpacked in memory in place of the first looks as it is."""
    if zipped is None:
        return tuple(_look_of(folder) for folder in folders)
    return (_Look(digest=zipped.digest, newest_ns=0), *(_look_of(folder) for folder in folders[1:]))


def _digests_of(looks: Sequence[_Look | None]) -> tuple[str, ...]:
    return tuple(look.digest if look is not None else "" for look in looks)


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
