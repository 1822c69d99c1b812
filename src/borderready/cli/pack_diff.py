# SPDX-License-Identifier: Apache-2.0
"""`borderready pack diff`: what changed from one pack to another, by meaning."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from borderready.cli.complete import complete_product
from borderready.cli.exits import ExitCode
from borderready.cli.session import (
    choose_language,
    kind_schemas,
    known_origin,
    known_words,
    make_console,
    make_layout,
    print_plain,
)
from borderready.errors import RuleBaseError
from borderready.model import PackId, RuleBase

NAMED_HELP = "A folder, a zip, an installed version (cn@2026.11.0) or git:REVISION[:FOLDER]."


class DiffFormat(StrEnum):
    """How changes are given."""

    TEXT = "text"
    MARKDOWN = "markdown"
    JSON = "json"


def load_named(text: str) -> RuleBase:
    """Return the rule base of a pack by the name that it is given; raises UsageError and RuleBaseError."""
    from borderready.pack.named import contents_of, name_in
    from borderready.read.rule_base import assemble, digest_pack, read_pack

    contents = contents_of(text)
    try:
        data = read_pack(contents, kind_schemas())
    except RuleBaseError as error:  # of two packs one must know which
        between = "/" if Path(text).is_dir() else ":"
        at = f"{text.rstrip('/')}{between}"
        raise RuleBaseError(replace(fault, file=f"{at}{fault.file}") for fault in error.faults) from error
    return assemble(data, PackId(name=name_in(contents, text), version=data.version, sha256=digest_pack(contents)))


def diff(
    old: Annotated[str, typer.Argument(metavar="OLD", help=NAMED_HELP)],
    new: Annotated[str, typer.Argument(metavar="NEW", help=NAMED_HELP)],
    origin: Annotated[str | None, typer.Option("--origin", help="Only what concerns this origin, such as VN.")] = None,
    product: Annotated[
        str | None,
        typer.Option("--product", help="Only what concerns this product.", autocompletion=complete_product),
    ] = None,
    format_: Annotated[DiffFormat, typer.Option("--format", help="What to print.")] = DiffFormat.TEXT,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Tell every row and every word.")] = False,
    lang: Annotated[str | None, typer.Option("--lang", help="en, vi or zh; the locale's if left out.")] = None,
) -> int:
    """Tell what changed from one pack to another, by meaning: 0 nothing, 1 something.

    Example: borderready pack diff git:HEAD~1 rules --format markdown
    """
    from borderready.pack.diff import concerns_lane, diff_packs
    from borderready.report.as_diff import diff_json, diff_markdown, print_diff
    from borderready.report.terminal import show

    language, country = choose_language(lang), known_origin(origin)
    before, after = load_named(old), load_named(new)
    words = known_words(after if product in after.products else before, product)
    found = diff_packs(before, after)
    chosen = tuple(change for change in found.changes if concerns_lane(change, origin=country, words=words))
    found = replace(found, changes=chosen)
    if format_ is DiffFormat.TEXT:
        console = make_console()
        layout = make_layout(console, language, after.instruments)
        print_diff(found, layout, verbose=verbose)
        show(layout, console)
    else:
        is_json = format_ is DiffFormat.JSON
        print_plain(diff_json(found) if is_json else diff_markdown(found, language, verbose=verbose))
    return ExitCode.NOT_READY if found.changes else ExitCode.READY
