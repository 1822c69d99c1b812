# SPDX-License-Identifier: Apache-2.0
"""`key-order`: keys stand in the order of their schema, so that every file reads the same; `pack fmt` puts them so."""

from __future__ import annotations

from collections.abc import Iterator

import yaml

from borderready.model import Path
from borderready.pack.form.kinds import kind_of_path
from borderready.pack.lint.finding import LintFinding, remark_at
from borderready.pack.view import PackView
from borderready.read.schema import shape_named
from borderready.read.shape import FREE, Shape
from borderready.read.tree import Node

ID = "key-order"


def lint(pack: PackView, day: str) -> Iterator[LintFinding]:
    """Yield the first key out of order in each mapping of a file."""
    for file, document in pack.documents.items():
        kind = kind_of_path(file) or ("rule" if file.count("/") == 2 else None)
        if kind is None or document.root is None:
            continue
        for place, key, right in _disorder(document.root, shape_named(kind), ()):
            yield remark_at(pack, ID, file, (*place, key), f"'{key}' stands before '{right}'")


def _disorder(node: Node, shape: Shape, place: Path) -> Iterator[tuple[Path, str, str]]:
    if isinstance(node, yaml.SequenceNode):
        if _has_keys(shape.items):
            for index, member in enumerate(node.value):
                yield from _disorder(member, shape.items or FREE, (*place, index))
        return
    if not isinstance(node, yaml.MappingNode):
        return
    rank = {name: number for number, name in enumerate(shape.properties)}
    keys = [key.value for key, _ in node.value if key.value in rank]
    for key, right in zip(keys, sorted(keys, key=rank.__getitem__), strict=True):
        if key != right:
            yield place, key, right
            break
    for key, inner in node.value:
        inner_shape = shape.properties.get(key.value) or shape.extra or FREE
        if _has_keys(inner_shape):
            yield from _disorder(inner, inner_shape, (*place, key.value))


def _has_keys(shape: Shape | None) -> bool:
    """Tell whether anything below a place has an order."""
    return shape is not None and bool(shape.properties or shape.items or shape.extra)
