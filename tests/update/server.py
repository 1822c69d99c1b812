# SPDX-License-Identifier: Apache-2.0
"""A server on this machine, and the ways in which one can misbehave."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any


@dataclass(slots=True)
class Server:
    """A folder, served; `acts` replaces the answer for paths that end in a word.

    Attributes:
        asked: Every path that was asked for.
    """

    address: str
    acts: dict[str, Callable[[_Handler], None]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)


class _Handler(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def __init__(self, *args: Any, server_told: Server, **kwargs: Any) -> None:
        self.told = server_told
        super().__init__(*args, **kwargs)

    def do_GET(self) -> None:
        self.told.asked.append(self.path)
        for end, act in self.told.acts.items():
            if self.path.endswith(end):
                act(self)
                self.close_connection = True
                return
        super().do_GET()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class _Quiet(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that leaves in the middle is what these tests are about."""


@contextmanager
def serving(folder: Path) -> Iterator[Server]:
    """Serve a folder at a free port of this machine."""
    told = Server(address="")
    handler = partial(_Handler, server_told=told, directory=str(folder))
    with _Quiet(("127.0.0.1", 0), handler) as server:
        told.address = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield told
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def listening(answer: Callable[[socket.socket], None]) -> Iterator[str]:
    """Listen with a plain socket, for what does not speak HTTP as it should."""
    with socket.create_server(("127.0.0.1", 0)) as door:

        def serve() -> None:
            while True:
                try:
                    guest, _ = door.accept()
                except OSError:
                    return
                with guest:
                    guest.recv(65_536)
                    with suppress(OSError):
                        answer(guest)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{door.getsockname()[1]}"
        finally:
            door.shutdown(socket.SHUT_RDWR)


def endless(handler: _Handler) -> None:
    """Send without end, and without saying how much."""
    handler.send_response(200)
    handler.send_header("Connection", "close")
    handler.end_headers()
    while True:
        handler.wfile.write(b" " * 65_536)


def vanishing(handler: _Handler) -> None:
    """Promise the whole file, send half of it, and leave."""
    content = Path(handler.translate_path(handler.path)).read_bytes()
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(content)))
    handler.end_headers()
    handler.wfile.write(content[: len(content) // 2])


def cutting(handler: _Handler) -> None:
    """Send half of a file as if that were all."""
    content = Path(handler.translate_path(handler.path)).read_bytes()
    half = content[: len(content) // 2]
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(half)))
    handler.end_headers()
    handler.wfile.write(half)


def failing(status: int, **headers: str) -> Callable[[_Handler], None]:
    """Answer with a status and no content."""

    def answer(handler: _Handler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return answer
