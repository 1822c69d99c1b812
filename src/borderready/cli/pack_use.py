# SPDX-License-Identifier: Apache-2.0
"""`borderready pack use`: which version of a pack answers to its name."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import typer

from borderready.cli.exits import ExitCode
from borderready.cli.session import rule_cache_dir
from borderready.cli.tell import tell_lines
from borderready.errors import UsageError
from borderready.model import Message

Pack = Annotated[
    str, typer.Argument(help="A pack as pack list names it, such as cn@2026.12.0.", metavar="NAME@VERSION")
]


def use(
    pack: Annotated[
        str,
        typer.Argument(help="A pack as pack list names it; cn alone came with the program.", metavar="NAME@VERSION|cn"),
    ],
    lang: Annotated[str | None, typer.Option("--lang", help="en, vi or zh; the locale's if left out.")] = None,
) -> int:
    """Put a version into use: for cn every check takes it, for another name those that ask for the name.

    The name cn alone puts the version into use again that came with the program.

    Example: borderready pack use cn@2026.12.0
    """
    from borderready.cli.chosen_pack import built_in, choose_named, load_choice, pack_store, terms_of
    from borderready.cli.settings import read_trust
    from borderready.read.pack_manifest import BUILT_IN

    choice = built_in() if pack == BUILT_IN else choose_named(*named(pack))
    # Judged as every later load judges it, which may be refused an older version; and compiled for them.
    rule_base = load_choice(
        replace(choice, is_pinned=False), terms_of(read_trust()), cache=rule_cache_dir(), goods=None
    )
    name, version = rule_base.pack.name, rule_base.pack.version
    is_signed = rule_base.pack.signed_by is not None
    pack_store().use(name, version if choice.named is not None else None, is_signed=is_signed)
    tell_lines([Message("packs.used", {"name": name, "version": version})], lang)
    return ExitCode.READY


def named(pack: str) -> tuple[str, str]:
    """Return name and version of NAME@VERSION; raises UsageError for anything else."""
    from borderready.read.pack_manifest import is_name, is_version

    name, _, version = pack.partition("@")
    if not is_name(name) or not is_version(version):
        raise UsageError(Message("packs.not_named", {"text": pack}), Message("packs.not_named_hint"))
    return name, version
