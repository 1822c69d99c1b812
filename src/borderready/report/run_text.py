# SPDX-License-Identifier: Apache-2.0
"""The end of a run over several manifests, for a person at a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.text import Text

from borderready.model import Message, Verdict
from borderready.report.show import plain
from borderready.report.summary import ERROR, NameCount, Summary
from borderready.report.terminal import Layout


def print_run_summary(summary: Summary, layout: Layout) -> None:
    """Print the verdicts counted, then the rules that fail most, and the exporters and lanes with most faults."""
    print_verdicts(summary.verdicts, layout)
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


def print_verdicts(verdicts: Mapping[str, int], layout: Layout) -> None:
    """Print how many manifests there were, and how many of each verdict."""
    args = {
        "files": str(sum(verdicts.values())),
        "ready": str(verdicts.get(Verdict.READY, 0)),
        "not_ready": str(verdicts.get(Verdict.NOT_READY, 0)),
        "undecided": str(verdicts.get(Verdict.UNDECIDED, 0)),
        "invalid": str(verdicts.get(Verdict.INVALID, 0)),
    }
    failed = verdicts.get(ERROR, 0)
    message = Message("report.summary", args)
    if failed:
        message = Message("run.summary_failed", {**args, "failed": str(failed)})
    layout.add_wrapped(Text(layout.say(message), "bold"))


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
