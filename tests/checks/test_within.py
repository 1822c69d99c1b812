# SPDX-License-Identifier: Apache-2.0
"""`within`: days, spans of days and numbers within bounds, bounds included."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from borderready.model import Message, Missing, Outcome, Status
from tests.build import LAW, make_lot_context, run_check, say_options, statuses_of, takes_options

days = st.dates(date(2019, 12, 1), date(2028, 3, 31))
ISSUED, LEFT = ("lots", 0, "issued"), ("lots", 0, "left")


def judge(options: dict[str, object], **lot: object) -> list[str]:
    return statuses_of(run_check("within", make_lot_context(**lot), "issued", options))


@settings(LAW, max_examples=200)
@given(days, days)
def test_a_day_is_compared_with_another_day_included(issued: date, left: date) -> None:
    lot = {"issued": issued.isoformat(), "left": left.isoformat()}
    assert judge({"not_after": "left"}, **lot) == ["pass" if issued <= left else "fail"]
    assert judge({"not_before": "left"}, **lot) == ["pass" if issued >= left else "fail"]


@settings(LAW, max_examples=200)
@given(days, st.integers(-40, 400), st.none() | st.integers(-5, 400), st.none() | st.integers(-5, 400))
def test_a_span_is_counted_in_days_across_months_and_leap_years(
    left: date, count: int, low: int | None, high: int | None
) -> None:
    options: dict[str, object] = {"since": "left"}
    options.update({"min_days": low} if low is not None else {})
    options.update({"max_days": high} if high is not None else {})
    low = 0 if low is None and high is not None else low
    is_within = (low is None or low <= count) and (high is None or count <= high)
    issued = left + timedelta(days=count)
    lot = {"issued": issued.isoformat(), "left": left.isoformat()}
    assert judge(options, **lot) == ["pass" if is_within else "fail"]


@pytest.mark.parametrize(
    ("options", "issued", "outcome"),
    [
        (
            {"not_after": "left"},
            "2026-11-26",
            Outcome(
                status=Status.FAIL,
                path=ISSUED,
                found="2026-11-26",
                expected="<= 2026-11-25",
                because=Message("check.within.not_after", {"day": "2026-11-25"}),
                related=(LEFT,),
            ),
        ),
        (
            {"not_before": "left"},
            "2026-11-24",
            Outcome(
                status=Status.FAIL,
                path=ISSUED,
                found="2026-11-24",
                expected=">= 2026-11-25",
                because=Message("check.within.not_before", {"day": "2026-11-25"}),
                related=(LEFT,),
            ),
        ),
        (
            {"since": "left", "min_days": 0, "max_days": 14},
            "2026-12-10",
            Outcome(
                status=Status.FAIL,
                path=ISSUED,
                found="2026-12-10 (+15 d)",
                expected=">= 0 d, <= 14 d",
                because=Message("check.within.since", {"day": "2026-11-25"}),
                related=(LEFT,),
            ),
        ),
        (
            {"since": "left", "min_days": 0, "max_days": 14},
            "2026-12-09",
            Outcome(
                status=Status.PASS, path=ISSUED, found="2026-12-09 (+14 d)", expected=">= 0 d, <= 14 d", related=(LEFT,)
            ),
        ),
        (
            {"since": "left", "max_days": 0},
            "2026-11-25",
            Outcome(
                status=Status.PASS, path=ISSUED, found="2026-11-25 (+0 d)", expected=">= 0 d, <= 0 d", related=(LEFT,)
            ),
        ),
        (
            {"since": "left", "max_days": 14},
            "2026-11-24",
            Outcome(
                status=Status.FAIL,
                path=ISSUED,
                found="2026-11-24 (-1 d)",
                expected=">= 0 d, <= 14 d",
                because=Message("check.within.since", {"day": "2026-11-25"}),
                related=(LEFT,),
            ),
        ),
        (
            {"since": "left", "min_days": 0},
            "2026-11-23",
            Outcome(
                status=Status.FAIL,
                path=ISSUED,
                found="2026-11-23 (-2 d)",
                expected=">= 0 d",
                because=Message("check.within.since", {"day": "2026-11-25"}),
                related=(LEFT,),
            ),
        ),
    ],
)
def test_a_finding_shows_both_days(options: dict[str, object], issued: str, outcome: Outcome) -> None:
    context = make_lot_context(issued=issued, left="2026-11-25")
    assert run_check("within", context, "issued", options) == (outcome,)


def test_each_bound_is_judged_on_its_own() -> None:
    options: dict[str, object] = {"not_before": "packed", "not_after": "left", "since": "packed", "max_days": 3}
    lot = {"packed": "2026-11-20", "left": "2026-11-25"}
    assert judge(options, issued="2026-11-23", **lot) == ["pass", "pass", "pass"]
    assert judge(options, issued="2026-11-24", **lot) == ["pass", "pass", "fail"]
    assert judge(options, issued="2026-11-26", **lot) == ["pass", "fail", "fail"]
    assert judge(options, issued="2026-11-19", **lot) == ["fail", "pass", "fail"]


@pytest.mark.parametrize(
    ("options", "issued", "status"),
    [
        ({"since": "left", "max_days": 14}, "2026-11-24", "fail"),
        ({"since": "left", "max_days": 14, "min_days": -1}, "2026-11-24", "pass"),
        ({"since": "left", "max_days": 14, "min_days": -1}, "2026-11-23", "fail"),
        ({"since": "left", "min_days": -14}, "2026-11-11", "pass"),
        ({"since": "left", "min_days": -14}, "2026-11-10", "fail"),
        ({"since": "left", "min_days": -14}, "2027-11-10", "pass"),
    ],
)
def test_since_means_after_unless_an_earlier_day_is_named(options: dict[str, object], issued: str, status: str) -> None:
    assert judge(options, issued=issued, left="2026-11-25") == [status]


@pytest.mark.parametrize(
    ("options", "number", "status"),
    [
        ({"min": 10, "max": 16}, 10, "pass"),
        ({"min": 10, "max": 16}, 16, "pass"),
        ({"min": 10, "max": 16}, Decimal("9.99"), "fail"),
        ({"min": 10, "max": 16}, Decimal("16.01"), "fail"),
        ({"min": 10}, 1000, "pass"),
        ({"max": 16}, -1, "pass"),
    ],
)
def test_a_number_lies_within_its_bounds_both_included(options: dict[str, object], number: object, status: str) -> None:
    assert judge(options, issued=number) == [status]


def test_a_number_shows_its_bounds() -> None:
    assert run_check("within", make_lot_context(weeks=17), "weeks", {"min": 10, "max": Decimal("16.5")}) == (
        Outcome(status=Status.FAIL, path=("lots", 0, "weeks"), found="17", expected=">= 10, <= 16.5"),
    )


@pytest.mark.parametrize("value", ["12", True])
def test_what_is_no_number_never_passes(value: object) -> None:
    (outcome,) = run_check("within", make_lot_context(weeks=value), "weeks", {"min": 0})
    assert (outcome.status, outcome.because) == (Status.FAIL, Message("check.not_a_number"))


@pytest.mark.parametrize("options", [{"min": 1}, {"not_after": "left"}, {"since": "left", "max_days": 3}])
def test_an_absent_field_is_unknown(options: dict[str, object]) -> None:
    missing = Missing(parent=("lots", 0), steps="issued", is_last=True)
    assert run_check("within", make_lot_context(left="2026-11-25"), "issued", options) == (
        Outcome(status=Status.UNKNOWN, path=("lots", 0), missing=missing),
    )


@pytest.mark.parametrize("options", [{"not_before": "left"}, {"not_after": "left"}, {"since": "left", "max_days": 3}])
def test_an_absent_day_to_compare_with_is_unknown(options: dict[str, object]) -> None:
    missing = Missing(parent=("lots", 0), steps="left", is_last=True)
    assert run_check("within", make_lot_context(issued="2026-11-25"), "issued", options) == (
        Outcome(status=Status.UNKNOWN, path=("lots", 0), missing=missing),
    )


def test_each_place_is_compared_with_each_day() -> None:
    context = make_lot_context(issued=[{"day": "2026-11-20"}, {"day": "2026-11-22"}], left=["2026-11-21", "2026-11-23"])
    outcomes = run_check("within", context, "issued[*].day", {"not_after": "left[*]"})
    assert [(outcome.path[2:4] if outcome.path else (), str(outcome.status)) for outcome in outcomes] == [
        (("issued", 0), "pass"),
        (("issued", 0), "pass"),
        (("issued", 1), "fail"),
        (("issued", 1), "pass"),
    ]


@pytest.mark.parametrize(
    ("options", "is_taken"),
    [
        ({"min": 10, "max": 16}, True),
        ({"not_before": "a", "not_after": "b"}, True),
        ({"since": "a", "min_days": 0, "max_days": 14}, True),
        ({}, False),
        ({"min_days": 0}, False),
        ({"max_days": 14}, False),
        ({"since": "a", "max_days": "14"}, False),
        ({"not_after": ""}, False),
        ({"before": "a"}, False),
    ],
)
def test_options_are_checked(options: dict[str, object], is_taken: bool) -> None:
    assert takes_options("within", options) is is_taken


def test_it_says_what_it_asks() -> None:
    options = {"max_days": 14, "since": "issued", "min_days": 0}
    assert say_options("within", options).en == "since: issued, min_days: 0, max_days: 14"
