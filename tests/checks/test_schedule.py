# SPDX-License-Identifier: Apache-2.0
"""`schedule`: the treatments follow one of several schedules, step by step and in order."""

from __future__ import annotations

from decimal import Decimal
from itertools import permutations

import pytest

from borderready.model import Message, Missing, Outcome, Status
from tests.build import make_lot_context, run_check, say_options, statuses_of, takes_options

PLACE = ("lots", 0, "treatments")
FUMIGATION = {"kind": "fumigation", "agent": "methyl bromide", "dose_g_m3": 32, "duration_h": 2}
COLD = {"kind": "cold", "max_temperature_c": Decimal("2.77"), "duration_days": 10}
HEAT = {"kind": "heat", "core_temperature_c": 47, "duration_min": 20}
WAX: dict[str, object] = {"kind": "wax"}
FUMIGATION_STEP = {"kind": "fumigation", "agent": "methyl bromide", "min": {"dose_g_m3": 32, "duration_h": 2}}
COLD_STEP = {"kind": "cold", "min": {"duration_days": 10}, "max": {"max_temperature_c": Decimal("2.77")}}
HEAT_STEP = {"kind": "heat", "min": {"core_temperature_c": 47, "duration_min": 20}}
BOTH: dict[str, object] = {"alternatives": [{"name": "both", "steps": [FUMIGATION_STEP, COLD_STEP]}]}
EITHER: dict[str, object] = {
    "alternatives": [
        {"name": "both", "steps": [FUMIGATION_STEP, COLD_STEP]},
        {"name": "heat", "steps": [HEAT_STEP]},
    ]
}


def judge(*treatments: dict[str, object], options: dict[str, object] = BOTH) -> Outcome:
    """Return the one outcome for these treatments."""
    (outcome,) = run_check("schedule", make_lot_context(treatments=list(treatments)), "treatments", options)
    return outcome


def fail_no_step(name: str, step: str, kind: str) -> Outcome:
    because = Message("check.schedule.no_step", {"name": name, "step": step, "kind": kind})
    return Outcome(status=Status.FAIL, path=PLACE, expected=name, because=because)


PASS = Outcome(status=Status.PASS, path=PLACE, expected="both")


def test_treatments_in_order_pass() -> None:
    assert judge(FUMIGATION, COLD) == PASS


def test_treatments_out_of_order_fail_and_say_which_step() -> None:
    assert judge(COLD, FUMIGATION) == fail_no_step("both", "2", "cold")


@pytest.mark.parametrize(
    ("treatments", "step", "kind"),
    [([FUMIGATION], "2", "cold"), ([COLD], "1", "fumigation"), ([WAX], "1", "fumigation")],
)
def test_a_step_that_is_missing_is_named(treatments: list[dict[str, object]], step: str, kind: str) -> None:
    assert judge(*treatments) == fail_no_step("both", step, kind)


@pytest.mark.parametrize("treatments", list(permutations([FUMIGATION, COLD, WAX])))
def test_other_treatments_between_the_steps_do_not_matter(treatments: tuple[dict[str, object], ...]) -> None:
    is_in_order = treatments.index(FUMIGATION) < treatments.index(COLD)
    assert judge(*treatments).status is (Status.PASS if is_in_order else Status.FAIL)


@pytest.mark.parametrize(
    ("key", "index", "at", "below", "above"),
    [
        ("dose_g_m3", 0, 32, "fail", "pass"),
        ("duration_h", 0, 2, "fail", "pass"),
        ("duration_days", 1, 10, "fail", "pass"),
        ("max_temperature_c", 1, Decimal("2.77"), "pass", "fail"),
    ],
)
def test_each_figure_is_within_its_bound_which_is_included(
    key: str, index: int, at: Decimal, below: str, above: str
) -> None:
    tiny = Decimal("0.01")
    for figure, status in ((at - tiny, below), (at, "pass"), (at + tiny, above)):
        treatments = [dict(FUMIGATION), dict(COLD)]
        treatments[index][key] = figure
        assert judge(*treatments).status is Status(status)


def test_a_figure_out_of_bound_shows_what_is_there_and_what_is_asked() -> None:
    assert judge(FUMIGATION, {**COLD, "duration_days": 9}) == Outcome(
        status=Status.FAIL,
        path=(*PLACE, 1, "duration_days"),
        found="9",
        expected="duration_days >= 10",
        because=Message("check.schedule.bound", {"name": "both", "step": "2", "kind": "cold"}),
    )
    outcome = judge(FUMIGATION, {**COLD, "max_temperature_c": 3})
    assert (outcome.found, outcome.expected) == ("3", "max_temperature_c <= 2.77")


@pytest.mark.parametrize(
    ("index", "key"), [(0, "dose_g_m3"), (0, "duration_h"), (1, "duration_days"), (1, "max_temperature_c")]
)
def test_a_treatment_that_lacks_a_figure_is_unknown(index: int, key: str) -> None:
    treatments = [dict(FUMIGATION), dict(COLD)]
    del treatments[index][key]
    assert judge(*treatments) == Outcome(
        status=Status.UNKNOWN,
        path=(*PLACE, index),
        missing=Missing(parent=(*PLACE, index), steps=key, is_last=True),
    )


@pytest.mark.parametrize(("agent", "status"), [("METHYL  BROMIDE", "pass"), ("phosphine", "fail")])
def test_the_agent_is_compared_as_text(agent: str, status: str) -> None:
    assert judge({**FUMIGATION, "agent": agent}, COLD).status is Status(status)


def test_a_treatment_that_lacks_its_agent_is_unknown() -> None:
    treatment = {key: value for key, value in FUMIGATION.items() if key != "agent"}
    assert judge(treatment, COLD) == Outcome(
        status=Status.UNKNOWN, path=(*PLACE, 0), missing=Missing(parent=(*PLACE, 0), steps="agent", is_last=True)
    )


def test_a_figure_that_is_no_number_never_passes() -> None:
    outcome = judge(FUMIGATION, {**COLD, "duration_days": "10"})
    assert (outcome.status, outcome.because) == (Status.FAIL, Message("check.not_a_number"))


def test_two_steps_of_one_kind_need_two_treatments() -> None:
    twice: dict[str, object] = {"alternatives": [{"name": "twice", "steps": [HEAT_STEP, HEAT_STEP]}]}
    assert judge(HEAT, options=twice) == fail_no_step("twice", "2", "heat")
    assert judge(HEAT, HEAT, options=twice).status is Status.PASS


# Alternatives.


@pytest.mark.parametrize(
    ("treatments", "name"), [([FUMIGATION, COLD], "both"), ([HEAT], "heat"), ([COLD, FUMIGATION, HEAT], "heat")]
)
def test_one_of_the_alternatives_is_enough(treatments: list[dict[str, object]], name: str) -> None:
    assert judge(*treatments, options=EITHER) == Outcome(status=Status.PASS, path=PLACE, expected=name)


def test_an_alternative_that_passes_outweighs_one_that_is_unknown() -> None:
    assert judge({"kind": "fumigation", "agent": "methyl bromide"}, HEAT, options=EITHER).status is Status.PASS


def test_an_alternative_that_is_unknown_outweighs_one_that_fails() -> None:
    outcome = judge({**HEAT, "core_temperature_c": 46}, FUMIGATION, {"kind": "cold"}, options=EITHER)
    assert outcome == Outcome(
        status=Status.UNKNOWN,
        path=(*PLACE, 2),
        missing=Missing(parent=(*PLACE, 2), steps="duration_days", is_last=True),
    )


def test_where_none_is_followed_the_nearest_is_told() -> None:
    outcome = judge({**HEAT, "duration_min": 19}, options=EITHER)
    assert outcome == Outcome(
        status=Status.FAIL,
        path=(*PLACE, 0, "duration_min"),
        found="19",
        expected="duration_min >= 20",
        because=Message("check.schedule.bound", {"name": "heat", "step": "1", "kind": "heat"}),
    )


def test_of_schedules_equally_near_the_first_is_told() -> None:
    assert judge(WAX, options=EITHER) == fail_no_step("both", "1", "fumigation")


# Absent.


def test_no_treatments_at_all_are_unknown() -> None:
    missing = Missing(parent=("lots", 0), steps="treatments", is_last=True)
    assert run_check("schedule", make_lot_context(), "treatments", BOTH) == (
        Outcome(status=Status.UNKNOWN, path=("lots", 0), missing=missing),
    )


def test_an_empty_list_of_treatments_fails_since_nothing_was_done() -> None:
    assert judge() == fail_no_step("both", "1", "fumigation")


@pytest.mark.parametrize(
    ("options", "is_taken"),
    [
        ({"alternatives": [{"name": "a", "steps": [{"kind": "cold"}]}]}, True),
        (
            {
                "alternatives": [
                    {"name": "a", "steps": [{"kind": "cold", "agent": "air", "min": {"x": 1}, "max": {"y": 2}}]}
                ]
            },
            True,
        ),
        ({}, False),
        ({"alternatives": []}, False),
        ({"alternatives": [{"name": "a"}]}, False),
        ({"alternatives": [{"name": "a", "steps": []}]}, False),
        ({"alternatives": [{"steps": [{"kind": "cold"}]}]}, False),
        ({"alternatives": [{"name": "a", "steps": [{"agent": "air"}]}]}, False),
        ({"alternatives": [{"name": "a", "steps": [{"kind": "cold", "min": {"x": "1"}}]}]}, False),
        ({"alternatives": [{"name": "a", "steps": [{"kind": "cold", "order": 1}]}]}, False),
        ({"alternatives": [{"name": "a", "steps": [{"kind": "cold"}], "order": 1}]}, False),
        ({"alternatives": [{"name": "a", "steps": [{"kind": "cold"}]}], "order": 1}, False),
    ],
)
def test_options_are_checked(options: dict[str, object], is_taken: bool) -> None:
    assert takes_options("schedule", options) is is_taken


def test_it_says_what_it_asks() -> None:
    assert say_options("schedule", EITHER).en == "one of the schedules: both / heat"


def test_each_place_is_judged() -> None:
    context = make_lot_context(parts=[{"treatments": [FUMIGATION, COLD]}, {"treatments": [COLD]}, {}])
    outcomes = run_check("schedule", context, "parts[*].treatments", BOTH)
    assert sorted(statuses_of(outcomes)) == ["fail", "pass", "unknown"]
