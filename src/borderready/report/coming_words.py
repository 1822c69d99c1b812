# SPDX-License-Identifier: Apache-2.0
"""Events of a pack in words."""

from __future__ import annotations

from borderready.i18n import say, word
from borderready.model import Message
from borderready.model.calendar import Coming
from borderready.model.change import Detail
from borderready.report.show import clean, clip

MOST_DETAILS = 6
_LONGEST = 240


def title_of(event: Coming, language: str) -> str:
    """Return an event in a few words: the title, and what happens."""
    told = say(Message(f"upcoming.{event.comes}", {"count": str(event.rows)}), language)
    return clean(f"{event.title.in_language(language)}: {told}")


def details_of(event: Coming, language: str) -> list[str]:
    """Return what is different from then on, and who must act; of many details the first."""
    told = [_detail(detail, language) for detail in event.details[:MOST_DETAILS]]
    if len(event.details) > MOST_DETAILS:
        told.append(f"... (+{len(event.details) - MOST_DETAILS})")
    if event.acts:
        names = ", ".join(word(f"acts.{acts}", language) for acts in event.acts)
        told.append(say(Message("diff.acts", {"acts": names}), language))
    return [clip(clean(one), _LONGEST) for one in told]


def _detail(detail: Detail, language: str) -> str:
    said = say(detail.told, language)
    told = f"{said}: {detail.says.in_language(language)}" if detail.says is not None else said
    return told if detail.row is None else f"{detail.row}: {told}"
