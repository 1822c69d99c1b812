# SPDX-License-Identifier: Apache-2.0
"""Tables, row by row by their key: rows that come, go, end on another day, or say something else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from borderready.model import Force, Grade, Message, Row, Rule, Severity, Table, Value
from borderready.model.change import About, Change, Detail, Lanes, Reach, Turn
from borderready.pack.diff.detail import as_reach, compare, listed, on_day, reworded
from borderready.pack.diff.lanes import SYNONYMS, Pair, force_of_rule, lanes_of, strongest, weaker
from borderready.scope import force_of

Key = tuple[str, ...]
# Columns that a person reads and no check does.
_FOR_PEOPLE = frozenset({"note", "commodity", "definition"})


def changes_of_tables(pair: Pair) -> Iterator[Change]:
    """Yield what became of every row, by the key of its table, and of tables as a whole."""
    for name in sorted(pair.old.tables.keys() | pair.new.tables.keys()):
        old, new = pair.old.tables.get(name), pair.new.tables.get(name)
        table = new or old
        assert table is not None
        if old is None or new is None or old.key != new.key or old.kinds != new.kinds:
            yield _of_whole(pair, table, old, new)
        if old is not None and new is not None and old.title != new.title:
            title = reworded("title", "title", old.title.en, new.title.en)
            yield _change(pair, table, Turn.CHANGED, (title,), ())
        yield from _of_rows(pair, table, old, new)


def _of_whole(pair: Pair, table: Table, old: Table | None, new: Table | None) -> Change:
    """Return that a table came or went, or that its key or columns are others."""
    details: list[Detail] = []
    for given, key in ((old, "change.table_added"), (new, "change.table_removed")):
        if given is None:
            told = Message(key, {"count": str(len(table.rows))})
            details.append(Detail(key="table", told=told, place=f"tables/{table.id}"))
    if old is not None and new is not None:
        details += listed("key", old.key, new.key, "key", key="columns")
        details += compare("columns", dict(old.kinds), dict(new.kinds), "columns", key="columns")
    turn = Turn.ADDED if old is None else Turn.REMOVED if new is None else Turn.CHANGED
    return _change(pair, table, turn, tuple(details), ())


def _of_rows(pair: Pair, table: Table, old: Table | None, new: Table | None) -> Iterator[Change]:
    if old is None or new is None:
        return  # told as a whole
    before, after = rows_by_key(table, old), rows_by_key(table, new)
    for key in sorted(before.keys() | after.keys()):
        was, now = before.get(key, []), after.get(key, [])
        gone, come = _without(was, now), _without(now, was)
        details = tuple(_compare_rows(table, key, gone, come, now))
        if details:
            turn = Turn.ADDED if not was else Turn.REMOVED if not now else Turn.CHANGED
            yield _change(pair, table, turn, details, [*gone, *come], key=key)
    kept = [_content(row) for row in old.rows], [_content(row) for row in new.rows]
    common = set(kept[0]) & set(kept[1])
    if [row for row in kept[0] if row in common] != [row for row in kept[1] if row in common]:
        # Of rows equally narrow the first one answers.
        told = Detail(key="order", told=Message("change.rows_reordered"), place=f"tables/{table.id}")
        yield _change(pair, table, Turn.CHANGED, (told,), ())


def rows_by_key(table: Table, given: Table) -> dict[Key, list[Row]]:
    """Return the rows of a table by what stands in the key columns of the other one."""
    rows: dict[Key, list[Row]] = {}
    for row in given.rows:
        rows.setdefault(tuple(row.cells.get(name, "") for name in table.key), []).append(row)
    return rows


def _content(row: Row) -> tuple[object, ...]:
    return (tuple(row.cells.items()), row.start, row.until, row.source)


def _without(rows: Sequence[Row], others: Sequence[Row]) -> list[Row]:
    """Return the rows that do not stand among the others, wherever in the file they stand."""
    left = Counter(_content(row) for row in others)
    found = []
    for row in rows:
        content = _content(row)
        if left[content]:
            left[content] -= 1
        else:
            found.append(row)
    return found


def _compare_rows(table: Table, key: Key, gone: list[Row], come: list[Row], now: list[Row]) -> Iterator[Detail]:
    """Yield what differs between the rows of one key: those that changed first, then those that came and went."""
    left = list(come)
    ended: list[Row] = []
    for row in gone:
        same = _best(row, left)
        if same is None:
            ended.append(row)
            continue
        left.remove(same)
        yield from _compare_row(table, key, row, same)
    for row in left:
        yield from row_comes(table, key, row, now)
    for row in ended:
        yield _row(table, key, row, "change.row_removed", before=_written(table, row))


def _best(row: Row, others: list[Row]) -> Row | None:
    """Return the row that is this one with something changed: of one start, else of one content with another start."""
    same_start = [other for other in others if other.start == row.start]
    same_cells = [other for other in others if other.cells == row.cells]
    both = [other for other in same_start if other in same_cells]
    return next(iter((*both, *same_start, *same_cells)), None)


def _compare_row(table: Table, key: Key, old: Row, new: Row) -> Iterator[Detail]:
    day = min((row.start for row in (old, new) if row.start is not None), default=None)
    place = _place(table, key, new)
    yield from _compare_cells(table, old, new, place, day)
    if old.start != new.start:
        args = {"before": old.start or "-", "after": new.start or "-"}
        told = Message("change.row_start_moved", args)
        first = None if None in (old.start, new.start) else day
        yield Detail(key="start", told=told, place=place, day=first, before=old.start, after=new.start)
    if old.until != new.until:
        yield _until(old, new, place)
    yield from _compare_source(old, new, place, day)


def _until(old: Row, new: Row, place: str) -> Detail:
    first = min(day for day in (old.until, new.until) if day is not None)
    ends = "closed" if old.until is None else "opened" if new.until is None else "until"
    args = {"before": old.until or "", "after": new.until or ""}
    return Detail(
        key="until",
        told=Message(f"change.row_{ends}", args),
        place=place,
        day=day_after(first),
        before=old.until,
        after=new.until,
    )


def _compare_cells(table: Table, old: Row, new: Row, place: str, day: str | None) -> Iterator[Detail]:
    unit = new.cells.get("unit") or old.cells.get("unit") or ""
    for name in dict.fromkeys((*old.cells, *new.cells)):
        was, now = old.cells.get(name) or None, new.cells.get(name) or None
        if table.kinds.get(name) == "decimal":
            found = compare(name, _number(was), _number(now), f"{place}.{name}", unit=unit, key="cell")
        else:
            found = compare(name, was, now, f"{place}.{name}", key="cell")
        if name in _FOR_PEOPLE:
            found = as_reach(found, Reach.WORDS)
        yield from on_day(found, day)


def _number(cell: str | None) -> Value | None:
    """Return a cell as the number that it writes; `*` and the like stay as they are."""
    try:
        return None if cell is None else Decimal(cell)
    except ArithmeticError:
        return cell


def _compare_force(old: Row, new: Row, place: str, day: str | None) -> Iterator[Detail]:
    forces = _force(old), _force(new)
    if forces[0] is not forces[1]:
        told = Message("change.force", words={"before": f"force.{forces[0]}", "after": f"force.{forces[1]}"})
        yield Detail(key="force", told=told, place=place, day=day, before=str(forces[0]), after=str(forces[1]))


def _compare_source(old: Row, new: Row, place: str, day: str | None) -> Iterator[Detail]:
    yield from _compare_force(old, new, place, day)
    for name in ("instrument", "seen"):
        was, now = str(getattr(old.source, name)), str(getattr(new.source, name))
        yield from on_day(as_reach(compare(name, was, now, f"{place}.{name}", key="source"), Reach.KNOWLEDGE), day)
    witnesses = listed("witnesses", old.source.witnesses, new.source.witnesses, f"{place}.witnesses", key="source")
    yield from on_day(as_reach(witnesses, Reach.KNOWLEDGE), day)
    for name in ("locator", "checked"):
        said, says = getattr(old.source, name) or "", getattr(new.source, name) or ""
        if said != says:
            yield reworded(name, f"{place}.{name}", said, says)


def row_comes(table: Table, key: Key, row: Row, now: Sequence[Row]) -> Iterator[Detail]:
    """Yield that a row comes; where it follows another of its key, what it says differently."""
    before = [other for other in now if other.until is not None and row.start is not None and other.until < row.start]
    if not before:
        yield _row(table, key, row, "change.row_added", after=_written(table, row))
        return
    last = max(before, key=lambda other: other.until or "")
    told = Message("change.row_follows", {"start": row.start or "", "until": last.until or ""})
    yield replace(_row(table, key, row, "change.row_added", after=_written(table, row)), told=told)
    yield from _compare_cells(table, last, row, _place(table, key, row), row.start)
    yield from _compare_force(last, row, _place(table, key, row), row.start)


def _row(table: Table, key: Key, row: Row, told: str, *, before: str | None = None, after: str | None = None) -> Detail:
    words = before if before is not None else after or ""
    args = {"row": words, "days": _days(row)}
    return Detail(
        key="row", told=Message(told, args), place=_place(table, key, row), day=row.start, before=before, after=after
    )


def _written(table: Table, row: Row) -> str:
    """Return what a row says beside its key: `limit 0.05, unit mg/kg`."""
    return ", ".join(f"{name} {cell}" for name, cell in row.cells.items() if cell and name not in table.key)


def _days(row: Row) -> str:
    """Return the days of a row as intervals are written in ISO 8601; open ends are two dots."""
    return f"{row.start or '..'}/{row.until or '..'}"


def _place(table: Table, key: Key, row: Row) -> str:
    return f"tables/{table.id}[{', '.join(key)}][{row.start or ''}]"


def day_after(day: str) -> str:
    """Return the day after a day (ISO text)."""
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat() if day < "9999-12-31" else day


def _force(row: Row) -> Force:
    """Return the most that a row lets a rule weigh."""
    return force_of(Severity.MUST, row.source) if row.source.seen is not Grade.MEMORY else Force.INFORMS


def _change(
    pair: Pair, table: Table, turn: Turn, details: tuple[Detail, ...], rows: Sequence[Row], *, key: Key = ()
) -> Change:
    readers = pair.readers.get(table.id, ())
    if table.id == SYNONYMS:
        force = Force.BLOCKS  # any rule may read the word
    else:
        asked = strongest(force_of_rule(rule) for rule in readers)
        force = weaker(asked, strongest(_force(row) for row in rows)) if rows else asked
    days = [detail.day for detail in details if detail.reach is Reach.ANSWER]
    return Change(
        about=About.TABLE,
        turn=turn,
        id=f"{table.id}: {', '.join(key)}" if key else table.id,
        table=table.id,
        title=table.title,
        lanes=lanes_of_rows(pair, readers, rows),
        rules=tuple(sorted(rule.id for rule in readers)),
        acts=tuple(sorted({rule.acts for rule in readers})),
        day=None if None in days or not days else min(day for day in days if day is not None),
        force=force,
        details=details,
    )


def lanes_of_rows(pair: Pair, readers: Iterable[Rule], rows: Sequence[Row]) -> Lanes:
    """Return the lanes of rows: by their own origin and product, else those of the rules that read them."""
    scopes = [(rule.scope.origins, rule.scope.products) for rule in readers] or [((), ())]
    own = lanes_of(pair, scopes)
    origins, products = _cells(rows, "origin"), _cells(rows, "product")
    return lanes_of(pair, [(origins or own.origins, products or own.products)])


def _cells(rows: Sequence[Row], name: str) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(row.cells.get(name, "*") for row in rows))
    return () if "*" in found else found
