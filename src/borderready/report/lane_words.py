# SPDX-License-Identifier: Apache-2.0
"""Lanes in words, and text that Markdown takes for text alone."""

from __future__ import annotations

import re

from borderready.i18n import say, word
from borderready.model import Message, Texts
from borderready.model.change import Lanes
from borderready.report.show import clean, plain

MOST_NAMED = 8
_MARKS = re.compile(r"([\\`*_{}\[\]<>|#~&])")


def lanes_told(lanes: Lanes, language: str) -> str:
    """Return lanes in words: `durian-fresh, longan from VN`."""
    products = _some(lanes.products, "diff.any_product", language)
    origins = _some(lanes.origins, "diff.any_origin", language)
    return clean(say(Message("diff.lanes", {"products": products, "origins": origins}), language))


def _some(names: tuple[str, ...], none: str, language: str) -> str:
    if not names:
        return word(none, language)
    more = len(names) - MOST_NAMED
    return ", ".join(names[:MOST_NAMED]) + (f", ... (+{more})" if more > 0 else "")


def as_markdown(text: str) -> str:
    """Return text of one line in which nothing is taken for a mark of Markdown or HTML."""
    return _MARKS.sub(r"\\\1", plain(text).replace("\n", " "))


def texts_json(texts: Texts | None) -> dict[str, str] | None:
    """Return a text in three languages for JSON."""
    return None if texts is None else {"en": texts.en, "vi": texts.vi, "zh": texts.zh}


def lanes_json(lanes: Lanes) -> dict[str, list[str]]:
    """Return lanes for JSON; an empty list stands for any."""
    return {"origins": list(lanes.origins), "products": list(lanes.products), "goods": list(lanes.goods)}
