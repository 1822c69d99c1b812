# SPDX-License-Identifier: Apache-2.0
"""A run over many manifests, written as it goes.

A worker makes of each result an Item (text) and a Told (what the summary needs); the parent feeds both in the order of
the manifests to one Assembler for each format and one Summary (report/summary.py), and writes what it gets back.
Nothing here grows with the number of manifests.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import NamedTuple, TypeAlias

from borderready.errors import Fault
from borderready.model import Finding, Instrument, Message, PackId, Report, Status
from borderready.report.show import Fill
from borderready.report.summary import Summary
from borderready.report.written import Written


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """A manifest that could not be read or typed, with every reason (verdict `invalid`)."""

    file: str
    index: int
    sha256: str
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """A manifest that was not checked because the program failed, or ran out of time (verdict `error`)."""

    file: str
    index: int
    reason: Message


Result: TypeAlias = Report | Unread | Failed


@dataclass(frozen=True, slots=True, kw_only=True)
class RunInfo:
    """What is the same for all manifests of a run, and for the parent and its workers.

    Attributes:
        engine: Version of the program.
        instruments: Those of the rule base, by id.
        fill: What to write where a value is missing (read.manifest.placeholder_of).
        verbose: Whether what passes is shown, too, in the formats that can.
        width: Columns of the text format.
        pack: The rule base, None where it is not known.
        many: Whether there are several manifests: then there is a summary, and JSON is one object with `reports`.
        colour: The colour system of rich for the text format (`standard`, `256`, `truecolor`), None for plain text.
        written: What this process wrote before.
    """

    engine: str
    language: str
    instruments: Mapping[str, Instrument]
    fill: Fill
    verbose: bool = False
    width: int = 80
    pack: PackId | None = None
    many: bool = False
    colour: str | None = None
    written: Written = field(default_factory=Written, compare=False, repr=False)


class Ranked(NamedTuple):
    """A text of which only so many are shown in a run.

    Attributes:
        kind: The limit that it counts against (`error`, `warning`, `notice`).
        weight: The lower, the sooner it is shown.
        group: Of a weight, one of each group (rule) is shown before a second one of any.
    """

    kind: str
    weight: int
    group: str
    text: str


class Item(NamedTuple):
    """One manifest in a format, small enough to be sent from a worker.

    Attributes:
        pieces: What is written at once, in UTF-8; of the pieces many are the very same from manifest to manifest.
        ranked: What may be shown at the end, bounded for each manifest.
        unranked: How many more would have been ranked, had there been room.
        once: Texts of which each name is kept once in a run (the rules of SARIF).
    """

    pieces: tuple[bytes, ...] = ()
    ranked: tuple[Ranked, ...] = ()
    unranked: int = 0
    once: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """What the end of a format may need of the whole run: the texts kept once, sorted by name."""

    summary: Summary
    once: tuple[str, ...] = ()
    left_out: int = 0


def utf8(text: str) -> bytes:
    """Return text as it is written; what is no character is its code."""
    return text.encode("utf-8", "backslashreplace")


def _nothing(_: RunInfo) -> str:
    return ""


def _nothing_more(_: RunInfo, __: Closing) -> str:
    return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """How a run is written: `begin`, then the text of each item with `between` in between, then `end`.

    Attributes:
        limits: How many ranked texts of each kind a run shows.
    """

    name: str
    item: Callable[[Result, RunInfo], Item]
    begin: Callable[[RunInfo], str] = _nothing
    between: str = ""
    end: Callable[[RunInfo, Closing], str] = _nothing_more
    limits: Mapping[str, int] = field(default_factory=dict)


class Assembler:
    """Puts the items of a run together, in the order in which they are fed; keeps no more than the limits admit."""

    def __init__(self, form: Format, info: RunInfo) -> None:
        self._format, self._info = form, info
        self._between = utf8(form.between)
        self._is_empty = True
        self._once: dict[str, str] = {}
        self._heaps: dict[str, list[tuple[int, int, int, str]]] = {kind: [] for kind in form.limits}
        self._groups = Counter[tuple[str, int, str]]()
        self._numbers = count()
        self._left_out = 0

    def begin(self) -> bytes:
        """Return what stands before the first item."""
        return utf8(self._format.begin(self._info))

    def add(self, item: Item) -> tuple[bytes, ...]:
        """Return what an item adds, in pieces."""
        for name, text in item.once:
            self._once.setdefault(name, text)
        for ranked in item.ranked:
            self._keep(ranked)
        self._left_out += item.unranked
        if not any(item.pieces):
            return ()
        is_first, self._is_empty = self._is_empty, False
        return item.pieces if is_first or not self._between else (self._between, *item.pieces)

    def end(self, summary: Summary) -> bytes:
        """Return what stands behind the last item; `summary` has been told of all of them."""
        kept = sorted(
            (-weight, -repeat, -number, text) for heap in self._heaps.values() for weight, repeat, number, text in heap
        )
        once = tuple(self._once[name] for name in sorted(self._once))
        closing = Closing(summary=summary, once=once, left_out=self._left_out)
        return utf8("".join(text for *_, text in kept) + self._format.end(self._info, closing))

    def _keep(self, ranked: Ranked) -> None:
        group = (ranked.kind, ranked.weight, ranked.group)
        # The smallest of a heap is thrown out, so what is shown sooner must be greater.
        entry = (-ranked.weight, -self._groups[group], -next(self._numbers), ranked.text)
        self._groups[group] += 1
        heap = self._heaps[ranked.kind]
        if len(heap) < self._format.limits[ranked.kind]:
            heapq.heappush(heap, entry)
        else:
            heapq.heappushpop(heap, entry)
            self._left_out += 1


def shown_of(report: Report, info: RunInfo) -> Sequence[Finding]:
    """Return the findings that stand in a report: what passes only where it was asked for."""
    if info.verbose:
        return report.findings
    passed = Status.PASS
    return [finding for finding in report.findings if finding.outcome.status is not passed]
