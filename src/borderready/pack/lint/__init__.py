# SPDX-License-Identifier: Apache-2.0
"""The linter of packs: one module for each lint, and this table written by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from borderready.pack.lint import (
    address,
    case_dates,
    case_statuses,
    contradiction,
    field_known,
    force,
    grade,
    instrument_used,
    key_order,
    language,
    ledger,
    link_cycle,
    path_agrees,
    phrase,
    stale,
    stray_file,
    table_row,
    unbreakable,
    unfinished,
    unreachable,
    waivable,
)
from borderready.pack.lint.finding import LintFinding
from borderready.pack.view import PackView

Lint = Callable[[PackView, str], Iterator[LintFinding]]

LINTS: Mapping[str, Lint] = {
    module.ID: module.lint
    for module in (
        address,
        case_dates,
        case_statuses,
        contradiction,
        field_known,
        force,
        grade,
        instrument_used,
        key_order,
        language,
        ledger,
        link_cycle,
        path_agrees,
        phrase,
        stale,
        stray_file,
        table_row,
        unbreakable,
        unfinished,
        unreachable,
        waivable,
    )
}


def lint_pack(pack: PackView, *, day: str) -> tuple[LintFinding, ...]:
    """Return what every lint says of a pack, in the order of its files; `day` is the one on which sources are stale."""
    found = [finding for lint in LINTS.values() for finding in lint(pack, day)]
    return tuple(sorted(found, key=lambda f: (f.fault.file, f.fault.span.line if f.fault.span else 0, f.lint)))
