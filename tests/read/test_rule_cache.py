# SPDX-License-Identifier: Apache-2.0
"""The compiled rule base on disk saves time and never changes an answer, whatever becomes of it."""

from __future__ import annotations

import json
import os
import shutil
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from borderready.errors import RuleBaseError
from borderready.model import Rule, RuleBase
from borderready.read import rule_cache, rule_cache_file
from borderready.read.rule_base import default_rules_dir
from borderready.read.rule_cache_file import Goods
from borderready.selection import names_of
from tests.build import LAW, PACK_FILES, RULE_FILE, make_pack, swap
from tests.command import ROOT, run_here
from tests.read.build import SMALLEST, answer_of, ask_unprivileged, load, start_child

RULE = PACK_FILES[RULE_FILE]
OLD, NEW = "values: [Ri6]", "values: [Ri7]"
# Every kind of scalar that options may hold, and a table of limits.
OPTIONS: Mapping[str, tuple[str, str]] = {
    "any/any/exact": ("limit", "{max: 0.10, min: -3}"),
    "any/any/share": ("limit", "{max: 2.50e-2, of: quantity.net_kg}"),
    "any/any/not-found": ("limit", "{not_detected: true}"),
    "any/any/row": ("limit", "{table: bounds}"),
    "any/any/form": ("matches", "{pattern: '榴莲[0-9]{1,4}'}"),
    "any/any/treated": ("schedule", "{alternatives: [{name: cold, steps: [{kind: cold, min: {duration_h: 12.5}}]}]}"),
}

# What a cache file says of a pack of another content.
_OTHER: Mapping[str, object] = {"packs": [["", "2026.11.0", "0" * 64, []]]}


@pytest.fixture(params=[2.0, 0.0], ids=["fresh files", "settled files"])
def settled(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> float:
    """Run a test twice: with files too fresh to be believed by their times, and with files believed at once."""
    seconds = float(request.param)
    monkeypatch.setattr(rule_cache, "SETTLED_SECONDS", seconds)
    return seconds


def _rules() -> dict[str, str]:
    return {
        name: swap(
            RULE,
            ("id: vn/durian-fresh/variety", f"id: {name}"),
            ("check: one_of", f"check: {check}"),
            ("{values: [Ri6]}", options),
        )
        for name, (check, options) in OPTIONS.items()
    }


def _make(folder: Path) -> tuple[Path, Path]:
    """Return a pack of every kind of option, and where its cache will lie."""
    return make_pack(folder, rules=_rules()), folder / "cache"


def _cache_file(cache: Path) -> Path:
    (path,) = cache.iterdir()
    return path


def _written(rule_base: RuleBase) -> str:
    """Return everything in a rule base with its types: 1, true and Decimal(1) are equal and not the same."""
    return repr(rule_base)


def _forge(
    path: Path, *, engine: str = "1.0.0", form: int = rule_cache_file.FORMAT, change: Callable[[Any], Any]
) -> None:
    """Write a cache file of another content, whole and with the right sum, as another program might."""
    _, _, body = path.read_bytes().partition(b"\n")
    forged = _lines_of(change(_loaded(body)))
    path.write_bytes(f"borderready-pack {form} {engine} {sha256(forged).hexdigest()}\n".encode() + forged)


def _loaded(body: bytes) -> dict[str, Any]:
    """Return a cache file as one mapping: its first line, and the lines of rules and tables in place of their index."""
    first, *lines = body.split(b"\n")
    core = json.loads(first)
    parts = [json.loads(line) for line in lines]
    count = len(core["rules"])
    index = {"index": core["rules"], "names": core["tables"]}
    return {**core, **index, "rules": parts[:count], "tables": parts[count:]}


def _lines_of(loaded: Any) -> bytes:
    """Return such a mapping as the lines of a cache file; what has lost its shape becomes one line."""
    try:
        core = {**loaded, "rules": loaded["index"], "tables": loaded["names"]}
        parts = [core, *loaded["rules"], *loaded["tables"]]
    except (KeyError, TypeError):
        parts = [loaded]
    return b"\n".join(json.dumps(part, ensure_ascii=False).encode() for part in parts)


def _edit(path: Path, text: str) -> None:
    """Write a file so that its times are others than before, however coarse the clock of the disk."""
    before = path.stat().st_ctime_ns
    path.write_text(text, "utf-8")
    while path.stat().st_ctime_ns == before:
        path.write_text(text, "utf-8")


def _swapped(loaded: Any) -> Any:
    return json.loads(json.dumps(loaded).replace('"Ri6"', '"Ri7"'))


# the same answer


@pytest.mark.usefixtures("settled")
def test_cached_rule_base_is_the_fresh_one(tmp_path: Path) -> None:
    root, cache = _make(tmp_path)
    fresh = load(root)
    for _ in range(3):
        cached = load(root, cache_dir=cache)
        assert cached == fresh
        assert _written(cached) == _written(fresh)


def test_cached_pack_of_the_program_is_the_fresh_one(tmp_path: Path) -> None:
    root = tmp_path / "pack"
    shutil.copytree(default_rules_dir(), root)
    fresh = load(root, cache_dir=tmp_path / "cache")
    cached = load(root, cache_dir=tmp_path / "cache")
    assert cached == fresh
    assert _written(cached) == _written(fresh)


@pytest.mark.usefixtures("settled")
def test_cache_is_used(tmp_path: Path) -> None:
    """Else the tests below would hold for a cache that is never read."""
    root, cache = _make(tmp_path)
    load(root, cache_dir=cache)
    _forge(_cache_file(cache), change=_swapped)
    assert "Ri7" in _written(load(root, cache_dir=cache))


def test_name_of_the_pack_is_not_kept(tmp_path: Path) -> None:
    root, cache = _make(tmp_path)
    assert load(root, cache_dir=cache, name="one").pack.name == "one"
    assert load(root, cache_dir=cache, name="two").pack.name == "two"


@pytest.mark.usefixtures("settled")
def test_text_with_odd_line_ends_is_kept_as_it_is(tmp_path: Path) -> None:
    files: dict[str, str | bytes | None] = {
        RULE_FILE: swap(RULE, ("{en: Variety,", '{en: "A\\u2028\\x85\\n\\r\\0B",')),
        "tables/bounds.csv": swap(PACK_FILES["tables/bounds.csv"], ("net, as sold", "net\u2028\x0b\x0c\nas sold")),
    }
    root = make_pack(tmp_path, files=files)
    fresh = load(root)
    assert fresh.rules[0].title.en == "A\u2028\x85\n\r\x00B"
    for _ in range(2):
        assert _written(load(root, cache_dir=tmp_path / "cache")) == _written(fresh)


def test_nothing_is_kept_without_a_folder(tmp_path: Path) -> None:
    root, _ = _make(tmp_path)
    before = sorted(tmp_path.rglob("*"))
    load(root)
    assert sorted(tmp_path.rglob("*")) == before


def test_nothing_but_the_cache_is_left_behind(tmp_path: Path) -> None:
    root, cache = _make(tmp_path)
    for engine in ("1.0.0", "1.0.1", "1.0.0"):
        load(root, cache_dir=cache, engine=engine)
    assert len(list(cache.iterdir())) == 1


def test_broken_pack_is_refused_each_time_and_not_kept(tmp_path: Path) -> None:
    root = make_pack(tmp_path, files={RULE_FILE: swap(RULE, ("check: one_of", "check: one_off"))})
    for _ in range(2):
        with pytest.raises(RuleBaseError):
            load(root, cache_dir=tmp_path / "cache")
    assert not (tmp_path / "cache").exists()


# a part of the rules


GOODS = [
    Goods(origins=frozenset({"VN"}), products=frozenset({"durian-fresh"})),
    Goods(origins=frozenset({"TH", "VN"}), products=frozenset({"banana", "durian-frozen"})),
    Goods(origins=frozenset({"KH"}), products=frozenset({"no-such-product"})),
    Goods(origins=frozenset(), products=frozenset()),
]


def _concerns(rule: Rule, goods: Goods, whole: RuleBase) -> bool:
    """Tell, in other words than the cache, whether a rule can concern some goods."""
    names = [{name, *(whole.products[name].groups if name in whole.products else ())} for name in goods.products]
    origins, products = rule.scope.origins, rule.scope.products
    fits_origin = not origins or any(origin in origins for origin in goods.origins)
    return fits_origin and (not products or any(name in products for group in names for name in group))


@pytest.mark.parametrize("goods", GOODS, ids=["one", "two", "unknown", "none"])
def test_part_holds_every_rule_that_can_concern_the_goods(
    goods: Goods, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rule_cache, "SETTLED_SECONDS", 0.0)
    root = tmp_path / "pack"
    shutil.copytree(default_rules_dir(), root)
    whole = load(root, cache_dir=tmp_path / "cache")
    part = load(root, cache_dir=tmp_path / "cache", goods=goods)
    kept = tuple(rule for rule in whole.rules if _concerns(rule, goods, whole))
    left_out = Counter(rule.each for rule in whole.rules if not _concerns(rule, goods, whole))
    assert 0 < len(kept) < len(whole.rules)
    assert part.rules == kept
    assert part.left_out == left_out
    assert names_of(part) == names_of(whole)
    assert replace(part, rules=whole.rules, tables=whole.tables, left_out={}, others=()) == whole
    assert part.tables.items() <= whole.tables.items()
    read = {str(wording.options["table"]) for rule in kept for wording in rule.wordings if "table" in wording.options}
    assert read <= part.tables.keys()


def test_part_is_the_whole_where_there_is_no_cache(tmp_path: Path) -> None:
    root, _ = _make(tmp_path)
    assert load(root, goods=GOODS[3]) == load(root)


def test_report_is_the_same_with_and_without_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Byte for byte: a part of the rules decides what the whole decides."""
    monkeypatch.setattr(rule_cache, "SETTLED_SECONDS", 0.0)
    rules = tmp_path / "rules"
    shutil.copytree(default_rules_dir(), rules)
    (tmp_path / "file").write_text("x", "utf-8")
    nowhere = {"XDG_CACHE_HOME": str(tmp_path / "file")}
    names = sorted(path.name for path in (ROOT / "examples").glob("*.yaml"))[::4]
    assert names
    for name in names:
        arguments = ("check", name, "--rules", str(rules), "--format", "json", "--verbose")
        without = run_here(*arguments, home=tmp_path, folder=ROOT / "examples", environment=nowhere)
        for _ in range(2):
            assert run_here(*arguments, home=tmp_path, folder=ROOT / "examples") == without


# another content


@pytest.mark.usefixtures("settled")
def test_changed_rule_is_read_anew(tmp_path: Path) -> None:
    root, cache = _make(tmp_path)
    load(root, cache_dir=cache)
    _edit(root / RULE_FILE, swap(RULE, (OLD, NEW)))
    assert load(root, cache_dir=cache) == load(root)
    assert "Ri7" in _written(load(root, cache_dir=cache))


@pytest.mark.usefixtures("settled")
def test_changed_rule_of_the_same_size_and_time_is_read_anew(tmp_path: Path) -> None:
    """As after `cp -p`, `git checkout` or an unpacked archive."""
    root, cache = _make(tmp_path)
    path = root / RULE_FILE
    load(root, cache_dir=cache)
    before = path.stat()
    _edit(path, swap(RULE, (OLD, NEW)))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert path.stat().st_size == before.st_size
    assert "Ri7" in _written(load(root, cache_dir=cache))


@pytest.mark.usefixtures("settled")
def test_files_swapped_for_one_another_are_read_anew(tmp_path: Path) -> None:
    root, cache = _make(tmp_path)
    load(root, cache_dir=cache)
    path, other = root / RULE_FILE, tmp_path / "other.yaml"
    other.write_text(swap(RULE, (OLD, NEW)), "utf-8")
    os.utime(other, ns=(path.stat().st_atime_ns, path.stat().st_mtime_ns))
    other.replace(path)
    assert "Ri7" in _written(load(root, cache_dir=cache))


@pytest.mark.usefixtures("settled")
@pytest.mark.parametrize("path", sorted(PACK_FILES))
def test_change_of_any_file_is_seen(path: str, tmp_path: Path) -> None:
    root, cache = _make(tmp_path)
    first = load(root, cache_dir=cache)
    old, new = {"VERSION": ("11.0", "11.1"), "tables/bounds.csv": ("0.05", "0.06")}.get(path, ("zh:", "zh: "))
    assert old in PACK_FILES[path]
    _edit(root / path, PACK_FILES[path].replace(old, new))
    second = load(root, cache_dir=cache)
    assert second == load(root)
    assert second.pack.sha256 != first.pack.sha256


@pytest.mark.usefixtures("settled")
def test_rule_that_came_or_went_is_seen(tmp_path: Path) -> None:
    root, cache = _make(tmp_path)
    load(root, cache_dir=cache)
    (root / RULE_FILE).unlink()
    assert len(load(root, cache_dir=cache).rules) == len(OPTIONS)
    (root / RULE_FILE).write_text(RULE, "utf-8")
    assert len(load(root, cache_dir=cache).rules) == len(OPTIONS) + 1


@pytest.mark.usefixtures("settled")
def test_two_packs_share_a_cache_folder(tmp_path: Path) -> None:
    one = make_pack(tmp_path / "one")
    two = make_pack(tmp_path / "two", files={RULE_FILE: swap(RULE, (OLD, NEW))})
    for _ in range(2):
        assert "Ri6" in _written(load(one, cache_dir=tmp_path / "cache"))
        assert "Ri7" in _written(load(two, cache_dir=tmp_path / "cache"))


@pytest.mark.usefixtures("settled")
def test_pack_at_the_place_of_another_is_read_anew(tmp_path: Path) -> None:
    root = make_pack(tmp_path / "here")
    load(root, cache_dir=tmp_path / "cache")
    root.rename(tmp_path / "gone")
    make_pack(tmp_path / "there", files={RULE_FILE: swap(RULE, (OLD, NEW))}).rename(root)
    assert "Ri7" in _written(load(root, cache_dir=tmp_path / "cache"))


# a damaged or foreign cache


@pytest.mark.parametrize("content", [b"", b"\n", b"\x00" * 100, b"{}", b"borderready-pack", b"\xff\xfe", "榴".encode()])
def test_file_of_something_else_is_not_trusted(content: bytes, tmp_path: Path) -> None:
    root, cache = _make(tmp_path)
    fresh = load(root, cache_dir=cache)
    _cache_file(cache).write_bytes(content)
    assert load(root, cache_dir=cache) == fresh


@pytest.mark.usefixtures("settled")
def test_file_damaged_in_any_byte_of_its_head_is_not_trusted(tmp_path: Path) -> None:
    root = make_pack(tmp_path)
    fresh = load(root, cache_dir=tmp_path / "cache")
    path = _cache_file(tmp_path / "cache")
    whole = path.read_bytes()
    for place in range(whole.index(b"\n") + 1):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        assert load(root, cache_dir=tmp_path / "cache") == fresh


@pytest.mark.usefixtures("settled")
def test_file_damaged_anywhere_is_not_trusted(tmp_path: Path) -> None:
    root, cache = make_pack(tmp_path), tmp_path / "cache"
    fresh = load(root, cache_dir=cache)
    path = _cache_file(cache)
    whole = path.read_bytes()

    @settings(LAW, max_examples=100)
    @given(st.integers(0, len(whole) - 1), st.integers(1, 255), st.sampled_from(["flip", "cut", "grow"]))
    def damage(place: int, byte: int, how: str) -> None:
        damaged = {
            "flip": whole[:place] + bytes([whole[place] ^ byte]) + whole[place + 1 :],
            "cut": whole[:place],
            "grow": whole[:place] + bytes([byte]) + whole[place:],
        }
        path.write_bytes(damaged[how])
        assert load(root, cache_dir=cache) == fresh

    damage()


@pytest.mark.usefixtures("settled")
def test_cache_of_another_engine_is_not_trusted(tmp_path: Path) -> None:
    root, cache = _make(tmp_path)
    fresh = load(root, cache_dir=cache, engine="1.0.0")
    _forge(_cache_file(cache), engine="0.9.9", change=_swapped)
    assert load(root, cache_dir=cache, engine="1.0.0") == fresh


@pytest.mark.usefixtures("settled")
def test_cache_of_another_format_is_not_trusted(tmp_path: Path) -> None:
    root, cache = _make(tmp_path)
    fresh = load(root, cache_dir=cache)
    for form in (rule_cache_file.FORMAT - 1, rule_cache_file.FORMAT + 1):
        _forge(_cache_file(cache), form=form, change=_swapped)
        assert load(root, cache_dir=cache) == fresh


@pytest.mark.usefixtures("settled")
def test_cache_of_another_content_is_not_trusted(tmp_path: Path) -> None:
    root, cache = _make(tmp_path)
    fresh = load(root, cache_dir=cache)
    _forge(_cache_file(cache), change=lambda loaded: {**_swapped(loaded), **_OTHER, "looks": ["0" * 64]})
    assert load(root, cache_dir=cache) == fresh


def test_look_of_the_files_is_believed_only_once_they_have_settled(settled: float, tmp_path: Path) -> None:
    """Then their content is not looked at; before, an edit within one tick of the clock could hide."""
    root, cache = _make(tmp_path)
    load(root, cache_dir=cache)
    _forge(_cache_file(cache), change=lambda loaded: {**_swapped(loaded), **_OTHER})
    assert ("Ri7" in _written(load(root, cache_dir=cache))) == (settled == 0.0)


@pytest.mark.parametrize(
    "change",
    [
        lambda _: None,
        lambda _: 1,
        lambda _: [],
        lambda _: {},
        lambda loaded: {key: value for key, value in loaded.items() if key != "tables"},
        lambda loaded: {**loaded, "rules": 1},
        lambda loaded: {**loaded, "rules": [[1, 2]]},
        lambda loaded: {**loaded, "rules": [[{}, []]]},
        lambda loaded: {**loaded, "products": []},
        lambda loaded: {**loaded, "instruments": [1]},
        lambda loaded: {**loaded, "tables": [[1, 2]]},
        lambda loaded: json.loads(json.dumps(loaded).replace('"0.10"', '"ten"')),
    ],
    ids=[
        "nothing",
        "number",
        "list",
        "empty",
        "no tables",
        "rules",
        "rule",
        "keys",
        "products",
        "instrument",
        "table",
        "decimal",
    ],
)
def test_cache_of_another_shape_raises_nothing(change: Callable[[Any], Any], tmp_path: Path) -> None:
    """As one of a program in the making, whose version and format stayed the same."""
    root, cache = _make(tmp_path)
    fresh = load(root, cache_dir=cache)
    _forge(_cache_file(cache), change=change)
    assert load(root, cache_dir=cache) == fresh


# a cache that cannot be


def test_cache_folder_that_is_a_file_costs_nothing_but_time(tmp_path: Path) -> None:
    root, cache = _make(tmp_path)
    cache.write_text("x", "utf-8")
    assert load(root, cache_dir=cache) == load(root)
    assert cache.read_text("utf-8") == "x"


def test_cache_folder_below_a_file_costs_nothing_but_time(tmp_path: Path) -> None:
    root, _ = _make(tmp_path)
    (tmp_path / "file").write_text("x", "utf-8")
    assert load(root, cache_dir=tmp_path / "file" / "cache") == load(root)


def test_folder_in_place_of_the_cache_file_costs_nothing_but_time(tmp_path: Path) -> None:
    root, cache = _make(tmp_path)
    load(root, cache_dir=cache)
    path = _cache_file(cache)
    path.unlink()
    path.mkdir()
    assert load(root, cache_dir=cache) == load(root)
    assert list(cache.iterdir()) == [path]


def test_link_to_nowhere_in_place_of_the_cache_file_is_replaced(tmp_path: Path) -> None:
    root, cache = _make(tmp_path)
    load(root, cache_dir=cache)
    path = _cache_file(cache)
    path.unlink()
    path.symlink_to(tmp_path / "nowhere" / "file")
    assert load(root, cache_dir=cache) == load(root)
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize("mode", [0o555, 0o000], ids=["read-only", "closed"])
def test_cache_folder_that_may_not_be_written_costs_nothing_but_time(mode: int, tmp_path: Path) -> None:
    root, cache = _make(tmp_path)
    fresh = load(root)
    cache.mkdir()
    cache.chmod(mode)

    def ask() -> bool:
        return all(load(Path("pack"), cache_dir=Path("cache")) == fresh for _ in range(2))

    try:
        assert ask_unprivileged(ask, folder=tmp_path)
    finally:
        cache.chmod(0o700)
    assert list(cache.iterdir()) == []


def test_cache_file_that_may_not_be_read_costs_nothing_but_time(tmp_path: Path) -> None:
    root, cache = _make(tmp_path)
    fresh = load(root)
    cache.mkdir()
    load(root, cache_dir=cache)
    _cache_file(cache).chmod(0)
    cache.chmod(0o555)
    try:
        # By the absolute name, so that it is the same file that the child looks for.
        same = ask_unprivileged(lambda: load(Path("pack"), cache_dir=Path("cache")) == fresh, folder=tmp_path)
    finally:
        cache.chmod(0o700)
    assert same


def test_command_answers_without_any_place_for_a_cache(tmp_path: Path) -> None:
    root, _ = _make(tmp_path)
    (tmp_path / "file").write_text("x", "utf-8")
    (tmp_path / "m.yaml").write_text(SMALLEST, "utf-8")
    arguments = ("check", "m.yaml", "--rules", str(root), "--lang", "en")
    with_cache = run_here(*arguments, home=tmp_path)
    without = run_here(*arguments, home=tmp_path, environment={"XDG_CACHE_HOME": str(tmp_path / "file")})
    assert without == with_cache
    assert without.err == ""


# many at once


def test_many_processes_that_write_at_once_all_get_the_answer(tmp_path: Path) -> None:
    """Each writes anew each time, as they are of two engines, while others read."""
    root, cache = _make(tmp_path)
    fresh = load(root)
    waiting, start = os.pipe()

    def ask(number: int) -> bool:
        os.close(start)
        os.read(waiting, 1)  # until the parent lets all go at once
        engines = ("1.0.0", "1.0.1") if number % 2 else ("1.0.1", "1.0.0")
        return all(load(root, cache_dir=cache, engine=engine) == fresh for engine in engines * 4)

    children = [start_child(partial(ask, number)) for number in range(8)]
    os.close(waiting)
    os.close(start)
    assert [answer_of(child) for child in children] == [True] * 8
    assert len(list(cache.iterdir())) == 1
    assert load(root, cache_dir=cache) == fresh
