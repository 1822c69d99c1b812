# SPDX-License-Identifier: Apache-2.0
"""Bytes to trees of text: what the form of a file may be, and where each fault of it stands."""

from __future__ import annotations

import json
import resource
from itertools import pairwise

import pytest
import yaml

from borderready.errors import Fault
from borderready.model import Message, Path, Span
from borderready.read.strict_yaml import MAX_BYTES, MAX_DEPTH, Document, parse_yaml
from borderready.read.tree import Node, locate, span_of
from tests.read.build import SMALLEST, answer_of, brief, outside, start_child

BOM = b"\xef\xbb\xbf"


def _faults(content: str | bytes) -> list[Fault]:
    return list(parse_yaml(_bytes(content), file="m.yaml").faults)


def _told(content: str | bytes) -> list[str]:
    return [brief(fault) for fault in _faults(content)]


def _bytes(content: str | bytes) -> bytes:
    return content.encode() if isinstance(content, str) else content


def _documents(content: str | bytes) -> tuple[Document, ...]:
    parsed = parse_yaml(_bytes(content), file="m.yaml")
    assert parsed.faults == ()
    return parsed.documents


def _tree(content: str | bytes) -> object:
    (document,) = _documents(content)
    return _plain(document.root)


def _plain(node: Node | None) -> object:
    match node:
        case yaml.MappingNode():
            return {_plain(key): _plain(value) for key, value in node.value}
        case yaml.SequenceNode():
            return [_plain(member) for member in node.value]
        case yaml.ScalarNode():
            return node.value
    return None


# scalars stay text


@pytest.mark.parametrize(
    "text",
    [
        "NO",
        "no",
        "on",
        "true",
        "0810600000",
        "12:30:45",
        "0x1F",
        "0o17",
        "1_000",
        "1e3",
        ".nan",
        ".inf",
        "~",
        "null",
        "2026-11-26",
        "2026-11-26T10:00:00Z",
        "+1",
        "=",
    ],
)
def test_scalar_stays_the_text_that_was_written(text: str) -> None:
    assert _tree(f"key: {text}\n") == {"key": text}


def test_keys_stay_text_too() -> None:
    assert _tree("on: a\n1: b\n2026-11-26: c\n~: d\n") == {"on": "a", "1": "b", "2026-11-26": "c", "~": "d"}


def test_alias_stands_for_what_its_anchor_names() -> None:
    assert _tree("a: &place {name: Krong Pac}\nb: *place\n") == {"a": {"name": "Krong Pac"}, "b": {"name": "Krong Pac"}}


def test_json_is_yaml() -> None:
    content = '{"a":1,"b":[true,null,"x\\/y","\\u699c"],\r\n\t"c"\t:\t{}}'
    assert _tree(content) == {"a": "1", "b": ["true", "null", "x/y", "榜"], "c": {}}


def test_json_text_beyond_the_first_plane_is_read_as_json_writes_it() -> None:
    """JSON writes U+20BB7 as two escapes; every JSON writer that keeps to ASCII does."""
    assert _tree('{"name": "\\ud842\\udfb7"}') == {"name": "𠮷"}


@pytest.mark.parametrize("text", ["𠮷𠮷 榴莲", "\\ud842\\udfb7", "\\\\ud842", "a\\", "\ttab"])
def test_text_that_json_escapes_is_read_back(text: str) -> None:
    assert _tree(json.dumps({"name": text})) == {"name": text}


@pytest.mark.parametrize("escape", ["\\ud842", "\\udfb7", "\\udfb7\\ud842"])
def test_half_of_a_character_is_refused(escape: str) -> None:
    assert [fault.what.key for fault in _faults(f'{{"name": "{escape}"}}')] == ["read.syntax"]


# encodings


def test_byte_order_mark_is_passed_over() -> None:
    assert _tree(BOM + b"a: b\n") == {"a": "b"}
    (document,) = _documents(BOM + b"a: b\n")
    assert tuple(document.lines) == ("a: b",)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf16_is_named_as_such(encoding: str) -> None:
    assert _told(SMALLEST.encode(encoding)) == [". . read.utf16 ? read.save_utf8_hint"]


@pytest.mark.parametrize("content", [b"\xff\xfe" + SMALLEST.encode("utf-16-le"), b"\xfe\xff" + b"\x00a"])
def test_utf16_is_known_by_its_mark(content: bytes) -> None:
    assert _told(content) == [". . read.utf16 ? read.save_utf8_hint"]


def test_byte_that_is_not_utf8_has_its_line_and_column() -> None:
    (fault,) = _faults("a: b\nreference: Café ".encode() + b"\xe9 x\nc: d\n")
    assert fault == Fault(
        file="m.yaml",
        span=Span(line=2, column=17, end_line=2, end_column=18),
        path="",
        what=Message("read.not_utf8", {"byte": "0xe9"}),
        hint=Message("read.save_utf8_hint"),
        line_text="reference: Café é x",
    )


def test_byte_that_is_not_utf8_is_found_behind_a_byte_order_mark() -> None:
    assert _told(BOM + b"a: b\nreference: caf\xe9\n") == ["2:15 . read.not_utf8(byte=0xe9) ? read.save_utf8_hint"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_byte_that_is_not_utf8_stands_on_its_line_whatever_ends_lines(end: str) -> None:
    content = f"a: b{end}c: ".encode() + b"\xe9"
    assert _told(content) == ["2:4 . read.not_utf8(byte=0xe9) ? read.save_utf8_hint"]


@pytest.mark.parametrize(
    "content", [b"\xc0\x80", b"\xed\xa0\x80", b"\xf5\x80\x80\x80", b"\x80", b"\xe6\xa6"], ids=bytes.hex
)
def test_ill_formed_utf8_is_refused(content: bytes) -> None:
    """Overlong NUL, a surrogate, beyond Unicode, a lone continuation, a character cut short."""
    assert _told(content) == [f"1:1 . read.not_utf8(byte=0x{content[0]:02x}) ? read.save_utf8_hint"]


# characters


def test_nul_byte_is_refused_at_its_place() -> None:
    assert _told("a: b\nc: d\x00e\n") == ["2:5 . read.nul(code=U+0000) ? read.control_hint(code=U+0000)"]


@pytest.mark.parametrize("character", ["\x01", "\x07", "\x08", "\x0b", "\x0c", "\x1b", "\x7f", "\x9b", "\ufffe"])
def test_control_character_is_refused_at_its_place(character: str) -> None:
    code = f"U+{ord(character):04X}"
    assert _told(f"a: b\nc: d{character}e\n") == [f"2:5 . read.control(code={code}) ? read.control_hint(code={code})"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("character", ["\x00", "\x1b"])
def test_control_character_stands_on_its_line_whatever_ends_lines(character: str, end: str) -> None:
    (fault,) = _faults(f"a: b{end}c: d{character}e{end}")
    assert (fault.span, fault.line_text) == (Span(line=2, column=5, end_line=2, end_column=6), f"c: d{character}e")


def test_text_of_every_script_is_taken() -> None:
    text = "sầu riêng 榴莲 ทุเรียน 𠮷 🥭 e\u0301 \u200b\ufeff\u202e"
    assert _tree(f"a: {text}\n") == {"a": text}


# tabs


@pytest.mark.parametrize(
    ("content", "place"),
    [
        ("a:\n\tb: c\n", "2:1"),
        ("a:\n  b: c\n  \td: e\n", "3:3"),
        ("a: b\n\t# comment\n", "2:1"),
        ("a:\r\n\tb: c\r\n", "2:1"),
    ],
)
def test_tab_in_the_indent_is_refused(content: str, place: str) -> None:
    assert _told(content) == [f"{place} . read.tab ? read.tab_hint"]


def test_tab_in_the_indent_is_refused_where_lines_end_in_cr() -> None:
    """Whatever words it finds, it names the line and the column of the tab."""
    assert [(fault.span, fault.line_text) for fault in _faults("a:\r\tb: c\r")] == [
        (Span(line=2, column=1, end_line=2, end_column=2), "\tb: c")
    ]


@pytest.mark.parametrize("content", ["a: b\t# comment\n", "a:\tb\n", "a: b # a\tb\n"])
def test_tab_behind_the_text_of_a_line_does_no_harm(content: str) -> None:
    assert _tree(content) == {"a": "b"}


def test_json_may_be_indented_with_tabs() -> None:
    assert _tree('{\n\t"a": [\n\t\t"b"\n\t]\n}\n') == {"a": ["b"]}


# line ends


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_may_end_as_on_any_system(end: str) -> None:
    (document,) = _documents(end.join(("a:", "  b: c", "d: |", "  one", "  two", "")))
    assert _plain(document.root) == {"a": {"b": "c"}, "d": "one\ntwo\n"}
    assert tuple(document.lines) == ("a:", "  b: c", "d: |", "  one", "  two")
    assert locate(document.root, ("a", "b")) == Span(line=2, column=6, end_line=2, end_column=7)


@pytest.mark.parametrize("separator", ["\x85", "\u2028", "\u2029"], ids=["NEL", "LS", "PS"])
@pytest.mark.parametrize("before", ["reference: A", "# A comment", "reference: A # comment"])
def test_separator_that_no_editor_shows_as_a_line_end_begins_no_key(before: str, separator: str) -> None:
    """YAML 1.2 ends lines with CR and LF only; what a person reads as one line must not hold a second key."""
    parsed = parse_yaml(f"{before}{separator}attestations: []\nborderready: 1\n".encode(), file="m.yaml")
    trees = [_plain(document.root) for document in parsed.documents]
    assert not [tree for tree in trees if isinstance(tree, dict) and "attestations" in tree]


# keys, tags, merges


def test_duplicate_key_names_both_places() -> None:
    assert _faults("a: 1\nb: {c: 1, d: 2, c: 3}\na: 4\n") == [
        Fault(
            file="m.yaml",
            span=Span(line=3, column=1, end_line=3, end_column=2),
            path="a",
            what=Message("read.duplicate", {"key": "a", "line": "1"}),
            hint=Message("read.duplicate_hint", {"key": "a", "line": "1"}),
            line_text="a: 4",
        ),
        Fault(
            file="m.yaml",
            span=Span(line=2, column=17, end_line=2, end_column=18),
            path="b.c",
            what=Message("read.duplicate", {"key": "c", "line": "2"}),
            hint=Message("read.duplicate_hint", {"key": "c", "line": "2"}),
            line_text="b: {c: 1, d: 2, c: 3}",
        ),
    ]


def test_duplicate_key_is_one_whatever_its_quotes() -> None:
    assert _told("a: 1\n'a': 2\n\"\\x61\": 3\n") == [
        "2:1 a read.duplicate(key=a, line=1) ? read.duplicate_hint(key=a, line=1)",
        "3:1 a read.duplicate(key=a, line=1) ? read.duplicate_hint(key=a, line=1)",
    ]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("a: !!str b\n", "1:4 a read.tag(tag=!!str) ? read.tag_hint(tag=!!str)"),
        ("a: !!int 1\n", "1:4 a read.tag(tag=!!int) ? read.tag_hint(tag=!!int)"),
        ("a: [! b]\n", "1:5 a[0] read.tag(tag=!) ? read.tag_hint(tag=!)"),
        ("a: !!python/name:os.system ''\n", "1:4 a read.tag(tag=!!python/name:os.system)"),
        ("a: !<tag:yaml.org,2002:str> b\n", "1:4 a read.tag(tag=!<tag:yaml.org,2002:str>)"),
        ("!!map\na: b\n", "1:1 . read.tag(tag=!!map) ? read.tag_hint(tag=!!map)"),
        ("--- !!map\na: b\n", "1:5 . read.tag(tag=!!map) ? read.tag_hint(tag=!!map)"),
        ("a: !!seq\n  - b\n", "1:4 a read.tag(tag=!!seq) ? read.tag_hint(tag=!!seq)"),
        ("%TAG !e! tag:example.org,2026:\n---\na: !e!b c\n", "3:4 a read.tag(tag=!e!b) ? read.tag_hint(tag=!e!b)"),
    ],
)
def test_tag_is_refused(content: str, told: str) -> None:
    (found,) = _told(content)
    assert found.startswith(told)


def test_tag_behind_an_anchor_is_refused() -> None:
    assert [fault.what.key for fault in _faults("a: &b !!int 1\n")] == ["read.tag"]


@pytest.mark.parametrize("content", ["!!str a: b\n", "a: b\n!!str c: d\n", "a: {!!str b: c}\n", "? !!str a\n: b\n"])
def test_tag_of_a_key_is_refused(content: str) -> None:
    assert [fault.what.key for fault in _faults(content)] == ["read.tag"]


def test_text_that_looks_like_a_tag_is_text() -> None:
    assert _tree("a: 'b !!str'\nb: x !c\nc: \"!d\"\n") == {"a": "b !!str", "b": "x !c", "c": "!d"}


def test_merge_key_is_refused() -> None:
    assert _told("a: &a {b: c}\nd:\n  <<: *a\n") == ["3:3 d read.merge ? read.merge_hint"]


def test_key_that_is_no_text_is_refused() -> None:
    assert _told("? [a, b]\n: c\n") == ["1:3 . read.key_not_text ? read.key_not_text_hint"]
    assert _told("a:\n  {b: c}: d\n") == ["2:3 a read.key_not_text ? read.key_not_text_hint"]
    assert [fault.what.key for fault in _faults("a: &m {b: c}\nd: {*m : e}\n")] == ["read.key_not_text"]


# depth and aliases


def test_nesting_up_to_the_limit_is_taken() -> None:
    assert _told("[" * MAX_DEPTH + "]" * MAX_DEPTH) == []


def test_nesting_past_the_limit_is_refused() -> None:
    (told,) = _told("[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1))
    assert told.split(" ", 1)[0] == f"1:{MAX_DEPTH + 1}"
    assert told.endswith("read.too_deep(most=50) ? read.too_deep_hint(most=50)")


@pytest.mark.parametrize("unit", ["[", "{", "{a: ", "- ", "? ", "[{a: "])
def test_nesting_without_end_is_refused_and_nothing_breaks(unit: str) -> None:
    (fault,) = _faults(unit * (5_000_000 // len(unit)))
    assert (fault.what, fault.hint) == (
        Message("read.too_deep", {"most": "50"}),
        Message("read.too_deep_hint", {"most": "50"}),
    )
    assert fault.span is not None


def test_keys_nested_line_by_line_without_end_are_refused() -> None:
    (fault,) = _faults("".join(f"{' ' * depth}a:\n" for depth in range(2_000)))
    assert fault.what == Message("read.too_deep", {"most": "50"})


def test_aliases_that_multiply_are_refused() -> None:
    names = "abcdefghi"
    steps = [f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]\n" for old, new in pairwise(names)]
    (fault,) = _faults("a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(steps))
    assert fault.what == Message("read.alias_bomb", {"most": "10000"})
    assert fault.hint == Message("read.alias_bomb_hint", {"most": "10000"})
    assert fault.span is not None


@pytest.mark.parametrize("content", ["&a [*a]", "a: &a [*a]\n", "a: &a {b: *a}\n", "&a {b: {c: [*a]}}"])
def test_alias_within_its_own_anchor_is_refused(content: str) -> None:
    assert [fault.what.key for fault in _faults(content)] == ["read.alias_bomb"]


def test_alias_without_anchor_is_refused() -> None:
    (fault,) = _faults("a: *b\n")
    assert fault.what == Message("read.syntax", {"problem": "found undefined alias"})
    assert fault.span == Span(line=1, column=4, end_line=1, end_column=5)


# size


def test_file_of_the_size_limit_is_read() -> None:
    assert _told(b"a: b\n#" + b"x" * (MAX_BYTES - 6)) == []


def test_file_over_the_size_limit_is_refused_unread() -> None:
    parsed = parse_yaml(b"a: b\n" + b"#" * MAX_BYTES, file="m.yaml")
    assert [brief(fault) for fault in parsed.faults] == [". . read.too_large(mib=10) ? read.too_large_hint"]
    assert parsed.documents == ()


# syntax


@pytest.mark.parametrize(
    ("content", "place", "hint"),
    [
        ("a: b: c\n", "1:5", "read.colon_hint"),
        ("a: @b\n", "1:4", "read.quote_hint"),
        ("a: `b\n", "1:4", "read.quote_hint"),
        ("a: %b\n", "1:4", "read.quote_hint"),
        ("a: *b\n", "1:4", "read.alias_hint"),
        ('a: "\\q"\n', "1:5", "read.syntax_hint"),
        ("a:\n  b: c\n d: e\n", "3:2", "read.syntax_hint"),
        ("%YAML 2.0\n---\na: b\n", "1:1", "read.syntax_hint"),
    ],
)
def test_what_is_not_yaml_is_told_with_place_and_way_out(content: str, place: str, hint: str) -> None:
    (fault,) = _faults(content)
    assert fault.span is not None
    assert fault.hint is not None
    assert (f"{fault.span.line}:{fault.span.column}", fault.what.key, fault.hint.key) == (place, "read.syntax", hint)


@pytest.mark.parametrize(
    "content", ["{", "a: [", "a: 'b", "a: {b: c", '"', "a: b\nc: [", "? [", "a: [b\n", "a: 'b\n", "a: [b\r"]
)
def test_fault_at_the_end_of_a_file_lies_in_the_file(content: str) -> None:
    (fault,) = _faults(content)
    assert outside(fault.span, content) is None


# documents


def test_several_documents_keep_their_order_and_the_lines_of_the_file() -> None:
    documents = _documents("a: 1\n---\nb: 2\n---\n- c\n")
    assert [(document.index, _plain(document.root)) for document in documents] == [
        (0, {"a": "1"}),
        (1, {"b": "2"}),
        (2, ["c"]),
    ]
    assert {tuple(document.lines) for document in documents} == {("a: 1", "---", "b: 2", "---", "- c")}


def test_fault_names_the_document_that_it_stands_in() -> None:
    faults = _faults("a: 1\n---\nb: 2\nb: 3\n---\nc: !d e\n")
    assert [(fault.document, fault.what.key) for fault in faults] == [(1, "read.duplicate"), (2, "read.tag")]


def test_documents_before_one_that_is_not_yaml_are_given() -> None:
    parsed = parse_yaml(b"a: 1\n---\nb: [\n", file="m.yaml")
    assert [_plain(document.root) for document in parsed.documents] == [{"a": "1"}]
    assert [(fault.document, fault.what.key) for fault in parsed.faults] == [(1, "read.syntax")]


@pytest.mark.parametrize("content", ["", "\n", "# comment\n", "  \n  # comment"])
def test_file_of_nothing_has_no_document_and_no_fault(content: str) -> None:
    parsed = parse_yaml(content.encode(), file="m.yaml")
    assert (parsed.documents, parsed.faults) == ((), ())


def test_many_documents_with_one_fault_cost_no_more_than_their_text() -> None:
    """Each document must not drag along what stands above it: 60,000 of them would fill every memory."""

    def read() -> tuple[int, list[str]]:
        resource.setrlimit(resource.RLIMIT_AS, (2**30, 2**30))
        parsed = parse_yaml(b"a: 1\n---\n" * 60_000 + b"a: \x07\n", file="m.yaml")
        return len(parsed.documents), [brief(fault) for fault in parsed.faults]

    told = ["120001:4 . read.control(code=U+0007) ? read.control_hint(code=U+0007)"]
    assert answer_of(start_child(read)) == (60_000, told)


# spans

TEXT = """\
borderready: 1
shipment:
  origin: "VN"
lots:
  - id: L1
    product: durian-fresh
  - {id: 榴莲, product: banana}
  # comment

documents: []
"""


def _located(*path: str | int) -> tuple[int, int, int, int]:
    (document,) = _documents(TEXT)
    span = locate(document.root, path)
    return span.line, span.column, span.end_line, span.end_column


def test_scalar_is_located_with_its_quotes() -> None:
    assert _located("shipment", "origin") == (3, 11, 3, 15)


def test_columns_count_characters() -> None:
    assert _located("lots", 1, "id") == (7, 10, 7, 12)
    assert _located("lots", 1, "product") == (7, 23, 7, 29)


def test_mapping_and_sequence_are_located_at_their_key() -> None:
    assert _located("shipment") == (2, 1, 2, 9)
    assert _located("lots") == (4, 1, 4, 5)
    assert _located("documents") == (10, 1, 10, 10)


def test_member_of_a_sequence_is_located_at_its_start() -> None:
    assert _located("lots", 0) == (5, 5, 5, 6)
    assert _located("lots", 1) == (7, 5, 7, 6)


def test_document_is_located_at_its_start() -> None:
    assert _located() == (1, 1, 1, 2)
    assert locate(None, ()) == Span(line=1, column=1, end_line=1, end_column=2)


@pytest.mark.parametrize(
    ("path", "place"),
    [
        (("shipment", "mode"), (2, 1, 2, 9)),
        (("shipment", "route", "entry"), (2, 1, 2, 9)),
        (("lots", 2), (4, 1, 4, 5)),
        (("documents", 0, "type"), (10, 1, 10, 10)),
        (("shipment", "origin", "deeper"), (3, 3, 3, 9)),
        (("parties",), (1, 1, 1, 2)),
        (("lots", 1, "quantity"), (7, 5, 7, 30)),
    ],
)
def test_path_that_leads_nowhere_is_located_at_its_nearest_parent(path: Path, place: tuple[int, ...]) -> None:
    assert _located(*path) == place


def test_what_a_lot_lacks_is_located_in_that_lot() -> None:
    """Its span does not reach into the lot below."""
    line, column, end_line, _ = _located("lots", 0, "quantity")
    assert (line, column) == (5, 5)
    assert end_line <= 6


def test_span_of_a_scalar_over_several_lines_ends_with_it() -> None:
    (document,) = _documents("a: |\n  one\n  two\nb: 'x\n  y'\n")
    assert isinstance(document.root, yaml.MappingNode)
    (_, block), (_, quoted) = document.root.value
    assert span_of(quoted) == Span(line=4, column=4, end_line=5, end_column=5)
    assert (span_of(block).line, span_of(block).column) == (1, 4)
    assert (span_of(block).end_line, span_of(block).end_column) <= (4, 1)
