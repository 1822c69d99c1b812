# SPDX-License-Identifier: Apache-2.0
"""The published JSON Schemas, by name: manifest, report, what a user writes beside them, and a pack's files."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any

NAMES = (
    *("manifest", "config", "waivers", "baseline", "report"),
    *("pack", "rule", "cases", "instrument", "products", "table", "survivors", "gaps", "notices", "ledger"),
    *("pack-diff", "pack-impact", "pack-upcoming", "pack-stale"),
)


@cache
def load_schema(name: str) -> dict[str, Any]:
    """Return a schema by its short name."""
    loaded: dict[str, Any] = json.loads(schema_text(name))
    return loaded


def schema_text(name: str) -> str:
    """Return a schema as it is published."""
    return files("borderready.schemas").joinpath(f"{name}.schema.json").read_text("utf-8")
