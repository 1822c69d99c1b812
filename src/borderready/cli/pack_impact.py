# SPDX-License-Identifier: Apache-2.0
"""`borderready pack impact`: what another pack would change for these manifests."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from borderready.batch.job import apply_settings, force_of, settings_of
from borderready.cli.exits import ExitCode
from borderready.cli.inputs import find_names, spooled
from borderready.cli.pack_diff import NAMED_HELP, load_named
from borderready.cli.session import choose_language, known_day, make_console, make_layout, print_plain
from borderready.cli.settings import load_book, load_settings
from borderready.model import Manifest, Notice, Register, Report, RuleBase, Verdict
from borderready.model.impact import ERROR, ManifestImpact

if TYPE_CHECKING:
    from borderready.batch.pool import Lost
    from borderready.batch.source import Unit
    from borderready.model.change import PackDiff
    from borderready.pack.impact import Comparison
    from borderready.read.manifest import Invalid
    from borderready.report.impact_tally import ImpactTally
    from borderready.settings import Settings
    from borderready.waive import Book


class ImpactFormat(StrEnum):
    """How the impact is given."""

    TEXT = "text"
    MARKDOWN = "markdown"
    JSON = "json"
    NDJSON = "ndjson"


def impact(
    old: Annotated[str, typer.Argument(metavar="OLD", help=NAMED_HELP)],
    new: Annotated[str, typer.Argument(metavar="NEW", help=NAMED_HELP)],
    files: Annotated[list[str], typer.Argument(metavar="MANIFESTS...", help="Files, folders, patterns, @lists, or -.")],
    format_: Annotated[ImpactFormat, typer.Option("--format", help="What to print.")] = ImpactFormat.TEXT,
    registers: Annotated[Path | None, typer.Option("--registers", help="Folder with lists of codes.")] = None,
    notices: Annotated[Path | None, typer.Option("--notices", help="File with notices of your own.")] = None,
    fail_on: Annotated[
        str | None, typer.Option("--fail-on", help="blocking or warning: what makes a manifest not ready.")
    ] = None,
    today: Annotated[
        str | None, typer.Option("--today", metavar="DATE", help="Day on which waivers are judged.")
    ] = None,
    jobs: Annotated[int | None, typer.Option("--jobs", "-j", min=1, help="Processes; one for each core.")] = None,
    config: Annotated[Path | None, typer.Option("--config", metavar="FILE", help="Configuration.")] = None,
    no_config: Annotated[bool, typer.Option("--no-config", help="Read no configuration.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Show no progress.")] = False,
    lang: Annotated[str | None, typer.Option("--lang", help="en, vi or zh; the locale's if left out.")] = None,
) -> int:
    """Check manifests under two packs: verdicts that flip, findings gained and lost, and why.

    Exit code: 0 no verdict flips, 1 some do, 2 wrong usage, 3 no manifest, 5 a pack cannot be trusted, 6 some manifests
    could not be checked. Each manifest is looked at alone: consignments are not compared with each other.

    Example: borderready pack impact git:HEAD~1 rules outbox
    """
    from borderready.cli.progress import shown_progress
    from borderready.cli.run import register_source
    from borderready.pack.diff import diff_packs
    from borderready.pack.impact import make_comparison
    from borderready.report.impact_tally import ImpactTally

    typed: dict[str, Any] = {
        "language": lang,
        "registers": registers.as_posix() if registers is not None else None,
        "notices": notices.as_posix() if notices is not None else None,
        "fail-on": fail_on,
        "jobs": jobs,
    }
    settings = load_settings(typed, config=config, no_config=no_config)
    language = choose_language(settings.language)
    names = find_names(files, settings, changed_since=None)
    if not names:
        return ExitCode.NOTHING_CHECKED
    before, after = load_named(old), load_named(new)
    found = diff_packs(before, after)
    tally = ImpactTally()
    with ExitStack() as stack:
        registers_for = stack.enter_context(register_source(settings))
        for name in names:
            registers_for(name)  # a list that cannot be read is told before anything is checked
        worker = Worker(
            before=before,
            comparison=make_comparison(before, after, found),
            registers_for=registers_for,
            notices=_own_notices(settings, after),
            settings=settings,
            book=load_book(settings, known_day(today)),
        )
        advance = stack.enter_context(shown_progress(None, language=language, quiet=quiet))
        results = stack.enter_context(closing(_impacts(stack.enter_context(spooled(names)), worker)))
        _write(results, found, tally, format_, language, advance)
    if not tally.manifests:
        return ExitCode.NOTHING_CHECKED
    if tally.flips:
        return ExitCode.NOT_READY
    return ExitCode.INTERNAL if any(ERROR in verdicts for verdicts in tally.verdicts) else ExitCode.READY


def _write(
    results: Iterator[ManifestImpact],
    diff: PackDiff,
    tally: ImpactTally,
    form: ImpactFormat,
    language: str,
    advance: Callable[[int, int], None],
) -> None:
    """Count every manifest and print it, or what all come to, in a format."""
    from borderready.report import as_impact

    if form is ImpactFormat.JSON:
        print_plain(as_impact.json_begin(diff))
    is_first = True
    for one in results:
        tally.add(one)
        advance(0, 1)
        if form is ImpactFormat.NDJSON:
            print_plain(as_impact.ndjson_item(one, diff))
        elif form is ImpactFormat.JSON and (item := as_impact.json_item(one, diff, is_first=is_first)):
            print_plain(item)
            is_first = False
    if form is ImpactFormat.JSON:
        print_plain(as_impact.json_end(diff, tally))
    elif form is ImpactFormat.MARKDOWN:
        print_plain(as_impact.impact_markdown(diff, tally, language))
    elif form is ImpactFormat.TEXT:
        from borderready.report.terminal import show

        console = make_console()
        layout = make_layout(console, language)
        as_impact.print_impact(diff, tally, layout)
        show(layout, console)


def _own_notices(settings: Settings, rule_base: RuleBase) -> tuple[Notice, ...]:
    from borderready.cli.own_notices import load_own_notices, read_notice_file

    named = settings.notices
    return load_own_notices() if named is None else read_notice_file(Path(named), rule_base)


def _impacts(files: Mapping[str, str], worker: Worker) -> Generator[ManifestImpact, None, None]:
    """Yield what differs for each manifest, in their order, from as many processes as there may be."""
    from borderready.batch.pool import count_cores, run_ordered
    from borderready.batch.source import units_of

    settings = worker.settings
    if not hasattr(os, "fork"):
        for unit in units_of(files):
            yield from worker.compare(unit)
        return
    gc.freeze()  # what is loaded stays, and is shared with the workers
    portions = run_ordered(
        units_of(files),
        worker.compare,
        jobs=settings.jobs or count_cores(),
        timeout_seconds=settings.timeout,
        lost=worker.give_up,
        size_bytes=lambda unit: unit.size_bytes,
    )
    with closing(portions):
        for portion in portions:
            yield from portion


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """What is done with a unit of manifests; all of it is there before the workers start."""

    before: RuleBase
    comparison: Comparison
    registers_for: Callable[[str], Mapping[str, Register]]
    notices: tuple[Notice, ...]
    settings: Settings
    book: Book | None

    def compare(self, unit: Unit) -> tuple[ManifestImpact, ...]:
        """Return what differs for each manifest of a unit."""
        from borderready.batch.source import read_unit

        return tuple(self._compare(unit.name, read) for read in read_unit(unit))

    def _compare(self, name: str, read: Manifest | Invalid) -> ManifestImpact:
        from borderready.core import check_shipment
        from borderready.pack.impact import check_other, compare_reports
        from borderready.report.told import tell

        if not isinstance(read, Manifest):
            return _without_answer(read.file, read.index, str(Verdict.INVALID))
        own = settings_of(self.settings, name)

        def check(rule_base: RuleBase) -> Report:
            return check_shipment(
                read,
                rule_base,
                registers=self.registers_for(name),
                notices=self.notices,
                history=None,
                fail_on=force_of(own),
            )

        first = check(self.before)
        reports = [first, check_other(first, self.comparison, check)]
        reports = [apply_settings(report, own, self.book).report for report in reports]
        told = tell(reports[0], "en")
        lanes = tuple(f"{lane.product} {lane.origin}" for lane in told.lanes)
        return compare_reports(reports[0], reports[1], self.comparison, exporter=told.exporter, lanes=lanes)

    def give_up(self, unit: Unit, _why: Lost) -> tuple[ManifestImpact, ...]:
        """Return what is told of a unit that killed its workers; of several lines each is tried alone before."""
        from borderready.batch.pool import run_ordered

        if unit.lines is None or len(unit.lines) < 2:
            return (_without_answer(unit.name, unit.first, ERROR),)
        alone = [unit._replace(lines=(line,), first=unit.first + offset) for offset, line in enumerate(unit.lines)]
        timeout = self.settings.timeout
        every = run_ordered(alone, self.compare, jobs=1, timeout_seconds=timeout, lost=self.give_up)
        return tuple(one for portion in every for one in portion)


def _without_answer(file: str, index: int, verdict: str) -> ManifestImpact:
    return ManifestImpact(
        file=file, index=index, reference=None, exporter=None, lanes=(), before=verdict, after=verdict
    )
