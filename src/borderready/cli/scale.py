# SPDX-License-Identifier: Apache-2.0
"""`borderready scale`: the same check on a Ray cluster, from folders of manifests to a folder of findings."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from borderready import __version__
from borderready.cli.check import FailOn
from borderready.cli.exits import exit_code_of
from borderready.cli.progress import Advance, shown_progress
from borderready.cli.session import choose_language, load_rules, make_console, make_layout
from borderready.errors import BorderreadyError, Fault, UsageError
from borderready.i18n import say
from borderready.model import Force, Message, Register, Verdict

if TYPE_CHECKING:
    from borderready.scale.shard import Shard
    from borderready.scale.work import Counts, Kit, Trouble

SHARD_MANIFESTS = 1000
SHARD_BYTES = 32 * 1024 * 1024
MAX_TOLD = 20


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
    rules: Annotated[Path | None, typer.Option("--rules", help="Folder of another rule base.")] = None,
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
    from borderready.scale.shard import Limits, plan
    from borderready.scale.state import add_up, describe, finish, keep_finished, opened
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
    with opened(folder, describe(kit, shard_manifests=shard_manifests), is_fresh=fresh):
        shards = tuple(plan(names, limits, count_rows))
        finished = dict(keep_finished(folder, (shard.id for shard in shards)))
        if finished and not quiet:
            counted = {"finished": str(len(finished)), "shards": str(len(shards))}
            sys.stderr.write(f"{say(Message('scale.resumed', counted), language)}\n")
        todo = [shard for shard in shards if shard.id not in finished]
        with shown_progress(sum(shard.size_bytes for shard in todo), language=language, quiet=quiet) as advance:
            finished.update(_check(todo, kit, address=address, out=folder, advance=advance))
        total = add_up(finished.values())
        finish(folder, total, len(shards))
    _print_summary(total, language)
    return exit_code_of(Verdict(name) for name, count in total.items() if count)


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


def _check(
    shards: Sequence[Shard], kit: Kit, *, address: str | None, out: Path, advance: Advance
) -> Mapping[str, Counts]:
    """Return the counts of each shard; raises UsageError or BorderreadyError when one could not be done."""
    from borderready.scale.run import check_shards, cluster
    from borderready.scale.work import Trouble

    if not shards:
        return {}
    sizes = {shard.id: shard.size_bytes for shard in shards}
    counts: dict[str, Counts] = {}
    failed: list[Trouble] = []
    with cluster(address) as ray:
        for result in check_shards(ray, shards, kit, out=out):
            if isinstance(result, Trouble):
                if result.is_final:
                    raise _error_of([result])
                failed.append(result)
                continue
            counts[result.id] = result.counts
            advance(sizes[result.id], sum(result.counts.values()))
    if failed:
        raise _error_of(failed)
    return counts


def _error_of(troubles: Sequence[Trouble]) -> BorderreadyError:
    return BorderreadyError(
        Fault(
            file="borderready",
            span=None,
            path="",
            what=Message(trouble.key, trouble.args),
            hint=Message(f"{trouble.key}_hint"),
        )
        for trouble in troubles[:MAX_TOLD]
    )


def _print_summary(total: Counts, language: str) -> None:
    from collections import Counter

    from borderready.report.as_text import print_summary
    from borderready.report.terminal import show

    console = make_console()
    layout = make_layout(console, language)
    print_summary(Counter({Verdict(name): count for name, count in total.items()}), layout)
    show(layout, console)
