# SPDX-License-Identifier: Apache-2.0
"""A register as the CSV file that `--registers` reads: the same lists, entries and answers (docs/manifest.md)."""

from __future__ import annotations

import csv
from io import StringIO

from borderready.model import Entry, Listing, Register

COLUMNS = ("code", "product", "origin", "market", "status", "start", "until", "name", "holder", "area_ha", "address")


def render_register(register: Register) -> str:
    """Return the text of a file; entries stand in the order of their folded codes, lists and days."""
    buffer = StringIO(newline="")
    for listing in register.listings:
        buffer.write(f"# list: {_note(listing)}\n")
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(COLUMNS)
    for folded in register.sorted_codes():
        writer.writerows(_cells(entry) for entry in register.entries[folded])
    return buffer.getvalue()


def _note(listing: Listing) -> str:
    told = {
        "origin": listing.origin,
        "product": listing.product,
        "market": listing.market,
        "as-of": listing.as_of,
        "source": listing.source,
    }
    return " ".join(f"{key}={value}" for key, value in told.items() if value is not None)


def _cells(entry: Entry) -> tuple[str, ...]:
    cells = (
        entry.code,
        entry.product,
        entry.origin,
        entry.market,
        entry.status,
        entry.start,
        entry.until,
        entry.name,
        entry.holder,
        None if entry.area_ha is None else format(entry.area_ha, "f"),
        entry.address,
    )
    return tuple(cell or "" for cell in cells)
