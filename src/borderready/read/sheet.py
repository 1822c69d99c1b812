# SPDX-License-Identifier: Apache-2.0
"""Tables that users bring: XLSX, or text with a delimiter; what a file is, its bytes say and not its name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path as FilePath

from borderready.errors import RegisterError
from borderready.model import Message
from borderready.read.delimited import decode_text, parse_delimited
from borderready.read.grid import Grid, Rows, refusal

MAX_BYTES = 256 * 1024 * 1024
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# How the directory of a compound file names a stream: 128 bytes for each, the name first.
_DIRECTORY_ENTRY = 128
_MARKUP = re.compile(
    r"\s*(<\?xml[^>]*>\s*)?(<!--.{0,1000}?-->\s*)?<(!doctype\s+html|html|head|meta|body|table|div|style)\b"
    r"|\s*mime-version:",
    re.IGNORECASE | re.DOTALL,
)
_XML = re.compile(r"\s*<(\?xml|\w+:?workbook|fods|office:)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One table of a file.

    Attributes:
        file: The file as the user named it.
        sha256: Digest of the file's bytes, in hexadecimal.
        rows: Number of each row from 1 and its cells. The number is the one that a spreadsheet shows, or the line on
            which a record of text starts. Cells are stripped; rows may differ in length; no row is wholly empty.
        name: The worksheet that was read, None for text.
        notes: What the user must be told: sheets that were not read, merged cells that were filled, a guessed encoding.
    """

    file: str
    sha256: str
    rows: Rows
    name: str | None = None
    notes: tuple[Message, ...] = ()


def read_sheet(path: FilePath, *, shown_as: str, sheet: str | None = None) -> Sheet:
    """Return the table of a file; raises RegisterError with all faults that were found.

    Args:
        path: An XLSX workbook, or text in UTF-8, UTF-16 or GB18030 with any common delimiter.
        shown_as: The file as the user named it, for reports.
        sheet: The worksheet to read; without it the only visible one that holds anything.
    """
    content = _read_bytes(path, shown_as)
    grid = _parse(content, shown_as, sheet)
    if not grid.rows:
        raise refusal(shown_as, "sheet.no_rows")
    return Sheet(file=shown_as, sha256=sha256(content).hexdigest(), rows=grid.rows, name=grid.name, notes=grid.notes)


def _read_bytes(path: FilePath, file: str) -> bytes:
    try:
        if path.exists() and not path.is_file():
            raise refusal(file, "sheet.not_file")
        with path.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        raise refusal(file, "sheet.unreadable", {"reason": reason}) from error
    if len(content) > MAX_BYTES:
        raise refusal(file, "sheet.too_large", {"mib": str(MAX_BYTES // 1024**2)})
    if not content:
        raise refusal(file, "sheet.empty")
    return content


def _parse(content: bytes, file: str, sheet: str | None) -> Grid:
    if content.startswith(_ZIP):
        # Only who brings a workbook needs what reads one.
        from borderready.read.workbook import parse_workbook

        return parse_workbook(content, file=file, sheet=sheet)
    if content.startswith(_COMPOUND[:4]):
        raise _refuse_compound(content, file)
    if content.startswith(b"%PDF"):
        raise refusal(file, "sheet.pdf")
    if sheet is not None:
        raise refusal(file, "sheet.no_sheets", {"sheet": sheet})
    text = decode_text(content, file=file)
    beginning = text.beginning
    if _MARKUP.match(beginning):
        raise refusal(file, "sheet.html")
    if _XML.match(beginning):
        raise refusal(file, "sheet.xml")
    return parse_delimited(text, file=file)


def _refuse_compound(content: bytes, file: str) -> RegisterError:
    """Return why a compound file is refused: Office keeps workbooks with a password, and those before 2007, in one."""
    if _has_stream(content, "EncryptedPackage"):
        return refusal(file, "sheet.password")
    if _has_stream(content, "Workbook") or _has_stream(content, "Book"):
        return refusal(file, "sheet.xls")
    return refusal(file, "sheet.not_table")


def _has_stream(content: bytes, name: str) -> bool:
    entry = f"{name}\0".encode("utf-16-le")
    place = content.find(entry)
    while place != -1:
        if place % _DIRECTORY_ENTRY == 0 and content[place + 64 : place + 66] == len(entry).to_bytes(2, "little"):
            return True
        place = content.find(entry, place + 1)
    return False
