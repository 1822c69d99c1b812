# SPDX-License-Identifier: Apache-2.0
"""A tree of text against a JSON Schema: the typed value and every fault, each with its place.

jsonschema-rs says quickly whether the typed value is valid; only when it is not does jsonschema list why. Both read the
same schema, and a test holds them to the same answer.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from functools import lru_cache
from typing import Any

import jsonschema_rs

from borderready.errors import Fault
from borderready.model import Message, Path, Value
from borderready.read.quick_type import Convert, converter_of, type_quickly
from borderready.read.shape import Shape, shape_of
from borderready.read.strict_yaml import MAX_FAULTS, Document
from borderready.read.tree import Node, child_of
from borderready.read.typed import Typed, Typer
from borderready.schemas import load_schema

# Keywords that count members: what was left out for a fault of its own must not be missed again.
_COUNTS = ("minItems", "minProperties", "maxProperties", "oneOf", "dependentRequired")


@lru_cache(maxsize=32)
def shape_named(name: str) -> Shape:
    """Return the shape of a published schema."""
    schema = load_schema(name)
    return shape_of(schema, schema)


@lru_cache(maxsize=32)
def _fast(name: str) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(load_schema(name))


@lru_cache(maxsize=32)
def _converter(name: str) -> Convert:
    return converter_of(shape_named(name))


def type_at_once(name: str, document: Document) -> Mapping[str, Value] | None:
    """Return a document typed and validated by a published schema where nothing about it is unusual, else None."""
    assert document.root is not None
    value = type_quickly(document.root, _converter(name))
    return value if value is not None and _fast(name).is_valid(value) else None


def fits(name: str, value: Value) -> bool:
    """Tell whether typed data are valid by a published schema."""
    return bool(_fast(name).is_valid(value))


def type_by(name: str, document: Document, *, file: str) -> tuple[Value, tuple[Fault, ...]]:
    """Return a document typed and validated by a published schema, and all its faults in the order of the file."""
    assert document.root is not None
    typer = Typer(file=file, index=document.index, lines=document.lines, root=shape_named(name))
    value, typed = typer.type_document(document.root)
    if not typed.faults and _fast(name).is_valid(value):
        return value, ()
    faults = [*typed.faults, *_faults_of(load_schema(name), value, document.root, typer, typed)]
    return value, in_order(faults)


def type_options(
    schema: Mapping[str, Any], node: Node, *, document: Document, file: str
) -> tuple[Value, tuple[Fault, ...]]:
    """Return the options of a wording typed and validated by the schema of their check kind."""
    shape, fast = _compiled(json.dumps(schema))
    typer = Typer(file=file, index=document.index, lines=document.lines, root=shape)
    value, typed = typer.type_document(node)
    if not typed.faults and fast.is_valid(value):
        return value, ()
    faults = [*typed.faults, *_faults_of(dict(schema), value, node, typer, typed)]
    return value, in_order(faults)


@lru_cache(maxsize=32)
def _compiled(text: str) -> tuple[Shape, jsonschema_rs.Draft202012Validator]:
    schema = json.loads(text)
    return shape_of(schema, schema), jsonschema_rs.Draft202012Validator(schema)


def in_order(faults: list[Fault]) -> tuple[Fault, ...]:
    """Return faults in the order of the file."""
    return tuple(sorted(faults, key=lambda fault: (fault.span.line, fault.span.column) if fault.span else (0, 0)))


def _faults_of(schema: dict[str, Any], value: Value, root: Node, typer: Typer, typed: Typed) -> list[Fault]:
    faults: list[Fault] = []
    above_bad = {bad[:length] for bad in typed.left_out for length in range(len(bad) + 1)}
    for error in () if typed.is_full else _errors_of(schema, value):
        if len(faults) >= MAX_FAULTS:
            break
        path: Path = tuple(error.absolute_path)
        if any(path[:length] in typed.left_out for length in range(len(path) + 1)):
            continue
        if error.validator in _COUNTS and path in above_bad:
            continue
        if error.validator == "required" and _lacking(error, typed, path) is None:
            continue
        node = _node_at(root, path)
        what, hint = _say(error, typed, path)
        faults.append(typer.fault_at(node, path, what, hint))
    return faults


def _errors_of(schema: dict[str, Any], value: Value) -> Iterator[Any]:
    from jsonschema import Draft202012Validator, validators

    types = Draft202012Validator.TYPE_CHECKER.redefine("array", lambda _, found: isinstance(found, (list, tuple)))
    extend: Any = validators.extend
    validator = extend(Draft202012Validator, {"pattern": _judge_pattern}, type_checker=types)
    yield from validator(schema).iter_errors(value)


def _judge_pattern(_: object, pattern: str, instance: object, __: object) -> Iterator[Any]:
    """Judge a pattern as JSON Schema means it: `$` is the end of the text, not the place before a last line end."""
    from jsonschema import ValidationError

    if isinstance(instance, str) and re.search(re.sub(r"(?<!\\)\$", r"\\Z", pattern), instance) is None:
        yield ValidationError(f"{instance!r} does not match {pattern!r}")


def _lacking(error: Any, typed: Typed, path: Path) -> str | None:
    """Return the first required key that is really absent, not one that was left out for another fault."""
    names = [name for name in error.validator_value if name not in error.instance and f"'{name}'" in error.message]
    return next((name for name in names if (*path, name) not in typed.left_out), None)


def _say(error: Any, typed: Typed, path: Path) -> tuple[Message, Message | None]:
    found = str(error.instance) if not isinstance(error.instance, (dict, tuple, list)) else ""
    bound = error.validator_value
    match str(error.validator):
        case "required":
            lacking = _lacking(error, typed, path) or ""
            inner = error.schema.get("properties", {}).get(lacking, {})
            example = (inner.get("examples") or ["..."])[0]
            return Message("schema.required", {"key": lacking}), Message(
                "schema.required_hint", {"line": f"{lacking}: {example}"}
            )
        case "enum":
            near = get_close_matches(found.lower(), [str(word) for word in bound], n=1, cutoff=0.5)
            allowed = ", ".join(str(word) for word in bound)
            hint = Message("type.did_you_mean", {"name": near[0]}) if near else None
            return Message("schema.enum", {"found": found, "allowed": allowed}), hint
        case "const":
            return Message("schema.const", {"found": found, "expected": str(bound)}), Message("schema.const_hint")
        case "pattern":
            example = (error.schema.get("examples") or ["?"])[0]
            return Message("schema.pattern", {"found": found}), Message(
                "schema.pattern_hint", {"example": str(example)}
            )
        case "exclusiveMinimum":
            return Message("schema.above", {"found": found, "bound": str(bound)}), None
        case "minimum":
            return Message("schema.at_least", {"found": found, "bound": str(bound)}), None
        case "maximum":
            return Message("schema.at_most", {"found": found, "bound": str(bound)}), None
        case "minItems" | "minLength" | "minProperties":
            return Message("schema.too_few"), None
        case "maxLength":
            return Message("schema.too_long", {"bound": str(bound)}), None
        case _:
            return Message("schema.other", {"reason": error.message}), None


def _node_at(root: Node, path: Path) -> Node:
    node = root
    for step in path:
        found = child_of(node, step)
        if found is None:
            return node
        node = found[1]
    return node
