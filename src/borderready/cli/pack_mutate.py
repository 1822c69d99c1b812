# SPDX-License-Identifier: Apache-2.0
"""`borderready pack mutate`: proves that the cases of a pack bite."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from borderready.cli.exits import ExitCode
from borderready.cli.session import choose_language, kind_schemas, make_console, make_layout, rule_cache_dir, rules_dir
from borderready.model import Message


def mutate(
    folder: Annotated[
        Path | None, typer.Argument(help="Folder of the pack; the rule base of the program if left out.")
    ] = None,
    rule: Annotated[
        list[str] | None, typer.Option("--rule", help="Only rules whose id or path begins so (repeatable).")
    ] = None,
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=0, help="Processes; 0 takes one for each core.")] = 0,
    lang: Annotated[str | None, typer.Option("--lang", help="en, vi or zh; the locale's if left out.")] = None,
) -> int:
    """Change every limit, list member, phrase, condition and start in turn, and see that a case notices.

    Survivors that survivors.yaml of the pack explains are counted, not told. Exit code 1 when others survive, or when
    survivors.yaml explains one that did not.

    Example: borderready pack mutate rules --rule vn/banana
    """
    from borderready.pack.mutation_run import read_reasons, run_mutations
    from borderready.report.terminal import show

    root = rules_dir(folder)
    reasons = read_reasons(root)
    console = make_console()
    layout = make_layout(console, choose_language(lang))
    prefixes = tuple(name.removesuffix(".yaml") for name in rule or ())
    run = run_mutations(root, kind_schemas(), prefixes=prefixes, jobs=jobs, cache_dir=rule_cache_dir())
    unexplained = [name for name in run.survivors if name not in reasons]
    idle = [] if rule else sorted(set(reasons) - set(run.survivors))
    for name in unexplained:
        layout.add(layout.say(Message("mutate.survived", {"mutant": name})))
    for name in idle:
        layout.add(layout.say(Message("mutate.idle_reason", {"mutant": name})))
    args = {
        "made": str(run.made),
        "survived": str(len(run.survivors)),
        "explained": str(len(run.survivors) - len(unexplained)),
        "percent": f"{100 * len(run.survivors) / run.made if run.made else 0:.1f}",
    }
    layout.add(layout.say(Message("mutate.summary", args)))
    show(layout, console)
    if not run.made:
        return ExitCode.NOTHING_CHECKED
    return ExitCode.NOT_READY if unexplained or idle else ExitCode.READY
