# SPDX-License-Identifier: Apache-2.0
"""`borderready register suspend, resume, delist, remove`: what the user knows beside any copy of a list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from borderready.cli.exits import ExitCode
from borderready.cli.register import (
    Kind,
    KindOption,
    LangOption,
    OriginOption,
    ProductOption,
    SourceOption,
    known_source,
)
from borderready.cli.session import choose_language, known_day, known_origin, make_console, make_layout, parse_day
from borderready.cli.session import registers_path as store
from borderready.errors import UsageError
from borderready.model import Message

if TYPE_CHECKING:
    from borderready.keep.spans import Act

_Code = Annotated[str, typer.Argument(help="The code, in any spelling.", metavar="CODE")]
_From = Annotated[str, typer.Option("--from", metavar="DATE", help="First day.")]


def suspend(
    code: _Code,
    start: _From,
    source: SourceOption,
    until: Annotated[
        str | None, typer.Option("--until", metavar="DATE", help="Last day; until further notice if left out.")
    ] = None,
    kind: KindOption = None,
    origin: OriginOption = None,
    product: ProductOption = None,
    lang: LangOption = None,
) -> int:
    """Note that a code is suspended, before any copy of the list says so. It stands until you resume it.

    Example: borderready register suspend VN-DLOR-0123 --from 2026-11-20 --source "letter of the plant quarantine
    service of 19 November"
    """
    first, last = parse_day(start), known_day(until)
    if last is not None and last < first:
        raise UsageError(Message("register.span", {"start": first, "until": last}))
    return _do("suspend", code, first, last, source, kind, origin, product, lang)


def resume(
    code: _Code,
    start: _From,
    source: SourceOption,
    kind: KindOption = None,
    origin: OriginOption = None,
    product: ProductOption = None,
    lang: LangOption = None,
) -> int:
    """Note that a code serves again: takes back your suspend or delist, or ends a suspension by the list.

    Example: borderready register resume VN-DLOR-0123 --from 2026-12-01 --source "notice of GACC of 30 November"
    """
    return _do("resume", code, parse_day(start), None, source, kind, origin, product, lang)


def delist(
    code: _Code,
    start: _From,
    source: SourceOption,
    kind: KindOption = None,
    origin: OriginOption = None,
    product: ProductOption = None,
    lang: LangOption = None,
) -> int:
    """Note that a code was struck off its list, before any copy says so. Its days before that are kept.

    Example: borderready register delist VN-DLOR-0123 --from 2026-11-20 --source "notice of GACC"
    """
    return _do("delist", code, parse_day(start), None, source, kind, origin, product, lang)


def remove(
    name: Annotated[str, typer.Argument(help="The list, as register list names it.", metavar="LIST")],
    yes: Annotated[bool, typer.Option("--yes", help="I mean it.")] = False,
    lang: LangOption = None,
) -> int:
    """Forget a whole list: all its copies, codes and your own acts on it. To strike off one code, see delist.

    Example: borderready register remove orchard/VN/durian-fresh --yes
    """
    from borderready.keep.database import open_to_write
    from borderready.keep.register_act import find_list, forget_list
    from borderready.keep.registers import FILE, FORM

    with open_to_write(store(), FORM, shown_as=FILE) as connection:
        kept = find_list(connection, name)
        args = {"list": str(kept.key), "codes": str(kept.codes)}
        if not yes:
            raise UsageError(Message("register.not_sure", args), Message("register.not_sure_hint"))
        forget_list(connection, kept)
    return _say(Message("register.removed", args), lang)


def _do(
    what: str,
    code: str,
    start: str,
    until: str | None,
    source: str,
    kind: Kind | None,
    origin: str | None,
    product: str | None,
    lang: str | None,
) -> int:
    from borderready.keep.spans import Act

    act = Act(what=what, code=code, start=start, until=until, source=known_source(source))
    return _write(act, kind, known_origin(origin), product, lang)


def _write(act: Act, kind: Kind | None, origin: str | None, product: str | None, lang: str | None) -> int:
    from borderready.keep.database import open_to_write
    from borderready.keep.register_act import do_act
    from borderready.keep.registers import FILE, FORM

    with open_to_write(store(), FORM, shown_as=FILE) as connection:
        kept = do_act(connection, act, kind=kind, origin=origin, product=product)
    args = {"code": act.code, "list": str(kept.key), "day": act.start, "until": act.until or ""}
    return _say(Message(f"register.done.{act.what}{'_until' if act.until else ''}", args), lang)


def _say(message: Message, lang: str | None) -> int:
    from rich.text import Text

    from borderready.report.terminal import show

    console = make_console()
    layout = make_layout(console, choose_language(lang))
    layout.add_wrapped(Text(layout.say(message)))
    show(layout, console)
    return ExitCode.READY
