# SPDX-License-Identifier: Apache-2.0
"""How the units of a large run are gone through: once for what each uses, and once for the answers in their order.

All are compared with each other, whatever their order. As long as the answers can wait in memory each manifest is
checked when it is first read, as if no other consignment used the same: for most that holds. What does share something
with another, and what is left of a long run, is checked when all is known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field

from borderready.batch.ahead import Ahead
from borderready.batch.known import Hands, answer_ordered
from borderready.batch.pool import Lost, run_ordered
from borderready.batch.shelf import Shelf
from borderready.batch.source import Unit, read_unit, units_of
from borderready.cli.answer_form import Done, Gathered, pack_done, put_on
from borderready.cli.answers import Answers, digest_lines
from borderready.cli.output import Target
from borderready.cli.run import Checked, Registers, Run, check_one, entry_of, render_failed, render_invalid
from borderready.cli.run_ledger import Known, Noted, RunLedger, Spares, known_of
from borderready.model import Manifest, Message
from borderready.read.manifest import Invalid


@dataclass(slots=True, kw_only=True)
class Passes:
    """A run over units.

    Attributes:
        shown: By the name of each file where it lies.
        advance: Told how many bytes and manifests have been checked.
        was_interrupted: Whether the first pass was; then only what was checked before it has answers.
    """

    shown: Mapping[str, str]
    hands: Hands
    answers: Answers
    worker: Worker
    advance: Callable[[Done], None]
    was_interrupted: bool = False
    _ahead: Ahead[Gathered] = field(default_factory=Ahead)
    _counted: set[tuple[str, int]] = field(default_factory=set)  # units that advance() was told of already

    def look(self) -> None:
        """Go through all for what they use, and check as many as can wait."""
        self.worker.beside.gather(self._look())

    def _look(self) -> Iterator[Known]:
        gathered_in_order = answer_ordered(
            (unit._replace(is_ahead=self._ahead.has_room) for unit in units_of(self.shown)),
            find=self._recall,
            keep=lambda _unit, _gathered: None,
            work=self.worker.look,
            lost=self.worker.give_up_look,
            hands=self.hands,
        )
        shelf = Shelf()
        try:
            with closing(gathered_in_order):
                for gathered in gathered_in_order:
                    if gathered.done is not None:
                        done, size_bytes = put_on(shelf, gathered.done)
                        self._ahead.put(gathered.unit, gathered.first, gathered._replace(done=done), size_bytes)
                        self.advance(gathered.done)
                        self._counted.add((gathered.unit, gathered.first))
                    elif gathered.kept is not None and self._ahead.has_room:
                        self._ahead.put(gathered.unit, gathered.first, gathered, gathered.kept.size_bytes)
                    yield from gathered.known
        except KeyboardInterrupt:
            self.was_interrupted = True

    def answer(self) -> Iterator[Done]:
        """Yield the answers of all units in their order; where look() was interrupted, of those that have one."""
        if self.was_interrupted:
            yield from filter(None, map(self._find, units_of(self.shown)))
            return
        results = answer_ordered(
            units_of(self.shown),
            find=self._find,
            keep=self._keep,
            work=self.worker.check,
            lost=self.worker.give_up,
            hands=self.hands,
        )
        with closing(results):
            for done in results:
                yield done
                if (done.unit, done.first) not in self._counted:
                    self.advance(done)

    def _recall(self, unit: Unit) -> Gathered | None:
        """Return what an earlier run kept of a unit."""
        kept = self.answers.find(unit, self.worker.registers_for(unit.name))
        return None if kept is None else Gathered(unit=unit.name, first=unit.first, known=kept.known, kept=kept)

    def _find(self, unit: Unit) -> Done | None:
        """Return the answer that was worked out ahead or in an earlier run, where what others use lets it stand."""
        gathered = self._ahead.take(unit.name, unit.first) or self._recall(unit)
        if gathered is None:
            return None
        beside, kept, done = self.worker.beside, gathered.kept, gathered.done
        if kept is not None:
            return self.answers.done(kept) if beside.digest_beside(kept.known, kept.spares) == kept.beside else None
        if done is None or not beside.is_apart(gathered.known, done.spares):
            return None
        self._keep(unit, done)
        return done

    def _keep(self, unit: Unit, done: Done) -> None:
        self.answers.keep(unit, done, self.worker.registers_for(unit.name))


def _content_of(unit: Unit, read: Sequence[Manifest | Invalid]) -> str:
    """Return the digest of what a unit was read from, "" where it could not be read."""
    if unit.lines:
        return digest_lines(unit)
    return read[0].sha256 if read else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """What is done with a unit of manifests; all of it is there before the workers start."""

    run: Run
    targets: Sequence[Target]
    registers_for: Callable[[str], Registers]
    beside: RunLedger
    is_kept: bool

    def look(self, unit: Unit) -> Gathered:
        """Return what each manifest of a unit is and uses, and ahead of others how each is checked."""
        read = tuple(read_unit(unit))
        known = tuple(known_of(manifest) for manifest in read if isinstance(manifest, Manifest))
        gathered = Gathered(unit=unit.name, first=unit.first, known=known)
        return gathered._replace(done=self._done(unit, read, known, is_ahead=True)) if unit.is_ahead else gathered

    def check(self, unit: Unit) -> Done:
        """Return the manifests of a unit, checked and rendered."""
        read = tuple(read_unit(unit))
        known = [known_of(manifest) for manifest in read if isinstance(manifest, Manifest)] if self.is_kept else []
        return self._done(unit, read, known, is_ahead=False)

    def _done(self, unit: Unit, read: Sequence[Manifest | Invalid], known: Sequence[Known], *, is_ahead: bool) -> Done:
        spares: list[Spares] = []
        done = Done(
            unit=unit.name,
            first=unit.first,
            size_bytes=unit.size_bytes,
            checked=tuple(self._check(unit, one, spares, is_ahead=is_ahead) for one in read),
            sha256=_content_of(unit, read) if self.is_kept else "",
        )
        beside = self.beside.digest_apart() if is_ahead else self.beside.digest_beside(known, spares)
        done = done._replace(spares=tuple(spares), beside=beside)
        return done._replace(packed=pack_done(done, known)) if self.is_kept and done.sha256 else done

    def _check(self, unit: Unit, manifest: Manifest | Invalid, spares: list[Spares], *, is_ahead: bool) -> Checked:
        """Return a manifest checked and rendered; adds to `spares` what others may draw beside it."""
        if not isinstance(manifest, Manifest):
            return render_invalid(manifest, self.targets)
        history = Noted(None) if is_ahead else self.beside.history_of(manifest)
        report, checked = check_one(
            unit.name,
            manifest,
            self.registers_for(unit.name),
            self.run,
            history=history,
            compared_with=self.beside.expected if is_ahead else self.beside.where,
            targets=self.targets,
        )
        # A pass tells how much was drawn in all.
        tells_passes = any(target.info.verbose for target in self.targets)
        spares.append({} if history is None or tells_passes else history.spares)
        return checked._replace(entry=entry_of(manifest, str(report.verdict)))

    def give_up_look(self, unit: Unit, why: Lost) -> Gathered:
        """Return what is known of a unit that killed its workers when it was first read: nothing but that."""
        is_one = unit.lines is None or len(unit.lines) == 1
        done = self.give_up(unit, why) if unit.is_ahead and is_one else None
        return Gathered(unit=unit.name, first=unit.first, known=(), done=done)

    def give_up(self, unit: Unit, why: Lost) -> Done:
        """Return what is told of a unit that killed its workers; of several lines each is tried alone before."""
        if unit.lines is not None and len(unit.lines) > 1:
            alone = [unit._replace(lines=(line,), first=unit.first + offset) for offset, line in enumerate(unit.lines)]
            timeout = self.run.settings.timeout
            results = run_ordered(alone, self.check, jobs=1, timeout_seconds=timeout, lost=self.give_up)
            every = tuple(checked for done in results for checked in done.checked)
            return Done(unit=unit.name, first=unit.first, size_bytes=unit.size_bytes, checked=every)
        reason = Message(f"batch.lost.{why.key}", {"detail": why.detail})
        failed = render_failed(unit.name, unit.first, reason, self.targets)
        return Done(unit=unit.name, first=unit.first, size_bytes=unit.size_bytes, checked=(failed,))
