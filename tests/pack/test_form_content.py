# SPDX-License-Identifier: Apache-2.0
"""A new file reads as what was to be written, whatever it holds, and `pack fmt` leaves it as it is."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from borderready.pack.form.content import Content, write_content
from borderready.pack.form.tidy import tidy
from borderready.read.strict_yaml import parse_yaml

PATH = "any/any/seal.yaml"
TEXTS = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Cn"], exclude_characters="\u2028\u2029\ufeff"),
    min_size=1,
    max_size=30,
) | st.sampled_from(
    ["a: b", "a #b", "- x", "a, b", "null", "'", '"', "a:", "#", "{", "https://a.b/c?d=e#f", ">=1", "*", "+1", "~"]
)
KEYS = st.from_regex("[a-z_]{1,8}", fullmatch=True)
CONTENTS: st.SearchStrategy[Content] = st.recursive(
    TEXTS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner), max_leaves=12
)


def _read(text: str) -> Content:
    parsed = parse_yaml(text.encode(), file=PATH)
    assert parsed.faults == (), (text, parsed.faults)
    [document] = parsed.documents
    return _plain(document.root)


def _plain(node: yaml.Node | None) -> Content:
    if isinstance(node, yaml.MappingNode):
        return {key.value: _plain(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [_plain(member) for member in node.value]
    assert isinstance(node, yaml.ScalarNode)
    return str(node.value)


@given(st.dictionaries(KEYS, CONTENTS, min_size=1, max_size=4))
def test_what_is_written_is_read_again_and_is_in_form(content: Mapping[str, Content]) -> None:
    for one in (content, [content, content]):
        text = write_content(one, path=PATH)
        assert _read(text) == one
        assert tidy(text.encode(), path=PATH, shown_as=PATH).after == text


@pytest.mark.parametrize(
    "text", ["Section 1", "2026-01-01", "Sầu riêng, chuối", "榴莲。", "a 'b'", "18000", "-18.5", "true"]
)
def test_text_that_needs_no_quotes_has_none(text: str) -> None:
    assert write_content({"note": text}, path=PATH) == f"note: {text}\n"


def test_keys_stand_in_the_order_of_the_format() -> None:
    content: Content = {"kind": "practice", "title": {"zh": "一", "en": "One", "vi": "Một"}, "id": "act"}
    assert write_content(content, path="instruments/act.yaml") == (
        "id: act\ntitle: {en: One, vi: Một, zh: 一}\nkind: practice\n"
    )
