# SPDX-License-Identifier: Apache-2.0
"""Texts of the program in the three languages: a Message to the words of a reader.

The catalogues are plain mappings (docs/decisions/0002): nothing to compile, nothing to find at run time.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module

from borderready.model import Message, Texts

LANGUAGES = ("en", "vi", "zh")


@cache
def _catalogue(language: str) -> dict[str, str]:
    messages: dict[str, str] = import_module(f"borderready.i18n.{language}").MESSAGES
    return messages


def say(message: Message, language: str) -> str:
    """Return a message in a language."""
    catalogue = _catalogue(language)
    words = {name: catalogue[key] for name, key in message.words.items()}
    texts = {name: text.in_language(language) for name, text in message.texts.items()}
    return catalogue[message.key].format_map({**message.args, **words, **texts})


def word(key: str, language: str) -> str:
    """Return a text without arguments."""
    return _catalogue(language)[key]


def say_all(message: Message) -> Texts:
    """Return a message in all three languages."""
    return Texts(en=say(message, "en"), vi=say(message, "vi"), zh=say(message, "zh"))
