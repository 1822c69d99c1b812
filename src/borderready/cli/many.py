# SPDX-License-Identifier: Apache-2.0
"""Many manifests: checked in worker processes, written as they are done, in their order.

They are gone through twice: first for what each uses, so that all can be compared with each other whatever their order,
then to be checked.
"""

from __future__ import annotations

import gc
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from pathlib import Path

from borderready.batch.discover import GZIP, STDIN
from borderready.batch.known import Hands, answer_ordered
from borderready.batch.pool import Lost, count_cores, held_interrupt, run_ordered
from borderready.batch.source import Unit, read_unit, units_of
from borderready.cli.answers import Answers, Done, Gathered, digest_lines
from borderready.cli.exits import exit_code_of_run
from borderready.cli.few import Wish, count, is_lines_on_stdin
from borderready.cli.others import remark_doubles_of, remark_nameless
from borderready.cli.output import Outputs, Target
from borderready.cli.progress import shown_progress
from borderready.cli.run import (
    Checked,
    Registers,
    Run,
    check_one,
    entry_of,
    make_run,
    make_targets,
    register_source,
    render_failed,
    render_invalid,
)
from borderready.cli.run_ledger import RunLedger, known_of
from borderready.cli.session import choose_language
from borderready.cli.settings import Tally, tell_remarks
from borderready.model import Manifest, Message
from borderready.read.manifest import Invalid, open_stdin
from borderready.report.summary import Summary


def check_many(names: Sequence[str], wish: Wish) -> int:
    """Check manifests in worker processes and return the exit code."""
    settings = wish.settings
    language = choose_language(settings.language)
    run = make_run(settings, None, wish.days, wish.today, is_locked=wish.is_locked)
    targets = make_targets(settings, run.rule_base, wish.reports, wish.output, verbose=wish.is_verbose, many=True)
    jobs = settings.jobs or count_cores()
    gc.freeze()  # what is loaded stays, and is shared with the workers
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="borderready-"))
        shown = _spooled(names, Path(folder))
        registers_for = stack.enter_context(register_source(settings))
        beside = RunLedger(Path(folder), settings.ledger)
        stack.callback(beside.close)
        advance = stack.enter_context(
            shown_progress(_size_bytes([*shown.values()]), language=language, quiet=wish.is_quiet)
        )
        answers = Answers.of(run, targets, is_wanted=wish.is_cached)
        stack.callback(answers.close)
        for name in shown:
            registers_for(name)  # a list that cannot be read is told before anything is checked
        worker = Worker(run=run, targets=targets, registers_for=registers_for, beside=beside, is_kept=wish.is_cached)
        hands = Hands(jobs=jobs, timeout_seconds=settings.timeout)
        gathered = answer_ordered(
            units_of(shown),
            find=answers.find_uses,
            keep=answers.keep_uses,
            work=worker.read,
            lost=lambda _unit, _why: Gathered(known=(), sha256=""),
            hands=hands,
        )
        with closing(gathered):
            beside.gather(known for portion in gathered for known in portion.known)
        remark_doubles_of(beside.doubles, language)
        summary, tally = Summary(), Tally()
        outputs = stack.enter_context(Outputs(targets))
        was_interrupted = False
        results = answer_ordered(
            units_of(shown),
            find=lambda unit: answers.find(unit, beside.digest_beside, registers_for(unit.name)),
            keep=lambda unit, done: answers.keep(unit, done, registers_for(unit.name)),
            work=worker.check,
            lost=worker.give_up,
            hands=hands,
        )
        try:
            with closing(results):
                for done in results:
                    for checked in done.checked:
                        with held_interrupt():  # a manifest is written in every format, or in none
                            count(checked, summary, tally)
                            outputs.add(checked.items)
                            beside.note(checked.entry)
                    advance(done.size_bytes or _file_bytes(shown[done.unit]), len(done.checked))
        except KeyboardInterrupt:
            was_interrupted = True
        tell_remarks(run.book, tally, settings.language)
        outputs.finish(summary)
        if was_interrupted:
            raise KeyboardInterrupt
        beside.record()
    if settings.ledger is not None:
        remark_nameless(beside.nameless, language)
    if settings.format != "text" or wish.output is not None:
        _tell_summary(summary, wish)
    return exit_code_of_run(summary.verdicts)


def _tell_summary(summary: Summary, wish: Wish) -> None:
    if wish.is_quiet:
        return
    from borderready.cli.session import make_console, make_layout
    from borderready.report.run_text import print_run_summary
    from borderready.report.terminal import show

    console = make_console(stderr=True)
    layout = make_layout(console, choose_language(wish.settings.language))
    print_run_summary(summary, layout)
    show(layout, console)


def _spooled(names: Sequence[str], folder: Path) -> dict[str, str]:
    """Return where each file is read by how it is shown; standard input is kept, since it is read twice."""
    shown: dict[str, str] = {}
    for name in names:
        if name != STDIN:
            shown[name] = name
            continue
        path = folder / ("stdin.ndjson" if is_lines_on_stdin() else "stdin.yaml")
        with path.open("wb") as stream:
            source = open_stdin()
            while portion := source.read(1 << 20):
                stream.write(portion)
        shown["<stdin>"] = str(path)
    return shown


def _size_bytes(paths: Iterable[str]) -> int | None:
    """Return how many bytes there are to read, None where packed files hide it."""
    total = 0
    for path in paths:
        if path.endswith(GZIP):
            return None
        total += _file_bytes(path)
    return total


def _file_bytes(path: str) -> int:
    try:
        return os.stat(path).st_size
    except OSError:
        return 0


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

    def read(self, unit: Unit) -> Gathered:
        """Return what each manifest of a unit is and uses."""
        read = tuple(read_unit(unit))
        known = tuple(known_of(manifest) for manifest in read if isinstance(manifest, Manifest))
        return Gathered(known=known, sha256=_content_of(unit, read))

    def check(self, unit: Unit) -> Done:
        """Return the manifests of a unit, checked and rendered."""
        read = tuple(read_unit(unit))
        known = [known_of(manifest) for manifest in read if isinstance(manifest, Manifest)] if self.is_kept else []
        return Done(
            unit=unit.name,
            size_bytes=unit.size_bytes,
            checked=tuple(self._check(unit, read)),
            sha256=_content_of(unit, read) if self.is_kept else "",
            beside=self.beside.digest_beside(known) if self.is_kept else b"",
        )

    def _check(self, unit: Unit, read: Iterable[Manifest | Invalid]) -> Iterator[Checked]:
        for manifest in read:
            if not isinstance(manifest, Manifest):
                yield render_invalid(manifest, self.targets)
                continue
            report, checked = check_one(
                unit.name,
                manifest,
                self.registers_for(unit.name),
                self.run,
                history=self.beside.history_of(manifest),
                compared_with=self.beside.count_beside(),
                targets=self.targets,
            )
            yield replace(checked, entry=entry_of(manifest, str(report.verdict)))

    def give_up(self, unit: Unit, why: Lost) -> Done:
        """Return what is told of a unit that killed its workers; of several lines each is tried alone before."""
        if unit.lines is not None and len(unit.lines) > 1:
            alone = [replace(unit, lines=(line,), index=unit.index + offset) for offset, line in enumerate(unit.lines)]
            timeout = self.run.settings.timeout
            results = run_ordered(alone, self.check, jobs=1, timeout_seconds=timeout, lost=self.give_up)
            every = tuple(checked for done in results for checked in done.checked)
            return Done(unit=unit.name, size_bytes=unit.size_bytes, checked=every)
        reason = Message(f"batch.lost.{why.key}", {"detail": why.detail})
        failed = render_failed(unit.name, unit.index, reason, self.targets)
        return Done(unit=unit.name, size_bytes=unit.size_bytes, checked=(failed,))
