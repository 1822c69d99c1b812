# SPDX-License-Identifier: Apache-2.0
"""Tables as text: which encoding, which delimiter, and the records with the line on which each starts."""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from borderready.errors import Fault, RegisterError
from borderready.model import Message
from borderready.read.grid import MAX_TOLD, Grid, Row, fault_at

ASCII_DELIMITERS = (",", ";", "\t", "|")
# Typed with a Chinese keyboard; they also stand within names, so that they count only when all records agree.
WIDE_DELIMITERS = ("，", "；")
_CHUNK = 1024 * 1024
_LOOKED_AT = 50
_SAMPLE_CHARACTERS = 256 * 1024
# Of the records looked at, those that must have the same number of cells (the first may be a title, a date).
_SHARE = 0.5
_WIDE_SHARE = 0.9


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """Bytes whose encoding is known, and that hold nothing else."""

    content: bytes
    encoding: str
    guessed: bool

    @property
    def beginning(self) -> str:
        """The first characters."""
        return codecs.getincrementaldecoder(self.encoding)().decode(self.content[:4096]).removeprefix("\ufeff")


def decode_text(content: bytes, *, file: str) -> Text:
    """Return a text with its encoding; raises RegisterError naming the byte or the line where it is none."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = Text(content=content, encoding="utf-16", guessed=False)
        _judge(text, file)
        return text
    for encoding in ("utf-16-le", "utf-16-be"):
        if _looks_like_utf16(content, encoding):
            text = Text(content=content, encoding=encoding, guessed=True)
            _judge(text, file)
            return text
    text = Text(content=content, encoding="utf-8-sig", guessed=False)
    if _bad_byte(text) is not None:
        text = Text(content=content, encoding="gb18030", guessed=True)
    _judge(text, file)
    return text


def _judge(text: Text, file: str) -> None:
    place = _bad_byte(text)
    if place is not None:
        key = "sheet.encoding" if text.encoding == "gb18030" else "sheet.utf16"
        args = {"byte": f"0x{text.content[place]:02x}", "offset": str(place + 1)}
        # Where a character takes two bytes, lines cannot be counted in bytes.
        line = text.content.count(b"\n", 0, place) + 1 if text.encoding == "gb18030" else None
        raise RegisterError([fault_at(file, key, args, row=line)])
    lines = 1
    for piece in _pieces(text):
        place = piece.find("\0")
        if place != -1:
            raise RegisterError([fault_at(file, "sheet.nul", row=lines + piece.count("\n", 0, place))])
        lines += piece.count("\n")


def _pieces(text: Text) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(text.encoding)()
    for start in range(0, len(text.content), _CHUNK):
        chunk = text.content[start : start + _CHUNK]
        yield decoder.decode(chunk, start + _CHUNK >= len(text.content))


def _bad_byte(text: Text) -> int | None:
    """Return the offset of the first byte that the encoding does not allow."""
    decoder = codecs.getincrementaldecoder(text.encoding)()
    for start in range(0, len(text.content), _CHUNK):
        # What the decoder keeps of the chunk before comes first in what it complains of.
        kept = len(decoder.getstate()[0])
        try:
            decoder.decode(text.content[start : start + _CHUNK], start + _CHUNK >= len(text.content))
        except UnicodeDecodeError as error:
            return min(max(start - kept + error.start, 0), len(text.content) - 1)
    return None


def _looks_like_utf16(content: bytes, encoding: str) -> bool:
    """Return whether a text without a mark is UTF-16: Latin letters, digits and ends of lines then have a NUL each."""
    high = 1 if encoding == "utf-16-le" else 0
    sample = content[:65536]
    nuls, others = sample[high::2].count(0), sample[1 - high :: 2].count(0)
    if len(content) % 2 or others or nuls * 40 < len(sample):
        return False
    text = codecs.getincrementaldecoder(encoding)("replace").decode(sample)
    has_lines = b"\n" in sample or b"\r" in sample
    return "\n" in text or "\r" in text if has_lines else True


def parse_delimited(text: Text, *, file: str) -> Grid:
    """Return the records of a text; raises RegisterError with the lines of those that cannot be read."""
    delimiter, columns = _find_delimiter(_sample(text))
    rows, faults = _read_rows(text, delimiter, columns, file)
    if faults:
        raise RegisterError(faults)
    notes = [Message("sheet.guessed", {"encoding": text.encoding.upper()})] if text.guessed else []
    return Grid(rows=tuple(rows), notes=tuple(notes))


def _open(text: Text) -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(text.content), encoding=text.encoding, newline="")


def _sample(text: Text) -> str:
    with _open(text) as stream:
        return stream.read(_SAMPLE_CHARACTERS)


def _read_rows(text: Text, delimiter: str, columns: int, file: str) -> tuple[list[Row], list[Fault]]:
    rows: list[Row] = []
    faults: list[Fault] = []
    shared: dict[str, str] = {}
    line = 1
    with _open(text) as stream:
        reader = csv.reader(stream, delimiter=delimiter, strict=True, skipinitialspace=True)
        try:
            for record in reader:
                cells = [shared.setdefault(cell, cell) for cell in map(str.strip, record)]
                while cells and not cells[-1]:
                    cells.pop()
                if cells:
                    rows.append((line, tuple(cells)))
                if len(cells) > columns and len(faults) < MAX_TOLD:
                    args = {"found": str(len(cells)), "columns": str(columns)}
                    faults.append(fault_at(file, "sheet.csv_wide", args, row=line, hint=Message("sheet.csv_wide_hint")))
                line = reader.line_num + 1
        except csv.Error as error:
            faults.append(_explain(error, file, line))
    return rows, faults


def _explain(error: csv.Error, file: str, line: int) -> Fault:
    """Return the fault of a record that starts on a line."""
    reason = str(error)
    if "end of data" in reason or "field larger" in reason:
        return fault_at(file, "sheet.csv_open", row=line, hint=Message("sheet.csv_open_hint"))
    if "expected after" in reason:
        return fault_at(file, "sheet.csv_quote", row=line, hint=Message("sheet.csv_quote_hint"))
    return fault_at(file, "sheet.csv", {"reason": reason}, row=line)


def _find_delimiter(sample: str) -> tuple[str, int]:
    """Return the delimiter on which the first records agree best, and how many cells a record may have.

    A record may have as many cells as most have, or as the first one that has several: the heading. One column only
    has no delimiter, and then a comma does no harm.
    """
    best = _best(sample, ASCII_DELIMITERS, _SHARE) or _best(sample, WIDE_DELIMITERS, _WIDE_SHARE, has_title=True)
    if best is not None:
        return best
    return "\x1f", 1


def _best(sample: str, delimiters: tuple[str, ...], share: float, *, has_title: bool = False) -> tuple[str, int] | None:
    """Return the delimiter on which a share of the records agree; a title before a wide table is no record then."""
    found: list[tuple[float, int, int, str, int]] = []
    for order, delimiter in enumerate(delimiters):
        counts = _cells_of_records(sample, delimiter)
        several = [count for count in counts if count > 1]
        if not several:
            continue
        usual, agreeing = max(Counter(several).items(), key=lambda pair: (pair[1], pair[0]))
        if has_title and usual > 2:
            counts = counts[counts.index(several[0]) :]
        if agreeing >= share * len(counts):
            found.append((agreeing / len(counts), usual, -order, delimiter, max(usual, several[0])))
    if not found:
        return None
    *_, delimiter, columns = max(found)
    return delimiter, columns


def _cells_of_records(sample: str, delimiter: str) -> list[int]:
    """Return how many cells each of the first records that hold anything has, an unfinished last one left out."""
    reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter, skipinitialspace=True)
    counts: list[int] = []
    try:
        for record in islice(reader, 4 * _LOOKED_AT):
            if any(cell.strip() for cell in record):
                counts.append(len(record))
    except csv.Error:
        pass
    if len(sample) >= _SAMPLE_CHARACTERS and len(counts) > 1:
        counts.pop()
    return counts[:_LOOKED_AT]
