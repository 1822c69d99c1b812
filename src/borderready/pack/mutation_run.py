# SPDX-License-Identifier: Apache-2.0
"""A mutation run over a pack, in several processes, each of which reads the pack for itself."""

from __future__ import annotations

import os
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from multiprocessing import get_context
from pathlib import Path as FilePath

from borderready.errors import RuleBaseError
from borderready.model import RuleId
from borderready.pack.mutate import survivors_of
from borderready.pack.view import PackView, view_pack
from borderready.read.rule import as_mapping, as_text
from borderready.read.rule_base import KindSchemas, type_file

REASONS_FILE = "survivors.yaml"
_kinds: KindSchemas | None = None


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
    pack = view_pack(root, kinds, name=root.name)
    names = [rule.id for rule in pack.rule_base.rules if not prefixes or rule.id.startswith(prefixes)]
    workers = jobs or os.cpu_count() or 1
    if workers == 1 or len(names) < 4:
        results = [_survivors(pack, name) for name in names]
    else:
        with ProcessPoolExecutor(workers, get_context("fork"), _start, (kinds,)) as pool:
            results = list(pool.map(_work, [(str(root), name) for name in names], chunksize=4))
    survivors = sorted(name for _, survived in results for name in survived)
    return MutationRun(made=sum(made for made, _ in results), survivors=tuple(survivors))


def _survivors(pack: PackView, name: RuleId) -> tuple[int, tuple[str, ...]]:
    rule = next(rule for rule in pack.rule_base.rules if rule.id == name)
    return survivors_of(rule, pack.cases.get(name, ()), pack.rule_base)


def _start(kinds: KindSchemas) -> None:
    """Remember in a worker what cannot be sent with every task."""
    global _kinds
    _kinds = kinds


@cache
def _pack(root: str) -> PackView:
    assert _kinds is not None
    return view_pack(FilePath(root), _kinds, name=FilePath(root).name)


def _work(task: tuple[str, RuleId]) -> tuple[int, tuple[str, ...]]:
    root, name = task
    return _survivors(_pack(root), name)
