# SPDX-License-Identifier: Apache-2.0
"""What a folder of findings says about itself: which run it belongs to, which parts are whole, and whether all are.

`run.json` says what the findings depend on beside the inputs. A part is finished when its file is there, since it is
renamed to its name only when whole. `_SUCCESS` is there only when every part is.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import IO

from borderready.errors import UsageError
from borderready.model import Message
from borderready.scale.others import USES
from borderready.scale.part import PART, PARTIAL, SUFFIX, Counts, Part, is_whole, part_path, read_part
from borderready.scale.shard import ID_LENGTH
from borderready.scale.work import Kit
from borderready.settings import Settings
from borderready.waive import Book, is_living

FORM = "scale/1"
RUN, SUCCESS, LOCK = "run.json", "_SUCCESS", ".lock"
Described = Mapping[str, object]


def describe(kit: Kit, *, shard_manifests: int) -> Described:
    """Return what the findings of a run depend on beside its inputs."""
    pack = kit.rule_base.pack
    return {
        "form": FORM,
        "engine": kit.engine,
        "rule_base": {"name": pack.name, "version": pack.version, "sha256": pack.sha256},
        **({"extends": [f"{one.name} {one.sha256}" for one in pack.chain[1:]]} if pack.extends is not None else {}),
        "registers": _describe_registers(kit),
        "notices": _digest(map(repr, kit.notices)) if kit.notices else None,
        "waivers": None if kit.book is None else _describe_waivers(kit.book),
        "settings": _describe_settings(kit.settings),
        "options": {
            "passes": kit.passes,
            "days": {str(event): day for event, day in sorted(kit.days.items())},
            "shard_manifests": shard_manifests,
        },
    }


def _describe_registers(kit: Kit) -> Described:
    """Return for each folder of lists a digest of them, and one of those that this machine keeps."""
    folders = {
        folder: _digest(f"{one.file}\0{one.sha256}" for one in held) for folder, held in sorted(kit.registers.items())
    }
    return {"folders": folders, "kept": None if kit.kept is None else sha256(kit.kept).hexdigest()}


def _describe_waivers(book: Book) -> Described:
    """Return the files of waivers, and which waivers have ended: a later day changes nothing until one more has."""
    ended = [waiver.place for waiver in book.written if not is_living(waiver, book.files[0].today)]
    return {"files": {file.file: file.sha256 for file in book.files}, "ended": ended}


def _describe_settings(settings: Settings) -> Described:
    """Return what of the settings can change a finding; patterns hold below the folder of the configuration."""
    overrides = [
        {"paths": override.paths, **{key: given.value for key, given in sorted(override.values.items())}}
        for override in settings.overrides
    ]
    return {
        "select": settings.select,
        "ignore": settings.ignore,
        "fail_on": settings.fail_on,
        "registers": settings.registers,
        "overrides": {"file": settings.file, "each": overrides} if overrides else None,
    }


def _digest(texts: Iterable[str]) -> str:
    return sha256("\n".join(texts).encode("utf-8", "replace")).hexdigest()


@contextlib.contextmanager
def opened(out: Path, described: Described, *, is_fresh: bool) -> Iterator[None]:
    """Make a folder ready for a run, which has it alone until the block ends.

    Raises:
        UsageError: When the folder cannot be written, another run is at work in it, or it holds the findings of a run
            with other rules, registers, options or program; `is_fresh` takes those away.
    """
    with contextlib.ExitStack() as stack:
        with told(out):
            out.mkdir(parents=True, exist_ok=True)
            lock = stack.enter_context((out / LOCK).open("w"))
            if not _is_locked(lock):
                raise UsageError(Message("scale.busy", {"folder": str(out)}), Message("scale.busy_hint"))
            if is_fresh:
                _remove([*_files(out, PART).values(), *_files(out, USES).values(), out / RUN])
            _agree(out, described)
            _remove([out / SUCCESS, *out.glob(f"{PARTIAL}*")])
            _write_json_whole(out / RUN, described)
        try:
            yield
        finally:  # of workers that were stopped
            with contextlib.suppress(OSError):
                _remove(out.glob(f"{PARTIAL}*"))


@contextlib.contextmanager
def told(out: Path) -> Iterator[None]:
    """Turn what the file system refuses in a folder into a UsageError."""
    try:
        yield
    except OSError as error:
        args = {"folder": str(out), "reason": error.strerror or str(error)}
        raise UsageError(Message("scale.cannot_write", args), Message("scale.cannot_write_hint")) from error


def _is_locked(lock: IO[str]) -> bool:
    """Lock a file until it is closed, by this process or its death; tell whether nobody else had it."""
    try:
        import fcntl
    except ImportError:  # a system without such locks: two runs at once are for its users to avoid
        return True
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _agree(out: Path, described: Described) -> None:
    path = out / RUN
    if not path.exists():
        return
    try:
        before = json.loads(path.read_bytes())
    except ValueError:
        before = None
    if not isinstance(before, dict):
        before = {}
    now = json.loads(json.dumps(described))
    differing = [name for name in described if name not in before or before[name] != now[name]]
    if differing:
        args = {"folder": str(out), "names": ", ".join(differing)}
        raise UsageError(Message("scale.other_run", args), Message("scale.other_run_hint"))


def read_parts(out: Path, ids: Iterable[str]) -> Mapping[str, Part]:
    """Return what the parts of some shards say about themselves; other parts, and damaged ones, are taken away."""
    wanted = set(ids)
    parts: dict[str, Part] = {}
    with told(out):
        for id_, path in _files(out, PART).items():
            part = read_part(path) if id_ in wanted else None
            if part is None:
                path.unlink(missing_ok=True)
            else:
                parts[id_] = part
    return parts


def find_gathered(out: Path, ids: Iterable[str]) -> frozenset[str]:
    """Return of which shards the uses are there; those of others, and damaged ones, are taken away."""
    wanted = set(ids)
    found = set()
    with told(out):
        for id_, path in _files(out, USES).items():
            if id_ in wanted and is_whole(path):
                found.add(id_)
            else:
                path.unlink(missing_ok=True)
    return frozenset(found)


def remove_parts(out: Path, ids: Iterable[str]) -> None:
    """Take parts away that do not hold any more."""
    with told(out):
        _remove(part_path(out, id_) for id_ in ids)


def finish(out: Path, counts: Counts, shards: int) -> None:
    """Say in the folder that all is there."""
    summary = {"manifests": sum(counts.values()), **dict(sorted(counts.items())), "parts": shards}
    with told(out):
        _write_json_whole(out / SUCCESS, summary)


def add_up(every: Iterable[Counts]) -> Counts:
    """Return the sum of counts."""
    total = Counter[str]()
    for counts in every:
        total.update(counts)
    return dict(total)


def _write_json_whole(path: Path, value: Mapping[str, object]) -> None:
    """Write a small file whole or not at all; raises OSError."""
    partial = path.with_name(f"{PARTIAL}{path.name}")
    with partial.open("w", encoding="utf-8", newline="\n") as stream:
        json.dump(value, stream, indent=2)
        stream.write("\n")
        stream.flush()
        os.fsync(stream.fileno())
    partial.replace(path)


def _files(out: Path, start: str) -> Mapping[str, Path]:
    """Return our files that begin so, by the id of their shard."""
    form = re.compile(rf"{start}([0-9a-f]{{{ID_LENGTH}}}){re.escape(SUFFIX)}")
    found = ((form.fullmatch(path.name), path) for path in sorted(out.iterdir()))
    return {match[1]: path for match, path in found if match is not None}


def _remove(paths: Iterable[Path]) -> None:
    for path in paths:
        path.unlink(missing_ok=True)
