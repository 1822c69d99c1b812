# SPDX-License-Identifier: Apache-2.0
"""A mutation run over a pack, in several processes that share one reading of the pack."""

from __future__ import annotations

import os
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path as FilePath

from borderready.errors import RuleBaseError
from borderready.model import RuleId
from borderready.pack.mutate import survivors_of
from borderready.pack.view import PackView, view_pack
from borderready.read.rule import as_mapping, as_text
from borderready.read.rule_base import KindSchemas, type_file

REASONS_FILE = "survivors.yaml"
_pack: PackView | None = None


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
        with ProcessPoolExecutor(workers, get_context("fork"), _start, (pack,)) as pool:
            results = list(pool.map(_work, names, chunksize=4))
    survivors = sorted(name for _, survived in results for name in survived)
    return MutationRun(made=sum(made for made, _ in results), survivors=tuple(survivors))


def _survivors(pack: PackView, name: RuleId) -> tuple[int, tuple[str, ...]]:
    rule = next(rule for rule in pack.rule_base.rules if rule.id == name)
    return survivors_of(rule, pack.cases.get(name, ()), pack.whole)


def _start(pack: PackView) -> None:
    """Keep the pack in a worker; a forked process is given it without reading or copying."""
    global _pack
    _pack = pack


def _work(name: RuleId) -> tuple[int, tuple[str, ...]]:
    assert _pack is not None
    return _survivors(_pack, name)
