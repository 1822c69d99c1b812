# SPDX-License-Identifier: Apache-2.0
"""Keys, and signatures of built packs; what is signed stands in read/pack_trust.py."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from borderready.errors import UsageError
from borderready.model import Message
from borderready.read.pack_manifest import MANIFEST, SIGNATURES, parse_manifest
from borderready.read.pack_trust import SCHEME, Signature, payload_of, read_signatures, write_signatures


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyPair:
    """A new key: the private half as PEM (PKCS 8, not encrypted), the public half as a configuration names it."""

    private: bytes
    public: str


def make_key() -> KeyPair:
    """Return a new key."""
    key = Ed25519PrivateKey.generate()
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return KeyPair(private=private, public=_public_of(key))


def public_of(private: bytes, *, file: str) -> str:
    """Return the public half of a private key; raises UsageError for what is no such key."""
    return _public_of(_load(private, file))


def sign_files(
    contents: Mapping[str, bytes], private: bytes, *, expires: str, file: str, key_file: str
) -> dict[str, bytes]:
    """Return the files of a built pack with one more signature; that of the same key is replaced.

    Args:
        contents: The files, judged.
        private: The private key, PEM.
        expires: The last day on which the signature holds.
        file: The zip, for the sentences.
        key_file: The key, for the sentences.

    Raises:
        UsageError: For what is no private key of Ed25519.
        RuleBaseError: For seals that have not their form.
    """
    key = _load(private, key_file)
    manifest = parse_manifest(contents[MANIFEST], file=file)
    signed = key.sign(payload_of(manifest, contents[MANIFEST], expires=expires))
    own = Signature(key=_public_of(key), expires=expires, signature=signed)
    there = read_signatures(contents[SIGNATURES], file=file) if SIGNATURES in contents else ()
    others = [one for one in there if one.key != own.key]
    return {**contents, SIGNATURES: write_signatures([*others, own])}


def _load(private: bytes, file: str) -> Ed25519PrivateKey:
    try:
        key = serialization.load_pem_private_key(private, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise UsageError(Message("packs.bad_key", {"file": file}), Message("packs.bad_key_hint")) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise UsageError(Message("packs.bad_key", {"file": file}), Message("packs.bad_key_hint"))
    return key


def _public_of(key: Ed25519PrivateKey) -> str:
    return SCHEME + b64encode(key.public_key().public_bytes_raw()).decode("ascii")
