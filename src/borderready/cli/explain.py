# SPDX-License-Identifier: Apache-2.0
"""`borderready explain`: one rule, its wordings, its sources and its cases."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from borderready.cli.complete import complete_rule
from borderready.cli.exits import ExitCode
from borderready.cli.session import choose_language, find_rule, make_console, make_layout, rule_cache_dir


def explain(
    rule: Annotated[str, typer.Argument(help="Id of the rule.", autocompletion=complete_rule)],
    lang: Annotated[str | None, typer.Option("--lang", help="en, vi or zh; the locale's if left out.")] = None,
    rules: Annotated[
        Path | None, typer.Option("--rules", help="Another rule base: folder, zip or NAME@VERSION.")
    ] = None,
) -> int:
    """Explain a rule: what it asks, why, since when, from which source, and by examples.

    Example: borderready explain vn/banana/maturity
    """
    from borderready.cli.chosen_pack import choose, folder_with, load_choices, terms_of
    from borderready.cli.settings import read_trust
    from borderready.pack.case import cases_path, read_cases
    from borderready.report.as_listing import print_explanation
    from borderready.report.terminal import show

    choice = choose(None if rules is None else str(rules))
    rule_base, choices = load_choices(choice, terms_of(read_trust()), cache=rule_cache_dir(), goods=None)
    found = find_rule(rule_base, rule)
    owner, colon, _ = found.id.partition(":")
    with folder_with(choices[owner if colon else rule_base.pack.chain[-1].name], cases_path(found.id)) as folder:
        cases, _ = read_cases(folder, found.id)
    console = make_console()
    layout = make_layout(console, choose_language(lang), rule_base.instruments)
    print_explanation(found, [(case.name, case.expect, case.date) for case in cases], layout)
    show(layout, console)
    return ExitCode.READY
