# SPDX-License-Identifier: Apache-2.0
"""What a register says of a code: on which list it stands, since when, for what, and whose it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from borderready.checks.context import Context, Options, judge_hits, shown, text, texts, unknown
from borderready.checks.near import find_near
from borderready.fold import fold, fold_code, fold_firm
from borderready.model import Entry, Event, Listing, Message, Missing, Outcome, Path, Register, Status, Value
from borderready.paths import Hit, find, write_value

MARKET = "CN"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """What codes are asked for: the register, its lists that speak of these goods, and the days that count."""

    context: Context
    register: Register
    origin: str | None
    words: frozenset[str]
    listings: tuple[Listing, ...]
    days: tuple[str, ...]

    @property
    def as_of(self) -> str | None:
        """The day of the oldest list that speaks of the goods, None when one does not say."""
        days = [listing.as_of for listing in self.listings]
        return None if None in days or not days else min(day for day in days if day is not None)

    @property
    def expected(self) -> str:
        """What is asked, for the report."""
        return f"{self.register.name} ({self.as_of or '?'})"


def check_status(context: Context, field: str, options: Options) -> tuple[Outcome, ...]:
    """Judge whether each code is active on each day that counts.

    A day that the manifest does not give leaves it undecided, unless another day already decides against it.
    """
    asked = _asked(context, options)
    if asked is None:
        because = Message("check.listed.no_register", {"register": text(options, "register")})
        return judge_hits(context, field, lambda hit: _outcome(hit, Status.UNKNOWN, because))
    too_old = _why_too_old(asked, options)

    def judge(hit: Hit) -> Outcome:
        if too_old is not None:
            return _outcome(hit, Status.UNKNOWN, too_old)
        return _judge_code(asked, hit)._replace(expected=asked.expected)

    outcomes = judge_hits(context, field, judge)
    undated = [context.undated[Event(name)] for name in texts(options, "also") if Event(name) in context.undated]
    if not outcomes or any(outcome.status is Status.FAIL for outcome in outcomes):
        return outcomes
    return (*outcomes, *(unknown(missing) for missing in undated))


def check_holder(context: Context, field: str, options: Options) -> tuple[Outcome, ...]:
    """Judge whether each code is the exporter's own, or lent to it in writing.

    Whose a code is says the list; where it does not, the manifest itself, in the key `declared` beside the code.
    Without that option a code of which the list names no holder says nothing.
    """
    asked = _asked(context, options)
    exporters, missings = find(text(options, "holder"), context.view)
    declared = text(options, "declared")
    if asked is None and not declared:
        return ()
    hits, no_codes = find(field, context.view)
    outcomes = [unknown(missing) for missing in (*no_codes, *missings)] if declared else []
    for hit in hits:
        holder = _holder_of(asked, write_value(hit.value)) if asked is not None else None
        said = _beside(context, field, hit, declared) if declared else None
        if holder is None and said is not None:
            holder = write_value(said.value)
        elif holder is None and declared:
            outcomes.append(unknown(Missing(parent=hit.path[:-1], steps=declared, is_last=True)))
        place = said if said is not None and holder is not None and _is_firm(said.value, holder) else hit
        if holder is not None:
            outcomes.extend(unknown(missing) for missing in missings if unknown(missing) not in outcomes)
            outcomes.extend(_judge_holder(context, hit, place, holder, exporter) for exporter in exporters)
    return tuple(outcomes)


def _beside(context: Context, field: str, hit: Hit, key: str) -> Hit | None:
    """Return another key of the mapping in which a code stands."""
    members, _ = find(f"{field.rsplit('.', 1)[0]}.{key}", context.view)
    return next((member for member in members if member.path[:-1] == hit.path[:-1]), None)


def _asked(context: Context, options: Options) -> _Asked | None:
    register = context.registers.get(text(options, "register"))
    if register is None:
        return None
    origins, _ = find("shipment.origin", context.view)
    origin = write_value(origins[0].value) if origins else None
    words = frozenset(word for product in context.products for word in context.groups.get(product, (product,)))
    listings = tuple(
        listing
        for listing in register.listings
        if (listing.product is None or not words or listing.product in words)
        and (listing.origin is None or origin is None or listing.origin == origin)
        and listing.market in (None, MARKET)
    )
    also = [context.days[Event(name)] for name in texts(options, "also") if Event(name) in context.days]
    days = tuple(dict.fromkeys((context.day, *also)))
    return _Asked(context=context, register=register, origin=origin, words=words, listings=listings, days=days)


def _why_too_old(asked: _Asked, options: Options) -> Message | None:
    """Return why a list is too old to speak for a day, where the rule sets an age; a list without a date may be."""
    most = options.get("max_age_days")
    if not isinstance(most, int) or not asked.listings:
        return None
    name, as_of, day = asked.register.name, asked.as_of, max(asked.days)
    if as_of is None:
        return Message("check.listed.undated", {"register": name})
    age = (date.fromisoformat(day) - date.fromisoformat(as_of)).days
    if age <= most:
        return None
    args = {"register": name, "as_of": as_of, "age": str(age), "day": day, "most": str(most)}
    return Message("check.listed.too_old", args)


def _judge_code(asked: _Asked, hit: Hit) -> Outcome:
    code = write_value(hit.value)
    entries = _entries(asked.register, code)
    fitting = _fitting(asked, entries)
    if not fitting and not asked.listings:
        return _outcome(hit, Status.UNKNOWN, _why_no_list(asked, entries), _fix("no_list"))
    if not entries:
        return _absent(asked, hit, code)
    if not fitting:
        return _for_others(asked, hit, entries)
    worst = _outcome(hit, Status.PASS)
    for day in asked.days:
        found = _on_day(hit, fitting, day)
        if found.status is Status.FAIL:
            return found
        worst = found if found.status is Status.UNKNOWN else worst
    return worst


def _entries(register: Register, code: str) -> tuple[Entry, ...]:
    """Return the entries of a code, or of a name where the manifest gives the name on the list instead."""
    return register.entries.get(fold_code(code), ()) or register.names.get(fold(code), ())


def _fitting(asked: _Asked, entries: Iterable[Entry]) -> tuple[Entry, ...]:
    return tuple(
        entry
        for entry in entries
        if (entry.product is None or not asked.words or entry.product in asked.words)
        and (entry.origin is None or asked.origin is None or entry.origin == asked.origin)
        and entry.market in (None, MARKET)
    )


def _why_no_list(asked: _Asked, entries: Sequence[Entry]) -> Message:
    args = {
        "register": asked.register.name,
        "products": shown(asked.context.products) or "?",
        "origin": asked.origin or "?",
        "others": shown(sorted({entry.product or "*" for entry in entries})),
    }
    return Message("check.listed.no_list_but" if entries else "check.listed.no_list", args)


def _absent(asked: _Asked, hit: Hit, code: str) -> Outcome:
    registers, name = asked.context.registers, asked.register.name
    for other in sorted(registers):
        if other != name and fold_code(code) in registers[other].entries:
            args = {"register": name, "other": other}
            return _outcome(hit, Status.FAIL, Message("check.listed.wrong_list", args), _fix("wrong_list"))
    near = find_near(fold_code(code), asked.register.sorted_codes())
    if near is not None:
        written = min(entry.code for entry in asked.register.entries[near])
        because = Message("check.listed.absent_near", {"register": name, "near": written})
        return _outcome(hit, Status.FAIL, because, _fix("absent_near", near=written))
    return _outcome(hit, Status.FAIL, Message("check.listed.absent", {"register": name}), _goods_fix(hit, "absent"))


def _for_others(asked: _Asked, hit: Hit, entries: Sequence[Entry]) -> Outcome:
    """Say for which product, origin or market a code is listed, the reason that the reader sees first."""
    here = [entry for entry in entries if entry.market in (None, MARKET)]
    if not here:
        markets = shown(sorted({entry.market or "" for entry in entries}))
        because = Message("check.listed.other_market", {"markets": markets})
        return _outcome(hit, Status.FAIL, because, _fix("other_market"))
    near = [entry for entry in here if entry.origin is None or asked.origin is None or entry.origin == asked.origin]
    if not near:
        origins = shown(sorted({entry.origin or "" for entry in here}))
        because = Message("check.listed.other_origin", {"origins": origins})
        return _outcome(hit, Status.FAIL, because, _fix("other_origin"))
    products = shown(sorted({entry.product or "" for entry in near}))
    because = Message("check.listed.other_product", {"products": products})
    return _outcome(hit, Status.FAIL, because, _fix("other_product", products=products))


def _on_day(hit: Hit, entries: Sequence[Entry], day: str) -> Outcome:
    """Say what entries tell of a day; a suspension that covers it outweighs an active entry."""
    covering = [e for e in entries if (e.start is None or e.start <= day) and (e.until is None or day <= e.until)]
    active = [entry for entry in entries if entry.status == "active"]
    later = min((entry.start for entry in active if entry.start and entry.start > day), default=None)
    earlier = max((entry.until for entry in active if entry.until and entry.until < day), default=None)
    stopped = [entry for entry in covering if entry.status in ("suspended", "delisted")]
    if stopped:
        entry = min(stopped, key=lambda stop: (stop.status != "suspended", stop.start or "", stop.until or ""))
        if entry.status == "delisted" and later is not None:
            return _relisted(hit, day, earlier or _day_before(entry.start), later)
        return _stopped(hit, entry, day)
    if any(entry.status == "active" for entry in covering):
        return _outcome(hit, Status.PASS)
    if covering:
        since = covering[0].until
        key = "unseen_before" if earlier is None else "unseen"
        args = {"day": day, "after": since or "?", "until": earlier or "?"}
        return _outcome(hit, Status.UNKNOWN, Message(f"check.listed.{key}", args), _fix("unseen", day=day))
    if later is not None and earlier is not None:
        return _relisted(hit, day, earlier, later)
    if later is not None:
        because = Message("check.listed.not_yet", {"day": day, "start": later})
        return _outcome(hit, Status.FAIL, because, _goods_fix(hit, "not_yet", start=later))
    because = Message("check.listed.dropped", {"day": day, "until": earlier or "?"})
    return _outcome(hit, Status.FAIL, because, _goods_fix(hit, "dropped"))


def _relisted(hit: Hit, day: str, until: str | None, start: str) -> Outcome:
    because = Message("check.listed.relisted", {"day": day, "until": until or "?", "start": start})
    return _outcome(hit, Status.FAIL, because, _goods_fix(hit, "relisted", start=start))


def _stopped(hit: Hit, entry: Entry, day: str) -> Outcome:
    key = "stopped_until" if entry.until else "stopped"
    args = {"since": entry.start or "?", "until": entry.until or "", "day": day}
    because = Message(f"check.listed.{key}", args, {"status": f"register.status.{entry.status}"})
    return _outcome(hit, Status.FAIL, because, _goods_fix(hit, f"{key}_{entry.status}", until=entry.until or ""))


def _day_before(day: str | None) -> str | None:
    return (date.fromisoformat(day) - timedelta(days=1)).isoformat() if day is not None else None


def _holder_of(asked: _Asked, code: str) -> str | None:
    """Return who holds a code by the list, None where it does not say."""
    holders = [entry.holder for entry in _fitting(asked, _entries(asked.register, code)) if entry.holder is not None]
    return holders[-1] if holders else None


def _judge_holder(context: Context, code_at: Hit, place: Hit, holder: str, exporter: Hit) -> Outcome:
    """Judge one code; `place` is where its holder stands, the code itself where the list names it."""
    code, name = write_value(code_at.value), write_value(exporter.value)
    is_listed = place is code_at
    expected = holder if is_listed else name
    if fold_firm(holder) == fold_firm(name):
        return _outcome(place, Status.PASS)._replace(expected=expected, related=(exporter.path,))
    paper, silent = _authorisation(context, code, name)
    if paper is not None:
        return _outcome(place, Status.PASS)._replace(expected=expected, related=(exporter.path, paper))
    if silent is not None:
        return unknown(Missing(parent=silent, steps="codes", is_last=True))
    because = Message(
        "check.listed.not_holder" if is_listed else "check.listed.not_holder_declared",
        {"code": code, "holder": holder, "exporter": name},
    )
    outcome = _outcome(place, Status.FAIL, because, _fix("not_holder", holder=holder))
    return outcome._replace(expected=expected, related=(exporter.path,))


def _authorisation(context: Context, code: str, exporter: str) -> tuple[Path | None, Path | None]:
    """Return the paper by which a code may be used by an exporter, and one that does not say which codes it lends."""
    papers, _ = find("documents[type=code-authorisation]", context.view)
    silent: Path | None = None
    for paper in papers:
        if not isinstance(paper.value, Mapping):
            continue
        codes, beneficiary = paper.value.get("codes"), paper.value.get("beneficiary")
        if beneficiary is not None and not _is_firm(beneficiary, exporter):
            continue
        if not isinstance(codes, tuple):
            silent = silent or paper.path
        elif fold_code(code) in {fold_code(write_value(member)) for member in codes}:
            return paper.path, None
    return None, silent


def _is_firm(value: Value, name: str) -> bool:
    return fold_firm(write_value(value)) == fold_firm(name)


def _goods_fix(hit: Hit, reason: str, **args: str) -> Message | None:
    """Return a remedy that speaks of goods; where a paper names the code (a laboratory), the rule's own one serves."""
    return None if hit.path[:1] == ("documents",) else _fix(reason, **args)


def _fix(reason: str, **args: str) -> Message:
    return Message(f"check.listed.fix.{reason}", args)


def _outcome(hit: Hit, status: Status, because: Message | None = None, fix: Message | None = None) -> Outcome:
    return Outcome(status=status, path=hit.path, found=write_value(hit.value), because=because, fix=fix)
