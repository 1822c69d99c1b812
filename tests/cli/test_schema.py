# SPDX-License-Identifier: Apache-2.0
"""`borderready schema`: JSON Schemas that an editor uses as they are."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from borderready.schemas import NAMES, load_schema
from tests.command import run_here


@pytest.mark.parametrize("name", NAMES)
def test_schema_is_printed_as_valid_json_schema(name: str, tmp_path: Path) -> None:
    ran = run_here("schema", name, home=tmp_path)
    schema = json.loads(ran.out)
    assert (ran.code, ran.err) == (0, "")
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema == load_schema(name)
    Draft202012Validator.check_schema(schema)


def test_every_schema_of_the_package_can_be_asked_for(tmp_path: Path) -> None:
    from importlib.resources import files

    kept = [path.name.removesuffix(".schema.json") for path in files("borderready.schemas").iterdir()]
    assert sorted(NAMES) == sorted(name for name in kept if not name.startswith("_") and "." not in name)
    assert {run_here("schema", name, home=tmp_path).code for name in NAMES} == {0}


def test_schema_is_printed_without_a_rule_base(tmp_path: Path) -> None:
    """Nothing is read but the schema; no cache is written."""
    assert run_here("schema", "manifest", home=tmp_path).code == 0
    assert not (tmp_path / ".cache").exists()
