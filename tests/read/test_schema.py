# SPDX-License-Identifier: Apache-2.0
"""A typed document against its schema: every fault, each at its place; and two validators that agree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from borderready.model import Value
from borderready.read.schema import _errors_of, _fast, type_by, type_options
from borderready.read.strict_yaml import parse_yaml
from borderready.schemas import load_schema
from tests.build import LAW
from tests.read.build import SMALLEST, brief, faults_in, faults_in_lot

MANIFEST = load_schema("manifest")


# what each keyword tells


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (
            "origin: vn",
            "6:13 lots[0].origin schema.pattern(found=vn) ? schema.pattern_hint(example=VN)",
        ),
        (
            "hs_code: '08'",
            "6:14 lots[0].hs_code schema.pattern(found=08) ? schema.pattern_hint(example=0810600000)",
        ),
        ("variety: ''", "6:14 lots[0].variety schema.too_few"),
        (f"variety: {'x' * 2001}", "6:14 lots[0].variety schema.too_long(bound=2000)"),
        (
            "additives: [{purpose: colour}]",
            "6:17 lots[0].additives[0] schema.required(key=name) ? schema.required_hint(line=name: sulfur dioxide)",
        ),
        ("stem_length_cm: -0.1", "6:21 lots[0].stem_length_cm schema.at_least(found=-0.1, bound=0)"),
        ("quantity: {net_kg: 0}", "6:24 lots[0].quantity.net_kg schema.above(found=0, bound=0)"),
    ],
)
def test_value_that_the_schema_refuses_is_told_at_its_place(line: str, told: str) -> None:
    assert faults_in_lot(line) == [told]


def test_word_of_a_closed_set_is_told_with_the_set_and_the_nearest() -> None:
    modes = "road, rail, sea, air, mail, hand-carried"
    assert faults_in(SMALLEST.replace("origin: VN", "origin: VN, mode: raod")) == [
        f"2:30 shipment.mode schema.enum(found=raod, allowed={modes}) ? type.did_you_mean(name=road)"
    ]
    assert faults_in(SMALLEST.replace("origin: VN", "origin: VN, mode: zzz")) == [
        f"2:30 shipment.mode schema.enum(found=zzz, allowed={modes})"
    ]


def test_list_that_must_hold_something_is_told_when_empty() -> None:
    assert faults_in("borderready: 1\nshipment: {origin: VN}\nlots: []\n") == ["3:7 lots schema.too_few"]


def test_each_missing_key_is_told_where_it_belongs() -> None:
    assert faults_in("# first\nreference: A\nlots: [{}]\n") == [
        "2:1 . schema.required(key=borderready) ? schema.required_hint(line=borderready: 1)",
        "2:1 . schema.required(key=shipment) ? schema.required_hint(line=shipment: ...)",
        "3:8 lots[0] schema.required(key=id) ? schema.required_hint(line=id: L1)",
        "3:8 lots[0] schema.required(key=product) ? schema.required_hint(line=product: durian-fresh)",
    ]


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("2", "1:14 borderready schema.const(found=2, expected=1) ? schema.const_hint"),
        ("0", "1:14 borderready schema.const(found=0, expected=1) ? schema.const_hint"),
        ("1.0", "1:14 borderready type.not_whole(found=1.0) ? type.number_hint(example=1)"),
        ("'1'", "1:14 borderready type.not_whole(found=1) ? type.unquote_hint(text=1)"),
        ("true", "1:14 borderready type.not_whole(found=true) ? type.number_hint(example=1)"),
    ],
)
def test_format_is_one(written: str, told: str) -> None:
    assert faults_in(SMALLEST.replace("borderready: 1", f"borderready: {written}")) == [told]


@pytest.mark.parametrize("text", ['"VN\\n"', '"VN\\r\\n"', '"\\nVN"', '"VN "'])
def test_form_takes_no_line_end_behind_it(text: str) -> None:
    """A pattern that ends with $ must not let `VN` with a line end behind it pass for a country."""
    (told,) = faults_in(SMALLEST.replace("origin: VN", f"origin: {text}"))
    assert told.startswith("2:20 shipment.origin schema.pattern(found=")


def test_form_takes_no_line_end_of_a_block_text() -> None:
    told = faults_in("borderready: 1\nshipment:\n  origin: |\n    VN\nlots: [{id: L1, product: durian-fresh}]\n")
    assert [one.split("(")[0] for one in told] == ["3:11 shipment.origin schema.pattern"]


# all of them at once


def test_all_faults_of_a_file_are_told_at_once_in_its_order() -> None:
    text = """\
borderready: 2
shipment: {origin: vn, mode: raod}
lots:
  - id: L1
    product: durian-fresh
    quantity: {net_kg: '16200', packages: -1}
    dates: {packed: 2026-02-30}
    variety:
    colour: green
  - id: L1
    id: L2
    packaging: {new: yes}
documents:
  - {type: lab-report, covers: [L9]}
"""
    assert [told.split("(")[0] for told in faults_in(text)] == [
        "1:14 borderready schema.const",
        "2:20 shipment.origin schema.pattern",
        "2:30 shipment.mode schema.enum",
        "6:24 lots[0].quantity.net_kg type.not_number",
        "6:43 lots[0].quantity.packages schema.at_least",
        "7:21 lots[0].dates.packed type.no_such_day",
        "8:13 lots[0].variety type.empty",
        "9:5 lots[0].colour type.unknown_key",
        "10:5 lots[1] schema.required",
        "10:9 lots[1].id manifest.same_lot",
        "11:5 lots[1].id read.duplicate",
        "12:22 lots[1].packaging.new type.not_truth",
        "14:33 documents[0].covers[0] manifest.no_lot",
    ]


def test_fault_of_a_value_is_told_once() -> None:
    """What was left out because it could not be typed is not told as missing, nor is its list as empty."""
    assert faults_in("borderready: '1'\nshipment: {origin: [VN]}\nlots: [5]\n") == [
        "1:14 borderready type.not_whole(found=1) ? type.unquote_hint(text=1)",
        "2:20 shipment.origin type.wrong(found=kind.sequence, expected=kind.text)",
        "3:8 lots[0] type.wrong(found=kind.scalar, expected=kind.mapping) ? type.known_keys(keys="
        "id, product, origin, scientific_name, variety, grade, brand, form, use, hs_code, gacc_numbers, quantity)",
    ]


@pytest.mark.parametrize(
    ("lots", "told"),
    [
        ("[5, {id: L1, product: No Slug}]", ["lots[0] type.wrong", "lots[1].product schema.pattern"]),
        ("[[], {id: L1, product: No Slug}]", ["lots[0] type.wrong", "lots[1].product schema.pattern"]),
        ("[~, {id: L1}, {id: L2, product: b}]", ["lots[0] type.empty", "lots[1] schema.required"]),
    ],
)
def test_member_that_is_left_out_shifts_no_place_behind_it(lots: str, told: list[str]) -> None:
    found = faults_in(f"borderready: 1\nshipment: {{origin: VN}}\nlots: {lots}\n")
    assert [one.split(" ", 1)[1].split("(")[0] for one in found] == told


# the outcome as a whole


def test_valid_document_has_a_value_and_no_fault() -> None:
    (document,) = parse_yaml(SMALLEST.encode(), file="m.yaml").documents
    assert type_by("manifest", document, file="m.yaml") == (
        {"borderready": 1, "shipment": {"origin": "VN"}, "lots": ({"id": "L1", "product": "durian-fresh"},)},
        (),
    )


def test_fault_holds_all_that_a_person_needs() -> None:
    (document,) = parse_yaml(SMALLEST.replace("VN", "vn").encode(), file="m.yaml").documents
    _, (fault,) = type_by("manifest", replace(document, index=3), file="m.yaml")
    assert brief(fault) == "2:20 shipment.origin schema.pattern(found=vn) ? schema.pattern_hint(example=VN)"
    assert (fault.file, fault.document, fault.line_text) == ("m.yaml", 3, "shipment: {origin: vn}")


def test_options_are_typed_by_the_schema_of_their_kind() -> None:
    schema = {
        "type": "object",
        "additionalProperties": False,
        "required": ["min"],
        "properties": {"min": {"type": "number"}, "max": {"type": "number"}},
        "dependentRequired": {"max": ["min"]},
    }

    def told(text: str) -> list[str]:
        (document,) = parse_yaml(text.encode(), file="r.yaml").documents
        assert document.root is not None
        _, faults = type_options(schema, document.root, document=document, file="r.yaml")
        return [brief(fault) for fault in faults]

    assert told("{min: 1, max: 2.5}") == []
    assert told("{min: one}") == ["1:7 min type.not_number(found=one) ? type.number_hint(example=...)"]
    assert told("{minn: 1}") == ["1:2 minn type.unknown_key(key=minn) ? type.did_you_mean(name=min)"]
    assert told("{}") == ["1:1 . schema.required(key=min) ? schema.required_hint(line=min: ...)"]
    assert [one.split("(")[0] for one in told("{max: 2}")] == ["1:1 . schema.required", "1:1 . schema.other"]


# agreement

Plain = Mapping[str, Any]


def _target(schema: Plain) -> Plain:
    """Return a schema, or the definition that it refers to."""
    return MANIFEST["$defs"][schema["$ref"].rsplit("/", 1)[1]] if "$ref" in schema else schema


def _least(schema: Plain) -> Value:
    """Return the smallest value that a schema takes."""
    schema = _target(schema)
    match schema.get("type"):
        case "object":
            return {name: _least(schema["properties"][name]) for name in schema.get("required", ())}
        case "array":
            return (_least(schema["items"]),) * int(schema.get("minItems", 0))
    value: Value = (schema.get("examples") or schema.get("enum") or ["0" * 64])[0]
    return value


def _leaves(schema: Plain, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Plain]]:
    """Yield the path of every place that holds a single value, and its schema; `[]` stands for a member."""
    schema = _target(schema)
    if schema.get("type") == "object":
        for name, inner in schema["properties"].items():
            yield from _leaves(inner, (*path, name))
    elif schema.get("type") == "array":
        yield from _leaves(schema["items"], (*path, "[]"))
    else:
        yield path, schema


def _planted(schema: Plain, path: tuple[str, ...], value: Value) -> Value:
    """Return the smallest value that has another at one place."""
    if not path:
        return value
    schema, step, rest = _target(schema), path[0], path[1:]
    if step == "[]":
        return (_planted(schema["items"], rest, value),)
    least = _least(schema)
    assert isinstance(least, Mapping)
    return {**least, step: _planted(schema["properties"][step], rest, value)}


def _single_values(schema: Plain) -> st.SearchStrategy[Any]:
    """Draw what typing could give for a place, valid or not."""
    known = [*schema.get("enum", ()), *schema.get("examples", ())]
    match schema.get("type"):
        case "boolean":
            return st.booleans()
        case "integer":
            return st.sampled_from([*known, -1, 0, 1, 2]) | st.integers(-(10**29), 10**29)
        case "number":
            numbers = st.decimals(allow_nan=False, allow_infinity=False) | st.integers(-(10**29), 10**29)
            return st.sampled_from([*known, -1, 0]) | numbers
    texts = st.sampled_from([str(text) for text in known] or ["x"])
    odd = st.sampled_from(["", "\n", "x" * 2000, "x" * 2001, "𠮷" * 2000, "𠮷" * 2001, "１", "Ｖ"])
    ended = st.tuples(texts, st.sampled_from(["\n", "\r", "\u2028", " ", "\x00", "x"])).map("".join)
    form = st.from_regex(schema["pattern"]) if "pattern" in schema else st.text(max_size=5)
    return st.one_of(texts, ended, form, odd, st.text(max_size=5))


def _agree(value: Value) -> bool:
    return bool(_fast("manifest").is_valid(value)) == (not list(_errors_of(MANIFEST, value)))


LEAVES = tuple(_leaves(MANIFEST))


def test_smallest_manifest_of_each_place_is_valid_in_both() -> None:
    """So that what follows tests one value at a time."""
    for path, schema in LEAVES:
        value = _planted(MANIFEST, path, _least(schema))
        assert _fast("manifest").is_valid(value), path
        assert not list(_errors_of(MANIFEST, value)), path


@settings(LAW, max_examples=1000)
@given(st.sampled_from(LEAVES).flatmap(lambda leaf: st.tuples(st.just(leaf[0]), _single_values(leaf[1]))))
def test_both_validators_give_one_answer_for_every_single_value(planted: tuple[tuple[str, ...], Value]) -> None:
    """The quick one decides whether the thorough one is asked: what only one of them refuses would pass unseen."""
    path, value = planted
    assert _agree(_planted(MANIFEST, path, value))


def _structures(schema: Plain) -> st.SearchStrategy[Any]:
    """Draw values with keys left out, keys unknown and lists of any length; single values are the smallest."""
    schema = _target(schema)
    if schema.get("type") == "array":
        return st.lists(_structures(schema["items"]), max_size=2).map(tuple)
    if schema.get("type") != "object":
        return st.just(_least(schema))
    required = schema.get("required", ())
    least = {name: _structures(schema["properties"][name]) for name in required}
    others = st.sampled_from(sorted(schema["properties"])).flatmap(
        lambda name: st.fixed_dictionaries({name: _structures(schema["properties"][name])})
    )
    changes = st.one_of(
        st.just({}),
        others,
        others,
        st.just({"no_such_key": "x"}),
        *(st.just({name: None}) for name in required),
    )
    return st.tuples(st.fixed_dictionaries(least), changes).map(_changed)


def _changed(parts: tuple[dict[str, Value], dict[str, Value | None]]) -> Value:
    return {name: value for name, value in {**parts[0], **parts[1]}.items() if value is not None}


@settings(LAW, max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(_structures(MANIFEST))
def test_both_validators_give_one_answer_for_every_structure(value: Value) -> None:
    assert _agree(value)


NUMBERS = [Decimal("0.001"), Decimal("1E+99"), Decimal("1E-99"), Decimal("-1E-99"), Decimal("0E+5"), Decimal("-0.0")]
NUMBERS += [Decimal(f"0.{'0' * 29}1"), Decimal("9" * 30), Decimal("0.30000000000000004")]


@pytest.mark.parametrize("number", [*NUMBERS, 0, 1, -1, 10**29, -(10**29)], ids=str)
def test_both_validators_agree_on_exact_numbers(number: Decimal | int) -> None:
    data = _planted(MANIFEST, ("lots", "[]", "quantity", "net_kg"), number)
    assert _fast("manifest").is_valid(data) == (number > 0)
    assert (not list(_errors_of(MANIFEST, data))) == (number > 0)
