# SPDX-License-Identifier: Apache-2.0
"""Commands that are built when they are asked for: those who only check need not wait for the others."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from importlib import import_module
from typing import Any

import typer.main
from typer.core import TyperGroup

# Where each command stands, and each group: its module in this package, and the function or the app in it.
COMMANDS = {
    "check": ("check", "check"),
    "explain": ("explain", "explain"),
    "rules": ("lists", "rules"),
    "products": ("lists", "products"),
    "gaps": ("knowledge", "gaps"),
    "coverage": ("knowledge", "coverage"),
    "schema": ("schema", "schema"),
    "config": ("config", "config"),
    "scale": ("scale", "scale"),
}
GROUPS = {
    "baseline": ("baseline", "baseline_app"),
    "ledger": ("ledger", "ledger_app"),
    "notice": ("notice", "notice_app"),
    "pack": ("pack", "pack_app"),
    "register": ("register_group", "register_app"),
}


class LazyApp(TyperGroup):
    """The commands of the program, of which each is made on the first look."""

    def __init__(self, *, commands: Mapping[str, Any], **attributes: Any) -> None:
        unbuilt: dict[str, Any] = dict.fromkeys(COMMANDS)
        super().__init__(commands={**unbuilt, **commands}, **attributes)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Return a command by its name, None where there is none."""
        if cmd_name in COMMANDS and self.commands[cmd_name] is None:
            alone = typer.Typer(rich_markup_mode=None, add_completion=False)
            alone.command(cmd_name)(_found(*COMMANDS[cmd_name]))
            self.commands[cmd_name] = typer.main.get_command(alone)
        return super().get_command(ctx, cmd_name)


class LazyGroup(TyperGroup):
    """The commands of a group, made on the first look."""

    _built: MutableMapping[str, Any] | None = None

    @property
    def commands(self) -> MutableMapping[str, Any]:
        """Return the commands by name."""
        if self._built is None:
            self._built = typer.main.get_group(_found(*GROUPS[self.name or ""])).commands
        return self._built

    @commands.setter
    def commands(self, commands: MutableMapping[str, Any]) -> None:
        """Leave aside the empty set that the outer app gives to every group."""


def _found(module: str, name: str) -> Any:
    return getattr(import_module(f"borderready.cli.{module}"), name)
