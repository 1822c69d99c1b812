# SPDX-License-Identifier: Apache-2.0
"""`matches`: each value found has a named form, or that of the rule's own pattern; forms themselves: test_forms.py."""

from __future__ import annotations

import pytest

from borderready.model import Message, Missing, Outcome, Status
from tests.build import make_context, make_data, make_lot_context, run_check, say_options, statuses_of, takes_options


def test_a_value_of_the_form_passes() -> None:
    context = make_lot_context(container="CSQU3054383")
    assert run_check("matches", context, "container", {"form": "iso6346"}) == (
        Outcome(status=Status.PASS, path=("lots", 0, "container"), found="CSQU3054383", expected="TCLU1234568"),
    )


def test_a_value_of_another_form_fails_with_the_reason() -> None:
    context = make_lot_context(container="CSQU3054384")
    assert run_check("matches", context, "container", {"form": "iso6346"}) == (
        Outcome(
            status=Status.FAIL,
            path=("lots", 0, "container"),
            found="CSQU3054384",
            expected="TCLU1234568",
            because=Message("check.matches.check_digit", {"digit": "3", "found": "4"}),
        ),
    )


@pytest.mark.parametrize(
    ("found", "status"),
    [
        ("AB-12", "pass"),
        (" AB-12 ", "pass"),
        ("AB-1", "fail"),
        ("xAB-12", "fail"),
        ("AB-12x", "fail"),
        ("AB-12\nAB-12", "fail"),
        ("ab-12", "fail"),
        ("", "fail"),
    ],
)
def test_the_whole_value_has_the_pattern(found: str, status: str) -> None:
    options = {"pattern": "[A-Z]{2}-[0-9]{2}"}
    (outcome,) = run_check("matches", make_lot_context(mark=found), "mark", options)
    assert (outcome.status, outcome.expected) == (Status(status), "[A-Z]{2}-[0-9]{2}")
    assert outcome.because == (None if status == "pass" else Message("check.matches.form"))


def test_a_number_is_compared_as_written() -> None:
    options = {"pattern": "[0-9]{4}"}
    assert statuses_of(run_check("matches", make_lot_context(mark=1234), "mark", options)) == ["pass"]


@pytest.mark.parametrize("options", [{"form": "ispm15"}, {"form": "iso6346"}, {"pattern": "1{1,64}"}])
def test_a_value_that_is_far_too_long_is_not_even_tried(options: dict[str, str]) -> None:
    (outcome,) = run_check("matches", make_lot_context(mark="1" * 201), "mark", options)
    assert (outcome.status, outcome.because) == (Status.FAIL, Message("check.matches.too_long"))


def test_a_value_of_the_longest_length_is_judged() -> None:
    (outcome,) = run_check("matches", make_lot_context(mark="1" * 200), "mark", {"form": "hs-code"})
    assert (outcome.status, outcome.because) == (Status.FAIL, Message("check.matches.form"))


def test_each_value_is_judged() -> None:
    data = make_data(documents=[{"type": "phytosanitary-certificate", "containers": ["CSQU3054383", "CSQU3054384"]}])
    field = "documents[type=phytosanitary-certificate].containers[*]"
    outcomes = run_check("matches", make_context(data), field, {"form": "iso6346"})
    assert [(str(outcome.status), outcome.path) for outcome in outcomes] == [
        ("pass", ("documents", 0, "containers", 0)),
        ("fail", ("documents", 0, "containers", 1)),
    ]


def test_an_absent_value_is_unknown() -> None:
    missing = Missing(parent=("lots", 0), steps="mark", is_last=True)
    assert run_check("matches", make_lot_context(), "mark", {"form": "ispm15"}) == (
        Outcome(status=Status.UNKNOWN, path=("lots", 0), missing=missing),
    )
    assert statuses_of(run_check("matches", make_lot_context(marks=[]), "marks[*]", {"form": "ispm15"})) == ["unknown"]


@pytest.mark.parametrize(
    ("options", "is_taken"),
    [
        ({"form": "iso6346"}, True),
        ({"pattern": "[A-Z]{2}"}, True),
        ({}, False),
        ({"form": "iso9999"}, False),
        ({"pattern": ""}, False),
        ({"pattern": "a" * 401}, False),
        ({"form": "iso6346", "pattern": "a"}, False),
    ],
)
def test_options_are_checked(options: dict[str, object], is_taken: bool) -> None:
    assert takes_options("matches", options) is is_taken


def test_it_says_what_it_asks() -> None:
    assert say_options("matches", {"form": "ispm15"}).en == "the form ispm15, such as VN-045 HT"
    assert say_options("matches", {"pattern": "[A-Z]{2}"}).en == "the form [A-Z]{2}"
