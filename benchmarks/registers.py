# SPDX-License-Identifier: Apache-2.0
"""Registers of 200,000 codes: what an import costs in time and memory, and a look-up in a check.

Run: .venv/bin/pip install '.[dev,xlsx]' && .venv/bin/python benchmarks/registers.py
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path

CODES = 200_000
ROUNDS = 3
HEADER = ("code", "name", "holder", "area_ha")
Row = tuple[str, str, str, str]
# Runs one import and tells on standard error the seconds of the processor and the most memory that it took.
IMPORT = (
    "import resource, sys\n"
    "from borderready.cli.app import run\n"
    "code = run(sys.argv[1:])\n"
    "used = resource.getrusage(resource.RUSAGE_SELF)\n"
    "print(used.ru_utime + used.ru_stime, used.ru_maxrss // 1024, file=sys.stderr)\n"
    "sys.exit(code)\n"
)


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        first = [row(number) for number in range(CODES)]
        second = [row(number + CODES if number % 100 == 0 else number) for number in range(CODES)]
        write_csv(folder / "first.csv", first)
        write_csv(folder / "second.csv", second)
        write_xlsx(folder / "first.xlsx", first)
        print("| step | seconds | of the processor | peak MiB |\n| --- | --- | --- | --- |")
        for what, files in (
            ("import, CSV", ["first.csv"]),
            ("import, XLSX", ["first.xlsx"]),
            ("import again, 1 % changed", ["first.csv", "second.csv"]),
        ):
            print(f"| {what} | {measure_import(folder, files)} |", flush=True)
        store = bring(folder, folder / "look", "first.csv", "2026-11-01")[3]
        print(f"\nstore: {store.stat().st_size / 1024**2:.0f} MiB\n")
        print("| step | milliseconds |\n| --- | --- |")
        for what, ask in look_ups(store).items():
            print(f"| {what} | {statistics.median(ask() for _ in range(ROUNDS)) * 1000:.3f} |", flush=True)


def row(number: int) -> Row:
    return (f"VN-DLOR-{number:06}", f"Growing area {number}", f"Cooperative {number % 5000}", f"{number % 40 + 1}.5")


def write_csv(path: Path, rows: Iterable[Row]) -> None:
    path.write_text("\n".join(",".join(cells) for cells in (HEADER, *rows)) + "\n", "utf-8")


def write_xlsx(path: Path, rows: Iterable[Row]) -> None:
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("List")
    for cells in (HEADER, *rows):
        sheet.append(cells)
    book.save(path)


def measure_import(folder: Path, files: list[str]) -> str:
    """Return the medians of the last of these files, imported one after the other into a new store each round."""
    seconds, processor, mib = [], [], []
    for number in range(ROUNDS):
        home = folder / f"{files[-1]}-{number}"
        for day, file in enumerate(files, 1):
            took, used, peak, _ = bring(folder, home, file, f"2026-11-{day:02}")
        seconds.append(took)
        processor.append(used)
        mib.append(peak)
    return f"{statistics.median(seconds):.1f} | {statistics.median(processor):.1f} | {statistics.median(mib):.0f}"


def bring(folder: Path, home: Path, file: str, as_of: str) -> tuple[float, float, int, Path]:
    """Import a file in a process of its own; return seconds, those of the processor, peak MiB and the store."""
    about = ["--kind", "orchard", "--origin", "VN", "--product", "durian-fresh", "--as-of", as_of, "--source", "a list"]
    env = {**os.environ, "XDG_DATA_HOME": str(home), "XDG_CACHE_HOME": str(folder / "cache")}
    line = [sys.executable, "-c", IMPORT, "register", "import", file, *about]
    start = time.perf_counter()
    ran = subprocess.run(line, cwd=folder, env=env, capture_output=True, text=True, check=False)
    took = time.perf_counter() - start
    if ran.returncode:
        sys.exit(ran.stderr)
    used, peak = ran.stderr.split()[-2:]
    return took, float(used), int(peak), home / "borderready" / "registers.sqlite"


def look_ups(store: Path) -> dict[str, Callable[[], float]]:
    from borderready.checks.near import find_near
    from borderready.keep.register_lookup import open_registers

    def opened(ask: Callable[[], object], count: int) -> float:
        start = time.perf_counter()
        for _ in range(count):
            ask()
        return (time.perf_counter() - start) / count

    def open_() -> None:
        with open_registers(store) as registers:
            assert len(registers["gacc-orchards"].entries) == CODES

    def present() -> float:
        with open_registers(store) as registers:
            entries = registers["gacc-orchards"].entries
            codes = iter([f"VNDLOR{number * 199:06}" for number in range(1000)])
            return opened(lambda: entries[next(codes)], 1000)

    def absent() -> float:
        with open_registers(store) as registers:
            register = registers["gacc-orchards"]
            codes = iter([f"VNDL0R{number * 199:06}" for number in range(1000)])
            start = time.perf_counter()
            known = register.sorted_codes()
            for code in codes:
                assert code not in register.entries
            assert find_near("VNDL0R000199", known) is not None
            return time.perf_counter() - start

    return {
        "open for a check": lambda: opened(open_, 20),
        "look up a code that is there (mean of 1,000)": present,
        "look up 1,000 codes that are not, and the nearest of one (with the first reading of all codes)": absent,
    }


if __name__ == "__main__":
    main()
