# SPDX-License-Identifier: Apache-2.0
"""What all manifests of a run share, and how each is checked and rendered."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from borderready import __version__
from borderready.across import base_use
from borderready.batch.job import apply_settings, force_of, registers_beside, settings_of
from borderready.cli.output import Target
from borderready.cli.own_notices import load_own_notices, read_notice_file
from borderready.cli.session import load_rules, make_console, parse_day, registers_path
from borderready.cli.settings import judge_names, load_book
from borderready.core import check_shipment
from borderready.errors import UsageError
from borderready.histories import History
from borderready.model import Compared, Event, Manifest, Message, Notice, Register, Report, RuleBase
from borderready.read.manifest import Invalid, placeholder_of
from borderready.report.formats import FORMATS
from borderready.report.stream import Failed, Item, Result, RunInfo, Unread
from borderready.report.summary import Told
from borderready.report.told import tell

if TYPE_CHECKING:
    from borderready.keep.ledger import Entry
    from borderready.read.rule_cache_file import Goods
    from borderready.settings import Settings
    from borderready.waive import Book

Registers = Mapping[str, Register]


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What all manifests of a run share."""

    rule_base: RuleBase
    notices: tuple[Notice, ...]
    days: Mapping[Event, str]
    settings: Settings
    book: Book | None


class Checked(NamedTuple):
    """One manifest, checked and rendered: all that the rest of a run needs of it.

    Attributes:
        items: For each target its item.
        entry: What a ledger records of it, None where nothing was read or it has no reference.
        used: Waivers that accept a finding of it; `lapsed` and `met` as in waive.Waived.
    """

    told: Told
    items: tuple[Item, ...]
    entry: Entry | None = None
    used: frozenset[str] = frozenset()
    lapsed: frozenset[str] = frozenset()
    met: frozenset[str] = frozenset()


def make_run(
    settings: Settings,
    read: Iterable[Manifest | Invalid] | None,
    days: Mapping[Event, str],
    today: str | None,
    *,
    is_locked: bool = False,
) -> Run:
    """Return what all manifests of a run share; only the rules that can concern these are loaded, with None all.

    With is_locked a rule base that borderready.lock does not name is refused (RuleBaseError).
    """
    folder = Path(settings.rules) if settings.rules is not None else None
    cache = Path(settings.cache) if settings.cache is not None else None
    goods = _goods_of(read) if read is not None else None
    rule_base = load_rules(folder, goods, cache=cache, trust=settings.trust)
    if is_locked:
        from borderready.cli.pack_lock import judge_lock

        judge_lock(settings, rule_base)
    book = load_book(settings, today)
    judge_names(settings, book, rule_base)
    named = settings.notices
    notices = load_own_notices() if named is None else read_notice_file(Path(named), rule_base)
    return Run(rule_base=rule_base, notices=notices, days=days, settings=settings, book=book)


def check_one(
    name: str,
    manifest: Manifest,
    registers: Registers,
    run: Run,
    *,
    history: History | None = None,
    compared_with: tuple[Compared, ...] = (),
    targets: Sequence[Target] = (),
) -> tuple[Report, Checked]:
    """Return the report of one manifest under the settings that hold for it, and what the rest of the run needs."""
    own = settings_of(run.settings, name)
    report = check_shipment(
        manifest,
        run.rule_base,
        registers=registers,
        notices=run.notices,
        history=history,
        days=run.days,
        fail_on=force_of(own),
        tells_passes=any(target.info.verbose for target in targets),
    )
    waived = apply_settings(replace(report, compared_with=compared_with), own, run.book)
    checked = render(waived.report, targets, _language(targets))
    checked = checked._replace(used=waived.used, lapsed=waived.lapsed, met=waived.met)
    return waived.report, checked


def render(result: Result, targets: Sequence[Target], language: str) -> Checked:
    """Return a result in each of the formats."""
    items = tuple(FORMATS[target.format].item(result, target.info) for target in targets)
    return Checked(told=tell(result, language), items=items)


def render_invalid(invalid: Invalid, targets: Sequence[Target]) -> Checked:
    """Return a manifest that could not be read in each of the formats."""
    unread = Unread(file=invalid.file, index=invalid.index, sha256=invalid.sha256, faults=invalid.faults)
    return render(unread, targets, _language(targets))


def render_failed(file: str, index: int, reason: Message, targets: Sequence[Target]) -> Checked:
    """Return a manifest that was not checked in each of the formats."""
    return render(Failed(file=file, index=index, reason=reason), targets, _language(targets))


def _language(targets: Sequence[Target]) -> str:
    return targets[0].info.language if targets else "en"


def entry_of(manifest: Manifest, verdict: str) -> Entry | None:
    """Return what a ledger records of a manifest, None of one without a reference."""
    from borderready.keep.ledger import Entry

    if manifest.reference is None:
        return None
    base = base_use(manifest.data, manifest.reference, manifest.file)
    return Entry(
        reference=manifest.reference,
        file=manifest.file,
        sha256=manifest.sha256,
        day=base.start,
        exporter=base.exporter,
        verdict=verdict,
    )


def make_targets(
    settings: Settings,
    rule_base: RuleBase,
    reports: Sequence[tuple[str, Path]],
    output: Path | None,
    *,
    verbose: bool,
    many: bool,
) -> tuple[Target, ...]:
    """Return the formats of a run and where each goes, that of standard output (or `output`) first.

    Args:
        settings: Its format is the first one.
        rule_base: Whose instruments are cited.
        reports: More formats, each with its file.
        output: A file in place of standard output.
        verbose: As in RunInfo.
        many: As in RunInfo.
    """
    from borderready.cli.session import PLAIN_WIDTH, choose_language

    common = RunInfo(
        engine=__version__,
        language=choose_language(settings.language),
        instruments=rule_base.instruments,
        fill=placeholder_of,
        width=PLAIN_WIDTH,
        pack=rule_base.pack,
        verbose=verbose,
        many=many,
    )
    first = common
    if output is None and settings.format == "text":
        console = make_console()
        first = replace(common, width=console.width, colour=console.color_system if console.is_terminal else None)
    return (
        Target(format=settings.format, path=output, info=first),
        *(Target(format=form, path=path, info=common) for form, path in reports),
    )


def parse_reports(given: Sequence[str]) -> tuple[tuple[str, Path], ...]:
    """Return reports given as FORMAT=FILE; raises UsageError for anything else, and for one file named twice."""
    reports: list[tuple[str, Path]] = []
    seen: set[str] = set()
    for text in given:
        form, equals, file = text.partition("=")
        if not equals or not file or form not in FORMATS:
            args = {"text": text, "formats": ", ".join(FORMATS)}
            raise UsageError(Message("cli.bad_report", args), Message("cli.bad_report_hint"))
        if os.path.realpath(file) in seen:
            raise UsageError(Message("cli.same_report", {"file": file}))
        seen.add(os.path.realpath(file))
        reports.append((form, Path(file)))
    return tuple(reports)


def known_format(settings: Settings) -> str:
    """Return the format that was asked for; raises UsageError for one that there is not."""
    if settings.format in FORMATS:
        return settings.format
    args = {"found": settings.format, "allowed": ", ".join(FORMATS)}
    raise UsageError(Message("schema.enum", args), Message("config.see", {"origin": settings.origins["format"]}))


def parse_days(given: Sequence[str]) -> Mapping[Event, str]:
    """Return the days of events given as EVENT=DATE; raises UsageError for anything else."""
    days: dict[Event, str] = {}
    for text in given:
        name, equals, day = text.partition("=")
        if not equals:
            raise UsageError(Message("cli.bad_on", {"text": text}), Message("cli.bad_on_hint"))
        if name not in list(Event):
            raise UsageError(Message("cli.no_event", {"event": name, "events": ", ".join(Event)}))
        days[Event(name)] = parse_day(day)
    return days


@contextlib.contextmanager
def register_source(settings: Settings) -> Iterator[Callable[[str], Registers]]:
    """Give a function that returns the registers for a manifest by its name, each folder read once.

    Those of the folder that the settings name, else of `registers/` beside the manifest, else those that this machine
    keeps, which a process opens for itself and sees in one state. Raises RegisterError and KeepError.
    """
    from borderready.read.register import read_registers

    read: dict[str, Registers] = {}
    by_place: dict[tuple[str | None, str, int], Registers] = {}
    with contextlib.ExitStack() as stack:

        def read_for(asked: str | None, beside: str) -> Registers:
            folder = Path(asked) if asked is not None else Path(beside) if os.path.isdir(beside) else None
            shown = f"kept {os.getpid()}" if folder is None else asked or folder.as_posix()
            if shown not in read:
                read[shown] = _kept_registers(stack) if folder is None else read_registers(folder, shown_as=shown)
            return read[shown]

        def registers_for(name: str) -> Registers:
            asked, beside = settings_of(settings, name).registers, registers_beside(name)
            place = (asked, beside, os.getpid())
            if place not in by_place:
                by_place[place] = read_for(asked, beside)
            return by_place[place]

        yield registers_for


def _kept_registers(stack: contextlib.ExitStack) -> Registers:
    """Return what this machine keeps; where it never kept anything, no database is asked."""
    path = registers_path()
    if not os.path.exists(path):  # a folder that may not be entered holds nothing of this user's
        return {}
    from borderready.keep.register_lookup import open_registers

    return stack.enter_context(open_registers(path))


def _goods_of(read: Iterable[Manifest | Invalid]) -> Goods:
    """Return what the manifests are about, so that only its rules need be loaded."""
    from borderready.read.rule_cache_file import Goods

    origins, products = set[str](), set[str]()
    for manifest in read:
        if isinstance(manifest, Manifest):
            shipment, lots = manifest.data.get("shipment"), manifest.data.get("lots")
            holders = [shipment, *(lots if isinstance(lots, tuple) else ())]
            for holder in holders:
                if isinstance(holder, Mapping):
                    origins.add(str(holder.get("origin", "")))
                    products.add(str(holder.get("product", "")))
    return Goods(origins=frozenset(origins - {""}), products=frozenset(products - {""}))
