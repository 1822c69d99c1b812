# SPDX-License-Identifier: Apache-2.0
"""`address`: an address that a person can open, and a state that agrees with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pack.build import lint_replaced

FILE = "instruments/act.yaml"
STATE = "url_state: unknown"


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("ftp://harbour.invalid/act", "an address begins with https:// or http://"),
        ("harbour.invalid/act", "an address begins with https:// or http://"),
        ("https://me:word@harbour.invalid/", "an address names no user"),
        ("https://localhost/act", "this is no address of a public site"),
        ("https://harbour.invalid/the act", "this is no address of a public site"),
        ("https://bit.ly/3xyz", "a shortened address ends when its service does: give the one that it leads to"),
    ],
)
def test_address_that_leads_nowhere_is_an_error(url: str, told: str, tmp_path: Path) -> None:
    found = lint_replaced(tmp_path, (FILE, STATE, f"url: '{url}'\nurl_state: not-opened"))
    assert found == [("error", f"{FILE}:5:6", f"address: {url}: {told}")]


@pytest.mark.parametrize("state", ["read", "not-opened", "dead"])
def test_state_of_an_address_that_is_not_there_is_an_error(state: str, tmp_path: Path) -> None:
    told = f"address: '{state}' says something of a url, and none is given"
    assert lint_replaced(tmp_path, (FILE, STATE, f"url_state: {state}")) == [("error", f"{FILE}:5:12", told)]


@pytest.mark.parametrize(
    "url", ["http://harbour.invalid", "https://www.harbour.invalid:8443/a/b.html?c=d&e=%20#f", "https://t.co.invalid/x"]
)
def test_address_of_a_site_is_clean(url: str, tmp_path: Path) -> None:
    assert lint_replaced(tmp_path, (FILE, STATE, f"url: '{url}'\nurl_state: read")) == []
