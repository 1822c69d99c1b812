# SPDX-License-Identifier: Apache-2.0
"""`unfinished`: no text of a pack is still a mark for a person to fill in (`TODO`), as new files have them."""

from __future__ import annotations

from collections.abc import Iterator

import yaml

from borderready.model import Path
from borderready.pack.draft import TODO
from borderready.pack.lint.finding import LintFinding, remark_at
from borderready.pack.view import PackView
from borderready.read.tree import Node

ID = "unfinished"


def lint(pack: PackView, day: str) -> Iterator[LintFinding]:
    """Yield every text that begins with the mark."""
    for file, content in sorted(pack.contents.items()):
        if not file.endswith(".yaml") or TODO.encode() not in content:
            continue
        root = pack.documents[file].root
        for place, text in _texts(root, ()) if root is not None else ():
            if text.startswith(TODO):
                yield remark_at(pack, ID, file, place, f"still to be filled in: {text}")


def _texts(node: Node, place: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(node, yaml.ScalarNode):
        yield place, node.value
    elif isinstance(node, yaml.SequenceNode):
        for index, member in enumerate(node.value):
            yield from _texts(member, (*place, index))
    else:
        for key, value in node.value:
            yield from _texts(value, (*place, key.value))
