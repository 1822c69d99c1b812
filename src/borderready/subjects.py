# SPDX-License-Identifier: Apache-2.0
"""The subjects of a manifest (the shipment, its lots, its documents), what each of them sees, and its days."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, TypeAlias

from borderready.model import Event, Missing, Subject, Value
from borderready.paths import Common, Picked, View, find, find_plain, write_value

# Where a manifest gives the day of each event; `issue` of a lot is that of the certificate that covers it.
EVENT_PATHS: Mapping[Event, str] = {
    Event.ARRIVAL: "shipment.dates.arrival",
    Event.DEPARTURE: "shipment.dates.departure",
    Event.DECLARATION: "shipment.dates.declaration",
    Event.HARVEST: "dates.harvested",
    Event.PACKING: "dates.packed",
    Event.PRODUCTION: "dates.produced",
    Event.ISSUE: "issued",
}
SHIPMENT_EVENTS = tuple(event for event, path in EVENT_PATHS.items() if path.startswith("shipment."))
OWN_EVENTS = tuple(event for event in EVENT_PATHS if event not in SHIPMENT_EVENTS)
_LOT_ISSUE = "documents[type=phytosanitary-certificate].issued"
# What `each` says of a rule that is asked of every document, whatever its type.
ANY_DOCUMENT = "document"
# What stands at the top of a manifest, whatever the subject sees of it.
SHARED = ("reference", "shipment", "parties", "lots", "documents", "attestations")
_COMMON = frozenset(("reference", "shipment", "parties"))  # of these every subject sees the same
_NO_KEYS: Mapping[str, Value] = {}
# A document or an attestation with its index in the whole, and the lots that it covers, None for all.
_Paper: TypeAlias = "tuple[int, Mapping[str, Value], frozenset[Value] | None]"


class Asked(NamedTuple):
    """A subject with its view and the products it concerns."""

    subject: Subject
    view: View
    products: tuple[str, ...]


def subjects_of(
    data: Mapping[str, Value], synonyms: Mapping[str, Mapping[str, str]]
) -> Mapping[str, tuple[Asked, ...]]:
    """Return the subjects of a manifest by the word that `each` uses: lot, shipment, or a document type."""
    lots = _mappings(data.get("lots"))
    documents = _mappings(data.get("documents"))
    common = Common(names=_COMMON)
    papers = {name: _papers(data.get(name)) for name in ("documents", "attestations") if name in data}
    asked: dict[str, list[Asked]] = {"shipment": [_shipment(data, lots, synonyms, common)]}
    asked["lot"] = [_lot(data, index, lot, papers, synonyms, common) for index, lot in enumerate(lots)]
    for index, document in enumerate(documents):
        kind = write_value(document.get("type", ""))
        asked.setdefault(kind, []).append(_document(data, index, kind, document, lots, synonyms, common))
    return {kind: tuple(members) for kind, members in asked.items()}


def is_asked_of(each: str, kind: str) -> bool:
    """Tell whether a rule with this `each` is asked of subjects of this kind; `document` takes every document."""
    return each == kind or (each == ANY_DOCUMENT and kind not in ("shipment", "lot"))


def _shipment(
    data: Mapping[str, Value],
    lots: list[Mapping[str, Value]],
    synonyms: Mapping[str, Mapping[str, str]],
    common: Common,
) -> Asked:
    shared = {name: data.get(name) for name in SHARED}
    subject = Subject(kind="shipment", id=write_value(data.get("reference", "shipment")), path=())
    view = View(path=(), own=_NO_KEYS, shared=shared, synonyms=synonyms, common=common)
    return Asked(subject=subject, view=view, products=_products(lots))


def _lot(
    data: Mapping[str, Value],
    index: int,
    lot: Mapping[str, Value],
    papers: Mapping[str, list[_Paper]],
    synonyms: Mapping[str, Mapping[str, str]],
    common: Common,
) -> Asked:
    name = write_value(lot["id"])
    common = Common(names=_COMMON - {"shipment"}) if "origin" in lot else common
    shared: dict[str, Value | Picked | None] = {
        "reference": data.get("reference"),
        "parties": data.get("parties"),
        "shipment": _own_origin(data.get("shipment"), lot),
        "documents": _covering("documents", papers, name, common),
        "attestations": _covering("attestations", papers, name, common),
    }
    subject = Subject(kind="lot", id=name, path=("lots", index))
    return Asked(
        subject=subject,
        view=View(
            path=subject.path,
            own=lot,
            shared=shared,
            synonyms=synonyms,
            common=common,
        ),
        products=_products([lot]),
    )


def _document(
    data: Mapping[str, Value],
    index: int,
    kind: str,
    document: Mapping[str, Value],
    lots: list[Mapping[str, Value]],
    synonyms: Mapping[str, Mapping[str, str]],
    common: Common,
) -> Asked:
    covers = document.get("covers")
    of_some = frozenset(covers) if isinstance(covers, tuple) else None
    covered = [(i, lot) for i, lot in enumerate(lots) if of_some is None or lot.get("id") in of_some]
    shared: dict[str, Value | Picked | None] = {name: data.get(name) for name in SHARED}
    shared["lots"] = common.pick("lots", covered)
    subject = Subject(kind=kind, id=write_value(document.get("number", f"#{index + 1}")), path=("documents", index))
    return Asked(
        subject=subject,
        view=View(path=subject.path, own=document, shared=shared, synonyms=synonyms, common=common),
        products=_products([lot for _, lot in covered]),
    )


def _own_origin(shipment: Value | None, lot: Mapping[str, Value]) -> Value | None:
    """Return the shipment as the lot sees it: with the lot's own origin, where it has one."""
    if "origin" in lot and isinstance(shipment, Mapping):
        return {**shipment, "origin": lot["origin"]}
    return shipment


def _papers(papers: Value | None) -> list[_Paper]:
    return [
        (index, paper, frozenset(covers) if isinstance(covers := paper.get("covers"), tuple) else None)
        for index, paper in enumerate(_mappings(papers))
    ]


def _covering(name: str, papers: Mapping[str, list[_Paper]], lot: str, common: Common) -> Picked | None:
    if name not in papers:
        return None
    return common.pick(
        name, [(index, paper) for index, paper, covers in papers[name] if covers is None or lot in covers]
    )


def _mappings(value: Value | None) -> list[Mapping[str, Value]]:
    members = value if isinstance(value, tuple) else ()
    return [member for member in members if isinstance(member, Mapping)]


def _products(lots: list[Mapping[str, Value]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(write_value(lot["product"]) for lot in lots if "product" in lot))


def with_days(data: Mapping[str, Value], days: Mapping[Event, str]) -> Mapping[str, Value]:
    """Return a manifest as if these events were on these days; every check then sees them."""
    if not days:
        return data
    changed = dict(data)
    shipment = data.get("shipment")
    own = {_key(event): day for event, day in days.items() if event in SHIPMENT_EVENTS}
    if own and isinstance(shipment, Mapping):
        changed["shipment"] = _dated(shipment, own)
    of_lots = {_key(event): day for event, day in days.items() if EVENT_PATHS[event].startswith("dates.")}
    if of_lots:
        changed["lots"] = tuple(_dated(lot, of_lots) for lot in _mappings(data.get("lots")))
    if Event.ISSUE in days:
        changed["documents"] = tuple(
            _issued(document, days[Event.ISSUE]) for document in _mappings(data.get("documents"))
        )
    return changed


def _key(event: Event) -> str:
    return EVENT_PATHS[event].rsplit(".", 1)[-1]


def _dated(holder: Mapping[str, Value], days: Mapping[str, str]) -> Mapping[str, Value]:
    dates = holder.get("dates")
    return {**holder, "dates": {**(dates if isinstance(dates, Mapping) else {}), **days}}


def _issued(document: Mapping[str, Value], day: str) -> Mapping[str, Value]:
    return {**document, "issued": day} if document.get("type") == "phytosanitary-certificate" else document


def day_of(event: Event, asked: Asked) -> str | Missing:
    """Return the day of an event, or the field that would give it; of several (two certificates) the earliest."""
    if event is Event.ISSUE and asked.subject.kind == "lot":
        hits, missings = find(_LOT_ISSUE, asked.view)
        return min(write_value(hit.value) for hit in hits) if hits else missings[0]
    found = find_plain(EVENT_PATHS[event], asked.view)
    return found if isinstance(found, Missing) else write_value(found)
