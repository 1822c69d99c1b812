# SPDX-License-Identifier: Apache-2.0
"""One writer at a time: a file that the system itself unlocks when a process ends, however it ends."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

_PAUSE_SECONDS = 0.1


@contextlib.contextmanager
def held(path: Path) -> Iterator[None]:
    """Hold the lock of a file while the block runs; waits for whoever holds it. Raises OSError."""
    with path.open("ab") as stream:
        _lock(stream)
        yield


if sys.platform == "win32":
    import msvcrt

    def _lock(stream: IO[bytes]) -> None:
        while True:
            try:
                stream.seek(0)
                msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)
            except OSError:  # held by another
                time.sleep(_PAUSE_SECONDS)
            else:
                return

else:
    import fcntl

    def _lock(stream: IO[bytes]) -> None:
        fcntl.flock(stream.fileno(), fcntl.LOCK_EX)
