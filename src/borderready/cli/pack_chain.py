# SPDX-License-Identifier: Apache-2.0
"""The packs of one load: the one that was chosen and those that it extends, each judged before anything of it counts.

A base is found as a pack that a person names. Beside a folder that was named, or found so, a folder of its name comes
first; `cn` is never looked for there. Else it is the installed version in use, or the one that came with the
program, where `extends` allows its version; else the highest version here that it allows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from borderready.cli.chosen_pack import (
    Choice,
    choose_named,
    folder_choice,
    judge_digest,
    judge_name,
    judge_unsealed,
    pack_store,
    pip_packs,
    seals_of,
    version_in,
)
from borderready.model import PackId
from borderready.read.pack_manifest import (
    BUILT_IN,
    MANIFEST,
    PACK_FILE,
    SIGNATURES,
    PackManifest,
    parse_manifest,
    rank_of,
    refusal,
    said_of,
)
from borderready.read.pack_trust import NONE_ACCEPTED, Terms, judge_seals
from borderready.read.rule_base import default_rules_dir

if TYPE_CHECKING:
    from borderready.read.pack_trust import Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class _Member:
    """A pack whose seals meet the terms; its files have still to be those that the seals are about."""

    choice: Choice
    name: str
    extends: str
    manifest: PackManifest | None
    keys: tuple[str, ...]


class Chain:
    """The packs of one load, by the folder or zip that they are in."""

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self._members: dict[Path, _Member] = {}
        self._bases: dict[tuple[str, Path], Path | None] = {}

    def take(self, choice: Choice) -> Path:
        """Judge the seals of a pack and return where it is; raises RuleBaseError with the reason."""
        root = choice.folder if choice.folder is not None else Path(choice.file)
        if root not in self._members:
            self._members[root] = self._judge(choice)
        return root

    def name_of(self, root: Path) -> str:
        """Return what a pack is called that has no pack.yaml."""
        return self._members[root].name

    def find_base(self, name: str, folder: Path) -> Path | None:
        """Return where the base of a pack lies (see extend.FindBase), its seals judged; None where there is none."""
        if (name, folder) not in self._bases:
            choice = _choose_base(name, self._members[folder])
            self._bases[name, folder] = None if choice is None else self.take(choice)
        return self._bases[name, folder]

    def judge(self, folder: Path, digest: str) -> None:
        """Raise RuleBaseError unless the files of a pack, not read yet, are those that were judged, or recorded."""
        member = self._members[folder]
        judge_digest(member.choice, member.manifest, digest)

    def told(self, pack: PackId, root: Path) -> PackId:
        """Return a pack that was loaded, and those that it rests on, with the keys that signed each."""
        member = self._members[root]
        if member.manifest is not None and pack.version != member.manifest.version:
            args = {"found": pack.version, "said": member.manifest.version}
            raise refusal(member.choice.file, "packs.other_version", args)
        below = pack.extends
        if below is not None:
            folder = self._bases[below.name, root]
            assert folder is not None
            below = self.told(below, folder)
        return replace(pack, signed_by=", ".join(member.keys) or None, extends=below)

    def choices(self, pack: PackId, root: Path) -> Mapping[str, Choice]:
        """Return what was chosen for each pack that was loaded, by its name."""
        own = {pack.name: self._members[root].choice}
        folder = None if pack.extends is None else self._bases[pack.extends.name, root]
        if pack.extends is None or folder is None:
            return own
        return {**own, **self.choices(pack.extends, folder)}

    def _judge(self, choice: Choice) -> _Member:
        seals = seals_of(choice)
        sealed: Sealed | None = None
        if MANIFEST in seals:
            if choice.installed is not None and choice.installed.keys and SIGNATURES not in seals:
                manifest = parse_manifest(seals[MANIFEST], file=choice.file)
                args = {"name": manifest.name, "version": manifest.version}
                raise refusal(choice.file, "packs.stripped", args)
            is_asked = bool(self._terms.trust) and not choice.is_pinned
            accepted = pack_store().state().accepted if is_asked else NONE_ACCEPTED
            sealed = judge_seals(seals, self._terms, file=choice.file, named=choice.named, accepted=accepted)
        else:
            judge_unsealed(choice, seals, self._terms)
        name = choice.name if sealed is None else sealed.manifest.name
        judge_name(choice, seals, name, None if sealed is None else sealed.manifest)
        extends = said_of(seals, "extends") if PACK_FILE in seals else None
        return _Member(
            choice=choice,
            name=name,
            extends=extends or "",
            manifest=None if sealed is None else sealed.manifest,
            keys=() if sealed is None else sealed.keys,
        )


def _choose_base(name: str, child: _Member) -> Choice | None:
    """Return the base that a pack extends, None where no pack of that name is here."""
    from borderready.read.extend import find_beside

    choice = child.choice
    is_plain_folder = choice.folder is not None and choice.named is None
    if name != BUILT_IN and is_plain_folder and choice.folder is not None:
        beside = find_beside(name, choice.folder)
        if beside is not None:
            return folder_choice(str(beside))
    versions = _versions_of(name)
    if not versions:
        return None
    bounds = child.extends.partition(" ")[2].strip()
    usual = choose_named(name, None)
    if not bounds or _is_allowed(_version_of(usual), bounds):
        return usual
    allowed = [version for version in versions if _is_allowed(version, bounds)]
    if not allowed:
        return usual  # which is told as out of range
    is_exact = bounds.startswith("==") and "," not in bounds
    return replace(choose_named(name, max(allowed, key=rank_of)), is_pinned=is_exact)


def _versions_of(name: str) -> set[str]:
    """Return every version of a name that is here."""
    from borderready.read.pack_manifest import is_version

    found = {*pack_store().numbers(name), *(pack.version for pack in pip_packs(name))}
    if name == BUILT_IN:
        found.add(version_in(default_rules_dir()))
    return {version for version in found if is_version(version)}


def _version_of(choice: Choice) -> str:
    if choice.named is not None:
        return choice.named[1]
    return version_in(choice.folder) if choice.folder is not None else ""


def _is_allowed(version: str, bounds: str) -> bool:
    from borderready.read.version_range import is_range, is_within

    return not is_range(bounds) or is_within(version, bounds)  # what is no range is told when pack.yaml is read
