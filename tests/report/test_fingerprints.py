# SPDX-License-Identifier: Apache-2.0
"""Fingerprints over whole reports and runs: what an edit of a manifest leaves alone, and that no two are equal."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from borderready.core import check_shipment
from borderready.fingerprint import fingerprint_of, fingerprints_of
from borderready.model import Finding, Report, Status
from tests.build import make_data, make_lot, make_manifest, make_rule, make_rule_base
from tests.command import MANIFESTS
from tests.report.streams import EVERY_MANIFEST, check_files


def _report(*lots: dict[str, object], rules: int = 1, **changes: object) -> Report:
    data = make_data(lots=list(lots) or [make_lot(variety="Musang")])
    base = make_rule_base(*(make_rule(f"vn/durian-fresh/variety-{number}") for number in range(rules)))
    return check_shipment(make_manifest(data, **changes), base)


def _prints(report: Report) -> tuple[str, ...]:
    return fingerprints_of(report.findings, report.manifest)


def _named(report: Report) -> dict[tuple[str, str, str], str]:
    return {
        (finding.rule.id, finding.subject.id, str(finding.outcome.path)): name
        for finding, name in zip(report.findings, _prints(report), strict=True)
    }


def _only(report: Report) -> tuple[Finding, str]:
    [finding], [name] = report.findings, _prints(report)
    return finding, name


@pytest.mark.parametrize("name", [name for name in EVERY_MANIFEST if name not in ("invalid", "ready")])
def test_lines_added_above_change_no_fingerprint(name: str, tmp_path: Path) -> None:
    text = (MANIFESTS / f"{name}.yaml").read_text("utf-8")
    (tmp_path / f"{name}.yaml").write_text("# one line more\n\n# and another\n" + text, "utf-8")
    [before] = check_files([f"{name}.yaml"])
    (tmp_path / "registers").symlink_to(MANIFESTS / "registers")
    [after] = check_files([f"{name}.yaml"], tmp_path)
    assert isinstance(before, Report) and isinstance(after, Report)
    assert _prints(after) == _prints(before)
    places = [[report.manifest.locate(one.outcome.path or ()) for one in report.findings] for report in (before, after)]
    assert places[0] != places[1]


def test_no_two_findings_of_a_run_that_do_not_pass_have_one_fingerprint() -> None:
    names = [
        name
        for report in check_files([f"{name}.yaml" for name in EVERY_MANIFEST])
        if isinstance(report, Report)
        for finding, name in zip(report.findings, _prints(report), strict=True)
        if finding.status is not Status.PASS
    ]
    assert len(names) > 30
    assert len(set(names)) == len(names)


def test_equal_findings_of_a_manifest_are_told_apart_by_their_number() -> None:
    report = _report()
    [finding] = report.findings
    twice = replace(report, findings=(finding, finding, finding))
    names = _prints(twice)
    assert names[0] == fingerprint_of(finding, report.manifest)
    assert names[1:] == tuple(fingerprint_of(finding, report.manifest, number) for number in (1, 2))
    assert len(set(names)) == 3


def test_finding_that_passes_renames_none_that_fails() -> None:
    report = _report()
    [finding] = report.findings
    passing = finding._replace(outcome=finding.outcome._replace(status=Status.PASS))
    names = _prints(replace(report, findings=(passing, finding)))
    assert names[1] == fingerprint_of(finding, report.manifest)


def test_lot_may_get_another_number() -> None:
    """Its id names it."""
    first, second = make_lot(id="A", variety="Musang"), make_lot(id="B", variety="Kan Yao")
    before, after = _named(_report(first, second)), _named(_report(second, first))
    assert set(before.values()) == set(after.values())
    assert len(set(before.values())) == 2


def test_manifest_with_a_reference_may_move_to_another_file() -> None:
    assert _only(_report(file="a.yaml"))[1] == _only(_report(file="b/c.yaml", index=3, sha256="1" * 64))[1]


def test_without_a_reference_file_and_document_name_the_manifest() -> None:
    data = {key: value for key, value in make_data(lots=[make_lot(variety="Musang")]).items() if key != "reference"}
    base = make_rule_base(make_rule())
    manifests = [make_manifest(data), make_manifest(data, index=1), make_manifest(data, file="other.yaml")]
    assert len({_only(check_shipment(manifest, base))[1] for manifest in manifests}) == 3
