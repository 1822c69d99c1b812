# SPDX-License-Identifier: Apache-2.0
"""Settings: command line over environment over file over default, each with its origin; and the published form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from borderready.i18n import say
from borderready.schemas import load_schema
from borderready.settings import (
    KEYS,
    OVERRIDABLE,
    ConfigFile,
    Given,
    Override,
    Setting,
    Settings,
    is_fit,
    judge_setting,
    judge_trust,
    option_of,
    resolve_settings,
    settings_for,
    variable_of,
)
from tests.build import LAW

SCHEMA = load_schema("config")
FILE = ConfigFile(
    file="borderready.toml",
    root="/work",
    values={
        "fail-on": Given(value="warning", origin="borderready.toml:1"),
        "jobs": Given(value=2, origin="borderready.toml:2"),
    },
    overrides=(
        Override(paths=("banana/**",), values={"fail-on": Given(value="blocking", origin="borderready.toml:5")}),
        Override(paths=("*.trial.yaml",), values={"ignore": Given(value=("logistics",), origin="borderready.toml:8")}),
    ),
)


def resolve(
    typed: Mapping[str, Setting | None] | None = None,
    variables: Mapping[str, str] | None = None,
    file: ConfigFile | None = None,
) -> Settings:
    resolved = resolve_settings(typed or {}, variables or {}, file)
    assert isinstance(resolved, Settings)
    return resolved


def faults_of(typed: Mapping[str, Setting | None], variables: Mapping[str, str]) -> list[str]:
    resolved = resolve_settings(typed, variables, None)
    assert not isinstance(resolved, Settings)
    return [f"{fault.place}: {say(fault.what, 'en')}" for fault in resolved]


def test_without_anything_all_is_as_the_program_takes_it() -> None:
    assert resolve() == Settings(origins=dict.fromkeys(KEYS, "default"))


def test_each_source_stands_above_the_next_and_is_named() -> None:
    sources: list[tuple[Settings, str, str]] = [
        (resolve(), "blocking", "default"),
        (resolve(file=FILE), "warning", "borderready.toml:1"),
        (resolve({}, {"BORDERREADY_FAIL_ON": "blocking"}, FILE), "blocking", "BORDERREADY_FAIL_ON"),
        (resolve({"fail-on": "warning"}, {"BORDERREADY_FAIL_ON": "blocking"}, FILE), "warning", "--fail-on"),
    ]
    for found, value, origin in sources:
        assert (found.fail_on, found.origins["fail-on"]) == (value, origin)
    assert (sources[3][0].jobs, sources[3][0].origins["jobs"]) == (2, "borderready.toml:2")


def test_option_that_was_not_given_changes_nothing() -> None:
    assert resolve(dict.fromkeys(KEYS), {}, FILE) == resolve({}, {}, FILE)


def test_empty_variable_counts_as_not_set() -> None:
    assert resolve({}, {variable_of(key): " " for key in KEYS}, FILE) == resolve({}, {}, FILE)


def test_variable_holds_a_list_with_commas_and_a_whole_number() -> None:
    found = resolve({}, {"BORDERREADY_SELECT": " labeling, vn/banana/ ,", "BORDERREADY_JOBS": "4"})
    assert (found.select, found.jobs) == (("labeling", "vn/banana/"), 4)


def test_names_of_variables_and_options_follow_the_keys() -> None:
    assert [variable_of("fail-on"), option_of("fail-on"), option_of("language")] == [
        "BORDERREADY_FAIL_ON",
        "--fail-on",
        "--lang",
    ]


@pytest.mark.parametrize(
    ("variables", "told"),
    [
        ({"BORDERREADY_FAIL_ON": "never"}, "BORDERREADY_FAIL_ON: 'never' is not one of: blocking, warning"),
        ({"BORDERREADY_JOBS": "many"}, "BORDERREADY_JOBS: 'jobs' must be a whole number, at least 0"),
        ({"BORDERREADY_TIMEOUT": "0"}, "BORDERREADY_TIMEOUT: 'timeout' must be a whole number, at least 1"),
        ({"BORDERREADY_FAILON": "warning"}, "borderready: unknown variable BORDERREADY_FAILON"),
        ({"BORDERREADY_FAIL-ON": "warning"}, "borderready: unknown variable BORDERREADY_FAIL-ON"),
    ],
)
def test_wrong_variable_is_told(variables: Mapping[str, str], told: str) -> None:
    assert faults_of({}, variables) == [told]


def test_variables_of_others_and_of_ours_are_left_alone() -> None:
    names = ("BORDERREADY_DEBUG", "BORDERREADY_CONFIG", "BORDERREADY_VERSION", "BORDERREADY_IMAGE_TAG", "FAIL_ON")
    assert resolve({}, dict.fromkeys(names, "1")) == resolve()


# overrides


def test_override_stands_above_the_file_and_below_what_was_set_or_typed() -> None:
    assert settings_for(resolve(file=FILE), "banana/m.yaml").fail_on == "blocking"
    assert settings_for(resolve(file=FILE), "durian/m.yaml").fail_on == "warning"
    assert settings_for(resolve({"fail-on": "warning"}, {}, FILE), "banana/m.yaml").fail_on == "warning"
    assert settings_for(resolve({}, {"BORDERREADY_FAIL_ON": "warning"}, FILE), "banana/m.yaml").fail_on == "warning"


def test_override_names_its_own_line() -> None:
    own = settings_for(resolve(file=FILE), "banana/a.trial.yaml")
    assert (own.origins["fail-on"], own.origins["ignore"]) == ("borderready.toml:5", "borderready.toml:8")


def test_last_override_that_fits_counts() -> None:
    overrides = tuple(
        Override(paths=("*",), values={"ignore": Given(value=(area,), origin=area)}) for area in ("labeling", "access")
    )
    file = ConfigFile(file="f", root="/", values={}, overrides=overrides)
    assert settings_for(resolve(file=file), "m.yaml").ignore == ("access",)


@pytest.mark.parametrize(
    ("pattern", "fits", "not_fits"),
    [
        ("m.yaml", ["m.yaml", "a/b/m.yaml"], ["xm.yaml", "m.yaml.bak", "m-yaml"]),
        ("*.yaml", ["m.yaml", "a/m.yaml"], ["m.yml"]),
        ("a/*.yaml", ["a/m.yaml"], ["m.yaml", "a/b/m.yaml", "b/a/m.yaml"]),
        ("a/**", ["a/m.yaml", "a/b/m.yaml"], ["m.yaml", "aa/m.yaml"]),
        ("**/a/*.yaml", ["a/m.yaml", "x/y/a/m.yaml"], ["ba/m.yaml"]),
        ("a/**/m.yaml", ["a/m.yaml", "a/b/c/m.yaml"], ["a/xm.yaml"]),
        ("a", ["a/m.yaml", "x/a/m.yaml", "a"], ["ab/m.yaml"]),
        ("./a/b/", ["a/b/m.yaml"], ["x/a/b/m.yaml"]),
        ("m?.yaml", ["m1.yaml"], ["m.yaml", "m12.yaml", "m/.yaml"]),
        ("m[1].yaml", ["m[1].yaml"], ["m1.yaml"]),
    ],
)
def test_pattern_fits(pattern: str, fits: list[str], not_fits: list[str]) -> None:
    assert [is_fit(pattern, place) for place in fits] == [True] * len(fits)
    assert [is_fit(pattern, place) for place in not_fits] == [False] * len(not_fits)


# the published form


def test_schema_names_the_same_keys_in_the_same_order() -> None:
    assert tuple(SCHEMA["properties"]) == (*KEYS, "overrides", "trust")
    assert tuple(SCHEMA["properties"]["overrides"]["items"]["properties"]) == ("paths", *OVERRIDABLE)


VALUES: st.SearchStrategy[Any] = st.one_of(
    st.sampled_from(["", "a", "blocking", "warning", "en", "vi", "fr", 0, 1, -1, True]),
    st.lists(st.sampled_from(["", "a", 1]), max_size=2),
)


@settings(LAW, max_examples=400)
@given(key=st.sampled_from(KEYS), value=VALUES)
def test_reader_and_schema_take_the_same_values(key: str, value: Any) -> None:
    by_schema = Draft202012Validator(SCHEMA).is_valid({key: value})
    by_reader = judge_setting(key, tuple(value) if isinstance(value, list) else value) is None
    assert by_reader is by_schema


KEY = "ed25519:OSa+i7mHQRuQhkmagChCAUwi3oM6DYhejSg31KJuPJ8="
TABLES: st.SearchStrategy[Any] = st.one_of(
    st.sampled_from([1, "x", [], {}]),
    st.fixed_dictionaries(
        {"keys": st.one_of(st.just(KEY), st.lists(st.sampled_from([KEY, KEY[:-2] + "A=", "x", 1]), max_size=2))},
        optional={"threshold": st.sampled_from([0, 1, True, "1"]), "more": st.just(1)},
    ),
)


@settings(LAW, max_examples=400)
@given(name=st.sampled_from(["cn", "my-rules", "CN", "a--b", ""]), table=TABLES)
def test_reader_and_schema_take_the_same_keys(name: str, table: Any) -> None:
    """But that a threshold is not above the number of keys, which a schema cannot say."""
    by_schema = Draft202012Validator(SCHEMA).is_valid({"trust": {name: table}})
    assert (judge_trust(name, table) is None) is by_schema
