# SPDX-License-Identifier: Apache-2.0
"""Inputs for runs on a cluster, made from the examples, and what a local run finds in them."""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import yaml

from borderready import __version__
from borderready.across import identity_of, uses_of
from borderready.batch.job import Job, check_one, registers_beside
from borderready.batch.source import read_unit, units_of
from borderready.cli.session import kind_schemas
from borderready.fold import fold
from borderready.histories import History, make_histories
from borderready.model import Manifest, Register, Report, RuleBase
from borderready.read.manifest import Invalid
from borderready.read.register import read_registers
from borderready.read.rule_cache import load_rule_base
from borderready.scale.parquet import count_rows
from borderready.scale.rows import Row, rows_of
from borderready.scale.shard import Limits, Shard, plan
from borderready.scale.work import Kit, pack_registers
from tests.command import ROOT

EXAMPLES = tuple(sorted((ROOT / "examples").glob("*ready.yaml")))
MANY_BYTES = 1 << 30
NOTHING: Mapping[str, Register] = {}


@cache
def rule_base() -> RuleBase:
    """Return the rule base of the program."""
    return load_rule_base(ROOT / "rules", kind_schemas(), cache_dir=None, engine="test", name="cn")


@cache
def registers() -> Mapping[str, Register]:
    """Return the lists beside the examples."""
    return read_registers(ROOT / "examples" / "registers", shown_as="registers")


@cache
def _examples() -> tuple[Mapping[str, Any], ...]:
    return tuple(yaml.safe_load(path.read_text("utf-8")) for path in EXAMPLES)


def line_of(number: int) -> bytes:
    """Return a manifest on one line: an example under a reference of its own, every fifth without its documents."""
    data = {**_examples()[number % len(EXAMPLES)], "reference": f"R-{number}"}
    if number % 5 == 4:
        del data["documents"]
    return json.dumps(data, default=str, ensure_ascii=False).encode()


def lines_of(numbers: Sequence[int]) -> bytes:
    """Return manifests a line, among blank lines, nonsense and Windows line ends."""
    lines = [line_of(number) + (b"\r\n" if number % 7 == 0 else b"\n") for number in numbers]
    return b"".join([*lines[:3], b"\n", b"nonsense: [\n", *lines[3:], b"  \n"])


def write_inputs(folder: Path, manifests: int) -> None:
    """Write about so many manifests as lines, packed lines, and YAML files."""
    folder.mkdir(parents=True)
    share = manifests // 3
    (folder / "a.ndjson").write_bytes(lines_of(range(2 * share)))
    (folder / "b.jsonl.gz").write_bytes(gzip.compress(lines_of(range(2 * share, 3 * share)), mtime=0))
    for path in EXAMPLES[:share]:
        (folder / path.name).write_bytes(path.read_bytes())


def write_parquet(path: Path, texts: Sequence[str | None], *, names: Sequence[str] | None = None) -> None:
    """Write a Parquet file with row groups of ten."""
    columns = {"manifest": pa.array(texts, pa.string())}
    if names is not None:
        columns["name"] = pa.array(names, pa.string())
    pq.write_table(pa.table(columns), path, row_group_size=10)


def names_in(folder: Path) -> list[str]:
    """Return the inputs in a folder, in order."""
    return sorted(str(path) for path in folder.iterdir() if path.is_file())


def make_kit(folder: Path, **changes: Any) -> Kit:
    """Return what workers need to check the files of a folder."""
    known = pack_registers({registers_beside(str(folder / "x")): registers()})
    return Kit(**{"engine": __version__, "rule_base": rule_base(), "registers": known, **changes})


def shards_of(folder: Path, manifests: int) -> tuple[Shard, ...]:
    """Return the shards of a folder, of at most so many manifests."""
    return tuple(plan(names_in(folder), Limits(manifests=manifests, size_bytes=MANY_BYTES), count_rows))


def local_rows(names: Sequence[str], lists: Mapping[str, Register] | None = None) -> list[Row]:
    """Return the rows of a local run over files, in the order of the table; with the lists beside the examples."""
    job = Job(
        rule_base=rule_base(),
        registers=registers() if lists is None else lists,
        history_of=_histories_of(names),
    )
    return in_order(
        row
        for unit in units_of({name: name for name in names})
        for manifest in read_unit(unit)
        for row in rows(check_one(manifest, job).report if isinstance(manifest, Manifest) else manifest)
    )


def _histories_of(names: Sequence[str]) -> Callable[[Manifest], History | None]:
    """Return what gives the uses of all others in these files; the last of a reference stands for it."""
    results = [result for unit in units_of({name: name for name in names}) for result in read_unit(unit)]
    manifests = {fold(identity_of(result)): result for result in results if isinstance(result, Manifest)}
    if len(manifests) < 2:
        return lambda _: None
    uses = [use for one in manifests.values() for use in uses_of(one.data, identity_of(one), one.file)]
    history_of = make_histories(uses)
    return lambda manifest: history_of(identity_of(manifest))


def rows(result: Report | Invalid) -> Iterator[Row]:
    """Return the rows of a result, without what passed."""
    return rows_of(result, passes=False)


def read_findings(out: Path) -> list[Row]:
    """Return every row of the parts in a folder, in the order of the table."""
    return in_order(row for path in parts_in(out) for row in pq.read_table(path).to_pylist())


def parts_in(out: Path) -> list[Path]:
    """Return the parts in a folder."""
    return sorted(out.glob("part-*.parquet"))


def in_order(unordered: Iterator[Row]) -> list[Row]:
    """Return rows by file and manifest; those of one manifest stay as they are."""
    return sorted(unordered, key=lambda row: (str(row["file"]), int(str(row["index"]))))


def processes_with(text: str) -> list[int]:
    """Return the processes of this machine whose environment holds a text."""
    found = []
    for path in Path("/proc").iterdir():
        try:
            if path.name.isdecimal() and text.encode() in (path / "environ").read_bytes():
                found.append(int(path.name))
        except OSError:
            continue  # ended meanwhile
    return [pid for pid in found if pid != os.getpid()]
