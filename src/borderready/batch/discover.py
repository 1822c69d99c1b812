# SPDX-License-Identifier: Apache-2.0
"""What was named on the command line to the files that hold manifests, in order, each once."""

from __future__ import annotations

import glob
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePosixPath

from borderready.errors import UsageError
from borderready.model import Message

STDIN = "-"
LIST = "@"
SUFFIXES = (".yaml", ".yml", ".json", ".ndjson", ".jsonl")
LINES = (".ndjson", ".jsonl")
GZIP = ".gz"
_GLOB = frozenset("*?[")
IGNORE_FILE = ".gitignore"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What discovery gives.

    Attributes:
        names: Files as they are shown, and `-`, in order, each once.
        skipped: Links that lead out of the tree and were not followed.
    """

    names: tuple[str, ...]
    skipped: tuple[str, ...]


def is_manifest_name(name: str) -> bool:
    """Tell whether a file is taken from a folder: by its ending, compressed or not."""
    return name.lower().removesuffix(GZIP).endswith(SUFFIXES) and not name.startswith(".")


def discover(
    given: Sequence[str],
    *,
    exclude: Sequence[str] = (),
    read_list: Callable[[str], str],
    is_wanted: Callable[[str], bool] = is_manifest_name,
) -> Found:
    """Return the files that names on the command line stand for.

    Files are taken as named. Of folders every file that ends like a manifest is taken, in the order of its path,
    without hidden ones, those that `.gitignore` or `exclude` names, and what links out of the folder. A name with
    `*`, `?` or `[` that is no file is a pattern; `@list.txt` names a file with one name a line.

    Args:
        given: Names as given.
        exclude: Patterns like those of `.gitignore`, relative to the working folder, for what folders and globs give.
        read_list: Gives the text of a list.
        is_wanted: Tells by its name whether a file is taken from a folder.

    Raises:
        UsageError: When a pattern or a folder gives nothing, or a list cannot be read.
    """
    _real_folder.cache_clear()  # links may lead elsewhere than when we looked last
    excluded = _spec(exclude) if exclude else None
    names: dict[str, None] = {}
    seen: set[str] = set()
    skipped: list[str] = []
    for name in _with_lists(given, read_list):
        for found in _expand(name, excluded, skipped, is_wanted):
            key = found if found == STDIN else _real(found)
            if key not in seen:
                seen.add(key)
                names[found] = None
    return Found(names=tuple(names), skipped=tuple(skipped))


def _with_lists(given: Iterable[str], read_list: Callable[[str], str]) -> Iterator[str]:
    for name in given:
        if not name.startswith(LIST) or os.path.exists(name):
            yield name
            continue
        for line in read_list(name.removeprefix(LIST)).splitlines():
            if line.strip() and not line.lstrip().startswith("#"):
                yield line.strip()


def _expand(name: str, excluded: Ignored | None, skipped: list[str], is_wanted: Callable[[str], bool]) -> Iterator[str]:
    if name == STDIN:
        yield name
        return
    if os.path.isdir(name):
        found = list(_walk(Path(name), excluded, skipped, is_wanted))
        if not found:
            raise UsageError(Message("batch.empty_folder", {"folder": name}), Message("batch.empty_folder_hint"))
        yield from found
        return
    if os.path.lexists(name) or not _GLOB.intersection(name):
        yield name  # a file that is not there is an invalid manifest, and the others are still checked
        return
    matches = sorted(glob.glob(name, recursive=True), key=lambda match: PurePosixPath(match).parts)
    files = [match for match in matches if not os.path.isdir(match) and not _is_excluded(match, excluded)]
    if not files:
        raise UsageError(Message("batch.no_match", {"pattern": name}), Message("batch.no_match_hint"))
    yield from files


def _walk(root: Path, excluded: Ignored | None, skipped: list[str], is_wanted: Callable[[str], bool]) -> Iterator[str]:
    home = os.path.realpath(root)
    ignored: dict[str, tuple[tuple[str, Ignored], ...]] = {"": _specs_above(root)}
    for folder, folders, files in os.walk(root, followlinks=False):
        inside = os.path.relpath(folder, root)
        inside = "" if inside == "." else Path(inside).as_posix()
        specs = ignored.pop(inside, ())
        if IGNORE_FILE in files and (own := _read_spec(Path(folder) / IGNORE_FILE)) is not None:
            specs = (*specs, (os.path.realpath(folder), own))
        keep = []
        for name in sorted(folders):
            path = os.path.join(folder, name)
            if os.path.islink(path):
                skipped.append(Path(path).as_posix())
            elif not name.startswith(".") and not _is_ignored(path, specs, excluded, is_folder=True):
                keep.append(name)
                ignored[f"{inside}/{name}".lstrip("/")] = specs
        folders[:] = keep
        for name in sorted(files):
            path = os.path.join(folder, name)
            if not is_wanted(name) or _is_ignored(path, specs, excluded, is_folder=False):
                continue
            if os.path.islink(path) and not _is_below(os.path.realpath(path), home):
                skipped.append(Path(path).as_posix())
                continue
            yield Path(path).as_posix()


def _real(path: str) -> str:
    """Return where a file really lies, as os.path.realpath does, which looks at every folder above it each time."""
    if os.path.islink(path):
        return os.path.realpath(path)
    folder, name = os.path.split(path)
    return os.path.join(_real_folder(folder), name)


@lru_cache(maxsize=4096)
def _real_folder(folder: str) -> str:
    return os.path.realpath(folder)


def _is_below(path: str, folder: str) -> bool:
    return os.path.commonpath((path, folder)) == folder


class Ignored:
    """Patterns like those of `.gitignore`."""

    def __init__(self, lines: Iterable[str]) -> None:
        from pathspec import GitIgnoreSpec

        self._spec = GitIgnoreSpec.from_lines(lines)

    def says(self, path: str) -> bool | None:
        """Tell whether a path below is ignored (True), taken again (False), or not spoken of (None)."""
        return self._spec.check_file(path).include


def _spec(lines: Iterable[str]) -> Ignored:
    return Ignored(lines)


def _read_spec(path: Path) -> Ignored | None:
    try:
        return _spec(path.read_text("utf-8", "replace").splitlines())
    except OSError:
        return None


def _specs_above(root: Path) -> tuple[tuple[str, Ignored], ...]:
    """Return what the folders above say, up to the one that holds the repository; none outside of one."""
    specs: list[tuple[str, Ignored]] = []
    home = Path(os.path.realpath(root))
    if (home / ".git").exists():
        return ()
    for folder in home.parents:
        own = _read_spec(folder / IGNORE_FILE) if (folder / IGNORE_FILE).is_file() else None
        if own is not None:
            specs.insert(0, (str(folder), own))
        if (folder / ".git").exists():
            return tuple(specs)
    return ()


def _is_ignored(path: str, specs: Sequence[tuple[str, Ignored]], excluded: Ignored | None, *, is_folder: bool) -> bool:
    if _is_excluded(path, excluded, is_folder=is_folder):
        return True
    if not specs:
        return False
    folder, name = os.path.split(path)
    whole = os.path.join(_real_folder(folder), name)
    for home, spec in reversed(specs):  # the nearest file speaks first
        answer = spec.says(_relative(whole, home, is_folder=is_folder))
        if answer is not None:
            return answer
    return False


def _is_excluded(path: str, excluded: Ignored | None, *, is_folder: bool = False) -> bool:
    if excluded is None:
        return False
    return excluded.says(_relative(os.path.abspath(path), os.getcwd(), is_folder=is_folder)) is True


def _relative(path: str, folder: str, *, is_folder: bool) -> str:
    relative = Path(os.path.relpath(path, folder)).as_posix()
    return f"{relative}/" if is_folder else relative
