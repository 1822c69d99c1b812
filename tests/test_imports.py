# SPDX-License-Identifier: Apache-2.0
"""Arrows point inwards: which part may import which (style anchors, section 2), read from the code itself."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import borderready

ROOT = Path(borderready.__file__).parent
# What each part may import of ours; everything may import itself, unless SEPARATE says otherwise.
MAY: dict[str, set[str]] = {
    "__init__": set(),
    "model": set(),
    "fold": set(),
    "schemas": set(),
    "errors": {"model"},
    "i18n": {"model"},
    "paths": {"model", "fold"},
    "subjects": {"model", "paths"},
    "scope": {"model", "paths", "subjects"},
    "across": {"model", "fold", "paths"},
    "histories": {"model", "fold"},
    "checks": {"model", "paths", "fold", "i18n", "across", "histories"},
    "memory": {"model", "paths", "subjects", "scope", "checks"},
    "disable": {"model"},
    "ask": {"model", "errors", "paths", "subjects", "scope", "checks", "memory", "disable"},
    "core": {"model", "errors", "paths", "subjects", "scope", "checks", "memory", "ask", "disable", "histories"},
    "fingerprint": {"model", "paths"},
    "selection": {"model", "core"},
    "waive": {"model", "errors", "fold", "paths", "core", "fingerprint"},
    "settings": {"model", "errors"},
    "read": {"model", "errors", "schemas", "paths", "fold", "settings"},
    "keep": {"model", "errors", "fold", "settings", "read"},
    "update": {"model", "errors", "keep"},
    "coverage": {"model", "errors", "paths", "scope", "checks", "core"},
    "report": {
        "model",
        "i18n",
        "errors",
        "paths",
        "subjects",
        "scope",
        "checks",
        "coverage",
        "settings",
        "fingerprint",
    },
}
INNER = set(MAY) - {"report", "coverage", "keep", "update"}
MAY["pack"] = INNER | {"keep", "coverage"}
MAY["batch"] = INNER
MAY["scale"] = INNER | {"batch", "keep"}
MAY["cli"] = set(MAY)
MAY["__main__"] = {"cli"}
PURE = (
    *(
        "model",
        "errors",
        "fold",
        "paths",
        "subjects",
        "scope",
        "checks",
        "memory",
        "disable",
        "ask",
        "core",
        "coverage",
    ),
    *("i18n", "fingerprint", "selection", "waive", "settings", "across", "histories"),
)
HEAVY = {"yaml", "jsonschema", "jsonschema_rs", "typer", "rich", "click"}
# Files, clocks, networks, chance and screens.
OUTSIDE = {
    "asyncio",
    "http",
    "io",
    "logging",
    "os",
    "pathlib",
    "random",
    "shutil",
    "socket",
    "subprocess",
    "sys",
    "tempfile",
    "threading",
    "time",
    "urllib",
    "uuid",
    "warnings",
}
MODULES = {
    path.relative_to(ROOT).with_suffix("").as_posix().removesuffix("/__init__").replace("/", "."): path
    for path in sorted(ROOT.rglob("*.py"))
    if "rules" not in path.relative_to(ROOT).parts and "examples" not in path.relative_to(ROOT).parts
}


def part_of(module: str) -> str:
    """Return the part of the house that a module belongs to: `checks.limit` belongs to `checks`."""
    return module.split(".")[0]


@cache
def parse(module: str) -> ast.Module:
    return ast.parse(MODULES[module].read_text("utf-8"))


def imports_of(module: str) -> Iterator[str]:
    """Return every module that one imports, anywhere in it, by its full name."""
    path = MODULES[module]
    own = ["borderready", *([] if module == "__init__" else module.split("."))]
    package = own if path.name == "__init__.py" else own[:-1]
    for node in ast.walk(parse(module)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            yield base
            yield from (f"{base}.{alias.name}" for alias in node.names)


def ours(module: str) -> set[str]:
    """Return the modules of ours that one imports, without the package's name; names in modules are left out."""
    found = {name.removeprefix("borderready.") for name in imports_of(module) if name.startswith("borderready.")}
    modules = {name for name in found if name in MODULES}
    if "borderready" in set(imports_of(module)) and not modules - found:
        modules |= {"__init__"} & set(MODULES)
    return modules


def names_used_in(module: str) -> set[str]:
    """Return the names that a module reads, and the attributes, as `print` or `.today`."""
    tree = ast.walk(parse(module))
    return {
        node.id if isinstance(node, ast.Name) else f".{node.attr}"
        for node in tree
        if isinstance(node, (ast.Name, ast.Attribute))
    }


def test_the_whole_house_is_looked_at() -> None:
    assert {"model", "core", "checks.limit", "read.manifest", "report.as_json", "pack.case", "cli.app"} <= set(MODULES)
    assert {part_of(module) for module in MODULES} <= set(MAY)


@pytest.mark.parametrize("module", sorted(MODULES))
def test_each_part_imports_only_what_it_may(module: str) -> None:
    part = part_of(module)
    assert {other for other in ours(module) if part_of(other) not in MAY[part] | {part}} == set()


def test_the_table_points_inwards_and_never_back() -> None:
    """No part can reach itself by way of others."""
    for part, allowed in MAY.items():
        reached, todo = set[str](), list(allowed)
        while todo:
            other = todo.pop()
            if other not in reached:
                reached.add(other)
                todo.extend(MAY[other])
        assert part not in reached


def test_nobody_imports_the_command_line() -> None:
    assert {module for module in MODULES if any(part_of(other) == "cli" for other in ours(module))} <= {
        module for module in MODULES if part_of(module) in ("cli", "__main__")
    }


@pytest.mark.parametrize("module", sorted(module for module in MODULES if module.startswith("report.as_")))
def test_one_format_never_imports_another(module: str) -> None:
    assert {other for other in ours(module) if other.startswith("report.as_")} == set()


@pytest.mark.parametrize("module", sorted(module for module in MODULES if part_of(module) == "checks"))
def test_a_check_kind_is_looked_up_in_one_table_and_nowhere_else(module: str) -> None:
    assert module == "checks" or "checks" not in ours(module)


@pytest.mark.parametrize("module", sorted(module for module in MODULES if part_of(module) in PURE))
def test_the_core_touches_no_file_clock_network_or_screen(module: str) -> None:
    roots = {name.split(".")[0] for name in imports_of(module)}
    assert roots & (HEAVY | OUTSIDE) == set()
    used = names_used_in(module)
    assert used & {"print", "open", "input", "eval", "exec", "__import__", "float"} == set()
    assert used & {".today", ".now", ".utcnow", ".read_text", ".write_text", ".environ"} == set()


# Whatever opens a connection, or can.
WAYS_OUT = {
    *("socket", "_socket", "ssl", "http", "urllib.request", "asyncio", "ftplib", "smtplib", "socketserver", "xmlrpc"),
    *("urllib3", "requests", "httpx", "aiohttp", "tuf.ngclient", "webbrowser"),
}


def has_way_out(module: str) -> bool:
    return any(f"{name}.".startswith(f"{way}.") for name in imports_of(module) for way in WAYS_OUT)


def test_one_command_alone_leads_to_a_socket() -> None:
    """`pack update`. Leaves out `scale`, whose cluster listens to this machine alone unless another is named."""
    leads = {module for module in MODULES if part_of(module) != "scale" and has_way_out(module)}
    assert leads == {"update.fetch", "update.client", "update.refusal"}
    while more := {module for module in MODULES if part_of(module) == "update" and ours(module) & leads} - leads:
        leads |= more
    assert {module for module in MODULES if part_of(module) != "update" and ours(module) & leads} == {"cli.pack_update"}


def test_one_module_alone_opens_it() -> None:
    """The other two know python-tuf, which opens none through them: it is given what fetches."""
    for module in ("update.client", "update.refusal"):
        ways = {name for name in imports_of(module) if f"{name}.".startswith(tuple(f"{way}." for way in WAYS_OUT))}
        assert {name for name in ways if not name.startswith("tuf.ngclient")} == set()


@pytest.mark.parametrize("module", sorted(module for module in MODULES if module.startswith("pack.lint")))
def test_no_lint_asks_for_today(module: str) -> None:
    assert names_used_in(module) & {".today", ".now", ".utcnow"} == set()


@pytest.mark.parametrize(
    "module", ["core", "coverage", "checks", "scope", "errors", "i18n", "waive", "selection", "settings"]
)
def test_importing_the_core_loads_nothing_heavy(module: str, tmp_path: Path) -> None:
    code = f"import json, sys, borderready.{module}; print(json.dumps(sorted(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path)
    loaded = json.loads(run.stdout)
    assert f"borderready.{module}" in loaded
    assert {name for name in loaded if name.split(".")[0] in HEAVY} == set()
    wings = {"read", "keep", "report", "pack", "batch", "scale", "cli"}
    assert {name for name in loaded if name.startswith("borderready.") and name.split(".")[1] in wings} == set()
