# SPDX-License-Identifier: Apache-2.0
"""`path-agrees`: the folder of a rule is what the rule applies to, and its subject has a day of its basis."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pack.build import CASES_FILE, CLEAN, RULE_FILE, lint_files

PRODUCTS = {
    "products.yaml": CLEAN["products.yaml"]
    + """\
  fig:
    name: {en: Fig, vi: Sung, zh: 无花果}
    form: fresh
    groups: [fruit]
  salt:
    name: {en: Salt, vi: Muối, zh: 盐}
    form: dried
    groups: []
"""
}


def _lint(
    root: Path, folder: str, applies_to: str, each: str = "shipment", basis: str = "arrival"
) -> list[tuple[str, str, str]]:
    files = {name: text for name, text in CLEAN.items() if name not in (RULE_FILE, CASES_FILE)} | PRODUCTS
    files[f"{folder}/seal.yaml"] = (
        CLEAN[RULE_FILE]
        .replace("id: any/any/seal", f"id: {folder}/seal")
        .replace("applies_to: {}", f"applies_to: {applies_to}")
        .replace("each: shipment", f"each: {each}")
        .replace("basis: arrival", f"basis: {basis}")
    )
    files[f"{folder}/seal.cases.yaml"] = CLEAN[CASES_FILE]
    return lint_files(root, files)


@pytest.mark.parametrize(
    ("folder", "applies_to", "told"),
    [
        ("vn/any", "{}", "stands in vn/, applies to any origin"),
        ("vn/any", "{origin: [TH]}", "stands in vn/, applies to TH"),
        ("vn/any", "{origin: [VN, TH]}", "stands in vn/, applies to VN, TH"),
        ("any/any", "{origin: [VN]}", "stands in any/, applies to VN"),
        ("any/plum", "{}", "stands in plum/, applies to any product"),
        ("any/plum", "{product: [fig]}", "stands in plum/, applies to fig"),
        ("any/plum", "{product: [plum, fig]}", "stands in plum/, applies to plum, fig"),
        ("any/fruit", "{product: [plum, salt]}", "stands in fruit/, applies to plum, salt"),
        ("any/any", "{product: [plum]}", "stands in any/, applies to plum"),
    ],
)
def test_folder_of_other_goods_or_origins_is_an_error(folder: str, applies_to: str, told: str, tmp_path: Path) -> None:
    assert _lint(tmp_path, folder, applies_to) == [("error", f"{folder}/seal.yaml:4:1", f"path-agrees: {told}")]


@pytest.mark.parametrize(
    ("folder", "applies_to"),
    [
        ("any/any", "{}"),
        ("any/any", "{origin: [VN, TH]}"),
        ("any/any", "{product: [plum, salt]}"),
        ("vn/any", "{origin: [VN]}"),
        ("any/plum", "{product: [plum]}"),
        ("any/fruit", "{product: [fruit]}"),
        ("any/fruit", "{product: [plum, fig]}"),
        ("vn/plum", "{origin: [VN], product: [plum]}"),
    ],
)
def test_folder_of_its_own_is_clean(folder: str, applies_to: str, tmp_path: Path) -> None:
    assert _lint(tmp_path, folder, applies_to) == []


@pytest.mark.parametrize(
    ("each", "basis", "told"),
    [
        ("shipment", "packing", "a shipment has no day of packing"),
        ("shipment", "harvest", "a shipment has no day of harvest"),
        ("shipment", "production", "a shipment has no day of production"),
        ("shipment", "issue", "a shipment has no day of issue"),
        ("lab-report", "packing", "a lab-report has no day of packing"),
    ],
)
def test_basis_of_which_the_subject_has_no_day_is_an_error_told_once(
    each: str, basis: str, told: str, tmp_path: Path
) -> None:
    assert _lint(tmp_path, "any/any", "{}", each, basis) == [("error", "any/any/seal.yaml:6:8", f"path-agrees: {told}")]


@pytest.mark.parametrize(("each", "basis"), [("lot", "packing"), ("lot", "issue"), ("lab-report", "issue")])
def test_basis_of_which_the_subject_has_a_day_is_clean(each: str, basis: str, tmp_path: Path) -> None:
    assert _lint(tmp_path, "any/any", "{}", each, basis) == []
