# SPDX-License-Identifier: Apache-2.0
"""Packs that pip installed: found as data, and no line of their code is run."""

from __future__ import annotations

import csv
import os
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

import pytest

from tests.command import MANIFESTS, Ran, run_process
from tests.packs import built, files_of, write_trust

LOUD = b"raise SystemExit('code of a pack was run')\n"


def put(site: Path, files: Mapping[str, bytes], value: str = "acme_rules.pack", name: str = "acme") -> None:
    """Lay out a distribution as pip does: its files, and what it records of them."""
    info = "acme_rules-1.0.dist-info"
    every = {
        **{f"acme_rules/pack/{path}": content for path, content in files.items()},
        "acme_rules/__init__.py": LOUD,
        f"{info}/METADATA": b"Metadata-Version: 2.1\nName: acme-rules\nVersion: 1.0\n",
        f"{info}/entry_points.txt": f"[borderready.packs]\n{name} = {value}\n".encode(),
    }
    for path, content in every.items():
        (site / path).parent.mkdir(parents=True, exist_ok=True)
        (site / path).write_bytes(content)
    with (site / info / "RECORD").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        for path, content in every.items():
            digest = urlsafe_b64encode(sha256(content).digest()).decode().rstrip("=")
            writer.writerow([path, f"sha256={digest}", len(content)])
        writer.writerow([f"{info}/RECORD", "", ""])


def run(site: Path, *arguments: str, home: Path) -> Ran:
    paths = os.pathsep.join([str(site), os.environ.get("PYTHONPATH", "")])
    return run_process(*arguments, home=home, folder=MANIFESTS, environment={"PYTHONPATH": paths})


@pytest.fixture
def site(tmp_path: Path) -> Path:
    put(tmp_path / "site", files_of(name="acme"))
    return tmp_path / "site"


def test_pack_is_found_and_its_code_is_not_run(site: Path, tmp_path: Path) -> None:
    listed = run(site, "pack", "list", home=tmp_path)
    assert "acme@1.0.0  not in use; installed by pip with acme-rules 1.0" in listed.out
    for rules in ("acme", "acme@1.0.0"):
        ran = run(site, "check", "ready.yaml", "--rules", rules, "--format", "json", home=tmp_path)
        assert (ran.code, ran.err) == (0, "")
        assert '"name": "acme"' in ran.out


def test_pack_can_be_put_into_use(site: Path, tmp_path: Path) -> None:
    assert run(site, "pack", "use", "acme@1.0.0", home=tmp_path).code == 0
    assert "acme@1.0.0  in use" in run(site, "pack", "list", home=tmp_path).out


def test_version_that_is_not_there_is_refused(site: Path, tmp_path: Path) -> None:
    ran = run(site, "check", "ready.yaml", "--rules", "acme@2.0.0", home=tmp_path)
    assert ran.code == 5
    assert "acme 2.0.0 is not installed" in ran.err


def test_files_that_pip_did_not_install_are_refused(site: Path, tmp_path: Path) -> None:
    table = site / "acme_rules/pack/tables/access.csv"
    table.write_bytes(table.read_bytes().replace(b"closed", b"open"))
    ran = run(site, "check", "ready.yaml", "--rules", "acme", home=tmp_path)
    assert ran.code == 5
    assert "the files of acme 1.0.0 are not those that were installed" in ran.err


def test_pack_under_the_name_of_another_is_refused(tmp_path: Path) -> None:
    put(tmp_path / "site", files_of(name="other"))
    ran = run(tmp_path / "site", "check", "ready.yaml", "--rules", "acme", home=tmp_path)
    assert ran.code == 5
    assert "pack.yaml says the name 'other'" in ran.err


def test_keys_are_asked_of_it_as_of_any_other(tmp_path: Path) -> None:
    """By a configuration, which the variable names."""
    config = write_trust(tmp_path, "a", name="acme")

    def check(site: str) -> Ran:
        paths = os.pathsep.join([str(tmp_path / site), os.environ.get("PYTHONPATH", "")])
        environment = {"PYTHONPATH": paths, "BORDERREADY_CONFIG": str(config)}
        arguments = ("check", "ready.yaml", "--rules", "acme")
        return run_process(*arguments, home=tmp_path, folder=MANIFESTS, environment=environment)

    put(tmp_path / "bare", files_of(name="acme"))
    put(tmp_path / "signed", built("1.0.0", "a", name="acme"))
    put(tmp_path / "strange", built("1.0.0", "stranger", name="acme"))
    assert "acme 1.0.0 is not signed" in check("bare").err
    assert check("signed").code == 0
    assert "signed by none of the keys for acme" in check("strange").err


@pytest.mark.parametrize(
    ("value", "name", "more", "reason"),
    [
        ("acme_rules.pack", "acme", {"evil.py": LOUD}, "evil.py is code"),
        ("acme_rules.nowhere", "acme", {}, "no pack with a VERSION was installed at acme_rules.nowhere"),
        ("acme_rules.pack:run", "acme", {}, "is no name of a pack and its folder"),
        ("acme_rules.pack", "Acme", {}, "is no name of a pack and its folder"),
        ("acme_rules.pack", "acme", {"VERSION": b"new\n"}, "no pack with a VERSION"),
    ],
)
def test_entry_point_that_names_no_pack_is_told(
    value: str, name: str, more: dict[str, bytes], reason: str, tmp_path: Path
) -> None:
    put(tmp_path / "site", {**files_of(name="acme"), **more}, value, name)
    listed = run(tmp_path / "site", "pack", "list", home=tmp_path)
    assert listed.code == 0
    assert reason in " ".join(listed.out.split())
    ran = run(tmp_path / "site", "check", "ready.yaml", "--rules", "acme", home=tmp_path)
    assert ran.code == 5
