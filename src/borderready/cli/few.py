# SPDX-License-Identifier: Apache-2.0
"""A run: a few manifests are checked here, many in worker processes (cli/many.py)."""

from __future__ import annotations

import contextlib
import gc
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from borderready.cli.exits import exit_code_of_run
from borderready.cli.inputs import is_lines_on_stdin
from borderready.cli.others import Consignment, Others, record_run, remark_doubles
from borderready.cli.output import Outputs
from borderready.cli.run import Checked, check_one, make_run, make_targets, register_source, render_invalid
from borderready.cli.session import choose_language
from borderready.cli.settings import Tally, tell_remarks
from borderready.model import Event, Manifest
from borderready.read.manifest import STDIN, read_manifests
from borderready.report.summary import Summary
from borderready.settings import Settings

FEW = 8  # files that are checked sooner than workers are started
LINES = (".ndjson", ".jsonl", ".ndjson.gz", ".jsonl.gz")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What the command line asks for, beside the files.

    Attributes:
        today: Day on which waivers are judged, None for today in China.
        output: A file in place of standard output.
        reports: More formats, each with its file.
        must_fork: Whether workers were asked for, however few files there are.
        is_locked: Whether the rule base must be that of borderready.lock.
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
    is_locked: bool


def check_names(names: Sequence[str], wish: Wish) -> int:
    """Check manifests and return the exit code."""
    if are_few(names, wish) or not hasattr(os, "fork"):
        return check_few(names, wish)
    from borderready.cli.many import check_many

    return check_many(names, wish)


def are_few(names: Sequence[str], wish: Wish) -> bool:
    """Tell whether manifests are checked sooner here than by workers, and none were asked for."""
    is_plain = not any(is_lines_on_stdin() if name == STDIN else name.lower().endswith(LINES) for name in names)
    return is_plain and len(names) <= FEW and not wish.must_fork


def check_few(names: Sequence[str], wish: Wish, beside: Sequence[Consignment] = ()) -> int:
    """Check manifests in this process, compared with each other and with those beside them; return the exit code."""
    with _paused_collector():
        return _check_few(names, wish, beside)


@contextlib.contextmanager
def _paused_collector() -> Iterator[None]:
    """Let nothing be looked through for cycles: of thousands of lots that takes a third of the time and finds none."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _check_few(names: Sequence[str], wish: Wish, beside: Sequence[Consignment]) -> int:
    settings = wish.settings
    language = choose_language(settings.language)
    read = [(name, manifest) for name in names for manifest in read_manifests(name)]
    run = make_run(settings, [manifest for _, manifest in read], wish.days, wish.today, is_locked=wish.is_locked)
    targets = make_targets(
        settings, run.rule_base, wish.reports, wish.output, verbose=wish.is_verbose, many=len(read) > 1
    )
    manifests = [manifest for _, manifest in read if isinstance(manifest, Manifest)]
    ledger = Path(settings.ledger) if settings.ledger is not None else None
    remark_doubles(manifests, language)
    with register_source(settings) as registers_for, Others.of(manifests, ledger, beside) as others:
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
                compared_with=others.where,
                targets=targets,
            )
            reports.append(report)
            every.append(checked)
    summary, tally = Summary(), Tally()
    with Outputs(targets) as outputs:
        for checked in every:
            count(checked, summary, tally)
            outputs.add(checked.items)
        tell_remarks(run.book, tally, settings.language)
        outputs.finish(summary)
    if ledger is not None:
        record_run(reports, ledger, language)
    return exit_code_of_run(summary.verdicts)


def count(checked: Checked, summary: Summary, tally: Tally) -> None:
    """Add one manifest to what the run comes to."""
    summary.add(checked.told)
    tally.used |= checked.used
    tally.lapsed |= checked.lapsed
    tally.met |= checked.met
