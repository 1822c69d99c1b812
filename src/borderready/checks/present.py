# SPDX-License-Identifier: Apache-2.0
"""`present`: a field is there. With `keys: [fruit_name]` a box label that has one passes, one without fails.

The only kind that turns an absence into a fail, and only where the place is described: a box label without a name
fails, no box label at all is unknown. With `need: some` one place that has it is enough: of two laboratory reports one.
"""

from __future__ import annotations

from collections.abc import Mapping

from borderready.checks.context import Context, Options, failed, passed, text, texts, unknown
from borderready.model import Message, Missing, Outcome, Status
from borderready.paths import Hit, find_parts

KIND = "present"
OPTIONS = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "keys": {"type": "array", "minItems": 1, "items": {"type": "string"}},
        "need": {"type": "string", "enum": ["every", "some"]},
    },
}


def check(context: Context, field: str, options: Options) -> tuple[Outcome, ...]:
    """Judge each place where the field, or each of its keys, should stand."""
    keys = texts(options, "keys") if "keys" in options else ()
    hits, missings = find_parts(field, keys, context.view)
    outcomes = [_judge_missing(missing) for missing in missings]
    for hit in hits:
        outcomes.extend(_judge_hit(hit, keys))
    if "need" in options and text(options, "need") == "some":
        outcomes = [outcome for outcome in outcomes if outcome.status is Status.PASS] or outcomes
    return tuple(outcomes)


def _judge_missing(missing: Missing) -> Outcome:
    if not missing.is_last:
        return unknown(missing)
    return Outcome(status=Status.FAIL, path=missing.parent, missing=missing, expected=missing.steps)


def _judge_hit(hit: Hit, keys: tuple[str, ...]) -> list[Outcome]:
    if hit.value == ():
        return [failed(hit, because=Message("check.present.empty"))]
    if not keys:
        return [_passed(hit)]
    given = hit.value if isinstance(hit.value, Mapping) else {}
    lacking = [key for key in keys if given.get(key, ()) == ()]
    if not lacking:
        return [_passed(hit)]
    return [
        Outcome(
            status=Status.FAIL,
            path=hit.path,
            missing=Missing(parent=hit.path, steps=key, is_last=True),
            expected=key,
        )
        for key in lacking
    ]


def _passed(hit: Hit) -> Outcome:
    """Pass a place; a whole part, such as a certificate, is not written out, which would say nothing."""
    return Outcome(Status.PASS, hit.path) if isinstance(hit.value, Mapping) else passed(hit)


def say(options: Options) -> Message:
    """Return what is asked, in words."""
    if "keys" in options:
        return Message("check.present.say_keys", {"keys": ", ".join(texts(options, "keys"))})
    return Message("check.present.say")
