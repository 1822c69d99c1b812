# SPDX-License-Identifier: Apache-2.0
"""On a real cluster of this machine: what a local run finds, whatever becomes of a worker."""

from __future__ import annotations

import os
import resource
import signal
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from borderready.scale.cluster import check_shards, cluster, gather_shards, send
from borderready.scale.others import build_ledger
from borderready.scale.shard import Shard
from borderready.scale.work import Done, Kit, Trouble, unpack, work_on
from tests.scale.build import (
    EXAMPLES,
    lines_of,
    local_rows,
    make_kit,
    names_in,
    parts_in,
    read_findings,
    shards_of,
    write_inputs,
    write_parquet,
)

# Ray leaves sockets and files to the collector when it is shut down.
pytestmark = pytest.mark.filterwarnings("default::ResourceWarning", "default::FutureWarning")


@pytest.fixture(scope="module")
def ray() -> Iterator[Any]:
    with cluster(None, cores=2) as ray:
        yield ray


@pytest.fixture
def out(tmp_path: Path) -> Path:
    (tmp_path / "out").mkdir()
    return tmp_path / "out"


def checking(ray: Any, shards: tuple[Shard, ...], kit: Kit, out: Path) -> Iterator[Done | Trouble]:
    """Gather what the consignments use, then check them."""
    for result in gather_shards(ray, shards, out=out):
        assert isinstance(result, Done)
    compared = build_ledger(out, shards).compared
    compared_with = compared if compared.total > 1 else None
    return check_shards(ray, shards, send(ray, kit), out=out, compared=compared_with, inputs="")


def run(ray: Any, shards: tuple[Shard, ...], kit: Kit, out: Path) -> list[Done | Trouble]:
    return list(checking(ray, shards, kit, out))


def alone(ray: Any, shards: tuple[Shard, ...], kit: Kit, out: Path) -> list[Done | Trouble]:
    """Check shards that are compared with nothing."""
    return list(check_shards(ray, shards, send(ray, kit), out=out, compared=None, inputs=""))


def test_cluster_finds_what_a_local_run_finds(ray: Any, tmp_path: Path, out: Path) -> None:
    """From lines, packed lines, and whole files; among them lines that are no manifest."""
    folder = tmp_path / "in"
    write_inputs(folder, 180)
    shards = shards_of(folder, 25)
    results = run(ray, shards, make_kit(folder), out)
    assert sorted(result.id for result in results if isinstance(result, Done)) == sorted(shard.id for shard in shards)
    expected = local_rows(names_in(folder))
    assert {row["verdict"] for row in expected} == {"ready", "not-ready", "undecided", "invalid"}
    assert read_findings(out) == expected


def test_rows_of_a_table_are_found_as_files_of_their_text_are(ray: Any, tmp_path: Path, out: Path) -> None:
    """Named ones as the files of that name; the others by the number of the row."""
    files = tmp_path / "files"
    files.mkdir()
    names = [str(files / path.name) for path in EXAMPLES]
    texts = [path.read_text("utf-8") for path in EXAMPLES]
    for name, text in zip(names, texts, strict=True):
        Path(name).write_text(text, "utf-8")
    expected = local_rows(names)
    named, numbered = tmp_path / "named", tmp_path / "numbered"
    for folder in (named, numbered):
        folder.mkdir()
        write_parquet(folder / "a.parquet", texts, names=names if folder is named else None)
        (out / folder.name).mkdir()
        run(ray, shards_of(folder, 10), make_kit(folder), out / folder.name)
    assert read_findings(out / "named") == expected
    called = str(numbered / "a.parquet")
    # What the others used is told with their file, which is another here.
    bare = [{**row, "file": called, "index": names.index(str(row["file"])), "because": None} for row in expected]
    assert [{**row, "because": None} for row in read_findings(out / "numbered")] == bare


def test_rows_that_are_no_manifest_are_told_with_their_number(ray: Any, tmp_path: Path, out: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    good = EXAMPLES[0].read_text("utf-8")
    write_parquet(folder / "a.parquet", [good, None, "[", f"{good}\n---\n{good}"])
    (folder / "b.parquet").write_bytes(b"PAR1 no more")
    write_parquet(folder / "c.parquet", [good], names=["x.yaml"])
    (folder / "d.parquet").write_bytes((folder / "c.parquet").read_bytes().replace(b"manifest", b"manifold"))
    run(ray, shards_of(folder, 10), make_kit(folder), out)
    invalid = {
        (Path(str(row["file"])).name, row["index"]): str(row["because"])[:40]
        for row in read_findings(out)
        if row["verdict"] == "invalid"
    }
    assert list(invalid) == [("a.parquet", 1), ("a.parquet", 2), ("a.parquet", 3), ("b.parquet", 0), ("d.parquet", 0)]
    assert invalid["a.parquet", 3] == "row 3 holds several manifests"
    assert invalid["d.parquet", 0] == "the file has no single column manifest"


def _working(pids: list[int]) -> int:
    """Wait for a worker to be at a shard and return its process; Ray writes what a worker does into its title."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        for pid in pids:
            if b"_check" in Path(f"/proc/{pid}/cmdline").read_bytes():
                return pid
        time.sleep(0.001)
    raise AssertionError("no worker at work")


def test_shard_of_a_worker_that_is_killed_is_done_by_another(ray: Any, tmp_path: Path, out: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.ndjson").write_bytes(lines_of(range(200)))

    def whoami() -> int:
        time.sleep(0.2)
        return os.getpid()

    pids = list(set(ray.get([ray.remote(whoami).remote() for _ in range(8)])))
    results = checking(ray, shards_of(folder, 20), make_kit(folder), out)
    first = next(results)
    killed = _working(pids)
    os.kill(killed, signal.SIGKILL)
    every = [first, *results]
    assert [type(result) for result in every] == [Done] * 11
    assert not Path(f"/proc/{killed}").exists()
    assert read_findings(out) == local_rows(names_in(folder))
    parts = {f"part-{shard.id}.parquet" for shard in shards_of(folder, 20)}
    assert {path.name for path in parts_in(out)} == parts


def test_worker_of_another_version_does_nothing(ray: Any, tmp_path: Path, out: Path) -> None:
    write_inputs(tmp_path / "in", 10)
    kit = make_kit(tmp_path / "in", engine="0.0.0")
    (trouble, *_) = alone(ray, shards_of(tmp_path / "in", 100)[:1], kit, out)
    assert isinstance(trouble, Trouble)
    assert (trouble.key, trouble.args["asked"], trouble.is_final) == ("scale.other_engine", "0.0.0", True)
    assert parts_in(out) == []


def test_fault_of_the_program_is_told_once_and_the_other_shards_are_done(ray: Any, tmp_path: Path, out: Path) -> None:
    """A shard that makes a task raise is not tried again."""
    write_inputs(tmp_path / "in", 40)
    good, bad, *_ = shards_of(tmp_path / "in", 10)
    broken = replace(bad, pieces=(replace(bad.pieces[0], start="no number"),))  # type: ignore[arg-type]
    results = {type(result).__name__: result for result in alone(ray, (broken, good), make_kit(tmp_path / "in"), out)}
    assert sorted(results) == ["Done", "Trouble"]
    trouble = results["Trouble"]
    assert isinstance(trouble, Trouble)
    assert (trouble.key, trouble.is_final) == ("scale.raised", False)
    assert [path.name for path in parts_in(out)] == [f"part-{good.id}.parquet"]


# what one task does, without a cluster


@pytest.mark.parametrize(("change", "key"), [("append", "scale.changed"), ("remove", "scale.unseen")])
def test_file_that_changes_after_planning_has_no_findings(tmp_path: Path, out: Path, change: str, key: str) -> None:
    path = tmp_path / "in" / "a.ndjson"
    path.parent.mkdir()
    path.write_bytes(lines_of(range(5)))
    (shard,) = shards_of(path.parent, 100)
    if change == "append":
        path.write_bytes(path.read_bytes() + b"\n")
    else:
        path.unlink()
    trouble = work_on(shard, unpack(make_kit(path.parent)), out=out, compared=None, inputs="")
    assert isinstance(trouble, Trouble)
    assert trouble.key == key
    assert list(out.iterdir()) == []


def test_full_disk_leaves_no_part_and_is_told(tmp_path: Path, out: Path) -> None:
    """Files may grow to a hundred bytes only, which is what a full disk does to a part."""
    write_inputs(tmp_path / "in", 20)
    shard = shards_of(tmp_path / "in", 100)[0]
    ready = unpack(make_kit(tmp_path / "in"))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, hard))
    try:
        trouble = work_on(shard, ready, out=out, compared=None, inputs="")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, before)
    assert isinstance(trouble, Trouble)
    assert (trouble.key, trouble.args["reason"]) == ("scale.cannot_write", "File too large")
    assert list(out.iterdir()) == []


def test_registers_are_asked_by_the_file_and_never_by_a_name_inside_it(tmp_path: Path, out: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    ready = next(path for path in EXAMPLES if path.name == "durian-ready.yaml")
    write_parquet(folder / "a.parquet", [ready.read_text("utf-8")], names=["elsewhere/x.yaml"])
    (shard,) = shards_of(folder, 10)
    with_lists, without = make_kit(folder), make_kit(Path("elsewhere"))
    found = [work_on(shard, unpack(kit), out=out, compared=None, inputs="") for kit in (with_lists, without)]
    assert found == [Done(id=shard.id, counts={verdict: 1}) for verdict in ("ready", "undecided")]
