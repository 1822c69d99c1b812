# SPDX-License-Identifier: Apache-2.0
"""The packs that this machine keeps: versions side by side, each as it was when it was accepted.

    packs/cn/2026.12.0/     the files of a pack, MANIFEST.json and SIGNATURES.json among them
    packs/state.json        which version of a name is in use, and the highest that was ever accepted under a key

A version is unpacked beside, brought to the disk and put in its place by one rename; state.json is replaced whole. So a
process that is killed leaves what was there before, and leftovers (`.new-...`, `.gone-...`) are swept by the next one
that writes. Writers wait for each other; readers wait for nobody.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import TypeAlias

from borderready.errors import BorderreadyError, Fault, KeepError, RuleBaseError
from borderready.keep.lock import held
from borderready.model import Message
from borderready.read.pack_manifest import BUILT_IN, MANIFEST, SIGNATURES, is_name, is_version, rank_of, read_manifest
from borderready.read.pack_trust import Terms as Terms
from borderready.read.pack_trust import judge_seals
from borderready.read.pack_zip import read_zip

STATE, LOCK = "state.json", ".lock"
RECORD = ".installed.json"  # within a version: hidden, and so none of its files
_FORM = "store/1"
_SYNC_WAITS = sys.platform.startswith("linux")  # for the disk: once, and not for each of thousands of files
Judge: TypeAlias = Callable[[Mapping[str, bytes]], object]
_LEFTOVER = re.compile(r"\.(?:new|gone)-.+")
_FILE_NAME = re.compile(r"(?P<name>[a-z][a-z0-9-]*?)-(?P<version>[0-9.]+)\.zip")


@dataclass(frozen=True, slots=True, kw_only=True)
class Installed:
    """A version of a pack that is kept.

    Attributes:
        sha256: The digest that reports give for it.
        keys: Trusted keys whose signatures held when it was accepted.
        source: The file or folder it came from.
    """

    name: str
    version: str
    folder: Path
    sha256: str
    keys: tuple[str, ...]
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What is in use, and the highest version ever accepted under a key; both by name."""

    use: Mapping[str, str] = field(default_factory=dict)
    accepted: Mapping[str, str] = field(default_factory=dict)


class PackStore:
    """The folder in which packs are kept; it need not be there before the first is installed."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def versions(self) -> tuple[Installed, ...]:
        """Return every version that is kept, by name and from low to high; raises RuleBaseError for a damaged one."""
        found = []
        for name in sorted(_entries(self.root, is_name)):
            for version in sorted(_entries(self.root / name, is_version), key=rank_of):
                found.append(self._read(name, version))
        return tuple(found)

    def find(self, name: str, version: str | None = None) -> Installed:
        """Return a version; without one that in use, else the highest. Raises RuleBaseError where it is not kept."""
        kept = self.numbers(name)
        wanted = version or self.state().use.get(name) or (kept[-1] if kept else "")
        if wanted not in kept:
            args = {"name": name, "version": wanted, "kept": ", ".join(kept)}
            hint = Message("packs.kept_hint", args) if kept else Message("packs.none_kept_hint", args)
            what = Message("packs.not_kept" if wanted else "packs.not_kept_any", args)
            raise RuleBaseError([_fault(f"{name}@{version}" if version else name, what, hint)])
        return self._read(name, wanted)

    def numbers(self, name: str) -> tuple[str, ...]:
        """Return the versions of a name that are kept, from low to high."""
        return tuple(sorted(_entries(self.root / name, is_version), key=rank_of)) if is_name(name) else ()

    def state(self) -> State:
        """Return what is in use and was accepted; raises RuleBaseError where that cannot be read."""
        path = self.root / STATE
        try:
            data = json.loads(path.read_bytes())
            if data["borderready"] != _FORM:
                raise ValueError(data["borderready"])
            state = State(use=data["use"], accepted=data["accepted"])
            for name, version in (*state.use.items(), *state.accepted.items()):
                if not is_name(name) or not is_version(version):
                    raise ValueError(name)
        except FileNotFoundError:
            return State()
        except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
            args = {"file": STATE, "reason": str(error)}
            raise RuleBaseError(
                [_fault(str(path), Message("packs.state", args), Message("packs.state_hint"))]
            ) from error
        return state

    def install(self, zip_path: Path, terms: Terms, *, judge: Judge | None = None) -> Installed:
        """Keep a built pack that meets the terms; raises RuleBaseError with the reason, and then keeps nothing.

        A zip whose file name says another name or version than it holds is refused.

        Args:
            zip_path: The zip.
            terms: What is asked of it.
            judge: Called with the files of a pack that meets the terms; raises RuleBaseError when they cannot be read.
        """
        named = named_by(zip_path)
        return self.install_files(read_zip(zip_path), terms, source=str(zip_path), named=named, judge=judge)

    def install_files(
        self,
        contents: Mapping[str, bytes],
        terms: Terms,
        *,
        source: str,
        named: tuple[str, str] | None = None,
        judge: Judge | None = None,
    ) -> Installed:
        """Keep a built pack by its files, as `install` does; names are those that read_zip lets through."""
        with self._writing():
            state = self.state()
            manifest = read_manifest(contents, file=source)
            sealed = judge_seals(contents, terms, file=source, named=named, accepted=state.accepted)
            if judge is not None:
                judge(contents)
            folder = self.root / manifest.name / manifest.version
            installed = Installed(
                name=manifest.name,
                version=manifest.version,
                folder=folder,
                sha256=manifest.digest,
                keys=sealed.keys,
                source=os.path.abspath(source),
            )
            if folder.exists():
                self._renew(installed, contents, source)
            else:
                self._place(installed, contents)
            if sealed.keys:
                accepted = _raised(state.accepted, manifest.name, manifest.version)
                self._write_state(replace(state, accepted=accepted))
        return installed

    def use(self, name: str, version: str | None, *, is_signed: bool = False) -> None:
        """Put a version into use; None puts none into use.

        Args:
            name: Of the pack.
            version: One that the caller has found, here or elsewhere.
            is_signed: Whether it was accepted under a key, so that a lower one is refused from now on.
        """
        with self._writing():
            state = self.state()
            use = {key: own for key, own in state.use.items() if key != name}
            if version is None:
                self._write_state(replace(state, use=use))
                return
            accepted = _raised(state.accepted, name, version) if is_signed else state.accepted
            self._write_state(State(use={**use, name: version}, accepted=accepted))

    def remove(self, name: str, version: str) -> None:
        """Forget a version that is kept; the highest accepted one stays known. Raises RuleBaseError.

        That in use stays, unless it is the only one of a name that nothing else answers to.
        """
        with self._writing():
            kept = self.numbers(name)
            if version not in kept:
                self.find(name, version)
            state = self.state()
            if state.use.get(name) == version:
                if len(kept) > 1 or name == BUILT_IN:
                    args = {"name": name, "version": version}
                    hint = Message("packs.in_use_hint", args)
                    raise KeepError([_fault("borderready", Message("packs.in_use", args), hint)])
                self._write_state(replace(state, use={key: own for key, own in state.use.items() if key != name}))
            self._take_away(self.root / name / version)
            with contextlib.suppress(OSError):
                (self.root / name).rmdir()

    def _read(self, name: str, version: str) -> Installed:
        folder = self.root / name / version
        try:
            data = json.loads((folder / RECORD).read_bytes())
            return Installed(
                name=name,
                version=version,
                folder=folder,
                sha256=str(data["sha256"]),
                keys=tuple(map(str, data["keys"])),
                source=str(data["source"]),
            )
        except (OSError, ValueError, LookupError, TypeError, RecursionError) as error:
            args = {"name": name, "version": version, "file": RECORD, "reason": str(error)}
            what, hint = Message("packs.damaged", args), Message("packs.damaged_hint", args)
            raise RuleBaseError([_fault(str(folder), what, hint)]) from error

    def _renew(self, installed: Installed, contents: Mapping[str, bytes], source: str) -> None:
        """Take over other signatures of a version that is kept, and mend what was damaged of it.

        Raises RuleBaseError where it is another pack.
        """
        args = {"name": installed.name, "version": installed.version}
        if not _is_same(installed.folder, contents):
            if _is_meant(installed, contents[MANIFEST]):
                self._take_away(installed.folder)
                self._place(installed, contents)
                return
            what, hint = Message("packs.other_content", args), Message("packs.other_content_hint", args)
            raise RuleBaseError([_fault(source, what, hint)])
        if SIGNATURES in contents:
            _replace_file(installed.folder / SIGNATURES, contents[SIGNATURES])
        if installed.keys:
            _replace_file(installed.folder / RECORD, _record(installed, contents[MANIFEST]))

    def _take_away(self, folder: Path) -> None:
        gone = Path(tempfile.mkdtemp(prefix=".gone-", dir=self.root))
        os.replace(folder, gone / folder.name)
        _sync(folder.parent)
        shutil.rmtree(gone, ignore_errors=True)

    def _place(self, installed: Installed, contents: Mapping[str, bytes]) -> None:
        """Unpack beside, bring it to the disk, and put it in its place by one rename."""
        above = self.root / installed.name
        if above.is_symlink():  # it would lead out of the store
            raise NotADirectoryError(errno.ENOTDIR, "a link stands where a folder belongs", str(above))
        fresh = Path(tempfile.mkdtemp(prefix=".new-", dir=self.root))
        try:
            unpacked = fresh / installed.version
            for name, content in {**contents, RECORD: _record(installed, contents[MANIFEST])}.items():
                _write_file(unpacked / name, content)
            _sync_all(unpacked)
            above.mkdir(exist_ok=True)
            os.replace(unpacked, installed.folder)
            _sync(above)
            _sync(self.root)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)

    def _write_state(self, state: State) -> None:
        data = {"accepted": dict(state.accepted), "borderready": _FORM, "use": dict(state.use)}
        _replace_file(self.root / STATE, (json.dumps(data, indent=1, sort_keys=True) + "\n").encode("utf-8"))

    @contextlib.contextmanager
    def _writing(self) -> Iterator[None]:
        """Keep other writers out, sweep what killed ones left, and turn failures of the disk into a sentence."""
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            with held(self.root / LOCK):
                for name in _entries(self.root, lambda name: _LEFTOVER.fullmatch(name) is not None):
                    shutil.rmtree(self.root / name, ignore_errors=True)
                yield
        except BorderreadyError:
            raise
        except OSError as error:
            args = {"reason": error.strerror or str(error)}
            what, hint = Message("packs.not_written", args), Message("packs.not_written_hint", args)
            raise KeepError([_fault(str(self.root), what, hint)]) from error


def named_by(path: Path) -> tuple[str, str] | None:
    """Return name and version that the name of a zip says, None where it says none: `cn-2026.12.0.zip`."""
    match = _FILE_NAME.fullmatch(path.name)
    return (match["name"], match["version"]) if match is not None else None


def _entries(folder: Path, wants: Callable[[str], bool]) -> Iterator[str]:
    """Yield the names of the folders in a folder that are wanted; links are none, and no folder holds none."""
    try:
        with os.scandir(folder) as entries:
            names = [entry.name for entry in entries if entry.is_dir(follow_symlinks=False)]
    except OSError:
        return
    yield from filter(wants, names)


def _raised(accepted: Mapping[str, str], name: str, version: str) -> Mapping[str, str]:
    """Return the highest versions accepted, once this one was, too."""
    highest = max(accepted.get(name, version), version, key=rank_of)
    return {**accepted, name: highest}


def _is_same(folder: Path, contents: Mapping[str, bytes]) -> bool:
    """Tell whether a folder holds these files as they are, whatever signatures it has."""
    try:
        return all((folder / name).read_bytes() == content for name, content in contents.items() if name != SIGNATURES)
    except OSError:
        return False


def _is_meant(installed: Installed, manifest: bytes) -> bool:
    """Tell whether what is kept was this very pack once, by its record or by its manifest."""
    with contextlib.suppress(OSError, ValueError, LookupError, TypeError, RecursionError):
        return bool(json.loads((installed.folder / RECORD).read_bytes())["manifest"] == sha256(manifest).hexdigest())
    with contextlib.suppress(OSError):
        return (installed.folder / MANIFEST).read_bytes() == manifest
    return False


def _record(installed: Installed, manifest: bytes) -> bytes:
    """Return what is noted of a version; only the digest of its manifest stands for all files, cases and news, too."""
    own = {"keys": list(installed.keys), "sha256": installed.sha256, "source": installed.source}
    data = {**own, "manifest": sha256(manifest).hexdigest()}
    return (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "surrogateescape")


def _write_file(path: Path, content: bytes) -> None:
    """Write a file that is not there yet."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as stream:
        stream.write(content)


def _replace_file(path: Path, content: bytes) -> None:
    """Put a file in place of another, whole or not at all."""
    fresh = path.with_name(f".new-{path.name}")
    fresh.unlink(missing_ok=True)
    _write_file(fresh, content)
    _sync(fresh)
    os.replace(fresh, path)
    _sync(path.parent)


def _sync_all(folder: Path) -> None:
    """Bring all of a folder to the disk."""
    if _SYNC_WAITS:
        os.sync()
        return
    for above, _, names in os.walk(folder):
        for name in names:
            _sync(Path(above) / name)
        _sync(Path(above))


def _sync(path: Path) -> None:
    """Bring a file, or the names in a folder, to the disk."""
    try:
        handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    except OSError:
        if path.is_dir():  # some systems open no folders
            return
        raise
    try:
        os.fsync(handle)
    except OSError:
        if not path.is_dir():
            raise
    finally:
        os.close(handle)


def _fault(file: str, what: Message, hint: Message) -> Fault:
    return Fault(file=file, span=None, path="", what=what, hint=hint)
