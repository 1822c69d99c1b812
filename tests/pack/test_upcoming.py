# SPDX-License-Identifier: Apache-2.0
"""What starts or ends soon: wordings, rows, notices; as a calendar that calendars can read."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from icalendar import Calendar

from borderready.model import RuleBase
from borderready.model.calendar import Comes
from borderready.pack.upcoming import concerns, find_coming
from borderready.report.as_ical import MOST_OCTETS, stamp_of, upcoming_ical
from borderready.report.as_upcoming import upcoming_json
from tests.pack.packs import assert_valid, real, small

PALLET = "any/fresh-fruit/pallet-mark.yaml"
ACCESS = "tables/access.csv"
OPEN = "VN,lychee-fresh,open,,2019-06-01,,harbour-act,Annex 1,primary,"
NOTICE = """\
- id: quay-stop
  title: {en: "The quay; closed, all of it", vi: Bến đóng cửa, zh: 码头关闭}
  kind: closed
  applies_to: {product: [fresh-fruit], origin: [TH]}
  start: 2027-02-10
  until: 2027-02-13
  source: {instrument: harbour-act, locator: Notice 1, seen: primary, checked: 2026-11-20}
"""


def _coming(base: RuleBase, first: str = "2026-12-01", last: str = "2027-06-01") -> list[tuple[str, str, str]]:
    return [(one.day, str(one.comes), one.id) for one in find_coming(base, first=first, last=last)]


def test_wording_that_starts_is_told_with_what_changes() -> None:
    [one] = find_coming(small(), first="2026-12-01", last="2027-06-01")
    assert (one.comes, one.day, one.id) == (Comes.WORDING_STARTS, "2027-03-01", "any/fresh-fruit/pallet-mark")
    assert (one.lanes.products, one.acts) == (("fresh-fruit",), ("packer",))
    assert [detail.key for detail in one.details] == ["wording", "option", "option"]


@pytest.mark.parametrize(
    ("first", "last", "is_told"),
    [("2027-03-01", "2027-03-01", True), ("2027-03-02", "2027-09-01", False), ("2026-12-01", "2027-02-28", False)],
)
def test_both_ends_of_the_time_belong_to_it(first: str, last: str, is_told: bool) -> None:
    assert bool(_coming(small(), first, last)) is is_told


def test_repeal_notice_and_rows_are_told_by_their_days() -> None:
    base = small(
        ("any/any/paper-copy.yaml", "start: 2025-01-01", "start: 2027-01-01"),
        (ACCESS, OPEN, f"{OPEN.replace('2019-06-01,,', '2019-06-01,2027-01-31,')}"),
        (ACCESS, "VN,pepper-dried,open,,2019-06-01", "VN,pepper-dried,open,,2027-02-01"),
        added={"notices/quay.yaml": NOTICE},
    )
    assert _coming(base) == [
        ("2027-01-01", "repealed", "any/any/paper-copy"),
        ("2027-01-31", "row-ends", "access: VN, lychee-fresh"),
        ("2027-02-01", "row-starts", "access: VN, pepper-dried"),
        ("2027-02-10", "notice-starts", "quay-stop"),
        ("2027-02-13", "notice-ends", "quay-stop"),
        ("2027-03-01", "wording-starts", "any/fresh-fruit/pallet-mark"),
    ]


def test_row_that_another_follows_does_not_end() -> None:
    ends = OPEN.replace("2019-06-01,,", "2019-06-01,2027-01-31,")
    followed = f"{ends}\n{OPEN.replace('2019-06-01', '2027-02-01').replace('open', 'closed')}"
    base = small((ACCESS, OPEN, followed))
    one = find_coming(base, first="2027-01-01", last="2027-02-28")[0]
    assert (one.comes, one.day, one.lanes.origins) == (Comes.ROW_STARTS, "2027-02-01", ("VN",))
    assert [(detail.before, detail.after) for detail in one.details[1:]] == [("open", "closed")]


def test_many_rows_of_a_day_are_one_event() -> None:
    events = find_coming(real(), first="2026-09-02", last="2026-09-02")
    [rows] = [one for one in events if one.id == "contaminants"]
    assert (rows.comes, rows.rows > 50) == (Comes.ROW_STARTS, True)
    assert all(detail.row for detail in rows.details)


def test_one_lane_can_be_asked_for() -> None:
    events = find_coming(small(added={"notices/quay.yaml": NOTICE}), first="2027-02-01", last="2027-02-28")
    assert [concerns(one, origin="TH", words={"lychee-fresh", "fresh-fruit"}) for one in events] == [True, True]
    assert [concerns(one, origin="VN", words=None) for one in events] == [False, False]
    assert [concerns(one, origin=None, words={"pepper-dried"}) for one in events] == [False, False]


def test_json_follows_its_schema() -> None:
    base = real()
    found = find_coming(base, first="2026-01-01", last="2027-12-31")
    value = assert_valid(upcoming_json(found, base.pack, "2026-01-01", "2027-12-31"), "pack-upcoming")
    assert len(value["events"]) == len(found) > 10


# iCalendar


def _events(text: str) -> list[Any]:
    return list(Calendar.from_ical(text).walk("VEVENT"))


@pytest.mark.parametrize("language", ["en", "vi", "zh"])
def test_calendar_says_every_event_and_can_be_read(language: str) -> None:
    base = small(added={"notices/quay.yaml": NOTICE})
    found = find_coming(base, first="2026-12-01", last="2027-06-01")
    events = _events(upcoming_ical(found, base.pack, language))
    assert [event["DTSTART"].dt for event in events] == [date.fromisoformat(one.day) for one in found]
    for event, one in zip(events, found, strict=True):
        assert (event["DTEND"].dt - event["DTSTART"].dt).days == 1
        assert str(event["SUMMARY"]).startswith(one.title.in_language(language))
        assert one.id in str(event["DESCRIPTION"]).splitlines()
    assert str(events[0]["SUMMARY"]).startswith("The quay; closed, all of it: ") or language != "en"
    assert len({str(event["UID"]) for event in events}) == len(events)


def test_calendar_keeps_the_form_of_the_standard() -> None:
    base = real()
    text = upcoming_ical(find_coming(base, first="2020-01-01", last="2027-12-31"), base.pack, "zh")
    assert text.endswith("END:VCALENDAR\r\n")
    assert text.count("\n") == text.count("\r\n")
    lines = text.encode("utf-8").split(b"\r\n")
    assert max(map(len, lines)) <= MOST_OCTETS
    for line in lines:
        line.decode("utf-8")  # no character is cut in two
    assert text.count("BEGIN:VEVENT") == text.count("END:VEVENT") > 100
    events = _events(text)
    assert not any(event.errors for event in events)
    assert len({str(event["UID"]) for event in events}) == len(events)


def test_same_pack_gives_the_same_bytes_and_a_moved_start_the_same_uid() -> None:
    base, moved = small(), small((PALLET, "start: 2027-03-01", "start: 2027-04-01"))
    texts = [
        upcoming_ical(find_coming(one, first="2026-12-01", last="2027-06-01"), one.pack, "en")
        for one in (base, small(), moved)
    ]
    assert texts[0] == texts[1] != texts[2]
    old, new = (_events(text)[0] for text in (texts[0], texts[2]))
    assert (old["UID"], old["DTSTART"].dt) == (new["UID"], date(2027, 3, 1))


@pytest.mark.parametrize(
    ("version", "stamp"),
    [
        ("2026.11.0", "20261101T000000Z"),
        ("2026.9.12", "20260901T000000Z"),
        ("1.0.0", "19700101T000000Z"),
        ("2026.13.0", "19700101T000000Z"),
        ("0000.01.0", "19700101T000000Z"),
    ],
)
def test_stamp_is_that_of_the_version_and_never_of_the_clock(version: str, stamp: str) -> None:
    assert stamp_of(version) == stamp
