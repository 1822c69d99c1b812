# SPDX-License-Identifier: Apache-2.0
"""A run: a few manifests in this process, many in worker processes; written as they are checked, in their order."""

from __future__ import annotations

import gc
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from pathlib import Path

from borderready.batch.discover import GZIP, LINES, STDIN
from borderready.batch.pool import Lost, can_fork, count_cores, run_ordered
from borderready.batch.source import Unit, read_unit, units_of
from borderready.cli.exits import ExitCode, exit_code_of_run
from borderready.cli.others import Others, record_run, remark_doubles, remark_doubles_of, remark_nameless
from borderready.cli.output import Outputs, Target
from borderready.cli.progress import shown_progress
from borderready.cli.run import (
    Checked,
    Registers,
    Run,
    check_one,
    make_run,
    make_targets,
    register_source,
    render_failed,
    render_invalid,
)
from borderready.cli.run_ledger import Known, RunLedger, known_of
from borderready.cli.session import choose_language
from borderready.cli.settings import Tally, tell_remarks
from borderready.model import Event, Manifest, Message
from borderready.read.manifest import open_stdin, read_manifests
from borderready.report.summary import Summary
from borderready.settings import Settings

FEW = 8  # files that are checked sooner than workers are started


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What the command line asks for, beside the files.

    Attributes:
        today: Day on which waivers are judged, None for today in China.
        output: A file in place of standard output.
        reports: More formats, each with its file.
        must_fork: Whether workers were asked for, however few files there are.
    """

    settings: Settings
    days: Mapping[Event, str]
    today: str | None
    output: Path | None
    reports: tuple[tuple[str, Path], ...]
    is_verbose: bool
    is_quiet: bool
    is_cached: bool
    must_fork: bool


def check_names(names: Sequence[str], wish: Wish) -> int:
    """Check manifests and return the exit code."""
    is_plain = all(name != STDIN and not name.lower().removesuffix(GZIP).endswith(LINES) for name in names)
    if not can_fork() or (is_plain and len(names) <= FEW and not wish.must_fork):
        return _check_few(names, wish)
    if names == (STDIN,) and not wish.must_fork and not _is_lines_on_stdin():
        return _check_few(names, wish)
    return _check_many(names, wish)


def watch_names(find_names: Callable[[], tuple[str, ...]], wish: Wish) -> int:
    """Check manifests, then each that is saved, until interrupted."""
    from borderready.batch.changed import watch

    names = find_names()
    if names:
        check_names(names, wish)
    for changed in watch(find_names):
        check_names(changed, wish)
    return ExitCode.INTERRUPTED


def _is_lines_on_stdin() -> bool:
    """Tell whether standard input looks like a manifest a line, without taking anything from it."""
    stream = open_stdin()
    peek = getattr(stream, "peek", None)
    return peek is not None and bytes(peek(1)).lstrip().startswith(b"{")


def _check_few(names: Sequence[str], wish: Wish) -> int:
    settings = wish.settings
    language = choose_language(settings.language)
    read = [(name, manifest) for name in names for manifest in read_manifests(name)]
    run = make_run(settings, [manifest for _, manifest in read], wish.days, wish.today)
    targets = make_targets(
        settings, run.rule_base, wish.reports, wish.output, verbose=wish.is_verbose, many=len(read) > 1
    )
    manifests = [manifest for _, manifest in read if isinstance(manifest, Manifest)]
    ledger = Path(settings.ledger) if settings.ledger is not None else None
    remark_doubles(manifests, language)
    with register_source(settings) as registers_for, Others.of(manifests, ledger) as others:
        known = {name: registers_for(name) for name in names}
        reports, every = [], []
        for name, manifest in read:
            if not isinstance(manifest, Manifest):
                every.append(render_invalid(manifest, targets))
                continue
            report, checked = check_one(
                name,
                manifest,
                known[name],
                run,
                history=others.history_of(manifest),
                compared_with=others.count_beside(),
                targets=targets,
            )
            reports.append(report)
            every.append(checked)
    summary, tally = Summary(), Tally()
    with Outputs(targets) as outputs:
        for checked in every:
            _count(checked, summary, tally)
            outputs.add(checked.items)
        tell_remarks(run.book, tally, settings.language)
        outputs.finish(summary)
    if ledger is not None:
        record_run(reports, ledger, language)
    return exit_code_of_run(summary.verdicts)


def _count(checked: Checked, summary: Summary, tally: Tally) -> None:
    summary.add(checked.told)
    tally.used |= checked.used
    tally.lapsed |= checked.lapsed
    tally.met |= checked.met


def _check_many(names: Sequence[str], wish: Wish) -> int:
    settings = wish.settings
    language = choose_language(settings.language)
    run = make_run(settings, None, wish.days, wish.today)
    targets = make_targets(settings, run.rule_base, wish.reports, wish.output, verbose=wish.is_verbose, many=True)
    jobs = settings.jobs or count_cores()
    gc.freeze()  # what is loaded stays, and is shared with the workers
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="borderready-"))
        shown = _spooled(names, Path(folder))
        registers_for = stack.enter_context(register_source(settings))
        beside = RunLedger(Path(folder), settings.ledger)
        advance = stack.enter_context(
            shown_progress(_size_bytes([*shown.values()]), language=language, quiet=wish.is_quiet)
        )
        for name in shown:
            registers_for(name)  # a list that cannot be read is told before anything is checked
        worker = Worker(run=run, targets=targets, registers_for=registers_for, beside=beside)
        with closing(
            run_ordered(
                units_of(shown),
                worker.read,
                jobs=jobs,
                timeout_seconds=settings.timeout,
                lost=lambda _unit, _why: (),
                size_bytes=lambda unit: unit.size_bytes,
            )
        ) as known:
            beside.gather(each for portion in known for each in portion)
        remark_doubles_of(beside.doubles, language)
        summary, tally = Summary(), Tally()
        outputs = stack.enter_context(Outputs(targets))
        was_interrupted = False
        results = run_ordered(
            units_of(shown),
            worker.check,
            jobs=jobs,
            timeout_seconds=settings.timeout,
            lost=worker.give_up,
            size_bytes=lambda unit: unit.size_bytes,
        )
        try:
            with closing(results):
                for done in results:
                    for checked in done.checked:
                        _count(checked, summary, tally)
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
        path = folder / ("stdin.ndjson" if _is_lines_on_stdin() else "stdin.yaml")
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """The manifests of a unit, checked."""

    unit: str
    size_bytes: int
    checked: tuple[Checked, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """What is done with a unit of manifests; all of it is there before the workers start."""

    run: Run
    targets: Sequence[Target]
    registers_for: Callable[[str], Registers]
    beside: RunLedger

    def read(self, unit: Unit) -> tuple[Known, ...]:
        """Return what each manifest of a unit is and uses."""
        return tuple(known_of(manifest) for manifest in read_unit(unit) if isinstance(manifest, Manifest))

    def check(self, unit: Unit) -> Done:
        """Return the manifests of a unit, checked and rendered."""
        return Done(unit=unit.name, size_bytes=unit.size_bytes, checked=tuple(self._check(unit)))

    def _check(self, unit: Unit) -> Iterator[Checked]:
        for manifest in read_unit(unit):
            if not isinstance(manifest, Manifest):
                yield render_invalid(manifest, self.targets)
                continue
            _, checked = check_one(
                unit.name,
                manifest,
                self.registers_for(unit.name),
                self.run,
                history=self.beside.history_of(manifest),
                compared_with=self.beside.count_beside(),
                targets=self.targets,
            )
            yield checked

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
