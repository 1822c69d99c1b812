# SPDX-License-Identifier: Apache-2.0
"""A store of packs as small as can be, for a program that has none of its own yet: borderready.keep.packs."""

from __future__ import annotations

import json
import os
import shutil
import sys
import types
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

PLACE = "borderready.keep.packs"


@dataclass(frozen=True, slots=True, kw_only=True)
class Installed:
    name: str
    version: str
    folder: Path
    sha256: str
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    use: Mapping[str, str]


class PackStore:
    def __init__(self, root: Path) -> None:
        self.root = root

    def versions(self) -> tuple[Installed, ...]:
        return tuple(self._read(folder) for folder in sorted(self.root.glob("*/*")) if folder.is_dir())

    def state(self) -> State:
        return State(use={path.stem: path.read_text("utf-8") for path in self.root.glob("[!.]*.used")})

    def install(self, zip_path: Path, terms: object, *, judge: object = None) -> Installed:
        with zipfile.ZipFile(zip_path) as archive:
            facts = json.loads(archive.read("MANIFEST.json"))
            folder = self.root / facts["name"] / facts["version"]
            beside = self.root / ".new"
            shutil.rmtree(beside, ignore_errors=True)
            beside.mkdir(parents=True)
            archive.extractall(beside)
        folder.parent.mkdir(parents=True, exist_ok=True)
        os.replace(beside, folder)
        return self._read(folder)

    def use(self, name: str, version: str) -> None:
        beside = self.root / ".used"
        beside.write_text(version, "utf-8")
        os.replace(beside, self.root / f"{name}.used")

    def _read(self, folder: Path) -> Installed:
        digest = sha256((folder / "MANIFEST.json").read_bytes()).hexdigest()
        return Installed(name=folder.parent.name, version=folder.name, folder=folder, sha256=digest, keys=())


def put_in_place() -> None:
    """Give the program this store, unless it has its own."""
    if PLACE not in sys.modules and find_spec(PLACE) is None:
        module = types.ModuleType(PLACE)
        module.PackStore = PackStore  # type: ignore[attr-defined]  # a module made here
        sys.modules[PLACE] = module
