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


def judge(start: str | None, until: str | None, *others: Use | None, exit_: str = "huu-nghi") -> tuple[Outcome, ...]:
    """Judge a journey against others, one that lasts from 25 to 27 November where none are named."""
    dates = {name: day for name, day in (("departure", start), ("arrival", until)) if day is not None}
    shipment = {
        "origin": "VN",
        "mode": "road",
        "route": {"exit": exit_, "entry": "youyiguan"},
        "transport": {"container": "TCLU 123456-8"},
        "dates": dates,
    }
    history = history_of(*(other for other in others or (OTHER,) if other is not None))
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


def test_the_last_three_clashes_are_told_in_the_order_of_their_days() -> None:
    days = ("2026-11-22", "2026-11-23", "2026-11-24", "2026-11-25")
    clashes = [OTHER._replace(reference=f"B-{day}", start=day, until="2026-11-27", place=NORTH) for day in days]
    undated = OTHER._replace(reference="B-0", start=None)
    told = [
        str(one.because.args["other"])[:12] for one in judge(days[-1], "2026-11-27", undated, *clashes) if one.because
    ]
    assert told == [f"B-{day}" for day in days[1:]]
    assert statuses_of(judge(days[-1], "2026-11-27", undated, clashes[0])) == ["fail"]


def test_journeys_without_days_are_told_where_none_clashes() -> None:
    undated = [OTHER._replace(reference=f"B-{number}", start=None, until=None) for number in range(5)]
    told = [str(one.because.args["other"])[:3] for one in judge("2026-11-25", "2026-11-27", *undated) if one.because]
    assert told == ["B-2", "B-3", "B-4"]


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
