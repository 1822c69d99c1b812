# SPDX-License-Identifier: Apache-2.0
"""What the commands share of configuration and waivers: settings of a run, its waivers, and what to say of them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path

from borderready.cli.session import choose_language, make_console, make_layout
from borderready.errors import ConfigError, Fault
from borderready.model import Message, RuleBase, Waiver, WaiverFile, WaiverKind
from borderready.selection import find_stray, names_of
from borderready.settings import PREFIX, ConfigFile, Setting, Settings, Trust, resolve_settings
from borderready.waive import Book, Remark, Waived, judge_waivers, make_book, remark_on

CHINA = timezone(timedelta(hours=8))


def load_settings(
    command_line: Mapping[str, Setting | None], *, config: Path | None = None, no_config: bool = False
) -> Settings:
    """Return the settings of a run; raises ConfigError with all that is wrong with file, variables or options.

    Args:
        command_line: What was typed, by key.
        config: The file to read; else BORDERREADY_CONFIG, else the nearest one upwards from the working folder.
        no_config: Read none, whatever is found or named by a variable.
    """
    settings = resolve_settings(command_line, os.environ, None if no_config else _read_file(config))
    if not isinstance(settings, Settings):
        raise ConfigError(settings)
    return settings


def read_trust(config: Path | None = None) -> Mapping[str, Trust]:
    """Return whose signatures packs need, by the configuration named or the one that holds here.

    Raises ConfigError as load_settings does for the file.
    """
    file = _read_file(config)
    return {} if file is None else file.trust


def _read_file(config: Path | None) -> ConfigFile | None:
    from borderready.read.config import find_config, read_config

    folder = os.getcwd()
    named = os.environ.get(f"{PREFIX}CONFIG")
    path = config or (Path(named) if named else find_config(folder))
    return None if path is None else read_config(path, working_folder=folder)


def today_in_china(asked: str | None) -> str:
    """Return the day asked for, else the calendar day in China, where a waiver ends."""
    return asked or datetime.now(CHINA).date().isoformat()


def load_book(settings: Settings, today: str | None) -> Book | None:
    """Return the waivers and the baseline of a run, None where there are none; the clock is asked only where there are.

    Raises ConfigError with everything that is wrong with any of the files.
    """
    if not settings.waivers and settings.baseline is None:
        return None
    from borderready.read.waiver import read_baseline, read_waivers

    day = today_in_china(today)
    named = [(name, WaiverKind.WAIVER) for name in dict.fromkeys(settings.waivers)]
    if settings.baseline is not None:
        named.append((settings.baseline, WaiverKind.BASELINE))
    waivers, files, faults = list[Waiver](), list[WaiverFile](), list[Fault]()
    for name, kind in named:
        read = read_waivers if kind is WaiverKind.WAIVER else read_baseline
        try:
            own, digest = read(Path(name), shown_as=name)
        except ConfigError as error:
            faults.extend(error.faults)
            continue
        waivers.extend(own)
        files.append(WaiverFile(file=name, kind=kind, sha256=digest, today=day))
    if faults:
        raise ConfigError(faults)
    return make_book(waivers, files)


def judge_names(settings: Settings, book: Book | None, rule_base: RuleBase) -> None:
    """Raise ConfigError for waivers, select and ignore that name rules which are not there, or cannot be waived."""
    written = book.written if book is not None else ()
    entries = list(_entries(settings))
    if not written and not entries:
        return
    rules = names_of(rule_base)
    faults = list(judge_waivers(written, rules))
    names = {entry for entry, _ in entries}
    nearest = dict(find_stray(sorted(names), rules))
    for entry, origin in entries:
        if entry in nearest:
            near = nearest[entry]
            hint = Message("type.did_you_mean", {"name": near}) if near is not None else None
            what = Message("config.no_rules", {"entry": entry})
            faults.append(Fault(file=origin, span=None, path="", what=what, hint=hint))
    if faults:
        raise ConfigError(faults)


def _entries(settings: Settings) -> Iterable[tuple[str, str]]:
    """Yield every entry of select and ignore, of overrides, too, with its origin."""
    yield from ((entry, settings.origins["select"]) for entry in settings.select or ())
    yield from ((entry, settings.origins["ignore"]) for entry in settings.ignore)
    for override in settings.overrides:
        for key in ("select", "ignore"):
            given = override.values.get(key)
            if given is not None and isinstance(given.value, tuple):
                yield from ((entry, given.origin) for entry in given.value)


@dataclass(slots=True)
class Tally:
    """What the reports of a run say of its waivers, gathered one by one."""

    used: set[str] = field(default_factory=set)
    lapsed: set[str] = field(default_factory=set)
    met: set[str] = field(default_factory=set)

    def add(self, waived: Waived) -> None:
        """Add what one report says."""
        self.used |= waived.used
        self.lapsed |= waived.lapsed
        self.met |= waived.met


def tell_remarks(book: Book | None, tally: Tally, language: str | None) -> None:
    """Print on standard error what is to be said of the waivers after a run."""
    if book is None:
        return
    remarks = remark_on(book, used=tally.used, lapsed=tally.lapsed, met=tally.met, today=book.files[0].today)
    print_remarks(remarks, language)


def print_remarks(remarks: Iterable[Remark], language: str | None) -> None:
    """Print remarks on standard error."""
    from borderready.report.terminal import print_fault, show

    console = make_console(stderr=True)
    layout = make_layout(console, choose_language(language))
    for remark in remarks:
        print_fault(remark.fault, layout, label="cli.notice" if remark.is_notice else "cli.warning")
    show(layout, console)


def tell_excluded(settings: Settings, count: int) -> None:
    """Print on standard error how many of the manifests named are kept out by `exclude`, if any are."""
    if count:
        what = Message("config.excluded", {"count": str(count), "origin": settings.origins["exclude"]})
        remark = Remark(fault=Fault(file="borderready", span=None, path="", what=what), is_notice=True)
        print_remarks([remark], settings.language)
