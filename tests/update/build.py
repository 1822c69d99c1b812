# SPDX-License-Identifier: Apache-2.0
"""Repositories of invented packs, those who publish them, those who use them, and those who alter them."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import Metadata, MetaFile, Root, Snapshot, Targets, Timestamp

from borderready.i18n import say
from borderready.model import Message
from borderready.update.keys import make_signer, read_keys
from borderready.update.publish import Plan, Published, publish
from tests.command import PACK, ROOT, Ran, run_here
from tests.packs import RULE

NOW = datetime.now(UTC).replace(microsecond=0)  # the clock of the program, where a command runs as a whole
LONG = {"root": 400, "timestamp": 400, "snapshot": 400, "targets": 400}
MANY_MODULES = f"{ROOT / 'src'}:{ROOT}"


def make_zip(
    folder: Path,
    version: str,
    *,
    name: str = "cn",
    engine: str | None = ">=0.1,<2",
    news: str | None = None,
    ballast: bytes = b"",
) -> Path:
    """Write a built pack: the invented one of tests/data, under a name and a version."""
    files = {path.relative_to(PACK).as_posix(): path.read_bytes() for path in PACK.rglob("*") if path.is_file()}
    files |= {"VERSION": f"{version}\n".encode(), "ballast.txt": ballast}
    if name != "cn":
        files = {file: RULE.sub(rf"\1{name}:\2".encode(), content) for file, content in files.items()}
        files["pack.yaml"] = f"name: {name}\ntitle: {{en: Invented, vi: Bịa, zh: 虚构}}\n".encode()
    facts = {
        "borderready": "pack/1",
        "engine": engine,
        "files": {file: sha256(content).hexdigest() for file, content in files.items()},
        "name": name,
        "news": f"What is new in {version}." if news is None else news,
        "version": version,
    }
    manifest = (json.dumps(facts, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()
    path = folder / f"{name}-{version}.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for file, content in sorted({**files, "MANIFEST.json": manifest}.items()):
            archive.writestr(zipfile.ZipInfo(file), content)
    return path


@dataclass(slots=True)
class Shop:
    """Those who publish: their repository, their keys and their zips, all below one folder."""

    home: Path

    @property
    def repository(self) -> Path:
        return self.home / "repository"

    @property
    def metadata(self) -> Path:
        return self.repository / "metadata"

    @property
    def keys(self) -> Path:
        return self.home / "keys"

    @property
    def root(self) -> Path:
        return self.metadata / "1.root.json"

    def zip(self, version: str, **changes: Any) -> Path:
        return make_zip(self.home, version, **changes)

    def publish(self, *zips: Path, now: datetime = NOW, keys: Path | None = None, **changes: Any) -> Published:
        """Publish with every key at hand."""
        plan = Plan(zips=zips, **changes)
        signers = read_keys([keys or self.keys]) if self.keys.is_dir() else {}
        return publish(self.repository, plan, signers, new_keys=self.keys, now=now)

    def begin(self, *zips: Path, now: datetime = NOW, days: Mapping[str, int] = LONG, **changes: Any) -> Published:
        self.home.mkdir(exist_ok=True)
        return self.publish(*zips, now=now, days=days, is_new=True, **changes)

    def target(self, pack: str) -> Path:
        """Return where the zip of a pack stands."""
        (path,) = (self.repository / "targets").glob(f"*.{pack}.zip")
        return path

    def file(self, role: str, version: int | None = None) -> Path:
        """Return where the metadata of a role stand: the newest of them, or a version."""
        if role == "timestamp":
            return self.metadata / "timestamp.json"
        found = sorted(self.metadata.glob(f"*.{role}.json"), key=lambda path: int(path.name.partition(".")[0]))
        return found[-1] if version is None else self.metadata / f"{version}.{role}.json"

    def signers(self, role: str) -> list[CryptoSigner]:
        """Return the keys of a role that the newest root names."""
        root: Metadata[Root] = Metadata.from_bytes(self.file("root").read_bytes())
        known = read_keys([self.keys])
        return [known[keyid] for keyid in root.signed.roles[role].keyids if keyid in known]


Change = Callable[[Any], None]


def forge(shop: Shop, role: str, change: Change, *, signers: list[CryptoSigner] | None = None) -> None:
    """Write another version of a role, as somebody with some keys could, and announce it down to the timestamp.

    The keys of snapshot and timestamp are taken for stolen: they are the ones that stand on a server.
    """
    content = _forge_one(shop, role, change, signers)
    if role == "targets":
        meta = MetaFile.from_data(_version(content), content, ["sha256"])

        def list_them(signed: Snapshot) -> None:
            _raise(signed)
            signed.meta["targets.json"] = meta

        role, content = "snapshot", _forge_one(shop, "snapshot", list_them, None)
    if role == "snapshot":
        meta_of_snapshot = MetaFile.from_data(_version(content), content, ["sha256"])

        def announce(signed: Timestamp) -> None:
            _raise(signed)
            signed.snapshot_meta = meta_of_snapshot

        _forge_one(shop, "timestamp", announce, None)


def _forge_one(shop: Shop, role: str, change: Change, signers: list[CryptoSigner] | None) -> bytes:
    metadata: Metadata[Any] = Metadata.from_bytes(shop.file(role).read_bytes())
    change(metadata.signed)
    metadata.signatures.clear()
    for signer in shop.signers(role) if signers is None else signers:
        metadata.sign(signer, append=True)
    content = metadata.to_bytes()
    shop.file(role, metadata.signed.version).write_bytes(content)
    return content


def _version(content: bytes) -> int:
    return int(json.loads(content)["signed"]["version"])


def _raise(signed: Root | Targets | Snapshot | Timestamp) -> None:
    signed.version += 1


def stranger() -> CryptoSigner:
    """Return a key that nobody trusts."""
    return make_signer()


@dataclass(slots=True)
class User:
    """Somebody with a machine, on which `pack update` runs."""

    home: Path
    address: str

    def update(self, *arguments: str, address: str | None = None) -> Ran:
        aim = ("--from", address or self.address, "--no-config")
        return run_here("pack", "update", *arguments, *aim, home=self.home, environment=self.environment)

    @property
    def environment(self) -> Mapping[str, str]:
        return {"XDG_DATA_HOME": str(self.home / "data")}

    @property
    def data(self) -> Path:
        return self.home / "data" / "borderready"

    def in_use(self, name: str = "cn") -> str | None:
        """Return the version in use, None where the store has none."""
        from borderready.keep.packs import PackStore

        used: Mapping[str, str] = PackStore(self.data / "packs").state().use
        return used.get(name)

    def store(self) -> Mapping[str, bytes]:
        """Return all that the store holds, to the byte, but for its lock."""
        packs = self.data / "packs"
        return {
            path.relative_to(packs).as_posix(): path.read_bytes() for path in packs.rglob("[!.]*") if path.is_file()
        }


def make_user(home: Path, address: str) -> User:
    home.mkdir(exist_ok=True)
    return User(home, address)


def told(key: str, **args: str) -> str:
    """Return a sentence of the program in English."""
    return say(Message(key, args), "en")


def one_line(ran: Ran) -> str:
    """Return what a command said, without the breaks of lines."""
    return " ".join((ran.out + ran.err).split())


def copy_of(folder: Path, to: Path) -> Path:
    """Copy a folder, in the place of what was there."""
    shutil.rmtree(to, ignore_errors=True)
    return shutil.copytree(folder, to)


def days_ago(days: float) -> datetime:
    return NOW - timedelta(days=days)
