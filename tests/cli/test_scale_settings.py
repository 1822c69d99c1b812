# SPDX-License-Identifier: Apache-2.0
"""`borderready scale` under settings, waivers, a baseline, registers, notices and a ledger: what a local run finds.

The local run is asked anew for each comparison, in the same home; nothing of its answers is written down here.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from borderready.keep.ledger import open_ledger
from tests.cli.build import lines
from tests.cli.test_scale import looks, start, wait_for_parts, wait_for_the_end_of
from tests.command import ROOT, Ran, run_here, run_process
from tests.scale.build import EXAMPLES, lines_of, processes_with, rule_base

CONFIG = """\
language = "en"
ledger = "ledger.sqlite"
waivers = ["waivers.yaml"]
baseline = "baseline.yaml"
ignore = ["any/durian/", "packaging"]
exclude = ["*-draft.yaml"]

[[overrides]]
paths = ["in/strict/**"]
fail-on = "warning"
select = ["labeling", "registration", "any/any/market-access"]

[[overrides]]
paths = ["in/other/*.yaml"]
registers = "lists"
"""
WAIVER = "- {{rule: {rule}, {scope}, reason: Agreed for the trial., owner: An, until: {until}}}\n"
TODAY = "2026-11-28"
NAMES = ("rule", "start", "status", "force", "severity", "area", "found", "expected")


def lay_out(home: Path) -> None:
    """Make a home in which everything that can change a finding does: see each line."""
    inputs = home / "in"
    for folder in ("strict", "other", "beside"):
        (inputs / folder).mkdir(parents=True)
    (inputs / "a.ndjson").write_bytes(lines_of(range(60)))
    (inputs / "b.ndjson").write_text("\n".join(lines(40)))  # half of them with faults
    for number, path in enumerate(EXAMPLES):
        text = path.read_text("utf-8")
        (inputs / ("strict", "other", "beside")[number % 3] / path.name).write_text(text)
    nameless = "\n".join(line for line in text.splitlines() if not line.startswith("reference:"))
    (inputs / "other" / "nameless.yaml").write_text(nameless)
    (inputs / "strict" / "x-draft.yaml").write_text("[")
    examples = ROOT / "examples" / "registers"
    shutil.copytree(examples, inputs / "beside" / "registers")
    (home / "lists").mkdir()
    shutil.copy(examples / "gacc-plants.csv", home / "lists")
    _keep_registers(home)
    gate = ("--gate", "huu-nghi", "--from", "2026-11-20", "--until", "2026-12-31")
    _fine(run_here("notice", "add", *gate, "--title", "Closed", "--source", "a letter", home=home))
    shared = run_here("notice", "export", "-", home=home).out
    (home / "notices.yaml").write_text(shared.replace("2026-11-20", "2026-12-20"), "utf-8")
    (home / "borderready.toml").write_text(CONFIG)
    _accept(home)
    _remember(home)


def _fine(ran: Ran) -> None:
    assert ran.code == 0, ran.err


def _keep_registers(home: Path) -> None:
    """Keep lists on this machine, with an act of the user's own."""
    kinds = {"orchard": "gacc-orchards.csv", "packhouse": "gacc-packhouses.csv"}
    for kind, name in kinds.items():
        about = ("--kind", kind, "--origin", "VN", "--product", "durian-fresh", "--as-of", "2026-11-20")
        path = str(ROOT / "examples" / "registers" / name)
        _fine(run_here("register", "import", path, *about, "--source", "saved", home=home))
    act = ("suspend", "VN-DLPH-014", "--from", "2026-11-21", "--source", "a letter")
    _fine(run_here("register", *act, home=home))


def _accept(home: Path) -> None:
    """Write waivers of every kind, and a baseline of what two files show."""
    failing = _waivable(home)
    scopes = ("scope: all", "reference: R-4", "exporter: An Phu Fruit Co. Ltd", "path: documents")
    days = ("2027-12-31", "2026-12-05", "2026-11-01", "someday")
    waivers = [
        WAIVER.format(rule=rule, scope=scopes[number % 4], until=days[number // 4 % 4])
        for number, rule in enumerate(failing)
    ]
    (home / "waivers.yaml").write_text(
        "".join(waivers) + WAIVER.format(rule=failing[0], scope="lot: L99", until=days[0])
    )
    shown = [str(path.relative_to(home)) for path in sorted((home / "in" / "strict").glob("*not-ready.yaml"))[:2]]
    made = run_here("baseline", "create", *shown, "--to", "baseline.yaml", "--no-config", home=home)
    assert (home / "baseline.yaml").exists(), made.err


def _waivable(home: Path) -> list[str]:
    ran = run_here("check", "in", "--no-config", "--format", "ndjson", "--no-cache", "-q", home=home)
    open_ = [f["rule"] for line in ran.out.splitlines() for f in json.loads(line)["findings"] if f["status"] == "fail"]
    waivable = {rule.id for rule in rule_base().rules if rule.is_waivable}
    kept = [rule for rule in dict.fromkeys(open_) if rule in waivable]
    assert len(kept) >= 16
    return kept[:16]


def _remember(home: Path) -> None:
    """Record a season in the ledger: consignments on the papers of this run's, and one that is in this run, too."""
    earlier = lines_of(range(10, 25)).replace(b"R-1", b"S-1").replace(b"S-12", b"R-12")
    (home / "earlier.ndjson").write_bytes(earlier)
    run_here("check", "earlier.ndjson", "--ledger", "ledger.sqlite", "--no-config", "-q", home=home)
    (home / "earlier.ndjson").unlink()


@pytest.fixture(scope="module")
def laid_out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("laid")
    lay_out(home)
    return home


@pytest.fixture(scope="module")
def done(laid_out: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with the findings of a run in it."""
    home = tmp_path_factory.mktemp("done") / "home"
    shutil.copytree(laid_out, home)
    assert scale(home).code == 1
    return home


@pytest.fixture
def finished(done: Path, tmp_path: Path) -> Path:
    """A copy of that, of the test's own."""
    shutil.copytree(done, tmp_path / "home")
    return tmp_path / "home"


@pytest.fixture
def home(laid_out: Path, tmp_path: Path) -> Path:
    """A home of the test's own, under the same name of everything that reports show."""
    shutil.copytree(laid_out, tmp_path / "home")
    return tmp_path / "home"


def check(home: Path, *more: str) -> tuple[Ran, list[dict[str, Any]], list[object]]:
    """Run `check` with a ledger of its own; return what it says, its findings, and what the ledger holds then."""
    shutil.copy(home / "ledger.sqlite", home / "local.sqlite")
    options = ("--ledger", "local.sqlite", "--today", TODAY, "--format", "ndjson", "--no-cache", "--jobs", "2", "-q")
    ran = run_process("check", "in", *options, *more, home=home)
    reports = [json.loads(line) for line in ran.out.splitlines()]
    return ran, [row for report in reports for row in _rows(report)], recorded(home / "local.sqlite")


def scale(home: Path, *more: str) -> Ran:
    options = ("--out", "out", "--today", TODAY, "--shard-manifests", "9", "-q")
    return run_process("scale", "in", *options, *more, home=home)


def _rows(report: dict[str, Any]) -> list[dict[str, Any]]:
    manifest = report["manifest"]
    common = {**{name: manifest[name] for name in ("file", "index", "reference")}, "verdict": report["verdict"]}
    if report["verdict"] == "invalid":
        return [{**common, **_place(fault), "because": fault["what"]["en"]} for fault in report["faults"]]
    found = [
        {
            **common,
            **{name: finding[name] for name in NAMES},
            **_place(finding),
            "path": finding["path"],
            "subject_kind": finding["subject"]["kind"],
            "subject_id": finding["subject"]["id"],
            "because": finding["because"]["en"] if finding["because"] else None,
            "waiver": f"{finding['waiver']['file']}:{finding['waiver']['line']}" if finding["waiver"] else None,
            "notes": [note["en"] for note in finding["notes"]],
        }
        for finding in report["findings"]
    ]
    return found or [common]


def _place(told: dict[str, Any]) -> dict[str, Any]:
    location = told["location"] or {"line": None, "column": None}
    return {"path": told["path"] or None, "line": location["line"], "column": location["column"]}


def rows_in(out: Path) -> list[dict[str, Any]]:
    """Return the findings of a folder in the order of a local run, without what no report has."""
    every = [row for path in out.glob("part-*.parquet") for row in pq.read_table(path).to_pylist()]
    return sorted(every, key=lambda row: (row["file"], row["index"]))


def recorded(path: Path) -> list[object]:
    """Return everything that a ledger holds."""
    with open_ledger(path, shown_as=path.name) as ledger:
        assert ledger is not None
        return [(entry, ledger.uses_by(entry.reference)) for entry in ledger.entries()]


def same(found: Sequence[dict[str, Any]], local: Sequence[dict[str, Any]]) -> None:
    """Assert that findings are those of a local run, in every column that reports have."""
    ordered = sorted(local, key=lambda row: (row["file"], row["index"]))
    assert len(found) == len(ordered)
    for left, right in zip(found, ordered, strict=True):
        assert {name: left[name] for name in right} == right
        assert all(left[name] is None for name in ("rule", "status") if name not in right)


def test_everything_at_once_gives_the_findings_the_ledger_and_the_remarks_of_a_local_run(home: Path) -> None:
    local, expected, ledger = check(home)
    assert {row["verdict"] for row in expected} == {"ready", "not-ready", "undecided", "invalid"}
    assert {"waived", "fail", "unknown"} <= {row.get("status") for row in expected}
    ran = scale(home)
    assert ran.code == local.code
    same(rows_in(home / "out"), expected)
    assert recorded(home / "ledger.sqlite") == ledger
    assert ran.err == local.err
    assert "expired" in ran.err
    assert "nameless.yaml" in ran.err


@pytest.mark.parametrize(
    "options",
    [
        ("--no-config", "--fail-on", "warning", "--verbose"),
        ("--registers", "lists", "--exclude", "b.ndjson"),
        ("--select", "logistics", "--on", "arrival=2027-02-01"),
        ("--notices", "notices.yaml"),
    ],
    ids=["no-config", "registers", "select", "notices"],
)
def test_each_option_changes_what_it_changes_locally(home: Path, options: tuple[str, ...]) -> None:
    """None of them leaves the findings as they were, so that one which nobody heeds is seen."""
    _, plain, _ = check(home)
    local, expected, ledger = check(home, *options)
    assert local.code == 1
    assert expected != plain
    ran = scale(home, "--ledger", "ledger.sqlite", *options)
    assert ran.code == local.code
    same(rows_in(home / "out"), expected)
    assert recorded(home / "ledger.sqlite") == ledger


def _kill_a_worker(home: Path) -> int:
    """Kill a worker of a cluster while it checks, and return its process."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        for pid in processes_with(f"HOME={home}"):
            try:
                title = Path(f"/proc/{pid}/cmdline").read_bytes()
            except OSError:
                continue
            if title.startswith(b"ray::_check"):
                os.kill(pid, signal.SIGKILL)
                return pid
        time.sleep(0.002)
    raise AssertionError("no worker at work")


def test_worker_killed_midway_changes_nothing(home: Path) -> None:
    local, expected, ledger = check(home)
    running = start("in", "--out", "out", "--today", TODAY, "--shard-manifests", "9", home=home)
    _kill_a_worker(home)
    _, err = running.communicate()
    assert (running.returncode, "lost" in err) == (local.code, False)
    same(rows_in(home / "out"), expected)
    assert recorded(home / "ledger.sqlite") == ledger


def test_run_resumed_after_its_driver_was_killed_gives_the_same(home: Path) -> None:
    """Nothing stands in the ledger before all shards are there; finished ones are not done again."""
    local, expected, ledger = check(home)
    before = recorded(home / "ledger.sqlite")
    killed = start("in", "--out", "out", "--today", TODAY, "--shard-manifests", "9", home=home)
    wait_for_parts(home / "out", 2)
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    assert wait_for_the_end_of(home) == []
    finished = looks(home / "out")
    assert not (home / "out" / "_SUCCESS").exists()
    assert recorded(home / "ledger.sqlite") == before
    resumed = scale(home)
    assert resumed.code == local.code
    assert {name: looks(home / "out").get(name) for name in finished} == finished
    same(rows_in(home / "out"), expected)
    assert recorded(home / "ledger.sqlite") == ledger
    assert resumed.err == local.err


def test_finished_run_is_told_again_with_its_remarks_and_changes_nothing(finished: Path, laid_out: Path) -> None:
    local, _, _ = check(laid_out)
    before, ledger = looks(finished / "out"), recorded(finished / "ledger.sqlite")
    again = scale(finished)
    assert (again.code, again.err) == (local.code, local.err)
    assert (looks(finished / "out"), recorded(finished / "ledger.sqlite")) == (before, ledger)


def test_consignment_that_others_add_to_the_ledger_brings_back_only_what_it_concerns(finished: Path) -> None:
    before = looks(finished / "out")
    (finished / "late.yaml").write_text(
        (finished / "in" / "beside" / "durian-ready.yaml").read_text().replace("AP-2026", "Z-2026")
    )
    run_here("check", "late.yaml", "--ledger", "ledger.sqlite", "--no-config", "-q", home=finished)
    local, expected, _ = check(finished)
    ran = scale(finished)
    assert ran.code == local.code
    same(rows_in(finished / "out"), expected)
    after = looks(finished / "out")
    kept = {name for name in after if after[name] == before.get(name)}
    assert after.keys() - kept
    assert kept


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (("waivers.yaml", "Agreed for the trial", "Agreed for this season"), "waivers"),
        (("borderready.toml", '"packaging"', '"labeling"'), "settings"),
        (("borderready.toml", 'paths = ["in/strict/**"]', 'paths = ["in/beside/**"]'), "settings"),
        (("lists/gacc-plants.csv", "active", "suspended"), "registers"),
    ],
)
def test_other_settings_are_refused_in_the_same_folder(
    finished: Path, change: tuple[str, str, str], named: str
) -> None:
    name, old, new = change
    (finished / name).write_text((finished / name).read_text().replace(old, new))
    ran = scale(finished)
    assert (ran.code, ran.out) == (2, "")
    assert f"these differ: {named}\n" in ran.err


def test_another_act_on_a_kept_register_is_refused_in_the_same_folder(finished: Path) -> None:
    act = ("resume", "VN-DLPH-014", "--from", "2026-11-22", "--source", "a letter")
    _fine(run_here("register", *act, home=finished))
    ran = scale(finished)
    assert (ran.code, "these differ: registers\n" in ran.err) == (2, True)


def test_later_day_is_refused_only_when_a_waiver_has_ended_meanwhile(finished: Path) -> None:
    again = run_process("scale", "in", "--out", "out", "--shard-manifests", "9", "--today", "2026-12-01", home=finished)
    assert again.code != 2
    ended = run_process("scale", "in", "--out", "out", "--shard-manifests", "9", "--today", "2027-06-01", home=finished)
    assert (ended.code, "these differ: waivers\n" in ended.err) == (2, True)


def test_ledger_that_cannot_be_written_is_told_and_the_same_command_records_later(home: Path) -> None:
    """The findings stand, the ledger is as it was, and the run is not called done."""
    local, expected, ledger = check(home)
    before = recorded(home / "ledger.sqlite")
    with closing(sqlite3.connect(home / "ledger.sqlite")) as connection:
        refuses = "CREATE TRIGGER refuses BEFORE INSERT ON consignment WHEN NEW.reference = 'R-30'"
        connection.execute(f"{refuses} BEGIN SELECT RAISE(ABORT, 'no room'); END")
    ran = scale(home)
    assert (ran.code, ran.out, "ledger.sqlite: error" in ran.err) == (2, "", True)
    assert not (home / "out" / "_SUCCESS").exists()
    assert recorded(home / "ledger.sqlite") == before
    parts = looks(home / "out")
    with closing(sqlite3.connect(home / "ledger.sqlite")) as connection:
        connection.execute("DROP TRIGGER refuses")
    again = scale(home)
    assert (again.code, again.err) == (local.code, local.err)
    assert looks(home / "out") == parts
    same(rows_in(home / "out"), expected)
    assert recorded(home / "ledger.sqlite") == ledger


def test_file_that_is_no_ledger_is_told_before_anything_is_done(home: Path) -> None:
    ran = scale(home, "--ledger", "waivers.yaml")
    assert (ran.code, ran.out, "waivers.yaml: error" in ran.err) == (2, "", True)
    assert not list((home / "out").glob("*.parquet"))


def test_workers_open_no_file_of_the_machine_that_gives_the_command(home: Path) -> None:
    """Whatever is kept here is gone when the workers begin: they were sent all they need."""
    local, expected, ledger = check(home)
    running = start("in", "--out", "out", "--today", TODAY, "--shard-manifests", "9", home=home)
    deadline = time.monotonic() + 60
    while not list((home / "out").glob("uses-*.parquet")):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    for name in ("waivers.yaml", "baseline.yaml", "borderready.toml", ".local/share/borderready/registers.sqlite"):
        (home / name).unlink()
    for name in ("lists", "in/beside/registers"):
        shutil.rmtree(home / name)
    running.communicate()
    assert running.returncode == local.code
    same(rows_in(home / "out"), expected)
    assert recorded(home / "ledger.sqlite") == ledger


def test_lone_consignment_is_compared_with_a_ledger_that_is_not_begun_yet(tmp_path: Path) -> None:
    """That no other has used its papers is found, and told where what passes is asked for."""
    (tmp_path / "a.yaml").write_bytes(EXAMPLES[0].read_bytes())
    options = ("a.yaml", "--verbose", "-q")
    local = run_here("check", *options, "--ledger", "local.sqlite", "--format", "ndjson", home=tmp_path)
    expected = _rows(json.loads(local.out))
    assert any(str(row["rule"]).endswith("-once") for row in expected)
    ran = run_process("scale", *options, "--ledger", "ledger.sqlite", "--out", "out", home=tmp_path)
    assert ran.code == local.code
    same(rows_in(tmp_path / "out"), expected)
    assert recorded(tmp_path / "ledger.sqlite") == recorded(tmp_path / "local.sqlite")


def test_run_that_everything_is_kept_out_of_is_told(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.ndjson").write_bytes(lines_of(range(2)))
    ran = run_here("scale", "in", "--out", "out", "--exclude", "a.*", home=tmp_path)
    assert (ran.code, ran.out, "nothing to check" in ran.err) == (3, "", True)
    assert not (tmp_path / "out").exists()
