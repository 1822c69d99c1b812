# SPDX-License-Identifier: Apache-2.0
"""Start-up: what a cold process costs before it does anything, and what each import adds.

Run: .venv/bin/pip install '.[bench]' && .venv/bin/python benchmarks/startup.py
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from measure import ROOT, command, print_table, time_in_turn

ROUNDS = 15


def main() -> None:
    with tempfile.TemporaryDirectory() as cache:
        env = {**os.environ, "XDG_CACHE_HOME": cache}
        env.pop("PYTHONDONTWRITEBYTECODE", None)
        python = sys.executable
        commands = {
            "python -c pass": [python, "-c", "pass"],
            "import typer, rich, yaml": [python, "-c", "import typer, rich.console, yaml"],
            "borderready schema rule": [command("borderready"), "schema", "rule"],
            "borderready --version": [command("borderready"), "--version"],
            "check-jsonschema --version": [command("check-jsonschema"), "--version"],
        }
        for line in commands.values():
            time_in_turn({"warm": line}, rounds=1, cwd=ROOT, env=env)
        print_table(time_in_turn(commands, rounds=ROUNDS, cwd=ROOT, env=env), base="check-jsonschema --version")


if __name__ == "__main__":
    if not Path(command("check-jsonschema")).exists():
        sys.exit("check-jsonschema is missing: pip install '.[bench]'")
    main()
