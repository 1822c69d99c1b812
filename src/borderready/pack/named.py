# SPDX-License-Identifier: Apache-2.0
"""A pack by the name a person gives it: a folder, a built zip, an installed version, or a revision of git.

`rules`, `cn-2026.11.0.zip`, `cn@2026.11.0`, `git:v1.2` (its folder `rules/`), `git:HEAD~3:packs/house`. Of git only
objects are read: nothing is checked out, no hook or filter runs, and variables that would send git elsewhere are
not handed on.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

import yaml

from borderready.errors import RuleBaseError, UsageError
from borderready.model import Message
from borderready.read.rule_base import load_pack_files
from borderready.read.rule_judge import whole_fault

GIT = "git:"
ZIP = ".zip"
GIT_FOLDER = "rules"
# No pack is as large; a repository may hold anything.
MOST_FILES = 50_000
MOST_BYTES = 256 * 1024 * 1024
_INSTALLED = re.compile(r"(?P<name>[a-z0-9]+(?:-[a-z0-9]+)*)@(?P<version>[0-9A-Za-z.+-]+)")


def contents_of(text: str) -> Mapping[str, bytes]:
    """Return the files of a pack by their paths inside it.

    Args:
        text: A folder, a zip, `name@version`, or `git:REV` or `git:REV:path`; what is there as a file is one.

    Raises:
        UsageError: When nothing bears the name.
        RuleBaseError: When what does is no pack, or cannot be read or trusted.
    """
    path = Path(text)
    if text.startswith(GIT) and not path.exists():
        return _with_version(_of_git(text), text)
    if path.is_dir():
        return load_pack_files(path)
    if path.is_file() and text.lower().endswith(ZIP):
        return _with_version(_of_zip(path), text)
    installed = _INSTALLED.fullmatch(text)
    if installed is not None and not path.exists():
        return load_pack_files(_installed(installed["name"], installed["version"]))
    raise UsageError(Message("named.nothing", {"text": text}), Message("named.nothing_hint"))


def name_in(contents: Mapping[str, bytes], text: str) -> str:
    """Return the name of a pack: as pack.yaml or MANIFEST.json says it, else by the name that it was given."""
    for file in ("pack.yaml", "MANIFEST.json"):
        try:
            said = yaml.load(contents.get(file, b""), Loader=yaml.CBaseLoader)  # noqa: S506  texts only
        except (yaml.YAMLError, RecursionError):
            continue
        name = said.get("name") if isinstance(said, dict) else None
        if isinstance(name, str) and name:
            return name
    installed = _INSTALLED.fullmatch(text)
    if installed is not None:
        return installed["name"]
    place = text.removeprefix(GIT).partition(":")[2] or GIT_FOLDER if text.startswith(GIT) else text
    stem = Path(place).absolute().name.removesuffix(ZIP)
    return "cn" if stem == GIT_FOLDER else stem


def _with_version(contents: Mapping[str, bytes], text: str) -> Mapping[str, bytes]:
    if not contents.get("VERSION", b"").strip():
        what = Message("pack.no_version", {"folder": text})
        raise RuleBaseError([whole_fault(text, what, Message("pack.unreadable_hint"))])
    return contents


def _of_zip(path: Path) -> Mapping[str, bytes]:
    from borderready.read.pack_zip import read_zip

    return read_zip(path)


def _installed(name: str, version: str) -> Path:
    import platformdirs

    from borderready.keep.packs import PackStore

    store = PackStore(Path(platformdirs.user_data_dir("borderready", appauthor=False)) / "packs")
    return store.find(name, version).folder


# git


def _of_git(text: str) -> Mapping[str, bytes]:
    """Return the files of a folder in a commit; links, submodules and hidden files are none of a pack."""
    revision, _, folder = text.removeprefix(GIT).partition(":")
    top = os.fsdecode(_git(["rev-parse", "--show-toplevel"], text)).rstrip("\n")
    asked = f"{revision}^{{commit}}"
    commit = _git(["rev-parse", "--verify", "--end-of-options", asked], text).decode("ascii").strip()
    place = _tree_path(folder or GIT_FOLDER, text)
    tree = f"{commit}:{place}" if place else commit
    listed = _git(["ls-tree", "-r", "-z", "-l", "--full-tree", tree], text, folder=top)
    entries = _entries(listed, text)
    if not entries:
        raise UsageError(Message("named.git_empty", {"text": text}), Message("named.git_hint"))
    blobs = _git(["cat-file", "--batch"], text, given="".join(f"{blob}\n" for blob in entries.values()), folder=top)
    return dict(zip(entries, _blobs(blobs), strict=True))


def _tree_path(folder: str, text: str) -> str:
    """Return a folder as git names it: from the top of the repository, `.` for all of it."""
    path = folder.replace("\\", "/").strip("/")
    parts = [part for part in path.split("/") if part not in ("", ".")]
    if ".." in parts:
        raise UsageError(Message("named.git_path", {"text": text}), Message("named.git_hint"))
    return "/".join(parts)


def _entries(listed: bytes, text: str) -> dict[str, str]:
    """Return the blob of each file that `git ls-tree -r -z -l` lists."""
    found: dict[str, str] = {}
    total = 0
    for entry in listed.split(b"\0"):
        if not entry:
            continue
        about, _, name = entry.partition(b"\t")
        mode, kind, blob, size = about.split()
        shown = os.fsdecode(name)
        if kind != b"blob" or mode == b"120000" or any(part.startswith(".") for part in shown.split("/")):
            continue
        total += int(size)
        if len(found) >= MOST_FILES or total > MOST_BYTES:
            what = Message("named.too_large", {"files": str(MOST_FILES), "mib": str(MOST_BYTES // 2**20)})
            raise RuleBaseError([whole_fault(text, what)])
        found[shown] = blob.decode("ascii")
    return found


def _blobs(written: bytes) -> list[bytes]:
    """Return the contents that `git cat-file --batch` writes, each behind a line with its size."""
    found = []
    start = 0
    while start < len(written):
        end = written.index(b"\n", start)
        size = int(written[start:end].split()[-1])
        found.append(written[end + 1 : end + 1 + size])
        start = end + 1 + size + 1
    return found


def _git(arguments: list[str], text: str, *, given: str = "", folder: str | None = None) -> bytes:
    """Return what git writes; raises UsageError where there is no git, no repository, or no such commit or folder."""
    safe = ["-c", f"core.hooksPath={os.devnull}", "-c", "core.fsmonitor=false", "-c", "protocol.allow=never"]
    own = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    own |= {"GIT_NO_LAZY_FETCH": "1", "GIT_NO_REPLACE_OBJECTS": "1", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
    command = ["git", "--no-pager", *safe, *arguments]
    try:
        done = subprocess.run(  # noqa: S603  the user's git
            command, capture_output=True, check=False, env=own, input=given.encode("ascii"), cwd=folder
        )
    except OSError as error:
        reason = error.strerror or str(error)
        raise UsageError(Message("batch.no_git", {"reason": reason}), Message("batch.no_git_hint")) from error
    if done.returncode:
        told = done.stderr.decode("utf-8", "replace").strip().splitlines()
        args = {"text": text, "reason": told[0] if told else "-"}
        raise UsageError(Message("named.no_git", args), Message("named.git_hint"))
    return done.stdout
