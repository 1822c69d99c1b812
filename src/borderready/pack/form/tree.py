# SPDX-License-Identifier: Apache-2.0
"""A YAML file as it is written anew: entries with their comments, without the places where they stood."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias


@dataclass(slots=True, kw_only=True)
class Text:
    """A scalar; `is_bare` where it stood without quotes, which tells a number from a text that looks like one."""

    value: str
    is_bare: bool


@dataclass(slots=True, kw_only=True)
class Entry:
    """A pair of a mapping, or a member of a sequence (`key` None), with the comments that belong to it.

    Attributes:
        above: Comments on lines of their own before it.
        beside: The comment at the end of its line, or "".
        below: Comments on lines of their own behind all that it holds.
    """

    key: Text | None
    value: Value
    above: list[str] = field(default_factory=list)
    beside: str = ""
    below: list[str] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Many:
    """A mapping or a sequence."""

    is_mapping: bool
    entries: list[Entry]


Value: TypeAlias = Text | Many


@dataclass(slots=True, kw_only=True)
class File:
    """The one document of a file, with the comments at its head and at its foot."""

    root: Value
    head: list[str] = field(default_factory=list)
    foot: list[str] = field(default_factory=list)
