# SPDX-License-Identifier: Apache-2.0
"""`present`: absence is a fail where the place is described, and unknown where it is not."""

from __future__ import annotations

import pytest

from borderready.model import Message, Missing, Outcome, Status
from tests.build import (
    make_context,
    make_data,
    make_lot,
    make_lot_context,
    run_check,
    say_options,
    statuses_of,
    takes_options,
)

LABEL = {"box": {"languages": ["zh"], "fruit_name": "榴莲 Durian"}}


def test_a_field_that_is_given_passes() -> None:
    assert run_check("present", make_lot_context(variety="Ri6"), "variety", {}) == (
        Outcome(status=Status.PASS, path=("lots", 0, "variety"), found="Ri6"),
    )


def test_a_described_place_that_lacks_the_field_fails() -> None:
    assert run_check("present", make_lot_context(labels=LABEL), "labels.box.packhouse", {}) == (
        Outcome(
            status=Status.FAIL,
            path=("lots", 0, "labels", "box"),
            expected="packhouse",
            missing=Missing(parent=("lots", 0, "labels", "box"), steps="packhouse", is_last=True),
        ),
    )


def test_a_place_that_is_not_described_is_unknown() -> None:
    assert run_check("present", make_lot_context(), "labels.box.packhouse", {}) == (
        Outcome(
            status=Status.UNKNOWN,
            path=("lots", 0),
            missing=Missing(parent=("lots", 0), steps="labels.box.packhouse", is_last=False),
        ),
    )


def test_documents_without_the_document_fail() -> None:
    context = make_context(make_data(documents=[{"type": "invoice"}]))
    assert run_check("present", context, "documents[type=lab-report]", {}) == (
        Outcome(
            status=Status.FAIL,
            path=("documents",),
            expected="[type=lab-report]",
            missing=Missing(parent=("documents",), steps="[type=lab-report]", is_last=True),
        ),
    )


def test_a_document_that_covers_another_lot_is_not_there() -> None:
    data = make_data(lots=[make_lot(), make_lot(id="L2")], documents=[{"type": "lab-report", "covers": ["L2"]}])
    field = "documents[type=lab-report]"
    assert statuses_of(run_check("present", make_context(data), field, {})) == ["fail"]
    assert statuses_of(run_check("present", make_context(data, index=1), field, {})) == ["pass"]


@pytest.mark.parametrize("field", ["documents[type=lab-report]", "documents[type=lab-report].number"])
def test_no_documents_key_is_unknown(field: str) -> None:
    assert run_check("present", make_context(), field, {}) == (
        Outcome(status=Status.UNKNOWN, path=(), missing=Missing(parent=(), steps=field, is_last=False)),
    )


@pytest.mark.parametrize(
    ("keys", "lacking"),
    [
        (["fruit_name"], []),
        (["fruit_name", "languages"], []),
        (["fruit_name", "packhouse", "origin"], ["packhouse", "origin"]),
    ],
)
def test_each_key_that_is_lacking_is_a_fail_of_its_own(keys: list[str], lacking: list[str]) -> None:
    outcomes = run_check("present", make_lot_context(labels=LABEL), "labels.box", {"keys": keys})
    place = ("lots", 0, "labels", "box")
    failing = tuple(
        Outcome(status=Status.FAIL, path=place, expected=key, missing=Missing(parent=place, steps=key, is_last=True))
        for key in lacking
    )
    passing = (Outcome(status=Status.PASS, path=place),)
    assert outcomes == (failing or passing)


def test_keys_of_a_label_that_is_not_described_are_unknown() -> None:
    outcomes = run_check("present", make_lot_context(labels={}), "labels.box.marks", {"keys": ["origin"]})
    assert outcomes == (
        Outcome(
            status=Status.UNKNOWN,
            path=("lots", 0, "labels"),
            missing=Missing(parent=("lots", 0, "labels"), steps="box.marks", is_last=False),
        ),
    )


def test_an_empty_list_fails() -> None:
    context = make_lot_context(orchards=[])
    assert run_check("present", context, "orchards", {}) == (
        Outcome(status=Status.FAIL, path=("lots", 0, "orchards"), found="[]", because=Message("check.present.empty")),
    )
    assert statuses_of(run_check("present", context, "orchards[*]", {})) == ["fail"]


def test_a_key_that_holds_an_empty_list_fails() -> None:
    context = make_lot_context(labels={"box": {"languages": [], "origin": "Viet Nam"}})
    assert statuses_of(run_check("present", context, "labels.box", {"keys": ["languages", "origin"]})) == ["fail"]


def test_each_member_is_judged() -> None:
    context = make_lot_context(orchards=[{"code": "A-1"}, {"area_ha": 2}])
    outcomes = run_check("present", context, "orchards[*].code", {})
    assert sorted((str(outcome.status), outcome.path) for outcome in outcomes) == [
        ("fail", ("lots", 0, "orchards", 1)),
        ("pass", ("lots", 0, "orchards", 0, "code")),
    ]


@pytest.mark.parametrize(
    ("orchards", "every", "some"),
    [
        ([{"code": "A-1"}, {"code": "A-2"}], ["pass", "pass"], ["pass", "pass"]),
        ([{"code": "A-1"}, {"area_ha": 2}], ["fail", "pass"], ["pass"]),
        ([{"area_ha": 2}, {"area_ha": 3}], ["fail", "fail"], ["fail", "fail"]),
        ([], ["unknown"], ["unknown"]),
    ],
)
def test_some_asks_for_one_place_that_has_it(orchards: list[object], every: list[str], some: list[str]) -> None:
    context = make_lot_context(orchards=orchards)
    field = "orchards[*].code"
    assert sorted(statuses_of(run_check("present", context, field, {"need": "some"}))) == some
    assert sorted(statuses_of(run_check("present", context, field, {"need": "every"}))) == every
    assert sorted(statuses_of(run_check("present", context, field, {}))) == every


@pytest.mark.parametrize("value", [False, 0, "none"])
def test_a_value_that_says_no_is_still_given(value: object) -> None:
    assert statuses_of(run_check("present", make_lot_context(treated=value), "treated", {})) == ["pass"]


@pytest.mark.parametrize(
    ("options", "is_taken"),
    [
        ({}, True),
        ({"keys": ["origin"]}, True),
        ({"keys": ["origin"], "need": "some"}, True),
        ({"need": "most"}, False),
        ({"keys": []}, False),
        ({"keys": "origin"}, False),
        ({"key": ["origin"]}, False),
    ],
)
def test_options_are_checked(options: dict[str, object], is_taken: bool) -> None:
    assert takes_options("present", options) is is_taken


def test_it_says_what_it_asks() -> None:
    assert say_options("present", {}).en == "the field is given"
    assert say_options("present", {"keys": ["origin", "code"]}).en == "these are given: origin, code"
