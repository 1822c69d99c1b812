# SPDX-License-Identifier: Apache-2.0
"""What other consignments used of the same paper, container or code, in the order of their days.

Two thousand trucks may draw on one permit, and each is compared with all the others. What they used is put in order and
added up once; what a consignment then asks of it takes no longer, however many there are.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import accumulate, islice
from typing import TypeAlias

from borderready.fold import fold
from borderready.model import Use

# Gives every use of a key of a kind, whichever consignment it is of, in any order.
Lookup: TypeAlias = Callable[[str, str], Iterable[Use]]


def order_of(use: Use) -> tuple[str, str, str]:
    """Return what orders uses: the day, then the reference, then the file."""
    return (use.start or "", fold(use.reference), use.file)


def _day_and_reference(use: Use) -> tuple[str, str]:
    return order_of(use)[:2]


def _day(use: Use) -> str:
    return use.start or ""


class Usage:
    """All uses of one key, by whichever consignment, in their order."""

    def __init__(self, uses: Iterable[Use]) -> None:
        self.uses = tuple(sorted(uses, key=order_of))
        self.issuers = frozenset(use.issuer for use in self.uses)
        self._last: dict[str, int] = {}  # of each consignment; nearly every one has no other
        self._before: dict[str, tuple[int, ...]] = {}
        for place, use in enumerate(self.uses):
            identity = fold(use.reference)
            if identity in self._last:
                self._before[identity] = (*self._before.get(identity, ()), self._last[identity])
            self._last[identity] = place

    def beside(self, identity: str) -> Others:
        """Return the uses of others than a consignment, which goes by its folded identity."""
        last = self._last.get(identity)
        own = () if last is None else (*self._before.get(identity, ()), last)
        return Others(self, 0, len(self.uses), own)

    @cached_property
    def net_kg(self) -> tuple[Decimal, ...]:
        """What the first so many took together; one that is not weighed counts nothing."""
        return tuple(accumulate((use.net_kg or Decimal(0) for use in self.uses), initial=Decimal(0)))

    @cached_property
    def unweighed(self) -> tuple[int, ...]:
        """How many of the first so many are not weighed."""
        return tuple(accumulate((use.net_kg is None for use in self.uses), initial=0))

    @cached_property
    def lots(self) -> tuple[int, ...]:
        """How many lots the first so many had."""
        return tuple(accumulate((use.lots for use in self.uses), initial=0))


@dataclass(frozen=True, slots=True, eq=False)
class Others:
    """Uses of one key that follow each other, but for those of one consignment.

    Attributes:
        usage: All of them.
        start: The place of the first.
        end: The place behind the last.
        own: The places of those that are left out, wherever they are.
    """

    usage: Usage
    start: int
    end: int
    own: tuple[int, ...] = ()

    @staticmethod
    def of(uses: Iterable[Use]) -> Others:
        """Return these uses."""
        usage = Usage(uses)
        return Others(usage, 0, len(usage.uses))

    def __iter__(self) -> Iterator[Use]:
        return (self.usage.uses[place] for place in range(self.start, self.end) if place not in self.own)

    def __reversed__(self) -> Iterator[Use]:
        places = range(self.end - 1, self.start - 1, -1)
        return (self.usage.uses[place] for place in places if place not in self.own)

    def __len__(self) -> int:
        return self.end - self.start - len(self._left_out)

    def last(self, count: int) -> list[Use]:
        """Return the last so many."""
        return [*islice(reversed(self), count)][::-1]

    def before(self, use: Use) -> Others:
        """Return those that stand no later than a use, by the day and then by the reference."""
        end = bisect_right(self.usage.uses, order_of(use)[:2], self.start, self.end, key=_day_and_reference)
        return Others(self.usage, self.start, end, self.own)

    def since(self, day: str) -> Others:
        """Return those after a day, and those without one."""
        uses = self.usage.uses
        first = bisect_right(uses, day, self.start, self.end, key=_day)
        dated = bisect_right(uses, "", self.start, self.end, key=_day)
        if dated == self.start:
            return Others(self.usage, first, self.end, self.own)
        places = (*range(self.start, dated), *range(max(first, dated), self.end))
        return Others.of([uses[place] for place in places if place not in self.own])

    def of_issuer(self, issuer: str | None) -> Others:
        """Return those of papers that may be of an issuer: where it or theirs is not known, or they are the same."""
        if issuer is None or self.usage.issuers <= {None, issuer}:
            return self
        return Others.of([use for use in self if use.issuer in (None, issuer)])

    @property
    def net_kg(self) -> Decimal:
        """What they took together, as far as it was weighed."""
        own = [self.usage.uses[place].net_kg for place in self._left_out]
        return self.usage.net_kg[self.end] - self.usage.net_kg[self.start] - sum(filter(None, own), Decimal(0))

    @property
    def lots(self) -> int:
        """How many lots they had."""
        own = [self.usage.uses[place].lots for place in self._left_out]
        return self.usage.lots[self.end] - self.usage.lots[self.start] - sum(own)

    @property
    def unweighed(self) -> list[Use]:
        """Those that were not weighed."""
        if self.usage.unweighed[self.end] == self.usage.unweighed[self.start]:
            return []
        return [use for use in self if use.net_kg is None]

    @property
    def _left_out(self) -> list[int]:
        return [place for place in self.own if self.start <= place < self.end]


NOBODY = Others.of(())
# Gives the uses of a key of a kind by other consignments than the one that is checked. Who asks says how many kilograms
# others may have drawn in all before that changes anything, None where any use does; of uses within that nothing need
# be told.
History: TypeAlias = Callable[[str, str, Decimal | None], Others]


def make_histories(uses: Iterable[Use], kept: Lookup | None = None) -> Callable[[str], History]:
    """Return for a consignment, by its identity, what all others used.

    Args:
        uses: Those of the consignments of this run.
        kept: Those of a ledger; a consignment that is in this run, too, is taken from the run.

    Returns:
        Histories in the order of the days, then of the references; what has no day stands first. They do not depend
        on the order of `uses`.
    """
    run: dict[tuple[str, str], list[Use]] = {}
    here: set[str] = set()
    for use in uses:
        run.setdefault((use.kind, use.key), []).append(use)
        here.add(fold(use.reference))
    known: dict[tuple[str, str], Usage] = {}

    def usage_of(kind: str, key: str) -> Usage:
        usage = known.get((kind, key))
        if usage is None:
            besides = [use for use in kept(kind, key) if fold(use.reference) not in here] if kept is not None else []
            usage = known[kind, key] = Usage([*run.get((kind, key), ()), *besides])
        return usage

    def history_of(identity: str) -> History:
        folded = fold(identity)
        return lambda kind, key, _spare_kg: usage_of(kind, key).beside(folded)

    return history_of
