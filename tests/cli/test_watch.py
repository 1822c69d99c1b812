# SPDX-License-Identifier: Apache-2.0
"""`check FOLDER --watch` as a process, on files that are saved the ways people and programs save them.

Nothing here is timed: each step waits, with much patience, for the report that it asks for.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.build import write_manifest, write_pack, write_registers
from tests.command import make_environment, run_here

PATIENCE_SECONDS = 90
Report = dict[str, Any]


class Watching:
    """A check that watches, with what it has said so far."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.out: list[str] = []
        self.err: list[str] = []
        self._read = 0
        for stream, lines in ((process.stdout, self.out), (process.stderr, self.err)):
            threading.Thread(target=lambda stream=stream, lines=lines: lines.extend(stream), daemon=True).start()

    def until(self, is_so: Callable[[Report], bool]) -> list[Report]:
        """Return the reports that come, up to the first one that is as it should be."""
        seen: list[Report] = []
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            while self._read < len(self.out):
                seen.append(json.loads(self.out[self._read]))
                self._read += 1
                if is_so(seen[-1]):
                    return seen
            assert self.process.poll() is None, self.err
            assert time.monotonic() < deadline, (seen, self.err)
            time.sleep(0.02)

    def until_told(self, text: str) -> None:
        """Wait until something was said on standard error."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while text not in "".join(self.err):
            assert self.process.poll() is None, self.err
            assert time.monotonic() < deadline, self.err
            time.sleep(0.02)


@contextlib.contextmanager
def watching(home: Path, *arguments: str) -> Iterator[Watching]:
    """Start a check that watches, and end it with the test."""
    command = [sys.executable, "-m", "borderready", "check", *arguments, "--watch", "--rules", "pack"]
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command, cwd=home, env=make_environment(home), stdout=pipe, stderr=pipe, text=True, encoding="utf-8"
    ) as process:
        try:
            yield Watching(process)
        finally:
            process.kill()


def interrupt(seen: Watching) -> int:
    """Press Ctrl-C and return the exit code."""
    seen.process.send_signal(signal.SIGINT)
    return seen.process.wait(PATIENCE_SECONDS)


def of(name: str, verdict: str | None = None) -> Callable[[Report], bool]:
    """Return what tells a report of a file, with a verdict."""
    return lambda report: report["manifest"]["file"] == name and verdict in (None, report["verdict"])


def files(reports: list[Report]) -> list[str]:
    return [report["manifest"]["file"] for report in reports]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with the invented rule base, and three consignments in `out`."""
    write_pack(tmp_path)
    write_registers(tmp_path / "out")
    for name, base in (("a.yaml", "ready.yaml"), ("b.yaml", "not-ready.yaml"), ("c.yaml", "undecided.yaml")):
        write_manifest(tmp_path / "out", name, base=base)
    run_here("check", "out/a.yaml", "--rules", "pack", home=tmp_path)  # so that the rule base is compiled
    return tmp_path


def save(path: Path, text: str) -> None:
    """Save a file as editors do that lose nothing: beside it, then in its place."""
    beside = path.with_name(f".{path.name}.swp")
    beside.write_text(text, "utf-8")
    beside.replace(path)


def test_everything_is_checked_once_and_then_each_file_that_is_saved_however(home: Path) -> None:
    out = home / "out"
    ready, not_ready = (out / "a.yaml").read_text("utf-8"), (out / "b.yaml").read_text("utf-8")
    with watching(home, "out", "--format", "ndjson") as seen:
        assert files(seen.until(of("out/c.yaml"))) == ["out/a.yaml", "out/b.yaml", "out/c.yaml"]
        # written in place: what is only half there may be told as such on the way
        (out / "b.yaml").write_text(ready, "utf-8")
        assert set(files(seen.until(of("out/b.yaml", "ready")))) == {"out/b.yaml"}
        # added
        save(out / "d.yaml", not_ready)
        assert files(seen.until(of("out/d.yaml", "not-ready"))) == ["out/d.yaml"]
        # taken away, which is nothing to check; then renamed
        (out / "d.yaml").unlink()
        (out / "c.yaml").rename(out / "e.yaml")
        assert files(seen.until(of("out/e.yaml", "undecided"))) == ["out/e.yaml"]
        # broken, and mended
        save(out / "a.yaml", ready.replace("lots:", "lots: ["))
        (broken,) = seen.until(of("out/a.yaml"))
        assert (broken["verdict"], broken["faults"][0]["location"]["line"] > 1) == ("invalid", True)
        save(out / "a.yaml", ready)
        assert files(seen.until(of("out/a.yaml", "ready"))) == ["out/a.yaml"]
        # moved away as a backup and written anew, as vi does
        (out / "a.yaml").rename(out / "a.yaml~")
        (out / "a.yaml").write_text(not_ready, "utf-8")
        assert set(files(seen.until(of("out/a.yaml", "not-ready")))) == {"out/a.yaml"}
        # saved without a change
        os.utime(out / "e.yaml")
        assert files(seen.until(of("out/e.yaml"))) == ["out/e.yaml"]
        assert interrupt(seen) == 130
        assert "".join(seen.err).strip() == ""


def test_many_that_are_saved_at_once_are_all_checked(home: Path) -> None:
    text = (home / "out" / "a.yaml").read_text("utf-8")
    with watching(home, "out", "--format", "ndjson", "--quiet") as seen:
        seen.until(of("out/c.yaml"))
        (home / "new").mkdir()
        for number in range(12):
            (home / "new" / f"n{number:02}.yaml").write_text(text, "utf-8")
        (home / "new").rename(home / "out" / "new")
        reports = seen.until(of("out/new/n11.yaml"))
        assert [name for name in files(reports) if "new" in name] == [f"out/new/n{n:02}.yaml" for n in range(12)]
        assert interrupt(seen) == 130


def test_what_is_saved_is_compared_with_all_that_was_not(home: Path) -> None:
    """A report of one file that was saved is that of a run over the whole folder."""
    out = home / "out"
    (out / "lines.ndjson").write_text(json.dumps({"borderready": 1}), "utf-8")  # invalid, and read all the same
    with watching(home, "out", "--format", "ndjson", "--quiet") as seen:
        seen.until(of("out/lines.ndjson"))
        save(out / "a.yaml", (out / "a.yaml").read_text("utf-8") + "# seen\n")
        (alone,) = seen.until(of("out/a.yaml"))
        assert interrupt(seen) == 130
    ran = run_here("check", "out", "--rules", "pack", "--format", "ndjson", "--quiet", home=home)
    (whole,) = filter(of("out/a.yaml"), map(json.loads, ran.out.splitlines()))
    assert whole["compared_with"] not in (None, 0)
    assert alone == whole


def test_folder_that_is_emptied_is_still_watched(home: Path) -> None:
    text = (home / "out" / "a.yaml").read_text("utf-8")
    with watching(home, "out", "--format", "ndjson") as seen:
        seen.until(of("out/c.yaml"))
        for path in (home / "out").glob("*.yaml"):
            path.unlink()
        time.sleep(1)  # so that it is most likely looked at while it is empty; the test holds however that falls
        save(home / "out" / "z.yaml", text)
        assert files(seen.until(of("out/z.yaml"))) == ["out/z.yaml"]
        assert interrupt(seen) == 130
        assert "".join(seen.err).strip() == ""


def test_folder_that_is_empty_yet_is_watched(home: Path) -> None:
    (home / "inbox").mkdir()
    with watching(home, "inbox", "--format", "ndjson") as seen:
        seen.until_told("nothing to check yet")
        save(home / "inbox" / "z.yaml", (home / "out" / "a.yaml").read_text("utf-8"))
        assert files(seen.until(of("inbox/z.yaml"))) == ["inbox/z.yaml"]
        assert interrupt(seen) == 130


def test_list_of_codes_that_is_broken_meanwhile_is_told_and_one_goes_on(home: Path) -> None:
    (codes,) = (home / "out" / "registers").iterdir()
    good, text = codes.read_bytes(), (home / "out" / "a.yaml").read_text("utf-8")
    with watching(home, "out", "--format", "ndjson") as seen:
        seen.until(of("out/c.yaml"))
        codes.write_text("nonsense\n", "utf-8")
        save(home / "out" / "a.yaml", text + "# once\n")
        seen.until_told(codes.name)
        codes.write_bytes(good)
        save(home / "out" / "a.yaml", text + "# twice\n")
        assert files(seen.until(of("out/a.yaml", "ready"))) == ["out/a.yaml"]
        assert interrupt(seen) == 130


def test_what_is_kept_out_is_told_once(home: Path) -> None:
    with watching(home, "out", "--format", "ndjson", "--exclude", "b.yaml") as seen:
        assert files(seen.until(of("out/c.yaml"))) == ["out/a.yaml", "out/c.yaml"]
        for turn in range(2):
            save(home / "out" / "b.yaml", "[")
            save(home / "out" / "a.yaml", (home / "out" / "a.yaml").read_text("utf-8") + f"# {turn}\n")
            assert files(seen.until(of("out/a.yaml"))) == ["out/a.yaml"]
        assert interrupt(seen) == 130
        assert "".join(seen.err).count("kept out") == 1


def test_report_in_a_file_is_about_all_and_is_not_taken_for_a_manifest(home: Path) -> None:
    path = home / "out" / "report.json"

    def verdicts() -> list[str]:
        with contextlib.suppress(OSError):
            return [report["verdict"] for report in json.loads(path.read_text("utf-8"))["reports"]]
        return []

    def wait_for(expected: list[str]) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while verdicts() != expected:
            assert seen.process.poll() is None, seen.err
            assert time.monotonic() < deadline, (verdicts(), seen.err)
            time.sleep(0.02)

    with watching(home, "out", "--format", "json", "--output", str(path), "--quiet") as seen:
        wait_for(["ready", "not-ready", "undecided"])
        save(home / "out" / "b.yaml", (home / "out" / "a.yaml").read_text("utf-8"))
        wait_for(["ready", "ready", "undecided"])
        (home / "out" / "c.yaml").unlink()
        wait_for(["ready", "ready"])
        assert interrupt(seen) == 130


def test_standard_input_cannot_be_watched(home: Path) -> None:
    ran = run_here("check", "-", "--watch", home=home)
    assert (ran.code, ran.out) == (2, "")
    assert "--watch cannot look at standard input" in ran.err


def test_wrong_command_ends_at_once(home: Path) -> None:
    ran = run_here("check", "out", "--watch", "--rules", "nowhere", home=home)
    assert ran.code == 5
