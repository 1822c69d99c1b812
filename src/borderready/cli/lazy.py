# SPDX-License-Identifier: Apache-2.0
"""Groups of commands that are built when they are asked for: those who only check need not wait for them."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

import typer.main
from typer.core import TyperGroup


class NoticeGroup(TyperGroup):
    """The commands of `borderready notice`."""

    _built: MutableMapping[str, Any] | None = None

    @property
    def commands(self) -> MutableMapping[str, Any]:
        """Return the commands, made on the first look."""
        if self._built is None:
            from borderready.cli.notice import notice_app

            self._built = typer.main.get_group(notice_app).commands
        return self._built

    @commands.setter
    def commands(self, commands: MutableMapping[str, Any]) -> None:
        """Leave aside the empty set that the outer app gives to every group."""
