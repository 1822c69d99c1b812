# SPDX-License-Identifier: Apache-2.0
"""Named forms of numbers and marks, each with its source; and the patterns that a rule may write itself.

Every pattern here and every pattern of a pack takes time linear in its input: all repeats are bounded, no group
repeats, there is no look-around and no back reference; and inputs are cut at 200 characters.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from borderready.fold import fold_code
from borderready.model import Message

LONGEST_INPUT = 200
_MOST_REPEATS = 64
_MOST_WAYS = 10_000  # in which a pattern may be tried at one place: choices multiply when a match fails
_TOKEN = re.compile(
    r"(?P<escape>\\.)|(?P<class>\[\^?\]?(?:\\.|[^\]\\])*\])|(?P<open>\((?:\?:)?)|(?P<special>\(\?)|(?P<close>\))"
    r"|(?P<bar>\|)|(?P<repeat>\{[0-9]*,?[0-9]*\}|[*+?])|(?P<other>.)",
    re.DOTALL,
)
_REPEAT = re.compile(r"\{([0-9]+)(?:,([0-9]+))?\}")

# ISO 6346: owner code of three letters, category U, J or Z, six digits, check digit.
_CONTAINER = re.compile(r"[A-Z]{3}[UJZ][0-9]{7}")
# Vietnamese growing-area and packing-house codes as seen in GACC notices: a hint, not a published standard.
_VN_ORCHARD = re.compile(r"VN[ -]?[A-Z]{2,6}OR[ -]?[0-9]{2,6}", re.IGNORECASE)
_VN_PACKHOUSE = re.compile(r"VN[ -]?[A-Z]{2,6}PH[ -]?[0-9]{2,6}", re.IGNORECASE)
# ISPM 15 Annex 2: country, producer, treatment; DB and DUN were or are added for debarked wood and dunnage.
_ISPM15 = re.compile(
    r"[A-Z]{2}[ -][A-Z0-9 ./-]{1,40}[ -](?:KD-HT|KD-MB|KD-DH|KD-SF|HT|MB|DH|SF)(?:| DB|-DB| DUN|-DUN)", re.IGNORECASE
)
# GACC registration number: C, country, category letters or digits, date and serial; eighteen characters in all.
_GACC = re.compile(r"C[A-Z]{3}[0-9]{14}")
_FORM_E = re.compile(r"VN-CN ?[0-9]{2}/[0-9]{2}/[0-9]{5,7}")
_HS = re.compile(r"[0-9]{8}|[0-9]{10}|[0-9]{13}")


def _match(pattern: re.Pattern[str]) -> Callable[[str], Message | None]:
    def judge(found: str) -> Message | None:
        return None if pattern.fullmatch(found.strip()) else Message("check.matches.form")

    return judge


def _container(found: str) -> Message | None:
    """Judge a container number: its form, then its check digit."""
    number = fold_code(found)
    if not _CONTAINER.fullmatch(number):
        return Message("check.matches.container_form")
    from stdnum import iso6346  # slow to import, and most rules need no check digit

    digit = str(iso6346.calc_check_digit(number[:-1]))
    if digit == number[-1]:
        return None
    return Message("check.matches.check_digit", {"digit": digit, "found": number[-1]})


def _hs_code(found: str) -> Message | None:
    return None if _HS.fullmatch(found.replace(".", "").strip()) else Message("check.matches.form")


FORMS: dict[str, tuple[Callable[[str], Message | None], str]] = {
    "iso6346": (_container, "TCLU1234568"),
    "ispm15": (_match(_ISPM15), "VN-045 HT"),
    "gacc-number": (_match(_GACC), "CVNM18022405010001"),
    "vn-orchard-code": (_match(_VN_ORCHARD), "VN-DLOR-0123"),
    "vn-packhouse-code": (_match(_VN_PACKHOUSE), "VN-DLPH-014"),
    "vn-co-form-e": (_match(_FORM_E), "VN-CN 26/02/12345"),
    "hs-code": (_hs_code, "0810600000"),
}


def problem_of(pattern: str) -> str | None:
    """Return why a pattern of a pack is refused, or None; the sentence is for the author of the rule.

    Refused is whatever could take more than linear time: unbounded repeats, groups that repeat, look-around, back
    references, and choices whose number multiplies beyond a bound.
    """
    try:
        re.compile(pattern)
    except (re.error, RecursionError, OverflowError) as error:
        return f"a fault: {error}"
    ways, bars, before = 1, [0], ""
    for token in _TOKEN.finditer(pattern):
        kind, text = str(token.lastgroup), token.group()
        if kind == "special" or (kind == "open" and pattern.startswith("(?", token.start()) and text == "("):
            return "look-around, a flag or a named group"
        if kind == "escape" and text[1] in "123456789gk":
            return "a back reference"
        if kind == "repeat":
            problem, choices = _judge_repeat(text, before)
            if problem is not None:
                return problem
            ways *= choices
        elif kind == "bar":
            bars[-1] += 1
        elif kind == "open":
            bars.append(0)
        elif kind == "close":
            ways *= bars.pop() + 1
        if ways > _MOST_WAYS:
            return "choices that multiply: write fewer optional or alternative parts"
        before = kind
    return None


def _judge_repeat(text: str, before: str) -> tuple[str | None, int]:
    """Return what is wrong with a repeat after a kind of token, and in how many ways it can match."""
    if before in ("close", "repeat"):
        return "a group that repeats or is optional, or a repeat of a repeat; write the alternatives", 1
    if text == "?":
        return None, 2
    bounds = _REPEAT.fullmatch(text)
    if bounds is None:
        return "an unbounded repeat; write both bounds, such as {0,20}", 1
    low, high = int(bounds[1]), int(bounds[2] or bounds[1])
    if high > _MOST_REPEATS:
        return f"a repeat of more than {_MOST_REPEATS}", 1
    return None, high - low + 1


@lru_cache(maxsize=512)
def compiled(pattern: str) -> re.Pattern[str]:
    """Return a pattern of a pack, compiled once; it was judged by `problem_of` when the pack was read."""
    return re.compile(pattern)
