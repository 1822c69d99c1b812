# SPDX-License-Identifier: Apache-2.0
"""Select and ignore: what is not wanted is named, what nobody can accept stays."""

from __future__ import annotations

from borderready.core import check_shipment
from borderready.model import Force, LeftOut, Message, Report, Rule, RuleName, Scope, Status, Verdict
from borderready.selection import covers, find_stray, is_wanted, leave_out, names_of
from tests.build import make_data, make_lot, make_manifest, make_rule, make_rule_base

VARIETY = make_rule("vn/durian-fresh/variety", area="definition")
LABEL = make_rule("vn/durian-fresh/box-label", area="labeling", field="labels.box.text")
CODE = make_rule("vn/durian/orchard-code", area="registration", field="brand", is_waivable=False)


def report_of(*rules: Rule, **lot: object) -> Report:
    return check_shipment(make_manifest(make_data(lots=[make_lot(**lot)])), make_rule_base(*rules))


def test_entry_is_a_rule_a_folder_or_an_area() -> None:
    entries = ("vn/durian-fresh/variety", "vn/durian-fresh/", "vn/durian-fresh", "vn", "definition")
    assert [covers(entry, VARIETY) for entry in entries] == [True] * 5


def test_folder_ends_where_its_name_ends() -> None:
    """vn/durian is no part of vn/durian-fresh, and a wording of a rule's name is no prefix."""
    assert [covers(entry, VARIETY) for entry in ("vn/durian", "v", "vn/durian-fresh/var", "def", "")] == [False] * 5


def test_ignore_stands_above_select() -> None:
    assert is_wanted(VARIETY, select=["vn"], ignore=[])
    assert not is_wanted(VARIETY, select=["vn"], ignore=["definition"])
    assert not is_wanted(VARIETY, select=["labeling"], ignore=[])
    assert is_wanted(VARIETY, select=None, ignore=["labeling"])


def test_rule_that_nobody_can_waive_is_always_wanted() -> None:
    assert is_wanted(CODE, select=["labeling"], ignore=["vn/durian/orchard-code"])


def test_report_without_wishes_is_the_same_report() -> None:
    report = report_of(VARIETY, LABEL, variety="Chanee")
    assert leave_out(report, select=None, ignore=()) is report


def test_what_is_left_out_is_named_and_the_verdict_is_decided_anew() -> None:
    report = report_of(VARIETY, LABEL, variety="Chanee", labels={"box": {"text": "Ri6"}})
    assert report.verdict is Verdict.NOT_READY
    wanted = leave_out(report, select=None, ignore=["definition"])
    assert wanted.verdict is Verdict.READY
    assert [finding.rule.id for finding in wanted.findings] == ["vn/durian-fresh/box-label"]
    assert wanted.counts[Status.FAIL] == 0
    assert wanted.left_out == (LeftOut(rule=VARIETY.id, status=Status.FAIL, force=Force.BLOCKS),)


def test_only_rules_that_apply_are_named() -> None:
    elsewhere = make_rule("th/banana/variety", scope=Scope(origins=("TH",)))
    report = report_of(VARIETY, LABEL, elsewhere, variety="Ri6")
    wanted = leave_out(report, select=["labeling"], ignore=())
    assert [rule.rule for rule in wanted.left_out] == ["vn/durian-fresh/variety"]
    assert wanted.counts[Status.NOT_APPLICABLE] == report.counts[Status.NOT_APPLICABLE] == 1


def test_worst_finding_of_a_rule_left_out_is_told() -> None:
    lots = [make_lot(id="L1", variety="Ri6"), make_lot(id="L2", variety="Chanee"), make_lot(id="L3")]
    report = check_shipment(make_manifest(make_data(lots=lots)), make_rule_base(VARIETY))
    assert [rule.status for rule in leave_out(report, select=None, ignore=["vn"]).left_out] == [Status.FAIL]


def test_what_cannot_be_left_out_stays_and_says_so() -> None:
    report = report_of(CODE, VARIETY, brand="X", variety="Ri6")
    wanted = leave_out(report, select=["labeling"], ignore=["vn"])
    assert [(f.rule.id, f.status, f.notes) for f in wanted.findings] == [
        (CODE.id, Status.FAIL, (Message("select.kept"),))
    ]
    assert wanted.verdict is Verdict.NOT_READY


def test_pass_that_cannot_be_left_out_says_nothing() -> None:
    report = report_of(CODE, brand="Ri6")
    assert [finding.notes for finding in leave_out(report, select=None, ignore=["vn"]).findings] == [()]


def test_everything_left_out_is_undecided_and_never_ready() -> None:
    report = report_of(VARIETY, variety="Ri6")
    assert leave_out(report, select=None, ignore=["vn"]).verdict is Verdict.UNDECIDED


def test_entry_that_covers_nothing_is_told_with_the_nearest_that_would() -> None:
    names = names_of(make_rule_base(VARIETY, LABEL))
    assert find_stray(["labelling", "vn/durian-fresh/varety", "vn", "xyzzy"], names) == (
        ("labelling", "labeling"),
        ("vn/durian-fresh/varety", "vn/durian-fresh/variety"),
        ("xyzzy", None),
    )


def test_names_are_those_of_all_rules_also_of_those_not_loaded() -> None:
    other = RuleName(LABEL.id, "labeling", is_waivable=True)
    assert names_of(make_rule_base(VARIETY, others=(other,))) == (
        other,
        RuleName(VARIETY.id, "definition", is_waivable=True),
    )
