# SPDX-License-Identifier: Apache-2.0
"""Waivers against a report: what holds on which day, for what, and what is said of the others."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from borderready.core import check_shipment
from borderready.fingerprint import fingerprints_of
from borderready.model import (
    Message,
    Report,
    Rule,
    RuleId,
    RuleName,
    Status,
    Verdict,
    Waiver,
    WaiverFile,
    WaiverKind,
)
from borderready.waive import (
    Book,
    is_living,
    judge_waivers,
    list_entries,
    make_book,
    remark_on,
    waive,
)
from tests.build import LAW, make_data, make_lot, make_manifest, make_rule, make_rule_base, make_wording

TODAY = "2026-11-28"
VARIETY = make_rule("vn/durian-fresh/variety")
FILE = WaiverFile(file="w.yaml", kind=WaiverKind.WAIVER, sha256="0" * 64, today=TODAY)
BASELINE_FILE = WaiverFile(file="b.json", kind=WaiverKind.BASELINE, sha256="1" * 64, today=TODAY)


def make_waiver(**changes: Any) -> Waiver:
    until = changes.pop("until", "2026-12-31")
    waiver = Waiver(
        file="w.yaml",
        line=1,
        rule=VARIETY.id,
        reason="An agreed trial of a new variety.",
        owner="An",
        until=until,
        written_until=until or "someday",
    )
    return replace(waiver, **changes)


def make_report(*rules: Rule, reference: str = "T-1", exporter: str | None = None, **lot: object) -> Report:
    parties: dict[str, object] = {"parties": {"exporter": {"name": exporter}}} if exporter is not None else {}
    data = make_data(reference=reference, lots=[make_lot(**{"variety": "Chanee", **lot})], **parties)
    return check_shipment(make_manifest(data), make_rule_base(*(rules or (VARIETY,))))


def statuses_under(*waivers: Waiver, report: Report | None = None, today: str = TODAY) -> list[str]:
    waived = waive(report or make_report(), make_book(waivers, [FILE]), today=today)
    return [str(finding.status) for finding in waived.report.findings]


# what is waived


def test_finding_that_somebody_accepts_is_waived_and_keeps_what_was_found() -> None:
    waiver = make_waiver()
    waived = waive(make_report(), make_book([waiver], [FILE]), today=TODAY)
    [finding] = waived.report.findings
    assert (finding.status, finding.waiver, finding.outcome.status) == (Status.WAIVED, waiver, Status.FAIL)
    assert finding.outcome.found == "Chanee"
    assert waived.report.verdict is Verdict.READY
    assert (waived.report.counts[Status.WAIVED], waived.report.counts[Status.FAIL]) == (1, 0)
    assert waived.report.waivers == (replace(FILE, used=1),)
    assert (waived.used, waived.lapsed, waived.met) == (frozenset({"w.yaml:1"}), frozenset(), frozenset({"w.yaml:1"}))


def test_unknown_and_manual_can_be_waived_too() -> None:
    wording = make_wording(options={"what": "orchard-gap"})
    attested = make_rule("vn/durian-fresh/gap", check="attested", field="attestations", wordings=(wording,))
    data = make_data(lots=[make_lot()])
    report = check_shipment(make_manifest(data), make_rule_base(VARIETY, attested))
    assert [finding.status for finding in report.findings] == [Status.UNKNOWN, Status.MANUAL]
    assert report.verdict is Verdict.UNDECIDED
    waivers = [make_waiver(), make_waiver(line=2, rule=attested.id)]
    waived = waive(report, make_book(waivers), today=TODAY).report
    assert [finding.status for finding in waived.findings] == [Status.WAIVED, Status.WAIVED]
    assert waived.verdict is Verdict.READY


def test_pass_is_not_waived_and_the_waiver_stays_unused() -> None:
    waived = waive(make_report(variety="Ri6"), make_book([make_waiver()], [FILE]), today=TODAY)
    assert [finding.status for finding in waived.report.findings] == [Status.PASS]
    assert waived.used == frozenset()


def test_what_nobody_can_waive_is_not_waived_whatever_a_file_says() -> None:
    never = replace(VARIETY, is_waivable=False)
    report = make_report(never)
    assert statuses_under(make_waiver(), report=report) == ["fail"]
    [entry] = list_entries(make_report(), file="b.json")[0]
    assert statuses_under(entry, report=report) == ["fail"]
    assert list_entries(report, file="b.json") == ((), 1)


def test_report_without_a_fitting_waiver_only_names_the_file() -> None:
    report = make_report()
    waived = waive(report, make_book([make_waiver(rule=RuleId("vn/banana/brand"))], [FILE]), today=TODAY)
    assert waived.report == replace(report, waivers=(FILE,))


def test_other_findings_still_count() -> None:
    brand = make_rule("vn/durian-fresh/brand", field="brand")
    report = make_report(VARIETY, brand, brand="X")
    waived = waive(report, make_book([make_waiver()]), today=TODAY).report
    assert [(finding.rule.id, finding.status) for finding in waived.findings] == [
        (brand.id, Status.FAIL),
        (VARIETY.id, Status.WAIVED),
    ]
    assert waived.verdict is Verdict.NOT_READY


# for what


@pytest.mark.parametrize(
    ("scope", "status"),
    [
        ({"reference": "T-1"}, "waived"),
        ({"reference": "T-10"}, "fail"),
        ({"lot": "L1"}, "waived"),
        ({"lot": "L2"}, "fail"),
        ({"path": "variety"}, "waived"),
        ({"path": "lots[0].variety"}, "waived"),
        ({"path": "lots[0]"}, "waived"),
        ({"path": "lots"}, "waived"),
        ({"path": "lots[1]"}, "fail"),
        ({"path": "var"}, "fail"),
        ({"path": "lots[0].variet"}, "fail"),
        ({"exporter": "AN PHÚ Fruit Co., Ltd"}, "waived"),
        ({"exporter": "Bình Minh"}, "fail"),
        ({"reference": "T-1", "lot": "L2"}, "fail"),
        ({"reference": "T-1", "lot": "L1", "path": "variety", "exporter": "An Phu Fruit"}, "waived"),
    ],
)
def test_waiver_holds_where_all_that_it_names_holds(scope: dict[str, str], status: str) -> None:
    report = make_report(exporter="Công ty TNHH An Phú Fruit")
    assert statuses_under(make_waiver(**scope), report=report) == [status]


def test_waiver_for_an_exporter_does_not_hold_where_none_is_named() -> None:
    assert statuses_under(make_waiver(exporter="An Phu")) == ["fail"]
    assert statuses_under(make_waiver(exporter="---")) == ["fail"]


def test_lot_of_a_waiver_is_no_shipment_of_that_name() -> None:
    gate = make_rule("vn/durian-fresh/gate", each="shipment", field="shipment.mode")
    report = make_report(gate, reference="L1")
    assert statuses_under(make_waiver(rule=gate.id, lot="L1"), report=report) == ["unknown"]


# until when


def test_waiver_holds_on_its_last_day_and_not_on_the_next() -> None:
    waiver = make_waiver(until="2026-11-28")
    assert statuses_under(waiver, today="2026-11-28") == ["waived"]
    assert statuses_under(waiver, today="2026-11-29") == ["fail"]


@LAW
@given(until=st.dates(), today=st.dates())
def test_waiver_holds_as_long_as_today_is_not_after_its_last_day(until: date, today: date) -> None:
    assert is_living(make_waiver(until=until.isoformat()), today.isoformat()) is (today <= until)


@settings(LAW, max_examples=50)
@given(until=st.dates(), today=st.dates())
def test_verdict_follows_the_calendar_and_nothing_else(until: date, today: date) -> None:
    status = statuses_under(make_waiver(until=until.isoformat()), today=today.isoformat())
    assert status == (["waived"] if today <= until else ["fail"])


@LAW
@given(today=st.dates())
def test_waiver_without_a_readable_last_day_never_holds(today: date) -> None:
    assert not is_living(make_waiver(until=None), today.isoformat())


def test_expired_waiver_brings_the_finding_back_and_says_so() -> None:
    waived = waive(make_report(), make_book([make_waiver(until="2026-11-27")], [FILE]), today=TODAY)
    [finding] = waived.report.findings
    args = {
        "place": "w.yaml:1",
        "owner": "An",
        "reason": "An agreed trial of a new variety.",
        "until": "2026-11-27",
    }
    assert (finding.status, finding.waiver, finding.notes) == (
        Status.FAIL,
        None,
        (Message("waive.note_expired", args),),
    )
    assert waived.report.verdict is Verdict.NOT_READY
    assert (waived.used, waived.lapsed) == (frozenset(), frozenset({"w.yaml:1"}))


def test_waiver_that_still_holds_stands_above_one_that_has_expired() -> None:
    old, new = make_waiver(until="2026-01-01"), make_waiver(line=2)
    waived = waive(make_report(), make_book([old, new], [FILE]), today=TODAY)
    [finding] = waived.report.findings
    assert (finding.waiver, finding.notes) == (new, ())
    assert (waived.used, waived.lapsed) == (frozenset({"w.yaml:2"}), frozenset())


# what is said of them


def remarks_on(*waivers: Waiver, report: Report | None = None, today: str = TODAY) -> list[tuple[str, str, bool]]:
    book = make_book(waivers, [FILE, BASELINE_FILE])
    waived = waive(report or make_report(), book, today=today)
    remarks = remark_on(book, used=waived.used, lapsed=waived.lapsed, met=waived.met, today=today)
    return [(remark.fault.place, remark.fault.what.key, remark.is_notice) for remark in remarks]


def test_waiver_in_use_with_a_long_time_left_is_not_worth_a_word() -> None:
    assert remarks_on(make_waiver()) == []


@pytest.mark.parametrize(("days", "told"), [(0, True), (1, True), (14, True), (15, False)])
def test_waiver_that_ends_within_fourteen_days_is_a_notice(days: int, told: bool) -> None:
    until = (date.fromisoformat(TODAY) + timedelta(days=days)).isoformat()
    assert remarks_on(make_waiver(until=until)) == ([("w.yaml:1:1", "waive.ends", True)] if told else [])


def test_unused_waiver_is_a_warning() -> None:
    assert remarks_on(make_waiver(), report=make_report(variety="Ri6")) == [("w.yaml:1:1", "waive.unused", False)]


def test_waiver_for_another_consignment_is_only_counted() -> None:
    others = [make_waiver(line=n, reference=f"T-{n}") for n in (2, 3)]
    assert remarks_on(*others, make_waiver(line=4, exporter="Elsewhere")) == [("w.yaml", "waive.others", True)]


def test_expired_waiver_is_a_warning_whether_or_not_it_is_missed() -> None:
    old = make_waiver(until="2026-11-27")
    assert remarks_on(old) == [("w.yaml:1:1", "waive.expired", False)]
    assert remarks_on(old, report=make_report(variety="Ri6")) == [("w.yaml:1:1", "waive.expired_idle", False)]


def test_unreadable_last_day_is_a_warning_in_every_run() -> None:
    bad = make_waiver(until=None, reference="T-2")
    assert remarks_on(bad) == [("w.yaml:1:1", "waive.no_day", False)]


def test_use_in_any_report_of_a_run_is_use() -> None:
    book = make_book([make_waiver()], [FILE])
    first, second = make_report(reference="T-1", variety="Ri6"), make_report(reference="T-2")
    waived = [waive(report, book, today=TODAY) for report in (first, second)]
    used = waived[0].used | waived[1].used
    assert remark_on(book, used=used, lapsed=set(), met=waived[0].met | waived[1].met, today=TODAY) == ()


def test_waiver_of_a_rule_that_nobody_can_waive_or_that_is_not_there_is_a_fault() -> None:
    names = [RuleName(VARIETY.id, "access", is_waivable=False)]
    waivers = [make_waiver(), make_waiver(line=2, rule=RuleId("vn/durian-fresh/varieti"))]
    faults = judge_waivers(waivers, names)
    assert [(fault.place, fault.what) for fault in faults] == [
        ("w.yaml:1:1", Message("waive.never", {"rule": VARIETY.id}, {"area": "area.access"})),
        ("w.yaml:2:1", Message("waive.no_rule", {"rule": "vn/durian-fresh/varieti"})),
    ]
    assert faults[1].hint == Message("type.did_you_mean", {"name": VARIETY.id})


# baselines


def baseline_of(report: Report) -> Book:
    entries, _ = list_entries(report, file="b.json")
    return make_book([replace(entry, line=n) for n, entry in enumerate(entries, start=2)], [BASELINE_FILE])


def test_finding_in_the_baseline_is_waived_wherever_it_now_stands() -> None:
    report = make_report()
    moved = replace(report, manifest=replace(report.manifest, file="moved.yaml", index=4))
    waived = waive(moved, baseline_of(report), today=TODAY)
    [finding] = waived.report.findings
    assert finding.waiver is not None
    assert (finding.status, finding.waiver.kind, finding.waiver.reason) == (
        Status.WAIVED,
        WaiverKind.BASELINE,
        "in the baseline",
    )
    assert waived.report.waivers == (replace(BASELINE_FILE, used=1),)


def test_new_finding_is_not_in_the_baseline() -> None:
    other = make_report(reference="T-2")
    assert statuses_under(report=other) == ["fail"]
    assert [f.status for f in waive(other, baseline_of(make_report()), today=TODAY).report.findings] == [Status.FAIL]


def test_unknown_that_was_accepted_does_not_accept_a_fail() -> None:
    """Else a field that is now given, and wrong, would pass unseen."""
    unknown = check_shipment(make_manifest(make_data()), make_rule_base(VARIETY))
    assert [finding.status for finding in unknown.findings] == [Status.UNKNOWN]
    fails = make_report()
    assert fingerprints_of(unknown.findings, unknown.manifest) == fingerprints_of(fails.findings, fails.manifest)
    assert [f.status for f in waive(fails, baseline_of(unknown), today=TODAY).report.findings] == [Status.FAIL]


def test_findings_that_are_alike_are_counted() -> None:
    """Two documents of one number: one accepted finding does not accept the second."""
    report = make_report()
    twice = replace(report, findings=report.findings * 2)
    first, second = fingerprints_of(twice.findings, twice.manifest)
    assert first != second
    statuses = [f.status for f in waive(twice, baseline_of(report), today=TODAY).report.findings]
    assert sorted(statuses) == [Status.FAIL, Status.WAIVED]


def test_entries_that_no_longer_occur_are_counted_in_a_notice() -> None:
    entries, _ = list_entries(make_report(), file="b.json")
    mended = make_report(variety="Ri6")
    assert remarks_on(*entries, report=mended) == [("b.json", "waive.baseline_idle", True)]
    assert remarks_on(*entries, report=make_report(reference="T-2")) == []


def test_waived_finding_gets_into_no_baseline() -> None:
    waived = waive(make_report(), make_book([make_waiver()]), today=TODAY).report
    assert list_entries(waived, file="b.json") == ((), 0)
