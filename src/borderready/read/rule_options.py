# SPDX-License-Identifier: Apache-2.0
"""The options of a rule's wordings, typed by the schema of its check kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import yaml

from borderready.errors import Fault
from borderready.model import Path, Value
from borderready.read.rule import as_mapping, as_tuple
from borderready.read.rule_judge import fault_at
from borderready.read.schema import type_options
from borderready.read.strict_yaml import Document
from borderready.read.tree import child_of


def type_all_options(
    schema: Mapping[str, Any], data: Mapping[str, Value], document: Document, path: str
) -> tuple[tuple[Mapping[str, Value], ...], list[Fault]]:
    """Return the options of each wording, typed by the schema of the rule's check kind, and all that is wrong."""
    every: list[Mapping[str, Value]] = []
    faults: list[Fault] = []
    for index, wording in enumerate(as_tuple(data["wordings"])):
        place: Path = ("wordings", index, "options")
        given = as_mapping(wording).get("options")
        if as_mapping(wording).get("repealed") is True:
            every.append({})
            if given is not None:
                faults.append(fault_at(document, path, place, "pack.repealed_options", {}))
            continue
        node = _node_at(document, place)
        if node is None:
            node = yaml.MappingNode("tag:yaml.org,2002:map", [], *_marks(document, ("wordings", index)))
        typed, own = type_options(schema, node, document=document, file=path)
        faults.extend(replace(fault, path=f"wordings[{index}].options.{fault.path}".rstrip(".")) for fault in own)
        every.append(as_mapping(typed))
    return tuple(every), faults


def _node_at(document: Document, path: Path) -> yaml.MappingNode | yaml.SequenceNode | yaml.ScalarNode | None:
    node = document.root
    for step in path:
        found = child_of(node, step) if node is not None else None
        if found is None:
            return None
        node = found[1]
    return node


def _marks(document: Document, path: Path) -> tuple[yaml.Mark, yaml.Mark]:
    node = _node_at(document, path)
    assert node is not None
    return node.start_mark, node.end_mark
