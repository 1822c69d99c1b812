# SPDX-License-Identifier: Apache-2.0
"""Work on the rules of a pack in several processes, which share one reading of the pack."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any, TypeVar

from borderready.model import RuleId

R = TypeVar("R")
FEW = 4  # rules that are done sooner than processes are started
_CHUNK = 4
_work: Callable[[Any], Any] | None = None


def each_of(names: Sequence[RuleId], work: Callable[[RuleId], R], *, jobs: int) -> Iterator[R]:
    """Yield what the work gives for each name, in their order.

    Args:
        names: Ids of rules.
        work: Runs in a process that was forked from this one and has all that it holds; the results must be picklable.
        jobs: How many processes; 0 takes one for each core.
    """
    workers = jobs or _count_cores()
    if workers == 1 or len(names) < FEW or not hasattr(os, "fork"):
        yield from map(work, names)
        return
    with ProcessPoolExecutor(workers, get_context("fork"), _start, (work,)) as pool:
        yield from pool.map(_run, names, chunksize=_CHUNK)


def _count_cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _start(work: Callable[[Any], Any]) -> None:
    """Keep the work in a worker; a forked process is given it without reading or copying."""
    global _work
    _work = work


def _run(name: RuleId) -> Any:
    assert _work is not None
    return _work(name)
