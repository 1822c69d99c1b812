# SPDX-License-Identifier: Apache-2.0
"""What changed from one pack to another, by meaning and not by line.

Everything that a check can see of a pack is compared: nothing that changes an answer is left out, and what only changes
words is told as such. Cases, news and remarks for maintainers change no answer and are not looked at.
"""

from __future__ import annotations

from borderready.model import RuleBase
from borderready.model.change import Change, PackDiff, Weight
from borderready.pack.diff.lanes import make_pair
from borderready.pack.diff.others import (
    changes_of_gaps,
    changes_of_instruments,
    changes_of_notices,
    changes_of_products,
)
from borderready.pack.diff.rules import changes_of_rules
from borderready.pack.diff.tables import changes_of_tables

_PARTS = (
    *(changes_of_rules, changes_of_tables, changes_of_products, changes_of_notices),
    *(changes_of_instruments, changes_of_gaps),
)
_WEIGHTS = tuple(Weight)


def diff_packs(old: RuleBase, new: RuleBase) -> PackDiff:
    """Return what changed from one pack to another, the heaviest first, then by kind and id."""
    pair = make_pair(old, new)
    changes = [(order, change) for order, part in enumerate(_PARTS) for change in part(pair)]
    changes.sort(key=lambda one: (_WEIGHTS.index(one[1].weight), one[0], one[1].id))
    return PackDiff(old=old.pack, new=new.pack, changes=tuple(change for _, change in changes))


def concerns_lane(change: Change, *, origin: str | None, words: set[str] | None) -> bool:
    """Tell whether a change concerns an origin and a product, given as the product and its groups; None takes any."""
    lanes = change.lanes
    return (origin is None or not lanes.origins or origin in lanes.origins) and (
        words is None or not lanes.products or bool(words & {*lanes.products, *lanes.goods})
    )
