# SPDX-License-Identifier: Apache-2.0
"""What a folder of findings says about itself, and what of it is taken away."""

from __future__ import annotations

from pathlib import Path

import pytest

from borderready.errors import UsageError
from borderready.scale.state import describe, opened, read_parts
from borderready.scale.work import unpack, work_on
from tests.scale.build import EXAMPLES, make_kit, parts_in, shards_of

OLD = f"part-{'0' * 32}.parquet"


def write_old(out: Path) -> None:
    """Write what another run left, and what is not ours."""
    out.mkdir()
    for name in (OLD, ".part-0.tmp", "run.json", "_SUCCESS", "part-0000.parquet"):
        (out / name).write_text("{}")


def names_in(out: Path) -> set[str]:
    return {path.name for path in out.iterdir()}


def test_findings_of_another_run_are_left_as_they_are(tmp_path: Path) -> None:
    out = tmp_path / "out"
    write_old(out)
    before = names_in(out)
    with (
        pytest.raises(UsageError) as raised,
        opened(out, describe(make_kit(tmp_path), shard_manifests=1), is_fresh=False),
    ):
        pass
    (fault,) = raised.value.faults
    assert (fault.what.key, fault.what.args["names"]) == (
        "scale.other_run",
        "form, engine, rule_base, registers, notices, waivers, settings, options",
    )
    assert names_in(out) == before | {".lock"}


def test_fresh_run_takes_away_ours_and_nothing_else(tmp_path: Path) -> None:
    out = tmp_path / "out"
    write_old(out)
    with opened(out, describe(make_kit(tmp_path), shard_manifests=1), is_fresh=True):
        assert names_in(out) == {"part-0000.parquet", "run.json", ".lock"}


def test_whole_parts_of_the_plan_are_kept_and_others_taken_away(tmp_path: Path) -> None:
    """A part that was damaged on the disk is done again."""
    folder, out = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    out.mkdir()
    for path in EXAMPLES[:3]:
        (folder / path.name).write_bytes(path.read_bytes())
    shards = shards_of(folder, 1)
    for shard in shards:
        work_on(shard, unpack(make_kit(folder)), out=out, compared=None, inputs="")
    damaged = out / f"part-{shards[0].id}.parquet"
    damaged.write_bytes(damaged.read_bytes()[:-20])
    kept = read_parts(out, [shard.id for shard in shards[:2]])
    assert list(kept) == [shards[1].id]
    assert [path.name for path in parts_in(out)] == [f"part-{shards[1].id}.parquet"]
