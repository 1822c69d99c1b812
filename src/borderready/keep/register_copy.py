# SPDX-License-Identifier: Apache-2.0
"""Takes a copy of a list into the store, and tells what changed against the copy before it."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from borderready.errors import UsageError
from borderready.fold import fold_code
from borderready.keep.registers import (
    Copy,
    Kept,
    Key,
    count_anew,
    find_acts,
    find_copies,
    find_lists,
    find_statuses,
    insert_spans,
    read_spans,
)
from borderready.keep.spans import Act, Span, apply_acts, day_before, status_on, take_copy
from borderready.model import Listed, Message

# A list that loses more than this share of its active codes was more likely cut off than shortened.
MOST_LOST_PERCENT = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """A copy of a list as the user brings it.

    Attributes:
        rows: At least one, and none that contradict each other.
        since: The day since when codes without a day of their own are known to stand on the list.
        asked: How the file was asked to be read.
    """

    key: Key
    rows: Sequence[Listed]
    as_of: str
    since: str | None
    source: str
    file: str
    sha256: str
    asked: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What differs between two states of a list; codes as written, in order.

    Attributes:
        before: How many codes were active.
        after: How many are.
        resumed: Codes that were suspended and are active.
    """

    before: int
    after: int
    added: tuple[str, ...]
    dropped: tuple[str, ...]
    suspended: tuple[str, ...]
    resumed: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What became of a copy.

    Attributes:
        how: `imported`, `replaced` (the copy of the same day), or `same` (nothing to do).
        last: The day of the copy before it, None for the first.
        changes: Against that copy; None where there was nothing to do.
        overruled: Codes that are active on the copy, and that the user's own acts stop all the same.
    """

    key: Key
    how: str
    as_of: str
    last: str | None
    rows: int
    codes: int
    changes: Changes | None
    overruled: tuple[str, ...]


def take_into(connection: sqlite3.Connection, brought: Brought, *, force: bool) -> Taken:
    """Take a copy of a list into the store.

    Args:
        connection: One that open_to_write gave; the caller lets it end.
        brought: The copy.
        force: Accept a list that lost many codes, and put a copy in the place of another of the same day.

    Raises UsageError for a copy that is older than the last, of the same day with other content, or that lost more than
    MOST_LOST_PERCENT of its active codes.
    """
    kept = next((one for one in find_lists(connection) if one.key == brought.key), None)
    how = "imported"
    if kept is not None and brought.as_of <= kept.copy.as_of:
        if _is_same(kept.copy, brought):
            return _nothing_to_do(kept)
        _refuse_older(kept, brought, force=force)
        _take_back(connection, kept)
        how = "replaced"
    list_id = kept.id if kept is not None else _add_list(connection, brought.key)
    last = next(reversed(find_copies(connection, list_id)), None)
    before = _statuses(connection, list_id, last)
    acts = {folded: made for (_, folded), made in find_acts(connection, list_id).items()}
    rows: dict[str, list[Listed]] = {}
    for row in brought.rows:
        rows.setdefault(fold_code(row.code), []).append(row)
    copy = _add_copy(connection, list_id, brought)
    _replace_spans(connection, list_id, copy, rows, brought, last, acts)
    after = find_statuses(connection, list_id, brought.as_of, after_copy=copy)
    changes = compare(before, after)
    _refuse_shrunk(brought.key, changes, force=force)
    count_anew(connection, list_id)
    return Taken(
        key=brought.key,
        how=how,
        as_of=brought.as_of,
        last=None if last is None else last.as_of,
        rows=len(brought.rows),
        codes=len(rows),
        changes=changes,
        overruled=_overruled(connection, list_id, after, acts, brought.as_of),
    )


def compare(before: Mapping[str, tuple[str, str]], after: Mapping[str, tuple[str, str]]) -> Changes:
    """Return what differs between two states, each the written code and its status by folded code."""
    found: dict[str, list[str]] = {"added": [], "dropped": [], "suspended": [], "resumed": []}
    for folded in sorted({*before, *after}):
        code, new = after.get(folded, (before.get(folded, ("", ""))[0], None))
        old = before.get(folded, ("", None))[1]
        what = _what(old, new)
        if what is not None:
            found[what].append(code)
    return Changes(
        before=sum(status == "active" for _, status in before.values()),
        after=sum(status == "active" for _, status in after.values()),
        **{what: tuple(codes) for what, codes in found.items()},
    )


def _what(old: str | None, new: str | None) -> str | None:
    stood, stands = old in ("active", "suspended"), new in ("active", "suspended")
    if stands and not stood:
        return "added"
    if stood and not stands:
        return "dropped"
    if old == new or not stands:
        return None
    return "suspended" if new == "suspended" else "resumed"


def last_changes(connection: sqlite3.Connection, kept: Kept) -> Changes:
    """Return what the last copy of a list changed."""
    copies = find_copies(connection, kept.id)
    last = copies[-2] if len(copies) > 1 else None
    after = find_statuses(connection, kept.id, kept.copy.as_of, after_copy=kept.copy.id)
    return compare(_statuses(connection, kept.id, last), after)


def _statuses(connection: sqlite3.Connection, list_id: int, copy: Copy | None) -> Mapping[str, tuple[str, str]]:
    return {} if copy is None else find_statuses(connection, list_id, copy.as_of, after_copy=copy.id)


def _replace_spans(
    connection: sqlite3.Connection,
    list_id: int,
    copy: int,
    rows: Mapping[str, Sequence[Listed]],
    brought: Brought,
    last: Copy | None,
    acts: Mapping[str, tuple[Act, ...]],
) -> None:
    """Let the spans die that the copy changes, and those be born that take their place."""
    day = None if last is None else last.as_of
    born: list[tuple[str, Span]] = []
    dead: list[tuple[int, int, str, str | None, str | None]] = []
    known: set[str] = set()
    for folded, before in read_spans(connection, list_id):
        known.add(folded)
        said = rows.get(folded, ())
        after = take_copy(before, said, as_of=brought.as_of, last=day, since=brought.since)
        if folded in acts:
            after = _begin_anew(after, acts[folded], said, brought.as_of)
        if after == before:
            continue
        gone = [span for span in before if span not in after]
        dead.extend((copy, list_id, folded, span.start, span.until) for span in gone)
        born.extend((folded, span) for span in after if span not in before)
    connection.executemany(
        "UPDATE entry SET died = ? WHERE list = ? AND folded = ? AND start IS ? AND until IS ? AND died IS NULL", dead
    )
    insert_spans(connection, list_id, copy, born)
    new = ((folded, said) for folded, said in sorted(rows.items()) if folded not in known)
    insert_spans(
        connection,
        list_id,
        copy,
        (
            (folded, span)
            for folded, said in new
            for span in take_copy((), said, as_of=brought.as_of, last=day, since=brought.since)
        ),
    )


def _begin_anew(spans: tuple[Span, ...], acts: Sequence[Act], said: Sequence[Listed], as_of: str) -> tuple[Span, ...]:
    """Let a suspension that the user took back begin again on the day of a copy that still shows it."""
    if not any(row.status == "suspended" for row in said):
        return spans
    if status_on(spans, as_of) != "suspended" or status_on(apply_acts(spans, acts), as_of) != "active":
        return spans
    if max(act.start for act in acts) >= as_of:
        return spans
    return tuple(part for span in spans for part in _split(span, as_of))


def _split(span: Span, as_of: str) -> tuple[Span, ...]:
    if not span.covers(as_of) or span.start == as_of:
        return (span,)
    return (replace(span, until=day_before(as_of)), replace(span, start=as_of, evidence=0))


def _overruled(
    connection: sqlite3.Connection,
    list_id: int,
    after: Mapping[str, tuple[str, str]],
    acts: Mapping[str, tuple[Act, ...]],
    as_of: str,
) -> tuple[str, ...]:
    spans = {folded: spans for folded, spans in read_spans(connection, list_id) if folded in acts} if acts else {}
    return tuple(
        code
        for folded, (code, status) in sorted(after.items())
        if status == "active" and folded in acts and status_on(apply_acts(spans[folded], acts[folded]), as_of) != status
    )


def _is_same(copy: Copy, brought: Brought) -> bool:
    return (copy.as_of, copy.sha256, copy.asked) == (brought.as_of, brought.sha256, brought.asked)


def _nothing_to_do(kept: Kept) -> Taken:
    copy = kept.copy
    return Taken(
        key=kept.key,
        how="same",
        as_of=copy.as_of,
        last=copy.as_of,
        rows=copy.rows,
        codes=kept.codes,
        changes=None,
        overruled=(),
    )


def _refuse_older(kept: Kept, brought: Brought, *, force: bool) -> None:
    args = {"list": str(kept.key), "as_of": brought.as_of, "last": kept.copy.as_of}
    if brought.as_of < kept.copy.as_of:
        raise UsageError(Message("keep.list.older", args), Message("keep.list.older_hint", args))
    if not force:
        raise UsageError(Message("keep.list.same_day", args), Message("keep.list.same_day_hint"))


def _refuse_shrunk(key: Key, changes: Changes, *, force: bool) -> None:
    lost = changes.before - changes.after
    if force or lost * 100 <= changes.before * MOST_LOST_PERCENT:
        return
    args = {"list": str(key), "before": str(changes.before), "after": str(changes.after), "lost": str(lost)}
    raise UsageError(Message("keep.list.shrunk", args), Message("keep.list.shrunk_hint"))


def _take_back(connection: sqlite3.Connection, kept: Kept) -> None:
    """Undo the last copy of a list."""
    copy = kept.copy.id
    connection.execute("DELETE FROM entry WHERE list = ? AND born = ?", (kept.id, copy))
    connection.execute("UPDATE entry SET died = NULL WHERE list = ? AND died = ?", (kept.id, copy))
    connection.execute("DELETE FROM copy WHERE id = ?", (copy,))


def _add_list(connection: sqlite3.Connection, key: Key) -> int:
    added = connection.execute(
        "INSERT INTO list (kind, origin, product, market, sha256, codes) VALUES (?, ?, ?, ?, '', 0)",
        (key.kind, key.origin, key.product, key.market),
    )
    assert added.lastrowid is not None
    return added.lastrowid


def _add_copy(connection: sqlite3.Connection, list_id: int, brought: Brought) -> int:
    added = connection.execute(
        "INSERT INTO copy (list, as_of, source, file, sha256, asked, rows) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            list_id,
            brought.as_of,
            brought.source,
            brought.file,
            brought.sha256,
            brought.asked,
            len(brought.rows),
        ),
    )
    assert added.lastrowid is not None
    return added.lastrowid
