# SPDX-License-Identifier: Apache-2.0
"""What the manifests of a large run use, in a ledger of the run's own, and the one that the user keeps beside it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from borderready.across import base_use, identity_of, make_histories, uses_of
from borderready.batch.cache import key_of
from borderready.fold import fold
from borderready.keep.ledger import Entry, Ledger, open_ledger, record
from borderready.model import History, Manifest, Use

MOST_DOUBLES = 20  # references in several manifests that are remembered by name


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
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
        self._shared: frozenset[tuple[str, str]] | None = None
        self._total = 0
        self._stack = ExitStack()

    def gather(self, known: Iterable[Known]) -> None:
        """Take in all consignments of the run; of several with one reference the last one stands."""
        record(self._path, self._remembered(known), shown_as=str(self._path))
        with ExitStack() as stack:
            run, kept = self._open(stack)
            shared = 0
            if run is not None and kept is not None:
                shared = sum(kept.has(entry.reference) for entry in run.entries())
            self._total = sum(ledger.count() for ledger in (run, kept) if ledger is not None) - shared

    def _remembered(self, known: Iterable[Known]) -> Iterator[tuple[Entry, tuple[Use, ...]]]:
        for one in known:
            folded = fold(one.entry.reference)
            written, before = self._places.setdefault(folded, (one.entry.reference, one.place))
            if before != one.place and (written in self.doubles or len(self.doubles) < MOST_DOUBLES):
                self.doubles.setdefault(written, [before]).append(one.place)
            if not one.has_reference and len(self.nameless) < MOST_DOUBLES:
                self.nameless.append(one.entry.reference)
            yield one.entry, one.uses

    def digest_beside(self, known: Iterable[Known]) -> bytes:
        """Return the digest of what others used of the same as these consignments, and of how many there are."""
        parts = [str(self.count_beside())]
        for one in known:
            history = self._history(one.entry.reference)
            for use in one.uses if history is not None else ():
                assert history is not None
                if self._is_shared(use):
                    parts.append(repr(history(use.kind, use.key)))
        return key_of(parts)

    def _is_shared(self, use: Use) -> bool:
        """Tell whether another consignment may use the same; those of the run are looked up together."""
        if self._ledger is not None:
            return True
        if self._shared is None:
            with open_ledger(self._path, shown_as=str(self._path)) as run:
                self._shared = run.shared_keys() if run is not None else frozenset()
        return (use.kind, use.key) in self._shared

    def history_of(self, manifest: Manifest) -> History | None:
        """Return what all others than this consignment used, None where it stands alone."""
        return self._history(identity_of(manifest))

    def _history(self, identity: str) -> History | None:
        if self._total < 2:
            return None
        if self._opened is None or self._opened[0] != os.getpid():
            self._opened = (os.getpid(), *self._open(self._stack))
        _, run, kept = self._opened

        def uses(kind: str, key: str) -> tuple[Use, ...]:
            found = run.uses(kind, key) if run is not None else ()
            if kept is None:
                return found
            others = [use for use in kept.uses(kind, key) if run is None or not run.has(use.reference)]
            return (*found, *others)

        return make_histories((), uses)(identity)

    def count_beside(self) -> int | None:
        """Return how many consignments each is compared with, None where it stands alone."""
        return self._total - 1 if self._total > 1 else None

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
                yield replace(entry, verdict=verdict), run.uses_by(entry.reference)

    def _open(self, stack: ExitStack) -> tuple[Ledger | None, Ledger | None]:
        run = stack.enter_context(open_ledger(self._path, shown_as=str(self._path)))
        if self._ledger is None:
            return run, None
        return run, stack.enter_context(open_ledger(Path(self._ledger), shown_as=self._ledger))
