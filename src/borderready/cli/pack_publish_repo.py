# SPDX-License-Identifier: Apache-2.0
"""`borderready pack publish-repo`: a repository from built packs, for `pack update`. It opens no socket."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from borderready.cli.exits import ExitCode
from borderready.cli.session import choose_language, make_console, make_layout
from borderready.cli.update_extra import need_extra
from borderready.errors import UsageError
from borderready.model import Message

if TYPE_CHECKING:
    from borderready.update.publish import Plan, Published

_DAYS = re.compile(r"([a-z]+)=([1-9][0-9]{0,4})")
_COUNT = re.compile(r"([a-z]+)=([1-9][0-9]?)/([1-9][0-9]?)")


def publish_repo(
    repository: Annotated[Path, typer.Argument(help="Folder to publish.", metavar="REPO_FOLDER")],
    zips: Annotated[list[Path] | None, typer.Argument(help="Built packs to add.", metavar="ZIPS")] = None,
    keys: Annotated[
        list[Path] | None, typer.Option("--keys", metavar="DIR", help="Folder with private keys (repeatable).")
    ] = None,
    new: Annotated[bool, typer.Option("--new", help="Begin a repository, with keys of its own.")] = False,
    renew: Annotated[
        list[str] | None, typer.Option("--renew", metavar="ROLE", help="Sign anew with a later expiry (repeatable).")
    ] = None,
    rotate: Annotated[
        list[str] | None, typer.Option("--rotate", metavar="ROLE", help="Give a role new keys (repeatable).")
    ] = None,
    new_keys: Annotated[
        Path | None, typer.Option("--new-keys", metavar="DIR", help="Folder for keys made; the first of --keys.")
    ] = None,
    expires: Annotated[
        list[str] | None,
        typer.Option("--expires", metavar="ROLE=DAYS", help="How long a role is good for, from now on (repeatable)."),
    ] = None,
    threshold: Annotated[
        list[str] | None,
        typer.Option("--threshold", metavar="ROLE=K/N", help="With --new or --rotate: K of N keys must sign."),
    ] = None,
    withdraw: Annotated[
        list[str] | None, typer.Option("--withdraw", metavar="NAME@VERSION", help="Offer it no longer (repeatable).")
    ] = None,
    lang: Annotated[str | None, typer.Option("--lang", help="en, vi or zh; the locale's if left out.")] = None,
) -> int:
    """Make or renew a TUF repository from built packs, to be copied to a server or a mirror folder.

    Roles: root and targets (keys kept offline), snapshot and timestamp (keys of a server). Needs the extra: pip install
    'borderready[update]'.

    Example: borderready pack publish-repo repo cn-2026.12.0.zip --keys offline --keys online
    """
    need_extra()
    from borderready.update.keys import keep_apart, read_keys
    from borderready.update.publish import Plan, publish

    language = choose_language(lang)
    folders = list(keys or ())
    if not folders:
        raise UsageError(Message("repo.no_folder"), Message("repo.no_folder_hint"))
    home = new_keys or folders[0]
    keep_apart([*folders, home], repository)
    plan = Plan(
        is_new=new,
        zips=tuple(zips or ()),
        withdraw=tuple(map(_read_withdrawn, withdraw or ())),
        renew=frozenset(_known_role(role) for role in renew or ()),
        rotate=frozenset(_known_role(role) for role in rotate or ()),
        days=dict(map(_read_days, expires or ())),
        counts=dict(map(_read_count, threshold or ())),
    )
    signers = {} if new else read_keys(folders)
    published = publish(repository, plan, signers, new_keys=home, now=datetime.now(UTC))
    _show(published, plan, repository, language)
    return ExitCode.READY


def _known_role(text: str) -> str:
    from borderready.update.role import ROLES

    if text not in ROLES:
        raise UsageError(Message("repo.bad_role", {"text": text, "roles": ", ".join(ROLES)}))
    return text


def _read_days(text: str) -> tuple[str, int]:
    match = _DAYS.fullmatch(text)
    if match is None:
        raise UsageError(Message("repo.bad_days", {"text": text}), Message("repo.bad_days_hint"))
    return _known_role(match[1]), int(match[2])


def _read_count(text: str) -> tuple[str, tuple[int, int]]:
    match = _COUNT.fullmatch(text)
    if match is None or int(match[2]) > int(match[3]):
        raise UsageError(Message("repo.bad_threshold", {"text": text}), Message("repo.bad_threshold_hint"))
    return _known_role(match[1]), (int(match[2]), int(match[3]))


def _read_withdrawn(text: str) -> tuple[str, str]:
    name, _, version = text.partition("@")
    if not name or not version:
        raise UsageError(Message("repo.bad_pack", {"text": text}), Message("repo.bad_pack_hint"))
    return name, version


def _show(published: Published, plan: Plan, repository: Path, language: str) -> None:
    from rich.text import Text

    from borderready.report.terminal import show

    console = make_console()
    layout = make_layout(console, language)
    for message in _told(published, plan, repository):
        layout.add_wrapped(Text(layout.say(message)))
    show(layout, console)


def _told(published: Published, plan: Plan, repository: Path) -> Iterable[Message]:
    from borderready.update.role import ROLES, day_of

    for pack in published.added:
        yield Message("repo.added", {"pack": f"{pack.name} {pack.version}"})
    for pack in published.withdrawn:
        yield Message("repo.withdrawn", {"pack": f"{pack.name} {pack.version}"})
    if not published.signed:
        yield Message("repo.nothing")
    for path in published.keys:
        yield Message("repo.key", {"file": str(path)})
    for role in ROLES:
        args = {"role": role, "version": str(published.versions[role]), "until": day_of(published.until[role])}
        yield Message("repo.signed" if role in published.signed else "repo.unchanged", args)
    if plan.is_new:
        yield Message("repo.begun", {"root": str(repository / "metadata" / "1.root.json")})
