# SPDX-License-Identifier: Apache-2.0
"""`ledger`: every fact of the ledger became something that exists, or is left out for a stated reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pack.build import CLEAN, lint_files

CLEAN_LEDGER = """\
F-001: {became: [any/any/seal]}
F-002: {became: [products/plum, instruments/act]}
F-003: {not_encoded: history, reason: The quay moved.}
"""


def test_ledger_whose_facts_became_something_is_clean(tmp_path: Path) -> None:
    assert lint_files(tmp_path, {**CLEAN, "coverage.yaml": CLEAN_LEDGER}) == []


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        ("{became: [any/any/seel]}", "F-001: there is no any/any/seel"),
        ("{became: [tables/ports]}", "F-001: there is no tables/ports"),
        ("{became: [gaps/quay]}", "F-001: there is no gaps/quay"),
        ("{not_encoded: history}", "F-001: not encoded without a reason"),
        ("{reason: The quay moved.}", "F-001: either 'became' or 'not_encoded'"),
        (
            "{became: [any/any/seal], not_encoded: history, reason: The quay moved.}",
            "F-001: either 'became' or 'not_encoded'",
        ),
    ],
)
def test_fact_that_became_nothing_is_an_error(entry: str, told: str, tmp_path: Path) -> None:
    ledger = CLEAN_LEDGER.replace("{became: [any/any/seal]}", entry)
    assert lint_files(tmp_path, {**CLEAN, "coverage.yaml": ledger}) == [("error", "coverage.yaml", f"ledger: {told}")]


def test_ledger_that_cannot_be_read_is_an_error_at_its_line(tmp_path: Path) -> None:
    from borderready.pack.lint import lint_pack
    from tests.pack.build import DAY, view_files

    files = {**CLEAN, "coverage.yaml": CLEAN_LEDGER.replace("not_encoded: history", "not_encoded: forgotten")}
    [found] = lint_pack(view_files(tmp_path, files), day=DAY)
    assert (found.lint, found.is_error) == ("ledger", True)
    assert found.fault.place.startswith("coverage.yaml:3:")
