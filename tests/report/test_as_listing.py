# SPDX-License-Identifier: Apache-2.0
"""Lists and explanations; whole ones stand in the golden files. Packs come from others, so their texts are no trusted
ones, either."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.cli.build import write_pack
from tests.command import MANIFESTS, run_here

ACTS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2028\u2029\u2066-\u2069\ufeff]")
HOSTILE = r"\e[31m\x9b2J\u202e[bold]"
SHOWN = "\\u001b[31m\\u009b2J\\u202e[bold]"
# Every text of a pack that a list, an explanation or a report can show.
TEXTS = (
    ("any/fresh-fruit/pallet-mark.yaml", "title: {en: Destination on the pallet", 'title: {en: "%s"'),
    ("any/fresh-fruit/pallet-mark.yaml", "en: Each pallet bears the destination in Chinese.", 'en: "%s"'),
    ("any/fresh-fruit/pallet-mark.yaml", "en: Write 输往中华人民共和国 on each pallet.", 'en: "%s"'),
    ("any/fresh-fruit/pallet-mark.yaml", "locator: paragraph 8", 'locator: "%s"'),
    ("any/fresh-fruit/pallet-mark.yaml", "witnesses: [Harbour Post, Quay Weekly]", 'witnesses: ["%s", Quay Weekly]'),
    ("any/fresh-fruit/pallet-mark.yaml", "any_of: [输往中华人民共和国]", 'any_of: ["%s"]'),
    ("any/fresh-fruit/pallet-mark.cases.yaml", "name: no pallet described", 'name: "%s"'),
    (
        "any/any/paper-copy.yaml",
        "applies_to: {mode: [road, rail]}",
        'applies_to: {when: {shipment.mode: ["%s", road]}}',
    ),
    ("instruments/harbour-act.yaml", "en: Act on fruit in the harbour", 'en: "%s"'),
    ("instruments/harbour-act.yaml", "number: Harbour Act No. 7 of 2019", 'number: "%s"'),
    ("instruments/harbour-act.yaml", "url: https://harbour.invalid/act", 'url: "%s"'),
    ("instruments/quay-circular.yaml", "en: Circular on the marking of pallets and on papers at the quay", 'en: "%s"'),
    ("products.yaml", "en: Fresh lychee", 'en: "%s"'),
    ("products.yaml", "scientific_names: [Litchi chinensis]", 'scientific_names: ["%s"]'),
    ("tables/access.csv", "since the weevils of 2024", "\x1b[31m\x9b2J\u202e[bold]"),
    ("VERSION", "1.0.0", "\x1b[31m\x9b2J\u202e[bold]"),
)


def _hostile_pack(folder: Path) -> Path:
    pack = write_pack(folder)
    for file, old, new in TEXTS:
        text = (pack / file).read_text("utf-8")
        assert old in text, (file, old)
        (pack / file).write_text(text.replace(old, new.replace("%s", HOSTILE)), "utf-8")
    return pack


@pytest.mark.parametrize(
    "arguments",
    [
        ("rules",),
        ("products",),
        ("gaps",),
        ("coverage",),
        ("coverage", "--format", "markdown"),
        ("coverage", "--format", "json"),
        ("explain", "any/fresh-fruit/pallet-mark"),
        ("explain", "any/any/paper-copy"),
        ("check", "not-ready.yaml", "--verbose"),
        ("check", "two-lots.yaml", "--verbose"),
        ("check", "not-ready.yaml", "--format", "json"),
        ("check", "not-ready.yaml", "--why-not", "any/any/paper-copy"),
        ("check", "undecided.yaml", "--why-not", "any/fresh-fruit/pallet-mark"),
    ],
    ids=" ".join,
)
def test_texts_of_a_pack_cannot_act_on_a_terminal(arguments: tuple[str, ...], tmp_path: Path) -> None:
    pack = _hostile_pack(tmp_path)
    ran = run_here(*arguments, "--rules", str(pack), home=tmp_path, folder=MANIFESTS)
    assert ran.code in (0, 1, 4)
    assert ran.err == ""
    assert ACTS.findall(ran.out) == []


def test_texts_of_a_pack_are_shown_as_they_are(tmp_path: Path) -> None:
    """Without the markup of rich: what looks like it is text."""
    pack = _hostile_pack(tmp_path)
    ran = run_here("explain", "any/fresh-fruit/pallet-mark", "--rules", str(pack), home=tmp_path)
    assert ran.out.splitlines()[0] == f"{SHOWN}  any/fresh-fruit/pallet-mark"


def test_faults_of_a_pack_cannot_act_on_a_terminal(tmp_path: Path) -> None:
    pack = write_pack(tmp_path)
    rule = pack / "any/any/access.yaml"
    rule.write_text(rule.read_text("utf-8").replace("area: access", f'area: "{HOSTILE}"'), "utf-8")
    ran = run_here("products", "--rules", str(pack), home=tmp_path)
    assert (ran.code, ran.out) == (5, "")
    assert ACTS.findall(ran.err) == []
    assert SHOWN in ran.err


def test_name_of_a_case_stays_in_its_column(tmp_path: Path) -> None:
    """A long name goes on below itself, not at the left edge among the headings."""
    ran = run_here("explain", "any/any/paper-copy", "--rules", "../pack", home=tmp_path, folder=MANIFESTS)
    cases = ran.out.partition("Cases\n")[2].splitlines()
    assert [line for line in cases if not line.startswith("   ")] == []
