# SPDX-License-Identifier: Apache-2.0
"""`borderready scale`: the same check on a Ray cluster, from folders of manifests to a folder of findings."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from functools import partial
from importlib.util import find_spec
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from borderready import __version__
from borderready.cli.check import FailOn
from borderready.cli.exits import ExitCode, exit_code_of
from borderready.cli.inputs import find_in_folders, keep_out, tell_notice
from borderready.cli.progress import Advance, shown_progress
from borderready.cli.session import choose_language, known_day, make_console, make_layout, registers_path
from borderready.cli.settings import Tally, load_settings, tell_remarks
from borderready.errors import UsageError
from borderready.i18n import say
from borderready.model import Message, Register, Verdict

if TYPE_CHECKING:
    from borderready.cli.run import Run
    from borderready.scale.part import Counts
    from borderready.scale.run import Outcome, Shown
    from borderready.scale.shard import Shard
    from borderready.scale.work import Kit
    from borderready.settings import Settings

SHARD_MANIFESTS = 1000
SHARD_BYTES = 32 * 1024 * 1024
Option = typer.Option


def scale(
    inputs: Annotated[
        list[str],
        typer.Argument(help="Folders, files or patterns: NDJSON, Parquet, YAML, JSON.", metavar="INPUT..."),
    ],
    out: Annotated[Path, Option("--out", metavar="FOLDER", help="Where the findings go, as Parquet.")],
    address: Annotated[
        str | None,
        Option("--address", metavar="HOST:PORT", help="A Ray cluster, or auto; this machine's own if left out."),
    ] = None,
    shard_manifests: Annotated[
        int, Option("--shard-manifests", metavar="N", min=1, help="Most manifests that one task checks.")
    ] = SHARD_MANIFESTS,
    registers: Annotated[
        Path | None,
        Option(
            "--registers",
            help="Folder with lists of codes (CSV); registers/ beside each file, or those kept, if left out.",
        ),
    ] = None,
    rules: Annotated[Path | None, Option("--rules", help="Another rule base: folder, zip or NAME@VERSION.")] = None,
    notices: Annotated[
        Path | None, Option("--notices", help="File of notices (YAML); those recorded on this machine if left out.")
    ] = None,
    ledger: Annotated[
        Path | None,
        Option("--ledger", help="Compare with the consignments of this ledger and record these.", dir_okay=False),
    ] = None,
    on: Annotated[
        list[str] | None,
        Option("--on", metavar="EVENT=DATE", help="Measure an event on this day: --on arrival=2026-12-01."),
    ] = None,
    fail_on: Annotated[
        FailOn | None, Option("--fail-on", help="What makes a manifest not ready; blocking if left out.")
    ] = None,
    select: Annotated[
        list[str] | None,
        Option("--select", metavar="RULES", help="Only these: ids, folders or areas (repeatable)."),
    ] = None,
    ignore: Annotated[
        list[str] | None,
        Option("--ignore", metavar="RULES", help="Not these: ids, folders or areas (repeatable)."),
    ] = None,
    waivers: Annotated[
        list[str] | None, Option("--waivers", metavar="FILE", help="Findings that are accepted (repeatable).")
    ] = None,
    baseline: Annotated[
        str | None, Option("--baseline", metavar="FILE", help="Findings that were there before.")
    ] = None,
    today: Annotated[
        str | None,
        Option("--today", metavar="DATE", help="Day on which waivers are judged; today in China if left out."),
    ] = None,
    exclude: Annotated[
        list[str] | None, Option("--exclude", metavar="PATTERN", help="Not these files, as in .gitignore (repeatable).")
    ] = None,
    config: Annotated[
        Path | None, Option("--config", metavar="FILE", help="Configuration; the nearest one if left out.")
    ] = None,
    no_config: Annotated[bool, Option("--no-config", help="Read no configuration.")] = False,
    verbose: Annotated[bool, Option("--verbose", "-v", help="Write what passed, too.")] = False,
    fresh: Annotated[bool, Option("--fresh", help="Begin anew: take away what an earlier run wrote.")] = False,
    quiet: Annotated[bool, Option("--quiet", "-q", help="Show no progress.")] = False,
    lang: Annotated[str | None, Option("--lang", help="en, vi or zh; the locale's if left out.")] = None,
) -> int:
    """Check very many manifests on a Ray cluster; the findings go to a folder of Parquet files.

    Needs the extra: pip install 'borderready[ray]'. A run that was stopped goes on where it was. Settings, waivers,
    registers, notices and ledger are those of check, and so are the exit codes.

    Example: borderready scale outbox --out findings
    """
    _need("ray", "pyarrow")
    from borderready.cli.run import make_run, parse_days

    typed: dict[str, Any] = {
        "language": lang,
        "registers": _posix(registers),
        "rules": _posix(rules),
        "notices": _posix(notices),
        "ledger": _posix(ledger),
        "fail-on": fail_on,
        "select": tuple(select) if select else None,
        "ignore": tuple(ignore) if ignore else None,
        "waivers": tuple(waivers) if waivers else None,
        "baseline": baseline,
        "exclude": tuple(exclude) if exclude else None,
    }
    settings = load_settings(typed, config=config, no_config=no_config)
    language = choose_language(settings.language)
    folder = Path(os.path.abspath(out))
    names = keep_out(_names_of(inputs, folder, settings), settings)
    if not names:
        tell_notice(Message("cli.nothing"), settings)
        return ExitCode.NOTHING_CHECKED
    run = make_run(settings, None, parse_days(on or []), known_day(today))
    kit = _pack(run, names, passes=verbose)
    outcome = _check_all(
        names,
        kit,
        folder=folder,
        address=address,
        shard_manifests=shard_manifests,
        is_fresh=fresh,
        shown=partial(_shown_pass, language=language, quiet=quiet),
    )
    _tell_remarks(run, outcome, language)
    _print_summary(outcome.counts, language)
    return exit_code_of(Verdict(name) for name, count in outcome.counts.items() if count)


def _posix(path: Path | None) -> str | None:
    return path.as_posix() if path is not None else None


def _check_all(
    names: Sequence[str],
    kit: Kit,
    *,
    folder: Path,
    address: str | None,
    shard_manifests: int,
    is_fresh: bool,
    shown: Shown,
) -> Outcome:
    """Check all files into a folder; the ledger gets the consignments when every shard is there, all or none."""
    from borderready.keep.ledger import open_ledger, record
    from borderready.scale.parquet import count_rows
    from borderready.scale.run import check_all, entries_of
    from borderready.scale.shard import Limits, plan
    from borderready.scale.state import describe, finish, opened

    limits = Limits(manifests=shard_manifests, size_bytes=SHARD_BYTES)
    named = kit.settings.ledger
    with opened(folder, describe(kit, shard_manifests=shard_manifests), is_fresh=is_fresh):
        shards = tuple(plan(names, limits, count_rows))
        with ExitStack() as stack:
            ledger = stack.enter_context(open_ledger(Path(named), shown_as=named)) if named is not None else None
            outcome = check_all(shards, kit, out=folder, address=address, shown=shown, ledger=ledger)
        entries = entries_of(folder, shards, outcome)
        first = next(entries, None)
        if named is not None and first is not None:  # a ledger of nothing is not begun
            record(Path(named), chain([first], entries), shown_as=named)
        finish(folder, outcome.counts, len(shards))
    return outcome


def _tell_remarks(run: Run, outcome: Outcome, language: str) -> None:
    """Tell on standard error what a local run tells: references in several manifests, and what became of waivers."""
    from borderready.cli.others import remark_doubles_of, remark_nameless

    tally = Tally()
    for part in outcome.parts:
        tally.used |= part.used
        tally.lapsed |= part.lapsed
        tally.met |= part.met
    remark_doubles_of(outcome.built.doubles, language)
    tell_remarks(run.book, tally, run.settings.language)
    if run.settings.ledger is not None:
        remark_nameless(outcome.built.nameless, language)


@contextlib.contextmanager
def _shown_pass(key: str, finished: int, todo: Sequence[Shard], *, language: str, quiet: bool) -> Iterator[Advance]:
    """Say on standard error which pass begins, and how far it is."""
    if todo and not quiet:
        args = {"finished": str(finished), "shards": str(finished + len(todo))}
        sys.stderr.write(f"{say(Message(key, args), language)}\n")
    with shown_progress(sum(shard.size_bytes for shard in todo), language=language, quiet=quiet) as advance:
        yield advance


def _need(*modules: str) -> None:
    """Raise UsageError when a module that only this command needs is not installed."""
    for module in modules:
        if find_spec(module) is None:
            raise UsageError(Message("scale.no_extra", {"module": module}), Message("scale.no_extra_hint"))


def _names_of(inputs: Sequence[str], out: Path, settings: Settings) -> tuple[str, ...]:
    """Return the files to check, but those in the folder of findings."""
    from borderready.batch.discover import STDIN, is_manifest_name
    from borderready.scale.shard import PARQUET

    def is_wanted(name: str) -> bool:
        return is_manifest_name(name) or (name.lower().endswith(PARQUET) and not name.startswith("."))

    if STDIN in inputs:
        raise UsageError(Message("scale.stdin"), Message("scale.stdin_hint"))
    home = Path(os.path.realpath(out))
    found = find_in_folders(inputs, settings, is_wanted)
    return tuple(name for name in found if home not in Path(os.path.realpath(name)).parents)


def _pack(run: Run, names: Sequence[str], *, passes: bool) -> Kit:
    """Return what the workers need beside the manifests: everything that this machine alone can open, as data.

    Raises RegisterError and KeepError for lists that cannot be read.
    """
    from borderready.keep.register_lookup import copy_registers
    from borderready.scale.work import Kit, pack_registers

    folders, needs_kept = _folders_of(names, run.settings)
    path = registers_path()
    return Kit(
        engine=__version__,
        rule_base=run.rule_base,
        registers=pack_registers(folders),
        kept=copy_registers(path) if needs_kept and os.path.exists(path) else None,
        settings=run.settings,
        book=run.book,
        notices=run.notices,
        days=run.days,
        passes=passes,
    )


def _folders_of(names: Sequence[str], settings: Settings) -> tuple[Mapping[str, Mapping[str, Register]], bool]:
    """Return the registers of each folder that a file asks for, and whether some file asks for those kept."""
    from borderready.batch.job import registers_beside, settings_of
    from borderready.read.register import read_registers

    asked, beside = dict[str, None](), dict[str, None]()
    for name in names:
        own = settings_of(settings, name).registers
        (beside if own is None else asked)[registers_beside(name) if own is None else own] = None
    there = [folder for folder in beside if Path(folder).is_dir()]
    read = {folder: read_registers(Path(folder), shown_as=folder) for folder in dict.fromkeys([*asked, *there])}
    return read, len(there) < len(beside)


def _print_summary(total: Counts, language: str) -> None:
    from collections import Counter

    from borderready.report.as_text import print_summary
    from borderready.report.terminal import show

    console = make_console()
    layout = make_layout(console, language)
    print_summary(Counter({Verdict(name): count for name, count in total.items()}), layout)
    show(layout, console)
