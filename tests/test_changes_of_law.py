# SPDX-License-Identifier: Apache-2.0
"""A manifest before and after each change of law gets the answer of its date."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pytest

from borderready.cli.session import kind_schemas
from borderready.core import check_shipment
from borderready.model import Event, Finding, Manifest, RuleBase, Status
from borderready.read.manifest import parse_manifests
from borderready.read.rule_cache import load_rule_base

ROOT = Path(__file__).resolve().parents[1]
HEAD = "borderready: 1\nshipment: {origin: VN, mode: road}\n"
DURIAN = "lots: [{id: L1, product: durian-fresh}]\ndocuments: [{type: lab-report, results: [%s]}]\n"
CADMIUM = "{analyte: cadmium, part: pulp, value: 0.06, unit: mg/kg}"


@cache
def rule_base() -> RuleBase:
    return load_rule_base(ROOT / "rules", kind_schemas(), cache_dir=None, engine="test", name="cn")


def findings_of(rule: str, text: str, event: Event, day: str) -> list[Finding]:
    (manifest,) = parse_manifests((HEAD + text).encode(), file="m.yaml")
    assert isinstance(manifest, Manifest), manifest
    report = check_shipment(manifest, rule_base(), days={event: day})
    return [finding for finding in report.findings if finding.rule.id == rule]


def answer(rule: str, text: str, event: Event, day: str) -> tuple[str, str, str] | None:
    """Return status, start of the wording and instrument of the first finding of a rule."""
    for finding in findings_of(rule, text, event, day):
        assert finding.wording is not None
        return str(finding.status), finding.wording.start, finding.wording.source.instrument
    return None


def day_before(day: str) -> str:
    return (date.fromisoformat(day) - timedelta(days=1)).isoformat()


@pytest.mark.parametrize(
    ("rule", "text", "event", "day", "before", "after"),
    [
        (
            "any/food/plant-number",
            "lots: [{id: L1, product: tea, plant: {name: Shan House}}]\n",
            Event.DECLARATION,
            "2026-06-01",
            ("fail", "2022-01-01", "gacc-decree-248-2021"),
            ("fail", "2026-06-01", "gacc-decree-280-2025"),
        ),
        (
            "any/fresh-fruit/cadmium",
            DURIAN % CADMIUM,
            Event.ARRIVAL,
            "2026-09-02",
            ("fail", "2023-06-30", "gb-2762-2022"),
            ("fail", "2026-09-02", "gb-2762-2025"),
        ),
        (
            "vn/durian-fresh/test-report-auramine-o",
            DURIAN % CADMIUM,
            Event.ARRIVAL,
            "2025-01-10",
            ("upcoming", "2025-01-10", "gacc-durian-tests-2025"),
            ("fail", "2025-01-10", "gacc-durian-tests-2025"),
        ),
        (
            "any/prepacked-food/label-items",
            "lots: [{id: L1, product: tea, labels: {chinese: {languages: [zh], product_name: 茶}}}]\n",
            Event.PRODUCTION,
            "2027-03-16",
            ("fail", "2012-04-20", "gb-7718-2011"),
            ("fail", "2027-03-16", "gb-7718-2025"),
        ),
        (
            "vn/banana/maturity",
            "lots: [{id: L1, product: banana, maturity: {weeks_after_flowering: 17}}]\n",
            Event.ARRIVAL,
            "2022-11-08",
            ("upcoming", "2022-11-08", "protocol-vn-banana-2022"),
            ("fail", "2022-11-08", "protocol-vn-banana-2022"),
        ),
        (
            "vn/banana/protocol-term",
            "lots: [{id: L1, product: banana}]\n",
            Event.ARRIVAL,
            "2027-08-01",
            None,
            ("manual", "2027-08-01", "protocol-vn-banana-2022"),
        ),
    ],
)
def test_the_day_and_the_day_before_have_each_their_own_answer(
    rule: str,
    text: str,
    event: Event,
    day: str,
    before: tuple[str, str, str] | None,
    after: tuple[str, str, str],
) -> None:
    assert answer(rule, text, event, day_before(day)) == before
    assert answer(rule, text, event, day) == after


@pytest.mark.parametrize(
    ("product", "day", "before", "after"),
    [
        ("jackfruit", "2026-06-01", "gacc-fresh-fruit-list", "gacc-2025-251"),
        ("banana", "2022-11-08", "gacc-fresh-fruit-list", "gacc-vn-banana-2022"),
    ],
)
def test_access_before_and_after_a_protocol_rests_on_another_instrument(
    product: str, day: str, before: str, after: str
) -> None:
    def source_on(when: str) -> tuple[Status, str]:
        lots = f"lots: [{{id: L1, product: {product}}}]\n"
        (finding,) = findings_of("any/any/market-access", lots, Event.ARRIVAL, when)
        assert finding.source is not None
        return finding.status, finding.source.instrument

    assert source_on(day_before(day)) == (Status.PASS, before)
    assert source_on(day) == (Status.PASS, after)


@pytest.mark.parametrize("product", ["cement", "clinker", "machinery"])
def test_goods_that_no_rule_covers_are_undecided_and_never_ready(product: str) -> None:
    (finding,) = findings_of(
        "any/any/market-access", f"lots: [{{id: L1, product: {product}}}]\n", Event.ARRIVAL, "2026-11-26"
    )
    assert finding.status is Status.UNKNOWN
    assert finding.outcome.because is not None
    assert finding.outcome.because.key == "check.listed.unknown_product"


@pytest.mark.parametrize(
    "product", ["pomelo", "avocado", "custard-apple", "water-apple", "star-apple", "pineapple", "frozen-fruit-other"]
)
def test_fruit_that_is_not_open_is_held(product: str) -> None:
    lots = f"lots: [{{id: L1, product: {product}}}]\n"
    (finding,) = findings_of("any/any/market-access", lots, Event.ARRIVAL, "2026-11-26")
    assert (finding.status, str(finding.force)) == (Status.UNKNOWN, "blocks")
    assert finding.source is not None
