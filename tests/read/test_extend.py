# SPDX-License-Identifier: Apache-2.0
"""Packs that extend packs: where bases are found, what a chain comes to, and that the cache never lags behind one."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from borderready.errors import RuleBaseError
from borderready.model import RuleBase
from borderready.read import rule_cache
from borderready.read.extend import MAX_BASES, find_beside, read_chain
from borderready.read.rule_base import default_rules_dir, load_pack_files
from borderready.read.rule_cache import load_rule_base
from borderready.read.rule_cache_file import Goods
from tests.build import PACK_FILES, RULE_FILE, make_pack, swap
from tests.read.build import KINDS, brief

ENGINE = "1.0.0"
RULE = PACK_FILES[RULE_FILE]


def write_pack(folder: Path, name: str, *, extends: str | None = None, products: str | None = None) -> Path:
    """Write a pack `name` with one rule of its own; one that extends none has goods, instruments and tables, too."""
    head = f"name: {name}\ntitle: {{en: House, vi: Nhà, zh: 家}}\n" + (f"extends: {extends}\n" if extends else "")
    rule = swap(RULE, ("id: vn/durian-fresh/variety", f"id: {name}:vn/durian-fresh/{name}-rule"))
    own = {"pack.yaml": head, "VERSION": "3.2\n", f"vn/durian-fresh/{name}-rule.yaml": rule}
    base = {} if extends else {file: text for file, text in PACK_FILES.items() if file not in (RULE_FILE, "VERSION")}
    goods = {} if products is None else {"products.yaml": products}
    for path, text in {**base, **own, **goods}.items():
        (folder / name / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / name / path).write_text(text, "utf-8")
    return folder / name


def load(root: Path, cache: Path | None = None, goods: Goods | None = None, cn: Path | None = None) -> RuleBase:
    """Load a pack; the base `cn` lies where it is said to, others beside the pack."""

    def find(name: str, folder: Path) -> Path | None:
        return cn if name == "cn" and cn is not None else find_beside(name, folder)

    return load_rule_base(root, KINDS, cache_dir=cache, engine=ENGINE, name="x", goods=goods, find_base=find)


def faults_of(root: Path, cn: Path | None = None) -> list[str]:
    with pytest.raises(RuleBaseError) as caught:
        load(root, cn=cn)
    return [f"{fault.file} {brief(fault)}" for fault in caught.value.faults]


def test_base_cn_is_the_rule_base_of_the_program_and_others_lie_beside_the_pack(tmp_path: Path) -> None:
    own, base = write_pack(tmp_path, "own", extends="base"), write_pack(tmp_path, "base")
    assert find_beside("cn", own) == default_rules_dir()
    assert find_beside("base", own) == base
    assert find_beside("nowhere", own) is None


def test_folder_without_pack_yaml_is_no_base(tmp_path: Path) -> None:
    (tmp_path / "base").mkdir()
    assert find_beside("base", tmp_path / "own") is None


def test_base_beside_a_pack_is_found_from_within_the_pack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_pack(tmp_path, "base")
    monkeypatch.chdir(write_pack(tmp_path, "own", extends="base"))
    assert [pack.name for pack in load(Path()).pack.chain] == ["own", "base"]


def test_chain_of_packs_is_one_rule_base_of_all(tmp_path: Path) -> None:
    write_pack(tmp_path, "c")
    write_pack(tmp_path, "b", extends="c >=3,<4")
    found = load(write_pack(tmp_path, "a", extends="b"))
    assert [rule.id for rule in found.rules] == [f"{name}:vn/durian-fresh/{name}-rule" for name in "abc"]
    assert [(pack.name, pack.version) for pack in found.pack.chain] == [("a", "3.2"), ("b", "3.2"), ("c", "3.2")]
    assert found.pack.extends == load(tmp_path / "b").pack


def test_digest_of_a_pack_is_of_its_own_files_alone(tmp_path: Path) -> None:
    base, own = write_pack(tmp_path, "base"), write_pack(tmp_path, "own", extends="base")
    before = load(own).pack
    (base / "VERSION").write_text("4\n", "utf-8")
    after = load(own).pack
    assert before.sha256 == after.sha256
    assert before.extends != after.extends


def test_pack_without_pack_yaml_may_be_extended_and_its_ids_stay_bare(tmp_path: Path) -> None:
    found = load(write_pack(tmp_path, "own", extends="cn"), cn=make_pack(tmp_path))
    assert [rule.id for rule in found.rules] == ["own:vn/durian-fresh/own-rule", "vn/durian-fresh/variety"]
    assert [pack.name for pack in found.pack.chain] == ["own", "cn"]


def test_rule_of_the_base_at_the_same_path_is_another_rule(tmp_path: Path) -> None:
    rule = swap(RULE, ("id: vn", "id: own:vn"))
    own = write_pack(tmp_path, "own", extends="cn")
    (own / RULE_FILE).write_text(rule, "utf-8")
    found = load(own, cn=make_pack(tmp_path))
    assert {"own:vn/durian-fresh/variety", "vn/durian-fresh/variety"} <= {rule.id for rule in found.rules}


def test_circle_of_packs_is_told_with_all_of_them(tmp_path: Path) -> None:
    for name, base in (("a", "b"), ("b", "c"), ("c", "a")):
        write_pack(tmp_path, name, extends=base)
    [fault] = faults_of(tmp_path / "a")
    assert fault.endswith("3:10 extends extend.cycle(packs=a > b > c > a)")
    assert "c/pack.yaml" in fault


def test_pack_that_extends_itself_is_a_circle(tmp_path: Path) -> None:
    write_pack(tmp_path, "a", extends="a")
    assert faults_of(tmp_path / "a") == ["pack.yaml 3:10 extends extend.cycle(packs=a > a)"]


def test_chain_that_is_too_long_is_told(tmp_path: Path) -> None:
    names = [f"p{number}" for number in range(MAX_BASES + 2)]
    for name, base in itertools.pairwise(names):
        write_pack(tmp_path, name, extends=base)
    write_pack(tmp_path, names[-1])
    assert len(load(tmp_path / names[1]).pack.chain) == MAX_BASES + 1
    [fault] = faults_of(tmp_path / names[0])
    assert "extend.too_many(most=8)" in fault


def test_pack_of_another_name_than_its_folder_is_no_base(tmp_path: Path) -> None:
    base = write_pack(tmp_path, "base")
    base.rename(tmp_path / "other")
    [fault] = faults_of(write_pack(tmp_path, "own", extends="other"))
    assert "extend.other_name" in fault
    assert "found=base" in fault


def test_fault_of_a_base_is_told_with_its_folder(tmp_path: Path) -> None:
    base = write_pack(tmp_path, "base")
    (base / "instruments" / "act-1.yaml").write_text("id: act-1\n", "utf-8")
    faults = faults_of(write_pack(tmp_path, "own", extends="base"))
    assert {fault.split()[0] for fault in faults} == {str(base / "instruments" / "act-1.yaml")}


def test_pack_that_stands_alone_needs_goods_and_disables_nothing(tmp_path: Path) -> None:
    own = write_pack(tmp_path, "own")
    (own / "products.yaml").unlink()
    assert any("pack.no_products" in fault for fault in faults_of(own))
    disables = f"{(own / 'pack.yaml').read_text('utf-8')}disables: [{{rule: any/any/x, reason: Not wanted here}}]\n"
    (own / "pack.yaml").write_text(disables, "utf-8")
    assert any("extend.nothing_to_disable" in fault for fault in faults_of(own))


def test_own_things_use_those_of_the_base_and_of_their_own(tmp_path: Path) -> None:
    goods = "groups: {house: {en: House, vi: Nhà, zh: 家}}\nproducts:\n  plum: {name: {en: Plum, vi: Mận, zh: 李}, "
    goods += "form: fresh, groups: [house, fresh-fruit]}\n"
    rule = swap(
        RULE,
        ("id: vn/durian-fresh/variety", "id: own:any/fresh-fruit/mine"),
        ("product: [durian-fresh]", "product: [plum, house, fresh-fruit, durian-fresh]"),
    )
    own = write_pack(tmp_path, "own", extends="cn", products=goods)
    (own / "any" / "fresh-fruit").mkdir(parents=True)
    (own / "any" / "fresh-fruit" / "mine.yaml").write_text(rule, "utf-8")
    found = load(own, cn=make_pack(tmp_path))
    assert sorted(found.products) == ["durian-fresh", "plum"]
    assert found.instruments["act-1"]
    assert found.tables["bounds"]


# the cache


@pytest.fixture(autouse=True)
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Believe the looks of files at once: the harder case for a cache that must not lag."""
    monkeypatch.setattr(rule_cache, "SETTLED_SECONDS", 0.0)


def edit(path: Path, text: str) -> None:
    """Write a file so that its times are others than before, however coarse the clock of the disk."""
    before = path.stat().st_ctime_ns
    path.write_text(text, "utf-8")
    while path.stat().st_ctime_ns == before:
        os.utime(path)


def _base_rule(base: Path) -> None:
    path = base / "vn" / "durian-fresh" / "base-rule.yaml"
    edit(path, swap(path.read_text("utf-8"), ("values: [Ri6]", "values: [Ri7]")))


def _base_version(base: Path) -> None:
    edit(base / "VERSION", "3.3\n")


def _own_rule(base: Path) -> None:
    path = base.parent / "own" / "vn" / "durian-fresh" / "own-rule.yaml"
    edit(path, swap(path.read_text("utf-8"), ("values: [Ri6]", "values: [Ri7]")))


def _disables(base: Path) -> None:
    path = base.parent / "own" / "pack.yaml"
    rule = "base:vn/durian-fresh/base-rule"
    edit(path, f'{path.read_text("utf-8")}disables: [{{rule: "{rule}", reason: Not wanted here}}]\n')


@pytest.mark.parametrize("change", [_base_rule, _base_version, _own_rule, _disables])
def test_change_of_any_pack_of_a_chain_is_seen_at_once(change: Callable[[Path], None], tmp_path: Path) -> None:
    base, own = write_pack(tmp_path, "base"), write_pack(tmp_path, "own", extends="base")
    cache = tmp_path / "cache"
    before = load(own, cache)
    assert load(own, cache) == before
    change(base)
    after = load(own, cache)
    assert after != before
    assert after == load(own)
    assert load(own, cache) == after


def test_cached_chain_is_read_from_nothing_but_its_own_cache_file(tmp_path: Path) -> None:
    write_pack(tmp_path, "base")
    own, cache = write_pack(tmp_path, "own", extends="base"), tmp_path / "cache"
    first = load(own, cache)
    whole = load(own, cache)
    reads: list[object] = []
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(rule_cache, "_load_whole", lambda *given: reads.append(given))
        assert load(own, cache) == first == whole
    assert reads == []


def test_goods_choose_rules_of_both_packs(tmp_path: Path) -> None:
    write_pack(tmp_path, "base")
    own, cache = write_pack(tmp_path, "own", extends="base"), tmp_path / "cache"
    load(own, cache)
    there = load(own, cache, Goods(origins=frozenset({"VN"}), products=frozenset({"durian-fresh"})))
    elsewhere = load(own, cache, Goods(origins=frozenset({"TH"}), products=frozenset({"plum"})))
    assert len(there.rules) == 2
    assert elsewhere.rules == ()
    assert {name.id for name in elsewhere.others} == {rule.id for rule in there.rules}
    assert elsewhere.pack == there.pack


def test_base_that_is_found_elsewhere_now_is_not_taken_from_the_cache(tmp_path: Path) -> None:
    own, cache = write_pack(tmp_path, "own", extends="cn"), tmp_path / "cache"
    first = make_pack(tmp_path / "first")
    second = make_pack(tmp_path / "second", rules={"vn/durian-fresh/more": swap(RULE, ("fresh/variety", "fresh/more"))})
    before, after = load(own, cache, cn=first), load(own, cache, cn=second)
    assert len(after.rules) == len(before.rules) + 1
    assert load(own, cache, cn=first) == before


def test_base_that_is_lost_is_told_though_the_cache_knew_it(tmp_path: Path) -> None:
    base, own = write_pack(tmp_path, "base"), write_pack(tmp_path, "own", extends="base")
    cache = tmp_path / "cache"
    load(own, cache)
    base.rename(tmp_path / "away")
    with pytest.raises(RuleBaseError, match=r"extend\.no_base"):
        load(own, cache)


def test_pack_yaml_that_appears_changes_the_name_and_the_ids(tmp_path: Path) -> None:
    root, cache = make_pack(tmp_path), tmp_path / "cache"
    assert load(root, cache).pack.name == "x"
    (root / "pack.yaml").write_text("name: pack\ntitle: {en: P, vi: P, zh: 包}\n", "utf-8")
    with pytest.raises(RuleBaseError, match=r"extend\.id"):
        load(root, cache)


def test_what_was_read_without_a_cache_is_what_the_cache_gives(tmp_path: Path) -> None:
    own = write_pack(tmp_path, "own", extends="base")
    write_pack(tmp_path, "base")
    read = read_chain(own, load_pack_files(own), KINDS, engine=ENGINE, name="x")
    assert (read.pack, read.folders) == (load(own).pack, (tmp_path / "base",))
    cache = tmp_path / "cache"
    for _, goods in itertools.product(range(2), (None, Goods(origins=frozenset(), products=frozenset()))):
        assert load(own, cache, goods).pack == read.pack


def test_gap_of_the_base_is_not_given_another_meaning(tmp_path: Path) -> None:
    gap = "- {id: known, applies_to: {}, area: access, missing: {en: M, vi: M, zh: 缺}, look: {en: L, vi: L, zh: 看}}\n"
    base, own = make_pack(tmp_path, files={"gaps/mine.yaml": gap}), write_pack(tmp_path, "own", extends="cn")
    (own / "gaps").mkdir()
    (own / "gaps" / "mine.yaml").write_text(gap, "utf-8")
    assert faults_of(own, cn=base) == ["gaps/mine.yaml 1:8 [0].id extend.same(name=known)"]
