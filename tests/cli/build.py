# SPDX-License-Identifier: Apache-2.0
"""Manifests and packs in a folder of the test's own, made from those in tests/data."""

from __future__ import annotations

import runpy
import shutil
from pathlib import Path

from tests.command import MANIFESTS, PACK, ROOT, run_here

_MADE = runpy.run_path(str(ROOT / "benchmarks" / "manifests.py"))


def write_manifest(folder: Path, name: str = "m.yaml", *replaced: tuple[str, str], base: str = "ready.yaml") -> Path:
    """Write a manifest with some of its text replaced; each text to replace must stand there once."""
    text = (MANIFESTS / base).read_text("utf-8")
    for old, new in replaced:
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {base}"
        text = text.replace(old, new)
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def write_registers(folder: Path) -> Path:
    """Write the registers that the manifests ask for into `folder`/registers."""
    shutil.copytree(MANIFESTS / "registers", folder / "registers")
    return folder / "registers"


def write_pack(folder: Path) -> Path:
    """Write the invented rule base into `folder`/pack, to be changed there."""
    shutil.copytree(PACK, folder / "pack")
    return folder / "pack"


def open_harbour(pack: Path) -> None:
    """Admit the fruit of not-ready.yaml, so that nothing of it fails that nobody can waive."""
    table = pack / "tables" / "access.csv"
    text, closed = table.read_text("utf-8"), "TH,lychee-fresh,closed,since the weevils of 2024"
    assert text.count(closed) == 1
    table.write_text(text.replace(closed, "TH,lychee-fresh,open,"), "utf-8")


def report_of(name: str, *arguments: str, home: Path) -> str:
    """Return what `check` prints into a pipe about one of the manifests."""
    return run_here("check", f"{name}.yaml", "--rules", "../pack", *arguments, home=home, folder=MANIFESTS).out


def write_folder(folder: Path, count: int) -> list[Path]:
    """Write so many invented manifests of durian, a file each (benchmarks/manifests.py)."""
    paths: list[Path] = _MADE["write_folder"](folder, count)
    return paths


def lines(count: int) -> list[str]:
    """Return the same manifests as JSON, a line each."""
    return list(_MADE["lines"](count))
