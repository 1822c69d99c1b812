# SPDX-License-Identifier: Apache-2.0
"""Answers of earlier runs for the manifests of this one: by all that can change a byte of them.

That is the program, the rule base, notices, registers, settings, waivers and their day, days of events, formats, the
name and the content of the manifest. What other consignments used of the same papers, containers and orchards is kept
with the answer, which holds as long as that is the same.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import fields
from hashlib import sha256
from pathlib import Path

import borderready
from borderready.batch.cache import AnswerCache, key_of
from borderready.batch.job import settings_of
from borderready.batch.source import Unit
from borderready.cli.answer_form import FORM, Done, Kept, read_kept
from borderready.cli.output import Target
from borderready.cli.run import Registers, Run
from borderready.cli.session import registers_path
from borderready.model import Register
from borderready.read.manifest import UNREADABLE, read_content

FILE = "answers.sqlite"
_PROGRAM = Path(borderready.__file__).parent
_NOT_IN_KEY = ("instruments", "fill", "written")  # of the rule base and the program, which are in the key themselves


class Answers:
    """Finds and keeps what is known of units; without a cache it finds nothing."""

    def __init__(self, cache: AnswerCache | None, run: Run, targets: Sequence[Target]) -> None:
        self._cache = cache
        self._run = run
        self._digests: dict[str, str] = {}
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

    def find(self, unit: Unit, registers: Registers) -> Kept | None:
        """Return what was kept of a unit, None where that is nothing; whether it still holds, others must tell."""
        if self._cache is None:
            return None
        digest = self._digest_of(unit)
        if not digest:
            return None
        found = self._cache.find(self._key(unit, digest, registers))
        return None if found is None else read_kept(found)

    def done(self, kept: Kept) -> Done | None:
        """Return kept answers with their texts, None where these are not what was written."""
        pieces = None if self._cache is None else self._cache.pieces_of(kept.found)
        return None if pieces is None else kept.done(pieces)

    def keep(self, unit: Unit, done: Done, registers: Registers) -> None:
        """Keep the answers of a unit, if they are about the content that was looked at, and about one state of it."""
        if self._cache is not None and done.packed and done.sha256 == self._digest_of(unit):
            self._cache.keep(self._key(unit, done.sha256, registers), done.packed, done.pieces)

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

    def _key(self, unit: Unit, digest: str, registers: Registers) -> bytes:
        own = settings_of(self._run.settings, unit.name)
        said = repr((own.select, own.ignore, own.fail_on))
        known = self._registers_digest(registers)
        return key_of(("answer", self._shared, said, known, unit.name, str(unit.first), digest))

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
