# SPDX-License-Identifier: Apache-2.0
"""`within`: a day, a span of days or a number lies within bounds, bounds included.

With `{min: 10, max: 16}` 16 weeks pass and 17 fail; with `{not_after: shipment.dates.departure}` a certificate issued
on the day of departure passes, one issued the day after fails. `since` means after: with `max_days` alone a day before
that of `since` fails too, as if `min_days: 0` were written; where an earlier day is fine, `min_days` says how much.
"""

from __future__ import annotations

from datetime import date

from borderready.checks.context import Context, Options, as_decimal, decimal, failed, passed, text, unknown
from borderready.model import Message, Outcome, Status
from borderready.paths import Hit, find, write_value

KIND = "within"
_PATH = {"type": "string", "minLength": 1}
_BOUNDS = {
    "not_before": _PATH,
    "not_after": _PATH,
    "since": _PATH,
    "min_days": {"type": "integer"},
    "max_days": {"type": "integer"},
    "min": {"type": "number"},
    "max": {"type": "number"},
}
OPTIONS = {
    "type": "object",
    "additionalProperties": False,
    "minProperties": 1,
    "properties": _BOUNDS,
    "dependentRequired": {"min_days": ["since"], "max_days": ["since"]},
}


def check(context: Context, field: str, options: Options) -> tuple[Outcome, ...]:
    """Judge each day or number found against each bound."""
    hits, missings = find(field, context.view)
    outcomes = [unknown(missing) for missing in missings]
    for hit in hits:
        if "min" in options or "max" in options:
            outcomes.append(_judge_number(hit, options))
        for name in ("not_before", "not_after", "since"):
            if name in options:
                outcomes.extend(_judge_day(context, hit, name, options))
    return tuple(outcomes)


def _judge_number(hit: Hit, options: Options) -> Outcome:
    low, high = decimal(options, "min"), decimal(options, "max")
    number = as_decimal(hit.value)
    expected = _range(options, "min", "max")
    if number is None:
        return failed(hit, expected, Message("check.not_a_number"))
    fits = (low is None or number >= low) and (high is None or number <= high)
    return passed(hit, expected) if fits else failed(hit, expected)


def _judge_day(context: Context, hit: Hit, name: str, options: Options) -> list[Outcome]:
    others, missings = find(text(options, name), context.view)
    outcomes = [unknown(missing) for missing in missings]
    for other in others:
        found, fits, expected = _compare(write_value(hit.value), write_value(other.value), name, options)
        because = None if fits else Message(f"check.within.{name}", {"day": write_value(other.value)})
        status = Status.PASS if fits else Status.FAIL
        related = (other.path,)
        outcomes.append(
            Outcome(status=status, path=hit.path, found=found, expected=expected, because=because, related=related)
        )
    return outcomes


def _compare(found: str, other: str, name: str, options: Options) -> tuple[str, bool, str]:
    """Return what was found, whether it fits, and what was asked."""
    if name == "not_before":
        return found, found >= other, f">= {other}"
    if name == "not_after":
        return found, found <= other, f"<= {other}"
    days = (date.fromisoformat(found) - date.fromisoformat(other)).days
    bounds = _span(options)
    low, high = bounds.get("min_days"), bounds.get("max_days")
    fits = (not isinstance(low, int) or days >= low) and (not isinstance(high, int) or days <= high)
    return f"{found} (+{days} d)" if days >= 0 else f"{found} ({days} d)", fits, _range(bounds, "min_days", "max_days")


def _span(options: Options) -> Options:
    """Return the bounds of a span of days; `max_days` alone leaves no room before the day it counts from."""
    return options if "min_days" in options or "max_days" not in options else {**options, "min_days": 0}


def _range(options: Options, low: str, high: str) -> str:
    unit = " d" if low.endswith("_days") else ""
    bounds = [f">= {write_value(options[low])}{unit}"] if low in options else []
    bounds += [f"<= {write_value(options[high])}{unit}"] if high in options else []
    return ", ".join(bounds)


def say(options: Options) -> Message:
    """Return what is asked, in words."""
    parts = [f"{name}: {write_value(options[name])}" for name in _BOUNDS if name in options]
    return Message("check.within.say", {"bounds": ", ".join(parts)})
