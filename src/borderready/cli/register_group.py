# SPDX-License-Identifier: Apache-2.0
"""`borderready register` and its commands."""

from __future__ import annotations

import typer

from borderready.cli.register import import_
from borderready.cli.register_act import delist, remove, resume, suspend
from borderready.cli.register_look import diff, export, list_, show_

register_app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
register_app.command("import")(import_)
register_app.command("list")(list_)
register_app.command("show")(show_)
register_app.command()(diff)
register_app.command()(export)
register_app.command()(suspend)
register_app.command()(resume)
register_app.command()(delist)
register_app.command()(remove)
