# SPDX-License-Identifier: Apache-2.0
"""`key-order`: keys stand in the order of docs/rules.md, so that every rule reads the same."""

from __future__ import annotations

from collections.abc import Iterator

import yaml

from borderready.model import Path
from borderready.pack.lint.finding import LintFinding, remark_at
from borderready.pack.view import PackView
from borderready.read.tree import Node
from borderready.schemas import load_schema

ID = "key-order"


def lint(pack: PackView, day: str) -> Iterator[LintFinding]:
    """Yield the first key out of order in a rule, a wording or a source."""
    schema = load_schema("rule")
    orders = {
        "rule": list(schema["properties"]),
        "wording": list(schema["properties"]["wordings"]["items"]["properties"]),
        "source": list(schema["$defs"]["source"]["properties"]),
        "texts": ["en", "vi", "zh"],
    }
    for file, document in pack.documents.items():
        assert document.root is not None
        for place, kind, node in _mappings(document.root):
            keys = [key.value for key, _ in node.value]
            wanted = sorted(keys, key=orders[kind].index)
            for key, right in zip(keys, wanted, strict=True):
                if key != right:
                    yield remark_at(pack, ID, file, (*place, key), f"'{key}' stands before '{right}'")
                    break


def _mappings(root: Node) -> Iterator[tuple[Path, str, yaml.MappingNode]]:
    assert isinstance(root, yaml.MappingNode)
    yield (), "rule", root
    for key, value in root.value:
        if key.value == "title" and isinstance(value, yaml.MappingNode):
            yield ("title",), "texts", value
        if key.value != "wordings" or not isinstance(value, yaml.SequenceNode):
            continue
        for index, wording in enumerate(value.value):
            yield ("wordings", index), "wording", wording
            for inner_key, inner in wording.value:
                kind = {"says": "texts", "fix": "texts", "source": "source"}.get(inner_key.value)
                if kind is not None:
                    yield ("wordings", index, inner_key.value), kind, inner
