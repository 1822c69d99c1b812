# SPDX-License-Identifier: Apache-2.0
"""Signatures of packs: what is signed, how it is written, and whether a pack meets what this machine asks of it.

What a key signs (Ed25519, RFC 8032) are these lines, in UTF-8, each with a line feed:

    borderready pack signature 1
    name: cn
    version: 2026.12.0
    expires: 2027-11-30
    manifest: sha256:<the digest of the bytes of MANIFEST.json, in hexadecimal digits>

The first line keeps a signature from being one of anything else; MANIFEST.json holds the digest of every file. A
signature holds up to and with the day on which it expires. It stands in SIGNATURES.json, which nobody signs: one that
is taken away or added is only missing, or there.
"""

from __future__ import annotations

import json
import re
from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from borderready.read.pack_manifest import (
    MANIFEST,
    SIGNATURES,
    PackManifest,
    parse_json,
    parse_manifest,
    rank_of,
    refusal,
)
from borderready.read.version_range import is_within
from borderready.settings import PUBLIC_KEY, Trust

SCHEME = "ed25519:"
NONE_ACCEPTED: Mapping[str, str] = {}
_FORM = "pack-signatures/1"
_MAX_SIGNATURES = 64
_SIGNATURE = re.compile("[A-Za-z0-9+/]{86}==")  # 64 bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """One key's word for a pack; `expires` is the last day on which it holds."""

    key: str
    expires: str
    signature: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What this machine asks of packs.

    Attributes:
        trust: Whose signatures a pack needs, by its name.
        today: Year-month-day, for signatures that expire.
        engine: Version of the program.
    """

    trust: Mapping[str, Trust]
    today: str
    engine: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """A pack whose manifest meets the terms; its files have still to be those of the manifest.

    Attributes:
        keys: Trusted keys whose signatures hold, sorted; none where no key is asked for.
    """

    manifest: PackManifest
    keys: tuple[str, ...]


def payload_of(manifest: PackManifest, manifest_bytes: bytes, *, expires: str) -> bytes:
    """Return the bytes that a key signs."""
    lines = (
        "borderready pack signature 1",
        f"name: {manifest.name}",
        f"version: {manifest.version}",
        f"expires: {expires}",
        f"manifest: sha256:{sha256(manifest_bytes).hexdigest()}",
    )
    return "".join(f"{line}\n" for line in lines).encode("utf-8")


def write_signatures(signatures: Iterable[Signature]) -> bytes:
    """Return SIGNATURES.json, in the order of the keys."""
    entries = [
        {"expires": one.expires, "key": one.key, "signature": b64encode(one.signature).decode("ascii")}
        for one in sorted(signatures, key=lambda one: one.key)
    ]
    return (json.dumps({"borderready": _FORM, "signatures": entries}, indent=1) + "\n").encode("utf-8")


def read_signatures(content: bytes, *, file: str) -> tuple[Signature, ...]:
    """Return what SIGNATURES.json holds, none of it believed yet; raises RuleBaseError for what has not its form."""
    data = parse_json(content, file=file, part=SIGNATURES)
    entries = data.get("signatures") if isinstance(data, dict) and data.get("borderready") == _FORM else None
    if not isinstance(entries, list) or not 0 < len(entries) <= _MAX_SIGNATURES:
        raise refusal(file, "packs.malformed", {"part": SIGNATURES, "reason": "signatures"})
    signatures = tuple(_signature(entry, file) for entry in entries)
    if len({one.key for one in signatures}) < len(signatures):
        raise refusal(file, "packs.malformed", {"part": SIGNATURES, "reason": "a key signs twice"})
    return signatures


def _signature(entry: Any, file: str) -> Signature:
    if isinstance(entry, dict) and set(entry) == {"expires", "key", "signature"}:
        key, expires, signature = entry["key"], entry["expires"], entry["signature"]
        if isinstance(key, str) and isinstance(expires, str) and isinstance(signature, str):
            is_formed = PUBLIC_KEY.fullmatch(key) is not None and _SIGNATURE.fullmatch(signature) is not None
            if is_formed and _is_day(expires):
                return Signature(key=key, expires=expires, signature=b64decode(signature))
    raise refusal(file, "packs.malformed", {"part": SIGNATURES, "reason": f"{entry!r:.80}"})


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def judge_seals(
    seals: Mapping[str, bytes],
    terms: Terms,
    *,
    file: str,
    named: tuple[str, str] | None = None,
    accepted: Mapping[str, str] = NONE_ACCEPTED,
) -> Sealed:
    """Return what a built pack says of itself once its seals meet the terms.

    Args:
        seals: MANIFEST.json, and SIGNATURES.json where there is one.
        terms: What is asked.
        file: The pack, for the sentences.
        named: Name and version under which it was asked for, where there are such.
        accepted: For each name the highest version that this machine has accepted; a lower one is refused where a key
            is asked for.

    Raises:
        RuleBaseError: With the reason: no manifest, another name, another program, signatures, an old version.
    """
    if MANIFEST not in seals:
        raise refusal(file, "packs.no_manifest", hint="packs.no_manifest_hint")
    manifest = parse_manifest(seals[MANIFEST], file=file)
    args = {"name": manifest.name, "version": manifest.version}
    if named is not None and named != (manifest.name, manifest.version):
        asked = {"asked": named[0], "asked_version": named[1]}
        raise refusal(file, "packs.wrong_name", {**args, **asked}, "packs.wrong_name_hint")
    if manifest.engine is not None and not is_within(terms.engine, manifest.engine):
        raise refusal(file, "packs.engine", {**args, "engine": terms.engine, "range": manifest.engine})
    trust = terms.trust.get(manifest.name)
    if trust is None:
        return Sealed(manifest=manifest, keys=())
    keys = _judge_signatures(manifest, seals, trust, terms.today, file=file)
    highest = accepted.get(manifest.name)
    if highest is not None and rank_of(manifest.version) < rank_of(highest):
        raise refusal(file, "packs.rollback", {**args, "highest": highest}, "packs.rollback_hint")
    return Sealed(manifest=manifest, keys=keys)


def _judge_signatures(
    manifest: PackManifest, seals: Mapping[str, bytes], trust: Trust, today: str, *, file: str
) -> tuple[str, ...]:
    """Return the trusted keys whose signatures hold, as many as are asked for; raises RuleBaseError with the reason."""
    args = {"name": manifest.name, "version": manifest.version, "threshold": str(trust.threshold)}
    if SIGNATURES not in seals:
        raise refusal(file, "packs.unsigned", args, "packs.unsigned_hint")
    good, bad, late = [], [], []
    signatures = read_signatures(seals[SIGNATURES], file=file)
    ours = [one for one in signatures if one.key in trust.keys]
    for one in ours:
        if not is_signed(one, manifest, seals[MANIFEST]):
            bad.append(one)
        elif one.expires < today:
            late.append(one)
        else:
            good.append(one.key)
    if len(good) >= trust.threshold:
        return tuple(sorted(good))
    if not ours:
        raise refusal(file, "packs.foreign", {**args, "keys": ", ".join(one.key for one in signatures)})
    if bad:
        raise refusal(file, "packs.forged", {**args, "keys": ", ".join(one.key for one in bad)}, "packs.forged_hint")
    if late:
        days = ", ".join(sorted({one.expires for one in late}))
        raise refusal(file, "packs.expired", {**args, "days": days}, "packs.expired_hint")
    raise refusal(file, "packs.too_few", {**args, "count": str(len(good))})


def is_signed(one: Signature, manifest: PackManifest, manifest_bytes: bytes) -> bool:
    """Tell whether a signature is that of its key over this manifest; whether it has expired does not count."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        key = Ed25519PublicKey.from_public_bytes(b64decode(one.key.removeprefix(SCHEME)))
        key.verify(one.signature, payload_of(manifest, manifest_bytes, expires=one.expires))
    except (InvalidSignature, ValueError):
        return False
    return True
