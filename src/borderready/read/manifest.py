# SPDX-License-Identifier: Apache-2.0
"""Manifests: a file of one or several YAML documents to shipments, or to all that is wrong with them."""

from __future__ import annotations

import errno
import os
import sys
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import partial
from hashlib import sha256
from typing import TYPE_CHECKING, BinaryIO, TypeGuard

import yaml

from borderready.errors import Fault
from borderready.model import Manifest, Message, Path, Span, Value
from borderready.paths import write_path
from borderready.read.schema import in_order, shape_named, type_at_once, type_by
from borderready.read.strict_yaml import MAX_BYTES, MAX_FAULTS, Document, judge, parse_yaml
from borderready.read.tree import Places, is_plain, locate, span_of

if TYPE_CHECKING:
    from gzip import GzipFile

STDIN = "-"
GZIP = ".gz"
# What reading a file may raise: what the system refuses, a name that no file can have, and what is no gzip.
UNREADABLE = (OSError, ValueError, EOFError, zlib.error)
MAX_SHOWN = 100  # lots among which a mistyped one is looked for


@dataclass(frozen=True, slots=True, kw_only=True)
class Invalid:
    """A manifest that could not be read or typed, with every reason."""

    file: str
    index: int
    sha256: str
    faults: tuple[Fault, ...]


def read_manifests(name: str, *, shown_as: str | None = None) -> tuple[Manifest | Invalid, ...]:
    """Return the manifests of a file, in order; `-` reads standard input. Never raises for what a file may be.

    Args:
        name: Where it lies.
        shown_as: Its name in reports, if another.
    """
    try:
        content = read_content(name)
    except UNREADABLE as error:
        return (unreadable(shown_as or name, error),)
    return parse_manifests(content, file=shown_as or ("<stdin>" if name == STDIN else name))


def read_content(name: str) -> bytes:
    """Return the bytes that a file's manifests are read from, up to the limit and one more; raises UNREADABLE."""
    if name == STDIN:
        return open_stdin().read(MAX_BYTES + 1)
    with open_file(name) as stream:
        # A buffer for the most that a file may hold costs more than to read what nearly every file holds.
        size_bytes = 0 if name.endswith(GZIP) else os.fstat(stream.fileno()).st_size
        content = stream.read(size_bytes + 1) if 0 < size_bytes < MAX_BYTES else b""
        if len(content) == size_bytes > 0:
            return content
        return content + stream.read(MAX_BYTES + 1 - len(content))


def open_stdin() -> BinaryIO:
    """Return standard input as bytes; raises OSError where it is closed."""
    if sys.stdin is None:
        raise OSError(errno.EBADF, "standard input is closed")
    return sys.stdin.buffer


def open_file(name: str) -> BinaryIO | GzipFile:
    """Return a file to be read as bytes, unpacked where its name ends in .gz; raises OSError."""
    if name.endswith(GZIP):
        import gzip

        return gzip.GzipFile(name, "rb")
    return open(name, "rb")


def unreadable(name: str, error: Exception, *, index: int = 0) -> Invalid:
    """Return what a file is that cannot be read (further): invalid, with the reason."""
    fault = replace(_os_fault(name, error if isinstance(error, OSError) else OSError(0, str(error))), document=index)
    return Invalid(file=name, index=index, sha256="", faults=(fault,))


def _os_fault(name: str, error: OSError) -> Fault:
    keys = {FileNotFoundError: "read.missing", IsADirectoryError: "read.directory", PermissionError: "read.permission"}
    key = "read.gzip" if name.endswith(GZIP) and type(error) not in keys else keys.get(type(error), "read.os")
    reason = error.strerror or str(error)
    return Fault(
        file=name,
        span=None,
        path="",
        what=Message(key, {"reason": reason}),
        hint=Message(f"{key}_hint", {"file": name}),
    )


def parse_line(content: bytes, *, file: str, index: int, line: int) -> tuple[Manifest | Invalid, ...]:
    """Return the manifest on one line of a file with one a line; its places are those of the whole file.

    Args:
        content: The line.
        file: The file it stands in.
        index: Which manifest of the file it is, from 0.
        line: Number of the line, from 1.
    """
    down = line - 1
    return tuple(
        replace(result, index=index, faults=tuple(_lower(fault, index, down) for fault in result.faults))
        if isinstance(result, Invalid)
        else replace(
            result,
            index=index,
            locate=partial(_locate_lower, result.locate, down),
            line_text=partial(_line_text_lower, result.line_text, down),
        )
        for result in parse_manifests(content, file=file)
    )


def _lower(fault: Fault, index: int, down: int) -> Fault:
    return replace(fault, span=None if fault.span is None else _span_lower(fault.span, down), document=index)


def _span_lower(span: Span, down: int) -> Span:
    return span._replace(line=span.line + down, end_line=span.end_line + down)


def _locate_lower(locate_in_line: Callable[[Path], Span], down: int, path: Path) -> Span:
    return _span_lower(locate_in_line(path), down)


def _line_text_lower(text_in_line: Callable[[int], str], down: int, number: int) -> str:
    return text_in_line(number - down)


def parse_manifests(content: bytes, *, file: str) -> tuple[Manifest | Invalid, ...]:
    """Return the manifests in the bytes of a file; one that has any fault is invalid, the others stand."""
    digest = sha256(content).hexdigest()
    parsed = parse_yaml(content, file=file, is_trusting=True)
    # A document of nothing between two markers is no manifest; a file of nothing else is a fault of the file.
    documents = [document for document in parsed.documents if not _is_empty(document)]
    results = [_type_manifest(document, parsed.faults, digest, file) for document in documents]
    known = {document.index for document in documents}
    for index in sorted({fault.document for fault in parsed.faults} - known):
        loose = tuple(fault for fault in parsed.faults if fault.document == index)
        results.append(Invalid(file=file, index=index, sha256=digest, faults=loose))
    results.sort(key=lambda result: result.index)
    if not results:
        key = "read.only_comments" if content.strip(b"\xef\xbb\xbf \t\r\n-.") else "read.empty"
        fault = Fault(file=file, span=None, path="", what=Message(key), hint=Message("read.empty_hint"))
        results.append(Invalid(file=file, index=0, sha256=digest, faults=(fault,)))
    return tuple(results)


def _is_empty(document: Document) -> bool:
    root = document.root
    return root is None or (isinstance(root, yaml.ScalarNode) and root.value == "" and is_plain(root))


def _type_manifest(document: Document, faults: tuple[Fault, ...], digest: str, file: str) -> Manifest | Invalid:
    own = tuple(fault for fault in faults if fault.document == document.index)
    quick = type_at_once("manifest", document) if not own else None
    if quick is not None and not _cross_faults(quick, document, file):
        return _manifest(quick, document, digest, file)
    own = (*own, *judge(document, file))
    if own and any(fault.what.key in ("read.alias_bomb", "read.too_deep", "read.syntax") for fault in own):
        return Invalid(file=file, index=document.index, sha256=digest, faults=own)
    assert document.root is not None
    if not isinstance(document.root, yaml.MappingNode):
        fault = _top_fault(document, file)
        return Invalid(file=file, index=document.index, sha256=digest, faults=(*own, fault))
    value, typing_faults = type_by("manifest", document, file=file)
    assert isinstance(value, Mapping)
    every = in_order([*own, *typing_faults, *_cross_faults(value, document, file)])
    if every:
        return Invalid(file=file, index=document.index, sha256=digest, faults=_first_of(every, document, file))
    return _manifest(value, document, digest, file)


def _manifest(value: Mapping[str, Value], document: Document, digest: str, file: str) -> Manifest:
    return Manifest(
        file=file,
        index=document.index,
        sha256=digest,
        data=value,
        locate=Places(document.root),
        line_text=partial(_line, document.lines),
    )


def _first_of(faults: tuple[Fault, ...], document: Document, file: str) -> tuple[Fault, ...]:
    """Return the faults that are told; where there are too many, the last one says so."""
    if len(faults) < MAX_FAULTS:
        return faults
    what, hint = Message("read.more", {"most": str(MAX_FAULTS)}), Message("read.more_hint")
    return (*faults[:MAX_FAULTS], Fault(file=file, span=None, path="", what=what, hint=hint, document=document.index))


def _top_fault(document: Document, file: str) -> Fault:
    root = document.root
    is_list = isinstance(root, yaml.SequenceNode)
    hint = Message("read.top_list_hint" if is_list else "read.top_hint")
    return Fault(
        file=file,
        span=span_of(root) if root is not None else None,
        path="",
        what=Message("read.top_list" if is_list else "read.top"),
        hint=hint,
        line_text=document.lines[root.start_mark.line] if root is not None and document.lines else None,
        document=document.index,
    )


def _cross_faults(value: Mapping[str, Value], document: Document, file: str) -> list[Fault]:
    """Return what no schema can say: two lots of one id, and documents that cover lots that are not there."""
    lots = value.get("lots")
    members = [lot for lot in lots if isinstance(lot, Mapping)] if isinstance(lots, tuple) else []
    places = [(i, str(lot["id"])) for i, lot in enumerate(lots if isinstance(lots, tuple) else ()) if _has_id(lot)]
    ids: dict[str, None] = {}
    faults: list[Fault] = []
    for index, name in places:
        if name in ids and len(faults) < MAX_FAULTS:
            what = Message("manifest.same_lot", {"id": name})
            faults.append(_fault_at(document, file, ("lots", index, "id"), what, Message("manifest.same_lot_hint")))
        ids[name] = None
    if not ids or len(places) < len(members):
        return faults
    for path, name in _covered(value):
        if name not in ids and len(faults) < MAX_FAULTS:
            what = Message("manifest.no_lot", {"id": name})
            faults.append(_fault_at(document, file, path, what, _lot_hint(name, list(ids))))
    return faults


def _covered(value: Mapping[str, Value]) -> Iterator[tuple[Path, str]]:
    for part in ("documents", "attestations"):
        entries = value.get(part)
        for index, entry in enumerate(entries if isinstance(entries, tuple) else ()):
            covers = entry.get("covers") if isinstance(entry, Mapping) else None
            for position, covered in enumerate(covers if isinstance(covers, tuple) else ()):
                yield (part, index, "covers", position), str(covered)


def _lot_hint(name: str, ids: list[str]) -> Message:
    shown = ids[:MAX_SHOWN]
    near = get_close_matches(name, shown, n=1, cutoff=0.5)
    if near:
        return Message("type.did_you_mean", {"name": near[0]})
    return Message("manifest.no_lot_hint", {"ids": ", ".join([*shown, *(["..."] if len(ids) > MAX_SHOWN else [])])})


def _has_id(lot: Value) -> TypeGuard[Mapping[str, Value]]:
    return isinstance(lot, Mapping) and "id" in lot


def _fault_at(document: Document, file: str, path: Path, what: Message, hint: Message | None) -> Fault:
    span: Span = locate(document.root, path)
    return Fault(
        file=file,
        span=span,
        path=write_path(path),
        what=what,
        hint=hint,
        line_text=_line(document.lines, span.line),
        document=document.index,
    )


def _line(lines: Sequence[str], number: int) -> str:
    return lines[number - 1] if 0 < number <= len(lines) else ""


def placeholder_of(path: tuple[str, ...]) -> str:
    """Return what to write for the value of a key in a line to be filled in, by the key's path without indices."""
    shape = shape_named("manifest")
    for step in path:
        while shape.items is not None:
            shape = shape.items
        inner = shape.properties.get(step)
        if inner is None:
            return "..."
        shape = inner
    return shape.placeholder
