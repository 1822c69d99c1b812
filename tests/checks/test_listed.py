# SPDX-License-Identifier: Apache-2.0
"""`listed`: what a register or a table says of a code on the day that counts, each fail with its own reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from borderready.model import Entry, Event, Message, Missing, Outcome, Register, Row, Status
from tests.build import (
    LAW,
    make_context,
    make_data,
    make_entry,
    make_lot,
    make_lot_context,
    make_register,
    make_row,
    make_source,
    make_table,
    run_check,
    say_options,
    statuses_of,
    takes_options,
)

CODE = "VN-DLOR-0123"
OPTIONS = {"register": "gacc-orchards", "status": "active"}
PLACE = ("lots", 0, "orchards", 0, "code")
DAY = "2026-11-26"
days = st.dates(date(2026, 1, 1), date(2026, 12, 31)).map(date.isoformat)


def ask(
    *entries: Entry,
    code: str = CODE,
    product: str = "durian-fresh",
    others: tuple[Register, ...] = (),
    options: dict[str, object] | None = None,
    **changes: Any,
) -> Outcome:
    """Return what is said of the code of the one orchard of a lot."""
    register = make_register("gacc-orchards", *entries, make_entry("VN-AAOR-7777", product="durian-fresh"))
    context = make_context(
        make_data(lots=[make_lot(product=product, orchards=[{"code": code}])]),
        registers={own.name: own for own in (register, *others)},
        **changes,
    )
    (outcome,) = run_check("listed", context, "orchards[*].code", options or OPTIONS)
    return outcome


# What each reason fills into its remedy.
FIX_ARGS = {
    "absent_near": ("near",),
    "other_product": ("products",),
    "not_yet": ("start",),
    "relisted": ("start",),
    "stopped": ("until",),
    "stopped_until": ("until",),
    "unseen": ("day",),
    "unseen_before": ("day",),
}


def because_of(key: str, *, found: str = CODE, status: str | None = None, **args: str) -> Outcome:
    """Return the outcome of a reason, with its own remedy; only days of which no list speaks are unknown."""
    fix = {"unseen_before": "unseen", "no_list_but": "no_list"}.get(key, key)
    return Outcome(
        status=Status.UNKNOWN if fix in ("unseen", "no_list") else Status.FAIL,
        path=PLACE,
        found=found,
        expected="gacc-orchards (2026-11-01)",
        because=Message(f"check.listed.{key}", args, {} if status is None else {"status": f"register.status.{status}"}),
        fix=Message(
            f"check.listed.fix.{fix}" if status is None else f"check.listed.fix.{fix}_{status}",
            {name: args[name] for name in FIX_ARGS.get(key, ())},
        ),
    )


PASS = Outcome(status=Status.PASS, path=PLACE, found=CODE, expected="gacc-orchards (2026-11-01)")


# Registers.


@pytest.mark.parametrize("written", [CODE, "vn dlor 0123", "VN–DLOR–0123", "VNDLOR0123", "ＶＮ－ＤＬＯＲ－０１２３"])
def test_a_code_on_the_list_passes_however_it_is_written(written: str) -> None:
    outcome = ask(make_entry(CODE), code=written)
    assert (outcome.status, outcome.found) == (Status.PASS, written)


@pytest.mark.parametrize("product", [None, "durian-fresh", "durian", "fresh-fruit"])
def test_a_code_listed_for_the_product_its_group_or_everything_passes(product: str | None) -> None:
    assert ask(make_entry(CODE, product=product)) == PASS


def test_no_register_is_unknown_and_says_which() -> None:
    context = make_lot_context(orchards=[{"code": CODE}])
    assert run_check("listed", context, "orchards[*].code", OPTIONS) == (
        Outcome(
            status=Status.UNKNOWN,
            path=PLACE,
            found=CODE,
            because=Message("check.listed.no_register", {"register": "gacc-orchards"}),
        ),
    )


def test_an_absent_code_fails() -> None:
    assert ask(make_entry("TH-9999")) == because_of("absent", register="gacc-orchards")
    assert ask() == because_of("absent", register="gacc-orchards")


@pytest.mark.parametrize(
    "written",
    ["VN-DLOR-0132", "VN-DLOR-013", "VN-DLOR-01234", "VN-DLOR-0124", "VN-DL0R-0123", "VN-DLRO-0123", "VN-DLOR-0199"],
)
def test_an_absent_code_names_the_one_that_was_probably_meant(written: str) -> None:
    assert ask(make_entry(CODE), make_entry("TH-CTOR-9876"), code=written) == because_of(
        "absent_near", found=written, register="gacc-orchards", near=CODE
    )


@pytest.mark.parametrize("written", ["VN-DLOR-0999", "VN-DLOR-3210", "VN-DLOR-0123456", "XX-YYZZ-0123"])
def test_a_code_that_differs_by_more_than_two_characters_names_no_other(written: str) -> None:
    assert ask(make_entry(CODE), code=written) == because_of("absent", found=written, register="gacc-orchards")


def test_of_several_near_codes_the_nearest_is_named_whatever_their_order() -> None:
    near, nearer = make_entry("VN-DLOR-0155"), make_entry("VN-DLOR-0126")
    expected = because_of("absent_near", found="VN-DLOR-0125", register="gacc-orchards", near="VN-DLOR-0126")
    twin = make_entry("VN-DLOR-0129")
    assert ask(near, nearer, code="VN-DLOR-0125") == ask(nearer, near, code="VN-DLOR-0125")
    assert ask(twin, nearer, code="VN-DLOR-0125") == ask(nearer, twin, code="VN-DLOR-0125") == expected


def distance_between(left: str, right: str) -> int:
    """Return how many characters must be added, dropped, changed or swapped with a neighbour, tried every way."""
    if not left or not right:
        return len(left) + len(right)
    if left[0] == right[0]:
        return distance_between(left[1:], right[1:])
    ways = [
        distance_between(left[1:], right),
        distance_between(left, right[1:]),
        distance_between(left[1:], right[1:]),
    ]
    if left[1:2] == right[:1] and right[1:2] == left[:1]:
        ways.append(distance_between(left[2:], right[2:]))
    return 1 + min(ways)


@settings(LAW, max_examples=200)
@given(st.text(alphabet="AB1", min_size=1, max_size=6), st.text(alphabet="AB1", min_size=1, max_size=6))
def test_another_code_is_named_exactly_when_at_most_two_characters_are_mistyped(written: str, listed: str) -> None:
    if written == listed:
        return
    near = {"register": "gacc-orchards", "near": listed}
    key, args = (
        ("absent_near", near) if distance_between(written, listed) <= 2 else ("absent", {"register": near["register"]})
    )
    assert ask(make_entry(listed), code=written).because == Message(f"check.listed.{key}", args)


def test_a_code_that_stands_on_another_list_says_which() -> None:
    packhouses = make_register("gacc-packhouses", make_entry(CODE))
    assert ask(make_entry("VN-DLOR-0124"), others=(packhouses,)) == because_of(
        "wrong_list", register="gacc-orchards", other="gacc-packhouses"
    )


def test_a_code_listed_for_another_product_says_for_which() -> None:
    entries = (make_entry(CODE, product="dragon-fruit"), make_entry(CODE, product="banana"))
    assert ask(*entries) == because_of("other_product", products="banana, dragon-fruit")
    assert ask(*entries, make_entry(CODE, product="durian-fresh")) == PASS


def test_a_code_that_is_not_yet_listed_says_from_when() -> None:
    entries = (make_entry(CODE, start="2027-03-01"), make_entry(CODE, start="2026-11-27"))
    assert ask(*entries) == because_of("not_yet", day=DAY, start="2026-11-27")
    assert ask(make_entry(CODE, start=DAY)) == PASS


def test_a_code_that_was_dropped_says_until_when_it_stood() -> None:
    entries = (make_entry(CODE, until="2026-11-25"), make_entry(CODE, start="2025-01-01", until="2026-01-01"))
    assert ask(*entries) == because_of("dropped", day=DAY, until="2026-11-25")
    assert ask(make_entry(CODE, until=DAY)) == PASS


def test_a_code_that_was_relisted_later_says_until_and_from_when() -> None:
    entries = (
        make_entry(CODE, start="2025-01-01", until="2026-10-31"),
        make_entry(CODE, start="2026-12-01"),
    )
    assert ask(*entries) == because_of("relisted", day=DAY, until="2026-10-31", start="2026-12-01")
    assert ask(*entries, day="2026-10-31") == ask(*entries, day="2026-12-01") == PASS


@pytest.mark.parametrize("status", ["suspended", "delisted"])
def test_a_code_that_is_stopped_says_since_when_or_from_when_to_when(status: str) -> None:
    active = make_entry(CODE, start="2025-01-01")
    opened = make_entry(CODE, status=status, start="2026-11-26")
    closed = make_entry(CODE, status=status, start="2026-11-01", until="2026-11-26")
    assert ask(active, opened) == because_of("stopped", status=status, since="2026-11-26", until="", day=DAY)
    assert ask(active, closed) == because_of(
        "stopped_until", status=status, since="2026-11-01", until="2026-11-26", day=DAY
    )
    assert ask(active, opened, day="2026-11-25") == PASS
    assert ask(active, closed, day="2026-10-31") == ask(active, closed, day="2026-11-27") == PASS


def test_a_suspension_without_a_start_has_always_been() -> None:
    assert ask(make_entry(CODE, status="suspended")) == because_of(
        "stopped", status="suspended", since="?", until="", day=DAY
    )


def test_a_suspension_for_another_product_stops_nothing() -> None:
    assert ask(make_entry(CODE), make_entry(CODE, status="suspended", product="banana")) == PASS


@settings(LAW, max_examples=300)
@given(
    days,
    st.lists(
        st.tuples(st.sampled_from(["active", "suspended", "delisted"]), st.none() | days, st.none() | days),
        min_size=1,
        max_size=4,
    ),
)
def test_a_code_passes_exactly_when_it_is_active_and_nothing_stops_it_that_day(
    day: str, spans: list[tuple[str, str | None, str | None]]
) -> None:
    entries = [make_entry(CODE, status=status, start=start, until=until) for status, start, until in spans]
    holding = {
        status for status, start, until in spans if (start is None or start <= day) and (until is None or day <= until)
    }
    assert ask(*entries, day=day).status is (Status.PASS if holding == {"active"} else Status.FAIL)


def test_the_code_must_also_be_active_on_the_day_of_each_other_event() -> None:
    entries = (make_entry(CODE), make_entry(CODE, status="suspended", start="2026-11-24", until="2026-11-24"))
    options = {**OPTIONS, "also": ["issue", "arrival"]}
    packed: dict[str, Any] = {"day": "2026-11-22", "options": options}
    stopped = because_of("stopped_until", status="suspended", since="2026-11-24", until="2026-11-24", day="2026-11-24")
    assert ask(*entries, **packed, days={Event.ISSUE: "2026-11-24", Event.ARRIVAL: DAY}) == stopped
    assert ask(*entries, **packed, days={Event.ISSUE: DAY, Event.ARRIVAL: "2026-11-24"}) == stopped
    assert ask(*entries, **packed, days={Event.ISSUE: "2026-11-23", Event.ARRIVAL: DAY}) == PASS
    assert ask(*entries, **packed, days={Event.DECLARATION: "2026-11-24"}) == PASS


@pytest.mark.parametrize(
    ("day", "as_of", "because"),
    [
        ("2026-12-31", "2026-12-01", None),
        (
            "2027-01-01",
            "2026-12-01",
            Message(
                "check.listed.too_old",
                {"register": "gacc-orchards", "as_of": "2026-12-01", "age": "31", "day": "2027-01-01", "most": "30"},
            ),
        ),
        ("2026-11-01", "2026-12-01", None),
        ("2026-12-01", None, Message("check.listed.undated", {"register": "gacc-orchards"})),
    ],
)
def test_a_list_that_is_too_old_or_undated_cannot_speak_where_the_rule_sets_an_age(
    day: str, as_of: str | None, because: Message | None
) -> None:
    register = make_register("gacc-orchards", make_entry(CODE), as_of=as_of)
    context = make_context(
        make_data(lots=[make_lot(orchards=[{"code": CODE}, {"code": "TH-1"}])]),
        day=day,
        registers={"gacc-orchards": register},
    )
    outcomes = run_check("listed", context, "orchards[*].code", {**OPTIONS, "max_age_days": 30})
    told = [(str(outcome.status), outcome.because) for outcome in outcomes]
    if because is None:
        assert [status for status, _ in told] == ["pass", "fail"]
    else:
        assert told == [("unknown", because), ("unknown", because)]
    assert statuses_of(run_check("listed", context, "orchards[*].code", OPTIONS)) == ["pass", "fail"]


def test_the_age_of_a_list_is_measured_on_the_last_day_that_counts() -> None:
    options = {**OPTIONS, "also": ["arrival"], "max_age_days": 30}
    assert ask(make_entry(CODE), options=options, day="2026-11-22").status is Status.PASS
    late = {Event.ARRIVAL: "2026-12-02"}
    assert ask(make_entry(CODE), options=options, day="2026-11-22", days=late).status is Status.UNKNOWN


def test_a_name_on_the_list_stands_for_its_code() -> None:
    named = make_entry("LAB-3", name="Quatest 3")
    assert ask(named, code="QUATEST  3").status is Status.PASS
    assert ask(named, code="Quatest 4").status is Status.FAIL
    stopped = make_entry("LAB-3", name="Quatest 3", status="suspended")
    assert ask(stopped, code="Quatest 3").status is Status.FAIL


@pytest.mark.parametrize(
    "entry",
    [
        make_entry("LAB-3", status="suspended"),
        make_entry("LAB-3", status="suspended", until="2026-12-31"),
        make_entry("LAB-3", status="delisted"),
        make_entry("LAB-3", until="2026-11-01"),
        make_entry("LAB-3", start="2026-12-01"),
        make_entry("LAB-9999"),
    ],
)
def test_a_laboratory_that_fails_leaves_the_remedy_to_its_rule_and_no_goods_are_taken_out(entry: Entry) -> None:
    context = make_context(
        make_data(documents=[{"type": "lab-report", "number": "R-1", "laboratory": "LAB-3"}]),
        each="lab-report",
        registers={"gacc-laboratories": make_register("gacc-laboratories", entry)},
    )
    (outcome,) = run_check("listed", context, "laboratory", {"register": "gacc-laboratories", "status": "active"})
    assert (outcome.status, outcome.fix) == (Status.FAIL, None)
    assert outcome.because is not None


def test_each_code_is_judged_and_an_absent_one_is_unknown() -> None:
    register = make_register("gacc-orchards", make_entry(CODE))
    context = make_context(
        make_data(lots=[make_lot(orchards=[{"code": CODE}, {"code": "TH-1"}, {"area_ha": 2}])]),
        registers={"gacc-orchards": register},
    )
    outcomes = run_check("listed", context, "orchards[*].code", OPTIONS)
    assert [(str(outcome.status), outcome.path) for outcome in outcomes] == [
        ("pass", ("lots", 0, "orchards", 0, "code")),
        ("fail", ("lots", 0, "orchards", 1, "code")),
        ("unknown", ("lots", 0, "orchards", 2)),
    ]
    context = make_context(make_data(lots=[make_lot(orchards=[])]), registers={"gacc-orchards": register})
    assert statuses_of(run_check("listed", context, "orchards[*].code", OPTIONS)) == ["unknown"]


def test_a_register_that_does_not_say_how_old_it_is_is_shown_so() -> None:
    register = make_register("gacc-orchards", make_entry(CODE), as_of=None)
    context = make_context(make_data(lots=[make_lot(orchards=[{"code": CODE}])]), registers={"gacc-orchards": register})
    (outcome,) = run_check("listed", context, "orchards[*].code", OPTIONS)
    assert outcome.expected == "gacc-orchards (?)"


@pytest.mark.parametrize(
    ("entries", "key", "others"),
    [((), "no_list", ""), ((make_entry(CODE, product="banana"),), "no_list_but", "banana")],
)
def test_a_register_without_a_list_of_the_product_cannot_speak_of_it(
    entries: tuple[Entry, ...], key: str, others: str
) -> None:
    register = make_register("gacc-orchards", *entries, make_entry("TH-1", product="banana"))
    context = make_lot_context(product="durian-fresh", orchards=[{"code": CODE}])
    (outcome,) = run_check("listed", context._replace(registers={register.name: register}), "orchards[*].code", OPTIONS)
    args = {"register": "gacc-orchards", "products": "durian-fresh", "origin": "VN", "others": others}
    assert outcome == because_of(key, **args)._replace(expected="gacc-orchards (?)")


def test_a_list_of_another_origin_is_no_list_of_this_one() -> None:
    register = make_register("gacc-orchards", make_entry("TH-1", product="durian-fresh", origin="TH"))
    context = make_lot_context(product="durian-fresh", orchards=[{"code": CODE}])
    (outcome,) = run_check("listed", context._replace(registers={register.name: register}), "orchards[*].code", OPTIONS)
    assert (outcome.status, outcome.because and outcome.because.key) == (Status.UNKNOWN, "check.listed.no_list")


def test_a_code_approved_for_another_market_says_for_which() -> None:
    entries = (make_entry(CODE, market="KR"), make_entry(CODE, market="JP"))
    assert ask(*entries) == because_of("other_market", markets="JP, KR")
    assert ask(*entries, make_entry(CODE, market="CN")) == PASS


def test_a_code_of_another_origin_says_of_which() -> None:
    assert ask(make_entry(CODE, origin="TH")) == because_of("other_origin", origins="TH")
    assert ask(make_entry(CODE, origin="VN")) == PASS


def test_days_of_which_no_copy_of_the_list_speaks_are_unknown() -> None:
    first = (make_entry(CODE, status="unseen", until="2026-11-19"), make_entry(CODE, start="2026-11-20"))
    assert ask(*first, day="2026-11-20") == PASS
    assert ask(*first, day="2026-11-19") == because_of("unseen_before", day="2026-11-19", after="2026-11-19", until="?")
    gap = (
        make_entry(CODE, until="2026-10-31"),
        make_entry(CODE, status="unseen", start="2026-11-01", until="2026-11-19"),
        make_entry(CODE, status="delisted", start="2026-11-20"),
    )
    assert ask(*gap, day="2026-11-10") == because_of("unseen", day="2026-11-10", after="2026-11-19", until="2026-10-31")
    assert ask(*gap, day="2026-11-20").status is Status.FAIL


def test_a_code_struck_off_and_listed_again_later_says_both_days() -> None:
    entries = (
        make_entry(CODE, until="2026-06-30"),
        make_entry(CODE, status="delisted", start="2026-07-01", until="2026-11-30"),
        make_entry(CODE, start="2026-12-01"),
    )
    assert ask(*entries) == because_of("relisted", day=DAY, until="2026-06-30", start="2026-12-01")


def test_another_day_that_counts_and_is_not_given_leaves_a_code_that_passes_undecided() -> None:
    issue = Missing(parent=("documents", 0), steps="issued", is_last=True)
    options = {**OPTIONS, "also": ["issue"]}

    def asked(*entries: Entry) -> list[tuple[str, Missing | None]]:
        context = make_lot_context(orchards=[{"code": CODE}])._replace(
            registers={"gacc-orchards": make_register("gacc-orchards", *entries)},
            undated={Event.ISSUE: issue},
        )
        outcomes = run_check("listed", context, "orchards[*].code", options)
        return [(str(outcome.status), outcome.missing) for outcome in outcomes]

    assert asked(make_entry(CODE)) == [("pass", None), ("unknown", issue)]
    assert asked(make_entry(CODE, status="suspended")) == [("fail", None)]


# Holders.

HOLDER = {"register": "gacc-orchards", "holder": "parties.exporter.name"}


def ask_holder(
    *entries: Entry, exporter: str | None = "An Phu Fruit", papers: Sequence[Mapping[str, object]] = ()
) -> list[Outcome]:
    """Return what is said of who may use the code of the one orchard of a lot."""
    parties = {"exporter": {"address": "Krong Pac"} if exporter is None else {"name": exporter}}
    documents = [{"type": "code-authorisation", **paper} for paper in papers]
    context = make_context(
        make_data(lots=[make_lot(orchards=[{"code": CODE}])], parties=parties, documents=documents),
        registers={"gacc-orchards": make_register("gacc-orchards", *entries)},
    )
    return list(run_check("listed", context, "orchards[*].code", HOLDER))


@pytest.mark.parametrize("holder", ["An Phu Fruit", "CÔNG TY TNHH AN PHÚ FRUIT", "An Phu Fruit Co., Ltd."])
def test_the_holder_of_a_code_may_use_it_however_the_firm_is_written(holder: str) -> None:
    assert statuses_of(ask_holder(make_entry(CODE, holder=holder))) == ["pass"]


def test_a_code_of_another_firm_names_it() -> None:
    (outcome,) = ask_holder(make_entry(CODE, holder="Buon Ho Farm"))
    args = {"code": CODE, "holder": "Buon Ho Farm", "exporter": "An Phu Fruit"}
    assert outcome == Outcome(
        status=Status.FAIL,
        path=PLACE,
        found=CODE,
        expected="Buon Ho Farm",
        because=Message("check.listed.not_holder", args),
        fix=Message("check.listed.fix.not_holder", {"holder": "Buon Ho Farm"}),
        related=(("parties", "exporter", "name"),),
    )


@pytest.mark.parametrize(
    ("paper", "status"),
    [
        ({"codes": [CODE], "beneficiary": "An Phu Fruit JSC"}, "pass"),
        ({"codes": ["vn dlor 0123"]}, "pass"),
        ({"codes": [CODE], "beneficiary": "Ea Tul Trading"}, "fail"),
        ({"codes": ["VN-DLOR-0124"], "beneficiary": "An Phu Fruit"}, "fail"),
        ({"beneficiary": "An Phu Fruit"}, "unknown"),
    ],
)
def test_a_code_of_another_firm_may_be_used_with_a_paper_that_lends_this_code_to_this_firm(
    paper: Mapping[str, object], status: str
) -> None:
    assert statuses_of(ask_holder(make_entry(CODE, holder="Buon Ho Farm"), papers=[paper])) == [status]


def test_a_list_without_holders_says_nothing_of_them() -> None:
    assert ask_holder(make_entry(CODE)) == []
    assert ask_holder(make_entry("VN-DLOR-0124", holder="Buon Ho Farm")) == []


def test_an_exporter_without_a_name_is_unknown() -> None:
    (outcome,) = ask_holder(make_entry(CODE, holder="Buon Ho Farm"), exporter=None)
    assert outcome.missing == Missing(parent=("parties", "exporter"), steps="name", is_last=True)


# Tables.


def make_lane(origin: str, product: str, status: str, note: str = "", **changes: object) -> Row:
    return make_row({"origin": origin, "product": product, "status": status, "note": note}, **changes)


ACCESS = (
    make_lane("VN", "durian-fresh", "closed", "not yet announced", until="2022-07-26", number=2),
    make_lane("VN", "durian-fresh", "open", start="2022-07-27", number=3),
    make_lane("VN", "durian-frozen", "open", start="2027-01-01", number=4),
    make_lane("TH", "durian", "closed", number=5),
    make_lane("KH", "*", "hold", "rests on old lists", number=6),
)
LANE = {
    "table": "access",
    "match": {"origin": "shipment.origin", "product": "product"},
    "column": "status",
    "pass": ["open"],
    "fail": ["closed"],
}


def ask_lane(origin: str, product: str, *, day: str = DAY, **options: object) -> Outcome:
    data = make_data(shipment={"origin": origin}, lots=[make_lot(product=product)])
    tables = {"access": make_table("access", ["origin", "product"], *ACCESS)}
    context = make_context(data, day=day, tables=tables)
    (outcome,) = run_check("listed", context, "product", {**LANE, **options})
    return outcome


@pytest.mark.parametrize(
    ("origin", "product", "day", "status", "cell", "because"),
    [
        ("VN", "durian-fresh", "2022-07-27", Status.PASS, "open", None),
        (
            "VN",
            "durian-fresh",
            "2022-07-26",
            Status.FAIL,
            "closed",
            Message("check.listed.row_note", {"cell": "closed", "note": "not yet announced"}),
        ),
        ("TH", "durian-fresh", DAY, Status.FAIL, "closed", Message("check.listed.row", {"cell": "closed"})),
        (
            "KH",
            "banana",
            DAY,
            Status.UNKNOWN,
            "hold",
            Message("check.listed.row_note", {"cell": "hold", "note": "rests on old lists"}),
        ),
    ],
)
def test_the_cell_of_the_row_decides_and_what_is_neither_is_unknown(
    origin: str, product: str, day: str, status: Status, cell: str, because: Message | None
) -> None:
    assert ask_lane(origin, product, day=day) == Outcome(
        status=status,
        path=("lots", 0, "product"),
        found=product,
        expected=cell if status is Status.PASS else None,
        because=because,
        source=make_source(instrument="table-act"),
    )


@pytest.mark.parametrize(("absent", "status"), [("unknown", Status.UNKNOWN), ("fail", Status.FAIL)])
def test_no_row_is_what_the_rule_says_with_what_stands_there_instead(absent: str, status: Status) -> None:
    assert ask_lane("VN", "banana", absent=absent) == Outcome(
        status=status,
        path=("lots", 0, "product"),
        found="banana",
        expected="durian-fresh, durian-frozen",
        because=Message("check.listed.no_row", {"key": "VN, banana", "table": "access"}),
    )


def test_no_row_is_unknown_where_the_rule_does_not_say() -> None:
    assert ask_lane("LA", "banana").status is Status.UNKNOWN


@pytest.mark.parametrize("absent", ["unknown", "fail"])
def test_a_product_that_the_rule_base_does_not_know_is_unknown(absent: str) -> None:
    assert ask_lane("VN", "rambutan", absent=absent) == Outcome(
        status=Status.UNKNOWN,
        path=("lots", 0, "product"),
        found="rambutan",
        because=Message("check.listed.unknown_product", {"product": "rambutan"}),
    )


def test_of_several_products_the_one_that_is_not_known_is_named() -> None:
    data = make_data(lots=[make_lot(), make_lot(id="L2", product="rambutan")])
    tables = {"access": make_table("access", ["origin", "product"], *ACCESS)}
    context = make_context(data, each="shipment", tables=tables)
    match = {"origin": "shipment.origin", "product": "lots[*].product"}
    outcomes = run_check("listed", context, "lots[*].product", {**LANE, "match": match})
    assert [(str(outcome.status), outcome.because) for outcome in outcomes] == [
        ("pass", None),
        ("unknown", Message("check.listed.unknown_product", {"product": "rambutan"})),
    ]


def test_a_row_that_holds_only_later_says_from_when() -> None:
    outcome = ask_lane("VN", "durian-frozen", absent="fail")
    because = Message("check.listed.row_later", {"key": "VN, durian-frozen", "start": "2027-01-01", "day": DAY})
    assert (outcome.status, outcome.because) == (Status.FAIL, because)


def test_a_row_that_closes_only_later_opens_nothing() -> None:
    closing = make_lane("VN", "banana", "closed", start="2027-01-01")
    tables = {"access": make_table("access", ["origin", "product"], closing)}
    context = make_context(make_data(lots=[make_lot(product="banana")]), tables=tables)
    (outcome,) = run_check("listed", context, "product", LANE)
    because = Message("check.listed.no_row", {"key": "VN, banana", "table": "access"})
    assert (outcome.status, outcome.because) == (Status.UNKNOWN, because)


def test_a_row_without_a_column_to_look_at_passes_by_being_there() -> None:
    names = make_table(
        "names",
        ["product", "name"],
        make_row({"product": "fresh-fruit", "name": "Durio zibethinus"}),
        kinds={"name": "scientific-name"},
    )
    options = {"table": "names", "match": {"product": "product", "name": "scientific_name"}, "absent": "fail"}

    def judge(name: str) -> Outcome:
        context = make_context(make_data(lots=[make_lot(scientific_name=name)]), tables={"names": names})
        (outcome,) = run_check("listed", context, "scientific_name", options)
        return outcome

    path = ("lots", 0, "scientific_name")
    source = make_source(instrument="table-act")
    assert judge("Durio zibethinus Murr.") == Outcome(
        status=Status.PASS, path=path, found="Durio zibethinus Murr.", source=source
    )
    assert judge("Durio kutejensis") == Outcome(
        status=Status.FAIL,
        path=path,
        found="Durio kutejensis",
        expected="Durio zibethinus",
        because=Message("check.listed.no_row", {"key": "durian-fresh, Durio kutejensis", "table": "names"}),
    )


def test_a_table_that_is_not_asked_by_the_field_itself_names_nothing_instead() -> None:
    tables = {"access": make_table("access", ["origin", "product"], *ACCESS)}
    context = make_context(make_data(lots=[make_lot(product="banana", variety="Laba")]), tables=tables)
    (outcome,) = run_check("listed", context, "variety", LANE)
    assert (outcome.status, outcome.found, outcome.expected) == (Status.UNKNOWN, "Laba", None)


@pytest.mark.parametrize(
    ("data", "missing"),
    [
        (make_data(shipment={"mode": "road"}), Missing(parent=("shipment",), steps="origin", is_last=True)),
        (make_data(lots=[{"id": "L1"}]), Missing(parent=("lots", 0), steps="product", is_last=True)),
    ],
)
def test_a_table_that_cannot_be_asked_is_unknown(data: dict[str, object], missing: Missing) -> None:
    tables = {"access": make_table("access", ["origin", "product"], *ACCESS)}
    assert run_check("listed", make_context(data, tables=tables), "product", LANE) == (
        Outcome(status=Status.UNKNOWN, path=missing.parent, missing=missing),
    )


@pytest.mark.parametrize(
    ("options", "is_taken"),
    [
        ({"register": "gacc-orchards", "status": "active"}, True),
        ({"register": "gacc-orchards", "status": "active", "also": ["issue", "arrival"]}, True),
        ({"register": "gacc-orchards", "status": "active", "max_age_days": 30}, True),
        ({"register": "gacc-orchards", "status": "active", "max_age_days": 0}, False),
        (LANE, True),
        ({**LANE, "absent": "fail"}, True),
        ({"table": "access", "match": {"product": "product"}}, True),
        ({}, False),
        ({"register": "gacc-orchards"}, False),
        ({"register": "gacc-orchards", "status": "active", "when": "2026"}, False),
        ({"register": "gacc-orchards", "status": "suspended"}, False),
        ({"register": "gacc-orchards", "status": "active", "also": ["sowing"]}, False),
        ({"register": "gacc-orchards", "status": "active", **LANE}, False),
        ({"table": "access"}, False),
        ({**LANE, "absent": "pass"}, False),
        ({"table": "access", "match": {"product": "product"}, "pass": ["open"]}, False),
        ({"table": "access", "match": {"product": "product"}, "column": "status"}, False),
    ],
)
def test_options_are_checked(options: dict[str, object], is_taken: bool) -> None:
    assert takes_options("listed", options) is is_taken


def test_it_says_what_it_asks() -> None:
    assert say_options("listed", OPTIONS).en == "active on the register gacc-orchards"
    assert say_options("listed", LANE).en == "as the table access says"
