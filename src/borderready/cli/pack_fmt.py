# SPDX-License-Identifier: Apache-2.0
"""`borderready pack fmt`: files of a pack in their canonical form."""

from __future__ import annotations

from difflib import unified_diff
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from borderready.cli.exits import ExitCode
from borderready.cli.session import choose_language, make_console, make_layout, rules_dir, write_whole
from borderready.errors import Fault, RuleBaseError, UsageError
from borderready.model import Message

if TYPE_CHECKING:
    from borderready.pack.form.tidy import Tidied
    from borderready.report.terminal import Layout

# A folder that has one of these is a pack: nothing else is ever put into the form of one.
_MARKS = ("VERSION", "pack.yaml")


def fmt(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(help="Folders of packs, or YAML files; the rule base of the program if left out."),
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit code 1 when a file would change.")
    ] = False,
    diff: Annotated[bool, typer.Option("--diff", help="As --check, and show what would change.")] = False,
    lang: Annotated[str | None, typer.Option("--lang", help="en, vi or zh; the locale's if left out.")] = None,
) -> int:
    """Put the YAML files of a pack into canonical form: order of keys, quotes, line breaks. Comments are kept.

    Nothing is written when one of the files cannot be read. Exit code 3 when there is no file.

    Example: borderready pack fmt rules --check
    """
    from borderready.pack.form.tidy import tidy
    from borderready.report.terminal import show

    console = make_console()
    layout = make_layout(console, choose_language(lang))
    files = _files_of(paths or [rules_dir(None)])
    faults: list[Fault] = []
    changed: list[tuple[Path, Tidied]] = []
    for path in files:
        try:
            content = path.read_bytes()
        except OSError as error:
            args = {"file": str(path), "reason": error.strerror or str(error)}
            raise UsageError(Message("fmt.unreadable", args)) from error
        tidied = tidy(content, path=path.resolve().as_posix(), shown_as=str(path))
        faults.extend(tidied.faults)
        if tidied.after is not None and tidied.after.encode() != content:
            changed.append((path, tidied))
    if faults:
        raise RuleBaseError(faults)
    only_looks = check or diff
    for path, tidied in changed:
        if diff:
            _show_diff(path, tidied, layout)
        if not only_looks:
            write_whole(path.resolve(), tidied.after or "")
        layout.add(layout.say(Message("fmt.would" if only_looks else "fmt.did", {"file": str(path)})))
    args = {"changed": str(len(changed)), "count": str(len(files))}
    layout.add(layout.say(Message("fmt.sum_would" if only_looks else "fmt.sum_did", args)))
    show(layout, console)
    if not files:
        return ExitCode.NOTHING_CHECKED
    return ExitCode.NOT_READY if changed and only_looks else ExitCode.READY


def _files_of(paths: list[Path]) -> list[Path]:
    """Return the YAML files that are named, and those below the folders that are, each once."""
    from borderready.read.rule_base import list_pack_files

    found: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            if not any((folder / name).is_file() for folder in _upwards(path) for name in _MARKS):
                raise UsageError(Message("fmt.no_pack", {"file": str(path)}), Message("fmt.no_pack_hint"))
            found.update((path / name, None) for name in list_pack_files(path) if name.endswith(".yaml"))
        elif path.suffix != ".yaml" or not path.exists():
            key = "fmt.not_yaml" if path.exists() else "fmt.no_file"
            raise UsageError(Message(key, {"file": str(path)}))
        else:
            found[path] = None
    return list(found)


def _upwards(path: Path) -> tuple[Path, ...]:
    whole = path.resolve()
    return (whole, *whole.parents)


def _show_diff(path: Path, tidied: Tidied, layout: Layout) -> None:
    assert tidied.after is not None
    lines = unified_diff(tidied.before.splitlines(), tidied.after.splitlines(), str(path), str(path), lineterm="", n=2)
    for line in lines:
        layout.add(line)
