# SPDX-License-Identifier: Apache-2.0
"""`one_of`: every value found, or some of them, is among those allowed."""

from __future__ import annotations

import pytest

from borderready.model import Missing, Outcome, Status
from tests.build import make_lot_context, run_check, say_options, statuses_of, takes_options


@pytest.mark.parametrize(
    ("found", "kind", "values", "status"),
    [
        ("Ri6", "text", ["Ri6", "Dona"], "pass"),
        ("ri6 ", "text", ["Ri6"], "pass"),
        ("Ｒｉ６", "text", ["Ri6"], "pass"),
        ("Ri-6", "text", ["Ri6"], "fail"),
        ("Ri", "text", ["Ri6"], "fail"),
        ("Ri-6", "code", ["Ri6"], "pass"),
        ("RI 7", "code", ["Ri6"], "fail"),
        ("Durio zibethinus Murr.", "scientific-name", ["Durio zibethinus"], "pass"),
        ("Durio zibethinus Murr.", "text", ["Durio zibethinus"], "fail"),
        ("Musa acuminata Colla", "scientific-name", ["Musa sp."], "pass"),
        ("Musa sp.", "scientific-name", ["Musa acuminata"], "fail"),
        ("Ensete ventricosum", "scientific-name", ["Musa sp."], "fail"),
        ("Hylocereus undatus", "scientific-name", ["Selenicereus undatus"], "pass"),
        ("Hylocereus undatus", "scientific-name", ["Selenicereus costaricensis"], "fail"),
        ("new paper box, 5 kg", "words", ["carton", "paper box"], "pass"),
        ("boxes of paper", "words", ["carton", "paper box"], "fail"),
        ("cartons", "words", ["carton"], "fail"),
    ],
)
def test_a_value_is_compared_as_the_rule_says(found: str, kind: str, values: list[str], status: str) -> None:
    outcomes = run_check("one_of", make_lot_context(variety=found), "variety", {"values": values, "as": kind})
    assert statuses_of(outcomes) == [status]


def test_a_finding_shows_what_is_there_and_what_is_allowed() -> None:
    options = {"values": ["Ri6", "Dona"]}
    path = ("lots", 0, "variety")
    assert run_check("one_of", make_lot_context(variety="Monthong"), "variety", options) == (
        Outcome(status=Status.FAIL, path=path, found="Monthong", expected="Ri6, Dona"),
    )
    assert run_check("one_of", make_lot_context(variety="dona"), "variety", options) == (
        Outcome(status=Status.PASS, path=path, found="dona", expected="Ri6, Dona"),
    )


def test_a_long_list_is_cut() -> None:
    options = {"values": [f"v{number}" for number in range(9)]}
    (outcome,) = run_check("one_of", make_lot_context(variety="x"), "variety", options)
    assert outcome.expected == "v0, v1, v2, v3, v4, v5, ... (+3)"


def test_text_is_the_default() -> None:
    context = make_lot_context(variety="Durio zibethinus Murr.")
    assert statuses_of(run_check("one_of", context, "variety", {"values": ["Durio zibethinus"]})) == ["fail"]


def test_truth_values_and_numbers_are_compared_as_written() -> None:
    context = make_lot_context(packaging={"new": True}, grade=3)
    assert statuses_of(run_check("one_of", context, "packaging.new", {"values": ["true"]})) == ["pass"]
    assert statuses_of(run_check("one_of", context, "packaging.new", {"values": ["false"]})) == ["fail"]
    assert statuses_of(run_check("one_of", context, "grade", {"values": ["3"]})) == ["pass"]


def test_every_member_answers_for_itself() -> None:
    context = make_lot_context(orchards=[{"gap": True}, {"gap": False}, {"code": "A-3"}])
    outcomes = run_check("one_of", context, "orchards[*].gap", {"values": ["true"]})
    assert [(str(outcome.status), outcome.path) for outcome in outcomes] == [
        ("pass", ("lots", 0, "orchards", 0, "gap")),
        ("fail", ("lots", 0, "orchards", 1, "gap")),
        ("unknown", ("lots", 0, "orchards", 2)),
    ]


@pytest.mark.parametrize(
    ("languages", "status"),
    [(["vi", "zh"], "pass"), (["zh"], "pass"), (["zh", "ZH"], "pass"), (["vi", "en"], "fail"), ([], "unknown")],
)
def test_some_asks_that_one_of_the_members_fits(languages: list[str], status: str) -> None:
    context = make_lot_context(languages=languages)
    options = {"values": ["zh"], "need": "some"}
    assert statuses_of(run_check("one_of", context, "languages[*]", options)) == [status]


def test_some_points_at_the_member_that_fits() -> None:
    (outcome,) = run_check(
        "one_of", make_lot_context(languages=["vi", "zh"]), "languages[*]", {"values": ["zh"], "need": "some"}
    )
    assert outcome == Outcome(status=Status.PASS, path=("lots", 0, "languages", 1), found="zh", expected="zh")


@pytest.mark.parametrize("need", ["every", "some"])
def test_an_absent_field_is_unknown(need: str) -> None:
    outcomes = run_check("one_of", make_lot_context(), "variety", {"values": ["Ri6"], "need": need})
    missing = Missing(parent=("lots", 0), steps="variety", is_last=True)
    assert outcomes == (Outcome(status=Status.UNKNOWN, path=("lots", 0), missing=missing),)


@pytest.mark.parametrize("need", ["every", "some"])
def test_an_empty_list_is_unknown(need: str) -> None:
    outcomes = run_check("one_of", make_lot_context(languages=[]), "languages[*]", {"values": ["zh"], "need": need})
    assert statuses_of(outcomes) == ["unknown"]


@pytest.mark.parametrize(
    ("options", "is_taken"),
    [
        ({"values": ["zh"]}, True),
        ({"values": ["zh"], "as": "scientific-name", "need": "some"}, True),
        ({}, False),
        ({"values": []}, False),
        ({"values": [""]}, False),
        ({"values": ["zh"], "as": "regex"}, False),
        ({"values": ["zh"], "need": "most"}, False),
        ({"values": ["zh"], "not": ["en"]}, False),
    ],
)
def test_options_are_checked(options: dict[str, object], is_taken: bool) -> None:
    assert takes_options("one_of", options) is is_taken


def test_it_says_what_it_asks() -> None:
    assert say_options("one_of", {"values": ["zh", "en"]}).en == "one of: zh, en"
