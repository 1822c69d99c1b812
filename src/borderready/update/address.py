# SPDX-License-Identifier: Apache-2.0
"""Where a repository stands: a folder, or a server by http or https. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import SplitResult, quote, unquote, urlsplit

from borderready.errors import UsageError
from borderready.model import Message

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")  # two letters or more: a single one is a drive
_PLAIN = "/%:@!$&'()*+,;=~"  # of a path, beside letters and digits
_UNSAFE = re.compile(r"[\x00-\x20\x7f\\]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where to look.

    Attributes:
        shown: As it is told to the user.
        folder: The folder, None for a server.
        host, port: Of a server.
        is_secure: By https.
        path: Before `/metadata` and `/targets`, without a slash at its end.
    """

    shown: str
    folder: str | None = None
    host: str = ""
    port: int | None = None
    is_secure: bool = False
    path: str = ""

    def key_of(self, place: str) -> str:
        """Return the name under which what is known of the repository is kept; `place` is the folder made absolute."""
        plain = place if self.folder is not None else f"{self.is_secure:d}//{self.host}:{self.port}{self.path}"
        word = re.sub(r"[^a-z0-9.]+", "-", (self.host or place.rpartition("/")[2]).lower()).strip("-.")[:40]
        return f"{word or 'folder'}-{sha256(plain.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}"


def read_address(text: str) -> Address:
    """Return an address as it was written; raises UsageError for one that is neither a folder nor http(s)."""
    if not _SCHEME.match(text):
        return Address(shown=text, folder=text)
    parts, port = _split(text)
    if parts.scheme == "file" and parts.netloc in ("", "localhost") and parts.path.startswith("/"):
        return Address(shown=text, folder=unquote(parts.path))
    is_plain = not parts.username and not parts.password and not parts.query and not parts.fragment
    if parts.scheme not in ("http", "https") or not parts.hostname or not is_plain or _UNSAFE.search(text):
        raise UsageError(Message("update.bad_address", {"address": text}), Message("update.bad_address_hint"))
    is_secure = parts.scheme == "https"
    return Address(
        shown=text,
        host=parts.hostname,
        port=port or (443 if is_secure else 80),
        is_secure=is_secure,
        path=quote(parts.path.rstrip("/"), safe=_PLAIN),
    )


def read_proxy(text: str) -> Address:
    """Return the address of a proxy; raises UsageError for one that is not `http://HOST:PORT`."""
    address = read_address(text)
    if address.folder is not None or address.is_secure or address.path:
        raise UsageError(Message("update.bad_proxy", {"proxy": text}))
    return address


def _split(text: str) -> tuple[SplitResult, int | None]:
    try:
        parts = urlsplit(text)
        return parts, parts.port
    except ValueError as error:
        raise UsageError(
            Message("update.bad_address", {"address": text}), Message("update.bad_address_hint")
        ) from error
