# SPDX-License-Identifier: Apache-2.0
"""`borderready pack update`: the newest pack of a repository. The only command that may open a socket."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from borderready import __version__
from borderready.cli.exits import ExitCode
from borderready.cli.session import choose_language, make_console, make_layout, rules_dir
from borderready.cli.settings import load_settings
from borderready.cli.update_extra import need_extra
from borderready.errors import UsageError
from borderready.model import Message

if TYPE_CHECKING:
    from borderready.report.terminal import Layout
    from borderready.update.client import Asked, Outcome

_OWN = "cn"


def update(
    name: Annotated[str | None, typer.Argument(help="The pack; cn if left out.", show_default=False)] = None,
    from_: Annotated[
        str | None, typer.Option("--from", metavar="URL|FOLDER", help="Repository: http, https or a mirror folder.")
    ] = None,
    root: Annotated[
        Path | None, typer.Option("--root", metavar="FILE", help="Root to trust; needed once for each repository.")
    ] = None,
    proxy: Annotated[
        str | None, typer.Option("--proxy", metavar="URL", help="Proxy for a server; none if left out.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Look, and change nothing.")] = False,
    lang: Annotated[str | None, typer.Option("--lang", help="en, vi or zh; the locale's if left out.")] = None,
    config_file: Annotated[
        Path | None, typer.Option("--config", metavar="FILE", help="Configuration; the nearest one if left out.")
    ] = None,
    no_config: Annotated[bool, typer.Option("--no-config", help="Read no configuration.")] = False,
) -> int:
    """Install the newest pack that a repository offers and this program can read, and use it.

    The repository must prove that it is the newest state, unaltered and signed; else nothing changes (exit code 5).
    Needs the extra: pip install 'borderready[update]'.

    Example: borderready pack update --from https://packs.example.invalid --root root.json
    """
    settings = load_settings(
        {"repository": from_, "repository-pack": name, "language": lang}, config=config_file, no_config=no_config
    )
    need_extra()
    import platformdirs

    from borderready.cli.chosen_pack import judge_readable, terms_of
    from borderready.update.address import read_address, read_proxy
    from borderready.update.client import Asked, update_pack
    from borderready.update.install import current_version, install_pack

    if settings.repository is None:
        raise UsageError(Message("update.no_address"), Message("update.no_address_hint"))
    data = Path(platformdirs.user_data_dir("borderready", appauthor=False))
    packs = data / "packs"
    wanted = settings.repository_pack or _OWN
    asked = Asked(
        name=wanted,
        address=read_address(settings.repository),
        root=root,
        proxy=read_proxy(proxy) if proxy is not None else None,
        is_trial=dry_run,
        engine=__version__,
        current=current_version(wanted, packs, rules_dir(None)),
    )
    install = partial(install_pack, root=packs, terms=terms_of(settings.trust), judge=judge_readable)
    outcome = update_pack(asked, data / "repositories", install, now=datetime.now(UTC))
    _show(asked, outcome, choose_language(settings.language))
    return ExitCode.READY


def _show(asked: Asked, outcome: Outcome, language: str) -> None:
    from rich.text import Text

    from borderready.report.terminal import show

    console = make_console()
    layout = make_layout(console, language)
    layout.add_wrapped(Text(layout.say(_headline(asked, outcome)), "bold"))
    if outcome.taken is not None:
        _add_news(outcome, layout)
    choice = outcome.choice
    if choice.too_new is not None:
        pack = choice.too_new
        args = {"name": pack.name, "version": pack.version, "engine": pack.engine or "", "own": asked.engine}
        layout.add_wrapped(Text(layout.say(Message("update.needs_engine", args))))
    if outcome.taken is None and not choice.is_offered:
        args = {"name": asked.name, "version": asked.current or ""}
        layout.add_wrapped(Text(layout.say(Message("update.not_offered", args))))
    layout.add_wrapped(Text(layout.say(_validity(outcome))))
    show(layout, console)


def _headline(asked: Asked, outcome: Outcome) -> Message:
    args = {"name": asked.name, "before": asked.current or "", "address": asked.address.shown}
    if outcome.taken is None:
        newest = outcome.choice.newest
        return Message("update.nothing_newer", {**args, "offered": newest.version if newest is not None else ""})
    keys = ("update.trial", "update.trial_first") if asked.is_trial else ("update.done", "update.done_first")
    return Message(keys[asked.current is None], {**args, "after": outcome.taken.version})


def _add_news(outcome: Outcome, layout: Layout) -> None:
    """Add the news of every version that was passed over, too, newest first, in the words of the pack."""
    from rich.text import Text

    from borderready.report.show import clean

    for pack in outcome.choice.between:
        if pack.news.strip():
            layout.add(layout.say(Message("update.news", {"version": pack.version})))
            for line in pack.news.strip().splitlines():
                layout.add_wrapped(Text(clean(line)), "  ")


def _validity(outcome: Outcome) -> Message:
    from borderready.update.role import day_of

    role, first = min(outcome.until.items(), key=lambda item: item[1])
    return Message("update.valid", {"until": day_of(first), "role": role, "root": day_of(outcome.until["root"])})
