# SPDX-License-Identifier: Apache-2.0
"""Across consignments: what each uses up (papers, containers, orchard codes).

A paper is known by its type and its folded number alone. Who issued it is kept beside it and never in the key: names of
issuers are spelled in many ways, and a second spelling must not hide a certificate that is used twice. Where two
issuers are given and differ, the checks only warn. An orchard is known by its code and the product, since a code is
listed for a product.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import TypeAlias

from borderready.fold import fold_code, fold_firm
from borderready.model import Manifest, Use, Value
from borderready.paths import write_value

CONTAINER = "container"
ORCHARD = "orchard"
_Node: TypeAlias = Mapping[str, Value]
_NOTHING: _Node = {}


def identity_of(manifest: Manifest) -> str:
    """Return what tells a consignment from others: its reference, else its place in the files of this run."""
    return manifest.reference or f"{manifest.file}#{manifest.index}"


def uses_of(data: Mapping[str, Value], reference: str, file: str) -> tuple[Use, ...]:
    """Return what a consignment uses, each kind and key once, in the order of the manifest.

    A paper that stands there twice under one number is one use, of all the lots that either covers.
    """
    lots = _nodes(data.get("lots"))
    shipment = _node(data.get("shipment"))
    base = base_use(data, reference, file)
    documents = _nodes(data.get("documents"))
    return (*_papers(base, documents, lots), *_containers(base, shipment, lots), *_orchards(base, lots))


def orchards_of(data: Mapping[str, Value], reference: str, file: str) -> tuple[Use, ...]:
    """Return what a consignment uses of orchards, as uses_of does."""
    return tuple(_orchards(base_use(data, reference, file), _nodes(data.get("lots"))))


def base_use(data: Mapping[str, Value], reference: str, file: str) -> Use:
    """Return what all uses of a consignment share: its days, its way and its exporter."""
    shipment = _node(data.get("shipment"))
    dates, route = _node(shipment.get("dates")), _node(shipment.get("route"))
    exporter = _node(_node(data.get("parties")).get("exporter"))
    return Use(
        kind="",
        key="",
        reference=reference,
        file=file,
        start=_text(dates.get("departure")),
        until=_text(dates.get("arrival")),
        net_kg=None,
        lots=0,
        place=f"{_text(route.get('exit')) or '?'} > {_text(route.get('entry')) or '?'}",
        exporter=_text(exporter.get("name")) or "",
    )


def key_of_orchard(code: str, product: str) -> str:
    """Return the key of an orchard: `VNDLOR0123 durian-fresh`."""
    return f"{fold_code(code)} {product}"


def _papers(base: Use, documents: list[_Node], lots: list[_Node]) -> Iterator[Use]:
    papers: dict[tuple[str, str], list[_Node]] = {}
    for document in documents:
        number = _text(document.get("number"))
        if number is not None and fold_code(number):
            papers.setdefault((write_value(document.get("type", "")), fold_code(number)), []).append(document)
    for (kind, key), members in papers.items():
        covered = _covered(members, lots)
        codes = {fold_code(code) for member in members for code in _texts(member.get("codes"))}
        net_kg = _sum([_weight_of(lot, codes) for lot in covered])
        issuer = next((name for member in members if (name := _issuer(member)) is not None), None)
        yield base._replace(kind=kind, key=key, net_kg=net_kg, lots=len(covered), issuer=issuer)


def _issuer(document: _Node) -> str | None:
    """Return who gave the paper its number: the laboratory, the holder who lends a code, else the issuer named."""
    name = {"lab-report": "laboratory", "code-authorisation": "holder"}.get(write_value(document.get("type", "")))
    found = _text(document.get(name or "issuer")) or _text(document.get("issuer"))
    return fold_firm(found) if found is not None else None


def _covered(documents: list[_Node], lots: list[_Node]) -> list[_Node]:
    """Return the lots that one of these documents covers."""
    covers = [document.get("covers") for document in documents]
    named = {lot for some in covers if isinstance(some, tuple) for lot in some}
    return (
        lots if any(not isinstance(some, tuple) for some in covers) else [lot for lot in lots if lot.get("id") in named]
    )


def _weight_of(lot: _Node, codes: set[str]) -> Decimal | None:
    """Return the net weight of a lot; of a paper that lends codes, only that of the fruit under these codes."""
    packhouse = _text(_node(lot.get("packhouse")).get("code"))
    if not codes or (packhouse is not None and fold_code(packhouse) in codes):
        return _net_kg(lot)
    lent = [orchard for orchard in _nodes(lot.get("orchards")) if fold_code(_text(orchard.get("code")) or "") in codes]
    return _sum([_orchard_kg(lot, orchard) for orchard in lent])


def _containers(base: Use, shipment: _Node, lots: list[_Node]) -> Iterator[Use]:
    number = _text(_node(shipment.get("transport")).get("container"))
    if number is not None and fold_code(number):
        net_kg = _sum([_net_kg(lot) for lot in lots])
        yield base._replace(kind=CONTAINER, key=fold_code(number), net_kg=net_kg, lots=len(lots))


def _orchards(base: Use, lots: list[_Node]) -> Iterator[Use]:
    found: dict[str, list[tuple[str | None, Decimal | None]]] = {}
    for lot in lots:
        dates = _node(lot.get("dates"))
        day = _text(dates.get("harvested")) or _text(dates.get("packed"))
        for orchard in _nodes(lot.get("orchards")):
            code = _text(orchard.get("code"))
            if code is not None and fold_code(code):
                key = key_of_orchard(code, write_value(lot.get("product", "")))
                found.setdefault(key, []).append((day, _orchard_kg(lot, orchard)))
    for key, members in found.items():
        days = [day for day, _ in members if day is not None]
        net_kg = _sum([weight for _, weight in members])
        start = min(days, default=None)
        yield base._replace(kind=ORCHARD, key=key, start=start, net_kg=net_kg, lots=len(members))


def _orchard_kg(lot: _Node, orchard: _Node) -> Decimal | None:
    """Return the weight from an orchard: its own, else that of the lot where it has no other orchard."""
    own = _decimal(orchard.get("net_kg"))
    return own if own is not None or len(_nodes(lot.get("orchards"))) > 1 else _net_kg(lot)


def _net_kg(lot: _Node) -> Decimal | None:
    return _decimal(_node(lot.get("quantity")).get("net_kg"))


def _sum(weights: list[Decimal | None]) -> Decimal | None:
    """Return the sum, None where one of them is not known."""
    known = [weight for weight in weights if weight is not None]
    return sum(known, Decimal(0)) if len(known) == len(weights) else None


def _decimal(value: Value | None) -> Decimal | None:
    return Decimal(value) if isinstance(value, (int, Decimal)) and not isinstance(value, bool) else None


def _text(value: Value | None) -> str | None:
    return value if isinstance(value, str) else None


def _texts(value: Value | None) -> tuple[str, ...]:
    return tuple(member for member in value if isinstance(member, str)) if isinstance(value, tuple) else ()


def _node(value: Value | None) -> _Node:
    return value if isinstance(value, (dict, Mapping)) else _NOTHING  # a dict is told sooner


def _nodes(value: Value | None) -> list[_Node]:
    return [member for member in value if isinstance(member, (dict, Mapping))] if isinstance(value, tuple) else []
