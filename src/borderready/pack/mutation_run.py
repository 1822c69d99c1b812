# SPDX-License-Identifier: Apache-2.0
"""A mutation run over a pack, in several processes that share one reading of the pack."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path as FilePath

from borderready.errors import RuleBaseError
from borderready.model import RuleId
from borderready.pack.mutate import survivors_of
from borderready.pack.view import view_pack
from borderready.pack.workers import each_of
from borderready.read.rule import as_mapping, as_text
from borderready.read.rule_base import KindSchemas, type_file

REASONS_FILE = "survivors.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class MutationRun:
    """How many mutants were made, and the ids of those that survived, sorted."""

    made: int
    survivors: tuple[str, ...]


def read_reasons(root: FilePath) -> Mapping[str, str]:
    """Return the reasons that a pack gives for survivors; raises RuleBaseError when the file is broken."""
    path = root / REASONS_FILE
    if not path.exists():
        return {}
    value, _, faults = type_file("survivors", path.read_bytes(), file=REASONS_FILE)
    if value is None:
        raise RuleBaseError(faults)
    return {name: as_text(reason) for name, reason in as_mapping(value).items()}


def run_mutations(
    root: FilePath, kinds: KindSchemas, *, prefixes: tuple[str, ...], jobs: int, cache_dir: FilePath | None = None
) -> MutationRun:
    """Run the mutants of the rules that PackView.chosen gives for prefixes; the others as in view_pack."""
    pack = view_pack(root, kinds, name=root.resolve().name, prefixes=prefixes, cache_dir=cache_dir)
    rules = pack.chosen(prefixes)

    def work(name: RuleId) -> tuple[int, tuple[str, ...]]:
        return survivors_of(rules[name], pack.cases.get(name, ()), pack.whole)

    results = list(each_of(list(rules), work, jobs=jobs))
    survivors = sorted(name for _, survived in results for name in survived)
    return MutationRun(made=sum(made for made, _ in results), survivors=tuple(survivors))
