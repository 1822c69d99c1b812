# SPDX-License-Identifier: Apache-2.0
"""Runs of cases: in several processes, those that failed first, with what was expected and what came out."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, Queue

import pytest

from borderready.cli.session import kind_schemas
from borderready.pack.case_run import Differing, RuleRun, read_failed, remember_failed, run_cases
from tests.cli.house import write_house
from tests.command import PACK, make_environment, run_here
from tests.pack.build import CASES_FILE, CLEAN, RULE_FILE, replace_in_clean, write_files

NAMES = [f"any/any/seal-{letter}" for letter in "abcdef"]
PATIENCE_SECONDS = 60


def _many(bad: str = "") -> dict[str, str]:
    """Return a pack of six rules; the cases of one expect what does not come out."""
    files = {name: text for name, text in CLEAN.items() if name not in (RULE_FILE, CASES_FILE)}
    for name in NAMES:
        cases = CLEAN[CASES_FILE].replace("expect: fail", "expect: pass") if name == bad else CLEAN[CASES_FILE]
        files[f"{name}.yaml"] = CLEAN[RULE_FILE].replace("any/any/seal", name)
        files[f"{name}.cases.yaml"] = cases
    return files


def _run(
    root: Path, *, jobs: int = 1, prefixes: tuple[str, ...] = (), first: frozenset[str] = frozenset()
) -> list[RuleRun]:
    return list(run_cases(root, kind_schemas(), prefixes=prefixes, jobs=jobs, first=first).results)


# what a failure tells


def _failing(root: Path, case: str) -> RuleRun:
    write_files(root, {**replace_in_clean(), CASES_FILE: case})
    [run] = _run(root)
    return run


def test_line_that_agrees_is_no_difference_and_one_that_does_not_has_both(tmp_path: Path) -> None:
    case = """\
- name: wrong place
  date: 2020-01-01
  given: {shipment: {transport: {tractor: T1}}}
  expect: fail
  at: shipment.transport.seals
  force: blocks
  start: 2019-01-01
"""
    [failure] = _failing(tmp_path, case).failures
    assert failure.lines == (
        Differing(key="expect", expected="fail"),
        Differing(key="at", expected="shipment.transport.seals", actual="shipment.transport.seal"),
        Differing(key="force", expected="blocks"),
        Differing(key="start", expected="2019-01-01", actual="2020-01-01"),
    )


def test_place_of_a_lot_is_named_as_cases_name_it(tmp_path: Path) -> None:
    files = replace_in_clean(
        (RULE_FILE, "each: shipment", "each: lot"),
        (RULE_FILE, "field: shipment.transport.seal", "field: quantity.net_kg"),
        (RULE_FILE, "check: present", "check: limit"),
        (RULE_FILE, "options: {}", "options: {max: 10}"),
    )
    case = "- {name: over, date: 2020-01-01, given: {quantity: {net_kg: 11}}, expect: fail, at: quantity.packages}\n"
    write_files(tmp_path, {**files, CASES_FILE: case})
    [run] = _run(tmp_path)
    assert run.failures[0].lines[1] == Differing(key="at", expected="quantity.packages", actual="quantity.net_kg")


def test_command_shows_the_difference_and_what_was_found(tmp_path: Path) -> None:
    files = replace_in_clean(
        (RULE_FILE, "each: shipment", "each: lot"),
        (RULE_FILE, "field: shipment.transport.seal", "field: quantity.net_kg"),
        (RULE_FILE, "check: present", "check: limit"),
        (RULE_FILE, "options: {}", "options: {max: 10}"),
    )
    case = "- {name: over, date: 2020-01-01, given: {quantity: {net_kg: 11}}, expect: pass, force: blocks}\n"
    write_files(tmp_path / "mini", {**files, CASES_FILE: case})
    ran = run_here("pack", "test", "mini", home=tmp_path)
    assert (ran.code, ran.out.splitlines()) == (
        1,
        [
            f"{CASES_FILE}:1: any/any/seal: over",
            "  expected pass, got fail",
            "    - expect: pass",
            "    + expect: fail",
            "      force: blocks",
            "    found: 11",
            "    asked: <= 10",
            "cases: 0 passed, 1 failed (rules: 1)",
        ],
    )


def test_case_that_is_no_manifest_has_its_fault_and_no_difference(tmp_path: Path) -> None:
    run = _failing(tmp_path, "- {name: bad, date: 2020-01-01, given: {shipmnt: {}}, expect: pass}\n")
    [failure] = run.failures
    assert (failure.lines, len(failure.faults), run.bad) == ((), 1, 1)


# several processes


def test_several_processes_tell_what_one_tells_in_the_same_order(tmp_path: Path) -> None:
    root = write_files(tmp_path / "mini", _many(bad=NAMES[3]))
    one, two = (run_here("pack", "test", "mini", "--jobs", jobs, home=tmp_path) for jobs in ("1", "2"))
    assert one == two
    assert [run.rule for run in _run(root, jobs=2)] == NAMES
    assert run_here("pack", "test", str(PACK), "--jobs", "2", home=tmp_path).code == 0


# --rule


def test_only_what_is_asked_for_is_read(tmp_path: Path) -> None:
    """A rule that somebody else is at the middle of writing stops nobody."""
    write_files(tmp_path / "mini", {**_many(), f"{NAMES[5]}.yaml": "id: [\n"})
    assert run_here("pack", "test", "mini", home=tmp_path).code == 5
    ran = run_here("pack", "test", "mini", "--rule", NAMES[0], "--rule", f"{NAMES[1]}.yaml", home=tmp_path)
    assert (ran.code, ran.out) == (0, "cases: 8 passed, 0 failed (rules: 2)\n")


def test_rule_that_displaces_another_is_tested_with_it_at_hand(tmp_path: Path) -> None:
    files = _many()
    line = f"overrides: [{NAMES[1]}]\nwordings:\n"
    files[f"{NAMES[0]}.yaml"] = files[f"{NAMES[0]}.yaml"].replace("wordings:\n", line)
    write_files(tmp_path / "mini", files)
    ran = run_here("pack", "test", "mini", "--rule", NAMES[0], home=tmp_path)
    assert (ran.code, ran.out) == (0, "cases: 4 passed, 0 failed (rules: 1)\n")
    assert run_here("pack", "mutate", "mini", "--rule", NAMES[0], home=tmp_path).code == 0


# --failed-first


def test_rules_that_failed_are_run_first_the_next_time(tmp_path: Path) -> None:
    root = write_files(tmp_path / "mini", _many(bad=NAMES[4]))
    assert run_here("pack", "test", "mini", home=tmp_path).code == 1
    [memory] = (tmp_path / ".cache").rglob("pack-test/*.txt")
    assert read_failed(memory) == {NAMES[4]}
    assert [run.rule for run in _run(root, first=read_failed(memory))] == [NAMES[4], *NAMES[:4], NAMES[5]]
    write_files(root, {f"{NAMES[0]}.cases.yaml": "- a\n"})
    told = run_here("pack", "test", "mini", "--failed-first", home=tmp_path).out.splitlines()
    assert [line.split(".")[0] for line in told if line.startswith("any/")] == [NAMES[4], NAMES[0]]


def test_what_did_not_run_stays_remembered_and_what_passed_is_forgotten(tmp_path: Path) -> None:
    memory = tmp_path / "deep" / "memory.txt"
    remember_failed(memory, ran={"a", "b"}, failed={"a", "b"})
    remember_failed(memory, ran={"b", "c"}, failed={"c"})
    assert read_failed(memory) == {"a", "c"}


def test_cache_that_cannot_be_written_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    remember_failed(tmp_path / "file" / "memory.txt", ran={"a"}, failed={"a"})
    assert read_failed(tmp_path / "file" / "memory.txt") == frozenset()


# --watch


IS_TERMINAL_LIKE = pytest.mark.skipif(os.name == "nt", reason="interrupts as a terminal does")


@contextmanager
def _watching(folder: Path, *arguments: str) -> Iterator[tuple[subprocess.Popen[str], Queue[str]]]:
    """Run `pack test --watch` in a folder, and give its process and its lines."""
    process = subprocess.Popen(
        [sys.executable, "-m", "borderready", "pack", "test", *arguments, "--watch"],
        cwd=folder,
        env={**make_environment(folder), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    lines: Queue[str] = Queue()
    assert process.stdout is not None
    stream = process.stdout

    def pass_on() -> None:
        for line in stream:
            lines.put(line.rstrip("\n"))

    threading.Thread(target=pass_on, daemon=True).start()
    try:
        yield process, lines
    finally:
        process.kill()
        process.wait()
        stream.close()


@IS_TERMINAL_LIKE
def test_watch_tests_the_rule_that_is_saved_and_survives_a_broken_one(tmp_path: Path) -> None:
    root = write_files(tmp_path / "mini", _many())
    with _watching(tmp_path, "mini") as (process, lines):
        assert _until(lines, "cases: ") == "cases: 24 passed, 0 failed (rules: 6)"
        cases = root / f"{NAMES[2]}.cases.yaml"
        good = cases.read_text("utf-8")
        cases.write_text(good.replace("expect: fail", "expect: pass"), "utf-8")
        assert _until(lines, "cases: ") == "cases: 3 passed, 1 failed (rules: 1)"
        rule = root / f"{NAMES[2]}.yaml"
        rule.write_text(rule.read_text("utf-8").replace("severity: must", "severity: perhaps"), "utf-8")
        assert "'perhaps' is not one of" in _until(lines, f"{NAMES[2]}.yaml:")
        rule.write_text(rule.read_text("utf-8").replace("severity: perhaps", "severity: should"), "utf-8")
        assert _until(lines, "cases: ") == "cases: 3 passed, 1 failed (rules: 1)"
        cases.unlink()
        assert _until(lines, "cases: ") == "cases: 0 passed, 0 failed (rules: 1)"
        cases.write_text(good, "utf-8")
        assert _until(lines, "cases: ") == "cases: 4 passed, 0 failed (rules: 1)"
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE_SECONDS) == 130


@IS_TERMINAL_LIKE
def test_watch_knows_the_rules_of_a_pack_of_ones_own_by_id(tmp_path: Path) -> None:
    root = write_house(tmp_path)
    with _watching(tmp_path, "acme", "--rule", "acme:any/durian") as (_, lines):
        assert _until(lines, "cases: ") == "cases: 5 passed, 0 failed (rules: 1)"
        (root / "any" / "any" / "seal-form.cases.yaml").write_text("[]\n", "utf-8")  # of another rule
        cases = root / "any" / "durian" / "cadmium.cases.yaml"
        (cases.parent / "cadmium.cases.yaml~").write_text("[]\n", "utf-8")  # what an editor leaves
        cases.write_text(cases.read_text("utf-8").replace("expect: fail", "expect: pass"), "utf-8")
        assert _until(lines, "cases: ") == "cases: 4 passed, 1 failed (rules: 1)"


def _until(lines: Queue[str], beginning: str) -> str:
    """Return the next line that begins so; whatever comes before is passed over."""
    try:
        while True:
            line = lines.get(timeout=PATIENCE_SECONDS)
            if line.startswith(beginning):
                return line
    except Empty:
        raise AssertionError(f"nothing began with {beginning!r}") from None
