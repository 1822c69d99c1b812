# SPDX-License-Identifier: Apache-2.0
"""`none_of`: a forbidden value does not occur; nothing found in a list that is given is a pass."""

from __future__ import annotations

import pytest

from borderready.model import Message, Missing, Outcome, Status
from tests.build import make_lot_context, run_check, say_options, statuses_of, takes_options


@pytest.mark.parametrize(
    ("found", "kind", "values", "status"),
    [
        ("foam-net", "text", ["straw"], "pass"),
        ("Straw", "text", ["straw"], "fail"),
        ("ＳＴＲＡＷ ", "text", ["straw"], "fail"),
        ("straw bales", "text", ["straw"], "pass"),
        ("straw bales", "words", ["straw"], "fail"),
        ("strawberry leaves", "words", ["straw"], "pass"),
        ("rice-straw", "words", ["straw"], "fail"),
        ("rice-straw", "words", ["rice-straw"], "fail"),
        ("wrapped in banana leaf.", "words", ["banana leaf"], "fail"),
        ("lá chuối", "words", ["lá"], "fail"),
        ("túi láng", "words", ["lá"], "pass"),
        ("稻草包装", "words", ["稻草"], "fail"),
        ("纸箱包装", "words", ["稻草"], "pass"),
        ("Bactrocera correcta (Bezzi)", "scientific-name", ["Bactrocera correcta"], "fail"),
        ("Bactrocera dorsalis", "scientific-name", ["Bactrocera correcta"], "pass"),
        ("Bactrocera dorsalis", "scientific-name", ["Bactrocera sp."], "fail"),
        ("Bactrocera sp.", "scientific-name", ["Bactrocera correcta"], "unknown"),
        ("Bactrocera", "scientific-name", ["Ceratitis capitata", "Bactrocera correcta"], "unknown"),
        ("Dacus spp.", "scientific-name", ["Bactrocera correcta"], "pass"),
        ("Bactrocera", "text", ["Bactrocera correcta"], "pass"),
        ("VN-001", "code", ["vn 001"], "fail"),
    ],
)
def test_a_value_is_compared_as_the_rule_says(found: str, kind: str, values: list[str], status: str) -> None:
    context = make_lot_context(padding=found)
    assert statuses_of(run_check("none_of", context, "padding", {"values": values, "as": kind})) == [status]


def test_a_fail_shows_what_was_found_and_why() -> None:
    context = make_lot_context(padding="straw")
    assert run_check("none_of", context, "padding", {"values": ["straw", "soil"]}) == (
        Outcome(
            status=Status.FAIL,
            path=("lots", 0, "padding"),
            found="straw",
            because=Message("check.none_of.fail", {"values": "straw, soil"}),
        ),
    )


def test_a_list_that_is_given_and_empty_passes() -> None:
    context = make_lot_context(inspection={"pests_found": []})
    assert run_check("none_of", context, "inspection.pests_found[*]", {"values": ["Bactrocera correcta"]}) == (
        Outcome(status=Status.PASS, path=("lots", 0, "inspection", "pests_found"), found="[]"),
    )


@pytest.mark.parametrize(
    ("lot", "missing"),
    [
        ({}, Missing(parent=("lots", 0), steps="inspection.pests_found[*]", is_last=False)),
        ({"inspection": {}}, Missing(parent=("lots", 0, "inspection"), steps="pests_found[*]", is_last=False)),
    ],
)
def test_a_list_that_is_not_given_is_unknown(lot: dict[str, object], missing: Missing) -> None:
    outcomes = run_check("none_of", make_lot_context(**lot), "inspection.pests_found[*]", {"values": ["soil"]})
    (outcome,) = outcomes
    assert (outcome.status, outcome.path, outcome.missing and outcome.missing.steps) == (
        Status.UNKNOWN,
        missing.parent,
        missing.steps,
    )


def test_each_member_is_judged() -> None:
    context = make_lot_context(defects=["rotten", "scratched", "rotten"])
    outcomes = run_check("none_of", context, "defects[*]", {"values": ["rotten"]})
    assert [(str(outcome.status), outcome.path) for outcome in outcomes] == [
        ("fail", ("lots", 0, "defects", 0)),
        ("pass", ("lots", 0, "defects", 1)),
        ("fail", ("lots", 0, "defects", 2)),
    ]


def test_a_member_that_lacks_the_key_is_unknown() -> None:
    context = make_lot_context(sprays=[{"agent": "water"}, {"dose": "1 l"}])
    outcomes = run_check("none_of", context, "sprays[*].agent", {"values": ["carbofuran"]})
    assert statuses_of(outcomes) == ["pass", "unknown"]


@pytest.mark.parametrize(
    ("options", "is_taken"),
    [
        ({"values": ["straw"]}, True),
        ({"values": ["straw"], "as": "words"}, True),
        ({}, False),
        ({"values": []}, False),
        ({"values": ["straw"], "need": "some"}, False),
    ],
)
def test_options_are_checked(options: dict[str, object], is_taken: bool) -> None:
    assert takes_options("none_of", options) is is_taken


def test_it_says_what_it_asks() -> None:
    assert say_options("none_of", {"values": ["straw", "soil"]}).en == "none of: straw, soil"
