# SPDX-License-Identifier: Apache-2.0
"""The report for a person: what holds for every manifest; whole reports stand in the golden files."""

from __future__ import annotations

import json
import re
import tempfile
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from tests.cli.build import report_of, write_manifest, write_registers
from tests.command import MANIFESTS, PACK, run_here

ACTS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2028\u2029\u2066-\u2069\ufeff]")
PLAIN_WIDTH = 80


@settings(max_examples=60, deadline=None)
@given(text=st.text(min_size=1, max_size=200).filter(str.strip))
@example(text="\x1b]8;;https://harbour.invalid\x1b\\link\x1b]8;;\x1b\\")
@example(text="[red]red[/red] [/] [link=x] :warning: {0} %s \\[")
@example(text="输" * 150)
@example(text="e\u0301" * 100)
@example(text="👩‍👩‍👧‍👦🇻🇳" * 20)
@example(text="a" * 200)
def test_whatever_a_value_holds_the_report_keeps_its_shape(text: str) -> None:
    """No line is too wide, nothing acts on a terminal, and what was found is all there."""
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        value = json.dumps(text, ensure_ascii=True)
        write_manifest(home, "m.yaml", ("{text: 输往中华人民共和国 鲜果}", f"{{text: {value}}}"))
        write_registers(home)
        ran = run_here("check", "m.yaml", "--rules", str(PACK), "--verbose", home=home)
    if "INVALID" in ran.out:
        return  # JSON can write what YAML refuses, such as a lone surrogate
    assert ran.err == ""
    assert ACTS.findall(ran.out) == []
    assert [line for line in ran.out.splitlines() if cell_len(line) > PLAIN_WIDTH] == []


@pytest.mark.parametrize("language", ["en", "vi", "zh"])
def test_findings_are_numbered_through_the_whole_report(language: str, tmp_path: Path) -> None:
    text = report_of("not-ready", "--lang", language, home=tmp_path)
    numbers = [int(match) for match in re.findall(r"^ ?(\d+) \S.*?  \S+/\S+/\S+", text, re.MULTILINE)]
    assert numbers == list(range(1, 8))


def test_what_stops_the_truck_stands_first(tmp_path: Path) -> None:
    text = report_of("not-ready", home=tmp_path)
    order = [text.index(title) for title in ("Stops the consignment", "Warnings", "Confirm: known from memory only")]
    assert order == sorted(order)


def test_each_finding_names_file_line_and_column(tmp_path: Path) -> None:
    text = report_of("not-ready", home=tmp_path)
    lines = (MANIFESTS / "not-ready.yaml").read_text("utf-8").splitlines()
    places = re.findall(r"^   not-ready\.yaml:(\d+):(\d+)  (\S+)$", text, re.MULTILINE)
    pointed = {path: lines[int(line) - 1][int(column) - 1 :] for line, column, path in places}
    assert {path: rest for path, rest in pointed.items() if path.startswith("lots")} == {
        "lots[0].product": "lychee-fresh",
        "lots[0].labels.pallet.text": "输往中华人民共和}",
        "lots[0].labels.box.languages[1]": "vi]}",
        "lots[0].temperature_log.max_core_c": "7}",
    }


@pytest.mark.parametrize("name", ["not-ready", "scripts", "long-lines", "hostile", "two-lots"])
def test_caret_stands_below_what_it_points_at(name: str, tmp_path: Path) -> None:
    """In cells, as the eye sees it: a Chinese character is two wide. The end may be cut off, the beginning not."""
    rows = report_of(name, home=tmp_path).splitlines()
    carets = [index for index, row in enumerate(rows) if re.fullmatch(r" *\| +\^+", row)]
    assert carets
    for index in carets:
        before = rows[index].index("^")
        above = rows[index - 1]
        below = [start for start in range(len(above) + 1) if cell_len(above[:start]) == before]
        assert below, f"the caret stands inside a character:\n{above}\n{rows[index]}"
        assert above[below[0] :][:1] not in ("", " "), f"{above}\n{rows[index]}"


def test_lane_closed_in_the_table_expects_an_open_one(tmp_path: Path) -> None:
    """`expected` is what is asked, and nobody asks that the lane be closed."""
    ran = run_here("check", "not-ready.yaml", "--rules", "../pack", "--format", "json", home=tmp_path, folder=MANIFESTS)
    [finding] = [one for one in json.loads(ran.out)["findings"] if one["rule"] == "any/any/access"]
    assert (finding["found"], finding["status"]) == ("lychee-fresh", "fail")
    assert finding["expected"] != "closed"


def test_memory_is_shown_as_something_to_confirm_and_stops_nothing(tmp_path: Path) -> None:
    text = report_of("not-ready", home=tmp_path)
    block = text.partition("Confirm: known from memory only (1)")[2]
    assert "Cold chain  any/fresh-fruit/cold-chain" in block
    assert "from memory: confirm it" in " ".join(block.split())


def test_several_manifests_end_with_a_summary(tmp_path: Path) -> None:
    ran = run_here(
        *("check", "ready.yaml", "not-ready.yaml", "undecided.yaml", "invalid.yaml", "ready.yaml"),
        *("--rules", "../pack"),
        home=tmp_path,
        folder=MANIFESTS,
    )
    told = [" ".join(part.split()) for part in ran.out.split("\n\n")]
    assert "manifests: 5 (2 ready, 1 not ready, 1 undecided, 1 invalid)" in told
    assert told[-1].startswith("Lanes with most faults")


def test_what_is_the_same_of_many_lots_is_told_once_with_their_names_and_places(tmp_path: Path) -> None:
    lot = """\
  - id: North{n}
    product: lychee-fresh
    dates: {{packed: 2026-11-20}}
    labels: {{box: {{languages: [en]}}, pallet: {{text: To somewhere}}}}
"""
    manifest = """\
borderready: 1
reference: HX-2026-0009
shipment:
  origin: VN
  mode: sea
  dates: {departure: 2026-11-26, arrival: 2026-11-28, declaration: 2026-11-28}
lots:
"""
    (tmp_path / "m.yaml").write_text(manifest + "".join(lot.format(n=n) for n in range(1, 8)), "utf-8")
    ran = run_here("check", "m.yaml", "--rules", str(PACK), home=tmp_path)
    text = " ".join(ran.out.split())
    assert ran.out.count("Destination on the pallet") == 1
    assert "any/fresh-fruit/pallet-mark North1, North2, North3, North4, ... (+3)" in text
    assert "also at lots[1].labels.pallet.text, lots[2].labels.pallet.text, " in text
    assert "to mend: 7" in text
    gaps = [line for line in ran.out.splitlines() if "m.yaml:" in line and "orchards" in line]
    assert len(gaps) == 1
