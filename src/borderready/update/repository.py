# SPDX-License-Identifier: Apache-2.0
"""A repository as it stands in a folder: read back with proof, and written so that no reader ever sees half of it.

`metadata/` holds `N.root.json`, `N.targets.json`, `N.snapshot.json` and `timestamp.json`; `targets/` the zips, as
`<sha256>.<name>-<version>.zip`.
Only `timestamp.json` is ever replaced, and nothing is taken away: who has copied an older state can use it to its end.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tuf.api.exceptions import RepositoryError
from tuf.api.metadata import Metadata, MetaFile, Root, Snapshot, Targets, Timestamp

from borderready.errors import Fault, RuleBaseError
from borderready.model import Message
from borderready.update.files import told, write_whole

METADATA = "metadata"
TARGETS = "targets"
DAYS_FIELD = "x-borderready-days"  # how long a role is good for, kept in its own metadata


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """The four roles of a repository, proved."""

    root: Metadata[Root]
    targets: Metadata[Targets]
    snapshot: Metadata[Snapshot]
    timestamp: Metadata[Timestamp]


def is_repository(folder: Path) -> bool:
    """Tell whether a folder holds a repository; without a timestamp nobody has seen any of it."""
    return (folder / METADATA / "timestamp.json").exists()


def read_state(folder: Path) -> State:
    """Return what is published; raises RuleBaseError where a signature, a digest or a version does not agree.

    Whoever signs anew signs what stands here, so it is believed no more than a client would believe it; but it may have
    expired.
    """
    file = "1.root.json"
    try:
        root: Metadata[Root] = Metadata.from_bytes(_read(folder, file))
        root.signed.verify_delegate(Root.type, root.signed_bytes, root.signatures)
        while (folder / METADATA / (file := f"{root.signed.version + 1}.root.json")).exists():
            following: Metadata[Root] = Metadata.from_bytes(_read(folder, file))
            root.signed.verify_delegate(Root.type, following.signed_bytes, following.signatures)
            following.signed.verify_delegate(Root.type, following.signed_bytes, following.signatures)
            if following.signed.version != root.signed.version + 1:
                raise RepositoryError("version")
            root = following
        file = "timestamp.json"
        timestamp: Metadata[Timestamp] = Metadata.from_bytes(_read(folder, file))
        root.signed.verify_delegate(Timestamp.type, timestamp.signed_bytes, timestamp.signatures)
        announced = timestamp.signed.snapshot_meta
        file = f"{announced.version}.snapshot.json"
        snapshot: Metadata[Snapshot] = Metadata.from_bytes(_checked(folder, file, announced))
        root.signed.verify_delegate(Snapshot.type, snapshot.signed_bytes, snapshot.signatures)
        announced = snapshot.signed.meta["targets.json"]
        file = f"{announced.version}.targets.json"
        targets: Metadata[Targets] = Metadata.from_bytes(_checked(folder, file, announced))
        root.signed.verify_delegate(Targets.type, targets.signed_bytes, targets.signatures)
        for path in (target for each in targets.signed.targets.values() for target in each.get_prefixed_paths()):
            file = f"../{TARGETS}/{path}"
            if not (folder / TARGETS / path).is_file():
                raise RepositoryError("missing")
    except (RepositoryError, ValueError, KeyError, TypeError, AttributeError) as error:
        shown = str(folder / METADATA / file)
        what = Message("repo.damaged")
        raise RuleBaseError(
            [Fault(file=shown, span=None, path="", what=what, hint=Message("repo.damaged_hint"))]
        ) from error
    return State(root=root, targets=targets, snapshot=snapshot, timestamp=timestamp)


def _read(folder: Path, file: str) -> bytes:
    path = folder / METADATA / file
    with told(path):
        return path.read_bytes()


def _checked(folder: Path, file: str, announced: MetaFile) -> bytes:
    content = _read(folder, file)
    announced.verify_length_and_hashes(content)
    return content


def write_state(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files in their order, each whole; a reader that comes between two finds a state that holds together.

    Args:
        folder: Of the repository.
        files: By their place in it; the one that makes the others known stands last.
    """
    with told(folder):
        for name in (METADATA, TARGETS):
            (folder / name).mkdir(parents=True, exist_ok=True)
        for place, content in files.items():
            write_whole(folder / place, content)


def file_of(role: str, version: int) -> str:
    """Return where the metadata of a role stand."""
    return f"{METADATA}/timestamp.json" if role == Timestamp.type else f"{METADATA}/{version}.{role}.json"
