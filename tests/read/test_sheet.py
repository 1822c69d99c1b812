# SPDX-License-Identifier: Apache-2.0
"""Tables that users bring as text: what a file is, its encoding, its delimiter, and its records with their lines."""

from __future__ import annotations

import csv
import io
import os
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from borderready.errors import RegisterError
from borderready.i18n import LANGUAGES, say_all
from borderready.model import Message
from borderready.read.delimited import decode_text, parse_delimited
from borderready.read.sheet import Sheet, read_sheet
from tests.read.build import ask_unprivileged, brief

TABLE = "注册登记号,果园名称\nVN-TSOR-0001,Vườn Trại Sao\n"
ROWS = ((1, ("注册登记号", "果园名称")), (2, ("VN-TSOR-0001", "Vườn Trại Sao")))


def _write(folder: Path, content: str | bytes, name: str = "list.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def _read(folder: Path, content: str | bytes) -> Sheet:
    return read_sheet(_write(folder, content), shown_as="list.csv")


def _told(path: Path, sheet: str | None = None) -> list[str]:
    with pytest.raises(RegisterError) as raised:
        read_sheet(path, shown_as="list.csv", sheet=sheet)
    for fault in raised.value.faults:
        assert fault.file == "list.csv"
        assert all(say_all(fault.what).in_language(language) for language in LANGUAGES)
        assert fault.hint is None or say_all(fault.hint).en
    return [brief(fault) for fault in raised.value.faults]


# what a table gives


def test_table_is_read_whole(tmp_path: Path) -> None:
    assert _read(tmp_path, TABLE) == Sheet(
        file="list.csv", sha256=sha256(TABLE.encode()).hexdigest(), rows=ROWS, name=None, notes=()
    )


def test_row_has_the_line_on_which_its_record_starts(tmp_path: Path) -> None:
    content = 'code,name\r\n\r\nA,"two\r\nlines, ""quoted"""\r\n , \r\nB, "c, d"\r\n'
    assert _read(tmp_path, content).rows == (
        (1, ("code", "name")),
        (3, ("A", 'two\r\nlines, "quoted"')),
        (6, ("B", "c, d")),
    )


def test_one_column_needs_no_delimiter(tmp_path: Path) -> None:
    """And a comma in one of its cells divides nothing."""
    assert _read(tmp_path, "code\nA\nB, old\nC\n").rows == ((1, ("code",)), (2, ("A",)), (3, ("B, old",)), (4, ("C",)))


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "，", "；"])
def test_delimiter_is_found(tmp_path: Path, delimiter: str) -> None:
    """Below a title, and beside commas that belong to numbers and to a quoted name."""
    lines = [
        ("code", "area", "name"),
        ("A", '"1,5"' if delimiter == "," else "1,5", '"x, y; z|u，v；w"'),
        ("B", "2", "y"),
    ]
    content = "List of orchards 果园名单\n" + "".join(f"{delimiter.join(line)}\n" for line in lines)
    assert _read(tmp_path, content).rows[1:] == (
        (2, ("code", "area", "name")),
        (3, ("A", "1,5", "x, y; z|u，v；w")),
        (4, ("B", "2", "y")),
    )


def test_decimal_commas_in_every_row_do_not_divide(tmp_path: Path) -> None:
    assert _read(tmp_path, "code;area\nA;1,5\nB;2,5\nC;3,5\n").rows[1] == (2, ("A", "1,5"))


def test_full_width_comma_in_names_does_not_divide(tmp_path: Path) -> None:
    content = "注册号,名称\nA,甲，乙\nB,丙，丁\n"
    assert _read(tmp_path, content).rows == ((1, ("注册号", "名称")), (2, ("A", "甲，乙")), (3, ("B", "丙，丁")))


ENCODINGS = {
    "utf-8": None,
    "utf-8-sig": None,
    "utf-16": None,
    "utf-16-le": "UTF-16-LE",
    "utf-16-be": "UTF-16-BE",
    "gb18030": "GB18030",
}


@pytest.mark.parametrize(("encoding", "guessed"), list(ENCODINGS.items()))
def test_encoding_is_found_and_told_where_it_was_guessed(tmp_path: Path, encoding: str, guessed: str | None) -> None:
    result = _read(tmp_path, TABLE.encode(encoding))
    assert result.rows == ROWS
    assert result.notes == ((Message("sheet.guessed", {"encoding": guessed}),) if guessed else ())


def test_big_endian_mark_is_obeyed(tmp_path: Path) -> None:
    assert _read(tmp_path, b"\xfe\xff" + TABLE.encode("utf-16-be")).rows == ROWS


def test_character_across_the_pieces_that_are_decoded_is_whole(tmp_path: Path) -> None:
    """One mebibyte is decoded at a time, and no character is a divisor of it."""
    names = [f"果园{number}" for number in range(150_000)]
    for encoding in ("utf-8", "gb18030"):
        result = _read(tmp_path, "\n".join(["代码", *names]).encode(encoding))
        assert [cells[0] for _, cells in result.rows[1:]] == names


TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=8)


@given(st.lists(st.lists(TEXTS, min_size=3, max_size=3), min_size=1, max_size=6), st.sampled_from(",;\t|"))
def test_whatever_is_written_as_csv_is_read_back(cells: list[list[str]], delimiter: str) -> None:
    table = [["code", "name", "x"], *cells]
    written = io.StringIO()
    csv.writer(written, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows(table)
    grid = parse_delimited(decode_text(written.getvalue().encode("utf-8-sig"), file="f"), file="f")
    expected = [[cell.strip() for cell in row] for row in table]
    assert [[*row, "", "", ""][:3] for _, row in grid.rows] == [row for row in expected if any(row)]


@given(st.binary(max_size=400))
def test_no_bytes_are_a_traceback(content: bytes) -> None:
    with suppress(RegisterError):
        parse_delimited(decode_text(content, file="f"), file="f")


# faults of text


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", ". . sheet.empty"),
        (b" \n\n", ". . sheet.no_rows"),
        (b"\xef\xbb\xbf", ". . sheet.no_rows"),
        (b'code,name\nA,b\nB,"c\nd\n', "3:1 . sheet.csv_open ? sheet.csv_open_hint"),
        (b'code,name\n"A"x,b\n', "2:1 . sheet.csv_quote ? sheet.csv_quote_hint"),
        (b"code,name\nA,b\nB\0,c\nC,d\n", "3:1 . sheet.nul"),
        (b"code\nA\nB\xff\xff\n", "3:1 . sheet.encoding(byte=0xff, offset=9)"),
        (b"\xff\xfea\0b\0\0\xd8c\0", ". . sheet.utf16(byte=0x00, offset=7)"),
        (
            b"code,name\nA,Farm, north\nB,c\nC,d\n",
            "2:1 . sheet.csv_wide(found=3, columns=2) ? sheet.csv_wide_hint",
        ),
    ],
)
def test_fault_of_text_is_told_with_its_line(tmp_path: Path, content: bytes, told: str) -> None:
    assert _told(_write(tmp_path, content)) == [told]


def test_bad_byte_is_named_wherever_it_stands(tmp_path: Path) -> None:
    content = b"code\n" + b"A\n" * 1_000_000 + b"\xff\xff\n"
    assert _told(_write(tmp_path, content)) == ["1000002:1 . sheet.encoding(byte=0xff, offset=2000006)"]


def test_quote_that_is_never_closed_ends_before_it_takes_the_whole_file(tmp_path: Path) -> None:
    content = 'code,name\n"A,b\n' + "B,c\n" * 100_000
    assert _told(_write(tmp_path, content)) == ["2:1 . sheet.csv_open ? sheet.csv_open_hint"]


def test_text_has_no_worksheets(tmp_path: Path) -> None:
    assert _told(_write(tmp_path, TABLE), "List") == [". . sheet.no_sheets(sheet=List)"]


# what is no table


def _compound(*streams: str) -> bytes:
    """Return the head of a compound file whose directory names these streams."""
    entries = b""
    for name in streams:
        encoded = f"{name}\0".encode("utf-16-le")
        entries += encoded.ljust(64, b"\0") + len(encoded).to_bytes(2, "little") + b"\0" * 62
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(512, b"\0") + entries


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (_compound("Root Entry", "Workbook"), "xls"),
        (_compound("Root Entry", "Book"), "xls"),
        (_compound("Root Entry", "EncryptionInfo", "EncryptedPackage"), "password"),
        (_compound("Root Entry", "WordDocument"), "not_table"),
        (b"%PDF-1.7\n", "pdf"),
        (b"<html><table><tr><td>code</td></tr></table></html>", "html"),
        ("\ufeff\n<!DOCTYPE HTML>\n<html>".encode(), "html"),
        ("<table><tr><td>注册号</td></tr></table>".encode("gb18030"), "html"),
        ("<html><body>".encode("utf-16"), "html"),
        (b"<?xml version='1.0'?>\n<html xmlns='x'>", "html"),
        (b"<!-- saved from a site -->\n<TABLE border=0>", "html"),
        (b"MIME-Version: 1.0\nContent-Type: multipart/related\n", "html"),
        (b"<?xml version='1.0'?><?mso-application progid='Excel.Sheet'?><Workbook>", "xml"),
    ],
)
def test_what_is_no_table_is_told_by_its_content_whatever_its_name(tmp_path: Path, content: bytes, key: str) -> None:
    for name in ("list.csv", "list.xlsx", "list.xls"):
        assert _told(_write(tmp_path, content, name)) == [f". . sheet.{key}"]


def test_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    assert _told(tmp_path / "none.csv") == [". . sheet.unreadable(reason=No such file or directory)"]


def test_folder_and_pipe_are_no_files(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert _told(tmp_path) == _told(tmp_path / "pipe") == [". . sheet.not_file"]


def test_file_without_permission_is_told(tmp_path: Path) -> None:
    _write(tmp_path, TABLE).chmod(0)
    told = ask_unprivileged(lambda: _told(Path("list.csv")), folder=tmp_path)
    assert told == [". . sheet.unreadable(reason=Permission denied)"]


def test_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    path = _write(tmp_path, b"")
    with path.open("r+b") as stream:
        stream.truncate(256 * 1024 * 1024 + 1)
    assert _told(path) == [". . sheet.too_large(mib=256)"]
