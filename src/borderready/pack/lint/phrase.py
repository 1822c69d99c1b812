# SPDX-License-Identifier: Apache-2.0
"""`phrase`: each phrase and each listed value can decide: none is empty, said twice, or hidden behind another."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from borderready.fold import fold, fold_code, fold_phrase, fold_scientific
from borderready.model import Value
from borderready.pack.lint.finding import LintFinding, remark_at
from borderready.pack.view import PackView

ID = "phrase"
_LISTS = ("any_of", "all_of", "values")
_FOLDS: Mapping[str, Callable[[str], str]] = {
    "code": fold_code,
    "scientific-name": fold_scientific,
    "words": lambda text: " ".join(re.sub(r"[\W_]+", " ", fold(text)).split()),
    "text": fold,
}


def lint(pack: PackView, day: str) -> Iterator[LintFinding]:
    """Yield phrases that change no answer."""
    for rule in pack.rule_base.rules:
        if rule.check not in ("says", "one_of", "none_of"):
            continue
        for index, wording in enumerate(rule.wordings):
            for name in _LISTS:
                for place, text in _problems(wording.options, name):
                    path = ("wordings", index, "options", name, place)
                    yield remark_at(pack, ID, f"{rule.id}.yaml", path, text)


def _problems(options: Mapping[str, Value], name: str) -> Iterator[tuple[int, str]]:
    phrases = options.get(name, ())
    if not isinstance(phrases, tuple):
        return
    fold_as = fold_phrase if name != "values" else _FOLDS[str(options.get("as", "text"))]
    folded = [fold_as(str(phrase)) for phrase in phrases]
    for index, (phrase, form) in enumerate(zip(phrases, folded, strict=True)):
        if not form:
            yield index, f"'{phrase}' has neither letters nor digits: every text would hold it"
        elif form in folded[:index]:
            yield index, f"'{phrase}' is compared as '{phrases[folded.index(form)]}' is: it stands here twice"
        elif name != "values":
            within = next((other for other, its in zip(phrases, folded, strict=True) if _hides(its, form, name)), None)
            if within is not None:
                yield index, f"'{phrase}' changes nothing beside '{within}'"


def _hides(other: str, form: str, name: str) -> bool:
    """Tell whether a phrase is idle beside another: the longer of two that may stand, the shorter of two that must."""
    if not other or other == form:
        return False
    return other in form if name == "any_of" else form in other
