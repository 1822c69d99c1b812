# SPDX-License-Identifier: Apache-2.0
"""The matrix product x origin x area, by grade: text, JSON and Markdown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.text import Text

from borderready.coverage import LaneCoverage
from borderready.i18n import word
from borderready.model import Grade, Message, PackId
from borderready.report.show import clean, write_json
from borderready.report.terminal import Layout


def print_coverage(lanes: Sequence[LaneCoverage], layout: Layout) -> None:
    """Print each lane with its areas, the counts as primary/secondary/memory."""
    for lane in lanes:
        head = Text()
        head.append(f"{lane.product} {lane.origin}  ", "bold")
        head.append(_counts(lane.totals))
        if lane.gaps:
            head.append(f"  {layout.say(Message('list.gaps', {'count': str(lane.gaps)}))}", "dim")
        layout.add_wrapped(head)
        told = ", ".join(
            f"{layout.word(f'area.{area}')} {_counts(counts)}"
            for area, counts in lane.areas.items()
            if any(counts.values())
        )
        layout.add_wrapped(Text(told), "  ")
        lacking = [layout.word(f"area.{area}") for area, counts in lane.areas.items() if not any(counts.values())]
        if lacking:
            layout.add_wrapped(Text(layout.say(Message("report.no_area", {"areas": ", ".join(lacking)})), "dim"), "  ")


def coverage_json(lanes: Sequence[LaneCoverage], pack: PackId) -> str:
    """Return the matrix as JSON."""
    value = {
        "borderready": "coverage/1",
        "pack": _pack(pack),
        **({"extends": [_pack(base) for base in pack.chain[1:]]} if pack.extends is not None else {}),
        "lanes": [
            {
                "product": lane.product,
                "origin": lane.origin,
                "gaps": lane.gaps,
                "areas": {area: _plain(counts) for area, counts in lane.areas.items()},
            }
            for lane in lanes
        ],
    }
    return write_json(value)


def coverage_markdown(lanes: Sequence[LaneCoverage], pack: PackId, language: str) -> str:
    """Return the matrix as a Markdown table."""
    areas = list(lanes[0].areas) if lanes else []
    head = ["", *(word(f"area.{area}", language) for area in areas), word("list.gaps_column", language)]
    lines = [
        f"{', '.join(f'{one.name} {one.version}' for one in pack.chain)}, primary/secondary/memory",
        "",
        f"| {' | '.join(head)} |",
        f"|{' --- |' * len(head)}",
    ]
    for lane in lanes:
        cells = [_counts(lane.areas[area]) if any(lane.areas[area].values()) else "" for area in areas]
        lines.append(f"| {' | '.join([f'{lane.product} {lane.origin}', *cells, str(lane.gaps)])} |")
    return "\n".join(map(clean, lines)) + "\n"


def _pack(pack: PackId) -> dict[str, str]:
    return {"name": pack.name, "version": pack.version, "sha256": pack.sha256}


def _counts(counts: Mapping[Grade, int]) -> str:
    return "/".join(str(counts[grade]) for grade in Grade)


def _plain(counts: Mapping[Grade, int]) -> dict[str, int]:
    return {str(grade): counts[grade] for grade in Grade}
