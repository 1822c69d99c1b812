# SPDX-License-Identifier: Apache-2.0
"""Makes and renews a repository: root and targets with keys kept offline, snapshot and timestamp with keys of a server.

Everything is put together and signed in memory first. What is then written follows an order in which a mirror that
copies in the middle sees the old state or the new one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import Metadata, MetaFile, Role, Root, Signed, Snapshot, T, TargetFile, Targets, Timestamp

from borderready.errors import UsageError
from borderready.model import Message
from borderready.update.archive import read_facts
from borderready.update.files import alone_in, told
from borderready.update.keys import make_signer, write_key
from borderready.update.offer import Pack, make_pack
from borderready.update.repository import DAYS_FIELD, TARGETS, State, file_of, is_repository, read_state, write_state
from borderready.update.role import ROLES

DAYS: Mapping[str, int] = {"root": 365, "targets": 90, "snapshot": 14, "timestamp": 7}
COUNTS: Mapping[str, tuple[int, int]] = {"root": (2, 3), "targets": (1, 1), "snapshot": (1, 1), "timestamp": (1, 1)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is to be done.

    Attributes:
        is_new: Begin a repository.
        zips: Built packs to publish.
        withdraw: Names and versions to offer no longer.
        renew: Roles to sign anew with a later expiry.
        rotate: Roles that get new keys in the place of all of theirs.
        days: How long a role is good for, from now on; the role is renewed.
        counts: How many keys of how many must sign for a role that gets new keys.
    """

    is_new: bool = False
    zips: tuple[Path, ...] = ()
    withdraw: tuple[tuple[str, str], ...] = ()
    renew: frozenset[str] = frozenset()
    rotate: frozenset[str] = frozenset()
    days: Mapping[str, int] = field(default_factory=dict)
    counts: Mapping[str, tuple[int, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What was done.

    Attributes:
        added, withdrawn: Packs.
        signed: Roles that were written anew.
        versions, until: Of every role as it stands now.
        keys: Files of new private keys.
    """

    added: tuple[Pack, ...]
    withdrawn: tuple[Pack, ...]
    signed: frozenset[str]
    versions: Mapping[str, int]
    until: Mapping[str, datetime]
    keys: tuple[Path, ...]


def publish(
    folder: Path, plan: Plan, signers: Mapping[str, CryptoSigner], *, new_keys: Path, now: datetime
) -> Published:
    """Change a repository as planned.

    Args:
        folder: Of the repository.
        plan: What to do.
        signers: The keys at hand, by their ids.
        new_keys: Folder for keys that are made.
        now: From when days are counted, in UTC; parts of a second are left out.

    Raises UsageError for a plan that cannot be carried out (keys that are lacking are named by role) and RuleBaseError
    for a repository or a pack that cannot be trusted; nothing is written then.
    """
    with told(folder):
        folder.mkdir(parents=True, exist_ok=True)
    with alone_in(folder):
        if plan.is_new and is_repository(folder):
            raise UsageError(Message("repo.there", {"folder": str(folder)}), Message("repo.there_hint"))
        if not plan.is_new and not is_repository(folder):
            raise UsageError(Message("repo.none", {"folder": str(folder)}), Message("repo.none_hint"))
        before = None if plan.is_new else read_state(folder)
        work = _Work(folder, plan, before, signers, now.replace(microsecond=0))
        files = work.files()
        made = tuple(write_key(new_keys, role, signer) for role, signer in work.made)
        write_state(folder, files)
    return work.told(made)


class _Work:
    """One change, put together in memory."""

    def __init__(
        self, folder: Path, plan: Plan, before: State | None, signers: Mapping[str, CryptoSigner], now: datetime
    ) -> None:
        self.folder, self.plan, self.before, self.now = folder, plan, before, now
        self.signers = dict(signers)
        self.made: list[tuple[str, CryptoSigner]] = []
        self.zips: dict[str, bytes] = {}
        self.added: list[Pack] = []
        self.withdrawn: list[Pack] = []
        self.root = self._change_keys(before.root.signed if before is not None else None)
        self.targets = self._change_targets()
        self.snapshot = Snapshot() if before is None else before.snapshot.signed
        self.timestamp = Timestamp() if before is None else before.timestamp.signed
        self.fresh = self._find_fresh()

    def _change_keys(self, old: Root | None) -> Root:
        """Return the root, with new keys for each role that is to have some."""
        root = Root(consistent_snapshot=True) if old is None else deepcopy(old)
        rotated = frozenset(ROLES) if old is None else self.plan.rotate
        for role in sorted(set(self.plan.counts) - rotated):
            raise UsageError(Message("repo.idle_threshold", {"role": role}))
        for role in ROLES:
            if role not in rotated:
                continue
            kept = (root.roles[role].threshold, len(root.roles[role].keyids)) if old is not None else COUNTS[role]
            needed, count = self.plan.counts.get(role, kept)
            for keyid in list(root.roles[role].keyids):
                root.revoke_key(keyid, role)
            for _ in range(count):
                signer = make_signer()
                self.made.append((role, signer))
                self.signers[signer.public_key.keyid] = signer
                root.add_key(signer.public_key, role)
            root.roles[role].threshold = needed
        return root

    def _change_targets(self) -> Targets:
        """Return what is offered, with packs added and withdrawn."""
        targets = Targets() if self.before is None else deepcopy(self.before.targets.signed)
        for path in self.plan.zips:
            pack = read_facts(path)
            if path.name != pack.file:
                args = {"file": path.name, "wanted": pack.file}
                raise UsageError(Message("repo.misnamed", args))
            with told(path):
                content = path.read_bytes()
            fields = {"name": pack.name, "version": pack.version, "engine": pack.engine, "news": pack.news}
            target = TargetFile.from_data(pack.file, content, ["sha256"])
            target.unrecognized_fields["custom"] = fields
            known = targets.targets.get(pack.file)
            (place,) = target.get_prefixed_paths()
            # Withdrawn ones count, too: somebody may have them.
            if any(path.name != place for path in (self.folder / TARGETS).glob(f"*.{pack.file}")):
                raise UsageError(Message("repo.same_version", {"pack": pack.file}), Message("repo.same_version_hint"))
            if known is None:
                targets.targets[pack.file] = target
                self.zips[f"{TARGETS}/{place}"] = content
                self.added.append(pack)
        for name, version in self.plan.withdraw:
            pack = Pack(name=name, version=version)
            gone = targets.targets.pop(pack.file, None)
            if gone is None:
                raise UsageError(Message("repo.not_offered", {"pack": f"{name}@{version}"}))
            self.withdrawn.append(make_pack(gone.custom) or pack)
        return targets

    def _find_fresh(self) -> frozenset[str]:
        """Return the roles to sign anew: those asked for, and those that vouch for them."""
        if self.before is None:
            return frozenset(ROLES)
        fresh = {*self.plan.renew, *self.plan.rotate, *self.plan.days}
        if self.plan.rotate:
            fresh.add("root")
        if self.added or self.withdrawn:
            fresh.add("targets")
        for below, above in (("targets", "snapshot"), ("snapshot", "timestamp")):
            if below in fresh:
                fresh.add(above)
        return frozenset(fresh)

    def files(self) -> Mapping[str, bytes]:
        """Return all that is to be written, in the order in which it is."""
        groups = {"zips": self.zips}
        targets = self._sign(self.targets, groups)
        if targets is not None:
            self.snapshot.meta = {"targets.json": MetaFile.from_data(self.targets.version, targets, ["sha256"])}
        snapshot = self._sign(self.snapshot, groups)
        if snapshot is not None:
            self.timestamp.snapshot_meta = MetaFile.from_data(self.snapshot.version, snapshot, ["sha256"])
        self._sign(self.timestamp, groups)
        self._sign(self.root, groups)
        return {place: content for name in self._order() for place, content in groups.get(name, {}).items()}

    def _order(self) -> tuple[str, ...]:
        """Return what is written after what.

        Where keys of a role change, its old keys sign once more beside the new ones, and the new root comes last: with
        either root all holds. Only where the old keys are lost is there a moment in which nothing does.
        """
        last = ("root", "timestamp") if self.before is None else ("timestamp", "root")
        return ("zips", "targets", "snapshot", *last)

    def _has_enough(self, role: Role) -> bool:
        return sum(keyid in self.signers for keyid in role.keyids) >= role.threshold

    def _sign(self, signed: T, groups: dict[str, dict[str, bytes]]) -> bytes | None:
        """Return the next version of a role, signed by every key at hand that may; None where it stays as it is."""
        name = signed.type
        if name not in self.fresh:
            return None
        days = self.plan.days.get(name) or signed.unrecognized_fields.get(DAYS_FIELD) or DAYS[name]
        signed.unrecognized_fields[DAYS_FIELD] = days
        signed.expires = self.now + timedelta(days=days)
        judges = [self.root]
        if self.before is not None:
            signed.version += 1
            judges.append(self.before.root.signed)
        self._judge_keys(name, judges if name == "root" else judges[:1])
        metadata = Metadata[T](signed)
        for keyid in sorted({keyid for judge in judges for keyid in judge.roles[name].keyids} & set(self.signers)):
            metadata.sign(self.signers[keyid], append=True)
        content = metadata.to_bytes()
        groups[name] = {file_of(name, signed.version): content}
        return content

    def _judge_keys(self, name: str, judges: Iterable[Root]) -> None:
        """Raise UsageError where too few keys are at hand: a new root is signed by the keys before it, too."""
        for judge in judges:
            role = judge.roles[name]
            if not self._has_enough(role):
                have = sum(keyid in self.signers for keyid in role.keyids)
                args = {"role": name, "needed": str(role.threshold), "have": str(have)}
                raise UsageError(Message("repo.lacks_keys", args), Message("repo.lacks_keys_hint"))

    def told(self, keys: tuple[Path, ...]) -> Published:
        """Return what was done."""
        all_roles: Mapping[str, Signed] = {
            "root": self.root,
            "targets": self.targets,
            "snapshot": self.snapshot,
            "timestamp": self.timestamp,
        }
        return Published(
            added=tuple(self.added),
            withdrawn=tuple(self.withdrawn),
            signed=self.fresh,
            versions={name: signed.version for name, signed in all_roles.items()},
            until={name: signed.expires for name, signed in all_roles.items()},
            keys=keys,
        )
