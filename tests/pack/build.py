# SPDX-License-Identifier: Apache-2.0
"""The smallest pack that the linter has nothing to say about, and packs that differ from it in one place."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from borderready.cli.session import kind_schemas
from borderready.pack.lint import lint_pack
from borderready.pack.view import PackView, view_pack

DAY = "2026-11-25"
RULE = "any/any/seal"
RULE_FILE = f"{RULE}.yaml"
CASES_FILE = f"{RULE}.cases.yaml"
CLEAN: Mapping[str, str] = {
    "VERSION": "1\n",
    "products.yaml": """\
groups:
  fruit: {en: Fruit, vi: Trái cây, zh: 水果}
products:
  plum:
    name: {en: Plum, vi: Mận, zh: 李子}
    form: fresh
    groups: [fruit]
""",
    "instruments/act.yaml": """\
id: act
title: {en: Act, vi: Luật, zh: 法}
kind: law
issuer: Harbour Council
url_state: unknown
""",
    RULE_FILE: """\
id: any/any/seal
title: {en: Seal, vi: Niêm phong, zh: 封志}
area: logistics
applies_to: {}
each: shipment
basis: arrival
severity: must
acts: carrier
consequence: refused
check: present
field: shipment.transport.seal
wordings:
  - start: 2020-01-01
    options: {}
    says: {en: There is a seal., vi: Có niêm phong., zh: 有封志。}
    fix: {en: Seal it., vi: Niêm phong lại., zh: 请加封。}
    source: {instrument: act, locator: Section 1, seen: primary, checked: 2026-11-20}
""",
    CASES_FILE: """\
- name: sealed
  date: 2020-01-01
  given: {shipment: {transport: {seal: A1}}}
  expect: pass
- name: a truck without a seal
  date: 2020-01-01
  given: {shipment: {transport: {tractor: T1}}}
  expect: fail
- name: no truck described
  date: 2020-01-01
  given: {}
  expect: unknown
- name: the day before
  date: 2019-12-31
  given: {shipment: {transport: {tractor: T1}}}
  expect: upcoming
""",
}
Replaced = tuple[str, str, str]


def replace_in_clean(*replaced: Replaced) -> dict[str, str]:
    """Return the clean files with some text replaced: file, old (which must stand there once), new."""
    files = dict(CLEAN)
    for file, old, new in replaced:
        assert files[file].count(old) == 1, f"{old!r} stands {files[file].count(old)} times in {file}"
        files[file] = files[file].replace(old, new)
    return files


def write_files(root: Path, files: Mapping[str, str]) -> Path:
    """Write a pack."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return root


def view_files(root: Path, files: Mapping[str, str] = CLEAN) -> PackView:
    """Return a pack as the linter and the case runner see it."""
    return view_pack(write_files(root, files), kind_schemas(), name="mini")


def lint_files(root: Path, files: Mapping[str, str] = CLEAN, *, day: str = DAY) -> list[tuple[str, str, str]]:
    """Return what the linter says of a pack: how bad, where, and the sentence with the name of its lint."""
    found = lint_pack(view_files(root, files), day=day)
    return [("error" if one.is_error else "warning", one.fault.place, _sentence(one.fault.what.args)) for one in found]


def lint_replaced(root: Path, *replaced: Replaced, day: str = DAY) -> list[tuple[str, str, str]]:
    """Return what the linter says of the clean pack with some text replaced."""
    return lint_files(root, replace_in_clean(*replaced), day=day)


def _sentence(args: Mapping[str, str]) -> str:
    return f"{args['lint']}: {args['text']}"
