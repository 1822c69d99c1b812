# SPDX-License-Identifier: Apache-2.0
"""The app: its commands, and the one place where errors become sentences and exit codes."""

from __future__ import annotations

import os
import sys
import traceback
from itertools import pairwise
from typing import Annotated

import typer

from borderready import __version__
from borderready.cli.exits import ExitCode
from borderready.cli.lazy import LazyApp, LazyGroup
from borderready.errors import BorderreadyError, Fault, ReaderLeftError, RuleBaseError
from borderready.model import Message

app = typer.Typer(
    name="borderready",
    cls=LazyApp,
    help="Checks a shipment manifest against what China asks of imports, before the truck leaves.",
    epilog="Example: borderready check manifest.yaml --lang vi",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for _name, _help in (
    ("register", "Lists of orchards, packing houses and other codes that this machine keeps for you."),
    ("notice", "Closures of gates and suspensions of plants, orchards and goods: the rule base's and your own."),
    ("ledger", "Look at the ledger of consignments, take some out, or write it out."),
    ("baseline", "Accepts what is found today, so that a check tells what is new."),
    ("pack", "Tools for the teams who keep the rules."),
):
    app.add_typer(typer.Typer(rich_markup_mode=None), name=_name, cls=LazyGroup, help=_help, no_args_is_help=True)


def _show_version(asked: bool) -> None:
    """Print the version of the tool and of the rule base, with its digest."""
    if not asked:
        return
    from borderready.cli.session import load_rules
    from borderready.read.rule_cache_file import Goods

    pack = load_rules(None, Goods(origins=frozenset(), products=frozenset())).pack
    typer.echo(f"borderready {__version__}")
    typer.echo(f"rule base {pack.name} {pack.version} sha256:{pack.sha256}")
    raise typer.Exit(ExitCode.READY)


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show versions and leave.")
    ] = False,
) -> None:
    """Checks a shipment manifest against what China asks of imports, before the truck leaves."""


def run(arguments: list[str] | None = None) -> int:
    """Run a command and return its exit code; every error ends here as a sentence on standard error."""
    try:
        code = app(args=arguments, prog_name="borderready", standalone_mode=False)
        sys.stdout.flush()
        return int(code or 0)
    except (KeyboardInterrupt, typer.Abort) as error:
        if isinstance(error.__cause__, EOFError):  # nobody is asked anything: something was cut short
            return _tell_internal(error.__cause__, arguments)
        sys.stderr.write("\n")
        return ExitCode.INTERRUPTED
    except (BrokenPipeError, ReaderLeftError):
        # Nothing more can be said to a reader who has left.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.INTERRUPTED
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        what = Message("cli.cannot_print", {"reason": error.strerror or str(error)})
        _tell([Fault(file="borderready", span=None, path="", what=what)], _language(arguments))
        return ExitCode.USAGE
    except BorderreadyError as error:
        _tell(error.faults, _language(arguments))
        return ExitCode.UNTRUSTED_PACK if isinstance(error, RuleBaseError) else ExitCode.USAGE
    except Exception as error:  # noqa: BLE001  the edge: no traceback ever reaches a user
        show = getattr(error, "show", None)
        if show is not None:  # the command line could not be understood
            show()
            return ExitCode.USAGE
        return _tell_internal(error, arguments)


def _tell_internal(error: Exception, arguments: list[str] | None) -> ExitCode:
    if os.environ.get("BORDERREADY_DEBUG"):
        traceback.print_exception(error)
    reason = Message("cli.internal", {"reason": f"{type(error).__name__}: {error}"})
    fault = Fault(file="borderready", span=None, path="", what=reason, hint=Message("cli.internal_hint"))
    _tell([fault], _language(arguments))
    return ExitCode.INTERNAL


def _language(arguments: list[str] | None) -> str:
    """Return the language that the command line asks for, as far as it can be seen without understanding it."""
    from borderready.cli.session import choose_language
    from borderready.i18n import LANGUAGES

    words = sys.argv[1:] if arguments is None else arguments
    asked = [word.removeprefix("--lang=") for word in words if word.startswith("--lang=")]
    asked += [after for word, after in pairwise(words) if word == "--lang"]
    return choose_language(next((word for word in asked if word in LANGUAGES), None))


def _tell(faults: tuple[Fault, ...] | list[Fault], language: str) -> None:
    from borderready.cli.session import make_console, make_layout
    from borderready.report.terminal import print_fault, show

    console = make_console(stderr=True)
    layout = make_layout(console, language)
    for fault in faults:
        print_fault(fault, layout)
    show(layout, console)
