# SPDX-License-Identifier: Apache-2.0
"""A pack as its linter and its tests see it: the rule base, every file, and every case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path as FilePath

from borderready.errors import Fault
from borderready.model import PackId, RuleBase, RuleId
from borderready.pack.case import Case, cases_path, read_cases
from borderready.read.rule_base import KindSchemas, assemble, digest_pack, load_pack_files, read_pack
from borderready.read.strict_yaml import Document, parse_yaml


@dataclass(frozen=True, slots=True, kw_only=True)
class PackView:
    """A pack that could be read.

    Attributes:
        root: Its folder.
        contents: Every file by its path inside the pack.
        rule_base: What it says.
        documents: The tree of text of every rule file, for places.
        cases: Cases by rule.
        case_faults: What is wrong with files of cases.
    """

    root: FilePath
    contents: Mapping[str, bytes]
    rule_base: RuleBase
    documents: Mapping[str, Document]
    cases: Mapping[RuleId, tuple[Case, ...]]
    case_faults: tuple[Fault, ...]


def view_pack(root: FilePath, kinds: KindSchemas, *, name: str) -> PackView:
    """Return a pack folder with its cases; raises RuleBaseError when the pack itself is broken."""
    contents = load_pack_files(root)
    data = read_pack(contents, kinds)
    rule_base = assemble(data, PackId(name=name, version=data.version, sha256=digest_pack(contents)))
    cases: dict[RuleId, tuple[Case, ...]] = {}
    faults: list[Fault] = []
    documents: dict[str, Document] = {}
    for rule in rule_base.rules:
        path = f"{rule.id}.yaml"
        documents[path] = parse_yaml(contents[path], file=path).documents[0]
        if cases_path(rule.id) in contents:
            cases[rule.id], own = read_cases(root, rule.id)
            faults.extend(own)
    return PackView(
        root=root,
        contents=contents,
        rule_base=rule_base,
        documents=documents,
        cases=cases,
        case_faults=tuple(faults),
    )
