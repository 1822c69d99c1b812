# SPDX-License-Identifier: Apache-2.0
"""`apart`: one container is not in two places."""

from __future__ import annotations

import pytest

from borderready.model import Force, Grade, Outcome, Use
from tests.build import make_context, make_data, make_row, make_source, make_table, run_check, statuses_of
from tests.checks.test_once import history_of
from tests.test_across import USE

TIMES = make_table(
    "times",
    ["mode", "from", "to"],
    make_row({"mode": "road", "from": "*", "to": "*", "days": "1"}, source=make_source(seen=Grade.MEMORY)),
    make_row({"mode": "road", "from": "hekou", "to": "mong-cai", "days": "4"}, source=make_source(seen=Grade.MEMORY)),
)
OTHER = USE._replace(kind="container", key="TCLU1234568", reference="B-2", start="2026-11-25", until="2026-11-27")
SAME, NORTH = "huu-nghi > youyiguan", "lao-cai > hekou"


def judge(
    start: str | None, until: str | None, other: Use | None = OTHER, exit_: str = "huu-nghi"
) -> tuple[Outcome, ...]:
    dates = {name: day for name, day in (("departure", start), ("arrival", until)) if day is not None}
    shipment = {
        "origin": "VN",
        "mode": "road",
        "route": {"exit": exit_, "entry": "youyiguan"},
        "transport": {"container": "TCLU 123456-8"},
        "dates": dates,
    }
    history = history_of(*([other] if other is not None else []))
    context = make_context(make_data(shipment=shipment), each="shipment", tables={"times": TIMES}, history=history)
    return run_check("apart", context, "shipment.transport.container", {"table": "times"})


@pytest.mark.parametrize(
    ("start", "until", "place", "key"),
    [
        ("2026-11-26", "2026-11-28", SAME, "overlap"),
        ("2026-11-24", "2026-11-25", NORTH, "overlap"),
        ("2026-11-27", "2026-11-28", NORTH, "overlap"),
        ("2026-11-27", "2026-11-28", SAME, "soon"),
        ("2026-11-25", "2026-11-27", SAME, "together"),
        ("2026-11-25", "2026-11-27", NORTH, "overlap"),
        ("2026-11-28", "2026-11-28", NORTH, None),
        ("2026-11-24", "2026-11-24", SAME, None),
    ],
)
def test_journeys_clash_by_days_and_gates(start: str, until: str, place: str, key: str | None) -> None:
    (outcome,) = judge(start, until, OTHER._replace(place=place))
    assert outcome.status == ("fail" if key else "pass")
    assert (outcome.because.key if outcome.because else None) == (f"check.apart.{key}" if key else None)


def test_the_narrower_row_of_the_table_decides_and_its_grade_goes_with_the_fail() -> None:
    (outcome,) = judge("2026-11-30", "2026-12-01", OTHER._replace(place=NORTH), exit_="mong-cai")
    assert outcome.status == "fail"
    assert outcome.source is not None and outcome.source.seen is Grade.MEMORY
    assert statuses_of(judge("2026-12-01", "2026-12-01", OTHER._replace(place=NORTH), exit_="mong-cai")) == ["pass"]


def test_one_load_under_two_references_only_warns() -> None:
    (outcome,) = judge("2026-11-25", "2026-11-27")
    assert outcome.at_most is Force.WARNS
    (outcome,) = judge("2026-11-25", "2026-11-27", OTHER._replace(place=NORTH))
    assert outcome.at_most is Force.BLOCKS


def test_days_that_are_not_given_leave_it_undecided() -> None:
    (outcome,) = judge("2026-11-25", None)
    assert outcome.missing is not None and outcome.missing.steps == "arrival"
    assert statuses_of(judge("2026-11-25", "2026-11-26", OTHER._replace(until=None))) == ["unknown"]


def test_a_container_without_another_journey_passes_whatever_its_days() -> None:
    assert statuses_of(judge(None, None, None)) == ["pass"]
