# SPDX-License-Identifier: Apache-2.0
"""`pack fmt`: one way to write a file of a pack, which keeps what the file says and every comment."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from borderready.pack.form.comments import comments_of
from borderready.pack.form.tidy import is_same, tidy
from borderready.read.strict_yaml import parse_yaml
from borderready.read.tree import Node
from borderready.schemas import load_schema
from tests.command import PACK, ROOT, run_here, run_process
from tests.pack.build import CASES_FILE, CLEAN, RULE_FILE, write_files

RULE = CLEAN[RULE_FILE]
ALL_RULES = sorted((ROOT / "rules").rglob("*.yaml"))


def _tidy(text: str, path: str = RULE_FILE) -> str:
    tidied = tidy(text.encode(), path=path, shown_as=path)
    assert tidied.faults == ()
    assert tidied.after is not None
    return tidied.after


def _root(text: str) -> Node:
    root = parse_yaml(text.encode(), file="x").documents[0].root
    assert root is not None
    return root


# what it looks like


def test_rule_in_form_is_left_as_it_is() -> None:
    source = "    source: {instrument: act, locator: Section 1, seen: primary, checked: 2026-11-20}\n"
    says = "    says: {en: There is a seal., vi: Có niêm phong., zh: 有封志。}\n"
    fix = "    fix: {en: Seal it., vi: Niêm phong lại., zh: 请加封。}\n"
    block = RULE.replace(says, says.replace("{en: ", "\n      en: ").replace(", vi: ", "\n      vi: "))
    assert _tidy(RULE) == RULE.replace(
        says, "    says:\n      en: There is a seal.\n      vi: Có niêm phong.\n      zh: 有封志。\n"
    ).replace(fix, "    fix:\n      en: Seal it.\n      vi: Niêm phong lại.\n      zh: 请加封。\n")
    assert source in _tidy(RULE)
    assert block != RULE


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("title: {vi: Niêm phong, zh: 封志, en: Seal}\n", "title: {en: Seal, vi: Niêm phong, zh: 封志}\n"),
        ('title: {"en": "Seal", vi: \'Niêm phong\', zh: 封志}\n', "title: {en: Seal, vi: Niêm phong, zh: 封志}\n"),
        ("title:\n    en:   Seal\n    vi: Niêm phong\n    zh: 封志\n", "title: {en: Seal, vi: Niêm phong, zh: 封志}\n"),
        ("note: 'a: b'\n", 'note: "a: b"\n'),
        ('note: "it\'s"\n', "note: it's\n"),
        ('note: "no"\n', 'note: "no"\n'),
        ('note: "12"\n', 'note: "12"\n'),
        ('note: "-"\n', 'note: "-"\n'),
        ("note: ''\n", 'note: ""\n'),
        ('note: "a \\\\ b: c"\n', "note: 'a \\ b: c'\n"),
        ("note: |\n  one\n  two\n", "note: |\n  one\n  two\n"),
        ("note: |\n    one\n\n      two\n", "note: |\n  one\n\n    two\n"),
        ("note: >-\n  one\n  two\n", "note: one two\n"),
        ("\n\nnote:   one\n\n\n", "note: one\n"),
        ("note: one\r\n", "note: one\n"),
        ("---\nnote: one\n...\n", "note: one\n"),
        ("{note: one}\n", "note: one\n"),
        ("note:\n- one\n- {a: b}\n", "note: [one, {a: b}]\n"),
        ("note: {a: [], b: {}, c: '[x]'}\n", 'note: {a: [], b: {}, c: "[x]"}\n'),
        ("note: '[x], y'\n", 'note: "[x], y"\n'),
        ("note: x [y], z\n", "note: x [y], z\n"),
    ],
)
def test_one_way_to_write_it(written: str, canonical: str) -> None:
    if written.startswith("title"):
        rest = "area: logistics\ncheck: present\nwordings: []\n"
        assert _tidy(written + rest) == canonical + rest
    else:
        assert _tidy(written, "any.yaml") == canonical


def test_long_text_is_filled_below_its_key() -> None:
    words = " ".join(f"word{number}" for number in range(40))
    lines = _tidy(f"note: {words}\n", "any.yaml").splitlines()
    assert lines[0] == "note:"
    assert all(line.startswith("  word") and len(line) <= 118 for line in lines[1:])
    assert len(lines) == 4


def test_long_text_that_needs_quotes_is_folded() -> None:
    words = "first: " + " ".join(f"word{number}" for number in range(40))
    assert _tidy(f'note: "{words}"\n', "any.yaml").startswith("note: >-\n  first: word0 ")


def test_long_list_is_filled_between_brackets_and_other_collections_become_blocks() -> None:
    names = ", ".join(f"product-number-{number}" for number in range(12))
    assert _tidy(f"a: [{names}]\n", "any.yaml") == (
        "a:\n  [" + names.replace(", product-number-6", ",\n   product-number-6") + "]\n"
    )
    pairs = ", ".join(f"key{number}: value number {number}" for number in range(8))
    assert _tidy(f"a: {{{pairs}}}\n", "any.yaml").splitlines()[:2] == ["a:", "  key0: value number 0"]


def test_what_is_always_a_block_stays_one_however_short() -> None:
    assert _tidy("- {name: x, date: 2020-01-01, expect: pass}\n", CASES_FILE) == (
        "- name: x\n  date: 2020-01-01\n  expect: pass\n"
    )
    products = "groups: {fruit: {en: Fruit, vi: Trái cây, zh: 水果}}\nproducts: {}\n"
    assert _tidy(products, "products.yaml") == ("groups:\n  fruit: {en: Fruit, vi: Trái cây, zh: 水果}\nproducts: {}\n")


# comments


COMMENTED = """\
# head one
# head two
severity: must   # beside severity
# above area
area: logistics
id: any/any/seal
check: present
wordings:   # beside wordings
  # above the first
  - start: 2021-01-01
    source: {instrument: act}
    # end of the first
  # above the second
  - {start: 2020-01-01, # beside start
     # above source
     source: {instrument: act}}
  # end of the wordings
title: {en: "# no comment", vi: a#b, zh: 'c # d'}
# foot
"""


def test_comments_go_where_their_entry_goes() -> None:
    assert _tidy(COMMENTED) == (
        "# head one\n# head two\nid: any/any/seal\ntitle: {en: \"# no comment\", vi: a#b, zh: 'c # d'}\n".replace(
            "'c # d'", '"c # d"'
        )
        + "# above area\n"
        "area: logistics\n"
        "severity: must  # beside severity\n"
        "check: present\n"
        "wordings:  # beside wordings\n"
        "  # above the first\n"
        "  - start: 2021-01-01\n"
        "    source: {instrument: act}\n"
        "    # end of the first\n"
        "  # above the second\n"
        "  - start: 2020-01-01  # beside start\n"
        "    # above source\n"
        "    source: {instrument: act}\n"
        "  # end of the wordings\n"
        "# foot\n"
    )


@pytest.mark.parametrize(
    "text",
    [
        "a: # one\n  b: c # two\n  # three\n# four\n",
        "- # one\n  a: b\n- c # two\n",
        "a: >- # one\n  text # no comment\n  more\nb: c\n",
        "a: [ # one\n  b, # two\n  c # three\n  # four\n  ] # five\n",
        "a: {} # one\nb: [] # two\n",
        "# only\n- x\n",
        "a:\n  - b:\n      - c # one\n      # two\n    # three\n  # four\n",
        "- [a, b] # one\n- {c: d} # two\n",
        "- - a # one\n  - b\n  # two\n",
    ],
)
def test_no_comment_is_lost_and_a_second_run_changes_nothing(text: str) -> None:
    once = _tidy(text, "any.yaml")
    assert comments_of(_root(once), once) == comments_of(_root(text), text)
    assert _tidy(once, "any.yaml") == once


# what it must never do


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("a: &x b\nc: *x\n", "fmt.alias"),
        ("a: b\n---\nc: d\n", "pack.one_document"),
        ("", "pack.one_document"),
        ("a: [\n", "read.syntax"),
        ("a: b\na: c\n", "read.duplicate"),
        ("a: !!str b\n", "read.tag"),
    ],
)
def test_file_that_it_cannot_write_is_refused(text: str, key: str) -> None:
    tidied = tidy(text.encode(), path="any.yaml", shown_as="any.yaml")
    assert (tidied.after, [fault.what.key for fault in tidied.faults]) == (None, [key])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a: 1", 'a: "1"'),
        ("a: true", "a: 'true'"),
        ("a:", "a: ''"),
        ("a: b", "a: c"),
        ("a: [b, c]", "a: [c, b]"),
        ("a: [b]", "a: b"),
        ("a: b", "b: b"),
    ],
)
def test_difference_of_data_is_seen(one: str, other: str) -> None:
    assert not is_same(_root(one), _root(other))
    assert is_same(_root(one), _root(one))


def test_order_of_keys_and_quotes_of_texts_are_no_difference() -> None:
    assert is_same(_root("{a: b, c: 'd e'}"), _root("c: d e\na: b\n"))


@pytest.mark.parametrize("part", range(8))
def test_rule_base_is_in_form(part: int) -> None:
    changed = []
    for path in ALL_RULES[part::8]:
        content = path.read_bytes()
        tidied = tidy(content, path=path.as_posix(), shown_as=path.as_posix())
        if tidied.after is None or tidied.after.encode() != content:
            changed.append(path.relative_to(ROOT).as_posix())
    assert changed == []


# any rule, shuffled, with comments anywhere

_PLAIN = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Zl", "Zp", "Co", "Cn")), max_size=24)
_TRICKY = st.sampled_from(
    [
        *("", " ", "-", "- a", "? b", ": c", "a: b", "a #b", "#", "a:", "[x]", "{y}", "x, y", "&a", "*b", "!c", "%d"),
        *("no", "null", "~", "1", "0x1F", "1e3", ".5", "2026-11-20", "12:30", "it's", 'say "x"', "back\\slash"),
        *("two  spaces", " lead", "trail ", "one\ntwo", "one\n\n two\n", "\n", "---", "...", "word " * 40, "x" * 150),
        *("a: " + "b " * 70, "@at", "`tick", "|pipe", ">fold", "'q'", "<<", "=", "\ttab", "越南 # 封志"),
    ]
)
_TEXTS = _PLAIN | _TRICKY
_VALUES = st.recursive(
    _TEXTS,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(_TEXTS.filter(lambda key: key != "<<"), inner, max_size=4)
    ),
    max_leaves=12,
)


def _rule_values() -> st.SearchStrategy[dict[str, Any]]:
    schema = load_schema("rule")
    wording = st.fixed_dictionaries(
        {}, optional=dict.fromkeys(schema["properties"]["wordings"]["items"]["properties"], _VALUES)
    )
    keys = dict.fromkeys(schema["properties"], _VALUES) | {"wordings": st.lists(wording, max_size=3)}
    needed = {"check": _TEXTS, "wordings": keys.pop("wordings")}
    return st.fixed_dictionaries(needed, optional={key: value for key, value in keys.items() if key not in needed})


@st.composite
def _shuffled(draw: st.DrawFn, value: Any) -> Any:
    if isinstance(value, dict):
        return {key: draw(_shuffled(value[key])) for key in draw(st.permutations(list(value)))}
    return [draw(_shuffled(member)) for member in value] if isinstance(value, list) else value


@st.composite
def _written(draw: st.DrawFn) -> str:
    """Return a rule as some program wrote it, its keys in any order."""
    value = draw(_rule_values().flatmap(_shuffled))
    width, flow = draw(st.integers(20, 140)), draw(st.sampled_from([None, False, True]))
    text: str = yaml.safe_dump(value, allow_unicode=True, width=width, default_flow_style=flow, sort_keys=False)
    return text


@st.composite
def _commented(draw: st.DrawFn) -> str:
    """Return the same with comments put in where they are comments: the data stay what they were."""
    text = draw(_written())
    lines = text.split("\n")[:-1]
    for number in draw(st.lists(st.integers(0, len(lines)), max_size=4)):
        indent = " " * draw(st.integers(0, 6))
        comment = f"# note {draw(st.integers(0, 99))}"
        beside = draw(st.booleans()) and number < len(lines)
        tried = [*lines]
        if beside:
            tried[number] += f"  {comment}"
        else:
            tried.insert(number, indent + comment)
        parsed = parse_yaml("\n".join([*tried, ""]).encode(), file="x")
        root = parsed.documents[0].root if parsed.documents else None
        if not parsed.faults and root is not None and is_same(root, _root(text)):
            lines = tried
    return "\n".join(lines) + "\n"


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(_commented())
def test_any_rule_keeps_its_data_and_comments_and_is_stable(text: str) -> None:
    parsed = parse_yaml(text.encode(), file="x")
    if parsed.faults:  # no file of a pack: a character that none may hold
        return
    once = _tidy(text, "any/any/x.yaml")
    assert is_same(_root(once), _root(text))
    assert comments_of(_root(once), once) == comments_of(_root(text), text)
    assert _tidy(once, "any/any/x.yaml") == once


# `borderready pack fmt`


def test_command_writes_what_differs_and_nothing_else(tmp_path: Path) -> None:
    root = write_files(tmp_path / "mini", {**CLEAN, RULE_FILE: _tidy(RULE), CASES_FILE: f"# why\n{CLEAN[CASES_FILE]}"})
    (root / "instruments/act.yaml").write_text('id: "act"\ntitle: {en: Act, vi: Luật, zh: 法}\n', "utf-8")
    before = (root / RULE_FILE).stat().st_mtime_ns
    ran = run_here("pack", "fmt", "mini", home=tmp_path)
    assert (ran.code, ran.out.splitlines(), ran.err) == (
        0,
        ["changed: mini/instruments/act.yaml", "changed: 1 (files: 4)"],
        "",
    )
    assert (root / "instruments/act.yaml").read_text("utf-8") == "id: act\ntitle: {en: Act, vi: Luật, zh: 法}\n"
    assert (root / RULE_FILE).stat().st_mtime_ns == before
    assert run_here("pack", "fmt", "mini", "--check", home=tmp_path).code == 0


@pytest.mark.parametrize("option", ["--check", "--diff"])
def test_command_that_only_looks_writes_nothing_and_gives_1(option: str, tmp_path: Path) -> None:
    root = write_files(tmp_path / "mini", {**CLEAN, "instruments/act.yaml": 'id: "act"\n'})
    ran = run_here("pack", "fmt", "mini/instruments/act.yaml", option, home=tmp_path)
    assert ran.code == 1
    assert ran.out.splitlines()[-2:] == ["would change: mini/instruments/act.yaml", "would change: 1 (files: 1)"]
    assert ('-id: "act"' in ran.out.splitlines(), "+id: act" in ran.out.splitlines()) == ((option == "--diff"),) * 2
    assert (root / "instruments/act.yaml").read_text("utf-8") == 'id: "act"\n'


def test_nothing_is_written_where_one_file_cannot_be_read(tmp_path: Path) -> None:
    root = write_files(tmp_path / "mini", {**CLEAN, "instruments/act.yaml": 'id: "act"\n', "products.yaml": "a: [\n"})
    ran = run_here("pack", "fmt", "mini", home=tmp_path)
    assert (ran.code, ran.out) == (5, "")
    assert ran.err.startswith("mini/products.yaml:1:5: error: ")
    assert (root / "instruments/act.yaml").read_text("utf-8") == 'id: "act"\n'


@pytest.mark.parametrize(("name", "told"), [("rule.txt", "is no .yaml file"), ("none.yaml", "there is no none.yaml")])
def test_what_is_no_file_of_a_pack_is_wrong_usage(name: str, told: str, tmp_path: Path) -> None:
    (tmp_path / "rule.txt").write_text("a: b\n")
    ran = run_here("pack", "fmt", name, home=tmp_path)
    assert (ran.code, ran.out) == (2, "")
    assert told in ran.err


def test_folder_that_is_no_pack_is_left_alone(tmp_path: Path) -> None:
    write_files(tmp_path / "other", {"compose.yaml": 'a:   "b"\n'})
    ran = run_here("pack", "fmt", "other", home=tmp_path)
    assert (ran.code, (tmp_path / "other/compose.yaml").read_text()) == (2, 'a:   "b"\n')


def test_folder_within_a_pack_may_be_named(tmp_path: Path) -> None:
    write_files(tmp_path / "mini", {**CLEAN, "instruments/act.yaml": 'id: "act"\n'})
    assert run_here("pack", "fmt", "mini/instruments", home=tmp_path).out.startswith(
        "changed: mini/instruments/act.yaml"
    )


def test_process_formats_the_pack_of_the_tests(tmp_path: Path) -> None:
    ran = run_process("pack", "fmt", str(PACK), "--check", home=tmp_path)
    assert (ran.code, ran.out) == (0, "would change: 0 (files: 23)\n")
