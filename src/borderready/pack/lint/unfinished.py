# SPDX-License-Identifier: Apache-2.0
"""`unfinished`: no text of a pack is still a mark for a person to fill in (`TODO`), as new files have them."""

from __future__ import annotations

from collections.abc import Iterator

import yaml

from borderready.errors import Fault
from borderready.model import Message
from borderready.pack.draft import TODO
from borderready.pack.lint.finding import LintFinding
from borderready.pack.view import PackView
from borderready.read.strict_yaml import parse_yaml
from borderready.read.tree import Node, span_of

ID = "unfinished"


def lint(pack: PackView, day: str) -> Iterator[LintFinding]:
    """Yield every text that begins with the mark."""
    for file, content in sorted(pack.contents.items()):
        if not file.endswith(".yaml") or TODO.encode() not in content:
            continue
        for document in parse_yaml(content, file=file).documents:
            for node in _scalars(document.root) if document.root is not None else ():
                if node.value.startswith(TODO):
                    span = span_of(node)
                    what = Message("lint.remark", {"lint": ID, "text": f"still to be filled in: {node.value}"})
                    line = document.lines[span.line - 1]
                    fault = Fault(file=file, span=span, path="", what=what, line_text=line)
                    yield LintFinding(lint=ID, is_error=True, fault=fault)


def _scalars(node: Node) -> Iterator[yaml.ScalarNode]:
    if isinstance(node, yaml.ScalarNode):
        yield node
    elif isinstance(node, yaml.SequenceNode):
        for member in node.value:
            yield from _scalars(member)
    else:
        for _, value in node.value:
            yield from _scalars(value)
