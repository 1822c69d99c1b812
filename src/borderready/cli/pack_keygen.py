# SPDX-License-Identifier: Apache-2.0
"""`borderready pack keygen`: a key to sign packs with."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from borderready.cli.exits import ExitCode
from borderready.cli.tell import tell_lines
from borderready.errors import UsageError
from borderready.model import Message


def keygen(
    file: Annotated[Path, typer.Argument(help="Where the private key goes; it must not be there yet.", metavar="FILE")],
    lang: Annotated[str | None, typer.Option("--lang", help="en, vi or zh; the locale's if left out.")] = None,
) -> int:
    """Make a key to sign packs with (Ed25519): the private half into a file, the public half on the screen.

    Example: borderready pack keygen team.key
    """
    from borderready.pack.sign import make_key

    pair = make_key()
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as stream:
            stream.write(pair.private)
            stream.flush()
            os.fsync(stream.fileno())
    except FileExistsError as error:
        raise UsageError(Message("packs.key_there", {"file": str(file)}), Message("packs.key_there_hint")) from error
    except OSError as error:
        args = {"file": str(file), "reason": error.strerror or str(error)}
        raise UsageError(Message("cli.cannot_write", args), Message("cli.cannot_write_hint")) from error
    tell_lines(
        [Message("packs.key_made", {"file": str(file)}), Message("packs.key_public", {"key": pair.public})], lang
    )
    return ExitCode.READY
