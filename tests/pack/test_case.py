# SPDX-License-Identifier: Apache-2.0
"""The case runner: small manifests beside a rule, filled up to the least that makes the rule ask."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from borderready.i18n import say
from borderready.model import Manifest, RuleId, Value
from borderready.pack.case import CaseResult, make_manifest, run_case
from borderready.pack.view import PackView
from tests.command import PACK, run_here
from tests.pack.build import CASES_FILE, CLEAN, RULE_FILE, Replaced, replace_in_clean, view_files, write_files

GATES = {
    "tables/synonyms.yaml": """\
id: synonyms
title: {en: Synonyms, vi: Từ đồng nghĩa, zh: 同义词}
key: [kind, synonym]
columns:
  kind: {kind: slug, says: Kind of word.}
  synonym: {kind: text, says: The other word.}
  id: {kind: slug, says: What it stands for.}
""",
    "tables/synonyms.csv": "kind,synonym,id,start,until,instrument,locator,seen,witnesses\n"
    "analyte,镉,cadmium,,,act,Annex,primary,\n",
}


def _view(root: Path, cases: str, *replaced: Replaced, more: Mapping[str, str] = CLEAN) -> PackView:
    return view_files(root, {**more, **replace_in_clean(*replaced), CASES_FILE: cases})


def _run(root: Path, cases: str, *replaced: Replaced, more: Mapping[str, str] = CLEAN) -> list[CaseResult]:
    """Run cases of the rule of the clean pack, changed as asked."""
    pack = _view(root, cases, *replaced, more=more)
    assert pack.case_faults == ()
    [rule] = pack.rule_base.rules
    return [run_case(rule, case, pack.rule_base) for case in pack.cases[rule.id]]


def _told(results: list[CaseResult]) -> list[str | None]:
    """Return what is wrong with each case, in words."""
    return [say(result.problem, "en") if result.problem else None for result in results]


def _manifest(root: Path, cases: str, *replaced: Replaced) -> Manifest:
    pack = _view(root, cases, *replaced)
    [rule] = pack.rule_base.rules
    [case] = pack.cases[rule.id]
    manifest, faults = make_manifest(rule, case, pack.rule_base)
    assert faults == ()
    return manifest


def _data(root: Path, cases: str, *replaced: Replaced) -> Mapping[str, Value]:
    return _manifest(root, cases, *replaced).data


def _each(kind: str) -> Replaced:
    return (RULE_FILE, "each: shipment", f"each: {kind}")


def _basis(event: str) -> Replaced:
    return (RULE_FILE, "basis: arrival", f"basis: {event}")


def _applies_to(scope: str) -> Replaced:
    return (RULE_FILE, "applies_to: {}", f"applies_to: {scope}")


def _field(path: str) -> Replaced:
    return (RULE_FILE, "field: shipment.transport.seal", f"field: {path}")


PLUM = _applies_to("{product: [fruit]}")


# what comes out


def test_case_that_comes_out_as_written_has_no_problem(tmp_path: Path) -> None:
    results = _run(tmp_path, CLEAN[CASES_FILE])
    assert [(result.case.name, result.status, result.problem) for result in results] == [
        ("sealed", "pass", None),
        ("a truck without a seal", "fail", None),
        ("no truck described", "unknown", None),
        ("the day before", "upcoming", None),
    ]


@pytest.mark.parametrize("expect", ["fail", "unknown", "manual", "not-applicable", "upcoming", "error"])
def test_case_that_comes_out_otherwise_says_what_came(expect: str, tmp_path: Path) -> None:
    case = f"- {{name: a, date: 2020-01-01, given: {{shipment: {{transport: {{seal: A}}}}}}, expect: {expect}}}\n"
    assert _told(_run(tmp_path, case)) == [f"expected {expect}, got pass"]


@pytest.mark.parametrize(
    ("broken", "told"),
    [
        (
            (RULE_FILE, "start: 2020-01-01", "start: 2020-01-02"),
            [
                "expected pass, got not-applicable",
                "expected fail, got upcoming",
                "expected unknown, got not-applicable",
            ],
        ),
        ((RULE_FILE, "start: 2020-01-01", "start: 2019-12-31"), ["expected upcoming, got fail"]),
        (
            _field("shipment.transport.trailer"),
            ["expected pass, got fail"],
        ),
        (
            _applies_to("{mode: [road], when: {shipment.mode: [sea]}}"),
            [
                "expected pass, got not-applicable",
                "expected fail, got not-applicable",
                "expected unknown, got not-applicable",
                "expected upcoming, got not-applicable",
            ],
        ),
    ],
)
def test_rule_that_breaks_is_noticed_by_its_cases(broken: Replaced, told: list[str], tmp_path: Path) -> None:
    assert [text for text in _told(_run(tmp_path, CLEAN[CASES_FILE], broken)) if text is not None] == told


def test_worst_of_several_findings_counts(tmp_path: Path) -> None:
    """One orchard passes, one is unknown; one has the name, one lacks it."""
    lots = (_each("lot"), _field("orchards[*].code"), PLUM)
    cases = """\
- {name: a, date: 2020-01-01, given: {orchards: [{code: A}, {code: B}]}, expect: pass}
- {name: b, date: 2020-01-01, given: {orchards: [{code: A}, {name: B}]}, expect: fail}
"""
    assert _told(_run(tmp_path, cases, *lots)) == [None, None]


def test_place_of_the_finding_is_held_too(tmp_path: Path) -> None:
    """Relative to the subject, or from the top."""
    lots = (_each("lot"), _field("orchards[*].code"), PLUM)
    given = "date: 2020-01-01, given: {orchards: [{code: A}, {name: B}]}, expect: fail"
    cases = "".join(
        f'- {{name: "{at}", {given}, at: "{at}"}}\n'
        for at in ("orchards[1].code", "lots[0].orchards[1].code", "orchards[0].code")
    )
    assert _told(_run(tmp_path, cases, *lots)) == [
        None,
        None,
        "expected at orchards[0].code, got lots[0].orchards[1].code",
    ]


def test_wording_of_the_finding_is_held_too(tmp_path: Path) -> None:
    newer = CLEAN[RULE_FILE].partition("wordings:\n")[2].replace("2020-01-01", "2024-01-01")
    rule = (RULE_FILE, "wordings:\n", f"wordings:\n{newer}")
    given = "given: {shipment: {transport: {seal: A}}}, expect: pass"
    cases = f"""\
- {{name: a, date: 2023-12-31, {given}, start: 2020-01-01}}
- {{name: b, date: 2024-01-01, {given}, start: 2024-01-01}}
- {{name: c, date: 2024-01-01, {given}, start: 2020-01-01}}
"""
    assert _told(_run(tmp_path, cases, rule)) == [None, None, "expected the wording of 2020-01-01, got 2024-01-01"]


# the manifest around what is given


def test_case_gives_only_what_the_rule_reads(tmp_path: Path) -> None:
    case = "- {name: a, date: 2020-01-01, given: {shipment: {transport: {seal: A}}}, expect: pass}\n"
    assert _data(tmp_path, case) == {
        "borderready": 1,
        "shipment": {"origin": "VN", "transport": {"seal": "A"}, "dates": {"arrival": "2020-01-01"}},
        "lots": ({"id": "L1", "product": "durian-fresh"},),
    }


def test_first_of_everything_that_the_rule_applies_to_is_taken(tmp_path: Path) -> None:
    """The first product of a group; mode, channel and gate, too."""
    scope = _applies_to(
        "{origin: [TH, VN], product: [fruit], mode: [rail, road], channel: [border-residents], entry: [mohan]}"
    )
    case = "- {name: a, date: 2020-01-01, given: {}, expect: unknown}\n"
    assert _data(tmp_path, case, scope) == {
        "borderready": 1,
        "shipment": {
            "origin": "TH",
            "mode": "rail",
            "channel": "border-residents",
            "route": {"entry": "mohan"},
            "dates": {"arrival": "2020-01-01"},
        },
        "lots": ({"id": "L1", "product": "plum"},),
    }


def test_what_a_case_gives_holds_over_what_is_filled_in(tmp_path: Path) -> None:
    scope = _applies_to("{origin: [TH], product: [plum], mode: [rail]}")
    case = """\
- name: a
  date: 2020-01-01
  shipment: {origin: LA, mode: road, dates: {arrival: 2020-02-02}}
  given: {product: fig}
  expect: not-applicable
"""
    assert _data(tmp_path, case, scope, _each("lot")) == {
        "borderready": 1,
        "shipment": {"origin": "LA", "mode": "road", "dates": {"arrival": "2020-02-02"}},
        "lots": ({"id": "L1", "product": "fig"},),
    }


@pytest.mark.parametrize(
    ("event", "key"),
    [("arrival", "arrival"), ("departure", "departure"), ("declaration", "declaration")],
)
def test_day_is_that_of_the_event_of_the_shipment(event: str, key: str, tmp_path: Path) -> None:
    case = "- {name: a, date: 2020-01-01, given: {}, expect: unknown}\n"
    assert _data(tmp_path, case, _basis(event))["shipment"] == {"origin": "VN", "dates": {key: "2020-01-01"}}


@pytest.mark.parametrize(
    ("event", "key"), [("harvest", "harvested"), ("packing", "packed"), ("production", "produced")]
)
def test_day_is_that_of_the_event_of_the_lot(event: str, key: str, tmp_path: Path) -> None:
    case = "- {name: a, date: 2020-01-01, given: {variety: Red}, expect: unknown}\n"
    assert _data(tmp_path, case, _basis(event), _each("lot"))["lots"] == (
        {"id": "L1", "product": "durian-fresh", "variety": "Red", "dates": {key: "2020-01-01"}},
    )


def test_document_asked_about_is_the_first_and_bears_the_day_of_issue(tmp_path: Path) -> None:
    case = """\
- name: a
  date: 2020-01-01
  given: {number: C-1}
  documents: [{type: contract, number: D-2}]
  expect: unknown
"""
    assert _data(tmp_path, case, _basis("issue"), _each("phytosanitary-certificate"))["documents"] == (
        {"type": "phytosanitary-certificate", "number": "C-1", "issued": "2020-01-01"},
        {"type": "contract", "number": "D-2"},
    )


def test_day_of_issue_of_a_lot_is_that_of_its_certificate(tmp_path: Path) -> None:
    case = """\
- name: a
  date: 2020-01-01
  given: {}
  documents: [{type: contract}, {type: phytosanitary-certificate}]
  expect: unknown
"""
    assert _data(tmp_path, case, _basis("issue"), _each("lot"))["documents"] == (
        {"type": "contract"},
        {"type": "phytosanitary-certificate", "issued": "2020-01-01"},
    )


def test_documents_of_a_case_cover_every_lot_unless_they_say_otherwise(tmp_path: Path) -> None:
    papers = (_each("lot"), _field('"documents[type=contract].number"'), PLUM)
    cases = """\
- {name: a, date: 2020-01-01, documents: [{type: contract, number: C-1}], expect: pass}
- {name: b, date: 2020-01-01, documents: [{type: contract, number: C-1, covers: [L2]}], lots: [{}, {id: L2, product: plum}], expect: fail}
- {name: c, date: 2020-01-01, documents: [], expect: fail}
- {name: d, date: 2020-01-01, expect: unknown}
"""  # noqa: E501  # one case a line
    documents_alone = (RULE_FILE, "field: shipment.transport.seal", 'field: "documents[type=contract]"')
    assert _told(_run(tmp_path, cases, papers[0], documents_alone, PLUM)) == [None, None, None, None]


def test_lots_of_a_case_are_joined_with_the_one_asked_about(tmp_path: Path) -> None:
    case = """\
- name: a
  date: 2020-01-01
  given: {variety: Red}
  lots: [{quantity: {net_kg: 5}}, {id: L2, product: fig}]
  expect: unknown
"""
    assert _data(tmp_path, case, _each("lot"), PLUM)["lots"] == (
        {"id": "L1", "product": "plum", "quantity": {"net_kg": 5}, "variety": "Red"},
        {"id": "L2", "product": "fig"},
    )


def test_register_of_a_case_is_at_hand_with_its_days(tmp_path: Path) -> None:
    listed = (
        _each("lot"),
        _field("packhouse.code"),
        PLUM,
        (RULE_FILE, "check: present", "check: listed"),
        (RULE_FILE, "options: {}", "options: {register: houses, status: active}"),
    )
    given = "date: 2020-01-05, given: {packhouse: {code: P-1}}"
    cases = f"""\
- {{name: a, {given}, registers: {{houses: [{{code: P-1}}]}}, expect: pass}}
- {{name: b, {given}, registers: {{houses: [{{code: P-1, start: 2020-01-06}}]}}, expect: fail}}
- {{name: c, {given}, registers: {{houses: [{{code: P-1, until: 2020-01-04}}]}}, expect: fail}}
- {{name: d, {given}, registers: {{houses: [{{code: P-1, status: suspended}}]}}, expect: fail}}
- {{name: e, {given}, registers: {{houses: [{{code: P-1, product: fig}}]}}, expect: fail}}
- {{name: f, {given}, registers: {{others: [{{code: P-1}}]}}, expect: unknown}}
- {{name: g, {given}, expect: unknown}}
"""
    assert _told(_run(tmp_path, cases, *listed)) == [None] * 7


def test_notices_of_a_case_hold_and_those_of_the_pack_do_not(tmp_path: Path) -> None:
    noticed = (
        _each("lot"),
        _field("product"),
        PLUM,
        (RULE_FILE, "check: present", "check: noticed"),
        (RULE_FILE, "options: {}", "options: {by: product}"),
    )
    stop = """\
- id: plum-stop
  title: {en: Plums are not taken., vi: Không nhận mận., zh: 不接受李子。}
  kind: suspended
  applies_to: {product: [plum]}
  start: 2020-01-01
  open_ended: true
  source: {instrument: act, locator: Notice 1, seen: primary, checked: 2026-11-20}
"""
    cases = """\
- {name: a, date: 2020-01-05, expect: pass}
- {name: b, date: 2020-01-05, notices: [{product: [fruit], start: 2020-01-05, until: 2020-01-05}], expect: fail}
- {name: c, date: 2020-01-06, notices: [{product: [fruit], start: 2020-01-05, until: 2020-01-05}], expect: pass}
- {name: d, date: 2020-01-06, notices: [{kind: restricted, product: [plum], start: 2020-01-05}], expect: manual}
- {name: e, date: 2020-01-06, notices: [{product: [plum], origin: [TH], start: 2020-01-05}], expect: pass}
"""
    assert _told(_run(tmp_path, cases, *noticed, more={"notices/fruit.yaml": stop})) == [None] * 5


def test_synonyms_of_the_pack_hold_in_cases(tmp_path: Path) -> None:
    limit = (
        _each("lot"),
        _field('"documents[type=lab-report].results[analyte=cadmium]"'),
        PLUM,
        (RULE_FILE, "check: present", "check: limit"),
        (RULE_FILE, "options: {}", "options: {max: 0.05, unit: mg/kg}"),
    )
    report = "documents: [{type: lab-report, results: [{analyte: 镉, value: %s, unit: mg/kg}]}]"
    cases = f"""\
- {{name: a, date: 2020-01-01, {report % "0.05"}, expect: pass}}
- {{name: b, date: 2020-01-01, {report % "0.0500001"}, expect: fail}}
"""
    assert _told(_run(tmp_path, cases, *limit, more=GATES)) == [None, None]


def test_only_the_rule_of_the_case_runs(tmp_path: Path) -> None:
    """A narrower rule of the pack would displace it, and asks for something else."""
    narrow = CLEAN[RULE_FILE].replace("any/any/seal", "any/any/narrow").replace("transport.seal", "transport.driver")
    files = {**CLEAN, "any/any/narrow.yaml": f"{narrow}overrides: [any/any/seal]\n"}
    pack = view_files(tmp_path, files)
    [rule] = [one for one in pack.rule_base.rules if one.id == "any/any/seal"]
    assert _told([run_case(rule, case, pack.rule_base) for case in pack.cases[rule.id]]) == [None] * 4


def test_what_a_coming_wording_would_fail_counts_more_than_a_pass(tmp_path: Path) -> None:
    newer = CLEAN[RULE_FILE].partition("wordings:\n")[2].replace("2020-01-01", "2024-01-01")
    keys = newer.replace("options: {}", "options: {keys: [number]}")
    rule = (RULE_FILE, "wordings:\n", f"wordings:\n{keys}")
    case = "- {name: a, date: 2023-12-31, given: {shipment: {transport: {seal: A}}}, expect: upcoming}\n"
    assert _told(_run(tmp_path, case, rule)) == [None]


def test_cases_of_the_pack_of_the_golden_reports_come_out(tmp_path: Path) -> None:
    ran = run_here("pack", "test", str(PACK), home=tmp_path)
    assert (ran.code, ran.out) == (0, "cases: 39 passed, 0 failed (rules: 9)\n")


# cases that are wrong themselves


@pytest.mark.parametrize(
    ("given", "place", "told"),
    [
        ("{shipment: {transprt: {seal: A}}}", f"{CASES_FILE}:3:22", "unknown key 'transprt'"),
        ("{shipment: {transport: {sealed: A}}}", f"{CASES_FILE}:3:42", "'A' is neither true nor false"),
        ("{quantity: {packages: 5}}", f"{CASES_FILE}:3:11", "unknown key 'quantity'"),
    ],
)
def test_key_that_a_manifest_does_not_have_is_a_fault_at_its_place(
    given: str, place: str, told: str, tmp_path: Path
) -> None:
    """A misspelt key would else be a field that is not given, and a case that holds nothing."""
    case = f"- name: a\n  date: 2020-01-01\n  given: {given}\n  expect: unknown\n"
    [result] = _run(tmp_path, case)
    assert result.status == "error"
    assert [(fault.place, say(fault.what, "en")) for fault in result.faults] == [(place, told)]
    assert _told([result]) == [told]


def test_cases_know_where_they_stand(tmp_path: Path) -> None:
    pack = view_files(tmp_path)
    assert [case.span.line for case in pack.cases[RuleId("any/any/seal")]] == [1, 5, 9, 13]


# `borderready pack test`


def test_command_tells_how_many_cases_passed(tmp_path: Path) -> None:
    write_files(tmp_path / "mini", CLEAN)
    ran = run_here("pack", "test", "mini", home=tmp_path)
    assert (ran.code, ran.out, ran.err) == (0, "cases: 4 passed, 0 failed (rules: 1)\n", "")


def test_command_names_each_case_that_failed_with_its_line(tmp_path: Path) -> None:
    write_files(tmp_path / "mini", replace_in_clean((CASES_FILE, "expect: fail", "expect: pass")))
    ran = run_here("pack", "test", "mini", home=tmp_path)
    assert (ran.code, ran.err) == (1, "")
    assert ran.out.splitlines() == [
        f"{CASES_FILE}:5: any/any/seal: a truck without a seal",
        "  expected pass, got fail",
        "    - expect: pass",
        "    + expect: fail",
        "    asked: seal",
        "cases: 3 passed, 1 failed (rules: 1)",
    ]


def test_file_of_cases_that_cannot_be_read_fails_the_command(tmp_path: Path) -> None:
    write_files(tmp_path / "mini", replace_in_clean((CASES_FILE, "expect: unknown", "expect: perhaps")))
    ran = run_here("pack", "test", "mini", home=tmp_path)
    assert ran.code == 1
    assert ran.out.startswith(f"{CASES_FILE}:12:11: error: 'perhaps' is not one of: pass, fail, ")
    assert ran.out.splitlines()[-1] == "cases: 0 passed, 1 failed (rules: 1)"


@pytest.mark.parametrize(
    ("prefix", "code", "told"),
    [
        ("any", 0, "cases: 4 passed, 0 failed (rules: 1)"),
        ("any/any/seal", 0, "cases: 4 passed, 0 failed (rules: 1)"),
        ("vn/", 3, "cases: 0 passed, 0 failed (rules: 0)"),
    ],
)
def test_command_runs_only_rules_that_begin_so(prefix: str, code: int, told: str, tmp_path: Path) -> None:
    write_files(tmp_path / "mini", CLEAN)
    ran = run_here("pack", "test", "mini", "--rule", prefix, home=tmp_path)
    assert (ran.code, ran.out.splitlines()[-1]) == (code, told)


def test_pack_without_cases_tested_nothing(tmp_path: Path) -> None:
    write_files(tmp_path / "mini", {name: text for name, text in CLEAN.items() if name != CASES_FILE})
    assert run_here("pack", "test", "mini", home=tmp_path).code == 3


def test_name_of_a_case_cannot_act_on_a_terminal(tmp_path: Path) -> None:
    """Packs come from others, too."""
    hostile = (CASES_FILE, "name: a truck without a seal", 'name: "[bold]\\e[2J\\u202e[/bold]"')
    write_files(tmp_path / "mini", replace_in_clean(hostile, (CASES_FILE, "expect: fail", "expect: pass")))
    ran = run_here("pack", "test", "mini", home=tmp_path)
    assert ran.out.splitlines()[0] == f"{CASES_FILE}:5: any/any/seal: [bold]\\u001b[2J\\u202e[/bold]"


def test_others_of_a_case_are_its_manifest_with_parts_changed(tmp_path: Path) -> None:
    """Both the other consignment and the case itself are compared by their references."""
    cases = """\
- name: elsewhere too
  date: 2026-11-26
  given: {number: PC-1}
  others: [{reference: AP-2}, {reference: AP-3, documents: [{number: PC-2}]}]
  expect: fail
  force: blocks
- name: weaker than said
  date: 2026-11-26
  given: {number: PC-1}
  others: [{reference: AP-2}]
  expect: fail
  force: warns
- name: checked again
  date: 2026-11-26
  given: {number: PC-1}
  others: [{reference: this}]
  expect: pass
- name: others not known
  date: 2026-11-26
  given: {number: PC-1}
  expect: not-applicable
"""
    once = (
        (RULE_FILE, "each: shipment", "each: phytosanitary-certificate"),
        (RULE_FILE, "check: present", "check: once"),
        (RULE_FILE, "field: shipment.transport.seal", "field: number"),
    )
    assert _told(_run(tmp_path, cases, *once)) == [None, "the force should be warns, it is blocks", None, None]
