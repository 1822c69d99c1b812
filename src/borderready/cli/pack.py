# SPDX-License-Identifier: Apache-2.0
"""`borderready pack`: tools for the teams who keep the rules, a file for each command."""

from __future__ import annotations

import typer

from borderready.cli.pack_cover import cover
from borderready.cli.pack_diff import diff
from borderready.cli.pack_fmt import fmt
from borderready.cli.pack_impact import impact
from borderready.cli.pack_lint import lint
from borderready.cli.pack_mutate import mutate
from borderready.cli.pack_new import new
from borderready.cli.pack_new_instrument import new_instrument
from borderready.cli.pack_new_rule import new_rule
from borderready.cli.pack_stale import stale
from borderready.cli.pack_test import test
from borderready.cli.pack_upcoming import upcoming

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
