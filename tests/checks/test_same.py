# SPDX-License-Identifier: Apache-2.0
"""`same`: the manifest and its documents agree: as sets, by covering, or by their sum."""

from __future__ import annotations

import unicodedata
from decimal import Decimal
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from borderready.checks.context import Context
from borderready.fold import fold_firm
from borderready.model import Force, Message, Missing, Outcome, Status
from tests.build import (
    LAW,
    make_context,
    make_data,
    make_lot,
    make_lot_context,
    run_check,
    say_options,
    statuses_of,
    takes_options,
)

HERE, THERE = ("lots", 0, "here"), ("lots", 0, "there")
codes = st.lists(st.sampled_from(["A-1", "a1", "B 2", "B-2", "C/3", "D-4"]), min_size=1, max_size=4)


def compare(here: object, there: object, **options: object) -> tuple[Outcome, ...]:
    """Compare two fields of a lot."""
    return run_check("same", make_lot_context(here=here, there=there), "here", {"with": ["there"], **options})


def is_same(here: object, there: object, **options: object) -> bool:
    """Tell whether two fields of a lot agree, and hold that nothing but pass and fail came out."""
    statuses = set(statuses_of(compare(here, there, **options)))
    assert statuses in ({"pass"}, {"fail"})
    return statuses == {"pass"}


# Equal.


@pytest.mark.parametrize(
    ("here", "there", "kind", "agrees"),
    [
        ("Ri6", "ri6 ", "text", True),
        ("Ri-6", "Ri6", "text", False),
        ("CSQU3054383", "csqu 305438-3", "code", True),
        ("CSQU3054383", "CSQU3054384", "code", False),
        ("VN-DLOR-0123", "VN–DLOR–0123", "code", True),
        ("Durio zibethinus Murr.", "DURIO ZIBETHINUS", "scientific-name", True),
        ("Hylocereus undatus", "Selenicereus undatus (Haw.) D.R.Hunt", "scientific-name", True),
        ("Durio zibethinus", "Durio kutejensis", "scientific-name", False),
        (900, Decimal("900.00"), "number", True),
        (Decimal("16200.5"), Decimal("16200.50"), "number", True),
        (Decimal("16200.5"), Decimal("16200.51"), "number", False),
        (0, Decimal("0.0"), "number", True),
        ("0810600000", "0810.60.00", "hs6", True),
        ("0810600000999", "081060", "hs6", True),
        ("0810600000", "0810900000", "hs6", False),
        ("VN", "VN", "text", True),
        ("VN", "TH", "text", False),
    ],
)
def test_two_values_agree_after_folding(here: object, there: object, kind: str, agrees: bool) -> None:
    assert is_same(here, there, **{"as": kind}) is agrees
    assert is_same(there, here, **{"as": kind}) is agrees


@pytest.mark.parametrize("species", ["Musa acuminata", "Musa × paradisiaca", "Musa spp."])
def test_a_genus_with_sp_agrees_with_every_species_of_it(species: str) -> None:
    assert is_same("Musa sp.", species, **{"as": "scientific-name"})
    assert is_same(species, "Musa sp.", **{"as": "scientific-name"})
    assert not is_same("Musa sp.", "Ensete ventricosum", **{"as": "scientific-name"})


def test_text_and_equal_are_the_defaults() -> None:
    assert compare("Ri6", "RI6") == compare("Ri6", "RI6", **{"as": "text", "how": "equal"})
    assert statuses_of(compare(["a", "b"], ["a"])) == ["fail"]


def test_a_pass_shows_both_sides() -> None:
    assert compare(["A-1", "B-2"], ["b2", "a1"], **{"as": "code"}) == (
        Outcome(
            status=Status.PASS,
            path=(*HERE, 0),
            found="A-1, B-2",
            expected="b2, a1",
            related=((*THERE, 0), (*THERE, 1)),
        ),
    )


def test_a_value_that_differs_shows_what_stands_there() -> None:
    assert compare("A-1", "A-2") == (
        Outcome(status=Status.FAIL, path=HERE, found="A-1", expected="A-2", related=(THERE,)),
    )


def test_each_value_too_many_fails_at_its_place() -> None:
    assert compare(["A", "B", "C"], ["B"]) == tuple(
        Outcome(status=Status.FAIL, path=(*HERE, index), found=found, expected="B", related=((*THERE, 0),))
        for index, found in ((0, "A"), (2, "C"))
    )


def test_each_value_too_few_fails_at_the_list_it_is_missing_from() -> None:
    assert compare(["A", "B"], ["A", "B", "C"]) == (
        Outcome(
            status=Status.FAIL,
            path=HERE,
            found="A, B",
            expected="C",
            because=Message("check.same.lacks", {"value": "C"}),
            related=((*THERE, 2),),
        ),
    )


@settings(LAW, max_examples=200)
@given(codes, codes, st.sampled_from(["text", "code"]))
def test_equal_is_symmetrical_and_compares_sets(here: list[str], there: list[str], kind: str) -> None:
    def folded(members: list[str]) -> set[str]:
        if kind == "text":
            return {member.casefold() for member in members}
        return {"".join(filter(str.isalnum, member)).upper() for member in members}

    agrees = folded(here) == folded(there)
    assert is_same(here, there, **{"as": kind}) is is_same(there, here, **{"as": kind}) is agrees


@settings(LAW, max_examples=100)
@given(codes)
def test_everything_is_the_same_as_itself_in_any_order(members: list[str]) -> None:
    for kind in ("text", "code", "name", "number", "scientific-name", "hs6"):
        assert is_same(members, [*reversed(members), members[0]], **{"as": kind})


def test_each_other_place_is_compared_on_its_own() -> None:
    context = make_lot_context(here="A", near="A", far="B")
    outcomes = run_check("same", context, "here", {"with": ["near", "far", "gone"]})
    assert [(str(outcome.status), outcome.related) for outcome in outcomes] == [
        ("pass", (("lots", 0, "near"),)),
        ("fail", (("lots", 0, "far"),)),
        ("unknown", ()),
    ]


# Absent.


@pytest.mark.parametrize(
    ("lot", "steps"),
    [({"here": "A"}, ["there"]), ({"there": "A"}, ["here"]), ({}, ["here", "there"])],
)
@pytest.mark.parametrize("how", ["equal", "covers", "among", "sum"])
def test_an_absent_side_is_unknown(lot: dict[str, object], steps: list[str], how: str) -> None:
    assert run_check("same", make_lot_context(**lot), "here", {"with": ["there"], "how": how}) == tuple(
        Outcome(status=Status.UNKNOWN, path=("lots", 0), missing=Missing(parent=("lots", 0), steps=step, is_last=True))
        for step in steps
    )


@pytest.mark.parametrize(("here", "there"), [([], ["A"]), (["A"], []), ([], [])])
@pytest.mark.parametrize("how", ["equal", "covers", "among", "sum"])
def test_an_empty_list_is_unknown_and_never_silence(here: list[str], there: list[str], how: str) -> None:
    statuses = set(statuses_of(compare(here, there, how=how)))
    assert statuses == {"unknown"}


def test_a_side_that_is_only_partly_given_is_unknown() -> None:
    context = make_lot_context(here="A", parts=[{"code": "A"}, {}])
    (outcome,) = run_check("same", context, "here", {"with": ["parts[*].code"]})
    assert (outcome.status, outcome.path) == (Status.UNKNOWN, ("lots", 0, "parts", 1))


# Covers.


@pytest.mark.parametrize(
    ("here", "there", "status"),
    [
        (["A", "B"], ["A"], "pass"),
        (["A", "B"], ["b", "a"], "pass"),
        ("A", "A", "pass"),
        (["A"], ["A", "B"], "fail"),
        (["C"], ["A"], "fail"),
    ],
)
def test_covers_asks_for_at_least_what_stands_there(here: object, there: object, status: str) -> None:
    assert statuses_of(compare(here, there, how="covers")) == [status]


@settings(LAW, max_examples=150)
@given(codes, codes)
def test_two_sides_are_equal_when_each_covers_the_other(here: list[str], there: list[str]) -> None:
    both = is_same(here, there, how="covers") and is_same(there, here, how="covers")
    assert is_same(here, there) is both


def test_each_value_that_is_not_covered_is_told() -> None:
    outcomes = compare(["A", "X"], ["B", "A", "C"], how="covers")
    assert [(outcome.path, outcome.because, outcome.related) for outcome in outcomes] == [
        (HERE, Message("check.same.lacks", {"value": "B"}), ((*THERE, 0),)),
        (HERE, Message("check.same.lacks", {"value": "C"}), ((*THERE, 2),)),
    ]


# Among.


@pytest.mark.parametrize(
    ("here", "there", "failing"),
    [
        (["A"], ["A", "B"], []),
        (["b", "a"], ["A", "B"], []),
        (["A", "C", "B", "D"], ["A", "B"], ["C", "D"]),
        ("C", ["A"], ["C"]),
    ],
)
def test_among_asks_that_nothing_else_stands_here(here: object, there: object, failing: list[str]) -> None:
    outcomes = compare(here, there, how="among")
    assert [outcome.found for outcome in outcomes if outcome.status is Status.FAIL] == failing
    assert failing or statuses_of(outcomes) == ["pass"]


@settings(LAW, max_examples=150)
@given(codes, codes)
def test_one_side_is_among_the_other_exactly_when_that_covers_it(here: list[str], there: list[str]) -> None:
    assert is_same(here, there, how="among") is is_same(there, here, how="covers")


# Only values of a form.


def test_with_a_form_only_values_of_the_form_are_compared() -> None:
    form = {"as": "code", "form": "vn-packhouse-code"}
    assert is_same("VN-DLPH-014", "vn dlph 014", **form)
    assert not is_same("VN-DLPH-041", "VN-DLPH-014", **form)
    assert compare("An Phu packing house", "VN-DLPH-014", **form) == ()
    assert statuses_of(compare(["An Phu", "VN-DLPH-041"], "VN-DLPH-014", **form)) == ["fail"]


def test_among_takes_several_places_as_one() -> None:
    context = make_lot_context(here=["A", "b"], near="B", far="a")
    options = {"with": ["near", "far"], "how": "among"}
    (outcome,) = run_check("same", context, "here", options)
    assert (outcome.status, outcome.related) == (Status.PASS, (("lots", 0, "near"), ("lots", 0, "far")))


@pytest.mark.parametrize(("here", "status"), [("A", "pass"), ("C", "unknown")])
def test_among_several_places_of_which_one_is_absent_can_only_pass(here: str, status: str) -> None:
    options = {"with": ["near", "far"], "how": "among"}
    assert statuses_of(run_check("same", make_lot_context(here=here, near="A"), "here", options)) == [status]


# Sums.


def make_weights(total: object, *weights: object) -> Context:
    lots = [make_lot(id=f"L{index}", net_kg=weight) for index, weight in enumerate(weights)]
    return make_context(make_data(lots=lots, shipment={"net_kg": total}), each="shipment")


@settings(LAW, max_examples=150)
@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=5), st.integers(0, 6), st.integers(-1, 1))
def test_a_sum_agrees_exactly(grams: list[int], places: int, difference: int) -> None:
    weights = [Decimal(weight).scaleb(-places) for weight in grams]
    total = Decimal(sum(grams) + difference).scaleb(-places)
    outcomes = run_check(
        "same", make_weights(total, *weights), "shipment.net_kg", {"with": ["lots[*].net_kg"], "how": "sum"}
    )
    assert statuses_of(outcomes) == ["fail" if difference else "pass"]


def test_a_sum_that_differs_shows_what_it_comes_to() -> None:
    context = make_weights(100, 60, Decimal("40.5"))
    assert run_check("same", context, "shipment.net_kg", {"with": ["lots[*].net_kg"], "how": "sum"}) == (
        Outcome(
            status=Status.FAIL,
            path=("shipment", "net_kg"),
            found="100",
            expected="100.5",
            because=Message("check.same.sum", {"sum": "100.5"}),
            related=(("lots", 0, "net_kg"), ("lots", 1, "net_kg")),
        ),
    )


@pytest.mark.parametrize(("total", "weight"), [("100", 100), (100, "100"), (True, 1)])
def test_a_sum_of_what_is_no_number_never_passes(total: object, weight: object) -> None:
    (outcome,) = run_check(
        "same", make_weights(total, weight), "shipment.net_kg", {"with": ["lots[*].net_kg"], "how": "sum"}
    )
    assert (outcome.status, outcome.because) == (Status.FAIL, Message("check.not_a_number"))


# Firms.

SAME_FIRMS = [
    [
        "An Phu Fruit",
        "AN PHÚ FRUIT",
        "An Phú Fruit Co., Ltd.",
        "Công ty TNHH An Phú Fruit",
        "CÔNG TY TNHH MTV AN PHÚ FRUIT",
    ],
    [
        "Công ty Cổ phần Xuất Nhập khẩu Đắk Lắk",
        "Dak Lak Import Export JSC",
        "ĐẮK LẮK XNK",
        "Đắk-Lắk Import & Export Corp",
    ],
    ["Nguyễn Thị Mười", "NGUYEN THI MUOI", "Nguyen Thi Muoi Trading Company Limited"],
    ["Công ty TNHH Thương mại Dịch vụ Bưởi Hồng", "Buoi Hong Trading Co Ltd", "BƯỞI HỒNG TM DV"],
    ["广西国鲜进出口", "广西国鲜进出口"],
]


def difference_of(here: object, there: object, **options: object) -> str:
    """Tell how two names differ: not, in form (which only warns), or in substance."""
    outcomes = compare(here, there, **{"as": "name"}, **options)
    if statuses_of(outcomes) == ["pass"]:
        return "none"
    assert set(statuses_of(outcomes)) == {"fail"}
    (weight,) = {outcome.at_most for outcome in outcomes}
    reasons = {outcome.because.key if outcome.because else "" for outcome in outcomes}
    assert (reasons == {"check.same.form"}) is (weight is Force.WARNS)
    return "form" if weight is Force.WARNS else "substance"


@pytest.mark.parametrize(("left", "right"), [pair for firm in SAME_FIRMS for pair in combinations(firm, 2)])
def test_a_firm_with_other_diacritics_or_another_company_form_differs_in_form(left: str, right: str) -> None:
    expected = "none" if left.casefold() == right.casefold() else "form"
    assert difference_of(left, right) == difference_of(right, left) == expected
    decomposed = unicodedata.normalize("NFD", left)
    assert difference_of(decomposed, unicodedata.normalize("NFC", right)) == expected


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("An Phu Fruit Co., Ltd.", "AN PHU FRUIT CO LTD"),
        ("An Phú Fruit", "AN  PHÚ-FRUIT."),
        ("Guoxian Import & Export", "Guoxian Import Export"),
        ("广西果鲜（南宁）有限公司", "广西果鲜(南宁)有限公司"),
        ("Ａｎ Ｐｈｕ", "An Phu"),
        ("An Phu", "AnPhu"),
    ],
)
def test_case_width_punctuation_and_spacing_are_no_difference(left: str, right: str) -> None:
    assert difference_of(left, right) == difference_of(right, left) == "none"


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("广西果鲜进出口有限公司", "广西果鲜贸易有限责任公司"),
        ("广西果鲜股份有限公司", "广西果鲜"),
        ("Guoxian Import and Export Co., Ltd", "Guoxian Import & Export JSC"),
        ("Công ty TNHH Thương mại và Dịch vụ An Phú", "An Phu Trading Limited"),
        ("DNTN An Phú", "An Phu Private Enterprise"),
    ],
)
def test_company_forms_of_three_languages_are_a_difference_of_form(left: str, right: str) -> None:
    assert difference_of(left, right) == difference_of(right, left) == "form"


def test_a_difference_of_form_shows_both_places_and_its_own_remedy() -> None:
    assert compare("An Phú Fruit", "An Phu Fruit JSC", **{"as": "name"}) == (
        Outcome(
            status=Status.FAIL,
            path=HERE,
            found="An Phú Fruit",
            expected="An Phu Fruit JSC",
            because=Message("check.same.form"),
            fix=Message("check.same.fix.form", {"name": "An Phu Fruit JSC"}),
            related=(THERE,),
            at_most=Force.WARNS,
        ),
    )


@pytest.mark.parametrize(
    ("here", "there", "how", "difference"),
    [
        (["An Phu", "Nam Viet"], ["NAM VIET", "An Phu"], "equal", "none"),
        (["An Phu", "Nam Viet"], ["Nam Việt", "An Phu"], "equal", "form"),
        (["An Phu"], ["Nam Viet", "An Phu"], "equal", "substance"),
        (["An Phu JSC"], ["Nam Viet", "An Phu"], "among", "form"),
        (["Dak Lak"], ["Nam Viet", "An Phu"], "among", "substance"),
        (["An Phu JSC", "An Phu"], ["An Phu"], "covers", "none"),
        (["An Phu JSC", "Nam Viet"], ["An Phu"], "covers", "form"),
        (["Nam Viet"], ["An Phu"], "covers", "substance"),
    ],
)
def test_lists_of_names_are_compared_as_sets(here: list[str], there: list[str], how: str, difference: str) -> None:
    assert difference_of(here, there, how=how) == difference


def test_a_name_of_another_firm_and_one_in_another_form_are_told_apart() -> None:
    outcomes = compare(["Dak Lak", "An Phú"], ["An Phu"], **{"as": "name"})
    assert [(outcome.found, outcome.at_most) for outcome in outcomes] == [
        ("Dak Lak", Force.BLOCKS),
        ("An Phú", Force.WARNS),
    ]


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("An Phu Fruit", "An Phat Fruit"),
        ("An Phu Fruit", "An Phu"),
        ("Đắk Lắk Fruit", "Đắk Nông Fruit"),
        ("广西国鲜进出口", "广西国新进出口"),
        ("Phan Nam Co., Ltd", "Nam Co., Ltd"),
        ("Công ty TNHH Vũ An", "Công ty TNHH An"),
        ("广西果鲜集团有限公司", "广西果鲜有限公司"),
        ("广西果鲜食品有限公司", "广西果鲜果业有限公司"),
        ("进出口贸易有限公司", "有限公司"),
    ],
)
def test_two_firms_stay_two(left: str, right: str) -> None:
    assert difference_of(left, right) == difference_of(right, left) == "substance"


@pytest.mark.parametrize("name", ["Trading Co", "Import Export", "Công ty TNHH", "Group", "进出口贸易有限公司"])
def test_a_firm_named_by_its_form_alone_keeps_a_name(name: str) -> None:
    assert fold_firm(name)
    assert is_same(name, name.upper(), **{"as": "name"})
    assert not is_same(name, "An Phu", **{"as": "name"})


@settings(LAW, max_examples=150)
@given(st.text(alphabet="aăâáàảãạđêôơưBCĐ &.,-", max_size=20))
def test_folding_a_firm_twice_is_folding_it_once(name: str) -> None:
    assert fold_firm(fold_firm(name)) == fold_firm(name)


@pytest.mark.parametrize(
    ("options", "is_taken"),
    [
        ({"with": ["shipment.origin"]}, True),
        ({"with": ["a", "b"], "as": "hs6", "how": "covers"}, True),
        ({"with": ["a"], "how": "among", "form": "iso6346"}, True),
        ({"with": ["a"], "form": "iso9999"}, False),
        ({}, False),
        ({"with": []}, False),
        ({"with": [""]}, False),
        ({"with": ["a"], "as": "words"}, False),
        ({"with": ["a"], "how": "differs"}, False),
    ],
)
def test_options_are_checked(options: dict[str, object], is_taken: bool) -> None:
    assert takes_options("same", options) is is_taken


@pytest.mark.parametrize(
    ("how", "told"),
    [
        ("equal", "the same as a, b"),
        ("covers", "at least what stands at a, b"),
        ("among", "among what stands at a, b"),
        ("sum", "the sum of a, b"),
    ],
)
def test_it_says_what_it_asks(how: str, told: str) -> None:
    assert say_options("same", {"with": ["a", "b"], "how": how}).en == told
