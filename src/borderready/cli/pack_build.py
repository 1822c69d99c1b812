# SPDX-License-Identifier: Apache-2.0
"""`borderready pack build`: a pack folder to a zip."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from borderready.cli.exits import ExitCode
from borderready.cli.session import print_plain, rules_dir, write_whole
from borderready.cli.tell import tell_lines
from borderready.errors import UsageError
from borderready.model import Message


def build(
    folder: Annotated[
        Path | None, typer.Argument(help="Folder of the pack; the rule base of the program if left out.")
    ] = None,
    out: Annotated[
        Path, typer.Option("--out", metavar="DIR", help="Folder for the zip; this one if left out.")
    ] = Path(),
    news: Annotated[bool, typer.Option("--news", help="Print the news of this version, too.")] = False,
    lang: Annotated[str | None, typer.Option("--lang", help="en, vi or zh; the locale's if left out.")] = None,
) -> int:
    """Build the zip of a pack: the same tree gives the same bytes, on any day and machine.

    Exit code 5 when the pack cannot be read, or when VERSION and the top of NEWS.md disagree.

    Example: borderready pack build rules --out dist
    """
    from borderready.cli.chosen_pack import judge_readable
    from borderready.pack.build import read_folder, seal_files, write_zip
    from borderready.report.show import clean

    root = rules_dir(folder)
    manifest, contents = seal_files(read_folder(root), partial(judge_readable, folder=root), file=str(root))
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        args = {"file": str(out), "reason": error.strerror or str(error)}
        raise UsageError(Message("cli.cannot_write", args), Message("cli.cannot_write_hint")) from error
    path = out / f"{manifest.name}-{manifest.version}.zip"
    write_whole(path, write_zip(contents))
    args = {"file": str(path), "files": str(len(manifest.files)), "sha256": manifest.digest}
    tell_lines([Message("packs.built", args)], lang)
    if news:
        print_plain("".join(f"{clean(line)}\n" for line in manifest.news.split("\n")))
    return ExitCode.READY
