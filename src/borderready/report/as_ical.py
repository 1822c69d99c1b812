# SPDX-License-Identifier: Apache-2.0
"""What of a pack starts or ends soon as iCalendar (RFC 5545): one all-day event each.

No clock stands in it: the stamp is the first day of the month that the pack's version names, so that the same pack
gives the same bytes. A wording and a notice keep their UID when their day is moved.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from hashlib import sha256

from borderready.model import PackId
from borderready.model.calendar import Coming
from borderready.report.coming_words import details_of, title_of
from borderready.report.lane_words import lanes_told
from borderready.report.show import plain

MOST_OCTETS = 75  # of a line, without its end
_VERSION = re.compile(r"(?P<year>\d{4})\.(?P<month>\d{1,2})(?:\.\d+)?")
_NO_STAMP = "19700101T000000Z"


def upcoming_ical(found: Sequence[Coming], pack: PackId, language: str) -> str:
    """Return events as a calendar, its lines folded and ended as the standard asks."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//borderready//pack upcoming//EN",
        "CALSCALE:GREGORIAN",
        f"X-WR-CALNAME:{_text(f'borderready {pack.name}')}",
        *(line for event in found for line in _event(event, pack, language)),
        "END:VCALENDAR",
    ]
    return "".join(f"{folded}\r\n" for line in lines for folded in _fold(line))


def stamp_of(version: str) -> str:
    """Return the stamp of a pack's version: of 2026.11.0 the first day of November 2026."""
    match = _VERSION.fullmatch(version)
    try:
        day = date(int(match["year"]), int(match["month"]), 1) if match is not None else None
    except ValueError:
        day = None
    return _NO_STAMP if day is None else f"{day:%Y%m%d}T000000Z"


def _event(event: Coming, pack: PackId, language: str) -> Iterator[str]:
    day = date.fromisoformat(event.day)
    name = sha256(f"{pack.name}\0{event.key}".encode()).hexdigest()[:32]
    lanes = lanes_told(event.lanes, language)
    told = "\n".join([lanes, *details_of(event, language), event.id])
    yield "BEGIN:VEVENT"
    yield f"UID:{name}@borderready.invalid"
    yield f"DTSTAMP:{stamp_of(pack.version)}"
    yield f"DTSTART;VALUE=DATE:{day:%Y%m%d}"
    if day < date.max:
        yield f"DTEND;VALUE=DATE:{day + timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY;LANGUAGE={language}:{_text(title_of(event, language))}"
    yield f"DESCRIPTION;LANGUAGE={language}:{_text(told)}"
    yield f"CATEGORIES:{','.join(map(_text, _categories(event)))}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _categories(event: Coming) -> list[str]:
    return [*(event.lanes.products or ("any",)), *event.lanes.origins]


def _text(text: str) -> str:
    """Return a text value: backslash, semicolon and comma are escaped, and so are the ends of lines."""
    escaped = (re.sub(r"([\\;,])", r"\\\1", plain(line)) for line in text.split("\n"))
    return "\\n".join(escaped)


def _fold(line: str) -> Iterator[str]:
    """Yield a line in parts of at most 75 octets, never within a character; all but the first begin with a space."""
    part, octets = "", 0
    for character in line:
        size = len(character.encode("utf-8"))
        if octets + size > MOST_OCTETS:
            yield part
            part, octets = " ", 1
        part, octets = part + character, octets + size
    yield part
