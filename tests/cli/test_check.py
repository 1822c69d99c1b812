# SPDX-License-Identifier: Apache-2.0
"""`borderready check` and its options."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.build import report_of, write_manifest, write_registers
from tests.command import MANIFESTS, PACK, Ran, run_here

RULES = ("--rules", str(PACK))
REGISTERS = ("--registers", str(MANIFESTS / "registers"))
ORCHARD = "vn/lychee-fresh/orchard-code"


def _check(*arguments: str, home: Path, folder: Path = MANIFESTS, stdin: bytes = b"") -> Ran:
    return run_here("check", *arguments, *RULES, home=home, folder=folder, stdin=stdin)


def _report(*arguments: str, home: Path, folder: Path = MANIFESTS, stdin: bytes = b"") -> Any:
    return json.loads(_check(*arguments, "--format", "json", home=home, folder=folder, stdin=stdin).out)


def _statuses(report: Any) -> dict[str, str]:
    return {finding["rule"]: finding["status"] for finding in report["findings"]}


def test_manifest_comes_from_standard_input(tmp_path: Path) -> None:
    """Then registers/ in the working folder is the one beside it."""
    content = (MANIFESTS / "ready.yaml").read_bytes()
    report = _report("-", home=tmp_path, stdin=content)
    assert (report["verdict"], report["manifest"]["file"]) == ("ready", "<stdin>")
    assert [register["file"] for register in report["registers"]] == ["registers/harbour-orchards.csv"]


def test_json_manifest_is_checked_like_yaml(tmp_path: Path) -> None:
    content = {
        "borderready": 1,
        "shipment": {"origin": "TH", "dates": {"arrival": "2026-11-26"}},
        "lots": [{"id": "L1", "product": "pepper-dried"}],
    }
    (tmp_path / "m.json").write_text(json.dumps(content, indent="\t"), "utf-8")
    assert _report("m.json", home=tmp_path, folder=tmp_path)["verdict"] == "undecided"


def test_file_that_is_not_there_is_an_invalid_manifest_and_the_others_are_checked(tmp_path: Path) -> None:
    report = _report("nowhere.yaml", "ready.yaml", home=tmp_path)
    assert [one["verdict"] for one in report["reports"]] == ["invalid", "ready"]


def test_folder_without_manifests_is_wrong_usage(tmp_path: Path) -> None:
    ran = _check("registers", home=tmp_path)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.splitlines()[0] == "borderready: error: there is no manifest in the folder registers"


# registers


def test_registers_lie_beside_each_manifest(tmp_path: Path) -> None:
    """Two manifests in two folders each use their own; no folder means no registers."""
    write_manifest(tmp_path / "a")
    write_registers(tmp_path / "a")
    write_manifest(tmp_path / "b")
    report = _report("a/m.yaml", "b/m.yaml", home=tmp_path, folder=tmp_path)
    assert [one["verdict"] for one in report["reports"]] == ["ready", "undecided"]
    assert [[register["file"] for register in one["registers"]] for one in report["reports"]] == [
        ["a/registers/harbour-orchards.csv"],
        [],
    ]


def test_registers_may_lie_in_another_folder(tmp_path: Path) -> None:
    write_manifest(tmp_path / "a")
    (tmp_path / "a" / "registers").mkdir()
    write_registers(tmp_path / "lists")
    report = _report("a/m.yaml", "--registers", "lists/registers", home=tmp_path, folder=tmp_path)
    assert report["verdict"] == "ready"
    assert [register["file"] for register in report["registers"]] == ["lists/registers/harbour-orchards.csv"]


@pytest.mark.parametrize("folder", ["nowhere", "ready.yaml"])
def test_folder_of_registers_that_cannot_be_read_is_wrong_usage(folder: str, tmp_path: Path) -> None:
    ran = _check("ready.yaml", "--registers", folder, home=tmp_path)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"{folder}: error: the folder of registers cannot be read: ")
    assert ran.err.splitlines()[1:] == ["  hint: name a folder with CSV files such as gacc-orchards.csv"]


def test_broken_register_is_wrong_usage_and_names_each_line(tmp_path: Path) -> None:
    write_manifest(tmp_path)
    register = write_registers(tmp_path) / "harbour-orchards.csv"
    register.write_text("code,status,start\nVN-QYOR-0001,activ,2025-01-01\nVN-QYOR-0002,active,1/1/2025\n", "utf-8")
    ran = _check("m.yaml", home=tmp_path, folder=tmp_path)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.splitlines() == [
        "registers/harbour-orchards.csv:2:1: error: "
        "the status 'activ' is not one of: active, suspended, delisted, unseen",
        "registers/harbour-orchards.csv:3:1: error: column start: '1/1/2025' is not a date like 2026-11-26",
    ]


# --on


def test_event_is_measured_on_the_day_asked_for(tmp_path: Path) -> None:
    """From 2027-03-01 on the pallet must bear two phrases."""
    write_manifest(tmp_path, "m.yaml", ("输往中华人民共和国 鲜果", "输往中华人民共和国"))
    statuses = {}
    for day in ("2026-11-26", "2027-02-28", "2027-03-01"):
        report = _report("m.yaml", *REGISTERS, "--on", f"arrival={day}", home=tmp_path, folder=tmp_path)
        statuses[day] = (report["dates"]["arrival"], _statuses(report)["any/fresh-fruit/pallet-mark"])
    assert statuses == {
        "2026-11-26": ("2026-11-26", "upcoming"),
        "2027-02-28": ("2027-02-28", "upcoming"),
        "2027-03-01": ("2027-03-01", "fail"),
    }


def test_days_of_several_events_may_be_given(tmp_path: Path) -> None:
    report = _report("ready.yaml", "--on", "arrival=2027-01-02", "--on", "packing=2026-12-30", home=tmp_path)
    assert (report["dates"]["arrival"], report["dates"]["packing"]) == ("2027-01-02", "2026-12-30")


# --fail-on


def test_warning_holds_back_only_when_asked_to(tmp_path: Path) -> None:
    write_manifest(tmp_path, "m.yaml", ("[zh, en]", "[zh, vi]"))
    codes = {
        level: _check("m.yaml", *REGISTERS, *level, home=tmp_path, folder=tmp_path).code
        for level in ((), ("--fail-on", "blocking"), ("--fail-on", "warning"))
    }
    assert codes == {(): 0, ("--fail-on", "blocking"): 0, ("--fail-on", "warning"): 1}


def test_what_is_known_from_memory_holds_nothing_back(tmp_path: Path) -> None:
    write_manifest(tmp_path, "m.yaml", ("max_core_c: 4.5", "max_core_c: 9"))
    ran = _check("m.yaml", *REGISTERS, "--fail-on", "warning", home=tmp_path, folder=tmp_path)
    assert ran.code == 0
    assert "Cold chain  any/fresh-fruit/cold-chain" in ran.out


# --verbose


def test_verbose_shows_what_passed(tmp_path: Path) -> None:
    short, full = _check("ready.yaml", home=tmp_path).out, _check("ready.yaml", "-v", home=tmp_path).out
    title = "Languages on the box  any/fresh-fruit/box-languages"
    assert (title in short, title in full) == (False, True)


# --why-not


def test_condition_that_excludes_a_rule_is_named(tmp_path: Path) -> None:
    ran = _check("two-lots.yaml", "--why-not", ORCHARD, home=tmp_path)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.splitlines() == [
        f"{ORCHARD}: Orchard on the harbour's list",
        "   North: the rule applies",
        "   South: product is pepper-dried; the rule concerns lychee-fresh",
    ]


@pytest.mark.parametrize(
    ("rule", "day", "told"),
    [
        (
            "any/any/paper-copy",
            "declaration=2025-01-01",
            "repealed from 2025-01-01 on; the day of declaration is 2025-01-01",
        ),
        ("any/any/paper-copy", "declaration=2024-12-31", "the rule applies"),
        (
            "any/any/paper-copy",
            "declaration=2019-05-31",
            "no rule is known on 2019-05-31 (declaration); it binds from 2019-06-01",
        ),
    ],
)
def test_rule_that_binds_no_more_or_not_yet_says_so(rule: str, day: str, told: str, tmp_path: Path) -> None:
    ran = _check("ready.yaml", "--why-not", rule, "--on", day, home=tmp_path)
    header, *answer = ran.out.splitlines()
    assert header == f"{rule}: Seal number on paper"
    assert " ".join(" ".join(answer).split()) == f"HX-2026-0001: {told}"


def test_field_that_would_tell_whether_a_rule_applies_is_named(tmp_path: Path) -> None:
    write_manifest(tmp_path, "m.yaml", ("  mode: road\n", ""))
    ran = _check("m.yaml", "--why-not", "any/any/paper-copy", home=tmp_path, folder=tmp_path)
    assert ran.out.splitlines()[1:] == ["   HX-2026-0001: the manifest does not give shipment.mode, which would tell"]


def test_rule_of_documents_that_the_manifest_lacks_says_so(tmp_path: Path) -> None:
    ran = _check("hostile.yaml", "--why-not", "any/any/certificate-date", home=tmp_path)
    assert ran.out.splitlines()[1:] == ["   the manifest has no phytosanitary-certificate"]


def test_why_not_of_an_invalid_manifest_tells_its_faults(tmp_path: Path) -> None:
    ran = _check("invalid.yaml", "--why-not", ORCHARD, home=tmp_path)
    assert ran.code == 1
    assert ran.out.splitlines()[:2] == [
        "INVALID  invalid.yaml: faults in the file: 7",
        "invalid.yaml:4:3: error: unknown key 'orign'",
    ]


# --lang


@pytest.mark.parametrize(
    ("variables", "language"),
    [
        ({}, "en"),
        ({"LANG": "vi_VN.UTF-8"}, "vi"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_TW.UTF-8"}, "zh"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "fr_FR.UTF-8"}, "en"),
        ({"LANG": "vi_VN.UTF-8", "LC_ALL": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "vi_VN.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "vi_VN.UTF-8", "LC_ALL": ""}, "vi"),
        ({"LANG": "vi_VN.UTF-8", "LC_MESSAGES": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "vi_VN.UTF-8", "LC_MESSAGES": "zh_CN.UTF-8", "LC_ALL": "en_US.UTF-8"}, "en"),
    ],
)
def test_language_is_that_of_the_locale(variables: dict[str, str], language: str, tmp_path: Path) -> None:
    """LC_ALL over LC_MESSAGES over LANG, as everywhere."""
    assert run_here(
        "check", "not-ready.yaml", "--rules", "../pack", home=tmp_path, folder=MANIFESTS, environment=variables
    ).out == report_of("not-ready", "--lang", language, home=tmp_path)


@pytest.mark.parametrize("language", ["en", "vi", "zh"])
def test_language_asked_for_beats_the_locale(language: str, tmp_path: Path) -> None:
    for locale in ("vi_VN.UTF-8", "zh_CN.UTF-8"):
        ran = run_here(
            *("check", "not-ready.yaml", "--rules", "../pack", "--lang", language),
            home=tmp_path,
            folder=MANIFESTS,
            environment={"LC_ALL": locale},
        )
        assert ran.out == report_of("not-ready", "--lang", language, home=tmp_path)


# what the report says


def test_finding_about_one_of_several_lots_names_it(tmp_path: Path) -> None:
    """Only the lot South lacks the attestation; who reads the report must know which to mend."""
    ran = _check("two-lots.yaml", home=tmp_path)
    [block] = [block for block in ran.out.split("\n\n") if "any/any/wash-record" in block]
    assert "South" in block


def test_value_that_is_like_a_text_of_the_program_stands_as_it_is(tmp_path: Path) -> None:
    """`event.arrival` is also the name of a word of the program; in a manifest it is a wrong mode of transport."""
    write_manifest(tmp_path, "m.yaml", ("mode: road", "mode: event.arrival"))
    ran = _check("m.yaml", "--lang", "vi", home=tmp_path, folder=tmp_path)
    assert ran.code == 1
    assert "'event.arrival'" in ran.out
