# SPDX-License-Identifier: Apache-2.0
"""Data stays home: `check` opens no connection and starts no program, and imports only what it needs."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.cli.build import write_manifest
from tests.command import MANIFESTS, run_here, run_script
from tests.update.build import make_zip

# Refuses every socket, name look-up and program, below Python's own modules (an audit hook) and in them.
WITHOUT_A_WAY_OUT = """
import os, socket, sys

def refuse(*_, **__):
    raise SystemExit("borderready reached out")

def watch(event, _):
    if event.startswith(("socket.", "http.", "ftplib.", "smtplib.", "urllib.", "webbrowser.", "subprocess.")):
        os.write(2, f"reached out: {event}\\n".encode())
        os._exit(99)
    if event in ("os.system", "os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn", "pty.spawn"):
        os.write(2, f"reached out: {event}\\n".encode())
        os._exit(99)

socket.socket = socket.create_connection = socket.getaddrinfo = refuse
sys.addaudithook(watch)
from borderready.cli.app import run
sys.exit(run(sys.argv[1:]))
"""
# Prints on standard error which of these modules a command has imported.
WHAT_WAS_IMPORTED = """
import sys
from borderready.cli.app import run
code = run(sys.argv[1:])
heavy = {"jsonschema", "stdnum", "asyncio", "http", "ssl", "socketserver", "multiprocessing", "concurrent",
         "cryptography", "sqlite3", "xml", "unittest", "pytest", "hypothesis", "openpyxl", "pygls", "pdb"}
print(*sorted({name.partition(".")[0] for name in sys.modules} & heavy), file=sys.stderr)
sys.exit(code)
"""
ASK = ("--rules", "../pack")


@pytest.mark.parametrize("form", ["text", "json"])
@pytest.mark.parametrize("cached", [False, True], ids=["first run", "next run"])
def test_check_reaches_nobody(form: str, cached: bool, tmp_path: Path) -> None:
    arguments = ("check", "not-ready.yaml", "ready.yaml", "invalid.yaml", *ASK, "--format", form)
    plain = run_here(*arguments, home=tmp_path, folder=MANIFESTS)
    if not cached:
        shutil.rmtree(tmp_path / ".cache")
    assert run_script(WITHOUT_A_WAY_OUT, *arguments, home=tmp_path, folder=MANIFESTS) == plain
    assert plain.code == 1


def test_watch_sees_who_reaches_out(tmp_path: Path) -> None:
    """The test above would notice."""
    script = WITHOUT_A_WAY_OUT.partition("from borderready")[0]
    for line in (
        "import _socket; _socket.socket()",
        "import subprocess; subprocess.run(['true'])",
        "import os; os.system('true')",
    ):
        ran = run_script(f"{script}\n{line}", home=tmp_path)
        assert (ran.code, ran.err[:13]) == (99, "reached out: ")


def test_address_of_an_instrument_is_shown_and_never_opened(tmp_path: Path) -> None:
    arguments = ("explain", "any/any/access", *ASK)
    ran = run_script(WITHOUT_A_WAY_OUT, *arguments, home=tmp_path, folder=MANIFESTS)
    assert ran.code == 0
    assert "https://harbour.invalid/act" in "".join(ran.out.split())


@pytest.mark.parametrize(
    "arguments",
    [
        ("--version",),
        ("rules", *ASK),
        ("products", *ASK),
        ("gaps", *ASK),
        ("coverage", *ASK),
        ("schema", "manifest"),
        ("config",),
        ("notice", "list"),
        ("register", "list"),
        ("pack", "lint", "../pack"),
        ("pack", "test", "../pack", "--jobs", "1"),
    ],
    ids=" ".join,
)
def test_no_other_command_reaches_anybody(arguments: tuple[str, ...], tmp_path: Path) -> None:
    """But `pack update`, the one that is asked to (tests/update), and `scale`, on a cluster that is named."""
    ran = run_script(WITHOUT_A_WAY_OUT, *arguments, home=tmp_path, folder=MANIFESTS)
    assert "reached out" not in ran.err
    assert ran.code in (0, 1, 3), ran.err


def test_who_publishes_a_repository_reaches_nobody(tmp_path: Path) -> None:
    archive = make_zip(tmp_path, "2027.1.0").name
    for arguments in (("--new",), ("--rotate", "root"), ("--renew", "timestamp")):
        command = ("pack", "publish-repo", "repository", archive, "--keys", "keys", *arguments)
        ran = run_script(WITHOUT_A_WAY_OUT, *command, home=tmp_path)
        assert (ran.code, ran.err) == (0, "")


@pytest.mark.parametrize("form", ["text", "json"])
def test_check_imports_no_heavy_module_that_it_does_not_need(form: str, tmp_path: Path) -> None:
    arguments = ("check", "ready.yaml", *ASK, "--format", form)
    run_here(*arguments, home=tmp_path, folder=MANIFESTS)
    ran = run_script(WHAT_WAS_IMPORTED, *arguments, home=tmp_path, folder=MANIFESTS)
    assert (ran.code, ran.err.split()) == (0, [])


@pytest.mark.parametrize(("container", "imported"), [("TCLU1234568", True), (None, False)])
def test_check_digits_are_imported_for_containers_only(container: str | None, imported: bool, tmp_path: Path) -> None:
    """Under the rule base of the program, which asks for the check digit of a container where there is one."""
    shown = f"container: {container}, seal" if container else "seal"
    write_manifest(tmp_path, "m.yaml", ("mode: road", "mode: sea"), ("tractor: 29H-100.01, seal", shown))
    run_here("check", "m.yaml", home=tmp_path)
    ran = run_script(WHAT_WAS_IMPORTED, "check", "m.yaml", home=tmp_path)
    assert ran.code in (1, 4)
    assert ("stdnum" in ran.err.split()) is imported
