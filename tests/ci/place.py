# SPDX-License-Identifier: Apache-2.0
"""A broker's repository, and the program where a job of CI would have installed it."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import xmlschema
import yaml
from jsonschema import Draft4Validator, Draft202012Validator

from tests.command import DATA, ROOT, Ran, run_program

READY = "durian-ready.yaml"
NOT_READY = "banana-not-ready.yaml"
ENVIRONMENT: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A folder with `outbox` in it, and a home that keeps the compiled rule base from one test to the next."""

    folder: Path
    home: Path

    def run(self, command: Sequence[str], environment: Mapping[str, str] = ENVIRONMENT) -> Ran:
        """Run a program in the folder."""
        return run_program(command, home=self.home, folder=self.folder, environment=environment)

    def git(self, *arguments: str) -> str:
        """Run git and return what it says."""
        author = {f"GIT_{who}_{what}": "a@example.com" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
        ran = self.run(["git", *arguments], author)
        assert ran.code == 0, ran.err
        return ran.out.strip()

    def commit(self) -> str:
        """Commit all that is there, and return the commit."""
        if not (self.folder / ".git").exists():
            self.git("init", "--quiet")
        self.git("add", "--all")
        self.git("commit", "--quiet", "--no-verify", "--message", "change")
        return self.git("rev-parse", "HEAD")


def make_place(folder: Path, home: Path, *examples: str, outbox: str = "outbox") -> Place:
    """Make a repository that holds these examples and the registers they need."""
    (folder / outbox).mkdir(parents=True)
    shutil.copytree(ROOT / "examples" / "registers", folder / outbox / "registers")
    for name in examples:
        shutil.copy(ROOT / "examples" / name, folder / outbox / name)
    return Place(folder=folder, home=home)


def install_program(scripts: Path) -> None:
    """Put a program `borderready` into a folder of scripts: that of these tests."""
    scripts.mkdir(parents=True)
    script = scripts / "borderready"
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m borderready "$@"\n', "utf-8")
    script.chmod(0o755)


def read_yaml(name: str) -> Any:
    """Return a YAML file of this repository as other people's programs read it."""
    return yaml.safe_load((ROOT / name).read_text("utf-8"))


def faults_of_sarif(path: Path) -> list[str]:
    """Return what the schema of SARIF says against a file."""
    return _faults(Draft4Validator(_schema("sarif-2.1.0.json")), path)


def faults_of_code_quality(path: Path) -> list[str]:
    """Return what the schema of GitLab's code quality says against a file."""
    return _faults(Draft202012Validator(_schema("gitlab-code-quality.json")), path)


def faults_of_junit(path: Path) -> list[str]:
    """Return what the schema of JUnit says against a file."""
    schema = xmlschema.XMLSchema(str(DATA / "schemas" / "junit-10.xsd"))
    return [str(error.reason) for error in schema.iter_errors(ElementTree.parse(path).getroot())]


def faults_of_file(schema: str, name: str | Path) -> str:
    """Return what check-jsonschema says against a file by a schema that it brings along, nothing if it is sound."""
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, str(ROOT / name)]
    ran = run_program(command, home=ROOT)
    return ran.out + ran.err if ran.code else ""


def _schema(name: str) -> Any:
    return json.loads((DATA / "schemas" / name).read_text("utf-8"))


def _faults(validator: Any, path: Path) -> list[str]:
    content = json.loads(path.read_text("utf-8"))
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(content)]
