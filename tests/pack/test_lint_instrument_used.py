# SPDX-License-Identifier: Apache-2.0
"""`instrument-used`: every instrument is cited by a wording or by a row."""

from __future__ import annotations

from pathlib import Path

from tests.pack.build import CLEAN, lint_files

OTHER = {"instruments/old-act.yaml": CLEAN["instruments/act.yaml"].replace("id: act", "id: old-act")}
TABLE = {
    "tables/ports.yaml": "id: ports\ntitle: {en: Ports, vi: Cảng, zh: 口岸}\nkey: [port]\n"
    "columns:\n  port: {kind: slug, says: Name.}\n",
    "tables/ports.csv": "port,start,until,instrument,locator,seen,witnesses\nquay,,,old-act,Annex,primary,\n",
}


def test_instrument_that_nothing_cites_is_a_warning(tmp_path: Path) -> None:
    assert lint_files(tmp_path, {**CLEAN, **OTHER}) == [
        ("warning", "instruments/old-act.yaml", "instrument-used: no wording, no row and no notice cites it")
    ]


def test_instrument_that_a_row_cites_is_clean(tmp_path: Path) -> None:
    assert lint_files(tmp_path, {**CLEAN, **OTHER, **TABLE}) == []


def test_instrument_that_a_cited_one_replaces_is_clean(tmp_path: Path) -> None:
    """It is kept for the history that the newer one tells."""
    act = {"instruments/act.yaml": CLEAN["instruments/act.yaml"].replace("url_state", "replaces: [old-act]\nurl_state")}
    assert lint_files(tmp_path, {**CLEAN, **OTHER, **act}) == []
