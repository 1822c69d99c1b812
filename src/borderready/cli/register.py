# SPDX-License-Identifier: Apache-2.0
"""`borderready register`: the lists of codes that this machine keeps; imported, looked at, changed."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from borderready.cli.complete import complete_product
from borderready.cli.exits import ExitCode
from borderready.cli.session import (
    choose_language,
    known_day,
    known_origin,
    load_rules,
    make_console,
    make_layout,
    parse_day,
    print_plain,
    registers_path,
)
from borderready.errors import UsageError
from borderready.model import Message, RuleBase

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from borderready.keep.register_copy import Taken
    from borderready.read.published import Published, Wanted
    from borderready.read.sheet import Sheet


class Kind(StrEnum):
    """What a list holds."""

    ORCHARD = "orchard"
    PACKHOUSE = "packhouse"
    PLANT = "plant"
    FARM = "farm"
    LABORATORY = "laboratory"


class Format(StrEnum):
    """How the answer is given."""

    TEXT = "text"
    JSON = "json"


LangOption = Annotated[str | None, typer.Option("--lang", help="en, vi or zh; the locale's if left out.")]
FormatOption = Annotated[Format, typer.Option("--format", help="What to print.")]
VerboseOption = Annotated[bool, typer.Option("--verbose", "-v", help="Name every code, not only the first twenty.")]
OriginOption = Annotated[str | None, typer.Option("--origin", help="ISO code of the origin, such as VN.")]
ProductOption = Annotated[
    str | None, typer.Option("--product", help="Product, such as durian-fresh.", autocompletion=complete_product)
]
KindOption = Annotated[Kind | None, typer.Option("--kind", help="What the list holds.")]
SourceOption = Annotated[str, typer.Option("--source", help="Where you have it from: an address, a letter, a person.")]


class _TrialError(Exception):
    """Ends a transaction of which nothing shall stay."""


def import_(
    file: Annotated[str, typer.Argument(help="The list: XLSX, or CSV and its kin.", metavar="FILE")],
    kind: Annotated[Kind, typer.Option("--kind", help="What the list holds.")],
    origin: Annotated[str, typer.Option("--origin", help="ISO code of the origin, such as VN.")],
    as_of: Annotated[str, typer.Option("--as-of", metavar="DATE", help="The day for which the list speaks.")],
    source: SourceOption,
    product: Annotated[
        str | None,
        typer.Option(
            "--product",
            help="Product or group; any for a list that stands for all; the list's own column if left out.",
            autocompletion=complete_product,
        ),
    ] = None,
    market: Annotated[str, typer.Option("--market", help="ISO code of the country that approved the codes.")] = "CN",
    since: Annotated[
        str | None,
        typer.Option("--since", metavar="DATE", help="Codes without a day of their own are known to stand since then."),
    ] = None,
    mapped: Annotated[
        list[str] | None,
        typer.Option("--map", metavar="FIELD=COLUMN", help="Which column holds a field: --map code=C (repeatable)."),
    ] = None,
    sheet: Annotated[str | None, typer.Option("--sheet", help="The worksheet to read.")] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Accept a list that lost many codes, or replace the copy of the same day.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would change, and change nothing.")] = False,
    format_: FormatOption = Format.TEXT,
    verbose: VerboseOption = False,
    lang: LangOption = None,
    rules: Annotated[
        Path | None, typer.Option("--rules", help="Another rule base: folder, zip or NAME@VERSION.")
    ] = None,
) -> int:
    """Take a copy of a published list into the store, whole or not at all, and show what changed.

    Exit code: 0 done, 2 refused, with every bad row and nothing changed.

    Example: borderready register import orchards.xlsx --kind orchard --origin VN --product durian-fresh --as-of
    2026-11-01 --source https://www.customs.gov.cn
    """
    from borderready.keep.register_told import tell_taken
    from borderready.read.published import Wanted, read_published
    from borderready.read.rule_cache_file import Goods
    from borderready.read.sheet import read_sheet
    from borderready.report.as_store import print_taken
    from borderready.report.terminal import show

    language = choose_language(lang)
    day, since_day = parse_day(as_of), known_day(since)
    if since_day is not None and since_day > day:
        raise UsageError(Message("register.since_late", {"since": since_day, "as_of": day}))
    rule_base = load_rules(rules, Goods(origins=frozenset(), products=frozenset()))  # only its products are asked
    wanted = Wanted(
        origin=known_origin(origin) or "",
        market=known_origin(market) or "",
        product=_known_product(rule_base, product),
        has_names=kind is Kind.LABORATORY,
        mapped=_columns(mapped or []),
    )
    table = read_sheet(Path(file), shown_as=file, sheet=sheet)
    published = read_published(table, wanted=wanted, products=rule_base.products)
    asked = {"map": dict(wanted.mapped), "product": product, "sheet": sheet, "since": since, "source": source}
    taken = _take(
        table,
        published,
        kind=kind,
        wanted=wanted,
        as_of=day,
        since=since_day,
        source=known_source(source),
        asked=json.dumps(asked, sort_keys=True),
        force=force,
        is_trial=dry_run,
    )
    told = tell_taken(taken, is_trial=dry_run)
    if format_ is Format.JSON:
        give_json({**told, "notes": _texts(published.notes)})
        return ExitCode.READY
    console = make_console()
    layout = make_layout(console, language, verbose=verbose)
    print_taken(told, published.notes, layout)
    show(layout, console)
    return ExitCode.READY


def known_source(text: str) -> str:
    """Return where something comes from, in one line; raises UsageError for nothing."""
    source = " ".join(text.split())
    if not source:
        raise UsageError(Message("register.no_source"), Message("register.no_source_hint"))
    return source


def give_json(told: Mapping[str, object]) -> None:
    """Print plain values as JSON."""
    from borderready.report.show import write_json

    print_plain(write_json(told))


def _take(
    table: Sheet,
    published: Published,
    *,
    kind: Kind,
    wanted: Wanted,
    as_of: str,
    since: str | None,
    source: str,
    asked: str,
    force: bool,
    is_trial: bool,
) -> Sequence[Taken]:
    """Take every list of a file into the store in one transaction, which a trial lets fall."""
    from borderready.keep.database import open_to_write
    from borderready.keep.register_copy import Brought, take_into
    from borderready.keep.registers import FILE, FORM, Key

    taken: list[Taken] = []
    try:
        with open_to_write(registers_path(), FORM, shown_as=FILE) as connection:
            for word, rows in sorted(published.rows.items()):
                brought = Brought(
                    key=Key(kind=kind, origin=wanted.origin, product=word, market=wanted.market),
                    rows=rows,
                    as_of=as_of,
                    since=since,
                    source=source,
                    file=Path(table.file).name,
                    sha256=table.sha256,
                    asked=asked,
                )
                taken.append(take_into(connection, brought, force=force))
            if is_trial:
                raise _TrialError
    except _TrialError:
        pass
    return taken


def _known_product(rule_base: RuleBase, product: str | None) -> str | None:
    """Return a product, a group or `any`; raises UsageError for a word that the pack does not know."""
    from difflib import get_close_matches

    groups = {group for known in rule_base.products.values() for group in known.groups}
    words = {*rule_base.products, *groups, "any"}
    if product is None or product in words:
        return product
    near = get_close_matches(product, sorted(words), n=1, cutoff=0.5)
    hint = Message("cli.no_rule_near", {"near": near[0]}) if near else None
    raise UsageError(Message("cli.no_product", {"product": product}), hint)


def _columns(given: list[str]) -> dict[str, str]:
    columns: dict[str, str] = {}
    for text in given:
        name, equals, column = text.partition("=")
        if not equals or not column.strip():
            raise UsageError(Message("register.bad_map", {"text": text}), Message("register.bad_map_hint"))
        if name.strip() in columns:
            raise UsageError(Message("register.map_twice", {"field": name.strip()}))
        columns[name.strip()] = column
    return columns


def _texts(notes: Sequence[Message]) -> list[dict[str, str]]:
    from borderready.i18n import say_all

    said = [say_all(note) for note in notes]
    return [{"en": text.en, "vi": text.vi, "zh": text.zh} for text in said]
