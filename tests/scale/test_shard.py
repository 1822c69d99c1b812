# SPDX-License-Identifier: Apache-2.0
"""Planning: every line of every file in exactly one shard, whatever the sizes, and a name that follows the content."""

from __future__ import annotations

import gzip
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from borderready.batch.source import units_of
from borderready.scale.parquet import count_rows
from borderready.scale.shard import Kind, Limits, Piece, cut_lines, pack_groups, plan, read_lines
from tests.build import LAW
from tests.scale.build import write_parquet

WIDE = Limits(manifests=1000, size_bytes=1 << 30)
CONTENTS = st.lists(st.sampled_from([b"a", b"{}", b" ", b"\t", b"\n", b"\r\n", b"\r", "榴".encode(), b"x" * 40])).map(
    b"".join
)
LIMITS = st.builds(Limits, manifests=st.integers(1, 4), size_bytes=st.integers(1, 60))


@LAW
@given(content=CONTENTS, limits=LIMITS)
def test_ranges_hold_every_byte_once_and_end_at_line_ends(content: bytes, limits: Limits) -> None:
    cuts = list(cut_lines(BytesIO(content), limits))
    assert b"".join(content[cut.start : cut.end] for cut in cuts) == content
    assert [cut.start for cut in cuts] == [0, *(cut.end for cut in cuts[:-1])]
    assert all(content[: cut.end].endswith(b"\n") for cut in cuts[:-1])


@LAW
@given(content=CONTENTS, limits=LIMITS)
def test_lines_of_the_ranges_are_those_of_the_file_with_their_numbers(content: bytes, limits: Limits) -> None:
    every = [(n, line) for n, line in enumerate(BytesIO(content).readlines(), 1) if line.strip()]
    cuts = list(cut_lines(BytesIO(content), limits))
    found = [list(read_lines(BytesIO(content), start=cut.start, end=cut.end, line=cut.line)) for cut in cuts]
    assert [line for lines in found for line in lines] == every
    assert [cut.manifests for cut in cuts] == [len(lines) for lines in found]
    assert [cut.index for cut in cuts] == [sum(map(len, found[:number])) for number in range(len(cuts))]


@LAW
@given(content=CONTENTS, limits=LIMITS)
def test_range_holds_no_more_than_it_may_unless_it_is_one_manifest(content: bytes, limits: Limits) -> None:
    for cut in cut_lines(BytesIO(content), limits):
        lines = content[cut.start : cut.end].rstrip().split(b"\n")
        assert cut.manifests <= limits.manifests
        assert cut.manifests <= 1 or len(b"\n".join(lines[:-1])) <= limits.size_bytes + len(lines[-2]) + 1


@LAW
@given(counts=st.lists(st.integers(0, 9)), most=st.integers(1, 12))
def test_row_groups_are_packed_in_order_and_each_once(counts: list[int], most: int) -> None:
    runs = list(pack_groups(counts, Limits(manifests=most, size_bytes=1)))
    assert [group for start, end, _, _ in runs for group in range(start, end)] == list(range(len(counts)))
    assert [rows for *_, rows in runs] == [sum(counts[start:end]) for start, end, _, _ in runs]
    assert [before for _, _, before, _ in runs] == [sum(counts[:start]) for start, *_ in runs]
    assert all(rows <= most or sum(map(bool, counts[start:end])) == 1 for start, end, _, rows in runs)


def pieces_of(names: list[Path], limits: Limits = WIDE) -> list[list[Piece]]:
    return [list(shard.pieces) for shard in plan([str(name) for name in names], limits, count_rows)]


def test_whole_files_share_a_shard_up_to_the_limit(tmp_path: Path) -> None:
    paths = [tmp_path / f"{number}.yaml" for number in range(5)]
    for path in paths:
        path.write_text("a: 1\n")
    planned = pieces_of(paths, Limits(manifests=2, size_bytes=1000))
    assert [[piece.name for piece in pieces] for pieces in planned] == [
        [str(paths[0]), str(paths[1])],
        [str(paths[2]), str(paths[3])],
        [str(paths[4])],
    ]
    assert [len(pieces) for pieces in pieces_of(paths, Limits(manifests=9, size_bytes=11))] == [2, 2, 1]


def test_packed_lines_are_one_shard_and_row_groups_are_put_together(tmp_path: Path) -> None:
    packed, table = tmp_path / "a.ndjson.gz", tmp_path / "b.parquet"
    packed.write_bytes(gzip.compress(b"{}\n" * 50))
    write_parquet(table, ["a: 1"] * 45)
    planned = pieces_of([packed, table], Limits(manifests=20, size_bytes=10))
    assert [[(piece.kind, piece.start, piece.end, piece.index) for piece in pieces] for pieces in planned] == [
        [(Kind.PACKED_LINES, 0, packed.stat().st_size, 0)],
        [(Kind.ROWS, 0, 2, 0)],
        [(Kind.ROWS, 2, 4, 20)],
        [(Kind.ROWS, 4, 5, 40)],
    ]


def test_manifests_added_at_the_end_change_only_the_last_shard(tmp_path: Path) -> None:
    path = tmp_path / "a.ndjson"
    path.write_bytes(b"{}\n" * 25)
    limits = Limits(manifests=10, size_bytes=1000)
    before = [shard.id for shard in plan([str(path)], limits, count_rows)]
    path.write_bytes(b"{}\n" * 27)
    after = [shard.id for shard in plan([str(path)], limits, count_rows)]
    assert (before[:2], len(before), len(after)) == (after[:2], 3, 3)
    assert before[2] != after[2]


@pytest.mark.parametrize("name", ["a.yaml", "a.ndjson", "a.ndjson.gz"])
def test_changed_content_of_the_same_size_is_another_shard(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    ids = []
    for content in (b"a: 1\n", b"a: 2\n", b"a: 1\n"):
        path.write_bytes(content)
        ids += [shard.id for shard in plan([str(path)], WIDE, count_rows)]
    assert ids[0] == ids[2] != ids[1]


def test_shards_stand_in_the_order_of_the_files(tmp_path: Path) -> None:
    """The last manifest of a reference counts, so that the order is part of the answer."""
    paths = [tmp_path / name for name in ("a.yaml", "b.yaml", "c.ndjson", "d.yaml", "e.parquet", "f.yaml")]
    for path in paths:
        path.write_text("{}\n{}\n")
    write_parquet(paths[4], ["a: 1"])
    planned = pieces_of(paths, Limits(manifests=2, size_bytes=1000))
    assert [[Path(piece.name).name[0] for piece in pieces] for pieces in planned] == [
        ["a", "b"],
        ["c"],
        ["d"],
        ["e"],
        ["f"],
    ]


@pytest.mark.parametrize("name", ["a.yaml", "a.ndjson", "a.ndjson.gz", "a.parquet"])
def test_file_that_is_not_there_is_one_invalid_manifest(tmp_path: Path, name: str) -> None:
    ((piece,),) = pieces_of([tmp_path / name])
    assert piece.broken is not None
    assert [fault.what.key for fault in piece.broken.faults] == ["read.missing"]


def test_lines_planned_are_the_lines_that_a_local_run_reads(tmp_path: Path) -> None:
    """One of more than the reader takes is cut alike, and what follows keeps its number."""
    path = tmp_path / "a.ndjson"
    path.write_bytes(b"{}\n" + b"x" * (11 * 1024 * 1024) + b"\n\n{}\n")
    local = [(number, len(line)) for unit in units_of({str(path): str(path)}) for number, line in unit.lines or ()]
    pieces = [piece for pieces in pieces_of([path], Limits(manifests=1, size_bytes=9)) for piece in pieces]
    with path.open("rb") as stream:
        found = [
            (number, len(line))
            for piece in pieces
            for number, line in read_lines(stream, start=piece.start, end=piece.end, line=piece.line)
        ]
    assert (found, len(pieces)) == (local, 3)
