# SPDX-License-Identifier: Apache-2.0
"""Groups of commands that are built when they are asked for: those who only check need not wait for them."""

from __future__ import annotations

from collections.abc import MutableMapping
from importlib import import_module
from typing import Any

import typer.main
from typer.core import TyperGroup

# Where each group stands: its module in this package, and the app in it.
_PLACES = {
    "baseline": ("baseline", "baseline_app"),
    "ledger": ("ledger", "ledger_app"),
    "notice": ("notice", "notice_app"),
    "pack": ("pack", "pack_app"),
    "register": ("register_group", "register_app"),
}


class LazyGroup(TyperGroup):
    """The commands of a group, made on the first look."""

    _built: MutableMapping[str, Any] | None = None

    @property
    def commands(self) -> MutableMapping[str, Any]:
        """Return the commands by name."""
        if self._built is None:
            module, app = _PLACES[self.name or ""]
            made = getattr(import_module(f"borderready.cli.{module}"), app)
            self._built = typer.main.get_group(made).commands
        return self._built

    @commands.setter
    def commands(self, commands: MutableMapping[str, Any]) -> None:
        """Leave aside the empty set that the outer app gives to every group."""
