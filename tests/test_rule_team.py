# SPDX-License-Identifier: Apache-2.0
"""The evening of a rule team, as docs/rule-team.md tells it: each of its commands is run, in its order, in a shell.

The server stands on this machine's loopback; the announcement, the firms and the manifests are invented.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from runpy import run_path
from typing import Any

import pytest

from tests.command import ROOT, Ran, run_program
from tests.update.server import serving

PAGE = ROOT / "docs" / "rule-team.md"
ADDRESS = "https://packs.example.invalid/vn"
# The page tells of the version after the first one; the rule base of today may be a later one.
ON_THE_PAGE = ("2026.11.0", "2026.12.0")
TODAY = (ROOT / "rules" / "VERSION").read_text("utf-8").strip()
VERSION = f"{int(TODAY.split('.')[0]) + 1}.1.0"
RULE = "vn/durian-fresh/lot-weight"
BLOCK = re.compile(r"^```sh\n(?P<body>.*?)^```$|^## (?P<title>[^\n]*)$", re.MULTILINE | re.DOTALL)
EXIT = re.compile(r"# exit (?P<code>\d+)$")
AT_THE_EXPORTER = "6 On the exporter's machine"
MANY, READY = 200, 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A command of the page, the exit code that stands behind it, and whose machine it is run on."""

    line: str
    code: int
    is_exporter: bool


def steps() -> Iterator[Step]:
    title = ""
    page = PAGE.read_text("utf-8")
    for told, real in zip(ON_THE_PAGE, (TODAY, VERSION), strict=True):
        page = page.replace(told, real)
    for block in BLOCK.finditer(page):
        if block["title"] is not None:
            title = block["title"]
            continue
        for line in _commands(block["body"]):
            exit_ = EXIT.search(line)
            yield Step(line=line, code=int(exit_["code"]) if exit_ else 0, is_exporter=title == AT_THE_EXPORTER)


def _commands(body: str) -> Iterator[str]:
    """Return the commands of a block: a line each, with what a backslash or `<<END` adds to it."""
    lines = iter(body.splitlines())
    for line in lines:
        command = [line]
        while command[-1].endswith("\\"):
            command.append(next(lines))
        if re.search(r"<<'?END'?$", line):
            while command[-1] != "END":
                command.append(next(lines))
        yield "\n".join(command)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evening:
    """What was run, and the two machines after it."""

    ran: tuple[tuple[Step, Ran], ...]
    team: Path
    exporter: Path

    def said(self, words: str) -> str:
        """Return what the one command printed that begins with these words, in one line."""
        (ran,) = [ran for step, ran in self.ran if step.line.startswith(words)]
        return " ".join((ran.out + ran.err).split())


def write_manifests(folder: Path) -> None:
    """Write invented consignments: most held back for other reasons, some ready, of these some heavier than allowed."""
    run_path(str(ROOT / "benchmarks" / "manifests.py"))["write_folder"](folder, MANY)
    ready = (ROOT / "examples" / "durian-ready.yaml").read_text("utf-8")
    weight = "pallets: 20, net_kg: 16200"
    assert ready.count(weight) == 1
    for n in range(READY):
        changed = ready.replace(weight, f"pallets: 20, net_kg: {15_900 + 10 * n}")
        (folder / f"ready-{n:02}.yaml").write_text(changed, "utf-8")
    shutil.copytree(ROOT / "examples" / "registers", folder / "registers")


@pytest.fixture(scope="module")
def evening(tmp_path_factory: pytest.TempPathFactory) -> Evening:
    """Run the page: stop where a command leaves with another code than it says."""
    home = tmp_path_factory.mktemp("evening")
    team, exporter = home / "team", home / "exporter"
    for folder in (team, exporter, home / "bin", home / "team-home", home / "exporter-home"):
        folder.mkdir()
    script = home / "bin" / "borderready"
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m borderready "$@"\n', "utf-8")
    script.chmod(0o755)
    shutil.copytree(ROOT / "rules", team / "rules")
    write_manifests(team / "manifests")
    shutil.copy(ROOT / "examples" / "durian-ready.yaml", exporter / "shipment.yaml")
    shutil.copytree(ROOT / "examples" / "registers", exporter / "registers")
    path = f"{home / 'bin'}{os.pathsep}{os.environ['PATH']}"
    ran = []
    with serving(team / "repository") as server:
        for step in steps():
            line = step.line.replace(ADDRESS, server.address)
            own = home / ("exporter-home" if step.is_exporter else "team-home")
            folder = exporter if step.is_exporter else team
            done = run_program(["sh", "-c", line], home=own, folder=folder, environment={"PATH": path})
            assert (done.code, "Traceback" in done.err) == (step.code, False), f"{step.line}\n{done.out}{done.err}"
            ran.append((step, done))
    return Evening(ran=tuple(ran), team=team, exporter=exporter)


def test_page_shows_every_tool_of_the_evening(evening: Evening) -> None:
    shown = {" ".join(step.line.split()[1:3]) for step, _ in evening.ran if "borderready pack" in step.line}
    words = (
        *("new-instrument", "new-rule", "lint", "test", "mutate", "diff", "impact", "build", "keygen", "sign"),
        *("verify", "publish-repo", "update", "list", "lock"),
    )
    assert {f"pack {word}" for word in words} <= shown
    assert [step.line for step, _ in evening.ran if step.is_exporter][-1].startswith("borderready check")


def test_every_change_of_the_rule_is_noticed_by_a_case(evening: Evening) -> None:
    assert re.search(r"mutants: [1-9]\d*, survived: 0 ", evening.said("borderready pack mutate"))


def test_rule_and_its_source_are_all_that_changed(evening: Evening) -> None:
    notes = (evening.team / "release-notes.md").read_text("utf-8")
    assert RULE in notes and "gacc-2026-999-invented" in notes
    (told,) = [ran.out for step, ran in evening.ran if step.line == "borderready pack diff rules cn    # exit 1"]
    assert "changes: 2" in told


def test_ready_consignments_that_are_too_heavy_flip_and_the_others_do_not(evening: Evening) -> None:
    told = evening.said("borderready pack impact rules cn manifests    #")
    heavy = sum(15_900 + 10 * n > 16_000 for n in range(READY))
    assert f"manifests: {MANY + READY}; verdicts that flip: {heavy};" in told
    assert f"{heavy} READY > NOT READY" in told
    assert RULE in (evening.team / "impact.md").read_text("utf-8")


def test_one_signature_of_two_is_refused_with_the_reason(evening: Evening) -> None:
    verified = [
        " ".join((ran.out + ran.err).split()) for step, ran in evening.ran if "borderready pack verify" in step.line
    ]
    assert "is signed by 1 of the keys for cn; the configuration asks for 2" in verified[0]
    assert f"cn {VERSION} is signed by 2 of the keys for cn (asked for: 2)" in verified[1]


def test_update_tells_versions_and_news(evening: Evening) -> None:
    own = (ROOT / "rules" / "VERSION").read_text("utf-8").strip()
    told = evening.said("borderready pack update")
    assert f"cn {VERSION} is installed and in use, in the place of {own}" in told
    assert "at most 16,000 kg net" in told


def test_report_of_the_exporter_names_the_new_version_and_who_signed_it(evening: Evening) -> None:
    report: Any = json.loads((evening.exporter / "report.json").read_text("utf-8"))
    (pack,) = report["packs"]
    assert (pack["name"], pack["version"]) == ("cn", VERSION)
    assert set(pack["signed_by"].split(", ")) == {key_in(evening.team / f"{name}.pub") for name in ("anh", "chi")}
    (finding,) = [finding for finding in report["findings"] if finding["rule"] == RULE]
    assert (finding["status"], finding["force"], finding["found"]) == ("fail", "blocks", "16200")
    assert report["verdict"] == "not-ready"
    told = evening.said("borderready check shipment.yaml --locked")
    assert f"rule base cn {VERSION} ({pack['sha256'][:12]}), signed by ed25519:" in told


def test_lock_of_the_exporter_is_that_of_the_report(evening: Evening) -> None:
    (locked,) = json.loads((evening.exporter / "borderready.lock").read_text("utf-8"))["packs"]
    (pack,) = json.loads((evening.exporter / "report.json").read_text("utf-8"))["packs"]
    assert (locked["version"], locked["sha256"], ", ".join(locked["keys"])) == (
        pack["version"],
        pack["sha256"],
        pack["signed_by"],
    )


def test_private_keys_stay_with_the_team(evening: Evening) -> None:
    published = b"".join(path.read_bytes() for path in (evening.team / "repository").rglob("*") if path.is_file())
    handed = b"".join(path.read_bytes() for path in evening.exporter.iterdir() if path.is_file())
    assert b"PRIVATE KEY" not in published + handed


def key_in(path: Path) -> str:
    found = re.search(r"ed25519:\S+", path.read_text("utf-8"))
    assert found is not None
    return found[0]
