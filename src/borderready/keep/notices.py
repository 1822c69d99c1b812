# SPDX-License-Identifier: Apache-2.0
"""The notices that a user recorded on this machine: closures and suspensions that the rule base does not know."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from borderready.errors import Fault, KeepError
from borderready.keep.database import Form, open_to_read, open_to_write, told
from borderready.model import Grade, Message, Notice, Source, Texts

_TEXTS = ("title_en", "title_vi", "title_zh", "fix_en", "fix_vi", "fix_zh")
_LISTS = ("gates", "origins", "products", "codes", "witnesses")
_COLUMNS = ("id", "kind", "start", "until", *_TEXTS, *_LISTS, "instrument", "locator", "seen", "checked")
FORM = Form(
    application_id=0x62724E4F,
    version=1,
    tables=(
        "CREATE TABLE notice (id TEXT PRIMARY KEY, kind TEXT NOT NULL, start TEXT NOT NULL, until TEXT,"
        " title_en TEXT NOT NULL, title_vi TEXT NOT NULL, title_zh TEXT NOT NULL,"
        " fix_en TEXT, fix_vi TEXT, fix_zh TEXT,"
        " gates TEXT NOT NULL, origins TEXT NOT NULL, products TEXT NOT NULL, codes TEXT NOT NULL,"
        " witnesses TEXT NOT NULL, instrument TEXT NOT NULL, locator TEXT NOT NULL, seen TEXT NOT NULL, checked TEXT)"
        " STRICT",
    ),
)


def read_own_notices(path: Path, *, shown_as: str) -> tuple[Notice, ...]:
    """Return what was recorded, in the order of days; nothing where there is no file. Raises KeepError."""
    connection = open_to_read(path, FORM, shown_as=shown_as)
    if connection is None:
        return ()
    with told(shown_as), closing(connection):
        return _read(connection, shown_as)


def add_own_notices(path: Path, notices: Iterable[Notice], *, shown_as: str) -> int:
    """Record notices, all or none, and return how many are new; what is there word for word is left.

    Raises KeepError where another notice of the same id is there, and as open_to_write does.
    """
    added = 0
    with open_to_write(path, FORM, shown_as=shown_as) as connection:
        known = {notice.id: notice for notice in _read(connection, shown_as)}
        for notice in notices:
            if notice.id in known and known[notice.id] != notice:
                what = Message("notice.same_id", {"id": notice.id})
                raise KeepError([_fault(shown_as, what, Message("notice.same_id_hint", {"id": notice.id}))])
            if notice.id not in known:
                places = ", ".join("?" * len(_COLUMNS))
                connection.execute(
                    f"INSERT INTO notice ({', '.join(_COLUMNS)}) VALUES ({places})", _cells(notice)
                )  # names of our own
                known[notice.id] = notice
                added += 1
    return added


def remove_own_notice(path: Path, name: str, *, shown_as: str) -> bool:
    """Forget a notice by its id, and tell whether it was there. Raises KeepError."""
    if not path.exists():
        return False
    with open_to_write(path, FORM, shown_as=shown_as) as connection:
        return connection.execute("DELETE FROM notice WHERE id = ?", (name,)).rowcount > 0


def _read(connection: sqlite3.Connection, shown_as: str) -> tuple[Notice, ...]:
    query = f"SELECT {', '.join(_COLUMNS)} FROM notice ORDER BY start, id"  # names of our own
    try:
        return tuple(_notice(dict(zip(_COLUMNS, row, strict=True))) for row in connection.execute(query))
    except (ValueError, TypeError) as error:
        what = Message("keep.damaged", {"reason": str(error)})
        raise KeepError([_fault(shown_as, what, Message("keep.damaged_hint", {"file": shown_as}))]) from error


def _cells(notice: Notice) -> tuple[str | None, ...]:
    title, fix, source = notice.title, notice.fix, notice.source
    lists = (notice.gates, notice.origins, notice.products, notice.codes, source.witnesses)
    fixes = (None, None, None) if fix is None else (fix.en, fix.vi, fix.zh)
    texts = (title.en, title.vi, title.zh, *fixes)
    written = tuple(json.dumps(members, ensure_ascii=False) for members in lists)
    own = (notice.id, notice.kind, notice.start, notice.until)
    return (*own, *texts, *written, source.instrument, source.locator, source.seen, source.checked)


def _notice(row: dict[str, str]) -> Notice:
    lists = {name: tuple(str(member) for member in json.loads(row[name])) for name in _LISTS}
    return Notice(
        id=row["id"],
        title=Texts(en=row["title_en"], vi=row["title_vi"], zh=row["title_zh"]),
        kind=row["kind"],
        gates=lists["gates"],
        origins=lists["origins"],
        products=lists["products"],
        codes=lists["codes"],
        start=row["start"],
        until=row["until"],
        source=Source(
            instrument=row["instrument"],
            locator=row["locator"],
            seen=Grade(row["seen"]),
            checked=row["checked"],
            witnesses=lists["witnesses"],
        ),
        fix=None if row["fix_en"] is None else Texts(en=row["fix_en"], vi=row["fix_vi"], zh=row["fix_zh"]),
    )


def _fault(shown_as: str, what: Message, hint: Message) -> Fault:
    return Fault(file=shown_as, span=None, path="", what=what, hint=hint)
