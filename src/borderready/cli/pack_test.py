# SPDX-License-Identifier: Apache-2.0
"""`borderready pack test`: runs the cases of a pack, once or whenever a file is saved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from borderready.cli.exits import ExitCode
from borderready.cli.session import choose_language, kind_schemas, make_console, make_layout, rule_cache_dir, rules_dir
from borderready.errors import RuleBaseError
from borderready.model import Message

if TYPE_CHECKING:
    from borderready.pack.case_run import Failure
    from borderready.report.terminal import Layout


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wish:
    root: Path
    prefixes: tuple[str, ...]
    jobs: int
    failed_first: bool
    language: str


def test(
    folder: Annotated[
        Path | None, typer.Argument(help="Folder of the pack; the rule base of the program if left out.")
    ] = None,
    rule: Annotated[
        list[str] | None, typer.Option("--rule", help="Only rules whose id or path begins so (repeatable).")
    ] = None,
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=0, help="Processes; 0 takes one for each core.")] = 0,
    failed_first: Annotated[
        bool, typer.Option("--failed-first", help="Begin with the rules that failed when they were last run.")
    ] = False,
    watch: Annotated[
        bool, typer.Option("--watch", help="Then test each rule that is saved, until interrupted.")
    ] = False,
    lang: Annotated[str | None, typer.Option("--lang", help="en, vi or zh; the locale's if left out.")] = None,
) -> int:
    """Run the cases of a pack. Exit code 1 when one does not come out as written, 3 when none ran.

    Example: borderready pack test rules --rule vn/banana
    """
    wish = _Wish(
        root=rules_dir(folder),
        prefixes=tuple(name.removesuffix(".yaml") for name in rule or ()),
        jobs=jobs,
        failed_first=failed_first,
        language=choose_language(lang),
    )
    return _watch(wish) if watch else _run(wish, wish.prefixes)


def _run(wish: _Wish, prefixes: tuple[str, ...]) -> int:
    """Run the cases of rules, tell each that failed as soon as it has, and return the exit code."""
    from borderready.pack.case_run import read_failed, remember_failed, run_cases
    from borderready.report.terminal import print_fault, show

    console = make_console()
    layout = make_layout(console, wish.language)
    memory = _memory_of(wish.root)
    first = read_failed(memory) if wish.failed_first else frozenset()
    run = run_cases(
        wish.root, kind_schemas(), prefixes=prefixes, jobs=wish.jobs, first=first, cache_dir=rule_cache_dir()
    )
    passed = bad = 0
    failed: set[str] = set()
    for result in run.results:
        passed += result.passed
        bad += result.bad
        if result.bad:
            failed.add(result.rule)
        for fault in result.faults:
            print_fault(fault, layout)
        for failure in result.failures:
            _print_failure(result.rule, failure, layout)
        show(layout, console)
    remember_failed(memory, ran=set(run.rules), failed=failed)
    args = {"passed": str(passed), "failed": str(bad), "rules": str(len(run.rules))}
    layout.add(layout.say(Message("test.passed", args)))
    show(layout, console)
    if not passed and not bad:
        return ExitCode.NOTHING_CHECKED
    return ExitCode.NOT_READY if bad else ExitCode.READY


def _memory_of(root: Path) -> Path:
    """Return the file that remembers what failed in a pack."""
    import platformdirs

    name = sha256(root.resolve().as_posix().encode("utf-8", "surrogateescape")).hexdigest()[:16]
    return Path(platformdirs.user_cache_dir("borderready", appauthor=False)) / "pack-test" / f"{name}.txt"


def _watch(wish: _Wish) -> int:
    """Run the cases that were asked for, then those of each rule that is saved, until interrupted."""
    from borderready.batch.changed import look_at, watch
    from borderready.read.rule_base import list_pack_files

    def find_names() -> Sequence[str]:
        try:
            return [str(wish.root / name) for name in list_pack_files(wish.root)]
        except OSError:  # a folder went away while it was looked at; the next look will tell
            return ()

    before = look_at(find_names())
    _run_on(wish, wish.prefixes)
    for change in watch(find_names, before):
        names = (*change.changed, *change.gone)
        prefixes = _concerned([Path(name).relative_to(wish.root).as_posix() for name in names], wish)
        if prefixes is not None:
            _run_on(wish, prefixes)
    return ExitCode.INTERRUPTED


def _concerned(changed: Sequence[str], wish: _Wish) -> tuple[str, ...] | None:
    """Return which rules to test for the files that changed or went; None for no rule that was asked for."""
    from borderready.pack.view import beginnings_of
    from borderready.read.rule_base import CASES_SUFFIX

    begun = beginnings_of(wish.root, wish.prefixes)
    names = []
    for path in changed:
        if path.count("/") != 2:  # a table, an instrument, a product: whatever rests on it
            return wish.prefixes
        name = path.removesuffix(CASES_SUFFIX).removesuffix(".yaml")
        if name != path and (not begun or name.startswith(begun)):  # else a copy that an editor keeps
            names.append(name)
    return tuple(names) or None


def _run_on(wish: _Wish, prefixes: tuple[str, ...]) -> None:
    """Run the cases of rules; a pack that is broken while it is edited is told, and ends nothing."""
    from borderready.report.terminal import print_fault, show

    try:
        _run(wish, prefixes)
    except RuleBaseError as error:
        console = make_console()
        layout = make_layout(console, wish.language)
        for fault in error.faults:
            print_fault(fault, layout)
        show(layout, console)


def _print_failure(rule: str, failure: Failure, layout: Layout) -> None:
    from rich.text import Text

    from borderready.report.show import clean
    from borderready.report.terminal import print_fault

    title = layout.say(Message("test.case", {"rule": rule, "case": failure.name}))
    layout.add(f"{failure.file}:{failure.span.line}: {title}")
    layout.add(f"  {layout.say(failure.problem)}")
    for line in failure.lines:
        if line.actual is None:
            layout.add(f"      {line.key}: {clean(line.expected)}")
            continue
        layout.add(Text(f"    - {line.key}: {clean(line.expected)}", "red"))
        layout.add(Text(f"    + {line.key}: {clean(line.actual)}", "green"))
    for message in failure.because:
        layout.add_wrapped(Text(layout.say(message)), "    ")
    for fault in failure.faults:
        print_fault(fault, layout)
