# SPDX-License-Identifier: Apache-2.0
"""`borderready config`: what holds here, and where each value came from."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from borderready.batch.job import is_excluded, settings_of
from borderready.cli.exits import ExitCode
from borderready.cli.session import choose_language, make_console, make_layout, print_plain
from borderready.cli.settings import load_settings


class ConfigFormat(StrEnum):
    """How settings are printed."""

    TEXT = "text"
    JSON = "json"


def config(
    file: Annotated[
        str | None, typer.Argument(help="A manifest: show what holds for it.", metavar="[FILE]", show_default=False)
    ] = None,
    format_: Annotated[ConfigFormat, typer.Option("--format", help="What to print.")] = ConfigFormat.TEXT,
    lang: Annotated[str | None, typer.Option("--lang", help="en, vi or zh; the locale's if left out.")] = None,
    config_file: Annotated[
        Path | None, typer.Option("--config", metavar="FILE", help="Configuration; the nearest one if left out.")
    ] = None,
    no_config: Annotated[bool, typer.Option("--no-config", help="Read no configuration.")] = False,
) -> int:
    """Show each setting and where it came from: an option, a variable, a line of a file, or the program itself.

    Example: borderready config, or borderready config banana/m.yaml for what its overrides change.
    """
    from borderready.report.as_settings import Shown, print_settings, render_settings
    from borderready.report.show import write_json
    from borderready.report.terminal import show

    settings = load_settings({"language": lang}, config=config_file, no_config=no_config)
    own = settings if file is None else settings_of(settings, file)
    shown = Shown(settings=own, manifest=file, is_excluded=file is not None and is_excluded(settings, file))
    if format_ is ConfigFormat.JSON:
        print_plain(write_json(render_settings(shown)))
        return ExitCode.READY
    console = make_console()
    layout = make_layout(console, choose_language(settings.language))
    print_settings(shown, layout)
    show(layout, console)
    return ExitCode.READY
