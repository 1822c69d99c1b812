# SPDX-License-Identifier: Apache-2.0
"""`borderready pack`: tools for the teams who keep the rules, a file for each command."""

from __future__ import annotations

import typer

from borderready.cli.pack_add import add
from borderready.cli.pack_build import build
from borderready.cli.pack_cover import cover
from borderready.cli.pack_diff import diff
from borderready.cli.pack_fmt import fmt
from borderready.cli.pack_impact import impact
from borderready.cli.pack_keygen import keygen
from borderready.cli.pack_lint import lint
from borderready.cli.pack_list import list_
from borderready.cli.pack_lock import lock
from borderready.cli.pack_mutate import mutate
from borderready.cli.pack_new import new
from borderready.cli.pack_new_instrument import new_instrument
from borderready.cli.pack_new_rule import new_rule
from borderready.cli.pack_publish_repo import publish_repo
from borderready.cli.pack_remove import remove
from borderready.cli.pack_sign import sign
from borderready.cli.pack_stale import stale
from borderready.cli.pack_test import test
from borderready.cli.pack_upcoming import upcoming
from borderready.cli.pack_update import update
from borderready.cli.pack_use import use
from borderready.cli.pack_verify import verify

pack_app = typer.Typer(help="Tools for the teams who keep the rules.", no_args_is_help=True, rich_markup_mode=None)
pack_app.command("new")(new)
pack_app.command("new-rule")(new_rule)
pack_app.command("new-instrument")(new_instrument)
pack_app.command()(fmt)
pack_app.command()(lint)
pack_app.command()(test)
pack_app.command()(mutate)
pack_app.command()(cover)
pack_app.command()(diff)
pack_app.command()(impact)
pack_app.command()(upcoming)
pack_app.command()(stale)
for _command in (build, keygen, sign, verify, add, use, remove, lock):
    pack_app.command()(_command)
pack_app.command("list")(list_)
pack_app.command("publish-repo")(publish_repo)
pack_app.command()(update)
