# SPDX-License-Identifier: Apache-2.0
"""Details of a difference: of two values, of two lists, of the options of a check."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from borderready.model import Message, Value
from borderready.model.change import Detail, Reach
from borderready.paths import write_value

# Options and columns that have a name in the words of the program; others are told by the name they are written with.
NAMED = frozenset(
    {
        *("max", "min", "max_days", "min_days", "max_age_days", "limit", "lower", "upper", "unit", "values", "any_of"),
        *("all_of", "not_detected", "alternatives", "pass", "fail", "status", "register", "table", "field", "check"),
        *("each", "basis", "severity", "acts", "consequence", "area", "overrides", "replaces", "origin", "product"),
        *("mode", "channel", "entry", "title", "says", "fix", "locator", "instrument", "seen", "witnesses", "checked"),
        *("until", "start", "groups", "synonyms", "hs_codes", "scientific_names", "name", "number", "issuer"),
        *("issued", "url", "kind", "gates", "codes", "form", "pattern", "with", "keys", "key", "look", "missing"),
    }
)


def compare(
    name: str, old: Value | None, new: Value | None, place: str, *, unit: str = "", key: str = "value"
) -> tuple[Detail, ...]:
    """Return what differs between two values at a place; () for equal ones, and never () for others.

    Args:
        name: The option, column or key that holds them.
        old: None where there was nothing.
        new: None where there is nothing now.
        place: Where it stands.
        unit: What is written behind a number, such as `mg/kg`.
        key: The kind of the details.
    """
    if _is_same(old, new):
        return ()
    found: tuple[Detail, ...] = ()
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        found = tuple(_of_mappings(old, new, place, unit=unit, key=key))
    elif isinstance(old, tuple) and isinstance(new, tuple):
        found = tuple(_of_lists(name, old, new, place, unit=unit, key=key))
    return found or (_of_values(name, old, new, place, unit=unit, key=key),)


def listed(
    name: str, old: Sequence[str], new: Sequence[str], place: str, *, key: str = "value", empty_is_any: bool = False
) -> tuple[Detail, ...]:
    """Return what a list of texts gained or lost, or that its order differs; empty may stand for any."""
    if tuple(old) == tuple(new):
        return ()
    if empty_is_any and (not old or not new):
        told = "change.now_any" if not new else "change.no_longer_any"
        members = ", ".join(new or old)
        return (
            Detail(
                key=key,
                told=_message(told, name, {"members": members}),
                place=place,
                lost=tuple(old),
                gained=tuple(new),
            ),
        )
    lost, gained = _less(old, new), _less(new, old)
    if not lost and not gained:
        return (_reordered(name, place, tuple(old), tuple(new), key=key),)
    told = "change.list_both" if lost and gained else "change.list_gained" if gained else "change.list_lost"
    args = {"gained": ", ".join(gained), "lost": ", ".join(lost)}
    return (Detail(key=key, told=_message(told, name, args), place=place, lost=lost, gained=gained),)


def reworded(name: str, place: str, before: str, after: str, *, reach: Reach = Reach.WORDS) -> Detail:
    """Return the detail of words that differ where no answer rests on them."""
    return Detail(
        key="words", told=_message("change.words", name, {}), place=place, reach=reach, before=before, after=after
    )


def as_reach(details: Sequence[Detail], reach: Reach) -> tuple[Detail, ...]:
    """Return the same details with another reach."""
    return tuple(replace(detail, reach=reach) for detail in details)


def on_day(details: Sequence[Detail], day: str | None) -> tuple[Detail, ...]:
    """Return the same details with the day from which they can matter."""
    return tuple(replace(detail, day=day) for detail in details)


def name_of(name: str) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Return how a message names an option: the arguments and the words that stand for `{name}`."""
    last = name.rsplit(".", 1)[-1]
    return ({}, {"name": f"change.name.{last}"}) if last in NAMED else ({"name": name}, {})


def _message(key: str, name: str, args: Mapping[str, str]) -> Message:
    named, words = name_of(name)
    return Message(key, {**named, **args}, words)


def _is_same(old: Value | None, new: Value | None) -> bool:
    """Tell whether two values are the same; `true` is not 1, and 0.050 is 0.05."""
    if isinstance(old, bool) != isinstance(new, bool):
        return False
    if isinstance(old, tuple) and isinstance(new, tuple):
        return len(old) == len(new) and all(map(_is_same, old, new))
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        return list(old) == list(new) and all(_is_same(old[name], new[name]) for name in old)
    return old == new


def _of_mappings(
    old: Mapping[str, Value], new: Mapping[str, Value], place: str, *, unit: str, key: str
) -> Iterator[Detail]:
    own = new.get("unit", old.get("unit", unit))
    for name in dict.fromkeys((*old, *new)):
        yield from compare(name, old.get(name), new.get(name), f"{place}.{name}", unit=str(own), key=key)
    if set(old) == set(new) and list(old) != list(new):
        name = place.rsplit(".", 1)[-1]
        yield _reordered(name, place, tuple(old), tuple(new), key=key)


def _of_lists(
    name: str, old: tuple[Value, ...], new: tuple[Value, ...], place: str, *, unit: str, key: str
) -> Iterator[Detail]:
    if len(old) == len(new) and any(isinstance(member, (Mapping, tuple)) for member in (*old, *new)):
        for index, (before, after) in enumerate(zip(old, new, strict=True)):
            yield from compare(name, before, after, f"{place}[{index}]", unit=unit, key=key)
        return
    yield from listed(name, tuple(map(write_value, old)), tuple(map(write_value, new)), place, key=key)


def _of_values(name: str, old: Value | None, new: Value | None, place: str, *, unit: str, key: str) -> Detail:
    before, after = (None if value is None else write_value(value) for value in (old, new))
    behind = f" {unit}" if unit and any(_is_number(value) for value in (old, new)) else ""
    args = {"before": f"{before}{behind if new is None else ''}", "after": f"{after}{behind}"}
    told = "change.from_to" if old is not None and new is not None else "change.given" if old is None else "change.gone"
    if isinstance(old, bool) and isinstance(new, bool):
        told = "change.switched_on" if new else "change.switched_off"
    return Detail(key=key, told=_message(told, name, args), place=place, before=before, after=after)


def _reordered(name: str, place: str, old: tuple[str, ...], new: tuple[str, ...], *, key: str) -> Detail:
    return Detail(
        key="order" if key == "value" else key,
        told=_message("change.reordered", name, {}),
        place=place,
        before=", ".join(old),
        after=", ".join(new),
    )


def _is_number(value: Value | None) -> bool:
    return isinstance(value, (int, Decimal)) and not isinstance(value, bool)


def _less(members: Sequence[str], others: Sequence[str]) -> tuple[str, ...]:
    """Return the members that are not among the others, counted, in their order."""
    left = Counter(others)
    found = []
    for member in members:
        if left[member]:
            left[member] -= 1
        else:
            found.append(member)
    return tuple(found)
