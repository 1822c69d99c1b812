# SPDX-License-Identifier: Apache-2.0
"""One check, a cold process with a warm cache, without a ledger and with one of 1,000,000 consignments (invented).

Run: .venv/bin/pip install '.[bench]' && .venv/bin/python benchmarks/ledger.py [CONSIGNMENTS]
The ledger is made in a temporary folder (about 1 GB for a million) and thrown away.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from measure import ROOT, command, print_table, time_in_turn

from borderready.keep.ledger import Entry, record
from borderready.model import Use

ROUNDS = 9
CHUNK = 50_000
EXAMPLE = "examples/durian-ready.yaml"
PAPERS = ("phytosanitary-certificate", "certificate-of-origin", "lab-report", "bill-of-lading", "packing-list")


def main(consignments: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        ledger = Path(folder) / "season.sqlite"
        began = time.perf_counter()
        for first in range(0, consignments, CHUNK):
            record(ledger, _consignments(first, min(first + CHUNK, consignments)), shown_as="ledger")
        size_mb = ledger.stat().st_size / 1e6
        print(f"{consignments} consignments, {size_mb:.0f} MB, made in {time.perf_counter() - began:.0f} s")
        env = {**os.environ, "XDG_CACHE_HOME": folder}
        env.pop("PYTHONDONTWRITEBYTECODE", None)
        check = [command("borderready"), "check", EXAMPLE]
        commands = {"check": check, "check --ledger": [*check, "--ledger", str(ledger)]}
        print_table(time_in_turn(commands, rounds=ROUNDS, cwd=ROOT, env=env), base="check")


def _consignments(first: int, last: int) -> Iterator[tuple[Entry, tuple[Use, ...]]]:
    """Give consignments with papers of their own; a permit serves 20, a container 500, an orchard 50 of them.

    Every ten-thousandth draws on the permit and the orchard of the example, so that its look-ups find something.
    """
    for number in range(first, last):
        reference = f"BM-{number:07d}"
        day = (date(2024, 1, 1) + timedelta(days=number // 1000)).isoformat()
        is_like_the_example = number % 10_000 == 0
        entry = Entry(
            reference=reference,
            file=f"{reference}.yaml",
            sha256="0" * 64,
            day=day,
            exporter="Invented",
            verdict="ready",
        )
        keys = [(kind, f"N{number}") for kind in PAPERS]
        keys.append(("quarantine-permit", "AP264500917" if is_like_the_example else f"AP{number // 20}"))
        keys.append(("container", f"BOXU{number // 500:07d}"))
        orchard = "VNDLOR0123" if is_like_the_example else f"OR{number // 50}"
        keys.append(("orchard", f"{orchard} durian-fresh"))
        yield (
            entry,
            tuple(
                Use(
                    kind=kind,
                    key=key,
                    reference=reference,
                    file=entry.file,
                    start=day,
                    until=day,
                    net_kg=Decimal(100),
                    lots=1,
                    place="huu-nghi > youyiguan",
                    exporter=entry.exporter,
                )
                for kind, key in keys
            ),
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
