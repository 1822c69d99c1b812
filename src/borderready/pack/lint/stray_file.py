# SPDX-License-Identifier: Apache-2.0
"""`stray-file`: no file lies in a pack that nothing reads: a misspelt name would be a rule that nobody runs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from borderready.model import path_of_rule
from borderready.pack.lint.finding import LintFinding, remark
from borderready.pack.view import PackView

ID = "stray-file"
_SLUG = "[a-z0-9]+(?:-[a-z0-9]+)*"
_READ = re.compile(
    rf"VERSION|NEWS\.md|README\.md|(?:pack|products|coverage|survivors)\.yaml|(?:instruments|gaps|notices)/{_SLUG}\.yaml|tables/{_SLUG}\.(?:yaml|csv)"
    rf"|{_SLUG}/{_SLUG}/{_SLUG}\.yaml"
)
_CASES = re.compile(rf"({_SLUG}/{_SLUG}/{_SLUG})\.cases\.yaml")


def lint(pack: PackView, day: str) -> Iterator[LintFinding]:
    """Yield files that no part of the program reads, cases without a rule, and rows without a description."""
    rules = {path_of_rule(rule.id) for rule in pack.rule_base.rules}
    for path in sorted(pack.contents):
        cases = _CASES.fullmatch(path)
        if cases is not None:
            if cases[1] not in rules:
                yield remark(ID, path, f"cases without a rule: there is no {cases[1]}.yaml")
        elif not _READ.fullmatch(path):
            yield remark(ID, path, "nothing reads this file: is its name misspelt?")
        elif path.endswith(".csv") and f"{path.removesuffix('.csv')}.yaml" not in pack.contents:
            yield remark(ID, path, "rows without a description: the .yaml of the same name is missing")
