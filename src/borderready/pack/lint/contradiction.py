# SPDX-License-Identifier: Apache-2.0
"""`contradiction`: no two rules ask of one field of one shipment what cannot both be true."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from itertools import combinations

from borderready.fold import fold, fold_phrase
from borderready.model import Rule, RuleBase, Value, Wording
from borderready.pack.lanes import common_time, have_common_shipments
from borderready.pack.lint.finding import LintFinding, remark_at
from borderready.pack.view import PackView
from borderready.subjects import is_asked_of

ID = "contradiction"
_NUMBERS = ("limit", "within")
# Options beside the bounds that make numbers of two rules different things.
_OTHER_UNIT = ("of", "table", "not_detected")


def lint(pack: PackView, day: str) -> Iterator[LintFinding]:
    """Yield pairs of rules that no shipment of a lane which both concern can fulfil.

    Both bind, and one of them at least is the pack's own.
    """
    by_field: dict[str, list[Rule]] = defaultdict(list)
    for rule in pack.whole.rules:
        if rule.check in _CLAIMS and rule.disabled is None:
            by_field[rule.field].append(rule)
    own = {rule.id for rule in pack.rule_base.rules}
    for rules in by_field.values():
        for pair in combinations(rules, 2):
            one, other = pair if pair[0].id in own else reversed(pair)
            if one.id not in own:
                continue
            for index, text in _problems(one, other, pack.whole):
                yield remark_at(pack, ID, f"{one.id}.yaml", ("wordings", index, "options"), text)
                break  # the first day on which they disagree is enough


def _problems(one: Rule, other: Rule, rule_base: RuleBase) -> Iterator[tuple[int, str]]:
    if other.id in one.overrides or one.id in other.overrides:
        return
    if not (is_asked_of(one.each, other.each) or is_asked_of(other.each, one.each)):
        return
    clashes = [
        (index, mine, theirs) for index, mine, theirs in common_time(one, other) if _clash(one, mine, other, theirs)
    ]
    if not clashes or not have_common_shipments(one, other, rule_base):
        return
    for index, mine, theirs in clashes:
        yield index, f"{_CLAIMS[one.check](mine)}; {other.id} asks from {theirs.start}: {_CLAIMS[other.check](theirs)}"


def _clash(one: Rule, mine: Wording, other: Rule, theirs: Wording) -> bool:
    kinds = {one.check, other.check}
    if kinds <= set(_NUMBERS):
        return _numbers_clash(mine.options, theirs.options)
    if one.check == "one_of" and other.check in ("one_of", "none_of"):
        return _words_clash(mine.options, theirs.options, is_other_refused=other.check == "none_of")
    if other.check == "one_of" and one.check == "none_of":
        return _words_clash(theirs.options, mine.options, is_other_refused=True)
    if kinds == {"says", "none_of"}:
        says, refuses = (mine, theirs) if one.check == "says" else (theirs, mine)
        return _phrases_clash(says.options, refuses.options)
    return False


def _numbers_clash(mine: Mapping[str, Value], theirs: Mapping[str, Value]) -> bool:
    if any(mine.get(name) != theirs.get(name) for name in (*_OTHER_UNIT, "unit")):
        return False
    lows = [_decimal(options.get("min")) for options in (mine, theirs)]
    highs = [_decimal(options.get("max")) for options in (mine, theirs)]
    least = max((low for low in lows if low is not None), default=None)
    most = min((high for high in highs if high is not None), default=None)
    return least is not None and most is not None and least > most


def _decimal(value: Value | None) -> Decimal | None:
    return Decimal(value) if isinstance(value, (int, Decimal)) else None


def _words_clash(asked: Mapping[str, Value], other: Mapping[str, Value], *, is_other_refused: bool) -> bool:
    """Tell whether nothing that is asked for is allowed; only where each value found must be one of those asked for."""
    kinds = {asked.get("as", "text"), other.get("as", "text")}
    if asked.get("need", "every") == "some" or other.get("need", "every") == "some" or len(kinds) > 1:
        return False
    wanted, listed = _folded(asked), _folded(other)
    if kinds == {"words"}:
        return False  # a text can have the words of both
    return wanted <= listed if is_other_refused else wanted.isdisjoint(listed)


def _folded(options: Mapping[str, Value]) -> set[str]:
    values = options.get("values", ())
    return {fold(str(value)) for value in values} if isinstance(values, tuple) else set()


def _phrases_clash(says: Mapping[str, Value], refuses: Mapping[str, Value]) -> bool:
    if refuses.get("as") != "words":
        return False
    words = [fold_phrase(word) for word in _folded(refuses)]
    phrases = says.get("any_of", says.get("all_of", ()))
    bad = (
        [any(word in fold_phrase(str(phrase)) for word in words) for phrase in phrases]
        if isinstance(phrases, tuple)
        else []
    )
    return bool(bad) and (all(bad) if "any_of" in says else any(bad))


def _say_bounds(wording: Wording) -> str:
    return ", ".join(f"{name} {wording.options[name]}" for name in ("min", "max") if name in wording.options)


def _say_list(name: str, verb: str) -> Callable[[Wording], str]:
    def say(wording: Wording) -> str:
        listed = wording.options.get(name, wording.options.get("all_of", ()))
        return f"{verb} {', '.join(map(str, listed if isinstance(listed, tuple) else ()))}"

    return say


_CLAIMS: Mapping[str, Callable[[Wording], str]] = {
    "limit": _say_bounds,
    "within": _say_bounds,
    "one_of": _say_list("values", "only"),
    "none_of": _say_list("values", "none of"),
    "says": _say_list("any_of", "the words"),
}
