# SPDX-License-Identifier: Apache-2.0
"""Takes the newest pack from a repository that can prove that it is the newest; python-tuf does the proving."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from pathlib import Path

from tuf.api.exceptions import DownloadError, DownloadLengthMismatchError, RepositoryError
from tuf.api.metadata import TargetFile
from tuf.ngclient import Updater, UpdaterConfig
from tuf.ngclient._internal.trusted_metadata_set import TrustedMetadataSet

from borderready.errors import Fault, RuleBaseError, UsageError
from borderready.model import Message
from borderready.update.address import Address
from borderready.update.archive import read_facts
from borderready.update.fetch import LIMITS, METADATA, TARGETS, FolderFetcher, Limits, ServerFetcher, make_fetcher
from borderready.update.files import told
from borderready.update.kept import Kept, open_kept
from borderready.update.offer import Choice, Pack, choose, make_pack, order_of
from borderready.update.refusal import refuse
from borderready.update.role import ROLES

_CONFIG = UpdaterConfig(
    max_root_rotations=256,
    max_delegations=0,
    root_max_length=512_000,
    timestamp_max_length=16_384,
    snapshot_max_length=500_000,
    targets_max_length=5_000_000,
)
_NEAR_CUTOFF = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a user wants.

    Attributes:
        name: Of the pack.
        address: Of the repository.
        root: File with the root to trust, needed once for each address.
        proxy: None for none.
        is_trial: Look only.
        engine: Version of this program.
        current: Version of the pack in use, None for none.
    """

    name: str
    address: Address
    root: Path | None
    proxy: Address | None
    is_trial: bool
    engine: str
    current: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of an update.

    Attributes:
        choice: What was found.
        taken: The version that was installed, or would be; None where there is nothing newer.
        until: For each role the moment from which its metadata are not believed any more.
    """

    choice: Choice
    taken: Pack | None
    until: Mapping[str, datetime]


def update_pack(
    asked: Asked, folder: Path, install: Callable[[Path], None], *, now: datetime, limits: Limits = LIMITS
) -> Outcome:
    """Look for the newest version of a pack, and install it.

    Args:
        asked: What is wanted.
        folder: Where this machine keeps what it knows of repositories.
        install: Takes the zip, whole and proved, under its own name; it judges the pack itself.
        now: Against which expiry is measured.
        limits: On downloads.

    Raises RuleBaseError for whatever is not to be trusted or does not arrive, with the pack in use left in place;
    UsageError where no root is known, or the repository has no such pack or none that this program can read.
    """
    address = asked.address
    place = folder / address.key_of(str(Path(address.folder or "").resolve()))
    with open_kept(place, given=asked.root, shown=address.shown, is_trial=asked.is_trial) as kept:
        session = _Session(kept, make_fetcher(address, limits, proxy=asked.proxy), address.shown, now)
        offered = session.refresh()
        choice = choose((each for each, _ in offered), asked.name, engine=asked.engine, current=asked.current)
        if choice.newest is None:
            raise _nothing_fits(asked, {each.name for each, _ in offered}, choice)
        is_newer = asked.current is None or order_of(choice.newest.version) > order_of(asked.current)
        if is_newer and not asked.is_trial:
            path = session.download(choice.newest, dict(offered)[choice.newest])
            install(path)
            path.unlink()
        return Outcome(choice=choice, taken=choice.newest if is_newer else None, until=session.until())


class _Client(Updater):
    """python-tuf's updater with the moment given, and what it trusts to look at."""

    def __init__(self, kept: Kept, fetcher: FolderFetcher | ServerFetcher, now: datetime) -> None:
        super().__init__(
            str(kept.metadata), METADATA, str(kept.download), TARGETS, fetcher, _CONFIG, bootstrap=kept.root
        )
        self.trusted: TrustedMetadataSet = self._trusted_set
        self.trusted.reference_time = now


class _Session:
    """One look at a repository."""

    def __init__(self, kept: Kept, fetcher: FolderFetcher | ServerFetcher, shown: str, now: datetime) -> None:
        self.kept, self.fetcher, self.shown = kept, fetcher, shown
        try:
            self.client = _Client(kept, fetcher, now)
        except RepositoryError as error:
            raise UsageError(Message("update.bad_root"), Message("update.no_root_hint")) from error

    def refresh(self) -> list[tuple[Pack, TargetFile]]:
        """Return all packs that are offered, after the proof that this is the newest state; the root is kept then."""
        with self._refusing(), told(self.kept.folder):
            self.client.refresh()
        self.kept.keep_root()
        targets = self.client.trusted.targets.targets
        described = ((make_pack(target.custom), target) for target in targets.values())
        return [(pack, target) for pack, target in described if pack is not None and target.path == pack.file]

    def download(self, pack: Pack, target: TargetFile) -> Path:
        """Return the zip of a pack, proved to be the one that the repository names."""
        path = self.kept.download / pack.file
        self.fetcher.last = f"{TARGETS}{pack.file}"
        with self._refusing(), told(path):
            if target.length > self.fetcher.limits.pack_bytes:
                raise DownloadLengthMismatchError
            self.client.download_target(target, str(path))
        inside = read_facts(path)
        if (inside.name, inside.version) != (pack.name, pack.version):
            args = {"file": pack.file, "inside": inside.file}
            what = Message("update.other_pack", args)
            raise RuleBaseError(
                [Fault(file=self.shown, span=None, path="", what=what, hint=Message("update.kept_hint"))]
            )
        return path

    def until(self) -> Mapping[str, datetime]:
        """Return for each role when it expires."""
        return {role: self.client.trusted[role].expires for role in ROLES}

    @contextlib.contextmanager
    def _refusing(self) -> Iterator[None]:
        try:
            yield
        except (RepositoryError, DownloadError) as error:
            raise refuse(
                error,
                shown=self.shown,
                file=self.fetcher.last,
                content=self.fetcher.content,
                trusted=self.client.trusted,
            ) from error


def _nothing_fits(asked: Asked, names: set[str], choice: Choice) -> UsageError:
    if choice.too_new is not None:
        pack = choice.too_new
        args = {"name": pack.name, "version": pack.version, "engine": pack.engine or "", "own": asked.engine}
        return UsageError(Message("update.needs_engine", args), Message("update.needs_engine_hint"))
    near = get_close_matches(asked.name, sorted(names), n=1, cutoff=_NEAR_CUTOFF)
    hint = Message("type.did_you_mean", {"name": near[0]}) if near else None
    return UsageError(Message("update.no_pack", {"name": asked.name, "address": asked.address.shown}), hint)
