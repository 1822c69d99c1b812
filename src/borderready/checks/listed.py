# SPDX-License-Identifier: Apache-2.0
"""`listed`: a code stands on a register, or a row of a table says so, on the day that counts.

With `{register: gacc-orchards, status: active}` a code that is active on the day of packing passes; one that is absent,
not yet listed, suspended that day, dropped, or listed for another product fails, each with its own reason. Without the
register nothing can be said: unknown, with how to bring one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from borderready.checks.context import Context, Options, failed, judge_hits, passed, shown, text, texts, unknown
from borderready.checks.look_up import find_row, find_rows
from borderready.fold import fold, fold_code
from borderready.model import Entry, Event, Message, Missing, Outcome, Register, Row, Status
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
        "max_age_days": {"type": "integer", "minimum": 1},
        "also": {"type": "array", "minItems": 1, "items": {"type": "string", "enum": [str(event) for event in Event]}},
        "table": _SLUG,
        "match": {"type": "object", "additionalProperties": {"type": "string", "minLength": 1}},
        "column": {"type": "string", "minLength": 1},
        "pass": _WORDS,
        "fail": _WORDS,
        "absent": {"type": "string", "enum": ["unknown", "fail"]},
    },
    "oneOf": [{"required": ["register", "status"]}, {"required": ["table", "match"]}],
    "dependentRequired": {"column": ["pass"], "pass": ["column"], "fail": ["column"]},
}
_CLOSE_ENOUGH = 2  # characters by which a mistyped code may differ from the one on the list


def check(context: Context, field: str, options: Options) -> tuple[Outcome, ...]:
    """Judge each code against the register, or the row that the table gives."""
    if "table" in options:
        return _check_table(context, field, options)
    name = text(options, "register")
    register = context.registers.get(name)
    days = _days(context, options)

    def judge(hit: Hit) -> Outcome:
        if register is None:
            return Outcome(
                status=Status.UNKNOWN,
                path=hit.path,
                found=write_value(hit.value),
                because=Message("check.listed.no_register", {"register": name}),
            )
        too_old = _why_too_old(register, max(days), options)
        if too_old is not None:
            found = write_value(hit.value)
            return Outcome(status=Status.UNKNOWN, path=hit.path, found=found, because=too_old)
        return _judge_code(context, hit, register, days)

    return judge_hits(context, field, judge)


def _why_too_old(register: Register, day: str, options: Options) -> Message | None:
    """Return why a list is too old to speak for a day, where the rule sets an age; a list without a date may be."""
    most = options.get("max_age_days")
    if not isinstance(most, int):
        return None
    if register.as_of is None:
        return Message("check.listed.undated", {"register": register.name})
    age = (date.fromisoformat(day) - date.fromisoformat(register.as_of)).days
    if age <= most:
        return None
    args = {"register": register.name, "as_of": register.as_of, "age": str(age), "day": day, "most": str(most)}
    return Message("check.listed.too_old", args)


def _days(context: Context, options: Options) -> tuple[str, ...]:
    also = [context.days[Event(name)] for name in texts(options, "also") if Event(name) in context.days]
    return tuple(dict.fromkeys((context.day, *also)))


def _judge_code(context: Context, hit: Hit, register: Register, days: tuple[str, ...]) -> Outcome:
    code = write_value(hit.value)
    entries = register.entries.get(fold_code(code), ()) or _named(code, register)
    expected = f"{register.name} ({register.as_of or '?'})"
    if not entries:
        return failed(hit, expected, _why_absent(context, code, register))
    words = {word for product in context.products for word in context.groups.get(product, (product,))}
    fitting = [entry for entry in entries if entry.product is None or not context.products or entry.product in words]
    if not fitting:
        others = shown(sorted({entry.product or "" for entry in entries}))
        return failed(hit, expected, Message("check.listed.other_product", {"products": others}))
    for day in days:
        because = _why_not_active(fitting, day)
        if because is not None:
            return failed(hit, expected, because)
    return passed(hit, expected)


def _named(name: str, register: Register) -> tuple[Entry, ...]:
    """Return the entries of a name, where the manifest gives the name on the list instead of the code."""
    folded = fold(name)
    every = (entry for entries in register.entries.values() for entry in entries)
    return tuple(entry for entry in every if entry.name is not None and fold(entry.name) == folded)


def _why_absent(context: Context, code: str, register: Register) -> Message:
    for other in sorted(context.registers):
        if other != register.name and fold_code(code) in context.registers[other].entries:
            return Message("check.listed.wrong_list", {"register": register.name, "other": other})
    near = _nearest(fold_code(code), register)
    if near is not None:
        return Message("check.listed.absent_near", {"register": register.name, "near": near})
    return Message("check.listed.absent", {"register": register.name})


def _why_not_active(entries: Sequence[Entry], day: str) -> Message | None:
    """Return why no entry is active on a day; a suspension that covers the day outweighs an active entry."""
    covering = [e for e in entries if (e.start is None or e.start <= day) and (e.until is None or day <= e.until)]
    stopped = [entry for entry in covering if entry.status != "active"]
    if covering and not stopped:
        return None
    if stopped:
        entry = stopped[0]
        args = {"since": entry.start or "?", "until": entry.until or "", "day": day}
        words = {"status": f"register.status.{entry.status}"}
        return Message("check.listed.stopped_until" if entry.until else "check.listed.stopped", args, words)
    later = [entry.start for entry in entries if entry.status == "active" and entry.start and entry.start > day]
    earlier = [entry.until for entry in entries if entry.until and entry.until < day]
    if later and earlier:
        return Message("check.listed.relisted", {"day": day, "until": max(earlier), "start": min(later)})
    if later:
        return Message("check.listed.not_yet", {"day": day, "start": min(later)})
    return Message("check.listed.dropped", {"day": day, "until": max(earlier) if earlier else "?"})


def _nearest(code: str, register: Register) -> str | None:
    """Return the listed code nearest to a mistyped one, None where none is within two characters."""
    best: tuple[int, str] | None = None
    letters = set(code)
    for folded, entries in register.entries.items():
        if abs(len(folded) - len(code)) > _CLOSE_ENOUGH or len(letters ^ set(folded)) > 2 * _CLOSE_ENOUGH:
            continue
        distance = _distance(code, folded)
        if distance <= _CLOSE_ENOUGH and (best is None or (distance, entries[0].code) < best):
            best = (distance, entries[0].code)
    return best[1] if best is not None else None


def _distance(left: str, right: str) -> int:
    """Return how many characters must be added, dropped, changed or swapped with a neighbour."""
    rows = [list(range(len(right) + 1))]
    for i, a in enumerate(left, 1):
        row = [i]
        for j, b in enumerate(right, 1):
            cost = min(rows[i - 1][j] + 1, row[j - 1] + 1, rows[i - 1][j - 1] + (a != b))
            if i > 1 and j > 1 and a == right[j - 2] and left[i - 2] == b:
                cost = min(cost, rows[i - 2][j - 2] + 1)
            row.append(cost)
        rows.append(row)
    return rows[-1][-1]


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
        return Message("check.listed.say_register", {"register": text(options, "register")})
    return Message("check.listed.say_table", {"table": text(options, "table")})
