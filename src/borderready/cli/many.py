# SPDX-License-Identifier: Apache-2.0
"""Many manifests: checked in worker processes, written as they are done, in their order."""

from __future__ import annotations

import gc
import os
import tempfile
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path

from borderready.batch.discover import GZIP
from borderready.batch.known import Hands
from borderready.batch.pool import count_cores, held_interrupt
from borderready.cli.answers import Answers
from borderready.cli.exits import exit_code_of_run
from borderready.cli.few import Wish, count
from borderready.cli.inputs import spooled
from borderready.cli.others import remark_doubles_of, remark_nameless
from borderready.cli.output import Outputs
from borderready.cli.passes import Passes, Worker
from borderready.cli.progress import shown_progress
from borderready.cli.run import (
    make_run,
    make_targets,
    register_source,
)
from borderready.cli.run_ledger import RunLedger
from borderready.cli.session import choose_language
from borderready.cli.settings import Tally, tell_remarks
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
        shown = stack.enter_context(spooled(names))
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
        passes = Passes(
            shown=shown,
            hands=Hands(jobs=jobs, timeout_seconds=settings.timeout),
            answers=answers,
            worker=worker,
            advance=lambda done: advance(done.size_bytes or _file_bytes(shown[done.unit]), len(done.checked)),
        )
        passes.look()
        gc.freeze()  # so is what was found out, however many consignments there are
        remark_doubles_of(beside.doubles, language)
        summary, tally = Summary(), Tally()
        outputs = stack.enter_context(Outputs(targets))
        was_interrupted = passes.was_interrupted
        try:
            for done in passes.answer():
                for checked in done.checked:
                    with held_interrupt():  # a manifest is written in every format, or in none
                        count(checked, summary, tally)
                        outputs.add(checked.items)
                        beside.note(checked.entry)
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
