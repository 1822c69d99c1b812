# SPDX-License-Identifier: Apache-2.0
"""`--output`: a file is written whole or not at all, and what stood there before stays."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from tests.cli.build import report_of, write_manifest, write_pack, write_registers
from tests.command import MANIFESTS, Ran, run_here, run_script

ASCII = {"PYTHONIOENCODING": "ascii"}
BEFORE = "the report of yesterday\n"
# Runs the command as a user without rights, from the working folder, after all modules have been read.
WITHOUT_RIGHTS = """
import os, sys
from borderready.cli.app import run

arguments = sys.argv[1:]
run([*arguments, "--output", os.path.join(os.environ["HOME"], "warm.txt")])
if os.geteuid() == 0:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
sys.exit(run([*arguments, "--output", "report.txt"]))
"""
# Runs the command on a disk that takes no more than a hundred bytes of a file.
ON_A_FULL_DISK = """
import resource, signal, sys
from borderready.cli.app import run

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))
sys.exit(run(sys.argv[1:]))
"""


def _check(*arguments: str, home: Path) -> Ran:
    return run_here("check", *arguments, "--rules", "../pack", home=home, folder=MANIFESTS)


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name != ".cache")


@pytest.mark.parametrize("language", ["en", "vi", "zh"])
def test_file_gets_what_the_terminal_would(language: str, tmp_path: Path) -> None:
    report = tmp_path / "report.txt"
    ran = _check("not-ready.yaml", "--lang", language, "--output", str(report), home=tmp_path)
    assert ran == Ran(code=1, out="", err="")
    assert report.read_bytes().decode() == report_of("not-ready", "--lang", language, home=tmp_path)


def test_file_gets_json(tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    ran = _check("not-ready.yaml", "--format", "json", "-o", str(report), home=tmp_path)
    assert ran == Ran(code=1, out="", err="")
    assert report.read_bytes().decode() == report_of("not-ready", "--format", "json", home=tmp_path)


def test_file_is_utf_8_whatever_the_terminal_speaks(tmp_path: Path) -> None:
    script = "import sys; from borderready.cli.app import run; sys.exit(run(sys.argv[1:]))"
    report = tmp_path / "report.txt"
    arguments = ("check", "scripts.yaml", "--rules", "../pack", "--lang", "zh", "-o", str(report))
    ran = run_script(script, *arguments, home=tmp_path, folder=MANIFESTS, environment=ASCII)
    assert ran == Ran(code=1, out="", err="")
    assert report.read_bytes().decode() == report_of("scripts", "--lang", "zh", home=tmp_path)


def test_older_file_is_replaced_whole(tmp_path: Path) -> None:
    report = tmp_path / "report.txt"
    report.write_text("x" * 100_000, "utf-8")
    assert _check("ready.yaml", "--output", str(report), home=tmp_path).code == 0
    assert report.read_bytes().decode() == report_of("ready", home=tmp_path)
    assert _names(tmp_path) == ["report.txt"]


def test_file_has_the_rights_that_other_new_files_have(tmp_path: Path) -> None:
    plain, report = tmp_path / "plain.txt", tmp_path / "report.txt"
    plain.write_text("", "utf-8")
    _check("ready.yaml", "--output", str(report), home=tmp_path)
    assert stat.S_IMODE(report.stat().st_mode) == stat.S_IMODE(plain.stat().st_mode)


def test_folder_that_is_not_there_is_wrong_usage(tmp_path: Path) -> None:
    report = tmp_path / "nowhere" / "report.txt"
    assert _check("ready.yaml", "--output", str(report), home=tmp_path) == Ran(
        code=2,
        out="",
        err=f"borderready: error: {report} cannot be written: No such file or directory\n"
        "  hint: choose another file, or make room; nothing was written\n",
    )


def test_folder_that_is_a_file_is_wrong_usage(tmp_path: Path) -> None:
    (tmp_path / "file").write_text(BEFORE, "utf-8")
    ran = _check("ready.yaml", "--output", str(tmp_path / "file" / "report.txt"), home=tmp_path)
    assert ran.code == 2
    assert "Not a directory" in ran.err
    assert (tmp_path / "file").read_text("utf-8") == BEFORE


def test_folder_without_the_right_to_write_keeps_its_older_file(tmp_path: Path) -> None:
    """As root everything can be written, so root gives its rights away first."""
    folder = tmp_path / "locked"
    write_manifest(folder)
    write_registers(folder)
    write_pack(folder)
    (folder / "report.txt").write_text(BEFORE, "utf-8")
    folder.chmod(0o555)
    try:
        ran = run_script(WITHOUT_RIGHTS, "check", "m.yaml", "--rules", "pack", home=tmp_path, folder=folder)
    finally:
        folder.chmod(0o755)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.splitlines() == [
        "borderready: error: report.txt cannot be written: Permission denied",
        "  hint: choose another file, or make room; nothing was written",
    ]
    assert (folder / "report.txt").read_text("utf-8") == BEFORE
    assert _names(folder) == ["m.yaml", "pack", "registers", "report.txt"]


@pytest.mark.parametrize("form", ["text", "json"])
def test_disk_that_is_full_keeps_the_older_file(form: str, tmp_path: Path) -> None:
    folder = tmp_path / "full"
    folder.mkdir()
    (folder / "report.txt").write_text(BEFORE, "utf-8")
    arguments = ("check", "not-ready.yaml", "--rules", "../pack", "--format", form, "-o", str(folder / "report.txt"))
    ran = run_script(ON_A_FULL_DISK, *arguments, home=tmp_path, folder=MANIFESTS)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"borderready: error: {folder / 'report.txt'} cannot be written: File too large")
    assert (folder / "report.txt").read_text("utf-8") == BEFORE
    assert _names(folder) == ["report.txt"]


def test_run_that_fails_half_way_writes_nothing(tmp_path: Path) -> None:
    """The second manifest has a register that cannot be read, which is found after the first was checked."""
    write_manifest(tmp_path / "a")
    write_registers(tmp_path / "a")
    write_manifest(tmp_path / "b")
    (write_registers(tmp_path / "b") / "harbour-orchards.csv").write_text("name\n", "utf-8")
    pack = write_pack(tmp_path)
    report = tmp_path / "report.txt"
    report.write_text(BEFORE, "utf-8")
    ran = run_here("check", "a/m.yaml", "b/m.yaml", "--rules", str(pack), "--output", str(report), home=tmp_path)
    assert (ran.code, ran.out) == (2, "")
    assert report.read_text("utf-8") == BEFORE
    assert _names(tmp_path) == ["a", "b", "pack", "report.txt"]


def test_pipe_with_a_name_is_written_to_and_stays_a_pipe(tmp_path: Path) -> None:
    """So does a device: `--output /dev/null` as root must not leave a file in its place."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDWR | os.O_NONBLOCK)
    try:
        ran = _check("ready.yaml", "--output", str(pipe), home=tmp_path)
        assert stat.S_ISFIFO(pipe.lstat().st_mode)
        assert ran == Ran(code=0, out="", err="")
        assert os.read(reader, 65536).decode() == report_of("ready", home=tmp_path)
    finally:
        os.close(reader)
