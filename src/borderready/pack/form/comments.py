# SPDX-License-Identifier: Apache-2.0
"""Trees of text to trees of entries: every comment of a file is found, and goes where its entry goes.

A comment on a line of its own belongs to the entry below it, or to the block that it ends by its indent; one at the end
of a line belongs to the entry of that line. Those before the first entry are the head of the file.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

import yaml

from borderready.pack.form.tree import Entry, File, Many, Text, Value
from borderready.read.tree import Node, is_plain

_BLOCK_STYLES = ("|", ">")


@dataclass(slots=True, kw_only=True)
class _Placed:
    """An entry with where it stood: offsets in the text, the column of its block, and what holds it."""

    entry: Entry
    start: int
    end: int
    column: int
    parent: _Placed | None
    is_in_flow: bool  # the collection that holds it is written with brackets
    ends_flow: int  # where that collection ends, if it is


@dataclass(frozen=True, slots=True, kw_only=True)
class _Comment:
    text: str
    offset: int
    column: int
    is_alone: bool


class _Reader:
    """Turns nodes into entries, and keeps where each stood, in the order of the file."""

    def __init__(self) -> None:
        self.placed: list[_Placed] = []
        self.flows: list[tuple[int, int, _Placed | None]] = []  # brackets, and the entry that holds them

    def value_of(self, node: Node, parent: _Placed | None) -> Value:
        if isinstance(node, yaml.ScalarNode):
            return Text(value=node.value, is_bare=is_plain(node))
        many = Many(is_mapping=isinstance(node, yaml.MappingNode), entries=[])
        is_flow = bool(node.flow_style)
        end = node.end_mark.index if is_flow else -1
        if is_flow:
            self.flows.append((node.start_mark.index, end, parent))
        for key, inner in _members(node):
            first = key if key is not None else inner
            entry = Entry(
                key=Text(value=key.value, is_bare=is_plain(key)) if key is not None else None,
                value=Text(value="", is_bare=True),
            )
            placed = _Placed(
                entry=entry,
                start=first.start_mark.index,
                end=inner.end_mark.index,
                column=first.start_mark.column if key is not None else node.start_mark.column,
                parent=parent,
                is_in_flow=is_flow,
                ends_flow=end,
            )
            self.placed.append(placed)
            entry.value = self.value_of(inner, placed)
            many.entries.append(entry)
        return many


def _members(node: Node) -> Iterator[tuple[yaml.ScalarNode | None, Node]]:
    if isinstance(node, yaml.MappingNode):
        yield from node.value
    elif isinstance(node, yaml.SequenceNode):
        yield from ((None, member) for member in node.value)


def read_file(root: Node, text: str) -> File:
    """Return a document with every comment of its text; `text` is what `root` was composed from."""
    reader = _Reader()
    file = File(root=reader.value_of(root, None))
    starts = [placed.start for placed in reader.placed]
    for comment in find_comments(root, text):
        after = bisect_right(starts, comment.offset)
        previous = reader.placed[after - 1] if after else None
        following = reader.placed[after] if after < len(starts) else None
        if previous is None:
            file.head.append(comment.text)
        elif comment.is_alone:
            _attach_alone(comment, previous, following, reader, file)
        else:
            _attach_beside(comment, previous)
    return file


def lift_comments(value: Value) -> None:
    """Put comments above the first thing that a member of a sequence holds above the member, where they are read again.

    To be called when the keys have their order.
    """
    for entry in value.entries if isinstance(value, Many) else ():
        lift_comments(entry.value)
        if entry.key is None and isinstance(entry.value, Many) and entry.value.entries:
            first = entry.value.entries[0]
            entry.above.extend(first.above)
            first.above.clear()


def comments_of(root: Node, text: str) -> list[str]:
    """Return the comments of a text, sorted."""
    return sorted(comment.text for comment in find_comments(root, text))


def _attach_alone(comment: _Comment, previous: _Placed, following: _Placed | None, reader: _Reader, file: File) -> None:
    """Give a comment on its own line to the entry below it, or to the last one of the block that it ends."""
    around = _innermost_flow(comment.offset, reader)
    if around is not None:
        start, end, holder = around
        if following is not None and following.start < end:
            following.entry.above.append(comment.text)
        elif previous.start > start:
            last = _climb(previous, comment.offset)
            last.entry.below.append(comment.text)
        elif holder is not None:
            holder.entry.above.append(comment.text)
        else:
            file.head.append(comment.text)
        return
    outside = _outside_flows(previous)
    limit = following.column if following is not None else -1
    if following is not None and comment.column <= limit:
        following.entry.above.append(comment.text)
        return
    candidate: _Placed | None = outside
    while candidate is not None and candidate.column > comment.column:
        candidate = candidate.parent
    if candidate is not None and candidate.column > limit and candidate.parent is not None:
        candidate.entry.below.append(comment.text)
    elif following is not None:
        following.entry.above.append(comment.text)
    else:
        file.foot.append(comment.text)


def _attach_beside(comment: _Comment, previous: _Placed) -> None:
    """Give a comment at the end of a line to the entry of the line; a second one goes above it."""
    owner = _climb(previous, comment.offset)
    if owner.entry.beside or (owner.entry.key is None and isinstance(owner.entry.value, Many)):
        owner.entry.above.append(comment.text)
    else:
        owner.entry.beside = comment.text


def _climb(placed: _Placed, offset: int) -> _Placed:
    """Return an entry, or what holds it where its brackets have closed before an offset."""
    while placed.is_in_flow and placed.ends_flow <= offset and placed.parent is not None:
        placed = placed.parent
    return placed


def _outside_flows(placed: _Placed) -> _Placed:
    while placed.is_in_flow and placed.parent is not None:
        placed = placed.parent
    return placed


def _innermost_flow(offset: int, reader: _Reader) -> tuple[int, int, _Placed | None] | None:
    around = [flow for flow in reader.flows if flow[0] < offset < flow[1]]
    return max(around, key=lambda flow: flow[0]) if around else None


def find_comments(root: Node, text: str) -> Iterator[_Comment]:
    """Yield the comments of a text: what stands behind a # that no scalar holds."""
    if "#" not in text:
        return
    spans = sorted(_scalar_spans(root, text))
    begins = [start for start, _ in spans]
    offset = 0
    for line in text.splitlines(keepends=True):
        at = line.find("#")
        while at >= 0:
            here = offset + at
            inside = bisect_right(begins, here) - 1
            in_scalar = inside >= 0 and here < spans[inside][1]
            if not in_scalar and (at == 0 or line[at - 1] in " \t"):
                before = line[:at].strip(" \t-?")
                yield _Comment(text=line[at:].rstrip(), offset=here, column=at, is_alone=not before)
                break
            at = line.find("#", at + 1)
        offset += len(line)


def _scalar_spans(root: Node, text: str) -> Iterator[tuple[int, int]]:
    stack: list[Node] = [root]
    seen: set[int] = set()
    while stack:
        node = stack.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, yaml.ScalarNode):
            start = node.start_mark.index
            if node.style in _BLOCK_STYLES:  # a comment may stand behind the sign that begins a block text
                start = text.find("\n", start) + 1 or len(text)
            yield start, node.end_mark.index
        else:
            for key, inner in _members(node):
                stack.extend([inner] if key is None else [key, inner])
