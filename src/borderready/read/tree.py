# SPDX-License-Identifier: Apache-2.0
"""Places in a file: of a character, of a node of its tree, and of a path into it."""

from __future__ import annotations

import re

import yaml

from borderready.model import Path, Span

Node = yaml.MappingNode | yaml.SequenceNode | yaml.ScalarNode
_LINE_END = re.compile("\r\n|[\r\n]")


def is_plain(node: yaml.ScalarNode) -> bool:
    """Tell whether a scalar stands without quotes; the C parser gives an empty style then."""
    return not node.style


def span_of(node: Node) -> Span:
    """Return the span of a node; of a block the place where it begins, for its end is that of what follows."""
    start, end = node.start_mark, node.end_mark
    if not isinstance(node, yaml.ScalarNode) and not node.flow_style:
        return _head(node)
    if end.column == 0 and end.line > start.line:  # a block text ends with its own last line
        last = max(end.line, start.line + 1)
        end_column = start.column + 2 if last == start.line + 1 else 2
        return Span(line=start.line + 1, column=start.column + 1, end_line=last, end_column=end_column)
    return Span(line=start.line + 1, column=start.column + 1, end_line=end.line + 1, end_column=end.column + 1)


def locate(root: Node | None, path: Path) -> Span:
    """Return the span of a path; where it leads nowhere, that of the key of its nearest existing parent."""
    if root is None:
        return point(1, 1)
    node: Node = root
    key: Node | None = None
    for step in path:
        found = child_of(node, step)
        if found is None:
            return span_of(key) if key is not None else point(root.start_mark.line + 1, root.start_mark.column + 1)
        key, node = found
    if key is not None and not isinstance(node, yaml.ScalarNode):
        return span_of(key) if isinstance(key, yaml.ScalarNode) else _head(node)
    return span_of(node) if isinstance(node, yaml.ScalarNode) else _head(node)


def _head(node: Node) -> Span:
    return point(node.start_mark.line + 1, node.start_mark.column + 1)


def child_of(node: Node, step: str | int) -> tuple[Node, Node] | None:
    """Return the key and the value at a step; the members of a sequence are their own keys."""
    if isinstance(node, yaml.MappingNode) and isinstance(step, str):
        for key, value in node.value:
            if isinstance(key, yaml.ScalarNode) and key.value == step:
                return key, value
    elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        member = node.value[step]
        return member, member
    return None


def split_lines(text: str) -> list[str]:
    """Return the lines of a text as editors show them: CR, LF or both end one, nothing else does."""
    lines = _LINE_END.split(text)
    return lines[:-1] if lines[-1] == "" else lines


def place_of(text: str, offset: int) -> Span:
    """Return the place of a character, whatever ends the lines before it."""
    before = split_lines(f"{text[:offset]}x")
    return point(len(before), len(before[-1]))


def point(line: int, column: int) -> Span:
    """Return the span of one character."""
    return Span(line=line, column=column, end_line=line, end_column=column + 1)
