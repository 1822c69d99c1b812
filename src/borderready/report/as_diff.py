# SPDX-License-Identifier: Apache-2.0
"""What changed from one pack to another: text, Markdown that can stand as release notes, and JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from rich.text import Text

from borderready.i18n import say, say_all, word
from borderready.model import Message, PackId, Texts
from borderready.model.change import Change, Detail, PackDiff, Reach, Weight
from borderready.report.lane_words import as_markdown, lanes_json, lanes_told, texts_json
from borderready.report.show import clean, clip, plain, write_json
from borderready.report.terminal import Layout

MOST_OF_A_TABLE = 10  # rows of one table that are told one by one where not all are asked for
MOST_DETAILS = 12
_LONGEST = 300  # characters of one detail
_STYLE = {Weight.BLOCKS: "bold red", Weight.WARNS: "bold yellow"}


def print_diff(diff: PackDiff, layout: Layout, *, verbose: bool = False) -> None:
    """Print the changes in groups, the heaviest first; of long tables only the first rows, unless verbose."""
    layout.add_wrapped(Text(layout.say(_head(diff)), "bold"))
    if not diff.changes:
        layout.add_wrapped(Text(layout.word("diff.same")))
        if diff.old.sha256 != diff.new.sha256:
            layout.add_wrapped(Text(layout.word("diff.other_bytes"), "dim"))
        return
    for weight, changes in _groups(diff.changes):
        layout.add()
        heading = f"{layout.word(f'diff.weight.{weight}')} ({len(changes)})"
        layout.add_wrapped(Text(heading, _STYLE.get(weight, "bold")))
        if weight is Weight.WORDS and not verbose:
            layout.add_wrapped(Text(clean(", ".join(change.id for change in changes))), "  ")
            continue
        shown, left = _shown(changes, verbose=verbose)
        for change in shown:
            _print_change(change, layout, verbose=verbose)
        if left:
            layout.add_wrapped(Text(layout.say(Message("diff.more", {"count": str(left)})), "dim"), "  ")
    layout.add()
    layout.add_wrapped(Text(layout.say(Message("diff.count", {"count": str(len(diff.changes))})), "bold"))


def diff_markdown(diff: PackDiff, language: str, *, verbose: bool = False) -> str:
    """Return the changes as Markdown."""
    lines = [f"# {as_markdown(_pack(diff.new))}", "", as_markdown(say(_head(diff), language)), ""]
    if not diff.changes:
        lines += [word("diff.same", language), ""]
    for weight, changes in _groups(diff.changes):
        lines += [f"## {word(f'diff.weight.{weight}', language)} ({len(changes)})", ""]
        if weight is Weight.WORDS and not verbose:
            lines += [", ".join(_code(change.id) for change in changes), ""]
            continue
        shown, left = _shown(changes, verbose=verbose)
        for change in shown:
            title = f"**{as_markdown(_title(change, language))}** " if change.title is not None else ""
            about = as_markdown("; ".join(_about(change, language)))
            lines.append(f"- {title}{_code(change.id)}: {about}")
            lines += [f"  - {as_markdown(told)}" for told in _details(change, language, verbose=verbose)]
        if left:
            lines.append(f"- {say(Message('diff.more', {'count': str(left)}), language)}")
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def _code(text: str) -> str:
    """Return a text of one line as code, which no sign in it can end."""
    return f"`{plain(text).replace('`', chr(39))}`"


def diff_json(diff: PackDiff) -> str:
    """Return the changes as JSON (schemas/pack-diff.schema.json)."""
    counts = Counter(change.weight for change in diff.changes)
    return write_json(
        {
            "borderready": "pack-diff/1",
            "old": _pack_json(diff.old),
            "new": _pack_json(diff.new),
            "summary": {"changes": len(diff.changes), **{str(weight): counts[weight] for weight in Weight}},
            "changes": [change_json(change) for change in diff.changes],
        }
    )


def change_json(change: Change) -> dict[str, object]:
    """Return one change for JSON."""
    return {
        "about": str(change.about),
        "turn": str(change.turn),
        "id": change.id,
        "others": list(change.others),
        "table": change.table,
        "title": texts_json(change.title),
        "area": change.area,
        "weight": str(change.weight),
        "force": str(change.force),
        "day": change.day,
        "lanes": lanes_json(change.lanes),
        "acts": list(change.acts),
        "rules": list(change.rules),
        "details": [_detail_json(detail) for detail in change.details],
    }


def _detail_json(detail: Detail) -> dict[str, object]:
    return {
        "key": detail.key,
        "reach": str(detail.reach),
        "place": detail.place,
        "day": detail.day,
        "before": detail.before,
        "after": detail.after,
        "lost": list(detail.lost),
        "gained": list(detail.gained),
        "told": texts_json(say_all(detail.told)),
        "says": texts_json(detail.says),
    }


def _pack_json(pack: PackId) -> dict[str, str]:
    return {"name": pack.name, "version": pack.version, "sha256": pack.sha256}


def _head(diff: PackDiff) -> Message:
    """Return which packs are compared; those of one version by their digests, too."""
    is_told = (diff.old.name, diff.old.version) != (diff.new.name, diff.new.version)
    old, new = (_pack(pack) if is_told else f"{_pack(pack)} ({pack.sha256[:12]})" for pack in (diff.old, diff.new))
    return Message("diff.head", {"old": old, "new": new})


def _pack(pack: PackId) -> str:
    return f"{pack.name} {pack.version}"


def _groups(changes: Sequence[Change]) -> Iterator[tuple[Weight, list[Change]]]:
    for weight in Weight:
        found = [change for change in changes if change.weight is weight]
        if found:
            yield weight, found


def _shown(changes: Sequence[Change], *, verbose: bool) -> tuple[list[Change], int]:
    """Return the changes to tell one by one, and how many are left."""
    tables: Counter[str] = Counter()
    shown = []
    for change in changes:
        tables[change.table or ""] += change.table is not None
        if verbose or change.table is None or tables[change.table] <= MOST_OF_A_TABLE:
            shown.append(change)
    return shown, len(changes) - len(shown)


def _print_change(change: Change, layout: Layout, *, verbose: bool) -> None:
    head = Text("  ")
    if change.title is not None:
        head.append(_title(change, layout.language), "bold")
        head.append("  ")
    head.append(clean(change.id), "dim")
    layout.add_wrapped(head)
    layout.add_wrapped(Text("; ".join(_about(change, layout.language))), "    ")
    for told in _details(change, layout.language, verbose=verbose):
        layout.add_wrapped(Text(f"- {told}"), "    ")


def _title(change: Change, language: str) -> str:
    return clean(change.title.in_language(language)) if change.title is not None else ""


def _about(change: Change, language: str) -> list[str]:
    """Return what became of it, from which day, for which lanes, and who must act."""
    told = [say(Message(f"diff.turn.{change.turn}", {"others": ", ".join(change.others)}), language)]
    if change.reach is not Reach.ANSWER:
        return told
    if change.day is not None:
        told.append(say(Message("diff.from", {"day": change.day}), language))
    told.append(lanes_told(change.lanes, language))
    if change.acts:
        names = ", ".join(word(f"acts.{acts}", language) for acts in change.acts)
        told.append(say(Message("diff.acts", {"acts": names}), language))
    return [clean(part) for part in told]


def _details(change: Change, language: str, *, verbose: bool) -> Iterator[str]:
    """Yield each detail in words; what only differs in words comes last and in one line, unless verbose."""
    if verbose:
        yield from (_told(detail, language, verbose=True) for detail in change.details)
        return
    told = [detail for detail in change.details if detail.reach is not Reach.WORDS]
    for detail in told[:MOST_DETAILS]:
        yield clip(_told(detail, language), _LONGEST)
    if len(told) > MOST_DETAILS:
        yield f"... (+{len(told) - MOST_DETAILS})"
    words = [detail for detail in change.details if detail.reach is Reach.WORDS]
    if words:
        yield "; ".join(clean(say(detail.told, language)) for detail in words)


def _told(detail: Detail, language: str, *, verbose: bool = False) -> str:
    said = clean(say(detail.told, language))
    if verbose and detail.reach is Reach.WORDS and detail.before is not None and detail.after is not None:
        return f"{said}: {clean(detail.before)} -> {clean(detail.after)}"
    return f"{said}: {_in(detail.says, language)}" if detail.says is not None else said


def _in(texts: Texts, language: str) -> str:
    return clean(texts.in_language(language))
