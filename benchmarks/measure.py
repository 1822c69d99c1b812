# SPDX-License-Identifier: Apache-2.0
"""What the benchmarks share: run commands in turn, and tell medians and ratios."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def command(name: str) -> str:
    """Return the path of a console script beside the running Python."""
    return str(Path(sys.executable).parent / name)


def time_in_turn(
    commands: Mapping[str, Sequence[str]], *, rounds: int, cwd: Path, env: Mapping[str, str]
) -> dict[str, float]:
    """Return the median seconds of each command; they run in turn, so that noise meets all alike."""
    seconds: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, line in commands.items():
            start = time.perf_counter()
            subprocess.run(line, cwd=cwd, env=dict(env), capture_output=True, check=False)
            seconds[name].append(time.perf_counter() - start)
    return {name: statistics.median(values) for name, values in seconds.items()}


def print_table(medians: Mapping[str, float], *, base: str) -> None:
    """Print medians in milliseconds and each one's ratio to a base."""
    width = max(map(len, medians))
    for name, value in medians.items():
        print(f"{name:<{width}}  {value * 1000:8.1f} ms  {value / medians[base]:6.2f} x {base}")
