# SPDX-License-Identifier: Apache-2.0
"""A run from its shards to its outcome: what is finished stands, the others are read for their uses, then checked."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TypeAlias

from borderready.errors import BorderreadyError, Fault
from borderready.keep.ledger import Entry, Ledger
from borderready.model import Message, Use
from borderready.scale.cluster import check_shards, cluster, gather_shards, send
from borderready.scale.others import (
    Built,
    Compared,
    build_ledger,
    digest_shards,
    open_lookup,
    read_entries,
    remove_ledger,
    still_holds,
)
from borderready.scale.part import Counts, Part
from borderready.scale.shard import Shard
from borderready.scale.state import add_up, find_gathered, read_parts, remove_parts, told
from borderready.scale.work import Done, Kit, Trouble

MAX_TOLD = 20
Advance: TypeAlias = Callable[[int, int], None]
# Shows how far a pass is, by its key, the number of shards it leaves as they are, and what is to do.
Shown: TypeAlias = Callable[[str, int, Sequence[Shard]], AbstractContextManager[Advance]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a run came to.

    Attributes:
        counts: The manifests of the folder by verdict.
        parts: Of each shard, in their order.
        built: What was seen of the consignments.
    """

    counts: Counts
    parts: Sequence[Part]
    built: Built


def check_all(
    shards: Sequence[Shard], kit: Kit, *, out: Path, address: str | None, shown: Shown, ledger: Ledger | None = None
) -> Outcome:
    """Check all shards that are not finished; no cluster is made where all are.

    Raises:
        UsageError: When no cluster is to be had, or a folder cannot be read or written.
        KeepError: When the ledger cannot be read.
        BorderreadyError: When some shards could not be done; the others are.
    """
    ids = [shard.id for shard in shards]
    parts = read_parts(out, ids)
    gathered = find_gathered(out, ids)
    to_gather = [shard for shard in shards if shard.id not in gathered]
    with ExitStack() as stack:
        ray = cache(lambda: stack.enter_context(cluster(address)))
        if to_gather:
            with shown("scale.gathering", len(gathered), to_gather) as advance:
                _collect(gather_shards(ray(), to_gather, out=out), to_gather, advance)
        try:
            built = _build(out, shards, ledger)
            has_ledger = kit.settings.ledger is not None  # one that is not begun yet is compared with, too
            compared = built.compared if has_ledger or built.compared.total > 1 else None
            inputs = _digest(digest_shards(shards), built.beside) if has_ledger else digest_shards(shards)
            kept = _keep(parts, inputs, compared)
            remove_parts(out, parts.keys() - kept)
            to_check = [shard for shard in shards if shard.id not in kept]
            if to_check:
                with shown("scale.checking", len(kept), to_check) as advance:
                    sent = send(ray(), kit)
                    results = check_shards(ray(), to_check, sent, out=out, compared=compared, inputs=inputs)
                    _collect(results, to_check, advance)
        finally:
            remove_ledger(out)
    done = read_parts(out, ids)
    ordered = [done[id_] for id_ in ids]
    return Outcome(counts=add_up(part.counts for part in ordered), parts=ordered, built=built)


def entries_of(out: Path, shards: Sequence[Shard], outcome: Outcome) -> Iterator[tuple[Entry, tuple[Use, ...]]]:
    """Yield what a ledger records of a finished run, in the order of the inputs: the last of a reference stands."""
    for shard, part in zip(shards, outcome.parts, strict=True):
        yield from read_entries(out, shard, part.verdicts)


def _build(out: Path, shards: Sequence[Shard], ledger: Ledger | None) -> Built:
    """Return what all consignments are compared with; what the file system refuses is a UsageError."""
    with told(out):
        try:
            return build_ledger(out, shards, ledger)
        except sqlite3.Error as error:
            raise OSError(0, str(error)) from error


def _digest(*texts: str) -> str:
    return sha256("\n".join(texts).encode("ascii")).hexdigest()


def _keep(parts: Mapping[str, Part], inputs: str, compared: Compared | None) -> frozenset[str]:
    """Return the shards whose parts hold, whatever became of the other consignments."""
    lookup = None if compared is None else open_lookup(compared.path, compared.token)

    def holds(part: Part) -> bool:
        if part.inputs == inputs or part.answers is None or lookup is None:
            return part.inputs == inputs or (part.answers is None and lookup is None)
        return still_holds(part.answers, lookup)

    return frozenset(id_ for id_, part in parts.items() if holds(part))


def _collect(results: Iterable[Done | Trouble], shards: Sequence[Shard], advance: Advance) -> None:
    """Wait for every shard; raises BorderreadyError when one could not be done."""
    sizes = {shard.id: shard.size_bytes for shard in shards}
    failed: list[Trouble] = []
    for result in results:
        if isinstance(result, Done):
            advance(sizes[result.id], sum(result.counts.values()))
            continue
        failed.append(result)
        if result.is_final:
            break
    if failed:
        raise BorderreadyError(map(_fault_of, failed[-MAX_TOLD:]))


def _fault_of(trouble: Trouble) -> Fault:
    what = Message(trouble.key, trouble.args)
    return Fault(file="borderready", span=None, path="", what=what, hint=Message(f"{trouble.key}_hint"))
