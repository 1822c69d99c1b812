# SPDX-License-Identifier: Apache-2.0
"""What the commands share that write new files of a pack: how it is looked at, judged with them, and written."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from borderready import __version__
from borderready.cli.exits import ExitCode
from borderready.cli.session import (
    choose_language,
    kind_schemas,
    known_day,
    make_console,
    make_layout,
    rule_cache_dir,
    today_in_china,
)
from borderready.errors import RuleBaseError, UsageError
from borderready.model import Message

if TYPE_CHECKING:
    from borderready.pack.view import PackView

SLUG = "[a-z0-9]+(?:-[a-z0-9]+)*"
Lang = Annotated[str | None, typer.Option("--lang", help="en, vi or zh; the locale's if left out.")]
Folder = Annotated[Path, typer.Argument(help="Folder of the pack.", show_default=False)]


def view(folder: Path) -> PackView:
    """Return a pack; raises RuleBaseError when it is broken."""
    from borderready.pack.view import view_pack

    return view_pack(folder, kind_schemas(), name=folder.resolve().name, cache_dir=rule_cache_dir())


def day_of(text: str) -> str:
    """Return a day; raises UsageError when it is none."""
    day = known_day(text)
    assert day is not None
    return day


def put(folder: Path, pack: PackView, files: Mapping[str, str], lang: str | None) -> int:
    """Write new files of a pack that is right with them, and tell what is left to fill in."""
    from borderready.pack.lint import lint_pack
    from borderready.pack.put import put_files
    from borderready.report.terminal import print_fault, show

    judge(folder, pack.contents, files)
    put_files(folder, files)
    console = make_console()
    layout = make_layout(console, choose_language(lang))
    for name in files:
        layout.add(layout.say(Message("new.written", {"file": str(folder / name)})))
    left = [one for one in lint_pack(view(folder), day=today_in_china()) if one.fault.file in files]
    if left:
        layout.add(layout.say(Message("new.left", {"count": str(len(left))})))
    for finding in left:
        print_fault(finding.fault, layout, is_error=finding.is_error)
    show(layout, console)
    return ExitCode.READY


def judge(folder: Path, contents: Mapping[str, bytes], files: Mapping[str, str]) -> None:
    """Raise UsageError, with what is wrong, where a pack could not be read with these files in it."""
    from borderready.read.extend import read_chain
    from borderready.read.rule_cache import base_loader

    whole = {**contents, **{name: text.encode() for name, text in files.items()}}
    try:
        load_base = base_loader(kind_schemas(), cache_dir=rule_cache_dir(), engine=__version__)
        name = folder.resolve().name
        read_chain(folder, whole, kind_schemas(), engine=__version__, name=name, load_base=load_base)
    except RuleBaseError as error:
        refused = UsageError(Message("new.refused"), Message("new.refused_hint"))
        refused.faults = (*error.faults, *refused.faults)
        raise refused from error


def tell(message: Message, lang: str | None) -> None:
    """Print one sentence."""
    from borderready.report.terminal import show

    console = make_console()
    layout = make_layout(console, choose_language(lang))
    layout.add(layout.say(message))
    show(layout, console)
