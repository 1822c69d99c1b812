# SPDX-License-Identifier: Apache-2.0
"""Files to units of work: read whole by a worker, or a manifest a line, of any size, packed or not."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from borderready.batch.source import LINES_BYTES, read_unit, units_of
from borderready.model import Manifest, Span
from borderready.read.manifest import Invalid, read_manifests
from tests.read.build import SMALLEST

ONE = (
    '{"borderready": 1, "reference": "R-%d", "shipment": {"origin": "VN"}, "lots": [{"id": "A", "product": "durian"}]}'
)


def told(name: str) -> list[str]:
    """Return what each manifest of a file is: its index and reference, or where its first fault stands."""
    results = [result for unit in units_of({name: name}) for result in read_unit(unit)]
    return [
        f"{result.index} {result.reference}"
        if isinstance(result, Manifest)
        else f"{result.index} {result.faults[0].place.removeprefix(name)} {result.faults[0].what.key}"
        for result in results
    ]


def test_a_file_is_read_by_the_worker_that_gets_it(tmp_path: Path) -> None:
    path = tmp_path / "m.yaml"
    (unit,) = units_of({str(path): str(path)})
    path.write_text(SMALLEST)
    (result,) = read_unit(unit)
    assert isinstance(result, Manifest)


def test_a_file_that_lies_elsewhere_keeps_its_name(tmp_path: Path) -> None:
    for ending, content in (("yaml", "broken: ["), ("ndjson", "broken: [")):
        path = tmp_path / f"kept.{ending}"
        path.write_text(content)
        (unit,) = units_of({"<stdin>": str(path)})
        (result,) = read_unit(unit)
        assert isinstance(result, Invalid)
        assert (result.file, result.faults[0].file) == ("<stdin>", "<stdin>")


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("name", ["m.ndjson", "m.jsonl", "m.ndjson.gz"])
def test_each_line_is_a_manifest_and_its_faults_stand_where_the_file_has_them(
    tmp_path: Path, name: str, end: str
) -> None:
    lines = [ONE % 0, "", ONE % 1, '{"borderready": 1, "shipmet": {}}', "nonsense: [", ONE % 2]
    content = end.join(lines).encode()
    path = tmp_path / name
    path.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    assert told(str(path)) == [
        "0 R-0",
        "1 R-1",
        "2 :4:1 schema.required",
        "3 :5:12 read.syntax",
        "4 R-2",
    ]


def test_a_manifest_of_a_line_is_located_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "m.ndjson"
    path.write_text("\n\n" + ONE % 7)
    ((manifest,),) = [list(read_unit(unit)) for unit in units_of({str(path): str(path)})]
    assert isinstance(manifest, Manifest)
    assert manifest.locate(("reference",)) == Span(line=3, column=33, end_line=3, end_column=38)
    assert manifest.line_text(3) == ONE % 7
    assert (manifest.line_text(1), manifest.line_text(4)) == ("", "")


def test_lines_go_out_in_portions_as_they_are_read(tmp_path: Path) -> None:
    path = tmp_path / "m.ndjson"
    path.write_text("".join(f"{ONE % number}\n" for number in range(1000)))
    units = list(units_of({str(path): str(path)}))
    assert max(unit.size_bytes for unit in units) < LINES_BYTES + 200
    assert [unit.first for unit in units][:2] == [0, len(units[0].lines or ())]
    assert told(str(path)) == [f"{number} R-{number}" for number in range(1000)]


def test_a_packed_manifest_is_unpacked_and_one_that_was_cut_is_told(tmp_path: Path) -> None:
    path = tmp_path / "m.yaml.gz"
    path.write_bytes(gzip.compress(SMALLEST.encode()))
    assert told(str(path)) == ["0 None"]
    path.write_bytes(gzip.compress(SMALLEST.encode())[:-9])
    assert told(str(path)) == ["0  read.gzip"]
    path.write_text(SMALLEST)
    assert told(str(path)) == ["0  read.gzip"]


def test_a_packed_file_that_is_cut_gives_the_lines_before_the_cut(tmp_path: Path) -> None:
    path = tmp_path / "m.ndjson.gz"
    whole = gzip.compress("".join(f"{ONE % number}\n" for number in range(3000)).encode(), compresslevel=0)
    path.write_bytes(whole[: len(whole) // 2])
    *before, last = told(str(path))
    assert before == [f"{number} R-{number}" for number in range(len(before))]
    assert len(before) > 1000
    assert last == f"{len(before)}  read.gzip"


def test_a_bomb_unpacks_no_further_than_a_manifest_may_be_large(tmp_path: Path) -> None:
    path = tmp_path / "m.yaml.gz"
    path.write_bytes(gzip.compress(b" " * (64 * 1024 * 1024)))
    assert told(str(path)) == ["0  read.too_large"]


def test_a_line_that_is_too_long_is_told_and_the_next_is_read(tmp_path: Path) -> None:
    path = tmp_path / "m.ndjson"
    path.write_text(json.dumps({"x": "y" * (11 * 1024 * 1024)}) + "\n" + ONE % 1 + "\n")
    assert told(str(path)) == ["0  read.too_large", "1 R-1"]


def test_a_file_of_lines_that_is_empty_or_gone_is_invalid(tmp_path: Path) -> None:
    path = tmp_path / "m.ndjson"
    assert told(str(path)) == ["0  read.missing"]
    path.write_text("\n \n")
    assert told(str(path)) == ["0  read.empty"]


def test_a_whole_file_reads_as_the_reader_of_one_file_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "m.yaml"
    path.write_text(f"{SMALLEST}---\n{SMALLEST}---\nbroken: [\n")
    (unit,) = units_of({str(path): str(path)})
    expected = [(type(result), result.index) for result in read_manifests(str(path))]
    assert [(type(result), result.index) for result in read_unit(unit)] == expected
    assert expected == [(Manifest, 0), (Manifest, 1), (Invalid, 2)]
