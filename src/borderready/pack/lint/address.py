# SPDX-License-Identifier: Apache-2.0
"""`address`: the address of an instrument is one that a person can open, and its state agrees with it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from borderready.pack.lint.finding import LintFinding, remark_at
from borderready.pack.view import PackView
from borderready.read.rule import as_mapping
from borderready.read.rule_base import type_file

ID = "address"
_HOST = r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}"
_ADDRESS = re.compile(rf"https?://{_HOST}(?::[0-9]{{1,5}})?(?:[/?#][!-~]*)?")
_HIDES = re.compile(
    r"https?://(?:www\.)?(?:bit\.ly|t\.co|goo\.gl|tinyurl\.com|is\.gd|ow\.ly|dwz\.cn|t\.cn|suo\.im)(?:/|$)"
)
_NEEDS_ADDRESS = ("read", "not-opened", "dead")


def lint(pack: PackView, day: str) -> Iterator[LintFinding]:
    """Yield addresses that lead nowhere, and states of addresses that are not there."""
    for name in sorted(pack.rule_base.instruments):
        file = f"instruments/{name}.yaml"
        value, _, _ = type_file("instrument", pack.contents[file], file=file)
        data = as_mapping(value or {})
        url, state = data.get("url"), data["url_state"]
        if url is None:
            if state in _NEEDS_ADDRESS:
                yield remark_at(pack, ID, file, ("url_state",), f"'{state}' says something of a url, and none is given")
            continue
        problem = _problem(str(url))
        if problem is not None:
            yield remark_at(pack, ID, file, ("url",), f"{url}: {problem}")


def _problem(url: str) -> str | None:
    if not url.startswith(("http://", "https://")):
        return "an address begins with https:// or http://"
    if "@" in url.split("/")[2]:
        return "an address names no user"
    if _HIDES.match(url):
        return "a shortened address ends when its service does: give the one that it leads to"
    return None if _ADDRESS.fullmatch(url) else "this is no address of a public site"
