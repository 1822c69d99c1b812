# SPDX-License-Identifier: Apache-2.0
"""Answers of earlier runs for the manifests of this one: what they rest on, and their form in the cache.

What a manifest uses is kept by its name and content; its answer, in the formats that are asked for, by all that can
change a byte of it: the program, the rule base, notices, registers, settings, waivers and their day, days of events,
formats, the name and the content, and what other consignments used of the same papers, containers and orchards.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

import borderready
from borderready.batch.cache import AnswerCache, key_of
from borderready.batch.job import settings_of
from borderready.batch.source import Unit
from borderready.cli.output import Target
from borderready.cli.run import Checked, Registers, Run
from borderready.cli.run_ledger import Known
from borderready.cli.session import registers_path
from borderready.keep.ledger import Entry
from borderready.model import Force, Register, Status, Use
from borderready.read.manifest import UNREADABLE, read_content
from borderready.report.stream import Item, Ranked
from borderready.report.summary import Failing, Lane, Told

FORM = "answers/1"  # raised whenever the form of what is kept changes
FILE = "answers.sqlite"
MOST_AT_HAND = 4000  # units whose uses are not looked up a second time
_FORCES = {str(force): force for force in Force}
_STATUSES = {str(status): status for status in Status}
R = TypeVar("R")
_PROGRAM = Path(borderready.__file__).parent
_NOT_IN_KEY = ("instruments", "fill")  # the rule base's and the program's own, which are in the key themselves


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """What the manifests of a unit use.

    Attributes:
        sha256: Of the content they were read from, "" where nobody may rely on it.
    """

    known: tuple[Known, ...]
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """The manifests of a unit, checked.

    Attributes:
        sha256: As in Gathered.
        beside: Digest of what others used, as the check saw it.
    """

    unit: str
    size_bytes: int
    checked: tuple[Checked, ...]
    sha256: str = ""
    beside: bytes = b""


class Answers:
    """Finds and keeps what is known of units; without a cache it finds nothing."""

    def __init__(self, cache: AnswerCache | None, run: Run, targets: Sequence[Target]) -> None:
        self._cache = cache
        self._run = run
        self._digests: dict[str, str] = {}
        self._gathered: dict[bytes, Gathered] = {}
        self._registers: dict[int, bytes] = {}
        self._kept_look = _look_of([Path(f"{registers_path()}{ending}") for ending in ("", "-wal")])
        self._program = key_of((FORM, borderready.__version__, _look_of(sorted(_PROGRAM.rglob("*.py")))))
        self._shared = b"" if cache is None else self._digest_shared(run, targets)

    @staticmethod
    def of(run: Run, targets: Sequence[Target], *, is_wanted: bool) -> Answers:
        """Return the answers that are kept, where they are wanted."""
        if not is_wanted:
            return Answers(None, run, targets)
        import platformdirs

        named = run.settings.cache
        folder = Path(named or platformdirs.user_cache_dir("borderready", appauthor=False))
        return Answers(AnswerCache(folder / FILE), run, targets)

    def close(self) -> None:
        """Write what was kept."""
        if self._cache is not None:
            self._cache.close()

    def find_uses(self, unit: Unit) -> Gathered | None:
        """Return what the manifests of a unit use, None where it is not known yet."""
        digest = self._digest_of(unit)
        if self._cache is None or not digest:
            return None
        key = self._uses_key(unit, digest)
        if key in self._gathered:
            return self._gathered[key]
        content = self._cache.find(key)
        gathered = None if content is None else _trusted(_read_gathered, content)
        if gathered is not None and len(self._gathered) < MOST_AT_HAND:
            self._gathered[key] = gathered
        return gathered

    def keep_uses(self, unit: Unit, gathered: Gathered) -> None:
        """Keep what the manifests of a unit use."""
        if self._cache is not None and gathered.sha256 and gathered.sha256 == self._digest_of(unit):
            self._cache.keep(self._uses_key(unit, gathered.sha256), _write(gathered))

    def find(self, unit: Unit, beside: Callable[[Sequence[Known]], bytes], registers: Registers) -> Done | None:
        """Return a unit as it was checked before, None where that is not known; `beside` digests what others used."""
        gathered = self.find_uses(unit)
        if self._cache is None or gathered is None:
            return None
        content = self._cache.find(self._answer_key(unit, gathered.sha256, beside(gathered.known), registers))
        return None if content is None else _trusted(_read_done, content)

    def keep(self, unit: Unit, done: Done, registers: Registers) -> None:
        """Keep the answers of a unit, if they are about the content that was looked at, and about one state of it."""
        if self._cache is not None and done.sha256 and done.sha256 == self._digest_of(unit):
            self._cache.keep(self._answer_key(unit, done.sha256, done.beside, registers), _write_done(done))

    def _digest_shared(self, run: Run, targets: Sequence[Target]) -> bytes:
        infos = [
            {f.name: getattr(t.info, f.name) for f in fields(t.info) if f.name not in _NOT_IN_KEY} for t in targets
        ]
        formats = [(target.format, sorted(info.items())) for target, info in zip(targets, infos, strict=True)]
        book = run.book.files if run.book is not None else ()
        days = sorted((str(event), day) for event, day in run.days.items())
        return key_of(
            (self._program, repr(run.rule_base.pack), repr(run.notices), repr(book), repr(days), repr(formats))
        )

    def _digest_of(self, unit: Unit) -> str:
        """Return the digest of the content of a unit, "" where it cannot be read; a file is looked at once a run."""
        if unit.broken is not None:
            return ""
        if unit.lines is not None:
            return digest_lines(unit)
        path = unit.path or unit.name
        if path not in self._digests:
            try:
                self._digests[path] = sha256(read_content(path)).hexdigest()
            except UNREADABLE:
                self._digests[path] = ""
        return self._digests[path]

    def _uses_key(self, unit: Unit, digest: str) -> bytes:
        return key_of(("uses", self._program, unit.name, str(unit.index), digest))

    def _answer_key(self, unit: Unit, digest: str, beside: bytes, registers: Registers) -> bytes:
        own = settings_of(self._run.settings, unit.name)
        said = repr((own.select, own.ignore, own.fail_on))
        known = self._registers_digest(registers)
        return key_of(("answer", self._shared, said, known, unit.name, str(unit.index), digest, beside))

    def _registers_digest(self, registers: Registers) -> bytes:
        """Return a digest of what registers hold; of the kept ones also of how their file looked as the run began."""
        if id(registers) not in self._registers:
            self._registers[id(registers)] = key_of((self._kept_look, *map(_said_of, registers.values())))
        return self._registers[id(registers)]


def digest_lines(unit: Unit) -> str:
    """Return the digest of the lines of a unit, with their numbers."""
    whole = sha256()
    for number, line in unit.lines or ():
        whole.update(f"{number}:{len(line)}:".encode())
        whole.update(line)
    return whole.hexdigest()


def _said_of(register: Register) -> str:
    return repr((register.name, register.file, register.as_of, register.source, register.sha256, register.listings))


def _look_of(paths: Iterable[Path]) -> str:
    """Return how files look: their sizes and times; a program or a store that was changed looks different."""
    looks = []
    for path in paths:
        try:
            status = os.stat(path)
        except OSError:
            continue
        looks.append(f"{path} {status.st_size} {status.st_mtime_ns} {status.st_ino}")
    return "\n".join(looks)


def _write(content: object) -> bytes:
    return json.dumps(content, ensure_ascii=False, default=_plain).encode("utf-8", "surrogatepass")


def _write_done(done: Done) -> bytes:
    """Return a line with everything but the texts, which follow it as they are: most of it need not be parsed."""
    texts = [item.text.encode("utf-8", "surrogatepass") for checked in done.checked for item in checked.items]
    bare = [replace(one, items=tuple(replace(item, text="") for item in one.items)) for one in done.checked]
    head = {
        "unit": done.unit,
        "size_bytes": done.size_bytes,
        "sha256": done.sha256,
        "checked": bare,
        "lengths": [len(text) for text in texts],
    }
    return b"\n".join((_write(head), b"".join(texts)))


def _plain(value: object) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in fields(value)}
    return sorted(value) if isinstance(value, frozenset) else str(value)


def _trusted(read: Callable[[bytes], R], content: bytes) -> R | None:
    """Return what was kept, None where it has not the form that is written now."""
    try:
        return read(content)
    except (ValueError, KeyError, TypeError, ArithmeticError):
        return None


def _load(content: bytes) -> Any:
    return json.loads(content.decode("utf-8", "surrogatepass"))


def _read_gathered(content: bytes) -> Gathered:
    found = _load(content)
    return Gathered(known=tuple(map(_read_known, found["known"])), sha256=found["sha256"])


def _read_known(content: Mapping[str, Any]) -> Known:
    uses = tuple(
        Use(**{**use, "net_kg": None if use["net_kg"] is None else Decimal(use["net_kg"])}) for use in content["uses"]
    )
    return Known(**{**content, "entry": Entry(**content["entry"]), "uses": uses})


def _read_done(content: bytes) -> Done:
    line, _, rest = content.partition(b"\n")
    head = _load(line)
    texts = _parted(rest, head["lengths"])
    checked = tuple(_read_checked(one, texts) for one in head["checked"])
    return Done(unit=head["unit"], size_bytes=head["size_bytes"], checked=checked, sha256=head["sha256"])


def _parted(rest: bytes, lengths: Sequence[int]) -> Iterator[str]:
    if sum(lengths) != len(rest):
        raise ValueError("cut short")
    start = 0
    for length in lengths:
        yield rest[start : start + length].decode("utf-8", "surrogatepass")
        start += length


def _read_checked(content: Mapping[str, Any], texts: Iterator[str]) -> Checked:
    entry = content["entry"]
    return Checked(
        told=_read_told(content["told"]),
        items=tuple(_read_item(item, next(texts)) for item in content["items"]),
        entry=None if entry is None else Entry(**entry),
        used=frozenset(content["used"]),
        lapsed=frozenset(content["lapsed"]),
        met=frozenset(content["met"]),
    )


def _read_told(content: Mapping[str, Any]) -> Told:
    lanes = tuple(Lane(**lane) for lane in content["lanes"])
    failing = tuple(
        Failing(
            rule=one["rule"],
            title=one["title"],
            force=_FORCES[one["force"]],
            status=_STATUSES[one["status"]],
            count=one["count"],
        )
        for one in content["failing"]
    )
    return Told(**{**content, "lanes": lanes, "failing": failing})


def _read_item(content: Mapping[str, Any], text: str) -> Item:
    ranked = tuple(Ranked(**one) for one in content["ranked"])
    once = tuple((name, kept) for name, kept in content["once"])
    return Item(text=text, ranked=ranked, unranked=content["unranked"], once=once)
