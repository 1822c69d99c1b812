# SPDX-License-Identifier: Apache-2.0
"""`borderready pack add`: keeps a pack on this machine."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from borderready.cli.exits import ExitCode
from borderready.cli.tell import tell_lines
from borderready.model import Message


def add(
    file: Annotated[Path, typer.Argument(help="A zip that pack build made, or a folder.", metavar="FILE|FOLDER")],
    lang: Annotated[str | None, typer.Option("--lang", help="en, vi or zh; the locale's if left out.")] = None,
) -> int:
    """Keep a pack on this machine, beside its other versions. It is not in use before you say so: see pack use.

    Exit code 5 when it cannot be read, or is not signed as the configuration asks; then nothing is kept.

    Example: borderready pack add cn-2026.12.0.zip
    """
    from borderready.cli.chosen_pack import judge_readable, pack_store, terms_of
    from borderready.cli.settings import read_trust
    from borderready.pack.build import read_folder, seal_files
    from borderready.read.pack_manifest import MANIFEST

    store, terms = pack_store(), terms_of(read_trust())
    if file.is_dir():
        contents, readable = read_folder(file), partial(judge_readable, folder=file)
        if MANIFEST not in contents:
            _, contents = seal_files(contents, readable, file=str(file))
        kept = store.install_files(contents, terms, source=str(file), judge=judge_readable)
    else:
        kept = store.install(file, terms, judge=judge_readable)
    args = {"name": kept.name, "version": kept.version, "keys": ", ".join(kept.keys)}
    in_use = store.state().use.get(kept.name) == kept.version
    tell_lines(
        [
            Message("packs.added_signed" if kept.keys else "packs.added", args),
            *([] if in_use else [Message("packs.use_it", args)]),
        ],
        lang,
    )
    return ExitCode.READY
