# SPDX-License-Identifier: Apache-2.0
"""`borderready rules` and `borderready products`: what the rule base holds."""

from __future__ import annotations

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
)
from borderready.coverage import concerns
from borderready.errors import UsageError
from borderready.model import Message, Rule, RuleBase
from borderready.scope import find_wording

_RulesDir = Annotated[Path | None, typer.Option("--rules", help="Another rule base: folder, zip or NAME@VERSION.")]
_Lang = Annotated[str | None, typer.Option("--lang", help="en, vi or zh; the locale's if left out.")]


def rules(
    origin: Annotated[str | None, typer.Option("--origin", help="ISO code of the origin, such as VN.")] = None,
    product: Annotated[
        str | None, typer.Option("--product", help="Product, such as durian-fresh.", autocompletion=complete_product)
    ] = None,
    on: Annotated[str | None, typer.Option("--on", metavar="DATE", help="Only wordings that bind on this day.")] = None,
    area: Annotated[str | None, typer.Option("--area", help="Only this area, such as labeling.")] = None,
    lang: _Lang = None,
    rules_dir: _RulesDir = None,
) -> int:
    """List the rules of a lane: what a product needs, before there is a manifest.

    Example: borderready rules --origin VN --product durian-fresh --on 2026-11-26
    """
    from borderready.report.as_listing import print_rules
    from borderready.report.terminal import show

    rule_base = load_rules(rules_dir)
    day = known_day(on)
    words = known_words(rule_base, product)
    country = known_origin(origin)
    chosen = [rule for rule in rule_base.rules if concerns(rule, origin=country, words=words)]
    chosen = [rule for rule in chosen if _in_area(rule, area, rule_base)]
    if day is not None:
        binding = {rule.id: find_wording(rule, day) for rule in chosen}
        chosen = [rule for rule in chosen if (wording := binding[rule.id]) is not None and not wording.repealed]
    console = make_console()
    layout = make_layout(console, choose_language(lang), rule_base.instruments)
    print_rules(chosen, day, layout)
    show(layout, console)
    return ExitCode.READY if chosen else ExitCode.NOTHING_CHECKED


def products(lang: _Lang = None, rules_dir: _RulesDir = None) -> int:
    """List the products that the rule base knows, with their names, codes and groups.

    Example: borderready products --lang vi
    """
    from borderready.report.as_listing import print_products
    from borderready.report.terminal import show

    rule_base = load_rules(rules_dir)
    console = make_console()
    layout = make_layout(console, choose_language(lang), rule_base.instruments)
    print_products(rule_base, layout)
    show(layout, console)
    return ExitCode.READY


def _in_area(rule: Rule, area: str | None, rule_base: RuleBase) -> bool:
    areas = sorted({other.area for other in rule_base.rules})
    if area is not None and area not in areas:
        raise UsageError(Message("cli.no_area", {"area": area, "areas": ", ".join(areas)}))
    return area is None or rule.area == area
