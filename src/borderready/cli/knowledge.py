# SPDX-License-Identifier: Apache-2.0
"""`borderready gaps` and `borderready coverage`: what the rule base does not know, and what it covers."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from borderready.cli.complete import complete_product
from borderready.cli.exits import ExitCode
from borderready.cli.session import (
    choose_language,
    known_day,
    known_origin,
    known_words,
    load_rules,
    make_console,
    make_layout,
    print_plain,
)

_Origin = Annotated[str | None, typer.Option("--origin", help="ISO code of the origin, such as VN.")]
_Product = Annotated[
    str | None, typer.Option("--product", help="Product, such as durian-fresh.", autocompletion=complete_product)
]
_Lang = Annotated[str | None, typer.Option("--lang", help="en, vi or zh; the locale's if left out.")]
_Rules = Annotated[Path | None, typer.Option("--rules", help="Another rule base: folder, zip or NAME@VERSION.")]


class CoverageFormat(StrEnum):
    """How the matrix is given."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"


def gaps(origin: _Origin = None, product: _Product = None, lang: _Lang = None, rules: _Rules = None) -> int:
    """List what the rule base knows that it does not know, and where to look.

    Example: borderready gaps --origin VN --product banana
    """
    from borderready.core import find_gaps
    from borderready.report.as_listing import print_gaps
    from borderready.report.terminal import show

    rule_base = load_rules(rules)
    words, country = known_words(rule_base, product), known_origin(origin)
    found = find_gaps(rule_base.gaps, origins={country} if country else set(), words=words or set())
    console = make_console()
    layout = make_layout(console, choose_language(lang), rule_base.instruments)
    print_gaps(found, layout)
    show(layout, console)
    return ExitCode.READY


def coverage(
    origin: _Origin = None,
    product: _Product = None,
    on: Annotated[str | None, typer.Option("--on", metavar="DATE", help="Only wordings that bind on this day.")] = None,
    format_: Annotated[CoverageFormat, typer.Option("--format", help="What to print.")] = CoverageFormat.TEXT,
    lang: _Lang = None,
    rules: _Rules = None,
) -> int:
    """Show how many rules each lane has in each area, by how well they are known (primary/secondary/memory).

    Example: borderready coverage --product durian-fresh --format markdown
    """
    from borderready.coverage import cover
    from borderready.report.as_coverage import coverage_json, coverage_markdown, print_coverage
    from borderready.report.terminal import show

    rule_base = load_rules(rules)
    known_words(rule_base, product)
    lanes = cover(rule_base, origin=known_origin(origin), product=product, day=known_day(on))
    language = choose_language(lang)
    if format_ is CoverageFormat.TEXT:
        console = make_console()
        layout = make_layout(console, language, rule_base.instruments)
        print_coverage(lanes, layout)
        show(layout, console)
    else:
        is_json = format_ is CoverageFormat.JSON
        pack = rule_base.pack
        print_plain(coverage_json(lanes, pack) if is_json else coverage_markdown(lanes, pack, language))
    return ExitCode.READY if lanes else ExitCode.NOTHING_CHECKED
