# SPDX-License-Identifier: Apache-2.0
"""The exit codes, the same for one manifest and for a thousand (design, section 5; docs/cli.md)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import IntEnum

from borderready.model import Verdict


class ExitCode(IntEnum):
    """What a caller may rely on. Never a count."""

    READY = 0
    NOT_READY = 1
    USAGE = 2
    NOTHING_CHECKED = 3
    UNDECIDED = 4
    UNTRUSTED_PACK = 5
    INTERNAL = 6
    INTERRUPTED = 130


def exit_code_of(verdicts: Iterable[Verdict]) -> ExitCode:
    """Return the exit code of a run over these verdicts; the worst counts."""
    seen = set(verdicts)
    if not seen:
        return ExitCode.NOTHING_CHECKED
    if seen & {Verdict.NOT_READY, Verdict.INVALID}:
        return ExitCode.NOT_READY
    if Verdict.UNDECIDED in seen:
        return ExitCode.UNDECIDED
    return ExitCode.READY


def exit_code_of_run(verdicts: Mapping[str, int]) -> ExitCode:
    """Return the exit code of a run by how many manifests have each verdict; `error` stands for those not checked.

    What was found not to be ready counts first; then what could not be checked, which nobody may take for ready.
    """
    code = exit_code_of(Verdict(verdict) for verdict, count in verdicts.items() if count and verdict != "error")
    if verdicts.get("error") and code is not ExitCode.NOT_READY:
        return ExitCode.INTERNAL
    return code
