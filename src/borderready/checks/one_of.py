# SPDX-License-Identifier: Apache-2.0
"""`one_of`: a value is among those allowed. With `values: [zh, en]` a label in zh passes, one in vi fails."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from borderready.checks.context import (
    Context,
    Options,
    failed,
    folder,
    has_words,
    judge_hits,
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
    known = values if read is None else tuple(map(read, values))

    def judge(hit: Hit) -> Outcome:
        found = write_value(hit.value)
        fits = is_among(found if read is None else read(found), known, kind)
        return passed(hit, shown(values)) if fits else failed(hit, shown(values))

    if text(options, "need", "every") == "every":
        return judge_hits(context, field, judge)
    hits, missings = find(field, context.view)
    judged = [judge(hit) for hit in hits]
    fitting = [outcome for outcome in judged if outcome.status is Status.PASS]
    if fitting or not hits:
        return tuple(fitting[:1]) or tuple(unknown(missing) for missing in missings)
    return (judged[0],)


def reader_of(context: Context, field: str) -> Callable[[str], str] | None:
    """Return how words of a field are read: with synonyms for its last key, each as the id that it stands for."""
    last = parse_path(field)[-1]
    if not isinstance(last, Key) or last.name not in context.view.synonyms:
        return None
    return lambda word: canonical(last.name, word, context.view)


def is_among(found: str, values: tuple[str, ...], kind: str) -> bool:
    """Tell whether a value is among those listed, compared as the `as` option says.

    `Musa sp.` asks for any species of its genus.
    """
    if kind == "words":
        return any(has_words(found, value) for value in values)
    whole, genera = _folded(values, kind)
    folded = folder(kind)(found)
    return folded in whole or (bool(genera) and folded.split(" ")[0] in genera)


@lru_cache(maxsize=2048)
def _folded(values: tuple[str, ...], kind: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return values as they are compared; and those that name a genus, which stands for each of its species."""
    whole = frozenset(map(folder(kind), values))
    return whole, frozenset(name for name in whole if " " not in name) if kind == "scientific-name" else frozenset()


def say(options: Options) -> Message:
    """Return what is asked, in words."""
    return Message("check.one_of.say", {"values": ", ".join(texts(options, "values"))})
