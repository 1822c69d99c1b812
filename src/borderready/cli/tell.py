# SPDX-License-Identifier: Apache-2.0
"""Lines that a command says on standard output."""

from __future__ import annotations

from collections.abc import Iterable

from borderready.cli.session import choose_language, make_console, make_layout
from borderready.model import Message


def tell_lines(messages: Iterable[Message], lang: str | None) -> None:
    """Print messages, each as lines of its own."""
    from rich.text import Text

    from borderready.report.terminal import show

    console = make_console()
    layout = make_layout(console, choose_language(lang))
    for message in messages:
        layout.add_wrapped(Text(layout.say(message)))
    show(layout, console)
