# SPDX-License-Identifier: Apache-2.0
"""The published schemas: each is sound, and every key of each says what it is."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from importlib.resources import files
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from borderready.schemas import NAMES, load_schema, schema_text

Schema = Mapping[str, Any]
_INNER = ("items", "additionalProperties", "contains", "not", "if", "then", "else")


def _walk(schema: Schema, path: str) -> Iterator[tuple[str, Schema]]:
    """Yield every schema within a schema by its path."""
    yield path, schema
    for group in ("properties", "$defs", "patternProperties"):
        for name, inner in schema.get(group, {}).items():
            yield from _walk(inner, f"{path}.{name}")
    for name in _INNER:
        if isinstance(schema.get(name), Mapping):
            yield from _walk(schema[name], f"{path}.{name}")
    for group in ("anyOf", "oneOf", "allOf", "prefixItems"):
        for index, inner in enumerate(schema.get(group, ())):
            yield from _walk(inner, f"{path}.{group}[{index}]")


def _keys(schema: Schema, path: str) -> Iterator[tuple[str, Schema]]:
    """Yield what stands for a key that a person writes or reads, and the schema itself."""
    yield path, schema
    for place, outer in _walk(schema, path):
        for group in ("properties", "$defs", "patternProperties"):
            yield from ((f"{place}.{name}", inner) for name, inner in outer.get(group, {}).items())
        if isinstance(outer.get("additionalProperties"), Mapping):
            yield f"{place}.*", outer["additionalProperties"]


def test_every_schema_file_has_a_name() -> None:
    found = [file.name for file in files("borderready.schemas").iterdir() if file.name.endswith(".json")]
    assert sorted(found) == sorted(f"{name}.schema.json" for name in NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_schema_is_sound(name: str) -> None:
    schema = load_schema(name)
    Draft202012Validator.check_schema(schema)
    assert schema == json.loads(schema_text(name))
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"


@pytest.mark.parametrize("name", NAMES)
def test_every_key_has_title_and_description(name: str) -> None:
    schema = load_schema(name)
    lacking = [path for path, key in _keys(schema, name) if not (key.get("title") and key.get("description"))]
    assert lacking == []


@pytest.mark.parametrize("name", ["manifest", "rule", "instrument", "products", "table"])
def test_every_place_that_an_editor_offers_has_title_and_description(name: str) -> None:
    """These are written by hand: members of lists are described, too."""
    schema = load_schema(name)
    lacking = [path for path, inner in _walk(schema, name) if not (inner.get("title") and inner.get("description"))]
    assert lacking == []


@pytest.mark.parametrize("name", NAMES)
def test_every_example_is_valid(name: str) -> None:
    schema = load_schema(name)
    bad = [
        f"{path}: {example}"
        for path, inner in _walk(schema, name)
        for example in inner.get("examples", ())
        if not Draft202012Validator(
            {**inner, "$defs": schema.get("$defs", {})}, format_checker=Draft202012Validator.FORMAT_CHECKER
        ).is_valid(example)
    ]
    assert bad == []


@pytest.mark.parametrize("name", ["manifest", "rule", "instrument", "products", "table"])
def test_every_mapping_says_whether_it_takes_other_keys(name: str) -> None:
    """Else a misspelt key would pass unseen; only the options of a rule are left to their check kind."""
    schema = load_schema(name)
    silent = [
        path
        for path, inner in _walk(schema, name)
        if inner.get("type") == "object" and "additionalProperties" not in inner
    ]
    assert [path for path in silent if not path.endswith(".options")] == []


@pytest.mark.parametrize("name", NAMES)
def test_every_required_key_exists(name: str) -> None:
    stray = [
        f"{path}.{key}"
        for path, inner in _walk(load_schema(name), name)
        for key in inner.get("required", ())
        if "properties" in inner and key not in inner["properties"]
    ]
    assert stray == []


@pytest.mark.parametrize("name", NAMES)
def test_no_key_or_value_is_one_that_yaml_loaders_take_for_a_truth_value(name: str) -> None:
    traps = {"on", "off", "yes", "no", "y", "n"}
    schema = load_schema(name)
    keys = [path for path, inner in _walk(schema, name) for key in inner.get("properties", {}) if key in traps]
    values = [path for path, inner in _walk(schema, name) for value in inner.get("enum", ()) if value in traps]
    assert (keys, values) == ([], [])
