# SPDX-License-Identifier: Apache-2.0
"""Wordings of one rule: those that start, stop, move, are repealed, and what those of one start say differently."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from borderready.model import Force, Message, Rule, Source, Wording
from borderready.model.change import Detail, Reach
from borderready.pack.diff.detail import as_reach, compare, listed, on_day, reworded
from borderready.scope import force_of


def compare_wordings(old: Rule, new: Rule) -> tuple[Detail, ...]:
    """Return what differs between the wordings of two rules; () only for equal ones of equal force."""
    before = {wording.start: wording for wording in old.wordings}
    after = {wording.start: wording for wording in new.wordings}
    gone = [wording for wording in old.wordings if wording.start not in after]
    come = [wording for wording in new.wordings if wording.start not in before]
    details: list[Detail] = []
    for wording in come:
        was = _moved_from(wording, gone)
        if was is None:
            details += starts_of(new, wording)
            continue
        gone.remove(was)
        details.append(_moves(was, wording))
        day = min(was.start, wording.start)
        details += on_day(tuple(_compare(old, new, replace(was, start=wording.start), wording)), day)
    details += [_stops(wording) for wording in gone]
    for wording in new.wordings:
        if wording.start in before:
            details += _compare(old, new, before[wording.start], wording)
    return tuple(sorted(details, key=lambda detail: detail.day or "", reverse=True))


def _moved_from(wording: Wording, gone: list[Wording]) -> Wording | None:
    """Return the wording that only starts on another day now: the same one, else one that says the same."""
    same = [was for was in gone if replace(was, start=wording.start) == wording]
    alike = [was for was in gone if (was.says, was.repealed) == (wording.says, wording.repealed)]
    return next(iter((*same, *alike)), None)


def _moves(was: Wording, wording: Wording) -> Detail:
    args = {"before": was.start, "after": wording.start}
    return Detail(
        key="start",
        told=Message("change.repeal_moved" if wording.repealed else "change.start_moved", args),
        place=f"wordings[{wording.start}].start",
        day=min(was.start, wording.start),
        before=was.start,
        after=wording.start,
    )


def starts_of(rule: Rule, wording: Wording) -> Iterator[Detail]:
    """Yield that a wording starts, and what it asks differently from the one before it."""
    place = f"wordings[{wording.start}]"
    below = next((other for other in rule.wordings if other.start < wording.start), None)
    key = "change.repealed" if wording.repealed else "change.wording_starts"
    told = Message(key, {"start": wording.start})
    yield Detail(
        key="repeal" if wording.repealed else "wording",
        told=told,
        place=place,
        day=wording.start,
        after=wording.start,
        says=wording.says,
    )
    if below is not None and not wording.repealed and not below.repealed:
        yield from _compare_what(below, wording, place)
        yield from _compare_force(rule, rule, below, wording, place)


def _stops(wording: Wording) -> Detail:
    told = Message("change.wording_removed", {"start": wording.start})
    place = f"wordings[{wording.start}]"
    key = "repeal" if wording.repealed else "wording"
    return Detail(key=key, told=told, place=place, day=wording.start, before=wording.start, says=wording.says)


def _compare(old: Rule, new: Rule, before: Wording, after: Wording) -> Iterator[Detail]:
    """Yield what differs between two wordings of one start."""
    place = f"wordings[{after.start}]"
    if before.repealed != after.repealed:
        told = Message("change.repealed" if after.repealed else "change.not_repealed", {"start": after.start})
        detail = Detail(key="repeal", told=told, place=f"{place}.repealed", day=after.start, says=after.says)
        yield replace(detail, before=_yes(before.repealed), after=_yes(after.repealed))
    yield from _compare_what(before, after, place)
    yield from _compare_force(old, new, before, after, place)
    yield from _compare_source(before.source, after.source, f"{place}.source", after.start)
    for name in ("says", "fix"):
        said, says = getattr(before, name), getattr(after, name)
        if said != says:
            yield reworded(name, f"{place}.{name}", said.en if said else "", says.en if says else "")


def _compare_what(before: Wording, after: Wording, place: str) -> tuple[Detail, ...]:
    return on_day(compare("options", before.options, after.options, f"{place}.options", key="option"), after.start)


def _compare_force(old: Rule, new: Rule, before: Wording, after: Wording, place: str) -> Iterator[Detail]:
    forces = _force(old, before), _force(new, after)
    if forces[0] is forces[1]:
        return
    told = Message("change.force", words={"before": f"force.{forces[0]}", "after": f"force.{forces[1]}"})
    yield Detail(key="force", told=told, place=place, day=after.start, before=str(forces[0]), after=str(forces[1]))


def _force(rule: Rule, wording: Wording) -> Force:
    return Force.INFORMS if rule.check == "tell" else force_of(rule.severity, wording.source)


def _compare_source(before: Source, after: Source, place: str, day: str) -> Iterator[Detail]:
    """Yield what differs in a source; what follows from it for the force is told apart."""
    for name in ("instrument", "seen"):
        was, now = str(getattr(before, name)), str(getattr(after, name))
        yield from on_day(as_reach(compare(name, was, now, f"{place}.{name}", key="source"), Reach.KNOWLEDGE), day)
    witnesses = listed("witnesses", before.witnesses, after.witnesses, f"{place}.witnesses", key="source")
    yield from on_day(as_reach(witnesses, Reach.KNOWLEDGE), day)
    if before.locator != after.locator:
        yield reworded("locator", f"{place}.locator", before.locator, after.locator)
    if before.checked != after.checked:
        yield reworded("checked", f"{place}.checked", before.checked or "", after.checked or "")


def _yes(value: bool) -> str | None:
    return "true" if value else None
