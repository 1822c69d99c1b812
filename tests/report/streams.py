# SPDX-License-Identifier: Apache-2.0
"""Writes a run in a format, in this process: what the parent and its workers do, without the command line."""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Sequence
from contextlib import chdir
from dataclasses import replace
from pathlib import Path

from borderready import __version__
from borderready.cli.session import kind_schemas
from borderready.core import check_shipment
from borderready.model import Compared, Manifest, Message
from borderready.read.manifest import placeholder_of, read_manifests
from borderready.read.register import read_registers
from borderready.read.rule_cache import load_rule_base
from borderready.report.formats import FORMATS
from borderready.report.stream import Assembler, Failed, Result, RunInfo, Unread
from borderready.report.summary import Summary
from borderready.report.told import tell
from tests.command import MANIFESTS, PACK

EVERY_MANIFEST = ("ready", "not-ready", "undecided", "invalid", "two-lots", "long-lines", "scripts", "hostile")
FAILED = Failed(file="slow.yaml", index=0, reason=Message("run.failed_says"))


RULE_BASE = load_rule_base(PACK, kind_schemas(), cache_dir=None, engine=__version__, name="pack")


def check_files(files: Iterable[str], folder: Path = MANIFESTS) -> tuple[Result, ...]:
    """Return the results of files named as seen from a folder."""
    with chdir(folder):
        read = [manifest for file in files for manifest in read_manifests(file)]
        registers = read_registers(Path("registers"), shown_as="registers") if Path("registers").is_dir() else {}
    others = sum(isinstance(one, Manifest) for one in read) - 1
    return tuple(
        replace(check_shipment(one, RULE_BASE, registers=registers), compared_with=(Compared.RUN,) if others else ())
        if isinstance(one, Manifest)
        else Unread(file=one.file, index=one.index, sha256=one.sha256, faults=one.faults)
        for one in read
    )


def make_info(*, language: str = "en", verbose: bool = False, many: bool = True) -> RunInfo:
    """Return what is the same for all manifests of a run under the rule base of the tests."""
    return RunInfo(
        engine=__version__,
        language=language,
        instruments=RULE_BASE.instruments,
        fill=placeholder_of,
        verbose=verbose,
        pack=RULE_BASE.pack,
        many=many,
    )


def write_run(
    name: str, results: Sequence[Result], *, language: str = "en", verbose: bool = False, many: bool | None = None
) -> str:
    """Return a whole run in a format; items travel as they do from a worker."""
    info = make_info(language=language, verbose=verbose, many=len(results) > 1 if many is None else many)
    form = FORMATS[name]
    assembler, summary = Assembler(form, info), Summary()
    chunks = [assembler.begin()]
    for result in results:
        item, told = pickle.loads(pickle.dumps((form.item(result, info), tell(result, language))))
        summary.add(told)
        chunks.extend(assembler.add(item))
    chunks.append(assembler.end(summary))
    return b"".join(chunks).decode("utf-8")
