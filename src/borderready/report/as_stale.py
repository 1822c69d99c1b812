# SPDX-License-Identifier: Apache-2.0
"""Sources that were not looked at for long, with their addresses: text and JSON."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text

from borderready.model import Message, PackId
from borderready.model.calendar import StaleSource
from borderready.report.lane_words import texts_json
from borderready.report.show import clean, write_json
from borderready.report.terminal import Layout

MOST_NAMED = 5


def print_stale(found: Sequence[StaleSource], day: str, older_than: str, layout: Layout) -> None:
    """Print sources, the oldest first, with what rests on each."""
    for source in found:
        looked = layout.word("stale.never") if source.checked is None else _looked(source, layout)
        name = clean(source.number or source.title.in_language(layout.language))
        layout.add_wrapped(Text.assemble((looked, "bold"), f"  {name}  ", (source.instrument, "dim")))
        args = {"rules": str(len(source.rules)), "rows": str(source.rows), "notices": str(len(source.notices))}
        layout.add_wrapped(Text(layout.say(Message("stale.rests", args))), "  ")
        names = (*source.rules, *source.notices)
        if names:
            more = f", ... (+{len(names) - MOST_NAMED})" if len(names) > MOST_NAMED else ""
            layout.add_wrapped(Text(f"{', '.join(names[:MOST_NAMED])}{more}", "dim"), "  ")
        layout.add_wrapped(Text(clean(source.url) if source.url else layout.word("stale.no_url")), "  ")
        layout.add()
    args = {"count": str(len(found)), "age": older_than, "day": day}
    layout.add_wrapped(Text(layout.say(Message("stale.count", args)), "bold"))


def _looked(source: StaleSource, layout: Layout) -> str:
    if source.latest == source.checked:
        return source.checked or ""
    return layout.say(Message("stale.between", {"first": source.checked or "", "last": source.latest or ""}))


def stale_json(found: Sequence[StaleSource], pack: PackId, day: str, max_age_days: int) -> str:
    """Return sources as JSON (schemas/pack-stale.schema.json)."""
    return write_json(
        {
            "borderready": "pack-stale/1",
            "pack": {"name": pack.name, "version": pack.version, "sha256": pack.sha256},
            "day": day,
            "older_than_days": max_age_days,
            "sources": [
                {
                    "instrument": source.instrument,
                    "title": texts_json(source.title),
                    "number": source.number,
                    "url": source.url,
                    "checked": source.checked,
                    "latest": source.latest,
                    "rules": list(source.rules),
                    "rows": source.rows,
                    "notices": list(source.notices),
                }
                for source in found
            ],
        }
    )
