# SPDX-License-Identifier: Apache-2.0
"""Which files have changed: since a commit of git, or since one last looked."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from borderready.errors import UsageError
from borderready.model import Message

PAUSE_SECONDS = 0.4  # between two looks at the files
IDLE_SHARE = 4  # of a folder that takes long to look at: how many times as long one waits
Look: TypeAlias = tuple[int, int, int]


def select_changed(names: Sequence[str], *, since: str) -> tuple[str, ...]:
    """Return the files that differ from a commit, committed or not, or that git does not know yet.

    Raises UsageError where there is no git, no repository, or no such commit.
    """
    top = os.path.realpath(_git(["rev-parse", "--show-toplevel"], since).rstrip("\n"))
    _git(["rev-parse", "--verify", "--quiet", "--end-of-options", f"{since}^{{commit}}"], since)
    listed = _git(["diff", "--name-only", "-z", "--diff-filter=d", since, "--"], since)
    listed += _git(["ls-files", "--others", "--full-name", "-z", "--", ":/"], since)
    changed = {os.path.join(top, name) for name in listed.split("\0") if name}
    return tuple(name for name in names if os.path.realpath(name) in changed)


def _git(arguments: list[str], since: str) -> str:
    try:
        done = subprocess.run(["git", *arguments], capture_output=True, check=False)  # noqa: S603, S607  the user's git
    except OSError as error:
        reason = error.strerror or str(error)
        raise UsageError(Message("batch.no_git", {"reason": reason}), Message("batch.no_git_hint")) from error
    if done.returncode:
        told = done.stderr.decode("utf-8", "replace").strip().splitlines()
        args = {"commit": since, "reason": told[0] if told else "-"}
        raise UsageError(Message("batch.no_commit", args), Message("batch.no_commit_hint"))
    return os.fsdecode(done.stdout)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What is different since one last looked.

    Attributes:
        names: The files there are now.
        changed: Those of them that came, or are not what they were.
        gone: Those that were there.
    """

    names: tuple[str, ...]
    changed: tuple[str, ...]
    gone: tuple[str, ...]


def watch(find_names: Callable[[], Sequence[str]], before: Mapping[str, Look]) -> Iterator[Change]:
    """Yield what has changed, whenever something has, for ever.

    Args:
        find_names: Gives the files to look at, anew each time.
        before: How files looked before anything was done with them, so that nothing that is saved meanwhile is missed.
    """
    spent_seconds = 0.0
    while True:
        time.sleep(max(PAUSE_SECONDS, IDLE_SHARE * spent_seconds))
        started = time.monotonic()
        names = tuple(find_names())
        now = look_at(names)
        spent_seconds = time.monotonic() - started
        changed = tuple(name for name, look in now.items() if before.get(name) != look)
        gone = tuple(name for name in before if name not in now)
        before = now
        if changed or gone:
            yield Change(names=names, changed=changed, gone=gone)


def look_at(names: Sequence[str]) -> Mapping[str, Look]:
    """Return how files look; those that are not there are left out."""
    looks: dict[str, Look] = {}
    for name in names:
        try:
            status = os.stat(name)
        except (OSError, ValueError):
            continue
        looks[name] = (status.st_mtime_ns, status.st_size, status.st_ino)
    return looks
