# SPDX-License-Identifier: Apache-2.0
"""Many manifests: a cold run, a run with all answers kept, and other tools on the same files; the formats; many trucks
on one permit; a long run by tenths; one manifest of many lots; and what one manifest costs, part by part.

Run: .venv/bin/pip install '.[bench]' && .venv/bin/python benchmarks/batch.py [PART ...]
Parts: speed formats shared lines lots split.
Take fewer with --count (2,000 files, 100,000 lines) and --rounds (3). For Spectral and ajv-cli see rivals.py.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from manifests import lines, shared_text_of, write_folder
from measure import command, print_table, time_in_turn
from rivals import find_rivals, quote_days, why_not
from split import measure_split

from borderready.report.formats import FORMATS

PARTS = ("speed", "formats", "shared", "lines", "lots", "split")
BASE = "check-jsonschema, schema only"


def measure_speed(folder: Path, count: int, rounds: int, installed: Path | None) -> None:
    """Print the seconds of each tool on so many files; of those alone that are seen to do the work."""
    names = [path.name for path in write_folder(folder / "out", count)]
    quote_days(folder / "out")
    env = {**os.environ, "XDG_CACHE_HOME": str(folder / "cache")}
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    check = [command("borderready"), "check", ".", "--format", "ndjson", "-q", "-o", "../all.ndjson"]
    commands: dict[str, Sequence[str]] = {
        "check, cold": [*check, "--no-cache"],
        "check, answers kept": check,
    }
    rivals, missing = find_rivals(names, installed)
    print(*missing, sep="\n", end="\n" if missing else "")
    for rival in rivals:
        reason = why_not(rival, folder / "out", folder / "planted", env)
        if reason is None:
            commands[rival.name] = rival.line
        else:
            print(f"{rival.name}: left out, {reason}")
    time_in_turn({"compile the rules, keep the answers": check}, rounds=1, cwd=folder / "out", env=env)
    answers = (folder / "all.ndjson").read_text("utf-8").splitlines()
    assert len(answers) == count, f"check answers for {len(answers)} of {count} files"
    print(f"{count} files, median of {rounds}; each tool was seen to read them all, and to find a fault in any")
    medians = time_in_turn(commands, rounds=rounds, cwd=folder / "out", env=env)
    print_table(medians, base=BASE if BASE in medians else "check, cold")


def measure_formats(folder: Path, count: int, rounds: int) -> None:
    """Print the seconds of a cold run in each format."""
    write_folder(folder / "out", count)
    env = {**os.environ, "XDG_CACHE_HOME": str(folder / "cache")}
    check = [command("borderready"), "check", ".", "-q", "--no-cache"]
    commands = {name: [*check, "--format", name, "-o", f"../all.{name}"] for name in FORMATS}
    time_in_turn({"compile the rules": check}, rounds=1, cwd=folder / "out", env=env)
    print_table(time_in_turn(commands, rounds=rounds, cwd=folder / "out", env=env), base="ndjson")


def measure_shared(folder: Path, count: int) -> None:
    """Print the seconds of a quarter, a half and all of so many trucks that draw on one permit and one orchard."""
    for some in (count // 4, count // 2, count):
        write_folder(folder / f"shared-{some}", some, shared_text_of)
        line = [command("borderready"), "check", ".", "--format", "ndjson", "-q", "--no-cache", "-o", "../all.ndjson"]
        start = time.perf_counter()
        subprocess.run(line, cwd=folder / f"shared-{some}", capture_output=True, check=False)
        print(f"{some} trucks on one permit and one orchard: {time.perf_counter() - start:.1f} s")


def measure_lines(folder: Path, count: int) -> None:
    """Print the rate of each tenth of a long run, and the most memory of its processes."""
    path = folder / "all.ndjson"
    with path.open("w", encoding="utf-8") as stream:
        stream.writelines(f"{line}\n" for line in lines(count))
    line = [command("borderready"), "check", str(path), "--format", "ndjson", "-q", "--no-cache"]
    peak_mib = 0
    start = before = time.perf_counter()
    with subprocess.Popen(line, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        for number, _ in enumerate(process.stdout, start=1):
            if number == 1:
                before = time.perf_counter()
                print(f"first answer after {before - start:.1f} s")
            if number % max(count // 100, 1) == 0:
                peak_mib = max(peak_mib, _memory_mib(process.pid))
            if number % max(count // 10, 1) == 0 and number <= count:
                now = time.perf_counter()
                print(f"{number:>8} manifests  {count // 10 / (now - before):8.0f} a second")
                before = now
    print(f"peak of all processes together: {peak_mib} MiB")


def _memory_mib(pid: int) -> int:
    """Return the memory of a process and its children; what they share counts once (proportional set size)."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text("utf-8").split()
    kib = 0
    for each in (pid, *map(int, children)):
        try:
            lines = Path(f"/proc/{each}/smaps_rollup").read_text("utf-8").splitlines()
        except OSError:  # it has just ended
            continue
        kib += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return kib // 1024


def measure_lots(folder: Path, count: int) -> None:
    """Print the seconds and the memory of one manifest with so many lots."""
    (manifest,) = map(json.loads, lines(1))
    (lot,) = manifest["lots"]
    manifest["lots"] = [{**lot, "id": f"L{n}"} for n in range(count)]
    for document in manifest["documents"]:
        document.pop("covers", None)
    path = folder / "lots.json"
    path.write_text(json.dumps(manifest, ensure_ascii=False), "utf-8")
    for form in ("text", "ndjson"):
        start = time.perf_counter()
        process = subprocess.Popen([command("borderready"), "check", str(path), "--format", form, "-o", os.devnull])
        mib = 0
        while process.poll() is None:  # wait4 would count what this process itself has ever held
            mib = max(mib, _peak_mib(process.pid))
            time.sleep(0.02)
        seconds = time.perf_counter() - start
        print(f"{count} lots ({path.stat().st_size / 1e6:.1f} MB) as {form}: {seconds:.1f} s, peak {mib} MiB")


def _peak_mib(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/status").read_text("utf-8").splitlines()
    except OSError:  # it has just ended
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) // 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], default=list(PARTS))
    parser.add_argument("--count", type=int)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--rivals", type=Path, help="where npm has put Spectral and ajv-cli (its --prefix)")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if "speed" in asked.parts:
            measure_speed(Path(folder), asked.count or 2000, asked.rounds, asked.rivals)
        if "formats" in asked.parts:
            measure_formats(Path(folder), asked.count or 2000, asked.rounds)
        if "shared" in asked.parts:
            measure_shared(Path(folder), asked.count or 2000)
        if "lines" in asked.parts:
            measure_lines(Path(folder), asked.count or 100_000)
        if "lots" in asked.parts:
            measure_lots(Path(folder), asked.count or 10_000)
        if "split" in asked.parts:
            measure_split(asked.count or 200)


if __name__ == "__main__":
    main()
