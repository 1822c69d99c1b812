# SPDX-License-Identifier: Apache-2.0
"""The ledger names every fact of the dossier and no other; the half that needs the dossier runs where it lies."""

from __future__ import annotations

from pathlib import Path

import yaml

from borderready.cli.session import kind_schemas
from borderready.pack.ledger import problems_of, read_ledger
from borderready.pack.view import view_pack

ROOT = Path(__file__).resolve().parents[1]
DOSSIER = ROOT.parent / "shared" / "dossier"
PACK = view_pack(ROOT / "rules", kind_schemas(), name="cn")
ENTRIES, FAULTS = read_ledger(PACK.contents)


def facts_of_the_dossier() -> set[str]:
    files = [path for path in sorted(DOSSIER.glob("*.yaml")) if path.name != "corrections.yaml"]
    return {fact["id"] for path in files for fact in yaml.safe_load(path.read_text("utf-8"))}


def test_every_target_exists_and_whatever_is_left_out_has_a_reason() -> None:
    assert FAULTS == ()
    assert [problem for entry in ENTRIES for problem in problems_of(entry, PACK.rule_base)] == []
    assert len(ENTRIES) > 550


def test_no_fact_of_the_dossier_is_missing() -> None:
    known = {entry.fact for entry in ENTRIES}
    facts = facts_of_the_dossier()
    assert not DOSSIER.is_dir() or len(facts) > 550
    assert sorted(facts - known) == []
    assert not facts or sorted(known - facts) == []


def test_every_rule_stands_in_the_ledger() -> None:
    """A rule that no fact became rests on nothing that was collected, but for those of a law read later."""
    became = {target for entry in ENTRIES for target in entry.became}
    read_later = {rule.id for rule in PACK.rule_base.rules if rule.wordings[0].source.instrument == "customs-law"}
    assert sorted(rule.id for rule in PACK.rule_base.rules if rule.id not in became | read_later) == []
