# SPDX-License-Identifier: Apache-2.0
"""`borderready check`: manifests against the rule base."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from borderready import __version__
from borderready.cli.complete import complete_rule
from borderready.cli.exits import exit_code_of
from borderready.cli.own_notices import load_own_notices, read_notice_file
from borderready.cli.session import (
    captured_console,
    choose_language,
    find_rule,
    known_day,
    load_rules,
    make_console,
    make_layout,
    parse_day,
    print_plain,
    write_whole,
)
from borderready.cli.settings import (
    Tally,
    apply_settings,
    force_of,
    is_excluded,
    judge_names,
    load_book,
    load_settings,
    settings_of,
    tell_excluded,
    tell_remarks,
)
from borderready.core import check_shipment, why_not
from borderready.errors import UsageError
from borderready.model import Event, Manifest, Message, Notice, Register, Report, RuleBase, Verdict

if TYPE_CHECKING:
    from rich.console import Console

    from borderready.read.manifest import Invalid
    from borderready.read.rule_cache import Goods
    from borderready.report.terminal import Layout
    from borderready.settings import Settings
    from borderready.waive import Book


class Format(StrEnum):
    """What standard output, or the file, gets."""

    TEXT = "text"
    JSON = "json"


class FailOn(StrEnum):
    """From which force on a fail makes a manifest not ready."""

    BLOCKING = "blocking"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What all manifests of a run share."""

    rule_base: RuleBase
    notices: tuple[Notice, ...]
    days: Mapping[Event, str]
    settings: Settings
    book: Book | None
    tally: Tally


def check(
    files: Annotated[
        list[str], typer.Argument(help="Manifests (YAML or JSON); - reads standard input.", metavar="FILE...")
    ],
    format_: Annotated[Format | None, typer.Option("--format", help="What to print; text if left out.")] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write to this file, whole or not at all.", dir_okay=False)
    ] = None,
    lang: Annotated[str | None, typer.Option("--lang", help="en, vi or zh; the locale's if left out.")] = None,
    registers: Annotated[
        Path | None,
        typer.Option(
            "--registers", help="Folder with lists of codes (CSV); registers/ beside the manifest if left out."
        ),
    ] = None,
    notices: Annotated[
        Path | None,
        typer.Option("--notices", help="File of notices (YAML); those recorded on this machine if left out."),
    ] = None,
    rules: Annotated[Path | None, typer.Option("--rules", help="Folder of another rule base.")] = None,
    on: Annotated[
        list[str] | None,
        typer.Option("--on", metavar="EVENT=DATE", help="Measure an event on this day: --on arrival=2026-12-01."),
    ] = None,
    fail_on: Annotated[
        FailOn | None, typer.Option("--fail-on", help="What makes a manifest not ready; blocking if left out.")
    ] = None,
    select: Annotated[
        list[str] | None,
        typer.Option("--select", metavar="RULES", help="Only these: an id, a folder or an area (repeatable)."),
    ] = None,
    ignore: Annotated[
        list[str] | None,
        typer.Option("--ignore", metavar="RULES", help="Not these: an id, a folder or an area (repeatable)."),
    ] = None,
    waivers: Annotated[
        list[str] | None, typer.Option("--waivers", metavar="FILE", help="Findings that are accepted (repeatable).")
    ] = None,
    baseline: Annotated[
        str | None, typer.Option("--baseline", metavar="FILE", help="Findings that were there before.")
    ] = None,
    today: Annotated[
        str | None,
        typer.Option("--today", metavar="DATE", help="Day on which waivers are judged; today in China if left out."),
    ] = None,
    config: Annotated[
        Path | None, typer.Option("--config", metavar="FILE", help="Configuration; the nearest one if left out.")
    ] = None,
    no_config: Annotated[bool, typer.Option("--no-config", help="Read no configuration.")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Show what passed, too.")] = False,
    why: Annotated[
        str | None,
        typer.Option(
            "--why-not", metavar="RULE", help="Say why a rule does not apply, and leave.", autocompletion=complete_rule
        ),
    ] = None,
) -> int:
    """Check manifests before the truck leaves.

    Exit code: 0 all ready, 1 some not ready or invalid, 2 wrong usage, 3 nothing checked, 4 some undecided, 5 the rule
    base cannot be trusted.

    Examples: borderready check manifest.yaml; borderready check *.yaml --format json --output report.json; borderready
    check manifest.yaml --on arrival=2026-12-01; borderready check manifest.yaml --why-not any/any/market-access
    """
    from borderready.read.manifest import read_manifests

    settings = load_settings(
        {
            "format": format_,
            "language": lang,
            "registers": registers.as_posix() if registers is not None else None,
            "rules": rules.as_posix() if rules is not None else None,
            "fail-on": fail_on,
            "select": tuple(select) if select else None,
            "ignore": tuple(ignore) if ignore else None,
            "waivers": tuple(waivers) if waivers else None,
            "baseline": baseline,
            "notices": notices.as_posix() if notices is not None else None,
        },
        config=config,
        no_config=no_config,
    )
    language = choose_language(settings.language)
    chosen_format = known_format(settings)
    days = parse_days(on or [])
    names = [name for name in files if not is_excluded(settings, name)]
    tell_excluded(settings, len(files) - len(names))
    if not names:
        return exit_code_of([])
    read = [(name, manifest) for name in names for manifest in read_manifests(name)]
    run = make_run(settings, None if why is not None else [m for _, m in read], days, known_day(today))
    if why is not None:
        return _tell_why_not(why, [manifest for _, manifest in read], run, language)
    known = {name: registers_for(name, settings_of(settings, name).registers) for name in names}
    results: list[Report | Invalid] = [
        check_one(name, manifest, known[name], run) if isinstance(manifest, Manifest) else manifest
        for name, manifest in read
    ]
    verdicts = [result.verdict if isinstance(result, Report) else Verdict.INVALID for result in results]
    tell_remarks(run.book, run.tally, settings.language)
    if chosen_format is Format.JSON:
        _give(_as_json(results, run, passes=verbose), output)
    elif output is not None:
        with captured_console() as (console, buffer):
            layout = make_layout(console, language, run.rule_base.instruments, verbose=verbose)
            _print(results, verdicts, layout, console)
        _give(buffer.getvalue(), output)
    else:
        console = make_console()
        layout = make_layout(console, language, run.rule_base.instruments, verbose=verbose)
        _print(results, verdicts, layout, console)
    return exit_code_of(verdicts)


def make_run(
    settings: Settings, read: Iterable[Manifest | Invalid] | None, days: Mapping[Event, str], today: str | None
) -> Run:
    """Return what all manifests of a run share; only the rules that can concern these are loaded, with None all."""
    folder = Path(settings.rules) if settings.rules is not None else None
    cache = Path(settings.cache) if settings.cache is not None else None
    rule_base = load_rules(folder, _goods_of(read) if read is not None else None, cache=cache)
    book = load_book(settings, today)
    judge_names(settings, book, rule_base)
    named = settings.notices
    notices = load_own_notices() if named is None else read_notice_file(Path(named), rule_base)
    return Run(rule_base=rule_base, notices=notices, days=days, settings=settings, book=book, tally=Tally())


def check_one(name: str, manifest: Manifest, registers: Mapping[str, Register], run: Run) -> Report:
    """Return the report of one manifest under the settings that hold for it."""
    own = settings_of(run.settings, name)
    report = check_shipment(
        manifest, run.rule_base, registers=registers, notices=run.notices, days=run.days, fail_on=force_of(own)
    )
    waived = apply_settings(report, own, run.book)
    run.tally.add(waived)
    return waived.report


def known_format(settings: Settings) -> Format:
    """Return the format that was asked for; raises UsageError for one that there is not."""
    if settings.format in list(Format):
        return Format(settings.format)
    args = {"found": settings.format, "allowed": ", ".join(Format)}
    raise UsageError(Message("schema.enum", args), Message("config.see", {"origin": settings.origins["format"]}))


def _goods_of(read: Iterable[Manifest | Invalid]) -> Goods:
    """Return what the manifests are about, so that only its rules need be loaded."""
    from borderready.read.rule_cache import Goods

    origins, products = set[str](), set[str]()
    for manifest in read:
        if isinstance(manifest, Manifest):
            shipment, lots = manifest.data.get("shipment"), manifest.data.get("lots")
            holders = [shipment, *(lots if isinstance(lots, tuple) else ())]
            for holder in holders:
                if isinstance(holder, Mapping):
                    origins.add(str(holder.get("origin", "")))
                    products.add(str(holder.get("product", "")))
    return Goods(origins=frozenset(origins - {""}), products=frozenset(products - {""}))


def registers_for(name: str, asked: str | None) -> Mapping[str, Register]:
    """Return the registers for a manifest: those of the folder named, else of `registers/` beside it."""
    from borderready.read.register import read_registers

    if asked is not None:
        return read_registers(Path(asked), shown_as=asked)
    beside = Path("registers") if name == "-" else Path(name).parent / "registers"
    return read_registers(beside, shown_as=beside.as_posix()) if beside.is_dir() else {}


def parse_days(given: list[str]) -> Mapping[Event, str]:
    """Return the days of events given as EVENT=DATE; raises UsageError for anything else."""
    days: dict[Event, str] = {}
    for text in given:
        name, equals, day = text.partition("=")
        if not equals:
            raise UsageError(Message("cli.bad_on", {"text": text}), Message("cli.bad_on_hint"))
        if name not in list(Event):
            raise UsageError(Message("cli.no_event", {"event": name, "events": ", ".join(Event)}))
        days[Event(name)] = parse_day(day)
    return days


def _as_json(results: list[Report | Invalid], run: Run, *, passes: bool) -> str:
    from borderready.read.manifest import placeholder_of
    from borderready.report.as_json import render_batch, render_invalid, render_report
    from borderready.report.show import write_json

    rendered = [
        render_report(
            result, engine=__version__, instruments=run.rule_base.instruments, fill=placeholder_of, passes=passes
        )
        if isinstance(result, Report)
        else render_invalid(
            file=result.file, index=result.index, sha256=result.sha256, faults=result.faults, engine=__version__
        )
        for result in results
    ]
    return write_json(rendered[0] if len(rendered) == 1 else render_batch(rendered))


def _give(content: str, output: Path | None) -> None:
    if output is not None:
        write_whole(output, content)
    else:
        print_plain(content)


def _print(results: list[Report | Invalid], verdicts: list[Verdict], layout: Layout, console: Console) -> None:
    from borderready.report.as_text import print_report, print_summary
    from borderready.report.terminal import print_faults, show

    for number, result in enumerate(results):
        if number:
            layout.add()
        if isinstance(result, Report):
            print_report(result, layout)
        else:
            print_faults(result.file, result.faults, layout)
        show(layout, console)
    if len(results) > 1:
        layout.add()
        print_summary(Counter(verdicts), layout)
    show(layout, console)


def _tell_why_not(rule_id: str, read: list[Manifest | Invalid], run: Run, language: str) -> int:
    """Print for each subject of each manifest the condition that excludes a rule."""
    from borderready.report.as_text import print_why_not
    from borderready.report.terminal import print_faults, show

    rule = find_rule(run.rule_base, rule_id)
    console = make_console()
    layout = make_layout(console, language, run.rule_base.instruments)
    for manifest in read:
        if isinstance(manifest, Manifest):
            print_why_not(rule, why_not(rule, manifest, run.rule_base, run.days), layout)
        else:
            print_faults(manifest.file, manifest.faults, layout)
    show(layout, console)
    is_read = (isinstance(manifest, Manifest) for manifest in read)
    return exit_code_of(Verdict.READY if known else Verdict.INVALID for known in is_read)
