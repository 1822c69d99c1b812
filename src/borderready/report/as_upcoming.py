# SPDX-License-Identifier: Apache-2.0
"""What of a pack starts or ends soon, by lane: text and JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.text import Text

from borderready.i18n import say_all
from borderready.model import Message, PackId
from borderready.model.calendar import Coming
from borderready.report.coming_words import details_of, title_of
from borderready.report.lane_words import lanes_json, lanes_told, texts_json
from borderready.report.show import write_json
from borderready.report.terminal import Layout


def print_upcoming(found: Sequence[Coming], first: str, last: str, layout: Layout) -> None:
    """Print events by lane, those of the lane with the nearest day first."""
    args = {"first": first, "last": last, "count": str(len(found))}
    layout.add_wrapped(Text(layout.say(Message("upcoming.head", args)), "bold"))
    for lane, events in _by_lane(found, layout.language).items():
        layout.add()
        layout.add_wrapped(Text(lane, "bold"))
        for event in events:
            head = Text.assemble(
                "  ", (event.day, "bold"), f"  {title_of(event, layout.language)}  ", (event.id, "dim")
            )
            layout.add_wrapped(head)
            for told in details_of(event, layout.language):
                layout.add_wrapped(Text(f"- {told}"), "    ")


def upcoming_json(found: Sequence[Coming], pack: PackId, first: str, last: str) -> str:
    """Return events as JSON (schemas/pack-upcoming.schema.json)."""
    return write_json(
        {
            "borderready": "pack-upcoming/1",
            "pack": {"name": pack.name, "version": pack.version, "sha256": pack.sha256},
            "from": first,
            "until": last,
            "events": [_event_json(event) for event in found],
        }
    )


def _event_json(event: Coming) -> dict[str, object]:
    return {
        "comes": str(event.comes),
        "day": event.day,
        "id": event.id,
        "title": texts_json(event.title),
        "lanes": lanes_json(event.lanes),
        "acts": list(event.acts),
        "rules": list(event.rules),
        "rows": event.rows,
        "details": [
            {
                "row": detail.row,
                "place": detail.place,
                "told": texts_json(say_all(detail.told)),
                "says": texts_json(detail.says),
            }
            for detail in event.details
        ],
    }


def _by_lane(found: Sequence[Coming], language: str) -> Mapping[str, list[Coming]]:
    lanes: dict[str, list[Coming]] = {}
    for event in found:
        lanes.setdefault(lanes_told(event.lanes, language), []).append(event)
    return lanes
