# SPDX-License-Identifier: Apache-2.0
"""The user's own acts on a register: a code suspended, resumed or struck off, and a list forgotten."""

from __future__ import annotations

import sqlite3
from difflib import get_close_matches

from borderready.errors import UsageError
from borderready.fold import fold_code
from borderready.keep.registers import Kept, count_anew, count_kind, find_acts, find_lists, find_spans
from borderready.keep.spans import Act, Span, apply_acts, status_on
from borderready.model import Message


def find_list(connection: sqlite3.Connection | None, written: str) -> Kept:
    """Return a list by its written key, in any case; raises UsageError with the nearest when there is none."""
    lists = {str(one.key).casefold(): one for one in find_lists(connection)} if connection is not None else {}
    kept = lists.get(written.casefold())
    if kept is not None:
        return kept
    near = get_close_matches(written.casefold(), lists, n=1, cutoff=0.5)
    hint = Message("cli.no_rule_near", {"near": str(lists[near[0]].key)}) if near else Message("keep.no_list_hint")
    raise UsageError(Message("keep.no_list", {"list": written}), hint)


def find_code(
    connection: sqlite3.Connection | None, code: str
) -> tuple[tuple[Kept, tuple[Span, ...], tuple[Act, ...]], ...]:
    """Return every list that knows a code, with what its copies say and the user's own acts."""
    if connection is None:
        return ()
    folded, acts = fold_code(code), find_acts(connection)
    found = ((kept, find_spans(connection, kept.id, folded)) for kept in find_lists(connection))
    return tuple((kept, spans, acts.get((kept.id, folded), ())) for kept, spans in found if spans)


def do_act(
    connection: sqlite3.Connection, act: Act, *, kind: str | None, origin: str | None, product: str | None
) -> Kept:
    """Write an act and return the list that it concerns.

    Raises UsageError for a code on no list, or on several where none is named, and where there is nothing to resume.
    """
    fitting = [
        one
        for one in find_code(connection, act.code)
        if kind in (None, one[0].key.kind)
        and origin in (None, one[0].key.origin)
        and product in (None, one[0].key.product)
    ]
    if not fitting:
        raise UsageError(Message("keep.act.no_code", {"code": act.code}), Message("keep.act.no_code_hint"))
    if len(fitting) > 1:
        args = {"code": act.code, "lists": ", ".join(str(kept.key) for kept, _, _ in fitting)}
        raise UsageError(Message("keep.act.several", args), Message("keep.act.several_hint"))
    kept, spans, acts = fitting[0]
    if act.what == "resume":
        _refuse_idle(act, spans, acts, kept)
    written = spans[-1].code
    connection.execute(
        "INSERT INTO act (list, folded, what, code, start, until, source) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (kept.id, fold_code(act.code), act.what, written, act.start, act.until, act.source),
    )
    count_anew(connection, kept.id)
    return kept


def forget_list(connection: sqlite3.Connection, kept: Kept) -> None:
    """Forget a list with all its copies, codes and the user's own acts on it."""
    for table in ("entry", "copy", "act"):
        connection.execute(f"DELETE FROM {table} WHERE list = ?", (kept.id,))
    connection.execute("DELETE FROM list WHERE id = ?", (kept.id,))
    count_kind(connection, kept.key.kind)


def _refuse_idle(act: Act, spans: tuple[Span, ...], acts: tuple[Act, ...], kept: Kept) -> None:
    """Raise UsageError where a code is not stopped on the day, or would still be off the list."""
    now = status_on(apply_acts(spans, acts), act.start)
    then = status_on(apply_acts(spans, (*acts, act)), act.start)
    if now in ("suspended", "delisted") and then not in ("suspended", "delisted"):
        return
    args = {"code": act.code, "day": act.start, "list": str(kept.key)}
    words = {"status": f"register.status.{now}" if now is not None else "keep.act.absent"}
    raise UsageError(Message("keep.act.idle", args, words), Message("keep.act.idle_hint"))
