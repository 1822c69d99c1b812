# SPDX-License-Identifier: Apache-2.0
"""Packs that extend others, from the store, zips and folders: each pack of the chain is found, judged and told."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from borderready.pack.build import seal_files
from borderready.read.rule_base import default_rules_dir
from tests.cli.house import ADDED, HOUSE
from tests.command import MANIFESTS, Ran, run_here
from tests.packs import built, key_of, signed, write_built, write_files

READY = str(MANIFESTS / "ready.yaml")
TITLE = "title: {en: Invented, vi: Bịa, zh: 虚构}\n"


def house(version: str = "1.0.0", extends: str = "cn", *, name: str = "acme") -> dict[str, bytes]:
    """Return the files of a pack of one's own, with one rule and its instrument."""
    kept = ("any/any/seal-form.yaml", "any/any/seal-form.cases.yaml", "instruments/acme-handbook.yaml")
    own = {f: HOUSE[f].replace("acme:any", f"{name}:any").replace("acme-handbook", f"{name}-handbook") for f in kept}
    own[f"instruments/{name}-handbook.yaml"] = own.pop("instruments/acme-handbook.yaml")
    own["pack.yaml"] = f"name: {name}\n{TITLE}extends: {extends}\n"
    own["VERSION"], own["NEWS.md"] = f"{version}\n", f"# News\n\n## {version}\n\nInvented.\n"
    return {file: text.encode() for file, text in own.items()}


def sealed(files: Mapping[str, bytes], *teams: str) -> dict[str, bytes]:
    _, contents = seal_files(files, lambda _: None, file="test")
    return signed(contents, *teams)


def root_of(home: Path) -> Path:
    return home / ".local" / "share" / "borderready" / "packs"


def write_trust(home: Path, **teams: str) -> None:
    """Write a configuration that asks for the signature of one team for each name."""
    text = "".join(f'[trust.{name}]\nkeys = ["{key_of(team).public}"]\n' for name, team in teams.items())
    (home / "borderready.toml").write_text(text, "utf-8")


def add(home: Path, contents: Mapping[str, bytes], name: str = "cn", *, used: bool = True) -> None:
    version = contents["VERSION"].decode().strip()
    ran = run_here("pack", "add", str(write_built(home / "zips", contents, f"{name}-{version}.zip")), home=home)
    assert (ran.code, ran.err) == (0, "")
    if used:
        assert run_here("pack", "use", f"{name}@{version}", home=home).code == 0


def check(home: Path, rules: str, *arguments: str) -> Ran:
    registers = ("--registers", str(MANIFESTS / "registers"))
    return run_here("check", READY, *registers, "--rules", rules, *arguments, home=home)


def packs_of(home: Path, rules: str) -> list[dict[str, Any]]:
    ran = check(home, rules, "--format", "json")
    assert (ran.code in (0, 4), ran.err) == (True, "")  # the rule base of the program cannot answer everything here
    packs: list[dict[str, Any]] = json.loads(ran.out)["packs"]
    return packs


def versions_of(home: Path, rules: str) -> list[str]:
    return [f"{pack['name']}@{pack['version']}" for pack in packs_of(home, rules)]


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A machine with keys for both names, and a signed pack of each, in use."""
    write_trust(tmp_path, cn="a", acme="b")
    add(tmp_path, built("1.0.0", "a"))
    add(tmp_path, sealed(house(), "b"), "acme")
    return tmp_path


# trust


def test_report_names_who_signed_each_pack(shop: Path) -> None:
    own, base = packs_of(shop, "acme")
    assert (own["name"], own["signed_by"]) == ("acme", key_of("b").public)
    assert (base["name"], base["signed_by"]) == ("cn", key_of("a").public)
    assert packs_of(shop, "acme") == [own, base]  # compiled by then


def test_base_without_the_signatures_that_are_asked_for_is_refused(tmp_path: Path) -> None:
    add(tmp_path, sealed(house(), "b"), "acme")
    assert check(tmp_path, "acme").code == 4
    write_trust(tmp_path, cn="a")
    ran = check(tmp_path, "acme")
    assert (ran.code, "is not signed" in ran.err) == (5, True)


def test_signature_on_the_pack_says_nothing_of_its_base(shop: Path) -> None:
    add(shop, built("1.1.0", "a"))
    write_trust(shop, cn="b", acme="b")
    ran = check(shop, "acme")
    assert (ran.code, "signed by none of the keys for cn" in " ".join(ran.err.split())) == (5, True)


@pytest.mark.parametrize("name", ["acme", "cn"])
@pytest.mark.parametrize("is_compiled", [True, False])
def test_altered_file_of_any_pack_of_the_chain_is_found_out(name: str, is_compiled: bool, shop: Path) -> None:
    if is_compiled:
        assert check(shop, "acme").code == 0
    instrument = {"acme": "acme-handbook", "cn": "harbour-act"}[name]
    file = root_of(shop) / name / "1.0.0" / "instruments" / f"{instrument}.yaml"
    file.write_bytes(file.read_bytes() + b"# another word\n")
    ran = check(shop, "acme")
    assert (ran.code, f"{instrument}.yaml" in ran.err) == (5, True)


def test_pack_yaml_that_was_altered_leads_to_no_other_base(shop: Path) -> None:
    file = root_of(shop) / "acme" / "1.0.0" / "pack.yaml"
    file.write_bytes(file.read_bytes().replace(b"extends: cn", b"extends: loose"))
    ran = check(shop, "acme")
    assert (ran.code, "pack.yaml" in ran.err, "loose" in ran.err) == (5, True, False)


def test_lock_names_every_pack_and_holds_each(tmp_path: Path) -> None:
    add(tmp_path, built("1.0.0"))
    add(tmp_path, sealed(house()), "acme")
    assert run_here("pack", "lock", "--rules", "acme", home=tmp_path).code == 0
    locked = json.loads((tmp_path / "borderready.lock").read_text("utf-8"))["packs"]
    assert [(pack["name"], pack["version"]) for pack in locked] == [("acme", "1.0.0"), ("cn", "1.0.0")]
    assert check(tmp_path, "acme", "--locked").code == 0
    add(tmp_path, built("1.1.0"))
    ran = check(tmp_path, "acme", "--locked")
    assert (ran.code, "cn" in ran.err, "1.1.0" in ran.err) == (5, True, True)


# where a base is found


def test_base_is_the_version_in_use_else_the_one_of_the_program(tmp_path: Path) -> None:
    own = (default_rules_dir() / "VERSION").read_text("utf-8").strip()
    write_files(tmp_path / "acme", house())
    assert versions_of(tmp_path, "./acme") == ["acme@1.0.0", f"cn@{own}"]
    add(tmp_path, built("1.0.0"))
    assert versions_of(tmp_path, "./acme") == ["acme@1.0.0", "cn@1.0.0"]


def test_range_takes_the_highest_version_that_it_allows_where_that_in_use_is_out_of_it(tmp_path: Path) -> None:
    for version in ("1.0.0", "1.2.0", "1.3.0", "3.0.0"):
        add(tmp_path, built(version), used=version == "1.0.0")
    write_files(tmp_path / "acme", house(extends="cn >=1.1,<2"))
    assert versions_of(tmp_path, "acme") == ["acme@1.0.0", "cn@1.3.0"]
    assert run_here("pack", "use", "cn@1.2.0", home=tmp_path).code == 0
    assert versions_of(tmp_path, "acme") == ["acme@1.0.0", "cn@1.2.0"]
    write_files(tmp_path / "acme", house(extends="cn >=5,<9"))
    ran = check(tmp_path, "acme")
    assert (ran.code, "the pack extends cn >=5,<9, and cn is 1.2.0 here" in ran.err) == (5, True)


def test_old_base_is_taken_only_where_its_version_is_named_in_full(shop: Path) -> None:
    add(shop, built("2.0.0", "a"))
    add(shop, sealed(house("1.1.0", "cn <2"), "b"), "acme", used=False)
    add(shop, sealed(house("1.2.0", "cn ==1.0.0"), "b"), "acme", used=False)
    ran = check(shop, "acme@1.1.0")
    assert (ran.code, "2.0.0" in ran.err) == (5, True)
    assert versions_of(shop, "acme@1.2.0") == ["acme@1.2.0", "cn@1.0.0"]


def test_base_of_a_folder_lies_beside_it_first_and_that_of_an_installed_pack_never_does(tmp_path: Path) -> None:
    add(tmp_path, built("1.0.0"))
    add(tmp_path, sealed(house("1.0.0")), "acme")
    write_files(tmp_path / "depot", house(extends="acme", name="depot"))
    assert versions_of(tmp_path, "depot") == ["depot@1.0.0", "acme@1.0.0", "cn@1.0.0"]
    write_files(tmp_path / "acme", house("7.0.0"))
    assert versions_of(tmp_path, "depot") == ["depot@1.0.0", "acme@7.0.0", "cn@1.0.0"]
    add(tmp_path, sealed(house(extends="acme", name="depot")), "depot", used=False)
    write_files(root_of(tmp_path) / "depot" / "acme", house("8.0.0"))
    assert versions_of(tmp_path, "depot@1.0.0") == ["depot@1.0.0", "acme@1.0.0", "cn@1.0.0"]


def test_folder_beside_is_asked_for_its_signatures_too(shop: Path) -> None:
    write_files(shop / "depot", house(extends="acme", name="depot"))
    assert check(shop, "depot").code == 0
    write_files(shop / "acme", house("7.0.0"))
    ran = check(shop, "depot")
    assert (ran.code, "acme 7.0.0 is not signed" in " ".join(ran.err.split())) == (5, True)


def test_zip_stands_upon_an_installed_base(shop: Path) -> None:
    path = str(write_built(shop, sealed(house("1.5.0"), "b"), "acme-1.5.0.zip"))
    for _ in range(2):  # the second from what was compiled
        assert versions_of(shop, path) == ["acme@1.5.0", "cn@1.0.0"]
    add(shop, built("1.1.0", "a"))
    assert versions_of(shop, path) == ["acme@1.5.0", "cn@1.1.0"]


def test_base_that_is_nowhere_is_told(tmp_path: Path) -> None:
    path = write_built(tmp_path, sealed(house(extends="nowhere")), "acme-1.0.0.zip")
    for arguments in (("pack", "add", str(path)), ("check", READY, "--rules", str(path))):
        ran = run_here(*arguments, home=tmp_path)
        assert (ran.code, "nowhere" in ran.err) == (5, True)
    assert not (root_of(tmp_path) / "acme").exists()


# tools


def test_extending_pack_is_built_added_and_explained(tmp_path: Path) -> None:
    add(tmp_path, built("1.0.0"))
    write_files(tmp_path / "acme", house())
    assert run_here("pack", "build", "acme", home=tmp_path).code == 0
    assert run_here("pack", "add", "acme-1.0.0.zip", home=tmp_path).code == 0
    for rules in ("acme@1.0.0", "acme-1.0.0.zip", "./acme"):
        told = run_here("explain", ADDED, "--rules", rules, "--lang", "en", home=tmp_path)
        assert (told.code, "a seal of Acme" in told.out) == (0, True)
    told = run_here("explain", "any/any/paper-copy", "--rules", "acme@1.0.0", "--lang", "en", home=tmp_path)
    assert (told.code, "given, the first day of the act" in told.out) == (0, True)


def test_rule_that_does_not_fit_its_base_is_not_built(tmp_path: Path) -> None:
    add(tmp_path, built("1.0.0"))
    files = house()
    write_files(tmp_path / "acme", {**files, "instruments/harbour-act.yaml": files["instruments/acme-handbook.yaml"]})
    assert run_here("pack", "build", "acme", home=tmp_path).code == 5


def test_packs_that_extend_are_compared_however_they_are_named(tmp_path: Path) -> None:
    """Also where keys are configured that nobody has signed with yet: one looks before one adopts."""
    add(tmp_path, built("1.0.0"))
    add(tmp_path, sealed(house()), "acme")
    write_files(tmp_path / "acme", house())
    stricter = {**house("1.1.0")}
    stricter["any/any/seal-form.yaml"] = stricter["any/any/seal-form.yaml"].replace(b"AC[0-9]{6}", b"AC[0-9]{7}")
    write_built(tmp_path, sealed(stricter), "acme-1.1.0.zip")
    write_trust(tmp_path, acme="b")
    for old in ("acme@1.0.0", "acme"):
        ran = run_here("pack", "diff", old, "acme-1.1.0.zip", "--format", "json", home=tmp_path)
        assert (ran.code, ran.err) == (1, "")
        assert {change.get("rule", change.get("id")) for change in json.loads(ran.out)["changes"]} == {ADDED}
    assert run_here("pack", "diff", "acme", "acme@1.0.0", home=tmp_path).code == 0
    ran = run_here("pack", "impact", "acme@1.0.0", "acme-1.1.0.zip", READY, "--quiet", home=tmp_path)
    assert (ran.code, ran.err) == (0, "")


def test_installed_pack_that_was_altered_is_not_compared_as_if_it_were_what_it_says(tmp_path: Path) -> None:
    add(tmp_path, built("1.0.0"))
    add(tmp_path, sealed(house()), "acme")
    for name, instrument in (("acme", "acme-handbook"), ("cn", "harbour-act")):
        file = root_of(tmp_path) / name / "1.0.0" / "instruments" / f"{instrument}.yaml"
        before = file.read_bytes()
        file.write_bytes(before + b"# another word\n")
        ran = run_here("pack", "diff", "acme@1.0.0", "acme@1.0.0", home=tmp_path)
        assert (ran.code, f"{instrument}.yaml" in ran.err) == (5, True)
        file.write_bytes(before)
    assert run_here("pack", "diff", "acme@1.0.0", "acme@1.0.0", home=tmp_path).code == 0


def test_pack_that_extends_is_updated_upon_the_base_that_is_here(tmp_path: Path) -> None:
    """As pack update installs: judged upon the highest base that its range allows, in use or not."""
    add(tmp_path, built("1.0.0"))
    add(tmp_path, built("2.0.0"), used=False)
    add(tmp_path, sealed(house(extends="cn >=2,<3")), "acme")
    assert versions_of(tmp_path, "acme") == ["acme@1.0.0", "cn@2.0.0"]


def test_what_a_pack_disables_anew_is_told_in_words_and_its_line_in_the_file_is_none(tmp_path: Path) -> None:
    add(tmp_path, built("1.0.0"))
    write_files(tmp_path / "old" / "acme", house())
    named = house()
    disables = "disables:\n  - {rule: any/any/paper-copy, reason: Our depot keeps every paper itself%s}\n"
    for place, before, more in (("one", "", ""), ("two", "# moved\n", ""), ("until", "", ", until: 2027-06-30")):
        text = before + named["pack.yaml"].decode() + disables % more
        write_files(tmp_path / place / "acme", {**named, "pack.yaml": text.encode()})

    def told(old: str, new: str) -> tuple[int, str]:
        ran = run_here("pack", "diff", f"{old}/acme", f"{new}/acme", home=tmp_path)
        return ran.code, " ".join((ran.out + ran.err).split())

    assert "- acme disables it: Our depot keeps every paper itself" in told("old", "one")[1]
    assert "- acme disables it until 2027-06-30: Our depot" in told("one", "until")[1]
    assert "- acme disables it no longer" in told("one", "old")[1]
    assert told("one", "two")[0] == 0
