# SPDX-License-Identifier: Apache-2.0
"""`borderready pack diff`: what changed from one pack to another, by meaning."""

from __future__ import annotations

import os
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from borderready.cli.complete import complete_product
from borderready.cli.exits import ExitCode
from borderready.cli.session import (
    choose_language,
    known_origin,
    known_words,
    make_console,
    make_layout,
    print_plain,
)
from borderready.errors import Fault, RuleBaseError
from borderready.model import RuleBase

NAMED_HELP = "A folder, a zip, an installed version (cn@2026.11.0) or git:REVISION[:FOLDER]."


class DiffFormat(StrEnum):
    """How changes are given."""

    TEXT = "text"
    MARKDOWN = "markdown"
    JSON = "json"


def load_named(text: str) -> RuleBase:
    """Return the rule base of a pack, upon what it extends, by the name that it is given.

    Nobody's signature is asked for: a pack is looked at before it is adopted.

    Raises UsageError and RuleBaseError.
    """
    from borderready.cli.chosen_pack import read_unjudged
    from borderready.pack.named import contents_of, name_in
    from borderready.read.rule_base import assemble

    contents = contents_of(text)
    folder = Path(text) if Path(text).is_dir() else None
    try:
        loaded = read_unjudged(contents, file=text, name=name_in(contents, text), folder=folder)
    except RuleBaseError as error:  # of two packs one must know which
        between = "/" if Path(text).is_dir() else ":"
        at = f"{text.rstrip('/')}{between}"
        raise RuleBaseError(_told_with(fault, at) for fault in error.faults) from error
    return assemble(loaded.data, loaded.pack)


def _told_with(fault: Fault, at: str) -> Fault:
    """Return a fault with its pack before its file; that of a base says already where it is."""
    return fault if fault.file == at[:-1] or os.path.isabs(fault.file) else replace(fault, file=f"{at}{fault.file}")


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
