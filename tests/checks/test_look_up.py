# SPDX-License-Identifier: Apache-2.0
"""Finding a row of a table: by its key, on a day, the narrowest first."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from borderready.checks.look_up import find_row, find_rows
from borderready.model import Row
from tests.build import LAW, make_row, make_table

DAY = "2026-11-26"
DURIAN = ("durian-fresh", "durian", "fresh-fruit")
days = st.dates(date(2024, 1, 1), date(2026, 12, 31)).map(date.isoformat)


def make_lane(origin: str, product: str, status: str, **changes: object) -> Row:
    return make_row({"origin": origin, "product": product, "status": status}, **changes)


def status_of(row: Row | None) -> str | None:
    return None if row is None else row.cells["status"]


def look_up(
    *rows: Row, day: str | None = DAY, kinds: Mapping[str, str] | None = None, **asked: tuple[str, ...]
) -> str | None:
    table = make_table("lanes", ["origin", "product"], *rows, kinds=kinds or {})
    return status_of(find_row(table, {"origin": ("VN",), "product": DURIAN, **asked}, day))


@pytest.mark.parametrize(
    "rows",
    [
        [("VN", "durian-fresh"), ("VN", "durian"), ("VN", "fresh-fruit"), ("VN", "*"), ("*", "*")],
        [("VN", "durian"), ("VN", "fresh-fruit"), ("VN", "*"), ("*", "durian"), ("*", "*")],
        [("VN", "fresh-fruit"), ("*", "durian-fresh")],
        [("VN", "*"), ("*", "*")],
        [("*", "durian-fresh"), ("*", "durian"), ("*", "*")],
    ],
)
def test_the_narrowest_row_wins_in_any_order(rows: list[tuple[str, str]]) -> None:
    made = [make_lane(origin, product, f"{origin} {product}") for origin, product in rows]
    assert look_up(*made) == look_up(*reversed(made)) == made[0].cells["status"]


def test_no_row_matches_another_word() -> None:
    assert look_up(make_lane("TH", "durian-fresh", "open"), make_lane("VN", "banana", "open")) is None
    assert look_up(make_lane("VN", "durian-fresh", "open"), origin=()) is None
    assert look_up() is None


@settings(LAW, max_examples=200)
@given(days, st.none() | days, st.none() | days)
def test_a_row_holds_from_its_start_to_its_end_both_included(day: str, start: str | None, until: str | None) -> None:
    held = (start is None or start <= day) and (until is None or day <= until)
    row = make_lane("VN", "durian-fresh", "open", start=start, until=until)
    assert look_up(row, day=day) == ("open" if held else None)
    assert look_up(row, day=None) == "open"


def test_of_equally_narrow_rows_the_one_that_starts_last_wins_then_the_first() -> None:
    old = make_lane("VN", "durian", "old", start="2024-01-01")
    new = make_lane("VN", "durian", "new", start="2025-01-01")
    twin = make_lane("VN", "durian", "twin", start="2025-01-01")
    never = make_lane("VN", "durian", "never")
    assert look_up(old, new, never) == look_up(never, new, old) == "new"
    assert look_up(new, twin) == "new"
    assert look_up(twin, new) == "twin"
    assert look_up(old, new, day="2024-06-01") == "old"


def test_a_narrow_row_that_no_longer_holds_gives_way() -> None:
    narrow = make_lane("VN", "durian-fresh", "narrow", until="2026-11-25")
    assert look_up(narrow, make_lane("VN", "*", "wide")) == "wide"
    assert look_up(narrow, make_lane("VN", "*", "wide"), day="2026-11-25") == "narrow"


@pytest.mark.parametrize(
    ("kind", "cell", "asked", "is_found"),
    [
        ("scientific-name", "Musa sp.", "Musa acuminata Colla", True),
        ("scientific-name", "Durio zibethinus", "DURIO ZIBETHINUS Murr.", True),
        ("scientific-name", "Durio zibethinus", "Durio kutejensis", False),
        ("scientific-name", "Selenicereus undatus", "Hylocereus undatus", True),
        ("digits", "0810600000", "0810.60.00.00", True),
        ("digits", "0810600000", "0810600001", False),
        ("code", "VN-001", "vn001", True),
        ("text", "VN-001", "vn001", False),
        ("text", "Durian Fresh", "durian  FRESH", True),
        ("slug", "durian-fresh", "durian-fresh", True),
    ],
)
def test_a_cell_is_compared_as_its_column_says(kind: str, cell: str, asked: str, is_found: bool) -> None:
    row = make_lane("VN", cell, "found")
    assert look_up(row, kinds={"product": kind}, product=(asked,)) == ("found" if is_found else None)


def test_a_genus_in_a_table_is_narrower_than_any_species_at_all() -> None:
    genus, every = make_lane("VN", "Musa sp.", "genus"), make_lane("VN", "*", "every")
    kinds = {"product": "scientific-name"}
    assert look_up(every, genus, kinds=kinds, product=("Musa acuminata",)) == "genus"
    assert look_up(genus, every, kinds=kinds, product=("Musa acuminata",)) == "genus"
    assert look_up(genus, every, kinds=kinds, product=("Ensete ventricosum",)) == "every"


def test_find_rows_gives_every_row_of_any_day_that_matches_the_columns_asked_for() -> None:
    rows = (
        make_lane("VN", "durian-fresh", "a", until="2020-01-01"),
        make_lane("TH", "durian-fresh", "b"),
        make_lane("*", "durian", "c", start="2030-01-01"),
        make_lane("VN", "banana", "d"),
    )
    table = make_table("lanes", ["origin", "product"], *rows)
    assert [status_of(row) for row in find_rows(table, {"origin": ("VN",), "product": DURIAN})] == ["a", "c"]
    assert [status_of(row) for row in find_rows(table, {"product": DURIAN})] == ["a", "b", "c"]
    assert [status_of(row) for row in find_rows(table, {})] == ["a", "b", "c", "d"]
