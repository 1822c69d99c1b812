# SPDX-License-Identifier: Apache-2.0
"""What of a pack starts or ends within some days: wordings, rows of tables, notices."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from borderready.coverage import ACCESS_TABLE
from borderready.model import Message, Notice, Row, Rule, RuleBase, Table
from borderready.model.calendar import Comes, Coming
from borderready.model.change import Detail
from borderready.pack.diff.lanes import Pair, lanes_of, make_pair
from borderready.pack.diff.tables import Key, day_after, lanes_of_rows, row_comes, rows_by_key
from borderready.pack.diff.wordings import starts_of

_ORDER = tuple(Comes)


def find_coming(rule_base: RuleBase, *, first: str, last: str) -> tuple[Coming, ...]:
    """Return what starts or ends from one day to another (both inclusive, ISO text), by day.

    A row that another of its key follows the day after does not end: the other one starts. Rows of one table that start
    or end on one day are one event, but those of market access, which are told one by one.
    """
    pair = make_pair(rule_base, rule_base)
    found = [
        *(one for rule in rule_base.rules for one in _of_rule(pair, rule, first, last)),
        *(one for table in rule_base.tables.values() for one in _of_table(pair, table, first, last)),
        *(one for notice in rule_base.notices for one in _of_notice(pair, notice, first, last)),
    ]
    return tuple(sorted(found, key=lambda one: (one.day, _ORDER.index(one.comes), one.id)))


def concerns(coming: Coming, *, origin: str | None, words: set[str] | None) -> bool:
    """Tell whether an event concerns an origin and a product, given as the product and its groups; None takes any."""
    lanes = coming.lanes
    return (origin is None or not lanes.origins or origin in lanes.origins) and (
        words is None or not lanes.products or bool(words & {*lanes.products, *lanes.goods})
    )


def _of_rule(pair: Pair, rule: Rule, first: str, last: str) -> Iterator[Coming]:
    for index, wording in enumerate(rule.wordings):
        if first <= wording.start <= last:
            yield Coming(
                comes=Comes.REPEALED if wording.repealed else Comes.WORDING_STARTS,
                day=wording.start,
                id=rule.id,
                key=f"{rule.id}#{len(rule.wordings) - index}",  # counted from the oldest, which stays
                title=rule.title,
                lanes=lanes_of(pair, [(rule.scope.origins, rule.scope.products)]),
                rules=(rule.id,),
                acts=(rule.acts,),
                details=tuple(starts_of(rule, wording)),
            )


def _of_table(pair: Pair, table: Table, first: str, last: str) -> Iterator[Coming]:
    events: dict[tuple[Comes, str, Key], list[tuple[Row, tuple[Detail, ...]]]] = {}
    for key, rows in rows_by_key(table, table).items():
        own = key if table.id == ACCESS_TABLE else ()
        starts = {row.start for row in rows}
        for row in rows:
            if row.start is not None and first <= row.start <= last:
                told = tuple(row_comes(table, key, row, rows))
                events.setdefault((Comes.ROW_STARTS, row.start, own), []).append((row, _of_key(key, own, told)))
            if row.until is not None and first <= row.until <= last and day_after(row.until) not in starts:
                ends = Detail(key="until", told=Message("change.row_closed", {"after": row.until}), place=table.id)
                events.setdefault((Comes.ROW_ENDS, row.until, own), []).append((row, _of_key(key, own, (ends,))))
    for (comes, day, own), found in events.items():
        yield _of_rows(pair, table, comes, day, own, found)


def _of_key(key: Key, own: Key, details: tuple[Detail, ...]) -> tuple[Detail, ...]:
    """Return details that name the key of their row, where the event does not."""
    return details if own else tuple(replace(detail, row=", ".join(key)) for detail in details)


def _of_rows(
    pair: Pair, table: Table, comes: Comes, day: str, key: Key, found: Sequence[tuple[Row, tuple[Detail, ...]]]
) -> Coming:
    readers = pair.readers.get(table.id, ())
    name = f"{table.id}: {', '.join(key)}" if key else table.id
    return Coming(
        comes=comes,
        day=day,
        id=name,
        key=f"{name}#{comes}#{day}",
        title=table.title,
        lanes=lanes_of_rows(pair, readers, [row for row, _ in found]),
        rows=len(found),
        rules=tuple(sorted(rule.id for rule in readers)),
        acts=tuple(sorted({rule.acts for rule in readers})),
        details=tuple(detail for _, details in found for detail in details),
    )


def _of_notice(pair: Pair, notice: Notice, first: str, last: str) -> Iterator[Coming]:
    days = ((Comes.NOTICE_STARTS, notice.start), (Comes.NOTICE_ENDS, notice.until))
    for comes, day in days:
        if day is not None and first <= day <= last:
            yield Coming(
                comes=comes,
                day=day,
                id=notice.id,
                key=f"{notice.id}#{comes}",
                title=notice.title,
                lanes=lanes_of(pair, [(notice.origins, notice.products)]),
            )
