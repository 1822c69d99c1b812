# SPDX-License-Identifier: Apache-2.0
"""Typed files of a pack to the types of the core, key by key."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from borderready.model import (
    Condition,
    Event,
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
from borderready.read.rule import as_mapping, as_text, as_tuple, make_instrument, make_product, make_rule, make_texts

TITLE: Mapping[str, Value] = {"en": "Title", "vi": "Tên", "zh": "标题"}
TEXTS = Texts(en="Title", vi="Tên", zh="标题")
SOURCE: Mapping[str, Value] = {"instrument": "act-1", "locator": "Article 1", "seen": "memory", "checked": "2026-11-20"}
WORDING: Mapping[str, Value] = {"start": "2024-01-01", "says": TITLE, "source": SOURCE}
RULE: Mapping[str, Value] = {
    "id": "vn/durian-fresh/variety",
    "title": TITLE,
    "area": "definition",
    "applies_to": {},
    "each": "lot",
    "basis": "packing",
    "severity": "should",
    "acts": "grower",
    "consequence": "delayed",
    "check": "tell",
    "field": "variety",
    "wordings": (WORDING,),
}


def _rule(**changes: Value) -> Rule:
    return make_rule({**RULE, **changes}, ({},))


def test_rule_of_the_least_keys_applies_to_everything() -> None:
    source = Source(instrument="act-1", locator="Article 1", seen=Grade.MEMORY, checked="2026-11-20", witnesses=())
    assert _rule() == Rule(
        id=RuleId("vn/durian-fresh/variety"),
        title=TEXTS,
        area="definition",
        scope=Scope(),
        each="lot",
        basis=Event.PACKING,
        severity=Severity.SHOULD,
        acts="grower",
        consequence="delayed",
        check="tell",
        field="variety",
        wordings=(Wording(start="2024-01-01", says=TEXTS, source=source, fix=None, options={}, repealed=False),),
        overrides=(),
        replaces=(),
    )


def test_every_key_of_applies_to_narrows_the_scope() -> None:
    applies_to: Mapping[str, Value] = {
        "origin": ("VN", "TH"),
        "product": ("durian-fresh", "durian"),
        "mode": ("road",),
        "channel": ("general-trade",),
        "entry": ("youyiguan",),
        "when": {"use": ("consumption", "processing"), "form": ("whole",)},
        "unless": {"grade": ("B",)},
        "given": ("packhouse.code",),
        "absent": ("plant",),
    }
    assert _rule(applies_to=applies_to).scope == Scope(
        origins=("VN", "TH"),
        products=("durian-fresh", "durian"),
        modes=("road",),
        channels=("general-trade",),
        entries=("youyiguan",),
        conditions=(
            Condition(kind="when", path="use", values=("consumption", "processing")),
            Condition(kind="when", path="form", values=("whole",)),
            Condition(kind="unless", path="grade", values=("B",)),
            Condition(kind="given", path="packhouse.code"),
            Condition(kind="absent", path="plant"),
        ),
    )


def test_any_among_the_products_is_every_product() -> None:
    assert _rule(applies_to={"product": ("any",)}).scope == Scope()


def test_links_are_ids_of_rules() -> None:
    rule = _rule(overrides=("any/any/a", "any/any/b"), replaces=("any/any/c",))
    assert (rule.overrides, rule.replaces) == (("any/any/a", "any/any/b"), ("any/any/c",))


def test_each_wording_has_its_own_options_in_their_order() -> None:
    newest = {**WORDING, "start": "2025-01-01", "fix": TITLE, "source": {**SOURCE, "witnesses": ("A", "B")}}
    repeal = {**WORDING, "start": "2026-01-01", "repealed": True}
    rule = make_rule({**RULE, "wordings": (repeal, newest, WORDING)}, ({}, {"values": ("x",)}, {"values": ("y",)}))
    assert [(one.start, one.repealed, one.options, one.fix, one.source.witnesses) for one in rule.wordings] == [
        ("2026-01-01", True, {}, None, ()),
        ("2025-01-01", False, {"values": ("x",)}, TEXTS, ("A", "B")),
        ("2024-01-01", False, {"values": ("y",)}, None, ()),
    ]


def test_options_for_fewer_wordings_are_a_mistake_of_the_program() -> None:
    with pytest.raises(ValueError, match="zip"):
        make_rule({**RULE, "wordings": (WORDING, WORDING)}, ({},))


def test_instrument_is_made_with_and_without_what_may_be_left_out() -> None:
    least: Mapping[str, Value] = {
        "id": "act-1",
        "title": TITLE,
        "kind": "law",
        "issuer": "GACC",
        "url_state": "unknown",
    }
    more: Mapping[str, Value] = {
        "number": "No. 1",
        "issued": "2023-12-01",
        "url": "https://www.example.org/act",
        "in_force": "2024-01-01",
        "replaces": ("act-0",),
        "note": "Read.",
    }
    assert make_instrument(least) == Instrument(
        id="act-1", title=TEXTS, number=None, issuer="GACC", issued=None, url=None
    )
    assert make_instrument({**least, **more}) == Instrument(
        id="act-1",
        title=TEXTS,
        number="No. 1",
        issuer="GACC",
        issued="2023-12-01",
        url="https://www.example.org/act",
        replaces=("act-0",),
    )


def test_product_is_made_with_and_without_what_may_be_left_out() -> None:
    least: Mapping[str, Value] = {"name": TITLE, "form": "fresh", "groups": ("durian", "fresh-fruit")}
    codes: Value = ({"code": "0810600000", "seen": "primary"}, {"code": "0811909090", "seen": "memory"})
    assert make_product("durian-fresh", least) == Product(
        id="durian-fresh", name=TEXTS, scientific_names=(), hs_codes=(), groups=("durian", "fresh-fruit")
    )
    given: Mapping[str, Value] = {"scientific_names": ("Durio zibethinus",), "hs_codes": codes, "synonyms": ("榴莲",)}
    full = make_product("durian-fresh", {**least, **given})
    assert (full.scientific_names, full.hs_codes) == (("Durio zibethinus",), ("0810600000", "0811909090"))
    assert full.synonyms == ("榴莲",)


def test_texts_stand_in_three_languages() -> None:
    assert make_texts(TITLE) == TEXTS


@pytest.mark.parametrize(
    ("convert", "value", "message"),
    [
        (as_text, 1, "not a text: 1"),
        (as_text, ("a",), r"not a text: \('a',\)"),
        (as_tuple, "a", "not a sequence: 'a'"),
        (as_mapping, ("a",), r"not a mapping: \('a',\)"),
    ],
)
def test_value_that_the_schema_would_refuse_is_a_mistake_of_the_program(
    convert: object, value: Value, message: str
) -> None:
    assert callable(convert)
    with pytest.raises(TypeError, match=message):
        convert(value)
