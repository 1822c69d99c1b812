# SPDX-License-Identifier: Apache-2.0
"""Whatever a file holds, the reader gives manifests or faults within the file, and raises nothing."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from hypothesis import example, given, settings
from hypothesis import strategies as st

from borderready.i18n import LANGUAGES, say
from borderready.model import Manifest, Path, Value
from borderready.read.manifest import Invalid, parse_manifests
from tests.build import LAW
from tests.command import DATA
from tests.read.build import lines_of, outside

MANIFESTS = [path.read_text("utf-8") for path in sorted((DATA / "valid").glob("*.yaml"))]
BROKEN = [path.read_text("utf-8") for path in sorted((DATA / "invalid").glob("*.yaml"))]
# What breaks YAML, or looks like something else in it.
PIECES = (
    *("\t", "\r", "\r\n", "\x85", "\u2028", "\ufeff", "\x00", "\x1b", "\u202e", "\\", "@", "`", "%", "#", ",", "~"),
    *("{", "}", "[", "]", ": ", "- ", "? ", "! ", "!!int ", "&a ", "*a ", "<<: *a\n", "|\n", ">-\n", "'", '"'),
    *("\n---\n", "\n...\n", "\n%YAML 1.2\n---\n", "\n# comment\n", "\n", "  ", "\n  ", "[[[", "{a: b}", "&a [*a]"),
    *(
        "null",
        "16,200",
        "NO",
        "yes",
        "2026-02-30",
        ".nan",
        "1e5",
        "-1",
        "'16200'",
        "id: L1\n",
        "lots: []\n",
        "榴莲",
        "🥭",
    ),
    *("borderready: 1\n", "shipment: {origin: VN}\n", "covers: [L9]", '"\\ud83d\\ude00"', '"\\e"', "key"),
)


def _hold(content: bytes) -> None:
    """Hold what is true of every file; that nothing is raised comes with it."""
    results = parse_manifests(content, file="m.yaml")
    text = content.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace")
    assert results
    assert [result.index for result in results] == sorted({result.index for result in results})
    for result in results:
        if isinstance(result, Invalid):
            _hold_faults(result, text)
        else:
            _hold_manifest(result, text)


def _hold_faults(result: Invalid, text: str) -> None:
    assert result.faults
    for fault in result.faults:
        assert fault.file == "m.yaml"
        assert outside(fault.span, text) is None, (outside(fault.span, text), fault)
        if fault.span is not None and fault.line_text is not None and "\ufffd" not in text:
            assert fault.line_text == lines_of(text)[fault.span.line - 1]
        for language in LANGUAGES:
            assert say(fault.what, language)
            assert fault.hint is None or say(fault.hint, language)


def _hold_manifest(manifest: Manifest, text: str) -> None:
    assert manifest.data["borderready"] == 1
    for path, value in _walk(manifest.data):
        assert isinstance(value, (str, bool, int, Decimal, tuple, Mapping))
        assert outside(manifest.locate(path), text) is None, path


def _walk(value: Value, path: Path = ()) -> list[tuple[Path, Value]]:
    found = [(path, value)]
    if isinstance(value, tuple):
        found += [pair for index, member in enumerate(value) for pair in _walk(member, (*path, index))]
    elif isinstance(value, Mapping):
        found += [pair for key, inner in value.items() for pair in _walk(inner, (*path, key))]
    return found


@settings(LAW, max_examples=500)
@given(st.binary(max_size=60))
@example(b"\xff\xfe")
@example(b"\xef\xbb\xbf\xff")
@example(b"a\r\x00")
@example(b"[")
@example(b"! \n---\n>\n")
def test_any_bytes_give_results_or_faults(content: bytes) -> None:
    _hold(content)


@settings(LAW, max_examples=700)
@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_any_pieces_of_yaml_give_results_or_faults(text: str) -> None:
    _hold(text.encode())


@st.composite
def _mutated(draw: st.DrawFn) -> str:
    """Draw a manifest with a few pieces put in, cut out or moved."""
    text = draw(st.sampled_from(MANIFESTS + BROKEN))
    for _ in range(draw(st.integers(1, 4))):
        place = draw(st.integers(0, len(text)))
        length = draw(st.integers(0, 40))
        how = draw(st.sampled_from(["put", "cut", "swap", "copy"]))
        piece = draw(st.sampled_from(PIECES))
        start = draw(st.integers(0, len(text)))
        text = {
            "put": text[:place] + piece + text[place:],
            "cut": text[:place] + text[place + length :],
            "swap": text[:place] + piece + text[place + length :],
            "copy": text[:place] + text[start : start + length] + text[place:],
        }[how]
    return text


@settings(LAW, max_examples=700)
@given(_mutated())
def test_any_mutated_manifest_gives_results_or_faults(text: str) -> None:
    _hold(text.encode())


@settings(LAW, max_examples=300)
@given(_mutated(), st.sampled_from(["\r\n", "\r", "\x85", "\u2028"]), st.booleans())
def test_any_mutated_manifest_with_other_line_ends_gives_results_or_faults(text: str, end: str, marked: bool) -> None:
    _hold(b"\xef\xbb\xbf" * marked + text.replace("\n", end).encode())


@settings(LAW, max_examples=300)
@given(_mutated(), st.integers(0, 2000), st.binary(min_size=1, max_size=3))
def test_any_manifest_with_stray_bytes_gives_results_or_faults(text: str, place: int, stray: bytes) -> None:
    content = text.encode()
    place %= len(content) + 1
    _hold(content[:place] + stray + content[place:])
