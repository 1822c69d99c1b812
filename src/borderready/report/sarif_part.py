# SPDX-License-Identifier: Apache-2.0
"""What all SARIF of ours has in common: places, and texts that are nothing but text."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import PurePath
from urllib.parse import quote

from borderready.model import Span

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
# In SARIF a text may hold links, [text](1), and places to fill, {0}; a value from a manifest is neither.
_LINK = re.compile(r"\](?=\()")
_PLACE = re.compile(r"\{(\d+)\}")
Json = Mapping[str, object]


def location_of(file: str, span: Span | None) -> dict[str, Json]:
    """Return a place in a file, the whole file without a span."""
    artifact = {"artifactLocation": {"uri": uri_of(file)}}
    if span is None:
        return {"physicalLocation": artifact}
    region = {
        "startLine": span.line,
        "startColumn": span.column,
        "endLine": span.end_line,
        "endColumn": span.end_column,
    }
    return {"physicalLocation": {**artifact, "region": region}}


@lru_cache(maxsize=64)  # all findings of a manifest stand in one file
def uri_of(file: str) -> str:
    """Return the relative URI of a file as the user named it; only an absolute name becomes an absolute URI."""
    path = PurePath(file)
    if path.is_absolute():
        return path.as_uri()
    return quote(os.fsencode(path.as_posix()), safe="/")


def text_of(text: str) -> str:
    """Return text in which nothing is a link or a place to fill."""
    return _PLACE.sub(r"{{\1}}", _LINK.sub("] ", text))
