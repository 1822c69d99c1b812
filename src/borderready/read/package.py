# SPDX-License-Identifier: Apache-2.0
"""Zip packages that nobody trusts: their members within bounds, and their XML without document types.

What is unpacked here was measured by unpacking it: what a header says of sizes is never believed.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Protocol
from xml.parsers import expat

from borderready.errors import RegisterError
from borderready.model import Message
from borderready.read.grid import refusal

MAX_MEMBERS = 10_000
MAX_UNPACKED_BYTES = 512 * 1024 * 1024
# Deflate reaches 1032; a sheet of 200,000 rows alike stays under 50. Small files may be packed as they like.
MAX_RATIO = 200
RATIO_FLOOR_BYTES = 32 * 1024 * 1024
MAX_ELEMENTS = 8_000_000
MAX_DEPTH = 64
# No tag or comment of a workbook is as long; the parser would keep it whole.
MAX_TOKEN_BYTES = 1024 * 1024
_CHUNK = 256 * 1024
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 0x1
# What zipfile raises at archives that are damaged, or made to look so.
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OverflowError,
    IndexError,
    OSError,
)


class Listener(Protocol):
    """Whoever wants the parts of an XML document: tags without their prefix."""

    def start(self, name: str, attributes: Mapping[str, str]) -> None: ...
    def end(self, name: str) -> None: ...
    def text(self, text: str) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """A zip archive whose members all fit.

    Attributes:
        file: The file as the user named it.
        members: Members by name in lower case with forward slashes.
    """

    file: str
    archive: zipfile.ZipFile
    members: Mapping[str, zipfile.ZipInfo]


def open_package(content: bytes, *, file: str) -> Package:
    """Return an archive once all of it has been unpacked within bounds; raises RegisterError otherwise."""
    try:
        archive = zipfile.ZipFile(BytesIO(content))
        entries = archive.infolist()
    except _DAMAGE as error:
        raise _damaged(file, str(error)) from error
    if len(entries) > MAX_MEMBERS:
        raise refusal(file, "sheet.bomb_members", {"most": str(MAX_MEMBERS)})
    members: dict[str, zipfile.ZipInfo] = {}
    for entry in entries:
        name = entry.filename.replace("\\", "/").lower()
        if name in members:
            raise _damaged(file, f"{entry.filename}: twice")
        if entry.flag_bits & _ENCRYPTED:
            raise refusal(file, "sheet.password")
        if entry.compress_type not in _METHODS:
            raise _damaged(file, f"{entry.filename}: method {entry.compress_type}")
        members[name] = entry
    package = Package(file=file, archive=archive, members=members)
    _measure(package, packed_bytes=len(content))
    return package


def _measure(package: Package, *, packed_bytes: int) -> None:
    total = 0
    for name in package.members:
        for chunk in read_member(package, name):
            total += len(chunk)
            if total > MAX_UNPACKED_BYTES:
                raise refusal(package.file, "sheet.bomb", {"mib": str(MAX_UNPACKED_BYTES // 1024**2)})
            if total > RATIO_FLOOR_BYTES and total > MAX_RATIO * packed_bytes:
                raise refusal(package.file, "sheet.bomb_ratio", {"ratio": str(MAX_RATIO)})


def read_member(package: Package, name: str) -> Iterator[bytes]:
    """Yield the bytes of a member by its name in lower case; raises RegisterError when it is damaged or absent."""
    entry = package.members.get(name)
    if entry is None:
        raise _damaged(package.file, f"{name}: missing")
    try:
        with package.archive.open(entry) as stream:
            while chunk := stream.read(_CHUNK):
                yield chunk
    except _DAMAGE as error:
        raise _damaged(package.file, f"{name}: {error}") from error


def parse_member(
    package: Package,
    name: str,
    listener: Listener,
    *,
    copy: Callable[[bytes], object] | None = None,
    is_enough: Callable[[], bool] | None = None,
) -> None:
    """Tell a listener what the XML of a member holds; raises RegisterError when it is no XML or not to be trusted.

    Args:
        package: The archive.
        name: The member, in lower case.
        listener: Told of each tag and text in turn; what it raises ends the reading.
        copy: Given each piece of the member once it has been parsed.
        is_enough: Asked after each piece whether the rest need not be read.
    """
    parser = _make_parser(package.file, name, listener)
    done = 0
    try:
        for chunk in read_member(package, name):
            parser.Parse(chunk)
            done += len(chunk)
            if done - max(parser.CurrentByteIndex, 0) > MAX_TOKEN_BYTES + _CHUNK:
                raise _damaged(package.file, f"{name}: token")
            if copy is not None:
                copy(chunk)
            if is_enough is not None and is_enough():
                return
        parser.Parse(b"", True)  # noqa: FBT003  # the parser knows it by place alone
    except expat.ExpatError as error:
        raise _damaged(package.file, f"{name}: {error}") from error


def _make_parser(file: str, name: str, listener: Listener) -> expat.XMLParserType:
    depth = elements = 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth, elements
        depth += 1
        elements += 1
        if depth > MAX_DEPTH:
            raise _damaged(file, f"{name}: depth")
        if elements > MAX_ELEMENTS:
            raise refusal(file, "sheet.bomb_elements", {"most": str(MAX_ELEMENTS)})
        listener.start(tag.rpartition(":")[2] if ":" in tag else tag, attributes)

    def end(tag: str) -> None:
        nonlocal depth
        depth -= 1
        listener.end(tag.rpartition(":")[2] if ":" in tag else tag)

    def refuse_type(*_: object) -> None:
        raise refusal(file, "sheet.doctype", {"part": name})

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = listener.text
    parser.StartDoctypeDeclHandler = refuse_type
    return parser


def _damaged(file: str, reason: str) -> RegisterError:
    return refusal(file, "sheet.damaged", {"reason": reason}, hint=Message("sheet.damaged_hint"))
