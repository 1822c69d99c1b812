# SPDX-License-Identifier: Apache-2.0
"""`listed`: a code stands on a register, or a row of a table says so, on the day that counts.

With `{register: gacc-orchards, status: active}` a code that is active on the day of packing passes; one that is absent,
not yet listed, suspended that day, dropped, or listed for another product fails, each with its own reason and its own
remedy. Without the register nothing can be said: unknown, with how to bring one. With `{register: gacc-orchards,
holder: parties.exporter.name}` the exporter holds the code, or shows the authorisation of the firm that does; with
`declared: holder` the manifest itself says whose a code is (in that key beside the code) where the list does not.
"""

from __future__ import annotations

from collections.abc import Mapping

from borderready.checks.context import Context, Options, judge_hits, shown, text, texts, unknown
from borderready.checks.look_up import find_row, find_rows
from borderready.checks.on_register import check_holder, check_status
from borderready.model import Event, Message, Missing, Outcome, Row, Status
from borderready.paths import Hit, find, write_value

KIND = "listed"
_SLUG = {"type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$"}
_WORDS = {"type": "array", "minItems": 1, "items": {"type": "string", "minLength": 1}}
OPTIONS = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "register": _SLUG,
        "status": {"type": "string", "enum": ["active"]},
        "holder": {"type": "string", "minLength": 1},
        "declared": {"type": "string", "pattern": "^[a-z0-9_]+$"},
        "max_age_days": {"type": "integer", "minimum": 1},
        "also": {"type": "array", "minItems": 1, "items": {"type": "string", "enum": [str(event) for event in Event]}},
        "table": _SLUG,
        "match": {"type": "object", "additionalProperties": {"type": "string", "minLength": 1}},
        "column": {"type": "string", "minLength": 1},
        "pass": _WORDS,
        "fail": _WORDS,
        "absent": {"type": "string", "enum": ["unknown", "fail"]},
    },
    "oneOf": [
        {"required": ["register", "status"]},
        {"required": ["register", "holder"]},
        {"required": ["table", "match"]},
    ],
    "dependentRequired": {"column": ["pass"], "pass": ["column"], "fail": ["column"], "declared": ["holder"]},
}


def check(context: Context, field: str, options: Options) -> tuple[Outcome, ...]:
    """Judge each code against the register, or the row that the table gives."""
    if "table" in options:
        return _check_table(context, field, options)
    return check_holder(context, field, options) if "holder" in options else check_status(context, field, options)


def _check_table(context: Context, field: str, options: Options) -> tuple[Outcome, ...]:
    match = options["match"]
    assert isinstance(match, Mapping)
    asked: dict[str, tuple[str, ...]] = {}
    missings: list[Missing] = []
    for column, path in match.items():
        if path == field:
            continue
        hits, gaps = find(str(path), context.view)
        missings.extend(gaps)
        asked[column] = tuple(word for hit in hits for word in _words(context, column, hit))
    if missings:
        return tuple(unknown(missing) for missing in missings)
    own = [column for column, path in match.items() if path == field]

    def judge(hit: Hit) -> Outcome:
        words = {column: _words(context, column, hit) for column in own}
        return _judge_row(context, hit, {**asked, **words}, own, options)

    return judge_hits(context, field, judge)


def _words(context: Context, column: str, hit: Hit) -> tuple[str, ...]:
    word = write_value(hit.value)
    return context.groups.get(word, (word,)) if column == "product" else (word,)


def _judge_row(
    context: Context, hit: Hit, asked: Mapping[str, tuple[str, ...]], own: list[str], options: Options
) -> Outcome:
    table = context.tables[text(options, "table")]
    row = find_row(table, asked, context.day)
    if row is None:
        return _judge_absent(context, hit, asked, own, options)
    if "column" not in options:
        return _by_row(Status.PASS, hit, row, None)
    cell = row.cells.get(text(options, "column"), "")
    if cell in texts(options, "pass"):
        return _by_row(Status.PASS, hit, row, cell)
    note = row.cells.get("note", "")
    because = Message("check.listed.row_note", {"cell": cell, "note": note}) if note else None
    because = because or Message("check.listed.row", {"cell": cell})
    if "fail" in options and cell in texts(options, "fail"):
        return _by_row(Status.FAIL, hit, row, cell, because)
    return _by_row(Status.UNKNOWN, hit, row, cell, because)


def _judge_absent(
    context: Context, hit: Hit, asked: Mapping[str, tuple[str, ...]], own: list[str], options: Options
) -> Outcome:
    table = context.tables[text(options, "table")]
    key = ", ".join(words[0] for words in asked.values() if words)
    strange = [product for product in context.products if product not in context.groups]
    if strange:
        because = Message("check.listed.unknown_product", {"product": ", ".join(strange)})
        return Outcome(status=Status.UNKNOWN, path=hit.path, found=write_value(hit.value), because=because)
    later = [
        row.start
        for row in find_rows(table, asked)
        if row.start is not None and row.start > context.day and _is_passing(row, options)
    ]
    if later:
        because = Message("check.listed.row_later", {"key": key, "start": min(later), "day": context.day})
    else:
        because = Message("check.listed.no_row", {"key": key, "table": table.id})
    status = Status.FAIL if text(options, "absent", "unknown") == "fail" else Status.UNKNOWN
    others = {column: words for column, words in asked.items() if column not in own}
    usual = list(
        dict.fromkeys(row.cells[own[0]] for row in find_rows(table, others) if own and row.cells[own[0]] != "*")
    )
    return Outcome(
        status=status,
        path=hit.path,
        found=write_value(hit.value),
        expected=shown(usual) if others and usual else None,
        because=because,
    )


def _is_passing(row: Row, options: Options) -> bool:
    return "column" not in options or row.cells.get(text(options, "column"), "") in texts(options, "pass")


def _by_row(status: Status, hit: Hit, row: Row, cell: str | None, because: Message | None = None) -> Outcome:
    return Outcome(
        status=status,
        path=hit.path,
        found=write_value(hit.value),
        expected=cell if status is Status.PASS else None,
        because=because,
        source=row.source,
    )


def say(options: Options) -> Message:
    """Return what is asked, in words."""
    if "register" in options:
        key = "check.listed.say_holder" if "holder" in options else "check.listed.say_register"
        return Message(key, {"register": text(options, "register")})
    return Message("check.listed.say_table", {"table": text(options, "table")})
