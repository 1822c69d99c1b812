# SPDX-License-Identifier: Apache-2.0
"""`says`: mandated words stand in a text. With `any_of: [输往中华人民共和国]` a pallet that bears them passes.

Unicode form, width, case, punctuation and white space are folded; a missing or another word is not forgiven.
"""

from __future__ import annotations

from borderready.checks.context import Context, Options, failed, judge_hits, passed, texts
from borderready.checks.one_of import VALUES
from borderready.fold import fold_phrase
from borderready.model import Message, Outcome
from borderready.paths import Hit, write_value

KIND = "says"
OPTIONS = {
    "type": "object",
    "additionalProperties": False,
    "minProperties": 1,
    "maxProperties": 1,
    "properties": {"any_of": VALUES, "all_of": VALUES},
}


def check(context: Context, field: str, options: Options) -> tuple[Outcome, ...]:
    """Judge each text found."""
    any_of = texts(options, "any_of") if "any_of" in options else ()
    all_of = texts(options, "all_of") if "all_of" in options else ()

    def judge(hit: Hit) -> Outcome:
        found = fold_phrase(write_value(hit.value))
        if any_of:
            fits = any(fold_phrase(phrase) in found for phrase in any_of)
            return passed(hit, " / ".join(any_of)) if fits else failed(hit, " / ".join(any_of))
        lacking = [phrase for phrase in all_of if fold_phrase(phrase) not in found]
        if not lacking:
            return passed(hit, " + ".join(all_of))
        return failed(hit, " + ".join(all_of), Message("check.says.lacking", {"phrases": ", ".join(lacking)}))

    return judge_hits(context, field, judge)


def say(options: Options) -> Message:
    """Return what is asked, in words."""
    if "any_of" in options:
        return Message("check.says.say_any", {"phrases": " / ".join(texts(options, "any_of"))})
    return Message("check.says.say_all", {"phrases": " + ".join(texts(options, "all_of"))})
