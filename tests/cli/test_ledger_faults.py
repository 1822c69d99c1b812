# SPDX-License-Identifier: Apache-2.0
"""Faults of a ledger, each with real processes: what was there before still stands, and the user is told."""

from __future__ import annotations

import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

import pytest

from borderready.keep.ledger import FORM, open_ledger
from tests.cli.test_ledger import REGISTERS, write_truck
from tests.command import Ran, make_environment, run_here, run_process, run_script
from tests.read.build import ask_unprivileged

MANIFEST = "borderready: 1\nreference: R-{n}\nshipment: {{origin: VN}}\nlots: [{{id: L1, product: banana}}]\n"
PER_RUN = 40


def write_many(home: Path, first: int) -> str:
    """Write a file of many small manifests and return its name."""
    text = "---\n".join(MANIFEST.format(n=number) for number in range(first, first + PER_RUN))
    (home / f"{first}.yaml").write_text(text, "utf-8")
    return f"{first}.yaml"


def start(home: Path, *arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "borderready", *arguments],
        cwd=home,
        env=make_environment(home),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )


def references_in(path: Path) -> set[str]:
    with open_ledger(path, shown_as="ledger") as ledger:
        return {entry.reference for entry in ledger.entries()} if ledger is not None else set()


def expected(*firsts: int) -> set[str]:
    return {f"R-{number}" for first in firsts for number in range(first, first + PER_RUN)}


def check(home: Path, *arguments: str) -> Ran:
    return run_process("check", *arguments, home=home)


def test_a_run_that_is_killed_at_any_moment_leaves_the_ledger_as_before_or_as_after(tmp_path: Path) -> None:
    path = tmp_path / "s.sqlite"
    check(tmp_path, write_many(tmp_path, 0), "--ledger", "s.sqlite")
    assert references_in(path) == expected(0)
    began = time.monotonic()
    check(tmp_path, write_many(tmp_path, 100), "--ledger", "warm.sqlite")
    took = time.monotonic() - began
    chance = random.Random(7)
    for _ in range(8):
        process = start(tmp_path, "check", "100.yaml", "--ledger", "s.sqlite")
        # Most moments near the end, where the ledger is written.
        time.sleep(took * chance.uniform(0.3, 1.05))
        process.send_signal(signal.SIGKILL)
        process.communicate()
        assert references_in(path) in (expected(0), expected(0, 100))
    assert check(tmp_path, "100.yaml", "--ledger", "s.sqlite").code in (0, 4)
    assert references_in(path) == expected(0, 100)


def test_a_run_that_is_killed_while_it_writes_leaves_the_ledger_as_before(tmp_path: Path) -> None:
    """Killed for certain between the first entry and the last: the process kills itself there."""
    path = tmp_path / "s.sqlite"
    check(tmp_path, write_many(tmp_path, 0), "--ledger", "s.sqlite")
    write_many(tmp_path, 100)
    script = (
        "import os, signal, sys\n"
        "from borderready.keep import ledger\n"
        "put, done = ledger._put, []\n"
        "def put_some(*given):\n"
        "    put(*given)\n"
        "    done.append(1)\n"
        "    if len(done) == 20: os.kill(os.getpid(), signal.SIGKILL)\n"
        "ledger._put = put_some\n"
        "from borderready.cli.app import run\n"
        "sys.exit(run(sys.argv[1:]))\n"
    )
    ran = run_script(script, "check", "100.yaml", "--ledger", "s.sqlite", home=tmp_path)
    assert ran.code == -signal.SIGKILL
    assert references_in(path) == expected(0)


def test_checks_at_once_lose_nothing(tmp_path: Path) -> None:
    firsts = [0, 100, 200, 300]
    names = [write_many(tmp_path, first) for first in firsts]
    processes = [start(tmp_path, "check", name, "--ledger", "s.sqlite") for name in names]
    for process in processes:
        _, err = process.communicate()
        assert (process.returncode, err) == (4, b"")
    assert references_in(tmp_path / "s.sqlite") == expected(*firsts)


def test_a_full_disk_is_told_after_the_report_and_changes_nothing(tmp_path: Path) -> None:
    """The process may write no file beyond a few bytes more than the ledger has."""
    path = tmp_path / "s.sqlite"
    check(tmp_path, write_many(tmp_path, 0), "--ledger", "s.sqlite")
    write_many(tmp_path, 100)
    script = (
        "import resource, signal, sys\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "from borderready.cli.app import run\n"
        "most = int(sys.argv[1])\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))\n"
        "sys.exit(run(sys.argv[2:]))\n"
    )
    ran = run_script(script, "20000", "check", "100.yaml", "--ledger", "s.sqlite", home=tmp_path)
    assert ran.code == 2
    assert "R-139" in ran.out
    assert "s.sqlite: error:" in ran.err and "what was there before still stands" in ran.err
    assert references_in(path) == expected(0)
    assert check(tmp_path, "100.yaml", "--ledger", "s.sqlite").code == 4
    assert references_in(path) == expected(0, 100)


def test_a_folder_that_may_not_be_written_is_told_and_what_is_there_is_compared() -> None:
    with tempfile.TemporaryDirectory() as name:  # pytest's own folders cannot be entered by another user
        home = Path(name)
        first, second = write_truck(home, "AP-1"), write_truck(home, "AP-2", shared="PC-VII-2026-0042")
        assert check(home, first, *REGISTERS, "--ledger", "s.sqlite").code == 0

        def ask() -> tuple[int, str, str]:
            ran = run_here("check", second, *REGISTERS, "--ledger", "s.sqlite", home=home)
            return ran.code, ran.out, ran.err

        code, out, err = ask_unprivileged(ask, folder=home)
        assert code == 2
        assert "any/any/phytosanitary-certificate-once" in out
        assert "s.sqlite: error:" in err
        assert references_in(home / "s.sqlite") == {"AP-1"}


def refusal(home: Path, content: bytes) -> tuple[Ran, Ran]:
    """Return what check and show say of a file that is no ledger, and see that its bytes stay."""
    path = home / "s.sqlite"
    path.write_bytes(content)
    ran = check(home, write_many(home, 0), "--ledger", "s.sqlite")
    shown = run_process("ledger", "show", "--ledger", "s.sqlite", home=home)
    assert (ran.code, ran.out, shown.code, shown.out) == (2, "", 2, "")
    assert path.read_bytes() == content
    return ran, shown


def test_a_file_that_is_no_database_is_refused_and_stays(tmp_path: Path) -> None:
    for ran in refusal(tmp_path, b"borderready: 1\nreference: my only manifest\n"):
        assert "s.sqlite: error: this is no database of this kind" in ran.err


def test_a_ledger_of_a_newer_version_is_refused_and_stays(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "newer")) as connection:
        connection.execute(f"PRAGMA application_id = {FORM.application_id}")
        connection.execute(f"PRAGMA user_version = {FORM.version + 1}")
        connection.execute("CREATE TABLE anything (name TEXT)")
        connection.commit()
    for ran in refusal(tmp_path, (tmp_path / "newer").read_bytes()):
        assert "made by a newer borderready" in ran.err


@pytest.mark.parametrize("cut", ["half", "noise"])
def test_a_damaged_ledger_is_refused(tmp_path: Path, cut: str) -> None:
    path = tmp_path / "s.sqlite"
    check(tmp_path, write_many(tmp_path, 0), "--ledger", "s.sqlite")
    content = path.read_bytes()
    damaged = content[: len(content) // 2] if cut == "half" else content[:4096] + b"\xa5" * (len(content) - 4096)
    path.write_bytes(damaged)
    ran = check(tmp_path, "0.yaml", "--ledger", "s.sqlite")
    assert (ran.code, "s.sqlite: error: the database is damaged" in ran.err) == (2, True)
    assert path.read_bytes() == damaged
