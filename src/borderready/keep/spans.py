# SPDX-License-Identifier: Apache-2.0
"""What dated copies of a list, and the user's own acts, say of one code: days of one status after another.

A copy of a list speaks for its own day. Between two copies nothing is known of a code that came or went: those days
are `unseen`, never taken for one or the other. Days are text as `2026-11-01`, both ends inclusive.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from borderready.model import Listed

STANDING = ("active", "suspended")  # the code stands on the list


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The status of a code between two days.

    Attributes:
        status: `active`, `suspended`, `delisted` or `unseen`.
        start: First day, None for since ever.
        until: Last day, None for until further notice.
        evidence: Id of the import that says so; 0 for the one at hand, None for an act of the user's own.
        note: Source of an act of the user's own.
    """

    status: str
    start: str | None
    until: str | None
    code: str
    evidence: int | None = 0
    name: str | None = None
    holder: str | None = None
    address: str | None = None
    area_ha: Decimal | None = None
    note: str | None = None

    def covers(self, day: str) -> bool:
        """Tell whether a day lies in the span."""
        return (self.start is None or self.start <= day) and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What the user knows of a code beside any copy of its list.

    Attributes:
        what: `suspend`, `delist` or `resume`.
        start: First day.
        until: Last day of a suspension, None for until further notice.
        source: Who said so.
    """

    what: str
    code: str
    start: str
    until: str | None
    source: str


def take_copy(
    before: Sequence[Span], rows: Sequence[Listed], *, as_of: str, last: str | None, since: str | None
) -> tuple[Span, ...]:
    """Return the spans of a code after a copy of its list.

    Args:
        before: Its spans by earlier copies, in the order of their days.
        rows: What the copy says of the code; none where the code is not on it.
        as_of: The day of the copy.
        last: The day of the copy before it, None for the first.
        since: The day since when codes without a day of their own are known to stand on the list.
    """
    if not rows:
        return _drop(before, as_of=as_of, last=last)
    spans = tuple(before)
    dated = sorted((row for row in rows if row.start is not None), key=lambda row: row.start or "")
    if dated:
        spans = _take_dated(spans, dated)
    for row in rows:
        if row.start is None:
            take = _take_active if row.status == "active" else _take_stopped
            spans = take(spans, row, as_of, last, since)
    return spans


def _drop(before: Sequence[Span], *, as_of: str, last: str | None) -> tuple[Span, ...]:
    standing = [span for span in before if span.status in STANDING and (span.until is None or span.until >= as_of)]
    if not standing or last is None:
        return tuple(before)
    gone = replace(standing[-1], status="delisted", start=as_of, until=None, evidence=0)
    return (*_cut(before, day_after(last), None), *_unseen(gone, day_after(last), day_before(as_of)), gone)


def _take_dated(before: Sequence[Span], rows: Sequence[Listed]) -> tuple[Span, ...]:
    """Put rows with days of their own in the place of whatever was thought of those days."""
    first, end = rows[0], rows[-1]
    spans = tuple(span for span in before if span.start is not None or span.status != "unseen")
    for row in rows:
        spans = (*_cut(spans, row.start, row.until), _span(row, row.start, row.until))
    if end.until is not None:
        spans = _cut(spans, day_after(end.until), None)
        if end.status == "suspended":
            spans = (*spans, *_unseen(end, day_after(end.until), None))
    if first.status != "active" and not any(span.start is None or span.start < (first.start or "") for span in spans):
        spans = (*spans, *_unseen(first, None, day_before(first.start or "")))
    return _sorted(spans)


def _take_active(
    before: Sequence[Span], row: Listed, as_of: str, last: str | None, since: str | None
) -> tuple[Span, ...]:
    standing = [span for span in before if span.status == "active" and span.covers(as_of)]
    if standing:
        return _go_on(before, standing[-1], row, as_of)
    if last is None:
        start = min(since or as_of, as_of)
        lead = _unseen(row, None, day_before(start))
    else:
        start = min(max(since or as_of, day_after(last)), as_of)
        lead = _unseen(row, day_after(last), day_before(start))
    first = None if last is None else day_after(last)
    if row.until is not None and row.until < start:  # it ended before anything is known of it
        end = max(day_after(row.until), first or "")
        over = replace(_span(row, end, None), status="delisted")
        return (*_cut(before, first, None), *_unseen(row, first, row.until), over)
    return _sorted((*_cut(before, first, None), *lead, _span(row, start, row.until)))


def _take_stopped(
    before: Sequence[Span], row: Listed, as_of: str, last: str | None, _since: str | None
) -> tuple[Span, ...]:
    stopped = [span for span in before if span.status == row.status and span.covers(as_of)]
    if stopped:
        return _go_on(before, stopped[-1], row, as_of)
    first = None if last is None else day_after(last)
    until = row.until if row.until is None or row.until >= as_of else None
    spans = (*_cut(before, first, None), *_unseen(row, first, day_before(as_of)), _span(row, as_of, until))
    if until is not None:
        spans = (*spans, *_unseen(row, day_after(until), None))
    return _sorted(spans)


def _go_on(before: Sequence[Span], span: Span, row: Listed, as_of: str) -> tuple[Span, ...]:
    """Let a span go on; where the copy tells other facts of the code, they hold from its day on.

    What a copy leaves out, as a list without holders does, it does not deny.
    """
    told = replace(
        span,
        until=row.until,
        name=row.name or span.name,
        holder=row.holder or span.holder,
        address=row.address or span.address,
        area_ha=span.area_ha if row.area_ha is None else row.area_ha,
    )
    if told == span:
        return tuple(before)
    if told == replace(span, until=row.until) or span.start == as_of:
        over = row.until is not None and span.start is not None and row.until < span.start
        others = [other for other in before if other is not span]
        return tuple(others) if over else _sorted((*_cut(others, told.start, told.until), told))
    return _sorted((*_cut(before, as_of, None), replace(told, start=as_of, evidence=0)))


def apply_acts(spans: Sequence[Span], acts: Iterable[Act]) -> tuple[Span, ...]:
    """Return what holds of a code when the user's own acts are put on top of what copies of the list say.

    An act of stopping stands until it is taken back by `resume`, which also ends a suspension by the list that began
    before its day; one that a later copy shows begins later and stands.
    """
    own: tuple[Span, ...] = ()
    listed = tuple(spans)
    for act in acts:
        if act.what == "resume":
            own = _cut(own, act.start, None)
            listed = _resume(listed, act)
        else:
            status = "suspended" if act.what == "suspend" else "delisted"
            stop = Span(status=status, start=act.start, until=act.until, code=act.code, evidence=None, note=act.source)
            own = (*_cut(own, act.start, act.until), stop)
    for stop in own:
        covering = [span for span in listed if span.covers(stop.start or "")]
        known = next(reversed(covering), listed[0] if listed else None)
        listed = _cut(listed, stop.start, stop.until)
        facts = stop if known is None else replace(stop, name=known.name, holder=known.holder, area_ha=known.area_ha)
        listed = (*listed, facts)
    return _sorted(listed)


def _resume(spans: Sequence[Span], act: Act) -> tuple[Span, ...]:
    kept: list[Span] = []
    for span in spans:
        if span.status == "suspended" and span.covers(act.start) and span.start != act.start:
            kept.append(replace(span, until=day_before(act.start)))
            kept.append(replace(span, status="active", start=act.start, evidence=None, note=act.source))
        elif span.status == "suspended" and span.start == act.start:
            kept.append(replace(span, status="active", evidence=None, note=act.source))
        else:
            kept.append(span)
    return tuple(kept)


def status_on(spans: Iterable[Span], day: str) -> str | None:
    """Return the status of a code on a day, None where it is not listed."""
    return next((span.status for span in spans if span.covers(day)), None)


def day_after(day: str) -> str:
    """Return the next day; the last day there is stays."""
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat() if day < "9999-12-31" else day


def day_before(day: str) -> str:
    """Return the day before; the first day there is stays."""
    return (date.fromisoformat(day) - timedelta(days=1)).isoformat() if day > "0001-01-01" else day


def _span(row: Listed, start: str | None, until: str | None) -> Span:
    return Span(
        status=row.status,
        start=start,
        until=until,
        code=row.code,
        name=row.name,
        holder=row.holder,
        address=row.address,
        area_ha=row.area_ha,
    )


def _unseen(like: Span | Listed, start: str | None, until: str | None) -> tuple[Span, ...]:
    """Return the span of days for which no copy speaks, none where it would have no day."""
    if start is not None and until is not None and start > until:
        return ()
    return (Span(status="unseen", start=start, until=until, code=like.code, name=like.name),)


def _cut(spans: Iterable[Span], start: str | None, until: str | None) -> tuple[Span, ...]:
    """Return spans without the days between two, both included; a span around them becomes two."""
    kept: list[Span] = []
    for span in spans:
        if (until is not None and span.start is not None and span.start > until) or (
            start is not None and span.until is not None and span.until < start
        ):
            kept.append(span)
            continue
        if start is not None and (span.start is None or span.start < start):
            kept.append(replace(span, until=day_before(start)))
        if until is not None and (span.until is None or span.until > until):
            kept.append(replace(span, start=day_after(until)))
    return tuple(kept)


def _sorted(spans: Iterable[Span]) -> tuple[Span, ...]:
    return tuple(sorted(spans, key=lambda span: (span.start or "", span.until or "9999-12-31")))
