# SPDX-License-Identifier: Apache-2.0
"""Where a repository may stand, and what is kept of it under which name."""

from __future__ import annotations

import pytest

from borderready.errors import UsageError
from borderready.update.address import read_address, read_proxy


@pytest.mark.parametrize(
    "text", ["mirror", "./mirror", "/media/stick/mirror", "C:\\mirror", "file:///media/stick/mirror"]
)
def test_folder(text: str) -> None:
    assert read_address(text).folder == text.removeprefix("file://")


def test_server() -> None:
    address = read_address("https://packs.example.invalid/vn/")
    assert (address.host, address.port, address.is_secure, address.path) == ("packs.example.invalid", 443, True, "/vn")
    assert read_address("http://[::1]:8000").host == "::1"
    assert read_address("http://[::1]:8000").port == 8000


@pytest.mark.parametrize(
    "text",
    [
        "ftp://packs.example.invalid",
        "http://",
        "http://user@packs.example.invalid",
        "http://user:word@packs.example.invalid",
        "http://packs.example.invalid/?a=b",
        "http://packs.example.invalid/#a",
        "http://packs.example.invalid/a b",
        "http://packs.example.invalid/a\r\nHost: b",
        "http://packs.example.invalid:99999",
        "http://[::1",
        "file://elsewhere/mirror",
        "javascript:alert(1)",
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        read_address(text)


@pytest.mark.parametrize("text", ["mirror", "https://127.0.0.1:1", "http://127.0.0.1:1/path"])
def test_proxy_is_a_server_by_http(text: str) -> None:
    assert read_proxy("http://127.0.0.1:3128").port == 3128
    with pytest.raises(UsageError):
        read_proxy(text)


def test_what_is_kept_is_kept_apart_for_each_address() -> None:
    texts = ("http://a.invalid", "https://a.invalid", "http://a.invalid:81", "http://a.invalid/b", "http://b.invalid")
    names = {read_address(text).key_of("") for text in texts}
    assert len(names) == len(texts)
    assert read_address("http://a.invalid/").key_of("") == read_address("http://A.invalid:80").key_of("")
    folders = {read_address("mirror").key_of(place) for place in ("/one/mirror", "/two/mirror")}
    assert len(folders) == 2
    assert all(name.startswith("mirror-") for name in folders)
