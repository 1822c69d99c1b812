# SPDX-License-Identifier: Apache-2.0
"""A mutation run over a pack, in several processes that share one reading of the pack."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path as FilePath

from borderready.errors import RuleBaseError
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


def run_mutations(root: FilePath, kinds: KindSchemas, *, prefixes: tuple[str, ...], jobs: int) -> MutationRun:
    """Run the mutants of every rule whose id begins with one of the prefixes (all rules without any)."""
    pack = view_pack(root, kinds, name=root.name, prefixes=prefixes)
    rules = {str(rule.id): rule for rule in pack.rule_base.rules if not prefixes or rule.id.startswith(prefixes)}

    def work(name: str) -> tuple[int, tuple[str, ...]]:
        return survivors_of(rules[name], pack.cases.get(rules[name].id, ()), pack.rule_base)

    results = list(each_of(list(rules), work, jobs=jobs))
    survivors = sorted(name for _, survived in results for name in survived)
    return MutationRun(made=sum(made for made, _ in results), survivors=tuple(survivors))
