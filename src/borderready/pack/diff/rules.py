# SPDX-License-Identifier: Apache-2.0
"""Rules: added, removed, renamed, replaced, repealed, and what changed in those that stayed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace

from borderready.model import Disabled, Force, Message, Rule, RuleId, Wording
from borderready.model.change import About, Change, Detail, Reach, Turn
from borderready.pack.diff.detail import as_reach, compare, listed, on_day, reworded
from borderready.pack.diff.lanes import Pair, force_of_rule, lanes_of, strongest
from borderready.pack.diff.wordings import compare_wordings

# Fields of a rule that are told in their own way; of any other, also one to come, that it is another is told.
_OWN_WAY = frozenset({"id", "title", "scope", "wordings", "overrides", "replaces", "is_waivable", "disabled"})
_OF_KNOWLEDGE = frozenset({"acts", "consequence"})  # an area is not: settings may leave one out
_SCOPES = {"origins": "origin", "products": "product", "modes": "mode", "channels": "channel", "entries": "entry"}


def changes_of_rules(pair: Pair) -> Iterator[Change]:
    """Yield what became of every rule that is not the same in both packs."""
    old = {rule.id: rule for rule in pair.old.rules}
    new = {rule.id: rule for rule in pair.new.rules}
    added = [rule for name, rule in new.items() if name not in old]
    gone = {name: rule for name, rule in old.items() if name not in new}
    renamed = _renamed(added, gone)
    for rule in added:
        before = renamed.get(rule.id)
        if before is not None:
            del gone[before.id]
            yield _moved(pair, before, rule)
        else:
            yield _added(pair, rule, tuple(name for name in rule.replaces if name in old))
    for rule in gone.values():
        yield _removed(pair, rule)
    for name in sorted(old.keys() & new.keys()):
        details = compare_rules(old[name], new[name])
        if details:
            yield _changed(pair, old[name], new[name], details)


def compare_rules(old: Rule, new: Rule) -> tuple[Detail, ...]:
    """Return what differs between two rules but their ids; () only for equal ones."""
    details: list[Detail] = []
    for name in (field.name for field in fields(Rule) if field.name not in _OWN_WAY):
        was, now = (None if value is None else str(value) for value in (getattr(old, name), getattr(new, name)))
        reach = Reach.KNOWLEDGE if name in _OF_KNOWLEDGE else Reach.ANSWER
        details += as_reach(compare(name, was, now, name, key=name), reach)
    details += _of_scope(old, new)
    details += listed("overrides", old.overrides, new.overrides, "overrides", key="overrides")
    details += as_reach(listed("replaces", old.replaces, new.replaces, "replaces", key="replaces"), Reach.KNOWLEDGE)
    if old.is_waivable != new.is_waivable:
        told = Message("change.waivable" if new.is_waivable else "change.not_waivable")
        words = ("never", None) if new.is_waivable else (None, "never")
        details.append(Detail(key="waivable", told=told, place="waivable", before=words[0], after=words[1]))
    details += _of_disabling(old.disabled, new.disabled)
    if old.title != new.title:
        details.append(reworded("title", "title", old.title.en, new.title.en))
    first = min(old.wordings[-1].start, new.wordings[-1].start)
    return (*compare_wordings(old, new), *on_day(details, first))


def _of_disabling(old: Disabled | None, new: Disabled | None) -> Iterator[Detail]:
    """Yield that another pack of the chain disables a rule, or for another reason, or until another day."""
    was, now = (None if one is None else (one.pack, one.reason, one.until) for one in (old, new))
    if was == now:
        return
    told = Message("change.not_disabled", {"pack": old.pack if old is not None else ""})
    if new is not None:
        args = {"pack": new.pack, "reason": new.reason, "until": new.until or ""}
        told = Message("change.disabled" if new.until is None else "change.disabled_until", args)
    words = (None if one is None else f"{one.pack}: {one.reason} {one.until or ''}".rstrip() for one in (old, new))
    before, after = words
    yield Detail(key="disabled", told=told, place="disables", before=before, after=after)


def _of_scope(old: Rule, new: Rule) -> Iterator[Detail]:
    for name, shown in _SCOPES.items():
        before, after = getattr(old.scope, name), getattr(new.scope, name)
        yield from listed(shown, before, after, f"applies_to.{shown}", key="scope", empty_is_any=True)
    conditions = {(one.kind, one.path): one.values for one in old.scope.conditions}
    now = {(one.kind, one.path): one.values for one in new.scope.conditions}
    for kind, path in dict.fromkeys((*conditions, *now)):
        values, others = conditions.get((kind, path)), now.get((kind, path))
        place = f"applies_to.{kind}.{path}"
        if values is not None and others is not None:
            yield from listed(f"{kind} {path}", values, others, place, key="condition")
            continue
        held = values if values is not None else others or ()
        told = f"change.condition.{kind}.{'added' if values is None else 'dropped'}"
        args = {"path": path, "values": " / ".join(held)}
        yield Detail(
            key="condition",
            told=Message(told, args),
            place=place,
            before=None if values is None else " / ".join(held) or path,
            after=None if others is None else " / ".join(held) or path,
        )
    if conditions == now and old.scope.conditions != new.scope.conditions:
        # Of several fields that are lacking the first is asked for.
        yield Detail(key="condition", told=Message("change.conditions_reordered"), place="applies_to")


def _renamed(added: list[Rule], gone: dict[RuleId, Rule]) -> dict[RuleId, Rule]:
    """Return the rules that only have another id now: the one they name, else one that asks the same."""
    alike: dict[tuple[str, ...], dict[RuleId, Rule]] = {}
    for name, rule in gone.items():
        alike.setdefault(_kind(rule), {})[name] = rule
    found: dict[RuleId, Rule] = {}
    for rule in added:
        left = alike.get(_kind(rule), {})
        for before in [left[name] for name in rule.replaces if name in left] or list(left.values()):
            same = compare_rules(replace(before, replaces=rule.replaces), rule)
            if all(detail.reach is Reach.WORDS for detail in same):
                found[rule.id] = left.pop(before.id)
                break
    return found


def _kind(rule: Rule) -> tuple[str, ...]:
    return (rule.check, rule.field, rule.each, rule.area)


def _moved(pair: Pair, old: Rule, new: Rule) -> Change:
    details = compare_rules(old, new)
    told = Message("change.renamed", {"before": old.id, "after": new.id})
    # Waivers, settings and what is built on the reports name rules by their ids.
    moved = Detail(key="id", told=told, place="id", before=old.id, after=new.id)
    return replace(_changed(pair, old, new, (moved, *details)), turn=Turn.RENAMED, others=(old.id,))


def _added(pair: Pair, rule: Rule, replaced: tuple[RuleId, ...]) -> Change:
    """Return the change of a new rule; of one that takes the place of others what it asks differently, too."""
    details = [_comes(wording, rule.wordings[index - 1] if index else None) for index, wording in _asking(rule)]
    before = {one.id: one for one in pair.old.rules}
    if len(replaced) == 1:
        details += compare_rules(before[replaced[0]], replace(rule, replaces=before[replaced[0]].replaces))
    return Change(
        about=About.RULE,
        turn=Turn.REPLACED if replaced else Turn.ADDED,
        id=rule.id,
        others=tuple(replaced),
        title=rule.title,
        area=rule.area,
        lanes=lanes_of(pair, [(rule.scope.origins, rule.scope.products)]),
        acts=(rule.acts,),
        day=rule.wordings[-1].start,
        force=force_of_rule(rule),
        details=tuple(details),
    )


def _removed(pair: Pair, rule: Rule) -> Change:
    told = Message("change.rule_removed")
    detail = Detail(key="removed", told=told, place="", day=rule.wordings[-1].start, says=_newest(rule).says)
    return Change(
        about=About.RULE,
        turn=Turn.REMOVED,
        id=rule.id,
        title=rule.title,
        area=rule.area,
        lanes=lanes_of(pair, [(rule.scope.origins, rule.scope.products)]),
        acts=(rule.acts,),
        day=rule.wordings[-1].start,
        force=force_of_rule(rule),
        details=(detail,),
    )


def _changed(pair: Pair, old: Rule, new: Rule, details: tuple[Detail, ...]) -> Change:
    is_repealed = new.wordings[0].repealed and not old.wordings[0].repealed
    days = [detail.day for detail in details if detail.reach is Reach.ANSWER and detail.day is not None]
    return Change(
        about=About.RULE,
        turn=Turn.REPEALED if is_repealed else Turn.CHANGED,
        id=new.id,
        title=new.title,
        area=new.area,
        lanes=lanes_of(pair, [(rule.scope.origins, rule.scope.products) for rule in (old, new)]),
        acts=tuple(dict.fromkeys((new.acts, old.acts))),
        day=min(days, default=None),
        force=_force(old, new, details),
        details=details,
    )


def _force(old: Rule, new: Rule, details: tuple[Detail, ...]) -> Force:
    return strongest(force_of_rule(rule) for rule in (old, new)) if details else Force.INFORMS


def _asking(rule: Rule) -> list[tuple[int, Wording]]:
    return [(index, wording) for index, wording in enumerate(rule.wordings) if not wording.repealed]


def _comes(wording: Wording, above: Wording | None) -> Detail:
    """Return the detail of a wording of a new rule; it ends where the one above it starts."""
    args = {"start": wording.start, "until": above.start if above is not None else ""}
    told = Message("change.asks_from" if above is None else "change.asked_between", args)
    place = f"wordings[{wording.start}]"
    return Detail(key="wording", told=told, place=place, day=wording.start, after=wording.start, says=wording.says)


def _newest(rule: Rule) -> Wording:
    return next((wording for wording in rule.wordings if not wording.repealed), rule.wordings[0])
