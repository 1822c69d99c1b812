# SPDX-License-Identifier: Apache-2.0
"""Registers of codes that the user brings as CSV: what each line gives, and each fault with its file and line."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

import pytest

from borderready.errors import Fault, RegisterError
from borderready.i18n import LANGUAGES, say_all
from borderready.model import Entry, Listing, Message, Register
from borderready.read import register
from borderready.read.register import make_register, read_registers
from tests.build import make_entry, make_pack
from tests.command import run_here
from tests.read.build import SMALLEST, ask_unprivileged, brief

COLUMNS = "code,product,status,start,until,name,holder"


def _write(folder: Path, content: str | bytes, name: str = "orchards.csv") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def _read(folder: Path, content: str | bytes) -> Register:
    registers = read_registers(_write(folder, content), shown_as="registers")
    assert list(registers) == ["orchards"]
    return registers["orchards"]


def _entries(folder: Path, *lines: str) -> dict[str, tuple[Entry, ...]]:
    return dict(_read(folder, "\n".join((*lines, ""))).entries)


def _faults(folder: Path) -> tuple[Fault, ...]:
    with pytest.raises(RegisterError) as raised:
        read_registers(folder, shown_as="registers")
    for fault in raised.value.faults:
        assert all(say_all(fault.what).in_language(language) for language in LANGUAGES)
    return raised.value.faults


def _told(folder: Path, content: str | bytes) -> list[str]:
    return [f"{fault.file}:{brief(fault)}" for fault in _faults(_write(folder, content))]


# what a register gives


def test_register_is_read_whole(tmp_path: Path) -> None:
    content = f"""\
# as-of: 2026-11-01
# source: list of the season, page 3: fruit
# any other remark
{COLUMNS},remark
VN-TSOR-0001,durian-fresh,active,2024-01-01,,"Trai Sao, north",Trai Sao Fruit,x
VN-TSOR-0002,,suspended,2025-02-01,2025-03-01,,,
"""
    found = _read(tmp_path, content)
    assert found.sorted_codes() == ["VNTSOR0001", "VNTSOR0002"]
    assert found == make_register(
        name="orchards",
        file="registers/orchards.csv",
        as_of="2026-11-01",
        source="list of the season, page 3: fruit",
        sha256=sha256(content.encode()).hexdigest(),
        entries={
            "VNTSOR0001": (
                Entry(
                    code="VN-TSOR-0001",
                    product="durian-fresh",
                    status="active",
                    start="2024-01-01",
                    until=None,
                    name="Trai Sao, north",
                    holder="Trai Sao Fruit",
                    line=5,
                ),
            ),
            "VNTSOR0002": (
                Entry(
                    code="VN-TSOR-0002",
                    product=None,
                    status="suspended",
                    start="2025-02-01",
                    until="2025-03-01",
                    name=None,
                    holder=None,
                    line=6,
                ),
            ),
        },
    )


def test_each_product_and_origin_of_a_file_is_a_list_of_its_own(tmp_path: Path) -> None:
    content = """\
# as-of: 2026-11-01
code,product,origin,market,area_ha
VN-TSOR-0001,durian-fresh,VN,,12.5
VN-TSOR-0002,durian-fresh,VN,KR,
VN-TSOR-0003,banana,,,
"""
    found = _read(tmp_path, content)
    (first,), (second,), _ = found.entries.values()
    assert (first.origin, first.market, first.area_ha) == ("VN", None, Decimal("12.5"))
    assert (second.origin, second.market, second.area_ha) == ("VN", "KR", None)
    digest = sha256(content.encode()).hexdigest()
    of_file = Listing(origin=None, product=None, as_of="2026-11-01", source=None, sha256=digest, codes=1)
    assert found.listings == (
        replace(of_file, product="banana"),
        replace(of_file, origin="VN", product="durian-fresh", market="KR"),
        replace(of_file, origin="VN", product="durian-fresh"),
    )


@pytest.mark.parametrize(
    ("column", "cell"),
    [("origin", "vn"), ("origin", "Viet Nam"), ("market", "C"), ("area_ha", "12,5"), ("area_ha", "-1")],
)
def test_a_country_or_an_area_that_is_none_is_told(tmp_path: Path, column: str, cell: str) -> None:
    content = f'code,{column}\nA-1,"{cell}"\n'
    assert _told(tmp_path, content) == [f"registers/orchards.csv:2:1 . register.{column}(cell={cell})"]


def test_code_alone_is_active_for_every_product_and_for_ever(tmp_path: Path) -> None:
    assert _entries(tmp_path, "code", "VN-TSOR-0001") == {"VNTSOR0001": (make_entry("VN-TSOR-0001"),)}


def test_entries_of_one_code_stand_together_in_their_order(tmp_path: Path) -> None:
    """However each is written; none replaces another."""
    entries = _entries(
        tmp_path,
        "code,status,start,until",
        "VN-TSOR-0001,active,2024-01-01,2025-01-01",
        "VN-TSOR-0002,active,,",
        "vn tsor 0001,suspended,2025-01-02,",
    )
    assert entries == {
        "VNTSOR0001": (
            make_entry("VN-TSOR-0001", start="2024-01-01", until="2025-01-01", line=2),
            make_entry("vn tsor 0001", status="suspended", start="2025-01-02", line=4),
        ),
        "VNTSOR0002": (make_entry("VN-TSOR-0002", line=3),),
    }


def test_columns_stand_in_any_order(tmp_path: Path) -> None:
    entries = _entries(tmp_path, "status,remark,code,product", "delisted,x,A-1,banana")
    assert entries == {"A1": (make_entry("A-1", status="delisted", product="banana"),)}


def test_spaces_around_cells_do_not_count(tmp_path: Path) -> None:
    assert _entries(tmp_path, "code,status", " A-1 , active ") == {"A1": (make_entry("A-1"),)}


def test_quoted_cells_hold_commas_quotes_and_lines(tmp_path: Path) -> None:
    entries = _entries(tmp_path, '"code","name"', '"A-1","Trai ""Sao"", north\nbank"', '"B-1",')
    assert entries["A1"][0].name == 'Trai "Sao", north\nbank'
    assert entries["B1"] == (make_entry("B-1", line=4),)


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbf# as-of: 2026-11-01\ncode,status\nA-1,active\n",
        b"# as-of: 2026-11-01\r\ncode,status\r\nA-1,active\r\n",
        b"# as-of: 2026-11-01\rcode,status\rA-1,active\r",
        b"# as-of: 2026-11-01\ncode,status\nA-1,active",
        b"# as-of: 2026-11-01\ncode,status\n\nA-1,active\n\n",
        b"#as-of:2026-11-01\ncode,status\nA-1,active\n",
        b"## AS-OF : 2026-11-01\ncode,status\nA-1,active\n",
    ],
    ids=["BOM", "CRLF", "CR", "no last line end", "blank lines", "no spaces", "capitals"],
)
def test_form_of_a_file_changes_nothing(content: bytes, tmp_path: Path) -> None:
    found = _read(tmp_path, content)
    assert (found.as_of, list(found.entries), found.entries["A1"][0].status) == (
        "2026-11-01",
        ["A1"],
        "active",
    )


def test_file_without_notes_has_no_day(tmp_path: Path) -> None:
    found = _read(tmp_path, "code\nA-1\n")
    assert (found.as_of, found.source) == (None, None)


def test_register_without_codes_is_an_empty_list(tmp_path: Path) -> None:
    assert _read(tmp_path, "code,status\n").entries == {}


def test_text_of_every_script_is_taken(tmp_path: Path) -> None:
    entries = _entries(tmp_path, "code,name", "ＶＮ－ＴＳＯＲ－１,Trại Sao 榴莲 ทุเรียน")
    assert entries["VNTSOR1"][0].name == "Trại Sao 榴莲 ทุเรียน"


@pytest.mark.parametrize("separator", ["\x85", "\u2028", "\u2029", "\x0b", "\x0c"], ids=lambda text: f"{ord(text):04x}")
def test_odd_separator_ends_no_line(separator: str, tmp_path: Path) -> None:
    """Neither that of a note nor that of a row."""
    entries = _entries(tmp_path, f"# source: a{separator}b", "code,name", f"A-1,x{separator}y", "B-1,z")
    assert [entry.line for same in entries.values() for entry in same] == [3, 4]


# the folder


def test_every_csv_of_a_folder_is_one_register(tmp_path: Path) -> None:
    for name in ("b.csv", "a.CSV", "notes.txt", "c.csv.bak", ".csv"):
        _write(tmp_path, "code\nA-1\n", name)
    (tmp_path / "deeper").mkdir()
    _write(tmp_path / "deeper", "code\nA-1\n", "d.csv")
    registers = read_registers(tmp_path, shown_as="registers/")
    assert {name: found.file for name, found in registers.items()} == {
        "a": "registers/a.CSV",
        "b": "registers/b.csv",
    }


def test_empty_folder_has_no_registers(tmp_path: Path) -> None:
    assert read_registers(tmp_path, shown_as="registers") == {}


def test_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    assert _faults(tmp_path / "no") == (
        Fault(
            file="registers",
            span=None,
            path="",
            what=Message("register.folder", {"reason": "No such file or directory"}),
            hint=Message("register.folder_hint"),
        ),
    )


def test_file_in_place_of_a_folder_is_told(tmp_path: Path) -> None:
    _write(tmp_path, "code\n")
    assert [brief(fault) for fault in _faults(tmp_path / "orchards.csv")] == [
        ". . register.folder(reason=Not a directory) ? register.folder_hint"
    ]


def test_folder_that_is_not_there_is_a_usage_error_of_the_command(tmp_path: Path) -> None:
    (tmp_path / "m.yaml").write_text(SMALLEST, "utf-8")
    pack = make_pack(tmp_path)
    ran = run_here("check", "m.yaml", "--rules", str(pack), "--registers", "no-such-folder", home=tmp_path)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("no-such-folder: error: ")


def test_file_that_may_not_be_read_is_told(tmp_path: Path) -> None:
    _write(tmp_path, "code\n")
    (tmp_path / "orchards.csv").chmod(0)
    told = ask_unprivileged(lambda: [brief(fault) for fault in _faults(Path())], folder=tmp_path)
    assert told == [". . register.unreadable(reason=Permission denied)"]


def test_folder_in_place_of_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "orchards.csv").mkdir()
    assert [brief(fault) for fault in _faults(tmp_path)] == [". . register.unreadable(reason=Is a directory)"]


# faults


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"code\ncaf\xe9\n", "register.not_utf8"),
        ("code\nA-1\n".encode("utf-16"), "register.not_utf8"),
    ],
)
def test_file_that_is_not_utf8_is_told(content: bytes, told: str, tmp_path: Path) -> None:
    (found,) = _told(tmp_path, content)
    assert found.startswith("registers/orchards.csv:")
    assert found.endswith(told)


@pytest.mark.parametrize(
    ("content", "line"),
    [("kode,status\nA-1,active\n", 1), ("code;status\nA-1;active\n", 1), ("# a\n# b\nname\nx\n", 3)],
)
def test_missing_code_column_is_told(content: str, line: int, tmp_path: Path) -> None:
    (told,) = _told(tmp_path, content)
    assert told.startswith(f"registers/orchards.csv:{line}:1 . register.no_code(")


@pytest.mark.parametrize("content", ["", "\n", "# as-of: 2026-11-01\n"], ids=["empty", "blank", "notes"])
def test_register_of_nothing_is_told(content: str, tmp_path: Path) -> None:
    """An empty list would refuse every code; a file cut short must not."""
    assert [fault.what.key for fault in _faults(_write(tmp_path, content))] == ["register.no_code"]


def test_two_columns_of_one_name_are_told(tmp_path: Path) -> None:
    (told,) = _told(tmp_path, "code,status,code\nA-1,active,B-1\n")
    assert told.startswith("registers/orchards.csv:1:1 . register.same_column(")


@pytest.mark.parametrize("status", ["gone", "ACTIVATED", "active?", "暂停"])
def test_unknown_status_is_told(status: str, tmp_path: Path) -> None:
    allowed = "active, suspended, delisted, unseen"
    assert _told(tmp_path, f"# note\ncode,status\nA-1,active\nB-1,{status}\n") == [
        f"registers/orchards.csv:4:1 . register.status(found={status}, allowed={allowed})"
    ]


@pytest.mark.parametrize("column", ["start", "until"])
@pytest.mark.parametrize("day", ["2026-02-30", "01/02/2026", "2026-2-1", "20260201", "soon", "2026-02-01T00:00"])
def test_bad_day_is_told(column: str, day: str, tmp_path: Path) -> None:
    assert _told(tmp_path, f"code,{column}\nA-1,{day}\n") == [
        f"registers/orchards.csv:2:1 . register.day(column={column}, cell={day})"
    ]


def test_entry_that_ends_before_it_starts_is_told(tmp_path: Path) -> None:
    (told,) = _told(tmp_path, "code,start,until\nA-1,2026-01-01,2026-01-01\nB-1,2026-01-02,2026-01-01\n")
    assert told == "registers/orchards.csv:3:1 . register.span(start=2026-01-02, until=2026-01-01)"


@pytest.mark.parametrize("line", [1, 2, 3])
def test_bad_day_of_the_list_is_told_on_its_line(line: int, tmp_path: Path) -> None:
    notes = ["# a: b", "# c: d", "# e: f"]
    notes[line - 1] = "# as-of: November"
    assert _told(tmp_path, "\n".join([*notes, "code", "A-1", ""])) == [
        f"registers/orchards.csv:{line}:1 . register.day(column=as-of, cell=November)"
    ]


@pytest.mark.parametrize("code", ["", "  ", "-", " . / "])
def test_line_without_code_is_told(code: str, tmp_path: Path) -> None:
    assert _told(tmp_path, f"code,status\nA-1,active\n{code},active\n") == [
        "registers/orchards.csv:3:1 . register.empty_code"
    ]


@pytest.mark.parametrize("line", ['"A"-1,x', '"A-1,x'], ids=["text behind", "unclosed"])
def test_what_is_no_csv_is_told_on_its_line(line: str, tmp_path: Path) -> None:
    (told,) = _told(tmp_path, f"# note\ncode,name\nB-1,y\n{line}\n")
    assert told.startswith("registers/orchards.csv:4:1 . register.csv(reason=")


def test_cell_without_end_is_told(tmp_path: Path) -> None:
    (told,) = _told(tmp_path, f"code,name\nA-1,{'x' * 200_000}\n")
    assert " register.csv(reason=" in told


def test_file_over_the_size_limit_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(register, "MAX_BYTES", 9)
    assert list(read_registers(_write(tmp_path, "code\nA-1\n"), shown_as="registers")) == ["orchards"]
    assert _told(tmp_path, "code\nA-10\n") == ["registers/orchards.csv:. . register.too_large"]


def test_all_faults_of_all_registers_are_told_at_once(tmp_path: Path) -> None:
    _write(tmp_path, "# as-of: soon\ncode,status,start\nA-1,gone,never\n,active,\n", "a.csv")
    _write(tmp_path, "code\nA-1\n", "b.csv")
    _write(tmp_path, "name\n", "c.csv")
    assert [f"{fault.place} {fault.what.key}" for fault in _faults(tmp_path)] == [
        "registers/a.csv:1:1 register.day",
        "registers/a.csv:3:1 register.status",
        "registers/a.csv:3:1 register.day",
        "registers/a.csv:4:1 register.empty_code",
        "registers/c.csv:1:1 register.no_code",
    ]


# several lists in one file


def test_each_list_of_a_file_may_give_its_own_day_and_source(tmp_path: Path) -> None:
    content = """\
# list: origin=VN product=durian-fresh market=CN as-of=2026-11-20 source=GACC, saved by A. Nguyen
# list: origin=VN as-of=2026-11-01 source=a letter
code,product,origin,market
VN-TSOR-0001,durian-fresh,VN,CN
VN-TSOR-0002,durian-fresh,VN,CN
VN-TSOR-0003,,VN,
"""
    found = _read(tmp_path, content)
    told = [(one.origin, one.product, one.market, one.as_of, one.source, one.codes) for one in found.listings]
    assert told == [
        ("VN", "durian-fresh", "CN", "2026-11-20", "GACC, saved by A. Nguyen", 2),
        ("VN", None, None, "2026-11-01", "a letter", 1),
    ]
    assert (found.as_of, found.source) == ("2026-11-01", None)


@pytest.mark.parametrize(
    "note", ["durian-fresh", "origin=Vietnam", "product=durian-fresh as-of=2026-02-30", "as-of=soon"]
)
def test_a_list_that_is_not_described_is_a_fault(tmp_path: Path, note: str) -> None:
    assert _told(tmp_path, f"# list: {note}\ncode\nVN-TSOR-0001\n") == [
        f"registers/orchards.csv:1:1 . register.list(found={note})"
    ]
