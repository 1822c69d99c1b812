# SPDX-License-Identifier: Apache-2.0
"""What is to come and what is long unseen: dated events of a pack, and sources by the day they were last looked at."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from borderready.model.change import Detail, Lanes
from borderready.model.word import RuleId, Texts


class Comes(StrEnum):
    """What happens on a day."""

    WORDING_STARTS = "wording-starts"
    REPEALED = "repealed"
    ROW_STARTS = "row-starts"
    ROW_ENDS = "row-ends"
    NOTICE_STARTS = "notice-starts"
    NOTICE_ENDS = "notice-ends"


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """One event of a pack.

    Attributes:
        day: The first day of what starts, the last day of what ends (ISO text).
        id: A rule, a notice, a table, or a table and the key of its row.
        key: What it is about, whatever the day: it stays when the day is moved.
        rows: How many rows of a table start or end; 0 for anything else.
        details: What is different from then on.
    """

    comes: Comes
    day: str
    id: str
    key: str
    title: Texts
    lanes: Lanes
    rows: int = 0
    rules: tuple[RuleId, ...] = ()
    acts: tuple[str, ...] = ()
    details: tuple[Detail, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StaleSource:
    """An instrument that was not looked at for long.

    Attributes:
        checked: The oldest day on which it was last looked at, None where no day is noted anywhere.
        latest: The newest such day.
        rules: The rules with a wording that was last looked at so long ago.
        rows: How many rows of tables rest on it; they note no day of their own, and count where no day is noted for
            the instrument, or only old ones.
        notices: The notices, not ended, that were last looked at so long ago.
    """

    instrument: str
    title: Texts
    number: str | None
    url: str | None
    checked: str | None
    latest: str | None
    rules: tuple[RuleId, ...]
    rows: int
    notices: tuple[str, ...]
