# SPDX-License-Identifier: Apache-2.0
"""`unbreakable`: some manifest can fail each wording, and some can pass it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from borderready.checks.forms import compiled
from borderready.fold import fold
from borderready.model import Path, Rule, Table, Value
from borderready.pack.lint.finding import LintFinding, remark_at
from borderready.pack.manifest_key import choices_at, schema_at
from borderready.pack.view import PackView

ID = "unbreakable"
# Texts that have nothing in common: a pattern that takes all of them takes whatever is written.
_ANYTHING = ("a", "Z", "0", "7 b", "榴莲", "-", "x" * 60, "€/#")
# Texts compared as they are stand as such in the schema; names and words inside a text do not.
_AS_WRITTEN = ("text", "code")
_BOUNDS = (("min", "max"), ("min_days", "max_days"))


def lint(pack: PackView, day: str) -> Iterator[LintFinding]:
    """Yield wordings that nothing can fail or nothing can pass, and listed values that never decide."""
    for rule in pack.rule_base.rules:
        for index, wording in enumerate(rule.wordings):
            if wording.repealed or (rule.check == "matches" and _has_fail(pack, rule)):
                continue
            for option, text in _problems(rule, wording.options, pack.whole.tables):
                place: Path = ("wordings", index, "options", *([option] if option else []))
                yield remark_at(pack, ID, f"{rule.id}.yaml", place, text)


def _has_fail(pack: PackView, rule: Rule) -> bool:
    """Tell whether a case proves that a pattern refuses something."""
    return any(case.expect == "fail" for case in pack.cases.get(rule.id, ()))


def _problems(rule: Rule, options: Mapping[str, Value], tables: Mapping[str, Table]) -> Iterator[tuple[str, str]]:
    yield from _of_bounds(options)
    match rule.check:
        case "one_of" | "none_of":
            yield from _of_values(rule, options)
        case "matches":
            pattern = options.get("pattern")
            if isinstance(pattern, str) and all(compiled(pattern).fullmatch(text) for text in _ANYTHING):
                yield "pattern", "every text has this form"
        case "limit" if "of" not in options and "table" not in options and "unit" not in options:
            yield from _of_range(rule, options)
        case "same" if options.get("how", "equal") == "equal" and options.get("with") == (rule.field,):
            yield "with", "a field always agrees with itself"
        case "within":
            for name in ("not_before", "not_after"):
                if options.get(name) == rule.field:
                    yield name, "a day is never before or after itself"
        case "listed" if "table" in options:
            yield from _of_table(options, tables)


def _of_bounds(options: Mapping[str, Value]) -> Iterator[tuple[str, str]]:
    for low, high in _BOUNDS:
        least, most = options.get(low), options.get(high)
        if isinstance(least, (int, Decimal)) and isinstance(most, (int, Decimal)) and least > most:
            yield low, f"nothing can pass: {low} {least} lies above {high} {most}"


def _of_values(rule: Rule, options: Mapping[str, Value]) -> Iterator[tuple[str, str]]:
    choices = choices_at(rule.field, rule)
    listed = options.get("values")
    if choices is None or not isinstance(listed, tuple) or options.get("as", "text") not in _AS_WRITTEN:
        return
    for value in listed:
        if fold(str(value)) not in choices:
            yield "values", f"{rule.field} is never '{value}': the manifest format has no such word there"
    if rule.check == "one_of" and choices <= {fold(str(value)) for value in listed}:
        yield "values", f"these are all words that {rule.field} can have"


def _of_range(rule: Rule, options: Mapping[str, Value]) -> Iterator[tuple[str, str]]:
    """Yield a bound that the manifest format itself holds, where it is the only one."""
    schema = schema_at(rule.field, rule)
    least, most = options.get("min"), options.get("max")
    lowest, highest = schema.get("minimum", schema.get("exclusiveMinimum")), schema.get("maximum")
    holds_low = least is None or (lowest is not None and _number(least) <= Decimal(str(lowest)))
    holds_high = most is None or (highest is not None and _number(most) >= Decimal(str(highest)))
    if holds_low and holds_high and options.get("not_detected") is None:
        yield "min" if least is not None else "max", f"the manifest format lets {rule.field} have no other number"


def _number(value: Value) -> Decimal:
    return Decimal(value) if isinstance(value, (int, Decimal)) else Decimal(0)


def _of_table(options: Mapping[str, Value], tables: Mapping[str, Table]) -> Iterator[tuple[str, str]]:
    table, column = tables[str(options["table"])], str(options.get("column", ""))
    cells = {row.cells.get(column, "") for row in table.rows}
    fails = options.get("fail", ())
    can_fail = options.get("absent") == "fail" or (isinstance(fails, tuple) and not cells.isdisjoint(map(str, fails)))
    if not can_fail:
        yield "", f"no row of tables/{table.id} fails, and neither does one that is lacking"
    for name in ("pass", "fail"):
        listed = options.get(name, ())
        for value in listed if isinstance(listed, tuple) else ():
            if str(value) not in cells:
                yield name, f"no row of tables/{table.id} has '{value}' in the column {column}"
