# SPDX-License-Identifier: Apache-2.0
"""`stray-file`: no file lies in a pack that nothing reads: a misspelt name would be a rule that nobody runs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches

from borderready.model import path_of_rule
from borderready.pack.lint.finding import LintFinding, remark
from borderready.pack.view import PackView

ID = "stray-file"
_SLUG = "[a-z0-9]+(?:-[a-z0-9]+)*"
_READ = re.compile(
    rf"VERSION|NEWS\.md|README\.md|(?:MANIFEST|SIGNATURES)\.json|(?:pack|products|coverage|survivors)\.yaml|(?:instruments|gaps|notices)/{_SLUG}\.yaml|tables/{_SLUG}\.(?:yaml|csv)"
    rf"|{_SLUG}/{_SLUG}/{_SLUG}\.yaml"
)
_CASES = re.compile(rf"({_SLUG}/{_SLUG}/{_SLUG})\.cases\.yaml")


# What a file of a pack is called, and what its folder is.
_NAMES = ("VERSION", "NEWS.md", "README.md", "pack.yaml", "products.yaml", "coverage.yaml", "survivors.yaml")
_FOLDERS = ("instruments", "gaps", "notices", "tables")


def lint(pack: PackView, day: str) -> Iterator[LintFinding]:
    """Yield files that no part of the program reads, cases without a rule, and rows without a description."""
    rules = {path_of_rule(rule.id) for rule in pack.rule_base.rules}
    for path in sorted(pack.contents):
        cases = _CASES.fullmatch(path)
        if cases is not None:
            if cases[1] not in rules:
                yield remark(ID, path, f"cases without a rule: there is no {cases[1]}.yaml")
        elif not _READ.fullmatch(path):
            near = _near(path)
            yield remark(
                ID, path, "nothing reads this file" + (f": is it {near}?" if near else ": is its name misspelt?")
            )
        elif path.endswith(".csv") and f"{path.removesuffix('.csv')}.yaml" not in pack.contents:
            yield remark(ID, path, "rows without a description: the .yaml of the same name is missing")


def _near(path: str) -> str | None:
    """Return a path that is read and that looks much like one that is not."""
    *folders, name = path.split("/")
    mended = re.sub(r"\.yml$", ".yaml", re.sub(r"\.cases?\.ya?ml$|\.tests?\.ya?ml$", ".cases.yaml", name))
    if not folders:
        found = get_close_matches(mended, _NAMES, n=1, cutoff=0.75)
        return found[0] if found and found[0] != name else None
    if len(folders) == 1:
        folders = get_close_matches(folders[0], _FOLDERS, n=1, cutoff=0.75) or folders
    near = "/".join((*folders, re.sub(r"[\s_]+", "-", mended.lower())))
    return near if near != path and (_READ.fullmatch(near) or _CASES.fullmatch(near)) else None
