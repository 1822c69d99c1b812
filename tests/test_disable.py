# SPDX-License-Identifier: Apache-2.0
"""Rules that a pack disables: accepted aloud, for as long as it says, and never what only China can accept."""

from __future__ import annotations

from dataclasses import replace

import pytest

from borderready.core import check_shipment
from borderready.disable import is_disabled
from borderready.model import Disabled, Finding, PackId, Report, Rule, RuleId, Scope, Status, Verdict, WaiverKind
from tests.build import make_data, make_lot, make_manifest, make_rule, make_rule_base

NAME = RuleId("vn/durian-fresh/variety")


def disabled(*, until: str | None = None) -> Disabled:
    return Disabled(pack="acme", rule=NAME, reason="The buyer asks for another one", until=until, line=7)


def report_of(*rules: Rule, until: str | None = None, **lot: str) -> Report:
    """Check a lot against rules of which those of the name are disabled, as a loaded pack has them."""
    one = disabled(until=until)
    pack = PackId(name="acme", version="1", sha256="1" * 64, disables=(one,))
    known = [replace(rule, disabled=one if rule.id == NAME else None) for rule in rules]
    return check_shipment(make_manifest(make_data(lots=[make_lot(**lot)])), replace(make_rule_base(*known), pack=pack))


def finding_of(report: Report, name: str = NAME) -> Finding:
    [finding] = [finding for finding in report.findings if finding.rule.id == name]
    return finding


@pytest.mark.parametrize(("lot", "status"), [({"variety": "Chanee"}, Status.FAIL), ({}, Status.UNKNOWN)])
def test_what_a_disabled_rule_finds_is_waived_and_counted_so(lot: dict[str, str], status: Status) -> None:
    report = report_of(make_rule(NAME), until=None, **lot)
    finding = finding_of(report)
    assert (finding.status, finding.outcome.status) == (Status.WAIVED, status)
    assert (report.counts[Status.WAIVED], report.counts[status]) == (1, 0)
    assert report.verdict is Verdict.READY


def test_waiver_says_which_pack_where_and_why() -> None:
    waiver = finding_of(report_of(make_rule(NAME), until="2027-01-31", variety="Chanee")).waiver
    assert waiver is not None
    assert (waiver.kind, waiver.place, waiver.owner) == (WaiverKind.PACK, "acme/pack.yaml:7", "acme")
    assert (waiver.reason, waiver.until) == ("The buyer asks for another one", "2027-01-31")


def test_pass_of_a_disabled_rule_is_a_pass() -> None:
    assert finding_of(report_of(make_rule(NAME), variety="Ri6")).status is Status.PASS


def test_other_rules_are_not_touched() -> None:
    other = make_rule("vn/durian-fresh/other")
    report = report_of(make_rule(NAME), other, variety="Chanee")
    assert finding_of(report, "vn/durian-fresh/other").status is Status.FAIL
    assert report.verdict is Verdict.NOT_READY


def test_rule_that_nobody_can_waive_is_never_disabled() -> None:
    report = report_of(make_rule(NAME, is_waivable=False), variety="Chanee")
    assert finding_of(report).status is Status.FAIL
    assert not is_disabled(replace(make_rule(NAME, is_waivable=False), disabled=disabled()), None)


@pytest.mark.parametrize(("until", "status"), [("2026-11-26", Status.WAIVED), ("2026-11-25", Status.FAIL)])
def test_end_is_held_against_the_day_of_the_basis(until: str, status: Status) -> None:
    report = report_of(make_rule(NAME), until=until, variety="Chanee")
    finding = finding_of(report)
    assert (finding.day, finding.status) == ("2026-11-26", status)
    assert [note.key for note in finding.notes] == ([] if status is Status.WAIVED else ["extend.note_ended"])


def test_without_the_day_only_what_is_disabled_for_good_is() -> None:
    rule = replace(make_rule(NAME), disabled=disabled(until="2099-12-31"))
    assert not is_disabled(rule, None)
    assert is_disabled(replace(rule, disabled=disabled()), None)


def test_disabled_rule_displaces_none() -> None:
    """Who disables the narrow rule has not said that the general one does not bind: it is asked again."""
    general = make_rule("any/any/variety", scope=Scope())
    narrow = make_rule(NAME, overrides=(general.id,))
    alone = check_shipment(make_manifest(make_data(lots=[make_lot(variety="Chanee")])), make_rule_base(general, narrow))
    assert [finding.rule.id for finding in alone.findings] == [NAME]
    report = report_of(general, narrow, variety="Chanee")
    assert finding_of(report, general.id).status is Status.FAIL
    assert finding_of(report).status is Status.WAIVED
    ended = report_of(general, narrow, until="2026-11-25", variety="Chanee")
    assert [finding.rule.id for finding in ended.findings] == [NAME]


def test_report_is_the_same_object_of_facts_where_nothing_is_disabled() -> None:
    rule_base = make_rule_base(make_rule(NAME))
    manifest = make_manifest(make_data(lots=[make_lot(variety="Chanee")]))
    assert check_shipment(manifest, rule_base).counts[Status.WAIVED] == 0
