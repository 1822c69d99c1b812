# SPDX-License-Identifier: Apache-2.0
"""`limit`: numbers, shares and laboratory results against their bound, exactly; fractions are the oracle."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from borderready.checks.limit import write_number
from borderready.model import Message, Missing, Outcome, Row, Status
from tests.build import (
    LAW,
    make_context,
    make_data,
    make_lot,
    make_lot_context,
    make_row,
    make_source,
    make_table,
    run_check,
    say_options,
    statuses_of,
    takes_options,
)

FIELD = "documents[type=lab-report].results[analyte=cadmium]"
PLACE = ("documents", 0, "results", 0)
# One mg/kg in each unit.
IN_UNIT = {"mg/kg": Fraction(1), "ug/kg": Fraction(1000), "g/kg": Fraction(1, 1000)}
SPELLINGS = {
    "ppm": "mg/kg",
    "ug/g": "mg/kg",
    "ppb": "ug/kg",
    "µg/kg": "ug/kg",
    "μg/kg": "ug/kg",
    "MG/KG": "mg/kg",
    "mg / kg": "mg/kg",
}
TINY = Decimal("1e-12")

units = st.sampled_from(sorted(IN_UNIT))
# Decimals as a laboratory may write them: up to twelve digits, up to nine of them behind the point.
numbers = st.builds(lambda digits, places: Decimal(digits).scaleb(-places), st.integers(0, 10**12), st.integers(0, 9))


def result_of(**result: object) -> dict[str, object]:
    """Return a manifest whose laboratory report has this one result for cadmium in the pulp."""
    entry = {"analyte": "cadmium", "part": "pulp", **result}
    return make_data(documents=[{"type": "lab-report", "results": [entry]}])


def judge(options: dict[str, object], **result: object) -> Outcome:
    """Return the one outcome for a result."""
    (outcome,) = run_check("limit", make_context(result_of(**result)), FIELD, options)
    return outcome


def status_of(value: Decimal, unit: str, bound: Decimal, bound_unit: str) -> str:
    return str(judge({"max": bound, "unit": bound_unit}, value=value, unit=unit).status)


def exact(number: Fraction) -> Decimal:
    """Return a fraction of a power of ten as the decimal it is."""
    shifted = number * 10**15
    assert shifted.denominator == 1
    return Decimal(shifted.numerator).scaleb(-15)


# Results in units.


@pytest.mark.parametrize(
    ("value", "unit"), [("0.05", "mg/kg"), ("50", "ug/kg"), ("0.00005", "g/kg"), ("0.050", "mg/kg"), ("5E+1", "ug/kg")]
)
@pytest.mark.parametrize(("bound", "bound_unit"), [("0.05", "mg/kg"), ("50", "ug/kg"), ("0.00005", "g/kg")])
def test_the_same_content_is_within_the_same_limit_in_any_unit(
    value: str, unit: str, bound: str, bound_unit: str
) -> None:
    assert status_of(Decimal(value), unit, Decimal(bound), bound_unit) == "pass"
    assert status_of(Decimal(value) + TINY, unit, Decimal(bound), bound_unit) == "fail"
    assert status_of(Decimal(value) - TINY, unit, Decimal(bound), bound_unit) == "pass"


@settings(LAW, max_examples=300)
@given(numbers, units, numbers, units)
def test_a_result_passes_exactly_when_it_is_not_above_the_limit(
    value: Decimal, unit: str, bound: Decimal, bound_unit: str
) -> None:
    is_within = Fraction(value) / IN_UNIT[unit] <= Fraction(bound) / IN_UNIT[bound_unit]
    assert status_of(value, unit, bound, bound_unit) == ("pass" if is_within else "fail")


@settings(LAW, max_examples=200)
@given(numbers, units, units)
def test_at_the_limit_passes_just_below_passes_just_above_fails(bound: Decimal, unit: str, bound_unit: str) -> None:
    at = exact(Fraction(bound) / IN_UNIT[bound_unit] * IN_UNIT[unit])
    assert status_of(at, unit, bound, bound_unit) == "pass"
    assert status_of(at - TINY, unit, bound, bound_unit) == "pass"
    assert status_of(at + TINY, unit, bound, bound_unit) == "fail"


@pytest.mark.parametrize(("unit", "bound_unit"), [("mg/kg", "mg/kg"), ("ug/kg", "mg/kg"), ("mg/kg", "ug/kg")])
def test_no_digit_is_rounded_away(unit: str, bound_unit: str) -> None:
    """A limit is exact however many digits a result has."""
    bound = Decimal(50) if bound_unit == "ug/kg" else Decimal("0.05")
    above = Decimal("50." + "0" * 38 + "1") if unit == "ug/kg" else Decimal("0.05" + "0" * 38 + "1")
    assert status_of(above, unit, bound, bound_unit) == "fail"


@pytest.mark.parametrize(("written", "unit"), sorted(SPELLINGS.items()))
def test_units_have_other_spellings(written: str, unit: str) -> None:
    bound = exact(Fraction(5, 100) * IN_UNIT[unit])
    options: dict[str, object] = {"max": Decimal("0.05"), "unit": "mg/kg"}
    assert judge(options, value=bound, unit=written).status is Status.PASS
    assert judge(options, value=bound + TINY, unit=written).status is Status.FAIL


def test_a_result_shows_what_was_found_and_what_is_allowed() -> None:
    options: dict[str, object] = {"max": Decimal("0.050"), "unit": "mg/kg"}
    assert judge(options, value=Decimal(51), unit="ug/kg") == Outcome(
        status=Status.FAIL, path=(*PLACE, "value"), found="51 ug/kg", expected="<= 0.05 mg/kg"
    )
    assert judge(options, value=Decimal("0.021"), unit="mg/kg") == Outcome(
        status=Status.PASS, path=(*PLACE, "value"), found="0.021 mg/kg", expected="<= 0.05 mg/kg"
    )


def test_a_result_that_is_not_detected_is_within_any_limit() -> None:
    assert judge({"max": 0, "unit": "mg/kg"}, detected=False) == Outcome(
        status=Status.PASS, path=PLACE, found="ND", expected="<= 0 mg/kg"
    )


@pytest.mark.parametrize("key", ["lod", "value"])
@pytest.mark.parametrize(
    ("figure", "unit", "status"),
    [
        ("0.05", "mg/kg", "pass"),
        ("50", "ug/kg", "pass"),
        ("0.00005", "g/kg", "pass"),
        ("0.051", "mg/kg", "unknown"),
        ("51", "ug/kg", "unknown"),
        ("0.0001", "g/kg", "unknown"),
    ],
)
def test_not_detected_is_unknown_where_the_laboratory_could_not_have_seen_the_limit(
    key: str, figure: str, unit: str, status: str
) -> None:
    """Some write "< 0.1" as a value that was not detected: then the value is the limit of detection."""
    outcome = judge(
        {"max": Decimal("0.05"), "unit": "mg/kg"}, **{"detected": False, key: Decimal(figure), "unit": unit}
    )
    because = Message("check.limit.lod", {"lod": f"{figure} {unit}"}) if status == "unknown" else None
    assert (outcome.status, outcome.found, outcome.because) == (Status(status), "ND", because)


@pytest.mark.parametrize(
    ("result", "field"),
    [
        ({"value": Decimal("0.01")}, "unit"),
        ({"unit": "mg/kg"}, "value"),
        ({"detected": True}, "value"),
        ({"detected": True, "unit": "mg/kg"}, "value"),
    ],
)
def test_a_result_that_lacks_its_value_or_unit_is_unknown(result: dict[str, object], field: str) -> None:
    assert judge({"max": 1, "unit": "mg/kg"}, **result) == Outcome(
        status=Status.UNKNOWN, path=PLACE, missing=Missing(parent=PLACE, steps=field, is_last=True)
    )


@pytest.mark.parametrize("unit", ["mg/l", "%", "cfu/g"])
def test_a_result_in_a_unit_that_cannot_be_compared_is_unknown(unit: str) -> None:
    assert judge({"max": 1, "unit": "mg/kg"}, value=Decimal("0.01"), unit=unit) == Outcome(
        status=Status.UNKNOWN,
        path=(*PLACE, "value"),
        found=f"0.01 {unit}",
        expected="<= 1 mg/kg",
        because=Message("check.limit.unit", {"unit": unit}),
    )


@pytest.mark.parametrize("options", [{"max": 1, "unit": "mg/kg"}, {"not_detected": True}, {"table": "contaminants"}])
def test_an_absent_result_is_unknown(options: dict[str, object]) -> None:
    context = make_context(make_data(documents=[{"type": "lab-report", "results": []}]))
    missing = Missing(parent=("documents", 0, "results"), steps="[analyte=cadmium]", is_last=True)
    assert run_check("limit", context, FIELD, options) == (
        Outcome(status=Status.UNKNOWN, path=missing.parent, missing=missing),
    )


def test_each_result_answers_for_itself() -> None:
    results = [
        {"analyte": "cadmium", "value": Decimal("0.06"), "unit": "mg/kg"},
        {"analyte": "cadmium", "value": Decimal("40"), "unit": "ug/kg"},
    ]
    context = make_context(make_data(documents=[{"type": "lab-report", "results": results}]))
    options = {"max": Decimal("0.05"), "unit": "mg/kg"}
    assert statuses_of(run_check("limit", context, FIELD, options)) == ["fail", "pass"]


# Not detected.


@pytest.mark.parametrize("key", ["lod", "value"])
def test_a_limit_of_detection_without_a_unit_tells_nothing(key: str) -> None:
    outcome = judge({"max": Decimal("0.05"), "unit": "mg/kg"}, **{"detected": False, key: Decimal("0.01")})
    assert outcome.status is Status.UNKNOWN
    assert outcome.missing is not None
    assert outcome.missing.steps == "unit"


def test_a_limit_of_detection_in_a_unit_that_cannot_be_converted_tells_nothing() -> None:
    result = {"detected": False, "lod": Decimal(1), "unit": "CFU/g"}
    assert judge({"max": Decimal("0.05"), "unit": "mg/kg"}, **result).status is Status.UNKNOWN


@pytest.mark.parametrize(
    ("result", "status", "found"),
    [
        ({"detected": False}, "pass", "ND"),
        ({"detected": False, "lod": Decimal("0.01"), "unit": "mg/kg"}, "pass", "ND"),
        ({"detected": True}, "fail", "detected"),
        ({"detected": True, "value": Decimal(0), "unit": "mg/kg"}, "fail", "0 mg/kg"),
        ({"value": Decimal("0.001"), "unit": "mg/kg"}, "fail", "0.001 mg/kg"),
        ({"value": Decimal("0.00")}, "pass", "0.00"),
    ],
)
def test_what_must_not_be_detected(result: dict[str, object], status: str, found: str) -> None:
    assert judge({"not_detected": True}, **result) == Outcome(
        status=Status(status),
        path=(*PLACE, "value") if "value" in result else PLACE,
        found=found,
        expected="ND",
    )


def test_a_result_that_does_not_say_whether_it_was_detected_is_unknown() -> None:
    assert judge({"not_detected": True}, lod=Decimal("0.01")) == Outcome(
        status=Status.UNKNOWN, path=PLACE, missing=Missing(parent=PLACE, steps="detected", is_last=True)
    )


# Numbers.


@pytest.mark.parametrize(
    ("options", "number", "status"),
    [
        ({"max": Decimal("-18")}, Decimal("-18"), "pass"),
        ({"max": Decimal("-18")}, Decimal("-17.9"), "fail"),
        ({"max": Decimal("-18")}, -22, "pass"),
        ({"min": 10}, 10, "pass"),
        ({"min": 10}, Decimal("9.999999999999999999999999999999999"), "fail"),
        ({"min": 1, "max": 3}, 2, "pass"),
        ({"min": 1, "max": 3}, 0, "fail"),
        ({"min": 1, "max": 3}, 4, "fail"),
        ({"max": 0}, 0, "pass"),
        ({"min": 0}, Decimal("-0.1"), "fail"),
    ],
)
def test_a_number_lies_within_its_bounds_both_included(options: dict[str, object], number: object, status: str) -> None:
    assert statuses_of(run_check("limit", make_lot_context(max_c=number), "max_c", options)) == [status]


def test_a_number_shows_its_bounds() -> None:
    assert run_check("limit", make_lot_context(n=4), "n", {"min": 1, "max": Decimal("3.5")}) == (
        Outcome(status=Status.FAIL, path=("lots", 0, "n"), found="4", expected=">= 1, <= 3.5"),
    )


def test_a_number_with_one_bound_shows_that_bound() -> None:
    assert run_check("limit", make_lot_context(n=4), "n", {"max": 3}) == (
        Outcome(status=Status.FAIL, path=("lots", 0, "n"), found="4", expected="<= 3"),
    )


@pytest.mark.parametrize("value", ["12", True, ["12"]])
def test_what_is_no_number_never_passes(value: object) -> None:
    (outcome,) = run_check("limit", make_lot_context(n=value), "n", {"min": 0, "max": 100})
    assert (outcome.status, outcome.because) == (Status.FAIL, Message("check.not_a_number"))


def test_an_absent_number_is_unknown() -> None:
    missing = Missing(parent=("lots", 0), steps="n", is_last=True)
    assert run_check("limit", make_lot_context(), "n", {"max": 1}) == (
        Outcome(status=Status.UNKNOWN, path=("lots", 0), missing=missing),
    )


# Shares.


@settings(LAW, max_examples=200)
@given(st.integers(0, 5000), st.integers(1, 100_000), st.integers(0, 100))
def test_a_share_passes_exactly_when_it_is_reached(sampled: int, packages: int, percent: int) -> None:
    context = make_lot_context(sampled=sampled, packages=packages)
    share = Decimal(percent).scaleb(-2)
    is_reached = Fraction(sampled) >= Fraction(percent, 100) * packages
    is_kept = Fraction(sampled) <= Fraction(percent, 100) * packages
    reached = run_check("limit", context, "sampled", {"min": share, "of": "packages"})
    kept = run_check("limit", context, "sampled", {"max": share, "of": "packages"})
    assert statuses_of(reached) == ["pass" if is_reached else "fail"]
    assert statuses_of(kept) == ["pass" if is_kept else "fail"]


def test_a_share_shows_the_number_it_comes_to() -> None:
    context = make_lot_context(sampled=17, quantity={"packages": 900})
    assert run_check("limit", context, "sampled", {"min": Decimal("0.02"), "of": "quantity.packages"}) == (
        Outcome(status=Status.FAIL, path=("lots", 0, "sampled"), found="17", expected=">= 18 (2 % of 900)"),
    )


def test_a_share_of_several_places_is_that_of_their_sum() -> None:
    data = make_data(lots=[make_lot(packages=600), make_lot(id="L2", packages=300)], sampled=0)
    context = make_context({**data, "shipment": {"sampled": 18}}, each="shipment")
    options = {"min": Decimal("0.02"), "of": "lots[*].packages"}
    assert statuses_of(run_check("limit", context, "shipment.sampled", options)) == ["pass"]
    context = make_context({**data, "shipment": {"sampled": 17}}, each="shipment")
    assert statuses_of(run_check("limit", context, "shipment.sampled", options)) == ["fail"]


@pytest.mark.parametrize(
    ("lot", "steps"),
    [({"sampled": 5}, "packages"), ({"packages": 5}, "sampled"), ({}, "packages")],
)
def test_a_share_without_its_part_or_its_whole_is_unknown(lot: dict[str, object], steps: str) -> None:
    (outcome,) = run_check("limit", make_lot_context(**lot), "sampled", {"min": Decimal("0.02"), "of": "packages"})
    assert outcome == Outcome(
        status=Status.UNKNOWN, path=("lots", 0), missing=Missing(parent=("lots", 0), steps=steps, is_last=True)
    )


@pytest.mark.parametrize("whole", ["many", True, ["900"]])
def test_a_share_of_what_is_no_number_never_passes(whole: object) -> None:
    outcomes = run_check("limit", make_lot_context(sampled=0, packages=whole), "sampled", {"min": 0, "of": "packages"})
    assert "pass" not in statuses_of(outcomes)
    assert outcomes


@pytest.mark.parametrize("packages", [[600, "many"], [0, 0]])
def test_a_share_of_a_whole_that_is_not_all_numbers_or_nothing_is_unknown(packages: list[object]) -> None:
    lots = [make_lot(id=f"L{index}", packages=count) for index, count in enumerate(packages)]
    context = make_context(make_data(lots=lots, shipment={"sampled": 600}), each="shipment")
    options = {"min": Decimal("0.02"), "of": "lots[*].packages"}
    (outcome,) = run_check("limit", context, "shipment.sampled", options)
    whole = ", ".join(map(str, packages))
    assert (outcome.status, outcome.because) == (Status.UNKNOWN, Message("check.limit.no_whole", {"whole": whole}))


def test_a_share_of_a_whole_that_is_only_partly_known_is_unknown() -> None:
    data = make_data(lots=[make_lot(packages=600), make_lot(id="L2")], shipment={"sampled": 600})
    options = {"min": Decimal("0.02"), "of": "lots[*].packages"}
    (outcome,) = run_check("limit", make_context(data, each="shipment"), "shipment.sampled", options)
    assert (outcome.status, outcome.path) == (Status.UNKNOWN, ("lots", 1))


# Tables.


def make_bound(product: str, limit: str, unit: str = "mg/kg", **changes: object) -> Row:
    cells = {
        "product": product,
        "analyte": "cadmium",
        "part": "pulp",
        "limit": limit,
        "unit": unit,
        "standard": "GB 9999",
        "edition": "2024",
    }
    return make_row(cells, **changes)


BOUNDS = make_table(
    "contaminants",
    ["product", "analyte", "part"],
    make_bound("fresh-fruit", "0.05", number=2, until="2026-11-25"),
    make_bound("fresh-fruit", "0.03", number=3, start="2026-11-26"),
    make_bound("durian-frozen", "40", "ug/kg", number=4),
    make_bound("frozen-fruit", "0.1", number=5),
)


def judge_by_table(product: str, *, day: str = "2026-11-26", **result: Any) -> Outcome:
    data = {**result_of(**result), "lots": [make_lot(product=product)]}
    synonyms = {"analyte": {"cd": "cadmium", "镉": "cadmium"}, "part": {"flesh": "pulp"}}
    context = make_context(data, day=day, tables={"contaminants": BOUNDS}, synonyms=synonyms)
    (outcome,) = run_check("limit", context, "documents[type=lab-report].results[*]", {"table": "contaminants"})
    return outcome


@pytest.mark.parametrize(
    ("product", "day", "bound", "row"),
    [
        ("durian-fresh", "2026-11-25", "0.05", 2),
        ("durian-fresh", "2026-11-26", "0.03", 3),
        ("banana", "2026-11-26", "0.03", 3),
        ("durian-frozen", "2026-11-26", "0.04", 4),
    ],
)
def test_the_row_of_the_product_and_the_day_bounds_a_result(product: str, day: str, bound: str, row: int) -> None:
    at = judge_by_table(product, day=day, value=Decimal(bound), unit="mg/kg")
    above = judge_by_table(product, day=day, value=Decimal(bound) + TINY, unit="mg/kg")
    assert [at.status, above.status] == [Status.PASS, Status.FAIL]
    because = Message("check.limit.row", {"standard": "GB 9999", "edition": "2024", "row": str(row)})
    assert at.because == above.because == because
    assert at.source == above.source == make_source(instrument="table-act")


def test_a_table_is_asked_by_any_name_of_analyte_and_part() -> None:
    for analyte, part in (("Cd", "Flesh"), ("镉", "pulp"), ("CADMIUM", "PULP")):
        assert judge_by_table("banana", analyte=analyte, part=part, value=1, unit="mg/kg").status is Status.FAIL


@pytest.mark.parametrize(
    ("product", "result"),
    [
        ("banana", {"part": "husk", "value": 0, "unit": "mg/kg"}),
        ("banana", {"analyte": "lead", "value": 0, "unit": "mg/kg"}),
        ("rambutan", {"value": 0, "unit": "mg/kg"}),
    ],
)
def test_a_result_without_a_row_is_unknown_and_never_a_pass(product: str, result: dict[str, Any]) -> None:
    outcome = judge_by_table(product, **result)
    args = {"analyte": result.get("analyte", "cadmium"), "part": result.get("part", "pulp"), "table": "contaminants"}
    assert outcome == Outcome(
        status=Status.UNKNOWN,
        path=(*PLACE, "value"),
        found="0 mg/kg",
        because=Message("check.limit.no_row", {key: str(word) for key, word in args.items()}),
    )


def test_a_result_without_its_part_is_unknown() -> None:
    data = make_data(
        documents=[{"type": "lab-report", "results": [{"analyte": "cadmium", "value": 0, "unit": "mg/kg"}]}]
    )
    context = make_context(data, tables={"contaminants": BOUNDS})
    (outcome,) = run_check("limit", context, FIELD, {"table": "contaminants"})
    assert outcome == Outcome(
        status=Status.UNKNOWN, path=PLACE, missing=Missing(parent=PLACE, steps="part", is_last=True)
    )


def test_besides_leaves_the_substances_of_other_tables_to_them() -> None:
    results = [
        {"analyte": "lead", "part": "pulp", "value": 9, "unit": "mg/kg"},
        {"analyte": "镉", "part": "pulp", "value": 9, "unit": "mg/kg"},
        {"analyte": "carbofuran", "part": "pulp", "value": 9, "unit": "mg/kg"},
    ]
    pesticides = make_table(
        "pesticides",
        ["product", "analyte", "part"],
        make_row({"product": "*", "analyte": "carbofuran", "part": "*", "limit": "0.02", "unit": "mg/kg"}),
    )
    context = make_context(
        make_data(documents=[{"type": "lab-report", "results": results}]),
        tables={"contaminants": BOUNDS, "pesticides": pesticides},
        synonyms={"analyte": {"镉": "cadmium"}},
    )
    options = {"table": "pesticides", "besides": ["contaminants"]}
    outcomes = run_check("limit", context, "documents[type=lab-report].results[*]", options)
    assert [(str(outcome.status), outcome.path) for outcome in outcomes] == [
        ("unknown", ("documents", 0, "results", 0, "value")),
        ("fail", ("documents", 0, "results", 2, "value")),
    ]


@pytest.mark.parametrize("products", [["banana", "durian-frozen"], ["durian-frozen", "banana"]])
def test_a_result_for_two_products_must_meet_the_limits_of_both(products: list[str]) -> None:
    lots = [make_lot(id=f"L{index}", product=product) for index, product in enumerate(products)]
    data = {**result_of(value=Decimal("0.035"), unit="mg/kg"), "lots": lots}
    context = make_context(data, each="lab-report", tables={"contaminants": BOUNDS})
    (outcome,) = run_check("limit", context, "results[*]", {"table": "contaminants"})
    assert outcome.status is Status.FAIL


# Words.


@pytest.mark.parametrize(
    ("number", "written"),
    [
        ("0.050", "0.05"),
        ("50", "50"),
        ("5E+1", "50"),
        ("0", "0"),
        ("0.000", "0"),
        ("-18.0", "-18"),
        ("1E-7", "0.0000001"),
    ],
)
def test_a_number_is_written_without_zeros_at_its_end_or_an_exponent(number: str, written: str) -> None:
    assert write_number(Decimal(number)) == written


@pytest.mark.parametrize(
    ("options", "is_taken"),
    [
        ({"max": 1}, True),
        ({"min": 0, "max": 1}, True),
        ({"min": 0, "of": "quantity.packages"}, True),
        ({"max": 1, "unit": "ug/kg"}, True),
        ({"not_detected": True}, True),
        ({"table": "contaminants"}, True),
        ({"table": "pesticides", "besides": ["contaminants"]}, True),
        ({"max": 1, "besides": ["contaminants"]}, False),
        ({}, False),
        ({"unit": "mg/kg"}, False),
        ({"max": 1, "unit": "mg/l"}, False),
        ({"max": "1"}, False),
        ({"max": 1, "maximum": 2}, False),
        ({"not_detected": "yes"}, False),
        ({"table": "Contaminants"}, False),
    ],
)
def test_options_are_checked(options: dict[str, object], is_taken: bool) -> None:
    assert takes_options("limit", options) is is_taken


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"min": 1, "max": 3}, ">= 1, <= 3"),
        ({"max": Decimal("0.05"), "unit": "mg/kg"}, "<= 0.05 mg/kg"),
        ({"min": Decimal("0.02"), "of": "quantity.packages"}, ">= 0.02 of quantity.packages"),
        ({"not_detected": True}, "not detected"),
        ({"table": "contaminants"}, "the limit in the table contaminants"),
    ],
)
def test_it_says_what_it_asks(options: dict[str, object], told: str) -> None:
    assert say_options("limit", options).en == told
