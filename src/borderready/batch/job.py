# SPDX-License-Identifier: Apache-2.0
"""How each of many manifests is checked, alike in every process: under the settings that hold for it."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from borderready.core import check_shipment
from borderready.histories import History
from borderready.model import Event, Force, Manifest, Notice, Register, Report, RuleBase
from borderready.selection import leave_out
from borderready.settings import Settings, is_fit, settings_for
from borderready.waive import Book, Waived, waive

STDIN_NAMES = ("-", "<stdin>")


def settings_of(settings: Settings, name: str) -> Settings:
    """Return the settings for one manifest by the name that the user gave it."""
    place = _place_of(settings, name)
    return settings if place is None else settings_for(settings, place)


def is_excluded(settings: Settings, name: str) -> bool:
    """Tell whether a manifest is one that `exclude` keeps from being checked; standard input never is."""
    place = _place_of(settings, name)
    return place is not None and any(is_fit(pattern, place) for pattern in settings.exclude)


def _place_of(settings: Settings, name: str) -> str | None:
    if name == "-" or (not settings.overrides and not settings.exclude):
        return None
    try:
        place = os.path.relpath(os.path.abspath(name), settings.root or os.getcwd())
    except ValueError:  # another drive: below no folder of ours
        return None
    return place.replace(os.sep, "/")


def registers_beside(name: str) -> str:
    """Return the folder in which lists for a manifest lie, as it is shown, where nothing else is asked for."""
    return "registers" if name in STDIN_NAMES else _registers_in(os.path.dirname(name))


@lru_cache(maxsize=1024)
def _registers_in(folder: str) -> str:
    return (Path(folder) / "registers").as_posix()


def force_of(settings: Settings) -> Force:
    """Return the force from which a fail makes a manifest not ready."""
    return Force.WARNS if settings.fail_on == "warning" else Force.BLOCKS


def apply_settings(report: Report, own: Settings, book: Book | None) -> Waived:
    """Return a report without what the user left out, and with what somebody accepts waived."""
    wanted = leave_out(report, select=own.select, ignore=own.ignore)
    if book is None:
        return Waived(report=wanted)
    return waive(wanted, book, today=book.files[0].today)


def _alone(_: Manifest) -> History | None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Everything that a worker needs beside a manifest.

    Attributes:
        rule_base: Loaded once, before the workers start.
        registers: The lists for it.
        notices: The user's own.
        history_of: Gives what other consignments used, None where nothing is compared.
        days: As in check_shipment.
        own: The settings that hold for it.
        book: The waivers of the run.
    """

    rule_base: RuleBase
    registers: Mapping[str, Register]
    notices: tuple[Notice, ...] = ()
    history_of: Callable[[Manifest], History | None] = _alone
    days: Mapping[Event, str] = field(default_factory=dict)
    own: Settings = field(default_factory=Settings)
    book: Book | None = None


def check_one(manifest: Manifest, job: Job) -> Waived:
    """Return the report of a manifest with what is said of waivers."""
    report = check_shipment(
        manifest,
        job.rule_base,
        registers=job.registers,
        notices=job.notices,
        history=job.history_of(manifest),
        days=job.days,
        fail_on=force_of(job.own),
    )
    return apply_settings(report, job.own, job.book)
