# SPDX-License-Identifier: Apache-2.0
"""`drawn`: what all consignments up to this one took stays within what a paper or a code is good for."""

from __future__ import annotations

from decimal import Decimal

from borderready.histories import History
from borderready.model import Force, Message, Missing, Outcome, Status
from tests.build import (
    make_context,
    make_data,
    make_entry,
    make_lot,
    make_register,
    make_row,
    make_table,
    run_check,
    say_options,
    statuses_of,
    takes_options,
)
from tests.checks.test_once import history_of
from tests.test_across import USE

PERMIT = USE._replace(kind="quarantine-permit", key="AP9", reference="A-1", net_kg=Decimal(8000), start="2026-11-20")
FIELD = "documents[type=quarantine-permit].net_kg"
SHIPMENT = {"origin": "VN", "dates": {"departure": "2026-11-25"}}


def judge(history: History | None, net_kg: object = 8000, **changes: object) -> tuple[Outcome, ...]:
    paper = {"type": "quarantine-permit", "number": "AP-9", "net_kg": 20000}
    data = make_data(
        reference="A-5",
        shipment=changes.pop("shipment", SHIPMENT),
        lots=[make_lot(quantity={"net_kg": net_kg} if net_kg is not None else {})],
        documents=[{**paper, **changes}],
    )
    options = {"per": "net_kg", "margin": Decimal("0.05")}
    return run_check("drawn", make_context(data, each="shipment", history=history), FIELD, options)


def test_a_third_load_that_is_too_much_is_told_with_what_went_before() -> None:
    history = history_of(PERMIT, PERMIT._replace(reference="A-2", start="2026-11-22"))
    args = {
        "drawn": "16000",
        "load": "8000",
        "most": "20000",
        "over": "4000",
        "others": "A-1 (a.yaml, 2026-11-20), A-2 (a.yaml, 2026-11-22)",
    }
    assert judge(history) == (
        Outcome(
            status=Status.FAIL,
            path=("documents", 0, "net_kg"),
            found="24000 kg",
            expected="<= 20000 kg",
            because=Message("check.drawn.over_net_kg", args),
        ),
    )
    assert statuses_of(judge(history, 4000)) == ["pass"]


def test_what_comes_later_by_day_or_by_reference_does_not_count() -> None:
    later = [PERMIT._replace(reference="A-9", start="2026-11-25"), PERMIT._replace(reference="A-0", start="2026-11-26")]
    assert statuses_of(judge(history_of(*later), 20000)) == ["pass"]
    earlier = PERMIT._replace(reference="A-4", start="2026-11-25")
    assert statuses_of(judge(history_of(earlier), 20000)) == ["fail"]


def test_a_load_without_a_day_is_counted_before_and_cannot_be_placed_itself() -> None:
    undated = history_of(PERMIT._replace(start=None))
    assert statuses_of(judge(undated, 12001)) == ["fail"]
    (outcome,) = judge(undated, 100, shipment={"origin": "VN", "dates": {}})
    assert outcome.missing is not None and outcome.missing.steps == "departure"
    assert statuses_of(judge(history_of(), 100, shipment={"origin": "VN", "dates": {}})) == ["pass"]


def test_over_by_no_more_than_the_margin_only_informs() -> None:
    assert [judge(None, weight)[0].at_most for weight in (21000, 21001)] == [Force.INFORMS, Force.BLOCKS]


def test_alone_a_manifest_is_compared_with_the_bound() -> None:
    assert statuses_of(judge(None, 20000)) == ["pass"]
    (outcome,) = judge(None, 30000)
    assert outcome.because is not None and outcome.because.key == "check.drawn.alone_net_kg"


def test_weights_that_are_not_known_leave_it_undecided_unless_the_known_are_too_much() -> None:
    silent = PERMIT._replace(reference="A-2", net_kg=None)
    assert statuses_of(judge(history_of(silent))) == ["unknown"]
    assert statuses_of(judge(history_of(silent, PERMIT), 12001)) == ["fail"]
    (outcome,) = judge(None, None)
    assert outcome.missing == Missing(parent=("lots", 0, "quantity"), steps="net_kg", is_last=True)


def test_a_paper_without_a_number_is_unknown_where_there_are_others_to_compare_with() -> None:
    data = make_data(
        lots=[make_lot(quantity={"net_kg": 100})], documents=[{"type": "quarantine-permit", "net_kg": 20000}]
    )
    for history, status in ((None, "pass"), (history_of(), "unknown")):
        context = make_context(data, each="shipment", history=history)
        assert statuses_of(run_check("drawn", context, FIELD, {"per": "net_kg"})) == [status]


def test_a_paper_of_another_issuer_counts_for_a_warning_only() -> None:
    other = history_of(PERMIT._replace(issuer="office two"))
    (outcome,) = judge(other, 15000, issuer="Office One")
    assert (outcome.status, outcome.at_most) == (Status.FAIL, Force.WARNS)


# Of orchards

YIELDS = make_table(
    "yields", ["product"], make_row({"product": "durian-fresh", "t_per_ha": "20", "season_days": "240"})
)
ORCHARD = USE._replace(kind="orchard", key="OR1 durian-fresh", reference="A-1", start="2026-04-01")


def season(history: History | None, registers: dict[str, object] | None = None, **orchard: object) -> list[str]:
    lot = make_lot(
        quantity={"net_kg": 12000}, dates={"harvested": "2026-11-20"}, orchards=[{"code": "OR-1", **orchard}]
    )
    data = make_data(reference="A-5", lots=[lot])
    context = make_context(data, each="shipment", history=history, tables={"yields": YIELDS}, registers=registers or {})
    options = {"per": "net_kg", "table": "yields", "register": "orchards"}
    return statuses_of(run_check("drawn", context, "lots[*].orchards[*].code", options))


def test_an_orchard_bears_its_area_times_the_yield_over_a_season() -> None:
    assert season(None, area_ha=1) == ["pass"]
    assert season(None, area_ha=Decimal("0.5")) == ["fail"]
    assert season(history_of(ORCHARD), area_ha=1) == ["fail"]
    assert season(history_of(ORCHARD._replace(start="2026-03-25")), area_ha=1) == ["pass"]


def test_the_area_of_the_register_holds_over_that_of_the_manifest() -> None:
    registers = {"orchards": make_register("orchards", make_entry("OR-1", area_ha=Decimal("0.5")))}
    assert season(None, dict(registers), area_ha=10) == ["fail"]
    assert season(None, area_ha=10) == ["pass"]
    assert season(None) == ["unknown"]


def test_options_and_words() -> None:
    assert takes_options("drawn", {"per": "lots"})
    assert not takes_options("drawn", {"per": "boxes"}) and not takes_options("drawn", {"per": "lots", "register": "r"})
    assert say_options("drawn", {"per": "lots"}).en == "with all earlier consignments, no more than this number of lots"
    assert "yields" in say_options("drawn", {"per": "net_kg", "table": "yields"}).en


def test_a_number_of_nothing_but_dashes_is_none() -> None:
    (outcome,) = judge(history_of(), number="-")
    assert outcome.missing is not None and outcome.missing.steps == "number"
    assert statuses_of(judge(None, number="-")) == ["pass"]
