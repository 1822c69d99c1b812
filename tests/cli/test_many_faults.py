# SPDX-License-Identifier: Apache-2.0
"""`check` over many manifests when something goes wrong: a worker dies or hangs, the parent is killed or interrupted,
the reader leaves, the disk is full.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from tests.cli.build import lines, write_folder
from tests.command import make_environment, run_process, run_program, run_script

COUNT = 16
# Does to the check of some references what no manifest can: waits, hangs, or kills the worker.
TROUBLE = """
import json, os, signal, sys, time
import borderready.cli.run as run
trouble = json.loads(sys.argv.pop(1))
check = run.check_shipment
def troubled(manifest, *given, **named):
    what = trouble.get(manifest.reference[-2:], trouble.get("all"))
    if what == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    elif what == "once":
        with open("died", "a") as mark:
            mark.write("x")
        if os.stat("died").st_size == 1:
            os.kill(os.getpid(), signal.SIGKILL)
    elif what == "leave":
        os._exit(7)
    elif what is not None:
        with open(f"at-{os.getpid()}", "w"):
            time.sleep(what)
    return check(manifest, *given, **named)
run.check_shipment = troubled
from borderready.cli.app import run as main
sys.exit(main(["check", *sys.argv[1:]]))
"""
Trouble = Mapping[str, str | float]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the rule base compiled, and manifests in `out` and as lines in `all.ndjson`."""
    home = tmp_path_factory.mktemp("home")
    write_folder(home / "out", COUNT)
    (home / "all.ndjson").write_text("".join(f"{line}\n" for line in lines(COUNT)), "utf-8")
    return home


@pytest.fixture(scope="module")
def expected(home: Path) -> list[dict[str, object]]:
    """The reports of an untroubled run."""
    ran = run_process("check", "out", "--format", "ndjson", "-q", "--no-cache", home=home)
    return reports_of(ran.out)


def reports_of(out: str) -> list[dict[str, object]]:
    return [one for one in map(json.loads, out.splitlines()) if "findings" in one or "verdict" in one]


def run_troubled(home: Path, tmp_path: Path, trouble: Trouble, *arguments: str) -> tuple[int, list[dict[str, object]]]:
    given = (*arguments, "--format", "ndjson", "-q", "--no-cache")
    (tmp_path / "out").symlink_to(home / "out")
    (tmp_path / "all.ndjson").symlink_to(home / "all.ndjson")
    ran = run_script(TROUBLE, json.dumps(trouble), *given, home=home, folder=tmp_path)
    return ran.code, reports_of(ran.out)


@contextlib.contextmanager
def started(home: Path, folder: Path, trouble: Trouble, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """Give a run that goes on, in a session of its own, printing into `printed`; nothing of it is left at the end."""
    command = [sys.executable, "-c", TROUBLE, json.dumps(trouble), *arguments, "--no-cache"]
    with (
        (folder / "printed").open("wb") as out,
        subprocess.Popen(
            command,
            cwd=folder,
            env=make_environment(home),
            stdout=out,
            stderr=subprocess.PIPE,
            start_new_session=True,
        ) as process,
    ):
        try:
            yield process
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def children_of(pid: int) -> list[int]:
    """Return the processes that a process started."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text("utf-8").split()]


def is_alive(pid: int) -> bool:
    """Tell whether a process runs; one that ended and was not yet buried does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def wait_until(is_so: Callable[[], bool], seconds: float = 20) -> bool:
    """Tell whether something comes about within some seconds."""
    end = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def wait_for_workers(folder: Path, count: int = 2) -> list[int]:
    """Return the workers that have begun to check something."""
    assert wait_until(lambda: len(list(folder.glob("at-*"))) >= count)
    return [int(path.name.removeprefix("at-")) for path in folder.glob("at-*")]


# Workers


def test_a_worker_that_is_killed_is_replaced_and_every_manifest_has_its_answer(
    home: Path, tmp_path: Path, expected: list[dict[str, object]]
) -> None:
    (tmp_path / "out").symlink_to(home / "out")
    with started(home, tmp_path, {"05": 1.0}, "out/", "--jobs", "2", "--format", "ndjson", "-q") as process:
        (worker,) = wait_for_workers(tmp_path, 1)
        assert worker in children_of(process.pid)
        os.kill(worker, signal.SIGKILL)
        process.communicate(timeout=30)
    assert (process.returncode, reports_of((tmp_path / "printed").read_text("utf-8"))) == (1, expected)


@pytest.mark.parametrize("files", ["out", "all.ndjson"])
def test_a_manifest_that_kills_its_worker_once_is_checked_by_another(
    files: str, home: Path, tmp_path: Path, expected: list[dict[str, object]]
) -> None:
    code, reports = run_troubled(home, tmp_path, {"05": "once"}, files, "--jobs", "2")
    assert (code, [one["verdict"] for one in reports]) == (1, [one["verdict"] for one in expected])
    assert len(reports) == COUNT


@pytest.mark.parametrize("files", ["out", "all.ndjson"])
@pytest.mark.parametrize(
    ("what", "limit", "reason"),
    [
        ("die", (), "its process died twice (SIGKILL)"),
        ("leave", (), "its process died twice (exit 7)"),
        (60, ("--timeout", "1"), "it took longer than 1 seconds, twice"),
    ],
)
def test_a_manifest_that_undoes_every_worker_is_an_error_and_the_others_stand(
    what: str | float,
    limit: Sequence[str],
    reason: str,
    files: str,
    home: Path,
    tmp_path: Path,
    expected: list[dict[str, object]],
) -> None:
    code, reports = run_troubled(home, tmp_path, {"05": what}, files, "--jobs", "2", *limit)
    verdicts = [str(one["verdict"]) for one in expected]
    verdicts[5] = "error"
    assert (code, [one["verdict"] for one in reports]) == (1, verdicts)
    assert reason in json.dumps(reports[5], ensure_ascii=False)
    if files == "out":
        assert [*reports[:5], *reports[6:]] == [*expected[:5], *expected[6:]]


def test_what_could_not_be_checked_is_told_by_the_exit_code_where_nothing_else_is_wrong(
    home: Path, tmp_path: Path
) -> None:
    code, reports = run_troubled(home, tmp_path, {"05": "die"}, "out/000005.yaml", "--jobs", "2")
    assert (code, [one["verdict"] for one in reports]) == (6, ["error"])


# The parent


def test_no_worker_outlives_a_parent_that_is_killed_and_no_report_is_half_written(home: Path, tmp_path: Path) -> None:
    (tmp_path / "out").symlink_to(home / "out")
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "r.json").write_text("older", "utf-8")
    report = ("--report", "json=reports/r.json")
    with started(home, tmp_path, {"all": 30.0}, "out/", "--jobs", "2", *report) as process:
        workers = wait_for_workers(tmp_path)
        assert sorted(workers) == sorted(children_of(process.pid))
        process.kill()
        process.wait()
        assert wait_until(lambda: not any(is_alive(worker) for worker in workers), seconds=5)
    assert (tmp_path / "reports" / "r.json").read_text("utf-8") == "older"
    assert [path for path in (tmp_path / "reports").iterdir() if not path.name.startswith(".")] == [
        tmp_path / "reports" / "r.json"
    ]


@pytest.mark.parametrize("form", ["ndjson", "csv"])
def test_an_interrupt_ends_the_run_at_once_with_what_is_finished_written_whole(
    form: str, home: Path, tmp_path: Path, expected: list[dict[str, object]]
) -> None:
    (tmp_path / "out").symlink_to(home / "out")
    report = ("--report", "json=r.json", "--report", "sarif=r.sarif", "--report", "junit=r.xml")
    given = ("out/", "--jobs", "2", "--format", form, "-q", *report)
    with started(home, tmp_path, dict.fromkeys(("09", "10", "11", "12"), 30.0), *given) as process:
        workers = wait_for_workers(tmp_path)
        time.sleep(0.3)  # what is finished is written
        begin = time.monotonic()
        os.killpg(process.pid, signal.SIGINT)
        _, err = process.communicate(timeout=10)
        seconds = time.monotonic() - begin
    assert (process.returncode, err.strip(), seconds < 2) == (130, b"", True)
    assert not any(is_alive(worker) for worker in workers)
    out = (tmp_path / "printed").read_text("utf-8")
    assert out.endswith("\n")
    answer = json.loads((tmp_path / "r.json").read_text("utf-8"))
    assert answer["reports"] == expected[: len(answer["reports"])]
    assert 5 <= len(answer["reports"]) <= 9
    assert json.loads((tmp_path / "r.sarif").read_text("utf-8"))["version"] == "2.1.0"
    assert (tmp_path / "r.xml").read_text("utf-8").rstrip().endswith("</testsuites>")
    assert sorted(path.name for path in tmp_path.iterdir() if path.name.startswith(".")) == []
    if form == "ndjson":
        assert reports_of(out) == answer["reports"]


@pytest.mark.parametrize("form", ["ndjson", "text"])
def test_a_reader_who_leaves_ends_the_run(form: str, home: Path) -> None:
    """As `| head -1` does: one whole line, no message, no worker left, no half report."""
    line = f"{sys.executable} -m borderready check all.ndjson --format {form} -q --report json=left.json --no-cache"
    script = f"set -o pipefail; {line} | head -1"
    ran = run_program(["bash", "-c", script], home=home)
    assert (ran.code, ran.out.count("\n"), ran.err) == (130, 1, "")
    assert [path for path in home.iterdir() if "left.json" in path.name] == []


def test_a_full_disk_is_told_and_the_older_report_stands(home: Path, tmp_path: Path) -> None:
    (tmp_path / "r.json").write_text("older", "utf-8")
    script = """
import resource, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
from borderready.cli.app import run
sys.exit(run(["check", *sys.argv[1:]]))
"""
    given = ("all.ndjson", "-q", "--format", "csv", "--no-cache", "--jobs", "2")
    ran = run_script(script, *given, "--report", f"json={tmp_path}/r.json", home=home)
    assert (ran.code, "r.json" in ran.err, "Traceback" in ran.err) == (2, True, False)
    assert [path.name for path in tmp_path.iterdir()] == ["r.json"]
    assert (tmp_path / "r.json").read_text("utf-8") == "older"


def test_standard_output_that_is_full_is_told(home: Path) -> None:
    line = f"{sys.executable} -m borderready check out --format ndjson -q --no-cache > /dev/full"
    ran = run_program(["bash", "-c", line], home=home)
    assert (ran.code, "Traceback" in ran.err, ran.err.count("\n")) == (2, False, 1)
