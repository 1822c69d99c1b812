# SPDX-License-Identifier: Apache-2.0
"""`borderready baseline`: what is there today is accepted once, and the file only shrinks."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from borderready.cli.session import load_rules
from borderready.read import waiver
from borderready.waive import WAIVABLE
from tests.cli.build import lines, open_harbour, write_folder, write_manifest, write_pack
from tests.command import Ran, run_here, run_process

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


# many manifests


def accept(home: Path, *arguments: str) -> Ran:
    return run_here("baseline", *arguments, "--to", "b.json", home=home)


def verdicts(home: Path, *arguments: str) -> list[tuple[str, int, int]]:
    """Return the verdict of each manifest, and how many findings of it are waived and are new."""
    ran = run_here("check", *arguments, "--baseline", "b.json", "--format", "ndjson", "-q", home=home)
    reports = [json.loads(line) for line in ran.out.splitlines()]
    return [(one["verdict"], one["counts"]["waived"], new_in(one)) for one in reports]


def new_in(report: Any) -> int:
    """Return how many findings could be in a baseline and are not."""
    findings = [finding for finding in report["findings"] if finding["status"] in WAIVABLE]
    return sum(finding["rule"] not in never_waived() for finding in findings)


@cache
def never_waived() -> frozenset[str]:
    return frozenset(rule.id for rule in load_rules(None).rules if not rule.is_waivable)


@pytest.mark.parametrize("files", [["out"], ["out/*.yaml"], ["@list.txt"], ["all.ndjson"]])
def test_folders_patterns_lists_and_lines_are_taken_as_a_check_takes_them(files: list[str], tmp_path: Path) -> None:
    paths = write_folder(tmp_path / "out", 12)
    (tmp_path / "list.txt").write_text("".join(f"out/{path.name}\n" for path in paths), "utf-8")
    (tmp_path / "all.ndjson").write_text("".join(f"{line}\n" for line in lines(12)), "utf-8")
    created = accept(tmp_path, "create", *files)
    assert (created.code, created.err) == (0, "")
    found = verdicts(tmp_path, *files)
    assert len(found) == 12
    assert {new for _, _, new in found} == {0}
    assert min(waived for _, waived, _ in found) > 20
    assert accept(tmp_path, "prune", *files).out.startswith("b.json: kept ")


def test_manifests_on_standard_input_are_read_as_often_as_need_be(tmp_path: Path) -> None:
    document = "\n---\n".join(path.read_text("utf-8") for path in write_folder(tmp_path / "out", 3))
    ran = run_process("baseline", "create", "-", "--to", "b.json", home=tmp_path, stdin=document.encode())
    assert (ran.code, ran.err) == (0, "")
    assert [new for _, _, new in verdicts(tmp_path, "out")] == [0, 0, 0]


def test_what_a_check_finds_by_comparing_consignments_is_in_the_baseline(tmp_path: Path) -> None:
    """A certificate that two trucks bear is found by both, and is no news to the check."""
    for path in write_folder(tmp_path / "out", 12):
        path.write_text(path.read_text("utf-8").replace("number: Q3-", "number: Q3-1 #"), "utf-8")
    assert accept(tmp_path, "create", "out").code == 0
    assert "any/any/lab-report-once" in {
        entry["rule"] for entry in json.loads((tmp_path / "b.json").read_text())["entries"]
    }
    assert {new for _, _, new in verdicts(tmp_path, "out")} == {0}


def test_baseline_in_the_folder_of_the_manifests_is_no_manifest(tmp_path: Path) -> None:
    write_folder(tmp_path / "out", 3)
    first = run_here("baseline", "create", "out", "--to", "out/b.json", home=tmp_path)
    again = run_here("baseline", "create", "out", "--to", "out/b.json", "--force", home=tmp_path)
    assert (first.code, again.code, first.out == again.out) == (0, 0, True)


def test_more_than_a_baseline_holds_is_written_nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiver, "MAX_BASELINE_BYTES", 5000)
    write_folder(tmp_path / "out", 3)
    ran = accept(tmp_path, "create", "out")
    assert (ran.code, ran.out) == (2, "")
    assert "findings are more than a baseline holds" in ran.err
    assert not (tmp_path / "b.json").exists()
