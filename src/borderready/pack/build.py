# SPDX-License-Identifier: Apache-2.0
"""A pack folder to a zip: the same tree gives the same bytes, on any day and machine.

Members stand in the order of their names, without compression, since compressors differ from one system to the next;
with one time, one system and one set of rights, whatever those of the files are.
"""

from __future__ import annotations

import os
import re
import stat
import zipfile
from collections.abc import Callable, Mapping
from hashlib import sha256
from io import BytesIO
from pathlib import Path

from borderready.errors import RuleBaseError
from borderready.read.pack_manifest import (
    MANIFEST,
    PackManifest,
    fault,
    is_name,
    is_version,
    name_of,
    refusal,
    said_of,
    version_of,
    write_manifest,
)
from borderready.read.pack_zip import MAX_MEMBERS, MAX_UNPACKED_BYTES, clashes, problem_of_name
from borderready.read.rule_base import SEALS, load_pack_files
from borderready.read.version_range import is_range

NEWS = "NEWS.md"
_TIME = (1980, 1, 1, 0, 0, 0)  # the first that a zip can tell
_UNIX = 3
_RIGHTS = stat.S_IFREG | 0o644
_HEADING = re.compile(r"^## +(?P<title>\S.*?) *$", re.MULTILINE)


def read_folder(folder: Path) -> dict[str, bytes]:
    """Return the files of a pack folder as a zip could hold them, seals included.

    Raises RuleBaseError for links and special files, names that do not mean the same everywhere, and too much of it.
    """
    _judge_size(folder)
    contents = dict(load_pack_files(folder))
    file = str(folder)
    faults = [fault(file, key, {"name": name}) for name in contents if (key := problem_of_name(name)) is not None]
    faults += [fault(file, "packs.zip_clash", {"name": one, "other": two}) for one, two in clashes(contents)]
    if faults:
        raise RuleBaseError(faults[:5])
    return contents


def seal_files(
    contents: Mapping[str, bytes], judge: Callable[[Mapping[str, bytes]], object], *, file: str
) -> tuple[PackManifest, dict[str, bytes]]:
    """Return the manifest of a pack, and its files with it; seals that were there are left out.

    Args:
        contents: The files of a pack folder.
        judge: Raises RuleBaseError when the pack cannot be read.
        file: The folder, for the sentences.

    Raises:
        RuleBaseError: When the pack cannot be read, or its name, version, engine range or news are not as they must be.
    """
    own = {name: content for name, content in contents.items() if name not in SEALS}
    judge(own)
    name, version, engine = name_of(own), version_of(own), said_of(own, "engine")
    if not is_name(name):
        raise refusal(file, "packs.bad_name", {"name": name})
    if not is_version(version):
        raise refusal(file, "packs.bad_version", {"version": version})
    if engine is not None and not is_range(engine):
        raise refusal(file, "packs.bad_engine", {"engine": engine})
    manifest = PackManifest(
        name=name,
        version=version,
        engine=engine,
        news=news_of(own, version, file=file),
        files={path: sha256(content).hexdigest() for path, content in own.items()},
    )
    return manifest, {**own, MANIFEST: write_manifest(manifest)}


def news_of(contents: Mapping[str, bytes], version: str, *, file: str) -> str:
    """Return the top section of NEWS.md; raises RuleBaseError unless it is about this version and says something."""
    if NEWS not in contents:
        raise refusal(file, "packs.no_news", {"version": version}, "packs.no_news_hint")
    text = contents[NEWS].decode("utf-8", "replace").replace("\r\n", "\n")
    headings = list(_HEADING.finditer(text))
    found = headings[0]["title"] if headings else ""
    if found.partition(" ")[0] != version:
        raise refusal(file, "packs.other_news", {"found": found, "version": version}, "packs.no_news_hint")
    end = headings[1].start() if len(headings) > 1 else len(text)
    news = text[headings[0].end() : end].strip()
    if not news:
        raise refusal(file, "packs.empty_news", {"version": version}, "packs.no_news_hint")
    return news


def write_zip(contents: Mapping[str, bytes]) -> bytes:
    """Return the one zip of these files."""
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", compression=zipfile.ZIP_STORED, allowZip64=False) as archive:
        for name in sorted(contents):
            entry = zipfile.ZipInfo(name, _TIME)
            entry.create_system = _UNIX
            entry.external_attr = _RIGHTS << 16
            archive.writestr(entry, contents[name])
    return stream.getvalue()


def _judge_size(folder: Path) -> None:
    """Raise RuleBaseError for links, special files and too many or too large files, before any is read."""
    members = total_bytes = 0
    for above, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in (*folders, *(name for name in files if not name.startswith("."))):
            path = os.path.join(above, name)
            state = os.lstat(path)
            args = {"name": os.path.relpath(path, folder)}
            if stat.S_ISLNK(state.st_mode):
                raise refusal(str(folder), "packs.zip_link", args)
            if stat.S_ISDIR(state.st_mode):
                continue
            if not stat.S_ISREG(state.st_mode):
                raise refusal(str(folder), "packs.zip_special", args)
            members += 1
            total_bytes += state.st_size
            if members > MAX_MEMBERS:
                raise refusal(str(folder), "packs.folder_members", {"most": str(MAX_MEMBERS)})
            if total_bytes > MAX_UNPACKED_BYTES:
                raise refusal(str(folder), "packs.folder_large", {"mib": str(MAX_UNPACKED_BYTES // 1024**2)})
