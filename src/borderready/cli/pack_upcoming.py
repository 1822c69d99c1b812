# SPDX-License-Identifier: Apache-2.0
"""`borderready pack upcoming`: what of a pack starts or ends soon, for a person, a program or a calendar."""

from __future__ import annotations

import re
from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated

import typer

from borderready.cli.complete import complete_product
from borderready.cli.exits import ExitCode
from borderready.cli.pack_diff import NAMED_HELP, load_named
from borderready.cli.session import (
    choose_language,
    day_or_today,
    known_origin,
    known_words,
    make_console,
    make_layout,
    print_plain,
    rules_dir,
)
from borderready.errors import UsageError
from borderready.model import Message

_DAYS = {"d": 1, "w": 7, "m": 30, "y": 365}
_LENGTH = re.compile(r"(?P<count>[0-9]{1,6})(?P<unit>[dwmy])")


class UpcomingFormat(StrEnum):
    """How events are given."""

    TEXT = "text"
    JSON = "json"
    ICAL = "ical"


def known_length(text: str) -> int:
    """Return the days of a length such as 180d, 26w, 6m (of 30 days) or 1y (of 365); raises UsageError for others."""
    match = _LENGTH.fullmatch(text)
    if match is None:
        raise UsageError(Message("upcoming.bad_length", {"text": text}), Message("upcoming.bad_length_hint"))
    return int(match["count"]) * _DAYS[match["unit"]]


def upcoming(
    folder: Annotated[
        str | None, typer.Argument(metavar="[PACK]", help=f"The program's if left out. {NAMED_HELP}")
    ] = None,
    within: Annotated[
        str, typer.Option("--within", metavar="LENGTH", help="How far ahead: 180d, 26w, 6m or 1y.")
    ] = "180d",
    on: Annotated[str | None, typer.Option("--on", metavar="DATE", help="First day; today if left out.")] = None,
    origin: Annotated[str | None, typer.Option("--origin", help="Only what concerns this origin, such as VN.")] = None,
    product: Annotated[
        str | None,
        typer.Option("--product", help="Only what concerns this product.", autocompletion=complete_product),
    ] = None,
    format_: Annotated[UpcomingFormat, typer.Option("--format", help="What to print.")] = UpcomingFormat.TEXT,
    lang: Annotated[str | None, typer.Option("--lang", help="en, vi or zh; the locale's if left out.")] = None,
) -> int:
    """List what starts or ends soon, by lane: wordings, rows of tables, notices. Exit code 3 when there is nothing.

    Example: borderready pack upcoming --within 1y --format ical > rules.ics
    """
    from borderready.pack.upcoming import concerns, find_coming
    from borderready.report.as_ical import upcoming_ical
    from borderready.report.as_upcoming import print_upcoming, upcoming_json
    from borderready.report.terminal import show

    language, country = choose_language(lang), known_origin(origin)
    first, length = day_or_today(on), known_length(within)
    last = _last_day(first, length)
    rule_base = load_named(folder if folder is not None else str(rules_dir(None)))
    words = known_words(rule_base, product)
    found = tuple(
        one for one in find_coming(rule_base, first=first, last=last) if concerns(one, origin=country, words=words)
    )
    if format_ is UpcomingFormat.TEXT:
        console = make_console()
        layout = make_layout(console, language, rule_base.instruments)
        print_upcoming(found, first, last, layout)
        show(layout, console)
    elif format_ is UpcomingFormat.JSON:
        print_plain(upcoming_json(found, rule_base.pack, first, last))
    else:
        print_plain(upcoming_ical(found, rule_base.pack, language))
    return ExitCode.READY if found else ExitCode.NOTHING_CHECKED


def _last_day(first: str, days: int) -> str:
    try:
        return (date.fromisoformat(first) + timedelta(days=days)).isoformat()
    except OverflowError:
        return date.max.isoformat()
