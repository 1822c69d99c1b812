# SPDX-License-Identifier: Apache-2.0
"""Papers of one manifest agree: whole manifests, each changed in one place, and the one finding that follows."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from borderready.cli.session import kind_schemas
from borderready.core import check_shipment
from borderready.model import Finding, Force, Manifest, Report, RuleBase, Status
from borderready.read.manifest import read_manifests
from borderready.read.register import read_registers
from borderready.read.rule_cache import load_rule_base

ROOT = Path(__file__).resolve().parents[1]
CLEAN = {name: (ROOT / "examples" / f"{name}-ready.yaml").read_text("utf-8") for name in ("durian", "seafood", "rice")}
SECOND_LOT = """  - {id: L2, product: durian-fresh, quantity: {packages: 1, net_kg: 18, gross_kg: 19}}
documents:
"""


@cache
def rule_base() -> RuleBase:
    return load_rule_base(ROOT / "rules", kind_schemas(), cache_dir=None, engine="test", name="cn")


def check(text: str, folder: Path) -> Report:
    path = folder / "manifest.yaml"
    path.write_text(text, encoding="utf-8")
    (manifest,) = read_manifests(str(path))
    assert isinstance(manifest, Manifest), manifest
    return check_shipment(
        manifest, rule_base(), registers=read_registers(ROOT / "examples" / "registers", shown_as="r")
    )


def fails_of(report: Report) -> list[Finding]:
    return [finding for finding in report.findings if finding.status is Status.FAIL]


def swap_after(text: str, anchor: str, old: str, new: str) -> str:
    """Replace the first `old` after an anchor; both must be there."""
    head, found, tail = text.partition(anchor)
    assert found, anchor
    assert old in tail, old
    return head + found + tail.replace(old, new, 1)


def words_at(report: Report, text: str, path: tuple[str | int, ...]) -> str:
    """Return what stands at a place of the manifest, from its column on."""
    span = report.manifest.locate(path)
    return text.splitlines()[span.line - 1][span.column - 1 :]


PC, HC = "type: phytosanitary-certificate", "type: health-certificate"
CO, LIST, BILL = "type: certificate-of-origin", "type: packing-list", "type: bill-of-lading"
REPORT = "type: lab-report"
IMPORTER = "Guangxi Guoxian Import & Export Co., Ltd."
# Name of the clean twin, anchor, what is changed there, into what; the rule, what stands at its place, at the other.
ONE_CHANGE = {
    "container on the certificate": (
        *("durian", PC, "TCLU1234568", "TCLU1234569"),
        *("any/fresh-fruit/certificate-container", "TCLU1234569", "TCLU1234568"),
    ),
    "container on the packing list": (
        *("durian", LIST, "TCLU1234568", "TCLU1234569"),
        *("any/fresh-fruit/packing-list-container", "TCLU1234569", "TCLU1234568"),
    ),
    "container on the bill of lading": (
        *("seafood", BILL, "TCLU1234568", "TCLU1234569"),
        *("any/any/paper-container", "TCLU1234569", "TCLU1234568"),
    ),
    "container on the health certificate": (
        *("seafood", HC, "TCLU1234568", "TCLU1234569"),
        *("vn/aquatic/certificate-container", "TCLU1234569", "TCLU1234568"),
    ),
    "seal on the certificate": (
        *("durian", PC, "VN0012345", "VN0012346"),
        *("any/fresh-fruit/certificate-seal", "VN0012346", "VN0012345"),
    ),
    "seal on the health certificate": (
        *("seafood", HC, "VN0020922", "VN0020923"),
        *("any/any/paper-seal", "VN0020923", "VN0020922"),
    ),
    "plate of the trailer": (
        *("durian", BILL, "29R-001.23", "29R-001.24"),
        *("any/any/paper-vehicle", "29R-001.24", "29H-123.45"),
    ),
    "packages on the certificate": (
        *("durian", PC, "packages: 900", "packages: 901"),
        *("any/fresh-fruit/certificate-packages", "901", "900"),
    ),
    "packages on the packing list": (
        *("seafood", LIST, "packages: 1800", "packages: 1801"),
        *("any/any/paper-packages", "1801", "1800"),
    ),
    "net weight on the certificate": (
        *("durian", PC, "net_kg: 16200", "net_kg: 16201"),
        *("any/fresh-fruit/certificate-weight", "16201", "16200"),
    ),
    "net weight on the packing list": (
        *("seafood", LIST, "net_kg: 18000", "net_kg: 18001"),
        *("any/any/paper-net-weight", "18001", "18000"),
    ),
    "net weight in the declaration": (
        *("seafood", "declaration: {", "net_kg: 18000", "net_kg: 18001"),
        *("any/any/declared-net-weight", "18001", "18000"),
    ),
    "gross weight on the packing list": (
        *("seafood", LIST, "gross_kg: 20700", "gross_kg: 20701"),
        *("any/any/paper-gross-weight", "20701", "20700"),
    ),
    "gross weight of the fruit": (
        *("durian", LIST, "gross_kg: 17100", "gross_kg: 17101"),
        *("any/fresh-fruit/packing-list-gross-weight", "17101", "17100"),
    ),
    "commodity code on the proof of origin": (
        *("durian", CO, "081060", "081090"),
        *("any/any/origin-proof-commodity-code", "081090", "0810600000"),
    ),
    "commodity code on the export declaration": (
        *("seafood", "type: export-declaration", "customs_type", "hs_codes: [030616], customs_type"),
        *("any/any/paper-commodity-code", "030616", "0306172900"),
    ),
    "commodity code in the declaration": (
        *("seafood", "declaration: {", "0306172900", "0306162900"),
        *("any/any/declared-code-of-lot", "0306162900", "0306172900"),
    ),
    "species on the certificate": (
        *("durian", PC, "Durio zibethinus", "Durio kutejensis"),
        *("any/fresh-fruit/undeclared-fruit", "Durio kutejensis", "Durio zibethinus"),
    ),
    "species on the health certificate": (
        *("seafood", HC, "Litopenaeus vannamei", "Penaeus monodon"),
        *("vn/aquatic/certificate-species", "Penaeus monodon", "Litopenaeus vannamei"),
    ),
    "origin on the proof of origin": (
        *("durian", CO, "origin: VN", "origin: LA"),
        *("any/any/origin-proof-country", "LA", "VN"),
    ),
    "consignee, another firm": (
        *("durian", PC, IMPORTER, "Hailan Fruit Co., Ltd."),
        *("any/any/paper-consignee", "Hailan", '"Guangxi Guoxian'),
    ),
    "consignee in another form": (
        *("durian", PC, IMPORTER, "Guǎngxī Guóxiān Trading Limited"),
        *("any/any/paper-consignee", "Guǎngxī", '"Guangxi Guoxian'),
    ),
    "consignee of seafood": (
        *("seafood", HC, "Guangzhou Haiyun Aquatic Products Co., Ltd.", "Hailan Fruit"),
        *("any/any/paper-consignee", "Hailan", '"Guangzhou'),
    ),
    "holder of the permit": (
        *("durian", "type: quarantine-permit", IMPORTER, "Hailan Fruit"),
        *("any/fresh-fruit/quarantine-permit-holder", '"Hailan', '"Guangxi Guoxian'),
    ),
    "exporter on the proof of origin": (
        *("durian", CO, "An Phu Fruit Co., Ltd.", "Nam Viet Fruit"),
        *("any/any/origin-proof-exporter", "Nam Viet", '"An Phu Fruit'),
    ),
    "exporter on the certificate": (
        *("seafood", HC, "net_kg: 18000", "net_kg: 18000\n    exporter: Nam Viet Seafood"),
        *("any/any/paper-exporter", "Nam Viet", "Dam Doi"),
    ),
    "orchard on the certificate": (
        *("durian", PC, "VN-DLOR-0123", "VN-DLOR-0124"),
        *("vn/fresh-fruit/certificate-orchards", "VN-DLOR-0124", "VN-DLOR-0123"),
    ),
    "orchard on the label": (
        *("durian", "labels:", "orchard: VN-DLOR-0123", "orchard: VN-DLOR-0124"),
        *("vn/fresh-fruit/label-orchard-code", "VN-DLOR-0124", "VN-DLOR-0123"),
    ),
    "packing house on the certificate": (
        *("durian", PC, "VN-DLPH-014", "VN-DLPH-015"),
        *("vn/fresh-fruit/certificate-packhouse", "VN-DLPH-015", "VN-DLPH-014"),
    ),
    "packing house on the label": (
        *("durian", "labels:", "packhouse: VN-DLPH-014", "packhouse: VN-DLPH-015"),
        *("vn/fresh-fruit/label-packhouse-code", "VN-DLPH-015", "VN-DLPH-014"),
    ),
    "orchard on the test report": (
        *("durian", REPORT, "orchards: [VN-DLOR-0123]", "orchards: [VN-DLOR-0124]"),
        *("vn/durian-fresh/test-report-orchard", "VN-DLOR-0123", "VN-DLOR-0124"),
    ),
    "invoice on Form E": (
        *("durian", CO, "AP-INV-2026-088", "AP-INV-2026-089"),
        *("any/any/form-e-invoice", "AP-INV-2026-088", "AP-INV-2026-089"),
    ),
    "contract on the invoice": (
        *("durian", "type: commercial-invoice", "issuer_country", "contract: GX-AP-2026-32, issuer_country"),
        *("any/any/paper-contract", "GX-AP-2026-32", "GX-AP-2026-31"),
    ),
    "harvest after packing": (
        *("durian", "dates: {harvested", "2026-11-20", "2026-11-23"),
        *("any/any/packed-after-harvest", "2026-11-22", "2026-11-23"),
    ),
    "packing after inspection": (
        *("durian", "dates: {harvested", "packed: 2026-11-22", "packed: 2026-11-24"),
        *("any/any/inspection-after-packing", "2026-11-23", "2026-11-24"),
    ),
    "inspection after the certificate": (
        *("durian", "inspection:", "2026-11-23", "2026-11-25"),
        *("any/any/certificate-after-inspection", "2026-11-24", "2026-11-25"),
    ),
    "certificate after departure": (
        *("durian", PC, "issued: 2026-11-24", "issued: 2026-11-26"),
        *("any/any/certificate-before-departure", "2026-11-26", "2026-11-25"),
    ),
    "certificate after arrival": (
        *("durian", PC, "issued: 2026-11-24", "issued: 2026-11-28"),
        *("any/any/certificate-before-departure", "2026-11-28", "2026-11-25"),
    ),
    "departure after arrival": (
        *("durian", "dates: {departure", "2026-11-25", "2026-11-27"),
        *("any/any/arrival-after-departure", "2026-11-26", "2026-11-27"),
    ),
    "production after departure": (
        *("seafood", "dates: {harvested", "produced: 2026-10-29", "produced: 2026-11-21"),
        *("any/any/produced-before-departure", "2026-11-21", "2026-11-20"),
    ),
    "harvest after freezing": (
        *("seafood", "dates: {harvested", "frozen: 2026-10-29", "frozen: 2026-10-27"),
        *("any/any/frozen-after-harvest", "2026-10-27", "2026-10-28"),
    ),
    "health certificate after arrival": (
        *("seafood", HC, "issued: 2026-11-18", "issued: 2026-11-26"),
        *("any/any/paper-before-arrival", "2026-11-26", "2026-11-25"),
    ),
    "test report after the certificate": (
        *("durian", REPORT, "issued: 2026-11-23", "issued: 2026-11-25"),
        *("vn/durian-fresh/test-report-date", "2026-11-25", "2026-11-24"),
    ),
    "test report before its sample": (
        *("seafood", REPORT, "issued: 2026-11-09", "issued: 2026-11-01"),
        *("any/any/test-report-after-sampling", "2026-11-01", "2026-11-02"),
    ),
    "contract before the permit": (
        *("durian", "type: contract", "2026-10-05", "2026-09-16"),
        *("any/fresh-fruit/quarantine-permit-before-contract", "2026-09-16", "2026-09-17"),
    ),
    "authorisation run out": (
        *("durian", "type: code-authorisation", "2027-05-31", "2026-11-24"),
        *("vn/fresh-fruit/authorisation-validity", "2026-11-25", "2026-11-24"),
    ),
    "certificate not yet valid": (
        *("seafood", HC, "issued: 2026-11-18", "issued: 2026-11-18\n    valid_from: 2026-11-21"),
        *("any/any/paper-valid-from", "2026-11-20", "2026-11-21"),
    ),
}


@pytest.mark.parametrize("name", CLEAN)
def test_the_clean_twin_has_no_disagreement(name: str, tmp_path: Path) -> None:
    assert fails_of(check(CLEAN[name], tmp_path)) == []


@pytest.mark.parametrize("name", ONE_CHANGE)
def test_one_disagreement_is_one_finding_that_names_both_places(name: str, tmp_path: Path) -> None:
    twin, anchor, old, new, rule, here, there = ONE_CHANGE[name]
    text = swap_after(CLEAN[twin], anchor, old, new)
    report = check(text, tmp_path)
    assert [finding.rule.id for finding in fails_of(report)] == [rule]
    (outcome,) = (finding.outcome for finding in fails_of(report))
    assert outcome.path is not None
    assert words_at(report, text, outcome.path).startswith(here)
    assert words_at(report, text, outcome.related[0]).startswith(there)


@pytest.mark.parametrize(
    "written",
    [
        "GUANGXI GUOXIAN IMPORT & EXPORT CO., LTD.",
        "Guangxi Guoxian Import & Export Co Ltd",
        "Guangxi  Guoxian Import-Export Co. Ltd",
    ],
)
def test_a_name_that_differs_in_case_and_punctuation_alone_agrees(written: str, tmp_path: Path) -> None:
    assert fails_of(check(swap_after(CLEAN["durian"], PC, IMPORTER, written), tmp_path)) == []


@pytest.mark.parametrize(
    ("written", "because"),
    [("Guangxi Guoxian JSC", "check.same.form"), ("Guangxi Guoxin Import & Export Co., Ltd.", None)],
)
def test_a_form_of_a_name_is_told_as_that_and_another_firm_is_not(
    written: str, because: str | None, tmp_path: Path
) -> None:
    report = check(swap_after(CLEAN["durian"], PC, IMPORTER, written), tmp_path)
    (outcome,) = (finding.outcome for finding in fails_of(report))
    assert (outcome.because.key if outcome.because else None) == because
    assert outcome.at_most is (Force.WARNS if because else Force.BLOCKS)


def test_a_lot_that_no_certificate_covers_is_told_once(tmp_path: Path) -> None:
    report = check(swap_after(CLEAN["durian"], PC, "covers: [L1]", "covers: []"), tmp_path)
    assert [finding.rule.id for finding in fails_of(report)] == ["any/fresh-fruit/phytosanitary-certificate"]


def test_totals_are_compared_with_the_sum_of_all_lots_that_a_paper_covers(tmp_path: Path) -> None:
    text = swap_after(CLEAN["durian"], "declaration: {", "documents:\n", SECOND_LOT)
    fails = {str(finding.rule.id): finding.outcome for finding in fails_of(check(text, tmp_path))}
    sums = {
        "any/fresh-fruit/packing-list-packages": ("900", "901"),
        "any/fresh-fruit/packing-list-net-weight": ("16200", "16218"),
        "any/fresh-fruit/packing-list-gross-weight": ("17100", "17119"),
    }
    assert {rule: (fails[rule].found, fails[rule].expected) for rule in sums} == sums
    assert "any/fresh-fruit/certificate-weight" not in fails


def test_a_wrong_container_of_the_manifest_is_one_finding_for_each_paper_that_differs(tmp_path: Path) -> None:
    text = swap_after(CLEAN["durian"], "transport: {", "TCLU1234568", "MSKU9073235")
    assert sorted(finding.rule.id for finding in fails_of(check(text, tmp_path))) == [
        "any/fresh-fruit/certificate-container",
        "any/fresh-fruit/packing-list-container",
        "any/fresh-fruit/transport-document-container",
    ]
