# SPDX-License-Identifier: Apache-2.0
"""`attested`: somebody vouches for what no field can show. `what: orchard-gap` passes with such an attestation."""

from __future__ import annotations

from collections.abc import Mapping

from borderready.checks.context import Context, Options, failed, passed, text
from borderready.model import Message, Outcome, Status
from borderready.paths import Hit, find

KIND = "attested"
OPTIONS = {
    "type": "object",
    "additionalProperties": False,
    "required": ["what"],
    "properties": {"what": {"type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$"}},
}


def check(context: Context, field: str, options: Options) -> tuple[Outcome, ...]:
    """Judge the attestations of that name; without one a person has to look."""
    what = text(options, "what")
    hits, missings = find(f"attestations[what={what}]", context.view)
    if not hits:
        (missing,) = missings
        return (Outcome(status=Status.MANUAL, path=missing.parent, missing=missing, expected=what),)
    return tuple(_judge(hit, context.day) for hit in hits)


def _judge(hit: Hit, day: str) -> Outcome:
    given = hit.value if isinstance(hit.value, Mapping) else {}
    if given.get("holds") is False:
        return failed(hit, because=Message("check.attested.denied"))
    until = given.get("valid_until")
    if isinstance(until, str) and until < day:
        return failed(hit, because=Message("check.attested.lapsed", {"until": until, "day": day}))
    return passed(hit)


def say(options: Options) -> Message:
    """Return what is asked, in words."""
    return Message("check.attested.say", {"what": text(options, "what")})
