# SPDX-License-Identifier: Apache-2.0
"""`borderready register list, show, diff, export`: what the store holds."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from borderready.cli.exits import ExitCode
from borderready.cli.register import Format, FormatOption, KindOption, LangOption, VerboseOption, give_json
from borderready.cli.session import (
    choose_language,
    known_day,
    make_console,
    make_layout,
    registers_path,
    today_in_china,
    write_whole,
)
from borderready.errors import UsageError
from borderready.model import Message

if TYPE_CHECKING:
    import sqlite3

    from borderready.keep.register_copy import Changes
    from borderready.keep.registers import Kept


def list_(
    on: Annotated[
        str | None, typer.Option("--on", metavar="DATE", help="Day for age and statuses; today in China if left out.")
    ] = None,
    format_: FormatOption = Format.TEXT,
    lang: LangOption = None,
) -> int:
    """List every list with its day and age, its source, and how many of its codes are active.

    Exit code: 0, or 3 where there is no list.

    Example: borderready register list --on 2026-11-26
    """
    from borderready.keep.register_told import tell_lists
    from borderready.keep.registers import find_lists
    from borderready.report.as_store import print_lists
    from borderready.report.terminal import show

    day = known_day(on) or today_in_china()
    with _opened() as connection:
        told = (
            {"borderready": "register-list/1", "on": day, "lists": []}
            if connection is None
            else tell_lists(connection, find_lists(connection), day=day)
        )
    if format_ is Format.JSON:
        give_json(told)
    else:
        console = make_console()
        layout = make_layout(console, choose_language(lang))
        print_lists(told, layout)
        show(layout, console)
    return ExitCode.READY if told["lists"] else ExitCode.NOTHING_CHECKED


def show_(
    code: Annotated[str, typer.Argument(help="The code, in any spelling.", metavar="CODE")],
    format_: FormatOption = Format.TEXT,
    lang: LangOption = None,
) -> int:
    """Show a code on every list, with all its days and who says so.

    Exit code: 0, or 1 where no list knows it; then the nearest codes are named.

    Example: borderready register show VN-DLOR-0123
    """
    from borderready.keep.register_act import find_code
    from borderready.keep.register_told import tell_code
    from borderready.report.as_store import print_code
    from borderready.report.terminal import show

    with _opened() as connection:
        found = find_code(connection, code)
        near = [] if found or connection is None else _near(connection, code)
        told = (
            {"borderready": "register-code/1", "code": code, "lists": []}
            if connection is None
            else tell_code(connection, code, found)
        )
    if format_ is Format.JSON:
        give_json({**told, "near": near})
    else:
        console = make_console()
        layout = make_layout(console, choose_language(lang))
        print_code(told, near, layout)
        show(layout, console)
    return ExitCode.READY if told["lists"] else ExitCode.NOT_READY


def diff(
    name: Annotated[str, typer.Argument(help="The list, as register list names it.", metavar="LIST")],
    first: Annotated[
        str | None, typer.Option("--from", metavar="DATE", help="A day; that of the copy before the last if left out.")
    ] = None,
    last: Annotated[
        str | None, typer.Option("--to", metavar="DATE", help="A later day; that of the last copy if left out.")
    ] = None,
    format_: FormatOption = Format.TEXT,
    verbose: VerboseOption = False,
    lang: LangOption = None,
) -> int:
    """Show what the last copy of a list changed, or how it differs between two days by all that is known now.

    Example: borderready register diff orchard/VN/durian-fresh --from 2026-10-01 --to 2026-11-01
    """
    from borderready.keep.register_act import find_list
    from borderready.keep.register_told import tell_diff
    from borderready.report.as_store import print_diff
    from borderready.report.terminal import show

    days = (known_day(first), known_day(last))
    with _opened() as connection:
        kept = find_list(connection, name)
        assert connection is not None
        since, until, changes = _changes(connection, kept, *days)
    told = tell_diff(kept, changes, first=since, last=until)
    if format_ is Format.JSON:
        give_json(told)
        return ExitCode.READY
    console = make_console()
    layout = make_layout(console, choose_language(lang), verbose=verbose)
    print_diff(told, layout)
    show(layout, console)
    return ExitCode.READY


def export(
    to: Annotated[Path, typer.Option("--to", metavar="FOLDER", help="Folder to write to; made where there is none.")],
    kind: KindOption = None,
    lang: LangOption = None,
) -> int:
    """Write the lists as CSV files, one for each kind, that check --registers FOLDER answers alike with.

    Exit code: 0, or 3 where there is no list to write.

    Example: borderready register export --to registers
    """
    from rich.text import Text

    from borderready.keep.register_lookup import open_registers
    from borderready.keep.registers import REGISTERS
    from borderready.report.as_register import render_register
    from borderready.report.terminal import show

    console = make_console()
    layout = make_layout(console, choose_language(lang))
    with open_registers(registers_path()) as registers:
        chosen = [one for one in registers.values() if kind is None or one.name == REGISTERS[kind]]
        written = {f"{register.name}.csv": (render_register(register), len(register.entries)) for register in chosen}
    _make_folder(to)
    for name, (content, codes) in written.items():
        write_whole(to / name, content)
        args = {"file": (to / name).as_posix(), "codes": str(codes)}
        layout.add_wrapped(Text(layout.say(Message("register.exported", args))))
    if not written:
        layout.add_wrapped(Text(layout.word("register.nothing_to_export")))
    show(layout, console)
    return ExitCode.READY if written else ExitCode.NOTHING_CHECKED


@contextlib.contextmanager
def _opened() -> Iterator[sqlite3.Connection | None]:
    """Give the store as it stands, None where there is none; what it refuses is told as its fault."""
    from borderready.keep.database import open_to_read, told
    from borderready.keep.registers import FILE, FORM

    connection = open_to_read(registers_path(), FORM, shown_as=FILE)
    if connection is None:
        yield None
        return
    with contextlib.closing(connection), told(FILE):
        yield connection


def _near(connection: sqlite3.Connection, code: str) -> list[str]:
    """Return for each register the code that is nearest to one that is nowhere."""
    from borderready.checks.near import find_near
    from borderready.fold import fold_code
    from borderready.keep.register_lookup import make_registers

    near = []
    for register in make_registers(connection).values():
        found = find_near(fold_code(code), register.sorted_codes())
        if found is not None:
            near.append(register.entries[found][-1].code)
    return sorted(set(near))


def _changes(
    connection: sqlite3.Connection, kept: Kept, first: str | None, last: str | None
) -> tuple[str | None, str, Changes]:
    """Return the days that are compared and what differs; without days what the last copy changed."""
    from borderready.keep.register_copy import compare, last_changes
    from borderready.keep.registers import find_copies, find_statuses

    copies = find_copies(connection, kept.id)
    before = copies[-2].as_of if len(copies) > 1 else None
    if first is None and last is None:
        return before, kept.copy.as_of, last_changes(connection, kept)
    start, end = first or before, last or kept.copy.as_of
    if start is not None and end < start:
        raise UsageError(Message("register.span", {"start": start, "until": end}))
    then = {} if start is None else find_statuses(connection, kept.id, start)
    return start, end, compare(then, find_statuses(connection, kept.id, end))


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        args = {"file": folder.as_posix(), "reason": error.strerror or str(error)}
        raise UsageError(Message("cli.cannot_write", args), Message("register.folder_hint")) from error
