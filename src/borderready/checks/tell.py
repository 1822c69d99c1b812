# SPDX-License-Identifier: Apache-2.0
"""`tell`: tells what a person should know. It never decides and never blocks."""

from __future__ import annotations

from borderready.checks.context import Context, Options
from borderready.model import Message, Outcome, Status

KIND = "tell"
OPTIONS = {"type": "object", "additionalProperties": False, "properties": {}}


def check(context: Context, field: str, options: Options) -> tuple[Outcome, ...]:
    """Return the one outcome of this kind."""
    return (Outcome(status=Status.MANUAL, path=context.view.path),)


def say(options: Options) -> Message:
    """Return what is asked, in words."""
    return Message("check.tell.say")
