# SPDX-License-Identifier: Apache-2.0
"""A house pack over the program's own rule base, through real processes: it adds, tightens, and disables aloud."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from jsonschema import Draft202012Validator

from borderready.schemas import load_schema
from tests.cli.house import ADDED, DISABLED, REASON, TIGHTER, write_house
from tests.command import ROOT, Ran, run_here, run_process

EXAMPLES = ROOT / "examples"
READY, NOT_READY = "durian-ready.yaml", "durian-not-ready.yaml"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the house pack, two manifests with their registers, and a cache that all tests share."""
    home = tmp_path_factory.mktemp("house")
    write_house(home)
    for name in (READY, NOT_READY):
        shutil.copy(EXAMPLES / name, home / name)
    shutil.copytree(EXAMPLES / "registers", home / "registers")
    return home


def check(home: Path, *arguments: str, rules: str = "acme") -> Ran:
    return run_process("check", *arguments, "--rules", rules, "--no-config", home=home)


def report_of(home: Path, *arguments: str) -> Any:
    report = json.loads(check(home, *arguments, "--format", "json").out)
    Draft202012Validator(load_schema("report")).validate(report)
    return report


def finding_of(report: Any, rule: str) -> Any:
    [finding] = [finding for finding in report["findings"] if finding["rule"] == rule]
    return finding


def test_tighter_limit_of_the_house_holds_a_consignment_back_that_the_law_lets_pass(home: Path) -> None:
    assert run_process("check", READY, home=home).code == 0
    report = report_of(home, READY, "--verbose")
    assert (report["verdict"], report["counts"]["fail"]) == ("not-ready", 2)
    assert finding_of(report, TIGHTER)["found"] == "0.021 mg/kg"
    assert finding_of(report, "any/fresh-fruit/cadmium")["status"] == "pass"
    assert finding_of(report, TIGHTER)["source"]["instrument"] == "acme-handbook"


def test_rule_of_the_house_is_told_under_the_name_of_its_pack(home: Path) -> None:
    finding = finding_of(report_of(home, READY), ADDED)
    assert (finding["status"], finding["force"], finding["found"]) == ("fail", "warns", "VN0012345")
    assert f"{ADDED}  AP-2026" in check(home, READY).out


def test_report_names_both_packs_with_their_digests_and_what_one_disables(home: Path) -> None:
    own, base = report_of(home, READY)["packs"]
    alone = json.loads(run_process("check", READY, "--format", "json", home=home).out)
    assert [base] == alone["packs"]
    assert (own["name"], own["version"], own["signed_by"]) == ("acme", "2026.11.0", None)
    assert own["sha256"] != base["sha256"]
    assert own["disables"] == [{"rule": DISABLED, "reason": REASON, "until": None}]


def test_finding_of_a_disabled_rule_stays_in_the_report_with_the_reason(home: Path) -> None:
    before = json.loads(run_process("check", NOT_READY, "--format", "json", home=home).out)
    after = report_of(home, NOT_READY)
    finding = finding_of(after, DISABLED)
    assert finding_of(before, DISABLED)["status"] == "fail"
    assert finding["status"] == "waived"
    assert finding["waiver"] == {
        "id": None,
        "kind": "pack",
        "status": "fail",
        "reason": REASON,
        "owner": "acme",
        "until": None,
        "file": "acme/pack.yaml",
        "line": 6,
    }
    assert after["counts"]["waived"] == 1


@pytest.mark.parametrize("lang", ["en", "vi", "zh"])
def test_text_says_which_rules_are_disabled_by_whom_and_why(home: Path, lang: str) -> None:
    text = "".join(check(home, NOT_READY, "--lang", lang).out.split())  # lines are broken anywhere in Chinese
    assert text.count(DISABLED) == 2
    assert "".join(REASON.split()) in text
    assert "acme/pack.yaml:6" in text
    assert "acme2026.11.0" in text
    assert "cn2026." in text


def test_packs_that_disable_something_say_so_of_manifests_that_it_does_not_concern(home: Path) -> None:
    assert finding_of(report_of(home, READY, "--verbose"), DISABLED)["status"] == "pass"
    assert f"disables: 1 ({DISABLED})" in " ".join(check(home, READY).out.split())


def test_sarif_names_both_packs_and_suppresses_what_is_disabled_with_the_reason(home: Path) -> None:
    [run] = json.loads(check(home, NOT_READY, "--format", "sarif").out)["runs"]
    name = run["tool"]["driver"]["fullName"]
    assert "acme 2026.11.0, cn 2026." in name
    [result] = [result for result in run["results"] if result["ruleId"] == DISABLED]
    assert result["suppressions"] == [{"kind": "external", "status": "accepted", "justification": f"{REASON} (acme)"}]
    assert ADDED in {rule["id"] for rule in run["tool"]["driver"]["rules"]}


def test_junit_markdown_and_github_tell_it_too(home: Path) -> None:
    suite = ElementTree.fromstring(check(home, NOT_READY, "--format", "junit").out)
    [packs] = [one.get("value", "") for one in suite.iter("property") if one.get("name") == "pack"]
    assert [pack.split()[0] for pack in packs.split(", ")] == ["acme", "cn"]
    [case] = [case for case in suite.iter("testcase") if case.get("classname") == DISABLED.replace("/", ".")]
    [skipped] = list(case)
    assert skipped.tag == "skipped"
    assert REASON in ElementTree.tostring(skipped, "unicode")
    markdown = check(home, NOT_READY, "--format", "markdown").out
    assert "acme 2026.11.0" in markdown
    assert DISABLED in markdown
    assert DISABLED in check(home, NOT_READY, "--format", "github").out


def test_batch_of_workers_gives_the_same_reports(home: Path) -> None:
    alone = [report_of(home, name) for name in (NOT_READY, READY)]
    ran = check(home, NOT_READY, READY, "--jobs", "2", "--format", "json")
    both = json.loads(ran.out)
    Draft202012Validator(load_schema("report")).validate(both)
    without = [{**report, "compared_with": None} for report in both["reports"]]
    assert [[one["rule"], one["status"]] for report in without for one in report["findings"]] == [
        [one["rule"], one["status"]] for report in alone for one in report["findings"]
    ]
    assert [report["packs"] for report in both["reports"]] == [report["packs"] for report in alone]


def test_answers_of_a_batch_are_not_taken_for_those_of_another_pack(home: Path, tmp_path: Path) -> None:
    """What is kept of an earlier run is kept under the digests of all packs, and under what they disable."""
    names = (str(home / READY), "--jobs", "1", "--registers", str(home / "registers"), "--format", "ndjson")
    counts = []
    for replaced in ((), (("pack.yaml", f"{REASON}\n", f"{REASON}\n    until: 2026-01-01\n"),)):
        shutil.rmtree(tmp_path / "acme", ignore_errors=True)
        write_house(tmp_path, *replaced)
        for _ in range(2):
            ran = run_process("check", *names, "--rules", str(tmp_path / "acme"), home=tmp_path)
            counts.append(json.loads(ran.out)["packs"][0]["disables"][0]["until"])
    assert counts == [None, None, "2026-01-01", "2026-01-01"]


def test_waiver_names_a_rule_of_the_house(home: Path, tmp_path: Path) -> None:
    waivers = tmp_path / "w.yaml"
    waivers.write_text(
        f'- {{rule: "{TIGHTER}", scope: all, reason: The buyer agreed in writing, owner: An, until: 2030-01-01}}\n',
        "utf-8",
    )
    report = report_of(home, READY, "--waivers", str(waivers), "--today", "2026-11-28")
    finding = finding_of(report, TIGHTER)
    assert (report["verdict"], finding["status"], finding["waiver"]["kind"]) == ("ready", "waived", "waiver")


def test_baseline_takes_rules_of_the_house_in_and_leaves_out_what_is_disabled(home: Path, tmp_path: Path) -> None:
    made = run_process("baseline", "create", NOT_READY, "--to", str(tmp_path / "b.json"), "--rules", "acme", home=home)
    assert made.code == 0, made.err
    rules = {entry["rule"] for entry in json.loads((tmp_path / "b.json").read_text("utf-8"))["entries"]}
    assert ADDED in rules
    assert DISABLED not in rules


@pytest.mark.parametrize(
    ("entry", "left_out"),
    [("acme:", {ADDED, TIGHTER}), ("acme:any/durian", {TIGHTER}), (ADDED, {ADDED}), ("logistics", {ADDED})],
)
def test_ignore_names_rules_folders_and_the_whole_of_a_pack(home: Path, entry: str, left_out: set[str]) -> None:
    report = report_of(home, READY, "--ignore", entry)
    assert left_out <= {one["rule"] for one in report["left_out"]}
    assert {one["rule"] for one in report["findings"]} & left_out == set()


def test_ignoring_a_folder_of_the_base_leaves_the_house_rules_on_it_heard(home: Path) -> None:
    assert finding_of(report_of(home, READY, "--ignore", "any/durian"), TIGHTER)["status"] == "fail"


def test_misspelt_rule_of_the_house_is_told_with_the_right_one(home: Path) -> None:
    ran = check(home, READY, "--ignore", "acme:any/any/seal-from")
    assert (ran.code, ADDED in ran.err) == (2, True)


def test_disabling_that_has_ended_brings_the_finding_back_with_a_note(tmp_path: Path) -> None:
    write_house(tmp_path, ("pack.yaml", f"{REASON}\n", f"{REASON}\n    until: 2026-11-01\n"))
    ran = run_here("check", str(EXAMPLES / NOT_READY), "--rules", "acme", "--format", "json", home=tmp_path)
    finding = finding_of(json.loads(ran.out), DISABLED)
    assert (finding["status"], finding["waiver"]) == ("fail", None)
    assert finding["notes"] == [
        {
            "en": f"acme disabled this rule until 2026-11-01 only ({REASON})",
            "vi": f"acme chỉ tắt quy tắc này đến hết 2026-11-01 ({REASON})",
            "zh": f"acme 停用此规则仅至 2026-11-01（{REASON}）",
        }
    ]


def test_disabling_holds_on_its_last_day(tmp_path: Path) -> None:
    """Held against the day of the event that the rule is measured on, whatever day it is today."""
    day = json.loads(run_here("check", NOT_READY, "--format", "json", home=tmp_path, folder=EXAMPLES).out)
    until = finding_of(day, DISABLED)["day"]
    write_house(tmp_path, ("pack.yaml", f"{REASON}\n", f"{REASON}\n    until: {until}\n"))
    ran = run_here("check", str(EXAMPLES / NOT_READY), "--rules", "acme", "--format", "json", home=tmp_path)
    finding = finding_of(json.loads(ran.out), DISABLED)
    assert (finding["status"], finding["waiver"]["until"]) == ("waived", until)


def test_commands_that_look_at_rules_know_those_of_both_packs(home: Path) -> None:
    listed = run_here("rules", "--rules", "acme", home=home).out
    assert ADDED in listed
    assert DISABLED in listed
    told = " ".join(run_here("explain", DISABLED, "--rules", "acme", home=home).out.split())
    assert f"by acme: {REASON}" in told
    own = run_here("explain", TIGHTER, "--rules", "acme", home=home)
    assert (own.code, "without a unit" in own.out) == (0, True)
    matrix = json.loads(run_here("coverage", "--rules", "acme", "--format", "json", home=home).out)
    assert [matrix["pack"]["name"], *(pack["name"] for pack in matrix["extends"])] == ["acme", "cn"]
    assert run_here("gaps", "--rules", "acme", home=home).code == 0
    why = run_here("check", READY, "--rules", "acme", "--why-not", ADDED, home=home)
    assert why.code == 0


def test_cases_of_the_house_run_against_both_and_its_lint_reads_only_its_own(home: Path) -> None:
    tested = run_process("pack", "test", "acme", home=home)
    assert (tested.code, tested.out.strip()) == (0, "cases: 10 passed, 0 failed (rules: 2)")
    linted = run_process("pack", "lint", "acme", "--on", "2026-11-25", home=home)
    assert "any/any/seal-form.cases.yaml: error: no case expects unknown [case-statuses]" in linted.out
    assert linted.out.count("error:") == 1
    mutated = run_process("pack", "mutate", "acme", "--rule", "acme:any/durian", "-j", "1", home=home)
    assert "survived: 0 " in mutated.out


def _broken() -> Iterator[tuple[str, tuple[tuple[str, str, str], ...], dict[str, str], str, str]]:
    """Yield a name, what is replaced, what is added, the place and a part of the sentence."""
    disables = f"  - rule: {DISABLED}\n"
    yield "version", (("pack.yaml", "cn >=2026.11", "cn >=2027"),), {}, "pack.yaml:3:10", "cn >=2027"
    yield "engine", (("pack.yaml", '">=0.1"', '">=9"'),), {}, "pack.yaml:4:9", "borderready >=9"
    yield "form", (("pack.yaml", "cn >=2026.11", "cn newest"),), {}, "pack.yaml:3:10", ""
    yield "no base", (("pack.yaml", "cn >=2026.11", "nowhere"),), {}, "pack.yaml:3:10", "no pack nowhere"
    yield "name", (("pack.yaml", "name: acme", "name: cn"),), {}, "pack.yaml:1:7", "belongs to the rule base"
    yield (
        "unknown rule",
        (("pack.yaml", disables, "  - rule: vn/fresh-fruit/packhouse-code-from\n"),),
        {},
        "pack.yaml:6:11",
        DISABLED,
    )
    never = "  - rule: any/any/market-access\n"
    yield "never", (("pack.yaml", disables, never),), {}, "pack.yaml:6:11", "only China can accept"
    yield (
        "twice",
        (("pack.yaml", disables, f"{disables}    reason: Once already said\n{disables}"),),
        {},
        "8:11",
        "above",
    )
    yield "reason", (("pack.yaml", REASON, "todo"),), {}, "pack.yaml:7:13", "no reason that somebody can judge"
    yield "bare id", (("any/any/seal-form.yaml", "id: acme:", "id: "),), {}, "any/any/seal-form.yaml:1:5", ADDED
    other = (("any/any/seal-form.yaml", "id: acme:", "id: other:"),)
    yield "other id", other, {}, "any/any/seal-form.yaml:1:5", ADDED
    displaces = f"check: matches\noverrides: [{DISABLED}]\n"
    yield (
        "displaces",
        (("any/any/seal-form.yaml", "check: matches\n", displaces),),
        {},
        "any/any/seal-form.yaml:11:13",
        "never displaces it",
    )
    law = "{en: Law, vi: Luật, zh: 法}"
    same = f"id: gb-2762-2025\ntitle: {law}\nkind: law\nissuer: Acme\nurl_state: unknown\n"
    yield "instrument", (), {"instruments/gb-2762-2025.yaml": same}, "instruments/gb-2762-2025.yaml:1:5", "in the base"
    table = f"id: gates\ntitle: {law}\nkey: [gate]\ncolumns:\n  gate: {{kind: slug, says: Gate.}}\n"
    rows = "gate,start,until,instrument,locator,seen,witnesses\n"
    yield "table", (), {"tables/gates.yaml": table, "tables/gates.csv": rows}, "tables/gates.yaml:1:5", "in the base"
    goods = "groups: {}\nproducts:\n  durian-fresh: {name: {en: D, vi: S, zh: 榴}, form: fresh, groups: []}\n"
    yield "product", (), {"products.yaml": goods}, "products.yaml:3:3", "in the base"
    groups = "groups:\n  durian: {en: Durian, vi: Sầu riêng, zh: 榴莲}\nproducts: {}\n"
    yield "group", (), {"products.yaml": groups}, "products.yaml:2:3", "in the base"


BROKEN = list(_broken())


@pytest.mark.parametrize(("replaced", "more", "place", "told"), [one[1:] for one in BROKEN], ids=[o[0] for o in BROKEN])
def test_conflict_is_told_with_its_place_and_nothing_is_checked(
    replaced: tuple[tuple[str, str, str], ...], more: dict[str, str], place: str, told: str, home: Path, tmp_path: Path
) -> None:
    pack = write_house(tmp_path, *replaced, more=more)
    ran = run_here("check", READY, "--rules", str(pack), home=home)
    assert (ran.code, ran.out) == (5, ""), ran.err
    assert f"{place}: error:" in ran.err
    assert told in " ".join(ran.err.split())


def test_faults_of_pack_yaml_and_of_rules_are_told_together(home: Path, tmp_path: Path) -> None:
    pack = write_house(
        tmp_path,
        ("pack.yaml", "cn >=2026.11", "cn >=2027"),
        ("any/any/seal-form.yaml", "instrument: acme-handbook", "instrument: no-such"),
    )
    ran = run_here("check", READY, "--rules", str(pack), home=home)
    assert "pack.yaml:3:10" in ran.err
    assert "instruments/no-such.yaml" in ran.err


def test_thousands_of_rules_that_are_not_there_to_disable_are_told_without_end_of_waiting(
    home: Path, tmp_path: Path
) -> None:
    """Only the first few are given the nearest id."""
    rules = "".join(f"  - {{rule: any/any/no-{number}, reason: Not there at all}}\n" for number in range(5000))
    pack = write_house(tmp_path, ("pack.yaml", f"  - rule: {DISABLED}\n    reason: {REASON}\n", rules))
    ran = run_here("check", READY, "--rules", str(pack), home=home)
    assert ran.code == 5
    assert ran.err.count("has no rule any/any/no-") == 5000
    assert ran.err.count("did you mean") <= 20
