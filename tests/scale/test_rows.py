# SPDX-License-Identifier: Apache-2.0
"""The findings table: a row for each finding, and no manifest that is not in it."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from borderready.model import Report, Status
from borderready.read.manifest import Invalid, parse_manifests
from borderready.scale.part import Part, read_part
from borderready.scale.rows import COLUMNS, findings_schema, make_table, rows_of
from borderready.scale.work import check_piece, unpack, work_on
from borderready.waive import Waived
from tests.command import ROOT
from tests.scale.build import make_kit, read_findings, shards_of

DOCUMENT = ROOT / "docs" / "scale.md"
READY = ROOT / "examples" / "durian-ready.yaml"
NOT_READY = ROOT / "examples" / "durian-not-ready.yaml"


def report_of(folder: Path, path: Path) -> Report:
    (folder / path.name).write_bytes(path.read_bytes())
    ((piece,),) = (shard.pieces for shard in shards_of(folder, 1))
    (waived,) = check_piece(piece, unpack(make_kit(folder)), None)
    assert isinstance(waived, Waived)
    return waived.report


def test_each_finding_that_tells_is_a_row_with_its_place(tmp_path: Path) -> None:
    report = report_of(tmp_path, NOT_READY)
    told = [finding for finding in report.findings if finding.status is not Status.PASS]
    rows = list(rows_of(report, passes=False))
    assert [(row["rule"], row["status"], row["force"]) for row in rows] == [
        (finding.rule.id, str(finding.status), str(finding.force)) for finding in told
    ]
    assert [(row["line"], row["column"]) for row in rows] == [
        (span.line, span.column) for span in (report.manifest.locate(finding.outcome.path or ()) for finding in told)
    ]
    assert {(row["verdict"], row["exporter"], row["origin"], tuple(row["products"])) for row in rows} == {  # type: ignore[arg-type]
        ("not-ready", "An Phu Fruit Co., Ltd.", "VN", ("durian-fresh",))
    }
    assert all(tuple(row) == tuple(COLUMNS) for row in make_table(rows).to_pylist())


def test_passes_are_rows_only_where_asked_for(tmp_path: Path) -> None:
    report = report_of(tmp_path, READY)
    statuses = [row["status"] for row in rows_of(report, passes=True)]
    assert len(statuses) == len(report.findings)
    assert "pass" in statuses
    assert "pass" not in [row["status"] for row in rows_of(report, passes=False)]


def test_manifest_with_nothing_to_tell_is_one_row_without_a_rule(tmp_path: Path) -> None:
    report = report_of(tmp_path, READY)
    quiet = Report(
        **{
            **{name: getattr(report, name) for name in Report.__dataclass_fields__},
            "findings": tuple(finding for finding in report.findings if finding.status is Status.PASS),
        }
    )
    (row,) = rows_of(quiet, passes=False)
    assert (row["file"], row["verdict"], row["rule"], row["status"], row["line"]) == (
        str(tmp_path / READY.name),
        "ready",
        None,
        None,
        None,
    )


def test_each_fault_of_an_invalid_manifest_is_a_row_without_a_rule() -> None:
    (invalid,) = parse_manifests(b"borderready: 1\nlots: []\nshipmet: {}\n", file="m.yaml")
    assert isinstance(invalid, Invalid)
    rows = list(rows_of(invalid, passes=False))
    assert len(rows) == len(invalid.faults) > 1
    assert {(row["file"], row["verdict"], row["rule"]) for row in rows} == {("m.yaml", "invalid", None)}
    assert [row["line"] for row in rows] == [fault.span.line if fault.span else None for fault in invalid.faults]
    assert all(row["because"] for row in rows)


def test_half_a_character_is_written_as_its_code() -> None:
    (invalid,) = parse_manifests(b"[", file="caf\udce9.yaml")
    assert isinstance(invalid, Invalid)
    assert make_table(list(rows_of(invalid, passes=False))).column("file").to_pylist()[0] == "caf\\udce9.yaml"


def test_every_column_is_described_in_the_file_and_in_the_document(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / READY.name).write_bytes(READY.read_bytes())
    (shard,) = shards_of(tmp_path / "in", 1)
    work_on(shard, unpack(make_kit(tmp_path / "in")), out=tmp_path, compared=None, inputs="")
    schema = pq.read_schema(tmp_path / f"part-{shard.id}.parquet")
    described = {field.name: field.metadata[b"description"].decode() for field in schema}
    assert described == {name: description for name, (_, description) in COLUMNS.items()}
    text = DOCUMENT.read_text("utf-8")
    assert [name for name, said in described.items() if f"| `{name}` | {said} |" not in text] == []


def test_part_says_how_many_manifests_have_which_verdict(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for path in (READY, NOT_READY):
        (tmp_path / "in" / path.name).write_bytes(path.read_bytes())
    (tmp_path / "in" / "broken.yaml").write_text("[")
    (shard,) = shards_of(tmp_path / "in", 9)
    work_on(shard, unpack(make_kit(tmp_path / "in")), out=tmp_path, compared=None, inputs="")
    part = read_part(tmp_path / f"part-{shard.id}.parquet")
    counts = {"ready": 1, "not-ready": 1, "invalid": 1}
    assert part == Part(counts=counts, verdicts=("not-ready", "ready"), inputs="", answers=None)
    assert len({(row["file"], row["index"]) for row in read_findings(tmp_path)}) == 3


@pytest.mark.parametrize("content", [b"", b"PAR1", b"PAR1 not the whole PAR1"])
def test_file_that_is_no_whole_part_says_nothing(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "part.parquet"
    path.write_bytes(content)
    assert read_part(path) is None


def test_schema_has_the_columns_in_their_order() -> None:
    assert findings_schema().names == list(COLUMNS)
