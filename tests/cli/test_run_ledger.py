# SPDX-License-Identifier: Apache-2.0
"""What the consignments of a run use: whether an answer stands depends on what others used, and on nothing else."""

from __future__ import annotations

from contextlib import closing
from decimal import Decimal
from pathlib import Path

import pytest

from borderready.cli import run_ledger
from borderready.cli.run_ledger import Known, RunLedger, Spares
from borderready.keep.ledger import Entry
from borderready.model import Use
from tests.test_across import USE

ORCHARD = USE._replace(kind="orchard", key="VNDLOR0001 durian-fresh")


def known(reference: str, net_kg: int = 8000, key: str = ORCHARD.key) -> Known:
    use = ORCHARD._replace(reference=reference, file=f"{reference}.yaml", net_kg=Decimal(net_kg), key=key)
    entry = Entry(reference=reference, file=use.file, sha256="0" * 64, day=use.start, exporter="", verdict="")
    return Known(entry=entry, uses=(use,), has_reference=True, place=f"{use.file}#0")


def digest(folder: Path, own: Known, *others: Known, spares: Spares | None = None) -> bytes:
    """Return what tells the uses by others from any other uses, "apart" where they change nothing."""
    folder.mkdir(exist_ok=True)
    with closing(RunLedger(folder, None)) as run:
        run.gather([own, *others])
        found = run.digest_beside([own], [spares or {}])
        return b"apart" if found == run.digest_apart() else found


def test_what_others_used_tells_and_what_the_consignment_used_does_not(tmp_path: Path) -> None:
    first = digest(tmp_path / "a", known("A-1"), known("A-2"), known("A-3"))
    assert first != b"apart"
    assert digest(tmp_path / "b", known("A-1", net_kg=1), known("A-3"), known("A-2")) == first
    assert digest(tmp_path / "c", known("A-1"), known("A-2", net_kg=1), known("A-3")) != first
    assert digest(tmp_path / "d", known("A-1"), known("A-2"), known("A-4")) != first
    assert digest(tmp_path / "e", known("A-1"), known("A-2")) != first


def test_use_of_another_orchard_or_within_what_is_to_spare_changes_nothing(tmp_path: Path) -> None:
    key = (ORCHARD.kind, ORCHARD.key)
    both = (known("A-1"), known("A-2", net_kg=6000), known("A-3", net_kg=4000))
    assert digest(tmp_path / "a", known("A-1"), known("A-2", key="VNDLOR0002 durian-fresh")) == b"apart"
    assert digest(tmp_path / "b", *both, spares={key: Decimal(10000)}) == b"apart"
    assert digest(tmp_path / "c", *both, spares={key: Decimal(9999)}) != b"apart"


@pytest.mark.parametrize(("most_held", "reads"), [(100_000, 2), (3, 15)])
def test_uses_of_a_key_are_read_once_unless_too_many_are_held(
    most_held: int, reads: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many trucks carry fruit of one orchard; what was forgotten is read again, and is the same."""
    asked: list[str] = []
    read = RunLedger._uses

    def count(run: RunLedger, kind: str, key: str) -> list[Use]:
        asked.append(key)
        return read(run, kind, key)

    monkeypatch.setattr(RunLedger, "_uses", count)
    monkeypatch.setattr(run_ledger, "MOST_HELD", most_held)
    every = [known(f"A-{number}", key=f"K{number % 2}") for number in range(8)]
    with closing(RunLedger(tmp_path, None)) as run:
        run.gather(every)
        first = [run.digest_beside([one], [{}]) for one in every]
        assert len(set(first)) == 8
        assert [run.digest_beside([one], [{}]) for one in reversed(every)] == first[::-1]
    assert len(asked) == reads
