# SPDX-License-Identifier: Apache-2.0
"""What all checks share: reading options, comparing names and words."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from borderready.checks.context import as_decimal, decimal, has_words, shown, text, texts
from borderready.checks.one_of import is_among
from tests.build import LAW, freeze, freeze_mapping


@pytest.mark.parametrize(
    ("found", "words", "is_there"),
    [
        ("new carton", "carton", True),
        ("CARTON", "carton", True),
        ("carton.", "Carton", True),
        ("(carton)", "carton", True),
        ("cartons", "carton", False),
        ("paper box", "paper box", True),
        ("paper  box", "paper box", True),
        ("paper, box", "paper box", True),
        ("box of paper", "paper box", False),
        ("", "carton", False),
        ("rice-straw", "straw", True),
        ("rice-straw", "rice-straw", True),
        ("rice straw", "rice-straw", True),
        ("farmer's trade", "farmer's", True),
        ("hàng rơm rạ", "rơm", True),
        ("túi láng", "lá", False),
        ("lá chuối", "lá", True),
        ("稻草包装", "稻草", True),
        ("稻谷", "稻草", False),
    ],
)
def test_words_are_found_as_whole_words_and_chinese_as_characters(found: str, words: str, is_there: bool) -> None:
    assert has_words(found, words) is is_there


@settings(LAW, max_examples=150)
@given(
    st.text(alphabet="abc .,", max_size=10),
    st.text(alphabet="abc .-'", min_size=1, max_size=8).filter(lambda words: any(map(str.isalnum, words))),
    st.text(alphabet="abc .,", max_size=10),
)
def test_words_are_always_found_where_they_stand_between_spaces(before: str, words: str, after: str) -> None:
    assert has_words(f"{before} {words} {after}", words)


@pytest.mark.parametrize(
    ("found", "asked", "kind", "is_same"),
    [
        ("Musa acuminata", "Musa sp.", "scientific-name", True),
        ("Musa sp.", "Musa spp.", "scientific-name", True),
        ("Musella lasiocarpa", "Musa sp.", "scientific-name", False),
        ("Durio zibethinus Murr.", "Durio zibethinus", "scientific-name", True),
        ("vn 001", "VN-001", "code", True),
        ("vn 001", "VN-001", "text", False),
        ("Straw", "straw", "text", True),
    ],
)
def test_names_are_compared_as_asked(found: str, asked: str, kind: str, is_same: bool) -> None:
    assert is_among(found, (asked,), kind) is is_same


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (3, Decimal(3)),
        (Decimal("0.050"), Decimal("0.050")),
        ("3", None),
        (True, None),
        ([3], None),
        ({"n": 3}, None),
    ],
)
def test_only_numbers_are_numbers(value: object, number: Decimal | None) -> None:
    assert as_decimal(freeze(value)) == number


def test_an_absent_option_is_none_or_its_default() -> None:
    options = freeze_mapping({"max": Decimal("0.1"), "as": "code", "values": ["a", "b"], "one": "a"})
    assert (decimal(options, "max"), decimal(options, "min")) == (Decimal("0.1"), None)
    assert (text(options, "as", "text"), text(options, "need", "every"), text(options, "max")) == ("code", "every", "")
    assert (texts(options, "values"), texts(options, "one"), texts(options, "none")) == (("a", "b"), ("a",), ())


@pytest.mark.parametrize(
    ("count", "told"),
    [(0, ""), (1, "0"), (6, "0, 1, 2, 3, 4, 5"), (7, "0, 1, 2, 3, 4, 5, ... (+1)"), (9, "0, 1, 2, 3, 4, 5, ... (+3)")],
)
def test_a_long_list_is_cut_and_says_how_much_is_left(count: int, told: str) -> None:
    assert shown([str(number) for number in range(count)]) == told
