# SPDX-License-Identifier: Apache-2.0
"""What others used, put in order and added up once: whatever is asked of it is what going through all of them gives."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from borderready.fold import fold
from borderready.histories import Others, Usage, make_histories, order_of
from borderready.model import Use
from tests.build import LAW
from tests.test_across import USE

DAYS = [None, "2026-11-01", "2026-11-02", "2026-11-03", "2026-11-04"]
uses = st.builds(
    lambda number, day, file, net_kg, lots, issuer: USE._replace(
        reference=f"R-{number}", start=day, file=file, net_kg=net_kg, lots=lots, issuer=issuer
    ),
    st.integers(0, 6),
    st.sampled_from(DAYS),
    st.sampled_from(["a.yaml", "b.yaml"]),
    st.sampled_from([None, Decimal(0), Decimal("8000.50"), Decimal(8000), Decimal(20000)]),
    st.integers(0, 3),
    st.sampled_from([None, "vnppd", "gacc"]),
)


def brute(found: Iterable[Use], own: str) -> list[Use]:
    return sorted((use for use in found if fold(use.reference) != own), key=order_of)


def assert_same(others: Others, expected: list[Use]) -> None:
    assert ([*others], [*reversed(others)]) == (expected, expected[::-1])
    assert (len(others), bool(others)) == (len(expected), bool(expected))
    assert others.net_kg == sum((use.net_kg for use in expected if use.net_kg is not None), Decimal(0))
    assert others.lots == sum(use.lots for use in expected)
    assert others.unweighed == [use for use in expected if use.net_kg is None]
    for count in range(4):
        assert others.last(count) == expected[len(expected) - count :] or count > len(expected)
    assert others.last(9) == expected[-9:]


@settings(LAW, max_examples=300)
@given(
    found=st.lists(uses, max_size=12),
    own=uses,
    since=st.sampled_from(DAYS[1:]),
    issuer=st.sampled_from([None, "vnppd"]),
)
def test_all_that_is_asked_of_others_is_what_going_through_them_gives(
    found: list[Use], own: Use, since: str, issuer: str | None
) -> None:
    identity = fold(own.reference)
    others = Usage(found).beside(identity)
    expected = brute(found, identity)
    assert_same(others, expected)
    before = [use for use in expected if order_of(use)[:2] <= order_of(own)[:2]]
    assert_same(others.before(own), before)
    in_season = [use for use in before if use.start is None or use.start > since]
    assert_same(others.before(own).since(since), in_season)
    theirs = [use for use in in_season if issuer is None or use.issuer in (None, issuer)]
    assert_same(others.before(own).since(since).of_issuer(issuer), theirs)


def test_uses_are_looked_up_once_however_many_consignments_ask() -> None:
    """Two thousand trucks on one permit would else go through two thousand times two thousand uses."""
    asked: list[tuple[str, str]] = []

    def kept(kind: str, key: str) -> list[Use]:
        asked.append((kind, key))
        return [USE._replace(reference=f"B-{number}") for number in range(3)]

    history_of = make_histories([USE._replace(reference=f"A-{number}") for number in range(4)], kept)
    counts = [len(history_of(f"A-{number}")("lab-report", "LR1", None)) for number in range(4)]
    assert (counts, asked) == ([6] * 4, [("lab-report", "LR1")])
