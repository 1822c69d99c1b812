# SPDX-License-Identifier: Apache-2.0
"""Loads such as were refused since 2019, with invented firms and codes: each gives its finding, its clean twin none.

Suspended and borrowed codes (from 2022 on), gates closed over the holidays, straw under watermelons (May 2019), one
test report for several loads (2025), and more fruit under a code than its orchard can bear (2022).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest

from borderready.across import identity_of, uses_of
from borderready.cli.session import kind_schemas
from borderready.core import check_shipment
from borderready.histories import make_histories
from borderready.model import Force, Manifest, Report, RuleBase, Status, Verdict
from borderready.read.manifest import parse_manifests
from borderready.read.register import read_registers
from borderready.read.rule_cache import load_rule_base
from tests.build import swap

ROOT = Path(__file__).resolve().parents[1]
DURIAN = (ROOT / "examples" / "durian-ready.yaml").read_text("utf-8")
MELON = (ROOT / "examples" / "watermelon-ready.yaml").read_text("utf-8")
# Another load of the same firm: papers, container, plates and days of its own, nothing in common but the orchard.
OWN: Mapping[str, str] = {
    "AP-2026-1123": "AP-2026-1190",
    "PC-VII-2026-0042": "PC-VII-2026-0099",
    "VN-CN 26/02/12345": "VN-CN 26/02/12399",
    "LA-26-8888": "LA-26-9999",
    "TCLU1234568": "MSKU9073235",
    "VN0012345": "VN0012399",
}


@cache
def rule_base() -> RuleBase:
    return load_rule_base(ROOT / "rules", kind_schemas(), cache_dir=None, engine="test", name="cn")


def read(text: str) -> Manifest:
    (manifest,) = parse_manifests(text.encode(), file="m.yaml")
    assert isinstance(manifest, Manifest), manifest
    return manifest


def check(text: str, *others: str) -> Report:
    """Return the report of a load, compared with others where there are some."""
    manifest = read(text)
    uses = [use for other in map(read, others) for use in uses_of(other.data, identity_of(other), other.file)]
    return check_shipment(
        manifest,
        rule_base(),
        registers=read_registers(ROOT / "examples" / "registers", shown_as="registers"),
        history=make_histories(uses)(identity_of(manifest)) if others else None,
    )


def fails(report: Report) -> set[tuple[str, Force]]:
    return {(str(finding.rule.id), finding.force) for finding in report.findings if finding.status is Status.FAIL}


def another(text: str = DURIAN, *, keep: str = "") -> str:
    """Return another load; what `keep` names is that of the first one, too."""
    for old, new in OWN.items():
        text = text if old == keep else text.replace(old, new)
    return text


def on_days(departure: str, arrival: str) -> str:
    return swap(DURIAN, ("departure: 2026-11-25, arrival: 2026-11-26", f"departure: {departure}, arrival: {arrival}"))


def test_the_twins_are_clean() -> None:
    for report in (check(DURIAN), check(MELON), check(DURIAN, another())):
        assert (fails(report), report.verdict) == (set(), Verdict.READY)


@pytest.mark.parametrize(
    ("code", "because"),
    [
        ("VN-DLOR-0187", "check.listed.stopped"),
        ("VN-DLOR-0202", "check.listed.dropped"),
        ("VN-BTOR-0045", "check.listed.other_product"),
        ("VN-DLPH-014", "check.listed.wrong_list"),
        ("VN-DLOR-0132", "check.listed.absent_near"),
        ("VN-QQOR-7777", "check.listed.absent"),
    ],
)
def test_a_code_that_is_suspended_dropped_or_of_something_else_stops_the_load(code: str, because: str) -> None:
    report = check(DURIAN.replace("VN-DLOR-0123", code))
    assert ("vn/durian-fresh/orchard-code", Force.BLOCKS) in fails(report)
    (finding,) = [f for f in report.findings if f.rule.id == "vn/durian-fresh/orchard-code" and f.status is Status.FAIL]
    assert finding.outcome.because is not None
    assert finding.outcome.because.key == because
    assert finding.outcome.fix is not None
    assert report.verdict is Verdict.NOT_READY


def test_a_code_that_was_borrowed_without_a_paper_is_told() -> None:
    borrowed = DURIAN.replace("An Phu Fruit", "Ea Tul Trading")
    told = {rule for rule, _ in fails(check(borrowed))}
    assert "vn/fresh-fruit/packhouse-code-authorisation" in told


@pytest.mark.parametrize(
    ("departure", "arrival", "closed"),
    [
        ("2024-02-08", "2024-02-09", False),
        ("2024-02-09", "2024-02-10", True),
        ("2024-02-12", "2024-02-13", True),
        ("2024-02-17", "2024-02-18", False),
    ],
)
def test_a_gate_that_is_closed_is_told_on_these_days_only(departure: str, arrival: str, *, closed: bool) -> None:
    told = {rule for rule, _ in fails(check(on_days(departure, arrival)))}
    assert ("any/any/entry-gate-notice" in told) is closed


def test_straw_under_watermelons_stops_the_load() -> None:
    report = check(swap(MELON, ("padding: paper", "padding: straw")))
    assert {rule for rule, _ in fails(report)} == {"vn/fresh-fruit/plant-padding"}


def test_one_test_report_for_two_loads_is_told_of_both() -> None:
    second = another(keep="LA-26-8888")
    for one, other in ((DURIAN, second), (second, DURIAN)):
        assert fails(check(one, other)) == {("any/any/lab-report-once", Force.WARNS)}


def test_one_certificate_for_two_loads_stops_both() -> None:
    second = another(keep="PC-VII-2026-0042")
    for one, other in ((DURIAN, second), (second, DURIAN)):
        report = check(one, other)
        assert fails(report) == {("any/any/phytosanitary-certificate-once", Force.BLOCKS)}
        assert report.verdict is Verdict.NOT_READY


def test_more_fruit_than_an_orchard_bears_in_a_season_is_told() -> None:
    """1.2 ha bear some 24 t; the load that goes beyond is the second by its reference, whichever is checked first."""
    small = DURIAN.replace("area_ha: 12.5", "area_ha: 1.2")
    assert fails(check(small, another(small))) == set()
    assert fails(check(another(small), small)) == {("vn/fresh-fruit/orchard-season-weight", Force.WARNS)}
