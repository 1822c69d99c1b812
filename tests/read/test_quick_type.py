# SPDX-License-Identifier: Apache-2.0
"""The quick way of typing gives what the thorough one gives, or nothing."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from borderready.read.schema import type_at_once, type_by
from borderready.read.strict_yaml import Document, judge, parse_yaml
from tests.command import ROOT
from tests.read.build import kinds_of
from tests.read.test_fuzz import MANIFESTS, PIECES

EXAMPLES = [path.read_text("utf-8") for path in sorted((ROOT / "examples").glob("*.yaml"))]


def _documents(text: str) -> tuple[Document, ...]:
    parsed = parse_yaml(text.encode("utf-8", "surrogatepass"), file="m.yaml", is_trusting=True)
    return () if parsed.faults else tuple(document for document in parsed.documents if document.root is not None)


def _hold(text: str) -> None:
    for document in _documents(text):
        quick = type_at_once("manifest", document)
        if quick is not None:
            value, faults = type_by("manifest", document, file="m.yaml")
            assert (faults, judge(document, "m.yaml")) == ((), ())
            assert kinds_of(quick) == kinds_of(value)


@pytest.mark.parametrize("text", [*MANIFESTS, *EXAMPLES])
def test_a_good_manifest_is_typed_quickly_and_as_thoroughly(text: str) -> None:
    assert all(type_at_once("manifest", document) is not None for document in _documents(text))
    _hold(text)


GOOD = """\
borderready: 1
reference: A
shipment: {origin: VN, mode: road, dates: {arrival: 2026-11-26}}
lots: [{id: L1, product: durian-fresh, quantity: {net_kg: 16200}, packaging: {new: true}}]
"""


def test_it_is_typed_quickly_as_it_stands() -> None:
    assert [type_at_once("manifest", document) is not None for document in _documents(GOOD)] == [True]


@pytest.mark.parametrize(
    ("good", "unusual"),
    [
        ("reference: A", "reference: A\nreference: B"),
        ("reference: A", "reference: ~"),
        ("reference: A", "? [a]\n: b"),
        ("net_kg: 16200", "net_kg: 16.200"),
        ("net_kg: 16200", "net_kg: '16200'"),
        ("net_kg: 16200", "net_kg: 16200, net_kg: 16200"),
        ("arrival: 2026-11-26", "arrival: 2026-02-30"),
        ("origin: VN", "origin: [VN]"),
        ("[{id: L1", "{id: L1"),
        ("new: true", "new: yes"),
        ("new: true", "nothing: of ours"),
        ("product: durian-fresh", "<<: {product: durian-fresh}"),
    ],
)
def test_what_is_unusual_is_left_to_those_who_can_tell_of_it(good: str, unusual: str) -> None:
    assert good in GOOD
    text = GOOD.replace(good, unusual).replace("}]\n", "}\n" if unusual == "{id: L1" else "}]\n")
    documents = _documents(text)
    assert [type_at_once("manifest", document) for document in documents] == [None]


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_whatever_stands_in_a_manifest_both_ways_agree(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from([*MANIFESTS, *EXAMPLES]))
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(text)))
        end = min(len(text), place + data.draw(st.integers(0, 4)))
        text = text[:place] + data.draw(st.sampled_from(PIECES)) + text[end:]
    _hold(text)
