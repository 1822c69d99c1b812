# SPDX-License-Identifier: Apache-2.0
"""borderready.lock: the rule base that a shop has agreed on, by name, version, digest and keys."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from borderready.model import Message, PackId
from borderready.read.pack_manifest import parse_json, refusal

LOCK = "borderready.lock"
_FORM = "lock/1"
_KEYS = {"keys", "name", "sha256", "version"}


def write_lock(packs: tuple[PackId, ...]) -> str:
    """Return the lock of these packs, in the order of their names."""
    entries = [
        {"keys": _keys(pack), "name": pack.name, "sha256": pack.sha256, "version": pack.version}
        for pack in sorted(packs, key=lambda pack: pack.name)
    ]
    return json.dumps({"borderready": _FORM, "packs": entries}, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def read_lock(content: bytes, *, file: str) -> tuple[PackId, ...]:
    """Return the packs that a lock names; raises RuleBaseError for what has not its form."""
    data = parse_json(content, file=file, part=LOCK)
    entries = data.get("packs") if isinstance(data, dict) and data.get("borderready") == _FORM else None
    if not isinstance(entries, list) or not entries:
        raise refusal(file, "packs.malformed", {"part": LOCK, "reason": "packs"})
    packs = []
    for entry in entries:
        if not isinstance(entry, dict) or set(entry) != _KEYS or not _is_sound(entry):
            raise refusal(file, "packs.malformed", {"part": LOCK, "reason": f"{entry!r:.80}"})
        signed_by = ", ".join(entry["keys"]) or None
        packs.append(PackId(name=entry["name"], version=entry["version"], sha256=entry["sha256"], signed_by=signed_by))
    return tuple(packs)


def _is_sound(entry: dict[str, object]) -> bool:
    keys, version, digest = entry["keys"], entry["version"], entry["sha256"]
    if not isinstance(keys, list) or not all(isinstance(key, str) for key in keys):
        return False
    if not isinstance(version, str) or not isinstance(digest, str) or not isinstance(entry["name"], str):
        return False
    return re.fullmatch("[0-9a-f]{64}", digest) is not None


def differences(locked: tuple[PackId, ...], loaded: tuple[PackId, ...]) -> Iterator[Message]:
    """Yield what of the packs that were loaded is not as the lock says."""
    known = {pack.name: pack for pack in locked}
    for pack in loaded:
        own = known.pop(pack.name, None)
        args = {"name": pack.name, "version": pack.version}
        if own is None:
            yield Message("packs.lock_other", args)
        elif own.version != pack.version:
            yield Message("packs.lock_version", {**args, "locked": own.version})
        elif own.sha256 != pack.sha256:
            yield Message("packs.lock_digest", {**args, "found": pack.sha256, "locked": own.sha256})
        elif own.signed_by != pack.signed_by:
            locked_keys, keys = own.signed_by or "-", pack.signed_by or "-"
            yield Message("packs.lock_keys", {**args, "found": keys, "locked": locked_keys})
    for name, pack in sorted(known.items()):
        yield Message("packs.lock_lacking", {"name": name, "version": pack.version})


def _keys(pack: PackId) -> list[str]:
    return pack.signed_by.split(", ") if pack.signed_by is not None else []
