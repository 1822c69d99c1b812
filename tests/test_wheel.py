# SPDX-License-Identifier: Apache-2.0
"""The wheel: built from a copy of the checkout, installed where no checkout is near, and used."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import pytest

from borderready import __version__
from tests.command import ROOT, Ran, run_here, run_program

LEFT_OUT = shutil.ignore_patterns(
    ".git", ".*_cache", "__pycache__", "*.pyc", ".hypothesis", ".venv", "venv", "dist", "build", "*.egg-info"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Installed:
    """A wheel, and the environment it is installed in."""

    wheel: Path
    scripts: Path
    package: Path

    @property
    def names(self) -> list[str]:
        """Every file of the wheel."""
        with zipfile.ZipFile(self.wheel) as archive:
            return archive.namelist()

    def run(self, *arguments: str, home: Path, folder: Path | None = None) -> Ran:
        """Run the console script of the wheel."""
        return run_program(
            [str(self.scripts / "borderready"), *arguments],
            home=home,
            folder=folder,
            environment={"PYTHONPATH": "", "PATH": str(self.scripts)},
        )


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installed]:
    """A wheel of this checkout in an empty environment, which borrows its dependencies from ours: no network."""
    root = tmp_path_factory.mktemp("wheel")
    shutil.copytree(ROOT, root / "checkout", ignore=LEFT_OUT)
    _run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(root), folder=root / "checkout")
    [wheel] = root.glob("*.whl")
    shutil.rmtree(root / "checkout")
    venv = root / "venv"
    _run(sys.executable, "-m", "venv", "--without-pip", str(venv), folder=root)
    paths = {"base": str(venv), "platbase": str(venv)}
    scripts, site = (Path(sysconfig.get_path(name, "venv", paths)) for name in ("scripts", "purelib"))
    (site / "borrowed.pth").write_text(f"{sysconfig.get_path('purelib')}\n{sysconfig.get_path('platlib')}\n", "utf-8")
    pip = (sys.executable, "-m", "pip", "--python", str(scripts / "python"))
    _run(*pip, "install", "--quiet", "--no-index", "--no-deps", str(wheel), folder=root)
    yield Installed(wheel=wheel, scripts=scripts, package=site / "borderready")
    shutil.rmtree(root)


def _run(*command: str, folder: Path) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def _files(folder: Path) -> set[str]:
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and not any(part.startswith((".", "__pycache__")) for part in path.relative_to(folder).parts)
    }


@pytest.mark.parametrize("folder", ["rules", "examples"])
def test_wheel_holds_all_of(folder: str, installed: Installed) -> None:
    kept = {
        name.removeprefix(f"borderready/{folder}/")
        for name in installed.names
        if name.startswith(f"borderready/{folder}/")
    }
    assert kept == _files(ROOT / folder)
    assert kept


def test_wheel_holds_the_source_and_its_schemas(installed: Installed) -> None:
    source = _files(ROOT / "src" / "borderready")
    assert {f"borderready/{name}" for name in source} <= set(installed.names)
    assert {"borderready/py.typed", "borderready/schemas/manifest.schema.json"} <= set(installed.names)


def test_wheel_holds_nothing_else(installed: Installed) -> None:
    tops = {PurePosixPath(name).parts[0] for name in installed.names}
    assert tops == {"borderready", f"borderready-{__version__}.dist-info"}
    stray = [name for name in installed.names if re.search(r"(^|/)(tests?|benchmarks|docs)/|\.pyc$|_cache/|/\.", name)]
    assert stray == []


def test_wheel_says_what_it_is(installed: Installed) -> None:
    with zipfile.ZipFile(installed.wheel) as archive:
        metadata = archive.read(f"borderready-{__version__}.dist-info/METADATA").decode()
    assert f"Version: {__version__}" in metadata.splitlines()
    assert "License-Expression: Apache-2.0" in metadata.splitlines()
    assert f"borderready-{__version__}.dist-info/licenses/LICENSE" in installed.names


def test_installed_program_uses_the_rule_base_inside_it(installed: Installed, tmp_path: Path) -> None:
    """The same rule base as that of the checkout, by its digest."""
    ran = installed.run("--version", home=tmp_path)
    assert ran == run_here("--version", home=tmp_path)
    found = run_program(
        [str(installed.scripts / "python"), "-c", "import borderready; print(borderready.__file__)"],
        home=tmp_path,
        environment={"PYTHONPATH": ""},
    )
    assert Path(found.out.strip()).parent.resolve() == installed.package.resolve()


def _readme_checks() -> list[tuple[str, int]]:
    text = (ROOT / "README.md").read_text("utf-8")
    lines = re.findall(r"^\$ borderready (check examples/.*)$", text, re.MULTILINE)
    exits = [re.search(r"# exit (\d+)", line) for line in lines]
    codes = [int(exit_[1]) if exit_ else 0 for exit_ in exits]
    return list(zip((line.partition("#")[0].strip() for line in lines), codes, strict=True))


def test_checks_of_the_readme_run_on_the_examples_inside_it(installed: Installed, tmp_path: Path) -> None:
    """From a folder of the user's own, with nothing of the checkout near; twice, without and with a cache."""
    shutil.copytree(installed.package / "examples", tmp_path / "mine" / "examples")
    checks = _readme_checks()
    assert checks
    for line, code in (*checks, *checks):
        ran = installed.run(*line.split(), home=tmp_path, folder=tmp_path / "mine")
        assert (ran.code, ran.err) == (code, ""), line
        assert ran == run_here(*line.split(), home=tmp_path, folder=ROOT)


def test_installed_pack_passes_its_own_tests(installed: Installed, tmp_path: Path) -> None:
    """The linter and the cases need nothing that only a checkout has."""
    assert installed.run("pack", "lint", "--on", "2026-11-25", home=tmp_path).code == 0
    ran = installed.run("pack", "test", "--rule", "vn/banana", home=tmp_path)
    assert (ran.code, ran.err) == (0, "")


def test_installed_program_writes_nothing_into_itself(installed: Installed, tmp_path: Path) -> None:
    before = _files(installed.package)
    shutil.copytree(installed.package / "examples", tmp_path / "examples")
    installed.run("check", "examples/durian-ready.yaml", home=tmp_path)
    assert _files(installed.package) == before
    assert [path.name for path in (tmp_path / ".cache" / "borderready").iterdir()]
