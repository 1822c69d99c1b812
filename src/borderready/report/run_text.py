# SPDX-License-Identifier: Apache-2.0
"""A run over several manifests for a person at a terminal: the text of each, and at the end what it came to.

Who shows one manifest needs none of this (report/as_text.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from rich.text import Text

from borderready.model import Message, Report
from borderready.report.as_text import print_report, print_summary
from borderready.report.show import plain
from borderready.report.stream import Closing, Failed, Format, Item, Result, RunInfo, Unread, utf8
from borderready.report.summary import NameCount, Summary
from borderready.report.terminal import Layout, captured, print_faults


def print_run_summary(summary: Summary, layout: Layout) -> None:
    """Print the verdicts counted, then the rules that fail most, and the exporters and lanes with most faults."""
    print_summary(summary.verdicts, layout)
    rules = summary.rules()
    if rules:
        _print_heading("run.rules", layout)
    for rule in rules:
        line = Text(f"{rule.manifests:>6}  {plain(rule.title)}")
        line.append(f"  {rule.rule}", "dim")
        layout.add_wrapped(line)
    _print_names("run.exporters", summary.exporters(), layout)
    _print_names("run.lanes", summary.lanes(), layout)
    if summary.is_cut:
        layout.add_wrapped(Text(layout.word("run.cut"), "dim"))


def _print_heading(key: str, layout: Layout) -> None:
    layout.add()
    layout.add_wrapped(Text(layout.word(key), "bold"))


def _print_names(key: str, names: Sequence[NameCount], layout: Layout) -> None:
    if not names:
        return
    _print_heading(key, layout)
    for one in names:
        line = Text(f"{one.faults:>6}  {plain(one.name)}")
        args = {"manifests": str(one.manifests), "of": str(one.of)}
        line.append(f"  {layout.say(Message('run.in_manifests', args))}", "dim")
        layout.add_wrapped(line)


def _item(result: Result, info: RunInfo) -> Item:
    """Return what a terminal, or a file, gets of one manifest."""
    layout = _layout(info)
    match result:
        case Report():
            print_report(result, layout)
        case Unread():
            print_faults(result.file, result.faults, layout)
        case Failed():
            line = Text(layout.word("run.failed"), "bold red")
            line.append(f"  {plain(result.file)}: {layout.say(result.reason)}", "not bold default")
            layout.add_wrapped(line)
        case _:
            assert_never(result)
    return Item((utf8(captured(layout, info.colour)),))


def _end(info: RunInfo, closing: Closing) -> str:
    if not info.many:
        return ""
    layout = _layout(info)
    layout.add()
    print_run_summary(closing.summary, layout)
    return captured(layout, info.colour)


def _layout(info: RunInfo) -> Layout:
    return Layout(
        width=info.width,
        language=info.language,
        instruments=info.instruments,
        fill=info.fill,
        verbose=info.verbose,
        laid=info.written.laid,
    )


FORMAT = Format(name="text", item=_item, between="\n", end=_end)
