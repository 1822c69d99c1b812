# SPDX-License-Identifier: Apache-2.0
"""Lists and explanations for a person: rules, products, and one rule with all its wordings."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len, set_cell_size
from rich.text import Text

from borderready.checks import KINDS
from borderready.model import Gap, Grade, Message, Rule, RuleBase, Scope, Wording
from borderready.report.packs import disabled_by
from borderready.report.show import clean
from borderready.report.terminal import Layout, print_pairs, wrap
from borderready.scope import find_wording, force_of


def print_rules(rules: Sequence[Rule], day: str | None, layout: Layout) -> None:
    """Print rules by area: the title, what it asks, and how well that is known."""
    for area in dict.fromkeys(rule.area for rule in sorted(rules, key=lambda rule: rule.area)):
        layout.add_wrapped(Text(layout.word(f"area.{area}").upper(), "bold"))
        for rule in (rule for rule in rules if rule.area == area):
            wording = (find_wording(rule, day) if day is not None else None) or rule.wordings[0]
            head = Text("  ")
            head.append(clean(rule.title.in_language(layout.language)), "bold")
            head.append(f"  {rule.id}", "dim")
            if rule.disabled is not None:
                head.append(f"  {layout.word('extend.disabled')}", "bold yellow")
            layout.add_wrapped(head)
            force = layout.word("explain.repealed" if wording.repealed else f"force.{_force(rule, wording)}")
            told = (
                f"{clean(wording.says.in_language(layout.language))} [{force}, {wording.source.seen}, {wording.start}]"
            )
            for line in wrap(Text(told), layout.width - 4):
                layout.add_wrapped(Text.assemble("    ", line))
        layout.add()
    layout.add_wrapped(Text(layout.say(Message("list.rules", {"count": str(len(rules))})), "bold"))


def _force(rule: Rule, wording: Wording) -> str:
    return "informs" if rule.check == "tell" else str(force_of(rule.severity, wording.source))


def print_products(rule_base: RuleBase, layout: Layout) -> None:
    """Print products: id, name, scientific names, codes and groups."""
    width = max((len(name) for name in rule_base.products), default=0) + 2
    for name, product in sorted(rule_base.products.items()):
        line = Text("", "")
        line.append(set_cell_size(name, width), "bold")
        line.append(clean(product.name.in_language(layout.language)))
        layout.add_wrapped(line)
        facts = [", ".join(product.scientific_names), ", ".join(product.hs_codes), ", ".join(product.groups)]
        told = " | ".join(fact for fact in facts if fact)
        for part in wrap(Text(told, "dim"), layout.width - width):
            layout.add_wrapped(Text.assemble(" " * width, part))
    layout.add_wrapped(Text(layout.say(Message("list.products", {"count": str(len(rule_base.products))})), "bold"))


def print_explanation(rule: Rule, cases: Sequence[tuple[str, str, str]], layout: Layout) -> None:
    """Print one rule: what it asks, of whom, measured how, each wording with its source, and its cases."""
    newest = rule.wordings[0]
    head = Text(clean(rule.title.in_language(layout.language)), "bold")
    head.append(f"  {rule.id}", "dim")
    layout.add_wrapped(head)
    layout.add()
    print_pairs(
        [
            ("explain.why", clean(newest.says.in_language(layout.language))),
            ("explain.applies", _scope(rule.scope, layout)),
            ("explain.each", rule.each),
            ("explain.basis", layout.word(f"event.{rule.basis}")),
            (
                "explain.force",
                f"{layout.word(f'force.{_force(rule, newest)}')} ({rule.severity}, {newest.source.seen})",
            ),
            ("explain.acts", layout.word(f"acts.{rule.acts}")),
            ("explain.consequence", layout.word(f"consequence.{rule.consequence}")),
        ],
        layout,
    )
    if not rule.is_waivable:
        print_pairs([("explain.waivable", layout.word("explain.never"))], layout)
    if rule.disabled is not None:
        print_pairs([("extend.disabled", clean(disabled_by(rule.disabled, layout.language)))], layout)
    print_pairs([("explain.overrides", other) for other in rule.overrides], layout)
    print_pairs([("explain.replaces", other) for other in rule.replaces], layout)
    layout.add()
    layout.add_wrapped(Text(layout.word("explain.wordings"), "bold"))
    for index, wording in enumerate(rule.wordings):
        layout.add()
        _print_wording(rule, wording, rule.wordings[index - 1].start if index else None, layout)
    if cases:
        layout.add()
        layout.add_wrapped(Text(layout.word("explain.cases"), "bold"))
        for name, expect, day in cases:
            start = f"   {set_cell_size(layout.word(f'status.{expect}'), 16)}{day}  "
            for line in wrap(Text(clean(name)), layout.width - cell_len(start)):
                layout.add(Text.assemble(start, line))
                start = " " * cell_len(start)


def _print_wording(rule: Rule, wording: Wording, until: str | None, layout: Layout) -> None:
    start = wording.start + (f", {layout.say(Message('explain.until', {'until': f'< {until}'}))}" if until else "")
    pairs = [("explain.since", start)]
    if wording.repealed:
        pairs.append(("explain.asks", layout.word("explain.repealed")))
    else:
        asks = layout.say(KINDS[rule.check].say(wording.options))
        pairs.append(("explain.asks", f"{rule.field}: {asks}"))
    pairs.append(("report.asked", clean(wording.says.in_language(layout.language))))
    if wording.fix is not None:
        pairs.append(("report.mend", clean(wording.fix.in_language(layout.language))))
    pairs.append(("report.source", _source(wording, layout)))
    print_pairs(pairs, layout)


def _source(wording: Wording, layout: Layout) -> str:
    source = wording.source
    instrument = layout.instruments[source.instrument]
    title = clean(instrument.title.in_language(layout.language))
    number = f"{clean(instrument.number)}, " if instrument.number else ""
    grade = layout.word(f"grade.{source.seen}")
    reports = f": {', '.join(source.witnesses)}" if source.seen is Grade.SECONDARY and source.witnesses else ""
    checked = layout.say(Message("explain.checked", {"day": source.checked or "?"}))
    url = f"; {clean(instrument.url)}" if instrument.url else ""
    return f"{number}{title}, {clean(source.locator)}; {grade}{reports}; {checked}{url}"


def _scope(scope: Scope, layout: Layout) -> str:
    parts = [
        ", ".join(members)
        for members in (scope.products, scope.origins, scope.modes, scope.channels, scope.entries)
        if members
    ]
    for condition in scope.conditions:
        values = f" = {' / '.join(condition.values)}" if condition.values else ""
        parts.append(f"{condition.kind} {condition.path}{values}")
    return clean("; ".join(parts)) or layout.word("explain.everything")


def print_gaps(gaps: Sequence[Gap], layout: Layout) -> None:
    """Print what is not known, which text would settle it, and where to look."""
    for gap in gaps:
        head = Text(clean(gap.missing.in_language(layout.language)), "bold")
        layout.add_wrapped(head)
        lanes = ", ".join((*gap.products, *gap.origins)) or layout.word("explain.everything")
        layout.add_wrapped(Text(f"{gap.id}  {layout.word(f'area.{gap.area}')}  {lanes}", "dim"), "   ")
        pairs = [("list.gap_look", clean(gap.look.in_language(layout.language)))]
        instrument = layout.instruments.get(gap.instrument or "")
        if instrument is not None:
            name = instrument.number or instrument.title.in_language(layout.language)
            pairs.insert(0, ("list.gap_settles", clean(f"{name}, {gap.locator}" if gap.locator else name)))
        print_pairs(pairs, layout)
        layout.add()
    layout.add(Text(layout.say(Message("list.gaps", {"count": str(len(gaps))})), "bold"))
