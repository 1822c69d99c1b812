# SPDX-License-Identifier: Apache-2.0
"""Workbooks that users bring: which worksheet is read, what its cells say, and files made to do harm."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path

import msoffcrypto.format.ooxml
import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.worksheet import Worksheet

from borderready.errors import RegisterError
from borderready.i18n import LANGUAGES, say_all
from borderready.model import Message
from borderready.read.sheet import Sheet, read_sheet
from tests.read.book import MAIN, hand_written, pack
from tests.read.build import brief

Cell = str | int | float | bool | date | datetime | None


def _save(folder: Path, *rows: Sequence[Cell]) -> tuple[openpyxl.Workbook, Worksheet, Path]:
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "List"
    for row in rows:
        sheet.append(list(row))
    path = folder / "list.xlsx"
    book.save(path)
    return book, sheet, path


def _read(path: Path, sheet: str | None = None) -> Sheet:
    return read_sheet(path, shown_as="list.xlsx", sheet=sheet)


def _told(path: Path, sheet: str | None = None) -> list[str]:
    with pytest.raises(RegisterError) as raised:
        _read(path, sheet)
    for fault in raised.value.faults:
        assert fault.file == "list.xlsx"
        assert all(say_all(fault.what).in_language(language) for language in LANGUAGES)
        assert fault.hint is None or say_all(fault.hint).en
    return [brief(fault) for fault in raised.value.faults]


# what cells say


def test_cells_are_read_as_a_person_sees_them(tmp_path: Path) -> None:
    _, _, path = _save(
        tmp_path,
        ("注册登记号", " Tên \n"),
        (450, 450.5, 0.1 + 0.2, True, False),
        (None,),
        (date(2026, 11, 1), datetime(2026, 11, 1, 10, 30), "450.0", "00450"),  # noqa: DTZ001
    )
    assert _read(path).rows == (
        (1, ("注册登记号", "Tên")),
        (2, ("450", "450.5", "0.3", "true", "false")),
        (4, ("2026-11-01", "2026-11-01 10:30:00", "450.0", "00450")),
    )


def test_rows_and_columns_keep_their_places_when_the_first_are_empty(tmp_path: Path) -> None:
    book, sheet, path = _save(tmp_path)
    sheet["C4"], sheet["D6"] = "code", 7
    sheet["Z9"].number_format = "0.00"
    book.save(path)
    assert _read(path).rows == ((4, ("", "", "code")), (6, ("", "", "", "7")))


def test_number_that_its_format_shows_with_zeros_keeps_them(tmp_path: Path) -> None:
    book, sheet, path = _save(tmp_path, ("code", "n"), (450, 450), (1234567, 1))
    sheet["A2"].number_format = sheet["A3"].number_format = "000000"
    book.save(path)
    assert _read(path).rows[1:] == ((2, ("000450", "450")), (3, ("1234567", "1")))


def test_long_number_is_told(tmp_path: Path) -> None:
    _, _, path = _save(tmp_path, ("code",), (12345678901234567,), (123456789012345,))
    sheet = _read(path)
    assert sheet.rows[2] == (3, ("123456789012345",))
    assert sheet.notes == (Message("sheet.long_number", {"cells": "A2"}),)


def test_each_error_is_told_with_its_cell(tmp_path: Path) -> None:
    _, _, path = _save(tmp_path, ("code", "#REF!"), ("A", None), ("#N/A",))
    assert _told(path) == ["1:2 . sheet.error(cell=B1, error=#REF!)", "3:1 . sheet.error(cell=A3, error=#N/A)"]


def test_formula_without_a_stored_value_is_never_an_empty_cell(tmp_path: Path) -> None:
    _, _, path = _save(tmp_path, ("code", "name"), ("A", '="a"&"b"'))
    assert _told(path) == ["2:2 . sheet.uncomputed(cell=B2) ? sheet.uncomputed_hint"]


def test_formula_is_read_as_its_stored_value_and_told(tmp_path: Path) -> None:
    """Text that a formula makes may be empty; so Excel stores it."""
    rows = (
        '<row r="1"><c r="A1"><f>40+5</f><v>45</v></c><c r="B1" t="str"><f>""</f><v></v></c></row>'
        '<row r="2"><c r="A2"><f>1</f></c></row>'
    )
    path = pack(tmp_path / "list.xlsx", hand_written(rows))
    assert _told(path) == ["2:1 . sheet.uncomputed(cell=A2) ? sheet.uncomputed_hint"]
    path = pack(tmp_path / "list.xlsx", hand_written(rows.partition('<row r="2">')[0]))
    assert _read(path).rows == ((1, ("45",)),)
    assert _read(path).notes == (Message("sheet.formulas", {"count": "2"}),)


def test_cells_without_references_and_with_prefixes_are_read(tmp_path: Path) -> None:
    members = hand_written("")
    members["xl/worksheets/sheet1.xml"] = (
        f'<x:worksheet {MAIN.replace("xmlns", "xmlns:x")}><x:sheetData><x:row><x:c t="inlineStr"><x:is><x:t>A</x:t>'
        "</x:is></x:c><x:c><x:v>1</x:v></x:c></x:row></x:sheetData></x:worksheet>"
    )
    assert _read(pack(tmp_path / "list.xlsx", members)).rows == ((1, ("A", "1")),)


def test_days_of_a_workbook_that_counts_from_1904_are_right(tmp_path: Path) -> None:
    book, sheet, path = _save(tmp_path)
    book.epoch = CALENDAR_MAC_1904
    sheet["A1"] = date(2026, 11, 1)
    book.save(path)
    assert _read(path).rows == ((1, ("2026-11-01",)),)


# merged and hidden cells


def test_merged_cells_are_filled_down_and_told(tmp_path: Path) -> None:
    """A title across the top does no harm, and no row is made of a filled cell alone."""
    book, sheet, path = _save(
        tmp_path,
        ("List of orchards", None, None),
        ("province", "code"),
        ("Dak Lak", "A"),
        (None, "B"),
        (None, None),
        (None, "C"),
        ("Gia Lai", "D"),
    )
    sheet.merge_cells("A1:C1")
    sheet.merge_cells("A3:A6")
    book.save(path)
    result = _read(path)
    assert result.rows == (
        (1, ("List of orchards",)),
        (2, ("province", "code")),
        (3, ("Dak Lak", "A")),
        (4, ("Dak Lak", "B")),
        (6, ("Dak Lak", "C")),
        (7, ("Gia Lai", "D")),
    )
    assert result.notes == (Message("sheet.merged", {"ranges": "A3:A6", "count": "1"}),)


def test_hidden_rows_and_columns_are_read_and_told(tmp_path: Path) -> None:
    book, sheet, path = _save(tmp_path, ("code", "name"), ("A", "x"), ("B", "y"))
    sheet.row_dimensions[2].hidden = True
    sheet.column_dimensions["B"].hidden = True
    book.save(path)
    result = _read(path)
    assert len(result.rows) == 3
    assert result.notes == (
        Message("sheet.hidden_rows", {"count": "1"}),
        Message("sheet.hidden_columns", {"columns": "B:B"}),
    )


# which worksheet


def test_the_one_visible_sheet_that_holds_anything_is_read(tmp_path: Path) -> None:
    book, _, path = _save(tmp_path, ("code",), ("A",))
    book.create_sheet("Empty", 0)
    for name, state in (("Old", "hidden"), ("Older", "veryHidden")):
        sheet = book.create_sheet(name)
        sheet["A1"] = "code"
        sheet.sheet_state = state
    book.save(path)
    result = _read(path)
    assert (result.name, result.rows) == ("List", ((1, ("code",)), (2, ("A",))))
    assert result.notes == (Message("sheet.hidden_left", {"names": "Old, Older"}),)
    assert _read(path, "older").name == "Older"


def test_of_several_sheets_one_must_be_named(tmp_path: Path) -> None:
    book, _, path = _save(tmp_path, ("code",))
    book.create_sheet("Packing")["A1"] = "code 2"
    book.save(path)
    assert _told(path) == [". . sheet.several(names=List, Packing) ? sheet.several_hint"]
    assert _told(path, "Lists") == [". . sheet.unknown(sheet=Lists, names=List, Packing)"]
    result = _read(path, "packing")
    assert (result.name, result.rows) == ("Packing", ((1, ("code 2",)),))
    assert result.notes == (Message("sheet.others_left", {"names": "List"}),)


def test_hidden_sheet_is_never_read_unless_named(tmp_path: Path) -> None:
    book, sheet, path = _save(tmp_path, ("code",))
    book.create_sheet("Front")
    sheet.sheet_state = "hidden"
    book.active = 1
    book.save(path)
    assert _told(path) == [". . sheet.only_hidden(names=List)"]
    assert _read(path, "List").rows == ((1, ("code",)),)


def test_empty_workbook_holds_no_rows(tmp_path: Path) -> None:
    _, _, path = _save(tmp_path)
    assert _told(path) == [". . sheet.no_rows"]
    assert _told(path, "List") == [". . sheet.no_rows"]


# what is no workbook


def test_workbook_with_a_password_is_told(tmp_path: Path) -> None:
    _, _, path = _save(tmp_path, ("code",), ("A",))
    locked = io.BytesIO()
    with path.open("rb") as stream:
        msoffcrypto.format.ooxml.OOXMLFile(stream).encrypt("secret", locked)
    path.write_bytes(locked.getvalue())
    assert _told(path) == [". . sheet.password"]


@pytest.mark.parametrize(
    ("names", "kind"),
    [
        (("word/document.xml",), "DOCX"),
        (("ppt/presentation.xml",), "PPTX"),
        (("xl/workbook.bin",), "XLSB"),
        (("mimetype", "content.xml"), "ODS"),
        (("a.txt",), "ZIP"),
    ],
)
def test_other_zip_files_are_no_workbook(tmp_path: Path, names: tuple[str, ...], kind: str) -> None:
    path = pack(tmp_path / "list.xlsx", dict.fromkeys(names, "<x/>"))
    assert _told(path) == [f". . sheet.not_workbook(kind={kind})"]


def test_word_document_is_no_workbook(tmp_path: Path) -> None:
    members = hand_written("")
    members["_rels/.rels"] = members["_rels/.rels"].replace("xl/workbook.xml", "word/document.xml")
    members["word/document.xml"] = "<document/>"
    assert _told(pack(tmp_path / "list.xlsx", members)) == [". . sheet.not_workbook(kind=DOCX)"]


@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.95, 0.999])
def test_workbook_cut_off_is_damaged(tmp_path: Path, share: float) -> None:
    _, _, path = _save(tmp_path, ("code",), ("A",))
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    (told,) = _told(path)
    assert told.startswith(". . sheet.damaged(reason=")


def test_no_flipped_byte_is_a_traceback(tmp_path: Path) -> None:
    _, _, path = _save(tmp_path, ("code",), ("A",))
    content = path.read_bytes()
    for place in range(0, len(content), 37):
        path.write_bytes(content[:place] + bytes([content[place] ^ 0xFF]) + content[place + 1 :])
        with suppress(RegisterError):
            _read(path)


def test_without_the_library_it_is_told_what_to_type(tmp_path: Path) -> None:
    _, _, path = _save(tmp_path, ("code",))
    code = (
        "import sys; sys.modules['python_calamine'] = None\n"
        "from pathlib import Path; from borderready.errors import RegisterError; from borderready.i18n import say\n"
        "from borderready.read.sheet import read_sheet\n"
        "try: read_sheet(Path(sys.argv[1]), shown_as='list.xlsx')\n"
        "except RegisterError as error:\n"
        "    for fault in error.faults: print(say(fault.what, 'en')); print(say(fault.hint, 'en'))\n"
    )
    run = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True)
    assert run.stdout.splitlines() == [
        "to read XLSX, python-calamine must be installed",
        "type: pip install 'borderready[xlsx]' (or save the table as CSV)",
    ]


# files made to do harm


def test_lying_dimension_does_no_harm(tmp_path: Path) -> None:
    rows = '<row r="2"><c r="B2"><v>1</v></c></row>'
    members = hand_written(rows, before='<dimension ref="A1:XFD1048576"/>')
    assert _read(pack(tmp_path / "list.xlsx", members)).rows == ((2, ("", "1")),)


def test_cell_far_off_is_told_and_no_room_is_made_for_it(tmp_path: Path) -> None:
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    hint = "sheet.too_wide_hint(last=XFD1048576)"
    path = pack(tmp_path / "list.xlsx", hand_written(rows))
    assert _told(path) == [f". . sheet.too_wide(last=XFD1048576, most=1300000) ? {hint}"]


def test_format_far_off_is_no_cell(tmp_path: Path) -> None:
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576" s="0"/></row>'
    assert _read(pack(tmp_path / "list.xlsx", hand_written(rows))).rows == ((1, ("1",)),)


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="5"><c r="A5"><v>1</v></c></row><row r="2"><c r="A2"><v>1</v></c></row>',
        '<row r="1"><c r="B1"><v>1</v></c><c r="A1"><v>1</v></c></row>',
        '<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>',
        '<row r="1"><c r="A9"><v>1</v></c></row>',
        '<row r="1"><c r="XFE1"><v>1</v></c></row>',
        '<row r="1048577"><c r="A1048577"><v>1</v></c></row>',
        '<row r="-1"><c><v>1</v></c></row>',
        '<row r="99999999999999999999"><c><v>1</v></c></row>',
        '<row r="1"><c r="A1" t="s"><v>7</v></c></row>',
        f'<row r="1"><c r="A1" t="s"><v>{"9" * 5000}</v></c></row>',
        '<row r="1"><c r="A1"><v>1</v></c><x><c r="B1"><v>1</v></c></x></row>',
        '<row r="1"><c r="A1"><v>1</v></row>',
        "<row><c><v>1</v></c></row></sheetData><sheetData><row/>",
        f"<row><c><is>{'<t>' * 80}{'</t>' * 80}</is></c></row>",
    ],
)
def test_worksheet_that_no_program_writes_is_damaged(tmp_path: Path, rows: str) -> None:
    (told,) = _told(pack(tmp_path / "list.xlsx", hand_written(rows)))
    assert told.startswith(". . sheet.damaged(reason=")


def test_document_type_is_never_read(tmp_path: Path) -> None:
    """Its entities could unfold without end."""
    bomb = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
    for part in ("xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"):
        members = hand_written('<row r="1"><c r="A1"><v>1</v></c></row>', shared="<si><t>a</t></si>")
        members[part] = bomb + members[part]
        path = pack(tmp_path / "list.xlsx", members)
        assert _told(path) == [f". . sheet.doctype(part={part.lower()})"]


def test_zip_bomb_is_not_unpacked(tmp_path: Path) -> None:
    """Wherever it lies: all members are measured, also those that nobody reads."""
    members = {**hand_written('<row r="1"><c r="A1"><v>1</v></c></row>'), "xl/media/a.png": "0" * 40_000_000}
    path = pack(tmp_path / "list.xlsx", members)
    assert _told(path) == [". . sheet.bomb_ratio(ratio=200)"]


def test_sizes_in_headers_are_not_believed(tmp_path: Path) -> None:
    """A member that says of itself that it is one byte long is damaged, not short."""
    path = pack(tmp_path / "list.xlsx", {**hand_written(""), "xl/media/a.png": "0" * 40_000})
    content = path.read_bytes()
    size = (40_000).to_bytes(4, "little")
    assert content.count(size) == 2
    path.write_bytes(content.replace(size, (1).to_bytes(4, "little")))
    (told,) = _told(path)
    assert told.startswith(". . sheet.damaged(reason=xl/media/a.png:")


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("twin", ["xl/worksheets/sheet1.xml", "XL/worksheets/SHEET1.xml", "xl\\worksheets\\sheet1.xml"])
def test_two_members_of_one_name_are_damage(tmp_path: Path, twin: str) -> None:
    path = pack(tmp_path / "list.xlsx", hand_written(""))
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(zipfile.ZipInfo(twin), "<x/>")
    (told,) = _told(path)
    assert told.startswith(". . sheet.damaged(reason=")


def test_too_many_members_are_not_looked_at(tmp_path: Path) -> None:
    path = pack(tmp_path / "list.xlsx", {f"a{number}": "" for number in range(10_001)})
    assert _told(path) == [". . sheet.bomb_members(most=10000)"]


def test_long_text_shared_by_many_cells_is_not_copied_into_each(tmp_path: Path) -> None:
    cells = "".join(f'<row r="{row}"><c r="A{row}" t="s"><v>0</v></c></row>' for row in range(1, 2001))
    members = hand_written(cells, shared=f"<si><t>{'x' * 32_000}</t></si>")
    assert _told(pack(tmp_path / "list.xlsx", members)) == [". . sheet.too_much_text"]


def test_endless_tag_is_not_kept(tmp_path: Path) -> None:
    row = f'<row r="1" x="{"a" * 3_000_000}"/>'
    (told,) = _told(pack(tmp_path / "list.xlsx", hand_written(row)))
    assert told.startswith(". . sheet.damaged(reason=xl/worksheets/sheet1.xml: token")


def test_workbook_that_draws_on_others_is_read_and_told(tmp_path: Path) -> None:
    members = hand_written('<row r="1"><c r="A1" t="str"><f>[1]Other!A1</f><v>code</v></c></row>')
    members["xl/externalLinks/externalLink1.xml"] = f"<externalLink {MAIN}/>"
    result = _read(pack(tmp_path / "list.xlsx", members))
    assert result.rows == ((1, ("code",)),)
    assert result.notes == (Message("sheet.formulas", {"count": "1"}), Message("sheet.links"))
