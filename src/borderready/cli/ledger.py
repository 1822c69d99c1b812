# SPDX-License-Identifier: Apache-2.0
"""`borderready ledger`: look at the ledger of consignments, take some out, or write it out for other programs."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from borderready.cli.exits import ExitCode
from borderready.cli.session import choose_language, make_console, make_layout, print_plain, write_whole
from borderready.errors import KeepError, UsageError
from borderready.fold import fold_code
from borderready.model import Message

if TYPE_CHECKING:
    from borderready.keep.ledger import Entry, Ledger
    from borderready.model import Use
    from borderready.report.terminal import Layout

MOST_SHOWN = 20
COLUMNS = (
    "reference",
    "file",
    "sha256",
    "day",
    "exporter",
    "verdict",
    "kind",
    "key",
    "start",
    "until",
    "net_kg",
    "lots",
    "place",
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_File = Annotated[Path, typer.Option("--ledger", help="The ledger: a file that `check --ledger` made.")]
_Lang = Annotated[str | None, typer.Option("--lang", help="en, vi or zh; the locale's if left out.")]
ledger_app = typer.Typer(
    help="Look at the ledger of consignments, take some out, or write it out.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


class ExportFormat(StrEnum):
    """How the ledger is written out."""

    CSV = "csv"
    JSON = "json"


@ledger_app.command()
def show(
    reference: Annotated[str | None, typer.Argument(help="Only this consignment, and what it used.")] = None,
    ledger: _File = Path("ledger.sqlite"),
    kind: Annotated[
        str | None, typer.Option("--kind", help="Who used papers of this type; also container and orchard.")
    ] = None,
    key: Annotated[str | None, typer.Option("--key", help="With --kind: only this number or code.")] = None,
    lang: _Lang = None,
) -> int:
    """Show how many consignments a ledger holds and the last ones, or one of them, or who used a paper or a code.

    Examples: borderready ledger show --ledger season.sqlite; borderready ledger show AP-2026-1123 --ledger
    season.sqlite; borderready ledger show --kind container --key TCLU1234568 --ledger season.sqlite
    """
    from borderready.keep.ledger import open_ledger
    from borderready.report.terminal import show as print_layout

    language = choose_language(lang)
    if key is not None and kind is None:
        raise UsageError(Message("ledger.key_without_kind"))
    console = make_console()
    layout = make_layout(console, language)
    with open_ledger(ledger, shown_as=str(ledger)) as opened:
        book = _there(opened, ledger)
        if reference is not None:
            _show_one(book, reference, layout)
        elif kind is not None:
            _show_uses(book, kind, key, layout)
        else:
            _show_newest(book, layout)
    print_layout(layout, console)
    return ExitCode.READY


@ledger_app.command()
def remove(
    references: Annotated[list[str], typer.Argument(help="References of consignments that never left.")],
    ledger: _File = Path("ledger.sqlite"),
    lang: _Lang = None,
) -> int:
    """Take consignments out of a ledger, all of those named or none.

    Example: borderready ledger remove AP-2026-1123 --ledger season.sqlite
    """
    from borderready.keep.ledger import open_ledger
    from borderready.keep.ledger import remove as take_out
    from borderready.report.terminal import show as print_layout

    language = choose_language(lang)
    with open_ledger(ledger, shown_as=str(ledger)) as opened:
        _there(opened, ledger)
    gone = take_out(ledger, references, shown_as=str(ledger))
    console = make_console()
    layout = make_layout(console, language)
    _say(layout, layout.say(Message("ledger.removed", {"count": str(len(gone)), "references": ", ".join(gone)})))
    print_layout(layout, console)
    return ExitCode.READY


@ledger_app.command()
def export(
    ledger: _File = Path("ledger.sqlite"),
    format_: Annotated[ExportFormat, typer.Option("--format", help="What to write.")] = ExportFormat.CSV,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write to this file, whole or not at all.", dir_okay=False)
    ] = None,
) -> int:
    """Write a ledger out: in CSV a line for each use, in JSON an object for each consignment.

    Example: borderready ledger export --format csv --ledger season.sqlite --output season.csv
    """
    from borderready.keep.ledger import open_ledger

    with open_ledger(ledger, shown_as=str(ledger)) as opened:
        book = _there(opened, ledger)
        content = _as_csv(book) if format_ is ExportFormat.CSV else _as_json(book)
    if output is not None:
        write_whole(output, content)
    else:
        print_plain(content)
    return ExitCode.READY


def _there(opened: Ledger | None, ledger: Path) -> Ledger:
    if opened is None:
        args = {"file": str(ledger)}
        raise UsageError(Message("ledger.not_there", args), Message("ledger.not_there_hint", args))
    return opened


def _show_newest(book: Ledger, layout: Layout) -> None:
    held = book.count()
    _say(layout, layout.say(Message("ledger.holds", {"file": book.shown_as, "count": str(held)})), "bold")
    entries = book.newest(MOST_SHOWN)
    if held > len(entries):
        _say(layout, layout.say(Message("ledger.newest", {"count": str(len(entries))})))
    for entry in entries:
        _say(layout, _line(entry, layout))


def _show_one(book: Ledger, reference: str, layout: Layout) -> None:
    from borderready.keep.ledger import unknown_fault

    entry = book.find(reference)
    if entry is None:
        raise KeepError([unknown_fault(book.shown_as, reference, book.near(reference))])
    _say(layout, _line(entry, layout), "bold")
    _say(layout, f"   {entry.file}  sha256 {entry.sha256[:12]}")
    for use in book.uses_by(reference):
        _say(layout, f"   {use.kind}  {use.key}  {_weight(use, layout)}  {use.place}")


def _show_uses(book: Ledger, kind: str, key: str | None, layout: Layout) -> None:
    if key is None:
        uses: list[Use] = list(book.uses_of_kind(kind))
    else:
        code = fold_code(key.split(" ")[0]) if kind == "orchard" else fold_code(key)
        uses = list(book.uses_like(kind, code) if kind == "orchard" else book.uses(kind, code))
    if not uses:
        _say(layout, layout.say(Message("ledger.no_use", {"kind": kind, "key": key or ""})))
    for use in sorted(uses, key=lambda use: (use.key, use.start or "", use.reference)):
        told = (use.key, use.reference, use.start or "?", _weight(use, layout), use.place, use.file)
        _say(layout, "  ".join(told))


def _line(entry: Entry, layout: Layout) -> str:
    told = (entry.reference, entry.day or "?", layout.word(f"verdict.{entry.verdict}"), entry.exporter)
    return "  ".join(part for part in told if part)


def _weight(use: Use, layout: Layout) -> str:
    if use.net_kg is None:
        return layout.word("ledger.no_kg")
    return f"{use.net_kg} kg"


def _say(layout: Layout, told: str, style: str = "") -> None:
    from rich.text import Text

    from borderready.report.show import clean

    layout.add_wrapped(Text(clean(told), style))


def _as_csv(book: Ledger) -> str:
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS)
    for cells in _rows(book):
        writer.writerow([_harmless(cell) for cell in cells])
    return stream.getvalue()


def _rows(book: Ledger) -> Iterator[tuple[str, ...]]:
    for entry in book.entries():
        head = (entry.reference, entry.file, entry.sha256, entry.day or "", entry.exporter, entry.verdict)
        uses = book.uses_by(entry.reference)
        for use in uses:
            weight = "" if use.net_kg is None else str(use.net_kg)
            tail = (use.kind, use.key, use.start or "", use.until or "", weight, str(use.lots), use.place)
            yield (*head, *tail)
        if not uses:
            yield (*head, *("" for _ in COLUMNS[len(head) :]))


def _harmless(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _as_json(book: Ledger) -> str:
    from borderready.report.show import write_json

    consignments = [
        {
            "reference": entry.reference,
            "file": entry.file,
            "sha256": entry.sha256,
            "day": entry.day,
            "exporter": entry.exporter,
            "verdict": entry.verdict,
            "uses": [
                {
                    "kind": use.kind,
                    "key": use.key,
                    "start": use.start,
                    "until": use.until,
                    "net_kg": None if use.net_kg is None else str(use.net_kg),
                    "lots": use.lots,
                    "place": use.place,
                    "issuer": use.issuer,
                }
                for use in book.uses_by(entry.reference)
            ],
        }
        for entry in book.entries()
    ]
    return write_json({"borderready": "ledger/1", "consignments": consignments})
