# SPDX-License-Identifier: Apache-2.0
"""How a command chooses its pack, and what is asked of a pack at every load.

A folder or zip that `--rules` or the configuration names; an installed pack by NAME or NAME@VERSION; else the version
of `cn` that is in use, else the pack that came with the program.

Where a key is configured for the name of a pack, its signatures are verified anew at every load, over the very bytes of
MANIFEST.json. From these bytes follows the digest that the files must have; it is compared with that of the files
before anything of them is read. So the cache of compiled packs stays in use: it answers for files by the digest of the
bytes it was compiled from (read/rule_cache.py). Cases and news, which change no answer, are compared when a pack is
installed, and not again.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from borderready import __version__
from borderready.cli.session import kind_schemas, packs_root, rule_cache_dir, today_in_china
from borderready.errors import Fault, RuleBaseError
from borderready.model import Message, RuleBase
from borderready.read.pack_manifest import (
    BUILT_IN,
    MANIFEST,
    PACK_FILE,
    SIGNATURES,
    PackManifest,
    name_of,
    refusal,
)
from borderready.read.pack_trust import Terms
from borderready.read.rule_base import default_rules_dir, is_answering, load_pack_files
from borderready.settings import Trust, is_pack_named

if TYPE_CHECKING:
    from borderready.keep.packs import Installed, PackStore
    from borderready.keep.pip_packs import PipPack
    from borderready.read.extend import Loaded
    from borderready.read.rule_cache_file import Goods


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A pack that was chosen, and nothing of it believed yet.

    Attributes:
        file: For sentences.
        name: What reports call a pack that was not built.
        folder: Where its files are; None for a zip.
        contents: The files of a zip.
        installed: What the store knows of it, where it is from there.
        digest: The digest that its files must have, where somebody recorded it.
        named: Name and version that it must have, where it was found by them.
        is_pinned: Whether its version was named in full, so that it may be older than others.
    """

    file: str
    name: str
    folder: Path | None
    contents: Mapping[str, bytes] | None = None
    installed: Installed | None = None
    digest: str | None = None
    named: tuple[str, str] | None = None
    is_pinned: bool = False


def pack_store() -> PackStore:
    """Return the packs that this machine keeps."""
    from borderready.keep.packs import PackStore

    return PackStore(packs_root())


def terms_of(trust: Mapping[str, Trust]) -> Terms:
    """Return what this machine asks of packs, today; where it has no keys nothing expires, and no clock is asked."""
    return Terms(trust=trust, today=today_in_china() if trust else "", engine=__version__)


def judge_readable(contents: Mapping[str, bytes], *, folder: Path | None = None) -> None:
    """Raise RuleBaseError when the files of a pack cannot be read as a rule base, upon what it extends.

    Args:
        contents: The files.
        folder: Where they lie, so that bases beside it are found; None for files that lie in none.
    """
    read_unjudged(contents, file=str(folder or PACK_FILE), folder=folder)


def choose(asked: str | None) -> Choice:
    """Return the pack that is meant; raises RuleBaseError where there is none."""
    if asked is not None and os.path.isdir(asked):
        return folder_choice(asked)
    if asked is not None and os.path.exists(asked):
        from borderready.read.pack_zip import read_zip

        return Choice(file=asked, name="", folder=None, contents=read_zip(Path(asked)))
    if asked is not None and not is_pack_named(asked):
        return folder_choice(asked)  # which is told as not there
    name, at, version = (asked or BUILT_IN).partition("@")
    return choose_named(name, version if at else None)


def folder_choice(asked: str) -> Choice:
    """Return a folder that somebody named."""
    return Choice(file=asked, name=Path(asked).resolve().name, folder=Path(asked))


def built_in() -> Choice:
    """Return the pack that came with the program."""
    folder = default_rules_dir()
    return Choice(file=str(folder), name=BUILT_IN, folder=folder)


def choose_named(name: str, version: str | None) -> Choice:
    """Return an installed pack, or the one that came with the program; raises RuleBaseError where there is none."""
    is_own = name == BUILT_IN
    if is_own and version is None and not os.path.exists(packs_root()):  # the usual case: nothing was ever installed
        return built_in()
    store = pack_store()
    in_use = store.state().use.get(name)
    if is_own and version is None and in_use is None:
        return built_in()
    wanted = version or in_use
    numbers = store.numbers(name)
    if wanted not in numbers and (wanted is not None or not numbers):
        for pack in pip_packs(name):
            if wanted in (None, pack.version):
                own = (name, pack.version)
                return Choice(file=str(pack.folder), name=name, folder=pack.folder, digest=pack.sha256, named=own)
        if is_own and version == version_in(default_rules_dir()):
            return built_in()
    kept = store.find(name, wanted)
    own = (kept.name, kept.version)
    return Choice(
        file=str(kept.folder),
        name=name,
        folder=kept.folder,
        installed=kept,
        digest=kept.sha256,
        named=own,
        is_pinned=bool(version),
    )


def pip_packs(name: str) -> list[PipPack]:
    """Return the packs of a name that were installed with pip, the highest version first."""
    from borderready.keep.pip_packs import PipPack, find_pip_packs
    from borderready.read.pack_manifest import rank_of

    found = [pack for pack in find_pip_packs() if isinstance(pack, PipPack) and pack.name == name]
    return sorted(found, key=lambda pack: rank_of(pack.version), reverse=True)


def version_in(folder: Path) -> str:
    """Return what VERSION of a pack folder says, "" where there is none."""
    try:
        return (folder / "VERSION").read_text("utf-8").strip()
    except (OSError, ValueError):
        return ""


def load_choice(choice: Choice, terms: Terms, *, cache: Path, goods: Goods | None) -> RuleBase:
    """Return the rule base of a pack, and of what it extends, read from the very bytes that were judged.

    Args:
        choice: The pack.
        terms: What is asked of it, and of each pack that it extends.
        cache: Where compiled packs lie.
        goods: As in load_rule_base.

    Raises:
        RuleBaseError: With the reason.
    """
    return load_choices(choice, terms, cache=cache, goods=goods)[0]


def load_choices(
    choice: Choice, terms: Terms, *, cache: Path, goods: Goods | None
) -> tuple[RuleBase, Mapping[str, Choice]]:
    """Return what load_choice does, and what was chosen for each pack of the chain, by its name."""
    from borderready.cli.pack_chain import Chain
    from borderready.read.rule_cache import load_rule_base

    chain = Chain(terms)
    root = chain.take(choice)
    rule_base = load_rule_base(
        root,
        kind_schemas(),
        cache_dir=cache,
        engine=__version__,
        name=chain.name_of(root),
        goods=goods,
        contents=choice.contents,  # which agree with their manifest: read_zip saw to it
        find_base=chain.find_base,
        judge=chain.judge,
    )
    pack = chain.told(rule_base.pack, root)
    return replace(rule_base, pack=pack), chain.choices(pack, root)


def read_unjudged(
    contents: Mapping[str, bytes], *, file: str, name: str = BUILT_IN, folder: Path | None = None
) -> Loaded:
    """Return a pack by its files, with what it extends; nobody's signature is asked for.

    Files with a MANIFEST.json must be those that it names, all the same.

    Args:
        contents: The files.
        file: For sentences.
        name: Name of a pack that does not give one itself.
        folder: Where they lie, so that bases beside it are found; None for files that lie in none.

    Raises:
        RuleBaseError: When the pack, or what it extends, cannot be read.
    """
    from borderready.cli.pack_chain import Chain
    from borderready.read.extend import read_chain
    from borderready.read.rule_cache import base_loader

    chain = Chain(terms_of({}))
    root = chain.take(Choice(file=file, name=name, folder=folder, contents=contents))
    kinds, cache = kind_schemas(), rule_cache_dir()
    load_base = base_loader(kinds, cache_dir=cache, engine=__version__, find_base=chain.find_base, judge=chain.judge)
    return read_chain(
        root,
        contents,
        kinds,
        engine=__version__,
        name=name,
        find_base=chain.find_base,
        load_base=load_base,
        judge=chain.judge,
    )


@contextmanager
def folder_with(choice: Choice, name: str) -> Iterator[Path]:
    """Give a folder in which one file of a pack can be read, where the pack has it."""
    if choice.folder is not None:
        yield choice.folder
        return
    assert choice.contents is not None
    with TemporaryDirectory(prefix="borderready-") as folder:
        if name in choice.contents:
            (Path(folder) / name).parent.mkdir(parents=True)
            (Path(folder) / name).write_bytes(choice.contents[name])
        yield Path(folder)


def seals_of(choice: Choice) -> Mapping[str, bytes]:
    """Return MANIFEST.json and what else decides on trust, as far as they are there."""
    names = (MANIFEST, SIGNATURES, PACK_FILE)
    if choice.contents is not None:
        return {name: choice.contents[name] for name in names if name in choice.contents}
    assert choice.folder is not None
    seals = {}
    for name in names:
        try:
            seals[name] = (choice.folder / name).read_bytes()
        except FileNotFoundError:
            continue
        except OSError as error:
            what = Message("pack.unreadable", {"reason": error.strerror or str(error)})
            raise RuleBaseError([Fault(file=choice.file, span=None, path="", what=what)]) from error
    return seals


def judge_unsealed(choice: Choice, seals: Mapping[str, bytes], terms: Terms) -> None:
    """Raise RuleBaseError for files without MANIFEST.json where the store, or a key, asks for one."""
    if choice.installed is not None:
        raise refusal(choice.file, "packs.no_manifest", hint="packs.reinstall_hint")
    if not terms.trust:
        return
    name = choice.named[0] if choice.named is not None else name_of(seals)
    if name in terms.trust:
        version = version_in(choice.folder) if choice.folder is not None else ""
        args = {"name": name, "version": version, "threshold": str(terms.trust[name].threshold)}
        raise refusal(choice.file, "packs.unsigned", args, "packs.unsigned_hint")


def judge_name(choice: Choice, seals: Mapping[str, bytes], name: str, manifest: PackManifest | None) -> None:
    """Raise RuleBaseError where pack.yaml says another name than that under which a pack was built or installed.

    A pack.yaml that is not the one of the manifest is not looked into.
    """
    if manifest is not None and manifest.files.get(PACK_FILE) != _sha256_of(seals.get(PACK_FILE)):
        raise RuleBaseError([_altered(choice, manifest)])
    is_named = MANIFEST in seals or choice.named is not None
    if is_named and PACK_FILE in seals and name_of(seals) != name:
        raise refusal(choice.file, "packs.misnamed", {"found": name_of(seals), "said": name})


def judge_digest(choice: Choice, manifest: PackManifest | None, digest: str) -> None:
    """Raise RuleBaseError unless the files, not read yet, are those that were judged, or recorded."""
    if manifest is not None and digest != manifest.digest:
        raise RuleBaseError([_altered(choice, manifest)])
    if choice.digest is not None and digest != choice.digest:
        name, version = choice.named or ("", "")
        hint = "packs.reinstall_hint" if choice.installed is not None else "packs.pip_again_hint"
        raise refusal(choice.file, "packs.not_recorded", {"name": name, "version": version}, hint)


def _altered(choice: Choice, manifest: PackManifest) -> Fault:
    """Return the fault that names the first file that is not as the manifest says."""
    from borderready.read.pack_manifest import fault

    contents = choice.contents
    if contents is None:
        assert choice.folder is not None
        contents = load_pack_files(choice.folder, wants=is_answering)
    hint = "packs.reinstall_hint" if choice.installed is not None else "packs.unseal_hint"
    for name in sorted(filter(is_answering, {*contents, *manifest.files})):
        if name not in contents:
            return fault(choice.file, "packs.lacking", {"name": name}, hint)
        if name not in manifest.files:
            return fault(choice.file, "packs.stray", {"name": name}, hint)
        if sha256(contents[name]).hexdigest() != manifest.files[name]:
            return fault(choice.file, "packs.altered", {"name": name}, hint)
    return fault(choice.file, "packs.not_recorded", _named(manifest), hint)


def _sha256_of(content: bytes | None) -> str | None:
    return None if content is None else sha256(content).hexdigest()


def _named(manifest: PackManifest) -> Mapping[str, str]:
    return {"name": manifest.name, "version": manifest.version}
