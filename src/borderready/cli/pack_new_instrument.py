# SPDX-License-Identifier: Apache-2.0
"""`borderready pack new-instrument`: a text that rules cite, as far as it is told."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any

import typer

from borderready.cli.pack_put import SLUG, Folder, Lang, day_of, put, view
from borderready.cli.session import choose_language
from borderready.errors import UsageError
from borderready.model import Message

Option = typer.Option
_Texts = list[str] | None


def new_instrument(
    folder: Folder,
    id_: Annotated[str, typer.Argument(metavar="ID", help="Name of its file: small letters, digits and dashes.")],
    title: Annotated[_Texts, Option("--title", metavar="LANG=TEXT", help="Its title.")] = None,
    kind: Annotated[str | None, Option("--kind", help="What it is: law, standard, practice ...")] = None,
    issuer: Annotated[str | None, Option("--issuer", help="Who issued it.")] = None,
    number: Annotated[str | None, Option("--number", help="Official number.")] = None,
    issued: Annotated[str | None, Option("--issued", metavar="DATE", help="Day of issue.")] = None,
    in_force: Annotated[str | None, Option("--in-force", metavar="DATE", help="First day in force.")] = None,
    url: Annotated[str | None, Option("--url", help="Where a person finds it.")] = None,
    url_state: Annotated[str | None, Option("--url-state", help="read, not-opened, dead or unknown.")] = None,
    lang: Lang = None,
) -> int:
    """Write a new instrument, a text that rules cite; at a terminal, what is not given is asked for.

    A title that nobody gives is marked TODO for you to fill in; pack lint refuses it until then.

    Example: borderready pack new-instrument acme acme-handbook --kind practice --issuer Acme
    """
    from borderready.cli.ask_for import Asker
    from borderready.pack.draft import InstrumentDraft, draft_instrument
    from borderready.pack.put import refuse_existing
    from borderready.schemas import load_schema

    pack = view(folder)
    if not re.fullmatch(SLUG, id_):
        raise UsageError(Message("new.bad_name", {"name": id_}), Message("new.bad_name_hint"))
    refuse_existing(folder, (f"instruments/{id_}.yaml",))
    keys: Mapping[str, Any] = load_schema("instrument")["properties"]
    asker = Asker(choose_language(lang))
    names = asker.texts(title or [], "title")
    told = asker.word(kind, "kind", allowed=keys["kind"]["enum"])
    by = asker.word(issuer, "issuer")
    days = {key: asker.maybe(day, key) for key, day in (("issued", issued), ("in-force", in_force))}
    official, address = asker.maybe(number, "number"), asker.maybe(url, "url")
    state = "not-opened" if address else "unknown"
    if address or url_state is not None:
        state = asker.word(url_state, "url-state", default=state, allowed=keys["url_state"]["enum"])
    asker.finish()
    draft = InstrumentDraft(
        id=id_,
        title=names,
        kind=told,
        issuer=by,
        number=official,
        issued=_maybe_day(days["issued"]),
        in_force=_maybe_day(days["in-force"]),
        url=address,
        url_state=state,
    )
    return put(folder, pack, draft_instrument(draft), lang)


def _maybe_day(text: str) -> str:
    return day_of(text) if text else ""
