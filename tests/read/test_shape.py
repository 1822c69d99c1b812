# SPDX-License-Identifier: Apache-2.0
"""What a schema says of the type of each place."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from borderready.read.shape import FREE, Shape, shape_of, walk_keys


def _shape(schema: Mapping[str, Any]) -> Shape:
    return shape_of(schema, schema)


@pytest.mark.parametrize(
    ("schema", "kind"),
    [
        ({"type": "string"}, "text"),
        ({"type": "string", "format": "date"}, "day"),
        ({"type": "string", "format": "uri"}, "text"),
        ({"type": "integer"}, "whole"),
        ({"type": "number"}, "decimal"),
        ({"type": "boolean"}, "truth"),
        ({"type": "array"}, "sequence"),
        ({"type": "object"}, "mapping"),
        ({}, "free"),
        ({"const": 1}, "free"),
    ],
    ids=json.dumps,
)
def test_type_of_a_schema_is_a_kind(schema: dict[str, Any], kind: str) -> None:
    assert _shape(schema).kind == kind


@pytest.mark.parametrize("types", [["string", "integer"], ["integer", "string"]])
def test_text_or_number_is_text(types: list[str]) -> None:
    """So an HS code keeps its zeros, and editors that read 0810600000 as a number stay quiet."""
    assert _shape({"type": types}).kind == "text"


def test_mapping_without_word_on_other_keys_takes_them_as_they_are() -> None:
    assert _shape({"type": "object"}) == Shape(kind="mapping", extra=FREE)
    assert _shape({"type": "object", "additionalProperties": True}) == Shape(kind="mapping", extra=FREE)
    assert _shape({"type": "object", "additionalProperties": False}) == Shape(kind="mapping", extra=None)


def test_shapes_nest() -> None:
    schema = {
        "type": "object",
        "additionalProperties": {"type": "integer", "examples": [7]},
        "properties": {"list": {"type": "array", "items": {"type": "boolean", "examples": [True, False]}}},
    }
    assert _shape(schema) == Shape(
        kind="mapping",
        properties={"list": Shape(kind="sequence", items=Shape(kind="truth", example="true"))},
        extra=Shape(kind="whole", example="7"),
    )


def test_reference_leads_to_its_definition() -> None:
    schema = {
        "type": "object",
        "properties": {"start": {"title": "Start", "$ref": "#/$defs/day"}},
        "$defs": {"day": {"type": "string", "format": "date", "examples": ["2026-11-26"]}},
    }
    assert _shape(schema).properties == {"start": Shape(kind="day", example="2026-11-26")}


@pytest.mark.parametrize(
    ("examples", "example"), [([False], "false"), ([0.05, 1], "0.05"), ([16200], "16200"), ([], "...")], ids=str
)
def test_example_is_written_as_in_a_manifest(examples: list[object], example: str) -> None:
    assert _shape({"type": "number", "examples": examples}).example == example


def test_keys_are_walked_through_sequences() -> None:
    leaf = Shape(kind="text")
    lot = Shape(kind="mapping", properties={"id": leaf, "sizes": Shape(kind="sequence", items=leaf)})
    shape = Shape(kind="mapping", properties={"lots": Shape(kind="sequence", items=lot), "note": leaf})
    assert list(walk_keys(shape)) == [("lots",), ("lots", "id"), ("lots", "sizes"), ("note",)]
