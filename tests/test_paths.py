# SPDX-License-Identifier: Apache-2.0
"""Paths of rules: how they are read and written, and where they lead in what a subject sees."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from borderready.model import Missing, Outcome, Path, Status, Value
from borderready.paths import (
    Each,
    Hit,
    Key,
    Step,
    View,
    Where,
    canonical,
    find,
    parse_path,
    write_outcome_path,
    write_path,
    write_steps,
    write_value,
)
from tests.build import LAW, NO_SYNONYMS, freeze, make_asked, make_data, make_lot

SYNONYMS = {"analyte": {"cd": "cadmium", "镉": "cadmium"}, "part": {"flesh": "pulp"}}
LAB = {
    "type": "lab-report",
    "results": [
        {"analyte": "auramine-o", "part": "husk", "detected": False},
        {"analyte": "镉", "part": "pulp", "value": Decimal("0.02")},
        {"analyte": "Cd", "part": "husk"},
    ],
}
CERTIFICATE = {"type": "phytosanitary-certificate", "number": "PC-1"}

keys = st.from_regex(r"[a-z][a-z0-9_]{0,6}", fullmatch=True)
selectors = st.one_of(
    st.just("[*]"),
    st.lists(st.from_regex(r"\[[a-z][a-z0-9_]{0,4}=[A-Za-z0-9. -]{1,5}\]", fullmatch=True), max_size=3).map("".join),
)
written_paths = st.lists(st.tuples(keys, selectors).map("".join), min_size=1, max_size=4).map(".".join)


def see(data: Mapping[str, object], *, synonyms: Mapping[str, Mapping[str, str]] = NO_SYNONYMS) -> View:
    """Return what the first lot of a manifest sees."""
    return make_asked(data, synonyms=synonyms).view


def resolve(data: Value, path: Path) -> Value:
    """Return what stands at a concrete path."""
    value = data
    for step in path:
        if isinstance(step, int):
            assert isinstance(value, tuple)
            value = value[step]
        else:
            assert isinstance(value, Mapping)
            value = value[step]
    return value


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        ("variety", (Key("variety"),)),
        ("orchards[*].code", (Key("orchards"), Each(), Key("code"))),
        (
            "documents[type=lab-report].results[analyte=cadmium].value",
            (
                Key("documents"),
                Where((("type", "lab-report"),)),
                Key("results"),
                Where((("analyte", "cadmium"),)),
                Key("value"),
            ),
        ),
        ("results[analyte=cadmium][part=pulp]", (Key("results"), Where((("analyte", "cadmium"), ("part", "pulp"))))),
        ("parts[name=a.b].kind", (Key("parts"), Where((("name", "a.b"),)), Key("kind"))),
        ("parts[name=1.2].of[x=3.4]", (Key("parts"), Where((("name", "1.2"),)), Key("of"), Where((("x", "3.4"),)))),
    ],
)
def test_a_path_is_read_into_its_steps(text: str, steps: tuple[Step, ...]) -> None:
    assert parse_path(text) == steps


@pytest.mark.parametrize(
    "text",
    [
        "",
        ".",
        "a.",
        ".a",
        "a..b",
        "[*]",
        "[*].a",
        "A",
        "a b",
        "a-b",
        "1a",
        "a[]",
        "a[b]",
        "a[b=]",
        "a[=b]",
        "a[b=c=d]",
        "a[0]",
        "a[*][*]",
        "a[*][b=c]",
        "a[b=c][*]",
        "a[b=c",
        "a]b=c[",
        "a[*]b",
        "a ",
        "a\n",
        "$.a",
    ],
)
def test_a_malformed_path_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match=r"(?s)^'.*' (is not a key|is neither|mixes)") as refusal:
        parse_path(text)
    assert refusal.value.args[0]


@settings(LAW, max_examples=300)
@given(written_paths)
def test_a_path_is_written_as_it_was_read(text: str) -> None:
    assert write_steps(parse_path(text)) == text


@settings(LAW, max_examples=500)
@given(st.text(alphabet="ab.[]*=_1 \n", max_size=10))
def test_any_text_is_refused_or_written_as_it_was_read(text: str) -> None:
    try:
        steps = parse_path(text)
    except ValueError:
        return
    assert write_steps(steps) == text


def test_a_key_of_the_subject_is_found_at_the_subject() -> None:
    view = make_asked(make_data(lots=[make_lot(), make_lot(id="L2", variety="Ri6")]), index=1).view
    assert find("variety", view) == ((Hit(("lots", 1, "variety"), "Ri6"),), ())


def test_a_missing_key_names_its_nearest_parent_and_what_is_below() -> None:
    view = see(make_data(lots=[make_lot(labels={"box": {"languages": ["zh"]}})]))
    assert find("labels.box.fruit_name", view) == (
        (),
        (Missing(parent=("lots", 0, "labels", "box"), steps="fruit_name", is_last=True),),
    )
    assert find("labels.pallet.text", view) == (
        (),
        (Missing(parent=("lots", 0, "labels"), steps="pallet.text", is_last=False),),
    )
    assert find("packhouse.code", view) == ((), (Missing(parent=("lots", 0), steps="packhouse.code", is_last=False),))
    assert find("packhouse", view) == ((), (Missing(parent=("lots", 0), steps="packhouse", is_last=True),))


def test_a_missing_name_of_the_whole_manifest_is_missing_at_its_top() -> None:
    view = see(make_data())
    assert find("documents[type=lab-report].number", view) == (
        (),
        (Missing(parent=(), steps="documents[type=lab-report].number", is_last=False),),
    )


def test_a_key_below_a_single_value_is_missing() -> None:
    view = see(make_data(lots=[make_lot(variety="Ri6")]))
    assert find("variety.name", view) == (
        (),
        (Missing(parent=("lots", 0, "variety"), steps="name", is_last=True),),
    )


def test_each_member_is_a_hit_or_a_missing_of_its_own() -> None:
    view = see(make_data(lots=[make_lot(orchards=[{"code": "A-1"}, {"area_ha": 2}, {"code": "A-3"}])]))
    assert find("orchards[*].code", view) == (
        (Hit(("lots", 0, "orchards", 0, "code"), "A-1"), Hit(("lots", 0, "orchards", 2, "code"), "A-3")),
        (Missing(parent=("lots", 0, "orchards", 1), steps="code", is_last=True),),
    )


def test_an_empty_sequence_is_a_missing_and_never_silence() -> None:
    view = see(make_data(lots=[make_lot(orchards=[])]))
    assert find("orchards", view) == ((Hit(("lots", 0, "orchards"), ()),), ())
    assert find("orchards[*]", view) == (
        (),
        (Missing(parent=("lots", 0, "orchards"), steps="[*]", is_last=True),),
    )
    assert find("orchards[*].code", view) == (
        (),
        (Missing(parent=("lots", 0, "orchards"), steps="[*].code", is_last=False),),
    )


def test_a_selector_without_a_member_is_a_missing_and_never_silence() -> None:
    view = see(make_data(documents=[CERTIFICATE]))
    assert find("documents[type=lab-report]", view) == (
        (),
        (Missing(parent=("documents",), steps="[type=lab-report]", is_last=True),),
    )
    assert find("documents[type=lab-report].results[*].value", view) == (
        (),
        (Missing(parent=("documents",), steps="[type=lab-report].results[*].value", is_last=False),),
    )


def test_documents_keep_the_index_they_have_in_the_manifest() -> None:
    other = {**CERTIFICATE, "covers": ["L2"]}
    view = see(make_data(lots=[make_lot(), make_lot(id="L2")], documents=[other, CERTIFICATE]))
    assert find("documents[type=phytosanitary-certificate].number", view) == (
        (Hit(("documents", 1, "number"), "PC-1"),),
        (),
    )


def test_selectors_narrow_together() -> None:
    view = see(make_data(documents=[LAB]), synonyms=SYNONYMS)
    both = "documents[type=lab-report].results[analyte=cadmium][part=pulp]"
    assert [hit.path for hit in find(both, view)[0]] == [("documents", 0, "results", 1)]


@pytest.mark.parametrize("asked", ["cadmium", "Cd", "镉", "ＣＤ", " cd "])
def test_synonyms_find_a_member_under_any_of_its_names(asked: str) -> None:
    view = see(make_data(documents=[LAB]), synonyms=SYNONYMS)
    hits, missings = find(f"documents[type=lab-report].results[analyte={asked}].part", view)
    assert hits == (
        Hit(("documents", 0, "results", 1, "part"), "pulp"),
        Hit(("documents", 0, "results", 2, "part"), "husk"),
    )
    assert missings == ()


def test_a_synonym_of_another_kind_finds_nothing() -> None:
    view = see(make_data(documents=[{**LAB, "results": [{"part": "cd"}]}]), synonyms=SYNONYMS)
    assert find("documents[*].results[part=cadmium]", view)[0] == ()
    assert canonical("part", "Cd", view) == "cd"
    assert canonical("part", "Flesh", view) == "pulp"
    assert canonical("analyte", "镉", view) == "cadmium"
    assert canonical("analyte", "Lead ", view) == "lead"


def test_a_selector_compares_truth_values_and_numbers_as_written() -> None:
    members = [{"ok": True, "n": 3}, {"ok": False, "n": Decimal("0.05")}, {"n": 3}, "text", {"ok": {"n": 1}, "n": [3]}]
    view = see(make_data(lots=[make_lot(parts=members)]))
    assert [hit.path[-1] for hit in find("parts[ok=true]", view)[0]] == [0]
    assert [hit.path[-1] for hit in find("parts[ok=false]", view)[0]] == [1]
    assert [hit.path[-1] for hit in find("parts[n=3]", view)[0]] == [0, 2]
    assert [hit.path[-1] for hit in find("parts[n=0.05]", view)[0]] == [1]


def test_a_member_that_lacks_the_key_is_never_selected() -> None:
    view = see(make_data(lots=[make_lot(parts=[{"n": 3}, {"kind": "none"}])]))
    assert [hit.path[-1] for hit in find("parts[kind=none]", view)[0]] == [1]


orchards = st.lists(
    st.dictionaries(st.sampled_from(["code", "name"]), st.sampled_from(["A-1", "B-2"]), max_size=2), max_size=4
)


@settings(LAW, max_examples=150)
@given(
    st.lists(orchards, min_size=1, max_size=3),
    st.sampled_from(["orchards", "orchards[*]", "orchards[*].code", "orchards[name=A-1].code", "orchards[name=B-2]"]),
)
def test_every_hit_leads_to_its_value_and_every_path_answers(lots: list[list[dict[str, str]]], text: str) -> None:
    data = make_data(lots=[make_lot(id=f"L{i}", orchards=own) for i, own in enumerate(lots)])
    frozen = freeze(data)
    for index in range(len(lots)):
        hits, missings = find(text, make_asked(data, index=index).view)
        assert hits or missings
        for hit in hits:
            assert hit.path[:2] == ("lots", index)
            assert resolve(frozen, hit.path) == hit.value
        for missing in missings:
            resolve(frozen, missing.parent)


@settings(LAW, max_examples=100)
@given(orchards.filter(bool))
def test_each_member_answers_exactly_once(own: list[dict[str, str]]) -> None:
    hits, missings = find("orchards[*].code", see(make_data(lots=[make_lot(orchards=own)])))
    assert len(hits) == sum("code" in orchard for orchard in own)
    assert len(hits) + len(missings) == len(own)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ((), ""),
        (("lots",), "lots"),
        (("lots", 0, "id"), "lots[0].id"),
        (("documents", 2, "results", 10, "value"), "documents[2].results[10].value"),
    ],
)
def test_a_concrete_path_is_written_with_dots_and_indices(path: Path, text: str) -> None:
    assert write_path(path) == text


@pytest.mark.parametrize(
    ("path", "missing", "text"),
    [
        (None, None, ""),
        (("lots", 0), None, "lots[0]"),
        (("lots", 0), "packhouse.code", "lots[0].packhouse.code"),
        (("documents",), "[type=lab-report].number", "documents[type=lab-report].number"),
        ((), "documents[type=lab-report]", "documents[type=lab-report]"),
        ((), "attestations[what=orchard-gap]", "attestations[what=orchard-gap]"),
    ],
)
def test_an_outcome_points_down_to_what_is_missing(path: Path | None, missing: str | None, text: str) -> None:
    gap = None if missing is None else Missing(parent=path or (), steps=missing, is_last=False)
    assert write_outcome_path(Outcome(status=Status.UNKNOWN, path=path, missing=gap)) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("0810600000", "0810600000"),
        (True, "true"),
        (False, "false"),
        (16200, "16200"),
        (Decimal("0.050"), "0.050"),
        (["zh", "en"], "[zh, en]"),
        ([], "[]"),
        ({"code": "A-1", "new": True}, "{code: A-1, new: true}"),
        ([{"n": [1, 2]}], "[{n: [1, 2]}]"),
    ],
)
def test_a_value_is_written_as_a_person_would(value: object, text: str) -> None:
    assert write_value(freeze(value)) == text
