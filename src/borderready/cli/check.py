# SPDX-License-Identifier: Apache-2.0
"""`borderready check`: manifests against the rule base."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from borderready.cli.complete import complete_rule
from borderready.cli.exits import ExitCode, exit_code_of
from borderready.cli.inputs import find_names, tell_notice
from borderready.cli.session import choose_language, find_rule, known_day, make_console, make_layout
from borderready.cli.settings import load_settings
from borderready.core import why_not
from borderready.errors import UsageError
from borderready.model import Manifest, Message, Verdict
from borderready.settings import Settings

Files = Annotated[
    list[str],
    typer.Argument(
        help="Manifests (YAML, JSON, one a line, .gz), folders, patterns, @lists; - reads standard input.",
        metavar="FILE...",
    ),
]
Option = typer.Option


class Format(StrEnum):
    """What standard output, or the file, gets."""

    TEXT = "text"
    JSON = "json"
    NDJSON = "ndjson"
    SARIF = "sarif"
    JUNIT = "junit"
    GITHUB = "github"
    GITLAB = "gitlab"
    CSV = "csv"
    MARKDOWN = "markdown"


class FailOn(StrEnum):
    """From which force on a fail makes a manifest not ready."""

    BLOCKING = "blocking"
    WARNING = "warning"


def check(
    files: Files,
    format_: Annotated[Format | None, Option("--format", help="What to print; text if left out.")] = None,
    output: Annotated[
        Path | None, Option("--output", "-o", help="Write to this file, whole or not at all.", dir_okay=False)
    ] = None,
    report: Annotated[
        list[str] | None,
        Option("--report", metavar="FORMAT=FILE", help="Write this format to a file, too (repeatable)."),
    ] = None,
    lang: Annotated[str | None, Option("--lang", help="en, vi or zh; the locale's if left out.")] = None,
    registers: Annotated[
        Path | None,
        Option(
            "--registers",
            help="Folder with lists of codes (CSV); registers/ beside the manifest, or those kept, if left out.",
        ),
    ] = None,
    rules: Annotated[Path | None, Option("--rules", help="Another rule base: folder, zip or NAME@VERSION.")] = None,
    locked: Annotated[bool, Option("--locked", help="Refuse a rule base that borderready.lock does not name.")] = False,
    notices: Annotated[
        Path | None, Option("--notices", help="File of notices (YAML); those recorded on this machine if left out.")
    ] = None,
    ledger: Annotated[
        Path | None,
        Option("--ledger", help="Compare with the consignments of this ledger and record these.", dir_okay=False),
    ] = None,
    on: Annotated[
        list[str] | None,
        Option("--on", metavar="EVENT=DATE", help="Measure an event on this day: --on arrival=2026-12-01."),
    ] = None,
    fail_on: Annotated[
        FailOn | None, Option("--fail-on", help="What makes a manifest not ready; blocking if left out.")
    ] = None,
    select: Annotated[
        list[str] | None,
        Option("--select", metavar="RULES", help="Only these: ids, folders or areas (repeatable)."),
    ] = None,
    ignore: Annotated[
        list[str] | None,
        Option("--ignore", metavar="RULES", help="Not these: ids, folders or areas (repeatable)."),
    ] = None,
    waivers: Annotated[
        list[str] | None, Option("--waivers", metavar="FILE", help="Findings that are accepted (repeatable).")
    ] = None,
    baseline: Annotated[
        str | None, Option("--baseline", metavar="FILE", help="Findings that were there before.")
    ] = None,
    today: Annotated[
        str | None,
        Option("--today", metavar="DATE", help="Day on which waivers are judged; today in China if left out."),
    ] = None,
    exclude: Annotated[
        list[str] | None, Option("--exclude", metavar="PATTERN", help="Not these files, as in .gitignore (repeatable).")
    ] = None,
    changed_since: Annotated[
        str | None, Option("--changed-since", metavar="COMMIT", help="Only files that git says have changed since.")
    ] = None,
    jobs: Annotated[
        str | None, Option("--jobs", "-j", metavar="N|auto", help="Processes; auto takes one for each core.")
    ] = None,
    timeout: Annotated[
        int | None, Option("--timeout", min=1, metavar="SECONDS", help="The most that one manifest may take.")
    ] = None,
    no_cache: Annotated[bool, Option("--no-cache", help="Take no answer of an earlier run.")] = False,
    watch: Annotated[bool, Option("--watch", help="Check again whatever is saved, until interrupted.")] = False,
    quiet: Annotated[bool, Option("--quiet", "-q", help="Show no progress and no summary on standard error.")] = False,
    config: Annotated[
        Path | None, Option("--config", metavar="FILE", help="Configuration; the nearest one if left out.")
    ] = None,
    no_config: Annotated[bool, Option("--no-config", help="Read no configuration.")] = False,
    verbose: Annotated[bool, Option("--verbose", "-v", help="Show what passed, too.")] = False,
    why: Annotated[
        str | None,
        Option(
            "--why-not", metavar="RULE", help="Say why a rule does not apply, and leave.", autocompletion=complete_rule
        ),
    ] = None,
) -> int:
    """Check manifests before the truck leaves.

    Exit code: 0 all ready, 1 some not ready or invalid, 2 wrong usage, 3 nothing checked, 4 some undecided, 5 the rule
    base cannot be trusted, 6 some could not be checked.

    Examples: borderready check manifest.yaml; borderready check outbox --report sarif=out.sarif; borderready check
    manifest.yaml --on arrival=2026-12-01; borderready check manifest.yaml --why-not any/any/market-access
    """
    typed: dict[str, Any] = {
        "format": format_,
        "language": lang,
        "registers": _posix(registers),
        "rules": _posix(rules),
        "notices": _posix(notices),
        "ledger": _posix(ledger),
        "fail-on": fail_on,
        "select": tuple(select) if select else None,
        "ignore": tuple(ignore) if ignore else None,
        "waivers": tuple(waivers) if waivers else None,
        "baseline": baseline,
        "exclude": tuple(exclude) if exclude else None,
        "jobs": _jobs(jobs),
        "timeout": timeout,
    }
    settings = load_settings(typed, config=config, no_config=no_config)
    choose_language(settings.language)
    if why is not None:
        names = find_names(files, settings, changed_since=changed_since)
        return _tell_why_not(why, names, settings, on or [], today, is_locked=locked)
    from borderready.cli.few import Wish, check_names
    from borderready.cli.run import known_format, parse_days, parse_reports

    known_format(settings)
    reports = parse_reports(report or [])
    outputs = [path for path in (output, *(path for _, path in reports)) if path is not None]
    find = partial(find_names, files, settings, changed_since=changed_since, outputs=outputs)
    wish = Wish(
        settings=settings,
        days=parse_days(on or []),
        today=known_day(today),
        output=output,
        reports=reports,
        is_verbose=verbose,
        is_quiet=quiet,
        is_cached=not no_cache,
        must_fork=jobs is not None or timeout is not None,
        is_locked=locked,
    )
    if watch:
        from borderready.cli.watch import watch_names

        return watch_names(lambda is_told: find(is_told=is_told), wish)
    names = find()
    if not names:
        tell_notice(Message("cli.nothing"), settings)
        return ExitCode.NOTHING_CHECKED
    return check_names(names, wish)


def _posix(path: Path | None) -> str | None:
    return path.as_posix() if path is not None else None


def _jobs(text: str | None) -> int | None:
    """Return a number of processes, 0 for one for each core; raises UsageError for what is neither."""
    if text is None:
        return None
    if text == "auto":
        return 0
    if text.isascii() and text.isdigit() and len(text) <= 4:
        return int(text)
    raise UsageError(Message("cli.bad_jobs", {"text": text}), Message("cli.bad_jobs_hint"))


def _tell_why_not(
    rule_id: str, names: Sequence[str], settings: Settings, on: list[str], today: str | None, *, is_locked: bool
) -> int:
    """Print for each subject of each manifest the condition that excludes a rule."""
    from borderready.cli.run import make_run, parse_days
    from borderready.read.manifest import read_manifests
    from borderready.report.as_text import print_why_not
    from borderready.report.terminal import print_faults, show

    read = [manifest for name in names for manifest in read_manifests(name)]
    run = make_run(settings, None, parse_days(on), known_day(today), is_locked=is_locked)
    rule = find_rule(run.rule_base, rule_id)
    console = make_console()
    layout = make_layout(console, choose_language(settings.language), run.rule_base.instruments)
    for manifest in read:
        if isinstance(manifest, Manifest):
            print_why_not(rule, why_not(rule, manifest, run.rule_base, run.days), layout)
        else:
            print_faults(manifest.file, manifest.faults, layout)
    show(layout, console)
    is_read = (isinstance(manifest, Manifest) for manifest in read)
    return exit_code_of(Verdict.READY if known else Verdict.INVALID for known in is_read)
