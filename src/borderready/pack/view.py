# SPDX-License-Identifier: Apache-2.0
"""A pack as its linter and its tests see it: the rule base, every file, and every case."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path as FilePath

from borderready import __version__
from borderready.errors import Fault
from borderready.model import Rule, RuleBase, RuleId, path_of_rule
from borderready.pack.case import Case, cases_path, read_cases
from borderready.read.extend import read_chain
from borderready.read.pack_manifest import PACK_FILE
from borderready.read.rule_base import KindSchemas, assemble, load_pack_files
from borderready.read.rule_cache import base_loader
from borderready.read.strict_yaml import Document, parse_yaml

_RULE = re.compile(r"[^/]+/[^/]+/[^/]+\.yaml")  # and its cases
_NAME = re.compile(rb"[a-z0-9-]+/[a-z0-9-]+/[a-z0-9-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class PackView:
    """A pack that could be read.

    Attributes:
        root: Its folder.
        contents: Every file by its path inside the pack.
        rule_base: What it says itself.
        whole: The same together with what it extends: cases run against this.
        documents: The tree of text of every YAML file, for places; without a root where it cannot be read.
        cases: Cases by rule.
        case_faults: What is wrong with files of cases.
    """

    root: FilePath
    contents: Mapping[str, bytes]
    rule_base: RuleBase
    whole: RuleBase
    documents: Mapping[str, Document]
    cases: Mapping[RuleId, tuple[Case, ...]]
    case_faults: tuple[Fault, ...]

    def chosen(self, prefixes: tuple[str, ...]) -> Mapping[RuleId, Rule]:
        """Return its own rules whose id, or path inside the pack, begins with one of the prefixes; all without."""
        return {
            rule.id: rule
            for rule in self.rule_base.rules
            if not prefixes or rule.id.startswith(prefixes) or path_of_rule(rule.id).startswith(prefixes)
        }


class _Documents(Mapping[str, Document]):
    """The tree of every YAML file, made when it is first asked for."""

    def __init__(self, contents: Mapping[str, bytes], made: Mapping[str, Document]) -> None:
        self._contents = {path: content for path, content in contents.items() if path.endswith(".yaml")}
        self._made = dict(made)

    def __getitem__(self, path: str) -> Document:
        if path not in self._made:
            parsed = parse_yaml(self._contents[path], file=path)
            nothing = Document(root=None, index=0, lines=parsed.lines)
            self._made[path] = parsed.documents[0] if parsed.documents and not parsed.faults else nothing
        return self._made[path]

    def __iter__(self) -> Iterator[str]:
        return iter(self._contents)

    def __len__(self) -> int:
        return len(self._contents)


def view_pack(
    root: FilePath,
    kinds: KindSchemas,
    *,
    name: str,
    prefixes: tuple[str, ...] = (),
    cache_dir: FilePath | None = None,
) -> PackView:
    """Return a pack folder with its cases; raises RuleBaseError when the pack itself is broken.

    Args:
        root: The folder.
        kinds: What the reader must know of the check kinds.
        name: What to call a pack that does not give its name itself.
        prefixes: As in PackView.chosen: then only such rules are read, and those that they name; all without any.
        cache_dir: Compiled packs, from which what the pack extends is taken where they can be trusted.
    """
    contents = load_pack_files(root) if not prefixes else _load_some(root, prefixes)
    load_base = base_loader(kinds, cache_dir=cache_dir, engine=__version__)
    loaded = read_chain(root, contents, kinds, engine=__version__, name=name, load_base=load_base)
    whole = assemble(loaded.data, loaded.pack)
    assert loaded.own is not None  # nothing was known before
    rule_base = assemble(loaded.own, loaded.pack) if loaded.pack.extends is not None else whole
    cases: dict[RuleId, tuple[Case, ...]] = {}
    faults: list[Fault] = []
    for rule in rule_base.rules:
        if cases_path(rule.id) in contents:
            cases[rule.id], own = read_cases(root, rule.id)
            faults.extend(own)
    return PackView(
        root=root,
        contents=contents,
        rule_base=rule_base,
        whole=whole,
        documents=_Documents(contents, {own[0].file: own[0].document for own in cases.values() if own}),
        cases=cases,
        case_faults=tuple(faults),
    )


def beginnings_of(root: FilePath, prefixes: tuple[str, ...]) -> tuple[str, ...]:
    """Return how the paths inside a pack begin of all rules that PackView.chosen may give for prefixes."""
    may_be_named = (root / PACK_FILE).is_file()  # then a prefix without a folder may be the beginning of its name
    return tuple(
        path_of_rule(prefix) if "/" in prefix or ":" in prefix or not may_be_named else "" for prefix in prefixes
    )


def _load_some(root: FilePath, prefixes: tuple[str, ...]) -> Mapping[str, bytes]:
    """Return the files of a pack without the rules that no prefix begins and that no other rule here names."""
    begun = beginnings_of(root, prefixes)
    contents = dict(load_pack_files(root, wants=lambda path: not _RULE.fullmatch(path) or path.startswith(begun)))
    fresh = [path for path in contents if _RULE.fullmatch(path)]
    while fresh:
        named = {f"{name.decode()}.yaml" for path in fresh for name in _NAME.findall(contents[path])}
        fresh = [path for path in sorted(named - set(contents)) if (root / path).is_file()]
        contents.update((path, (root / path).read_bytes()) for path in fresh)
    return contents
