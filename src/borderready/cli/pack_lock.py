# SPDX-License-Identifier: Apache-2.0
"""`borderready pack lock`, and what `check --locked` asks: the rule base is the one that was agreed on."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from borderready.cli.exits import ExitCode
from borderready.cli.session import load_rules, write_whole
from borderready.cli.tell import tell_lines
from borderready.errors import Fault, RuleBaseError
from borderready.model import Message, RuleBase

if TYPE_CHECKING:
    from borderready.settings import Settings


def lock(
    rules: Annotated[
        Path | None,
        typer.Option("--rules", help="Folder, zip or NAME@VERSION; that of the configuration if left out."),
    ] = None,
    config: Annotated[
        Path | None, typer.Option("--config", metavar="FILE", help="Configuration; the nearest one if left out.")
    ] = None,
    no_config: Annotated[bool, typer.Option("--no-config", help="Read no configuration.")] = False,
    lang: Annotated[str | None, typer.Option("--lang", help="en, vi or zh; the locale's if left out.")] = None,
) -> int:
    """Write borderready.lock beside the configuration: the rule base that a check here uses today.

    check --locked then refuses any other (exit code 5).

    Example: borderready pack lock
    """
    from borderready.cli.settings import load_settings
    from borderready.pack.lock import LOCK, write_lock

    typed = {"rules": rules.as_posix() if rules is not None else None, "language": lang}
    settings = load_settings(typed, config=config, no_config=no_config)
    asked = Path(settings.rules) if settings.rules is not None else None
    pack = load_rules(asked, trust=settings.trust).pack
    path = _path_of(settings)
    write_whole(path, write_lock(pack.chain))
    tell_lines(
        (
            Message("packs.locked", {"file": LOCK, "name": one.name, "version": one.version, "sha256": one.sha256})
            for one in pack.chain
        ),
        settings.language,
    )
    return ExitCode.READY


def judge_lock(settings: Settings, rule_base: RuleBase) -> None:
    """Raise RuleBaseError unless there is a lock, and the rule base with all that it rests on is what it names."""
    from borderready.pack.lock import LOCK, differences, read_lock

    path = _path_of(settings)
    try:
        content = path.read_bytes()
    except OSError as error:
        args = {"reason": error.strerror or str(error)}
        what, hint = Message("packs.no_lock", args), Message("packs.no_lock_hint")
        raise RuleBaseError([Fault(file=LOCK, span=None, path="", what=what, hint=hint)]) from error
    hint = Message("packs.lock_hint")
    found = tuple(differences(read_lock(content, file=LOCK), rule_base.pack.chain))
    if found:
        raise RuleBaseError(Fault(file=LOCK, span=None, path="", what=what, hint=hint) for what in found)


def _path_of(settings: Settings) -> Path:
    from borderready.pack.lock import LOCK

    return Path(settings.root or os.getcwd()) / LOCK
