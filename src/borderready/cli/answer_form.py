# SPDX-License-Identifier: Apache-2.0
"""The form in which answers are kept: a head in JSON with all but the texts, packed, beside the texts."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple, TypeVar

from borderready.batch.cache import Found
from borderready.batch.shelf import Shelf
from borderready.cli.run import Checked
from borderready.cli.run_ledger import Known, Spares
from borderready.keep.ledger import Entry
from borderready.model import Force, Status, Use
from borderready.report.stream import Item, Ranked
from borderready.report.summary import Failing, Lane, Told

FORM = "answers/5"  # raised whenever the form of what is kept changes
_FORCES = {str(force): force for force in Force}
_STATUSES = {str(status): status for status in Status}
_CHECKED_BYTES = 6000  # of an answer beside its texts
R = TypeVar("R")


class Gathered(NamedTuple):
    """What the manifests of a unit use.

    Attributes:
        unit: Its file, with `first` its first manifest there.
        done: Their answers, as they are where no other consignment uses the same.
        kept: Their answers of an earlier run.
    """

    unit: str
    first: int
    known: tuple[Known, ...]
    done: Done | None = None
    kept: Kept | None = None


class Done(NamedTuple):
    """The manifests of a unit, checked.

    Attributes:
        unit: Its file, with `first` its first manifest there.
        sha256: Of the content they were read from, "" where nobody may rely on it.
        spares: For each manifest that could be read how much others may draw and its answer stays.
        beside: Digest of what others used beyond that, as the check saw it.
        packed: All of it but the texts as it is kept, where it is to be.
    """

    unit: str
    first: int
    size_bytes: int
    checked: tuple[Checked, ...]
    sha256: str = ""
    spares: tuple[Spares, ...] = ()
    beside: bytes = b""
    packed: bytes = b""

    @property
    def pieces(self) -> tuple[bytes, ...]:
        """What is written of its manifests, one after another, in each format."""
        return tuple([piece for checked in self.checked for item in checked.items for piece in item.pieces])


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What was kept of a unit in an earlier run.

    Attributes:
        known: What its manifests use.
        spares: As in Done.
        beside: As in Done.
        head: Everything else but the texts.
        found: The same as it is kept, with the texts.
    """

    known: tuple[Known, ...]
    spares: tuple[Spares, ...]
    beside: bytes
    head: Mapping[str, Any]
    found: Found

    @property
    def size_bytes(self) -> int:
        """About how much memory it takes."""
        return 4 * len(self.found.head) + len(self.found.text)

    def done(self, pieces: tuple[bytes, ...]) -> Done | None:
        """Return the answers, None where the pieces of their texts are not those that were kept."""
        return _trusted(lambda: self._done(pieces))

    def _done(self, pieces: tuple[bytes, ...]) -> Done:
        parts = _parted(pieces, self.head["counts"])
        checked = tuple(_read_checked(one, parts) for one in self.head["checked"])
        head = self.head
        return Done(unit=head["unit"], first=head["first"], size_bytes=head["size_bytes"], checked=checked)


def put_on(shelf: Shelf, done: Done) -> tuple[Done, int]:
    """Return answers of which each piece of text is held once, and about how much memory they take beside others."""
    before = shelf.size_bytes
    checked = [
        one._replace(items=tuple([item._replace(pieces=shelf.put(item.pieces)) for item in one.items]))
        for one in done.checked
    ]
    more_bytes = len(done.packed) + _CHECKED_BYTES * len(checked)
    return done._replace(checked=tuple(checked)), shelf.size_bytes - before + more_bytes


def pack_done(done: Done, known: Sequence[Known]) -> bytes:
    """Return answers as they are kept, but for their texts, with what the manifests use."""
    head = {
        "unit": done.unit,
        "first": done.first,
        "size_bytes": done.size_bytes,
        "known": known,
        "spares": [[[*key, str(spare_kg)] for key, spare_kg in own.items()] for own in done.spares],
        "beside": done.beside.hex(),
        "checked": [_plain_checked(checked) for checked in done.checked],
        "counts": [len(item.pieces) for checked in done.checked for item in checked.items],
    }
    written = json.dumps(head, ensure_ascii=False, default=str).encode("utf-8", "surrogatepass")
    return zlib.compress(written, 1)


def read_kept(found: Found) -> Kept | None:
    """Return what was kept, None where it has not the form that is written now."""
    return _trusted(lambda: _read_kept(found))


def _read_kept(found: Found) -> Kept:
    head = json.loads(zlib.decompress(found.head).decode("utf-8", "surrogatepass"))
    return Kept(
        known=tuple(map(_read_known, head["known"])),
        spares=tuple({(kind, key): Decimal(spare) for kind, key, spare in own} for own in head["spares"]),
        beside=bytes.fromhex(head["beside"]),
        head=head,
        found=found,
    )


def _trusted(read: Callable[[], R]) -> R | None:
    try:
        return read()
    except (zlib.error, ValueError, KeyError, TypeError, ArithmeticError):
        return None


def _read_known(content: Sequence[Any]) -> Known:
    entry, uses, has_reference, place = content
    return Known(Entry(*entry), tuple(map(_read_use, uses)), has_reference, place)


def _read_use(content: Sequence[Any]) -> Use:
    use = Use(*content)
    return use if use.net_kg is None else use._replace(net_kg=Decimal(use.net_kg))


def _parted(pieces: tuple[bytes, ...], counts: Sequence[int]) -> Iterator[tuple[bytes, ...]]:
    if sum(counts) != len(pieces):
        raise ValueError("cut short")
    start = 0
    for count in counts:
        yield pieces[start : start + count]
        start += count


def _plain_checked(checked: Checked) -> Sequence[object]:
    """Return an answer without its texts, as JSON can write it; _read_checked reads it."""
    told = checked.told
    return (
        told,
        [(item.ranked, item.unranked, item.once) for item in checked.items],
        checked.entry,
        *(sorted(names) for names in (checked.used, checked.lapsed, checked.met)),
    )


def _read_checked(content: Sequence[Any], parts: Iterator[tuple[bytes, ...]]) -> Checked:
    told, items, entry, *names = content
    used, lapsed, met = map(frozenset, names)
    return Checked(
        told=_read_told(*told),
        items=tuple(_read_item(next(parts), *item) for item in items),
        entry=None if entry is None else Entry(*entry),
        used=used,
        lapsed=lapsed,
        met=met,
    )


def _read_told(
    file: str,
    document: int,
    verdict: str,
    reference: str | None,
    exporter: str | None,
    lanes: Sequence[Sequence[Any]],
    failing: Sequence[Sequence[Any]],
) -> Told:
    return Told(
        file=file,
        document=document,
        verdict=verdict,
        reference=reference,
        exporter=exporter,
        lanes=tuple(Lane(*lane) for lane in lanes),
        failing=tuple(
            Failing(rule, title, _FORCES[force], _STATUSES[status], findings)
            for rule, title, force, status, findings in failing
        ),
    )


def _read_item(
    pieces: tuple[bytes, ...], ranked: Sequence[Sequence[Any]], unranked: int, once: Sequence[Sequence[str]]
) -> Item:
    return Item(pieces, tuple(Ranked(*one) for one in ranked), unranked, tuple((name, kept) for name, kept in once))
