# SPDX-License-Identifier: Apache-2.0
"""What the schema of manifests says of the place that a path of a rule leads to."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from borderready.fold import fold
from borderready.model import Rule
from borderready.paths import Key, parse_path
from borderready.schemas import load_schema

SHARED = ("reference", "shipment", "parties", "documents", "attestations")


def schema_at(path: str, rule: Rule) -> Mapping[str, Any]:
    """Return the schema of what a path of a rule finds, members of a last list included; {} where it says nothing."""
    return _schema_at(path, rule.each)


@cache
def _schema_at(path: str, each: str) -> Mapping[str, Any]:
    steps = parse_path(path)
    first = steps[0]
    assert isinstance(first, Key)
    node = _resolved(load_schema("manifest"))
    if each == "lot" and first.name not in SHARED:
        node = _inner(_inner(node, "lots"), None)
    elif each not in ("lot", "shipment") and first.name not in (*SHARED, "lots"):
        node = _inner(_inner(node, "documents"), None)
    for step in steps:
        node = _inner(node, step.name if isinstance(step, Key) else None)
    return _inner(node, None) if node.get("type") == "array" else node


def choices_at(path: str, rule: Rule) -> frozenset[str] | None:
    """Return the only words that a manifest can have at a place, folded; None where it can have others."""
    schema = schema_at(path, rule)
    if schema.get("type") == "boolean":
        return frozenset(("true", "false"))
    choices = schema.get("enum")
    return None if choices is None else frozenset(fold(str(choice)) for choice in choices)


def _inner(node: Mapping[str, Any], name: str | None) -> Mapping[str, Any]:
    """Return the schema of a key, or without a name that of the members of a list."""
    found = node.get("items", {}) if name is None else node.get("properties", {}).get(name, {})
    return _resolved(found) if isinstance(found, Mapping) else {}


def _resolved(node: Mapping[str, Any]) -> Mapping[str, Any]:
    while "$ref" in node:
        target: Any = load_schema("manifest")
        for part in str(node["$ref"]).removeprefix("#/").split("/"):
            target = target[part]
        node = target
    return node
