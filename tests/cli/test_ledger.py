# SPDX-License-Identifier: Apache-2.0
"""`check --ledger` and `ledger`: consignments are compared, recorded, shown, removed and written out."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

from tests.command import ROOT, Ran, run_here

READY = ROOT / "examples" / "durian-ready.yaml"
REGISTERS = ("--registers", str(ROOT / "examples" / "registers"))
CERTIFICATE = "any/any/phytosanitary-certificate-once"
# Papers that each truck has of its own, unless a test lets it share one.
OWN = ("PC-VII-2026-0042", "VN-CN 26/02/12345", "LA-26-8888", "TCLU1234568", "VN0012345")


def write_truck(
    home: Path, reference: str, *, shared: str = "", name: str = "", more: tuple[str, str] | None = None
) -> str:
    """Write a ready truck of durian under another reference, with its own papers but those shared; return its name."""
    text = READY.read_text("utf-8").replace("AP-2026-1123", reference)
    for paper in OWN:
        other = f"{paper[:-1]}{int(paper[-1]) ^ 1}" if paper != "TCLU1234568" else "CSQU3054383"
        if reference != "AP-1" and paper != shared:
            text = text.replace(paper, other)
    text = text.replace(*more) if more else text
    name = name or f"{reference}.yaml"
    (home / name).write_text(text, "utf-8")
    return name


def check(home: Path, *arguments: str) -> Ran:
    return run_here("check", *arguments, *REGISTERS, home=home)


def check_json(home: Path, *arguments: str) -> tuple[int, dict[str, object], set[str]]:
    """Return the exit code, the report of one manifest, and the rules that fail."""
    ran = check(home, *arguments, "--format", "json")
    report = json.loads(ran.out)
    return ran.code, report, {found["rule"] for found in report["findings"] if found["status"] == "fail"}


def test_a_second_truck_on_one_certificate_fails_and_the_corrected_manifest_replaces_it_and_passes(
    tmp_path: Path,
) -> None:
    ledger = ("--ledger", "season.sqlite")
    code, report, fails = check_json(tmp_path, write_truck(tmp_path, "AP-1"), *ledger)
    assert (code, report["compared_with"], fails) == (0, ["ledger"], set())
    code, report, fails = check_json(tmp_path, write_truck(tmp_path, "AP-2", shared=OWN[0]), *ledger)
    assert (code, report["compared_with"], fails) == (1, ["ledger"], {CERTIFICATE})
    code, report, fails = check_json(tmp_path, "AP-1.yaml", *ledger)
    assert (code, fails) == (1, {CERTIFICATE})
    code, report, fails = check_json(tmp_path, write_truck(tmp_path, "AP-2"), *ledger)
    assert (code, report["compared_with"], fails) == (0, ["ledger"], set())
    code, report, fails = check_json(tmp_path, "AP-1.yaml", *ledger)
    assert (code, fails) == (0, set())


def test_two_trucks_in_one_run_both_fail_without_a_ledger_too(tmp_path: Path) -> None:
    names = [write_truck(tmp_path, "AP-1"), write_truck(tmp_path, "AP-2", shared=OWN[0])]
    ran = check(tmp_path, *names, "--format", "json")
    reports = json.loads(ran.out)["reports"]
    fails = [{found["rule"] for found in report["findings"] if found["status"] == "fail"} for report in reports]
    assert (ran.code, fails, [report["compared_with"] for report in reports]) == (1, [{CERTIFICATE}] * 2, [["run"]] * 2)
    assert check(tmp_path, names[0]).code == 0


def test_one_manifest_without_a_ledger_says_that_it_was_compared_with_nothing(tmp_path: Path) -> None:
    code, report, _ = check_json(tmp_path, write_truck(tmp_path, "AP-1"))
    assert (code, report["compared_with"]) == (0, [])
    assert "Not compared with other consignments" in check(tmp_path, "AP-1.yaml").out
    assert "Compared with the consignments of the ledger." in check(tmp_path, "AP-1.yaml", "--ledger", "s.sqlite").out


def test_a_manifest_without_a_reference_is_not_recorded_and_the_user_is_told(tmp_path: Path) -> None:
    name = write_truck(tmp_path, "AP-1", more=("reference: AP-1\n", ""))
    ran = check(tmp_path, name, "--ledger", "s.sqlite")
    assert (ran.code, (tmp_path / "s.sqlite").exists()) == (0, False)
    assert "AP-1.yaml#0: a consignment without a reference is not recorded" in ran.err


def test_one_reference_in_two_manifests_is_told_and_the_last_one_is_recorded(tmp_path: Path) -> None:
    names = [write_truck(tmp_path, "AP-1"), write_truck(tmp_path, "AP-1", name="again.yaml")]
    ran = check(tmp_path, *names, "--ledger", "s.sqlite")
    assert ran.code == 0
    assert "AP-1 stands in AP-1.yaml#0, again.yaml#0" in ran.err
    assert "again.yaml" in run_here("ledger", "show", "AP-1", "--ledger", "s.sqlite", home=tmp_path).out


def test_an_invalid_manifest_and_a_why_not_record_nothing(tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text("borderready: 1\nreference: X\n", "utf-8")
    assert check(tmp_path, "bad.yaml", "--ledger", "s.sqlite").code == 1
    name = write_truck(tmp_path, "AP-1")
    assert check(tmp_path, name, "--ledger", "s.sqlite", "--why-not", CERTIFICATE).code == 0
    assert not (tmp_path / "s.sqlite").exists()


def test_show_tells_of_all_of_one_and_of_a_paper(tmp_path: Path) -> None:
    check(tmp_path, write_truck(tmp_path, "AP-1"), write_truck(tmp_path, "AP-2"), "--ledger", "s.sqlite")

    def show(*arguments: str) -> Ran:
        return run_here("ledger", "show", *arguments, "--ledger", "s.sqlite", home=tmp_path)

    assert show().out.splitlines()[:2] == [
        "s.sqlite: 2 consignments",
        "AP-2  2026-11-25  READY  An Phu Fruit Co., Ltd.",
    ]
    assert "   container  TCLU1234568  16200 kg  huu-nghi > youyiguan" in show("ap-1").out
    assert show("--kind", "orchard", "--key", "vn-dlor-0123").out.count("VNDLOR0123 durian-fresh") == 2
    assert show("--kind", "container").out.count("huu-nghi") == 2
    assert show("--kind", "container", "--key", "XX").out == "nothing in the ledger uses container XX\n"
    assert (show("--key", "XX").code, show("AP-3").code) == (2, 2)
    assert "did you mean AP-2?" in show("AP-3").err
    assert run_here("ledger", "show", "--ledger", "none.sqlite", home=tmp_path).code == 2
    assert not (tmp_path / "none.sqlite").exists()


def test_a_removed_consignment_is_compared_no_more(tmp_path: Path) -> None:
    ledger = ("--ledger", "s.sqlite")
    check(tmp_path, write_truck(tmp_path, "AP-1"), *ledger)
    second = write_truck(tmp_path, "AP-2", shared=OWN[0])
    assert check(tmp_path, second, *ledger).code == 1
    ran = run_here("ledger", "remove", "ap-1", *ledger, home=tmp_path)
    assert (ran.code, ran.out) == (0, "Removed from the ledger: 1 (AP-1).\n")
    assert check(tmp_path, second, *ledger).code == 0
    assert run_here("ledger", "remove", "AP-1", *ledger, home=tmp_path).code == 2


def test_the_ledger_is_written_out_and_no_cell_is_a_formula(tmp_path: Path) -> None:
    name = write_truck(tmp_path, "AP-1", more=("reference: AP-1", 'reference: "=1+1"'))
    check(tmp_path, name, "--ledger", "s.sqlite")
    ran = run_here("ledger", "export", "--ledger", "s.sqlite", home=tmp_path)
    rows = list(csv.DictReader(io.StringIO(ran.out)))
    assert {row["reference"] for row in rows} == {"'=1+1"}
    assert [row["net_kg"] for row in rows if row["kind"] == "container"] == ["16200"]
    out = ("--format", "json", "--output", "out.json")
    assert run_here("ledger", "export", "--ledger", "s.sqlite", *out, home=tmp_path).code == 0
    written = json.loads((tmp_path / "out.json").read_text("utf-8"))
    assert written["consignments"][0]["reference"] == "=1+1"
    assert len(written["consignments"][0]["uses"]) == len(rows)
