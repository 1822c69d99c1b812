# SPDX-License-Identifier: Apache-2.0
"""Other tools on the same files, each asked whether it really does the work before anything is timed.

Each has to find a fault that is planted in every file, in every file, and as many faulty ones as there are among the
files that are timed. What cannot be found, or does not do that, is left out, with the reason.

Spectral and ajv-cli: npm install --prefix FOLDER @stoplight/spectral-cli ajv-cli ajv-formats, and give --rivals FOLDER.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from manifests import fault_of
from measure import ROOT, command

SCHEMA = ROOT / "src" / "borderready" / "schemas" / "manifest.schema.json"
RULESET = ROOT / "benchmarks" / "spectral.yaml"
SEEN_BY_SPECTRAL = ("phrase", "cadmium")  # of the faults in the files; for the container it knows no other document
_VERSION = ("borderready: 1\n", "borderready: 3\n")
_TWICE = ("borderready: 1\n", "borderready: 1\nborderready: 1\n")
_BARE_DAY = re.compile(r"(: )(\d{4}-\d{2}-\d{2})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rival:
    """A tool and how to see that it does the work.

    Attributes:
        name: What the table calls it.
        line: The command, in the folder of the files.
        plant: What is replaced in every file to make it faulty in the eyes of this tool.
        told: Gives the name of a file that it finds faulty, once for each fault, in what it prints.
        faulty: How many of so many files it must find faulty as they are.
    """

    name: str
    line: Sequence[str]
    plant: tuple[str, str]
    told: re.Pattern[str]
    faulty: Callable[[int], int] = lambda _count: 0


def quote_days(folder: Path) -> None:
    """Put the days in the files of a folder in quotes.

    They are text to us either way; ajv-cli reads YAML 1.1, in which a bare day is no text, and would leave off there.
    """
    for path in folder.iterdir():
        path.write_text(_BARE_DAY.sub(r'\1"\2"', path.read_text("utf-8")), "utf-8")


def find_rivals(names: Sequence[str], installed: Path | None) -> tuple[list[Rival], list[str]]:
    """Return the tools there are, and why the others are not."""
    schema = str(SCHEMA)
    beside = [str(installed / "node_modules" / ".bin")] if installed is not None else []
    path = os.pathsep.join([*beside, str(Path(command("python")).parent), os.environ.get("PATH", "")])
    ajv = ["validate", "--spec=draft2020", "--strict=false", "-c", "ajv-formats", "-s", schema, "-d", "*.yaml"]
    known = (
        Rival(
            name="check-jsonschema, schema only",
            line=["check-jsonschema", "--schemafile", schema, *names],
            plant=_VERSION,
            told=re.compile(r"^\s*(\S+\.yaml)::", re.MULTILINE),
        ),
        Rival(
            name="yamllint -d relaxed, no schema",
            line=["yamllint", "-d", "relaxed", "-f", "parsable", "."],
            plant=_TWICE,
            told=re.compile(r"^(\S+\.yaml):\d+:\d+: \[error\]", re.MULTILINE),
        ),
        Rival(
            name="spectral, twelve rules",
            line=["spectral", "lint", "--ruleset", str(RULESET), "-f", "json", "*.yaml"],
            plant=_VERSION,
            told=re.compile(r'"source": "([^"]+\.yaml)"'),
            faulty=lambda count: sum(fault_of(n) in SEEN_BY_SPECTRAL for n in range(count)),
        ),
        Rival(
            name="ajv-cli, schema only",
            line=["ajv", *ajv],
            plant=_VERSION,
            told=re.compile(r"^(\S+\.yaml) invalid", re.MULTILINE),
        ),
    )
    found, missing = [], []
    for rival in known:
        tool = shutil.which(rival.line[0], path=path)
        if tool is None:
            missing.append(f"{rival.name}: left out, {rival.line[0]} is not installed")
        else:
            found.append(replace(rival, line=[tool, *rival.line[1:]]))
    return found, missing


def why_not(rival: Rival, folder: Path, planted: Path, env: Mapping[str, str]) -> str | None:
    """Return why a tool does not do the work on the files of a folder, None where it does.

    Args:
        rival: The tool.
        folder: The files that are timed.
        planted: A folder to write faulty ones into.
        env: The environment.
    """
    names = sorted(path.name for path in folder.iterdir())
    faulty, expected = _faulty(rival, folder, env), rival.faulty(len(names))
    if len(faulty) != expected:
        return f"it finds {len(faulty)} of {len(names)} files faulty, not {expected}"
    shutil.rmtree(planted, ignore_errors=True)
    planted.mkdir()
    for name in names:
        text = (folder / name).read_text("utf-8")
        assert text.count(rival.plant[0]) == 1
        (planted / name).write_text(text.replace(*rival.plant), "utf-8")
    found = _faulty(rival, planted, env)
    if found != set(names):
        return f"it finds the planted fault in {len(found)} of {len(names)} files"
    return None


def _faulty(rival: Rival, folder: Path, env: Mapping[str, str]) -> set[str]:
    done = subprocess.run(rival.line, cwd=folder, env=dict(env), capture_output=True, check=False)
    return {Path(name).name for name in rival.told.findall((done.stdout + done.stderr).decode("utf-8", "replace"))}
