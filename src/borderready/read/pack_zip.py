# SPDX-License-Identifier: Apache-2.0
"""The zip of a built pack, which nobody trusts: within bounds, with names that mean the same everywhere.

Nothing is written here. What was unpacked was measured by unpacking it: what a header says of sizes is never believed.
The end record is judged before the list of members is read, so that a list without end costs nothing.
"""

from __future__ import annotations

import os
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from borderready.errors import RuleBaseError
from borderready.read.pack_manifest import RESERVED, fault, read_manifest, refusal
from borderready.read.rule_base import SEALS

MAX_MEMBERS = 20_000
MAX_PACKED_BYTES = 128 * 1024 * 1024
MAX_UNPACKED_BYTES = 128 * 1024 * 1024
# Rules in YAML shrink to a fifth or a tenth; a small zip may shrink as it likes.
MAX_RATIO = 100
RATIO_FLOOR_BYTES = 4 * 1024 * 1024
MAX_NAME_CHARACTERS = 200
_CHUNK = 256 * 1024
_END = struct.Struct("<4s4H2LH")  # the end record of a zip (APPNOTE 4.3.16)
_END_MARK, _LARGE_MARK = b"PK\x05\x06", b"PK\x06\x07"
_LARGE_LOCATOR_BYTES = 20
_MAX_COMMENT_BYTES = 65_535
_MAX_ENTRY_BYTES = 46 + 120  # of the list of members, on average
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 0x1 | 0x40
_SEALS_FOLDED = {seal.casefold() for seal in SEALS}
_FORBIDDEN = frozenset('<>:"|?*\\')
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


def read_zip(path: Path) -> Mapping[str, bytes]:
    """Return every file of a built pack by its name, MANIFEST.json and SIGNATURES.json among them.

    Raises RuleBaseError for an archive that is damaged, too large, encrypted, has links or names that could lead out of
    a folder or clash in one, and for a MANIFEST.json that is absent, malformed or does not agree with the files. Who
    signed is judged elsewhere (read/pack_trust.py).
    """
    shown = str(path)
    try:
        state = os.stat(path)
        if not stat.S_ISREG(state.st_mode):
            raise zipfile.BadZipFile("not a file")
        packed_bytes = state.st_size
        if packed_bytes > MAX_PACKED_BYTES:
            raise refusal(shown, "packs.zip_large", {"mib": str(MAX_PACKED_BYTES // 1024**2)})
        with path.open("rb") as stream:
            stream.seek(max(packed_bytes - _END.size - _MAX_COMMENT_BYTES, 0))
            _judge_end(stream.read(), shown)
            with zipfile.ZipFile(stream) as archive:
                contents = _unpack(archive, shown, packed_bytes)
    except _DAMAGE as error:
        reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
        raise refusal(shown, "packs.zip_damaged", {"reason": reason}, "packs.zip_damaged_hint") from error
    read_manifest(contents, file=shown)
    return contents


def _judge_end(tail: bytes, file: str) -> None:
    """Judge by the end record how long the list of members is, before anything reads it.

    A list that says less than it holds is found out by its size in bytes; the format for large archives is refused,
    since no pack needs it.
    """
    at = tail.rfind(_END_MARK)
    if at < 0 or len(tail) - at < _END.size:
        raise zipfile.BadZipFile("no end record")
    _, _, _, here, members, list_bytes, _, _ = _END.unpack_from(tail, at)
    is_large = tail[max(at - _LARGE_LOCATOR_BYTES, 0) :].startswith(_LARGE_MARK)
    if is_large or max(here, members) > MAX_MEMBERS or list_bytes > MAX_MEMBERS * _MAX_ENTRY_BYTES:
        raise refusal(file, "packs.zip_members", {"most": str(MAX_MEMBERS)})


def _unpack(archive: zipfile.ZipFile, file: str, packed_bytes: int) -> dict[str, bytes]:
    """Return the files of an archive, measured while they are unpacked; folders of their own are left out."""
    entries = archive.infolist()
    if len(entries) > MAX_MEMBERS:
        raise refusal(file, "packs.zip_members", {"most": str(MAX_MEMBERS)})
    faults = [fault(file, key, {"name": entry.orig_filename[:80]}) for entry in entries for key in _problems(entry)]
    faults += [fault(file, "packs.zip_clash", {"name": one, "other": two}) for one, two in clashes(_names(entries))]
    if faults:
        raise RuleBaseError(faults[:5])
    contents: dict[str, bytes] = {}
    total = 0
    for entry in entries:
        parts = []
        with archive.open(entry) as stream:
            while chunk := stream.read(_CHUNK):
                total += len(chunk)
                if total > MAX_UNPACKED_BYTES:
                    raise refusal(file, "packs.zip_bomb", {"mib": str(MAX_UNPACKED_BYTES // 1024**2)})
                if total > RATIO_FLOOR_BYTES and total > MAX_RATIO * packed_bytes:
                    raise refusal(file, "packs.zip_ratio", {"ratio": str(MAX_RATIO)})
                parts.append(chunk)
        if not entry.is_dir():
            contents[entry.orig_filename] = b"".join(parts)
        elif parts:
            raise refusal(file, "packs.zip_special", {"name": entry.orig_filename})
    return contents


def _names(entries: Iterable[zipfile.ZipInfo]) -> list[str]:
    """Return the names of files; a folder counts where it is named and holds none."""
    return [entry.orig_filename.rstrip("/") for entry in entries if not entry.is_dir()]


def _problems(entry: zipfile.ZipInfo) -> Iterator[str]:
    """Yield why a member is refused, as keys of sentences; nothing of it has been unpacked."""
    problem = problem_of_name(entry.orig_filename.removesuffix("/"))
    if problem is not None:
        yield problem
    mode = entry.external_attr >> 16
    wanted = stat.S_IFDIR if entry.is_dir() else stat.S_IFREG
    if stat.S_IFMT(mode) == stat.S_IFLNK:
        yield "packs.zip_link"
    elif stat.S_IFMT(mode) not in (0, wanted):
        yield "packs.zip_special"
    if entry.flag_bits & _ENCRYPTED:
        yield "packs.zip_encrypted"
    if entry.compress_type not in _METHODS:
        yield "packs.zip_method"


def problem_of_name(name: str) -> str | None:
    """Return why a name may not stand in a pack, as the key of a sentence, or None.

    What is left means one file below the pack's folder on every system, spelt in one way.
    """
    parts = name.split("/")
    if name.startswith("/") or "\\" in name or ".." in parts or name[1:2] == ":":
        return "packs.zip_outside"
    if len(name) > MAX_NAME_CHARACTERS or unicodedata.normalize("NFC", name) != name:
        return "packs.zip_name"
    if not all(part and part[0] != "." and part[-1] not in ". " and part.isprintable() for part in parts):
        return "packs.zip_name"
    if not _FORBIDDEN.isdisjoint(name) or any(part.partition(".")[0].strip().lower() in RESERVED for part in parts):
        return "packs.zip_name"
    if name not in SEALS and name.casefold() in _SEALS_FOLDED:
        return "packs.zip_name"
    return None


def clashes(names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield names that would be one file, or a file and a folder, on some system; each with the one it clashes with.

    Systems fold case, and some write accents in another way.
    """
    files: dict[str, str] = {}
    folders: dict[str, str] = {}
    for name in names:
        folded = _fold(name)
        other = files.get(folded) or folders.get(folded)
        if other is not None:
            yield name, other
        files[folded] = name
        parts = name.split("/")
        for depth in range(1, len(parts)):
            folder = "/".join(parts[:depth])
            known = folders.setdefault(_fold(folder), folder)
            if known != folder:
                yield name, known
            elif _fold(folder) in files:
                yield name, files[_fold(folder)]


def _fold(name: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", name).casefold())
