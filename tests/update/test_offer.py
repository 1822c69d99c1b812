# SPDX-License-Identifier: Apache-2.0
"""Which version of a pack is best for a machine."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from borderready.update.offer import Pack, choose, fits, make_pack, order_of, read_range

NUMBERS = st.lists(st.integers(0, 10**9 - 1), min_size=1, max_size=4)


def pack(version: str, engine: str | None = None, name: str = "cn") -> Pack:
    return Pack(name=name, version=version, engine=engine)


def test_newest_is_newest_by_number_and_not_by_letter() -> None:
    offered = [pack("2026.9.0"), pack("2026.11.0"), pack("2026.2.0")]
    chosen = choose(offered, "cn", engine="1.0", current=None)
    assert chosen.newest == pack("2026.11.0")
    assert chosen.too_new is None


def test_version_that_the_program_cannot_read_is_passed_over_and_told() -> None:
    offered = [pack("1", ">=0.1"), pack("2", ">=3"), pack("3", ">=2")]
    chosen = choose(offered, "cn", engine="0.5", current="1")
    assert (chosen.newest, chosen.too_new) == (pack("1", ">=0.1"), pack("3", ">=2"))


def test_another_pack_is_none_of_ours() -> None:
    assert choose([pack("9", name="house")], "cn", engine="1", current=None).newest is None


def test_versions_between_are_told_newest_first() -> None:
    offered = [pack(version) for version in ("1", "2", "3", "4")]
    chosen = choose(offered, "cn", engine="1", current="2")
    assert [each.version for each in chosen.between] == ["4", "3"]
    assert chosen.is_offered


@pytest.mark.parametrize("current", ["1.5", None])
def test_version_in_use_that_is_not_offered_is_noticed(current: str | None) -> None:
    assert not choose([pack("1"), pack("2")], "cn", engine="1", current=current).is_offered


@pytest.mark.parametrize(
    ("engine", "inside", "outside"),
    [
        (">=0.1,<2", ["0.1", "0.1.0", "1.9.9"], ["0.0.9", "2", "2.0.0"]),
        ("==1.2", ["1.2", "1.2.0"], ["1.2.1"]),
        (">1,!=1.5", ["1.4"], ["1", "1.5"]),
        ("<=1", ["1", "0.9"], ["1.0.1"]),
        (">= 1", [], ["1", "2"]),
        ("latest", [], ["1"]),
        ("", [], ["1"]),
    ],
)
def test_range_of_the_program(engine: str, inside: list[str], outside: list[str]) -> None:
    assert [fits(engine, version) for version in inside] == [True] * len(inside)
    assert [fits(engine, version) for version in outside] == [False] * len(outside)


def test_pack_without_a_range_fits_every_program() -> None:
    assert fits(None, "0.0.1")


@given(NUMBERS, NUMBERS)
def test_order_is_that_of_the_numbers_with_noughts_added(one: list[int], other: list[int]) -> None:
    filled = [numbers + [0] * (4 - len(numbers)) for numbers in (one, other)]
    ordered = [order_of(".".join(map(str, numbers))) for numbers in (one, other)]
    assert (filled[0] < filled[1], filled[0] == filled[1]) == (ordered[0] < ordered[1], ordered[0] == ordered[1])


@pytest.mark.parametrize(
    "fields",
    [
        None,
        [],
        {},
        {"name": "cn"},
        {"name": "../cn", "version": "1"},
        {"name": "CN", "version": "1"},
        {"name": "a" * 41, "version": "1"},
        {"name": "cn", "version": "1/2"},
        {"name": "cn", "version": "01"},
        {"name": "cn", "version": 1},
        {"name": "cn", "version": "1.2.3.4.5"},
        {"name": "cn", "version": "1", "engine": "new"},
        {"name": "cn", "version": "1", "engine": 2},
    ],
)
def test_fields_that_describe_no_pack_give_none(fields: object) -> None:
    assert make_pack(fields) is None


def test_fields_of_a_pack() -> None:
    made = make_pack({"name": "cn", "version": "1.0", "engine": ">=0.1", "news": "New.", "other": 1})
    assert made == Pack(name="cn", version="1.0", engine=">=0.1", news="New.")


@given(st.text(max_size=20))
def test_range_is_read_whole_or_not_at_all(text: str) -> None:
    read = read_range(text)
    assert read is None or len(read) == text.count(",") + 1
