# SPDX-License-Identifier: Apache-2.0
"""`borderready pack new`: a pack of your own."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from borderready import __version__
from borderready.cli.exits import ExitCode
from borderready.cli.pack_put import SLUG, Lang, judge, tell
from borderready.cli.session import today_in_china
from borderready.errors import UsageError
from borderready.model import Message, Texts


def new(
    name: Annotated[str, typer.Argument(help="Name of the pack: small letters, digits and dashes.")],
    extends: Annotated[
        str | None, typer.Option("--extends", metavar="PACK", help="Pack that it extends, such as 'cn >=2026.11'; cn.")
    ] = None,
    alone: Annotated[bool, typer.Option("--alone", help="Extend none: a rule base of its own.")] = False,
    dir_: Annotated[
        Path | None,
        typer.Option("--dir", metavar="DIR", help="Folder to make; NAME in the working folder if left out."),
    ] = None,
    title: Annotated[
        list[str] | None, typer.Option("--title", metavar="LANG=TEXT", help="What it is, in en, vi, zh.")
    ] = None,
    lang: Lang = None,
) -> int:
    """Make a pack of your own: one invented example that shows how, ready for pack lint and pack test.

    Example: borderready pack new acme --title "en=House rules of Acme"
    """
    from borderready.cli.ask_for import parse_texts
    from borderready.pack.draft import draft_pack
    from borderready.pack.put import put_folder
    from borderready.read.pack_manifest import BUILT_IN

    if not re.fullmatch(SLUG, name) or len(name) > 60:
        raise UsageError(Message("new.bad_name", {"name": name}), Message("new.bad_name_hint"))
    if name == BUILT_IN:
        raise UsageError(Message("extend.reserved", {"name": name}))
    if alone and extends is not None:
        raise UsageError(Message("new.alone"))
    target = dir_ or Path(name)
    told = parse_texts(title or [], "title")
    day = today_in_china()
    files = draft_pack(
        name,
        Texts(
            en=told.get("en", f"House rules of {name}"),
            vi=told.get("vi", f"Quy tắc riêng của {name}"),
            zh=told.get("zh", f"{name} 内部规则"),
        ),
        extends=None if alone else _with_version(extends or BUILT_IN, target),
        engine=__version__,
        version=f"{day[:4]}.{int(day[5:7])}.0",
        day=day,
    )
    judge(target, {}, files)
    put_folder(target, files)
    tell(Message("new.pack", {"name": name, "folder": str(target), "count": str(len(files))}), lang)
    return ExitCode.READY


def _with_version(extends: str, target: Path) -> str:
    """Return a base with a range of versions: from the one that is here on, where none was given."""
    from borderready.read.extend import find_beside
    from borderready.read.rule_base import load_pack_files

    base, _, versions = extends.strip().partition(" ")
    folder = find_beside(base, target) if re.fullmatch(SLUG, base) else None
    if folder is None:
        raise UsageError(Message("extend.no_base", {"name": base}))
    if versions.strip():
        return f"{base} {versions.strip()}"
    version = load_pack_files(folder, wants=lambda file: file == "VERSION")["VERSION"].decode("utf-8", "replace")
    numbers = re.match(r"[0-9]+(?:\.[0-9]+)?", version.strip())
    return f"{base} >={numbers[0]}" if numbers is not None else base
