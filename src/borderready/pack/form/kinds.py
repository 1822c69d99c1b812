# SPDX-License-Identifier: Apache-2.0
"""Which kind of file of a pack a path names, and in which order its keys stand: that of its schema."""

from __future__ import annotations

from borderready.pack.form.tree import Many, Value
from borderready.read.rule_base import CASES_SUFFIX
from borderready.read.schema import shape_named
from borderready.read.shape import FREE, Shape

_FOLDERS = {"instruments": "instrument", "tables": "table", "gaps": "gaps", "notices": "notices"}
_NAMES = {"pack.yaml": "pack", "products.yaml": "products", "coverage.yaml": "ledger", "survivors.yaml": "survivors"}
# What stands in a block however short it is, `*` for any key and for members of a sequence.
_BLOCKS = {
    "rule": ("wordings", "wordings.*", "wordings.*.says", "wordings.*.fix"),
    "cases": ("*",),
    "pack": ("disables", "disables.*"),
    "table": ("columns",),
    "products": ("groups", "products", "products.*"),
    "gaps": ("*", "*.missing", "*.look"),
    "notices": ("*", "*.title", "*.fix"),
}


def kind_of(path: str, root: Value) -> str | None:
    """Return the schema of a file by its name and folder; of a rule, which may lie anywhere, by what it holds."""
    keys = {entry.key.value for entry in root.entries if entry.key} if isinstance(root, Many) else set()
    return kind_of_path(path) or ("rule" if "wordings" in keys or {"check", "field"} <= keys else None)


def kind_of_path(path: str) -> str | None:
    """Return the schema of a file that is no rule by its name and folder."""
    *folders, name = path.split("/")
    if name.endswith(CASES_SUFFIX):
        return "cases"
    return _NAMES.get(name) or (_FOLDERS.get(folders[-1]) if folders else None)


def is_block(kind: str | None, steps: tuple[str, ...]) -> bool:
    """Tell whether what stands at a place is written as a block however short it is; the root always is."""
    if not steps:
        return True
    blocks = _BLOCKS.get(kind or "", ())
    return ".".join(steps) in blocks or ".".join(("*",) * len(steps)) in blocks or _starred(steps) in blocks


def _starred(steps: tuple[str, ...]) -> str:
    return ".".join((*steps[:-1], "*"))


def order_keys(kind: str | None, root: Value) -> None:
    """Put the keys of every mapping into the order of the schema; those that it does not name keep theirs, behind."""
    if kind is not None:
        _order(root, shape_named(kind))


def _order(value: Value, shape: Shape) -> None:
    if not isinstance(value, Many):
        return
    if not value.is_mapping:
        for entry in value.entries:
            _order(entry.value, shape.items or FREE)
        return
    rank = {name: number for number, name in enumerate(shape.properties)}
    value.entries.sort(key=lambda entry: rank.get(entry.key.value if entry.key else "", len(rank)))
    for entry in value.entries:
        name = entry.key.value if entry.key else ""
        _order(entry.value, shape.properties.get(name) or shape.extra or FREE)
