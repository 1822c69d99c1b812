# SPDX-License-Identifier: Apache-2.0
"""Colours at a terminal, plain text everywhere else, and values of a manifest that can act on neither."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from pathlib import Path

import pytest
from rich.cells import cell_len

from tests.cli.build import report_of
from tests.command import MANIFESTS, NOTHING, Environment, make_environment, run_process

COLOUR = re.compile(r"\x1b\[[0-9;]*m")
ACTS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2028\u2029\u2066-\u2069\ufeff]")


def _check_in_terminal(
    *arguments: str, home: Path, columns: int = 80, environment: Environment = NOTHING
) -> tuple[int, str]:
    """Run `check` in a terminal of its own; return its exit code and all that the terminal was sent."""
    ours, its = pty.openpty()
    fcntl.ioctl(its, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    process = subprocess.Popen(
        [sys.executable, "-m", "borderready", "check", *arguments, "--rules", "../pack"],
        cwd=MANIFESTS,
        env=make_environment(home, {"TERM": "xterm-256color", **environment}),
        stdin=subprocess.DEVNULL,
        stdout=its,
        stderr=its,
    )
    os.close(its)
    sent = b""
    with open(ours, "rb", buffering=0) as terminal:
        while chunk := _read(terminal.fileno()):
            sent += chunk
    return process.wait(), sent.decode().replace("\r\n", "\n")


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # Linux says so when the last one at the other end has left
        return b""


def _plain(text: str) -> str:
    return COLOUR.sub("", text)


def test_terminal_shows_colours(tmp_path: Path) -> None:
    code, sent = _check_in_terminal("not-ready.yaml", home=tmp_path)
    assert code == 1
    assert "\x1b[1;31mNOT READY\x1b[0m" in sent
    assert _plain(sent) == report_of("not-ready", home=tmp_path)


def test_terminal_shows_faults_in_colours(tmp_path: Path) -> None:
    code, sent = _check_in_terminal("invalid.yaml", home=tmp_path)
    assert code == 1
    assert "\x1b[1;31merror: \x1b[0m" in sent
    assert _plain(sent) == report_of("invalid", home=tmp_path)


@pytest.mark.parametrize("changes", [{"NO_COLOR": "1"}, {"TERM": "dumb"}], ids=["NO_COLOR", "dumb"])
@pytest.mark.parametrize("manifest", ["not-ready", "hostile", "invalid"])
def test_terminal_that_wants_no_colours_gets_plain_text(manifest: str, changes: dict[str, str], tmp_path: Path) -> None:
    _, sent = _check_in_terminal(f"{manifest}.yaml", home=tmp_path, environment=changes)
    assert sent == report_of(manifest, home=tmp_path)


def test_hostile_values_send_nothing_but_our_own_colours(tmp_path: Path) -> None:
    """No cursor, title, link, second colour or turned direction comes out of a manifest."""
    code, sent = _check_in_terminal("hostile.yaml", "--verbose", home=tmp_path)
    assert code == 1
    assert ACTS.findall(_plain(sent)) == []
    assert "\\u001b[2J\\u001b]0;owned\\u0007[bold red]READY[/] \\u202eYDAER" in _plain(sent)
    assert "[/bold] :smile: \\u2066[reverse]" in _plain(sent)


@pytest.mark.parametrize("columns", [60, 132])
def test_report_is_as_wide_as_the_terminal(columns: int, tmp_path: Path) -> None:
    _, sent = _check_in_terminal("not-ready.yaml", home=tmp_path, columns=columns)
    widest = max(cell_len(line) for line in _plain(sent).splitlines())
    assert columns - 20 < widest <= columns


@pytest.mark.parametrize("name", ["not-ready", "hostile", "invalid", "scripts"])
def test_pipe_gets_plain_text(name: str, tmp_path: Path) -> None:
    """Also where the environment speaks of a terminal, as it does in the pipes of a terminal's user."""
    ran = run_process(
        "check",
        f"{name}.yaml",
        "--rules",
        "../pack",
        home=tmp_path,
        folder=MANIFESTS,
        environment={"TERM": "xterm-256color", "COLORTERM": "truecolor", "COLUMNS": "200"},
    )
    assert ran.out == report_of(name, home=tmp_path)
    assert ACTS.findall(ran.out) == []


def test_hostile_values_cannot_act_through_a_pipe(tmp_path: Path) -> None:
    """What a pager or a log viewer shows later is text, too."""
    for language in ("en", "vi", "zh"):
        assert ACTS.findall(report_of("hostile", "--verbose", "--lang", language, home=tmp_path)) == []
    assert ACTS.findall(report_of("hostile", "--why-not", "any/any/wash-record", home=tmp_path)) == []


def test_file_gets_plain_text_also_from_a_terminal(tmp_path: Path) -> None:
    report = tmp_path / "report.txt"
    code, sent = _check_in_terminal("hostile.yaml", "--output", str(report), home=tmp_path)
    assert (code, sent) == (1, "")
    assert report.read_bytes().decode() == report_of("hostile", home=tmp_path)
