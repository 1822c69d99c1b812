# SPDX-License-Identifier: Apache-2.0
"""Rule bases to hold against each other: the pack of the repository, the small one of the tests, and changed ones."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from borderready.cli.session import kind_schemas
from borderready.i18n import say
from borderready.model import PackId, RuleBase
from borderready.model.change import Change, PackDiff
from borderready.read.rule_base import assemble, digest_pack, load_pack_files, read_pack
from borderready.schemas import load_schema
from tests.command import PACK, ROOT


def rule_base_of(contents: Mapping[str, bytes], name: str = "pack") -> RuleBase:
    """Return the rule base of the files of a pack."""
    data = read_pack(contents, kind_schemas())
    return assemble(data, PackId(name=name, version=data.version, sha256=digest_pack(contents)))


@cache
def real() -> RuleBase:
    """Return the rule base of the repository, read once."""
    return rule_base_of(load_pack_files(ROOT / "rules"), "cn")


@cache
def small_files() -> Mapping[str, bytes]:
    """Return the files of the invented pack of the tests."""
    return load_pack_files(PACK)


def small(
    *replaced: tuple[str, str, str], without: tuple[str, ...] = (), added: Mapping[str, str] | None = None
) -> RuleBase:
    """Return the invented pack with some text replaced (file, old, new; old stands once), files left out, added."""
    contents = dict(small_files())
    for file, old, new in replaced:
        text = contents[file].decode()
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
        contents[file] = text.replace(old, new).encode()
    for file in without:
        del contents[file]
    return rule_base_of({**contents, **{file: text.encode() for file, text in (added or {}).items()}}, "pack")


def told(change: Change) -> list[str]:
    """Return the details of a change in English."""
    return [say(detail.told, "en") for detail in change.details]


def only(diff: PackDiff) -> Change:
    """Return the one change of a diff."""
    [change] = diff.changes
    return change


def write_small(folder: Path, *replaced: tuple[str, str, str]) -> Path:
    """Write the invented pack with some text replaced."""
    contents = {name: content.decode() for name, content in small_files().items()}
    for file, old, new in replaced:
        assert contents[file].count(old) == 1, f"{old!r} stands {contents[file].count(old)} times in {file}"
        contents[file] = contents[file].replace(old, new)
    for name, text in contents.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return folder


def assert_valid(text: str, schema: str) -> Any:
    """Return JSON that a published schema must take."""
    value = json.loads(text)
    faults = [fault.message for fault in Draft202012Validator(load_schema(schema)).iter_errors(value)]
    assert faults == []
    return value
