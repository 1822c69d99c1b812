# SPDX-License-Identifier: Apache-2.0
"""`borderready pack sign`: adds a signature to a built pack."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Annotated

import typer

from borderready.cli.exits import ExitCode
from borderready.cli.session import known_day, today_in_china, write_whole
from borderready.cli.tell import tell_lines
from borderready.errors import UsageError
from borderready.model import Message

DAYS = 365


def sign(
    file: Annotated[Path, typer.Argument(help="A zip that pack build made.", metavar="ZIP", dir_okay=False)],
    key: Annotated[Path, typer.Option("--key", metavar="FILE", help="Private key, as pack keygen writes it.")],
    expires: Annotated[
        str | None, typer.Option("--expires", metavar="DATE", help="Last day it holds; 365 days from now if left out.")
    ] = None,
    lang: Annotated[str | None, typer.Option("--lang", help="en, vi or zh; the locale's if left out.")] = None,
) -> int:
    """Sign a built pack; several keys may, one after the other. The signature stands in the zip itself.

    Example: borderready pack sign cn-2026.12.0.zip --key team.key --expires 2027-11-30
    """
    from borderready.pack.build import write_zip
    from borderready.pack.sign import public_of, sign_files
    from borderready.read.pack_zip import read_zip

    today = today_in_china()
    last = known_day(expires) or (date.fromisoformat(today) + timedelta(days=DAYS)).isoformat()
    if last < today:
        raise UsageError(Message("packs.past", {"day": last}), Message("packs.past_hint"))
    try:
        private = key.read_bytes()
    except OSError as error:
        args = {"file": str(key), "reason": error.strerror or str(error)}
        raise UsageError(Message("packs.no_key", args), Message("packs.bad_key_hint")) from error
    signed = sign_files(read_zip(file), private, expires=last, file=str(file), key_file=str(key))
    write_whole(file, write_zip(signed))
    args = {"file": str(file), "key": public_of(private, file=str(key)), "expires": last}
    tell_lines([Message("packs.signed", args)], lang)
    return ExitCode.READY
