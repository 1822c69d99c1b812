# SPDX-License-Identifier: Apache-2.0
"""`borderready baseline`: accept what is there today, once, so that a check tells what is new; it only shrinks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from borderready.cli.exits import ExitCode
from borderready.cli.inputs import find_names, spooled
from borderready.cli.others import Consignment, Others
from borderready.cli.run import check_one, make_run, parse_days, register_source
from borderready.cli.session import choose_language, known_day, make_console, make_layout, write_whole
from borderready.cli.settings import load_settings
from borderready.errors import UsageError
from borderready.model import Manifest, Message, Report, Waiver
from borderready.waive import list_entries

if TYPE_CHECKING:
    from borderready.read.manifest import Invalid
    from borderready.settings import Settings

baseline_app = typer.Typer(
    help="Accepts what is found today, so that a check tells what is new.", no_args_is_help=True, rich_markup_mode=None
)
_Files = Annotated[
    list[str],
    typer.Argument(help="Manifests: files, folders, patterns, @list.txt, or - for standard input.", metavar="FILE..."),
]
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

    Example: borderready baseline create outbox --to baseline.json
    """
    settings = _settings(to, registers, rules, lang, config, no_config=no_config)
    target = _target(settings)
    if Path(target).exists() and not force:
        raise UsageError(Message("baseline.exists", {"file": target}), Message("baseline.exists_hint"))
    found = _find(files, settings, on, today, waived=True)
    if found is None or not found.references:
        return ExitCode.NOT_READY if found is None else ExitCode.NOTHING_CHECKED
    from borderready.read.waiver import MAX_BASELINE_BYTES, write_baseline

    written = write_baseline(found.entries.values()).encode("utf-8")
    if len(written) > MAX_BASELINE_BYTES:
        args = {"count": str(len(found.entries)), "mib": str(MAX_BASELINE_BYTES >> 20)}
        raise UsageError(Message("baseline.too_many", args), Message("baseline.too_many_hint"))
    write_whole(Path(target), written)
    _tell(settings, Message("baseline.created", {"file": target, "count": str(len(found.entries))}))
    if found.refused:
        _tell(settings, Message("baseline.refused", {"count": str(found.refused)}))
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

    Example: borderready baseline prune outbox --baseline baseline.json
    """
    from borderready.read.waiver import read_baseline, write_baseline

    settings = _settings(to, registers, rules, lang, config, no_config=no_config)
    target = _target(settings)
    known, _ = read_baseline(Path(target), shown_as=target)
    found = _find(files, settings, on, None, waived=False)
    if found is None or not found.references:
        return ExitCode.NOT_READY if found is None else ExitCode.NOTHING_CHECKED
    kept = [entry for entry in known if (entry.fingerprint, entry.status) in found.entries]
    others = sum(entry.reference not in found.references for entry in known)
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


@dataclass(slots=True, kw_only=True)
class _Found:
    """What is found today.

    Attributes:
        entries: What can get into a baseline, by fingerprint and status.
        refused: How many findings cannot.
        references: Those of the manifests; None of one without.
    """

    entries: dict[tuple[str | None, object], Waiver] = field(default_factory=dict)
    refused: int = 0
    references: set[str | None] = field(default_factory=set)

    def add(self, report: Report, target: str) -> None:
        own, refused = list_entries(report, file=target)
        self.entries.update({(entry.fingerprint, entry.status): entry for entry in own})
        self.refused += refused
        self.references.add(report.manifest.reference)


def _find(
    files: Sequence[str], settings: Settings, on: list[str] | None, today: str | None, *, waived: bool
) -> _Found | None:
    """Return what a check would find without the baseline, None where a manifest is invalid: its faults are told.

    All manifests are read twice, as a check of many does: each is compared with all the others.
    """
    target, found = _target(settings), _Found()
    names = find_names(files, settings, outputs=(Path(target),))
    with spooled(names) as shown:
        consignments: list[Consignment] = []
        bad: list[Invalid] = []
        for _, one in _read(shown):
            if isinstance(one, Manifest):
                consignments.append(Consignment.of(one))
            else:
                bad.append(one)
        if bad:
            _tell_bad(bad, settings)
            return None
        own = replace(settings, baseline=None, waivers=settings.waivers if waived else ())
        run = make_run(own, None, parse_days(on or []), known_day(today))
        ledger = Path(settings.ledger) if settings.ledger is not None else None
        with register_source(settings) as registers_for, Others.of((), ledger, consignments) as others:
            for name, one in _read(shown):
                if not isinstance(one, Manifest):  # it was, when it was read first
                    _tell_bad([one], settings)
                    return None
                report, _ = check_one(name, one, registers_for(name), run, history=others.history_of(one))
                found.add(report, target)
    return found


def _read(shown: Mapping[str, str]) -> Iterator[tuple[str, Manifest | Invalid]]:
    from borderready.batch.source import read_unit, units_of

    for unit in units_of(shown):
        for one in read_unit(unit):
            yield unit.name, one


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
