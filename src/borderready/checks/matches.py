# SPDX-License-Identifier: Apache-2.0
"""`matches`: a number or mark has its form. With `form: iso6346` TCLU1234568 passes if its check digit is right."""

from __future__ import annotations

from borderready.checks.context import Context, Options, failed, judge_hits, passed, text
from borderready.checks.forms import FORMS, LONGEST_INPUT, compiled
from borderready.model import Message, Outcome
from borderready.paths import Hit, write_value

KIND = "matches"
OPTIONS = {
    "type": "object",
    "additionalProperties": False,
    "minProperties": 1,
    "maxProperties": 1,
    "properties": {
        "form": {"type": "string", "enum": sorted(FORMS)},
        "pattern": {"type": "string", "minLength": 1, "maxLength": 400},
    },
}


def check(context: Context, field: str, options: Options) -> tuple[Outcome, ...]:
    """Judge the form of each value found."""
    form, pattern = text(options, "form"), text(options, "pattern")

    def judge(hit: Hit) -> Outcome:
        found = write_value(hit.value)
        expected = FORMS[form][1] if form else pattern
        if len(found) > LONGEST_INPUT:
            return failed(hit, expected, Message("check.matches.too_long"))
        if form:
            because = FORMS[form][0](found)
        else:
            because = None if compiled(pattern).fullmatch(found.strip()) else Message("check.matches.form")
        return passed(hit, expected) if because is None else failed(hit, expected, because)

    return judge_hits(context, field, judge)


def say(options: Options) -> Message:
    """Return what is asked, in words."""
    form = text(options, "form")
    if form:
        return Message("check.matches.say_form", {"form": form, "example": FORMS[form][1]})
    return Message("check.matches.say_pattern", {"pattern": text(options, "pattern")})
