# SPDX-License-Identifier: Apache-2.0
"""Typing of trees in which nothing is wrong, as nearly every manifest is: quick, and silent about what is.

Each shape of the schema becomes one function from a node to its value. Whatever is unusual ends the attempt; read/typed
then goes through the tree again and tells every fault. A test holds both to the same values.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any, TypeAlias

import yaml

from borderready.model import Value
from borderready.read.shape import Shape
from borderready.read.tree import Node
from borderready.read.typed import AMBIGUOUS, DECIMAL, NULL, TRUTH, WHOLE, is_day_text

Convert: TypeAlias = Callable[[Any], Value]


class UnusualError(Exception):
    """Something in a tree is not as the schema has it; what, is for others to tell."""


def type_quickly(root: Node, convert: Convert) -> Mapping[str, Value] | None:
    """Return the typed value of a tree, None where anything about it is unusual, right or wrong.

    A tree of which this gives a value has no key twice, no key that is not text, no merge key, and no more levels than
    the schema has.
    """
    try:
        value = convert(root)
    except UnusualError:
        return None
    return value if isinstance(value, dict) else None


def converter_of(shape: Shape, key: str = "") -> Convert:
    """Return the function that types nodes of a shape which stand under a key."""
    match shape.kind:
        case "mapping":
            return _mapping(shape)
        case "sequence" if shape.items is not None:
            return _sequence(converter_of(shape.items))
        case "decimal":
            return _weight if key.endswith("_kg") else _decimal
        case kind:
            return {"text": _text, "day": _day, "truth": _truth, "whole": _whole}.get(kind, _odd)


def _mapping(shape: Shape) -> Convert:
    known = {name: (name, converter_of(inner, name)) for name, inner in shape.properties.items()}
    if shape.extra is not None:
        return _odd

    def convert(node: Any) -> Value:
        if type(node) is not yaml.MappingNode:
            raise UnusualError
        value: dict[str, Value] = {}
        for key, inner in node.value:
            found = known.get(key.value) if type(key) is yaml.ScalarNode else None
            if found is None:
                raise UnusualError
            name, convert_inner = found
            key.value = name  # one text for all like keys: of thousands of lots they are a tenth of the memory
            value[name] = convert_inner(inner)
        if len(value) != len(node.value):
            raise UnusualError
        return value

    return convert


def _sequence(convert_member: Convert) -> Convert:
    def convert(node: Any) -> Value:
        if type(node) is not yaml.SequenceNode:
            raise UnusualError
        return tuple([convert_member(member) for member in node.value])

    return convert


def _odd(_: Any) -> Value:
    raise UnusualError


def _text(node: Any) -> Value:
    if type(node) is not yaml.ScalarNode or (node.value in NULL and not node.style):
        raise UnusualError
    text: str = node.value
    return text


def _day(node: Any) -> Value:
    if type(node) is not yaml.ScalarNode or not _is_day(node.value):
        raise UnusualError
    text: str = node.value
    return text


@lru_cache(maxsize=4096)
def _is_day(text: str) -> bool:
    return is_day_text(text)


def _truth(node: Any) -> Value:
    if type(node) is not yaml.ScalarNode or node.style or node.value not in TRUTH:
        raise UnusualError
    return TRUTH[node.value]


def _whole(node: Any) -> Value:
    if type(node) is not yaml.ScalarNode or node.style or not WHOLE.fullmatch(node.value):
        raise UnusualError
    return int(node.value)


def _decimal(node: Any) -> Value:
    if type(node) is not yaml.ScalarNode or node.style:
        raise UnusualError
    if WHOLE.fullmatch(node.value):
        return int(node.value)
    if not DECIMAL.fullmatch(node.value):
        raise UnusualError
    return Decimal(node.value)


def _weight(node: Any) -> Value:
    if type(node) is yaml.ScalarNode and AMBIGUOUS.fullmatch(node.value):
        raise UnusualError
    return _decimal(node)
