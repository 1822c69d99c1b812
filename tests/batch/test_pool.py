# SPDX-License-Identifier: Apache-2.0
"""Worker processes: every unit has its result, in order, whatever becomes of a worker. All processes here are real."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from borderready.batch.pool import LARGE_BYTES, WINDOW_PER_WORKER, Lost, run_ordered
from tests.build import LAW


def run(units: list[str], folder: Path, *, jobs: int = 2, timeout_seconds: float | None = None) -> list[str]:
    """Return the results of units that say what is to become of their worker."""

    def work(unit: str) -> str:
        count = len(list(folder.glob(f"{unit}.*")))
        (folder / f"{unit}.{os.getpid()}").touch()
        what, _, _ = unit.partition(" ")
        if what == "die" or (what == "die-once" and not count):
            os.kill(os.getpid(), signal.SIGKILL)
        if what == "leave":
            os._exit(3)
        if what == "hang":
            time.sleep(60)
        if what == "raise":
            raise ZeroDivisionError("by zero")
        return unit.upper()

    def lost(unit: str, why: Lost) -> str:
        return f"{unit}: {why.key} {why.detail}"

    return list(run_ordered(units, work, jobs=jobs, timeout_seconds=timeout_seconds, lost=lost))


@settings(LAW, max_examples=10)
@given(st.lists(st.integers(0, 30_000), max_size=80), st.integers(1, 4))
def test_results_come_in_the_order_of_the_units(sizes: list[int], jobs: int) -> None:
    """Small and large, to few workers and many, without any of them waiting for each other for ever."""
    units = [f"{number} {'x' * size}" for number, size in enumerate(sizes)]
    results = run_ordered(units, str.upper, jobs=jobs, timeout_seconds=None, lost=lambda unit, _: unit, size_bytes=len)
    assert list(results) == [unit.upper() for unit in units]


def test_units_of_a_mebibyte_and_results_of_more_pass(tmp_path: Path) -> None:
    units = [f"{number} " + "y" * (LARGE_BYTES * 64) for number in range(6)]

    def work(unit: str) -> str:
        return unit * 2

    results = list(run_ordered(units, work, jobs=3, timeout_seconds=None, lost=lambda u, _: u, size_bytes=len))
    assert results == [unit * 2 for unit in units]


def test_a_worker_that_dies_once_is_replaced_and_its_unit_tried_again(tmp_path: Path) -> None:
    units = ["a", "die-once b", "c", "d", "e"]
    assert run(units, tmp_path) == [unit.upper() for unit in units]


@pytest.mark.parametrize(("what", "detail"), [("die", "SIGKILL"), ("leave", "exit 3")])
def test_a_unit_that_kills_two_workers_is_given_up_and_the_others_go_on(tmp_path: Path, what: str, detail: str) -> None:
    assert run(["a", f"{what} b", "c", f"{what} d", "e"], tmp_path) == [
        "A",
        f"{what} b: died {detail}",
        "C",
        f"{what} d: died {detail}",
        "E",
    ]
    assert [len(list(tmp_path.glob(f"{what} {name}.*"))) for name in "bd"] == [2, 2]


def test_a_unit_that_takes_too_long_is_given_up_after_a_second_try(tmp_path: Path) -> None:
    started = time.monotonic()
    assert run(["a", "hang b", "c"], tmp_path, timeout_seconds=0.3) == ["A", "hang b: timeout 0.3", "C"]
    assert len(list(tmp_path.glob("hang b.*"))) == 2
    assert time.monotonic() - started < 30


def test_an_exception_is_told_at_once(tmp_path: Path) -> None:
    assert run(["raise a", "b"], tmp_path) == ["raise a: raised ZeroDivisionError: by zero", "B"]
    assert len(list(tmp_path.glob("raise a.*"))) == 1


def test_no_more_units_are_read_than_the_window_holds() -> None:
    read = 0

    def units() -> Iterator[int]:
        nonlocal read
        for number in range(10_000):
            read += 1
            yield number

    results = run_ordered(units(), str, jobs=2, timeout_seconds=None, lost=lambda unit, _: str(unit))
    assert [next(results) for _ in range(10)] == [str(number) for number in range(10)]
    assert read <= 10 + 2 * WINDOW_PER_WORKER + 2
    results.close()


def test_workers_end_when_nobody_asks_any_more() -> None:
    results = run_ordered(range(1000), lambda _: os.getpid(), jobs=2, timeout_seconds=None, lost=lambda _u, _l: 0)
    pids = {next(results) for _ in range(20)}
    results.close()
    assert not [pid for pid in pids if _is_alive(pid)]


def test_workers_end_when_the_parent_is_killed(tmp_path: Path) -> None:
    script = """
import os, sys, time
from borderready.batch.pool import run_ordered
def work(unit):
    time.sleep(0.2)
    return os.getpid()
for pid in run_ordered(range(1000), work, jobs=2, timeout_seconds=None, lost=lambda u, l: 0):
    print(pid, flush=True)
"""
    parent = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    pids = {int(parent.stdout.readline()) for _ in range(6)}
    parent.kill()
    parent.wait()
    parent.stdout.close()
    deadline = time.monotonic() + 10
    while any(_is_alive(pid) for pid in pids) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert len(pids) == 2
    assert not [pid for pid in pids if _is_alive(pid)]


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
