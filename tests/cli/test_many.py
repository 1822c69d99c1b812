# SPDX-License-Identifier: Apache-2.0
"""`check` over many manifests in worker processes: the answers are those of each alone, in order, however many work."""

from __future__ import annotations

import gzip
import json
import os
from itertools import combinations
from pathlib import Path

import pytest

from borderready.report.formats import FORMATS
from tests.cli.build import lines, write_folder, write_manifest, write_registers
from tests.cli.test_ledger import CERTIFICATE, OWN, REGISTERS, write_truck
from tests.command import MANIFESTS, PACK, Ran, run_here, run_process, run_script

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
# Patches the check, as no manifest can: one that raises.
RAISES = """
import sys
import borderready.cli.run as run
check = run.check_shipment
def fall(manifest, *given, **named):
    if manifest.reference == "FALLS":
        raise ValueError("fell")
    return check(manifest, *given, **named)
run.check_shipment = fall
from borderready.cli.app import run as main
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the rule base compiled, and 16 manifests in `out`, two of which are no manifests."""
    home = tmp_path_factory.mktemp("home")
    write_folder(home / "out", 16)
    (home / "out" / "000003.yaml").write_text("borderready: 1\nlots: [\n", "utf-8")
    (home / "out" / "000004.yaml").write_bytes(b"\xff\xfe\x00")
    return home


def check(home: Path, *arguments: str, stdin: bytes = b"", folder: Path | None = None) -> Ran:
    return run_process("check", *arguments, home=home, stdin=stdin, folder=folder)


def answers(home: Path, *arguments: str, stdin: bytes = b"") -> list[dict[str, object]]:
    """Return the reports of a run in worker processes, without what they were compared with."""
    ran = check(home, *arguments, "--jobs", "2", "--format", "ndjson", stdin=stdin)
    return [_alone(one) for one in map(json.loads, ran.out.splitlines()) if "findings" in one]


def answers_alone(home: Path, *names: str) -> list[dict[str, object]]:
    """Return the reports of manifests, each file checked by itself in one process."""
    reports: list[dict[str, object]] = []
    for name in names:
        answer = json.loads(run_here("check", name, "--format", "json", home=home).out)
        reports.extend(_alone(report) for report in answer.get("reports", [answer]))
    return reports


def _alone(report: dict[str, object]) -> dict[str, object]:
    """Return a report without what stands in it only because there are others: papers that no other has used."""
    found = report.get("findings")
    assert isinstance(found, list)
    others = [one for one in found if one["status"] == "fail" or not str(one["rule"]).endswith("-once")]
    left_out = ("compared_with", "counts", "evidence")
    return {key: value for key, value in {**report, "findings": others}.items() if key not in left_out}


def essence(report: dict[str, object]) -> object:
    """Return what a report says, without the name and the lines of the file."""
    found = report["findings"]
    assert isinstance(found, list)
    return report["verdict"], [(one["rule"], one["status"], one["force"], one["subject"], one["says"]) for one in found]


# The same answers


def test_a_folder_gives_the_answers_of_each_alone_in_the_order_of_the_names(home: Path) -> None:
    names = [f"out/{n:06}.yaml" for n in range(16)]
    assert answers(home, "out") == answers_alone(home, *names)


def test_a_pattern_and_a_list_give_the_answers_of_each_alone(home: Path) -> None:
    (home / "list.txt").write_text("out/000009.yaml\n# the others later\nout/000003.yaml\n\nout/000001.yaml\n", "utf-8")
    assert answers(home, "out/00000[1-5].yaml") == answers_alone(home, *[f"out/{n:06}.yaml" for n in range(1, 6)])
    assert answers(home, "@list.txt") == answers_alone(home, *[f"out/{n:06}.yaml" for n in (9, 3, 1)])


def test_examples_with_their_registers_give_the_answers_of_each_alone(home: Path) -> None:
    names = [str(path) for path in sorted(EXAMPLES.glob("d*.yaml"))]
    assert answers(home, *names) == answers_alone(home, *names)


def test_a_manifest_a_line_gives_the_answers_of_the_folder_from_a_file_a_packed_one_and_standard_input(
    home: Path,
) -> None:
    content = "\n".join(lines(12)).encode() + b"\n\n{broken\n"
    (home / "all.ndjson").write_bytes(content)
    (home / "all.ndjson.gz").write_bytes(gzip.compress(content))
    (home / "whole").mkdir(exist_ok=True)
    write_folder(home / "whole", 12)
    from_file = answers(home, "all.ndjson")
    assert [essence(one) for one in from_file[:12]] == [essence(one) for one in answers(home, "whole")]
    assert (from_file[12]["verdict"], len(from_file)) == ("invalid", 13)
    renamed = [json.dumps(one).replace("all.ndjson", "<stdin>") for one in from_file]
    assert [json.dumps(one) for one in answers(home, "-", stdin=content)] == renamed
    packed = [json.dumps(one).replace("all.ndjson.gz", "<stdin>") for one in answers(home, "all.ndjson.gz")]
    assert packed == renamed


def test_several_documents_in_one_file_are_several_manifests(home: Path) -> None:
    texts = [(home / "out" / f"{n:06}.yaml").read_text("utf-8") for n in (0, 1, 2)]
    (home / "three.yaml").write_text("---\n".join(texts), "utf-8")
    with gzip.open(home / "three.yaml.gz", "wt", encoding="utf-8") as stream:
        stream.write("---\n".join(texts))
    three = answers(home, "three.yaml")
    assert three == answers_alone(home, "three.yaml")
    assert [essence(one) for one in three] == [essence(one) for one in answers(home, "three.yaml.gz")]
    alone = answers_alone(home, *[f"out/{n:06}.yaml" for n in (0, 1, 2)])
    assert [essence(one) for one in three] == [essence(one) for one in alone]


@pytest.mark.parametrize("form", list(FORMATS))
def test_every_format_is_byte_for_byte_the_same_however_many_work(form: str, home: Path) -> None:
    """So is what is written to a file, and what one process makes of the same few."""
    names = [f"out/{n:06}.yaml" for n in range(7)]
    ran = [check(home, *names, "--format", form, "--jobs", jobs, "--report", f"{form}=f{jobs}") for jobs in "14"]
    few = run_here("check", *names, "--format", form, home=home)
    assert {(one.code, one.out) for one in ran} == {(1, few.out)}
    assert {(home / f"f{jobs}").read_bytes() for jobs in "14"} == {few.out.encode()}


# What cannot be read


def test_a_manifest_that_is_gone_when_it_is_to_be_read_is_invalid_and_the_others_stand(home: Path) -> None:
    (home / "gone.txt").write_text("out/000001.yaml\nout/gone.yaml\nout/000002.yaml\n", "utf-8")
    assert answers(home, "@gone.txt") == answers_alone(home, "out/000001.yaml", "out/gone.yaml", "out/000002.yaml")
    assert [one["verdict"] for one in answers(home, "@gone.txt")] == ["not-ready", "invalid", "not-ready"]


def test_a_manifest_that_vanishes_between_discovery_and_reading_is_invalid(home: Path) -> None:
    write_folder(home / "leaving", 12)
    script = """
import os, sys
import borderready.cli.passes as passes
units = passes.units_of
def leave(files):
    if os.path.exists("leaving/000005.yaml"):
        os.unlink("leaving/000005.yaml")
    return units(files)
passes.units_of = leave
from borderready.cli.app import run
sys.exit(run(sys.argv[1:]))
"""
    ran = run_script(script, "check", "leaving", "--format", "ndjson", home=home)
    verdicts = [json.loads(line).get("verdict") for line in ran.out.splitlines()]
    assert (ran.code, verdicts[:12]) == (1, ["not-ready"] * 5 + ["invalid"] + ["not-ready"] * 6)


# Exit codes


KINDS = ("ready", "not-ready", "undecided", "invalid", "error")
MIXES = [mix for size in range(1, 6) for mix in combinations(KINDS, size)]


@pytest.fixture(scope="module")
def codes(home: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, ...], tuple[int, list[str]]]:
    """The exit code and the verdicts of each mix, all of one process."""
    folder = tmp_path_factory.mktemp("mixes")
    for kind in KINDS[:4]:
        (folder / f"{kind}.yaml").write_bytes((MANIFESTS / f"{kind}.yaml").read_bytes())
    write_manifest(folder, "error.yaml", ("HX-2026-0001", "FALLS"))
    write_registers(folder)
    script = f"""{RAISES}
for mix in sys.argv[1:]:
    names = [f"{{kind}}.yaml" for kind in mix.split("+")]
    print("code", main(["check", *names, "--rules", {str(PACK)!r}, "--format", "ndjson", "-j1", "-q", "--no-cache"]))
"""
    ran = run_script(script, *["+".join(mix) for mix in MIXES], home=home, folder=folder)
    found: dict[tuple[str, ...], tuple[int, list[str]]] = {}
    verdicts: list[str] = []
    left = list(MIXES)
    for line in ran.out.splitlines():
        if line.startswith("code "):
            found[left.pop(0)] = (int(line.removeprefix("code ")), verdicts)
            verdicts = []
        elif "verdict" in json.loads(line):
            verdicts.append(json.loads(line)["verdict"])
    assert (left, ran.err) == ([], "")
    return found


@pytest.mark.parametrize("mix", MIXES, ids="+".join)
def test_exit_code_of_every_mix_of_verdicts(
    mix: tuple[str, ...], codes: dict[tuple[str, ...], tuple[int, list[str]]]
) -> None:
    """1 for what is not ready or invalid, then 6 for what was not checked, then 4 for what is undecided, then 0."""
    expected = 1 if {"not-ready", "invalid"} & set(mix) else 6 if "error" in mix else 4 if "undecided" in mix else 0
    assert codes[mix] == (expected, list(mix))


def test_no_manifest_at_all_is_told(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "none.txt").write_text("# nothing\n", "utf-8")
    codes = [run_here("check", name, "--jobs", "2", home=tmp_path).code for name in ("empty", "no*.yaml", "@none.txt")]
    assert codes == [2, 2, 3]


# Consignments beside each other


def fails_of(out: str) -> dict[str, bool]:
    """Return by reference whether the certificate fails."""
    reports = [json.loads(line) for line in out.splitlines()]
    return {
        one["manifest"]["reference"]: CERTIFICATE in {f["rule"] for f in one["findings"] if f["status"] == "fail"}
        for one in reports
        if "findings" in one
    }


def test_two_trucks_on_one_certificate_fail_in_whichever_order_they_come(home: Path, tmp_path: Path) -> None:
    names = [write_truck(tmp_path, "AP-1"), write_truck(tmp_path, "AP-2", shared=OWN[0])]
    others = [str(path) for path in write_folder(tmp_path / "out", 12)]
    for order in ([*names, *others], [names[1], *others, names[0]]):
        ran = check(home, *order, *REGISTERS, "--format", "ndjson", "--jobs", "2", folder=tmp_path)
        assert {name for name, fails in fails_of(ran.out).items() if fails} == {"AP-1", "AP-2"}


def compared_with(lines: list[str]) -> set[tuple[str, ...]]:
    """Return with whose consignments reports say that they were compared."""
    return {tuple(json.loads(line)["compared_with"]) for line in lines}


def test_a_ledger_holds_every_consignment_of_a_run_and_the_next_run_is_compared_with_them(
    home: Path, tmp_path: Path
) -> None:
    write_folder(tmp_path / "out", 20)
    ledger = ("--ledger", "season.sqlite")
    first = check(home, "out", *ledger, "--format", "ndjson", "-q", folder=tmp_path)
    listed = run_here("ledger", "export", *ledger, home=home, folder=tmp_path).out
    assert [f"BM-2026-{n:06}" in listed for n in range(21)] == [True] * 20 + [False]
    assert (first.code, compared_with(first.out.splitlines()[:20])) == (
        1,
        {("run", "ledger")},
    )
    write_truck(tmp_path, "AP-1", more=(OWN[0], "PC-000007"))
    write_folder(tmp_path / "more", 12)
    second = check(home, "AP-1.yaml", "more", *ledger, "--format", "ndjson", "-q", folder=tmp_path)
    assert {name for name, fails in fails_of(second.out).items() if fails} == {"AP-1", "BM-2026-000007"}
    assert compared_with(second.out.splitlines()[:13]) == {("run", "ledger")}


def test_a_ledger_that_cannot_be_written_holds_nothing_of_the_run(home: Path, tmp_path: Path) -> None:
    write_folder(tmp_path / "out", 12)
    (tmp_path / "season.sqlite").write_bytes(b"this is no ledger" * 100)
    ran = check(home, "out", "--ledger", "season.sqlite", "--report", "json=all.json", folder=tmp_path)
    assert (ran.code, ran.out) == (2, "")
    assert sorted(os.listdir(tmp_path)) == ["out", "season.sqlite"]


def test_references_that_stand_twice_and_consignments_without_one_are_told_once(home: Path, tmp_path: Path) -> None:
    names = [str(path.relative_to(tmp_path)) for path in write_folder(tmp_path / "out", 11)]
    text = (tmp_path / names[1]).read_text("utf-8")
    (tmp_path / "again.yaml").write_text(text.replace("net_kg: 16200", "net_kg: 16100"), "utf-8")
    (tmp_path / "nameless.yaml").write_text(text.replace("reference: BM-2026-000001\n", ""), "utf-8")
    given = (*names, "again.yaml", "nameless.yaml")
    ran = check(home, *given, "--ledger", "season.sqlite", "--format", "ndjson", "-q", folder=tmp_path)
    told = "".join(ran.err.split())
    assert [told.count("again.yaml#0"), told.count("BM-2026-000001"), told.count("nameless.yaml#0")] == [1, 1, 1]
    assert "BM-2026-000001" in run_here("ledger", "export", "--ledger", "season.sqlite", home=home, folder=tmp_path).out
