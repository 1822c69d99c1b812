# SPDX-License-Identifier: Apache-2.0
"""`borderready pack list`: the packs that a check can use."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

import typer

from borderready.cli.exits import ExitCode
from borderready.cli.tell import tell_lines
from borderready.model import Message


def list_(
    lang: Annotated[str | None, typer.Option("--lang", help="en, vi or zh; the locale's if left out.")] = None,
) -> int:
    """List the packs that a check can use: which is in use, where it is from, who signed it.

    Example: borderready pack list
    """
    tell_lines(_rows(), lang)
    return ExitCode.READY


def _rows() -> Iterator[Message]:
    from borderready.cli.chosen_pack import pack_store, version_in
    from borderready.errors import Fault
    from borderready.keep.pip_packs import find_pip_packs
    from borderready.read.pack_manifest import BUILT_IN
    from borderready.read.rule_base import default_rules_dir

    store = pack_store()
    use = store.state().use
    words = {True: "packs.in_use_word", False: "packs.idle_word"}
    own = {"name": BUILT_IN, "version": version_in(default_rules_dir())}
    yield Message("packs.row_own", own, words={"state": words[BUILT_IN not in use]})
    for kept in store.versions():
        args = {"name": kept.name, "version": kept.version, "source": kept.source, "keys": ", ".join(kept.keys)}
        key = "packs.row_signed" if kept.keys else "packs.row"
        yield Message(key, args, words={"state": words[use.get(kept.name) == kept.version]})
    for pack in find_pip_packs():
        if isinstance(pack, Fault):
            yield pack.what
            continue
        args = {"name": pack.name, "version": pack.version, "source": pack.distribution}
        yield Message("packs.row_pip", args, words={"state": words[use.get(pack.name) == pack.version]})
