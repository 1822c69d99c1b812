# SPDX-License-Identifier: Apache-2.0
"""What this machine keeps of a repository: the root it trusts, and the newest metadata it has seen.

One folder for each address: `root.json` as it was given, `metadata/` as python-tuf keeps it, `download/` for a pack on
its way. What lies there is proved anew each time, from the root on.
"""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from borderready.errors import Fault, RuleBaseError, UsageError
from borderready.model import Message
from borderready.update.files import alone_in, told, write_whole

_LARGEST_ROOT_BYTES = 512_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """The folder of one repository, for one update.

    Attributes:
        folder: Where it is.
        root: The root to begin with.
        is_new: The root is not kept yet; it is once it has led to good metadata.
    """

    folder: Path
    root: bytes
    is_new: bool

    @property
    def metadata(self) -> Path:
        """Where python-tuf keeps its metadata."""
        return self.folder / "metadata"

    @property
    def download(self) -> Path:
        """Where a pack lies until it is installed."""
        return self.folder / "download"

    def keep_root(self) -> None:
        """Trust the root from now on."""
        if self.is_new:
            with told(self.folder):
                write_whole(self.folder / "root.json", self.root)


@contextlib.contextmanager
def open_kept(folder: Path, *, given: Path | None, shown: str, is_trial: bool) -> Iterator[Kept]:
    """Give what is kept of a repository, alone; what is half-done of an earlier update is cleared away.

    Args:
        folder: For this repository.
        given: A file with the root to trust; needed once.
        shown: The address, for the sentences.
        is_trial: Work on a copy that is thrown away.

    Raises UsageError where no root is known or the file cannot be read, and RuleBaseError where another is trusted.
    """
    fresh = _read_root(given) if given is not None else None
    with contextlib.ExitStack() as stack:
        if is_trial:
            aside = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="borderready-")))
            if folder.is_dir():
                with told(folder):
                    shutil.copytree(folder, aside / folder.name, symlinks=True)
            folder = aside / folder.name
        with told(folder):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        stack.enter_context(alone_in(folder))
        yield _prepare(folder, fresh, shown)


def _prepare(folder: Path, fresh: bytes | None, shown: str) -> Kept:
    with told(folder):
        trusted = folder / "root.json"
        known = trusted.read_bytes() if trusted.is_file() else None
        shutil.rmtree(folder / "download", ignore_errors=True)
        (folder / "download").mkdir()
        (folder / "metadata").mkdir(exist_ok=True)
    if known is not None and fresh is not None and known != fresh:
        what = Message("update.other_root", {"address": shown})
        hint = Message("update.other_root_hint", {"folder": str(folder)})
        raise RuleBaseError([Fault(file=shown, span=None, path="", what=what, hint=hint)])
    root = known if known is not None else fresh
    if root is None:
        raise UsageError(Message("update.no_root", {"address": shown}), Message("update.no_root_hint"))
    return Kept(folder=folder, root=root, is_new=known is None)


def _read_root(path: Path) -> bytes:
    with told(path), path.open("rb") as stream:
        return stream.read(_LARGEST_ROOT_BYTES)
