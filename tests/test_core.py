# SPDX-License-Identifier: Apache-2.0
"""The core: which wording answers on which day, with what force, and what the findings amount to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from borderready.core import AREAS, check_shipment, decide, find_gaps, weigh, why_not
from borderready.i18n import say_all
from borderready.model import (
    Condition,
    Event,
    Finding,
    Force,
    Grade,
    Message,
    Missing,
    Outcome,
    Report,
    Rule,
    Severity,
    Status,
    Subject,
    Table,
    Verdict,
)
from borderready.scope import force_of
from tests.build import (
    LAW,
    make_data,
    make_entry,
    make_gap,
    make_lot,
    make_manifest,
    make_register,
    make_repeal,
    make_row,
    make_rule,
    make_rule_base,
    make_scope,
    make_source,
    make_table,
    make_wording,
)

RANK = {Force.BLOCKS: 0, Force.WARNS: 1, Force.INFORMS: 2}
TOLD = [status for status in Status if status is not Status.NOT_APPLICABLE]
days = st.dates(date(2020, 1, 1), date(2028, 12, 31)).map(date.isoformat)


def check(
    *rules: Rule, data: Mapping[str, object] | None = None, tables: Sequence[Table] = (), **given_: Any
) -> Report:
    """Check a manifest of plain data against these rules."""
    rule_base = make_rule_base(*rules, tables={table.id: table for table in tables})
    return check_shipment(make_manifest(data), rule_base, **given_)


def answers_of(report: Report) -> list[tuple[str, str, str | None]]:
    """Return for each finding its rule, its status and the start of its wording."""
    return [
        (str(finding.rule.id), str(finding.status), finding.wording.start if finding.wording is not None else None)
        for finding in report.findings
    ]


def statuses_of(report: Report) -> list[str]:
    return [str(finding.status) for finding in report.findings]


def data_on(arrival: str, **lot: object) -> dict[str, object]:
    """Return a manifest of one lot that arrives on a day."""
    return make_data(shipment={"origin": "VN", "dates": {"arrival": arrival}}, lots=[make_lot(**lot)])


def day_before(day: str) -> str:
    return (date.fromisoformat(day) - timedelta(days=1)).isoformat()


def make_finding(status: Status, force: Force) -> Finding:
    return Finding(
        rule=make_rule(),
        wording=make_wording(),
        subject=Subject(kind="lot", id="L1", path=("lots", 0)),
        outcome=Outcome(status=status),
        force=force,
    )


# Which wording answers.

# A wording is drawn as its start, the varieties that it takes, and whether it is a repeal.
drawn_wordings = st.lists(
    st.tuples(days, st.frozensets(st.sampled_from(["Ri6", "Dona"])), st.booleans()),
    min_size=1,
    max_size=5,
    unique_by=lambda drawn: drawn[0],
)
Drawn = list[tuple[str, frozenset[str], bool]]


def make_drawn_rule(drawn: Drawn) -> Rule:
    """Return the rule of drawn wordings, newest first; one that takes no variety takes only Musang."""
    wordings = [
        make_repeal(start) if is_repeal else make_wording(start, options={"values": sorted(varieties) or ["Musang"]})
        for start, varieties, is_repeal in sorted(drawn, reverse=True)
    ]
    return make_rule(wordings=tuple(wordings))


def expected_answers(drawn: Drawn, day: str, variety: str) -> list[tuple[str, str]]:
    """Return status and start as the design has them, worked out another way than the core does."""
    answers: list[tuple[str, str]] = []
    begun = [wording for wording in drawn if wording[0] <= day]
    start, varieties, is_repeal = max(begun, default=("", frozenset[str](), True))
    if not is_repeal:
        answers.append(("pass" if variety in varieties else "fail", start))
    coming = [wording for wording in drawn if wording[0] > day]
    next_start, next_varieties, next_is_repeal = min(coming, default=("", frozenset[str](), True))
    if not next_is_repeal and variety not in next_varieties and "fail" not in dict(answers):
        answers.append(("upcoming", next_start))
    return answers


@settings(LAW, max_examples=400)
@given(drawn_wordings, days, st.sampled_from(["Ri6", "Dona"]))
def test_on_any_day_the_newest_wording_that_has_started_answers(drawn: Drawn, day: str, variety: str) -> None:
    """Before the first wording and after a repeal nothing passes; what comes is told only where it would fail."""
    report = check(make_drawn_rule(drawn), data=data_on(day, variety=variety))
    answers = expected_answers(drawn, day, variety)
    assert sorted((status, str(start)) for _, status, start in answers_of(report)) == sorted(answers)
    counted = {str(status): count for status, count in report.counts.items() if count}
    assert counted == (dict(Counter(status for status, _ in answers)) or {"not-applicable": 1})
    fails, passes = ("fail" in dict(answers)), ("pass" in dict(answers))
    assert report.verdict is (Verdict.NOT_READY if fails else Verdict.READY if passes else Verdict.UNDECIDED)


@settings(LAW, max_examples=200)
@given(st.lists(days, min_size=1, max_size=5, unique=True))
def test_the_day_of_a_start_gives_its_wording_and_the_day_before_the_older_one(starts: list[str]) -> None:
    oldest_first = sorted(starts)
    rule = make_rule(
        wordings=tuple(make_wording(start, options={"values": [start]}) for start in reversed(oldest_first))
    )
    for older, start in zip(["none", *oldest_first], oldest_first, strict=False):
        on_the_day = check(rule, data=data_on(start, variety=start))
        before = check(rule, data=data_on(day_before(start), variety=older))
        passing = [answer[2] for answer in answers_of(on_the_day) if answer[1] == "pass"]
        passing_before = [answer[2] for answer in answers_of(before) if answer[1] == "pass"]
        assert passing == [start]
        assert passing_before == ([] if older == "none" else [older])


def test_before_the_first_wording_no_rule_is_known_and_nothing_passes() -> None:
    report = check(make_rule(), data=data_on("2023-12-31", variety="Ri6"))
    assert report.findings == ()
    assert report.counts[Status.NOT_APPLICABLE] == 1
    assert report.verdict is Verdict.UNDECIDED


def test_after_a_repeal_the_rule_is_not_applicable_and_nothing_passes() -> None:
    rule = make_rule(wordings=(make_repeal("2026-01-01"), make_wording(options={"values": ["Ri6"]})))
    assert statuses_of(check(rule, data=data_on("2025-12-31", variety="Ri6"))) == ["pass"]
    assert statuses_of(check(rule, data=data_on("2025-12-31", variety="Dona"))) == ["fail"]
    report = check(rule, data=data_on("2026-01-01", variety="Dona"))
    assert (report.findings, report.counts[Status.NOT_APPLICABLE], report.verdict) == ((), 1, Verdict.UNDECIDED)


def test_a_repeal_to_come_is_never_upcoming() -> None:
    rule = make_rule(wordings=(make_repeal("2027-01-01"), make_wording(options={"values": ["Ri6"]})))
    assert answers_of(check(rule, data=data_on("2026-11-26", variety="Ri6"))) == [(rule.id, "pass", "2024-01-01")]


def test_what_is_upcoming_shows_the_wording_to_come_and_what_it_would_find() -> None:
    rule = make_rule(wordings=(make_wording("2027-01-01", options={"values": ["Ri6"]}),))
    (finding,) = check(rule, data=data_on("2026-11-26", variety="Dona")).findings
    assert finding == Finding(
        rule=rule,
        wording=rule.wordings[0],
        subject=Subject(kind="lot", id="L1", path=("lots", 0)),
        outcome=Outcome(status=Status.UPCOMING, path=("lots", 0, "variety"), found="Dona", expected="Ri6"),
        force=Force.BLOCKS,
        day="2026-11-26",
    )


@pytest.mark.parametrize(
    ("now", "coming", "told"),
    [
        (["Ri6"], ["Ri6"], ["pass"]),
        (["Ri6"], ["Dona"], ["upcoming", "pass"]),
        (["Dona"], ["Dona"], ["fail"]),
        (["Dona"], ["Ri6"], ["fail"]),
    ],
)
def test_upcoming_is_told_exactly_when_the_wording_to_come_fails_and_the_present_one_does_not(
    now: list[str], coming: list[str], told: list[str]
) -> None:
    rule = make_rule(
        wordings=(make_wording("2027-01-01", options={"values": coming}), make_wording(options={"values": now}))
    )
    report = check(rule, data=data_on("2026-11-26", variety="Ri6"))
    assert statuses_of(report) == told
    assert report.verdict is (Verdict.NOT_READY if "fail" in told else Verdict.READY)


def test_what_is_unknown_now_and_later_is_not_upcoming() -> None:
    rule = make_rule(
        wordings=(make_wording("2027-01-01", options={"values": ["a"]}), make_wording(options={"values": ["b"]}))
    )
    assert answers_of(check(rule)) == [(rule.id, "unknown", "2024-01-01")]


# Events.

PLACES = {
    Event.ARRIVAL: Missing(parent=("shipment",), steps="dates.arrival", is_last=False),
    Event.DEPARTURE: Missing(parent=("shipment",), steps="dates.departure", is_last=False),
    Event.DECLARATION: Missing(parent=("shipment",), steps="dates.declaration", is_last=False),
    Event.HARVEST: Missing(parent=("lots", 0), steps="dates.harvested", is_last=False),
    Event.PACKING: Missing(parent=("lots", 0), steps="dates.packed", is_last=False),
    Event.PRODUCTION: Missing(parent=("lots", 0), steps="dates.produced", is_last=False),
    Event.ISSUE: Missing(parent=(), steps="documents[type=phytosanitary-certificate].issued", is_last=False),
}
SHIPMENT_EVENTS = (Event.ARRIVAL, Event.DEPARTURE, Event.DECLARATION)
LOT_KEYS = {Event.HARVEST: "harvested", Event.PACKING: "packed", Event.PRODUCTION: "produced"}


def data_of(known: Mapping[Event, str]) -> dict[str, object]:
    """Return a manifest that gives the days of these events and no others."""
    own = {LOT_KEYS[event]: day for event, day in known.items() if event in LOT_KEYS}
    shared = {str(event): day for event, day in known.items() if event in SHIPMENT_EVENTS}
    shipment = {"origin": "VN", **({"dates": shared} if shared else {})}
    lot = make_lot(variety="Ri6", **({"dates": own} if own else {}))
    data = make_data(shipment=shipment, lots=[lot])
    if Event.ISSUE in known:
        data["documents"] = [{"type": "phytosanitary-certificate", "issued": known[Event.ISSUE]}]
    return data


@pytest.mark.parametrize("basis", list(Event))
def test_a_basis_without_a_day_is_unknown_and_names_the_field(basis: Event) -> None:
    rule = make_rule(basis=basis)
    report = check(rule, data=data_of({}))
    missing = PLACES[basis]
    (finding,) = report.findings
    assert finding == Finding(
        rule=rule,
        wording=rule.wordings[0],
        subject=Subject(kind="lot", id="L1", path=("lots", 0)),
        outcome=Outcome(status=Status.UNKNOWN, path=missing.parent, missing=missing),
        force=Force.BLOCKS,
    )
    assert report.verdict is Verdict.UNDECIDED


@pytest.mark.parametrize("basis", list(Event))
def test_a_day_given_with_the_command_holds_over_the_manifest(basis: Event) -> None:
    rule = make_rule(basis=basis, wordings=(make_wording("2026-01-01", options={"values": ["Ri6"]}),))
    known = dict.fromkeys(Event, "2026-06-01")
    assert answers_of(check(rule, data=data_of(known))) == [(rule.id, "pass", "2026-01-01")]
    assert answers_of(check(rule, data=data_of(known), days={basis: "2025-12-31"})) == []
    undated = {**data_of({}), "documents": [{"type": "phytosanitary-certificate"}]}
    assert answers_of(check(rule, data=undated, days={basis: "2026-01-01"})) == [(rule.id, "pass", "2026-01-01")]


def test_a_rule_that_a_repeal_may_have_ended_is_unknown_without_the_day() -> None:
    """Packed before the repeal it would fail, after it nothing is asked: what cannot be decided is unknown."""
    rule = make_rule(
        basis=Event.PACKING, wordings=(make_repeal("2026-01-01"), make_wording(options={"values": ["Dona"]}))
    )
    assert statuses_of(check(rule, data=data_of({Event.ARRIVAL: "2026-01-05"}))) == ["unknown"]


@settings(LAW, max_examples=300)
@given(
    st.lists(days, min_size=1, max_size=4, unique=True),
    st.sampled_from(list(Event)),
    st.dictionaries(st.sampled_from(list(Event)), days),
)
def test_events_on_both_sides_of_a_start_get_the_answer_of_the_basis_and_a_notice_for_each_other(
    starts: list[str], basis: Event, known: dict[Event, str]
) -> None:
    wordings = tuple(make_wording(start, options={"values": ["Ri6"]}) for start in sorted(starts, reverse=True))
    rule = make_rule(basis=basis, wordings=wordings)

    def start_on(day: str) -> str | None:
        return max((start for start in starts if start <= day), default=None)

    report = check(rule, data=data_of(known))
    if basis not in known or start_on(known[basis]) is None:
        assert statuses_of(report) == ([] if basis in known else ["unknown"])
        return
    (finding,) = report.findings
    assert (finding.status, finding.wording and finding.wording.start) == (Status.PASS, start_on(known[basis]))
    notices = []
    for event, day in known.items():
        args = {"day": known[basis], "other_day": day}
        words = {"basis": f"event.{basis}", "event": f"event.{event}"}
        start = start_on(day)
        if event is basis or start == start_on(known[basis]):
            continue
        notices.append(
            Message("core.straddles_none", args, words)
            if start is None
            else Message("core.straddles", {**args, "start": start}, words)
        )
    assert sorted(map(repr, finding.straddles)) == sorted(map(repr, notices))
    for notice in finding.straddles:
        say_all(notice)


def test_a_fail_that_is_upcoming_on_the_basis_has_a_notice_of_the_event_that_comes_later() -> None:
    rule = make_rule(wordings=(make_wording("2026-07-01", options={"values": ["Dona"]}),))
    report = check(rule, data=data_of({Event.ARRIVAL: "2026-06-30", Event.DECLARATION: "2026-07-02"}))
    (finding,) = report.findings
    assert finding.status is Status.UPCOMING
    args = {"day": "2026-06-30", "other_day": "2026-07-02", "start": "2026-07-01"}
    words = {"basis": "event.arrival", "event": "event.declaration"}
    assert finding.straddles == (Message("core.straddles", args, words),)


def test_a_day_given_with_the_command_is_seen_by_every_check() -> None:
    rule = make_rule(
        check="within", field="shipment.dates.arrival", wordings=(make_wording(options={"not_after": "dates.expires"}),)
    )
    data = data_on("2026-11-26", dates={"expires": "2026-12-01"})
    assert statuses_of(check(rule, data=data)) == ["pass"]
    assert statuses_of(check(rule, data=data, days={Event.ARRIVAL: "2026-12-02"})) == ["fail"]


def test_the_report_gives_the_days_on_which_all_lots_agree() -> None:
    data = make_data(
        shipment={"origin": "VN", "dates": {"arrival": "2026-11-26", "declaration": "2026-11-27"}},
        lots=[
            make_lot(dates={"packed": "2026-11-22", "harvested": "2026-11-20"}),
            make_lot(id="L2", dates={"packed": "2026-11-22", "harvested": "2026-11-21"}),
        ],
        documents=[{"type": "phytosanitary-certificate", "issued": "2026-11-24"}],
    )
    report = check(data=data, days={Event.DECLARATION: "2026-11-28"})
    assert report.dates == {
        "arrival": "2026-11-26",
        "declaration": "2026-11-28",
        "packing": "2026-11-22",
        "issue": "2026-11-24",
    }


# Conditions.


@pytest.mark.parametrize(
    ("lot", "told"),
    [({"form": "whole"}, ["fail"]), ({"form": "pulp"}, []), ({}, ["unknown"])],
)
def test_a_condition_that_the_manifest_leaves_open_makes_the_rule_unknown(
    lot: dict[str, object], told: list[str]
) -> None:
    condition = Condition(kind="when", path="form", values=("whole",))
    report = check(make_rule(scope=make_scope(condition)), data=data_on("2026-11-26", variety="Dona", **lot))
    assert statuses_of(report) == told
    verdict = {"fail": Verdict.NOT_READY, "unknown": Verdict.UNDECIDED}.get("".join(told), Verdict.UNDECIDED)
    assert report.verdict is verdict


def test_an_open_condition_names_its_field_and_the_wording_that_may_bind() -> None:
    rule = make_rule(scope=make_scope(Condition(kind="when", path="form", values=("whole",))))
    (finding,) = check(rule, data=data_on("2026-11-26", variety="Ri6")).findings
    missing = Missing(parent=("lots", 0), steps="form", is_last=True)
    assert finding.outcome == Outcome(status=Status.UNKNOWN, path=("lots", 0), missing=missing)
    assert (finding.wording, finding.day, finding.force) == (rule.wordings[0], "2026-11-26", Force.BLOCKS)


def test_an_open_condition_of_a_rule_that_does_not_bind_that_day_is_not_told() -> None:
    scope = make_scope(Condition(kind="when", path="form", values=("whole",)))
    assert check(make_rule(scope=scope), data=data_on("2023-12-31")).findings == ()
    repealed = make_rule(scope=scope, wordings=(make_repeal("2026-01-01"), make_wording()))
    assert check(repealed, data=data_on("2026-01-01")).findings == ()


@pytest.mark.parametrize(
    ("kind", "lot", "told"),
    [
        ("given", {"plant": "P-1"}, ["pass"]),
        ("given", {}, []),
        ("absent", {}, ["pass"]),
        ("absent", {"plant": "P-1"}, []),
    ],
)
def test_given_and_absent_decide_and_are_never_unknown(kind: str, lot: dict[str, object], told: list[str]) -> None:
    rule = make_rule(scope=make_scope(Condition(kind=kind, path="plant")))
    assert statuses_of(check(rule, data=data_on("2026-11-26", variety="Ri6", **lot))) == told


# Subjects.


def test_a_rule_is_asked_once_for_each_subject_of_its_kind() -> None:
    data = make_data(
        lots=[make_lot(), make_lot(id="L2")],
        documents=[{"type": "lab-report", "number": "Q-1"}, {"type": "invoice"}, {"type": "lab-report"}],
    )
    rules = [
        make_rule(f"any/any/{each}", each=each, check="tell") for each in ("shipment", "lot", "lab-report", "contract")
    ]
    report = check(*rules, data=data)
    asked = [(finding.rule.each, finding.subject.id, finding.subject.path) for finding in report.findings]
    assert asked == [
        ("lab-report", "Q-1", ("documents", 0)),
        ("lab-report", "#3", ("documents", 2)),
        ("lot", "L1", ("lots", 0)),
        ("lot", "L2", ("lots", 1)),
        ("shipment", "T-1", ()),
    ]


def test_a_document_counts_only_for_the_lots_it_covers() -> None:
    rule = make_rule(field="documents[type=lab-report]", check="present", wordings=(make_wording(),))
    documents = [{"type": "lab-report", "covers": ["L2", "L3"]}]
    lots = [make_lot(), make_lot(id="L2"), make_lot(id="L3")]
    report = check(rule, data=make_data(lots=lots, documents=documents))
    assert [(finding.subject.id, str(finding.status)) for finding in report.findings] == [
        ("L1", "fail"),
        ("L2", "pass"),
        ("L3", "pass"),
    ]


def test_the_origin_of_a_lot_holds_over_that_of_the_shipment() -> None:
    thai = make_rule("th/any/variety", scope=make_scope(origins=("TH",)))
    vietnamese = make_rule("vn/any/variety", scope=make_scope(origins=("VN",)))
    data = make_data(lots=[make_lot(variety="Ri6"), make_lot(id="L2", origin="TH", variety="Ri6")])
    report = check(thai, vietnamese, data=data)
    assert [(finding.rule.id, finding.subject.id) for finding in report.findings] == [
        ("th/any/variety", "L2"),
        ("vn/any/variety", "L1"),
    ]


def test_every_outcome_that_is_not_a_pass_is_told_and_passes_together_are_one() -> None:
    rule = make_rule(field="orchards[*].gap", wordings=(make_wording(options={"values": ["true"]}),))
    good, bad, open_ = {"gap": True}, {"gap": False}, {"code": "A-1"}
    assert statuses_of(check(rule, data=data_on("2026-11-26", orchards=[good, good, good]))) == ["pass"]
    report = check(rule, data=data_on("2026-11-26", orchards=[good, bad, good, open_, bad]))
    assert [(str(finding.status), finding.outcome.path) for finding in report.findings] == [
        ("fail", ("lots", 0, "orchards", 1, "gap")),
        ("fail", ("lots", 0, "orchards", 4, "gap")),
        ("unknown", ("lots", 0, "orchards", 3)),
    ]


def test_counts_cover_every_rule_and_every_subject() -> None:
    rules = [
        make_rule("vn/any/a"),
        make_rule("vn/any/b", scope=make_scope(origins=("TH",))),
        make_rule("vn/any/c", wordings=(make_wording("2030-01-01", options={"values": ["Ri6"]}),)),
        make_rule("vn/any/d", check="tell"),
    ]
    report = check(*rules, data=make_data(lots=[make_lot(variety="Ri6"), make_lot(id="L2", variety="Dona")]))
    assert {str(status): count for status, count in report.counts.items()} == {
        "pass": 1,
        "fail": 1,
        "unknown": 0,
        "manual": 2,
        "not-applicable": 3,
        "upcoming": 1,
        "waived": 0,
        "error": 0,
    }


# Overrides.

GENERAL = make_rule("vn/fresh-fruit/variety", wordings=(make_wording("2020-01-01", options={"values": ["Dona"]}),))
NARROW = make_rule(
    "vn/durian-fresh/variety",
    scope=make_scope(products=("durian-fresh",)),
    overrides=(GENERAL.id,),
    wordings=(
        make_repeal("2027-01-01"),
        make_wording("2024-01-01", options={"values": ["Ri6"]}),
    ),
)


@pytest.mark.parametrize(
    ("arrival", "product_", "answering"),
    [
        ("2026-11-26", "durian-fresh", NARROW),
        ("2024-01-01", "durian-fresh", NARROW),
        ("2023-12-31", "durian-fresh", GENERAL),
        ("2027-01-01", "durian-fresh", GENERAL),
        ("2026-11-26", "banana", GENERAL),
    ],
)
def test_a_narrower_rule_displaces_a_general_one_only_where_it_applies_and_binds(
    arrival: str, product_: str, answering: Rule
) -> None:
    report = check(GENERAL, NARROW, data=data_on(arrival, product=product_, variety="Ri6"))
    deciding = [finding for finding in report.findings if finding.status is not Status.UPCOMING]
    assert [finding.rule.id for finding in deciding] == [answering.id]
    assert deciding[0].status is (Status.PASS if answering is NARROW else Status.FAIL)


def test_a_general_rule_is_displaced_for_one_lot_and_holds_for_another() -> None:
    data = make_data(lots=[make_lot(variety="Ri6"), make_lot(id="L2", product="banana", variety="Dona")])
    report = check(GENERAL, NARROW, data=data)
    assert [(finding.rule.id, finding.subject.id, str(finding.status)) for finding in report.findings] == [
        (NARROW.id, "L1", "pass"),
        (GENERAL.id, "L2", "pass"),
    ]
    assert report.counts[Status.NOT_APPLICABLE] == 2


def test_a_rule_for_every_document_stands_back_where_one_for_its_type_applies() -> None:
    wordings = (make_wording(options={"values": ["A1"]}),)
    every = make_rule("any/any/paper-number", each="document", field="number", wordings=wordings)
    narrow = make_rule(
        "any/any/packing-list-number",
        each="packing-list",
        field="number",
        overrides=(every.id,),
        wordings=wordings,
    )
    documents = [{"type": "packing-list", "number": "A1"}, {"type": "contract", "number": "B2"}]
    report = check(every, narrow, data=make_data(documents=documents))
    assert sorted((finding.rule.id, finding.subject.kind, str(finding.status)) for finding in report.findings) == [
        (narrow.id, "packing-list", "pass"),
        (every.id, "contract", "fail"),
    ]
    assert why(every, narrow, data=make_data(documents=documents)) == [
        Message("scope.displaced", {"rule": narrow.id}),
        None,
    ]


@pytest.mark.parametrize(
    "narrow",
    [
        make_rule(
            NARROW.id,
            overrides=(GENERAL.id,),
            scope=make_scope(Condition(kind="when", path="form", values=("whole",))),
        ),
        make_rule(NARROW.id, overrides=(GENERAL.id,), basis=Event.PACKING),
    ],
)
def test_a_narrower_rule_that_is_itself_undecided_displaces_nothing(narrow: Rule) -> None:
    report = check(GENERAL, narrow, data=data_on("2026-11-26", variety="Ri6"))
    assert answers_of(report) == [(GENERAL.id, "fail", "2020-01-01"), (narrow.id, "unknown", "2024-01-01")]


def test_an_override_reaches_no_other_kind_of_subject() -> None:
    general = make_rule(GENERAL.id, each="shipment", check="tell")
    assert {finding.rule.id for finding in check(general, NARROW).findings} == {GENERAL.id, NARROW.id}
    assert why(general, NARROW) == [None]


# Why a rule does not answer.


def why(
    rule: Rule, *others: Rule, data: Mapping[str, object] | None = None, **given_: Any
) -> list[Message | Missing | None]:
    answers = why_not(rule, make_manifest(data), make_rule_base(rule, *others), **given_)
    for _, answer in answers:
        if isinstance(answer, Message):
            say_all(answer)
    return [answer for _, answer in answers]


def test_a_rule_that_answers_has_no_reason_not_to() -> None:
    assert why(make_rule()) == [None]
    assert why(make_rule(each="invoice")) == []


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        (
            {"scope": make_scope(origins=("TH",))},
            Message("scope.not_among", {"name": "origin", "found": "VN", "accepted": "TH"}),
        ),
        (
            {"scope": make_scope(products=("banana",))},
            Message("scope.not_among", {"name": "product", "found": "durian-fresh", "accepted": "banana"}),
        ),
        (
            {"scope": make_scope(Condition(kind="when", path="variety", values=("Dona",)))},
            Message("scope.not_among", {"name": "variety", "found": "Ri6", "accepted": "Dona"}),
        ),
        ({"scope": make_scope(Condition(kind="given", path="plant"))}, Message("scope.not_given", {"path": "plant"})),
        ({"scope": make_scope(Condition(kind="absent", path="variety"))}, Message("scope.given", {"path": "variety"})),
        ({"scope": make_scope(modes=("road",))}, Missing(parent=("shipment",), steps="mode", is_last=True)),
        ({"basis": Event.PACKING}, Missing(parent=("lots", 0), steps="dates.packed", is_last=False)),
        (
            {"wordings": (make_wording("2027-02-01"), make_wording("2027-01-01"))},
            Message(
                "scope.before_first", {"day": "2026-11-26", "start": "2027-01-01"}, words={"event": "event.arrival"}
            ),
        ),
        (
            {"wordings": (make_repeal("2025-01-01"), make_wording("2024-01-01"))},
            Message("scope.repealed", {"day": "2026-11-26", "start": "2025-01-01"}, words={"event": "event.arrival"}),
        ),
    ],
)
def test_a_rule_that_does_not_answer_says_the_one_condition_why(
    changes: dict[str, Any], reason: Message | Missing
) -> None:
    assert why(make_rule(**changes), data=data_on("2026-11-26", variety="Ri6")) == [reason]


def test_a_displaced_rule_says_by_which() -> None:
    assert why(GENERAL, NARROW) == [Message("scope.displaced", {"rule": NARROW.id})]
    assert why(GENERAL, NARROW, days={Event.ARRIVAL: "2023-12-31"}) == [None]
    assert why(NARROW, GENERAL) == [None]


def test_each_subject_has_its_own_reason() -> None:
    rule = make_rule(scope=make_scope(products=("banana",)))
    data = make_data(lots=[make_lot(), make_lot(id="L2", product="banana")])
    answers = why_not(rule, make_manifest(data), make_rule_base(rule))
    assert [(asked.subject.id, answer) for asked, answer in answers] == [
        ("L1", Message("scope.not_among", {"name": "product", "found": "durian-fresh", "accepted": "banana"})),
        ("L2", None),
    ]


@settings(LAW, max_examples=150)
@given(drawn_wordings, days, st.booleans())
def test_a_rule_has_a_reason_exactly_when_it_decides_nothing(drawn: Drawn, day: str, has_day: bool) -> None:
    rule = make_drawn_rule(drawn)
    data = data_on(day, variety="Ri6") if has_day else make_data(shipment={"origin": "VN"})
    decided = {"pass", "fail"} & set(statuses_of(check(rule, data=data)))
    (reason,) = why(rule, data=data)
    assert (reason is None) is bool(decided)


# Force.


@pytest.mark.parametrize(
    ("severity", "seen", "witnesses"), list(product(Severity, Grade, [0, 1, 2])), ids=lambda value: str(value)
)
def test_a_finding_has_the_force_of_its_severity_and_grade(severity: Severity, seen: Grade, witnesses: int) -> None:
    source = make_source(seen=seen, witnesses=tuple(f"Paper {number}" for number in range(witnesses)))
    wording = make_wording(options={"values": ["Ri6"]}, source=source)
    for lot in ({"variety": "Ri6"}, {"variety": "Dona"}, {}):
        (finding,) = check(
            make_rule(severity=severity, wordings=(wording,)), data=data_on("2026-11-26", **lot)
        ).findings
        assert finding.force is force_of(severity, source)


@pytest.mark.parametrize(
    ("severity", "rule_seen", "row_seen", "row_witnesses", "cell"),
    list(product(Severity, Grade, Grade, [1, 2], ["open", "closed", "hold"])),
    ids=lambda value: str(value),
)
def test_the_grade_of_a_row_caps_the_fail_that_it_decides_and_nothing_else(
    severity: Severity, rule_seen: Grade, row_seen: Grade, row_witnesses: int, cell: str
) -> None:
    row_source = make_source(seen=row_seen, witnesses=("Paper", "Radio")[:row_witnesses])
    table = make_table("access", ["product"], make_row({"product": "durian", "status": cell}, source=row_source))
    options = {
        "table": "access",
        "match": {"product": "product"},
        "column": "status",
        "pass": ["open"],
        "fail": ["closed"],
    }
    rule_source = make_source(seen=rule_seen)
    wording = make_wording(options=options, source=rule_source)
    rule = make_rule(severity=severity, check="listed", field="product", wordings=(wording,))
    (finding,) = check(rule, tables=[table]).findings
    own, cap = force_of(severity, rule_source), force_of(Severity.MUST, row_source)
    assert finding.status is {"open": Status.PASS, "closed": Status.FAIL, "hold": Status.UNKNOWN}[cell]
    assert finding.force is (max(own, cap, key=RANK.__getitem__) if cell == "closed" else own)
    assert finding.source == row_source


def test_the_grade_of_a_row_caps_what_is_upcoming_too() -> None:
    row = make_row({"product": "durian", "status": "closed"}, source=make_source(seen=Grade.MEMORY))
    options = {
        "table": "access",
        "match": {"product": "product"},
        "column": "status",
        "pass": ["open"],
        "fail": ["closed"],
    }
    rule = make_rule(check="listed", field="product", wordings=(make_wording("2027-01-01", options=options),))
    (finding,) = check(rule, tables=[make_table("access", ["product"], row)]).findings
    assert (finding.status, finding.force) == (Status.UPCOMING, Force.INFORMS)


@pytest.mark.parametrize("severity", list(Severity))
def test_what_only_tells_always_informs_and_never_blocks(severity: Severity) -> None:
    report = check(
        make_rule("any/any/notice", check="tell", severity=severity),
        make_rule(),
        data=data_on("2026-11-26", variety="Ri6"),
    )
    assert [(str(finding.status), finding.force) for finding in report.findings] == [
        ("manual", Force.INFORMS),
        ("pass", Force.BLOCKS),
    ]
    assert report.verdict is Verdict.READY


# Verdict.


def expected_verdict(findings: list[Finding], fail_on: Force) -> Verdict:
    """Return the verdict of section 5 of the design, read off the table line by line."""
    if any(f.status is Status.FAIL and RANK[f.force] <= RANK[fail_on] for f in findings):
        return Verdict.NOT_READY
    open_ = (Status.UNKNOWN, Status.MANUAL, Status.ERROR)
    if any(f.force is Force.BLOCKS and f.status in open_ for f in findings):
        return Verdict.UNDECIDED
    return Verdict.READY


def verdict_of(findings: Iterable[Finding], *, fail_on: Force = Force.BLOCKS) -> Verdict:
    return decide(weigh(findings).kinds, fail_on=fail_on)


@pytest.mark.parametrize("fail_on", list(Force))
@pytest.mark.parametrize("force", list(Force))
@pytest.mark.parametrize("status", TOLD)
def test_one_finding_beside_a_pass_makes_the_verdict(status: Status, force: Force, fail_on: Force) -> None:
    findings = [make_finding(Status.PASS, Force.BLOCKS), make_finding(status, force)]
    table = {
        Status.FAIL: Verdict.NOT_READY if RANK[force] <= RANK[fail_on] else Verdict.READY,
        Status.UNKNOWN: Verdict.UNDECIDED if force is Force.BLOCKS else Verdict.READY,
        Status.MANUAL: Verdict.UNDECIDED if force is Force.BLOCKS else Verdict.READY,
        Status.ERROR: Verdict.UNDECIDED if force is Force.BLOCKS else Verdict.READY,
    }
    verdict = table.get(status, Verdict.READY)
    assert verdict_of(findings, fail_on=fail_on) is verdict
    assert verdict_of(reversed(findings), fail_on=fail_on) is verdict
    assert expected_verdict(findings, fail_on) is verdict


@pytest.mark.parametrize("fail_on", list(Force))
def test_of_any_two_findings_beside_a_pass_the_worse_makes_the_verdict(fail_on: Force) -> None:
    made = [make_finding(status, force) for status, force in product(TOLD, Force)]
    for pair in product(made, repeat=2):
        findings = [make_finding(Status.PASS, Force.BLOCKS), *pair]
        assert verdict_of(findings, fail_on=fail_on) is expected_verdict(findings, fail_on)


def test_only_blocking_fails_count_unless_asked_otherwise() -> None:
    findings = [make_finding(Status.PASS, Force.BLOCKS), make_finding(Status.FAIL, Force.WARNS)]
    assert verdict_of(findings) is Verdict.READY
    assert verdict_of(findings, fail_on=Force.WARNS) is Verdict.NOT_READY


@pytest.mark.parametrize(
    "findings",
    [
        [],
        [make_finding(Status.MANUAL, Force.INFORMS)],
        [make_finding(Status.UPCOMING, Force.BLOCKS)],
        [make_finding(Status.UPCOMING, Force.WARNS), make_finding(Status.MANUAL, Force.INFORMS)],
    ],
)
def test_where_nothing_applied_nothing_is_ready(findings: list[Finding]) -> None:
    for fail_on in Force:
        assert verdict_of(findings, fail_on=fail_on) is Verdict.UNDECIDED


@pytest.mark.parametrize("status", [Status.PASS, Status.WAIVED])
def test_one_answer_is_enough_to_be_ready(status: Status) -> None:
    assert verdict_of([make_finding(status, Force.BLOCKS)]) is Verdict.READY


@pytest.mark.parametrize(
    ("fail_on", "verdict"),
    [(Force.BLOCKS, Verdict.READY), (Force.WARNS, Verdict.NOT_READY), (Force.INFORMS, Verdict.NOT_READY)],
)
def test_the_report_takes_fail_on(fail_on: Force, verdict: Verdict) -> None:
    warning = make_rule("vn/any/warning", severity=Severity.SHOULD, field="grade")
    data = data_on("2026-11-26", variety="Ri6", grade="B")
    report = check(make_rule(), warning, data=data, fail_on=fail_on)
    assert (report.verdict, report.fail_on) == (verdict, fail_on)


def test_no_rules_at_all_are_undecided() -> None:
    report = check()
    assert (report.verdict, report.findings, sum(report.counts.values())) == (Verdict.UNDECIDED, (), 0)


# Order.

ASSORTED = (
    make_rule("vn/any/fails", field="grade"),
    make_rule("vn/any/fails-too", field="grade"),
    make_rule("vn/any/warns", field="grade", severity=Severity.SHOULD),
    make_rule("vn/any/unknown", field="brand"),
    make_rule("vn/any/tells", check="tell"),
    make_rule("vn/any/coming", wordings=(make_wording("2027-01-01", options={"values": ["Dona"]}),)),
    make_rule("vn/any/passes"),
    make_rule("vn/any/broken", check="schedule", field="grade", wordings=(make_wording(),)),
    make_rule("vn/any/elsewhere", scope=make_scope(origins=("TH",))),
    make_rule("vn/any/reports", each="lab-report", field="number", check="present", wordings=(make_wording(),)),
    make_rule("vn/any/members", field="orchards[*].gap", wordings=(make_wording(options={"values": ["true"]}),)),
)
ASSORTED_DATA = make_data(
    lots=[
        make_lot(variety="Ri6", grade="A", orchards=[{"gap": False}, {}, {"gap": False}]),
        make_lot(id="L2", variety="Ri6", grade="B", orchards=[{"gap": True}]),
    ],
    documents=[{"type": "lab-report", "number": "Q-1"}, {"type": "lab-report"}],
)
ASSORTED_MANIFEST = make_manifest(ASSORTED_DATA)
EXPECTED = check_shipment(ASSORTED_MANIFEST, make_rule_base(*ASSORTED))


@settings(LAW, max_examples=60)
@given(st.permutations(ASSORTED))
def test_the_order_of_the_rules_changes_nothing(rules: list[Rule]) -> None:
    assert check_shipment(ASSORTED_MANIFEST, make_rule_base(*rules)) == EXPECTED


def test_the_tenth_lot_stands_after_the_second() -> None:
    data = make_data(lots=[make_lot(id=f"L{number}", grade="B") for number in range(11)])
    report = check_shipment(make_manifest(data), make_rule_base(make_rule("vn/any/fails", field="grade")))
    assert [finding.subject.id for finding in report.findings] == [f"L{number}" for number in range(11)]


def test_the_same_input_gives_the_same_report() -> None:
    again = check_shipment(make_manifest(ASSORTED_DATA), make_rule_base(*ASSORTED))
    assert again.findings == EXPECTED.findings
    assert (again.counts, again.dates, again.verdict) == (EXPECTED.counts, EXPECTED.dates, EXPECTED.verdict)


def test_findings_stand_by_status_then_force_then_rule_then_place() -> None:
    told = [
        (str(finding.status), str(finding.force), finding.rule.id.removeprefix("vn/any/"), finding.subject.id)
        for finding in EXPECTED.findings
    ]
    assert told == [
        ("fail", "blocks", "fails", "L1"),
        ("fail", "blocks", "fails", "L2"),
        ("fail", "blocks", "fails-too", "L1"),
        ("fail", "blocks", "fails-too", "L2"),
        ("fail", "blocks", "members", "L1"),
        ("fail", "blocks", "members", "L1"),
        ("fail", "blocks", "reports", "#2"),
        ("fail", "warns", "warns", "L1"),
        ("fail", "warns", "warns", "L2"),
        ("error", "blocks", "broken", "L1"),
        ("error", "blocks", "broken", "L2"),
        ("unknown", "blocks", "members", "L1"),
        ("unknown", "blocks", "unknown", "L1"),
        ("unknown", "blocks", "unknown", "L2"),
        ("manual", "informs", "tells", "L1"),
        ("manual", "informs", "tells", "L2"),
        ("upcoming", "blocks", "coming", "L1"),
        ("upcoming", "blocks", "coming", "L2"),
        ("pass", "blocks", "members", "L2"),
        ("pass", "blocks", "passes", "L1"),
        ("pass", "blocks", "passes", "L2"),
        ("pass", "blocks", "reports", "Q-1"),
    ]


def test_registers_stand_by_name() -> None:
    registers = {name: make_register(name) for name in ("c", "a", "b")}
    assert [register.name for register in check(registers=registers).registers] == ["a", "b", "c"]


# Errors.


@pytest.mark.parametrize(
    ("kind", "field", "options"),
    [
        ("limit", "results[*]", {"table": "gone"}),
        ("listed", "variety", {"table": "gone", "match": {"variety": "variety"}}),
        ("matches", "variety", {"pattern": "("}),
        ("matches", "variety", {"form": "iso9999"}),
        ("within", "variety", {"since": "variety", "max_days": 3}),
        ("schedule", "variety", {}),
        ("divine", "variety", {}),
        ("one_of", "variety..", {"values": ["Ri6"]}),
    ],
)
def test_a_rule_that_cannot_run_is_an_error_and_the_others_still_answer(
    kind: str, field: str, options: dict[str, object]
) -> None:
    broken = make_rule("vn/any/broken", check=kind, field=field, wordings=(make_wording(options=options),))
    lot = {"variety": "Ri6", "results": [{"analyte": "cadmium", "part": "pulp", "value": 1, "unit": "mg/kg"}]}
    report = check(broken, make_rule(), data=data_on("2026-11-26", **lot))
    error, passed = report.findings
    assert (error.rule.id, error.status, error.force) == ("vn/any/broken", Status.ERROR, Force.BLOCKS)
    assert error.outcome.path == ("lots", 0)
    assert error.outcome.because is not None
    assert error.outcome.because.key == "core.error"
    say_all(error.outcome.because)
    assert (passed.rule.id, passed.status) == (make_rule().id, Status.PASS)
    assert report.verdict is Verdict.UNDECIDED


def test_a_wording_to_come_that_cannot_run_never_hides_the_answer_of_today() -> None:
    rule = make_rule("vn/any/broken", check="schedule", field="treatments", wordings=(make_wording("2027-01-01"),))
    report = check(rule, make_rule(), data=data_on("2026-11-26", variety="Ri6", treatments=[{"kind": "cold"}]))
    assert answers_of(report) == [(make_rule().id, "pass", "2024-01-01")]


# What a report adds.


def test_a_register_is_asked_on_the_basis_day_and_on_the_day_of_other_events() -> None:
    rule = make_rule(
        check="listed",
        field="packhouse.code",
        basis=Event.PACKING,
        wordings=(make_wording(options={"register": "houses", "status": "active", "also": ["arrival"]}),),
    )
    lot = make_lot(packhouse={"code": "PH-1"}, dates={"packed": "2026-11-22"})
    register = make_register(
        "houses", make_entry("PH-1"), make_entry("PH-1", status="suspended", start="2026-11-26", until="2026-11-30")
    )
    data = make_data(lots=[lot])
    assert statuses_of(check(rule, data=data)) == ["unknown"]
    assert statuses_of(check(rule, data=data, registers={"houses": register})) == ["fail"]
    days = {Event.ARRIVAL: "2026-11-25"}
    assert statuses_of(check(rule, data=data, registers={"houses": register}, days=days)) == ["pass"]


def test_evidence_counts_each_rule_that_applied_once_by_its_grade() -> None:
    memory = make_source(seen=Grade.MEMORY)
    rules = [
        make_rule("vn/any/a"),
        make_rule("vn/any/b"),
        make_rule("vn/any/c", wordings=(make_wording(options={"values": ["Ri6"]}, source=memory),)),
        make_rule("vn/any/d", scope=make_scope(origins=("TH",))),
    ]
    report = check(*rules, data=make_data(lots=[make_lot(), make_lot(id="L2")]))
    assert report.evidence == {Grade.PRIMARY: 2, Grade.SECONDARY: 0, Grade.MEMORY: 1}


def test_areas_in_which_no_rule_applied_are_named_in_their_order() -> None:
    rules = [
        make_rule("vn/any/a", area="labeling"),
        make_rule("vn/any/b", area="access"),
        make_rule("vn/any/c", area="customs", scope=make_scope(origins=("TH",))),
    ]
    expected = tuple(area for area in AREAS if area not in ("access", "labeling"))
    assert check(*rules).areas_without_rule == expected


@pytest.mark.parametrize(
    ("origins", "words", "found"),
    [
        ({"VN"}, {"durian-fresh", "durian"}, ["everywhere", "vn", "durian"]),
        ({"TH"}, {"banana"}, ["everywhere"]),
        ({"VN", "TH"}, {"banana"}, ["everywhere", "vn"]),
        (set(), set(), ["everywhere", "vn", "durian", "th-durian"]),
        ({"TH"}, set(), ["everywhere", "durian", "th-durian"]),
    ],
)
def test_gaps_are_those_of_the_lane(origins: set[str], words: set[str], found: list[str]) -> None:
    gaps = (
        make_gap("everywhere"),
        make_gap("vn", origins=("VN",)),
        make_gap("durian", products=("durian",)),
        make_gap("th-durian", origins=("TH",), products=("durian-fresh",)),
    )
    assert [gap.id for gap in find_gaps(gaps, origins=origins, words=words)] == found


def test_a_report_names_the_gaps_of_its_lots() -> None:
    gaps = (make_gap("group", products=("durian",)), make_gap("th", origins=("TH",)), make_gap("la", origins=("LA",)))
    data = make_data(lots=[make_lot(), make_lot(id="L2", product="banana", origin="TH")])
    report = check_shipment(make_manifest(data), make_rule_base(gaps=gaps))
    assert [gap.id for gap in report.gaps] == ["group", "th"]
