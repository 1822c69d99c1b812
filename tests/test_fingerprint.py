# SPDX-License-Identifier: Apache-2.0
"""Fingerprints: the same finding of the same consignment, wherever it stands."""

from __future__ import annotations

import re
from dataclasses import replace

from borderready.fingerprint import fingerprint_of, path_below_subject
from borderready.model import Finding, Force, Missing, Outcome, Path, Status, Subject
from tests.build import make_manifest, make_rule, make_wording

MANIFEST = make_manifest()


def make_finding(*, path: Path = ("lots", 0, "variety"), lot: int = 0, **changes: object) -> Finding:
    finding = Finding(
        rule=make_rule(),
        wording=make_wording(),
        subject=Subject(kind="lot", id="L1", path=("lots", lot)),
        outcome=Outcome(status=Status.FAIL, path=path, found="Chanee"),
        force=Force.BLOCKS,
    )
    return finding._replace(**changes)  # type: ignore[arg-type]  # a test says what it changes


def test_fingerprint_is_32_hexadecimal_digits() -> None:
    assert re.fullmatch("[0-9a-f]{32}", fingerprint_of(make_finding(), MANIFEST))


def test_fingerprint_is_that_of_the_last_release() -> None:
    """Baselines on users' disks rest on it."""
    assert fingerprint_of(make_finding(), MANIFEST) == "3e1121e2fdab29babe526de28c42b93a"


def test_file_name_index_and_digest_do_not_matter_where_there_is_a_reference() -> None:
    moved = replace(MANIFEST, file="elsewhere.yaml", index=3, sha256="1" * 64)
    assert fingerprint_of(make_finding(), moved) == fingerprint_of(make_finding(), MANIFEST)


def test_file_name_and_index_tell_consignments_without_a_reference_apart() -> None:
    bare = make_manifest({"borderready": 1})
    prints = {fingerprint_of(make_finding(), replace(bare, file=f, index=i)) for f in ("a", "b") for i in (0, 1)}
    assert len(prints) == 4


def test_another_lot_above_does_not_matter() -> None:
    moved = make_finding(path=("lots", 1, "variety"), lot=1)
    assert fingerprint_of(moved, MANIFEST) == fingerprint_of(make_finding(), MANIFEST)


def test_what_was_found_does_not_matter() -> None:
    other = make_finding(outcome=Outcome(status=Status.FAIL, path=("lots", 0, "variety"), found="Monthong"))
    assert fingerprint_of(other, MANIFEST) == fingerprint_of(make_finding(), MANIFEST)


def test_rule_wording_subject_place_and_ordinal_matter() -> None:
    findings = [
        make_finding(),
        make_finding(rule=make_rule("vn/durian-fresh/brand")),
        make_finding(wording=make_wording("2025-01-01")),
        make_finding(wording=None),
        make_finding(subject=Subject(kind="lot", id="L2", path=("lots", 0))),
        make_finding(subject=Subject(kind="document", id="L1", path=("lots", 0))),
        make_finding(path=("lots", 0, "brand")),
    ]
    prints = [fingerprint_of(finding, MANIFEST) for finding in findings] + [fingerprint_of(findings[0], MANIFEST, 1)]
    assert len(set(prints)) == len(prints)


def test_place_is_told_below_the_subject_where_it_lies_there() -> None:
    missing = Missing(parent=("lots", 0), steps="labels.box", is_last=False)
    assert path_below_subject(make_finding()) == "variety"
    lacking = Outcome(status=Status.UNKNOWN, path=("lots", 0), missing=missing)
    assert path_below_subject(make_finding(outcome=lacking)) == "labels.box"
    assert path_below_subject(make_finding(path=("documents", 0, "issued"))) == "documents[0].issued"
    assert path_below_subject(make_finding(path=("lots", 0))) == ""
    assert path_below_subject(make_finding(path=("lots", 1, "x"), lot=1)) == "x"
    assert path_below_subject(make_finding(path=("lots", 11, "x"), lot=1)) == "lots[11].x"
