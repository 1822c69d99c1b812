# SPDX-License-Identifier: Apache-2.0
"""Why a repository is not believed: each failure of python-tuf as a sentence of its own, for one exit code."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tuf.api.exceptions import (
    BadVersionNumberError,
    DownloadError,
    DownloadHTTPError,
    DownloadLengthMismatchError,
    ExpiredMetadataError,
    LengthOrHashMismatchError,
    RepositoryError,
    SlowRetrievalError,
    UnsignedMetadataError,
)
from tuf.api.metadata import Metadata, Root, Signed
from tuf.api.serialization import DeserializationError

from borderready.errors import Fault, RuleBaseError
from borderready.model import Message
from borderready.update.fetch import TARGETS, TransportError
from borderready.update.role import ROLES, day_of

if TYPE_CHECKING:
    from tuf.ngclient._internal.trusted_metadata_set import TrustedMetadataSet


def refuse(
    error: RepositoryError | DownloadError, *, shown: str, file: str, content: bytes, trusted: TrustedMetadataSet | None
) -> RuleBaseError:
    """Return the error that tells why an update was refused.

    Args:
        error: What python-tuf raised.
        shown: The address.
        file: The file that was asked for last, such as `metadata/3.snapshot.json`.
        content: That file as far as it arrived, if it is of metadata.
        trusted: What was believed until then.
    """
    what = _of_transport(error, file) if isinstance(error, DownloadError) else _of_trust(error, file, content, trusted)
    hint = Message("update.kept_hint")
    return RuleBaseError([Fault(file=shown, span=None, path="", what=what, hint=hint)])


def _of_transport(error: DownloadError, file: str) -> Message:
    if isinstance(error, TransportError):
        return error.message
    if isinstance(error, DownloadLengthMismatchError):
        return Message("update.endless", {"file": file})
    if isinstance(error, SlowRetrievalError):
        return Message("update.slow", {"file": file})
    if isinstance(error, DownloadHTTPError):
        key = "update.not_there" if error.status_code in (403, 404, 410) else "update.status"
        return Message(key, {"file": file, "status": str(error.status_code)})
    return Message("update.no_connection", {"reason": str(error)})


def _of_trust(error: RepositoryError, file: str, content: bytes, trusted: TrustedMetadataSet | None) -> Message:
    if isinstance(error, LengthOrHashMismatchError):
        return Message("update.altered" if file.startswith(TARGETS) else "update.mixed", {"file": file})
    if isinstance(error, DeserializationError):
        return Message("update.damaged", {"file": file})
    if trusted is not None:
        role = _role_of(file)
        if isinstance(error, ExpiredMetadataError):
            return _expired(trusted, role, content)
        if isinstance(error, UnsignedMetadataError):
            return _unsigned(trusted, role, file, content)
        if isinstance(error, BadVersionNumberError):
            return _rolled_back(trusted, role, file, content)
    return Message("update.untrusted", {"file": file, "reason": str(error)})


def _role_of(file: str) -> str:
    """Return the role that a file is of: `metadata/3.snapshot.json` is of `snapshot`."""
    return file.rpartition("/")[2].removesuffix(".json").rpartition(".")[2]


def _expired(trusted: TrustedMetadataSet, role: str, content: bytes) -> Message:
    """Tell the first of the roles that has expired: what hangs on it is not even looked at."""
    for name in ROLES:
        signed = trusted.get(name)
        if isinstance(signed, Signed) and signed.is_expired(trusted.reference_time):
            return Message(f"update.expired.{name}", {"day": day_of(signed.expires)})
    day = str(_signed_part(content).get("expires", "?"))[:10]
    return Message(f"update.expired.{role}" if role in ROLES else "update.expired.targets", {"day": day})


def _unsigned(trusted: TrustedMetadataSet, role: str, file: str, content: bytes) -> Message:
    """Tell wrong keys from too few: a root must satisfy the keys of the root before it and its own."""
    offered: Metadata[Root] = Metadata.from_bytes(content)
    judges = [trusted.root, offered.signed] if role == Root.type else [trusted.root]
    for judge in judges:
        result = judge.get_verification_result(role, offered.signed_bytes, offered.signatures)
        if not result:
            key = "update.few_signatures" if result.signed else "update.wrong_keys"
            args = {"file": file, "good": str(len(result.signed)), "needed": str(result.threshold)}
            return Message(key, args)
    return Message("update.wrong_keys", {"file": file})


def _rolled_back(trusted: TrustedMetadataSet, role: str, file: str, content: bytes) -> Message:
    """Tell an older version from one that is not the one announced."""
    offered = _signed_part(content)
    if role == "root":
        args = {"file": file, "seen": str(trusted.root.version), "offered": str(offered.get("version", "?"))}
        return Message("update.rollback.root", args)
    known, meta = trusted.get(role), offered.get("meta")
    if role in ("timestamp", "snapshot") and isinstance(known, Signed) and isinstance(meta, Mapping):
        below = "snapshot" if role == "timestamp" else "targets"
        before = {"timestamp": known.version, below: known.to_dict()["meta"][f"{below}.json"]["version"]}
        now = {"timestamp": offered.get("version"), below: meta.get(f"{below}.json", {}).get("version")}
        for name in ("timestamp", below) if role == "timestamp" else (below,):
            if isinstance(now[name], int) and now[name] < before[name]:
                return Message(f"update.rollback.{name}", {"seen": str(before[name]), "offered": str(now[name])})
    return Message("update.mixed", {"file": file})


def _signed_part(content: bytes) -> Mapping[str, Any]:
    """Return what metadata say, as they stand there: for sentences only, never to be believed."""
    try:
        signed = json.loads(content)["signed"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return {}
    return signed if isinstance(signed, Mapping) else {}
