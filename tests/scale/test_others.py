# SPDX-License-Identifier: Apache-2.0
"""What the consignments of a run use: from all shards to one file, and whether answers from it still hold."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from borderready import __version__
from borderready.across import identity_of, uses_of
from borderready.histories import make_histories
from borderready.model import Manifest
from borderready.read.manifest import read_manifests
from borderready.scale.others import Asked, Compared, build_ledger, open_lookup, still_holds
from borderready.scale.work import Done, gather_uses
from tests.scale.build import shards_of


def write(path: Path, *consignments: tuple[str, str, str]) -> None:
    """Write manifests a line, each with a reference, a container and a day of departure."""
    path.parent.mkdir(exist_ok=True)
    lines = [
        json.dumps(
            {
                "borderready": 1,
                "reference": reference,
                "shipment": {"origin": "VN", "transport": {"container": container}, "dates": {"departure": day}},
                "lots": [{"id": "L1", "product": "durian-fresh", "quantity": {"net_kg": 16200.5}}],
            }
        )
        for reference, container, day in consignments
    ]
    path.write_text("\n".join(lines))


def gather(folder: Path, out: Path) -> Compared:
    out.mkdir(exist_ok=True)
    shards = shards_of(folder, 2)
    for shard in shards:
        assert isinstance(gather_uses(shard, engine=__version__, out=out), Done)
    return build_ledger(out, shards).compared


def manifests_in(names: Sequence[Path]) -> list[Manifest]:
    lines = [(path, line) for path in names for line in path.read_text().splitlines()]
    found = []
    for path, line in lines:
        single = path.with_suffix(".json")
        single.write_text(line)
        (manifest,) = read_manifests(str(single))
        assert isinstance(manifest, Manifest)
        found.append(manifest)
    return found


def test_each_consignment_is_told_of_all_others_by_day(tmp_path: Path) -> None:
    """Numbers stay exact, and the last manifest of a reference stands for it, wherever it lies."""
    folder = tmp_path / "in"
    write(folder / "a.ndjson", ("A", "TCLU1234568", "2026-11-03"), ("B", "TCLU1234568", "2026-11-01"))
    write(folder / "b.ndjson", ("C", "TCLU1234568", "2026-11-02"), ("b", "MSKU1234565", "2026-11-05"))
    compared = gather(folder, tmp_path / "out")
    asked = Asked(open_lookup(compared.path, compared.token))
    manifests = manifests_in([folder / "a.ndjson", folder / "b.ndjson"])
    lasting = [manifests[0], manifests[2], manifests[3]]
    uses = [use for one in lasting for use in uses_of(one.data, identity_of(one), one.file)]
    local = make_histories(uses)
    seen = []
    for manifest in manifests:
        expected = local(identity_of(manifest))("container", "TCLU1234568", None)
        found = asked.history_of(manifest)("container", "TCLU1234568", None)
        assert [(use.reference, use.start, use.net_kg) for use in found] == [
            (use.reference, use.start, use.net_kg) for use in expected
        ]
        seen.append([use.reference for use in found])
    assert seen == [["C"], ["C", "A"], ["A"], ["C", "A"]]
    assert compared.total == 3


def test_answers_hold_until_a_use_that_was_asked_for_changes(tmp_path: Path) -> None:
    folder, out = tmp_path / "in", tmp_path / "out"
    write(folder / "a.ndjson", ("A", "TCLU1234568", "2026-11-03"), ("B", "MSKU1234565", "2026-11-01"))
    write(folder / "b.ndjson", ("C", "OOLU1234567", "2026-11-02"))
    compared = gather(folder, out)
    asked = Asked(open_lookup(compared.path, compared.token))
    asked.usage("container", "TCLU1234568")
    asked.usage("container", "nobody's")
    write(folder / "b.ndjson", ("C", "MSKU1234565", "2026-11-02"))
    other = gather(folder, out)
    assert still_holds(asked.answers, open_lookup(other.path, other.token))
    write(folder / "b.ndjson", ("C", "TCLU1234568", "2026-11-02"))
    same = gather(folder, out)
    assert not still_holds(asked.answers, open_lookup(same.path, same.token))


def test_half_a_character_in_a_number_is_a_key_like_any(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    write(folder / "a.ndjson", ("A\ud800", "TCLU1234568", "2026-11-03"), ("B", "TCLU1234568", "2026-11-01"))
    compared = gather(folder, tmp_path / "out")
    asked = Asked(open_lookup(compared.path, compared.token))
    assert len(asked.usage("container", "TCLU1234568").uses) == compared.total
