# SPDX-License-Identifier: Apache-2.0
"""Which row is the heading, which column holds which field, and how statuses and days are written."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from borderready.i18n import LANGUAGES, say_all
from borderready.model import Message
from borderready.read.cell import fold_words, read_day, read_status
from borderready.read.column_name import FIELDS, find_meaning, is_serial
from borderready.read.columns import Columns, find_cell, find_columns, is_heading
from borderready.read.grid import Rows, column_letters, column_number
from tests.read.build import brief


def _rows(*lines: str) -> Rows:
    """Return rows whose cells stand between bars; an empty line is no row but counts."""
    return tuple(
        (number, tuple(cell.strip() for cell in line.split("|"))) for number, line in enumerate(lines, start=1) if line
    )


def _found(*lines: str, mapped: Mapping[str, str] | None = None) -> Columns:
    columns = find_columns(_rows(*lines), mapped=mapped or {}, file="list.xlsx")
    assert isinstance(columns, Columns), [brief(fault) for fault in columns]
    assert all(say_all(note).in_language(language) for note in columns.notes for language in LANGUAGES)
    return columns


def _told(*lines: str, mapped: Mapping[str, str] | None = None) -> list[str]:
    faults = find_columns(_rows(*lines), mapped=mapped or {}, file="list.xlsx")
    assert not isinstance(faults, Columns)
    for fault in faults:
        assert fault.file == "list.xlsx"
        assert all(say_all(fault.what).in_language(language) for language in LANGUAGES)
        assert fault.hint is None or say_all(fault.hint).en
    return [brief(fault) for fault in faults]


# the names of columns

KNOWN = {
    "code": (
        "code|注册号|注册登记号|注册编号|登记号|备案号|代码|编号|果园注册号|果园 注册号|包装厂注册号|实验室代码|"
        "在华注册编号|中国注册号|"
        "注册登记号(Registration No.)|注册登记号（Registration No.）|mã số|mã số vùng trồng|ma so vung trong|"
        "MÃ SỐ VÙNG TRỒNG|"
        "mã số cơ sở đóng gói|mã đăng ký|mã PUC|mã PHC|Mã số/Code|Mã số vùng trồng (PUC)|registration number|Reg. No.|"
        "Ｒｅｇ． Ｎｏ．|Registration\nNo.|PUC|GACC number|GACC registration number|orchard code|packing house code|"
        "Registered number|Code of packinghouse|注册编号 No."
    ),
    "name": (
        "name|企业名称|果园名称|包装厂名称|名称|实验室名称|果园名称 Name of orchard|tên|tên vùng trồng|tên cơ sở|"
        "tên cơ sở đóng gói|orchard name|Name of packinghouse|Name of the packing house|Tên (Name)"
    ),
    "address": "address|地址|详细地址|Địa chỉ|dia chi|Địa chỉ / Address",
    "product": "product|产品|产品名称|品种|水果种类|sản phẩm|loại quả|cây trồng|fruit|commodity|种类",
    "status": "status|状态|注册状态|trạng thái|tình trạng|Registration status",
    "start": "start|注册日期|批准日期|生效日期|ngày cấp|ngày hiệu lực|date of registration|valid from|approval date",
    "until": "until|有效期|有效期至|截止日期|ngày hết hạn|expiry|expiry date|valid until|有效期 Valid until",
    "holder": "holder|所有人|持有人|企业|chủ sở hữu|đại diện|người đại diện|owner|Owner (Chủ sở hữu)|业主",
    "area_ha": "area_ha|面积(公顷)|面积（公顷）|diện tích (ha)|area (ha)|Area|面积|种植面积(公顷) Area(ha)",
    "market": "market|出口市场|thị trường|thị trường xuất khẩu|importing country",
    "origin": "origin|国家(地区)|原产国|quốc gia|country|country of origin|xuất xứ",
}


@pytest.mark.parametrize(("field", "header"), [(field, name) for field in KNOWN for name in KNOWN[field].split("|")])
def test_name_of_a_column_is_known(field: str, header: str) -> None:
    meaning = find_meaning(header)
    assert meaning is not None
    assert meaning.field == field


def test_every_field_has_names_and_its_own_is_one() -> None:
    assert tuple(KNOWN) == FIELDS
    assert [meaning.field for meaning in map(find_meaning, FIELDS) if meaning is not None] == list(FIELDS)


@pytest.mark.parametrize(
    "header",
    "备注|Remarks|Ghi chú|序号|STT|No.|NO|#|Serial No.|序号 No.|TT|所在国注册编号|企业名称及地址|面积(亩)|面积（亩）|"
    "area (rai)|Diện tích (m2)|Quantity|Phone|电话|-|".split("|"),
)
def test_name_that_stands_for_no_field_is_left(header: str) -> None:
    """The number that a foreign authority gave is not the one in China, and a mu is no hectare."""
    assert find_meaning(header) is None


@pytest.mark.parametrize("header", ["序号", "STT", "No.", "#", "序号 No.", "TT", "S/N"])
def test_column_that_counts_rows_is_known(header: str) -> None:
    assert is_serial(header)
    assert not is_serial("注册编号 No.")


# the heading


def test_heading_is_found_below_a_title_and_everything_is_told() -> None:
    lines = (
        "越南输华榴莲注册果园名单",
        "更新日期 2026-11-01",
        "",
        "序号 | 省份 | 注册登记号(Registration No.) | 果园名称 Name of orchard | 面积 | 有效期至 | 备注",
        "1 | Dak Lak | VN-TSOR-0001 | Trại Sao | 12.5 | 2027-01-01 | - | new",
    )
    assert _found(*lines) == Columns(
        places={"code": 2, "name": 3, "until": 5, "area_ha": 4},
        headers=(
            "序号",
            "省份",
            "注册登记号(Registration No.)",
            "果园名称 Name of orchard",
            "面积",
            "有效期至",
            "备注",
        ),
        heading=4,
        first=3,
        notes=(
            Message("sheet.columns_left", {"headers": "'省份', '备注'"}),
            Message("sheet.area_unit", {"column": "E '面积'"}),
            Message("sheet.cells_left", {"cells": "H5"}),
        ),
    )


def test_heading_in_two_rows_of_two_languages_is_passed() -> None:
    columns = _found("注册号 | 果园名称 | 地址", "Registration No. | Name of orchard | Address", "A | x | y")
    assert (columns.heading, columns.first, columns.headers[0]) == (1, 2, "注册号")


def test_one_column_is_enough() -> None:
    assert _found("code", "A").places == {"code": 0}


def test_heading_is_sought_in_the_first_twenty_rows() -> None:
    lines = [f"remark {number}" for number in range(1, 20)]
    assert _found(*lines, "code | name", "A | x").heading == 20
    assert _told(*lines, "remark", "code | name", "A | x")[0].startswith("1:1 . sheet.no_code(")


def test_heading_that_comes_again_on_each_page_is_known() -> None:
    columns = _found("Mã số | Tên", "A | x")
    assert is_heading(("MÃ SỐ", "tên"), columns)
    assert not is_heading(("A", "x"), columns)
    assert not is_heading((), columns)


def test_cell_of_a_field_is_found_in_short_rows_too() -> None:
    columns = _found("code | name | status", "A")
    assert [find_cell(("A", "x"), columns, name) for name in ("code", "name", "status", "until")] == ["A", "x", "", ""]


# which column is the code


def test_last_resort_gives_way_to_a_better_name() -> None:
    assert _found("编号 | 注册登记号 | 企业名称 | 果园名称", "7 | A | x | y").places == {"code": 1, "name": 3}


def test_last_resort_that_only_counts_is_no_code() -> None:
    assert _told("编号 | 果园名称", "1 | x", "2 | y", "3 | z") == [
        "1:1 . sheet.no_code(headers='编号', '果园名称') ? sheet.no_code_hint(header=编号)"
    ]
    assert _found("编号 | 果园名称", "A1 | x", "A2 | y").places == {"code": 0, "name": 1}


def test_serial_number_is_never_the_code() -> None:
    assert _told("STT | Tên | No.", "1 | x | 1") == [
        "1:1 . sheet.no_code(headers='STT', 'Tên', 'No.') ? sheet.no_code_hint(header=Tên)"
    ]


def test_two_columns_for_one_field_are_told() -> None:
    assert _told("果园注册号 | 包装厂注册号 | 名称", "A | B | x") == [
        "1:1 . sheet.two_columns(field=code, columns=A '果园注册号', B '包装厂注册号')"
        " ? sheet.two_columns_hint(field=code, header=果园注册号)"
    ]


def test_two_columns_of_one_name_are_told_by_their_letters() -> None:
    assert _told("code | name | name", "A | x | y") == [
        "1:1 . sheet.two_columns(field=name, columns=B 'name', C 'name') ? sheet.two_columns_hint(field=name, header=B)"
    ]


def test_no_known_column_is_told_with_those_there_are() -> None:
    assert _told("Title", "Foo | Bar", "A | x") == [
        "2:1 . sheet.no_code(headers='Foo', 'Bar') ? sheet.no_code_hint(header=Foo)"
    ]
    assert _told() == ["1:1 . sheet.no_code(headers=-) ? sheet.no_code_hint(header=A)"]


# columns that the user names


@pytest.mark.parametrize("wanted", ["Number in list", "  NUMBER  in list", "number-in-list", "B", "b", "2"])
def test_column_is_named_by_its_header_its_letter_or_its_number(wanted: str) -> None:
    lines = ("Registration No. | Number in list | name", "x | A | y")
    columns = _found(*lines, mapped={"code": wanted})
    assert columns.places == {"code": 1, "name": 2}
    assert columns.notes == (Message("sheet.columns_left", {"headers": "'Registration No.'"}),)


def test_named_column_settles_what_two_columns_left_open() -> None:
    assert _found("果园注册号 | 包装厂注册号", "A | B", mapped={"code": "包装厂注册号"}).places == {"code": 1}


def test_named_column_is_not_read_for_another_field_too() -> None:
    assert _found("code | 企业名称", "A | x", mapped={"holder": "企业名称"}).places == {"code": 0, "holder": 1}


def test_header_is_named_by_one_of_its_languages() -> None:
    assert _found("内部号 Inner | name", "A | x", mapped={"code": "inner"}).places == {"code": 0, "name": 1}


def test_named_header_makes_its_row_the_heading() -> None:
    columns = _found("Title | x", "Foo | Bar", "A | y", mapped={"code": "Foo"})
    assert (columns.heading, columns.first) == (2, 2)


def test_header_named_like_a_letter_comes_first() -> None:
    assert _found("name | x | B | A", "1 | 2 | 3 | 4", mapped={"code": "A"}).places == {"code": 3, "name": 0}


def test_letters_alone_read_a_table_without_a_heading() -> None:
    assert _found("x | VN-1", "y | VN-2", mapped={"code": "B"}) == Columns(
        places={"code": 1}, headers=(), heading=None, first=0, notes=(Message("sheet.no_heading"),)
    )


@pytest.mark.parametrize("wanted", ["Number", "D", "4", "0", ""])
def test_named_column_that_is_not_there_is_told_with_those_there_are(wanted: str) -> None:
    assert _told("Registration No. | name | x", "A | y | z", mapped={"code": wanted}) == [
        f"1:1 . sheet.map_missing(field=code, header={wanted}, headers='Registration No.', 'name', 'x')"
    ]


def test_named_header_that_stands_twice_is_told() -> None:
    assert _told("Foo | Foo | name", "A | y | z", mapped={"code": "foo"}) == [
        "1:1 . sheet.map_two(header=foo, columns=A 'Foo', B 'Foo') ? sheet.map_two_hint(field=code, column=A)"
    ]


def test_unknown_field_is_told() -> None:
    fields = ", ".join(FIELDS)
    assert _told("code", "A", mapped={"kode": "A"}) == [f". . sheet.map_field(names=kode, fields={fields})"]


CELLS = st.one_of(st.sampled_from(["code", "编号", "Tên", "No.", "名称", "A", "", "area"]), st.text(max_size=6))


@given(
    st.lists(st.lists(CELLS, max_size=5), max_size=6),
    st.dictionaries(st.sampled_from(FIELDS), CELLS, max_size=2),
)
def test_no_table_is_a_traceback(table: list[list[str]], mapped: dict[str, str]) -> None:
    rows = tuple((number, tuple(cells)) for number, cells in enumerate(table, start=1))
    columns = find_columns(rows, mapped=mapped, file="f")
    if isinstance(columns, Columns):
        assert "code" in columns.places
        assert set(mapped) <= set(columns.places)
    else:
        assert columns


# statuses and days


@pytest.mark.parametrize(
    ("status", "cells"),
    [
        (
            "active",
            "有效|正常|已注册|恢复|恢复进口|còn hiệu lực|Đang hoạt động|hoạt động|active|Valid|REGISTERED|有效 Valid|"
            "有效（Valid）| 有效 |Con hieu luc",
        ),
        (
            "suspended",
            "暂停|暂停进口|tạm dừng|đình chỉ|Tạm đình chỉ|suspended|Suspended.|暂停 (Suspended)",
        ),
        (
            "delisted",
            "注销|取消|撤销|已撤销|thu hồi|hủy|huỷ|đã hủy|revoked|cancelled|Canceled|delisted|失效|hết hiệu lực",
        ),
    ],
)
def test_status_is_read_in_three_languages(status: str, cells: str) -> None:
    assert {cell: read_status(cell) for cell in cells.split("|")} == dict.fromkeys(cells.split("|"), status)


@pytest.mark.parametrize(
    "cell", ["", "-", "yes", "not suspended", "active until June", "有效/暂停", "未注册", "取消暂停", "x" * 50, "不"]
)
def test_status_that_is_not_clear_is_none(cell: str) -> None:
    assert read_status(cell) is None


@pytest.mark.parametrize(
    "cell",
    "2026-11-01|2026/11/1|2026.11.01|2026年11月1日|2026 年 11 月 01 日|01/11/2026|1/11/2026|01-11-2026|1.11.2026|"
    "20261101| 2026-11-01 |2026-11-01 10:30:00|"
    "2026-11-01T00:00:00|２０２６－１１－０１|ngày 01 tháng 11 năm 2026".split("|"),
)
def test_day_is_read_however_it_is_written(cell: str) -> None:
    """The day comes before the month where the year is last, as in Viet Nam."""
    assert read_day(cell) == "2026-11-01"


@pytest.mark.parametrize(
    "cell",
    ["", "2026", "2026-11", "11/26/2026", "2026-02-30", "46327", "长期", "2026-01-01至2027-01-01", "12345678", "-"],
)
def test_what_is_no_day_is_none(cell: str) -> None:
    assert read_day(cell) is None


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2099, 12, 31)))
def test_every_day_is_read_in_every_form(day: date) -> None:
    forms = (
        day.isoformat(),
        f"{day.year}/{day.month}/{day.day}",
        f"{day.year}年{day.month}月{day.day}日",
        f"{day.day}/{day.month}/{day.year}",
        f"{day:%Y%m%d}",
    )
    assert {form: read_day(form) for form in forms} == dict.fromkeys(forms, day.isoformat())


def test_words_are_compared_without_marks_width_case_and_punctuation() -> None:
    assert fold_words("  Ｍã số\n(VÙNG  trồng) – Đ. ") == "ma so vung trong d"


@given(st.integers(min_value=1, max_value=16384))
def test_letters_name_the_column_they_come_from(number: int) -> None:
    assert column_number(column_letters(number)) == number
    assert column_letters(16384) == "XFD"
    assert column_number("XFE") is None
