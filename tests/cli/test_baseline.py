# SPDX-License-Identifier: Apache-2.0
"""`borderready baseline`: what is there today is accepted once, and the file only shrinks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.build import open_harbour, write_manifest, write_pack
from tests.command import Ran, run_here

RULES = ("--rules", "pack", "--lang", "en")
MENDED = ("languages: [zh, vi]", "languages: [zh, en]")


def make_shop(home: Path, *, is_open: bool = True) -> None:
    pack = write_pack(home)
    if is_open:
        open_harbour(pack)
    write_manifest(home, base="not-ready.yaml")


def create(home: Path, *arguments: str) -> Ran:
    return run_here("baseline", "create", "m.yaml", "--to", "b.json", *RULES, *arguments, home=home)


def prune(home: Path, *files: str) -> Ran:
    return run_here("baseline", "prune", *files, "--to", "b.json", *RULES, home=home)


def check(home: Path, *files: str) -> tuple[Ran, Any]:
    ran = run_here("check", *files, "--baseline", "b.json", "--format", "json", *RULES, home=home)
    return ran, json.loads(ran.out)


def rules_in(home: Path) -> list[str]:
    return [entry["rule"] for entry in json.loads((home / "b.json").read_text("utf-8"))["entries"]]


def test_what_is_in_the_baseline_is_waived_and_what_is_new_is_not(tmp_path: Path) -> None:
    make_shop(tmp_path)
    created = create(tmp_path)
    assert (created.code, created.out) == (0, "b.json: findings accepted as they are today: 7\n")
    ran, report = check(tmp_path, "m.yaml")
    assert (ran.code, ran.err, report["verdict"], report["counts"]["waived"]) == (0, "", "ready", 7)
    assert {finding["waiver"]["kind"] for finding in report["findings"]} == {"baseline"}
    write_manifest(tmp_path, "m.yaml", ("    temperature_log: {max_core_c: 7}\n", ""), base="not-ready.yaml")
    _, changed = check(tmp_path, "m.yaml")
    assert [finding["rule"] for finding in changed["findings"] if finding["status"] == "unknown"] == [
        "any/fresh-fruit/cold-chain"
    ]


def test_lines_and_names_of_files_do_not_matter(tmp_path: Path) -> None:
    make_shop(tmp_path)
    create(tmp_path)
    write_manifest(tmp_path, "moved/n.yaml", ("lots:\n", "\n# moved down\n\nlots:\n"), base="not-ready.yaml")
    _, report = check(tmp_path, "moved/n.yaml")
    assert (report["verdict"], report["counts"]["waived"]) == ("ready", 7)


def test_another_consignment_is_not_accepted(tmp_path: Path) -> None:
    make_shop(tmp_path)
    create(tmp_path)
    write_manifest(tmp_path, "n.yaml", ("HX-2026-0002", "HX-2026-9999"), base="not-ready.yaml")
    ran, report = check(tmp_path, "n.yaml")
    assert (ran.code, ran.err, report["counts"]["waived"]) == (1, "", 0)


def test_what_nobody_can_waive_gets_into_no_baseline_and_is_counted(tmp_path: Path) -> None:
    make_shop(tmp_path, is_open=False)
    assert create(tmp_path).out.splitlines() == [
        "b.json: findings accepted as they are today: 7",
        "findings that nobody can waive, and that were left out: 1",
    ]
    assert "any/any/access" not in rules_in(tmp_path)
    assert check(tmp_path, "m.yaml")[1]["verdict"] == "not-ready"


def test_baseline_that_is_there_is_overwritten_only_by_force(tmp_path: Path) -> None:
    make_shop(tmp_path)
    (tmp_path / "b.json").write_text("mine", "utf-8")
    refused = create(tmp_path)
    assert (refused.code, refused.out) == (2, "")
    assert (tmp_path / "b.json").read_text("utf-8") == "mine"
    assert create(tmp_path, "--force").code == 0
    assert len(rules_in(tmp_path)) == 7


def test_same_findings_give_the_same_bytes(tmp_path: Path) -> None:
    make_shop(tmp_path)
    create(tmp_path)
    first = (tmp_path / "b.json").read_bytes()
    create(tmp_path, "--force")
    assert (tmp_path / "b.json").read_bytes() == first


def test_check_never_changes_it(tmp_path: Path) -> None:
    make_shop(tmp_path)
    create(tmp_path)
    before = (tmp_path / "b.json").read_bytes()
    write_manifest(tmp_path, "m.yaml", MENDED, base="not-ready.yaml")
    ran, _ = check(tmp_path, "m.yaml")
    assert ran.err.splitlines()[0] == "b.json: notice: entries of the baseline that no longer occur: 1"
    assert (tmp_path / "b.json").read_bytes() == before


def test_prune_takes_out_what_was_mended_and_adds_nothing(tmp_path: Path) -> None:
    make_shop(tmp_path)
    create(tmp_path)
    before = rules_in(tmp_path)
    write_manifest(tmp_path, "m.yaml", MENDED, ("    temperature_log: {max_core_c: 7}\n", ""), base="not-ready.yaml")
    pruned = prune(tmp_path, "m.yaml")
    assert (pruned.code, pruned.out) == (0, "b.json: kept 5, removed 2 (of consignments not named here: 0)\n")
    gone = {"any/fresh-fruit/box-languages", "any/fresh-fruit/cold-chain"}
    assert rules_in(tmp_path) == [rule for rule in before if rule not in gone]
    once = (tmp_path / "b.json").read_bytes()
    assert prune(tmp_path, "m.yaml").out == "b.json: kept 5, removed 0 (of consignments not named here: 0)\n"
    assert (tmp_path / "b.json").read_bytes() == once


def test_prune_takes_out_consignments_that_are_not_named_and_says_so(tmp_path: Path) -> None:
    make_shop(tmp_path)
    create(tmp_path)
    write_manifest(tmp_path, "n.yaml", ("HX-2026-0002", "HX-2026-9999"), base="not-ready.yaml")
    assert prune(tmp_path, "n.yaml").out == "b.json: kept 0, removed 7 (of consignments not named here: 7)\n"
    assert rules_in(tmp_path) == []


@pytest.mark.parametrize("command", ["create", "prune"])
def test_manifest_that_cannot_be_read_leaves_the_baseline_as_it_is(command: str, tmp_path: Path) -> None:
    make_shop(tmp_path)
    create(tmp_path)
    before = (tmp_path / "b.json").read_bytes()
    (tmp_path / "bad.yaml").write_text("borderready: 1\nlots: 3\n", "utf-8")
    force = ("--force",) if command == "create" else ()
    ran = run_here("baseline", command, "m.yaml", "bad.yaml", "--to", "b.json", *force, *RULES, home=tmp_path)
    assert (ran.code, ran.out) == (1, "")
    assert "bad.yaml:" in ran.err
    assert (tmp_path / "b.json").read_bytes() == before


def test_finding_that_is_waived_already_is_not_accepted_twice(tmp_path: Path) -> None:
    make_shop(tmp_path)
    waivers = "- {rule: any/any/wash-record, scope: all, reason: Agreed by phone., owner: An, until: 2099-12-31}\n"
    (tmp_path / "w.yaml").write_text(waivers, "utf-8")
    (tmp_path / "borderready.toml").write_text('waivers = ["w.yaml"]\nbaseline = "b.json"\n', "utf-8")
    assert run_here("baseline", "create", "m.yaml", *RULES, home=tmp_path).code == 0
    assert "any/any/wash-record" not in rules_in(tmp_path)


def test_baseline_without_a_name_is_wrong_usage(tmp_path: Path) -> None:
    make_shop(tmp_path)
    ran = run_here("baseline", "create", "m.yaml", *RULES, home=tmp_path)
    assert (ran.code, ran.err.splitlines()[0]) == (2, "borderready: error: no baseline is named")


def test_broken_baseline_stops_a_check(tmp_path: Path) -> None:
    make_shop(tmp_path)
    (tmp_path / "b.json").write_text("{}", "utf-8")
    ran = run_here("check", "m.yaml", "--baseline", "b.json", *RULES, home=tmp_path)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("b.json:1:1: error: ")
