# SPDX-License-Identifier: Apache-2.0
"""`noticed`: no notice of a closure or a suspension covers the day, for these goods.

With `{by: gate, table: gates}` on `shipment.route.entry`, a truck that reaches a gate on a day on which a notice says
that it is closed fails, and passes on the day after the last; where the gate is open to some only, a person must look.
`by: code` asks for the code of a plant or an orchard, `by: product` for the goods wherever they cross. A pass says no
more than that no notice is known. Each notice is told by one kind of question: that of its codes, else that of its
gates, else that of its products; what else it names narrows it. With `unless_at: shipment.route.entry` a notice that
names the gate there, too, is left to the rule that asks for that gate.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from borderready.checks.context import Context, Options, shown, text, texts, unknown
from borderready.checks.look_up import cells_of
from borderready.checks.near import find_near
from borderready.fold import fold_code
from borderready.model import Event, Force, Message, Missing, Notice, Outcome, Status
from borderready.paths import Hit, find, write_value

KIND = "noticed"
OPTIONS = {
    "type": "object",
    "additionalProperties": False,
    "required": ["by"],
    "properties": {
        "by": {"type": "string", "enum": ["gate", "code", "product"]},
        "table": {"type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$"},
        "unless_at": {"type": "string", "minLength": 1},
        "also": {"type": "array", "minItems": 1, "items": {"type": "string", "enum": [str(event) for event in Event]}},
    },
}
_GATES = ("shipment.route.entry", "shipment.route.exit")
_ORIGINS = ("shipment.origin", "lots[*].origin")


def check(context: Context, field: str, options: Options) -> tuple[Outcome, ...]:
    """Judge each gate, code or product by the notices that cover the day of the basis and of each event in `also`.

    A day that the manifest does not give leaves it undecided, unless another day already decides against it.
    """
    also = _events(texts(options, "also"))
    days = tuple(dict.fromkeys((context.day, *(context.days[event] for event in also if event in context.days))))
    hits, missings = find(field, context.view)
    outcomes = [outcome for hit in hits for outcome in _judge(context, hit, days, options)]
    outcomes += [unknown(missing) for missing in missings]
    if not outcomes or any(outcome.status is Status.FAIL for outcome in outcomes):
        return tuple(outcomes)
    undated = [context.undated[event] for event in also if event in context.undated]
    return (*outcomes, *(unknown(missing) for missing in undated))


@lru_cache(maxsize=256)
def _events(names: tuple[str, ...]) -> tuple[Event, ...]:
    return tuple(map(Event, names))


def _judge(context: Context, hit: Hit, days: tuple[str, ...], options: Options) -> Iterator[Outcome]:
    """Yield what each notice that covers a day says of a gate, a code or a product, else one pass."""
    word, by = write_value(hit.value), text(options, "by")
    strange = _why_strange(context, word, text(options, "table"))
    if strange is not None:
        yield strange._replace(path=hit.path, found=word)
        return
    told = _told_elsewhere(context, options)
    is_free = True
    for notice, day in _covering_of(context, days):
        if not _names(notice, by, word, context):
            continue
        concerns = _concerns(notice, context, by)
        is_free = is_free and concerns is False
        if isinstance(concerns, Missing):
            yield unknown(concerns)
        elif concerns and told.isdisjoint(notice.gates):
            yield _told(notice, hit, day, by)
    if is_free:
        because = Message("check.noticed.none", {"days": shown(days)})
        yield Outcome(status=Status.PASS, path=hit.path, found=word, because=because)


def _covering_of(context: Context, days: tuple[str, ...]) -> list[tuple[Notice, str]]:
    if context.covering is None:
        return _covering(context.notices, days)
    if days not in context.covering:
        context.covering[days] = _covering(context.notices, days)
    return context.covering[days]


def _covering(notices: tuple[Notice, ...], days: tuple[str, ...]) -> list[tuple[Notice, str]]:
    """Return the notices that cover a day, in the order of their days, each with the first day that it covers."""
    first, last = min(days), max(days)
    near = [n for n in notices if n.start <= last and (n.until is None or n.until >= first)]
    covering = []
    for notice in near:
        day = next((day for day in days if notice.start <= day and (notice.until is None or day <= notice.until)), None)
        if day is not None:
            covering.append((notice, day))
    return sorted(covering, key=lambda found: (found[0].start, found[0].id))


def _told_elsewhere(context: Context, options: Options) -> frozenset[str]:
    """Return the gate that another rule asks for."""
    path = text(options, "unless_at")
    return frozenset(write_value(hit.value) for hit in find(path, context.view)[0]) if path else frozenset()


def _why_strange(context: Context, word: str, table: str) -> Outcome | None:
    """Return why nothing can be said of a gate that the table does not know: no notice can name it.

    It only warns, mistyped or not: the table does not hold every port of China, and Yantai is no slip for Yantian.
    """
    if not table or word in cells_of(context.tables[table], "gate"):
        return None
    args = {"gate": word, "table": table}
    near = find_near(word, sorted(cells_of(context.tables[table], "gate")))
    because = Message("check.noticed.no_gate", args)
    if near is not None:
        because = Message("check.noticed.no_gate_near", {**args, "near": near})
    return Outcome(status=Status.UNKNOWN, because=because, at_most=Force.WARNS)


def _names(notice: Notice, by: str, word: str, context: Context) -> bool:
    """Tell whether a notice is about a word, and to be told by this kind of question."""
    if by == "code":
        return fold_code(word) in notice.codes
    if by == "gate":
        return not notice.codes and word in notice.gates
    return (
        not notice.codes and not notice.gates and not set(context.groups.get(word, (word,))).isdisjoint(notice.products)
    )


def _concerns(notice: Notice, context: Context, by: str) -> bool | Missing:
    """Tell whether the origin, the goods and the gate are those of a notice, or which field would tell."""
    if notice.products:
        words = {word for product in context.products for word in context.groups.get(product, (product,))}
        if words.isdisjoint(notice.products):
            return False
    asked = [(notice.origins, _ORIGINS)] if notice.origins else []
    if notice.gates and by == "code":
        asked.append((notice.gates, _GATES))
    for accepted, paths in asked:
        found = {write_value(hit.value) for path in paths for hit in find(path, context.view)[0]}
        if not found:
            return find(paths[0], context.view)[1][0]
        if found.isdisjoint(accepted):
            return False
    return True


def _told(notice: Notice, hit: Hit, day: str, by: str) -> Outcome:
    """Return what a notice means for a place on a day: a fail, or a look where the way is open to some only."""
    end = "open" if notice.until is None else "until"
    args = {"day": day, "start": notice.start, "until": notice.until or ""}
    kind = {"kind": f"notice.kind.{notice.kind}"}
    outcome = Outcome(
        status=Status.FAIL,
        path=hit.path,
        found=write_value(hit.value),
        because=Message(f"check.noticed.{end}", args, kind, {"title": notice.title}),
        fix=Message(f"check.noticed.fix.{'gate' if by == 'gate' else 'goods'}_{end}", {"until": notice.until or ""}),
        source=notice.source,
    )
    if notice.kind == "restricted":
        outcome = outcome._replace(status=Status.MANUAL, fix=Message("check.noticed.fix.restricted"))
    if notice.fix is not None:
        outcome = outcome._replace(fix=Message("check.noticed.fix.own", texts={"fix": notice.fix}))
    return outcome


def say(options: Options) -> Message:
    """Return what is asked, in words."""
    return Message("check.noticed.say", {}, {"what": f"check.noticed.what.{text(options, 'by')}"})
