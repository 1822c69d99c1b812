# SPDX-License-Identifier: Apache-2.0
"""The parts of a workbook: its worksheets in their order, what they share, and a small workbook with one of them."""

from __future__ import annotations

import posixpath
import re
import zipfile
from array import array
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from xml.sax.saxutils import quoteattr

from borderready.errors import RegisterError
from borderready.model import Message
from borderready.read.grid import refusal
from borderready.read.package import Package, parse_member, read_member
from borderready.read.worksheet import SharedText, Worksheet

_TRUE = ("1", "true", "on")
# A number format that fills up with zeros: 00000 shows 450 as 00450.
_ZEROS = re.compile(r"0{2,40}")
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetPart:
    """One worksheet of a workbook, and the member of the package that holds it."""

    name: str
    member: str
    is_hidden: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """What a workbook says of itself.

    Attributes:
        sheets: Worksheets in their order.
        charts: Names of sheets that have no cells.
        styles: The member with the formats, None without one.
        shared: The member with the texts that cells share, None without one.
        lengths: How long each of these texts is.
        zeros: By style, how many digits a format shows that fills up with zeros.
        counts_from_1904: Whether days are counted from 1904.
        has_links: Whether it draws on other workbooks.
    """

    sheets: tuple[SheetPart, ...]
    charts: tuple[str, ...]
    styles: str | None
    shared: str | None
    lengths: array[int]
    zeros: Mapping[int, int]
    counts_from_1904: bool
    has_links: bool


@dataclass(slots=True, kw_only=True)
class _Relations:
    found: dict[str, tuple[str, str]] = field(default_factory=dict)

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "Relationship" and attributes.get("TargetMode") != "External":
            kind = attributes.get("Type", "").rpartition("/")[2]
            self.found[attributes.get("Id", "")] = (kind, attributes.get("Target", ""))

    def text(self, text: str) -> None:
        """Relations are all in attributes."""

    def end(self, name: str) -> None:
        """Relations do not nest."""


@dataclass(slots=True, kw_only=True)
class _Names:
    root: str = ""
    sheets: list[tuple[str, str, bool]] = field(default_factory=list)
    counts_from_1904: bool = False

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        self.root = self.root or name
        if name == "sheet":
            relation = next((text for key, text in attributes.items() if key.rpartition(":")[2] == "id"), "")
            is_hidden = attributes.get("state", "visible") != "visible"
            self.sheets.append((attributes.get("name", ""), relation, is_hidden))
        elif name == "workbookPr":
            self.counts_from_1904 = attributes.get("date1904") in _TRUE

    def text(self, text: str) -> None:
        """Names are attributes."""

    def end(self, name: str) -> None:
        """Sheets do not nest."""


@dataclass(slots=True, kw_only=True)
class _Formats:
    digits: dict[str, int] = field(default_factory=dict)
    zeros: dict[int, int] = field(default_factory=dict)
    count: int = 0
    in_cells: bool = False

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "numFmt" and _ZEROS.fullmatch(attributes.get("formatCode", "")):
            self.digits[attributes.get("numFmtId", "")] = len(attributes["formatCode"])
        elif name == "cellXfs":
            self.in_cells = True
        elif name == "xf" and self.in_cells:
            digits = self.digits.get(attributes.get("numFmtId", ""))
            if digits is not None:
                self.zeros[self.count] = digits
            self.count += 1

    def text(self, text: str) -> None:
        """Formats are attributes."""

    def end(self, name: str) -> None:
        if name == "cellXfs":
            self.in_cells = False


def read_book(package: Package) -> Book:
    """Return what a workbook says of itself; raises RegisterError when the package holds none."""
    main = _find_main(package)
    names = _Names()
    parse_member(package, main, names)
    if names.root != "workbook":
        raise _no_workbook(package)
    folder, _, last = main.rpartition("/")
    relations = _read_relations(package, f"{folder}/_rels/{last}.rels".lstrip("/"), folder)
    shared = _find_kind(package, relations, "sharedStrings")
    lengths = SharedText(file=package.file)
    if shared is not None:
        parse_member(package, shared, lengths)
    styles = _find_kind(package, relations, "styles")
    formats = _Formats()
    if styles is not None:
        parse_member(package, styles, formats)
    sheets, charts = [], []
    for name, relation, is_hidden in names.sheets:
        kind, member = relations.get(relation, ("", ""))
        if kind == "worksheet" and member in package.members:
            sheets.append(SheetPart(name=name, member=member, is_hidden=is_hidden))
        elif kind in ("chartsheet", "dialogsheet", "xlMacrosheet"):
            charts.append(name)
        else:
            raise refusal(
                package.file,
                "sheet.damaged",
                {"reason": f"{name}: {member or relation}"},
                hint=Message("sheet.damaged_hint"),
            )
    return Book(
        sheets=tuple(sheets),
        charts=tuple(charts),
        styles=styles,
        shared=shared,
        lengths=lengths.lengths,
        zeros=formats.zeros,
        counts_from_1904=names.counts_from_1904,
        has_links=any("/externallinks/" in name for name in package.members),
    )


def _find_main(package: Package) -> str:
    """Return the member that is the workbook; other packages of Office and OpenDocument are named as such."""
    if "_rels/.rels" not in package.members:
        raise _no_workbook(package)
    main = _find_kind(package, _read_relations(package, "_rels/.rels", ""), "officeDocument")
    if main is None or not main.endswith(".xml"):
        raise _no_workbook(package)
    return main


def _no_workbook(package: Package) -> RegisterError:
    names = package.members
    if any(name.startswith("word/") for name in names):
        return refusal(package.file, "sheet.not_workbook", {"kind": "DOCX"})
    if any(name.startswith("ppt/") for name in names):
        return refusal(package.file, "sheet.not_workbook", {"kind": "PPTX"})
    if "xl/workbook.bin" in names:
        return refusal(package.file, "sheet.not_workbook", {"kind": "XLSB"})
    if "mimetype" in names and "content.xml" in names:
        return refusal(package.file, "sheet.not_workbook", {"kind": "ODS"})
    return refusal(package.file, "sheet.not_workbook", {"kind": "ZIP"})


def _read_relations(package: Package, member: str, folder: str) -> dict[str, tuple[str, str]]:
    """Return by its id the kind of each related part and its member, in lower case as members are."""
    listener = _Relations()
    parse_member(package, member, listener)
    return {
        name: (kind, posixpath.normpath(posixpath.join("/", folder, target.replace("\\", "/"))).lstrip("/").lower())
        for name, (kind, target) in listener.found.items()
    }


def _find_kind(package: Package, relations: Mapping[str, tuple[str, str]], wanted: str) -> str | None:
    members = [member for kind, member in relations.values() if kind == wanted and member in package.members]
    return members[0] if members else None


def write_small_book(package: Package, book: Book, part: SheetPart, listener: Worksheet) -> BytesIO:
    """Return a workbook of one worksheet, which the listener has been told of; raises RegisterError as it does."""
    content = BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        related = [("worksheet", "worksheets/sheet1.xml")]
        related += [("styles", "styles.xml")] if book.styles else []
        related += [("sharedStrings", "sharedStrings.xml")] if book.shared else []
        date1904 = ' date1904="1"' if book.counts_from_1904 else ""
        archive.writestr("[Content_Types].xml", f"<Types xmlns={quoteattr(_TYPES)}/>")
        archive.writestr("_rels/.rels", _write_relations([("officeDocument", "xl/workbook.xml")]))
        archive.writestr("xl/_rels/workbook.xml.rels", _write_relations(related))
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><workbookPr{date1904}/>'
            '<sheets><sheet name="1" sheetId="1" r:id="rId1"/></sheets></workbook>',
        )
        with archive.open("xl/worksheets/sheet1.xml", "w") as target:
            parse_member(package, part.member, listener, copy=target.write)
        for member, name in ((book.styles, "xl/styles.xml"), (book.shared, "xl/sharedStrings.xml")):
            if member is not None:
                _copy(package, member, archive, name)
    content.seek(0)
    return content


def _write_relations(related: list[tuple[str, str]]) -> str:
    parts = "".join(
        f'<Relationship Id="rId{number}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(related, start=1)
    )
    return f'<Relationships xmlns="{_RELATIONS}">{parts}</Relationships>'


def _copy(package: Package, member: str, archive: zipfile.ZipFile, name: str) -> None:
    with archive.open(name, "w") as target:
        for chunk in read_member(package, member):
            target.write(chunk)
