# SPDX-License-Identifier: Apache-2.0
"""The configuration file: where it is found, what it may hold, and where it says each value stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from borderready.errors import ConfigError
from borderready.i18n import say
from borderready.read.config import find_config, read_config
from borderready.settings import ConfigFile, Given, Override, Trust

OWN, SHARED = "borderready.toml", "pyproject.toml"


def write(folder: Path, text: str = "", name: str = OWN) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def read(folder: Path, text: str, name: str = OWN, *, below: str = ".") -> ConfigFile:
    (folder / below).mkdir(parents=True, exist_ok=True)
    return read_config(write(folder, text, name), working_folder=str(folder / below))


def faults_of(folder: Path, text: str, name: str = OWN) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        read(folder, text, name)
    return [f"{fault.place}: {say(fault.what, 'en')}" for fault in caught.value.faults]


# where it is found


def test_configuration_is_the_nearest_one_upwards(tmp_path: Path) -> None:
    far, near = write(tmp_path), write(tmp_path / "a" / "b")
    (tmp_path / "a" / "b" / "c").mkdir()
    assert find_config(str(tmp_path / "a" / "b" / "c")) == near
    assert find_config(str(tmp_path / "a")) == far


def test_own_file_stands_above_the_shared_one(tmp_path: Path) -> None:
    write(tmp_path, "[tool.borderready]\n", SHARED)
    own = write(tmp_path)
    assert find_config(str(tmp_path)) == own


@pytest.mark.parametrize(
    "text",
    [
        "[tool.borderready]\n",
        '[ tool . "borderready" ]\n',
        "[[tool.borderready.overrides]]\npaths = ['x']\n",
        "[tool]\nborderready = {jobs = 2}\n",
        "tool.borderready.jobs = 2\n",
        "tool = {borderready = {}}\n",
    ],
)
def test_shared_file_counts_where_it_has_our_table(text: str, tmp_path: Path) -> None:
    assert find_config(str(tmp_path)) is None
    assert find_config(str(write(tmp_path, text, SHARED).parent)) == tmp_path / SHARED


@pytest.mark.parametrize(
    "text", ["", "[project]\nname = 'borderready'\n", "[tool.other]\nx = 1\n", "no [ toml", "# tool.borderready\n"]
)
def test_shared_file_without_our_table_is_passed_over(text: str, tmp_path: Path) -> None:
    far = write(tmp_path)
    write(tmp_path / "a", text, SHARED)
    assert find_config(str(tmp_path / "a")) == far


@pytest.mark.parametrize("is_folder", [True, False])
def test_search_ends_where_a_repository_does(is_folder: bool, tmp_path: Path) -> None:
    """A work tree has a file .git."""
    write(tmp_path)
    git = tmp_path / "a" / ".git"
    git.parent.mkdir()
    git.mkdir() if is_folder else git.write_text("gitdir: elsewhere")
    assert find_config(str(tmp_path / "a")) is None
    own = write(tmp_path / "a")
    assert find_config(str(tmp_path / "a")) == own


def test_folder_of_that_name_is_no_configuration(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / OWN).mkdir()
    assert find_config(str(tmp_path)) is None


# what it holds

FULL = """\
# ours
select = ["labeling", "vn/durian-fresh/"]
ignore = []
fail-on = "warning"
language = "vi"
jobs = 2
waivers = ["lists/w.yaml"]
registers = "lists"

[[overrides]]
paths = ["banana/**"]
registers = "lists/banana"

[[overrides]]
paths = ["trial-*.yaml"]
fail-on = "blocking"
"""


def test_every_value_is_read_with_its_line(tmp_path: Path) -> None:
    config = read(tmp_path, FULL)
    assert config == ConfigFile(
        file=OWN,
        root=str(tmp_path),
        values={
            "select": Given(value=("labeling", "vn/durian-fresh/"), origin=f"{OWN}:2"),
            "ignore": Given(value=(), origin=f"{OWN}:3"),
            "fail-on": Given(value="warning", origin=f"{OWN}:4"),
            "language": Given(value="vi", origin=f"{OWN}:5"),
            "jobs": Given(value=2, origin=f"{OWN}:6"),
            "waivers": Given(value=("lists/w.yaml",), origin=f"{OWN}:7"),
            "registers": Given(value="lists", origin=f"{OWN}:8"),
        },
        overrides=(
            Override(paths=("banana/**",), values={"registers": Given(value="lists/banana", origin=f"{OWN}:12")}),
            Override(paths=("trial-*.yaml",), values={"fail-on": Given(value="blocking", origin=f"{OWN}:16")}),
        ),
    )


def test_shared_file_says_the_same(tmp_path: Path) -> None:
    body = FULL.replace("[[overrides]]", "[[tool.borderready.overrides]]")
    config = read(tmp_path, f"[tool.borderready]\n{body}", SHARED)
    own = read(tmp_path, FULL)
    assert {key: given.value for key, given in config.values.items()} == {
        key: given.value for key, given in own.values.items()
    }
    assert config.values["jobs"].origin == f"{SHARED}:7"
    assert config.overrides[1].values["fail-on"].origin == f"{SHARED}:17"


def test_paths_are_relative_to_the_file_and_shown_from_the_working_folder(tmp_path: Path) -> None:
    config = read(tmp_path, FULL, below="a/b")
    assert config.file == f"../../{OWN}"
    assert config.values["registers"].value == "../../lists"
    assert config.values["waivers"].value == ("../../lists/w.yaml",)
    assert config.overrides[0].values["registers"].value == "../../lists/banana"
    assert config.overrides[0].paths == ("banana/**",)


def test_absolute_path_stays(tmp_path: Path) -> None:
    assert read(tmp_path, 'registers = "/srv/lists"', below="a").values["registers"].value == "/srv/lists"


def test_line_that_cannot_be_told_for_sure_is_not_told(tmp_path: Path) -> None:
    text = 'exclude = ["""\njobs = 1\n"""]\njobs = 2\n'
    assert read(tmp_path, text).values["jobs"] == Given(value=2, origin=OWN)


# what is refused


def test_unknown_key_is_told_with_its_line_and_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, '\nfail_on = "warning"\n')
    [fault] = caught.value.faults
    assert (fault.place, fault.line_text) == (f"{OWN}:2:1", 'fail_on = "warning"')
    assert say(fault.what, "en") == "unknown key 'fail_on'"
    assert fault.hint is not None
    assert say(fault.hint, "en") == "did you mean 'fail-on'?"


def test_key_that_is_near_to_none_is_answered_by_the_list(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, "[xyzzy]\n")
    hint = caught.value.faults[0].hint
    assert hint is not None
    assert "baseline, cache, exclude" in say(hint, "en")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("select = []", "1:1: an empty select would check nothing; leave it out to check all"),
        ('select = "labeling"', "1:1: 'select' must be a list of texts"),
        ('ignore = ["a", ""]', "1:1: 'ignore' must be a list of texts"),
        ("ignore = [1]", "1:1: 'ignore' must be a list of texts"),
        ('fail-on = "never"', "1:1: 'never' is not one of: blocking, warning"),
        ('language = "fr"', "1:1: 'fr' is not a language of borderready; known: en, vi, zh"),
        ("language = 1", "1:1: 'language' must be a text that is not empty"),
        ('registers = ""', "1:1: 'registers' must be a text that is not empty"),
        ("jobs = -1", "1:1: 'jobs' must be a whole number, at least 0"),
        ("jobs = true", "1:1: 'jobs' must be a whole number, at least 0"),
        ("jobs = 1.5", "1:1: 'jobs' must be a whole number, at least 0"),
        ("timeout = 0", "1:1: 'timeout' must be a whole number, at least 1"),
    ],
)
def test_wrong_value_is_told_with_its_line(text: str, told: str, tmp_path: Path) -> None:
    assert faults_of(tmp_path, text) == [f"{OWN}:{told}"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("overrides = 1", f"{OWN}: overrides are tables: write [[overrides]] with paths"),
        ("[[overrides]]\njobs = 1\npaths = ['x']", f"{OWN}:2:1: unknown key 'jobs'"),
        ("[[overrides]]\nselect = ['vn']", f"{OWN}: override 1 names no paths"),
        ("[[overrides]]\npaths = []", f"{OWN}: override 1 names no paths"),
        (
            "[[overrides]]\npaths = ['x']\nselect = []",
            f"{OWN}:3:1: an empty select would check nothing; leave it out to check all",
        ),
    ],
)
def test_wrong_override_is_told(text: str, told: str, tmp_path: Path) -> None:
    assert faults_of(tmp_path, text) == [told]


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    assert len(faults_of(tmp_path, "a = 1\njobs = 'x'\n[[overrides]]\nb = 1\n")) == 4


def test_what_is_no_toml_is_told_with_its_place(tmp_path: Path) -> None:
    [fault] = faults_of(tmp_path, "jobs = 1\nselect = [\n")
    assert fault.startswith(f"{OWN}:")
    assert "this is no TOML" in fault


def test_shared_file_that_is_named_must_have_the_table(tmp_path: Path) -> None:
    assert faults_of(tmp_path, "[project]\n", SHARED) == [
        f"{SHARED}: there is no table [tool.borderready] in this file"
    ]


def test_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        read_config(tmp_path / "gone.toml", working_folder=str(tmp_path))
    assert [fault.place for fault in caught.value.faults] == ["gone.toml"]


def test_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    assert read(tmp_path, "\ufeffjobs = 2\n").values["jobs"].value == 2


# whose signatures packs need

KEY = "ed25519:OSa+i7mHQRuQhkmagChCAUwi3oM6DYhejSg31KJuPJ8="
OTHER_KEY = "ed25519:ilG7Kf3hsRkRnS9YumR5piNRkwWJqPsvxF27WKlmH50="


@pytest.mark.parametrize(("name", "table"), [(OWN, "trust.cn"), (SHARED, "tool.borderready.trust.cn")])
def test_keys_stand_by_the_name_of_a_pack(name: str, table: str, tmp_path: Path) -> None:
    file = read(tmp_path, f'[{table}]\nkeys = ["{KEY}", "{OTHER_KEY}"]\nthreshold = 2\n', name)
    assert file.trust == {"cn": Trust(keys=(KEY, OTHER_KEY), threshold=2)}
    assert file.values == {}


def test_one_key_is_enough_where_no_threshold_is_given(tmp_path: Path) -> None:
    assert read(tmp_path, f'[trust.cn]\nkeys = ["{KEY}"]\n').trust["cn"].threshold == 1


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("trust = 1\n", "borderready.toml: trust holds tables by the names of packs, such as [trust.cn]"),
        ('[trust.CN]\nkeys = ["x"]\n', "borderready.toml:2:1: 'CN' is no name of a pack"),
        ("[trust.cn]\n", "borderready.toml: [trust.cn] holds keys, and threshold if need be, and nothing else"),
        (
            '[trust.cn]\nkey = "x"\n',
            "borderready.toml: [trust.cn] holds keys, and threshold if need be, and nothing else",
        ),
        ("[trust.cn]\nkeys = []\n", "borderready.toml:2:1: the keys for cn are not a list with at least one"),
        ('[trust.cn]\nkeys = "x"\n', "borderready.toml:2:1: the keys for cn are not a list with at least one"),
        ('[trust.cn]\nkeys = ["x"]\n', "borderready.toml:2:1: 'x', one of the keys for cn, is no public key"),
        (f'[trust.cn]\nkeys = ["{KEY}", "{KEY}"]\n', "borderready.toml:2:1: one of the keys for cn stands twice"),
        (
            f'[trust.cn]\nkeys = ["{KEY}"]\nthreshold = 2\n',
            "borderready.toml:2:1: the threshold for cn is not a number from 1 to 1",
        ),
        (
            f'[trust.cn]\nkeys = ["{KEY}"]\nthreshold = true\n',
            "borderready.toml:2:1: the threshold for cn is not a number from 1 to 1",
        ),
    ],
)
def test_keys_that_nobody_could_have_signed_with_are_a_fault(text: str, fault: str, tmp_path: Path) -> None:
    """Never passed over: what is meant to be asked for would not be."""
    assert faults_of(tmp_path, text) == [fault]


@pytest.mark.parametrize("key", [KEY[:-1], KEY[:-2] + "9=", KEY.upper(), f" {KEY}", KEY.removeprefix("ed25519:")])
def test_key_is_written_in_one_way(key: str, tmp_path: Path) -> None:
    assert "is no public key" in faults_of(tmp_path, f'[trust.cn]\nkeys = ["{key}"]\n')[0]


def test_rules_name_a_pack_where_there_is_no_such_folder(tmp_path: Path) -> None:
    for written in ("acme", "acme@1.0.0"):
        text = f'rules = "{written}"\n'
        assert read(tmp_path, text, below="deep").values["rules"].value == written
    (tmp_path / "acme").mkdir()
    assert read(tmp_path, 'rules = "acme"\n', below="deep").values["rules"].value == "../acme"
    assert read(tmp_path, 'rules = "Acme"\n', below="deep").values["rules"].value == "../Acme"
