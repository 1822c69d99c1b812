# SPDX-License-Identifier: Apache-2.0
"""Built packs of the invented rule base (tests/data/pack), signed by invented teams."""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from borderready.pack.build import read_folder, seal_files, write_zip
from borderready.pack.sign import KeyPair, make_key, sign_files
from borderready.read.pack_trust import Terms
from borderready.settings import Trust
from tests.command import PACK

TODAY, LATER = "2026-11-28", "2099-12-31"


RULE = re.compile(rb"(: )((?:any|vn)/[a-z-]+/[a-z-]+)$", re.MULTILINE)  # the id of a rule, where one is named


@cache
def key_of(team: str) -> KeyPair:
    """Return the key of a team; each run of the tests has others."""
    return make_key()


def terms(*teams: str, threshold: int = 1, name: str = "cn", today: str = TODAY, engine: str = "1.0.0") -> Terms:
    """Return terms that ask for the signatures of these teams, of none where none is named."""
    keys = tuple(key_of(team).public for team in teams)
    trust = {name: Trust(keys=keys, threshold=threshold)} if keys else {}
    return Terms(trust=trust, today=today, engine=engine)


def files_of(
    version: str = "1.0.0", name: str = "cn", engine: str | None = None, news: str = "Invented."
) -> dict[str, bytes]:
    """Return the files of the invented rule base under another version and name, not built yet."""
    own = {"VERSION": f"{version}\n".encode(), "NEWS.md": f"# News\n\n## {version}\n\n{news}\n".encode()}
    said = f"name: {name}\ntitle: {{en: Invented, vi: Bịa, zh: 虚构}}\n" + (f'engine: "{engine}"\n' if engine else "")
    if name != "cn" or engine:
        own["pack.yaml"] = said.encode()
    files = read_folder(PACK)
    if name != "cn":
        files = {path: RULE.sub(rf"\1{name}:\2".encode(), content) for path, content in files.items()}
    return {**files, **own}


def built(
    version: str = "1.0.0",
    *teams: str,
    name: str = "cn",
    expires: str = LATER,
    engine: str | None = None,
    news: str = "Invented.",
) -> dict[str, bytes]:
    """Return the files of a built pack with its seals, signed by these teams."""
    _, contents = seal_files(files_of(version, name, engine, news), lambda _: None, file="test")
    return signed(contents, *teams, expires=expires)


def signed(contents: Mapping[str, bytes], *teams: str, expires: str = LATER) -> dict[str, bytes]:
    """Return the files of a built pack with the signatures of these teams added."""
    done = dict(contents)
    for team in teams:
        done = sign_files(done, key_of(team).private, expires=expires, file="test", key_file=team)
    return done


def write_built(folder: Path, contents: Mapping[str, bytes], file: str = "") -> Path:
    """Write the files of a built pack as a zip, named by what they are."""
    name = "acme" if "pack.yaml" in contents else "cn"
    path = folder / (file or f"{name}-{contents['VERSION'].decode().strip()}.zip")
    folder.mkdir(parents=True, exist_ok=True)
    path.write_bytes(write_zip(contents))
    return path


def write_files(folder: Path, contents: Mapping[str, bytes]) -> Path:
    """Write files into a folder."""
    for name, content in contents.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def write_trust(folder: Path, *teams: str, threshold: int = 1, name: str = "cn", more: str = "") -> Path:
    """Write a configuration that asks for the signatures of these teams."""
    keys = ", ".join(f'"{key_of(team).public}"' for team in teams)
    path = folder / "borderready.toml"
    path.write_text(f"{more}[trust.{name}]\nkeys = [{keys}]\nthreshold = {threshold}\n", "utf-8")
    return path


def write_key(folder: Path, team: str) -> Path:
    """Write the private key of a team."""
    path = folder / f"{team}.key"
    path.write_bytes(key_of(team).private)
    return path


def copy_pack(folder: Path) -> Path:
    """Copy the invented rule base, its files written in another order than usual."""
    found = sorted((path for path in PACK.rglob("*") if path.is_file()), reverse=True)
    for path in found:
        target = folder / path.relative_to(PACK)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    return folder
