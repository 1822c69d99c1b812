# SPDX-License-Identifier: Apache-2.0
"""Tables: rows of CSV that fit their description, or the line and the reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from borderready.errors import RuleBaseError
from borderready.model import Grade, Row, Source
from tests.build import PACK_FILES, make_pack, swap
from tests.read.build import brief, load

TABLE = PACK_FILES["tables/bounds.yaml"]
ROWS = PACK_FILES["tables/bounds.csv"]
HEADER, FIRST, SECOND = ROWS.splitlines()


def _rows(folder: Path, *, rows: str | bytes = ROWS, table: str = TABLE) -> tuple[Row, ...]:
    files: dict[str, str | bytes | None] = {"tables/bounds.yaml": table, "tables/bounds.csv": rows}
    return load(make_pack(folder, files=files)).tables["bounds"].rows


def _told(folder: Path, *, rows: str | bytes | None = ROWS, table: str = TABLE) -> list[str]:
    files: dict[str, str | bytes | None] = {"tables/bounds.yaml": table, "tables/bounds.csv": rows}
    with pytest.raises(RuleBaseError) as raised:
        load(make_pack(folder, files=files))
    return [f"{fault.file}:{brief(fault)}" for fault in raised.value.faults]


def _line(**cells: str) -> str:
    """Return a row with these cells; what is not given is the least that fits."""
    least = {
        "product": "*",
        "analyte": "tin",
        "max": "250",
        "instrument": "act-1",
        "locator": "row 9",
        "seen": "memory",
    }
    return ",".join({**dict.fromkeys(HEADER.split(","), ""), **least, **cells}.values())


def _told_of_line(folder: Path, line: str) -> list[str]:
    return _told(folder, rows=f"{HEADER}\n{line}\n")


# what a row gives


def test_row_is_read_with_its_source(tmp_path: Path) -> None:
    line = _line(start="2020-01-01", until="2020-12-31", seen="secondary", witnesses=" Harbour Post ;Quay News;; ")
    (row,) = _rows(tmp_path, rows=f"{HEADER}\n{line}\n")
    assert (row.start, row.until, row.number) == ("2020-01-01", "2020-12-31", 2)
    assert row.source == Source(
        instrument="act-1", locator="row 9", seen=Grade.SECONDARY, witnesses=("Harbour Post", "Quay News")
    )
    assert row.cells == {
        "product": "*",
        "analyte": "tin",
        "max": "250",
        "country": "",
        "state": "",
        "hs": "",
        "asked": "",
        "remark": "",
    }


@pytest.mark.parametrize(
    "rows",
    [
        ROWS.encode(),
        b"\xef\xbb\xbf" + ROWS.encode(),
        ROWS.replace("\n", "\r\n").encode(),
        ROWS.rstrip("\n").encode(),
        ROWS.replace("act-1", '"act-1"').encode(),
    ],
    ids=["plain", "BOM", "CRLF", "no last line end", "quoted"],
)
def test_form_of_a_file_changes_no_row(rows: bytes, tmp_path: Path) -> None:
    assert _rows(tmp_path / "a", rows=rows) == _rows(tmp_path / "b")


def test_quoted_cell_may_hold_commas_quotes_and_lines(tmp_path: Path) -> None:
    lines = [_line(remark='"net, ""as sold""\nin boxes"'), _line(analyte="lead")]
    rows = _rows(tmp_path, rows="\n".join([HEADER, *lines, ""]))
    assert rows[0].cells["remark"] == 'net, "as sold"\nin boxes'
    assert rows[1].number == 4


def test_table_without_rows_is_taken(tmp_path: Path) -> None:
    assert _rows(tmp_path, rows=HEADER + "\n") == ()


@pytest.mark.parametrize(
    "cells",
    [
        {"max": "-0.5"},
        {"country": "VN"},
        {"state": "closed"},
        {"hs": "0810600000"},
        {"asked": "2024-02-29"},
        {"remark": "* any text"},
        {"product": "durian-fresh"},
        {"start": "2020-01-01", "until": "2020-01-01"},
    ],
    ids=str,
)
def test_cell_of_its_kind_is_taken(cells: dict[str, str], tmp_path: Path) -> None:
    (row,) = _rows(tmp_path, rows=f"{HEADER}\n{_line(**cells)}\n")
    assert {**row.cells, "start": row.start, "until": row.until}.items() >= cells.items()


# cells


@pytest.mark.parametrize(
    ("column", "cell", "kind"),
    [
        ("product", "Durian Fresh", "slug"),
        ("product", "durian_fresh", "slug"),
        ("product", "", "slug"),
        ("product", "**", "slug"),
        ("max", "", "decimal"),
        ("max", "little", "decimal"),
        ("max", "*", "decimal"),
        ("max", "0.05 ", "decimal"),
        ("max", "NaN", "decimal"),
        ("max", "Infinity", "decimal"),
        ("max", "1_000", "decimal"),
        ("max", "１", "decimal"),
        ("country", "vn", "country"),
        ("country", "VNM", "country"),
        ("country", "*", "country"),
        ("state", "opened", "choice"),
        ("state", "Open", "choice"),
        ("hs", "0810.60", "digits"),
        ("hs", "٠٨", "digits"),
        ("asked", "2026-02-30", "day"),
        ("asked", "01/02/2026", "day"),
        ("asked", "20260101", "day"),
        ("start", "2026-2-1", "day"),
        ("until", "soon", "day"),
        ("seen", "", "grade"),
        ("seen", "sure", "grade"),
        ("instrument", "", "slug"),
    ],
)
def test_cell_that_is_not_of_its_kind_is_refused(column: str, cell: str, kind: str, tmp_path: Path) -> None:
    assert _told_of_line(tmp_path, _line(**{column: cell})) == [
        f"tables/bounds.csv:2:1 . pack.table_cell(column={column}, cell={cell}, kind={kind})"
    ]


def test_text_of_nothing_but_spaces_is_refused_where_a_text_is_asked(tmp_path: Path) -> None:
    table = swap(TABLE, ("{kind: text, optional: true, says: Remark.}", "{kind: text, says: Remark.}"))
    assert _told(tmp_path, table=table, rows=f"{HEADER}\n{_line(remark='  ')}\n") == [
        "tables/bounds.csv:2:1 . pack.table_cell(column=remark, cell=  , kind=text)"
    ]


def test_row_that_ends_before_it_starts_is_refused(tmp_path: Path) -> None:
    assert _told_of_line(tmp_path, _line(start="2026-01-02", until="2026-01-01")) == [
        "tables/bounds.csv:2:1 . pack.table_span(start=2026-01-02, until=2026-01-01)"
    ]


def test_all_faults_of_a_table_are_told_with_their_lines(tmp_path: Path) -> None:
    lines = [_line(max="much"), _line(), _line(country="vn", seen="sure"), "a,b", _line(start="soon")]
    assert [told.split(" ")[0] for told in _told(tmp_path, rows="\n".join([HEADER, *lines, ""]))] == [
        "tables/bounds.csv:2:1",
        "tables/bounds.csv:4:1",
        "tables/bounds.csv:4:1",
        "tables/bounds.csv:5:1",
        "tables/bounds.csv:6:1",
    ]


# rows and header


@pytest.mark.parametrize(
    ("line", "found"),
    [("a,b", 2), (f"{_line()},", 15), (f"{_line()},more,and more", 16), ("", 0)],
    ids=["short", "one more", "two more", "blank"],
)
def test_row_of_another_width_is_refused(line: str, found: int, tmp_path: Path) -> None:
    assert _told(tmp_path, rows=f"{HEADER}\n{FIRST}\n{line}\n{SECOND}\n") == [
        f"tables/bounds.csv:3:1 . pack.table_width(found={found}, wanted=14)"
    ]


@pytest.mark.parametrize(
    "header",
    [
        HEADER.replace("max", "maximum"),
        HEADER.replace("product,analyte", "analyte,product"),
        HEADER.removesuffix(",witnesses"),
        HEADER + ",more",
        HEADER.replace("start,until", "until,start"),
        HEADER.replace("product", "Product"),
        HEADER.replace(",", ";"),
    ],
    ids=["name", "order", "fewer", "more", "trailing", "case", "semicolons"],
)
def test_header_that_is_not_the_description_is_refused(header: str, tmp_path: Path) -> None:
    found = ",".join(header.split(","))
    assert _told(tmp_path, rows=f"{header}\n{FIRST}\n") == [
        f"tables/bounds.csv:1:1 . pack.table_header(wanted={HEADER}, found={found})"
    ]


def test_table_without_header_is_refused(tmp_path: Path) -> None:
    assert _told(tmp_path, rows="") == [f"tables/bounds.csv:1:1 . pack.table_header(wanted={HEADER}, found=)"]


@pytest.mark.parametrize(("line", "place"), [('"a"b,c', "3:1"), ('"a,b', "3:1")], ids=["text behind", "unclosed"])
def test_rows_that_are_no_csv_are_refused(line: str, place: str, tmp_path: Path) -> None:
    (told,) = _told(tmp_path, rows=f"{HEADER}\n{FIRST}\n{line}\n")
    assert told.startswith(f"tables/bounds.csv:{place} . pack.table_csv(reason=")


def test_rows_that_are_missing_are_refused(tmp_path: Path) -> None:
    assert _told(tmp_path, rows=None) == ["tables/bounds.csv:. . pack.table_missing"]


def test_rows_that_are_not_utf8_are_refused(tmp_path: Path) -> None:
    (told,) = _told(tmp_path, rows=ROWS.encode() + b"\xe9\n")
    assert told.startswith("tables/bounds.csv:")
    assert " pack.table_unreadable(reason=" in told


def test_reason_names_no_place_on_this_disk(tmp_path: Path) -> None:
    """A pack says the same wherever it lies."""
    (told,) = _told(tmp_path, rows=None)
    assert str(tmp_path) not in told


# the description


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("kind: decimal", "kind: number", "tables/bounds.yaml:7:15 columns.max.kind schema.enum(found=number"),
        (", says: Product.", "", "tables/bounds.yaml:5:12 columns.product schema.required(key=says)"),
        ("key: [product, analyte]", "key: []", "tables/bounds.yaml:3:6 key schema.too_few"),
        ("key: [product, analyte]\n", "", "tables/bounds.yaml:1:1 . schema.required(key=key)"),
        ("optional: true, says: Remark.", "optional: yes, says: Remark.", "tables/bounds.yaml:12:34 "),
    ],
)
def test_broken_description_is_refused(old: str, new: str, told: str, tmp_path: Path) -> None:
    (found,) = _told(tmp_path, table=swap(TABLE, (old, new)))
    assert found.startswith(told)


def test_key_that_is_no_column_is_refused(tmp_path: Path) -> None:
    """No row could ever be found by it, and every look-up would end in silence."""
    rows = f"{HEADER}\n{SECOND}\n"
    (told,) = _told(tmp_path, table=swap(TABLE, ("key: [product, analyte]", "key: [product, analytes]")), rows=rows)
    assert told.startswith("tables/bounds.yaml:3:")


def test_choice_without_values_is_refused(tmp_path: Path) -> None:
    table = swap(TABLE, ("kind: choice, values: [open, closed],", "kind: choice,"))
    assert _told(tmp_path, table=table)


@pytest.mark.parametrize("name", ["start", "seen", "witnesses"])
def test_column_with_the_name_of_one_that_every_table_has_is_refused(name: str, tmp_path: Path) -> None:
    """One of the two would hide the other."""
    table = TABLE + f"  {name}: {{kind: text, optional: true, says: Another one.}}\n"
    header = HEADER.replace("remark,", f"remark,{name},")
    line = ",".join(["*", "tin", "250", "", "", "", "", "", "x", "", "", "act-1", "row 9", "memory", ""])
    told = _told(tmp_path, table=table, rows=f"{header}\n{line}\n")
    assert any(one.startswith("tables/bounds.yaml:") for one in told)
