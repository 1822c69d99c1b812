# SPDX-License-Identifier: Apache-2.0
"""What the store tells of its lists and codes, as plain values: one form for JSON and for whoever prints it."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date

from borderready.keep.register_copy import Changes, Taken
from borderready.keep.registers import Copy, Kept, Key, find_copies, find_statuses
from borderready.keep.spans import Act, Span, apply_acts

Told = Mapping[str, object]


def tell_lists(connection: sqlite3.Connection, lists: Sequence[Kept], *, day: str) -> Told:
    """Tell of each list its last copy, its age on a day, and how many of its codes have which status then."""
    return {"borderready": "register-list/1", "on": day, "lists": [_tell_list(connection, kept, day) for kept in lists]}


def tell_taken(taken: Sequence[Taken], *, is_trial: bool) -> Told:
    """Tell what became of a file that was imported."""
    return {
        "borderready": "register-import/1",
        "dry_run": is_trial,
        "lists": [
            {
                **_tell_key(one.key),
                "how": one.how,
                "as_of": one.as_of,
                "last": one.last,
                "rows": one.rows,
                "codes": one.codes,
                **(_tell_changes(one.changes) if one.changes is not None else {}),
                "overruled": list(one.overruled),
            }
            for one in taken
        ],
    }


def tell_diff(kept: Kept, changes: Changes, *, first: str | None, last: str) -> Told:
    """Tell what changed on a list between two days, or since before its first copy."""
    told = _tell_changes(changes)
    return {"borderready": "register-diff/1", **_tell_key(kept.key), "from": first, "to": last, **told}


def tell_code(
    connection: sqlite3.Connection, code: str, found: Sequence[tuple[Kept, tuple[Span, ...], tuple[Act, ...]]]
) -> Told:
    """Tell of a code every list that knows it, with all its days and who says so."""
    lists = []
    for kept, spans, acts in found:
        copies = {copy.id: copy for copy in find_copies(connection, kept.id)}
        entries = [_tell_span(span, copies) for span in apply_acts(spans, acts)]
        lists.append({**_tell_key(kept.key), "as_of": kept.copy.as_of, "entries": entries})
    return {"borderready": "register-code/1", "code": code, "lists": lists}


def _tell_list(connection: sqlite3.Connection, kept: Kept, day: str) -> Told:
    copy = kept.copy
    statuses = Counter(status for _, status in find_statuses(connection, kept.id, day).values())
    return {
        **_tell_key(kept.key),
        "as_of": copy.as_of,
        "age_days": (date.fromisoformat(day) - date.fromisoformat(copy.as_of)).days,
        "source": copy.source,
        "file": copy.file,
        "sha256": kept.sha256,
        "copies": len(find_copies(connection, kept.id)),
        "codes": kept.codes,
        **{status: statuses[status] for status in ("active", "suspended", "delisted", "unseen")},
    }


def _tell_span(span: Span, copies: Mapping[int, Copy]) -> Told:
    copy = None if span.evidence is None else copies.get(span.evidence)
    return {
        "status": span.status,
        "start": span.start,
        "until": span.until,
        "code": span.code,
        "name": span.name,
        "holder": span.holder,
        "address": span.address,
        "area_ha": None if span.area_ha is None else str(span.area_ha),
        "by": "you" if copy is None else "list",
        "as_of": None if copy is None else copy.as_of,
        "source": span.note if copy is None else copy.source,
        "file": None if copy is None else copy.file,
    }


def _tell_key(key: Key) -> Told:
    return {"list": str(key), "kind": key.kind, "origin": key.origin, "product": key.product, "market": key.market}


def _tell_changes(changes: Changes) -> Told:
    return {
        "active_before": changes.before,
        "active": changes.after,
        "added": list(changes.added),
        "dropped": list(changes.dropped),
        "suspended": list(changes.suspended),
        "resumed": list(changes.resumed),
    }
