# SPDX-License-Identifier: Apache-2.0
"""`tell`: tells, whatever the manifest holds, and never decides."""

from __future__ import annotations

import pytest

from borderready.model import Outcome, Status
from tests.build import make_context, make_data, make_lot, run_check, say_options, takes_options


@pytest.mark.parametrize("lot", [make_lot(), make_lot(variety="Ri6")])
def test_it_is_always_manual(lot: dict[str, object]) -> None:
    context = make_context(make_data(lots=[lot]))
    assert run_check("tell", context, "variety", {}) == (Outcome(status=Status.MANUAL, path=("lots", 0)),)


def test_it_points_at_its_subject() -> None:
    (outcome,) = run_check("tell", make_context(each="shipment"), "shipment", {})
    assert outcome.path == ()


@pytest.mark.parametrize(("options", "is_taken"), [({}, True), ({"what": "x"}, False)])
def test_options_are_checked(options: dict[str, object], is_taken: bool) -> None:
    assert takes_options("tell", options) is is_taken


def test_it_says_what_it_asks() -> None:
    assert say_options("tell", {}).en == "nothing to check; for your information"
