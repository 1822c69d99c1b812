# SPDX-License-Identifier: Apache-2.0
"""How each of many manifests is checked, alike in every process."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from borderready.core import check_shipment
from borderready.model import Event, Force, History, Manifest, Notice, Register, Report, RuleBase


def _alone(_: Manifest) -> History | None:
    return None


def _as_it_is(report: Report) -> Report:
    return report


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Everything that a worker needs beside the manifests.

    Attributes:
        rule_base: Loaded once, before the workers start.
        registers_of: Gives the registers for a file by its name.
        notices: The user's own.
        history_of: Gives what other consignments used, None where nothing is compared.
        days: As in check_shipment.
        fail_on: As in check_shipment.
        finish: What is done to a report before it is told (waivers).
    """

    rule_base: RuleBase
    registers_of: Callable[[str], Mapping[str, Register]]
    notices: tuple[Notice, ...] = ()
    history_of: Callable[[Manifest], History | None] = _alone
    days: Mapping[Event, str] = field(default_factory=dict)
    fail_on: Force = Force.BLOCKS
    finish: Callable[[Report], Report] = _as_it_is


def check_one(manifest: Manifest, job: Job) -> Report:
    """Return the report of a manifest."""
    report = check_shipment(
        manifest,
        job.rule_base,
        registers=job.registers_of(manifest.file),
        notices=job.notices,
        history=job.history_of(manifest),
        days=job.days,
        fail_on=job.fail_on,
    )
    return job.finish(report)
