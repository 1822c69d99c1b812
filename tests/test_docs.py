# SPDX-License-Identifier: Apache-2.0
"""The documents say what the program does: every command in them runs, every option of the program is in them."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import typer.main

from borderready.cli.app import app
from borderready.cli.exits import ExitCode
from tests.command import ROOT, Ran, run_program

DOCUMENTS = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
NAMES = [path.relative_to(ROOT).as_posix() for path in DOCUMENTS]
# What a command in a document may find in the working folder.
WORKING_FOLDER = ("README.md", "docs", "examples", "rules")
FENCE = re.compile(r"^```(?P<kind>\w*)[^\n]*\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
EXIT = re.compile(r"# exit (?P<code>\d+)\b")
LINK = re.compile(r"\[[^\]]*\]\((?P<target>[^)\s]+)\)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A command line in a document, and the exit code that stands behind it."""

    place: str
    line: str
    code: int


def _shown() -> Iterator[Shown]:
    for path in DOCUMENTS:
        text = path.read_text("utf-8")
        for fence in FENCE.finditer(text):
            if fence["kind"] != "console":
                continue
            first = text[: fence.start("body")].count("\n") + 1
            for number, line in enumerate(fence["body"].split("\n"), first):
                if line.startswith("$ borderready"):
                    exit_ = EXIT.search(line)
                    yield Shown(
                        place=f"{path.relative_to(ROOT).as_posix()}:{number}",
                        line=line.removeprefix("$ "),
                        code=int(exit_["code"]) if exit_ else 0,
                    )


SHOWN = list(_shown())


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a copy of what a reader of the documents has at hand, where commands may write."""
    home = tmp_path_factory.mktemp("reader")
    (home / "checkout").mkdir()
    for name in WORKING_FOLDER:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, home / "checkout" / name)
        elif source.is_file():
            shutil.copy(source, home / "checkout" / name)
    script = home / "bin" / "borderready"
    script.parent.mkdir()
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m borderready "$@"\n', "utf-8")
    script.chmod(0o755)
    return home


@pytest.fixture(scope="module")
def imported(home: Path) -> Path:
    """A data folder into which every list was imported that a document imports."""
    data = home / "imported"
    for shown in SHOWN:
        if "register import" in shown.line and shown.code == 0 and "--dry-run" not in shown.line:
            assert _run(shown, home, data).code == 0
    return data


@pytest.mark.parametrize("shown", SHOWN, ids=lambda shown: shown.place)
def test_command_in_a_document_leaves_with_the_code_it_says(
    shown: Shown, home: Path, imported: Path, tmp_path: Path
) -> None:
    """In a shell, as the reader would run it: with its redirections, wildcards and comments.

    Those about registers find the lists that the documents import, whatever another command did to them; the others
    find what those before them left.
    """
    data = home / "data"
    if " register " in shown.line:
        data = tmp_path / "data"
        shutil.copytree(imported, data)
    ran = _run(shown, home, data)
    assert ran.code == shown.code, f"{shown.line}\n{ran.out[-2000:]}{ran.err[-2000:]}"
    assert "Traceback" not in ran.err


def _run(shown: Shown, home: Path, data: Path) -> Ran:
    return run_program(
        ["sh", "-c", shown.line],
        home=home,
        folder=home / "checkout",
        environment={
            "PATH": f"{home / 'bin'}{os.pathsep}{os.environ['PATH']}",
            "XDG_DATA_HOME": str(data),
        },
    )


def test_readme_shows_commands() -> None:
    assert [shown for shown in SHOWN if shown.place.startswith("README.md:")]


@pytest.mark.parametrize("name", NAMES)
def test_every_fence_is_closed_and_every_command_in_a_console_has_its_prompt(name: str) -> None:
    """A command without its prompt, or with another, would be shown and never run."""
    text = (ROOT / name).read_text("utf-8")
    assert len(re.findall(r"^```", text, re.MULTILINE)) % 2 == 0
    lines = [
        line for fence in FENCE.finditer(text) if fence["kind"] == "console" for line in fence["body"].splitlines()
    ]
    commands = [line for line in lines if re.match(r"[$>%#]?\s*(python3? -m |\S*/)?borderready\b", line)]
    assert [line for line in commands if not line.startswith("$ borderready ")] == []


@pytest.mark.parametrize("name", NAMES)
def test_links_of_a_document_lead_somewhere(name: str) -> None:
    path = ROOT / name
    broken = []
    for link in LINK.finditer(FENCE.sub("", path.read_text("utf-8"))):
        target, _, anchor = link["target"].partition("#")
        if re.match(r"[a-z]+:", target):
            continue
        aim = (path.parent / target).resolve() if target else path
        if not aim.exists() or (anchor and anchor not in _anchors(aim)):
            broken.append(link["target"])
    assert broken == []


def _anchors(path: Path) -> set[str]:
    """Return the anchors of the headings of a document, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", FENCE.sub("", path.read_text("utf-8")), re.MULTILINE)
    plain = [re.sub(r"[^\w\- ]", "", heading.replace("`", "").lower()) for heading in headings]
    return {heading.strip().replace(" ", "-") for heading in plain}


@pytest.mark.parametrize(
    "name",
    [
        "README.md",
        "LICENSE",
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "docs/cli.md",
        "docs/manifest.md",
        "docs/rules.md",
        "docs/decisions",
        "examples",
        "rules/NEWS.md",
    ],
)
def test_file_that_others_name_is_there(name: str) -> None:
    assert (ROOT / name).exists()


def test_documents_that_the_program_names_are_there() -> None:
    """In its texts, its schemas and the remarks of its source."""
    named = {
        match
        for path in sorted((ROOT / "src").rglob("*"))
        if path.suffix in (".py", ".json")
        for match in re.findall(r"docs/[\w./-]*\w", path.read_text("utf-8"))
    }
    assert "docs/rules.md" in named
    assert [name for name in sorted(named) if not list(ROOT.glob(f"{name}*"))] == []


# docs/cli.md


def _cli() -> str:
    return (ROOT / "docs" / "cli.md").read_text("utf-8")


def _commands(command: Any = None, name: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every command by the words that call it."""
    command = command or typer.main.get_command(app)
    yield name, command
    for inner in getattr(command, "commands", {}):
        yield from _commands(command.get_command(None, inner), f"{name} {inner}".strip())


COMMANDS = dict(_commands())


@pytest.mark.parametrize("name", [name for name in COMMANDS if name])
def test_command_is_described(name: str) -> None:
    assert f"borderready {name}" in _cli()


@pytest.mark.parametrize("name", COMMANDS)
def test_options_of_a_command_are_described_with_it(name: str) -> None:
    """In the part of the document that is about the command, or in that about another command with the same option."""
    options = [
        option
        for parameter in COMMANDS[name].params
        for option in (*parameter.opts, *parameter.secondary_opts)
        if option.startswith("-") and option not in ("--install-completion", "--show-completion", "--help", "-h")
    ]
    part = _part(name)
    lacking = [option for option in options if not re.search(rf"(?<![\w-]){option}(?![\w-])", part)]
    assert lacking == []


def _part(name: str) -> str:
    """Return the part of docs/cli.md under the heading of a command, or the whole document for the program itself."""
    if name in ("", "pack", "ledger"):
        return _cli()
    found = re.search(rf"^## {re.escape(name)}$(.*?)(?=^## |\Z)", _cli(), re.MULTILINE | re.DOTALL)
    assert found is not None, f"docs/cli.md has no heading '## {name}'"
    return found[1]


def test_completion_and_help_are_described() -> None:
    for option in ("--install-completion", "--show-completion", "--help"):
        assert option in _cli()


def test_no_option_is_described_that_does_not_exist() -> None:
    known = {option for command in COMMANDS.values() for parameter in command.params for option in parameter.opts} | {
        "--help",
        "-h",
    }
    named = set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", _cli()))
    assert sorted(named - known) == []


def test_table_of_exit_codes_is_that_of_the_program() -> None:
    part = _part("Exit codes")
    rows = re.findall(r"^\| (\d+) \| `?(\w+)`? \| (.+) \|$", part, re.MULTILINE)
    assert [(name, int(code)) for code, name, _ in rows] == [(code.name, int(code)) for code in ExitCode]


def test_variables_of_the_environment_are_described() -> None:
    read = {
        match
        for path in (ROOT / "src").rglob("*.py")
        for match in re.findall(r"environ(?:\.get\(|\[)\"([A-Z_]+)\"", path.read_text("utf-8"))
    }
    assert sorted(name for name in read | {"NO_COLOR"} if f"`{name}`" not in _cli()) == []


@pytest.mark.parametrize("name", [name for name in NAMES if name != "README.md"])
def test_readme_leads_to_every_document(name: str) -> None:
    assert f"]({name}" in (ROOT / "README.md").read_text("utf-8")
