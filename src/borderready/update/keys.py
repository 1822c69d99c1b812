# SPDX-License-Identifier: Apache-2.0
"""Private keys of those who publish: Ed25519, one file each, readable to their owner alone."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from securesystemslib.signer import CryptoSigner, SSlibKey

from borderready.errors import UsageError
from borderready.model import Message
from borderready.update.files import told

_OTHERS = 0o077
_LARGEST_BYTES = 10_000


def read_keys(folders: Iterable[Path]) -> Mapping[str, CryptoSigner]:
    """Return the signers of all keys in some folders by the id of the key.

    Raises UsageError for a folder that is not there, a file that others may read, and one that holds no such key.
    """
    signers: dict[str, CryptoSigner] = {}
    for folder in folders:
        if not folder.is_dir():
            raise UsageError(Message("repo.no_keys", {"folder": str(folder)}), Message("repo.no_keys_hint"))
        for path in sorted(folder.glob("*.pem")):
            signer = _read_key(path)
            signers[signer.public_key.keyid] = signer
    return signers


def _read_key(path: Path) -> CryptoSigner:
    with told(path), path.open("rb") as stream:
        if sys.platform != "win32" and os.fstat(stream.fileno()).st_mode & _OTHERS:
            raise UsageError(Message("repo.open_key", {"file": str(path)}), Message("repo.open_key_hint"))
        content = stream.read(_LARGEST_BYTES)
    try:
        key = load_pem_private_key(content, None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise UsageError(Message("repo.bad_key", {"file": str(path)})) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise UsageError(Message("repo.bad_key", {"file": str(path)}))
    return _signer_of(key)


def _signer_of(key: Ed25519PrivateKey) -> CryptoSigner:
    return CryptoSigner(key, SSlibKey.from_crypto(key.public_key()))


def make_signer() -> CryptoSigner:
    """Return a new key, which is nowhere yet."""
    return _signer_of(Ed25519PrivateKey.generate())


def name_of(role: str, signer: CryptoSigner) -> str:
    """Return the name of the file for a key: `root-1a2b3c4d.pem`."""
    return f"{role}-{signer.public_key.keyid[:8]}.pem"


def write_key(folder: Path, role: str, signer: CryptoSigner) -> Path:
    """Write a key to a file of its own, for its owner alone; raises UsageError where that cannot be done."""
    path = folder / name_of(role, signer)
    with told(path):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        # Never there under wider rights, not even for a moment, and never in the place of another.
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as stream:
            stream.write(signer.private_bytes)
            stream.flush()
            os.fsync(stream.fileno())
    return path


def keep_apart(keys: Iterable[Path], repository: Path) -> None:
    """Raise UsageError where a folder of keys lies in the repository, which everybody may read."""
    published = repository.resolve()
    for folder in keys:
        if folder.resolve().is_relative_to(published):
            args = {"keys": str(folder), "repository": str(repository)}
            raise UsageError(Message("repo.keys_inside", args), Message("repo.keys_inside_hint"))
