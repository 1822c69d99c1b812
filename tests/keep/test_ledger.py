# SPDX-License-Identifier: Apache-2.0
"""The ledger: an entry for each reference, the last one counts; looked up by paper, removed, counted."""

from __future__ import annotations

from pathlib import Path

import pytest

from borderready.errors import KeepError
from borderready.keep.ledger import Entry, Ledger, open_ledger, record, remove
from borderready.model import Use
from tests.test_across import USE

ENTRY = Entry(
    reference="A-1", file="a.yaml", sha256="0" * 64, day="2026-11-25", exporter="An Phu Fruit", verdict="ready"
)


def put(path: Path, *references: str, key: str = "LR1") -> None:
    entries = [ENTRY._replace(reference=reference) for reference in references]
    record(path, [(entry, (USE._replace(reference=entry.reference, key=key),)) for entry in entries], shown_as="ledger")


def ask(path: Path, question: str, *arguments: object) -> object:
    with open_ledger(path, shown_as="ledger") as ledger:
        assert isinstance(ledger, Ledger)
        return getattr(ledger, question)(*arguments)


def test_what_was_recorded_is_found_whole(tmp_path: Path) -> None:
    path = tmp_path / "season.sqlite"
    use = USE._replace(issuer="lab alpha")
    bare = Use(
        kind="orchard",
        key="X banana",
        reference="A-1",
        file="a.yaml",
        start=None,
        until=None,
        net_kg=None,
        lots=1,
        place="? > ?",
        exporter="An Phu Fruit",
    )
    record(path, [(ENTRY, (use, bare))], shown_as="ledger")
    assert ask(path, "find", "a-1") == ENTRY
    assert ask(path, "uses", "lab-report", "LR1") == (use,)
    assert ask(path, "uses_by", "A-1") == (use, bare)
    assert ask(path, "uses_like", "orchard", "X") == (bare,)
    assert ask(path, "uses_like", "orchard", "XY") == ()
    assert ask(path, "count") == 1


def test_before_the_first_record_there_is_no_ledger(tmp_path: Path) -> None:
    with open_ledger(tmp_path / "season.sqlite", shown_as="ledger") as ledger:
        assert ledger is None
    assert list(tmp_path.iterdir()) == []


def test_a_reference_checked_again_replaces_its_entry_in_any_spelling(tmp_path: Path) -> None:
    path = tmp_path / "season.sqlite"
    put(path, "A-1", "B-2")
    put(path, "ａ-1 ", key="LR9")
    assert ask(path, "count") == 2
    assert [use.reference for use in ask(path, "uses", "lab-report", "LR1")] == ["B-2"]  # type: ignore[attr-defined]
    assert [use.reference for use in ask(path, "uses", "lab-report", "LR9")] == ["ａ-1 "]  # type: ignore[attr-defined]


def test_removing_takes_all_or_none_and_names_the_nearest(tmp_path: Path) -> None:
    path = tmp_path / "season.sqlite"
    put(path, "AP-2026-1123", "AP-2026-1124", "B-2")
    with pytest.raises(KeepError) as raised:
        remove(path, ["B-2", "AP-2026-1132"], shown_as="ledger")
    (fault,) = raised.value.faults
    assert fault.hint is not None
    assert (fault.what.key, fault.hint.key) == ("ledger.unknown", "ledger.unknown_near")
    assert ask(path, "count") == 3
    assert remove(path, ["b-2", "AP-2026-1123"], shown_as="ledger") == ("B-2", "AP-2026-1123")
    assert (ask(path, "count"), ask(path, "uses_by", "B-2")) == (1, ())


def test_the_newest_stand_first(tmp_path: Path) -> None:
    path = tmp_path / "season.sqlite"
    days = {"A": "2026-11-02", "B": None, "C": "2026-11-03"}
    record(path, [(ENTRY._replace(reference=name, day=day), ()) for name, day in days.items()], shown_as="ledger")
    assert [entry.reference for entry in ask(path, "newest", 2)] == ["C", "A"]  # type: ignore[attr-defined]
    with open_ledger(path, shown_as="ledger") as ledger:
        assert ledger is not None
        assert [entry.reference for entry in ledger.entries()] == ["B", "A", "C"]


def test_a_ledger_that_is_read_shows_one_state(tmp_path: Path) -> None:
    path = tmp_path / "season.sqlite"
    put(path, "A-1")
    with open_ledger(path, shown_as="ledger") as ledger:
        assert ledger is not None
        put(path, "B-2")
        assert (ledger.count(), ledger.has("B-2")) == (1, False)
    assert ask(path, "count") == 2
