# SPDX-License-Identifier: Apache-2.0
"""Which files have changed: since a commit of git, or since one last looked."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence

from borderready.errors import UsageError
from borderready.model import Message

PAUSE_SECONDS = 0.4  # between two looks at the files


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


def watch(find_names: Callable[[], Sequence[str]]) -> Iterator[tuple[str, ...]]:
    """Yield the files that came or changed, whenever some did, for ever; the files there are now are not yielded.

    Args:
        find_names: Gives the files to look at, anew each time.
    """
    before = _looks(find_names())
    while True:
        time.sleep(PAUSE_SECONDS)
        now = _looks(find_names())
        changed = tuple(name for name, look in now.items() if before.get(name) != look)
        before = now
        if changed:
            yield changed


def _looks(names: Sequence[str]) -> dict[str, tuple[int, int, int]]:
    looks: dict[str, tuple[int, int, int]] = {}
    for name in names:
        try:
            status = os.stat(name)
        except OSError:
            continue
        looks[name] = (status.st_mtime_ns, status.st_size, status.st_ino)
    return looks
