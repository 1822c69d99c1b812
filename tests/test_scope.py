# SPDX-License-Identifier: Apache-2.0
"""Which subjects a manifest has and what they see, which rule concerns them, which wording binds, with what force."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from borderready.core import groups_of
from borderready.model import Condition, Event, Force, Grade, Message, Missing, Rule, Scope, Severity, Subject
from borderready.paths import find
from borderready.scope import exclusion_of, find_next_wording, find_wording, force_of
from borderready.subjects import Asked, day_of, subjects_of, with_days
from tests.build import (
    LAW,
    NO_SYNONYMS,
    PRODUCTS,
    freeze_mapping,
    make_asked,
    make_data,
    make_lot,
    make_repeal,
    make_rule,
    make_scope,
    make_source,
    make_wording,
)

GROUPS = groups_of({product.id: product for product in PRODUCTS})
days = st.dates(date(2015, 1, 1), date(2030, 12, 31)).map(date.isoformat)
starts = st.lists(days, min_size=1, max_size=6, unique=True)


def subjects(data: Mapping[str, object]) -> Mapping[str, tuple[Asked, ...]]:
    return subjects_of(freeze_mapping(data), NO_SYNONYMS)


def exclude(rule: Rule, asked: Asked) -> Message | Missing | None:
    return exclusion_of(rule, asked, GROUPS)


def exclude_by(condition: Condition, data: Mapping[str, object]) -> Message | Missing | None:
    return exclude(make_rule(scope=make_scope(condition)), make_asked(data))


def seen_at(text: str, asked: Asked) -> list[object]:
    return [hit.value for hit in find(text, asked.view)[0]]


def make_dated_rule(dates: list[str]) -> Rule:
    return make_rule(wordings=tuple(make_wording(start) for start in sorted(dates, reverse=True)))


def day_before(day: str) -> str:
    return (date.fromisoformat(day) - timedelta(days=1)).isoformat()


# Subjects.


def test_a_manifest_has_a_shipment_its_lots_and_its_documents_by_type() -> None:
    data = make_data(
        lots=[make_lot(), make_lot(id="L2", product="banana")],
        documents=[
            {"type": "lab-report", "number": "Q-1"},
            {"type": "phytosanitary-certificate", "covers": ["L2"]},
            {"type": "lab-report"},
        ],
    )
    found = {kind: [asked.subject for asked in members] for kind, members in subjects(data).items()}
    assert found == {
        "shipment": [Subject(kind="shipment", id="T-1", path=())],
        "lot": [
            Subject(kind="lot", id="L1", path=("lots", 0)),
            Subject(kind="lot", id="L2", path=("lots", 1)),
        ],
        "lab-report": [
            Subject(kind="lab-report", id="Q-1", path=("documents", 0)),
            Subject(kind="lab-report", id="#3", path=("documents", 2)),
        ],
        "phytosanitary-certificate": [Subject(kind="phytosanitary-certificate", id="#2", path=("documents", 1))],
    }


def test_a_subject_concerns_the_products_of_its_lots_each_once() -> None:
    data = make_data(
        lots=[make_lot(), make_lot(id="L2", product="banana"), make_lot(id="L3")],
        documents=[{"type": "lab-report"}, {"type": "lab-report", "covers": ["L2"]}],
    )
    found = {kind: [asked.products for asked in members] for kind, members in subjects(data).items()}
    assert found == {
        "shipment": [("durian-fresh", "banana")],
        "lot": [("durian-fresh",), ("banana",), ("durian-fresh",)],
        "lab-report": [("durian-fresh", "banana"), ("banana",)],
    }


def test_a_shipment_without_a_reference_still_has_a_name() -> None:
    data = {"borderready": 1, "shipment": {"origin": "VN"}, "lots": [make_lot()]}
    assert subjects(data)["shipment"][0].subject == Subject(kind="shipment", id="shipment", path=())


@pytest.mark.parametrize("part", ["documents", "attestations"])
def test_a_lot_sees_only_what_covers_it(part: str) -> None:
    entries = [
        {"type": "a", "what": "a", "covers": ["L1"]},
        {"type": "b", "what": "b", "covers": ["L2"]},
        {"type": "c", "what": "c", "covers": ["L1", "L2"]},
        {"type": "d", "what": "d"},
        {"type": "e", "what": "e", "covers": []},
    ]
    data = make_data(lots=[make_lot(), make_lot(id="L2"), make_lot(id="L3")], **{part: entries})
    lots = subjects(data)["lot"]
    assert [seen_at(f"{part}[*].what", lot) for lot in lots] == [["a", "c", "d"], ["b", "c", "d"], ["d"]]


def test_no_documents_at_all_differs_from_documents_that_cover_others() -> None:
    none = make_asked(make_data())
    others = make_asked(make_data(documents=[{"type": "lab-report", "covers": ["L2"]}]))
    path = "documents[type=lab-report]"
    assert find(path, none.view)[1] == (Missing(parent=(), steps=path, is_last=False),)
    assert find(path, others.view)[1] == (Missing(parent=("documents",), steps="[type=lab-report]", is_last=True),)


def test_a_document_sees_the_lots_it_covers_and_all_documents() -> None:
    data = make_data(
        lots=[make_lot(), make_lot(id="L2")],
        documents=[{"type": "lab-report", "number": "Q-1", "covers": ["L2"]}, {"type": "invoice", "number": "I-1"}],
    )
    report = subjects(data)["lab-report"][0]
    assert seen_at("number", report) == ["Q-1"]
    assert seen_at("lots[*].id", report) == ["L2"]
    assert seen_at("documents[*].number", report) == ["Q-1", "I-1"]
    assert seen_at("shipment.origin", report) == ["VN"]


def test_a_shipment_sees_everything_and_a_lot_no_other_lot() -> None:
    data = make_data(
        lots=[make_lot(), make_lot(id="L2")],
        parties={"exporter": {"name": "An Phu"}},
        documents=[{"type": "invoice", "number": "I-1", "covers": ["L2"]}],
    )
    shipment, lot = make_asked(data, each="shipment"), make_asked(data)
    assert seen_at("lots[*].id", shipment) == ["L1", "L2"]
    assert seen_at("documents[*].number", shipment) == ["I-1"]
    assert seen_at("lots[*].id", lot) == []
    assert seen_at("parties.exporter.name", lot) == seen_at("parties.exporter.name", shipment) == ["An Phu"]
    assert seen_at("reference", lot) == ["T-1"]


def test_the_origin_of_a_lot_holds_over_that_of_the_shipment() -> None:
    data = make_data(shipment={"origin": "VN", "mode": "road"}, lots=[make_lot(), make_lot(id="L2", origin="TH")])
    own = subjects(data)
    assert [seen_at("shipment.origin", lot) for lot in own["lot"]] == [["VN"], ["TH"]]
    assert seen_at("shipment.mode", own["lot"][1]) == ["road"]
    assert seen_at("shipment.origin", own["shipment"][0]) == ["VN"]
    thai = make_rule(scope=make_scope(origins=("TH",)))
    assert [exclude(thai, lot) for lot in own["lot"]] == [
        Message("scope.not_among", {"name": "origin", "found": "VN", "accepted": "TH"}),
        None,
    ]


# Days.


@pytest.mark.parametrize(
    ("event", "day"),
    [
        (Event.ARRIVAL, "2026-11-26"),
        (Event.DEPARTURE, "2026-11-25"),
        (Event.DECLARATION, "2026-11-27"),
        (Event.HARVEST, "2026-11-20"),
        (Event.PACKING, "2026-11-22"),
        (Event.PRODUCTION, "2026-11-21"),
        (Event.ISSUE, "2026-11-24"),
    ],
)
def test_each_event_has_its_place_in_the_manifest(event: Event, day: str) -> None:
    data = make_data(
        shipment={
            "origin": "VN",
            "dates": {"arrival": "2026-11-26", "departure": "2026-11-25", "declaration": "2026-11-27"},
        },
        lots=[make_lot(dates={"harvested": "2026-11-20", "packed": "2026-11-22", "produced": "2026-11-21"})],
        documents=[{"type": "phytosanitary-certificate", "issued": "2026-11-24"}],
    )
    assert day_of(event, make_asked(data)) == day


@pytest.mark.parametrize(
    ("event", "missing"),
    [
        (Event.ARRIVAL, Missing(parent=("shipment",), steps="dates.arrival", is_last=False)),
        (Event.DEPARTURE, Missing(parent=("shipment",), steps="dates.departure", is_last=False)),
        (Event.DECLARATION, Missing(parent=("shipment",), steps="dates.declaration", is_last=False)),
        (Event.HARVEST, Missing(parent=("lots", 0), steps="dates.harvested", is_last=False)),
        (Event.PACKING, Missing(parent=("lots", 0), steps="dates.packed", is_last=False)),
        (Event.PRODUCTION, Missing(parent=("lots", 0), steps="dates.produced", is_last=False)),
        (Event.ISSUE, Missing(parent=(), steps="documents[type=phytosanitary-certificate].issued", is_last=False)),
    ],
)
def test_an_event_without_a_day_names_the_field_that_would_give_it(event: Event, missing: Missing) -> None:
    assert day_of(event, make_asked(make_data(shipment={"origin": "VN"}))) == missing


def test_the_issue_of_a_lot_is_that_of_the_earliest_certificate_that_covers_it() -> None:
    data = make_data(
        lots=[make_lot(), make_lot(id="L2")],
        documents=[
            {"type": "phytosanitary-certificate", "issued": "2026-11-24"},
            {"type": "phytosanitary-certificate", "issued": "2026-11-23", "covers": ["L2"]},
            {"type": "lab-report", "issued": "2026-11-01"},
        ],
    )
    assert day_of(Event.ISSUE, make_asked(data)) == "2026-11-24"
    assert day_of(Event.ISSUE, make_asked(data, index=1)) == "2026-11-23"
    assert day_of(Event.ISSUE, make_asked(data, each="lab-report")) == "2026-11-01"


DATED = make_data(
    shipment={"origin": "VN", "dates": {"arrival": "2026-11-26"}},
    lots=[make_lot(dates={"packed": "2026-11-22", "frozen": "2026-11-21"}), make_lot(id="L2")],
    documents=[
        {"type": "phytosanitary-certificate", "issued": "2026-11-24", "covers": ["L1"]},
        {"type": "phytosanitary-certificate", "covers": ["L2"]},
        {"type": "lab-report", "issued": "2026-11-01"},
    ],
)


@settings(LAW, max_examples=150)
@given(st.dictionaries(st.sampled_from(list(Event)), days))
def test_days_given_apart_hold_over_the_manifest_for_every_lot(apart: dict[Event, str]) -> None:
    before = subjects(DATED)["lot"]
    after = subjects_of(with_days(freeze_mapping(DATED), apart), NO_SYNONYMS)["lot"]
    assert len(after) == len(before)
    for old, new in zip(before, after, strict=True):
        for event in Event:
            expected = apart.get(event, day_of(event, old))
            assert isinstance(expected, Missing) or day_of(event, new) == expected
            assert isinstance(expected, Missing) is isinstance(day_of(event, new), Missing)


def test_days_given_apart_need_a_place_to_stand() -> None:
    bare = freeze_mapping({"borderready": 1})
    assert with_days(bare, {Event.ARRIVAL: "2027-01-01"}) == bare


def test_days_given_apart_change_nothing_else() -> None:
    data = freeze_mapping(DATED)
    assert with_days(data, {}) == data
    changed = with_days(data, dict.fromkeys(Event, "2027-01-01"))
    assert data == freeze_mapping(DATED)
    day = "2027-01-01"
    own = {"harvested": day, "packed": day, "produced": day}
    assert changed == freeze_mapping(
        make_data(
            shipment={"origin": "VN", "dates": {"arrival": day, "departure": day, "declaration": day}},
            lots=[make_lot(dates={**own, "frozen": "2026-11-21"}), make_lot(id="L2", dates=own)],
            documents=[
                {"type": "phytosanitary-certificate", "issued": day, "covers": ["L1"]},
                {"type": "phytosanitary-certificate", "issued": day, "covers": ["L2"]},
                {"type": "lab-report", "issued": "2026-11-01"},
            ],
        )
    )


# Wordings.


@settings(LAW, max_examples=300)
@given(starts, days)
def test_the_wording_of_a_day_is_that_of_the_newest_start_not_after_it(dates: list[str], day: str) -> None:
    wording = find_wording(make_dated_rule(dates), day)
    assert (None if wording is None else wording.start) == max((start for start in dates if start <= day), default=None)


@settings(LAW, max_examples=300)
@given(starts, days)
def test_the_wording_to_come_is_that_of_the_first_start_after_the_day(dates: list[str], day: str) -> None:
    wording = find_next_wording(make_dated_rule(dates), day)
    assert (None if wording is None else wording.start) == min((start for start in dates if start > day), default=None)


@settings(LAW, max_examples=200)
@given(starts)
def test_a_start_binds_on_its_day_and_the_older_wording_on_the_day_before(dates: list[str]) -> None:
    rule = make_dated_rule(dates)
    oldest_first = sorted(dates)
    for older, start in zip([None, *oldest_first], oldest_first, strict=False):
        on_the_day, before = find_wording(rule, start), find_wording(rule, day_before(start))
        assert on_the_day is not None
        assert on_the_day.start == start
        assert (None if before is None else before.start) == older


def test_a_repeal_is_returned_as_a_wording_that_is_repealed() -> None:
    rule = make_rule(wordings=(make_repeal("2026-01-01"), make_wording("2024-01-01")))
    last_day, repeal = find_wording(rule, "2025-12-31"), find_wording(rule, "2026-01-01")
    assert (last_day, repeal) == (rule.wordings[1], rule.wordings[0])
    assert rule.wordings[0].repealed


# What a rule applies to.

WHOLE = make_data(
    shipment={
        "origin": "VN",
        "mode": "road",
        "channel": "general-trade",
        "route": {"exit": "huu-nghi", "entry": "youyiguan"},
        "dates": {"arrival": "2026-11-26"},
    }
)


@pytest.mark.parametrize(
    ("scope", "name", "found", "accepted"),
    [
        (make_scope(products=("banana",)), "product", "durian-fresh", "banana"),
        (make_scope(products=("frozen-fruit", "banana")), "product", "durian-fresh", "frozen-fruit, banana"),
        (make_scope(origins=("TH", "LA")), "origin", "VN", "TH, LA"),
        (make_scope(modes=("sea",)), "mode", "road", "sea"),
        (make_scope(channels=("border-residents",)), "channel", "general-trade", "border-residents"),
        (make_scope(entries=("dongxing",)), "entry", "youyiguan", "dongxing"),
    ],
)
def test_a_rule_says_which_part_of_its_scope_excluded_it(scope: Scope, name: str, found: str, accepted: str) -> None:
    asked = make_asked(WHOLE)
    assert exclude(make_rule(scope=scope), asked) == Message(
        "scope.not_among", {"name": name, "found": found, "accepted": accepted}
    )


@pytest.mark.parametrize(
    "scope",
    [
        make_scope(),
        make_scope(products=("durian-fresh",)),
        make_scope(products=("durian",)),
        make_scope(products=("banana", "fresh-fruit")),
        make_scope(origins=("TH", "VN")),
        make_scope(modes=("road",), channels=("general-trade",), entries=("youyiguan",)),
    ],
)
def test_a_rule_concerns_what_its_whole_scope_takes(scope: Scope) -> None:
    assert exclude(make_rule(scope=scope), make_asked(WHOLE)) is None


@pytest.mark.parametrize(
    ("scope", "steps"),
    [
        (make_scope(modes=("road",)), "mode"),
        (make_scope(channels=("general-trade",)), "channel"),
        (make_scope(entries=("youyiguan",)), "route.entry"),
    ],
)
def test_a_part_of_the_scope_that_the_manifest_lacks_names_its_field(scope: Scope, steps: str) -> None:
    missing = exclude(make_rule(scope=scope), make_asked(make_data()))
    assert missing == Missing(parent=("shipment",), steps=steps, is_last="." not in steps)


def test_an_exclusion_that_is_known_outweighs_one_that_is_not() -> None:
    scope = make_scope(
        Condition(kind="when", path="use", values=("planting",)),
        Condition(kind="when", path="form", values=("whole",)),
        modes=("road",),
    )
    data = make_data(lots=[make_lot(form="pulp")])
    assert exclude(make_rule(scope=scope), make_asked(data)) == Message(
        "scope.not_among", {"name": "form", "found": "pulp", "accepted": "whole"}
    )


def test_a_product_that_the_rule_base_does_not_know_is_still_compared_by_name() -> None:
    asked = make_asked(make_data(lots=[make_lot(product="rambutan")]))
    assert exclude(make_rule(scope=make_scope(products=("rambutan",))), asked) is None
    assert exclude(make_rule(scope=make_scope(products=("fresh-fruit",))), asked) == Message(
        "scope.not_among", {"name": "product", "found": "rambutan", "accepted": "fresh-fruit"}
    )


def test_a_rule_for_a_group_concerns_a_shipment_when_one_of_its_lots_is_of_the_group() -> None:
    data = make_data(lots=[make_lot(product="durian-frozen"), make_lot(id="L2", product="banana")])
    asked = make_asked(data, each="shipment")
    assert exclude(make_rule(scope=make_scope(products=("fresh-fruit",))), asked) is None
    assert exclude(make_rule(scope=make_scope(products=("durian-fresh",))), asked) == Message(
        "scope.not_among", {"name": "product", "found": "durian-frozen, banana", "accepted": "durian-fresh"}
    )


@pytest.mark.parametrize(
    ("lot", "answer"),
    [
        (make_lot(form="whole"), None),
        (make_lot(form="peeled"), None),
        (
            make_lot(form="pulp"),
            Message("scope.not_among", {"name": "form", "found": "pulp", "accepted": "whole, peeled"}),
        ),
        (make_lot(), Missing(parent=("lots", 0), steps="form", is_last=True)),
    ],
)
def test_a_when_asks_for_one_of_its_values(lot: dict[str, object], answer: Message | Missing | None) -> None:
    condition = Condition(kind="when", path="form", values=("whole", "peeled"))
    assert exclude_by(condition, make_data(lots=[lot])) == answer


@pytest.mark.parametrize(
    ("treatments", "answer"),
    [
        ([{"kind": "cold"}, {"kind": "wax"}], None),
        (
            [{"kind": "wax"}],
            Message("scope.not_among", {"name": "treatments[*].kind", "found": "wax", "accepted": "cold"}),
        ),
        ([], Missing(parent=("lots", 0, "treatments"), steps="[*].kind", is_last=False)),
    ],
)
def test_a_when_over_members_asks_that_one_of_them_fits(
    treatments: list[dict[str, str]], answer: Message | Missing | None
) -> None:
    condition = Condition(kind="when", path="treatments[*].kind", values=("cold",))
    assert exclude_by(condition, make_data(lots=[make_lot(treatments=treatments)])) == answer


def test_a_when_that_one_member_leaves_open_is_not_decided() -> None:
    condition = Condition(kind="when", path="orchards[*].gap", values=("true",))
    data = make_data(lots=[make_lot(orchards=[{"code": "A-1", "gap": False}, {"code": "A-2"}])])
    assert exclude_by(condition, data) == Missing(parent=("lots", 0, "orchards", 1), steps="gap", is_last=True)


@pytest.mark.parametrize(
    ("lot", "answer"),
    [
        (make_lot(form="pulp"), Message("scope.among", {"name": "form", "found": "pulp"})),
        (make_lot(form="whole"), None),
        (make_lot(), None),
    ],
)
def test_an_unless_excludes_its_values_and_what_is_lacking_changes_nothing(
    lot: dict[str, object], answer: Message | None
) -> None:
    condition = Condition(kind="unless", path="form", values=("pulp", "paste"))
    assert exclude_by(condition, make_data(lots=[lot])) == answer


def test_a_when_reads_truth_values_and_lists() -> None:
    data = make_data(
        lots=[make_lot(packaging={"wood": {"present": True}}, labels={"box": {"languages": ["vi", "zh"]}})]
    )
    assert exclude_by(Condition(kind="when", path="packaging.wood.present", values=("true",)), data) is None
    assert exclude_by(Condition(kind="when", path="labels.box.languages", values=("zh",)), data) is None
    assert exclude_by(Condition(kind="when", path="labels.box.languages", values=("en",)), data) == Message(
        "scope.not_among", {"name": "labels.box.languages", "found": "vi, zh", "accepted": "en"}
    )


@pytest.mark.parametrize(
    ("lot", "is_given"),
    [
        (make_lot(), False),
        (make_lot(treatments=[]), False),
        (make_lot(treatments=[{"kind": "cold"}]), True),
    ],
)
def test_given_and_absent_are_opposites_and_never_unknown(lot: dict[str, object], is_given: bool) -> None:
    data = make_data(lots=[lot])
    not_given = exclude_by(Condition(kind="given", path="treatments"), data)
    not_absent = exclude_by(Condition(kind="absent", path="treatments"), data)
    assert not_given == (None if is_given else Message("scope.not_given", {"path": "treatments"}))
    assert not_absent == (Message("scope.given", {"path": "treatments"}) if is_given else None)


def test_given_asks_for_a_document_that_covers_the_lot() -> None:
    condition = Condition(kind="given", path="documents[type=lab-report]")
    covered = make_data(documents=[{"type": "lab-report", "covers": ["L1"]}])
    others = make_data(lots=[make_lot(), make_lot(id="L2")], documents=[{"type": "lab-report", "covers": ["L2"]}])
    assert exclude_by(condition, covered) is None
    assert exclude_by(condition, others) == Message("scope.not_given", {"path": "documents[type=lab-report]"})


# Force.


@pytest.mark.parametrize(
    ("severity", "seen", "witnesses"), list(product(Severity, Grade, [0, 1, 2, 3])), ids=lambda value: str(value)
)
def test_force_follows_from_severity_grade_and_witnesses(severity: Severity, seen: Grade, witnesses: int) -> None:
    table = {
        (Severity.MUST, Grade.PRIMARY): [Force.BLOCKS] * 4,
        (Severity.MUST, Grade.SECONDARY): [Force.WARNS, Force.WARNS, Force.BLOCKS, Force.BLOCKS],
        (Severity.MUST, Grade.MEMORY): [Force.INFORMS] * 4,
        (Severity.SHOULD, Grade.PRIMARY): [Force.WARNS] * 4,
        (Severity.SHOULD, Grade.SECONDARY): [Force.WARNS] * 4,
        (Severity.SHOULD, Grade.MEMORY): [Force.INFORMS] * 4,
    }
    names = tuple(f"Paper {number}" for number in range(witnesses))
    assert force_of(severity, make_source(seen=seen, witnesses=names)) is table[severity, seen][witnesses]
