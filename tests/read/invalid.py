# SPDX-License-Identifier: Apache-2.0
"""The broken manifests: data/invalid holds one for each fault, and beside it what the program says of it.

What no text file can hold is made here; its answer stands in data/invalid, too. After a change of words, write the
answers anew and review the difference as you would code:

    python -m tests.read.invalid --update

Without `--update` it names the files that differ, and leaves with 1 when there are any.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from borderready.read.strict_yaml import MAX_BYTES
from tests.build import make_pack
from tests.command import DATA, Ran, run_here
from tests.read.build import SMALLEST

INVALID = DATA / "invalid"
MADE: Mapping[str, bytes] = {
    "not-utf8": SMALLEST.encode() + b"reference: caf\xe9 7\n",
    "utf-16": SMALLEST.encode("utf-16"),
    "utf-16-without-mark": SMALLEST.encode("utf-16-le"),
    "nul-bytes": SMALLEST.encode() + b"reference: TS\x00\x00\x00\n",
    "control-character": SMALLEST.encode() + b"reference: TS\x1b[31m\n",
    "line-separator": f"{SMALLEST}reference: TS\u2028documents: []\n".encode(),
    "next-line": f"{SMALLEST}# note\x85documents: []\n".encode(),
    "too-large": SMALLEST.encode().ljust(MAX_BYTES + 1, b"#"),
    "brackets-without-end": b"[" * 4_000,
    "dashes-without-end": b"- " * 2_000,
}


def list_faults() -> tuple[str, ...]:
    """Return the name of every fault."""
    return tuple(sorted([*(path.stem for path in INVALID.glob("*.yaml")), *MADE]))


def check_broken(name: str, *, home: Path) -> Ran:
    """Check the manifest of a fault, named from its own folder."""
    pack = home / "pack" if (home / "pack").is_dir() else make_pack(home)
    folder = INVALID
    if name in MADE:
        folder = home
        (home / f"{name}.yaml").write_bytes(MADE[name])
    return run_here("check", f"{name}.yaml", "--rules", str(pack), "--lang", "en", home=home, folder=folder)


def read_expected(name: str) -> str | None:
    """Return what the program should say of a fault, None where nothing is written yet."""
    path = INVALID / f"{name}.txt"
    return path.read_bytes().decode() if path.is_file() else None


def main() -> int:
    """Compare the answers with what the program says now, or write them anew."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--update", action="store_true", help="write the answers anew")
    update = parser.parse_args().update
    with tempfile.TemporaryDirectory() as home:
        said = {name: check_broken(name, home=Path(home)).out for name in list_faults()}
    differing = [name for name, text in said.items() if read_expected(name) != text]
    for name in differing:
        print(f"{name}.txt")
        if update:
            (INVALID / f"{name}.txt").write_bytes(said[name].encode())
    return 0 if update or not differing else 1


if __name__ == "__main__":
    sys.exit(main())
