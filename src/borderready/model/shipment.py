# SPDX-License-Identifier: Apache-2.0
"""What the user brings: a manifest as read, and registers of codes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from borderready.model.word import Path, Span, Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """One consignment as read: the typed shipment, and how to find each part of it in the file.

    Attributes:
        file: The name the user gave; never made absolute.
        index: Which document of the file, from 0.
        sha256: Digest of the bytes of the file.
        data: The typed document (see Value); every key is one of the manifest schema.
        locate: Gives the span of a path; a path that does not exist gives its nearest parent's key.
        line_text: Gives the text of a line, from 1.
    """

    file: str
    index: int
    sha256: str
    data: Mapping[str, Value]
    locate: Callable[[Path], Span]
    line_text: Callable[[int], str]

    @property
    def reference(self) -> str | None:
        """The exporter's own reference of the consignment."""
        reference = self.data.get("reference")
        return reference if isinstance(reference, str) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of a register: the status of a code for a product between two days, both inclusive."""

    code: str
    product: str | None
    status: str
    start: str | None
    until: str | None
    name: str | None
    holder: str | None
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """A list of codes that the user brings, such as the orchards on GACC's list.

    Attributes:
        name: The name by which rules ask for it, such as `gacc-orchards`.
        file: The file it came from, as the user would name it.
        as_of: The day the list was published or fetched, None when the file does not say.
        entries: Entries by folded code.
    """

    name: str
    file: str
    as_of: str | None
    source: str | None
    sha256: str
    entries: Mapping[str, tuple[Entry, ...]]
