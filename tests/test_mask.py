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


@st.composite
def twins(draw: st.DrawFn) -> tuple[View, View]:
    """Return two views, of which the second is the first with one part, or none, put in the place of another."""
    own = {"a": draw(trees())}
    papers = tuple(draw(st.lists(trees(), max_size=3)))
    covered = draw(st.lists(st.integers(0, 4), unique=True, max_size=len(papers)).map(sorted))
    views = []
    for _ in range(2):
        common = Common()
        picked = common.pick("papers", list(zip(covered, papers, strict=False)))
        views.append(View(path=("lots", 0), own=own, shared={"papers": picked}, synonyms=SYNONYMS, common=common))
        if draw(st.booleans()):
            own = {"a": changed(own["a"], draw)}
        else:
            papers = tuple(changed(paper, draw) for paper in papers)
    return views[0], views[1]


def changed(value: Value, draw: st.DrawFn) -> Value:
    if isinstance(value, Mapping) and value and draw(st.booleans()):
        key = draw(st.sampled_from(sorted(value)))
        return {**value, key: changed(value[key], draw)}
    if isinstance(value, tuple) and value and draw(st.booleans()):
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


@settings(LAW, max_examples=1500)
@given(twins(), st.lists(st.sampled_from(PATHS), min_size=1, max_size=5, unique=True))
def test_what_looks_alike_leads_every_path_to_the_same(pair: tuple[View, View], places: list[str]) -> None:
    mask = mask_of(places)
    left, right = pair
    assume(look(mask, left) == look(mask, right))
    for place in places:
        assert led_to(place, left) == led_to(place, right)


@settings(LAW, max_examples=300)
@given(twins())
def test_one_mask_serves_manifest_after_manifest(pair: tuple[View, View]) -> None:
    mask = mask_of(PATHS)
    for view in (*pair, *pair):
        assert look(mask, view) == look(mask_of(PATHS), view)


def view_of(own: Mapping[str, Value]) -> View:
    return View(path=("lots", 0), own=own, shared={}, synonyms={})


@pytest.mark.parametrize(
    ("place", "seen_alike", "seen_apart"),
    [
        ("a.b", {"b": "x", "c": "other"}, {"b": "y"}),
        ("a.c[b=x].c", {"c": [{"b": "y", "c": "other"}]}, {"c": [{"b": "x", "c": "other"}]}),
        (f"a{PARTS}b", {"b": "other"}, {"b": []}),
    ],
)
def test_what_no_path_leads_to_is_not_looked_at(
    place: str, seen_alike: dict[str, object], seen_apart: dict[str, object]
) -> None:
    base = {"b": "x", "c": [{"b": "y", "c": "x"}] if "[" in place else "x"}
    mask: Mask = mask_of([place])
    first, alike, apart = (
        look(mask, view_of({"a": freeze({**base, **more})})) for more in ({}, seen_alike, seen_apart)
    )
    assert first == alike
    assert first != apart


def test_a_mask_of_many_kinds_of_members_forgets_some_and_stays_right() -> None:
    mask = mask_of(["a.c[b=x].c", "a.c[*].type"])
    for number in range(600):
        members = freeze({"c": [{"b": f"{number}", "c": "1", "type": "t"}, {"b": "x", "c": "2"}]})
        assert look(mask, view_of({"a": members})) == look(
            mask_of(["a.c[b=x].c", "a.c[*].type"]), view_of({"a": members})
        )
