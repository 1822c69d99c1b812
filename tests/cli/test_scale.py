# SPDX-License-Identifier: Apache-2.0
"""`borderready scale`: stopped, killed, resumed, refused; each command a process of its own, as a user runs it."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import chdir
from pathlib import Path

import pytest

from borderready.cli.exits import ExitCode
from tests.command import ROOT, make_environment, run_here, run_process, run_script
from tests.scale.build import (
    EXAMPLES,
    NOTHING,
    lines_of,
    local_rows,
    parts_in,
    processes_with,
    read_findings,
    write_parquet,
)

WITHOUT = "import sys; sys.modules[sys.argv.pop(1)] = None; from borderready.__main__ import main; sys.exit(main())"
PATIENCE_SECONDS = 40
# Ray's own helpers look for their parent now and then, and leave within a minute where it was killed.
LEAVES_LATER = ("Agent",)


def start(*arguments: str, home: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "borderready", "scale", *arguments]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=home, env=make_environment(home), stdout=pipe, stderr=pipe, text=True)


def wait_for_parts(out: Path, count: int) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while len(parts_in(out)) < count:
        assert time.monotonic() < deadline, "no parts"
        time.sleep(0.02)


def wait_for_the_end_of(home: Path) -> list[str]:
    """Return what is still at work under a home after a while, but what leaves later."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and (left := _titles(processes_with(f"HOME={home}"))):
        time.sleep(0.1)
    return left


def _titles(pids: Sequence[int]) -> list[str]:
    titles = []
    for pid in pids:
        try:
            titles.append(Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode())
        except OSError:
            continue  # ended meanwhile
    return [title for title in titles if title and not any(name in title for name in LEAVES_LATER)]


def looks(out: Path) -> dict[str, tuple[int, int]]:
    return {path.name: (path.stat().st_mtime_ns, path.stat().st_ino) for path in parts_in(out)}


def test_killed_run_is_resumed_and_a_changed_input_done_again(tmp_path: Path) -> None:
    out = tmp_path / "out"
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.ndjson").write_bytes(lines_of(range(200)))
    (tmp_path / "in" / "b.ndjson").write_bytes(_lone(15))
    command = ("in", "--out", "out", "--shard-manifests", "10")

    killed = start(*command, home=tmp_path)
    wait_for_parts(out, 3)
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    assert wait_for_the_end_of(tmp_path) == []
    before = looks(out)
    assert 3 <= len(before) < 23
    assert not (out / "_SUCCESS").exists()

    resumed = run_process("scale", *command, home=tmp_path)
    assert resumed.code == ExitCode.NOT_READY
    assert f"checking: {len(before)} of 23 shards are finished already" in resumed.err
    assert "33 of 23 shards are read" not in resumed.err
    after = looks(out)
    assert {name: after.get(name) for name in before} == before
    assert len(after) == 23
    assert {path.name for path in out.iterdir()} - set(after) == {
        "run.json",
        "_SUCCESS",
        ".lock",
        *(name.replace("part-", "uses-") for name in after),
    }

    with chdir(tmp_path):
        assert read_findings(out) == local_rows(["in/a.ndjson", "in/b.ndjson"], NOTHING)

    (tmp_path / "in" / "b.ndjson").write_bytes(_lone(13, "changed"))
    again = run_process("scale", *command, home=tmp_path)
    assert "checking: 21 of 23 shards are finished already" in again.err
    last = looks(out)
    assert {name for name in last if last[name] == after.get(name)} == {name for name in after if name in last}
    assert (len(last), len(set(last) - set(after))) == (23, 2)
    with chdir(tmp_path):
        assert read_findings(out) == local_rows(["in/a.ndjson", "in/b.ndjson"], NOTHING)
    counted = json.loads((out / "_SUCCESS").read_text())
    assert counted["manifests"] == 201 + 13


def _lone(count: int, exporter: str = "one") -> bytes:
    """Return manifests a line that share no paper, container or orchard with any other."""
    shipment, lots = {"origin": "VN"}, [{"id": "L1", "product": "durian-fresh"}]
    parties = {"exporter": {"name": exporter}}
    common = {"borderready": 1, "shipment": shipment, "lots": lots, "parties": parties}
    return b"".join(json.dumps({**common, "reference": f"B-{n}"}).encode() + b"\n" for n in range(count))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_stopped_run_leaves_whole_parts_and_no_process(tmp_path: Path, number: signal.Signals) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.ndjson").write_bytes(lines_of(range(400)))
    stopped = start("in", "--out", "out", "--shard-manifests", "20", "--quiet", home=tmp_path)
    wait_for_parts(tmp_path / "out", 2)
    stopped.send_signal(number)
    out, err = stopped.communicate(timeout=PATIENCE_SECONDS)
    assert (stopped.returncode, out, err.strip()) == (ExitCode.INTERRUPTED, "", "")
    assert wait_for_the_end_of(tmp_path) == []
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert {name for name in names if not name.startswith("uses-")} == {*looks(tmp_path / "out"), "run.json", ".lock"}
    assert read_findings(tmp_path / "out")


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the findings `out` of a Parquet file `in/a.parquet` and the examples; nothing changes it."""
    home = tmp_path_factory.mktemp("finished")
    (home / "in").mkdir()
    write_parquet(home / "in" / "a.parquet", [path.read_text("utf-8") for path in EXAMPLES])
    ran = run_process("scale", "in", str(ROOT / "examples"), "--out", "in/out", home=home)
    assert ran.code == ExitCode.NOT_READY
    assert ran.out.startswith("manifests: 52 ")
    return home


def test_finished_run_is_told_again_without_a_cluster(finished: Path) -> None:
    """The findings lie below the inputs here, and are not taken for some; nobody answers at the address."""
    before = looks(finished / "in" / "out")
    nobody = ("--address", "127.0.0.1:1")
    ran = run_here("scale", "in", str(ROOT / "examples"), "--out", "in/out", *nobody, home=finished)
    assert (ran.code, ran.out.startswith("manifests: 52 ")) == (ExitCode.NOT_READY, True)
    assert "shards are" not in ran.err
    assert looks(finished / "in" / "out") == before


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        (["--rules", str(ROOT / "tests" / "data" / "pack")], "rule_base"),
        (["--registers", str(ROOT / "docs")], "registers, settings"),
        (["--fail-on", "warning"], "settings"),
        (["--shard-manifests", "7"], "options"),
    ],
)
def test_run_of_another_kind_is_refused_in_the_folder(finished: Path, changes: list[str], named: str) -> None:
    before = looks(finished / "in" / "out")
    ran = run_here("scale", "in", str(ROOT / "examples"), "--out", "in/out", *changes, home=finished)
    assert (ran.code, ran.out) == (ExitCode.USAGE, "")
    assert f"these differ: {named}\n" in ran.err
    assert "--fresh" in ran.err
    assert looks(finished / "in" / "out") == before


def test_second_run_in_the_same_folder_is_refused(finished: Path) -> None:
    import fcntl

    with (finished / "in" / "out" / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        ran = run_here("scale", "in", str(ROOT / "examples"), "--out", "in/out", home=finished)
    assert (ran.code, ran.out) == (ExitCode.USAGE, "")
    assert "another run is at work in" in ran.err


@pytest.mark.parametrize("module", ["ray", "pyarrow"])
def test_what_is_not_installed_is_named_with_the_command_that_installs_it(tmp_path: Path, module: str) -> None:
    ran = run_script(WITHOUT, module, "scale", str(ROOT / "examples"), "--out", "out", home=tmp_path)
    assert (ran.code, ran.out) == (ExitCode.USAGE, "")
    assert f"scale needs {module}, which is not installed" in ran.err
    assert "pip install 'borderready[ray]'" in ran.err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("address", ["127.0.0.1:1", "ray://127.0.0.1:1", "nowhere"])
def test_address_that_nobody_answers_at_is_told_at_once(tmp_path: Path, address: str) -> None:
    ran = run_process("scale", str(ROOT / "examples"), "--out", "out", "--address", address, home=tmp_path)
    assert (ran.code, ran.out) == (ExitCode.USAGE, "")
    assert address in ran.err
    assert "hint: give --address as host:port" in ran.err


def test_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file")
    ran = run_here("scale", str(ROOT / "examples"), "--out", "out", home=tmp_path)
    assert (ran.code, ran.out) == (ExitCode.USAGE, "")
    assert "cannot be written" in ran.err


def test_standard_input_is_refused(tmp_path: Path) -> None:
    ran = run_here("scale", "-", "--out", "out", home=tmp_path)
    assert (ran.code, ran.out) == (ExitCode.USAGE, "")
    assert "scale does not read standard input" in ran.err
