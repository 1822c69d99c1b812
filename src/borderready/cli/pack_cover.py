# SPDX-License-Identifier: Apache-2.0
"""`borderready pack cover`: what no case of a pack touches."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from borderready.cli.exits import ExitCode
from borderready.cli.session import (
    choose_language,
    kind_schemas,
    make_console,
    make_layout,
    print_plain,
    rule_cache_dir,
    rules_dir,
)
from borderready.model import Message

if TYPE_CHECKING:
    from collections.abc import Sequence

    from borderready.model import PackId
    from borderready.pack.cover import Covered

SHOWN = 20  # names of one kind in text; JSON has them all


class Kind(StrEnum):
    """What can be touched."""

    RULES = "rules"
    WORDINGS = "wordings"
    STARTS = "starts"
    OPTIONS = "options"
    TABLES = "tables"
    ROWS = "rows"


class Format(StrEnum):
    """What to print."""

    TEXT = "text"
    JSON = "json"


def cover(
    folder: Annotated[
        Path | None, typer.Argument(help="Folder of the pack; the rule base of the program if left out.")
    ] = None,
    rule: Annotated[
        list[str] | None, typer.Option("--rule", help="Only rules whose id or path begins so (repeatable).")
    ] = None,
    kind: Annotated[list[Kind] | None, typer.Option("--kind", help="Only things of this kind (repeatable).")] = None,
    least: Annotated[
        float | None,
        typer.Option("--min", metavar="PERCENT", min=0, max=100, help="Exit code 1 when less of a kind is touched."),
    ] = None,
    format_: Annotated[Format, typer.Option("--format", help="What to print.")] = Format.TEXT,
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=0, help="Processes; 0 takes one for each core.")] = 0,
    lang: Annotated[str | None, typer.Option("--lang", help="en, vi or zh; the locale's if left out.")] = None,
) -> int:
    """Tell which rules, wordings, starts, options, tables and rows of tables no case touches.

    Example: borderready pack cover rules --kind rules --kind wordings --min 100
    """
    from borderready.pack.cover import cover_pack

    language = choose_language(lang)
    prefixes = tuple(name.removesuffix(".yaml") for name in rule or ())
    found = cover_pack(rules_dir(folder), kind_schemas(), prefixes=prefixes, jobs=jobs, cache_dir=rule_cache_dir())
    shown = [one for one in found.kinds if not kind or one.kind in kind]
    if format_ is Format.JSON:
        print_plain(_json(found.pack, shown))
    else:
        _print_text(shown, least, language)
    if not any(one.total for one in found.kinds):
        return ExitCode.NOTHING_CHECKED
    is_less = least is not None and any(one.percent < least for one in shown)
    return ExitCode.NOT_READY if is_less else ExitCode.READY


def _print_text(shown: Sequence[Covered], least: float | None, language: str) -> None:
    from rich.text import Text

    from borderready.report.show import clean
    from borderready.report.terminal import show

    console = make_console()
    layout = make_layout(console, language)
    for one in shown:
        args = {"touched": str(one.total - len(one.untouched)), "total": str(one.total), "percent": _percent(one)}
        is_less = least is not None and one.percent < least
        head = Text(f"{layout.word(f'cover.{one.kind}')}: ", "bold")
        head.append(layout.say(Message("cover.touched", args)), "bold red" if is_less else "")
        layout.add(head)
        for name in one.untouched[:SHOWN]:
            layout.add(f"  {clean(name)}")
        if len(one.untouched) > SHOWN:
            layout.add(f"  {layout.say(Message('cover.more', {'count': str(len(one.untouched) - SHOWN)}))}")
    show(layout, console)


def _json(pack: PackId, shown: Sequence[Covered]) -> str:
    from borderready.report.show import write_json

    return write_json(
        {
            "borderready": "cover/1",
            "pack": {"name": pack.name, "version": pack.version},
            "kinds": {
                one.kind: {
                    "total": one.total,
                    "touched": one.total - len(one.untouched),
                    "untouched": one.untouched,
                }
                for one in shown
            },
        }
    )


def _percent(one: Covered) -> str:
    """Return a percentage cut to one place: 100.0 only where nothing is left out."""
    touched = one.total - len(one.untouched)
    tenths = 1000 * touched // one.total if one.total else 1000
    return f"{tenths // 10}.{tenths % 10}"
