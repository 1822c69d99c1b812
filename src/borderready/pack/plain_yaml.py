# SPDX-License-Identifier: Apache-2.0
"""Files of a pack as text, in the form that the rule base has: keys in the order given, what is short on one line."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import TypeAlias

# What stands in a new file; every scalar is text, as it is in every file of a pack.
Content: TypeAlias = str | Sequence["Content"] | Mapping[str, "Content"]
WIDTH = 120
# Text that means the same without quotes: it begins with a letter, or a number, and holds nothing that could end it.
_PLAIN = re.compile(r"(?:-(?=[0-9]))?[^\W_](?:[^\s\x00-\x1f\x7f-\x9f:#]|:(?! |$)|(?<! )#| (?! |$))*")
_OF_FLOW = frozenset(",[]{}")


def write_yaml(content: Content) -> str:
    """Return a mapping, or a list of mappings, as a YAML document."""
    return "\n".join(_block(content, 0, WIDTH)) + "\n"


def scalar(text: str, *, is_in_flow: bool = False) -> str:
    """Return a text as a YAML scalar: plain where that reads as the same text, else in double quotes."""
    if _PLAIN.fullmatch(text) and not (is_in_flow and not _OF_FLOW.isdisjoint(text)):
        return text
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\x7f")


def flow(content: Content) -> str:
    """Return content on one line."""
    if isinstance(content, str):
        return scalar(content, is_in_flow=True)
    if isinstance(content, Mapping):
        return "{" + ", ".join(f"{scalar(key, is_in_flow=True)}: {flow(value)}" for key, value in content.items()) + "}"
    return "[" + ", ".join(flow(member) for member in content) + "]"


def _block(content: Content, indent: int, width: int) -> list[str]:
    """Return the lines of a value that stands below its key, or at the top."""
    pad = " " * indent
    if isinstance(content, Mapping):
        return [line for key, value in content.items() for line in _pair(key, value, pad, width)]
    if isinstance(content, str):
        return [pad + scalar(content)]
    lines = []
    for member in content:
        if isinstance(member, Mapping) and member:
            inner = _block(member, indent + 2, width)
            lines += [f"{pad}- {inner[0].lstrip()}", *inner[1:]]
        else:
            lines.append(f"{pad}- {flow(member)}")
    return lines


def _pair(key: str, value: Content, pad: str, width: int) -> list[str]:
    """Return a key with its value: on one line where that is short, or cannot be helped."""
    written = scalar(value) if isinstance(value, str) else flow(value)
    line = f"{pad}{scalar(key)}: {written}"
    is_list_of_mappings = not isinstance(value, (str, Mapping)) and any(isinstance(member, Mapping) for member in value)
    if isinstance(value, str) or not value or (len(line) <= width and not is_list_of_mappings):
        return [line]
    return [f"{pad}{scalar(key)}:", *_block(value, len(pad) + 2, width)]
