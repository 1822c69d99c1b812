# SPDX-License-Identifier: Apache-2.0
"""`pack fmt`, `lint`, `test`, `mutate`, `cover` on a pack that extends another: its own files, against both."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.cli.house import DISABLED, REASON, write_house
from tests.command import Ran, run_here

SEAL, CADMIUM = "any/any/seal-form", "any/durian/cadmium"
CORE, SITE = "any/frozen-fruit/core", "vn/sweet-potato/site"
_RULE = """\
id: acme:{path}
title: {{en: A rule of Acme, vi: Quy tắc của Acme, zh: Acme的规则}}
area: logistics
applies_to: {applies}
each: lot
basis: arrival
severity: should
acts: carrier
consequence: none
check: {check}
field: {field}
wordings:
  - start: {start}
    options: {options}
    says: {{en: Acme asks it (invented)., vi: Acme yêu cầu (hư cấu)., zh: Acme要求（虚构）。}}
    fix: {{en: Mend it., vi: Hãy sửa., zh: 请改正。}}
    source: {{instrument: acme-handbook, locator: Section 4, seen: primary, checked: 2026-11-20}}
"""
# Warmer than the base lets frozen fruit be.
WARM = {
    f"{CORE}.yaml": _RULE.format(
        path=CORE,
        applies="{product: [frozen-fruit]}",
        check="limit",
        field="temperature_log.max_core_c",
        start="2026-11-22",
        options="{min: -10}",
    ),
    f"{CORE}.cases.yaml": (
        "- {name: warm, date: 2026-11-22, given: {temperature_log: {max_core_c: -10}}, expect: pass}\n"
        "- {name: cold, date: 2026-11-22, given: {temperature_log: {max_core_c: -11}}, expect: fail}\n"
        "- {name: cold, date: 2026-11-21, given: {temperature_log: {max_core_c: -11}}, expect: upcoming}\n"
        "- {name: no log, date: 2026-11-22, given: {}, expect: unknown}\n"
    ),
}
# Looks into a table of the base, and names a product of it.
LISTED = {
    f"{SITE}.yaml": _RULE.format(
        path=SITE,
        applies="{origin: [VN], product: [sweet-potato]}",
        check="listed",
        field="shipment.route.entry",
        start="2026-06-01",
        options="{table: grain-sites, match: {gate: shipment.route.entry}, column: site, pass: [named], fail: [none]}",
    ),
    f"{SITE}.cases.yaml": (
        "- {name: named, date: 2026-06-01, given: {}, shipment: {route: {entry: hekou}}, expect: pass}\n"
        "- {name: not, date: 2026-06-01, given: {}, shipment: {route: {entry: hai-phong}}, expect: fail}\n"
        "- {name: not, date: 2026-05-31, given: {}, shipment: {route: {entry: hai-phong}}, expect: upcoming}\n"
        "- {name: nothing given, date: 2026-06-01, given: {}, expect: unknown}\n"
    ),
}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose cache of the base the tests share; packs lie elsewhere."""
    return tmp_path_factory.mktemp("home")


def run(home: Path, folder: Path, *arguments: str) -> Ran:
    return run_here("pack", *arguments, home=home, folder=folder)


def lint(home: Path, folder: Path) -> list[tuple[str, str, str]]:
    """Return lint, file and sentence of what is told of the house pack, but that a seal is never unknown."""
    ran = run(home, folder, "lint", "acme", "--on", "2026-11-25", "--format", "json")
    found = [(one["lint"], one["file"], one["message"]) for one in json.loads(ran.out)["findings"]]
    return [one for one in found if one[:2] != ("case-statuses", f"acme/{SEAL}.cases.yaml")]


# lint


def test_rule_that_rests_on_products_and_tables_of_the_base_is_clean(home: Path, tmp_path: Path) -> None:
    write_house(tmp_path, more=LISTED)
    assert lint(home, tmp_path) == []


def test_rule_that_contradicts_one_of_the_base_is_told_at_its_own_place(home: Path, tmp_path: Path) -> None:
    write_house(tmp_path, more=WARM)
    found = lint(home, tmp_path)
    assert {(lint, file) for lint, file, _ in found} == {("contradiction", f"acme/{CORE}.yaml")}
    assert any("any/frozen-fruit/cold-chain asks from" in text for _, _, text in found)


def test_rule_of_the_base_that_is_disabled_contradicts_none(home: Path, tmp_path: Path) -> None:
    others = "".join(
        f"  - rule: {rule}\n    reason: {REASON}\n"
        for rule in (
            *("any/frozen-fruit/cold-chain", "vn/durian-frozen/cold-chain", "my/durian-frozen/storage-temperature"),
            "id/durian-frozen/core-temperature",
        )
    )
    disables = f"disables:\n  - rule: {DISABLED}\n"
    write_house(tmp_path, ("pack.yaml", disables, f"disables:\n{others}  - rule: {DISABLED}\n"), more=WARM)
    assert lint(home, tmp_path) == []


def test_instrument_may_replace_one_of_the_base_but_none_that_is_not_there(home: Path, tmp_path: Path) -> None:
    state = "issuer: Acme\n"
    handbook = "instruments/acme-handbook.yaml"
    write_house(tmp_path, (handbook, state, f"{state}replaces: [gb-2762-2022, gb-0-0]\n"))
    found = [(lint, text) for lint, _, text in lint(home, tmp_path) if lint == "link-cycle"]
    assert found == [("link-cycle", "there is no instruments/gb-0-0.yaml")]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("extends: cn >=2026.11", "extends: no-such"),
        ("extends: cn >=2026.11", "extends: cn <2020"),
        (f"rule: {DISABLED}", "rule: vn/any/no-such"),
        (f"reason: {REASON}", "reason: ................"),
    ],
)
def test_pack_at_odds_with_its_base_cannot_be_read_and_has_a_page(
    old: str, new: str, home: Path, tmp_path: Path
) -> None:
    write_house(tmp_path, ("pack.yaml", old, new))
    ran = run(home, tmp_path, "lint", "acme", "--format", "json")
    [finding] = json.loads(ran.out)["findings"]
    assert (ran.code, finding["lint"], finding["file"]) == (5, "extends", "acme/pack.yaml")
    assert finding["page"] == "docs/lints.md#extends"


# test, mutate, cover


@pytest.mark.parametrize(
    ("prefix", "count"),
    [
        ("acme:any/any", 1),
        ("acme:", 2),
        ("ac", 2),
        ("any/any", 1),
        (f"{CADMIUM}.yaml", 1),
        ("any", 2),
        ("vn", 0),
        ("cn:any", 0),
    ],
)
def test_rules_are_chosen_by_id_or_by_path(prefix: str, count: int, home: Path, tmp_path: Path) -> None:
    write_house(tmp_path)
    tested = run(home, tmp_path, "test", "acme", "--rule", prefix)
    assert tested.out == f"cases: {5 * count} passed, 0 failed (rules: {count})\n"
    covered = run(home, tmp_path, "cover", "acme", "--rule", prefix, "--kind", "rules", "--format", "json")
    assert json.loads(covered.out)["kinds"]["rules"]["total"] == count
    mutated = run(home, tmp_path, "mutate", "acme", "--rule", prefix, "-j", "1")
    assert mutated.out.startswith("mutants: 0") == (count == 0)
    assert {tested.code, covered.code, mutated.code} <= ({3} if count == 0 else {0, 1})


def test_case_of_the_house_that_fails_and_one_that_cannot_be_read_are_told(home: Path, tmp_path: Path) -> None:
    cases = f"{CADMIUM}.cases.yaml"
    write_house(
        tmp_path, (cases, "expect: unknown", "expect: pass"), (f"{SEAL}.cases.yaml", "expect: pass", "expect: good")
    )
    tested = run(home, tmp_path, "test", "acme", "--failed-first")
    assert tested.code == 1
    assert "acme:any/durian/cadmium" in tested.out
    assert f"{SEAL}.cases.yaml:1:" in tested.out
    assert tested.out.splitlines()[-1] == "cases: 4 passed, 2 failed (rules: 2)"


def test_tables_of_the_base_are_looked_into_but_not_counted(home: Path, tmp_path: Path) -> None:
    write_house(tmp_path, more=LISTED)
    assert run(home, tmp_path, "test", "acme", "--rule", SITE).out.startswith("cases: 4 passed, 0 failed")
    covered = json.loads(run(home, tmp_path, "cover", "acme", "--rule", SITE, "--format", "json").out)
    assert covered["pack"] == {"name": "acme", "version": "2026.11.0"}
    assert covered["kinds"]["wordings"] == {"total": 1, "touched": 1, "untouched": []}
    assert covered["kinds"]["options"]["untouched"] == []
    assert covered["kinds"]["tables"]["total"] == covered["kinds"]["rows"]["total"] == 0
    assert " survived: 0 " in run(home, tmp_path, "mutate", "acme", "--rule", SITE, "-j", "1").out


def test_nothing_is_lost_where_the_cache_of_the_base_cannot_be_kept(tmp_path: Path) -> None:
    write_house(tmp_path)
    home = tmp_path / "home"
    home.mkdir()
    first = run(home, tmp_path, "test", "acme")
    for folder in home.rglob("pack-*.json"):
        folder.write_bytes(b"damaged")
    assert run(home, tmp_path, "test", "acme") == first
    shutil.rmtree(home)
    assert run(home, tmp_path, "test", "acme") == first


# fmt


def test_pack_file_is_put_into_form_and_keeps_its_comments(home: Path, tmp_path: Path) -> None:
    write_house(tmp_path)
    pack = tmp_path / "acme" / "pack.yaml"
    good = pack.read_text("utf-8")
    lines = good.splitlines(keepends=True)
    pack.write_text("".join(["# Ours.\n", *lines[3:4], *lines[:3], *lines[4:]]), "utf-8")
    assert ("key-order", "acme/pack.yaml") in {one[:2] for one in lint(home, tmp_path)}
    assert run(home, tmp_path, "fmt", "acme/pack.yaml").code == 0
    assert sorted(pack.read_text("utf-8").splitlines()) == sorted(["# Ours.", *good.splitlines()])
    assert run(home, tmp_path, "fmt", "acme").code == 0
    assert lint(home, tmp_path) == []
    assert run(home, tmp_path, "test", "acme").out == "cases: 10 passed, 0 failed (rules: 2)\n"
