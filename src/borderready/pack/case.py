# SPDX-License-Identifier: Apache-2.0
"""Cases: the small manifests beside each rule that must come out as they say. Only that rule runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path as FilePath
from typing import TypeAlias

import yaml

from borderready.across import identity_of, uses_of
from borderready.core import check_shipment
from borderready.errors import Fault
from borderready.fold import fold_code
from borderready.histories import History, make_histories
from borderready.model import (
    Entry,
    Event,
    Finding,
    Grade,
    Listing,
    Manifest,
    Message,
    Notice,
    Register,
    Rule,
    RuleBase,
    Source,
    Span,
    Status,
    Texts,
    Use,
    Value,
    path_of_rule,
)
from borderready.paths import write_outcome_path
from borderready.read.register import make_register
from borderready.read.rule import as_mapping, as_text, as_tuple, maybe_text, texts_of
from borderready.read.rule_base import CASES_SUFFIX, type_file
from borderready.read.schema import shape_named
from borderready.read.strict_yaml import Document
from borderready.read.tree import Node, child_of, span_of
from borderready.read.typed import Typer
from borderready.subjects import ANY_DOCUMENT


class _Key(str):
    """A key of the file, which remembers where it stands."""

    node: yaml.ScalarNode | None = None


# A manifest while it is put together: mappings, lists, and leaves that are nodes of the file or texts of our own.
Tree: TypeAlias = dict[str, "Tree"] | list["Tree"] | yaml.ScalarNode | str
_EVENT_KEYS = {
    Event.ARRIVAL: ("shipment", "arrival"),
    Event.DEPARTURE: ("shipment", "departure"),
    Event.DECLARATION: ("shipment", "declaration"),
    Event.HARVEST: ("lot", "harvested"),
    Event.PACKING: ("lot", "packed"),
    Event.PRODUCTION: ("lot", "produced"),
}
_WORST_FIRST = (Status.ERROR, Status.FAIL, Status.UNKNOWN, Status.MANUAL, Status.UPCOMING, Status.PASS)
# The reference of the manifest of a case that gives none, by which it is told from others.
OWN_REFERENCE = "this"
_PARTS = ("shipment", "parties", "documents", "lots", "attestations")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One case as written, with its place and its node."""

    name: str
    date: str
    expect: str
    at: str | None
    start: str | None
    registers: Mapping[str, Register]
    notices: tuple[Notice, ...]
    force: str | None
    node: yaml.MappingNode
    document: Document
    file: str

    @property
    def span(self) -> Span:
        """Where the case begins."""
        return span_of(self.node)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseResult:
    """What running a case gave: no problem where it came out as written."""

    rule: Rule
    case: Case
    status: str
    problem: Message | None
    faults: tuple[Fault, ...] = ()
    findings: tuple[Finding, ...] = ()


def cases_path(rule_id: str) -> str:
    """Return the path inside the pack of the cases of a rule."""
    return f"{path_of_rule(rule_id)}{CASES_SUFFIX}"


def read_cases(root: FilePath, rule_id: str) -> tuple[tuple[Case, ...], tuple[Fault, ...]]:
    """Return the cases beside a rule, and what is wrong with their file; no file gives no cases."""
    file = cases_path(rule_id)
    try:
        content = (root / file).read_bytes()
    except OSError:
        return (), ()
    value, document, faults = type_file("cases", content, file=file)
    if value is None or document is None:
        return (), faults
    assert isinstance(document.root, yaml.SequenceNode)
    entries = zip(as_tuple(value), document.root.value, strict=True)
    return tuple(_case(as_mapping(entry), node, document, file) for entry, node in entries), ()


def _case(data: Mapping[str, Value], node: yaml.MappingNode, document: Document, file: str) -> Case:
    as_of = as_text(data["as_of"]) if "as_of" in data else None
    return Case(
        name=as_text(data["name"]),
        date=as_text(data["date"]),
        expect=as_text(data["expect"]),
        at=as_text(data["at"]) if "at" in data else None,
        start=as_text(data["start"]) if "start" in data else None,
        force=as_text(data["force"]) if "force" in data else None,
        registers={
            name: _register(name, as_tuple(rows), as_of) for name, rows in as_mapping(data.get("registers", {})).items()
        },
        notices=tuple(_notice(as_mapping(entry), n) for n, entry in enumerate(as_tuple(data.get("notices", ())), 1)),
        node=node,
        document=document,
        file=file,
    )


def _register(name: str, rows: tuple[Value, ...], as_of: str | None) -> Register:
    entries: dict[str, tuple[Entry, ...]] = {}
    for line, row in enumerate(map(as_mapping, rows), 1):
        cells = {key: as_text(cell) for key, cell in row.items() if key != "area_ha"}
        area_ha = row.get("area_ha")
        entry = Entry(
            code=cells["code"],
            product=cells.get("product"),
            status=cells.get("status", "active"),
            start=cells.get("start"),
            until=cells.get("until"),
            name=cells.get("name"),
            holder=cells.get("holder"),
            line=line,
            origin=cells.get("origin"),
            market=cells.get("market"),
            area_ha=Decimal(area_ha) if isinstance(area_ha, (int, Decimal)) else None,
        )
        key = fold_code(entry.code)
        entries[key] = (*entries.get(key, ()), entry)
    # The lists of a case are whole: a code that they lack is on none, whatever the product.
    whole = Listing(origin=None, product=None, as_of=as_of, source=None, sha256="", codes=len(entries))
    return make_register(
        name=name, file=f"{name}.csv", as_of=as_of, source=None, sha256="", entries=entries, listings=(whole,)
    )


def _notice(data: Mapping[str, Value], number: int) -> Notice:
    """Return a notice of a case, read in its text, so that the rule alone says how much it weighs."""
    name = f"case-{number}"
    return Notice(
        id=name,
        title=Texts(en=name, vi=name, zh=name),
        kind=as_text(data.get("kind", "closed")),
        gates=texts_of(data.get("gate", ())),
        origins=texts_of(data.get("origin", ())),
        products=texts_of(data.get("product", ())),
        codes=tuple(fold_code(code) for code in texts_of(data.get("code", ()))),
        start=as_text(data["start"]),
        until=maybe_text(data, "until"),
        source=Source(instrument=name, locator=name, seen=Grade.PRIMARY),
    )


def run_case(rule: Rule, case: Case, rule_base: RuleBase) -> CaseResult:
    """Run one case against one rule and compare what comes out with what is written."""
    manifest, faults = make_manifest(rule, case, rule_base)
    history, other_faults = _history(rule, case, rule_base)
    faults = (*faults, *other_faults)
    if faults:
        return CaseResult(rule=rule, case=case, status="error", problem=faults[0].what, faults=faults)
    alone = replace(rule_base, rules=(replace(rule, overrides=()),), notices=())
    report = check_shipment(manifest, alone, registers=case.registers, notices=case.notices, history=history)
    place = subject_path(rule)
    findings = [finding for finding in report.findings if finding.subject.path == place]
    status = worst_of(findings)
    told = tuple(finding for finding in findings if finding.status == status)
    problem = _judge(case, status, told)
    return CaseResult(rule=rule, case=case, status=status, problem=problem, findings=tuple(findings))


def subject_path(rule: Rule) -> tuple[str | int, ...]:
    """Return where the subject of a case stands in its manifest."""
    return {"lot": ("lots", 0), "shipment": ()}.get(rule.each, ("documents", 0))


def worst_of(findings: list[Finding]) -> str:
    """Return the worst status of findings; none at all is not applicable."""
    found = {finding.status for finding in findings}
    return next((status for status in _WORST_FIRST if status in found), Status.NOT_APPLICABLE)


def _judge(case: Case, status: str, told: tuple[Finding, ...]) -> Message | None:
    if status != case.expect:
        return Message("test.expected", {"expected": case.expect, "actual": status})
    if case.at is not None:
        places = [write_outcome_path(finding.outcome) for finding in told]
        relative = {inner for place in places for inner in places_of(place)}
        if case.at not in relative:
            return Message("test.at", {"expected": case.at, "actual": ", ".join(places)})
    if case.force is not None:
        forces = sorted({str(finding.force) for finding in told})
        if case.force not in forces:
            return Message("test.force", {"expected": case.force, "actual": ", ".join(forces)})
    if case.start is not None:
        starts = sorted({finding.wording.start for finding in told if finding.wording is not None})
        if case.start not in starts:
            return Message("test.start", {"expected": case.start, "actual": ", ".join(starts)})
    return None


def places_of(place: str) -> tuple[str, ...]:
    """Return how a case may name a place: from the manifest, or from its lot or document."""
    return tuple(dict.fromkeys((place.removeprefix("lots[0].").removeprefix("documents[0]."), place)))


def make_manifest(rule: Rule, case: Case, rule_base: RuleBase) -> tuple[Manifest, tuple[Fault, ...]]:
    """Return the manifest that a case describes: what it gives, and the least that makes the rule ask."""
    return _type(_tree(rule, case, rule_base), case, case.file)


def _tree(rule: Rule, case: Case, rule_base: RuleBase) -> dict[str, Tree]:
    tree = _skeleton(rule, rule_base)
    for part in _PARTS:
        node = _child(case.node, part)
        if node is not None:
            tree[part] = _merge(tree.get(part), _tree_of(node))
    given_node = _child(case.node, "given")
    given = _tree_of(given_node) if given_node is not None else {}
    assert isinstance(given, dict)
    _place_given(tree, given, rule)
    if _child(case.node, "others") is not None:
        tree.setdefault("reference", OWN_REFERENCE)
    _place_day(tree, rule, case.date)
    return tree


def _type(tree: Tree, case: Case, file: str) -> tuple[Manifest, tuple[Fault, ...]]:
    root = _node_of(tree)
    typer = Typer(file=case.file, index=0, lines=case.document.lines, root=shape_named("manifest"))
    data, typed = typer.type_document(root)
    assert isinstance(data, Mapping)
    manifest = Manifest(
        file=file,
        index=0,
        sha256="",
        data=data,
        locate=lambda _: case.span,
        line_text=lambda _: "",
    )
    return manifest, tuple(typed.faults)


def _history(rule: Rule, case: Case, rule_base: RuleBase) -> tuple[History | None, tuple[Fault, ...]]:
    """Return what the other consignments of a case used: each is the manifest of the case, changed as written."""
    others = _child(case.node, "others")
    if not isinstance(others, yaml.SequenceNode):
        return None, ()
    own = _tree(rule, case, rule_base)
    uses: list[Use] = []
    faults: list[Fault] = []
    for number, node in enumerate(others.value, 1):
        other, found = _type(_merge(own, _tree_of(node)), case, f"other-{number}.yaml")
        uses.extend(uses_of(other.data, identity_of(other), other.file))
        faults.extend(found)
    manifest, _ = _type(own, case, case.file)
    return make_histories(uses)(identity_of(manifest)), tuple(faults)


def _skeleton(rule: Rule, rule_base: RuleBase) -> dict[str, Tree]:
    lot: dict[str, Tree] = {"id": "L1", "product": default_product(rule, rule_base)}
    origin = rule.scope.origins[0] if rule.scope.origins else "VN"
    shipment: dict[str, Tree] = {"origin": origin}
    for name, accepted in (("mode", rule.scope.modes), ("channel", rule.scope.channels)):
        if accepted:
            shipment[name] = accepted[0]
    if rule.scope.entries:
        shipment["route"] = {"entry": rule.scope.entries[0]}
    return {"borderready": "1", "shipment": shipment, "lots": [lot]}


def default_product(rule: Rule, rule_base: RuleBase) -> str:
    """Return the product that a case is about unless it says otherwise: the first that the rule names."""
    if not rule.scope.products:
        return "durian-fresh"
    first = rule.scope.products[0]
    if first in rule_base.products:
        return first
    return next((name for name, product in rule_base.products.items() if first in product.groups), first)


def _place_given(tree: dict[str, Tree], given: dict[str, Tree], rule: Rule) -> None:
    lots = tree["lots"]
    assert isinstance(lots, list)
    if rule.each == "lot":
        lots[0] = _merge(lots[0], given)
    elif rule.each == "shipment":
        for key, value in given.items():
            tree[key] = _merge(tree.get(key), value)
    else:
        others = tree.get("documents", [])
        assert isinstance(others, list)
        kind = "other" if rule.each == ANY_DOCUMENT else rule.each
        tree["documents"] = [{"type": kind, **given}, *others]


def _place_day(tree: dict[str, Tree], rule: Rule, day: str) -> None:
    """Set the day of the basis event, unless the case gives it itself."""
    if rule.basis is Event.ISSUE:
        documents = tree.get("documents", [])
        assert isinstance(documents, list)
        for index, document in enumerate(documents):
            is_subject = rule.each != "lot" and index == 0
            is_certificate = rule.each == "lot" and _is_certificate(document)
            if isinstance(document, dict) and (is_subject or is_certificate):
                document.setdefault("issued", day)
        return
    part, key = _EVENT_KEYS[rule.basis]
    lots = tree["lots"]
    assert isinstance(lots, list)
    for holder in lots if part == "lot" else [tree["shipment"]]:
        assert isinstance(holder, dict)
        dates = holder.setdefault("dates", {})
        if isinstance(dates, dict):
            dates.setdefault(key, day)


def _is_certificate(document: Tree) -> bool:
    kind = document.get("type") if isinstance(document, dict) else None
    return isinstance(kind, yaml.ScalarNode) and kind.value == "phytosanitary-certificate"


def _merge(base: Tree | None, more: Tree) -> Tree:
    """Return one tree over another: mappings join, lists join member by member, anything else replaces."""
    if isinstance(base, dict) and isinstance(more, dict):
        return {**base, **{key: _merge(base.get(key), value) for key, value in more.items()}}
    if isinstance(base, list) and isinstance(more, list):
        joined = [_merge(base[index] if index < len(base) else None, member) for index, member in enumerate(more)]
        return joined or more
    return more


def _child(node: yaml.MappingNode, key: str) -> Node | None:
    found = child_of(node, key)
    return found[1] if found is not None else None


def _tree_of(node: Node) -> Tree:
    if isinstance(node, yaml.MappingNode):
        return {_key_of(key): _tree_of(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [_tree_of(member) for member in node.value]
    return node


def _key_of(node: yaml.ScalarNode) -> str:
    key = _Key(node.value)
    key.node = node
    return key


def _key_node(key: str, mark: yaml.Mark) -> yaml.ScalarNode:
    node = key.node if isinstance(key, _Key) else None
    return node or yaml.ScalarNode("tag:yaml.org,2002:str", str(key), mark, mark)


def _node_of(tree: Tree) -> Node:
    mark = yaml.Mark("case", 0, 0, 0, None, 0)
    if isinstance(tree, dict):
        pairs = [(_key_node(key, mark), _node_of(value)) for key, value in tree.items()]
        return yaml.MappingNode("tag:yaml.org,2002:map", pairs, mark, mark)
    if isinstance(tree, list):
        return yaml.SequenceNode("tag:yaml.org,2002:seq", [_node_of(member) for member in tree], mark, mark)
    if isinstance(tree, str):
        return yaml.ScalarNode("tag:yaml.org,2002:str", tree, mark, mark)
    return tree
