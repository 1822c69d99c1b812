# SPDX-License-Identifier: Apache-2.0
"""`once`: the number of a paper stands in no other consignment.

Certificate PC-0042 of this load alone passes; where another consignment of the run or of the ledger bears it too, both
fail, whatever its spelling. Where the two name different issuers they may be two papers that are numbered alike: that
fail only warns. Where other consignments are not known nothing is said. The rule is asked of each document of a type.
"""

from __future__ import annotations

from collections.abc import Mapping

from borderready.checks.context import Context, Options, judge_hits, passed
from borderready.checks.others import name_of, others_of, own_uses, show_uses
from borderready.model import Force, Message, Outcome, Status
from borderready.paths import Hit, write_value

KIND = "once"
OPTIONS: Mapping[str, object] = {"type": "object", "additionalProperties": False, "properties": {}}


def check(context: Context, field: str, options: Options) -> tuple[Outcome, ...]:
    """Judge each number against those of other consignments."""
    if context.history is None:
        return ()
    return judge_hits(context, field, lambda hit: _judge(context, hit))


def _judge(context: Context, hit: Hit) -> Outcome:
    named = name_of(context, hit)
    others = others_of(context, named)
    if not others:
        return passed(hit)
    same = others.of_issuer(own_uses(context)[named.kind, named.key].issuer)
    args = {"number": named.written, "others": show_uses(same or others)}
    return Outcome(
        status=Status.FAIL,
        path=hit.path,
        found=write_value(hit.value),
        because=Message("check.once.used" if same else "check.once.alike", args),
        fix=Message("check.once.fix", {"reference": same.last(1)[0].reference}) if same else None,
        at_most=Force.BLOCKS if same else Force.WARNS,
    )


def say(options: Options) -> Message:
    """Return what is asked, in words."""
    return Message("check.once.say")
