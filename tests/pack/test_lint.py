# SPDX-License-Identifier: Apache-2.0
"""The linter as a whole; each lint has a file of tests of its own."""

from __future__ import annotations

from pathlib import Path

import borderready.pack.lint
from borderready.pack.lint import LINTS, lint_pack
from tests.command import PACK
from tests.pack.build import CASES_FILE, DAY, RULE_FILE, lint_files, lint_replaced, view_files


def test_clean_pack_is_clean(tmp_path: Path) -> None:
    assert lint_files(tmp_path) == []


def test_pack_of_the_golden_reports_is_clean() -> None:
    from borderready.cli.session import kind_schemas
    from borderready.pack.view import view_pack

    assert lint_pack(view_pack(PACK, kind_schemas(), name="pack"), day=DAY) == ()


def test_every_module_is_in_the_table_under_its_own_name() -> None:
    folder = Path(borderready.pack.lint.__file__).parent
    modules = {path.stem.replace("_", "-") for path in folder.glob("*.py")} - {"--init--", "finding", "reading"}
    assert sorted(LINTS) == sorted(modules)


def test_every_lint_has_tests_of_its_own() -> None:
    folder = Path(__file__).parent
    lacking = [name for name in LINTS if not (folder / f"test_lint_{name.replace('-', '_')}.py").is_file()]
    assert lacking == []


def test_remarks_stand_in_the_order_of_files_and_lines(tmp_path: Path) -> None:
    found = lint_replaced(
        tmp_path,
        (RULE_FILE, "fix: {en: Seal it., vi: Niêm phong lại., zh: 请加封。}", "fix: {en: Seal it., vi: Có., zh: No.}"),
        (RULE_FILE, "zh: 封志}", "zh: Seal}"),
        (CASES_FILE, "expect: unknown", "expect: fail"),
    )
    assert [(place, text.partition(":")[0]) for _, place, text in found] == [
        (CASES_FILE, "case-statuses"),
        (f"{RULE_FILE}:2:1", "language"),
        (f"{RULE_FILE}:16:5", "language"),
    ]


def test_lints_look_at_the_day_they_are_given_and_at_no_clock(tmp_path: Path) -> None:
    pack = view_files(tmp_path)
    days = ("2026-11-25", "2027-11-20", "2027-11-21", "2099-01-01")
    assert [len(lint_pack(pack, day=day)) for day in days] == [0, 0, 1, 1]
