# SPDX-License-Identifier: Apache-2.0
"""A server on this machine, and the ways in which one can misbehave."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID


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
def serving(folder: Path, certificate: Path | None = None) -> Iterator[Server]:
    """Serve a folder at a free port of this machine, by https where there is a certificate with its key."""
    told = Server(address="")
    handler = partial(_Handler, server_told=told, directory=str(folder))
    with _Quiet(("127.0.0.1", 0), handler) as server:
        told.address = f"http{'s' if certificate else ''}://127.0.0.1:{server.server_address[1]}"
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield told
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def listening(answer: Callable[[socket.socket, bytes], None]) -> Iterator[str]:
    """Listen with a plain socket, for what does not speak HTTP as it should."""
    with socket.create_server(("127.0.0.1", 0)) as door:

        def serve() -> None:
            while True:
                try:
                    guest, _ = door.accept()
                except OSError:
                    return
                with guest, suppress(OSError):
                    answer(guest, guest.recv(65_536))

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


def make_certificate(folder: Path) -> Path:
    """Write a certificate for this machine that signs itself, and its key, to one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path = folder / "server.pem"
    path.write_bytes(private + made.public_bytes(Encoding.PEM))
    return path


def tunnelling(asked: list[str]) -> Callable[[socket.socket, bytes], None]:
    """Be a proxy that joins its guest to where it wants to go."""

    def answer(guest: socket.socket, first: bytes) -> None:
        _, aim, _ = first.split(b"\r\n")[0].decode().split(" ")
        asked.append(aim)
        host, _, port = aim.rpartition(":")
        with socket.create_connection((host, int(port))) as far:
            guest.sendall(b"HTTP/1.1 200 Here you are\r\n\r\n")
            back = threading.Thread(target=_pour, args=(far, guest), daemon=True)
            back.start()
            _pour(guest, far)
            back.join()

    return answer


def _pour(source: socket.socket, aim: socket.socket) -> None:
    with suppress(OSError):
        while content := source.recv(65_536):
            aim.sendall(content)
        aim.shutdown(socket.SHUT_WR)
