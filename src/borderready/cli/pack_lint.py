# SPDX-License-Identifier: Apache-2.0
"""`borderready pack lint`: judges how a pack is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from borderready import __version__
from borderready.cli.exits import ExitCode
from borderready.cli.session import (
    choose_language,
    day_or_today,
    kind_schemas,
    make_console,
    make_layout,
    print_plain,
    rule_cache_dir,
    rules_dir,
)
from borderready.errors import RuleBaseError
from borderready.model import Message

if TYPE_CHECKING:
    from borderready.pack.lint.finding import LintFinding
    from borderready.report.remarks import Remark


class Format(StrEnum):
    """What to print."""

    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"
    GITHUB = "github"


def lint(
    folder: Annotated[
        Path | None, typer.Argument(help="Folder of the pack; the rule base of the program if left out.")
    ] = None,
    on: Annotated[
        str | None,
        typer.Option("--on", metavar="DATE", help="Day on which sources are called stale; today if left out."),
    ] = None,
    format_: Annotated[Format, typer.Option("--format", help="What to print.")] = Format.TEXT,
    lang: Annotated[str | None, typer.Option("--lang", help="en, vi or zh; the locale's if left out.")] = None,
) -> int:
    """Judge how a pack is written. Exit code 1 when there are errors, 5 when it cannot be read; warnings alone give 0.

    Example: borderready pack lint rules --format github
    """
    from borderready.pack.lint import lint_pack
    from borderready.pack.lint.reading import lint_faults
    from borderready.pack.view import view_pack
    from borderready.read.rule_base import list_pack_files

    root = rules_dir(folder)
    language, day = choose_language(lang), day_or_today(on)
    is_readable = True
    try:
        pack = view_pack(root, kind_schemas(), name=root.resolve().name, cache_dir=rule_cache_dir())
        found, count = lint_pack(pack, day=day), len(pack.contents)
    except RuleBaseError as error:
        if not root.is_dir():
            raise
        is_readable = False
        found, count = lint_faults(error.faults), len(list_pack_files(root))
    remarks = [_remark(finding, folder) for finding in found]
    _print(remarks, format_, files=count, language=language)
    if not is_readable:
        return ExitCode.UNTRUSTED_PACK
    return ExitCode.NOT_READY if any(remark.is_error for remark in remarks) else ExitCode.READY


def _remark(finding: LintFinding, folder: Path | None) -> Remark:
    """Return a remark whose file is named from where the user is, as far as the user named the pack."""
    from borderready.report.remarks import Remark

    file = finding.fault.file
    if folder is not None and not Path(file).is_absolute() and not file.startswith(f"{folder.as_posix()}/"):
        file = (folder / file).as_posix()
    return Remark(lint=finding.lint, is_error=finding.is_error, fault=replace(finding.fault, file=file))


def _print(remarks: Sequence[Remark], format_: Format, *, files: int, language: str) -> None:
    from borderready.report.remarks import remarks_github, remarks_json, remarks_sarif

    match format_:
        case Format.JSON:
            print_plain(remarks_json(remarks, files=files, language=language))
        case Format.SARIF:
            print_plain(remarks_sarif(remarks, engine=__version__, language=language))
        case Format.GITHUB:
            print_plain(remarks_github(remarks, language=language))
        case Format.TEXT:
            _print_text(remarks, files=files, language=language)


def _print_text(remarks: Sequence[Remark], *, files: int, language: str) -> None:
    from borderready.report.terminal import print_fault, show

    console = make_console()
    layout = make_layout(console, language)
    for remark in remarks:
        print_fault(remark.fault, layout, is_error=remark.is_error, lint=remark.lint)
    errors = sum(remark.is_error for remark in remarks)
    args = {"errors": str(errors), "warnings": str(len(remarks) - errors), "count": str(files)}
    layout.add(layout.say(Message("lint.faults" if remarks else "lint.clean", args)))
    show(layout, console)
