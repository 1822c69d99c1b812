# SPDX-License-Identifier: Apache-2.0
"""What dated copies of a list say of one code: a day that no copy speaks for is never taken for one or the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from borderready.keep.spans import Act, Span, apply_acts, day_after, status_on, take_copy
from borderready.model import Listed

CODE = "VN-DLOR-0123"
Days = tuple[str, str | None, str | None]


def row(status: str = "active", start: str | None = None, until: str | None = None) -> Listed:
    return Listed(row=2, code=CODE, status=status, start=start, until=until)


def take(*copies: tuple[str, Sequence[Listed]], since: str | None = None) -> tuple[Span, ...]:
    """Return the spans after copies of these days; `since` is said at the last one."""
    spans: tuple[Span, ...] = ()
    last = None
    for index, (as_of, rows) in enumerate(copies):
        said = since if index == len(copies) - 1 else None
        spans = take_copy(spans, rows, as_of=as_of, last=last, since=said)
        last = as_of
    return spans


def days(spans: Sequence[Span]) -> list[Days]:
    return [(span.status, span.start, span.until) for span in spans]


def act(what: str, start: str, until: str | None = None) -> Act:
    return Act(what=what, code=CODE, start=start, until=until, source="a letter")


def test_a_code_of_the_first_copy_is_active_from_its_day_and_unseen_before() -> None:
    assert days(take(("2026-11-01", [row()]))) == [("unseen", None, "2026-10-31"), ("active", "2026-11-01", None)]


def test_since_says_from_when_the_codes_of_a_first_copy_are_known_to_stand() -> None:
    found = take(("2026-11-01", [row()]), since="2026-03-01")
    assert days(found) == [("unseen", None, "2026-02-28"), ("active", "2026-03-01", None)]


def test_a_day_of_the_list_itself_wins_over_the_day_of_the_copy() -> None:
    found = take(("2026-11-01", [row(start="2024-05-01")]), since="2026-03-01")
    assert days(found) == [("active", "2024-05-01", None)]


def test_a_code_on_two_copies_goes_on() -> None:
    found = take(("2026-11-01", [row()]), ("2026-11-20", [row()]))
    assert days(found) == [("unseen", None, "2026-10-31"), ("active", "2026-11-01", None)]


def test_a_new_code_was_not_listed_on_the_day_of_the_copy_before_and_is_unseen_between() -> None:
    found = take(("2026-11-01", []), ("2026-11-20", [row()]))
    assert days(found) == [("unseen", "2026-11-02", "2026-11-19"), ("active", "2026-11-20", None)]
    assert status_on(found, "2026-11-01") is None


def test_since_cannot_put_a_new_code_on_a_copy_that_lacked_it() -> None:
    found = take(("2026-11-01", []), ("2026-11-20", [row()]), since="2026-01-01")
    assert days(found) == [("active", "2026-11-02", None)]


def test_copies_of_two_days_in_a_row_leave_no_day_unseen() -> None:
    assert days(take(("2026-11-01", []), ("2026-11-02", [row()]))) == [("active", "2026-11-02", None)]
    dropped = take(("2026-11-01", [row()]), ("2026-11-02", []))
    assert days(dropped)[1:] == [("active", "2026-11-01", "2026-11-01"), ("delisted", "2026-11-02", None)]


def test_a_dropped_code_is_active_until_the_copy_before_and_delisted_from_the_copy_that_lacks_it() -> None:
    found = take(("2026-11-01", [row()]), ("2026-11-20", []))
    assert days(found) == [
        ("unseen", None, "2026-10-31"),
        ("active", "2026-11-01", "2026-11-01"),
        ("unseen", "2026-11-02", "2026-11-19"),
        ("delisted", "2026-11-20", None),
    ]
    assert days(take(("2026-11-01", [row()]), ("2026-11-20", []), ("2026-11-25", []))) == days(found)


def test_a_code_that_comes_back_keeps_its_history() -> None:
    found = take(("2026-11-01", [row()]), ("2026-11-10", []), ("2026-11-20", [row()]))
    assert days(found)[1:] == [
        ("active", "2026-11-01", "2026-11-01"),
        ("unseen", "2026-11-02", "2026-11-09"),
        ("delisted", "2026-11-10", "2026-11-10"),
        ("unseen", "2026-11-11", "2026-11-19"),
        ("active", "2026-11-20", None),
    ]


def test_a_suspension_without_a_day_begins_with_the_copy_that_shows_it() -> None:
    found = take(("2026-11-01", [row()]), ("2026-11-20", [row("suspended")]))
    assert days(found)[1:] == [
        ("active", "2026-11-01", "2026-11-01"),
        ("unseen", "2026-11-02", "2026-11-19"),
        ("suspended", "2026-11-20", None),
    ]


def test_a_suspension_with_a_day_begins_then() -> None:
    found = take(("2026-11-01", [row()]), ("2026-11-20", [row("suspended", "2026-11-15")]))
    assert days(found)[-2:] == [("active", "2026-11-01", "2026-11-14"), ("suspended", "2026-11-15", None)]


def test_after_a_suspension_with_an_end_nothing_is_known() -> None:
    found = take(("2026-11-01", [row("suspended", "2026-10-01", "2026-11-10")]))
    assert days(found) == [
        ("unseen", None, "2026-09-30"),
        ("suspended", "2026-10-01", "2026-11-10"),
        ("unseen", "2026-11-11", None),
    ]


def test_several_dated_rows_are_the_history_of_a_code() -> None:
    rows = [row("suspended", "2026-09-15"), row("active", "2023-06-02", "2026-09-14")]
    expected = [("active", "2023-06-02", "2026-09-14"), ("suspended", "2026-09-15", None)]
    assert days(take(("2026-11-01", rows))) == expected
    assert days(take(("2026-10-01", [row()]), ("2026-11-01", rows))) == expected


def test_a_row_that_ended_before_the_copy_leaves_the_code_delisted() -> None:
    found = take(("2026-11-01", [row(until="2026-06-30")]))
    assert days(found) == [("unseen", None, "2026-06-30"), ("delisted", "2026-07-01", None)]


def test_a_row_that_ended_before_the_copy_before_changes_nothing_of_what_that_copy_said() -> None:
    found = take(("2026-11-01", [row("suspended")]), ("2026-11-20", [row(until="2026-10-15")]))
    assert days(found)[1:] == [("suspended", "2026-11-01", "2026-11-01"), ("delisted", "2026-11-02", None)]


def test_new_facts_hold_from_the_day_of_their_copy_and_facts_left_out_stay() -> None:
    first = Listed(row=2, code=CODE, holder="An Phu", area_ha=Decimal("12.5"))
    second = Listed(row=2, code="vn dlor 0123", holder="Krong Pac")
    found = take(("2026-11-01", [first]), ("2026-11-10", [row()]), ("2026-11-20", [second]))
    assert [(span.start, span.holder, span.area_ha, span.code) for span in found if span.status == "active"] == [
        ("2026-11-01", "An Phu", Decimal("12.5"), CODE),
        ("2026-11-20", "Krong Pac", Decimal("12.5"), CODE),
    ]


# the user's own acts


LISTED = take(("2026-11-01", [row()]), since="2026-01-01")[1:]


@pytest.mark.parametrize(
    ("acts", "expected"),
    [
        (
            [act("suspend", "2026-11-20")],
            [("active", "2026-01-01", "2026-11-19"), ("suspended", "2026-11-20", None)],
        ),
        (
            [act("suspend", "2026-11-20", "2026-11-22")],
            [
                ("active", "2026-01-01", "2026-11-19"),
                ("suspended", "2026-11-20", "2026-11-22"),
                ("active", "2026-11-23", None),
            ],
        ),
        (
            [act("suspend", "2026-11-20"), act("resume", "2026-11-25")],
            [
                ("active", "2026-01-01", "2026-11-19"),
                ("suspended", "2026-11-20", "2026-11-24"),
                ("active", "2026-11-25", None),
            ],
        ),
        ([act("suspend", "2026-11-20"), act("resume", "2026-11-20")], [("active", "2026-01-01", None)]),
        (
            [act("delist", "2026-11-20"), act("resume", "2026-11-21")],
            [
                ("active", "2026-01-01", "2026-11-19"),
                ("delisted", "2026-11-20", "2026-11-20"),
                ("active", "2026-11-21", None),
            ],
        ),
    ],
)
def test_acts_stand_on_top_of_what_copies_say(acts: list[Act], expected: list[Days]) -> None:
    assert days(apply_acts(LISTED, acts)) == expected


def test_resume_ends_a_suspension_by_the_list() -> None:
    listed = take(("2026-11-01", [row("suspended", "2026-10-01")]))[1:]
    assert days(apply_acts(listed, [act("resume", "2026-11-10")])) == [
        ("suspended", "2026-10-01", "2026-11-09"),
        ("active", "2026-11-10", None),
    ]


def test_resume_does_not_bring_back_what_the_list_dropped() -> None:
    listed = take(("2026-11-01", [row()]), ("2026-11-20", []))
    assert apply_acts(listed, [act("resume", "2026-11-21")]) == listed


# for any copies and acts


A_DAY = st.integers(0, 60).map(lambda n: (date(2026, 10, 1) + timedelta(days=n)).isoformat())
STATUS = st.sampled_from(["active", "suspended", "delisted"])


@st.composite
def rows_of_a_copy(draw: st.DrawFn) -> list[Listed]:
    """Rows as published.py lets them through: none, one, or dated ones that do not overlap."""
    if draw(st.booleans()):
        return [row(draw(STATUS), None, draw(st.none() | A_DAY))] if draw(st.booleans()) else []
    marks = sorted(draw(st.lists(A_DAY, min_size=1, max_size=3, unique=True)))
    rows = [row(draw(STATUS), start, None) for start in marks]
    closed = [replace(one, until=max(one.start or "", marks[i])) for i, one in enumerate(rows[:-1])]
    return [*closed, rows[-1]]


COPIES = st.lists(st.tuples(A_DAY, rows_of_a_copy()), min_size=1, max_size=5, unique_by=lambda copy: copy[0]).map(
    sorted
)
ACTS = st.lists(st.builds(act, st.sampled_from(["suspend", "delist", "resume"]), A_DAY, st.none()), max_size=3)


@settings(max_examples=400, deadline=None)
@given(copies=COPIES, acts=ACTS)
def test_spans_never_overlap_and_stand_in_order(copies: list[tuple[str, list[Listed]]], acts: list[Act]) -> None:
    for spans in (take(*copies), apply_acts(take(*copies), acts)):
        for earlier, later in pairwise(spans):
            assert earlier.until is not None and later.start is not None
            assert earlier.until < later.start
        assert all(span.start is None or span.until is None or span.start <= span.until for span in spans)


@given(copies=COPIES)
def test_each_copy_is_believed_of_its_own_day(copies: list[tuple[str, list[Listed]]]) -> None:
    """Where the copy itself gives no other days, whatever later copies say."""
    spans = take(*copies)
    plain = all(one.start is None and one.until is None for _, rows in copies for one in rows)
    for as_of, rows in copies if plain else []:
        stands = status_on(spans, as_of)
        assert stands == rows[0].status if rows else stands in (None, "delisted", "unseen")


@given(copies=COPIES, other=A_DAY)
def test_a_day_between_two_copies_that_differ_is_never_called_active(
    copies: list[tuple[str, list[Listed]]], other: str
) -> None:
    plain = [(as_of, [row()] if rows else []) for as_of, rows in copies]
    spans = take(*plain)
    before = [rows for as_of, rows in plain if as_of <= other]
    after = [rows for as_of, rows in plain if as_of >= other]
    if before and after and bool(before[-1]) != bool(after[0]):
        assert status_on(spans, other) == "unseen"
    if not before and after and after[0]:
        assert status_on(spans, other) == "unseen"


def test_days_end_with_the_calendar() -> None:
    assert day_after("9999-12-31") == "9999-12-31"
