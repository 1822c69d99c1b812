# SPDX-License-Identifier: Apache-2.0
"""What a process wrote before in a run, so that it need not be written again for the next manifest."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from borderready.model import Finding, Rule, Wording


class Law(NamedTuple):
    """JSON of a rule and a wording, whatever a manifest holds; both are kept, since the key names them by id."""

    rule: Rule
    wording: Wording | None
    first: str
    second: str
    says: str
    fix: str
    source: str


class Parts(NamedTuple):
    """JSON of a finding, around the name of its subject, the place in the file, and what few findings have.

    One such finding is kept, since the key names what is in it by id.
    """

    finding: Finding
    first: bytes
    second: bytes
    third: bytes
    last: bytes


@dataclass(frozen=True, slots=True)
class Written:
    """JSON by the ids of a rule and a wording, and of the outcome, too; of messages by their keys and arguments."""

    laws: dict[tuple[int, int], Law] = field(default_factory=dict)
    findings: dict[object, Parts] = field(default_factory=dict)
    messages: dict[object, str] = field(default_factory=dict)
