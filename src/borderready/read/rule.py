# SPDX-License-Identifier: Apache-2.0
"""One file of a pack to one rule, instrument, product or group: typed mappings to frozen types."""

from __future__ import annotations

from collections.abc import Mapping

from borderready.model import (
    Condition,
    Event,
    Gap,
    Grade,
    Instrument,
    Product,
    Rule,
    RuleId,
    Scope,
    Severity,
    Source,
    Texts,
    Value,
    Wording,
)


def make_rule(data: Mapping[str, Value], options: tuple[Mapping[str, Value], ...]) -> Rule:
    """Return the rule of a typed file; `options` are those of its wordings, in their order."""
    wordings = as_tuple(data["wordings"])
    return Rule(
        id=RuleId(as_text(data["id"])),
        title=make_texts(data["title"]),
        area=as_text(data["area"]),
        scope=_make_scope(as_mapping(data["applies_to"])),
        each=as_text(data["each"]),
        basis=Event(as_text(data["basis"])),
        severity=Severity(as_text(data["severity"])),
        acts=as_text(data["acts"]),
        consequence=as_text(data["consequence"]),
        check=as_text(data["check"]),
        field=as_text(data["field"]),
        wordings=tuple(_make_wording(as_mapping(w), o) for w, o in zip(wordings, options, strict=True)),
        overrides=tuple(RuleId(as_text(name)) for name in as_tuple(data.get("overrides", ()))),
        replaces=tuple(RuleId(as_text(name)) for name in as_tuple(data.get("replaces", ()))),
        is_waivable=data.get("waivable") != "never",
    )


def _make_scope(data: Mapping[str, Value]) -> Scope:
    conditions = [
        Condition(kind=kind, path=path, values=texts_of(values))
        for kind in ("when", "unless")
        for path, values in as_mapping(data.get(kind, {})).items()
    ]
    for kind in ("given", "absent"):
        conditions.extend(Condition(kind=kind, path=path) for path in texts_of(data.get(kind, ())))
    products = texts_of(data.get("product", ()))
    return Scope(
        origins=texts_of(data.get("origin", ())),
        products=() if "any" in products else products,
        modes=texts_of(data.get("mode", ())),
        channels=texts_of(data.get("channel", ())),
        entries=texts_of(data.get("entry", ())),
        conditions=tuple(conditions),
    )


def _make_wording(data: Mapping[str, Value], options: Mapping[str, Value]) -> Wording:
    return Wording(
        start=as_text(data["start"]),
        says=make_texts(data["says"]),
        source=make_source(as_mapping(data["source"])),
        fix=make_texts(data["fix"]) if "fix" in data else None,
        options=options,
        repealed=data.get("repealed") is True,
    )


def make_source(data: Mapping[str, Value]) -> Source:
    """Return the source of a wording or of a notice."""
    return Source(
        instrument=as_text(data["instrument"]),
        locator=as_text(data["locator"]),
        seen=Grade(as_text(data["seen"])),
        checked=maybe_text(data, "checked"),
        witnesses=texts_of(data.get("witnesses", ())),
    )


def make_texts(value: Value) -> Texts:
    """Return a text in three languages."""
    data = as_mapping(value)
    return Texts(en=as_text(data["en"]), vi=as_text(data["vi"]), zh=as_text(data["zh"]))


def make_instrument(data: Mapping[str, Value]) -> Instrument:
    """Return the instrument of a typed file."""
    return Instrument(
        id=as_text(data["id"]),
        title=make_texts(data["title"]),
        number=maybe_text(data, "number"),
        issuer=as_text(data["issuer"]),
        issued=maybe_text(data, "issued"),
        url=maybe_text(data, "url"),
        replaces=texts_of(data.get("replaces", ())),
    )


def make_product(name: str, data: Mapping[str, Value]) -> Product:
    """Return one product of products.yaml."""
    codes = (as_mapping(code) for code in as_tuple(data.get("hs_codes", ())))
    return Product(
        id=name,
        name=make_texts(data["name"]),
        scientific_names=texts_of(data.get("scientific_names", ())),
        hs_codes=tuple(as_text(code["code"]) for code in codes),
        groups=texts_of(data["groups"]),
        synonyms=texts_of(data.get("synonyms", ())),
    )


def make_gap(data: Mapping[str, Value]) -> Gap:
    """Return one gap of a file of gaps."""
    applies, settles = as_mapping(data["applies_to"]), as_mapping(data.get("settles", {}))
    products = texts_of(applies.get("product", ()))
    return Gap(
        id=as_text(data["id"]),
        origins=texts_of(applies.get("origin", ())),
        products=() if "any" in products else products,
        area=as_text(data["area"]),
        missing=make_texts(data["missing"]),
        look=make_texts(data["look"]),
        instrument=maybe_text(settles, "instrument"),
        locator=maybe_text(settles, "locator"),
    )


def maybe_text(data: Mapping[str, Value], key: str) -> str | None:
    """Return a text that may be left out, None where it is."""
    return as_text(data[key]) if key in data else None


def texts_of(value: Value) -> tuple[str, ...]:
    """Return a value that the schema made a sequence of texts."""
    return tuple(as_text(member) for member in as_tuple(value))


def as_text(value: Value) -> str:
    """Return a value that the schema made a text."""
    if not isinstance(value, str):
        raise TypeError(f"not a text: {value!r}")
    return value


def as_tuple(value: Value) -> tuple[Value, ...]:
    """Return a value that the schema made a sequence; read from the cache it is still a list."""
    if not isinstance(value, (tuple, list)):
        raise TypeError(f"not a sequence: {value!r}")
    return tuple(value)


def as_mapping(value: Value) -> Mapping[str, Value]:
    """Return a value that the schema made a mapping."""
    if not isinstance(value, Mapping):
        raise TypeError(f"not a mapping: {value!r}")
    return value
