# SPDX-License-Identifier: Apache-2.0
"""`noticed`: a closure or a suspension fails on its own days only, for what it names only."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from borderready.checks.context import Context
from borderready.model import Event, Force, Message, Missing, Notice, Outcome, Status, Texts
from tests.build import (
    LAW,
    make_context,
    make_data,
    make_lot,
    make_notice,
    make_row,
    make_source,
    make_table,
    make_texts,
    run_check,
    say_options,
    statuses_of,
    takes_options,
)

GATE = {"by": "gate", "table": "gates"}
EXIT = ("shipment", "route", "exit")
TABLE = make_table("gates", ["gate"], *(make_row({"gate": name}) for name in ("huu-nghi", "chi-ma", "youyiguan")))
START, UNTIL = date(2024, 2, 10), date(2024, 2, 13)
days = st.dates(date(2024, 2, 1), date(2024, 2, 28))


def truck(day: str, *notices: Notice, route: dict[str, str] | None = None, **changes: Any) -> Context:
    """Return what a check of a truck by way of Huu Nghi sees on a day."""
    shipment = {"origin": "VN", "route": {"exit": "huu-nghi"} if route is None else route}
    data = make_data(shipment=shipment, lots=[make_lot(plant={"home_number": "DL 183"})])
    return make_context(data, day=day, notices=notices, tables={"gates": TABLE}, each="shipment", **changes)


def lot(day: str, *notices: Notice, route: dict[str, str] | None = None, **changes: Any) -> Context:
    """Return what a check of a lot from the plant DL 183 sees on a day."""
    shipment = {"origin": "VN", **({} if route is None else {"route": route})}
    data = make_data(shipment=shipment, lots=[make_lot(plant={"home_number": "DL 183"})])
    return make_context(data, day=day, notices=notices, **changes)


def ask_gate(context: Context, **options: str) -> tuple[Outcome, ...]:
    return run_check("noticed", context, "shipment.route.exit", {**GATE, **options})


def ask_plant(context: Context, **options: Any) -> tuple[Outcome, ...]:
    return run_check("noticed", context, "plant.home_number", {"by": "code", **options})


def test_a_gate_that_is_closed_on_the_day_fails_and_says_until_when() -> None:
    notice = make_notice()
    assert ask_gate(truck("2024-02-12", notice)) == (
        Outcome(
            status=Status.FAIL,
            path=EXIT,
            found="huu-nghi",
            because=Message(
                "check.noticed.until",
                {"day": "2024-02-12", "start": "2024-02-10", "until": "2024-02-13"},
                {"kind": "notice.kind.closed"},
                {"title": notice.title},
            ),
            fix=Message("check.noticed.fix.gate_until", {"until": "2024-02-13"}),
            source=notice.source,
        ),
    )


@settings(LAW, max_examples=60)
@given(day=days)
def test_a_closed_gate_fails_from_the_first_day_to_the_last_and_on_no_other(day: date) -> None:
    (outcome,) = ask_gate(truck(day.isoformat(), make_notice()))
    assert (outcome.status is Status.FAIL) == (START <= day <= UNTIL)
    assert outcome.status in (Status.FAIL, Status.PASS)


def test_a_pass_says_only_that_no_notice_is_known() -> None:
    assert ask_gate(truck("2024-02-14", make_notice())) == (
        Outcome(
            status=Status.PASS,
            path=EXIT,
            found="huu-nghi",
            because=Message("check.noticed.none", {"days": "2024-02-14"}),
        ),
    )
    assert statuses_of(ask_gate(truck("2024-02-14"))) == ["pass"]


def test_until_further_notice_has_no_last_day() -> None:
    (outcome,) = ask_gate(truck("2031-01-01", make_notice(until=None)))
    assert (outcome.status, outcome.because and outcome.because.key) == (Status.FAIL, "check.noticed.open")
    assert outcome.fix == Message("check.noticed.fix.gate_open", {"until": ""})


def test_a_gate_that_is_open_to_some_only_is_for_a_person_to_look_at() -> None:
    (outcome,) = ask_gate(truck("2024-02-12", make_notice(kind="restricted")))
    assert (outcome.status, outcome.fix) == (Status.MANUAL, Message("check.noticed.fix.restricted"))


def test_the_own_remedy_of_a_notice_is_told_in_the_language_of_the_reader() -> None:
    fix = Texts(en="Go by Chi Ma.", vi="Đi Chi Ma.", zh="改走峙马。")
    (outcome,) = ask_gate(truck("2024-02-12", make_notice(fix=fix)))
    assert outcome.fix == Message("check.noticed.fix.own", texts={"fix": fix})


@pytest.mark.parametrize(
    "changes",
    [
        {"gates": ("chi-ma",)},
        {"origins": ("TH",)},
        {"products": ("dragon-fruit",)},
        {"codes": ("DL183",)},
        {"gates": (), "products": ("durian",)},
    ],
)
def test_a_notice_of_another_gate_origin_or_product_is_none_and_nor_is_one_that_another_question_tells(
    changes: dict[str, Any],
) -> None:
    assert statuses_of(ask_gate(truck("2024-02-12", make_notice(**changes)))) == ["pass"]


@pytest.mark.parametrize("products", [("durian-fresh",), ("durian",), ("dragon-fruit", "fresh-fruit")])
def test_a_notice_for_the_product_or_a_group_of_it_from_its_origin_holds(products: tuple[str, ...]) -> None:
    notice = make_notice(products=products, origins=("TH", "VN"))
    assert statuses_of(ask_gate(truck("2024-02-12", notice))) == ["fail"]


def test_each_notice_that_covers_the_day_is_told_in_the_order_of_their_days() -> None:
    later, earlier = make_notice("b", start="2024-02-11"), make_notice("a", until=None)
    outcomes = ask_gate(truck("2024-02-12", later, earlier))
    assert [outcome.because and outcome.because.args["start"] for outcome in outcomes] == ["2024-02-10", "2024-02-11"]


def test_a_gate_that_is_not_given_is_unknown() -> None:
    missing = Missing(parent=("shipment", "route"), steps="exit", is_last=True)
    assert ask_gate(truck("2024-02-12", make_notice(), route={})) == (
        Outcome(status=Status.UNKNOWN, path=("shipment", "route"), missing=missing),
    )


def test_a_mistyped_gate_is_unknown_since_no_notice_could_name_it() -> None:
    args = {"gate": "huu-ngi", "table": "gates"}
    assert ask_gate(truck("2024-02-12", make_notice(), route={"exit": "huu-ngi"})) == (
        Outcome(
            status=Status.UNKNOWN,
            path=EXIT,
            found="huu-ngi",
            because=Message("check.noticed.no_gate_near", {**args, "near": "huu-nghi"}),
            at_most=Force.WARNS,
        ),
    )


def test_a_port_that_the_table_lacks_holds_nothing_back() -> None:
    (outcome,) = ask_gate(truck("2024-02-12", route={"exit": "vladivostok"}))
    assert (outcome.status, outcome.at_most) == (Status.UNKNOWN, Force.WARNS)


def test_a_pair_of_gates_is_told_once() -> None:
    notice = make_notice(gates=("huu-nghi", "youyiguan"))
    both = truck("2024-02-12", notice, route={"exit": "huu-nghi", "entry": "youyiguan"})
    assert ask_gate(both, unless_at="shipment.route.entry") == ()
    assert statuses_of(ask_gate(both)) == ["fail"]
    assert statuses_of(ask_gate(truck("2024-02-12", notice), unless_at="shipment.route.entry")) == ["fail"]


@pytest.mark.parametrize(("day", "status"), [("2022-04-19", "pass"), ("2022-04-26", "fail"), ("2022-04-27", "pass")])
def test_a_suspended_plant_fails_however_its_number_is_written(day: str, status: str) -> None:
    notice = make_notice(gates=(), codes=("DL183",), kind="suspended", start="2022-04-20", until="2022-04-26")
    assert statuses_of(ask_plant(lot(day, notice))) == [status]


def test_a_plant_suspended_at_one_gate_is_asked_which_gate_it_takes() -> None:
    notice = make_notice(codes=("DL183",), gates=("youyiguan",))
    missing = Missing(parent=("shipment",), steps="route.entry", is_last=False)
    outcome = Outcome(status=Status.UNKNOWN, path=("shipment",), missing=missing)
    assert ask_plant(lot("2024-02-12", notice)) == (outcome,)
    assert statuses_of(ask_plant(lot("2024-02-12", notice, route={"entry": "youyiguan"}))) == ["fail"]
    assert statuses_of(ask_plant(lot("2024-02-12", notice, route={"exit": "youyiguan", "entry": "x"}))) == ["fail"]
    assert statuses_of(ask_plant(lot("2024-02-12", notice, route={"entry": "aidian"}))) == ["pass"]


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"products": ("durian",)}, "fail"),
        ({"products": ("durian",), "origins": ("VN",)}, "fail"),
        ({"products": ("durian",), "origins": ("TH",)}, "pass"),
        ({"products": ("banana",)}, "pass"),
        ({"products": ("durian",), "gates": ("huu-nghi",)}, "pass"),
        ({"products": ("durian",), "codes": ("X",)}, "pass"),
    ],
)
def test_goods_that_are_suspended_everywhere_fail(changes: dict[str, Any], status: str) -> None:
    notice = make_notice(**{"gates": (), **changes})
    assert statuses_of(run_check("noticed", lot("2024-02-12", notice), "product", {"by": "product"})) == [status]


def test_the_days_of_other_events_count_where_the_rule_asks_for_them() -> None:
    notice = make_notice(gates=(), codes=("DL183",))
    later = lot("2024-02-01", notice, days={Event.ARRIVAL: "2024-02-12"})
    assert statuses_of(ask_plant(later)) == ["pass"]
    (outcome,) = ask_plant(later, also=["arrival"])
    assert (outcome.status, outcome.because and outcome.because.args["day"]) == (Status.FAIL, "2024-02-12")


def test_a_day_that_is_not_given_leaves_a_pass_undecided_and_a_fail_as_it_is() -> None:
    missing = Missing(parent=("shipment", "dates"), steps="arrival", is_last=True)
    undated = {Event.ARRIVAL: missing}
    notice = make_notice(gates=(), codes=("DL183",))
    assert statuses_of(ask_plant(lot("2024-02-01", notice, undated=undated), also=["arrival"])) == ["pass", "unknown"]
    assert statuses_of(ask_plant(lot("2024-02-12", notice, undated=undated), also=["arrival"])) == ["fail"]


@settings(LAW, max_examples=80)
@given(start=days, length=st.integers(0, 20), day=days, kind=st.sampled_from(["closed", "suspended", "restricted"]))
def test_nothing_but_the_days_decides_for_a_gate_that_is_named(start: date, length: int, day: date, kind: str) -> None:
    until = start + timedelta(days=length)
    notice = make_notice(kind=kind, start=start.isoformat(), until=until.isoformat(), source=make_source())
    (outcome,) = ask_gate(truck(day.isoformat(), notice))
    told = Status.MANUAL if kind == "restricted" else Status.FAIL
    assert outcome.status is (told if start <= day <= until else Status.PASS)


def test_options_are_what_the_schema_says() -> None:
    assert takes_options("noticed", {**GATE, "unless_at": "shipment.route.entry", "also": ["arrival"]})
    assert not takes_options("noticed", {})
    assert not takes_options("noticed", {"by": "plate"})
    assert not takes_options("noticed", {"by": "gate", "kinds": ["closed"]})


@pytest.mark.parametrize("by", ["gate", "code", "product"])
def test_it_says_what_it_asks(by: str) -> None:
    said = say_options("noticed", {"by": by})
    assert len({said.en, said.vi, said.zh}) == 3
    assert make_texts() != said
