# SPDX-License-Identifier: Apache-2.0
"""`borderready pack stale`: sources that nobody looked at for long."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from borderready.cli.exits import ExitCode
from borderready.cli.pack_diff import NAMED_HELP, load_named
from borderready.cli.pack_upcoming import known_length
from borderready.cli.session import choose_language, day_or_today, make_console, make_layout, print_plain, rules_dir


class StaleFormat(StrEnum):
    """How sources are given."""

    TEXT = "text"
    JSON = "json"


def stale(
    folder: Annotated[
        str | None, typer.Argument(metavar="[PACK]", help=f"The program's if left out. {NAMED_HELP}")
    ] = None,
    older_than: Annotated[
        str, typer.Option("--older-than", metavar="LENGTH", help="How long is too long: 180d, 26w, 6m or 1y.")
    ] = "180d",
    on: Annotated[
        str | None, typer.Option("--on", metavar="DATE", help="Day to count from; today if left out.")
    ] = None,
    format_: Annotated[StaleFormat, typer.Option("--format", help="What to print.")] = StaleFormat.TEXT,
    lang: Annotated[str | None, typer.Option("--lang", help="en, vi or zh; the locale's if left out.")] = None,
) -> int:
    """List sources not looked at for long, the oldest first. Exit code 1 when there are any.

    Example: borderready pack stale rules --older-than 1y
    """
    from borderready.pack.stale import find_stale
    from borderready.report.as_stale import print_stale, stale_json
    from borderready.report.terminal import show

    language, day, age = choose_language(lang), day_or_today(on), known_length(older_than)
    rule_base = load_named(folder if folder is not None else str(rules_dir(None)))
    found = find_stale(rule_base, day=day, max_age_days=age)
    if format_ is StaleFormat.TEXT:
        console = make_console()
        layout = make_layout(console, language, rule_base.instruments)
        print_stale(found, day, older_than, layout)
        show(layout, console)
    else:
        print_plain(stale_json(found, rule_base.pack, day, age))
    return ExitCode.NOT_READY if found else ExitCode.READY
