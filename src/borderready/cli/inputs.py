# SPDX-License-Identifier: Apache-2.0
"""What was named on the command line to the manifests that are meant."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from borderready.batch.job import is_excluded
from borderready.cli.settings import print_remarks, tell_excluded
from borderready.errors import Fault, UsageError
from borderready.model import Message
from borderready.read.manifest import STDIN, open_stdin
from borderready.settings import Settings
from borderready.waive import Remark


def find_names(
    files: Sequence[str],
    settings: Settings,
    *,
    changed_since: str | None = None,
    outputs: Sequence[Path] = (),
    is_told: bool = True,
) -> tuple[str, ...]:
    """Return the manifests that are meant, without those kept out.

    Args:
        files: As given.
        settings: For `exclude` and the language.
        changed_since: A commit of git; only what differs from it.
        outputs: What the run itself writes, which no folder or pattern means.
        is_told: Whether to tell what was kept out.
    """
    names = tuple(files)
    if any(_is_wide(name) for name in files):
        own = {os.path.realpath(path) for path in outputs}
        found = find_in_folders(files, settings, is_told=is_told)
        names = tuple(name for name in found if name in files or os.path.realpath(name) not in own)
    if changed_since is not None:
        from borderready.batch.changed import select_changed

        names = select_changed(names, since=changed_since)
    return keep_out(names, settings, is_told=is_told)


def find_in_folders(
    files: Sequence[str],
    settings: Settings,
    is_wanted: Callable[[str], bool] | None = None,
    *,
    is_told: bool = True,
) -> tuple[str, ...]:
    """Return the files that names stand for, each once.

    Args:
        files: As given.
        settings: For the language.
        is_wanted: As in discover; what ends like a manifest where left out.
        is_told: Whether to tell what links out of a folder.
    """
    from borderready.batch.discover import discover, is_manifest_name

    found = discover(files, read_list=_read_list, is_wanted=is_wanted or is_manifest_name)
    if found.skipped and is_told:
        args = {"count": str(len(found.skipped)), "files": ", ".join(found.skipped[:5])}
        tell_notice(Message("batch.skipped_links", args), settings)
    return found.names


def keep_out(names: Sequence[str], settings: Settings, *, is_told: bool = True) -> tuple[str, ...]:
    """Return names without those that `exclude` keeps out, which are told."""
    kept = tuple(name for name in names if not is_excluded(settings, name))
    if is_told:
        tell_excluded(settings, len(names) - len(kept))
    return kept


@contextlib.contextmanager
def spooled(names: Sequence[str]) -> Iterator[Mapping[str, str]]:
    """Give where each file lies by how it is shown; standard input, which is read more than once, lies in a file."""
    if STDIN not in names:
        yield {name: name for name in names}
        return
    with tempfile.TemporaryDirectory(prefix="borderready-") as folder:
        path = Path(folder) / ("stdin.ndjson" if is_lines_on_stdin() else "stdin.yaml")
        with path.open("wb") as stream:
            source = open_stdin()
            while portion := source.read(1 << 20):
                stream.write(portion)
        yield {"<stdin>" if name == STDIN else name: str(path) if name == STDIN else name for name in names}


def is_lines_on_stdin() -> bool:
    """Tell whether standard input holds a manifest a line, without taking anything from it: its first line is JSON."""
    try:
        peek = getattr(open_stdin(), "peek", None)
        seen = bytes(peek(1)) if peek is not None else b""
    except OSError:  # closed, which the reader tells
        return False
    first, newline, _ = seen.partition(b"\n")
    if not newline:  # a line longer than what can be seen of it, or all there is
        return first.lstrip().startswith(b"{")
    try:
        return isinstance(json.loads(first), dict)
    except ValueError:
        return False


def tell_notice(what: Message, settings: Settings) -> None:
    """Print a notice on standard error."""
    fault = Fault(file="borderready", span=None, path="", what=what)
    print_remarks([Remark(fault=fault, is_notice=True)], settings.language)


def _is_wide(name: str) -> bool:
    """Tell whether a name may stand for other files than itself."""
    return name.startswith("@") or not {"*", "?", "["}.isdisjoint(name) or Path(name).is_dir()


def _read_list(name: str) -> str:
    from borderready.read.manifest import UNREADABLE, open_file, open_stdin

    try:
        if name == "-":
            return open_stdin().read().decode("utf-8-sig")
        with open_file(name) as stream:
            return stream.read().decode("utf-8-sig")
    except UNREADABLE as error:
        reason = getattr(error, "strerror", None) or str(error)
        args = {"file": name, "reason": reason}
        raise UsageError(Message("batch.no_list", args), Message("batch.no_list_hint")) from error
