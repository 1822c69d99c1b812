# SPDX-License-Identifier: Apache-2.0
"""A pack as its linter and its tests see it: the rule base, every file, and every case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path as FilePath

from borderready import __version__
from borderready.errors import Fault
from borderready.model import RuleBase, RuleId, path_of_rule
from borderready.pack.case import Case, cases_path, read_cases
from borderready.read.extend import read_chain
from borderready.read.rule_base import KindSchemas, assemble, load_pack_files
from borderready.read.rule_cache import base_loader
from borderready.read.strict_yaml import Document, parse_yaml


@dataclass(frozen=True, slots=True, kw_only=True)
class PackView:
    """A pack that could be read.

    Attributes:
        root: Its folder.
        contents: Every file by its path inside the pack.
        rule_base: What it says itself.
        whole: The same together with what it extends: cases run against this.
        documents: The tree of text of every rule file, for places.
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


def view_pack(root: FilePath, kinds: KindSchemas, *, name: str, cache_dir: FilePath | None = None) -> PackView:
    """Return a pack folder with its cases; raises RuleBaseError when the pack itself is broken.

    What it extends is taken from a cache of compiled packs, where there is one and it can be trusted.
    """
    contents = load_pack_files(root)
    load_base = base_loader(kinds, cache_dir=cache_dir, engine=__version__)
    loaded = read_chain(root, contents, kinds, engine=__version__, name=name, load_base=load_base)
    whole = assemble(loaded.data, loaded.pack)
    assert loaded.own is not None  # nothing was known before
    rule_base = assemble(loaded.own, loaded.pack) if loaded.pack.extends is not None else whole
    cases: dict[RuleId, tuple[Case, ...]] = {}
    faults: list[Fault] = []
    documents: dict[str, Document] = {}
    for rule in rule_base.rules:
        path = f"{path_of_rule(rule.id)}.yaml"
        documents[path] = parse_yaml(contents[path], file=path).documents[0]
        if cases_path(rule.id) in contents:
            cases[rule.id], own = read_cases(root, rule.id)
            faults.extend(own)
    return PackView(
        root=root,
        contents=contents,
        rule_base=rule_base,
        whole=whole,
        documents=documents,
        cases=cases,
        case_faults=tuple(faults),
    )
