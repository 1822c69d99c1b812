# SPDX-License-Identifier: Apache-2.0
"""One manifest, a cold process each time: the first run ever (no cache), with a warm cache, and check-jsonschema on the
same file with nothing but the manifest schema.

Run: .venv/bin/pip install '.[bench]' && .venv/bin/python benchmarks/single.py
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path

from measure import ROOT, command, print_table, time_in_turn

ROUNDS = 15
EXAMPLE = "examples/durian-ready.yaml"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        env = {**os.environ, "XDG_CACHE_HOME": folder}
        env.pop("PYTHONDONTWRITEBYTECODE", None)
        check = [command("borderready"), "check", EXAMPLE]
        schema = str(ROOT / "src/borderready/schemas/manifest.schema.json")
        first: list[float] = []
        for _ in range(5):
            shutil.rmtree(Path(folder) / "borderready", ignore_errors=True)
            first.append(time_in_turn({"first": check}, rounds=1, cwd=ROOT, env=env)["first"])
        commands = {
            "check (text)": check,
            "check (json)": [*check, "--format", "json"],
            "check-jsonschema, schema only": [command("check-jsonschema"), "--schemafile", schema, EXAMPLE],
        }
        medians = {"check, no cache": sorted(first)[2], **time_in_turn(commands, rounds=ROUNDS, cwd=ROOT, env=env)}
        print_table(medians, base="check-jsonschema, schema only")


if __name__ == "__main__":
    if not Path(command("check-jsonschema")).exists():
        sys.exit("check-jsonschema is missing: pip install '.[bench]'")
    main()
