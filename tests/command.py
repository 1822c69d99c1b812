# SPDX-License-Identifier: Apache-2.0
"""Runs the command line: in this process for its answers, as a process of its own where that is the point.

Nothing of the caller's environment gets in but where programs and modules are found, and the cache lies in the folder
`home`, which a test throws away.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, chdir, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import BytesIO, TextIOWrapper
from pathlib import Path

from borderready.cli.app import run

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT / "tests" / "data"
PACK = DATA / "pack"
MANIFESTS = DATA / "golden"
Environment = Mapping[str, str]
NOTHING: Environment = {}
_KEPT = ("PATH", "PYTHONPATH", "SYSTEMROOT", "LD_LIBRARY_PATH")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """What a command left behind."""

    code: int
    out: str
    err: str


def make_environment(home: Path, changes: Environment = NOTHING) -> dict[str, str]:
    """Return an environment without language, colours or terminal, with the cache below `home`."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return {**kept, "HOME": str(home), "XDG_CACHE_HOME": str(home / ".cache"), **changes}


def run_here(
    *arguments: str, home: Path, folder: Path | None = None, stdin: bytes = b"", environment: Environment = NOTHING
) -> Ran:
    """Run a command in this process, from `folder` (else from `home`), with these variables set."""
    out, err = _stream(), _stream()
    with ExitStack() as stack:
        stack.enter_context(_swapped_environment(make_environment(home, environment)))
        stack.enter_context(chdir(folder or home))
        stack.enter_context(redirect_stdout(out))
        stack.enter_context(redirect_stderr(err))
        stack.enter_context(_swapped_stdin(stdin))
        code = run(list(arguments))
    return Ran(code=int(code), out=_written(out), err=_written(err))


def run_process(
    *arguments: str, home: Path, folder: Path | None = None, stdin: bytes = b"", environment: Environment = NOTHING
) -> Ran:
    """Run a command as `python -m borderready`."""
    return run_python("-m", "borderready", *arguments, home=home, folder=folder, stdin=stdin, environment=environment)


def run_script(
    script: str,
    *arguments: str,
    home: Path,
    folder: Path | None = None,
    stdin: bytes = b"",
    environment: Environment = NOTHING,
) -> Ran:
    """Run a few lines of Python as a process; they do to the program what the outside world could."""
    return run_python("-c", script, *arguments, home=home, folder=folder, stdin=stdin, environment=environment)


def run_python(
    *arguments: str, home: Path, folder: Path | None = None, stdin: bytes = b"", environment: Environment = NOTHING
) -> Ran:
    """Run Python."""
    return run_program([sys.executable, *arguments], home=home, folder=folder, stdin=stdin, environment=environment)


def run_program(
    command: Sequence[str],
    *,
    home: Path,
    folder: Path | None = None,
    stdin: bytes = b"",
    environment: Environment = NOTHING,
) -> Ran:
    """Run any program."""
    done = subprocess.run(
        list(command),
        cwd=folder or home,
        env=make_environment(home, environment),
        input=stdin,
        capture_output=True,
        check=False,
    )
    return Ran(code=done.returncode, out=done.stdout.decode(), err=done.stderr.decode())


def _stream() -> TextIOWrapper:
    return TextIOWrapper(BytesIO(), encoding="utf-8", newline="")


def _written(stream: TextIOWrapper) -> str:
    stream.flush()
    buffer = stream.buffer
    assert isinstance(buffer, BytesIO)
    return buffer.getvalue().decode("utf-8")


@contextmanager
def _swapped_environment(environment: dict[str, str]) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.clear()
    os.environ.update(environment)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


@contextmanager
def _swapped_stdin(content: bytes) -> Iterator[None]:
    before = sys.stdin
    sys.stdin = TextIOWrapper(BytesIO(content), encoding="utf-8")
    try:
        yield
    finally:
        sys.stdin = before
