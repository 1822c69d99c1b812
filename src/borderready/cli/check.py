# SPDX-License-Identifier: Apache-2.0
"""`borderready check`: manifests against the rule base."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from borderready import __version__
from borderready.cli.complete import complete_rule
from borderready.cli.exits import exit_code_of
from borderready.cli.others import Others, record_run, remark_doubles
from borderready.cli.session import (
    captured_console,
    choose_language,
    find_rule,
    load_rules,
    make_console,
    make_layout,
    parse_day,
    print_plain,
    write_whole,
)
from borderready.core import check_shipment, why_not
from borderready.errors import UsageError
from borderready.model import Event, Force, Manifest, Message, Register, Report, RuleBase, Verdict

if TYPE_CHECKING:
    from rich.console import Console

    from borderready.read.manifest import Invalid
    from borderready.read.rule_cache import Goods
    from borderready.report.terminal import Layout


class Format(StrEnum):
    """What standard output, or the file, gets."""

    TEXT = "text"
    JSON = "json"


class FailOn(StrEnum):
    """From which force on a fail makes a manifest not ready."""

    BLOCKING = "blocking"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    rule_base: RuleBase
    days: Mapping[Event, str]
    registers: Path | None
    fail_on: Force


def check(
    files: Annotated[
        list[str], typer.Argument(help="Manifests (YAML or JSON); - reads standard input.", metavar="FILE...")
    ],
    format_: Annotated[Format, typer.Option("--format", help="What to print.")] = Format.TEXT,
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
    rules: Annotated[Path | None, typer.Option("--rules", help="Folder of another rule base.")] = None,
    on: Annotated[
        list[str] | None,
        typer.Option("--on", metavar="EVENT=DATE", help="Measure an event on this day: --on arrival=2026-12-01."),
    ] = None,
    fail_on: Annotated[FailOn, typer.Option("--fail-on", help="What makes a manifest not ready.")] = FailOn.BLOCKING,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Show what passed, too.")] = False,
    ledger: Annotated[
        Path | None,
        typer.Option("--ledger", help="Compare with the consignments of this ledger and record these.", dir_okay=False),
    ] = None,
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

    language = choose_language(lang)
    days = _days(on or [])
    read = [(name, manifest) for name in files for manifest in read_manifests(name)]
    run = _Run(
        rule_base=load_rules(rules, None if why is not None else _goods_of(manifest for _, manifest in read)),
        days=days,
        registers=registers,
        fail_on=Force.WARNS if fail_on is FailOn.WARNING else Force.BLOCKS,
    )
    if why is not None:
        return _tell_why_not(why, [manifest for _, manifest in read], run, language)
    known = {name: _registers_for(name, registers) for name in files}
    manifests = [manifest for _, manifest in read if isinstance(manifest, Manifest)]
    remark_doubles(manifests, language)
    with Others.of(manifests, ledger) as others:
        results: list[Report | Invalid] = [
            _check_one(manifest, known[name], run, others) if isinstance(manifest, Manifest) else manifest
            for name, manifest in read
        ]
    verdicts = [result.verdict if isinstance(result, Report) else Verdict.INVALID for result in results]
    if format_ is Format.JSON:
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
    if ledger is not None:
        record_run([result for result in results if isinstance(result, Report)], ledger, language)
    return exit_code_of(verdicts)


def _check_one(manifest: Manifest, registers: Mapping[str, Register], run: _Run, others: Others) -> Report:
    report = check_shipment(
        manifest,
        run.rule_base,
        registers=registers,
        history=others.history_of(manifest),
        days=run.days,
        fail_on=run.fail_on,
    )
    return replace(report, compared_with=others.count_beside())


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


def _registers_for(name: str, asked: Path | None) -> Mapping[str, Register]:
    """Return the registers for a manifest: those of the folder named, else of `registers/` beside it."""
    from borderready.read.register import read_registers

    if asked is not None:
        return read_registers(asked, shown_as=asked.as_posix())
    beside = Path("registers") if name == "-" else Path(name).parent / "registers"
    return read_registers(beside, shown_as=beside.as_posix()) if beside.is_dir() else {}


def _days(given: list[str]) -> Mapping[Event, str]:
    days: dict[Event, str] = {}
    for text in given:
        name, equals, day = text.partition("=")
        if not equals:
            raise UsageError(Message("cli.bad_on", {"text": text}), Message("cli.bad_on_hint"))
        if name not in list(Event):
            raise UsageError(Message("cli.no_event", {"event": name, "events": ", ".join(Event)}))
        days[Event(name)] = parse_day(day)
    return days


def _as_json(results: list[Report | Invalid], run: _Run, *, passes: bool) -> str:
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


def _tell_why_not(rule_id: str, read: list[Manifest | Invalid], run: _Run, language: str) -> int:
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
