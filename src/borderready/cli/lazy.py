# SPDX-License-Identifier: Apache-2.0
"""Groups of commands that are built when they are asked for: those who only check need not wait for them."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import typer.main
from typer.core import TyperGroup


class NoticeGroup(TyperGroup):
    """The commands of `borderready notice`."""

    module = "borderready.cli.notice"
    app = "notice_app"
    _built: dict[str, Any] | None = None

    @property
    def commands(self) -> dict[str, Any]:
        """Return the commands, made on the first look."""
        if self._built is None:
            group = typer.main.get_group(getattr(import_module(self.module), self.app))
            self._built = dict(group.commands)
        return self._built

    @commands.setter
    def commands(self, commands: dict[str, Any]) -> None:
        """Take the empty set that the outer app gives to every group."""
