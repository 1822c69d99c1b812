# SPDX-License-Identifier: Apache-2.0
"""`borderready pack remove`: forgets a version of a pack."""

from __future__ import annotations

from typing import Annotated

import typer

from borderready.cli.exits import ExitCode
from borderready.cli.pack_use import Pack, named
from borderready.cli.tell import tell_lines
from borderready.model import Message


def remove(
    pack: Pack,
    lang: Annotated[str | None, typer.Option("--lang", help="en, vi or zh; the locale's if left out.")] = None,
) -> int:
    """Forget a version that is kept. Old reports that name it can then not be made again here.

    Example: borderready pack remove cn@2026.11.0
    """
    from borderready.cli.chosen_pack import pack_store

    name, version = named(pack)
    pack_store().remove(name, version)
    tell_lines([Message("packs.removed", {"name": name, "version": version})], lang)
    return ExitCode.READY
