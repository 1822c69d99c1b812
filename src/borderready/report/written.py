# SPDX-License-Identifier: Apache-2.0
"""What a process wrote before in a run, so that it need not be written again for the next manifest."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, TypeAlias, TypeVar

from borderready.model import Finding, Force, Rule, RuleId, Status, Wording

if TYPE_CHECKING:  # who writes JSON needs no terminal
    from borderready.report.terminal import Laid


K = TypeVar("K")
V = TypeVar("V")
MOST_KEPT = 2_000  # of a kind
# The ids of a rule, a wording and an outcome; the day, the status, the force, and the kind of the subject.
PartsKey: TypeAlias = "tuple[int, int, int, str | None, Status, Force, str]"


class Law(NamedTuple):
    """JSON of a rule and a wording, whatever a manifest holds; both are kept, since the key names them by id."""

    rule: Rule
    wording: Wording | None
    first: str
    second: str
    says: str
    fix: str
    source: str
    last: bytes


class First(NamedTuple):
    """JSON of a finding up to the name of its subject; the law is kept, since the key names it by id."""

    law: Law
    text: bytes


class Parts(NamedTuple):
    """JSON of a finding behind another, around the name of its subject, its place in the file, and what few have.

    One such finding is kept, since the key names what is in it by id.

    Attributes:
        last: With lists of what few have, and none in them.
        bare: All behind the place, of a finding that has nothing of what few have.
    """

    finding: Finding
    first: bytes
    second: str
    third: bytes
    last: bytes
    bare: bytes


class Indented(NamedTuple):
    """Indented JSON of a finding, around the name of its subject and the place in the file."""

    parts: Parts
    first: bytes
    second: str
    last: bytes


class Sentences(NamedTuple):
    """What is said of an outcome whatever the subject: the shortest reason, and labelled lines of all the rest.

    One such finding is kept, since the key names what is in it by id.
    """

    finding: Finding
    reason: str
    details: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Written:
    """JSON by the ids of a rule and a wording, and of the outcome, too; of messages by their keys and arguments.

    Attributes:
        indented: By the ids of such parts, and the margin.
        sentences: By the ids of a rule, a wording and an outcome.
        rules: Of SARIF, by their ids.
        laid: Lines of the text format, as in terminal.Layout.
    """

    laws: dict[tuple[int, int], Law] = field(default_factory=dict)
    firsts: dict[tuple[int, str | None, Status, Force, str], First] = field(default_factory=dict)
    findings: dict[PartsKey, Parts] = field(default_factory=dict)
    indented: dict[tuple[int, str], Indented] = field(default_factory=dict)
    messages: dict[object, str] = field(default_factory=dict)
    sentences: dict[tuple[int, int, int], Sentences] = field(default_factory=dict)
    rules: dict[RuleId, str] = field(default_factory=dict)
    laid: Laid = field(default_factory=dict)


def keep(kept: dict[K, V], key: K, value: V) -> V:
    """Keep what was written, and return it; where too much is kept, all else is given up."""
    if len(kept) >= MOST_KEPT:
        kept.clear()
    kept[key] = value
    return value
