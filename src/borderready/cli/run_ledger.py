# SPDX-License-Identifier: Apache-2.0
"""What the manifests of a large run use, in a ledger of the run's own, and the one that the user keeps beside it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from decimal import Decimal
from functools import cached_property, partial
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple, TypeAlias

from borderready.across import base_use, identity_of, uses_of
from borderready.batch.cache import key_of
from borderready.fold import fold
from borderready.histories import NOBODY, Others, Usage
from borderready.keep.ledger import Entry, Ledger, open_ledger, record
from borderready.model import Compared, Manifest, Use

_ENDLESS = Decimal("Infinity")
_DIGESTS = 1 << 256
MOST_HELD = 100_000  # uses of shared papers, containers and orchards that a process holds
MOST_DOUBLES = 20  # references in several manifests that are remembered by name


class Known(NamedTuple):
    """A consignment of the run, with what it uses; one without a reference goes by its place in the files."""

    entry: Entry
    uses: tuple[Use, ...]
    has_reference: bool
    place: str


def known_of(manifest: Manifest) -> Known:
    """Return what a manifest is and uses; the verdict is not known yet."""
    identity = identity_of(manifest)
    base = base_use(manifest.data, identity, manifest.file)
    entry = Entry(
        reference=identity,
        file=manifest.file,
        sha256=manifest.sha256,
        day=base.start,
        exporter=base.exporter,
        verdict="",
    )
    return Known(
        entry=entry,
        uses=uses_of(manifest.data, identity, manifest.file),
        has_reference=manifest.reference is not None,
        place=f"{manifest.file}#{manifest.index}",
    )


# By kind and key, how much others may draw in all and the answers stay as they are.
Spares: TypeAlias = Mapping[tuple[str, str], Decimal]


class Noted:
    """The history of a consignment, which remembers how much others may draw and the answers stay as they are."""

    def __init__(self, history: Callable[[str, str], Others] | None) -> None:
        """Take what gives the uses by others, None to answer as if there were none."""
        self._history = history
        self._asked: dict[tuple[str, str], Decimal | None] = {}

    def __call__(self, kind: str, key: str, spare_kg: Decimal | None) -> Others:
        """Return the uses of a key by others; one that was ever asked for without a spare has none."""
        known = self._asked.get((kind, key), spare_kg)
        self._asked[kind, key] = None if known is None or spare_kg is None else min(known, spare_kg)
        return self._history(kind, key) if self._history is not None else NOBODY

    @property
    def spares(self) -> Spares:
        """What others may draw without changing anything; of any other key every use may."""
        return {key: spare_kg for key, spare_kg in self._asked.items() if spare_kg is not None and spare_kg > 0}


class RunLedger:
    """The consignments of a run, and those of the user's ledger that are not in the run.

    It is filled by one process and then asked by many; each opens the files for itself.
    """

    def __init__(self, folder: Path, ledger: str | None) -> None:
        self._path = folder / "run.sqlite"
        self._ledger = ledger
        self._verdicts: dict[str, str] = {}
        self._places: dict[str, tuple[str, str]] = {}
        self.doubles: dict[str, list[str]] = {}
        self.nameless: list[str] = []
        self._opened: tuple[int, Ledger | None, Ledger | None] | None = None
        self._shared: frozenset[tuple[str, str]] = frozenset()
        self._usages: dict[tuple[str, str], _Digested] = {}
        self._held = 0  # uses in these
        self._repeated: set[str] = set()
        self._total = 0
        self._stack = ExitStack()

    def gather(self, known: Iterable[Known]) -> None:
        """Take in all consignments of the run; of several with one reference the last one stands."""
        record(self._path, self._remembered(known), shown_as=str(self._path))
        self._places.clear()  # the workers to come would carry it all
        with open_ledger(self._path, shown_as=str(self._path)) as run:
            if run is not None:
                self._total, self._shared = run.count(), run.shared_keys()

    def _remembered(self, known: Iterable[Known]) -> Iterator[tuple[Entry, tuple[Use, ...]]]:
        for one in known:
            folded = fold(one.entry.reference)
            written, before = self._places.setdefault(folded, (one.entry.reference, one.place))
            if before != one.place:
                self._repeated.add(folded)
                if written in self.doubles or len(self.doubles) < MOST_DOUBLES:
                    self.doubles.setdefault(written, [before]).append(one.place)
            if not one.has_reference and len(self.nameless) < MOST_DOUBLES:
                self.nameless.append(one.entry.reference)
            yield one.entry, one.uses

    def is_apart(self, known: Sequence[Known], spares: Sequence[Spares]) -> bool:
        """Tell whether nothing that others used changes answers that were worked out as if there were no others."""
        return self.where == self.expected and self.digest_beside(known, spares) == self.digest_apart()

    def digest_beside(self, known: Sequence[Known], spares: Sequence[Spares]) -> bytes:
        """Return the digest of what others used of the same as these consignments, and of where they are known from.

        What is within the spares of each changes nothing, and is left out.
        """
        if len(known) != len(spares):
            return b""
        used = [
            self._beyond(one.entry.reference, use.kind, use.key, own)
            for one, own in zip(known, spares, strict=True)
            for use in one.uses
        ]
        return key_of((*self.where, *filter(None, used)))

    def digest_apart(self) -> bytes:
        """Return that digest for consignments of which none shares anything."""
        return key_of(self.expected)

    def _beyond(self, identity: str, kind: str, key: str, spares: Spares) -> str:
        """Return what tells the uses by others from any other uses, "" where these change nothing."""
        if self._is_alone(identity, kind, key):
            return ""
        digested = self._usage(kind, key)
        others = digested.usage.beside(fold(identity))
        spare_kg = spares.get((kind, key))
        if not others or (spare_kg is not None and _weight_kg(others) <= spare_kg):
            return ""
        return f"{kind} {key} {len(others)} {digested.beside(others):x}"

    def history_of(self, manifest: Manifest) -> Noted | None:
        """Return what all others than this consignment used, None where it stands alone."""
        return Noted(partial(self._others, identity_of(manifest))) if self.where else None

    def _others(self, identity: str, kind: str, key: str) -> Others:
        """Return what others than a consignment used of a key of a kind."""
        if self._is_alone(identity, kind, key):
            return NOBODY
        return self._usage(kind, key).usage.beside(fold(identity))

    def _is_alone(self, identity: str, kind: str, key: str) -> bool:
        """Tell whether it is known without looking that nobody else used it."""
        return self._ledger is None and (kind, key) not in self._shared and fold(identity) not in self._repeated

    def _usage(self, kind: str, key: str) -> _Digested:
        """Return all uses of a key; put in order once for all consignments that use it."""
        digested = self._usages.get((kind, key))
        if digested is None:
            digested = _Digested(self._uses(kind, key))
            if self._held > MOST_HELD:
                self._usages.clear()
                self._held = 0
            self._usages[kind, key] = digested
            self._held += len(digested.usage.uses)
        return digested

    def _uses(self, kind: str, key: str) -> list[Use]:
        if self._opened is None or self._opened[0] != os.getpid():
            self._opened = (os.getpid(), *self._open(self._stack))
        _, run, kept = self._opened
        found = [*run.uses(kind, key)] if run is not None else []
        if kept is not None:
            found += [use for use in kept.uses(kind, key) if run is None or not run.has(use.reference)]
        return found

    @property
    def where(self) -> tuple[Compared, ...]:
        """Where other consignments are known from."""
        run = (Compared.RUN,) if self._total > 1 else ()
        return run if self._ledger is None else (*run, Compared.LEDGER)

    @property
    def expected(self) -> tuple[Compared, ...]:
        """Where they will be known from once the run was gone through, unless it is of one consignment."""
        return (Compared.RUN,) if self._ledger is None else (Compared.RUN, Compared.LEDGER)

    def note(self, entry: Entry | None) -> None:
        """Remember the verdict on a consignment, for the user's ledger."""
        if entry is not None and self._ledger is not None:
            self._verdicts[fold(entry.reference)] = entry.verdict

    def record(self) -> None:
        """Put the consignments of the run that have a reference into the user's ledger, all or none."""
        self.close()
        if self._ledger is None or not self._verdicts:
            return
        with open_ledger(self._path, shown_as=str(self._path)) as run:
            assert run is not None
            record(Path(self._ledger), self._decided(run), shown_as=self._ledger)

    def close(self) -> None:
        """Let go of what this process looked things up in."""
        self._opened = None
        self._stack.close()

    def _decided(self, run: Ledger) -> Iterator[tuple[Entry, tuple[Use, ...]]]:
        for entry in run.entries():
            verdict = self._verdicts.get(fold(entry.reference))
            if verdict is not None:
                yield entry._replace(verdict=verdict), run.uses_by(entry.reference)

    def _open(self, stack: ExitStack) -> tuple[Ledger | None, Ledger | None]:
        run = stack.enter_context(open_ledger(self._path, shown_as=str(self._path)))
        if self._ledger is None:
            return run, None
        return run, stack.enter_context(open_ledger(Path(self._ledger), shown_as=self._ledger))


class _Digested:
    """All uses of one key, and a digest of those by others than any consignment.

    Digests of single uses are added up, which tells sets of them apart in whatever order they come; so those of one
    consignment can be taken away again.
    """

    def __init__(self, uses: Iterable[Use]) -> None:
        self.usage = Usage(uses)

    @cached_property
    def _digests(self) -> Sequence[bytes]:
        return [sha256(repr(use).encode("utf-8", "surrogatepass")).digest() for use in self.usage.uses]

    @cached_property
    def _whole(self) -> int:
        return sum(map(int.from_bytes, self._digests))

    def beside(self, others: Others) -> int:
        """Return the digest of others than a consignment."""
        own = [self._digests[place] for place in others.own]
        return (self._whole - sum(map(int.from_bytes, own))) % _DIGESTS


def _weight_kg(others: Others) -> Decimal:
    """Return the weight of uses; more than anything where one is not weighed."""
    return _ENDLESS if others.unweighed else others.net_kg
