# SPDX-License-Identifier: Apache-2.0
"""Rows of a published list: which codes they give, for which product, and why a list is not read at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

import pytest

from borderready.errors import RegisterError, UsageError
from borderready.model import Listed, Product, Texts
from borderready.read.country_word import find_country
from borderready.read.product_words import find_products, is_any
from borderready.read.published import Published, Wanted, read_published
from borderready.read.sheet import Sheet


def product(name: str, en: str, vi: str, zh: str, scientific: str, *synonyms: str) -> Product:
    return Product(
        id=name,
        name=Texts(en=en, vi=vi, zh=zh),
        scientific_names=(scientific,),
        hs_codes=(),
        groups=("durian", "fresh-fruit")
        if name == "durian-fresh"
        else ("durian",)
        if "durian" in name
        else ("fresh-fruit",),
        synonyms=synonyms,
    )


PRODUCTS: Mapping[str, Product] = {
    one.id: one
    for one in (
        product("durian-fresh", "Fresh durian", "Sầu riêng tươi", "鲜榴莲", "Durio zibethinus", "durian", "榴莲"),
        product("durian-frozen", "Frozen durian", "Sầu riêng đông lạnh", "冷冻榴莲", "Durio zibethinus"),
        product("banana", "Banana", "Chuối", "香蕉", "Musa sp."),
    )
}
HEADER = ("code", "product", "status", "start", "until", "name", "holder", "area_ha")


def read(
    *rows: Sequence[str],
    header: Sequence[str] = HEADER,
    product: str | None = None,
    has_names: bool = False,
    mapped: Mapping[str, str] | None = None,
) -> Published:
    numbered = tuple((number, tuple(cells)) for number, cells in enumerate((header, *rows), 1))
    wanted = Wanted(origin="VN", market="CN", product=product, has_names=has_names, mapped=mapped or {})
    return read_published(Sheet(file="l.csv", sha256="0", rows=numbered), wanted=wanted, products=PRODUCTS)


def faults(*rows: Sequence[str], header: Sequence[str] = HEADER, product: str | None = "durian-fresh") -> list[str]:
    with pytest.raises(RegisterError) as raised:
        read(*rows, header=header, product=product)
    return [f"{fault.span.line if fault.span else '-'} {fault.what.key}" for fault in raised.value.faults]


def told(found: Published) -> list[tuple[str, Mapping[str, str]]]:
    return [(note.key, note.args) for note in found.notes if note.key.startswith("list.")]


def test_a_row_is_read_whole() -> None:
    found = read(
        (" ＶＮ-DLOR-0123 ", "榴莲", "暂停", "2026年9月15日", "31/12/2026", "Krong\n Pac", "An  Phu", "12,5 ha")
    )
    assert found.rows == {
        "durian-fresh": (
            Listed(
                row=2,
                code="VN-DLOR-0123",
                product="durian-fresh",
                status="suspended",
                start="2026-09-15",
                until="2026-12-31",
                name="Krong Pac",
                holder="An Phu",
                area_ha=Decimal("12.5"),
            ),
        )
    }


def test_rows_go_to_the_list_of_each_product_they_name() -> None:
    found = read(("A-1", "Sầu riêng tươi"), ("A-2", "banana"), ("A-3", "香蕉、冷冻榴莲"), ("A-4", "所有"))
    assert {word: [row.code for row in rows] for word, rows in found.rows.items()} == {
        "durian-fresh": ["A-1"],
        "banana": ["A-2", "A-3"],
        "durian-frozen": ["A-3"],
        "any": ["A-4"],
    }
    assert [row.product for row in found.rows["any"]] == [None]


def test_rows_of_other_products_are_left_out_and_told_with_their_numbers() -> None:
    found = read(
        ("A-1", "榴莲"), ("A-2", "香蕉"), ("A-3", "香蕉"), ("A-4", ""), ("A-5", "durian"), product="durian-fresh"
    )
    assert [row.code for row in found.rows["durian-fresh"]] == ["A-1", "A-4", "A-5"]
    assert told(found) == [("list.left", {"cell": "香蕉", "count": "2", "rows": "3, 4"})]


def test_a_word_that_leaves_the_product_open_is_enough_where_one_is_asked_for() -> None:
    assert [row.code for row in read(("A-1", "Durio zibethinus"), product="durian-frozen").rows["durian-frozen"]] == [
        "A-1"
    ]
    assert faults(("A-1", "Durio zibethinus"), product=None) == ["2 list.product_several"]


def test_a_list_for_all_products_takes_every_row() -> None:
    found = read(("A-1", "榴莲"), ("A-2", "dragon's tears"), product="any")
    assert [row.code for row in found.rows["any"]] == ["A-1", "A-2"]


def test_without_a_product_and_without_a_column_it_is_wrong_usage() -> None:
    with pytest.raises(UsageError) as raised:
        read(("A-1",), header=("code",))
    assert raised.value.faults[0].what.key == "list.no_product"


def test_rows_of_another_origin_or_market_are_left_out() -> None:
    header = ("code", "country", "export market")
    found = read(("A-1", "越南", "CN"), ("A-2", "泰国", "CN"), ("A-3", "VN", "Japan"), header=header, product="banana")
    assert [row.code for row in found.rows["banana"]] == ["A-1"]
    assert [args["rows"] for _, args in told(found)] == ["4", "3"]


def test_a_row_that_stands_twice_is_taken_once_and_told() -> None:
    found = read(("A-1", "", "", "", "", "Trai"), ("a 1", "", "", "", "", "Trai"), ("A-2",), product="banana")
    assert [(row.row, row.code) for row in found.rows["banana"]] == [(2, "A-1"), (4, "A-2")]
    assert told(found) == [("list.repeated", {"count": "1", "rows": "2 = 3"})]


def test_rows_of_a_code_for_other_days_are_its_history() -> None:
    found = read(("A-1", "", "", "2024-01-01", "2025-01-01"), ("A-1", "", "暂停", "2025-01-02"), product="banana")
    assert [row.status for row in found.rows["banana"]] == ["active", "suspended"]


def test_the_heading_of_a_second_page_is_no_row() -> None:
    assert [row.code for row in read(("A-1",), HEADER, ("A-2",), product="banana").rows["banana"]] == ["A-1", "A-2"]


def test_laboratories_may_have_words_for_codes() -> None:
    assert [row.code for row in read(("lab-alpha",), product="any", has_names=True).rows["any"]] == ["lab-alpha"]


@pytest.mark.parametrize(
    ("cells", "key"),
    [
        (("", "榴莲"), "register.empty_code"),
        (("- -", "榴莲"), "register.empty_code"),
        (("备注:共 3 个",), "list.code_words"),
        (("Total",), "list.code_digit"),
        (("A" * 64 + "1",), "list.code_long"),
        (("A\u200b-1",), "list.code_control"),
        (("A-1", "dragon's tears"), "list.product_unknown"),
        (("A-1", "", "not suspended"), "list.status"),
        (("A-1", "", "", "11/26/2026"), "list.day"),
        (("A-1", "", "", "", "soon"), "list.day"),
        (("A-1", "", "", "2026-02-01", "2026-01-01"), "register.span"),
        (("A-1", "", "", "", "", "", "", "1,234"), "register.area_ha"),
        (("A-1", "", "", "", "", "", "", "large"), "register.area_ha"),
    ],
)
def test_a_bad_row_is_named_by_its_number(cells: tuple[str, ...], key: str) -> None:
    assert faults(("A-9",), cells) == [f"3 {key}"]


def test_rows_of_a_code_that_contradict_each_other_are_refused() -> None:
    assert faults(("A-1", "", "active"), ("A-2",), ("A-1", "", "suspended")) == ["4 list.contradicts"]
    dated = [("A-1", "", "active", "2024-01-01"), ("A-1", "", "suspended", "2025-01-01")]
    assert faults(*dated) == ["3 list.contradicts"]


def test_all_bad_rows_are_told_and_of_many_the_first_fifty() -> None:
    found = faults(*[("Total",)] * 60)
    assert found == [*(f"{number} list.code_digit" for number in range(2, 52)), "- list.more"]


def test_a_list_of_which_nothing_is_left_is_refused() -> None:
    assert faults(("A-1", "香蕉")) == ["- list.nothing"]


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("durian-fresh", ("durian-fresh",)),
        ("FRESH  DURIAN", ("durian-fresh",)),
        ("鲜榴莲", ("durian-fresh",)),
        ("sầu riêng đông lạnh", ("durian-frozen",)),
        ("Durio zibethinus Murr.", ("durian-fresh", "durian-frozen")),
        ("fresh-fruit", ("fresh-fruit",)),
        ("Musa spp.", ("banana",)),
        ("plum", ()),
        ("", ()),
    ],
)
def test_a_product_is_known_by_its_names(cell: str, found: tuple[str, ...]) -> None:
    assert find_products(cell, PRODUCTS) == found


def test_words_for_all_products() -> None:
    assert [is_any(cell) for cell in ("Any", "ＡＬＬ", "所有产品", "Tất cả", "banana", "")] == [True] * 4 + [False] * 2


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("VN", "VN"),
        ("Viet Nam", "VN"),
        ("VIETNAM", "VN"),
        ("越南 Vietnam", "VN"),
        ("Thái Lan", "TH"),
        ("Erewhon", None),
    ],
)
def test_a_country_is_known_by_its_names(cell: str, code: str | None) -> None:
    assert find_country(cell) == code
