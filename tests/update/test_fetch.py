# SPDX-License-Identifier: Apache-2.0
"""Servers and folders that misbehave: none can keep us, fill the disk, or send us elsewhere."""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from tuf.api.exceptions import DownloadError, SlowRetrievalError

from borderready.update.address import read_address
from borderready.update.fetch import LIMITS, Limits, make_fetcher
from tests.update.build import Shop, User, copy_of, make_user, one_line, told
from tests.update.server import (
    Server,
    cutting,
    endless,
    failing,
    listening,
    make_certificate,
    serving,
    tunnelling,
    vanishing,
)

FIRST, SECOND = "2027.1.0", "2027.2.0"


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    shop = Shop(tmp_path / "shop")
    shop.home.mkdir()
    shop.begin(shop.zip(FIRST))
    return shop


@pytest.fixture
def server(shop: Shop) -> Iterator[Server]:
    with serving(shop.repository) as server:
        yield server


@pytest.fixture
def user(shop: Shop, server: Server, tmp_path: Path) -> User:
    """Somebody who has the first version, with a second one to be had."""
    user = make_user(tmp_path / "user", server.address)
    assert user.update("--root", str(shop.root)).code == 0
    shop.publish(shop.zip(SECOND, ballast=bytes(100_000)))
    return user


def refused(user: User, sentence: str, *arguments: str, address: str | None = None) -> None:
    before = user.store()
    ran = user.update(*arguments, address=address)
    assert (ran.code, ran.out) == (5, "")
    assert sentence in one_line(ran)
    assert (user.store(), user.in_use()) == (before, FIRST)


def test_server_that_sends_metadata_without_end(user: User, server: Server) -> None:
    server.acts["timestamp.json"] = endless
    refused(user, told("update.endless", file="metadata/timestamp.json"))


def test_server_that_sends_a_pack_without_end(user: User, shop: Shop, server: Server) -> None:
    server.acts[".zip"] = endless
    refused(user, told("update.endless", file=f"targets/{shop.target(f'cn-{SECOND}').name}"))


@pytest.mark.parametrize("end", ["timestamp.json", "2.snapshot.json", "2.targets.json", ".zip"])
def test_server_that_leaves_in_the_middle(end: str, user: User, server: Server) -> None:
    server.acts[end] = vanishing
    refused(user, "broke off: the server left in the middle")
    server.acts.clear()
    assert user.update().code == 0
    assert user.in_use() == SECOND


def test_server_that_cuts_a_pack_off_and_says_that_it_is_whole(user: User, shop: Shop, server: Server) -> None:
    server.acts[".zip"] = cutting
    refused(user, told("update.altered", file=f"targets/{shop.target(f'cn-{SECOND}').name}"))


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirect_is_not_followed(status: int, user: User, server: Server) -> None:
    with serving(user.home) as elsewhere:
        server.acts["timestamp.json"] = failing(status, Location=f"{elsewhere.address}/timestamp.json")
        refused(user, told("update.redirected", file="metadata/timestamp.json"))
        assert elsewhere.asked == []


@pytest.mark.parametrize("status", [401, 429, 500, 503])
def test_server_in_trouble(status: int, user: User, server: Server) -> None:
    """Not even where the next root is asked for, of which nothing but a clear no means that there is none."""
    server.acts[".root.json"] = failing(status)
    refused(user, told("update.status", file="metadata/2.root.json", status=str(status)))


def test_server_that_is_not_there(user: User) -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
    ran = user.update(
        "--root", str(user.home.parent / "shop/repository/metadata/1.root.json"), address=f"http://127.0.0.1:{port}"
    )
    assert ran.code == 5
    assert "the server cannot be reached" in one_line(ran)


@pytest.mark.parametrize("host", ["a..b", f"{'a' * 70}.invalid"])
def test_host_that_is_none(host: str, user: User, shop: Shop) -> None:
    ran = user.update("--root", str(shop.root), address=f"http://{host}:9")
    assert ran.code == 5
    assert "the server cannot be reached" in one_line(ran)


def test_path_in_any_letters(user: User, shop: Shop, tmp_path: Path) -> None:
    copy_of(shop.repository, tmp_path / "web" / "quả sầu riêng")
    with serving(tmp_path / "web") as server:
        ran = user.update("--root", str(shop.root), address=f"{server.address}/quả%20sầu%20riêng")
    assert (ran.code, user.in_use()) == (0, SECOND), ran.err


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (b"SSH-2.0-OpenSSH_9.9\r\n", told("update.not_http", reason="BadStatusLine")),
        (b"", told("update.vanished", file="metadata/2.root.json")),
        (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
            told("update.vanished", file="metadata/2.root.json"),
        ),
        (b"HTTP/1.1 200 OK\r\nX: " + b"x" * 70_000, told("update.not_http", reason="LineTooLong")),
        (b"HTTP/1.1 200 OK\r\n" + b"X: x\r\n" * 200, told("update.not_http", reason="HTTPException")),
    ],
    ids=["ssh", "silence", "bad chunk", "long line", "many heads"],
)
def test_what_does_not_speak_as_it_should(answer: bytes, sentence: str, user: User, shop: Shop) -> None:
    with listening(lambda guest, _: guest.sendall(answer)) as address:
        ran = user.update("--root", str(shop.root), address=address)
    assert ran.code == 5
    assert sentence in one_line(ran)


# Time: the clock of a download is an argument, so that no test waits


@contextmanager
def dripping(first: bytes, drop: bytes) -> Iterator[str]:
    """Send a drop at a time for as long as somebody listens."""

    def answer(guest: socket.socket, _: bytes) -> None:
        guest.sendall(first)
        while True:
            guest.sendall(drop)
            time.sleep(0.001)

    with listening(answer) as address:
        yield address


def clock_of(seconds: float) -> Callable[[], float]:
    """Return a clock that goes on by so many seconds at each look."""
    now = 0.0

    def look() -> float:
        nonlocal now
        now += seconds
        return now

    return look


def fetch(address: str, *, clock: Callable[[], float], limits: Limits = LIMITS) -> bytes:
    fetcher = make_fetcher(read_address(address), limits, proxy=None, clock=clock)
    return fetcher.download_bytes("metadata/timestamp.json", 16_384)


@pytest.mark.parametrize(
    ("first", "drop"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 16000\r\n\r\n", b"x"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
        (b"HTTP/1.1 200 OK\r\nX: ", b"x"),
        (b"", b"H"),
    ],
    ids=["content", "chunks", "head", "status"],
)
def test_server_that_drips(first: bytes, drop: bytes) -> None:
    """Each drop comes in time, so that only the pace gives it away: here a second passes at each look."""
    with dripping(first, drop) as address, pytest.raises(SlowRetrievalError):
        fetch(address, clock=clock_of(1), limits=Limits(whole_seconds=10**9))


def test_server_that_takes_too_long_for_one_file_at_any_pace() -> None:
    limits = Limits(whole_seconds=50, grace_seconds=100)
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 16000\r\n\r\n"
    with dripping(head, b"x" * 10) as address, pytest.raises(SlowRetrievalError):
        fetch(address, clock=clock_of(1), limits=limits)


def test_server_that_falls_silent() -> None:
    left = threading.Event()

    def answer(guest: socket.socket, _: bytes) -> None:
        guest.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 16000\r\n\r\nx")
        left.wait(60)

    with listening(answer) as address:
        with pytest.raises(SlowRetrievalError):
            fetch(address, clock=time.monotonic, limits=Limits(silent_seconds=0.05))
        left.set()


def test_slowness_is_told_like_everything_else(user: User, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("borderready.update.fetch._Pace.wait_seconds", _too_late)
    refused(user, told("update.slow", file="metadata/2.root.json"))


def _too_late(_: object) -> float:
    raise SlowRetrievalError


def test_server_in_good_time_is_not_slow(user: User) -> None:
    assert user.update().code == 0
    assert user.in_use() == SECOND


# Proxies


class _Proxy(BaseHTTPRequestHandler):
    asked: list[str] = []  # noqa: RUF012  one for the one test

    def do_GET(self) -> None:
        import urllib.request

        self.asked.append(self.path)
        try:
            with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(self.path) as answer:
                status, content = 200, answer.read()
        except urllib.request.HTTPError as error:
            status, content = error.code, b""
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def test_proxy_is_used_where_it_is_named_and_nowhere_else(
    user: User, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Proxy) as proxy:
        threading.Thread(target=proxy.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        address = f"http://127.0.0.1:{proxy.server_address[1]}"
        monkeypatch.setattr(
            "tests.update.build.User.environment",
            property(
                lambda self: {"XDG_DATA_HOME": str(self.home / "data"), "http_proxy": address, "HTTP_PROXY": address}
            ),
        )
        assert user.update("--dry-run").code == 0
        assert _Proxy.asked == []
        assert user.update("--proxy", address).code == 0
        proxy.shutdown()
    assert f"{server.address}/metadata/timestamp.json" in _Proxy.asked
    assert user.in_use() == SECOND


# https


@pytest.fixture
def secure(shop: Shop, tmp_path: Path) -> Iterator[Server]:
    with serving(shop.repository, make_certificate(tmp_path)) as server:
        yield server


def test_server_whose_certificate_nobody_knows_is_refused(user: User, shop: Shop, secure: Server) -> None:
    ran = user.update("--root", str(shop.root), address=secure.address)
    assert ran.code == 5
    assert "the certificate of the server is not trusted" in one_line(ran)
    assert secure.asked == []


def test_server_by_https(user: User, shop: Shop, secure: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    trust(monkeypatch, user)
    ran = user.update("--root", str(shop.root), address=secure.address)
    assert (ran.code, user.in_use()) == (0, SECOND), ran.err
    assert "/metadata/timestamp.json" in secure.asked


def test_server_by_https_that_leaves_in_the_middle(
    user: User, shop: Shop, secure: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    trust(monkeypatch, user)
    secure.acts[".zip"] = vanishing
    refused(user, "broke off: the server left in the middle", "--root", str(shop.root), address=secure.address)


def test_proxy_cannot_look_into_what_it_carries(
    user: User, shop: Shop, secure: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    trust(monkeypatch, user)
    asked: list[str] = []
    with listening(tunnelling(asked)) as proxy:
        ran = user.update("--root", str(shop.root), "--proxy", proxy, address=secure.address)
    assert (ran.code, user.in_use()) == (0, SECOND), ran.err
    assert set(asked) == {secure.address.removeprefix("https://")}


def test_proxy_that_refuses(user: User, shop: Shop, secure: Server) -> None:
    def answer(guest: socket.socket, _: bytes) -> None:
        guest.sendall(b"HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n")

    with listening(answer) as proxy:
        ran = user.update("--root", str(shop.root), "--proxy", proxy, address=secure.address)
    assert ran.code == 5
    assert told("update.no_connection", reason="Tunnel connection failed: 403 No") in one_line(ran)


def trust(monkeypatch: pytest.MonkeyPatch, user: User) -> None:
    """Let the system of a user know the certificate."""
    known = {"XDG_DATA_HOME": str(user.home / "data"), "SSL_CERT_FILE": str(user.home.parent / "server.pem")}
    monkeypatch.setattr("tests.update.build.User.environment", property(lambda _: known))


# Folders


@pytest.fixture
def neighbour(shop: Shop, tmp_path: Path) -> User:
    """Somebody with a mirror folder."""
    user = make_user(tmp_path / "neighbour", str(shop.repository))
    assert user.update("--root", str(shop.root)).code == 0
    return user


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with a name here")
def test_pipe_in_a_folder_keeps_nobody_waiting(neighbour: User, shop: Shop) -> None:
    shop.file("timestamp").unlink()
    os.mkfifo(shop.file("timestamp"))
    refused(neighbour, told("update.not_a_file", file="metadata/timestamp.json"))


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no such device here")
def test_device_in_a_folder_is_not_read(neighbour: User, shop: Shop) -> None:
    shop.file("timestamp").unlink()
    shop.file("timestamp").symlink_to("/dev/zero")
    refused(neighbour, told("update.not_a_file", file="metadata/timestamp.json"))


def test_folder_in_the_place_of_a_file(neighbour: User, shop: Shop) -> None:
    shop.file("timestamp").unlink()
    shop.file("timestamp").mkdir()
    refused(neighbour, told("update.unreadable", file="metadata/timestamp.json", reason="Is a directory"))


def test_folder_that_is_no_repository(neighbour: User, shop: Shop, tmp_path: Path) -> None:
    ran = neighbour.update("--root", str(shop.root), address=str(tmp_path))
    assert ran.code == 5
    assert told("update.not_there", file="metadata/timestamp.json", status="404") in one_line(ran)


def test_length_that_is_asked_for_is_never_more_than_our_own(tmp_path: Path) -> None:
    (tmp_path / "targets").mkdir()
    (tmp_path / "targets" / "a.zip").write_bytes(bytes(11))
    fetcher = make_fetcher(read_address(str(tmp_path)), Limits(pack_bytes=10), proxy=None)
    with pytest.raises(DownloadError), fetcher.download_file("targets/a.zip", 10**9):
        pass
