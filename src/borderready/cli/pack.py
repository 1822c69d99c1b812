# SPDX-License-Identifier: Apache-2.0
"""`borderready pack`: tools for the teams who keep the rules."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from borderready.cli.exits import ExitCode
from borderready.cli.pack_add import add
from borderready.cli.pack_build import build
from borderready.cli.pack_diff import diff
from borderready.cli.pack_impact import impact
from borderready.cli.pack_keygen import keygen
from borderready.cli.pack_list import list_
from borderready.cli.pack_lock import lock
from borderready.cli.pack_new import new
from borderready.cli.pack_new_instrument import new_instrument
from borderready.cli.pack_new_rule import new_rule
from borderready.cli.pack_publish_repo import publish_repo
from borderready.cli.pack_remove import remove
from borderready.cli.pack_sign import sign
from borderready.cli.pack_stale import stale
from borderready.cli.pack_upcoming import upcoming
from borderready.cli.pack_update import update
from borderready.cli.pack_use import use
from borderready.cli.pack_verify import verify
from borderready.cli.session import choose_language, day_or_today, kind_schemas, make_console, make_layout, rules_dir
from borderready.model import Message

if TYPE_CHECKING:
    from borderready.pack.case import CaseResult
    from borderready.report.terminal import Layout

pack_app = typer.Typer(help="Tools for the teams who keep the rules.", no_args_is_help=True, rich_markup_mode=None)
pack_app.command("new")(new)
pack_app.command("new-rule")(new_rule)
pack_app.command("new-instrument")(new_instrument)
pack_app.command()(diff)
pack_app.command()(impact)
pack_app.command()(upcoming)
pack_app.command()(stale)
for _command in (build, keygen, sign, verify, add, use, remove, lock):
    pack_app.command()(_command)
pack_app.command("list")(list_)
pack_app.command("publish-repo")(publish_repo)
pack_app.command()(update)
_Folder = Annotated[Path | None, typer.Argument(help="Folder of the pack; the rule base of the program if left out.")]
_Lang = Annotated[str | None, typer.Option("--lang", help="en, vi or zh; the locale's if left out.")]


@pack_app.command()
def lint(
    folder: _Folder = None,
    on: Annotated[
        str | None,
        typer.Option("--on", metavar="DATE", help="Day on which sources are called stale; today if left out."),
    ] = None,
    lang: _Lang = None,
) -> int:
    """Judge how a pack is written. Exit code 1 when there are errors; warnings alone give 0.

    Example: borderready pack lint rules
    """
    from borderready.pack.lint import lint_pack
    from borderready.pack.view import view_pack
    from borderready.report.terminal import print_fault, show

    root = rules_dir(folder)
    pack = view_pack(root, kind_schemas(), name=root.name)
    console = make_console()
    layout = make_layout(console, choose_language(lang))
    found = lint_pack(pack, day=day_or_today(on))
    for finding in found:
        print_fault(finding.fault, layout, is_error=finding.is_error)
    errors = sum(finding.is_error for finding in found)
    args = {"errors": str(errors), "warnings": str(len(found) - errors), "count": str(len(pack.contents))}
    layout.add(layout.say(Message("lint.faults" if found else "lint.clean", args)))
    show(layout, console)
    return ExitCode.NOT_READY if errors else ExitCode.READY


@pack_app.command()
def test(
    folder: _Folder = None,
    rule: Annotated[
        list[str] | None, typer.Option("--rule", help="Only rules whose id begins so (repeatable).")
    ] = None,
    lang: _Lang = None,
) -> int:
    """Run the cases of a pack. Exit code 1 when one does not come out as written, 3 when none ran.

    Example: borderready pack test rules --rule vn/banana
    """
    from borderready.pack.case import cases_path, run_case
    from borderready.pack.view import view_pack
    from borderready.report.terminal import print_fault, show

    root = rules_dir(folder)
    pack = view_pack(root, kind_schemas(), name=root.name)
    console = make_console()
    layout = make_layout(console, choose_language(lang))
    chosen = [r for r in pack.rule_base.rules if not rule or r.id.startswith(tuple(rule))]
    results = [run_case(r, case, pack.whole) for r in chosen for case in pack.cases.get(r.id, ())]
    failed = [result for result in results if result.problem is not None]
    chosen_files = {cases_path(r.id) for r in chosen}
    faults = [fault for fault in pack.case_faults if fault.file in chosen_files]
    for fault in faults:
        print_fault(fault, layout)
    for result in failed:
        _print_failure(result, layout)
    bad = len(failed) + len(faults)
    args = {"passed": str(len(results) - len(failed)), "failed": str(bad), "rules": str(len(chosen))}
    layout.add(layout.say(Message("test.passed", args)))
    show(layout, console)
    if not results and not bad:
        return ExitCode.NOTHING_CHECKED
    return ExitCode.NOT_READY if bad else ExitCode.READY


@pack_app.command()
def mutate(
    folder: _Folder = None,
    rule: Annotated[
        list[str] | None, typer.Option("--rule", help="Only rules whose id begins so (repeatable).")
    ] = None,
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=0, help="Processes; 0 takes one for each core.")] = 0,
    lang: _Lang = None,
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
    run = run_mutations(root, kind_schemas(), prefixes=tuple(rule or ()), jobs=jobs)
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


def _print_failure(result: CaseResult, layout: Layout) -> None:
    from borderready.report.terminal import print_fault

    assert result.problem is not None
    span = result.case.span
    args = {"rule": result.rule.id, "case": result.case.name}
    layout.add(f"{result.case.file}:{span.line}: {layout.say(Message('test.case', args))}")
    layout.add(f"  {layout.say(result.problem)}")
    for fault in result.faults:
        print_fault(fault, layout)
