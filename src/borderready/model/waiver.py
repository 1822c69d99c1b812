# SPDX-License-Identifier: Apache-2.0
"""Recorded decisions to accept a finding: written by a person, or an entry of a baseline."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from borderready.model.word import RuleId, Status

BASELINE_REASON = "in the baseline"


class WaiverKind(StrEnum):
    """Where a waiver comes from; all are one model, shown alike in every report.

    A pack waives what it disables (disable.py): whatever a user accepts, or a pack for all its users, stays visible.
    """

    WAIVER = "waiver"
    BASELINE = "baseline"
    PACK = "pack"


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    """One recorded decision to accept findings of one rule.

    Attributes:
        file: The file it stands in, as the user named it.
        line: Line in it, from 1.
        id: The user's own name of it.
        owner: Who answers for it; None only in a baseline. Of a pack its name.
        until: Last day on which it holds, calendar of China; None where what stands there is no day, in a baseline, or
            where a pack sets none.
        written_until: What stands there.
        reference: The consignment it is for, None for any.
        exporter: Name of the exporter, None for any.
        lot: Id of the lot, None for any.
        path: Place of the finding or of a part that holds it, in the manifest or below the subject; None for any.
        fingerprint: The one finding that an entry of a baseline is for.
        status: The status that it had then.
    """

    kind: WaiverKind = WaiverKind.WAIVER
    file: str
    line: int
    rule: RuleId
    reason: str
    id: str | None = None
    owner: str | None = None
    until: str | None = None
    written_until: str = ""
    reference: str | None = None
    exporter: str | None = None
    lot: str | None = None
    path: str | None = None
    fingerprint: str | None = None
    status: Status | None = None

    @property
    def place(self) -> str:
        """`file:line`; of no two waivers of a run it is the same."""
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True, kw_only=True)
class WaiverFile:
    """A file of waivers that was at hand for a report.

    Attributes:
        file: As the user named it.
        today: The day in China on which its waivers were held against their ends.
        used: How many findings of the report it accepts.
    """

    file: str
    kind: WaiverKind
    sha256: str
    today: str
    used: int = 0
