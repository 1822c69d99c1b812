# SPDX-License-Identifier: Apache-2.0
"""Sources not looked at for long: the oldest first, with what rests on each, by the notion of the lint `stale`."""

from __future__ import annotations

import re

import pytest

from borderready.pack.stale import find_stale
from borderready.report.as_stale import stale_json
from tests.pack.build import DAY, RULE_FILE, lint_replaced, replace_in_clean, view_files
from tests.pack.packs import assert_valid, small

COLD = "any/fresh-fruit/cold-chain.yaml"
NOTICE = """\
- id: quay-stop
  title: {en: Closed, vi: Đóng cửa, zh: 关闭}
  kind: closed
  applies_to: {product: [fresh-fruit]}
  start: 2026-02-10
  until: 2026-12-31
  source: {instrument: harbour-act, locator: Notice 1, seen: primary, checked: 2026-02-01}
"""


def test_nothing_is_stale_where_all_was_looked_at() -> None:
    assert find_stale(small(), day="2026-11-28", max_age_days=180) == ()


def test_source_of_one_old_wording_is_told_with_the_rule_that_rests_on_it() -> None:
    base = small((COLD, "checked: 2026-11-20", "checked: 2026-01-05"))
    [one] = find_stale(base, day="2026-11-28", max_age_days=180)
    assert (one.instrument, one.checked, one.latest) == ("quay-circular", "2026-01-05", "2026-11-20")
    assert (one.rules, one.rows, one.notices) == (("any/fresh-fruit/cold-chain",), 0, ())


def test_rows_are_as_old_as_the_newest_look_at_their_source() -> None:
    found = {one.instrument: one for one in find_stale(small(), day="2027-11-28", max_age_days=180)}
    assert (found["harbour-act"].rows, found["quay-circular"].rows) == (3, 1)
    assert found["harbour-act"].checked == "2026-11-20"


def test_source_of_which_no_day_is_noted_comes_last() -> None:
    base = small(
        ("tables/access.csv", "LA,*,closed,,2019-06-01,,quay-circular", "LA,*,closed,,2019-06-01,,unseen"),
        (COLD, "checked: 2026-11-20", "checked: 2026-01-05"),
        added={"instruments/unseen.yaml": UNSEEN},
    )
    found = find_stale(base, day="2026-11-28", max_age_days=180)
    assert [(one.instrument, one.checked, one.rows) for one in found] == [
        ("quay-circular", "2026-01-05", 0),
        ("unseen", None, 1),
    ]


UNSEEN = """\
id: unseen
title: {en: Unseen, vi: Chưa xem, zh: 未见}
kind: list
issuer: Harbour Council
url: https://example.org/list
url_state: not-opened
"""


@pytest.mark.parametrize(("day", "notices"), [("2026-11-28", ("quay-stop",)), ("2027-01-01", ())])
def test_notice_counts_until_it_has_ended(day: str, notices: tuple[str, ...]) -> None:
    found = find_stale(small(added={"notices/quay.yaml": NOTICE}), day=day, max_age_days=180)
    assert [one.notices for one in found if one.notices] == ([notices] if notices else [])


@pytest.mark.parametrize("checked", ["2025-11-24", "2025-11-25", "2025-11-26"])
def test_with_a_year_it_is_what_the_lint_warns_of(checked: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    replaced = (RULE_FILE, "checked: 2026-11-20", f"checked: {checked}")
    linted = [told for _, _, told in lint_replaced(tmp_path_factory.mktemp("a"), replaced, day=DAY)]
    pack = view_files(tmp_path_factory.mktemp("b"), replace_in_clean(replaced))
    found = find_stale(pack.rule_base, day=DAY, max_age_days=365)
    assert bool(found) == any(re.match("stale: ", told) for told in linted)


def test_json_follows_its_schema() -> None:
    base = small((COLD, "checked: 2026-11-20", "checked: 2026-01-05"))
    text = stale_json(find_stale(base, day="2026-11-28", max_age_days=180), base.pack, "2026-11-28", 180)
    assert [one["instrument"] for one in assert_valid(text, "pack-stale")["sources"]] == ["quay-circular"]
