# SPDX-License-Identifier: Apache-2.0
"""Markdown for the summary of a job: what the run came to, never longer than a page.

Lists are cut to their first members and say so, and names to 120 characters, so that it stays far below the 1 MiB
that GitHub takes, however many manifests there are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from borderready.i18n import say, word
from borderready.model import Force, Message, Status, Verdict
from borderready.report.packs import disabled_lines, pack_line
from borderready.report.show import clip, plain
from borderready.report.stream import Closing, Format, Item, Result, RunInfo
from borderready.report.summary import ERROR, NameCount, Summary, Told

_LONGEST = 120
# Marks that Markdown or HTML could act on, written as entities; an address would become a link by itself.
_ENTITIES = str.maketrans({mark: f"&#{ord(mark)};" for mark in "\\`*_[]<>|~&@:#$"})
_ADDRESS = re.compile(r"[Ww](?=[Ww]{2}\.)")
_OPEN = (Status.UNKNOWN, Status.MANUAL, Status.ERROR)


def _item(_: Result, __: RunInfo) -> Item:
    return Item()


def _end(info: RunInfo, closing: Closing) -> str:
    return render_markdown(closing.summary, info)


FORMAT = Format(name="markdown", item=_item, end=_end)


def render_markdown(summary: Summary, info: RunInfo) -> str:
    """Return the summary of a run as Markdown: verdicts, manifests to look at, rules, exporters and lanes."""
    language = info.language
    blocks = [f"## {word('run.title', language)}", _verdicts(summary, language)]
    blocks.extend(_worst(summary, language))
    rules = summary.rules()
    if rules:
        head = [word("run.rule", language), "", word("run.manifests", language), word("run.faults", language)]
        rows = [[_safe(one.title), _safe(one.rule), str(one.manifests), str(one.findings)] for one in rules]
        blocks.extend([f"### {word('run.rules', language)}", _table(head, "llrr", rows)])
    blocks.extend(_names("run.exporters", "run.exporter", summary.exporters(), language))
    blocks.extend(_names("run.lanes", "run.lane", summary.lanes(), language))
    if summary.is_cut:
        blocks.append(word("run.cut", language))
    if info.pack is not None:
        told = [pack_line(pack, language) for pack in info.pack.chain]
        blocks.append("; ".join(map(_safe, [*told, f"borderready {info.engine}"])))
        blocks.extend(_safe(line) for line in disabled_lines(info.pack, language))
    return "\n\n".join(blocks) + "\n"


def _verdicts(summary: Summary, language: str) -> str:
    rows = [
        [_verdict(verdict, language), str(summary.verdicts[verdict])]
        for verdict in (*map(str, Verdict), ERROR)
        if summary.verdicts[verdict] or verdict == Verdict.READY
    ]
    return _table([word("run.verdict", language), word("run.manifests", language)], "lr", rows)


def _verdict(verdict: str, language: str) -> str:
    return word("run.failed" if verdict == ERROR else f"verdict.{verdict}", language)


def _worst(summary: Summary, language: str) -> Iterable[str]:
    worst = tuple(summary.worst())
    if not worst:
        return
    columns = ("run.manifest", "run.verdict", "run.stops", "run.unknowns", "run.warnings")
    yield f"### {word('run.worst', language)}"
    yield _table([word(key, language) for key in columns], "llrrr", [_row(told, language) for told in worst])
    unready = summary.manifests - summary.verdicts[str(Verdict.READY)]
    if unready > len(worst):
        yield say(Message("run.shown", {"shown": str(len(worst)), "count": str(unready)}), language)


def _row(told: Told, language: str) -> list[str]:
    file = f"{told.file}#{told.document}" if told.document else told.file
    name = _safe(told.reference) + f" ({_safe(file)})" if told.reference else _safe(file)
    return [
        name,
        _verdict(told.verdict, language),
        str(told.count(Force.BLOCKS, Status.FAIL)),
        str(told.count(Force.BLOCKS, *_OPEN)),
        str(told.count(Force.WARNS, Status.FAIL)),
    ]


def _names(heading: str, column: str, names: Sequence[NameCount], language: str) -> Iterable[str]:
    if not names:
        return
    yield f"### {word(heading, language)}"
    head = [word(key, language) for key in (column, "run.faults", "run.faulty", "run.manifests")]
    rows = [[_safe(one.name), str(one.faults), str(one.manifests), str(one.of)] for one in names]
    yield _table(head, "lrrr", rows)


def _table(head: Sequence[str], sides: str, rows: Iterable[Sequence[str]]) -> str:
    rule = "|".join(" ---: " if side == "r" else " --- " for side in sides)
    lines = [f"| {' | '.join(head)} |", f"|{rule}|", *(f"| {' | '.join(row)} |" for row in rows)]
    return "\n".join(lines)


def _safe(text: str) -> str:
    """Return text of one line that neither Markdown nor HTML can take for more than text."""
    told = clip(plain(text), _LONGEST).translate(_ENTITIES)
    return _ADDRESS.sub(lambda match: f"&#{ord(match.group())};", told)
