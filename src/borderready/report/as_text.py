# SPDX-License-Identifier: Apache-2.0
"""The report for a person at a terminal: what to do first stands first, and every line can be proved.

Rich lays it out (report/terminal.py); nothing here decides anything.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from rich.text import Text

from borderready.model import (
    Event,
    Finding,
    Force,
    Grade,
    LeftOut,
    Listing,
    Manifest,
    Message,
    Missing,
    Register,
    Report,
    Rule,
    Status,
    Verdict,
    Waiver,
    WaiverKind,
)
from borderready.paths import write_outcome_path, write_path, write_value
from borderready.report.alike import alike_findings, alike_gaps, shown_few
from borderready.report.groups import GROUPS, put_in_groups
from borderready.report.packs import disabled_lines, pack_line
from borderready.report.sentence import citation
from borderready.report.show import OLD_REGISTER_DAYS, clean, digest_notices, insertion, related_paths
from borderready.report.terminal import VERDICT_STYLE, Layout, print_pairs, print_source_line
from borderready.subjects import Asked

MAX_LEFT_OUT = 10
_UNDECIDED = (Status.UNKNOWN, Status.MANUAL)


def print_report(report: Report, layout: Layout) -> None:
    """Print the report of one manifest."""
    groups, gaps = told = put_in_groups(report.findings)
    _print_head(report, told.count_heads(report.fail_on), layout)
    number, manifest = 0, report.manifest
    for key, style in GROUPS[:2]:
        number = _print_group(groups[key], manifest, layout, key, style, number)
    _print_gaps(gaps, manifest, layout, "report.group.gives", "bold yellow", (Force.BLOCKS,))
    for key, style in GROUPS[2:]:
        number = _print_group(groups[key], manifest, layout, key, style, number)
    optional = (Force.WARNS, Force.INFORMS) if layout.verbose else (Force.WARNS,)
    _print_gaps(gaps, manifest, layout, "report.group.optional", "bold", optional)
    if layout.verbose:
        _print_passes(report, layout)
    _print_foot(report, layout)


def print_summary(verdicts: Mapping[str, int], layout: Layout) -> None:
    """Print how many manifests there were, and how many of each verdict; `error` counts those not checked."""
    args = {
        "files": str(sum(verdicts.values())),
        "ready": str(verdicts.get(Verdict.READY, 0)),
        "not_ready": str(verdicts.get(Verdict.NOT_READY, 0)),
        "undecided": str(verdicts.get(Verdict.UNDECIDED, 0)),
        "invalid": str(verdicts.get(Verdict.INVALID, 0)),
    }
    failed = verdicts.get("error", 0)
    message = Message("report.summary", args)
    if failed:
        message = Message("run.summary_failed", {**args, "failed": str(failed)})
    layout.add_wrapped(Text(layout.say(message), "bold"))


def _print_head(report: Report, counted: Mapping[str, int], layout: Layout) -> None:
    manifest = report.manifest
    title = Text()
    title.append(clean(manifest.reference or manifest.file), "bold")
    if manifest.reference:
        title.append(f"  {clean(manifest.file)}", "dim")
    layout.add_wrapped(title)
    layout.add_wrapped(Text(_lane(manifest, report, layout), "dim"))
    line = Text()
    line.append(layout.word(f"verdict.{report.verdict}"), VERDICT_STYLE[report.verdict])
    counts = [layout.say(Message(key, {"count": str(count)})) for key, count in counted.items() if count]
    line.append("  " + (", ".join(counts) or layout.word("report.none")))
    layout.add_wrapped(line)


def _lane(manifest: Manifest, report: Report, layout: Layout) -> str:
    data = manifest.data
    lots, shipment = data.get("lots"), data.get("shipment")
    products = dict.fromkeys(
        write_value(lot["product"]) for lot in (lots if isinstance(lots, tuple) else ()) if isinstance(lot, Mapping)
    )
    shipped = shipment if isinstance(shipment, Mapping) else {}
    args = {"products": ", ".join(products), "origin": write_value(shipped.get("origin", "?"))}
    parts = [layout.say(Message("report.lane", args))]
    if "mode" in shipped:
        parts.append(layout.say(Message("report.by", {"mode": write_value(shipped["mode"])})))
    route = shipped.get("route")
    if isinstance(route, Mapping) and "entry" in route:
        parts.append(layout.say(Message("report.via", {"entry": write_value(route["entry"])})))
    parts.extend(
        layout.say(Message("report.day", {"day": day}, {"event": f"event.{event}"}))
        for event, day in report.dates.items()
        if event in ("packing", "arrival")
    )
    return ", ".join(parts)


def _print_group(
    picked: Sequence[Finding], manifest: Manifest, layout: Layout, key: str, style: str, number: int
) -> int:
    if not picked:
        return number
    layout.add()
    layout.add_wrapped(Text(f"{layout.word(key)} ({len(picked)})", style))
    for alike in alike_findings(picked):
        number += 1
        _print_finding(alike, number, manifest, layout)
    return number


def _print_finding(alike: Sequence[Finding], number: int, manifest: Manifest, layout: Layout) -> None:
    """Print a finding, with the other subjects and places of which the same is to be said."""
    finding = alike[0]
    rule, outcome, wording = finding.rule, finding.outcome, finding.wording
    head = Text(f"{number:>2} ")
    head.append(clean(rule.title.in_language(layout.language)), "bold")
    subjects = list(dict.fromkeys([one.subject.id for one in alike]))
    head.append(f"  {rule.id}  {shown_few(subjects, clean)}", "dim")
    layout.add()
    layout.add_wrapped(head)
    if outcome.path:
        span = manifest.locate(outcome.path)
        at = f"   {clean(manifest.file)}:{span.line}:{span.column}  {clean(write_outcome_path(outcome))}"
        layout.add(Text(at, "dim"))
        print_source_line(span, manifest.line_text(span.line), layout, "   ")
    others = {one.outcome.path: one.outcome for one in alike if one.outcome.path != outcome.path}
    if others:
        shown = shown_few([*others.values()], lambda other: clean(write_outcome_path(other)))
        print_pairs([("report.also", shown)], layout)
    print_pairs(_pairs(finding, layout), layout)
    for path in related_paths(finding):
        place = manifest.locate(path)
        at = f"{clean(manifest.file)}:{place.line}:{place.column}  {clean(write_path(path))}"
        print_pairs([("report.related", at)], layout)
    if wording is not None:
        print_pairs([("report.source", _citation(finding, layout))], layout)
    told = [*finding.straddles, *finding.notes]
    print_pairs([("report.notice", layout.say(notice)) for notice in told], layout)
    if finding.waiver is not None:
        print_pairs(_waiver_pairs(finding, finding.waiver, layout), layout)


def _pairs(finding: Finding, layout: Layout) -> list[tuple[str, str]]:
    outcome, wording = finding.outcome, finding.wording
    pairs: list[tuple[str, str]] = []
    if outcome.found is not None:
        pairs.append(("report.found", clean(outcome.found)))
    if outcome.expected is not None and outcome.missing is None:
        pairs.append(("report.expected", clean(outcome.expected)))
    if outcome.because is not None:
        pairs.append(("report.because", layout.say(outcome.because)))
    if outcome.missing is not None:
        pairs.append(("report.insert", clean(insertion(outcome.missing, layout.fill))))
    if wording is not None:
        pairs.append(("report.asked", clean(wording.says.in_language(layout.language))))
        if outcome.fix is not None:
            pairs.append(("report.mend", layout.say(outcome.fix)))
        elif wording.fix is not None:
            pairs.append(("report.mend", clean(wording.fix.in_language(layout.language))))
        if finding.status is Status.FAIL and finding.rule.consequence != "none":
            acts = layout.word(f"acts.{finding.rule.acts}")
            consequence = layout.word(f"consequence.{finding.rule.consequence}")
            pairs.append(("report.else", f"{consequence} ({acts})"))
    return pairs


def _waiver_pairs(finding: Finding, waiver: Waiver, layout: Layout) -> list[tuple[str, str]]:
    """Return what was accepted, why, by whom, until when, and where that is written."""
    status = layout.word(f"status.{finding.outcome.status}")
    if waiver.kind is WaiverKind.BASELINE:
        told = layout.say(Message("report.in_baseline", {"status": status, "place": waiver.place}))
        return [("report.waived", told)]
    if waiver.kind is WaiverKind.PACK:
        args = {"status": status, "pack": waiver.owner or "", "until": waiver.until or "", "place": waiver.place}
        key = "extend.waived_by" if waiver.until is None else "extend.waived_until"
        return [("report.waived", layout.say(Message(key, args))), ("report.reason", clean(waiver.reason))]
    args = {"status": status, "owner": waiver.owner or "", "until": waiver.until or "", "place": waiver.place}
    told = layout.say(Message("report.waived_by", args))
    named = f" ({clean(waiver.id)})" if waiver.id is not None else ""
    return [("report.waived", told + named), ("report.reason", clean(waiver.reason))]


def _citation(finding: Finding, layout: Layout) -> str:
    return clean(citation(finding, layout.instruments, layout.language))


def _print_gaps(
    waiting: Sequence[Finding], manifest: Manifest, layout: Layout, key: str, style: str, forces: tuple[Force, ...]
) -> None:
    """Print the fields that the manifest lacks, each once, with the line to add and the rules that it decides."""
    gaps: dict[Missing, list[Finding]] = {}
    for finding in waiting:
        missing = finding.outcome.missing
        if missing is not None and finding.force in forces:
            gaps.setdefault(missing, []).append(finding)
    if not gaps:
        return
    layout.add()
    layout.add(Text(f"{layout.word(key)} ({len(gaps)})", style))
    groups = alike_gaps(gaps)
    places = {alike[0]: manifest.locate(alike[0].parent) for alike in groups}
    for alike in sorted(groups, key=lambda a: (places[a[0]].line, places[a[0]].column, a[0].steps)):
        missing, place = alike[0], places[alike[0]]
        head = Text(f"   {clean(manifest.file)}:{place.line}:{place.column}  ", "dim")
        head.append(f"{clean(write_path(missing.parent))}  ")
        head.append(clean(insertion(missing, layout.fill)), "bold")
        layout.add_wrapped(head)
        if len(alike) > 1:
            shown = shown_few(alike[1:], lambda other: clean(write_path(other.parent)))
            print_pairs([("report.also", shown)], layout)
        if layout.verbose or Force.BLOCKS in forces:
            rules = dict.fromkeys(finding.rule.id for finding in gaps[missing])
            args = {"count": str(len(rules)), "rules": ", ".join(rules)}
            print_pairs([("report.because", layout.say(Message("report.decides", args)))], layout)
        notes = dict.fromkeys(layout.say(note) for finding in gaps[missing] for note in finding.notes)
        print_pairs([("report.notice", note) for note in notes], layout)


def _print_passes(report: Report, layout: Layout) -> None:
    picked = [finding for finding in report.findings if finding.status is Status.PASS]
    if not picked:
        return
    layout.add()
    layout.add_wrapped(Text(f"{layout.word('report.group.passes')} ({len(picked)})", "bold green"))
    for finding in picked:
        line = Text("   ")
        line.append(clean(finding.rule.title.in_language(layout.language)))
        line.append(f"  {finding.rule.id} {finding.subject.id}", "dim")
        layout.add_wrapped(line)
        outcome = finding.outcome
        pairs = (("report.found", outcome.found), ("report.expected", outcome.expected))
        print_pairs([(key, clean(told)) for key, told in pairs if told is not None], layout)
        if outcome.because is not None:
            print_pairs([("report.because", layout.say(outcome.because))], layout)
        print_pairs([("report.source", _citation(finding, layout))], layout)


def _print_foot(report: Report, layout: Layout) -> None:
    layout.add()
    counts = ", ".join(
        f"{report.counts[status]} {layout.word(f'status.{status}')}" for status in Status if report.counts[status]
    )
    layout.add_wrapped(Text(counts))
    evidence = {str(grade): str(report.evidence[grade]) for grade in Grade}
    layout.add_wrapped(Text(layout.say(Message("report.evidence", evidence)), "dim"))
    if report.areas_without_rule:
        areas = ", ".join(layout.word(f"area.{area}") for area in report.areas_without_rule)
        layout.add_wrapped(Text(layout.say(Message("report.no_area", {"areas": areas})), "dim"))
    if report.gaps:
        layout.add_wrapped(Text(layout.say(Message("report.gaps", {"count": str(len(report.gaps))})), "dim"))
    if report.left_out:
        layout.add_wrapped(Text(_left_out(report, layout), "bold yellow"))
    for file in report.waivers:
        about = {"file": file.file, "used": str(file.used), "today": file.today, "digest": file.sha256[:12]}
        layout.add_wrapped(Text(layout.say(Message(f"report.file_{file.kind}", about)), "dim"))
    for told in disabled_lines(report.pack, layout.language):
        layout.add_wrapped(Text(clean(told), "bold yellow"))
    for pack in report.pack.chain:
        layout.add_wrapped(Text(clean(pack_line(pack, layout.language)), "dim"))
    for register in report.registers:
        for line in _register(register, report, layout):
            layout.add_wrapped(line)
    if not report.registers:
        layout.add_wrapped(Text(layout.word("report.no_registers"), "dim"))
    digest = digest_notices(report.notices)
    if digest is not None:
        args = {"count": str(len(report.notices)), "digest": digest[:12]}
        layout.add_wrapped(Text(layout.say(Message("report.own_notices", args)), "dim"))
    compared = Message(f"report.compared_{'_'.join(report.compared_with) or 'none'}")
    layout.add_wrapped(Text(layout.say(compared), "dim"))


def _left_out(report: Report, layout: Layout) -> str:
    """Return how many rules that apply the user left out, how many would hold the consignment back, and their names."""
    stopping = {rule.rule for rule in report.left_out if _would_stop(rule)}
    # Those that would hold it back are named first; a long list in full only where everything is asked for.
    names = sorted((rule.rule for rule in report.left_out), key=lambda name: (name not in stopping, name))
    shown = names if layout.verbose else names[:MAX_LEFT_OUT]
    rules = ", ".join([*shown, *(["..."] if len(shown) < len(names) else [])])
    args = {"count": str(len(names)), "stopping": str(len(stopping)), "rules": rules}
    return layout.say(Message("report.left_out", args))


def _would_stop(rule: LeftOut) -> bool:
    return rule.force is Force.BLOCKS and rule.status in (Status.FAIL, Status.ERROR, *_UNDECIDED)


def print_why_not(rule: Rule, answers: Sequence[tuple[Asked, Message | Missing | None]], layout: Layout) -> None:
    """Print for each subject of a rule's kind why the rule does not concern it, or that it does."""
    header = Message("why.header", {"rule": rule.id, "title": rule.title.in_language(layout.language)})
    layout.add_wrapped(Text(layout.say(header), "bold"))
    if not answers:
        layout.add_wrapped(Text("   " + layout.say(Message("scope.no_subject", {"kind": rule.each}))))
    for asked, answer in answers:
        if isinstance(answer, Missing):
            place = f"{write_path(answer.parent)}.{answer.steps}".lstrip(".")
            answer = Message("scope.undecided", {"path": place})
        told = layout.say(answer or Message("scope.applies"))
        layout.add_wrapped(Text(f"   {clean(asked.subject.id)}: {told}"))


def _register(register: Register, report: Report, layout: Layout) -> Iterator[Text]:
    """Yield the line of a register, or where its lists differ in their days one for each that speaks of the goods."""
    if len({(listing.as_of, listing.sha256) for listing in register.listings}) <= 1:
        yield _list_line(register.name, register, len(register.entries), report, layout)
        return
    speaking = [listing for listing in register.listings if _speaks(listing, report)]
    for listing in speaking:
        about = " ".join(part for part in (listing.origin, listing.product) if part is not None)
        yield _list_line(f"{register.name} {about}", listing, listing.codes, report, layout)
    if not speaking:
        yield Text(layout.say(Message("report.register_silent", {"name": register.name})), "dim")


def _speaks(listing: Listing, report: Report) -> bool:
    shipment = report.manifest.data.get("shipment")
    origin = shipment.get("origin") if isinstance(shipment, Mapping) else None
    return (
        (listing.product is None or listing.product in report.words)
        and (listing.origin is None or origin is None or listing.origin == origin)
        and listing.market in (None, "CN")
    )


def _list_line(name: str, one: Register | Listing, codes: int, report: Report, layout: Layout) -> Text:
    """Return the line of a register or a list; one that is old on the day of arrival is told apart."""
    args = {
        "name": name,
        "as_of": one.as_of or layout.word("report.register_undated"),
        "rows": str(codes),
        "digest": one.sha256[:12],
    }
    line = Text(layout.say(Message("report.register", args)), "dim")
    arrival = report.dates.get(Event.ARRIVAL)
    if one.as_of is not None and arrival is not None:
        age = (date.fromisoformat(arrival) - date.fromisoformat(one.as_of)).days
        if age > OLD_REGISTER_DAYS:
            line.append("  " + layout.say(Message("report.register_old", {"age": str(age)})), "bold yellow")
    return line
