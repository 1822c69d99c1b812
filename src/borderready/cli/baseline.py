# SPDX-License-Identifier: Apache-2.0
"""`borderready baseline`: accept what is there today, once, so that a check tells what is new; it only shrinks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from borderready.batch.job import is_excluded
from borderready.cli.exits import ExitCode
from borderready.cli.run import check_one, make_run, parse_days, register_source
from borderready.cli.session import choose_language, known_day, make_console, make_layout, write_whole
from borderready.cli.settings import load_settings, tell_excluded
from borderready.errors import UsageError
from borderready.model import Manifest, Message, Report, Waiver
from borderready.waive import list_entries

if TYPE_CHECKING:
    from borderready.read.manifest import Invalid
    from borderready.settings import Settings

baseline_app = typer.Typer(
    help="Accepts what is found today, so that a check tells what is new.", no_args_is_help=True, rich_markup_mode=None
)
_Files = Annotated[list[str], typer.Argument(help="Manifests (YAML or JSON).", metavar="FILE...")]
_To = Annotated[
    str | None, typer.Option("--to", "--baseline", metavar="FILE", help="The baseline; that of the configuration else.")
]
_Registers = Annotated[Path | None, typer.Option("--registers", help="Folder with lists of codes.")]
_Rules = Annotated[Path | None, typer.Option("--rules", help="Another rule base: folder, zip or NAME@VERSION.")]
_On = Annotated[list[str] | None, typer.Option("--on", metavar="EVENT=DATE", help="Measure an event on this day.")]
_Today = Annotated[str | None, typer.Option("--today", metavar="DATE", help="Day on which waivers are judged.")]
_Lang = Annotated[str | None, typer.Option("--lang", help="en, vi or zh; the locale's if left out.")]
_Config = Annotated[Path | None, typer.Option("--config", metavar="FILE", help="Configuration.")]
_NoConfig = Annotated[bool, typer.Option("--no-config", help="Read no configuration.")]


@baseline_app.command()
def create(
    files: _Files,
    to: _To = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite a baseline that is there.")] = False,
    registers: _Registers = None,
    rules: _Rules = None,
    on: _On = None,
    today: _Today = None,
    lang: _Lang = None,
    config: _Config = None,
    no_config: _NoConfig = False,
) -> int:
    """Write every finding of these manifests that may be waived, and is not, into a baseline.

    Market access, quarantine pests and codes of registers never get into it; their number is told.

    Example: borderready baseline create outbox/*.yaml --to baseline.json
    """
    settings = _settings(to, registers, rules, lang, config, no_config=no_config)
    target = _target(settings)
    if Path(target).exists() and not force:
        raise UsageError(Message("baseline.exists", {"file": target}), Message("baseline.exists_hint"))
    reports = _check_all(files, settings, on, today, waived=True)
    if not reports:
        return ExitCode.NOT_READY if reports is None else ExitCode.NOTHING_CHECKED
    from borderready.read.waiver import write_baseline

    entries, refused = _entries(reports, target)
    write_whole(Path(target), write_baseline(entries))
    _tell(settings, Message("baseline.created", {"file": target, "count": str(len(entries))}))
    if refused:
        _tell(settings, Message("baseline.refused", {"count": str(refused)}))
    return ExitCode.READY


@baseline_app.command()
def prune(
    files: _Files,
    to: _To = None,
    registers: _Registers = None,
    rules: _Rules = None,
    on: _On = None,
    lang: _Lang = None,
    config: _Config = None,
    no_config: _NoConfig = False,
) -> int:
    """Take out of a baseline what no longer occurs in these manifests; nothing is ever added.

    Name every manifest that the baseline is for: what belongs to others goes out, too, and its number is told.

    Example: borderready baseline prune outbox/*.yaml --baseline baseline.json
    """
    from borderready.read.waiver import read_baseline, write_baseline

    settings = _settings(to, registers, rules, lang, config, no_config=no_config)
    target = _target(settings)
    known, _ = read_baseline(Path(target), shown_as=target)
    reports = _check_all(files, settings, on, None, waived=False)
    if not reports:
        return ExitCode.NOT_READY if reports is None else ExitCode.NOTHING_CHECKED
    entries, _ = _entries(reports, target)
    occurring = {(entry.fingerprint, entry.status) for entry in entries}
    kept = [entry for entry in known if (entry.fingerprint, entry.status) in occurring]
    references = {report.manifest.reference for report in reports}
    others = sum(entry.reference not in references for entry in known)
    if len(kept) < len(known):
        write_whole(Path(target), write_baseline(kept))
    args = {"file": target, "kept": str(len(kept)), "removed": str(len(known) - len(kept)), "others": str(others)}
    _tell(settings, Message("baseline.pruned", args))
    return ExitCode.READY


def _settings(
    to: str | None,
    registers: Path | None,
    rules: Path | None,
    lang: str | None,
    config: Path | None,
    *,
    no_config: bool,
) -> Settings:
    typed = {
        "baseline": to,
        "registers": registers.as_posix() if registers is not None else None,
        "rules": rules.as_posix() if rules is not None else None,
        "language": lang,
    }
    return load_settings(typed, config=config, no_config=no_config)


def _target(settings: Settings) -> str:
    if settings.baseline is None:
        raise UsageError(Message("baseline.no_target"), Message("baseline.no_target_hint"))
    return settings.baseline


def _check_all(
    files: list[str], settings: Settings, on: list[str] | None, today: str | None, *, waived: bool
) -> list[Report] | None:
    """Return the reports of all manifests without the baseline, None where one is invalid: its faults are told."""
    from borderready.read.manifest import read_manifests

    names = [name for name in files if not is_excluded(settings, name)]
    tell_excluded(settings, len(files) - len(names))
    read = [(name, manifest) for name in names for manifest in read_manifests(name)]
    good = [(name, manifest) for name, manifest in read if isinstance(manifest, Manifest)]
    bad = [manifest for _, manifest in read if not isinstance(manifest, Manifest)]
    if bad:
        _tell_bad(bad, settings)
        return None
    own = replace(settings, baseline=None, waivers=settings.waivers if waived else ())
    run = make_run(own, (manifest for _, manifest in good), parse_days(on or []), known_day(today))
    with register_source(settings) as registers_for:
        return [check_one(name, manifest, registers_for(name), run)[0] for name, manifest in good]


def _entries(reports: Sequence[Report], target: str) -> tuple[list[Waiver], int]:
    """Return the entries for a baseline, each once, and how many findings cannot get into one."""
    entries: dict[tuple[str | None, object], Waiver] = {}
    refused = 0
    for report in reports:
        own, kept_out = list_entries(report, file=target)
        entries.update({(entry.fingerprint, entry.status): entry for entry in own})
        refused += kept_out
    return list(entries.values()), refused


def _tell(settings: Settings, message: Message) -> None:
    from borderready.report.terminal import show

    console = make_console()
    layout = make_layout(console, choose_language(settings.language))
    layout.add(layout.say(message))
    show(layout, console)


def _tell_bad(bad: Sequence[Invalid], settings: Settings) -> None:
    from borderready.report.terminal import print_faults, show

    console = make_console(stderr=True)
    layout = make_layout(console, choose_language(settings.language))
    for manifest in bad:
        print_faults(manifest.file, manifest.faults, layout)
    show(layout, console)
