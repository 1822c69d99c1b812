# SPDX-License-Identifier: Apache-2.0
"""What a consignment uses, what others used, and whole runs under the real rules: who fails, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cache
from itertools import permutations
from pathlib import Path
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from borderready.across import identity_of, uses_of
from borderready.cli.session import kind_schemas
from borderready.core import check_shipment
from borderready.histories import make_histories
from borderready.model import Manifest, RuleBase, Use
from borderready.read.rule_cache import load_rule_base
from tests.build import LAW, freeze_mapping, make_manifest

ROOT = Path(__file__).resolve().parents[1]
USE = Use(
    kind="lab-report",
    key="LR1",
    reference="A-1",
    file="a.yaml",
    start="2026-11-25",
    until="2026-11-26",
    net_kg=Decimal(9000),
    lots=1,
    place="huu-nghi > youyiguan",
    exporter="An Phu Fruit",
)


@cache
def rule_base() -> RuleBase:
    return load_rule_base(ROOT / "rules", kind_schemas(), cache_dir=None, engine="test", name="cn")


def truck(reference: str, **changes: object) -> dict[str, object]:
    """Return a truck of 8 t of durian from one hectare, with changes of its parts."""
    day = str(changes.pop("day", "2026-11-25"))
    shipment = {
        "origin": "VN",
        "mode": "road",
        "route": changes.pop("route", {"exit": "huu-nghi", "entry": "youyiguan"}),
        "transport": {"container": changes.pop("container", f"BOX {reference}")},
        "dates": {"departure": day, "arrival": day},
    }
    lot = {
        "id": "L1",
        "product": "durian-fresh",
        "quantity": {"net_kg": changes.pop("net_kg", 8000)},
        "dates": {"harvested": day, "packed": day},
        "orchards": changes.pop("orchards", [{"code": f"OR-{reference}", "area_ha": 100}]),
    }
    return {"borderready": 1, "reference": reference, "shipment": shipment, "lots": [lot], **changes}


def failing(runs: Sequence[Mapping[str, object]], rule: str) -> list[str]:
    """Check several manifests as one run and return the references of those that fail a rule, in the order given."""
    manifests = [make_manifest(data, file=f"{index}.yaml") for index, data in enumerate(runs)]
    return [str(manifest.reference) for manifest, found in told(manifests, rule) if "fail" in found]


def told(manifests: Sequence[Manifest], rule: str) -> list[tuple[Manifest, list[str]]]:
    alone = replace(rule_base(), rules=tuple(known for known in rule_base().rules if known.id == rule))
    assert len(alone.rules) == 1, rule
    uses = [use for one in manifests for use in uses_of(one.data, identity_of(one), one.file)]
    history_of = make_histories(uses)
    reports = [(one, check_shipment(one, alone, history=history_of(identity_of(one)))) for one in manifests]
    return [(one, [f"{finding.status}" for finding in report.findings]) for one, report in reports]


def certificate(number: str) -> list[dict[str, object]]:
    return [{"type": "phytosanitary-certificate", "number": number, "issued": "2026-11-24"}]


# What a consignment uses


def test_papers_containers_and_orchards_are_uses_with_the_weight_that_they_cover() -> None:
    data = {
        "shipment": {
            "route": {"exit": "huu-nghi", "entry": "youyiguan"},
            "transport": {"container": "TCLU 123456-8"},
            "dates": {"departure": "2026-11-25", "arrival": "2026-11-26"},
        },
        "parties": {"exporter": {"name": "An Phu Fruit"}},
        "lots": [
            {
                "id": "L1",
                "product": "durian-fresh",
                "quantity": {"net_kg": 9000},
                "dates": {"harvested": "2026-11-20"},
                "orchards": [{"code": "VN-DLOR-0123"}],
            },
            {"id": "L2", "product": "banana", "quantity": {"net_kg": 500}, "orchards": [{"code": "X"}, {"code": "Y"}]},
        ],
        "documents": [
            {"type": "lab-report", "number": "LR 1", "laboratory": "Lab Alpha", "covers": ["L1"]},
            {"type": "contract"},
        ],
    }
    box = USE._replace(kind="container", key="TCLU1234568", net_kg=Decimal(9500), lots=2)
    orchard = USE._replace(kind="orchard", key="VNDLOR0123 durian-fresh", start="2026-11-20")
    unknown = USE._replace(kind="orchard", key="X banana", start=None, net_kg=None)
    assert uses_of(freeze_mapping(data), "A-1", "a.yaml") == (
        USE._replace(issuer="lab alpha"),
        box,
        orchard,
        unknown,
        unknown._replace(key="Y banana"),
    )


def test_one_number_twice_in_a_manifest_is_one_use_of_all_lots() -> None:
    data = {
        "lots": [{"id": name, "product": "banana", "quantity": {"net_kg": 100}} for name in ("L1", "L2", "L3")],
        "documents": [
            {"type": "lab-report", "number": "LR-1", "covers": ["L1"]},
            {"type": "lab-report", "number": "lr1", "covers": ["L1", "L2"]},
        ],
    }
    (use,) = uses_of(freeze_mapping(data), "A-1", "a.yaml")
    assert (use.key, use.net_kg, use.lots) == ("LR1", Decimal(200), 2)


def test_of_a_paper_that_lends_codes_only_the_fruit_under_them_counts() -> None:
    orchards = [{"code": "A-1", "net_kg": 300}, {"code": "A-2", "net_kg": 200}]
    lots = [{"id": "L1", "product": "banana", "packhouse": {"code": "P-1"}, "orchards": orchards}]
    weighed = [{**lots[0], "quantity": {"net_kg": 500}}]
    for codes, net_kg in (["A-1"], 300), (["A-1", "A-2"], 500), (["P-1"], 500), (["Z-9"], 0):
        data = {"lots": weighed, "documents": [{"type": "code-authorisation", "number": "U", "codes": codes}]}
        assert uses_of(freeze_mapping(data), "A-1", "a.yaml")[0].net_kg == Decimal(net_kg)


# What others used

uses = st.builds(
    lambda number, day, file: USE._replace(reference=f"R-{number}", start=day, file=file),
    st.integers(0, 4),
    st.sampled_from([None, "2026-11-01", "2026-11-02"]),
    st.sampled_from(["a.yaml", "b.yaml"]),
)


@settings(LAW, max_examples=100)
@given(st.lists(uses, unique_by=lambda use: use.reference), st.randoms())
def test_a_history_leaves_out_oneself_and_does_not_depend_on_the_order(found: list[Use], chance: Random) -> None:
    mixed = list(found)
    chance.shuffle(mixed)
    history = [*make_histories(found)("r-1")("lab-report", "LR1", None)]
    assert history == [*make_histories(mixed)("R-1")("lab-report", "LR1", None)]
    assert {use.reference for use in history} == {use.reference for use in found} - {"R-1"}
    assert [use.start or "" for use in history] == sorted(use.start or "" for use in history)


def test_the_run_wins_over_the_ledger_for_a_reference_in_both() -> None:
    old, other = USE._replace(reference="a-2", net_kg=Decimal(1)), USE._replace(reference="A-3")
    new = USE._replace(reference="A-2", file="new.yaml")
    history_of = make_histories([new], lambda kind, key: (old, other, USE))
    assert [*history_of("A-1")("lab-report", "LR1", None)] == [new, other]


# Whole runs


def test_two_trucks_on_one_phytosanitary_certificate_both_fail_and_their_clean_twins_do_not() -> None:
    rule = "any/any/phytosanitary-certificate-once"
    first, second = truck("A-1", documents=certificate("PC-42")), truck("A-2", documents=certificate("pc 42"))
    assert failing([first, second], rule) == ["A-1", "A-2"]
    assert failing([first, truck("A-2", documents=certificate("PC-43"))], rule) == []
    assert failing([first, {**second, "reference": "a-1"}], rule) == []


def test_two_trucks_on_one_certificate_of_origin_both_fail() -> None:
    papers = [{"type": "certificate-of-origin", "number": "VN-CN 26/02/1"}]
    runs = [truck("A-1", documents=papers), truck("A-2", documents=papers)]
    assert failing(runs, "any/any/certificate-of-origin-once") == ["A-1", "A-2"]


def test_of_three_trucks_of_8_t_under_a_permit_for_20_t_the_third_fails_whatever_the_order_of_files() -> None:
    permit = [{"type": "quarantine-permit", "number": "AP-9", "net_kg": 20000}]
    trucks = [truck(f"A-{day}", day=f"2026-11-2{day}", documents=permit) for day in (1, 2, 3)]
    for order in permutations(trucks):
        assert failing(order, "any/fresh-fruit/quarantine-permit-quantity") == ["A-3"]
    same_day = [{**truck(name, documents=permit)} for name in ("B-1", "B-2", "B-3")]
    for order in permutations(same_day):
        assert failing(order, "any/fresh-fruit/quarantine-permit-quantity") == ["B-3"]


def test_an_orchard_of_one_hectare_that_ships_30_t_in_a_season_fails_with_the_load_that_is_too_much() -> None:
    orchards = [{"code": "VN-DLOR-0123", "area_ha": 1}]
    loads = [truck(f"A-{day}", day=f"2026-11-2{day}", net_kg=10000, orchards=orchards) for day in (1, 2, 3)]
    assert failing(loads, "vn/fresh-fruit/orchard-season-weight") == ["A-3"]
    assert failing(loads[:2], "vn/fresh-fruit/orchard-season-weight") == []


def test_a_container_in_lao_cai_and_in_lang_son_on_one_day_fails_in_both() -> None:
    rule, box = "any/any/container-apart", "TCLU1234568"
    north = truck("A-1", container=box, route={"exit": "lao-cai", "entry": "hekou"})
    assert failing([north, truck("A-2", container=box)], rule) == ["A-1", "A-2"]
    assert failing([north, truck("A-2", container=box, day="2026-11-27")], rule) == []
    assert failing([north, truck("A-2", container="TCLU7654321")], rule) == []


def test_a_report_for_one_lot_that_two_trucks_share_fails_with_the_later() -> None:
    report = {"type": "lab-report", "number": "LR-1", "laboratory": "lab-alpha"}
    shared = [truck(f"A-{day}", day=f"2026-11-2{day}", documents=[{**report, "batches": 1}]) for day in (1, 2)]
    assert failing(shared, "any/any/lab-report-lots") == ["A-2"]
    by_weight = [truck(f"A-{day}", day=f"2026-11-2{day}", documents=[{**report, "net_kg": 10000}]) for day in (1, 2)]
    assert failing(by_weight, "any/any/lab-report-weight") == ["A-2"]
    silent = [truck(name, documents=[report]) for name in ("A-1", "A-2")]
    assert failing(silent, "any/any/lab-report-once") == ["A-1", "A-2"]


def test_one_manifest_alone_is_not_compared_and_nothing_passes_for_it() -> None:
    across = [rule for rule in rule_base().rules if rule.check in ("once", "apart")]
    manifest = make_manifest(truck("A-1", documents=certificate("PC-42")))
    report = check_shipment(manifest, replace(rule_base(), rules=tuple(across)))
    assert (len(across), report.findings) == (5, ())


def test_manifests_without_a_reference_are_told_apart_by_their_place() -> None:
    rule = "any/any/phytosanitary-certificate-once"
    nameless = {key: value for key, value in truck("A", documents=certificate("PC-42")).items() if key != "reference"}
    found = told([make_manifest(nameless, index=index) for index in (0, 1)], rule)
    assert [statuses for _, statuses in found] == [["fail"], ["fail"]]
