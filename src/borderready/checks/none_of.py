# SPDX-License-Identifier: Apache-2.0
"""`none_of`: a forbidden value does not occur. With `values: [straw]` padding of foam-net passes, straw fails.

A find named by its genus alone (`Bactrocera sp.`) may be the species that is forbidden: it is unknown, never a pass.
"""

from __future__ import annotations

from borderready.checks.context import Context, Options, failed, passed, shown, text, texts, unknown
from borderready.checks.one_of import AS, VALUES, is_among, reader_of
from borderready.fold import fold_scientific
from borderready.model import Message, Missing, Outcome, Status
from borderready.paths import Hit, find, parse_path, write_steps, write_value

KIND = "none_of"
OPTIONS = {
    "type": "object",
    "additionalProperties": False,
    "required": ["values"],
    "properties": {"values": VALUES, "as": AS},
}


def check(context: Context, field: str, options: Options) -> tuple[Outcome, ...]:
    """Judge each value found. A list that is given and empty passes: nothing was found."""
    values, kind = texts(options, "values"), text(options, "as", "text")
    read = reader_of(context, field)
    hits, missings = find(field, context.view)
    outcomes: list[Outcome] = []
    known = values if read is None else tuple(map(read, values))
    for hit in hits:
        found = write_value(hit.value)
        outcomes.append(_judge(hit, found if read is None else read(found), known, kind))
    for missing in missings:
        empty = _empty_list(context, field, missing)
        outcomes.append(passed(empty) if empty is not None else unknown(missing))
    return tuple(outcomes)


def _judge(hit: Hit, found: str, values: tuple[str, ...], kind: str) -> Outcome:
    if is_among(found, values, kind):
        return failed(hit, because=_because(values))
    genera = {fold_scientific(value).split(" ")[0] for value in values} if kind == "scientific-name" else set()
    if fold_scientific(found) in genera:  # a genus alone
        because = Message("check.none_of.genus", {"values": shown(values)})
        return Outcome(status=Status.UNKNOWN, path=hit.path, found=write_value(hit.value), because=because)
    return passed(hit)


def _empty_list(context: Context, field: str, missing: Missing) -> Hit | None:
    """Return the list that stands at the missing's place, if what is missing is only a member of it."""
    if missing.steps != "[*]":
        return None
    steps = parse_path(field)
    hits, _ = find(write_steps(steps[:-1]), context.view)
    return next((hit for hit in hits if hit.path == missing.parent and hit.value == ()), None)


def _because(values: tuple[str, ...]) -> Message:
    return Message("check.none_of.fail", {"values": shown(values)})


def say(options: Options) -> Message:
    """Return what is asked, in words."""
    return Message("check.none_of.say", {"values": ", ".join(texts(options, "values"))})
