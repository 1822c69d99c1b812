# SPDX-License-Identifier: Apache-2.0
"""The good manifests in data/valid: each has beside it, as JSON, what a person would say it holds."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from borderready.model import Manifest, Value
from borderready.read.manifest import Invalid, read_manifests
from tests.build import freeze
from tests.command import DATA
from tests.read.build import brief, kinds_of

VALID = DATA / "valid"
NAMES = sorted(path.stem for path in VALID.glob("*.yaml"))


def _held(name: str) -> Value:
    """Return what stands in the JSON, read by another reader than ours; numbers are as exact as they are written."""
    return freeze(json.loads((VALID / f"{name}.json").read_text("utf-8"), parse_float=Decimal))


def _data(path: Path) -> Value:
    (result,) = read_manifests(str(path))
    assert isinstance(result, Manifest), [brief(fault) for fault in result.faults]
    return result.data


@pytest.mark.parametrize("name", NAMES)
def test_manifest_holds_what_a_person_reads_in_it(name: str) -> None:
    assert kinds_of(_data(VALID / f"{name}.yaml")) == kinds_of(_held(name))


@pytest.mark.parametrize("name", NAMES)
def test_same_manifest_as_json_holds_the_same(name: str) -> None:
    assert kinds_of(_data(VALID / f"{name}.json")) == kinds_of(_held(name))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("end", ["\r\n", "\r"], ids=["CRLF", "CR"])
def test_line_ends_change_nothing(name: str, end: str, tmp_path: Path) -> None:
    text = (VALID / f"{name}.yaml").read_text("utf-8").replace("\n", end)
    (tmp_path / "m.yaml").write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert kinds_of(_data(tmp_path / "m.yaml")) == kinds_of(_held(name))


@pytest.mark.parametrize("name", NAMES)
def test_every_value_is_located_where_it_is_written(name: str) -> None:
    """The characters of a span, read as YAML, are the value."""
    path = VALID / f"{name}.yaml"
    (manifest,) = read_manifests(str(path))
    assert not isinstance(manifest, Invalid)
    lines = path.read_text("utf-8").splitlines()
    checked = 0
    for place, value in _texts(manifest.data):
        span = manifest.locate(place)
        if span.line != span.end_line:
            continue
        written = lines[span.line - 1][span.column - 1 : span.end_column - 1]
        if written.startswith(("'", '"', "&", "*", "|", ">")) or written == "|":
            continue
        assert written == value, (place, span)
        checked += 1
    assert checked >= 2


def _texts(value: Value, place: tuple[str | int, ...] = ()) -> list[tuple[tuple[str | int, ...], str]]:
    if isinstance(value, str):
        return [(place, value)]
    if isinstance(value, tuple):
        return [pair for index, member in enumerate(value) for pair in _texts(member, (*place, index))]
    if isinstance(value, (bool, int, Decimal)):
        return []
    return [pair for key, inner in value.items() for pair in _texts(inner, (*place, key))]
