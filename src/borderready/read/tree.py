# SPDX-License-Identifier: Apache-2.0
"""Places in a file: of a character, of a node of its tree, and of a path into it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import overload

import yaml

from borderready.model import Path, Span

Node = yaml.MappingNode | yaml.SequenceNode | yaml.ScalarNode
# The key and the node at a path, or at its nearest existing parent, and whether the whole path exists.
_Reached = tuple[Node | None, Node, bool]
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


class Places:
    """The spans of paths into a tree; what was looked up is remembered, for many findings point at the same places."""

    def __init__(self, root: Node | None) -> None:
        self._root = root
        self._spans: dict[Path, Span] = {}
        self._reached: dict[Path, _Reached] = {}

    def __call__(self, path: Path) -> Span:
        """Return the span of a path; where it leads nowhere, that of the key of its nearest existing parent."""
        span = self._spans.get(path)
        if span is None:
            span = self._spans[path] = self._locate(path)
        return span

    def _locate(self, path: Path) -> Span:
        if self._root is None:
            return point(1, 1)
        key, node, is_whole = self._reach(path)
        if not is_whole:
            return span_of(key) if key is not None else _head(node)
        if isinstance(node, yaml.ScalarNode):
            return span_of(node)
        return span_of(key) if isinstance(key, yaml.ScalarNode) else _head(node)

    def _reach(self, path: Path) -> _Reached:
        """Return what stands at a path."""
        reached = self._reached.get(path)
        if reached is None:
            if not path:
                assert self._root is not None
                reached = (None, self._root, True)
            else:
                above, node, is_whole = self._reach(path[:-1])
                found = child_of(node, path[-1]) if is_whole else None
                reached = (*found, True) if found is not None else (above, node, False)
            self._reached[path] = reached
        return reached


def locate(root: Node | None, path: Path) -> Span:
    """Return the span of a path, as Places does."""
    return Places(root)(path)


def _head(node: Node) -> Span:
    return point(node.start_mark.line + 1, node.start_mark.column + 1)


def child_of(node: Node, step: str | int) -> tuple[Node, Node] | None:
    """Return the key and the value at a step; the members of a sequence are their own keys."""
    if isinstance(node, yaml.MappingNode) and isinstance(step, str):
        for key, value in node.value:
            if key.value == step:  # that of a key which is no text is a list, and equal to none
                return key, value
    elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        member = node.value[step]
        return member, member
    return None


class Lines(Sequence[str]):
    """The lines of a text, without their ends; it is split when somebody asks for one."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._lines: list[str] | None = None

    def _split(self) -> list[str]:
        if self._lines is None:
            self._lines = split_lines(self._text)
        return self._lines

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> list[str]: ...
    def __getitem__(self, place: int | slice) -> str | list[str]:
        return self._split()[place]

    def __len__(self) -> int:
        return len(self._split())


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
