# SPDX-License-Identifier: Apache-2.0
"""A scalar gets its type from the format, never from its looks; what does not fit is told with the way to mend it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from borderready.model import Value
from tests.read.build import faults_in, faults_in_lot, kinds_of, lot_text, read_lot, read_one

KNOWN_AT_TOP = "borderready, reference, shipment, parties, lots, documents, attestations"


def _lot_field(line: str, *path: str | int) -> Value:
    value: Value = read_lot(line)
    for step in path:
        assert not isinstance(value, (str, bool, int, Decimal))
        value = value[step]  # type: ignore[index]  # a step is an index or a key, as the value is
    return value


# text


@pytest.mark.parametrize("code", ["NO", "VN", "ON"])
def test_country_code_is_never_a_truth_value(code: str) -> None:
    data = read_one(f"borderready: 1\nshipment: {{origin: {code}}}\nlots: [{{id: L1, product: durian-fresh}}]\n")
    assert data["shipment"] == {"origin": code}


def test_hs_code_keeps_its_zeros() -> None:
    assert read_lot("hs_code: 0810600000") == {"hs_code": "0810600000"}


@pytest.mark.parametrize("seal", ["12:30:45", "0012", "1e5", "0x1F", "1_000", "true", "2026-11-26", "16,200"])
def test_seal_is_the_text_that_was_written(seal: str) -> None:
    text = lot_text().replace("{origin: VN}", f"\n  origin: VN\n  transport:\n    seal: {seal}")
    assert read_one(text)["shipment"] == {"origin": "VN", "transport": {"seal": seal}}


def test_quotes_do_not_belong_to_a_text() -> None:
    assert read_lot("variety: 'Ri6'", 'brand: "N\\u00e0y: \\"x\\""', "grade: ''''") == {
        "variety": "Ri6",
        "brand": 'Này: "x"',
        "grade": "'",
    }


def test_block_text_keeps_its_lines() -> None:
    assert read_lot("brand: |", "  one", "  two", "grade: >-", "  one", "  two") == {
        "brand": "one\ntwo\n",
        "grade": "one two",
    }


@pytest.mark.parametrize("nothing", ["", "~", "null", "Null", "NULL"])
def test_key_without_value_is_a_fault(nothing: str) -> None:
    (told,) = faults_in_lot(f"variety: {nothing}")
    assert told.startswith("6:")
    assert told.endswith(" lots[0].variety type.empty(key=variety) ? type.empty_hint")


@pytest.mark.parametrize("key", ["quantity", "orchards", "packhouse"])
def test_key_of_many_values_without_any_is_a_fault(key: str) -> None:
    (told,) = faults_in_lot(f"{key}:")
    assert told.endswith(f" lots[0].{key} type.empty(key={key}) ? type.empty_hint")


def test_quoted_null_is_a_text() -> None:
    assert read_lot("variety: 'null'", 'brand: "~"') == {"variety": "null", "brand": "~"}


# numbers


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("16200", 16200),
        ("+16200", 16200),
        ("007", 7),
        ("0.5", Decimal("0.5")),
        ("16200.00", Decimal("16200.00")),
        ("0.1", Decimal("0.1")),
        ("1.62e4", Decimal("1.62E4")),
        ("1E-3", Decimal("0.001")),
    ],
)
def test_number_is_exact(written: str, number: int | Decimal) -> None:
    value = _lot_field(f"quantity: {{net_kg: {written}}}", "quantity", "net_kg")
    assert kinds_of(value) == kinds_of(number)
    assert str(value) == str(number)


def test_number_of_many_digits_is_exact() -> None:
    digits = "0.123456789012345678901234567891"
    assert _lot_field(f"quantity: {{net_kg: {digits}}}", "quantity", "net_kg") == Decimal(digits)


def test_temperature_may_be_below_zero() -> None:
    value = _lot_field("temperature_log: {max_core_c: -18, min_air_c: -22.5}", "temperature_log")
    assert kinds_of(value) == kinds_of({"max_core_c": -18, "min_air_c": Decimal("-22.5")})


@pytest.mark.parametrize(
    ("written", "hint"),
    [
        ("16,200", "type.grouped_hint(text=16200)"),
        ("'16,200'", "type.grouped_hint(text=16200)"),
        ('"16,200"', "type.grouped_hint(text=16200)"),
        ("16 200", "type.grouped_hint(text=16200)"),
        ("1,016,200", "type.grouped_hint(text=1016200)"),
        ("16,200.50", "type.grouped_hint(text=16200.50)"),
        ("'16200'", "type.unquote_hint(text=16200)"),
        ('"16200.5"', "type.unquote_hint(text=16200.5)"),
        ("16,5", "type.comma_hint(text=16.5)"),
        ("16200 kg", "type.unit_hint(text=16200)"),
        ("16200kg", "type.unit_hint(text=16200)"),
        ("0.05 mg/kg", "type.unit_hint(text=0.05)"),
        ("<0.01", "type.less_than_hint"),
        ("≤ 0.01", "type.less_than_hint"),
        (".nan", "type.number_hint(example=16200)"),
        ("NaN", "type.number_hint(example=16200)"),
        (".inf", "type.number_hint(example=16200)"),
        ("-.inf", "type.number_hint(example=16200)"),
        ("many", "type.number_hint(example=16200)"),
        ("true", "type.number_hint(example=16200)"),
        ("١٦٢٠٠", "type.number_hint(example=16200)"),
    ],
)
def test_what_is_no_number_is_told_with_what_to_write(written: str, hint: str) -> None:
    found = written.strip("'\"")
    assert faults_in_lot("quantity:", f"  net_kg: {written}") == [
        f"7:15 lots[0].quantity.net_kg type.not_number(found={found}) ? {hint}"
    ]


@pytest.mark.parametrize(
    ("written", "wrong"),
    [("16,200 kg", "16"), ("1_000", "1"), ("0x10", "0"), ("1e400", "1"), ("16.200,50", "16200,50"), ("1,5 t", "1")],
)
def test_hint_never_advises_another_number(written: str, wrong: str) -> None:
    """Whoever follows a hint must not declare 16 kg for 16,200."""
    (told,) = faults_in_lot("quantity:", f"  net_kg: {written}")
    assert not told.endswith(f"(text={wrong})"), told


@pytest.mark.parametrize(
    ("written", "whole", "decimal"),
    [("16.200", "16200", "16.2"), ("1.000", "1000", "1"), ("999.125", "999125", "999.125")],
)
def test_weight_that_can_be_read_in_two_ways_is_refused(written: str, whole: str, decimal: str) -> None:
    """In Viet Nam 16.200 kg are sixteen tonnes."""
    assert faults_in_lot("quantity:", f"  net_kg: {written}") == [
        f"7:15 lots[0].quantity.net_kg type.ambiguous(found={written})"
        f" ? type.ambiguous_hint(whole={whole}, decimal={decimal})"
    ]


@pytest.mark.parametrize(
    "line", ["stem_length_cm: 16.200", "quantity: {net_kg: 0.125}", "quantity: {net_kg: 1234.500}"]
)
def test_number_that_can_be_read_in_one_way_is_taken(line: str) -> None:
    assert faults_in_lot(line) == []


def test_grouped_number_within_braces_is_one_fault_that_shows_the_number() -> None:
    """YAML reads `16` there, and a key `200` without a value."""
    assert faults_in_lot("quantity: {packages: 900, net_kg: 16,200, gross_kg: 17100}") == [
        "6:42 lots[0].quantity.200 type.not_number(found=16,200) ? type.grouped_hint(text=16200)"
    ]


@pytest.mark.parametrize("written", ["'16,200'", '"16,200"'])
def test_quoted_grouped_number_within_braces_is_one_fault(written: str) -> None:
    assert faults_in_lot(f"quantity: {{net_kg: {written}}}") == [
        "6:24 lots[0].quantity.net_kg type.not_number(found=16,200) ? type.grouped_hint(text=16200)"
    ]


def test_number_in_place_of_the_first_key_belongs_to_no_number_behind_it() -> None:
    (told,) = faults_in_lot("quantity: {200: , net_kg: 16}")
    assert told.startswith("6:16 lots[0].quantity.200 type.unknown_key(key=200)")


@pytest.mark.parametrize("key", ["200", "20", "2000", "x"])
def test_number_in_place_of_a_key_is_unknown_where_no_number_was_split(key: str) -> None:
    (told,) = faults_in_lot(f"quantity: {{package_kind: carton, {key}: }}")
    assert f"lots[0].quantity.{key} type.unknown_key(key={key})" in told


@pytest.mark.parametrize("written", ["900.5", "900.0", "9e2"])
def test_number_of_packages_is_whole(written: str) -> None:
    (told,) = faults_in_lot("quantity:", f"  packages: {written}")
    assert told.startswith(f"7:17 lots[0].quantity.packages type.not_whole(found={written})")


def test_negative_weight_is_a_fault() -> None:
    assert faults_in_lot("quantity: {net_kg: -1, gross_kg: 0, packages: -5}") == [
        "6:24 lots[0].quantity.net_kg schema.above(found=-1, bound=0)",
        "6:38 lots[0].quantity.gross_kg schema.above(found=0, bound=0)",
        "6:51 lots[0].quantity.packages schema.at_least(found=-5, bound=0)",
    ]


# truth


@pytest.mark.parametrize(
    ("written", "truth"),
    [("true", True), ("false", False), ("True", True), ("FALSE", False)],
)
def test_truth_is_true_or_false(written: str, truth: bool) -> None:
    assert kinds_of(read_lot(f"packaging: {{new: {written}}}")) == kinds_of({"packaging": {"new": truth}})


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("yes", "true"),
        ("Yes", "true"),
        ("YES", "true"),
        ("y", "true"),
        ("on", "true"),
        ("1", "true"),
        ("'true'", "true"),
        ("no", "false"),
        ("NO", "false"),
        ("n", "false"),
        ("off", "false"),
        ("0", "false"),
    ],
)
def test_yes_and_no_are_not_truth(written: str, meant: str) -> None:
    found = written.strip("'")
    assert faults_in_lot(f"packaging: {{new: {written}}}") == [
        f"6:22 lots[0].packaging.new type.not_truth(found={found}) ? type.truth_hint(meant={meant})"
    ]


@pytest.mark.parametrize("written", ["'false'", '"false"', '"FALSE"'])
def test_quoted_false_is_never_taken_for_true(written: str) -> None:
    (told,) = faults_in_lot(f"packaging: {{new: {written}}}")
    assert told.endswith("? type.truth_hint(meant=false)")


@pytest.mark.parametrize("written", ["không", "否", "maybe", "unknown", "-1"])
def test_hint_takes_no_word_for_true_that_it_does_not_know(written: str) -> None:
    """`không` and `否` are no: whoever follows a hint must not vouch for the opposite."""
    (told,) = faults_in_lot(f"packaging: {{new: {written}}}")
    assert told.startswith(f"6:22 lots[0].packaging.new type.not_truth(found={written})")
    assert not told.endswith("(meant=true)")


# days


@pytest.mark.parametrize("written", ["2026-11-26", "'2026-11-26'", "2028-02-29", "0001-01-01"])
def test_day_is_the_text_that_was_written(written: str) -> None:
    assert read_lot(f"dates: {{packed: {written}}}") == {"dates": {"packed": written.strip("'")}}


@pytest.mark.parametrize("written", ["2026-02-30", "2026-13-01", "2026-00-10", "2027-02-29", "0000-01-01"])
def test_day_that_is_in_no_calendar_is_a_fault(written: str) -> None:
    assert faults_in_lot(f"dates: {{packed: {written}}}") == [
        f"6:21 lots[0].dates.packed type.no_such_day(found={written}) ? type.no_such_day_hint"
    ]


@pytest.mark.parametrize(
    ("written", "hint"),
    [
        ("26/11/2026", "type.day_order_hint(day=2026-11-26)"),
        ("6.1.2026", "type.day_order_hint(day=2026-01-06)"),
        ("26-11-2026", "type.day_order_hint(day=2026-11-26)"),
        ("11/26/2026", "type.day_hint"),
        ("2026/11/26", "type.day_hint"),
        ("2026-11-6", "type.day_hint"),
        ("20261126", "type.day_hint"),
        ("26 Nov 2026", "type.day_hint"),
        ("2026-11-26T10:00", "type.day_hint"),
        ("2026-11-26 ~", "type.day_hint"),
        ("today", "type.day_hint"),
    ],
)
def test_day_in_another_order_is_a_fault(written: str, hint: str) -> None:
    assert faults_in_lot(f"dates: {{packed: {written}}}") == [
        f"6:21 lots[0].dates.packed type.not_day(found={written}) ? {hint}"
    ]


@pytest.mark.parametrize("written", ["31/02/2026", "00/11/2026", "31.11.2026"])
def test_hint_proposes_no_day_that_is_in_no_calendar(written: str) -> None:
    (told,) = faults_in_lot(f"dates: {{packed: {written}}}")
    assert told.endswith("? type.day_hint")


# keys


@pytest.mark.parametrize(
    ("line", "key", "near"),
    [
        ("varietty: Ri6", "varietty", "variety"),
        ("hs-code: '0810'", "hs-code", "hs_code"),
        ("HS_Code: '0810'", "HS_Code", "hs_code"),
        ("orchard: []", "orchard", "orchards"),
    ],
)
def test_unknown_key_is_told_with_the_nearest(line: str, key: str, near: str) -> None:
    assert faults_in_lot(line) == [f"6:5 lots[0].{key} type.unknown_key(key={key}) ? type.did_you_mean(name={near})"]


def test_key_in_the_wrong_place_is_told_with_its_place() -> None:
    assert faults_in(lot_text() + "net_kg: 16200\n") == [
        "6:1 net_kg type.unknown_key(key=net_kg) ? type.belongs(path=lots.quantity.net_kg)"
    ]


def test_key_like_no_other_is_told_with_the_known_ones() -> None:
    assert faults_in(lot_text() + "zzz: 1\n") == [
        f"6:1 zzz type.unknown_key(key=zzz) ? type.known_keys(keys={KNOWN_AT_TOP})"
    ]


def test_misspelt_key_is_not_told_as_missing_too() -> None:
    assert faults_in("borderready: 1\nshipmnt: {origin: VN}\nlots: [{id: L1, product: durian-fresh}]\n") == [
        "2:1 shipmnt type.unknown_key(key=shipmnt) ? type.did_you_mean(name=shipment)"
    ]


@pytest.mark.parametrize(
    ("lines", "both"),
    [
        (
            ("quantity:", "  net_kg: -1", "  net_kgs: 5"),
            ["lots[0].quantity.net_kg", "lots[0].quantity.net_kgs"],
        ),
        (("variety: ''", "varietty: Ri6"), ["lots[0].variety", "lots[0].varietty"]),
    ],
)
def test_misspelt_key_hides_no_fault_of_the_key_that_it_resembles(lines: tuple[str, ...], both: list[str]) -> None:
    """All faults of a file are told at once."""
    assert [told.split(" ")[1] for told in faults_in_lot(*lines)] == both


# kinds


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("variety: [Ri6]", "6:14 lots[0].variety type.wrong(found=kind.sequence, expected=kind.text)"),
        ("variety: {name: Ri6}", "6:14 lots[0].variety type.wrong(found=kind.mapping, expected=kind.text)"),
        (
            "orchards: VN-DLOR-0123",
            "6:15 lots[0].orchards type.wrong(found=kind.scalar, expected=kind.sequence) ? type.sequence_hint",
        ),
        (
            "orchards: {code: VN-DLOR-0123}",
            "6:15 lots[0].orchards type.wrong(found=kind.mapping, expected=kind.sequence) ? type.sequence_hint",
        ),
        (
            "quantity: 900",
            "6:15 lots[0].quantity type.wrong(found=kind.scalar, expected=kind.mapping)"
            " ? type.known_keys(keys=packages, package_kind, pallets, net_kg, gross_kg)",
        ),
        (
            "quantity: [900]",
            "6:15 lots[0].quantity type.wrong(found=kind.sequence, expected=kind.mapping)"
            " ? type.known_keys(keys=packages, package_kind, pallets, net_kg, gross_kg)",
        ),
        (
            "quantity: {net_kg: [16200]}",
            "6:24 lots[0].quantity.net_kg type.wrong(found=kind.sequence, expected=kind.decimal)",
        ),
        ("dates: {packed: {}}", "6:21 lots[0].dates.packed type.wrong(found=kind.mapping, expected=kind.day)"),
        ("packaging: {new: []}", "6:22 lots[0].packaging.new type.wrong(found=kind.sequence, expected=kind.truth)"),
    ],
)
def test_value_of_another_kind_is_a_fault(line: str, told: str) -> None:
    assert faults_in_lot(line) == [told]


def test_empty_list_is_a_value() -> None:
    assert read_lot("orchards: []", "treatments: []") == {"orchards": (), "treatments": ()}


def test_aliases_are_typed_where_they_stand() -> None:
    """The same text is a text here and a day there."""
    assert read_lot("variety: &v 2026-11-26", "dates: {packed: *v}") == {
        "variety": "2026-11-26",
        "dates": {"packed": "2026-11-26"},
    }
