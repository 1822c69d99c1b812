# SPDX-License-Identifier: Apache-2.0
"""`borderready pack lint`: formats, exit codes, faults of packs that cannot be read, and a page for each lint."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft4Validator

from borderready.cli.session import kind_schemas
from borderready.errors import RuleBaseError
from borderready.i18n import LANGUAGES, word
from borderready.pack.lint import LINTS
from borderready.pack.lint.reading import IDS, lint_faults
from borderready.read.rule_base import read_pack
from tests.command import DATA, ROOT, Ran, run_here, run_process
from tests.pack.build import CASES_FILE, CLEAN, RULE_FILE, Replaced, replace_in_clean, write_files

SARIF = Draft4Validator(json.loads((DATA / "schemas" / "sarif-2.1.0.json").read_text("utf-8")))
STALE: Replaced = (RULE_FILE, "checked: 2026-11-20", "checked: 2020-11-20")
NO_UNKNOWN: Replaced = (CASES_FILE, "expect: unknown", "expect: fail")
BROKEN: Replaced = (RULE_FILE, "severity: must", "severity: perhaps")
HOSTILE: Replaced = (RULE_FILE, "en: Seal it.", "en: 封 {0} [a](b) %0A::error::x")


def _lint(root: Path, *options: str, replaced: tuple[Replaced, ...] = ()) -> Ran:
    write_files(root / "mini", replace_in_clean(*replaced))
    return run_here("pack", "lint", "mini", "--on", "2026-11-25", *options, home=root)


# as a compiler tells it


def test_remark_has_place_line_caret_hint_and_lint(tmp_path: Path) -> None:
    ran = _lint(tmp_path, replaced=(STALE, NO_UNKNOWN))
    assert (ran.code, ran.err) == (1, "")
    assert ran.out.splitlines() == [
        f"mini/{CASES_FILE}: error: no case expects unknown [case-statuses]",
        "  hint: write the lacking case into the .cases.yaml beside the rule",
        f"mini/{RULE_FILE}:17:75: warning: last looked at 2020-11-20 [stale]",
        "  17 | ... locator: Section 1, seen: primary, checked: 2020-11-20}",
        f"     | {' ' * 48}^^^^^^^^^^",
        "  hint: look at the source again and write the day into 'checked'",
        "errors: 1, warnings: 1 (files: 5)",
    ]


@pytest.mark.parametrize(
    ("replaced", "code", "last"),
    [
        ((), 0, "no faults (files: 5)"),
        ((STALE,), 0, "errors: 0, warnings: 1 (files: 5)"),
        ((NO_UNKNOWN,), 1, "errors: 1, warnings: 0 (files: 5)"),
        ((BROKEN,), 5, "errors: 1, warnings: 0 (files: 5)"),
    ],
)
def test_exit_code_tells_errors_from_warnings_and_from_a_pack_that_cannot_be_read(
    replaced: tuple[Replaced, ...], code: int, last: str, tmp_path: Path
) -> None:
    ran = _lint(tmp_path, replaced=replaced)
    assert (ran.code, ran.out.splitlines()[-1], ran.err) == (code, last, "")


def test_pack_that_cannot_be_read_is_told_by_line_and_column(tmp_path: Path) -> None:
    ran = _lint(tmp_path, replaced=(BROKEN,))
    assert ran.out.splitlines()[0] == f"mini/{RULE_FILE}:7:11: error: 'perhaps' is not one of: must, should [schema]"


def test_folder_that_is_not_there_is_an_error_of_the_command(tmp_path: Path) -> None:
    ran = run_here("pack", "lint", "none", home=tmp_path)
    assert (ran.code, ran.out) == (5, "")


# formats


def test_json_has_every_remark_with_place_and_page(tmp_path: Path) -> None:
    ran = _lint(tmp_path, "--format", "json", replaced=(STALE, NO_UNKNOWN))
    told = json.loads(ran.out)
    assert (ran.code, told["borderready"], told["files"], told["errors"], told["warnings"]) == (1, "lint/1", 5, 1, 1)
    assert told["findings"][0]["location"] is None
    assert told["findings"][1] == {
        "lint": "stale",
        "level": "warning",
        "file": f"mini/{RULE_FILE}",
        "location": {"line": 17, "column": 75, "end_line": 17, "end_column": 85},
        "path": "wordings[0].source.checked",
        "message": "last looked at 2020-11-20",
        "hint": "look at the source again and write the day into 'checked'",
        "page": "docs/lints.md#stale",
    }


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("replaced", [(), (STALE, NO_UNKNOWN), (BROKEN,), (HOSTILE, STALE)])
def test_sarif_is_valid_in_every_language(replaced: tuple[Replaced, ...], language: str, tmp_path: Path) -> None:
    told: Any = json.loads(_lint(tmp_path, "--format", "sarif", "--lang", language, replaced=replaced).out)
    assert [f"{error.json_path}: {error.message}" for error in SARIF.iter_errors(told)] == []
    [run] = told["runs"]
    named = {result["ruleId"] for result in run["results"]}
    assert named == {rule["id"] for rule in run["tool"]["driver"]["rules"]}


def test_sarif_points_to_the_file_as_the_user_named_it(tmp_path: Path) -> None:
    [run] = json.loads(_lint(tmp_path, "--format", "sarif", replaced=(STALE,)).out)["runs"]
    [result] = run["results"]
    place = result["locations"][0]["physicalLocation"]
    assert (result["ruleId"], result["level"]) == ("stale", "warning")
    assert place["artifactLocation"]["uri"] == f"mini/{RULE_FILE}"
    assert place["region"] == {"startLine": 17, "startColumn": 75, "endLine": 17, "endColumn": 85}


def test_github_is_told_by_annotations_that_text_cannot_forge(tmp_path: Path) -> None:
    bad = (RULE_FILE, "zh: 封志}", "zh: '%0A::error::forged'}")
    ran = _lint(tmp_path, "--format", "github", replaced=(STALE, bad))
    lines = ran.out.splitlines()
    assert [line.split(" ")[0] for line in lines] == ["::error", "::warning"]
    assert lines[1].startswith(f"::warning file=mini/{RULE_FILE},line=17,endLine=17,col=75,endColumn=84,title=")


def test_github_gets_no_more_than_it_shows_and_one_of_each_lint_first(tmp_path: Path) -> None:
    files = {f"any/any/stray-{number}.yml": "x\n" for number in range(14)}
    write_files(tmp_path / "mini", {**replace_in_clean(NO_UNKNOWN), **files})
    ran = run_here("pack", "lint", "mini", "--on", "2026-11-25", "--format", "github", home=tmp_path)
    lines = ran.out.splitlines()
    assert [line.split(" ")[0] for line in lines] == ["::error"] * 10 + ["::notice"]
    assert sum("[case-statuses]" in line for line in lines[:2]) == 1
    assert "5" in lines[-1]


def test_clean_pack_gives_github_nothing(tmp_path: Path) -> None:
    assert _lint(tmp_path, "--format", "github").out == ""


# what the reader refuses


@pytest.mark.parametrize(
    ("lint", "file", "old", "new", "place"),
    [
        ("yaml", RULE_FILE, "applies_to: {}", "applies_to: {", "5:5"),
        ("schema", RULE_FILE, "severity: must", "severity: perhaps", "7:11"),
        ("unknown-key", RULE_FILE, "consequence:", "consequense:", "9:1"),
        ("id-path", RULE_FILE, "id: any/any/seal", "id: any/any/lock", "1:5"),
        ("link", RULE_FILE, "instrument: act", "instrument: acts", "17:26"),
        ("link", "products.yaml", "groups: [fruit]", "groups: [fruits]", "7:14"),
        ("field-path", RULE_FILE, "field: shipment.transport.seal", "field: shipment..seal", "11:8"),
        ("pattern", RULE_FILE, "check: present", "check: matches", "14:24"),
        ("starts", RULE_FILE, "wordings:\n", "wordings:\n", "13:12"),
    ],
)
def test_fault_of_reading_has_the_id_of_its_kind(
    lint: str, file: str, old: str, new: str, place: str, tmp_path: Path
) -> None:
    changed: list[Replaced] = [(file, old, new)]
    if lint == "pattern":
        changed.append((RULE_FILE, "options: {}", "options: {pattern: '(a+)+'}"))
    files = replace_in_clean(*changed)
    if lint == "starts":
        wording = files[RULE_FILE].split("wordings:\n")[1]
        files[RULE_FILE] += wording
    write_files(tmp_path, files)
    with pytest.raises(RuleBaseError) as caught:
        read_pack({name: text.encode() for name, text in files.items()}, kind_schemas())
    found = lint_faults(caught.value.faults)
    assert lint in {one.lint for one in found}
    [fault] = [one.fault for one in found if one.lint == lint]
    if lint not in ("yaml", "starts"):
        assert fault.place == f"{file}:{place}"
    assert fault.span is not None


def test_cell_of_a_table_has_one_too() -> None:
    table = (
        "id: ports\ntitle: {en: Ports, vi: Cảng, zh: 口岸}\nkey: [port]\ncolumns:\n  port: {kind: slug, says: Port.}\n"
    )
    rows = "port,start,until,instrument,locator,seen,witnesses\nThe Quay,,,act,Annex,primary,\n"
    files = {**CLEAN, "tables/ports.yaml": table, "tables/ports.csv": rows}
    with pytest.raises(RuleBaseError) as caught:
        read_pack({name: text.encode() for name, text in files.items()}, kind_schemas())
    assert [(one.lint, one.fault.place) for one in lint_faults(caught.value.faults)] == [
        ("table-cell", "tables/ports.csv:2:1")
    ]


def test_notice_of_a_gate_that_is_not_there_has_one_too() -> None:
    notice = """\
- id: quay-shut
  title: {en: The quay is shut., vi: Bến đóng cửa., zh: 码头关闭。}
  kind: closed
  applies_to: {gate: [no-quay]}
  start: 2024-02-10
  until: 2024-02-13
  source: {instrument: act, locator: Notice 1, seen: primary, checked: 2026-11-20}
"""
    files = {**CLEAN, "notices/quay.yaml": notice}
    with pytest.raises(RuleBaseError) as caught:
        read_pack({name: text.encode() for name, text in files.items()}, kind_schemas())
    assert {one.lint for one in lint_faults(caught.value.faults)} == {"notice"}


# pages


def _pages() -> dict[str, str]:
    text = (ROOT / "docs" / "lints.md").read_text("utf-8")
    return dict(re.findall(r"^## (\S+)\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL))


def test_every_lint_has_a_page_with_a_bad_and_a_good_example_and_no_page_is_without_lint() -> None:
    pages = _pages()
    assert sorted(pages) == sorted([*LINTS, *IDS])
    assert [name for name, page in pages.items() if "Refused:" not in page or "Good:" not in page] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_lint_has_a_title_and_a_hint_in_each_language(language: str) -> None:
    for name in (*LINTS, *IDS):
        assert word(f"lint.title.{name}", language)
        assert word(f"lint.hint.{name}", language)


def test_process_lints_the_rule_base(tmp_path: Path) -> None:
    ran = run_process("pack", "lint", str(ROOT / "rules"), "--on", "2026-11-28", home=tmp_path)
    assert (ran.code, ran.out.splitlines()[-1].split(" (")[0]) == (0, "no faults")
