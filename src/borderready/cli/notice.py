# SPDX-License-Identifier: Apache-2.0
"""`borderready notice`: closures and suspensions, those of the rule base and the user's own."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from borderready.cli.complete import complete_product
from borderready.cli.exits import ExitCode
from borderready.cli.own_notices import known_names, load_own_notices, notices_path, read_notice_file
from borderready.cli.session import (
    choose_language,
    day_or_today,
    known_day,
    known_origin,
    load_rules,
    make_console,
    make_layout,
    parse_day,
    print_plain,
    write_whole,
)
from borderready.errors import UsageError
from borderready.model import OWN_NOTICE, Grade, Message, Notice, RuleBase, Source, Texts

notice_app = typer.Typer(rich_markup_mode=None)
_Lang = Annotated[str | None, typer.Option("--lang", help="en, vi or zh; the locale's if left out.")]
_Rules = Annotated[Path | None, typer.Option("--rules", help="Another rule base: folder, zip or NAME@VERSION.")]
_LENGTH = re.compile(r"([1-9][0-9]{0,3})([dwm])")
_UNITS = {"d": ("days", 3660), "w": ("weeks", 520), "m": ("months", 120)}


class Kind(StrEnum):
    """What a notice says of its days."""

    CLOSED = "closed"
    SUSPENDED = "suspended"
    RESTRICTED = "restricted"


@notice_app.command()
def add(
    title: Annotated[str, typer.Option("--title", help="What is closed or suspended, in one sentence.")],
    source: Annotated[str, typer.Option("--source", help="Where it is announced: an address or a name.")],
    start: Annotated[str, typer.Option("--from", metavar="DATE", help="First day.")],
    until: Annotated[str | None, typer.Option("--until", metavar="DATE", help="Last day.")] = None,
    length: Annotated[
        str | None,
        typer.Option("--for", metavar="LENGTH", help="How long instead: 3d, 1w or 2m (days, weeks, months)."),
    ] = None,
    open_ended: Annotated[bool, typer.Option("--open-ended", help="Until further notice instead.")] = False,
    kind: Annotated[
        Kind, typer.Option("--kind", help="restricted: open to some only, so that a person must look.")
    ] = Kind.CLOSED,
    gate: Annotated[list[str] | None, typer.Option("--gate", help="Gate or port (repeatable).")] = None,
    origin: Annotated[list[str] | None, typer.Option("--origin", help="Only goods from there (repeatable).")] = None,
    product: Annotated[
        list[str] | None,
        typer.Option("--product", help="Product or group (repeatable).", autocompletion=complete_product),
    ] = None,
    code: Annotated[
        list[str] | None,
        typer.Option("--code", help="Code of a plant, orchard, packing house or laboratory (repeatable)."),
    ] = None,
    fix: Annotated[str | None, typer.Option("--fix", help="What to do, where waiting is not the answer.")] = None,
    name: Annotated[
        str | None, typer.Option("--id", help="Name of the notice; made from the rest if left out.")
    ] = None,
    lang: _Lang = None,
    rules: _Rules = None,
) -> int:
    """Record a notice of your own; from then on every check on this machine knows it.

    Example: borderready notice add --gate huu-nghi --from 2026-12-01 --until 2026-12-03 --title "Huu Nghi is closed for
    a defence exchange" --source https://langson.gov.vn
    """
    from borderready.fold import fold_code
    from borderready.keep.notices import add_own_notices

    language, rule_base = choose_language(lang), load_rules(rules)
    first = parse_day(start)
    last = _last_day(first, until=until, length=length, open_ended=open_ended)
    known = known_names(rule_base)
    gates, products = _known(gate, known.gates, "notice.no_gate"), _known(product, known.goods, "notice.no_product")
    codes = tuple(fold_code(text) for text in code or ())
    if not (gates or products or codes):
        raise UsageError(Message("notice.names_nothing"))
    if "" in (title.strip(), source.strip(), *codes):
        raise UsageError(Message("notice.empty"))
    path, shown_as = notices_path()
    taken = {notice.id for notice in (*rule_base.notices, *load_own_notices())}
    notice = Notice(
        id=_new_id(name, taken, first, (*gates, *codes, *products)),
        title=Texts(en=title, vi=title, zh=title),
        kind=str(kind),
        gates=gates,
        origins=tuple(known_origin(text) or "" for text in origin or ()),
        products=products,
        codes=codes,
        start=first,
        until=last,
        source=Source(instrument=OWN_NOTICE, locator=source, seen=Grade.PRIMARY),
        fix=None if fix is None else Texts(en=fix, vi=fix, zh=fix),
    )
    add_own_notices(path, [notice], shown_as=shown_as)
    _show_one(notice, own={notice.id}, rule_base=rule_base, language=language)
    return ExitCode.READY


@notice_app.command(name="list")
def list_(
    on: Annotated[
        str | None, typer.Option("--on", metavar="DATE", help="Those of this day alone, instead of today's and later.")
    ] = None,
    all_: Annotated[bool, typer.Option("--all", help="Those that have ended, too.")] = False,
    lang: _Lang = None,
    rules: _Rules = None,
) -> int:
    """List notices, the rule base's and your own: those of today and later, if not asked otherwise.

    Exit code 3 when there is none. Example: borderready notice list --on 2024-02-12
    """
    from borderready.report.as_notices import print_notices
    from borderready.report.terminal import show

    rule_base, own = load_rules(rules), load_own_notices()
    day = day_or_today(on)
    chosen = [
        notice
        for notice in sorted((*rule_base.notices, *own), key=lambda notice: (notice.start, notice.id))
        if all_ or ((notice.until is None or day <= notice.until) and (on is None or notice.start <= day))
    ]
    console = make_console()
    layout = make_layout(console, choose_language(lang), rule_base.instruments)
    print_notices(chosen, {notice.id for notice in own}, layout)
    show(layout, console)
    return ExitCode.READY if chosen else ExitCode.NOTHING_CHECKED


@notice_app.command(name="show")
def show_(
    name: Annotated[str, typer.Argument(help="Id of a notice.", metavar="ID")],
    lang: _Lang = None,
    rules: _Rules = None,
) -> int:
    """Show one notice. Example: borderready notice show lang-son-2024-new-year-closed."""
    rule_base, own = load_rules(rules), load_own_notices()
    known = {notice.id: notice for notice in (*rule_base.notices, *own)}
    if name not in known:
        raise _no_notice(name, known)
    _show_one(known[name], own={notice.id for notice in own}, rule_base=rule_base, language=choose_language(lang))
    return ExitCode.READY


@notice_app.command()
def remove(
    name: Annotated[str, typer.Argument(help="Id of a notice of yours.", metavar="ID")], lang: _Lang = None
) -> int:
    """Forget a notice of your own. Example: borderready notice remove own-2026-12-01-huu-nghi."""
    from borderready.keep.notices import remove_own_notice

    path, shown_as = notices_path()
    language = choose_language(lang)
    if not remove_own_notice(path, name, shown_as=shown_as):
        raise _no_notice(name, [notice.id for notice in load_own_notices()])
    _tell(Message("notice.removed", {"id": name}), language)
    return ExitCode.READY


@notice_app.command(name="export")
def export(
    file: Annotated[str, typer.Argument(help="File to write; - prints it.", metavar="FILE")], lang: _Lang = None
) -> int:
    """Write your own notices to a file that a team can share. Example: borderready notice export notices.yaml."""
    from borderready.report.as_notices import render_notices

    notices, language = load_own_notices(), choose_language(lang)
    content = render_notices(notices)
    if file == "-":
        print_plain(content)
        return ExitCode.READY
    write_whole(Path(file), content)
    _tell(Message("notice.exported", {"count": str(len(notices)), "file": file}), language)
    return ExitCode.READY


@notice_app.command(name="import")
def import_(
    file: Annotated[Path, typer.Argument(help="File of notices (YAML).", metavar="FILE")],
    lang: _Lang = None,
    rules: _Rules = None,
) -> int:
    """Record the notices of a file, all or none. Example: borderready notice import notices.yaml."""
    from borderready.keep.notices import add_own_notices

    language, rule_base = choose_language(lang), load_rules(rules)
    notices = read_notice_file(file, rule_base)
    path, shown_as = notices_path()
    added = add_own_notices(path, notices, shown_as=shown_as)
    _tell(Message("notice.imported", {"added": str(added), "count": str(len(notices))}), language)
    return ExitCode.READY


def _last_day(start: str, *, until: str | None, length: str | None, open_ended: bool) -> str | None:
    """Return the last day that was asked for, None until further notice; exactly one way of saying so is taken."""
    from borderready.read.notice import last_day

    if sum((until is not None, length is not None, open_ended)) != 1:
        raise UsageError(Message("notice.cli_ends"))
    last = known_day(until)
    if length is not None:
        match = _LENGTH.fullmatch(length)
        unit, most = _UNITS[match[2]] if match is not None else ("days", 0)
        if match is None or int(match[1]) > most:
            raise UsageError(Message("notice.bad_length", {"text": length}))
        try:
            last = last_day(start, {unit: int(match[1])})
        except (ValueError, OverflowError) as error:
            raise UsageError(Message("notice.too_far")) from error
    if last is not None and last < start:
        raise UsageError(Message("notice.order", {"start": start, "until": last}))
    return last


def _known(names: list[str] | None, words: frozenset[str] | None, key: str) -> tuple[str, ...]:
    """Return names that the rule base knows; raises UsageError with the nearest where it does not know one."""
    from borderready.read.notice import near_hint

    for name in names or ():
        if words is not None and name not in words:
            raise UsageError(Message(key, {"name": name}), near_hint(name, words))
    return tuple(names or ())


def _new_id(asked: str | None, taken: set[str], start: str, names: tuple[str, ...]) -> str:
    """Return the id asked for, else one made of the first day and the first name, with a number where it is taken."""
    if asked is not None:
        if not re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", asked) or len(asked) > 100:
            raise UsageError(Message("notice.bad_id", {"id": asked}))
        if asked in taken:
            raise UsageError(Message("notice.same_id", {"id": asked}))
        return asked
    name = re.sub("[^a-z0-9]+", "-", names[0].lower()).strip("-")[:60].strip("-") or "code"
    made = f"own-{start}-{name}"
    number = 1
    while made in taken:
        number += 1
        made = f"own-{start}-{name}-{number}"
    return made


def _no_notice(name: str, known: Iterable[str]) -> UsageError:
    from borderready.read.notice import near_hint

    return UsageError(Message("notice.no_notice", {"id": name}), near_hint(name, frozenset(known)))


def _show_one(notice: Notice, *, own: set[str], rule_base: RuleBase, language: str) -> None:
    from borderready.report.as_notices import print_notice
    from borderready.report.terminal import show

    console = make_console()
    layout = make_layout(console, language, rule_base.instruments)
    print_notice(notice, own, layout)
    show(layout, console)


def _tell(message: Message, language: str) -> None:
    from borderready.report.terminal import show

    console = make_console()
    layout = make_layout(console, language)
    layout.add(layout.say(message))
    show(layout, console)
