# SPDX-License-Identifier: Apache-2.0
"""Files of a repository, from a folder or a server: the only place in the program where a socket is opened.

No redirect is followed, no proxy is used unless it is named, and nothing that arrives is believed here: python-tuf
judges it. What is held here is that no server can keep us: silence, dripping and endless data all end.
"""

from __future__ import annotations

import http.client
import io
import os
import socket
import ssl
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, Any

from tuf.api.exceptions import DownloadError, DownloadHTTPError, SlowRetrievalError
from tuf.ngclient import FetcherInterface

from borderready.model import Message
from borderready.update.address import Address

METADATA = "metadata/"
TARGETS = "targets/"
_CHUNK_BYTES = 1 << 16
_NOT_FOUND = 404


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How long and how large a download may be.

    Attributes:
        silent_seconds: Without one byte, for connecting, too.
        grace_seconds: Before the pace is judged.
        least_pace: Bytes a second, from the first second on.
        whole_seconds: For one file.
        metadata_bytes, pack_bytes: For one file, whatever the metadata allow.
    """

    silent_seconds: float = 20
    grace_seconds: float = 20
    least_pace: int = 1_000
    whole_seconds: float = 1_800
    metadata_bytes: int = 5_000_000
    pack_bytes: int = 128 * 1024 * 1024


LIMITS = Limits()
Clock = Callable[[], float]


class TransportError(DownloadError):
    """A download that failed, with the sentence that says why."""

    def __init__(self, message: Message) -> None:
        self.message = message
        super().__init__(message.key)


class _Fetcher(FetcherInterface):
    """What folder and server share: our own limits on length, and a memory of the last file."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        # What a refusal is about: the file that was asked for last, and what arrived of it, where it is of metadata.
        self.last, self.content = "", b""

    @contextmanager
    def download_file(self, url: str, max_length: int) -> Iterator[IO[Any]]:
        """Give a file; no length that metadata name is allowed beyond our own limit."""
        self.last, self.content = url, b""
        own = self.limits.pack_bytes if url.startswith(TARGETS) else self.limits.metadata_bytes
        with super().download_file(url, min(max_length, own)) as stream:
            yield stream

    def download_bytes(self, url: str, max_length: int) -> bytes:
        """Return a file of metadata."""
        self.content = super().download_bytes(url, max_length)
        return self.content


class FolderFetcher(_Fetcher):
    """Files of a mirror folder."""

    def __init__(self, folder: Path, limits: Limits) -> None:
        super().__init__(limits)
        self.folder = folder

    def _fetch(self, url: str) -> Iterator[bytes]:
        path = self.folder / url
        try:
            # A pipe would keep us waiting for ever, and a device would never end.
            handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
            with os.fdopen(handle, "rb") as stream:
                if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
                    raise TransportError(Message("update.not_a_file", {"file": url}))
                while chunk := stream.read(_CHUNK_BYTES):
                    yield chunk
        except (FileNotFoundError, NotADirectoryError) as error:
            raise DownloadHTTPError(url, _NOT_FOUND) from error
        except OSError as error:
            args = {"file": url, "reason": error.strerror or str(error)}
            raise TransportError(Message("update.unreadable", args)) from error


class ServerFetcher(_Fetcher):
    """Files of a server, each by a connection of its own."""

    def __init__(self, address: Address, limits: Limits, *, proxy: Address | None, clock: Clock) -> None:
        super().__init__(limits)
        self.address, self.proxy, self.clock = address, proxy, clock

    def _fetch(self, url: str) -> Iterator[bytes]:
        pace = _Pace(self.limits, self.clock)
        connection = self._make_connection()
        connection.response_class = partial(_PacedResponse, pace=pace)  # type: ignore[assignment]  # called, never looked at
        is_met = False
        try:
            connection.connect()
            is_met = True
            yield from self._read(connection, url)
        except ssl.SSLCertVerificationError as error:
            raise TransportError(Message("update.certificate", {"reason": error.verify_message})) from error
        except (OSError, UnicodeError, http.client.IncompleteRead) as error:
            if is_met and isinstance(error, TimeoutError):
                raise SlowRetrievalError(url) from error
            if is_met:
                raise TransportError(Message("update.vanished", {"file": url})) from error
            reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
            raise TransportError(Message("update.no_connection", {"reason": reason})) from error
        except http.client.HTTPException as error:
            raise TransportError(Message("update.not_http", {"reason": type(error).__name__})) from error
        finally:
            connection.close()

    def _make_connection(self) -> http.client.HTTPConnection:
        address, seconds = self.address, self.limits.silent_seconds
        door = self.proxy or address
        if not address.is_secure:
            return http.client.HTTPConnection(door.host, door.port, timeout=seconds)
        context = ssl.create_default_context()
        connection = http.client.HTTPSConnection(door.host, door.port, timeout=seconds, context=context)
        if self.proxy is not None:
            connection.set_tunnel(address.host, address.port)
        return connection

    def _read(self, connection: http.client.HTTPConnection, url: str) -> Iterator[bytes]:
        address = self.address
        aim = f"{address.path}/{url}"
        if self.proxy is not None and not address.is_secure:
            host = f"[{address.host}]" if ":" in address.host else address.host
            aim = f"http://{host}:{address.port}{aim}"
        connection.request("GET", aim, headers={"User-Agent": "borderready", "Connection": "close"})
        response = connection.getresponse()
        if 300 <= response.status < 400:
            raise TransportError(Message("update.redirected", {"file": url}))
        if response.status != http.client.OK:
            raise DownloadHTTPError(url, response.status)
        while chunk := response.read1(_CHUNK_BYTES):
            yield chunk
        if response.length:  # the length was promised, and is not reached
            raise TransportError(Message("update.vanished", {"file": url}))


class _Pace:
    """How fast one file arrives."""

    def __init__(self, limits: Limits, clock: Clock) -> None:
        self.limits, self.clock = limits, clock
        self.start, self.received = clock(), 0

    def wait_seconds(self) -> float:
        """Return how long the next byte may be waited for; raises SlowRetrievalError where it is too late already."""
        spent = self.clock() - self.start
        is_slow = spent > self.limits.grace_seconds and self.received < spent * self.limits.least_pace
        left = self.limits.whole_seconds - spent
        if is_slow or left <= 0:
            raise SlowRetrievalError
        return min(left, self.limits.silent_seconds)


class _PacedSocket(io.RawIOBase):
    """The receiving end of a socket: heads, lengths of chunks and contents all come through here."""

    def __init__(self, raw: io.RawIOBase, sock: socket.socket, pace: _Pace) -> None:
        self.raw, self.sock, self.pace = raw, sock, pace

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self.sock.settimeout(self.pace.wait_seconds())
        count: int | None = self.raw.readinto(buffer)
        self.pace.received += count or 0
        return count

    def close(self) -> None:
        self.raw.close()
        super().close()


class _PacedResponse(http.client.HTTPResponse):
    """An answer whose pace is judged at every byte, from the first of its head on."""

    def __init__(self, sock: socket.socket, *args: Any, pace: _Pace, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        raw = self.fp.detach()
        self.fp = io.BufferedReader(_PacedSocket(raw, sock, pace))


def make_fetcher(
    address: Address, limits: Limits, *, proxy: Address | None, clock: Clock = time.monotonic
) -> FolderFetcher | ServerFetcher:
    """Return what fetches from an address."""
    if address.folder is not None:
        return FolderFetcher(Path(address.folder), limits)
    return ServerFetcher(address, limits, proxy=proxy, clock=clock)
