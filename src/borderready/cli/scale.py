# SPDX-License-Identifier: Apache-2.0
"""`borderready scale`: the same check on a Ray cluster, from folders of manifests to a folder of findings."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from borderready import __version__
from borderready.cli.check import FailOn
from borderready.cli.exits import exit_code_of
from borderready.cli.progress import Advance, shown_progress
from borderready.cli.session import choose_language, load_rules, make_console, make_layout
from borderready.errors import UsageError
from borderready.i18n import say
from borderready.model import Force, Message, Register, Verdict

if TYPE_CHECKING:
    from borderready.scale.part import Counts
    from borderready.scale.shard import Shard

SHARD_MANIFESTS = 1000
SHARD_BYTES = 32 * 1024 * 1024


def scale(
    inputs: Annotated[
        list[str],
        typer.Argument(help="Folders, files or patterns: NDJSON, Parquet, YAML, JSON.", metavar="INPUT..."),
    ],
    out: Annotated[Path, typer.Option("--out", metavar="FOLDER", help="Where the findings go, as Parquet.")],
    address: Annotated[
        str | None,
        typer.Option("--address", metavar="HOST:PORT", help="A Ray cluster, or auto; this machine's own if left out."),
    ] = None,
    shard_manifests: Annotated[
        int, typer.Option("--shard-manifests", metavar="N", min=1, help="Most manifests that one task checks.")
    ] = SHARD_MANIFESTS,
    registers: Annotated[
        Path | None,
        typer.Option("--registers", help="Folder with lists of codes (CSV); registers/ beside each file if left out."),
    ] = None,
    rules: Annotated[
        Path | None, typer.Option("--rules", help="Another rule base: folder, zip or NAME@VERSION.")
    ] = None,
    fail_on: Annotated[FailOn, typer.Option("--fail-on", help="What makes a manifest not ready.")] = FailOn.BLOCKING,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Write what passed, too.")] = False,
    fresh: Annotated[bool, typer.Option("--fresh", help="Begin anew: take away what an earlier run wrote.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Show no progress.")] = False,
    lang: Annotated[str | None, typer.Option("--lang", help="en, vi or zh; the locale's if left out.")] = None,
) -> int:
    """Check very many manifests on a Ray cluster; the findings go to a folder of Parquet files.

    Needs the extra: pip install 'borderready[ray]'. A run that was stopped goes on where it was. The exit codes are
    those of check.

    Example: borderready scale outbox --out findings
    """
    _need("ray", "pyarrow")
    from borderready.scale.parquet import count_rows
    from borderready.scale.run import check_all
    from borderready.scale.shard import Limits, plan
    from borderready.scale.state import describe, opened
    from borderready.scale.work import Kit, pack_registers

    language = choose_language(lang)
    folder = Path(os.path.abspath(out))
    names = _names_of(inputs, folder)
    kit = Kit(
        engine=__version__,
        rule_base=load_rules(rules),
        registers=pack_registers(_registers_for(names, registers)),
        fail_on=Force.WARNS if fail_on is FailOn.WARNING else Force.BLOCKS,
        passes=verbose,
    )
    limits = Limits(manifests=shard_manifests, size_bytes=SHARD_BYTES)
    shown = partial(_shown_pass, language=language, quiet=quiet)
    with opened(folder, describe(kit, shard_manifests=shard_manifests), is_fresh=fresh):
        shards = tuple(plan(names, limits, count_rows))
        total = check_all(shards, kit, out=folder, address=address, shown=shown)
    _print_summary(total, language)
    return exit_code_of(Verdict(name) for name, count in total.items() if count)


@contextlib.contextmanager
def _shown_pass(key: str, finished: int, todo: Sequence[Shard], *, language: str, quiet: bool) -> Iterator[Advance]:
    """Say on standard error which pass begins, and how far it is."""
    if todo and not quiet:
        args = {"finished": str(finished), "shards": str(finished + len(todo))}
        sys.stderr.write(f"{say(Message(key, args), language)}\n")
    with shown_progress(sum(shard.size_bytes for shard in todo), language=language, quiet=quiet) as advance:
        yield advance


def _need(*modules: str) -> None:
    """Raise UsageError when a module that only this command needs is not installed."""
    for module in modules:
        if find_spec(module) is None:
            raise UsageError(Message("scale.no_extra", {"module": module}), Message("scale.no_extra_hint"))


def _names_of(inputs: Sequence[str], out: Path) -> tuple[str, ...]:
    """Return the files to check, but those in the folder of findings."""
    from borderready.batch.discover import STDIN, discover, is_manifest_name
    from borderready.scale.shard import PARQUET

    def is_wanted(name: str) -> bool:
        return is_manifest_name(name) or (name.lower().endswith(PARQUET) and not name.startswith("."))

    if STDIN in inputs:
        raise UsageError(Message("scale.stdin"), Message("scale.stdin_hint"))
    found = discover(inputs, read_list=_read_list, is_wanted=is_wanted)
    home = Path(os.path.realpath(out))
    return tuple(name for name in found.names if home not in Path(os.path.realpath(name)).parents)


def _read_list(given: str) -> str:
    name = given.removeprefix("@")
    try:
        return Path(name).read_text("utf-8")
    except (OSError, ValueError) as error:
        args = {"file": name, "reason": str(error)}
        raise UsageError(Message("batch.no_list", args), Message("batch.no_list_hint")) from error


def _registers_for(names: Sequence[str], asked: Path | None) -> Mapping[str, Mapping[str, Register]]:
    """Return the registers by the folder of the files: those of the folder named, else of `registers/` beside them."""
    from borderready.read.register import read_registers
    from borderready.scale.work import folder_of

    folders = dict.fromkeys(map(folder_of, names))
    if asked is not None:
        return dict.fromkeys(folders, read_registers(asked, shown_as=asked.as_posix()))
    beside = {folder: Path(folder) / "registers" for folder in folders}
    return {folder: read_registers(path, shown_as=path.as_posix()) for folder, path in beside.items() if path.is_dir()}


def _print_summary(total: Counts, language: str) -> None:
    from collections import Counter

    from borderready.report.as_text import print_summary
    from borderready.report.terminal import show

    console = make_console()
    layout = make_layout(console, language)
    print_summary(Counter({Verdict(name): count for name, count in total.items()}), layout)
    show(layout, console)
