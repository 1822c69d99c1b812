# SPDX-License-Identifier: Apache-2.0
"""Notices: entries of a pack's notices/, or of a user's file, to frozen notices with their last days computed."""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, replace
from datetime import date, timedelta
from difflib import get_close_matches
from pathlib import Path as FilePath

import yaml

from borderready.errors import Fault, KeepError
from borderready.fold import fold_code
from borderready.model import Message, Notice, Path, Value
from borderready.read.rule import as_mapping, as_text, as_tuple, make_source, make_texts, maybe_text, texts_of
from borderready.read.rule_judge import fault_at, whole_fault
from borderready.read.schema import type_by
from borderready.read.strict_yaml import MAX_BYTES, Document, parse_yaml

ENDS = ("until", "for", "open_ended")


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """The words that a notice may use; None where they cannot be told.

    Attributes:
        gates: Gates and ports.
        goods: Products and groups.
        instruments: Instruments of the pack; None for a user's file, which may cite what it likes.
    """

    gates: frozenset[str] | None
    goods: frozenset[str] | None
    instruments: frozenset[str] | None = None


def make_notice(data: Mapping[str, Value]) -> Notice:
    """Return the notice of a typed and judged entry."""
    applies, start = as_mapping(data["applies_to"]), as_text(data["start"])
    until = maybe_text(data, "until")
    return Notice(
        id=as_text(data["id"]),
        title=make_texts(data["title"]),
        kind=as_text(data["kind"]),
        gates=texts_of(applies.get("gate", ())),
        origins=texts_of(applies.get("origin", ())),
        products=texts_of(applies.get("product", ())),
        codes=tuple(fold_code(code) for code in texts_of(applies.get("code", ()))),
        start=start,
        until=last_day(start, as_mapping(data["for"])) if "for" in data else until,
        source=make_source(as_mapping(data["source"])),
        fix=make_texts(data["fix"]) if "fix" in data else None,
    )


def last_day(start: str, length: Mapping[str, Value]) -> str:
    """Return the last of so many `days`, `weeks` or `months`, the first day included (ISO text).

    One week from 2022-04-20 ends on 2022-04-26, one month from 2022-01-31 on 2022-02-27. Raises ValueError or
    OverflowError beyond the year 9999.
    """
    first = date.fromisoformat(start)
    days, weeks, months = (_count(length, unit) for unit in ("days", "weeks", "months"))
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    day = min(first.day, calendar.monthrange(year, month + 1)[1])
    return (date(year, month + 1, day) + timedelta(days=days + 7 * weeks - 1)).isoformat()


def _count(length: Mapping[str, Value], unit: str) -> int:
    count = length.get(unit, 0)
    return count if isinstance(count, int) else 0


def judge_notice(data: Mapping[str, Value], known: Known) -> Iterator[tuple[Path, Message, Message | None]]:
    """Yield what a schema cannot say of an entry: its place in it, what is wrong, and the next thing to do."""
    applies, start = as_mapping(data["applies_to"]), as_text(data["start"])
    if not applies.keys() & {"gate", "product", "code"}:
        yield ("applies_to",), Message("notice.names_nothing"), None
    if sum(name in data for name in ENDS) != 1:
        yield ("start",), Message("notice.ends"), None
    if "until" in data and as_text(data["until"]) < start:
        yield ("until",), Message("notice.order", {"start": start, "until": as_text(data["until"])}), None
    if "for" in data:
        try:
            last_day(start, as_mapping(data["for"]))
        except (ValueError, OverflowError):
            yield ("for",), Message("notice.too_far"), None
    for key, words, message in (("gate", known.gates, "notice.no_gate"), ("product", known.goods, "notice.no_product")):
        for index, name in enumerate(texts_of(applies.get(key, ()))):
            if words is not None and name not in words:
                yield ("applies_to", key, index), Message(message, {"name": name}), near_hint(name, words)
    instrument = as_text(as_mapping(data["source"])["instrument"])
    if known.instruments is not None and instrument not in known.instruments:
        yield ("source", "instrument"), Message("pack.no_instrument", {"instrument": instrument}), None
    if known.instruments is not None and "checked" not in as_mapping(data["source"]):
        yield ("source",), Message("notice.no_checked"), None


def near_hint(name: str, words: Set[str]) -> Message | None:
    """Return the hint that names the word that was probably meant."""
    near = get_close_matches(name.lower().replace(" ", "-").replace("_", "-"), sorted(words), n=1, cutoff=0.6)
    return Message("type.did_you_mean", {"name": near[0]}) if near else None


def parse_notices(content: bytes, *, file: str) -> tuple[tuple[Mapping[str, Value], ...], Document | None, list[Fault]]:
    """Return the typed entries of a file with its tree of text, or all that is wrong with its form."""
    parsed = parse_yaml(content, file=file)
    if parsed.faults:
        return (), None, list(parsed.faults)
    if len(parsed.documents) != 1 or not isinstance(parsed.documents[0].root, (yaml.MappingNode, yaml.SequenceNode)):
        return (), None, [whole_fault(file, Message("notice.list"))]
    document = parsed.documents[0]
    value, faults = type_by("notices", document, file=file)
    if faults:
        return (), document, list(faults)
    return tuple(as_mapping(entry) for entry in as_tuple(value)), document, []


def faults_of(
    entries: tuple[Mapping[str, Value], ...], known: Known, document: Document, *, file: str, taken: Set[str]
) -> list[Fault]:
    """Return what is wrong with typed entries; `taken` are the ids that stand elsewhere already."""
    faults: list[Fault] = []
    ids = set(taken)
    for index, data in enumerate(entries):
        name = as_text(data["id"])
        if name in ids:
            faults.append(fault_at(document, file, (index, "id"), "notice.same_id", {"id": name}))
        ids.add(name)
        for place, what, hint in judge_notice(data, known):
            fault = fault_at(document, file, (index, *place), what.key, what.args)
            faults.append(replace(fault, hint=hint))
    return faults


def read_notices(path: FilePath, known: Known, *, shown_as: str, taken: Set[str] = frozenset()) -> tuple[Notice, ...]:
    """Return the notices of a user's file; raises KeepError with all that is wrong with it."""
    try:
        with path.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        what = Message("notice.unreadable", {"reason": reason})
        raise KeepError([whole_fault(shown_as, what, Message("notice.unreadable_hint"))]) from error
    entries, document, faults = parse_notices(content, file=shown_as)
    if document is not None and not faults:
        faults = faults_of(entries, known, document, file=shown_as, taken=taken)
    if faults:
        raise KeepError(faults)
    return tuple(make_notice(entry) for entry in entries)
