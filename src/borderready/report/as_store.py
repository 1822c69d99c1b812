# SPDX-License-Identifier: Apache-2.0
"""What the store of registers tells, for a person: lists with their age, a code with its days, what changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.text import Text

from borderready.model import Message
from borderready.report.show import OLD_REGISTER_DAYS, clean
from borderready.report.terminal import Layout, print_pairs

Told = Mapping[str, object]
_CHANGES = ("added", "dropped", "suspended", "resumed")
_MOST_SHOWN = 20


def print_lists(told: Told, layout: Layout) -> None:
    """Print each list with its days, its codes and its source; a list that is old is told apart."""
    for one in _members(told, "lists"):
        layout.add_wrapped(Text(clean(str(one["list"])), "bold"))
        args = {"as_of": str(one["as_of"]), "age": str(one["age_days"])}
        line = Text(layout.say(Message("store.as_of", args)))
        age = one["age_days"]
        if isinstance(age, int) and age > OLD_REGISTER_DAYS:
            line.append("  " + layout.word("store.old"), "bold yellow")
        layout.add_wrapped(line, "   ")
        counts = {name: str(one[name]) for name in ("active", "suspended", "delisted", "unseen", "codes")}
        layout.add_wrapped(Text(layout.say(Message("store.counts", counts))), "   ")
        layout.add_wrapped(Text(clean(f"{one['source']} ({one['file']})"), "dim"), "   ")
    layout.add_wrapped(Text(layout.say(Message("store.lists", {"count": str(len(_members(told, "lists")))})), "bold"))


def print_code(told: Told, near: Sequence[str], layout: Layout) -> None:
    """Print every list that knows a code and what it says, day by day; or that none does, and codes alike."""
    for one in _members(told, "lists"):
        layout.add_wrapped(Text(clean(f"{told['code']}  {one['list']}"), "bold"))
        for entry in _members(one, "entries"):
            layout.add_wrapped(Text(layout.say(_days(entry))), "   ")
            facts = [str(entry[name]) for name in ("name", "holder", "address") if entry[name] is not None]
            if entry["area_ha"] is not None:
                facts.append(f"{entry['area_ha']} ha")
            by = Message("store.by_list", {"as_of": str(entry["as_of"]), "source": str(entry["source"])})
            own = Message("store.by_you", {"source": str(entry["source"])})
            who = layout.say(by if entry["by"] == "list" else own)
            layout.add_wrapped(Text(clean("; ".join([*facts, who])), "dim"), "      ")
    if not _members(told, "lists"):
        layout.add_wrapped(Text(layout.say(Message("store.no_code", {"code": str(told["code"])})), "bold"))
        if near:
            layout.add_wrapped(Text(layout.say(Message("store.near", {"codes": ", ".join(near)}))), "   ")


def print_taken(told: Told, notes: Sequence[Message], layout: Layout) -> None:
    """Print what became of a file that was imported: first what must be looked at, then the changes."""
    for note in notes:
        layout.add_wrapped(Text(f"{layout.word('cli.warning')}: {layout.say(note)}", "yellow"))
    for one in _members(told, "lists"):
        args = {name: str(one[name]) for name in ("list", "as_of", "codes", "rows")}
        layout.add_wrapped(Text(layout.say(Message(f"store.how.{one['how']}", args)), "bold"))
        if one["how"] != "same":
            _print_changes(one, one["last"], str(one["as_of"]), layout)
        if _codes(one, "overruled"):
            _print_codes(one, "overruled", layout)
    if told["dry_run"]:
        layout.add_wrapped(Text(layout.word("store.dry_run"), "bold yellow"))


def print_diff(told: Told, layout: Layout) -> None:
    """Print what changed on a list."""
    layout.add_wrapped(Text(clean(str(told["list"])), "bold"))
    _print_changes(told, told["from"], str(told["to"]), layout)


def _print_changes(told: Told, first: object, last: str, layout: Layout) -> None:
    args = {"first": str(first), "last": last, "before": str(told["active_before"]), "after": str(told["active"])}
    layout.add_wrapped(Text(layout.say(Message("store.first" if first is None else "store.against", args))), "   ")
    for name in _CHANGES:
        _print_codes(told, name, layout)


def _print_codes(told: Told, name: str, layout: Layout) -> None:
    codes = _codes(told, name)
    shown = codes if layout.verbose else codes[:_MOST_SHOWN]
    more = (
        [] if len(shown) == len(codes) else [layout.say(Message("store.more", {"count": str(len(codes) - len(shown))}))]
    )
    listed = f": {', '.join([*map(clean, shown), *more])}" if codes else ""
    print_pairs([(f"store.{name}", f"{len(codes)}{listed}")], layout)


def _days(entry: Told) -> Message:
    """Return the status of an entry and its days as a sentence."""
    start, until = entry["start"], entry["until"]
    key = {(False, False): "ever", (True, False): "from", (False, True): "until", (True, True): "between"}
    args = {"start": str(start), "until": str(until)}
    words = {"status": f"register.status.{entry['status']}"}
    return Message(f"store.{key[start is not None, until is not None]}", args, words)


def _members(told: Told, name: str) -> Sequence[Told]:
    members = told[name]
    assert isinstance(members, list)
    return members


def _codes(told: Told, name: str) -> Sequence[str]:
    codes = told[name]
    assert isinstance(codes, list)
    return codes
