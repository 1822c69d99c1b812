# SPDX-License-Identifier: Apache-2.0
"""`borderready schema`: the published JSON Schemas, for editors and other tools."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from borderready.cli.exits import ExitCode


class SchemaName(StrEnum):
    """The schemas that are published."""

    MANIFEST = "manifest"
    CONFIG = "config"
    WAIVERS = "waivers"
    BASELINE = "baseline"
    PACK = "pack"
    RULE = "rule"
    CASES = "cases"
    INSTRUMENT = "instrument"
    PRODUCTS = "products"
    TABLE = "table"
    REPORT = "report"
    GAPS = "gaps"
    NOTICES = "notices"
    LEDGER = "ledger"
    SURVIVORS = "survivors"
    PACK_DIFF = "pack-diff"
    PACK_IMPACT = "pack-impact"
    PACK_UPCOMING = "pack-upcoming"
    PACK_STALE = "pack-stale"


def schema(name: Annotated[SchemaName, typer.Argument(help="Which schema.")]) -> int:
    """Print a JSON Schema.

    Example: borderready schema manifest > manifest.schema.json, and in the first line of a manifest
    "# yaml-language-server: $schema=./manifest.schema.json" for an editor that completes and checks as you type.
    """
    from borderready.schemas import schema_text

    typer.echo(schema_text(name))
    return ExitCode.READY
