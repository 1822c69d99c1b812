# SPDX-License-Identifier: Apache-2.0
"""Answers from options, else from whoever sits at the terminal; where nobody does, what is lacking is named."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from difflib import get_close_matches

import typer

from borderready.errors import UsageError
from borderready.i18n import LANGUAGES, say
from borderready.model import Message


class Asker:
    """Gathers answers; `finish` raises UsageError with every one that is lacking."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._lacking: list[str] = []
        self.is_at_terminal = sys.stdin.isatty() and sys.stdout.isatty()

    def word(
        self, given: str | None, key: str, *, default: str | None = None, allowed: Sequence[str] | None = None
    ) -> str:
        """Return an answer that must be there.

        Args:
            given: What the option said.
            key: Name of the option, without dashes, and of the key in the file.
            default: The answer where nothing is said.
            allowed: The answers that there are; any text if left out.
        """
        answer = given
        while answer is None and self.is_at_terminal:
            asked = typer.prompt(self._question(key, allowed), default=default or "", show_default=default is not None)
            if asked and (allowed is None or asked in allowed):
                answer = asked
        answer = answer or default
        if answer is None:
            self._lacking.append(f"--{key}")
            return ""
        if allowed is not None and answer not in allowed:
            near = get_close_matches(answer, allowed, n=1)
            hint = Message("type.did_you_mean", {"name": near[0]}) if near else None
            what = Message("new.not_allowed", {"key": key, "found": answer, "allowed": ", ".join(allowed)})
            raise UsageError(what, hint)
        return answer

    def maybe(self, given: str | None, key: str, *, hint: str = "") -> str:
        """Return an answer that may be left out, "" where it is; `hint` is an example of one."""
        if given is not None or not self.is_at_terminal:
            return given or ""
        args = {"key": key, "hint": hint}
        question = Message("new.ask_maybe_hint" if hint else "new.ask_maybe", args)
        return str(typer.prompt(say(question, self._language), default="", show_default=False)).strip()

    def texts(self, given: Sequence[str], key: str) -> dict[str, str]:
        """Return a text by language, from LANG=TEXT; what nobody says is left out, to be filled in later."""
        told = parse_texts(given, key)
        for language in LANGUAGES:
            if language not in told:
                answer = self.maybe(None, f"{key}.{language}")
                if answer:
                    told[language] = answer
        return told

    def finish(self) -> None:
        """Raise UsageError when something that must be there was not said."""
        if self._lacking:
            raise UsageError(Message("new.lacking", {"options": ", ".join(self._lacking)}), Message("new.lacking_hint"))

    def _question(self, key: str, allowed: Sequence[str] | None) -> str:
        if allowed is None:
            return say(Message("new.ask", {"key": key}), self._language)
        return say(Message("new.ask_one_of", {"key": key, "allowed": ", ".join(allowed)}), self._language)


def parse_texts(given: Sequence[str], key: str) -> dict[str, str]:
    """Return texts given as LANG=TEXT by language; raises UsageError for anything else, and for a language twice."""
    told: dict[str, str] = {}
    for one in given:
        language, equals, text = one.partition("=")
        if not equals or language not in LANGUAGES or language in told or not text.strip():
            args: Mapping[str, str] = {"key": key, "found": one, "languages": ", ".join(LANGUAGES)}
            raise UsageError(Message("new.bad_text", args))
        told[language] = text.strip()
    return told
