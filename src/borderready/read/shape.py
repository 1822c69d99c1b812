# SPDX-License-Identifier: Apache-2.0
"""What a JSON Schema says about the type of each place: enough to turn text into typed values, no more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Shape:
    """The type that a schema gives to a place.

    Attributes:
        kind: `text`, `day`, `whole`, `decimal`, `truth`, `sequence`, `mapping`, or `free` (nothing is said: text).
        properties: Shapes of the known keys of a mapping.
        extra: Shape of other keys; None when no other key is allowed.
        items: Shape of the members of a sequence.
        example: An example value as a person would write it.
        placeholder: What to write in its place in a line to be filled in: never a value that could be taken for true.
    """

    kind: str
    properties: dict[str, Shape] = field(default_factory=dict)
    extra: Shape | None = None
    items: Shape | None = None
    example: str = "..."

    @property
    def placeholder(self) -> str:
        """What stands for a value that the reader has to know."""
        if self.items is not None:
            return f"[{self.items.placeholder}]"
        return {"day": "YYYY-MM-DD", "truth": "true|false"}.get(self.kind, "...")


_SCALARS = {"string": "text", "integer": "whole", "number": "decimal", "boolean": "truth"}
FREE = Shape(kind="free")


def shape_of(schema: Mapping[str, Any], root: Mapping[str, Any]) -> Shape:
    """Return the shape of a schema; `root` holds its `$defs`."""
    if "$ref" in schema:
        target: Any = root
        for part in str(schema["$ref"]).removeprefix("#/").split("/"):
            target = target[part]
        return shape_of(target, root)
    kind = schema.get("type")
    if isinstance(kind, list):
        kind = "string" if "string" in kind else kind[0]
    examples = schema.get("examples", ())
    example = _write(examples[0]) if examples else "..."
    if kind == "object":
        extra = schema.get("additionalProperties", True)
        return Shape(
            kind="mapping",
            properties={name: shape_of(inner, root) for name, inner in schema.get("properties", {}).items()},
            extra=None if extra is False else FREE if extra is True else shape_of(extra, root),
        )
    if kind == "array":
        return Shape(kind="sequence", items=shape_of(schema.get("items", {}), root))
    if kind == "string" and schema.get("format") == "date":
        return Shape(kind="day", example=example)
    return Shape(kind=_SCALARS.get(str(kind), "free"), example=example)


def _write(example: object) -> str:
    if isinstance(example, bool):
        return "true" if example else "false"
    return str(example)


def walk_keys(shape: Shape, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yield the path of every known key below a shape, sequences passed through."""
    if shape.items is not None:
        yield from walk_keys(shape.items, path)
    for name, inner in shape.properties.items():
        yield (*path, name)
        yield from walk_keys(inner, (*path, name))
