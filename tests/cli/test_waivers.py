# SPDX-License-Identifier: Apache-2.0
"""`check --waivers`: what is accepted stays visible, and whatever lapses comes back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from borderready.schemas import load_schema
from tests.cli.build import open_harbour, write_manifest, write_pack
from tests.command import Ran, run_here

STOPS = ("any/any/wash-record", "any/fresh-fruit/pallet-mark", "any/any/paper-copy")


def waiver(rule: str, *, until: str = "2027-12-31", more: str = "scope: all") -> str:
    return f"- {{rule: {rule}, {more}, reason: Agreed with the harbour., owner: An, until: {until}}}\n"


def check(home: Path, waivers: str, *arguments: str, today: str = "2026-11-28") -> Ran:
    if not (home / "pack").exists():
        open_harbour(write_pack(home))
        write_manifest(home, base="not-ready.yaml")
    (home / "w.yaml").write_text(waivers, "utf-8")
    named = ("--rules", "pack", "--waivers", "w.yaml", "--today", today)
    return run_here("check", "m.yaml", *named, *arguments, home=home)


def report_of(ran: Ran) -> Any:
    report = json.loads(ran.out)
    Draft202012Validator(load_schema("report")).validate(report)
    return report


def test_consignment_whose_every_stop_is_waived_is_ready(tmp_path: Path) -> None:
    ran = check(tmp_path, "".join(map(waiver, STOPS)), "--format", "json")
    report = report_of(ran)
    assert (ran.code, ran.err, report["verdict"]) == (0, "", "ready")
    assert (report["counts"]["waived"], report["counts"]["unknown"]) == (3, 0)


def test_report_shows_who_accepts_what_and_until_when(tmp_path: Path) -> None:
    text = waiver("any/any/wash-record", more="id: QA-1, lot: L1")
    report = report_of(check(tmp_path, text, "--format", "json"))
    [finding] = [finding for finding in report["findings"] if finding["status"] == "waived"]
    assert finding["rule"] == "any/any/wash-record"
    assert finding["waiver"] == {
        "id": "QA-1",
        "kind": "waiver",
        "status": "fail",
        "reason": "Agreed with the harbour.",
        "owner": "An",
        "until": "2027-12-31",
        "file": "w.yaml",
        "line": 1,
    }
    [file] = report["waivers"]
    assert {key: file[key] for key in ("file", "kind", "today", "used")} == {
        "file": "w.yaml",
        "kind": "waiver",
        "today": "2026-11-28",
        "used": 1,
    }


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "failed, accepted by An until 2027-12-31; w.yaml:1 (QA-1)"),
        ("vi", "không đạt, được An chấp nhận đến hết 2027-12-31; w.yaml:1 (QA-1)"),
        ("zh", "不合格，由 An 接受，至 2027-12-31（含当日）；w.yaml:1 (QA-1)"),
    ],
)
def test_text_report_shows_it_in_each_language(language: str, told: str, tmp_path: Path) -> None:
    ran = check(tmp_path, waiver("any/any/wash-record", more="id: QA-1, lot: L1"), "--lang", language)
    assert told in " ".join(ran.out.split())
    assert "Agreed with the harbour." in ran.out


def test_expired_waiver_brings_the_finding_back_and_says_so(tmp_path: Path) -> None:
    text = waiver("any/any/wash-record", until="2026-11-28")
    assert check(tmp_path, text, "--lang", "en").err == (
        "w.yaml:1:1: notice: the waiver of any/any/wash-record ends on 2026-11-28, days left: 0 (owner: An)\n"
    )
    ran = check(tmp_path, text, "--lang", "en", today="2026-11-29")
    assert ran.err.splitlines()[0] == (
        "w.yaml:1:1: warning: the waiver of any/any/wash-record ended on 2026-11-28,"
        " and the finding is back (owner: An)"
    )
    assert "a waiver of An ended on 2026-11-28 (w.yaml:1): Agreed with the harbour." in " ".join(ran.out.split())


def test_expired_waiver_of_what_is_lacking_says_so_at_the_line_to_add(tmp_path: Path) -> None:
    ran = check(tmp_path, waiver("any/any/paper-copy", until="2026-11-01"), "--lang", "en")
    gaps = ran.out.partition("add these to the manifest")[2].partition("\n\n")[0]
    assert "a waiver of An ended on 2026-11-01" in " ".join(gaps.split())


def test_unreadable_last_day_is_expired_and_told_and_the_file_still_loads(tmp_path: Path) -> None:
    text = waiver("any/any/wash-record", until="2026-11-31") + waiver("any/fresh-fruit/pallet-mark")
    ran = check(tmp_path, text, "--format", "json", "--lang", "en")
    statuses = {finding["rule"]: finding["status"] for finding in report_of(ran)["findings"]}
    assert statuses["any/any/wash-record"] == "fail"
    assert statuses["any/fresh-fruit/pallet-mark"] == "waived"
    assert ran.err.splitlines() == [
        "w.yaml:1:1: warning: until '2026-11-31' is no day, so the waiver of any/any/wash-record counts as expired",
        "  hint: write it year-month-day, such as 2026-12-31",
    ]


def test_unused_waiver_is_a_warning_with_its_place(tmp_path: Path) -> None:
    ran = check(tmp_path, waiver("any/any/wash-record", more="lot: L9"), "--lang", "en")
    assert (ran.code, ran.err.splitlines()[0]) == (
        1,
        "w.yaml:1:1: warning: unused waiver: nothing of any/any/wash-record is to be waived here",
    )


def test_waiver_of_what_nobody_can_waive_is_refused(tmp_path: Path) -> None:
    ran = check(tmp_path, waiver("any/any/access"), "--lang", "en")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.splitlines()[0] == (
        "w.yaml:1:1: error: any/any/access cannot be waived (access): only China can accept this"
    )


def test_rule_of_other_goods_is_known_by_its_name(tmp_path: Path) -> None:
    """The second time only the rules of these goods are loaded; what is said is the same."""
    text = waiver("vn/lychee-fresh/orchard-code", more="reference: X")
    first, second = (check(tmp_path, text, "--lang", "en") for _ in range(2))
    assert first == second
    assert first.err.splitlines()[0] == (
        "w.yaml:1:1: error: vn/lychee-fresh/orchard-code cannot be waived (registration): only China can accept this"
    )


def test_two_files_count_together_and_faults_of_both_are_told(tmp_path: Path) -> None:
    check(tmp_path, "[]")
    (tmp_path / "w2.yaml").write_text(waiver("any/any/wash-record"), "utf-8")
    report = report_of(check(tmp_path, "[]", "--waivers", "w2.yaml", "--format", "json"))
    assert [(file["file"], file["used"]) for file in report["waivers"]] == [("w.yaml", 0), ("w2.yaml", 1)]
    (tmp_path / "w2.yaml").write_text("", "utf-8")
    ran = check(tmp_path, "- {rule: x}", "--waivers", "w2.yaml", "--waivers", "w3.yaml")
    assert ran.code == 2
    assert {line.partition(":")[0] for line in ran.err.splitlines() if "error" in line} == {
        "w.yaml",
        "w2.yaml",
        "w3.yaml",
    }


def test_text_of_a_waiver_cannot_act_on_a_terminal(tmp_path: Path) -> None:
    text = waiver("any/any/wash-record").replace("Agreed with", '"Agreed \\e[2J with').replace("harbour.", 'harbour."')
    ran = check(tmp_path, text)
    assert "\x1b" not in ran.out
    assert "\\u001b[2J" in ran.out


def test_same_day_gives_the_same_bytes_and_the_report_names_the_day(tmp_path: Path) -> None:
    text = waiver("any/any/wash-record", until="2026-11-28")
    reports = [check(tmp_path, text, "--format", "json", today=day).out for day in ("2026-11-28", "2026-11-28")]
    assert reports[0] == reports[1]
    assert json.loads(reports[0])["waivers"][0]["today"] == "2026-11-28"
