# SPDX-License-Identifier: Apache-2.0
"""Text written as YAML reads as the same text, whatever it holds, and looks like the files of the rule base."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from borderready.pack.plain_yaml import Content, flow, scalar, write_yaml
from borderready.read.strict_yaml import parse_yaml

TEXTS = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Cn"], exclude_characters="\u2028\u2029\ufeff"),
    min_size=1,
    max_size=30,
) | st.sampled_from(
    ["a: b", "a #b", "- x", "a, b", "null", "'", '"', "a:", "#", "{", "https://a.b/c?d=e#f", ">=1", "*"]
)
CONTENTS: st.SearchStrategy[Content] = st.recursive(
    TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.from_regex("[a-z_]{1,8}", fullmatch=True), inner),
    max_leaves=12,
)


def plain(node: yaml.Node | None) -> Content:
    if isinstance(node, yaml.MappingNode):
        return {key.value: plain(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [plain(member) for member in node.value]
    assert isinstance(node, yaml.ScalarNode)
    return str(node.value)


def read(text: str) -> Content:
    parsed = parse_yaml(text.encode(), file="x.yaml")
    assert parsed.faults == (), (text, parsed.faults)
    [document] = parsed.documents
    return plain(document.root)


@given(st.dictionaries(st.from_regex("[a-z_]{1,8}", fullmatch=True), CONTENTS, min_size=1, max_size=4))
def test_what_is_written_is_read_again(content: Mapping[str, Content]) -> None:
    assert read(write_yaml(content)) == content
    assert read(write_yaml([content, content])) == [content, content]


@given(TEXTS)
def test_scalar_reads_as_the_same_text_in_a_block_and_in_a_flow(text: str) -> None:
    assert read(f"key: {scalar(text)}\n") == {"key": text}
    assert read(f"key: {flow([text, text])}\n") == {"key": [text, text]}


@pytest.mark.parametrize(
    "text",
    [
        "Section 1",
        "2026-01-01",
        "Sầu riêng, chuối",
        "榴莲。",
        "https://a.b/c",
        "a 'b'",
        "18000",
        "-18.5",
        "cn >=2026.11,<2027",
    ],
)
def test_text_that_needs_no_quotes_has_none(text: str) -> None:
    assert unicodedata.is_normalized("NFC", text)
    assert scalar(text) == text


def test_line_is_as_short_as_it_can_be_and_no_longer_than_it_may() -> None:
    texts = {"en": "One", "vi": "Một", "zh": "一"}
    assert write_yaml({"title": texts}) == "title: {en: One, vi: Một, zh: 一}\n"
    long = write_yaml({"title": {**texts, "en": "One " * 30 + "more"}})
    assert long.splitlines()[0] == "title:"
    assert long.splitlines()[2:] == ["  vi: Một", "  zh: 一"]


def test_list_of_mappings_stands_below_its_key() -> None:
    assert write_yaml({"wordings": [{"start": "2026-01-01", "options": {}}]}) == (
        "wordings:\n  - start: 2026-01-01\n    options: {}\n"
    )
