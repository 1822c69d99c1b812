# SPDX-License-Identifier: Apache-2.0
"""What a process wrote before in a run, so that it need not be written again for the next manifest."""

from __future__ import annotations

from dataclasses import dataclass, field

from borderready.model import Rule, Wording


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """JSON of a rule and a wording, whatever a manifest holds; both are kept, since the key names them by id."""

    rule: Rule
    wording: Wording | None
    first: str
    second: str
    says: str
    fix: str
    source: str


@dataclass(frozen=True, slots=True)
class Written:
    """JSON by the ids of a rule and a wording, and of messages by their keys and arguments."""

    parts: dict[tuple[int, int], Parts] = field(default_factory=dict)
    messages: dict[object, str] = field(default_factory=dict)
