# SPDX-License-Identifier: Apache-2.0
"""One file of a pack in its canonical form, with what it says and every comment kept, or why it cannot be put so."""

from __future__ import annotations

from dataclasses import dataclass

import yaml

from borderready.errors import Fault
from borderready.model import Message
from borderready.pack.form.comments import comments_of, lift_comments, read_file
from borderready.pack.form.kinds import kind_of, order_keys
from borderready.pack.form.write import is_special, write_file
from borderready.read.rule_judge import whole_fault
from borderready.read.strict_yaml import parse_yaml, text_of
from borderready.read.tree import Node, is_plain


@dataclass(frozen=True, slots=True, kw_only=True)
class Tidied:
    """What a file was and what it is in canonical form; `after` is None where there are faults.

    Attributes:
        before: The text of the file, as far as it could be read.
    """

    before: str
    after: str | None
    faults: tuple[Fault, ...] = ()


def tidy(content: bytes, *, path: str, shown_as: str) -> Tidied:
    """Return a file of a pack in canonical form.

    Args:
        content: The file.
        path: Its path, of which the last folder and the name say what kind of file it is.
        shown_as: How faults name it.
    """
    parsed = parse_yaml(content, file=shown_as)
    if parsed.faults:
        return Tidied(before="", after=None, faults=parsed.faults)
    before = text_of(content)
    root = parsed.documents[0].root if len(parsed.documents) == 1 else None
    if root is None:
        return Tidied(before=before, after=None, faults=(whole_fault(shown_as, Message("pack.one_document")),))
    if _has_alias(root):
        alias = whole_fault(shown_as, Message("fmt.alias"), Message("fmt.alias_hint"))
        return Tidied(before=before, after=None, faults=(alias,))
    file = read_file(root, before)
    kind = kind_of(path, file.root)
    order_keys(kind, file.root)
    lift_comments(file.root)
    after = write_file(file, kind)
    if not _says_the_same(root, before, after):
        return Tidied(before=before, after=None, faults=(whole_fault(shown_as, Message("fmt.would_change")),))
    return Tidied(before=before, after=after)


def _has_alias(root: Node) -> bool:
    """Tell whether a node stands in a tree twice."""
    seen: set[int] = set()
    stack: list[Node] = [root]
    while stack:
        node = stack.pop()
        if id(node) in seen:
            return True
        seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            stack.extend(inner for pair in node.value for inner in pair)
        elif isinstance(node, yaml.SequenceNode):
            stack.extend(node.value)
    return False


def _says_the_same(root: Node, before: str, after: str) -> bool:
    """Read what was written, as if it were another's, and compare data and comments."""
    parsed = parse_yaml(after.encode(), file="")
    if parsed.faults or len(parsed.documents) != 1 or parsed.documents[0].root is None:
        return False
    written = parsed.documents[0].root
    return is_same(root, written) and comments_of(root, before) == comments_of(written, after)


def is_same(one: Node, other: Node) -> bool:
    """Tell whether two trees give the same data, whatever the order of keys; depth is bounded by the reader."""
    if isinstance(one, yaml.ScalarNode):
        if not isinstance(other, yaml.ScalarNode) or one.value != other.value:
            return False
        return not is_special(one.value) or is_plain(one) == is_plain(other)
    if isinstance(one, yaml.MappingNode):
        if not isinstance(other, yaml.MappingNode) or len(one.value) != len(other.value):
            return False
        others = {key.value: (key, value) for key, value in other.value}
        return all(
            key.value in others and is_same(key, others[key.value][0]) and is_same(value, others[key.value][1])
            for key, value in one.value
        )
    if not isinstance(other, yaml.SequenceNode) or len(one.value) != len(other.value):
        return False
    return all(is_same(member, counterpart) for member, counterpart in zip(one.value, other.value, strict=True))
