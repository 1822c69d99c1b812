# SPDX-License-Identifier: Apache-2.0
"""`same`: the manifest and its documents agree. A container TCLU1234568 on both passes, another digit fails.

`equal` compares what stands at the two places as sets; `covers` asks that the field holds at least what the other
place holds, `among` that it holds nothing but what stands at any of the others; `sum` that the field equals the sum of
the numbers there. With `form: vn-packhouse-code` only values of that form are compared (a label may bear a name
instead). One finding for each place that disagrees.

Names of firms (`as: name`) agree whatever their case, width, punctuation and spacing. Those that agree only without
diacritics and company forms (`CÔNG TY TNHH AN PHÚ`, `An Phu JSC`) fail as a difference of form, which only warns.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal

from borderready.checks.context import Context, Options, as_decimal, text, texts, unknown
from borderready.checks.forms import FORMS
from borderready.fold import fold, fold_code, fold_firm, fold_phrase, fold_scientific
from borderready.model import Force, Message, Missing, Outcome, Path, Status, Value
from borderready.paths import Hit, find, write_value

KIND = "same"
OPTIONS = {
    "type": "object",
    "additionalProperties": False,
    "required": ["with"],
    "properties": {
        "with": {"type": "array", "minItems": 1, "items": {"type": "string", "minLength": 1}},
        "as": {"type": "string", "enum": ["text", "code", "name", "number", "scientific-name", "hs6"]},
        "how": {"type": "string", "enum": ["equal", "covers", "among", "sum"]},
        "form": {"type": "string", "enum": sorted(FORMS)},
    },
}


def check(context: Context, field: str, options: Options) -> tuple[Outcome, ...]:
    """Compare the field with each of the other places; `among` takes them all together."""
    others = texts(options, "with")
    if text(options, "how") == "among":
        return _compare_among(context, field, others, options)
    return tuple(outcome for other in others for outcome in _compare(context, field, other, options))


def _compare(context: Context, field: str, other: str, options: Options) -> list[Outcome]:
    here, here_missing = _leaves(context, field)
    there, there_missing = _leaves(context, other)
    missings = [unknown(missing) for missing in (*here_missing, *there_missing)]
    here = [hit for hit in here if _has_form(hit, text(options, "form"))]
    if missings or not here or not there:
        return missings
    how = text(options, "how", "equal")
    if how == "sum":
        return [_judge_sum(here, there)]
    return _judge(here, there, how, text(options, "as", "text"))


def _compare_among(context: Context, field: str, others: tuple[str, ...], options: Options) -> tuple[Outcome, ...]:
    """Judge the field against several places as one; where one of them is absent, only a pass can be told."""
    here, missings = _leaves(context, field)
    there: list[Hit] = []
    absent: tuple[Missing, ...] = ()
    for other in others:
        hits, missing = _leaves(context, other)
        there, absent = [*there, *hits], (*absent, *missing)
    here = [hit for hit in here if _has_form(hit, text(options, "form"))]
    if missings or not here or not there:
        return tuple(unknown(missing) for missing in (*missings, *absent))
    outcomes = _judge(here, there, "among", text(options, "as", "text"))
    if absent and outcomes[0].status is not Status.PASS:
        return tuple(unknown(missing) for missing in absent)
    return tuple(outcomes)


def _leaves(context: Context, path: str) -> tuple[list[Hit], tuple[Missing, ...]]:
    hits, missings = find(path, context.view)
    leaves: list[Hit] = []
    for hit in hits:
        if hit.value == ():
            missings = (*missings, Missing(parent=hit.path, steps="[*]", is_last=True))
        elif isinstance(hit.value, tuple):
            leaves.extend(Hit((*hit.path, index), member) for index, member in enumerate(hit.value))
        else:
            leaves.append(hit)
    return leaves, missings


def _has_form(hit: Hit, form: str) -> bool:
    """Tell whether a value is to be compared: without `form` any is, with it only one that has the form."""
    return not form or FORMS[form][0](write_value(hit.value)) is None


def _judge(here: list[Hit], there: list[Hit], how: str, kind: str) -> list[Outcome]:
    outcomes = [] if kind != "name" else _judge_forms(here, there, how)
    outcomes = [*_judge_sets(here, there, how, fold_for(kind)), *outcomes]
    if outcomes:
        return outcomes
    return [
        Outcome(
            status=Status.PASS,
            path=here[0].path,
            found=_join(here),
            expected=_join(there),
            related=tuple(hit.path for hit in there),
        )
    ]


def _judge_sets(here: list[Hit], there: list[Hit], how: str, fold_as: Callable[[Value], str]) -> list[Outcome]:
    ours = {fold_as(hit.value) for hit in here}
    theirs = {fold_as(hit.value) for hit in there}
    lacking = [hit for hit in there if not _is_in(fold_as(hit.value), ours, fold_as)] if how != "among" else []
    extra = [hit for hit in here if not _is_in(fold_as(hit.value), theirs, fold_as)] if how != "covers" else []
    if extra:
        return [_disagree(hit.path, write_value(hit.value), there) for hit in extra]
    return [
        _disagree(_common(here), _join(here), [hit], Message("check.same.lacks", {"value": write_value(hit.value)}))
        for hit in lacking
    ]


def _judge_forms(here: list[Hit], there: list[Hit], how: str) -> list[Outcome]:
    """Return a warning for each name that stands at the other place too, but in another form."""
    ours = {_fold_letters(hit.value) for hit in here}
    theirs = {_fold_letters(hit.value) for hit in there}
    outcomes: list[Outcome] = []
    for hit in here:
        twins = [other for other in there if _fold_firm(other.value) == _fold_firm(hit.value)]
        if how == "covers":
            twins = [other for other in twins if _fold_letters(other.value) not in ours]
        if not twins or _fold_letters(hit.value) in theirs:
            continue
        because, fix = Message("check.same.form"), Message("check.same.fix.form", {"name": _join(twins)})
        outcome = _disagree(hit.path, write_value(hit.value), twins, because)
        outcomes.append(outcome._replace(at_most=Force.WARNS, fix=fix))
    return outcomes


def _fold_letters(value: Value) -> str:
    """Fold a name of a firm as papers do: case, width, punctuation and spacing."""
    return fold_phrase(write_value(value))


def _fold_firm(value: Value) -> str:
    """Fold a name of a firm to who it is; `AnPhu` and `An Phu` are one."""
    return fold_firm(write_value(value)).replace(" ", "")


def _is_in(folded: str, others: set[str], fold_as: Callable[[Value], str]) -> bool:
    """Tell whether a folded value is among others; a genus alone (`Musa spp.`) agrees with each of its species."""
    if folded in others or fold_as is not _fold_species:
        return folded in others
    genus = folded.split(" ")[0]
    return any(other.split(" ")[0] == genus and (" " not in folded or " " not in other) for other in others)


def _fold_species(value: Value) -> str:
    return fold_scientific(write_value(value))


def _judge_sum(here: list[Hit], there: list[Hit]) -> Outcome:
    ours = [as_decimal(hit.value) for hit in here]
    theirs = [as_decimal(hit.value) for hit in there]
    if None in ours or None in theirs:
        return _disagree(here[0].path, _join(here), there, Message("check.not_a_number"))
    left = sum((number for number in ours if number is not None), Decimal(0))
    right = sum((number for number in theirs if number is not None), Decimal(0))
    if left == right:
        return Outcome(
            status=Status.PASS,
            path=here[0].path,
            found=str(left),
            expected=str(right),
            related=tuple(hit.path for hit in there),
        )
    return _disagree(here[0].path, str(left), there, Message("check.same.sum", {"sum": str(right)}), str(right))


def _disagree(
    path: Path, found: str, there: list[Hit], because: Message | None = None, expected: str | None = None
) -> Outcome:
    return Outcome(
        status=Status.FAIL,
        path=path,
        found=found,
        expected=expected if expected is not None else _join(there),
        because=because,
        related=tuple(hit.path for hit in there),
    )


def _join(hits: list[Hit]) -> str:
    return ", ".join(dict.fromkeys(write_value(hit.value) for hit in hits))


def _common(hits: list[Hit]) -> Path:
    """Return the place that holds them all: the list, where they are members of one."""
    first = hits[0].path
    return first[:-1] if len(hits) > 1 and isinstance(first[-1], int) else first


def fold_for(kind: str) -> Callable[[Value], str]:
    """Return how values are compared under an `as` option."""
    return _FOLDS.get(kind, _fold_text)


def _fold_number(value: Value) -> str:
    number = as_decimal(value)
    return str(number.normalize()) if number is not None else write_value(value)


def _fold_hs6(value: Value) -> str:
    return re.sub(r"\D", "", write_value(value))[:6]


def _fold_code(value: Value) -> str:
    return fold_code(write_value(value))


def _fold_text(value: Value) -> str:
    return fold(write_value(value))


_FOLDS: Mapping[str, Callable[[Value], str]] = {
    "code": _fold_code,
    "hs6": _fold_hs6,
    "number": _fold_number,
    "scientific-name": _fold_species,
    "name": _fold_firm,
}


def say(options: Options) -> Message:
    """Return what is asked, in words."""
    return Message(f"check.same.say_{text(options, 'how', 'equal')}", {"paths": ", ".join(texts(options, "with"))})
