# SPDX-License-Identifier: Apache-2.0
"""A pipe between two processes that sends a thing in full once, and then, for a while, only says that it is the same.

Answers of a run are made of the very same texts and names over and over. A pickler knows what it has sent by its
identity, and the unpickler at the other end what it has received, in the same order; both forget at the same point.
"""

from __future__ import annotations

import pickle
from io import BytesIO
from multiprocessing.connection import Connection
from typing import Any

FORGET_AFTER_BYTES = 4 * 1024 * 1024  # that were sent; all of it is held at both ends until then


class Sender:
    """The end that sends."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._buffer = BytesIO()
        self._pickler = pickle.Pickler(self._buffer, pickle.HIGHEST_PROTOCOL)
        self._sent_bytes = 0

    def send(self, thing: object) -> None:
        """Send a thing; raises OSError where nobody is there to receive it."""
        if self._sent_bytes > FORGET_AFTER_BYTES:
            self._pickler.clear_memo()
            self._sent_bytes = 0
        self._buffer.seek(0)
        self._buffer.truncate()
        self._pickler.dump(thing)
        with self._buffer.getbuffer() as written:
            self._sent_bytes += len(written)
            self._connection.send_bytes(written)


class Receiver:
    """The end that receives."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._buffer = BytesIO()
        self._unpickler = pickle.Unpickler(self._buffer)  # noqa: S301  from a process of our own
        self._received_bytes = 0

    def receive(self) -> Any:
        """Return the next thing that was sent; raises EOFError or OSError where nothing more comes."""
        if self._received_bytes > FORGET_AFTER_BYTES:
            self._unpickler = pickle.Unpickler(self._buffer)  # noqa: S301  as above
            self._received_bytes = 0
        written = self._connection.recv_bytes()
        self._received_bytes += len(written)
        self._buffer.seek(0)
        self._buffer.truncate()
        self._buffer.write(written)
        self._buffer.seek(0)
        return self._unpickler.load()
