# SPDX-License-Identifier: Apache-2.0
"""`borderready config`, and what a configuration does to a check."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.build import write_manifest, write_pack
from tests.command import Ran, run_here

ROWS = (
    "select",
    "ignore",
    "fail-on",
    "registers",
    "ledger",
    "notices",
    "rules",
    "language",
    "format",
    "jobs",
    "timeout",
    "exclude",
    "waivers",
    "baseline",
    "cache",
    "repository",
    "repository-pack",
)


def write_config(folder: Path, text: str) -> None:
    (folder / "borderready.toml").write_text(text, "utf-8")


def rows_of(ran: Ran) -> dict[str, tuple[str, str]]:
    """Return value and origin of each setting shown."""
    rows = [line.split() for line in ran.out.splitlines() if line.split()[0] in ROWS]
    return {row[0]: (" ".join(row[1:-1]), row[-1]) for row in rows}


def make_shop(home: Path, config: str = "") -> Path:
    """Write a pack, a manifest that is not ready, and a configuration that names the pack."""
    write_pack(home)
    write_config(home, f'rules = "pack"\n{config}')
    return write_manifest(home, base="not-ready.yaml")


def test_without_a_configuration_every_value_is_the_default(tmp_path: Path) -> None:
    ran = run_here("config", home=tmp_path)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.splitlines()[0] == "No configuration was found."
    assert rows_of(ran) == {
        **dict.fromkeys(ROWS, ("-", "default")),
        "fail-on": ("blocking", "default"),
        "format": ("text", "default"),
        "jobs": ("0", "default"),
    }


def test_each_value_is_shown_with_its_origin(tmp_path: Path) -> None:
    write_config(tmp_path, 'fail-on = "warning"\njobs = 2\nlanguage = "vi"\n')
    ran = run_here("config", "--lang", "en", home=tmp_path, environment={"BORDERREADY_JOBS": "4"})
    rows = rows_of(ran)
    assert rows["fail-on"] == ("warning", "borderready.toml:1")
    assert rows["jobs"] == ("4", "BORDERREADY_JOBS")
    assert rows["language"] == ("en", "--lang")


def test_manifest_gets_what_overrides_give_it(tmp_path: Path) -> None:
    write_config(tmp_path, 'fail-on = "warning"\n[[overrides]]\npaths = ["banana/**"]\nfail-on = "blocking"\n')
    below = tmp_path / "banana"
    below.mkdir()
    assert rows_of(run_here("config", home=tmp_path))["fail-on"] == ("warning", "borderready.toml:1")
    assert rows_of(run_here("config", "banana/m.yaml", home=tmp_path))["fail-on"] == ("blocking", "borderready.toml:4")
    assert rows_of(run_here("config", "m.yaml", home=tmp_path, folder=below))["fail-on"] == (
        "blocking",
        "../borderready.toml:4",
    )


def test_json_holds_the_same(tmp_path: Path) -> None:
    write_config(tmp_path, 'select = ["labeling"]\nexclude = ["old/**"]\n')
    shown = json.loads(run_here("config", "old/m.yaml", "--format", "json", home=tmp_path).out)
    assert {key: shown[key] for key in ("borderready", "file", "manifest", "excluded")} == {
        "borderready": "config/1",
        "file": "borderready.toml",
        "manifest": "old/m.yaml",
        "excluded": True,
    }
    assert [row["key"] for row in shown["settings"]] == list(ROWS)
    assert shown["settings"][0] == {"key": "select", "value": ["labeling"], "origin": "borderready.toml:1"}


def test_unknown_key_stops_every_command_that_reads_it_with_a_suggestion(tmp_path: Path) -> None:
    write_config(tmp_path, 'fail_on = "warning"\n')
    write_manifest(tmp_path)
    for arguments in (("config",), ("check", "m.yaml"), ("baseline", "create", "m.yaml", "--to", "b.json")):
        ran = run_here(*arguments, home=tmp_path)
        assert (ran.code, ran.out) == (2, "")
        assert ran.err.splitlines()[0] == "borderready.toml:1:1: error: unknown key 'fail_on'"
        assert ran.err.splitlines()[-1] == "  hint: did you mean 'fail-on'?"


def test_configuration_can_be_named_or_left_unread(tmp_path: Path) -> None:
    write_config(tmp_path, "broken [")
    (tmp_path / "other.toml").write_text("jobs = 3\n", "utf-8")
    named = run_here("config", "--config", "other.toml", home=tmp_path)
    assert rows_of(named)["jobs"] == ("3", "other.toml:1")
    by_variable = run_here("config", home=tmp_path, environment={"BORDERREADY_CONFIG": "other.toml"})
    assert by_variable == named
    assert rows_of(run_here("config", "--no-config", home=tmp_path))["jobs"] == ("0", "default")


def test_configuration_speaks_the_language_that_it_names(tmp_path: Path) -> None:
    write_config(tmp_path, 'language = "zh"\n')
    assert run_here("config", home=tmp_path).out.splitlines()[0] == "配置：borderready.toml"


def test_keys_of_packs_are_shown(tmp_path: Path) -> None:
    key = "ed25519:OSa+i7mHQRuQhkmagChCAUwi3oM6DYhejSg31KJuPJ8="
    write_config(tmp_path, f'[trust.cn]\nkeys = ["{key}"]\n')
    assert f"packs named cn need 1 of these keys: {key}" in " ".join(run_here("config", home=tmp_path).out.split())
    shown = json.loads(run_here("config", "--format", "json", home=tmp_path).out)
    assert shown["trust"] == {"cn": {"keys": [key], "threshold": 1}}


# what it does to a check


def test_check_takes_the_values_of_the_file(tmp_path: Path) -> None:
    make_shop(tmp_path, 'format = "json"\nfail-on = "warning"\n')
    report = json.loads(run_here("check", "m.yaml", home=tmp_path).out)
    assert (report["packs"][0]["name"], report["fail_on"]) == ("pack", "warns")


def test_command_line_stands_above_the_file(tmp_path: Path) -> None:
    make_shop(tmp_path, 'format = "json"\nlanguage = "vi"\n')
    ran = run_here("check", "m.yaml", "--format", "text", "--lang", "en", home=tmp_path)
    assert "NOT READY" in ran.out


def test_format_that_there_is_not_is_told_with_where_it_stands(tmp_path: Path) -> None:
    make_shop(tmp_path, 'format = "xml"\n')
    ran = run_here("check", "m.yaml", home=tmp_path)
    assert ran.code == 2
    assert "'xml' is not one of: text, json" in ran.err
    assert "borderready.toml:2" in ran.err


def test_override_holds_for_its_manifests_only(tmp_path: Path) -> None:
    make_shop(tmp_path, 'format = "json"\n[[overrides]]\npaths = ["trial/**"]\nignore = ["labeling"]\n')
    write_manifest(tmp_path, "trial/m.yaml", base="not-ready.yaml")
    both = json.loads(run_here("check", "m.yaml", "trial/m.yaml", home=tmp_path).out)
    assert [[rule["rule"] for rule in report["left_out"]] for report in both["reports"]] == [
        [],
        ["any/fresh-fruit/box-languages", "any/fresh-fruit/pallet-mark"],
    ]


def test_registers_of_the_file_are_found_from_a_folder_below(tmp_path: Path) -> None:
    make_shop(tmp_path, 'registers = "lists"\nformat = "json"\n')
    lists = tmp_path / "lists"
    lists.mkdir()
    (lists / "harbour-orchards.csv").write_text("code,status\nVN-X-1,active\n", "utf-8")
    below = tmp_path / "below"
    write_manifest(below)
    report = json.loads(run_here("check", "m.yaml", home=tmp_path, folder=below).out)
    assert [register["file"] for register in report["registers"]] == ["../lists/harbour-orchards.csv"]


def test_what_is_left_out_is_named_with_what_would_stop(tmp_path: Path) -> None:
    make_shop(tmp_path)
    ran = run_here("check", "m.yaml", "--ignore", "labeling", "--lang", "en", home=tmp_path)
    told = " ".join(ran.out.split())
    assert (
        "Left out by select or ignore: 2 (of these, 1 would hold it back):"
        " any/fresh-fruit/pallet-mark, any/fresh-fruit/box-languages" in told
    )


def test_rule_that_nobody_can_waive_is_never_left_out(tmp_path: Path) -> None:
    make_shop(tmp_path)
    ran = run_here("check", "m.yaml", "--select", "labeling", "--ignore", "access", "--format", "json", home=tmp_path)
    report = json.loads(ran.out)
    [finding] = [finding for finding in report["findings"] if finding["rule"] == "any/any/access"]
    assert (ran.code, report["verdict"], finding["status"]) == (1, "not-ready", "fail")
    assert [note["en"] for note in finding["notes"]] == [
        "select or ignore would leave this out, which is not possible: no one but China can accept it"
    ]


@pytest.mark.parametrize("option", ["--select", "--ignore"])
def test_entry_that_names_nothing_is_wrong_usage(option: str, tmp_path: Path) -> None:
    make_shop(tmp_path)
    for _ in range(2):  # the second time only the rules of these goods are loaded
        ran = run_here("check", "m.yaml", option, "labelling", home=tmp_path)
        assert (ran.code, ran.out) == (2, "")
        assert ran.err.splitlines() == [
            f"{option}: error: 'labelling' is no rule, no folder of rules and no area",
            "  hint: did you mean 'labeling'?",
        ]


def test_rule_of_other_goods_may_be_named(tmp_path: Path) -> None:
    make_shop(tmp_path)
    for _ in range(2):
        assert run_here("check", "m.yaml", "--ignore", "vn/lychee-fresh/orchard-code", home=tmp_path).code == 1


def test_excluded_manifest_is_not_checked_and_that_is_told(tmp_path: Path) -> None:
    make_shop(tmp_path, 'exclude = ["m.yaml"]\n')
    write_manifest(tmp_path, "n.yaml", base="not-ready.yaml")
    both = run_here("check", "m.yaml", "n.yaml", home=tmp_path)
    assert both.code == 1
    assert "m.yaml" not in both.out.replace("n.yaml", "")
    assert both.err == "borderready: notice: manifests kept out by exclude (borderready.toml:2): 1\n"
    none = run_here("check", "m.yaml", home=tmp_path)
    assert (none.code, none.out) == (3, "")
    assert none.err.endswith("borderready: notice: nothing to check\n")
