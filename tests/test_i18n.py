# SPDX-License-Identifier: Apache-2.0
"""Texts of the program: every text in every language, and no text that nobody says."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from string import Formatter

import pytest

import borderready
from borderready.i18n import LANGUAGES, say, say_all, word
from borderready.model import Event, Force, Grade, Message, Severity, Status, Texts, Verdict
from borderready.schemas import load_schema

SOURCE = Path(borderready.__file__).parent
HAN = re.compile("[\u4e00-\u9fff]")
VIETNAMESE = re.compile("[àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ]", re.IGNORECASE)
# Full-width marks of Chinese typesetting would break a text in Latin letters, and `,` after Chinese characters jars.
KEY = re.compile(r"[a-z]+(\.[a-z0-9_-]+)+")


def _catalogue(language: str) -> dict[str, str]:
    messages: dict[str, str] = import_module(f"borderready.i18n.{language}").MESSAGES
    return messages


CATALOGUES = {language: _catalogue(language) for language in LANGUAGES}
KEYS = sorted(CATALOGUES["en"])


def _names(text: str) -> list[str]:
    return sorted(name for _, name, _, _ in Formatter().parse(text) if name is not None)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_there_in_the_same_order(language: str) -> None:
    assert list(CATALOGUES[language]) == list(CATALOGUES["en"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_has_the_same_names_to_fill_in(language: str) -> None:
    """Plain names only: no attribute, index or conversion, which would let a text look into the program."""
    names = {key: _names(text) for key, text in CATALOGUES[language].items()}
    assert names == {key: _names(text) for key, text in CATALOGUES["en"].items()}
    assert [key for key, found in names.items() if any(not name.isidentifier() for name in found)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_empty_or_padded(language: str) -> None:
    assert [key for key, text in CATALOGUES[language].items() if not text or text != text.strip()] == []


def _letters(text: str) -> str:
    return re.sub(r"\{[a-z_]+\}|\bkg\b|[A-Z]{3,}|--?[a-z]+|[a-z_]+\.[a-z_]+|[^\w]|\d", "", text)


def test_chinese_texts_are_chinese() -> None:
    """But those that hold nothing to translate."""
    lacking = [key for key, text in CATALOGUES["zh"].items() if not HAN.search(text)]
    assert [key for key in lacking if _letters(CATALOGUES["en"][key])] == []


def test_vietnamese_texts_are_vietnamese() -> None:
    same = [key for key, text in CATALOGUES["vi"].items() if text == CATALOGUES["en"][key]]
    assert [key for key in same if _letters(CATALOGUES["en"][key])] == []
    sentences = {key: text for key, text in CATALOGUES["vi"].items() if len(_letters(text)) > 20}
    assert [key for key, text in sentences.items() if not VIETNAMESE.search(text)] == []
    assert [key for key, text in CATALOGUES["vi"].items() if HAN.search(text)] == []


def test_english_texts_are_english() -> None:
    foreign = [key for key, text in CATALOGUES["en"].items() if HAN.search(text) or VIETNAMESE.search(text)]
    assert foreign == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_can_be_said(language: str) -> None:
    for key in KEYS:
        args = dict.fromkeys(_names(CATALOGUES["en"][key]), "{x} %s [b]")
        said = say(Message(key, args), language)
        assert said.count("{x} %s [b]") == len(_names(CATALOGUES[language][key]))


def test_message_is_said_in_all_languages_at_once() -> None:
    message = Message("report.starts", {"start": "2024-01-01"})
    assert say_all(message) == Texts(en=say(message, "en"), vi=say(message, "vi"), zh=say(message, "zh"))


# what the program says


def _literals() -> Iterator[tuple[str, bool]]:
    """Yield each text of the source that is a key, or the beginning of one that is put together."""
    for path in sorted(SOURCE.rglob("*.py")):
        if path.parent.name == "i18n":
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value, False
            elif isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
                yield str(node.values[0].value), True


AREAS_OF_KEYS = {key.partition(".")[0] for key in KEYS}
LITERALS = {text for text, is_beginning in _literals() if not is_beginning}
BEGINNINGS = {text for text, is_beginning in _literals() if is_beginning and text.partition(".")[0] in AREAS_OF_KEYS}


def test_a_text_of_a_pack_inside_a_message_is_told_in_the_language_of_the_reader() -> None:
    fix = Texts(en="Go by Chi Ma.", vi="Đi Chi Ma.", zh="改走峙马。")
    assert say_all(Message("check.noticed.fix.own", texts={"fix": fix})) == fix


def test_no_text_is_left_that_nobody_says() -> None:
    beginnings = tuple(text for text in BEGINNINGS if "." in text)
    silent = [
        key
        for key in KEYS
        if key not in LITERALS
        and not key.startswith(beginnings)
        and not (key.endswith("_hint") and key.removesuffix("_hint") in LITERALS)
    ]
    assert silent == []


def _keys_said() -> set[str]:
    """Return the first argument of every Message(...) and word(...) that is written out."""
    said = set()
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                if name in ("Message", "word"):
                    said.add(str(node.args[0].value))
    return said


def test_every_text_that_the_program_says_is_there() -> None:
    said = _keys_said()
    assert len(said) > 100
    assert sorted(said - set(KEYS)) == []


@pytest.mark.parametrize(
    ("family", "members"),
    [
        ("verdict", list(Verdict)),
        ("status", list(Status)),
        ("grade", list(Grade)),
        ("severity", list(Severity)),
        ("force", list(Force)),
        ("event", list(Event)),
        ("acts", load_schema("rule")["properties"]["acts"]["enum"]),
        ("area", load_schema("rule")["properties"]["area"]["enum"]),
        ("consequence", load_schema("rule")["properties"]["consequence"]["enum"]),
    ],
)
def test_every_word_of_the_design_has_a_word_in_each_language(family: str, members: list[str]) -> None:
    for language in LANGUAGES:
        said = {str(member): word(f"{family}.{member}", language) for member in members}
        assert all(said.values())
    assert sorted(key for key in KEYS if key.startswith(f"{family}.")) == sorted(f"{family}.{m}" for m in members)


def test_words_of_the_program_in_an_argument_are_translated() -> None:
    message = Message("report.day", {"day": "2026-11-26"}, words={"event": "event.arrival"})
    assert say(message, "zh") == say(
        Message("report.day", {"event": word("event.arrival", "zh"), "day": "2026-11-26"}), "zh"
    )


def test_word_of_a_manifest_is_never_taken_for_one_of_the_program() -> None:
    """Whatever a manifest holds stands in a report as it stands there, in every language."""
    for language in LANGUAGES:
        told = say(Message("type.unknown_key", {"key": "verdict.ready"}), language)
        assert "verdict.ready" in told
