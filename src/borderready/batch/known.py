# SPDX-License-Identifier: Apache-2.0
"""Units of which the answer is known already are not handed to workers; the order of the answers is that of the units.

Where all is known no worker is started.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import chain
from typing import TypeVar

from borderready.batch.pool import Lost, run_ordered
from borderready.batch.source import Unit

R = TypeVar("R")
MOST_HELD = 128  # known answers that wait for an unknown one before them; with more no new ones are looked at


@dataclass(frozen=True, slots=True, kw_only=True)
class Hands:
    """How many workers there may be, and how long one may take for a unit."""

    jobs: int
    timeout_seconds: float | None


def answer_ordered(
    units: Iterable[Unit],
    *,
    find: Callable[[Unit], R | None],
    keep: Callable[[Unit, R], None],
    work: Callable[[Unit], R],
    lost: Callable[[Unit, Lost], R],
    hands: Hands,
) -> Generator[R, None, None]:
    """Yield the answer of each unit in their order, as it is known or as a worker gives it.

    Args:
        units: Read as they are needed.
        find: Gives an answer that is known; asked in this process.
        keep: Told of each answer that a worker gave.
        work: As in run_ordered.
        lost: As in run_ordered.
        hands: The workers.
    """
    source = iter(units)
    for unit in source:
        known = find(unit)
        if known is not None:
            yield known
            continue
        yield from _work_on(chain((unit,), source), first=unit, find=find, keep=keep, work=work, lost=lost, hands=hands)


def _work_on(
    units: Iterator[Unit],
    *,
    first: Unit,
    find: Callable[[Unit], R | None],
    keep: Callable[[Unit, R], None],
    work: Callable[[Unit], R],
    lost: Callable[[Unit, Lost], R],
    hands: Hands,
) -> Iterator[R]:
    """Yield the answers from an unknown one on, until so many known ones wait that memory asks for a pause."""
    held: deque[tuple[Unit, R | None]] = deque()

    def unknown() -> Iterator[Unit]:
        for unit in units:
            known = find(unit) if unit is not first else None
            held.append((unit, known))
            if known is None:
                yield unit
            elif sum(answer is not None for _, answer in held) >= MOST_HELD:
                return

    results = run_ordered(
        unknown(),
        work,
        jobs=hands.jobs,
        timeout_seconds=hands.timeout_seconds,
        lost=lost,
        size_bytes=lambda unit: unit.size_bytes,
    )
    with closing(results):
        for result in results:
            yield from _known(held)
            unit, _ = held.popleft()
            keep(unit, result)
            yield result
    yield from _known(held)


def _known(held: deque[tuple[Unit, R | None]]) -> Iterator[R]:
    """Yield and let go of the known answers at the head."""
    while held and (known := held[0][1]) is not None:
        held.popleft()
        yield known
