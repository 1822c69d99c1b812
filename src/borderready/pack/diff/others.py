# SPDX-License-Identifier: Apache-2.0
"""Products, notices, instruments and gaps: what came, went and changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeVar

from borderready.model import Force, Gap, Instrument, Message, Notice, Product, Severity, Texts
from borderready.model.change import About, Change, Detail, Lanes, Reach, Turn
from borderready.pack.diff.detail import as_reach, compare, listed, on_day, reworded
from borderready.pack.diff.lanes import Pair, lanes_of, strongest
from borderready.scope import force_of

_Thing = Product | Notice | Instrument | Gap
T = TypeVar("T", bound=_Thing)


def changes_of_products(pair: Pair) -> Iterator[Change]:
    """Yield what became of products; their groups decide which rules and rows concern them."""
    old, new = pair.old.products, pair.new.products
    for name in sorted(old.keys() | new.keys()):
        was, now = old.get(name), new.get(name)
        details = _came_or_went(was, now, "product") or _of_product(was, now)
        if details:
            lanes = Lanes(products=(name,), goods=(name,))
            title = _either(was, now).name
            yield _change(About.PRODUCT, name, was, now, details, title=title, lanes=lanes, force=Force.BLOCKS)


def _of_product(old: Product | None, new: Product | None) -> tuple[Detail, ...]:
    assert old is not None and new is not None
    details = list(listed("groups", old.groups, new.groups, "groups", key="groups"))
    for name in ("synonyms", "hs_codes", "scientific_names"):
        lists = listed(name, getattr(old, name), getattr(new, name), name, key="names")
        details += as_reach(lists, Reach.KNOWLEDGE)
    return (*details, *_texts("name", old.name, new.name))


def changes_of_notices(pair: Pair) -> Iterator[Change]:
    """Yield what became of closures and suspensions."""
    old, new = _by_id(pair.old.notices), _by_id(pair.new.notices)
    for name in sorted(old.keys() | new.keys()):
        was, now = old.get(name), new.get(name)
        details = _came_or_went(was, now, "notice") or _of_notice(was, now)
        if not details:
            continue
        given = [notice for notice in (was, now) if notice is not None]
        details = tuple(on_day([detail], detail.day or min(notice.start for notice in given))[0] for detail in details)
        lanes = lanes_of(pair, [(notice.origins, notice.products) for notice in given])
        force = strongest(force_of(Severity.MUST, notice.source) for notice in given)
        title = _either(was, now).title
        yield _change(About.NOTICE, name, was, now, details, title=title, lanes=lanes, force=force, area="logistics")


def _of_notice(old: Notice | None, new: Notice | None) -> tuple[Detail, ...]:
    assert old is not None and new is not None
    details = list(compare("kind", old.kind, new.kind, "kind", key="notice"))
    for name, shown in (("gates", "gates"), ("origins", "origin"), ("products", "product"), ("codes", "codes")):
        was, now = getattr(old, name), getattr(new, name)
        details += listed(shown, was, now, f"applies_to.{shown}", key="scope", empty_is_any=True)
    details += compare("start", old.start, new.start, "start", key="start")
    details += compare("until", old.until, new.until, "until", key="until")
    forces = force_of(Severity.MUST, old.source), force_of(Severity.MUST, new.source)
    if forces[0] is not forces[1]:
        told = Message("change.force", words={"before": f"force.{forces[0]}", "after": f"force.{forces[1]}"})
        details.append(Detail(key="force", told=told, place="source", before=str(forces[0]), after=str(forces[1])))
    for name in ("instrument", "seen"):
        was, now = str(getattr(old.source, name)), str(getattr(new.source, name))
        details += as_reach(compare(name, was, now, f"source.{name}", key="source"), Reach.KNOWLEDGE)
    witnesses = listed("witnesses", old.source.witnesses, new.source.witnesses, "source.witnesses", key="source")
    details += as_reach(witnesses, Reach.KNOWLEDGE)
    for name in ("locator", "checked"):
        was, now = getattr(old.source, name) or "", getattr(new.source, name) or ""
        if was != now:
            details.append(reworded(name, f"source.{name}", was, now))
    return (*details, *_texts("title", old.title, new.title), *_texts("fix", old.fix, new.fix))


def changes_of_instruments(pair: Pair) -> Iterator[Change]:
    """Yield what became of the legal texts that are cited; no answer rests on their names."""
    old, new = pair.old.instruments, pair.new.instruments
    for name in sorted(old.keys() | new.keys()):
        was, now = old.get(name), new.get(name)
        details = _came_or_went(was, now, "instrument") or _of_instrument(was, now)
        if details:
            title = _either(was, now).title
            yield _change(
                About.INSTRUMENT, name, was, now, as_reach(details, Reach.KNOWLEDGE), title=title, lanes=Lanes()
            )


def _of_instrument(old: Instrument | None, new: Instrument | None) -> tuple[Detail, ...]:
    assert old is not None and new is not None
    details: list[Detail] = []
    for name in ("number", "issuer", "issued", "url"):
        details += compare(name, getattr(old, name), getattr(new, name), name, key="instrument")
    details += listed("replaces", old.replaces, new.replaces, "replaces", key="replaces")
    return (*details, *_texts("title", old.title, new.title))


def changes_of_gaps(pair: Pair) -> Iterator[Change]:
    """Yield what became of what is known to be unknown."""
    old = {gap.id: gap for gap in pair.old.gaps}
    new = {gap.id: gap for gap in pair.new.gaps}
    for name in sorted(old.keys() | new.keys()):
        was, now = old.get(name), new.get(name)
        details = _came_or_went(was, now, "gap") or _of_gap(was, now)
        if not details:
            continue
        given = [gap for gap in (was, now) if gap is not None]
        yield _change(
            About.GAP,
            name,
            was,
            now,
            as_reach(details, Reach.KNOWLEDGE),
            title=_either(was, now).missing,
            lanes=lanes_of(pair, [(gap.origins, gap.products) for gap in given]),
            area=_either(was, now).area,
        )


def _of_gap(old: Gap | None, new: Gap | None) -> tuple[Detail, ...]:
    assert old is not None and new is not None
    details: list[Detail] = []
    for name, shown in (("origins", "origin"), ("products", "product")):
        was, now = getattr(old, name), getattr(new, name)
        details += listed(shown, was, now, f"applies_to.{shown}", key="scope", empty_is_any=True)
    for name in ("area", "instrument", "locator"):
        details += compare(name, getattr(old, name), getattr(new, name), name, key="gap")
    return (*details, *_texts("missing", old.missing, new.missing), *_texts("look", old.look, new.look))


def _either(was: T | None, now: T | None) -> T:
    found = now if now is not None else was
    assert found is not None
    return found


def _by_id(notices: Sequence[Notice]) -> Mapping[str, Notice]:
    return {notice.id: notice for notice in notices}


def _came_or_went(was: _Thing | None, now: _Thing | None, kind: str) -> tuple[Detail, ...]:
    if was is not None and now is not None:
        return ()
    key = "added" if was is None else "removed"
    return (Detail(key=key, told=Message(f"change.{kind}_{key}"), place=""),)


def _texts(name: str, old: Texts | None, new: Texts | None) -> tuple[Detail, ...]:
    if old == new:
        return ()
    return (reworded(name, name, old.en if old is not None else "", new.en if new is not None else ""),)


def _change(
    about: About,
    name: str,
    was: _Thing | None,
    now: _Thing | None,
    details: tuple[Detail, ...],
    *,
    title: Texts,
    lanes: Lanes,
    force: Force = Force.INFORMS,
    area: str | None = None,
) -> Change:
    days = [detail.day for detail in details if detail.reach is Reach.ANSWER and detail.day is not None]
    return Change(
        about=about,
        turn=Turn.ADDED if was is None else Turn.REMOVED if now is None else Turn.CHANGED,
        id=name,
        title=title,
        area=area,
        lanes=lanes,
        day=min(days, default=None),
        force=force,
        details=details,
    )
