# SPDX-License-Identifier: Apache-2.0
"""A run written as it goes: the same bytes as at once, in memory that does not grow, in an order that is fixed."""

from __future__ import annotations

import json
import pickle
import random
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from borderready.model import Force, Status
from borderready.report.as_csv import COLUMNS
from borderready.report.formats import FORMATS
from borderready.report.stream import Assembler, Format, Item, Ranked
from borderready.report.summary import SHOWN, WORST_SHOWN, Failing, Lane, NameCount, RuleCount, Summary, Told
from borderready.report.told import tell
from borderready.schemas import load_schema
from tests.command import MANIFESTS, ROOT, run_here
from tests.report.streams import EVERY_MANIFEST, FAILED, check_files, make_info, write_run

SEVERAL = ("ready.yaml", "undecided.yaml", "invalid.yaml", "two-lots.yaml")


def _command(*files: str, form: str, home: Path, more: tuple[str, ...] = ()) -> str:
    return run_here("check", *files, "--format", form, "--rules", "../pack", *more, home=home, folder=MANIFESTS).out


@pytest.mark.parametrize("name", EVERY_MANIFEST)
@pytest.mark.parametrize("form", ["json", "text"])
def test_one_manifest_gives_the_report_of_that_manifest(name: str, form: str, tmp_path: Path) -> None:
    assert write_run(form, check_files([f"{name}.yaml"])) == _command(f"{name}.yaml", form=form, home=tmp_path)


def test_several_manifests_give_one_json_object(tmp_path: Path) -> None:
    assert write_run("json", check_files(SEVERAL)) == _command(*SEVERAL, form="json", home=tmp_path)


def test_verbose_json_tells_what_passes(tmp_path: Path) -> None:
    written = write_run("json", check_files(SEVERAL), verbose=True)
    assert written == _command(*SEVERAL, form="json", home=tmp_path, more=("--verbose",))


@pytest.mark.parametrize("language", ["en", "vi", "zh"])
def test_several_manifests_give_their_texts_and_the_summary(language: str, tmp_path: Path) -> None:
    ran = _command(*SEVERAL, form="text", home=tmp_path, more=("--lang", language))
    written = write_run("text", check_files(SEVERAL), language=language)
    assert written == ran


def test_colours_are_there_when_asked_for() -> None:
    [result] = check_files(["ready.yaml"])
    info = make_info(many=False)
    (plain,) = FORMATS["text"].item(result, info).pieces
    (coloured,) = FORMATS["text"].item(result, replace(info, colour="standard")).pieces
    assert b"\x1b[" in coloured
    assert b"\x1b[" not in plain


def test_failed_manifest_is_a_report_of_its_own() -> None:
    written = json.loads(write_run("json", (*check_files(["ready.yaml"]), FAILED)))
    validator = Draft202012Validator(load_schema("report"), format_checker=Draft202012Validator.FORMAT_CHECKER)
    assert [error.message for error in validator.iter_errors(written)] == []
    assert [report["verdict"] for report in written["reports"]] == ["ready", "error"]
    assert written["summary"] == {
        "manifests": 2,
        "ready": 1,
        "not-ready": 0,
        "undecided": 0,
        "invalid": 0,
        "error": 1,
    }
    [fault] = written["reports"][1]["faults"]
    assert set(fault["what"]) == {"en", "vi", "zh"}


def test_ndjson_is_one_report_a_line_with_the_keys_of_json() -> None:
    results = (*check_files([f"{name}.yaml" for name in EVERY_MANIFEST]), FAILED)
    lines = write_run("ndjson", results).split("\n")
    assert lines.pop() == ""
    assert [json.loads(line) for line in lines] == json.loads(write_run("json", results))["reports"]
    assert "\u2028" not in "".join(lines)


@pytest.mark.parametrize("form", list(FORMATS))
def test_run_is_the_same_every_time(form: str) -> None:
    results = (*check_files([f"{name}.yaml" for name in EVERY_MANIFEST]), FAILED)
    assert write_run(form, results) == write_run(form, results)


@pytest.mark.parametrize("form", list(FORMATS))
def test_run_over_nothing_is_whole(form: str) -> None:
    written = write_run(form, (), many=True)
    if form in ("json", "sarif", "gitlab"):
        json.loads(written)
    assert "Traceback" not in written


def test_every_format_names_itself() -> None:
    assert [form.name for form in FORMATS.values()] == list(FORMATS)
    assert "text" in FORMATS
    assert "xml" not in FORMATS


def test_run_info_and_results_that_failed_can_be_sent_to_a_worker() -> None:
    info = make_info()
    assert pickle.loads(pickle.dumps(info)) == info
    assert pickle.loads(pickle.dumps(FAILED)) == FAILED


def test_text_loads_no_other_format(tmp_path: Path) -> None:
    code = "import sys; from borderready.report.formats import FORMATS; FORMATS['text']; print('\\n'.join(sys.modules))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path)
    formats = {name for name in ran.stdout.split() if name.startswith("borderready.report.as_")}
    assert formats == {"borderready.report.as_text"}


def test_text_of_one_manifest_loads_nothing_of_a_run(tmp_path: Path) -> None:
    code = "import sys, borderready.report.as_text; print('\\n'.join(sys.modules))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert {"borderready.report.stream", "borderready.report.summary"} & set(ran.stdout.split()) == set()


def test_every_format_is_documented_and_no_other() -> None:
    text = (ROOT / "docs" / "formats.md").read_text("utf-8")
    table = text.partition("## ")[0]
    assert re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE) == list(FORMATS)


def test_columns_of_the_spreadsheet_are_documented_in_their_order() -> None:
    part = (ROOT / "docs" / "formats.md").read_text("utf-8").partition("## CSV")[2].partition("\n## ")[0]
    assert tuple(re.findall(r"`(\w+)`", part.partition("Columns,")[2])) == COLUMNS


# the assembler

RANKING = Format(name="ranking", item=lambda result, info: Item(), limits={"error": 3, "warning": 2})


def _ranked(kind: str, weight: int, group: str, text: str) -> Ranked:
    return Ranked(kind=kind, weight=weight, group=group, text=f"{text}\n")


def _assemble(*items: Item, form: Format = RANKING) -> str:
    assembler = Assembler(form, make_info())
    pieces = [piece for item in items for piece in assembler.add(item)]
    return b"".join((assembler.begin(), *pieces, assembler.end(Summary()))).decode("utf-8")


def test_what_weighs_less_is_shown_later_and_within_its_limit() -> None:
    texts = [_ranked("error", weight, f"rule-{weight}", str(weight)) for weight in (4, 1, 3, 0, 2)]
    assert _assemble(*(Item(ranked=(text,)) for text in texts)) == "0\n1\n2\n"


def test_each_rule_comes_once_before_any_comes_twice() -> None:
    first = Item(ranked=tuple(_ranked("error", 0, "a", f"a{number}") for number in range(5)))
    second = Item(ranked=(_ranked("error", 0, "b", "b0"), _ranked("error", 0, "a", "a5")))
    assert _assemble(first, second) == "a0\nb0\na1\n"


def test_kinds_have_limits_of_their_own() -> None:
    texts = (*(_ranked("error", 0, "a", f"e{number}") for number in range(5)), _ranked("warning", 1, "a", "w"))
    assert _assemble(Item(ranked=texts)) == "e0\ne1\ne2\nw\n"


def test_between_stands_only_between_texts() -> None:
    form = Format(name="list", item=lambda result, info: Item(), between=",")
    assert _assemble(Item(), Item((b"a", b"", b"a")), Item(), Item((b"b",)), Item((b"",)), form=form) == "aa,b"


def test_text_of_a_name_is_kept_once_and_sorted_by_name() -> None:
    form = Format(name="once", item=lambda result, info: Item(), end=lambda info, closing: " ".join(closing.once))
    items = (Item(once=(("b", "B"), ("c", "C"))), Item(once=(("a", "A"), ("b", "B"))))
    assert _assemble(*items, form=form) == "A B C"


# the summary


def _told(number: int, *, exporter: str = "An Phu Fruit", faults: int = 1, verdict: str = "not-ready") -> Told:
    failing = Failing(rule="r", title="R", force=Force.BLOCKS, status=Status.FAIL, findings=faults)
    return Told(
        file=f"{number}.yaml",
        document=0,
        verdict=verdict,
        exporter=exporter,
        lanes=(Lane(origin="VN", product="durian-fresh", faults=faults),),
        failing=(failing,) if faults else (),
    )


def _summary(*told: Told, most_names: int = 100) -> Summary:
    summary = Summary(most_names)
    for one in told:
        summary.add(one)
    return summary


def test_summary_counts_rules_by_manifests_and_names_by_faults() -> None:
    summary = _summary(_told(1, faults=3), _told(2), _told(3, faults=0, verdict="ready"), _told(4, exporter="Other"))
    assert summary.rules() == (RuleCount(rule="r", title="R", manifests=3, findings=5),)
    assert summary.exporters() == (
        NameCount(name="An Phu Fruit", faults=4, manifests=2, of=3),
        NameCount(name="Other", faults=1, manifests=1, of=1),
    )
    assert summary.lanes() == (NameCount(name="durian-fresh VN", faults=5, manifests=3, of=4),)
    assert summary.manifests == 4


def test_name_written_in_another_way_is_the_same_exporter() -> None:
    summary = _summary(_told(1), _told(2, exporter="AN  PHU fruit"))
    assert [(one.name, one.faults) for one in summary.exporters()] == [("An Phu Fruit", 2)]


def test_only_what_fails_and_blocks_or_warns_is_a_fault() -> None:
    statuses = (Status.UNKNOWN, Status.MANUAL, Status.ERROR)
    failing = [Failing(rule=str(one), title="", force=Force.BLOCKS, status=one, findings=1) for one in statuses]
    failing.append(Failing(rule="memory", title="", force=Force.INFORMS, status=Status.FAIL, findings=1))
    failing.append(Failing(rule="warns", title="", force=Force.WARNS, status=Status.FAIL, findings=1))
    summary = _summary(Told(file="m.yaml", document=0, verdict="undecided", failing=tuple(failing)))
    assert [one.rule for one in summary.rules()] == ["warns"]


def test_lists_are_no_longer_than_they_are_shown() -> None:
    summary = _summary(*(_told(number, exporter=f"E{number}") for number in range(50)))
    assert (len(summary.exporters()), len(list(summary.worst()))) == (SHOWN, WORST_SHOWN)


def test_worst_manifests_are_the_same_however_many_there_are() -> None:
    told = [_told(number, faults=number % 17) for number in range(300)]
    random.Random(7).shuffle(told)
    kept = list(_summary(*told).worst())
    order = {one.file: place for place, one in enumerate(told)}
    assert kept == sorted(told, key=lambda one: (-one.faults, order[one.file]))[:WORST_SHOWN]


def test_manifest_that_is_ready_is_none_of_the_worst() -> None:
    assert list(_summary(_told(1, faults=2, verdict="ready")).worst()) == []


def test_names_are_counted_in_memory_that_has_a_bound() -> None:
    many = [_told(number, exporter=f"E{number}") for number in range(1_000)]
    summary = _summary(*(_told(0, exporter="Worst", faults=9) for _ in range(3)), *many, most_names=100)
    assert summary.is_cut
    assert summary.exporters()[0] == NameCount(name="Worst", faults=27, manifests=3, of=3)
    assert not _summary(*many[:100]).is_cut


def test_each_lane_has_the_faults_of_its_lots_and_of_the_shipment() -> None:
    [two_lots] = check_files(["two-lots.yaml"])
    told = tell(two_lots, "en")
    assert told.faults == 5  # four of the lot of lychees, one of a certificate
    assert told.lanes == (
        Lane(origin="VN", product="lychee-fresh", faults=5),
        Lane(origin="VN", product="pepper-dried", faults=1),
    )
