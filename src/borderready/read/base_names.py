# SPDX-License-Identifier: Apache-2.0
"""The names that a pack finds in its base: it may use them all, and give none of them another meaning."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from borderready.read.rule import as_mapping, as_text, texts_of
from borderready.read.table import make_table

if TYPE_CHECKING:
    from borderready.read.rule_base import PackData


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseNames:
    """What a base defines, by kind; empty for a pack that stands alone.

    Attributes:
        gates: Gates and ports of its table, None where it has none.
        never: Those of its rules that say `waivable: never`.
    """

    rules: frozenset[str] = frozenset()
    never: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    products: frozenset[str] = frozenset()
    instruments: frozenset[str] = frozenset()
    tables: frozenset[str] = frozenset()
    gaps: frozenset[str] = frozenset()
    notices: frozenset[str] = frozenset()
    gates: frozenset[str] | None = None


def names_in(base: PackData | None) -> BaseNames:
    """Return the names that the data of a base define; a group counts where a product belongs to it."""
    if base is None:
        return BaseNames()
    groups = (group for entry in base.products.values() for group in texts_of(as_mapping(entry)["groups"]))
    rules = [rule for rule, _ in base.rules]
    gates = next((table for table in base.tables if table[0]["id"] == "gates"), None)
    return BaseNames(
        rules=frozenset(as_text(rule["id"]) for rule in rules),
        never=frozenset(as_text(rule["id"]) for rule in rules if rule.get("waivable") == "never"),
        groups=frozenset(groups),
        products=frozenset(base.products),
        instruments=frozenset(as_text(entry["id"]) for entry in base.instruments),
        tables=frozenset(as_text(description["id"]) for description, _ in base.tables),
        gaps=frozenset(as_text(entry["id"]) for entry in base.gaps),
        notices=frozenset(as_text(entry["id"]) for entry in base.notices),
        gates=None if gates is None else frozenset(row.cells["gate"] for row in make_table(*gates).rows),
    )
