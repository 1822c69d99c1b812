# SPDX-License-Identifier: Apache-2.0
"""`one_of`: a value is among those allowed. With `values: [zh, en]` a label in zh passes, one in vi fails."""

from __future__ import annotations

from collections.abc import Callable

from borderready.checks.context import (
    Context,
    Options,
    failed,
    has_words,
    judge_hits,
    names_match,
    passed,
    shown,
    text,
    texts,
    unknown,
)
from borderready.model import Message, Outcome, Status
from borderready.paths import Hit, Key, canonical, find, parse_path, write_value

KIND = "one_of"
VALUES = {"type": "array", "minItems": 1, "items": {"type": "string", "minLength": 1}}
AS = {"type": "string", "enum": ["text", "code", "scientific-name", "words"]}
OPTIONS = {
    "type": "object",
    "additionalProperties": False,
    "required": ["values"],
    "properties": {"values": VALUES, "as": AS, "need": {"type": "string", "enum": ["every", "some"]}},
}


def check(context: Context, field: str, options: Options) -> tuple[Outcome, ...]:
    """Judge each value found, or (`need: some`) all of them together."""
    values, kind = texts(options, "values"), text(options, "as", "text")
    read = reader_of(context, field)

    def judge(hit: Hit) -> Outcome:
        fits = is_among(read(write_value(hit.value)), tuple(map(read, values)), kind)
        return passed(hit, shown(values)) if fits else failed(hit, shown(values))

    if text(options, "need", "every") == "every":
        return judge_hits(context, field, judge)
    hits, missings = find(field, context.view)
    judged = [judge(hit) for hit in hits]
    fitting = [outcome for outcome in judged if outcome.status is Status.PASS]
    if fitting or not hits:
        return tuple(fitting[:1]) or tuple(unknown(missing) for missing in missings)
    return (judged[0],)


def reader_of(context: Context, field: str) -> Callable[[str], str]:
    """Return how words of a field are read: with synonyms for its last key, each as the id that it stands for."""
    last = parse_path(field)[-1]
    if not isinstance(last, Key) or last.name not in context.view.synonyms:
        return str
    return lambda word: canonical(last.name, word, context.view)


def is_among(found: str, values: tuple[str, ...], kind: str) -> bool:
    """Tell whether a value is among those listed, compared as the `as` option says."""
    if kind == "words":
        return any(has_words(found, value) for value in values)
    return any(names_match(found, value, kind) for value in values)


def say(options: Options) -> Message:
    """Return what is asked, in words."""
    return Message("check.one_of.say", {"values": ", ".join(texts(options, "values"))})
