# SPDX-License-Identifier: Apache-2.0
"""Sources that were not looked at for long, and what rests on each; what is long is said by the caller."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from borderready.model import Instrument, RuleBase, RuleId, Source
from borderready.model.calendar import StaleSource
from borderready.pack.lint.stale import has_ended, is_stale


def find_stale(rule_base: RuleBase, *, day: str, max_age_days: int) -> tuple[StaleSource, ...]:
    """Return the instruments with a wording, a notice or rows last looked at too long before a day, oldest first.

    Those of which no day is noted at all come last.
    """
    seen = _Seen(day=day, max_age_days=max_age_days)
    for rule in rule_base.rules:
        for wording in rule.wordings:
            if seen.is_old(wording.source):
                seen.rules[wording.source.instrument][rule.id] = None
    for notice in rule_base.notices:
        if seen.is_old(notice.source) and not has_ended(notice, day):
            seen.notices[notice.source.instrument].append(notice.id)
    rows = Counter(row.source.instrument for table in rule_base.tables.values() for row in table.rows)
    found = (_source(instrument, seen, rows[name]) for name, instrument in rule_base.instruments.items())
    stale = [one for one in found if one.rules or one.rows or one.notices]
    return tuple(sorted(stale, key=lambda one: (one.checked is None, one.checked or "", one.instrument)))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """What is noted of each instrument: every day, the days too long ago, and what rests on these."""

    day: str
    max_age_days: int
    days: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    rules: defaultdict[str, dict[RuleId, None]] = field(default_factory=lambda: defaultdict(dict))
    notices: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def is_old(self, source: Source) -> bool:
        """Note the day of a source and tell whether it is too long ago."""
        if source.checked is not None:
            self.days[source.instrument].add(source.checked)
        return is_stale(source.checked, self.day, max_age_days=self.max_age_days)


def _source(instrument: Instrument, seen: _Seen, rows: int) -> StaleSource:
    """Return what rests on a source; rows note no day, and are as old as the newest look at their instrument."""
    name = instrument.id
    days = sorted(seen.days[name])
    is_old = not days or is_stale(days[-1], seen.day, max_age_days=seen.max_age_days)
    return StaleSource(
        instrument=name,
        title=instrument.title,
        number=instrument.number,
        url=instrument.url,
        checked=days[0] if days else None,
        latest=days[-1] if days else None,
        rules=tuple(seen.rules[name]),
        rows=rows if is_old else 0,
        notices=tuple(seen.notices[name]),
    )
