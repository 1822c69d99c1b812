# SPDX-License-Identifier: Apache-2.0
"""Masks: two subjects that look alike through the mask of some paths lead all of these paths to the same."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from decimal import Decimal

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from borderready.memory.mask import Mask, look, mask_of, print_of
from borderready.model import Value
from borderready.paths import PARTS, Common, View, find
from tests.build import LAW, freeze

KEYS = ("b", "c", "type")
SCALARS: tuple[Value, ...] = ("x", "y", " X", "", 1, 0, True, False, Decimal("1.0"), Decimal("1.00"), Decimal(1))
PATHS = (
    *("a", "a.b", "a.b.c", "a.b.type", "a.c[*]", "a.c[*].b", "a.c[*].b[*]", "a.c[b=x]", "a.c[b=x].c", "a.c[b=y].type"),
    *("a.c[b=x][c=y]", "a.c[b=x].c[type=x].b", "a.c[type=x]", "a.b[*].c[b=y].c"),
    *("papers", "papers[*]", "papers[*].b", "papers[type=x]", "papers[type=x].b", "papers[type=y].c[b=x].c"),
    *(f"a{PARTS}b,c", f"a.b{PARTS}c", f"a.c[b=x]{PARTS}c,type", f"papers[type=x]{PARTS}b", f"a.c{PARTS}"),
)
SYNONYMS = {"type": {"why": "y"}}


def trees() -> st.SearchStrategy[Value]:
    def above(inner: st.SearchStrategy[Value]) -> st.SearchStrategy[Value]:
        lists = st.lists(inner, max_size=3).map(tuple)
        return st.one_of(lists, st.dictionaries(st.sampled_from(KEYS), inner, max_size=3))

    return st.recursive(st.sampled_from((*SCALARS, "why")), above, max_leaves=8)


def members(*more: str) -> st.SearchStrategy[Value]:
    """Give members of a list as manifests have them, of which selectors pick some."""
    optional: dict[str, st.SearchStrategy[Value]] = {
        "b": st.sampled_from(("x", "y", " X")),
        "c": st.sampled_from(SCALARS) if not more else st.lists(members(), max_size=2).map(tuple),
        "type": st.sampled_from(("x", "y", "why")),
    }
    return st.fixed_dictionaries({}, optional=optional)


@st.composite
def twins(draw: st.DrawFn) -> tuple[View, View]:
    """Return two views, of which the second is the first with one part, or none, put in the place of another."""
    like_manifests = st.fixed_dictionaries({"c": st.lists(members(), max_size=3).map(tuple)})
    own = {"a": draw(st.one_of(trees(), like_manifests))}
    papers = tuple(draw(st.lists(st.one_of(trees(), members("below")), max_size=3)))
    covers = st.lists(st.integers(0, 4), unique=True, min_size=3, max_size=3).map(sorted)
    covered = draw(covers)
    views = []
    for _ in range(2):
        common = Common()
        picked = common.pick("papers", list(zip(covered, papers, strict=False)))
        views.append(View(path=("lots", 0), own=own, shared={"papers": picked}, synonyms=SYNONYMS, common=common))
        match draw(st.sampled_from(("own", "own", "papers", "papers", "covered"))):
            case "own":
                own = {"a": changed(own["a"], draw)}
            case "papers":
                papers = tuple(changed(paper, draw) for paper in papers)
            case _:
                covered = draw(covers)
    return views[0], views[1]


def changed(value: Value, draw: st.DrawFn) -> Value:
    if isinstance(value, Mapping) and value and draw(st.integers(0, 3)):
        key = draw(st.sampled_from(sorted(value)))
        return {**value, key: changed(value[key], draw)}
    if isinstance(value, tuple) and value and draw(st.integers(0, 3)):
        place = draw(st.integers(0, len(value) - 1))
        return (*value[:place], changed(value[place], draw), *value[place + 1 :])
    return draw(st.sampled_from((*SCALARS, (), freeze({})))) if draw(st.booleans()) else value


def led_to(place: str, view: View) -> Hashable:
    """Return where a path leads, and as much of what stands there as whoever asked looks at."""
    path, is_shallow, parts = place.partition(PARTS)
    hits, missings = find(path, view)

    def told(value: Value) -> Hashable:
        if not is_shallow or not isinstance(value, Mapping):
            return print_of(value)
        return tuple(value.get(part, ()) != () for part in parts.split(",") if part)

    return tuple((hit.path, told(hit.value)) for hit in hits), missings


@settings(LAW, max_examples=800)
@given(twins(), st.lists(st.sampled_from(PATHS), min_size=1, max_size=5, unique=True))
def test_what_looks_alike_leads_every_path_to_the_same(pair: tuple[View, View], places: list[str]) -> None:
    mask = mask_of(places)
    left, right = pair
    assume(look(mask, left) == look(mask, right))
    for place in places:
        assert led_to(place, left) == led_to(place, right)


@settings(LAW, max_examples=60)
@given(twins())
def test_one_mask_serves_manifest_after_manifest(pair: tuple[View, View]) -> None:
    mask = mask_of(PATHS)
    for view in (*pair, *pair):
        assert look(mask, view) == look(mask_of(PATHS), view)


def view_of(own: Mapping[str, Value]) -> View:
    return View(path=("lots", 0), own=own, shared={}, synonyms={})


@pytest.mark.parametrize(
    ("place", "base", "alike", "apart"),
    [
        ("a.b", {"b": "x", "c": "x"}, {"b": "x", "c": "y"}, {"b": "y", "c": "x"}),
        ("a.b.c", {"b": {"c": 1, "type": "x"}}, {"b": {"c": 1}}, {"b": {"c": True, "type": "x"}}),
        (
            "a.c[b=x].c",
            {"c": [{"b": " X", "c": 1}, {"b": "y", "c": 1}]},
            None,
            {"c": [{"b": " X", "c": 2}, {"b": "y"}]},
        ),
        ("a.c[b=x].c", {"c": [{"b": "x"}, {"b": "y", "c": 1}]}, {"c": [{"b": "x"}, {"b": "y", "c": 2}]}, {"c": []}),
        ("a.c[*]", {"c": ["x"]}, None, {"c": ["y"]}),
        ("a.c[*].b", {"c": ["x", {"b": 1, "c": 1}]}, {"c": ["x", {"b": 1, "c": 2}]}, {"c": ["x", {"b": 2, "c": 1}]}),
        (f"a{PARTS}b", {"b": "x", "c": "x"}, {"b": "y"}, {"b": []}),
    ],
)
def test_what_no_path_leads_to_is_not_looked_at(
    place: str, base: dict[str, object], alike: dict[str, object] | None, apart: dict[str, object]
) -> None:
    mask: Mask = mask_of([place])
    first = look(mask, view_of({"a": freeze(base)}))
    assert look(mask, view_of({"a": freeze(alike or base)})) == first
    assert look(mask, view_of({"a": freeze(apart)})) != first


def test_a_mask_of_many_kinds_of_members_forgets_some_and_stays_right() -> None:
    mask = mask_of(["a.c[b=x].c", "a.c[*].type"])
    for number in range(600):
        members = freeze({"c": [{"b": f"{number}", "c": "1", "type": "t"}, {"b": "x", "c": "2"}]})
        assert look(mask, view_of({"a": members})) == look(
            mask_of(["a.c[b=x].c", "a.c[*].type"]), view_of({"a": members})
        )
