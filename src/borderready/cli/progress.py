# SPDX-License-Identifier: Apache-2.0
"""How far a long run is, on standard error: a bar at a terminal, a line for every tenth elsewhere."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Callable, Iterator

from borderready.cli.session import make_console
from borderready.i18n import say
from borderready.model import Message

PATIENCE_SECONDS = 1.0  # how long a run without a terminal says nothing
Advance = Callable[[int, int], None]


@contextlib.contextmanager
def shown_progress(total_bytes: int | None, *, language: str, quiet: bool) -> Iterator[Advance]:
    """Give a function that is told how many bytes and manifests are done since it was last called.

    Args:
        total_bytes: How many bytes there are in all, None where nobody knows (standard input, packed files).
        language: Language of the words.
        quiet: Show nothing.
    """
    if quiet or sys.stderr is None:
        yield lambda _bytes, _manifests: None
    elif sys.stderr.isatty():
        with _bar(total_bytes, language) as advance:
            yield advance
    else:
        yield _lines(total_bytes, language)


@contextlib.contextmanager
def _bar(total_bytes: int | None, language: str) -> Iterator[Advance]:
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    console = make_console(stderr=True)
    counted = say(
        Message("progress.counted", {"count": "{task.fields[count]}", "rate": "{task.fields[rate]}"}), language
    )
    columns = (BarColumn(), TaskProgressColumn(), TextColumn(counted), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("", total=total_bytes, count="0", rate="0")
        count = 0

        def advance(done_bytes: int, manifests: int) -> None:
            nonlocal count
            count += manifests
            elapsed = progress.tasks[0].elapsed or 0
            rate = f"{count / elapsed:.0f}" if elapsed else "0"
            progress.update(task, advance=done_bytes, count=str(count), rate=rate)

        yield advance


def _lines(total_bytes: int | None, language: str) -> Advance:
    """Tell every tenth on a line, once the run has taken longer than one waits for without asking."""
    done = count = told = 0
    started = time.monotonic()

    def advance(done_bytes: int, manifests: int) -> None:
        nonlocal done, count, told
        done += done_bytes
        count += manifests
        if not total_bytes:
            return
        tenth = min(done * 10 // total_bytes, 10)
        if tenth > told:
            told = tenth
            if time.monotonic() - started < PATIENCE_SECONDS:
                return
            message = Message("progress.tenth", {"percent": str(10 * tenth), "count": str(count)})
            with contextlib.suppress(OSError):
                sys.stderr.write(f"{say(message, language)}\n")
                sys.stderr.flush()

    return advance
