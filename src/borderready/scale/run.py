# SPDX-License-Identifier: Apache-2.0
"""A run from its shards to its counts: what is finished stands, the others are read for their uses, then checked."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TypeAlias

from borderready.errors import BorderreadyError, Fault
from borderready.model import Message
from borderready.scale.cluster import check_shards, cluster, gather_shards, send
from borderready.scale.others import Compared, build_ledger, digest_shards, open_lookup, remove_ledger, still_holds
from borderready.scale.part import Counts, Part
from borderready.scale.shard import Shard
from borderready.scale.state import add_up, find_gathered, finish, read_parts, remove_parts, told
from borderready.scale.work import Done, Kit, Trouble

MAX_TOLD = 20
Advance: TypeAlias = Callable[[int, int], None]
# Shows how far a pass is, by its key, the number of shards it leaves as they are, and what is to do.
Shown: TypeAlias = Callable[[str, int, Sequence[Shard]], AbstractContextManager[Advance]]


def check_all(shards: Sequence[Shard], kit: Kit, *, out: Path, address: str | None, shown: Shown) -> Counts:
    """Check all shards that are not finished and return the manifests of the folder by verdict.

    Raises:
        UsageError: When no cluster is to be had, or a folder cannot be read or written.
        BorderreadyError: When some shards could not be done; the others are.
    """
    inputs = digest_shards(shards)
    parts = read_parts(out, (shard.id for shard in shards))
    gathered = find_gathered(out, (shard.id for shard in shards))
    counts = {id_: part.counts for id_, part in parts.items()}
    if len(parts) < len(shards) or any(part.inputs != inputs for part in parts.values()):
        with cluster(address) as ray:
            to_gather = [shard for shard in shards if shard.id not in gathered]
            with shown("scale.gathering", len(gathered), to_gather) as advance:
                _collect(gather_shards(ray, to_gather, out=out), to_gather, advance)
            try:
                compared = _compare(out, shards)
                kept = _keep(parts, inputs, compared)
                remove_parts(out, parts.keys() - kept.keys())
                to_check = [shard for shard in shards if shard.id not in kept]
                with shown("scale.checking", len(kept), to_check) as advance:
                    results = check_shards(ray, to_check, send(ray, kit), out=out, compared=compared, inputs=inputs)
                    counts = {**kept, **_collect(results, to_check, advance)}
            finally:
                remove_ledger(out)
    total = add_up(counts.values())
    finish(out, total, len(shards))
    return total


def _compare(out: Path, shards: Sequence[Shard]) -> Compared | None:
    """Return what all consignments use, None where there is only one, and nothing to compare it with."""
    with told(out):
        try:
            compared = build_ledger(out, shards)
        except sqlite3.Error as error:
            raise OSError(0, str(error)) from error
    return compared if compared.total > 1 else None


def _keep(parts: Mapping[str, Part], inputs: str, compared: Compared | None) -> Mapping[str, Counts]:
    """Return the counts of the parts that hold whatever became of the other consignments."""
    lookup = None if compared is None else open_lookup(compared.path, compared.token)

    def holds(part: Part) -> bool:
        if part.inputs == inputs or part.answers is None or lookup is None:
            return part.inputs == inputs or (part.answers is None and lookup is None)
        return still_holds(part.answers, lookup)

    return {id_: part.counts for id_, part in parts.items() if holds(part)}


def _collect(results: Iterable[Done | Trouble], shards: Sequence[Shard], advance: Advance) -> Mapping[str, Counts]:
    """Return the counts of each shard; raises BorderreadyError when one could not be done."""
    sizes = {shard.id: shard.size_bytes for shard in shards}
    counts: dict[str, Counts] = {}
    failed: list[Trouble] = []
    for result in results:
        if isinstance(result, Done):
            counts[result.id] = result.counts
            advance(sizes[result.id], sum(result.counts.values()))
            continue
        failed.append(result)
        if result.is_final:
            break
    if failed:
        raise BorderreadyError(map(_fault_of, failed[-MAX_TOLD:]))
    return counts


def _fault_of(trouble: Trouble) -> Fault:
    what = Message(trouble.key, trouble.args)
    return Fault(file="borderready", span=None, path="", what=what, hint=Message(f"{trouble.key}_hint"))
