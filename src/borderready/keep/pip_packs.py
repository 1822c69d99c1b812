# SPDX-License-Identifier: Apache-2.0
"""Packs that were installed with pip: found by the entry points of a group, as data.

    [project.entry-points."borderready.packs"]
    acme = "acme_rules.pack"

names the folder acme_rules/pack of the distribution. Nothing of it is imported, and nothing in the folder may be code:
where the folder is, and which digests its files have, is taken from what pip recorded.
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import EntryPoint, PackagePath, entry_points
from pathlib import Path

from borderready.errors import Fault
from borderready.model import Message
from borderready.read.pack_manifest import is_name, is_version
from borderready.read.rule_base import digest_digests

GROUP = "borderready.packs"
_FOLDER = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*", re.ASCII)
_CODE = (".py", ".pyc", ".pyd", ".so")


@dataclass(frozen=True, slots=True, kw_only=True)
class PipPack:
    """A pack in a distribution.

    Attributes:
        distribution: Name and version of what was installed with pip.
        sha256: The digest that its files must have, by what pip recorded; None where pip recorded none.
    """

    name: str
    version: str
    folder: Path
    distribution: str
    sha256: str | None


def find_pip_packs() -> Iterator[PipPack | Fault]:
    """Yield each pack that an entry point names, or why it is none that can be used."""
    for point in sorted(entry_points(group=GROUP), key=lambda point: (point.name, point.value)):
        yield _look_at(point)


def _look_at(point: EntryPoint) -> PipPack | Fault:
    if point.dist is None or not is_name(point.name) or not _FOLDER.fullmatch(point.value):
        return _fault(point, "packs.pip_name")
    prefix = point.value.replace(".", "/") + "/"
    files = {path.as_posix().removeprefix(prefix): path for path in point.dist.files or () if _is_in(path, prefix)}
    if "VERSION" not in files:
        return _fault(point, "packs.pip_absent")
    code = sorted(name for name in files if name.endswith(_CODE))
    if code:
        return _fault(point, "packs.pip_code", code[0])
    try:
        version = files["VERSION"].read_text("utf-8").strip()
    except (OSError, ValueError):
        version = ""
    if not is_version(version):
        return _fault(point, "packs.pip_absent")
    return PipPack(
        name=point.name,
        version=version,
        folder=Path(str(point.dist.locate_file(prefix))),
        distribution=f"{point.dist.name} {point.dist.version}",
        sha256=_recorded(files),
    )


def _is_in(path: PackagePath, prefix: str) -> bool:
    return path.as_posix().startswith(prefix) and ".." not in path.parts


def _recorded(files: Mapping[str, PackagePath]) -> str | None:
    """Return the digest of a pack by what pip recorded of its files, which hidden ones are none of."""
    digests = {}
    for name, path in files.items():
        if any(part.startswith(".") for part in name.split("/")):
            continue
        if path.hash is None or path.hash.mode != "sha256":
            return None
        digests[name] = urlsafe_b64decode(f"{path.hash.value}=").hex()
    return digest_digests(digests)


def _fault(point: EntryPoint, key: str, file: str = "") -> Fault:
    owner = point.dist.name if point.dist is not None else "?"
    args = {"name": point.name, "value": point.value, "distribution": owner, "file": file, "group": GROUP}
    return Fault(file=owner, span=None, path="", what=Message(key, args), hint=Message("packs.pip_hint", args))
