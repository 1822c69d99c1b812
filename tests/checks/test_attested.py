# SPDX-License-Identifier: Apache-2.0
"""`attested`: somebody vouches for what no field can show; without one a person has to look."""

from __future__ import annotations

import pytest

from borderready.model import Message, Missing, Outcome, Status
from tests.build import make_context, make_data, make_lot, run_check, say_options, statuses_of, takes_options

GAP: dict[str, object] = {"what": "orchard-gap", "by": "packhouse"}
OPTIONS = {"what": "orchard-gap"}


@pytest.mark.parametrize("attestations", [None, [], [{**GAP, "what": "cleaning"}], [{**GAP, "covers": ["L2"]}]])
def test_without_an_attestation_for_this_lot_the_answer_is_manual(attestations: list[object] | None) -> None:
    lots = [make_lot(), make_lot(id="L2")]
    data = make_data(lots=lots) if attestations is None else make_data(lots=lots, attestations=attestations)
    missing = Missing(parent=("attestations",), steps="[what=orchard-gap]", is_last=True)
    if attestations is None:
        missing = Missing(parent=(), steps="attestations[what=orchard-gap]", is_last=False)
    assert run_check("attested", make_context(data), "attestations", OPTIONS) == (
        Outcome(status=Status.MANUAL, path=missing.parent, expected="orchard-gap", missing=missing),
    )


@pytest.mark.parametrize(
    ("changes", "status", "because"),
    [
        ({}, Status.PASS, None),
        ({"covers": ["L1"]}, Status.PASS, None),
        ({"holds": True}, Status.PASS, None),
        ({"holds": False}, Status.FAIL, Message("check.attested.denied")),
        ({"valid_until": "2026-11-26"}, Status.PASS, None),
        (
            {"valid_until": "2026-11-25"},
            Status.FAIL,
            Message("check.attested.lapsed", {"until": "2026-11-25", "day": "2026-11-26"}),
        ),
        ({"holds": False, "valid_until": "2027-01-01"}, Status.FAIL, Message("check.attested.denied")),
    ],
)
def test_an_attestation_passes_unless_it_denies_or_has_lapsed(
    changes: dict[str, object], status: Status, because: Message | None
) -> None:
    context = make_context(make_data(attestations=[{"what": "other"}, {**GAP, **changes}]))
    (outcome,) = run_check("attested", context, "attestations", OPTIONS)
    assert (outcome.status, outcome.path, outcome.because) == (status, ("attestations", 1), because)


def test_each_attestation_of_the_name_is_judged() -> None:
    context = make_context(make_data(attestations=[GAP, {**GAP, "holds": False}]))
    assert statuses_of(run_check("attested", context, "attestations", OPTIONS)) == ["pass", "fail"]


@pytest.mark.parametrize(
    ("options", "is_taken"),
    [
        ({"what": "orchard-gap"}, True),
        ({}, False),
        ({"what": "Orchard GAP"}, False),
        ({"what": "x", "by": "y"}, False),
    ],
)
def test_options_are_checked(options: dict[str, object], is_taken: bool) -> None:
    assert takes_options("attested", options) is is_taken


def test_it_says_what_it_asks() -> None:
    assert say_options("attested", OPTIONS).en == "an attestation 'orchard-gap'"
