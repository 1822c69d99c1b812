# SPDX-License-Identifier: Apache-2.0
"""`limit`: a number, a share, or a laboratory result is within its bound.

Cadmium of 0.05 mg/kg under a limit of 0.05 passes, 0.051 fails, and so does 51 ug/kg. A result given as not detected
is within any limit; a result without a unit is unknown. Bounds may stand in a dated table, found by product (itself,
then its groups), analyte and part; results whose substance stands in one of the tables `besides` are left to these.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from borderready.checks.context import (
    Context,
    Options,
    as_decimal,
    decimal,
    failed,
    judge_hits,
    passed,
    text,
    texts,
    unknown,
)
from borderready.checks.look_up import cells_of, find_row
from borderready.model import Message, Missing, Outcome, Row, Status, Value
from borderready.paths import Hit, canonical, find, write_value

KIND = "limit"
_WORST_FIRST = (Status.FAIL, Status.UNKNOWN, Status.PASS)
NOT_DETECTED = "ND"  # as laboratories write it, in every language
# How much of the unit makes one mg/kg; exact.
UNITS_PER_MG_KG: dict[str, Fraction] = {
    "mg/kg": Fraction(1),
    "ppm": Fraction(1),
    "ug/g": Fraction(1),
    "ug/kg": Fraction(1000),
    "ppb": Fraction(1000),
    "g/kg": Fraction(1, 1000),
}
OPTIONS = {
    "type": "object",
    "additionalProperties": False,
    "minProperties": 1,
    "properties": {
        "min": {"type": "number"},
        "max": {"type": "number"},
        "of": {"type": "string", "minLength": 1},
        "unit": {"type": "string", "enum": ["mg/kg", "ug/kg", "g/kg"]},
        "not_detected": {"type": "boolean"},
        "table": {"type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$"},
        "besides": {"type": "array", "minItems": 1, "items": {"type": "string", "minLength": 1}},
    },
    "dependentRequired": {"unit": ["max"], "besides": ["table"]},
}


def check(context: Context, field: str, options: Options) -> tuple[Outcome, ...]:
    """Judge each number or result found."""
    if "of" in options:
        return _check_share(context, field, options)
    if "table" in options:
        others = texts(options, "besides") if "besides" in options else ()
        hits, missings = find(field, context.view)
        mine = [hit for hit in hits if not _stands_in(context, hit, others)]
        judged = [_judge_by_table(context, hit, text(options, "table")) for hit in mine]
        return (*judged, *(unknown(missing) for missing in missings))
    if options.get("not_detected") is True:
        return judge_hits(context, field, _judge_absence)
    if "unit" in options:
        bound = decimal(options, "max")
        assert bound is not None
        return judge_hits(context, field, lambda hit: _judge_result(hit, bound, text(options, "unit")))
    return judge_hits(context, field, lambda hit: _judge_number(hit, decimal(options, "min"), decimal(options, "max")))


def _judge_number(hit: Hit, low: Decimal | None, high: Decimal | None, expected: str | None = None) -> Outcome:
    shown = expected or ", ".join(f"{sign} {bound}" for sign, bound in ((">=", low), ("<=", high)) if bound is not None)
    number = as_decimal(hit.value)
    if number is None:
        return failed(hit, shown, Message("check.not_a_number"))
    fits = (low is None or number >= low) and (high is None or number <= high)
    return passed(hit, shown) if fits else failed(hit, shown)


def _check_share(context: Context, field: str, options: Options) -> tuple[Outcome, ...]:
    wholes, missings = find(text(options, "of"), context.view)
    if missings or not wholes:
        return tuple(unknown(missing) for missing in missings)
    numbers = [as_decimal(whole.value) for whole in wholes]
    known = [number for number in numbers if number is not None]
    total = sum(known, Decimal(0))
    if len(known) < len(numbers) or total <= 0:
        because = Message("check.limit.no_whole", {"whole": ", ".join(write_value(whole.value) for whole in wholes)})
        return (Outcome(status=Status.UNKNOWN, path=wholes[0].path, because=because),)
    low, high = decimal(options, "min"), decimal(options, "max")

    def judge(hit: Hit) -> Outcome:
        expected = ", ".join(
            f"{sign} {write_number(share * total)} ({write_number(share * 100)} % of {write_number(total)})"
            for sign, share in ((">=", low), ("<=", high))
            if share is not None
        )
        return _judge_number(
            hit, None if low is None else low * total, None if high is None else high * total, expected
        )

    return judge_hits(context, field, judge)


def _judge_absence(hit: Hit) -> Outcome:
    result = hit.value if isinstance(hit.value, Mapping) else {}
    if _is_nothing(result):
        return _result_outcome(Status.PASS, hit, result, NOT_DETECTED)
    if result.get("detected") is True or "value" in result:
        return _result_outcome(Status.FAIL, hit, result, NOT_DETECTED)
    return unknown(Missing(parent=hit.path, steps="detected", is_last=True))


def _is_nothing(result: Mapping[str, Value]) -> bool:
    return result.get("detected") is False or ("detected" not in result and as_decimal(result.get("value")) == 0)


def _judge_result(
    hit: Hit, bound: Decimal, unit: str, row: Row | None = None, because: Message | None = None
) -> Outcome:
    result = hit.value if isinstance(hit.value, Mapping) else {}
    expected = f"<= {write_number(bound)} {unit}"
    number = as_decimal(result.get("value"))
    if result.get("detected") is False:
        return _judge_nothing(hit, result, bound, unit, row, because)
    if number is None:
        return unknown(Missing(parent=hit.path, steps="value", is_last=True))
    if (unread := _unread_unit(hit, result, expected, row)) is not None:
        return unread
    fits = _is_within(number, _unit_of(result), bound, unit)
    return _result_outcome(Status.PASS if fits else Status.FAIL, hit, result, expected, row, because)


def _stands_in(context: Context, hit: Hit, tables: tuple[str, ...]) -> bool:
    """Tell whether the substance of a result stands in one of these tables, which then answers for it."""
    result = hit.value if isinstance(hit.value, Mapping) else {}
    analyte = canonical("analyte", write_value(result.get("analyte", "")), context.view)
    return any(analyte in cells_of(context.tables[name], "analyte") for name in tables)


def _judge_nothing(
    hit: Hit, result: Mapping[str, Value], bound: Decimal, unit: str, row: Row | None, because: Message | None
) -> Outcome:
    """Judge a result below the limit of detection: within any bound, unless that limit lies above the bound itself."""
    expected = f"<= {write_number(bound)} {unit}"
    # A value beside `detected: false` is how some write "< 0.01": it is the limit of detection.
    lod = as_decimal(result.get("lod", result.get("value")))
    if lod is None:
        return _result_outcome(Status.PASS, hit, result, expected, row, because)
    if (unread := _unread_unit(hit, result, expected, row)) is not None:
        return unread
    found_unit = _unit_of(result)
    if _is_within(lod, found_unit, bound, unit):
        return _result_outcome(Status.PASS, hit, result, expected, row, because)
    shown = Message("check.limit.lod", {"lod": f"{write_number(lod)} {found_unit}"})
    return _result_outcome(Status.UNKNOWN, hit, result, expected, row, shown)


def _unread_unit(hit: Hit, result: Mapping[str, Value], expected: str, row: Row | None) -> Outcome | None:
    """Return why the figure of a result cannot be compared with a limit, None where it can."""
    found_unit = _unit_of(result)
    if not found_unit:
        return unknown(Missing(parent=hit.path, steps="unit", is_last=True))
    if found_unit in UNITS_PER_MG_KG:
        return None
    shown = Message("check.limit.unit", {"unit": str(result.get("unit"))})
    return _result_outcome(Status.UNKNOWN, hit, result, expected, row, shown)


def _is_within(number: Decimal, found_unit: str, bound: Decimal, unit: str) -> bool:
    if unit == found_unit:
        return number <= bound
    return Fraction(number) * UNITS_PER_MG_KG[unit] <= Fraction(bound) * UNITS_PER_MG_KG[found_unit]


def _unit_of(result: Mapping[str, Value]) -> str:
    return str(result.get("unit", "")).replace("µ", "u").replace("μ", "u").lower().replace(" ", "")


def _judge_by_table(context: Context, hit: Hit, table: str) -> Outcome:
    result = hit.value if isinstance(hit.value, Mapping) else {}
    analyte = canonical("analyte", write_value(result.get("analyte", "")), context.view)
    part = canonical("part", write_value(result["part"]), context.view) if "part" in result else None
    judged = []
    for product in context.products:
        # Without a part only a row for any part can answer.
        parts = () if part is None else (part,)
        asked = {"product": context.groups.get(product, (product,)), "analyte": (analyte,), "part": parts}
        row = find_row(context.tables[table], asked, context.day)
        judged.append(_judge_by_row(hit, row, analyte, part, table))
    # A report on two products must do for both.
    return min(judged, key=lambda outcome: _WORST_FIRST.index(outcome.status))


def _judge_by_row(hit: Hit, row: Row | None, analyte: str, part: str | None, table: str) -> Outcome:
    result = hit.value if isinstance(hit.value, Mapping) else {}
    if row is None and result.get("detected") is False:
        return _result_outcome(Status.PASS, hit, result, None)
    if row is None and part is None:
        return unknown(Missing(parent=hit.path, steps="part", is_last=True))
    if row is None:
        because = Message("check.limit.no_row", {"analyte": analyte, "part": part or "", "table": table})
        return _result_outcome(Status.UNKNOWN, hit, result, None, None, because)
    because = Message(
        "check.limit.row",
        {"standard": row.cells.get("standard", table), "edition": row.cells.get("edition", ""), "row": str(row.number)},
    )
    return _judge_result(hit, Decimal(row.cells["limit"]), row.cells["unit"], row, because)


def _result_outcome(
    status: Status,
    hit: Hit,
    result: Mapping[str, Value],
    expected: str | None,
    row: Row | None = None,
    because: Message | None = None,
) -> Outcome:
    if result.get("detected") is False:
        found = NOT_DETECTED
    else:
        found = " ".join(write_value(result[key]) for key in ("value", "unit") if key in result) or "detected"
    path = (*hit.path, "value") if "value" in result else hit.path
    return Outcome(
        status=status,
        path=path,
        found=found,
        expected=expected,
        because=because,
        source=row.source if row is not None else None,
    )


def write_number(number: Decimal) -> str:
    """Return a decimal without trailing zeros and without an exponent."""
    return f"{number.normalize():f}"


def say(options: Options) -> Message:
    """Return what is asked, in words."""
    if options.get("not_detected") is True:
        return Message("check.limit.say_not_detected")
    if "table" in options:
        return Message("check.limit.say_table", {"table": text(options, "table")})
    bounds = ", ".join(
        f"{sign} {write_value(options[name])}" for sign, name in ((">=", "min"), ("<=", "max")) if name in options
    )
    if "of" in options:
        return Message("check.limit.say_share", {"bounds": bounds, "of": text(options, "of")})
    return Message("check.limit.say", {"bounds": f"{bounds} {text(options, 'unit')}".strip()})
