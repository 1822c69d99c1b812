# SPDX-License-Identifier: Apache-2.0
"""What another pack would change for many manifests: text, Markdown, JSON that is written as the run goes, NDJSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rich.text import Text

from borderready.i18n import say, word
from borderready.model import Message, PackId, Verdict
from borderready.model.change import Change, PackDiff
from borderready.model.impact import ERROR, Became, FindingImpact, ManifestImpact, Side
from borderready.report.impact_tally import Count, ImpactTally
from borderready.report.lane_words import as_markdown, lanes_json, texts_json
from borderready.report.show import clean, clip, write_json, write_json_line
from borderready.report.terminal import Layout

MOST_REASONS = 4
_VERDICTS = (*map(str, Verdict), ERROR)
_LONGEST = 240


def print_impact(diff: PackDiff, tally: ImpactTally, layout: Layout) -> None:
    """Print what a run came to."""
    for kind, told in _summary(diff, tally, layout.language):
        match kind:
            case "head":
                layout.add()
                layout.add_wrapped(Text(clean(told[0]), "bold"))
            case "count":
                layout.add_wrapped(
                    Text.assemble("  ", (clean(told[0]), "bold"), f"  {clean(told[1])}" if told[1] else "")
                )
                if told[2:]:
                    layout.add_wrapped(Text(clean(" ".join(part for part in told[2:] if part))), "    ")
            case "reason":
                layout.add_wrapped(Text(f"- {clean(told[0])}", "dim"), "    ")
            case _:
                layout.add_wrapped(Text(clean(told[0])))


def impact_markdown(diff: PackDiff, tally: ImpactTally, language: str) -> str:
    """Return what a run came to as Markdown."""
    lines: list[str] = []
    for kind, told in _summary(diff, tally, language):
        match kind:
            case "title":
                lines += [f"# {as_markdown(told[0])}", ""]
            case "head":
                lines += ["", f"## {as_markdown(told[0])}", ""]
            case "count":
                name, rest = told[0], " ".join(part for part in told[1:] if part)
                lines.append(f"- **{as_markdown(name)}** {as_markdown(rest)}".rstrip())
            case "reason":
                lines.append(f"  - {as_markdown(told[0])}")
            case _:
                lines += [as_markdown(told[0]), ""]
    return "\n".join(lines).strip() + "\n"


def json_begin(diff: PackDiff) -> str:
    """Return the beginning of the JSON object, up to its list of manifests."""
    head = {"borderready": "pack-impact/1", "old": _pack_json(diff.old), "new": _pack_json(diff.new)}
    return write_json(head).removesuffix("\n}\n") + ',\n  "across": false,\n  "manifests": ['


def json_item(impact: ManifestImpact, diff: PackDiff, *, is_first: bool) -> str:
    """Return one manifest of the list, "" for one of which nothing differs."""
    if not impact.findings and not impact.is_flipped:
        return ""
    return f"{'' if is_first else ','}\n    {write_json_line(manifest_json(impact, diff))}"


def json_end(diff: PackDiff, tally: ImpactTally) -> str:
    """Return the end of the JSON object: the summary, and the changes that are named as reasons."""
    changes = [_change_json(diff.changes[place]) for place in sorted(tally.reasons)]
    end = {"changes": changes, "summary": _summary_json(diff, tally)}
    return "\n  ]," + write_json(end).removeprefix("{")


def ndjson_item(impact: ManifestImpact, diff: PackDiff) -> str:
    """Return one manifest, whatever differs, on a line of its own."""
    return f"{write_json_line({'borderready': 'pack-impact-manifest/1', **manifest_json(impact, diff)})}\n"


def manifest_json(impact: ManifestImpact, diff: PackDiff) -> dict[str, object]:
    """Return one manifest for JSON."""
    return {
        "file": impact.file,
        "index": impact.index,
        "reference": impact.reference,
        "exporter": impact.exporter,
        "lanes": list(impact.lanes),
        "before": impact.before,
        "after": impact.after,
        "findings": [_finding_json(finding, diff) for finding in impact.findings],
    }


def _finding_json(finding: FindingImpact, diff: PackDiff) -> dict[str, object]:
    return {
        "rule": finding.rule,
        "title": texts_json(finding.title),
        "became": str(finding.became),
        "subject": finding.subject,
        "path": finding.path,
        "before": _side_json(finding.before),
        "after": _side_json(finding.after),
        "reasons": [diff.changes[place].id for place in finding.reasons],
    }


def _side_json(side: Side | None) -> dict[str, object] | None:
    if side is None:
        return None
    return {"status": str(side.status), "force": str(side.force), "expected": side.expected}


def _change_json(change: Change) -> dict[str, object]:
    from borderready.i18n import say_all

    return {
        "about": str(change.about),
        "turn": str(change.turn),
        "id": change.id,
        "title": texts_json(change.title),
        "day": change.day,
        "lanes": lanes_json(change.lanes),
        "told": [texts_json(say_all(detail.told)) for detail in change.details],
    }


def _summary_json(diff: PackDiff, tally: ImpactTally) -> dict[str, object]:
    return {
        "manifests": tally.manifests,
        "changed": tally.changed,
        "flips": tally.flips,
        "verdicts": [
            {"before": before, "after": after, "manifests": count} for (before, after), count in _ordered(tally)
        ],
        "findings": {str(became): tally.findings[became] for became in Became},
        "rules": [_count_json(count, diff) for count in tally.rules()],
        "lanes": [_count_json(count, diff) for count in tally.lanes()],
        "exporters": [_count_json(count, diff) for count in tally.exporters()],
        "names_cut": tally.is_cut,
    }


def _count_json(count: Count, diff: PackDiff) -> dict[str, object]:
    return {
        "name": count.name,
        "manifests": count.manifests,
        "changed": count.changed,
        "flips": count.flips.total(),
        "verdicts": dict(sorted(count.flips.items())),
        "findings": {str(became): count.findings[became] for became in Became},
        "reasons": [diff.changes[place].id for place in sorted(count.reasons)],
    }


def _pack_json(pack: PackId) -> dict[str, str]:
    return {"name": pack.name, "version": pack.version, "sha256": pack.sha256}


def _ordered(tally: ImpactTally) -> list[tuple[tuple[str, str], int]]:
    """Return how many manifests went from one verdict to another: those that flip first."""
    return sorted(
        tally.verdicts.items(),
        key=lambda one: (one[0][0] == one[0][1], -one[1], *map(_VERDICTS.index, one[0])),
    )


def _summary(diff: PackDiff, tally: ImpactTally, language: str) -> Iterator[tuple[str, Sequence[str]]]:
    """Yield what a summary is made of, line by line: what kind of line, and its parts."""
    packs = {"old": _pack(diff.old, diff), "new": _pack(diff.new, diff)}
    yield "title", (say(Message("impact.head", packs), language),)
    args = {"count": str(tally.manifests), "flips": str(tally.flips), "changed": str(tally.changed)}
    yield "line", (say(Message("impact.count", args), language),)
    yield "line", (word("impact.alone", language),)
    yield "head", (word("impact.verdicts", language),)
    for (before, after), count in _ordered(tally):
        same = f" ({word('impact.same', language)})" if before == after else ""
        yield "count", (str(count), f"{_verdict(before, language)} > {_verdict(after, language)}{same}")
    if not tally.changed:
        return
    yield "head", (word("impact.rules", language),)
    for one in tally.rules():
        title = one.title.in_language(language) if one.title is not None else ""
        yield "count", (title, one.name, _counted(one, language, is_rule=True))
        reasons = sorted(one.reasons)
        for place in reasons[:MOST_REASONS]:
            yield "reason", (_reason(diff.changes[place], one, language),)
        if len(reasons) > MOST_REASONS:
            yield "reason", (f"... (+{len(reasons) - MOST_REASONS})",)
    for key, counts in (("impact.lanes", tally.lanes()), ("impact.exporters", tally.exporters())):
        if counts:
            yield "head", (word(key, language),)
            yield from (("count", (one.name, "", _counted(one, language))) for one in counts)
    if tally.is_cut:
        yield "line", (word("impact.cut", language),)
    yield from _flipped(tally, language)


def _flipped(tally: ImpactTally, language: str) -> Iterator[tuple[str, Sequence[str]]]:
    if not tally.flipped:
        return
    yield "head", (word("impact.flipped", language),)
    for impact in tally.flipped:
        place = f"{impact.file}#{impact.index}" if impact.index else impact.file
        rules = dict.fromkeys(finding.rule for finding in impact.findings)
        shown = ", ".join([*rules][:3]) + (f", ... (+{len(rules) - 3})" if len(rules) > 3 else "")
        verdicts = f"{_verdict(impact.before, language)} > {_verdict(impact.after, language)}"
        yield "count", (impact.reference or place, f"{place}: {verdicts}", f"({shown})" if shown else "")
    if tally.flips > len(tally.flipped):
        args = {"shown": str(len(tally.flipped)), "count": str(tally.flips)}
        yield "line", (say(Message("run.shown", args), language),)


def _counted(count: Count, language: str, *, is_rule: bool = False) -> str:
    flips = ", ".join(f"{number} {_flip(flip, language)}" for flip, number in sorted(count.flips.items()))
    args = {
        "manifests": str(count.manifests),
        "changed": str(count.changed),
        "flips": flips or "0",
        "gained": str(count.findings[Became.GAINED]),
        "lost": str(count.findings[Became.LOST]),
        "other": str(count.findings[Became.CHANGED]),
    }
    return say(Message("impact.of_rule" if is_rule else "impact.of_name", args), language)


def _flip(flip: str, language: str) -> str:
    return " > ".join(_verdict(verdict, language) for verdict in flip.split(" > "))


def _verdict(verdict: str, language: str) -> str:
    return word("run.failed" if verdict == ERROR else f"verdict.{verdict}", language)


def _reason(change: Change, count: Count, language: str) -> str:
    told = "; ".join(_told(change, language))
    head = "" if change.id == count.name else f"{change.id}: "
    return clip(f"{head}{told}", _LONGEST)


def _told(change: Change, language: str) -> Iterable[str]:
    turn = say(Message(f"diff.turn.{change.turn}", {"others": ", ".join(change.others)}), language)
    yield turn if change.day is None else f"{turn} ({say(Message('diff.from', {'day': change.day}), language)})"
    yield from (say(detail.told, language) for detail in change.details)


def _pack(pack: PackId, diff: PackDiff) -> str:
    is_told = (diff.old.name, diff.old.version) != (diff.new.name, diff.new.version)
    return f"{pack.name} {pack.version}" if is_told else f"{pack.name} {pack.version} ({pack.sha256[:12]})"
