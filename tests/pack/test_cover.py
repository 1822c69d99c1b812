# SPDX-License-Identifier: Apache-2.0
"""`borderready pack cover`: rules, wordings, starts, options, tables and rows that no case touches."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from borderready.cli.session import kind_schemas
from borderready.pack.cover import KINDS, cover_pack
from tests.command import PACK, run_here
from tests.pack.build import CASES_FILE, CLEAN, RULE_FILE, Replaced, replace_in_clean, write_files

LIMIT: tuple[Replaced, ...] = (
    (RULE_FILE, "each: shipment", "each: lot"),
    (RULE_FILE, "field: shipment.transport.seal", "field: quantity.net_kg"),
    (RULE_FILE, "check: present", "check: limit"),
    (RULE_FILE, "options: {}", "options: {min: 1.5, max: 10}"),
)
START = "any/any/seal 2020-01-01"
PORTS = {
    "tables/ports.yaml": """\
id: ports
title: {en: Ports, vi: Cảng, zh: 口岸}
key: [port]
columns:
  port: {kind: slug, says: Name of the port.}
  state: {kind: choice, values: [open, shut], says: Whether it is open.}
""",
    "tables/ports.csv": (
        "port,state,start,until,instrument,locator,seen,witnesses\n"
        "youyiguan,open,2020-01-01,,act,Annex,primary,\n"
        "dongxing,open,2020-01-01,,act,Annex,primary,\n"
        "hekou,shut,2020-01-01,,act,Annex,primary,\n"
    ),
}
LISTED: tuple[Replaced, ...] = (
    (RULE_FILE, "check: present", "check: listed"),
    (RULE_FILE, "field: shipment.transport.seal", "field: shipment.route.entry"),
    (
        RULE_FILE,
        "options: {}",
        "options: {table: ports, match: {port: shipment.route.entry}, column: state,"
        " pass: [open], fail: [shut], absent: unknown}",
    ),
)


def _untouched(
    root: Path, cases: str | None, *replaced: Replaced, more: dict[str, str] | None = None
) -> dict[str, tuple[str, ...]]:
    files = {**replace_in_clean(*replaced), **(more or {})}
    if cases is None:
        del files[CASES_FILE]
    else:
        files[CASES_FILE] = cases
    cover = cover_pack(write_files(root, files), kind_schemas(), prefixes=(), jobs=1)
    assert tuple(one.kind for one in cover.kinds) == KINDS
    return {one.kind: one.untouched for one in cover.kinds if one.untouched}


def test_clean_pack_is_touched_all_over(tmp_path: Path) -> None:
    assert _untouched(tmp_path, CLEAN[CASES_FILE]) == {}


def test_rule_without_cases_is_untouched_in_every_way(tmp_path: Path) -> None:
    assert _untouched(tmp_path, None, *LIMIT) == {
        "rules": ("any/any/seal",),
        "wordings": (START,),
        "starts": (START,),
        "options": (f"{START} max", f"{START} min"),
    }


def test_start_needs_the_day_and_the_day_before(tmp_path: Path) -> None:
    only_after = "- {name: sealed, date: 2020-01-01, given: {shipment: {transport: {seal: A}}}, expect: pass}\n"
    assert _untouched(tmp_path, only_after) == {"starts": (START,)}


def test_option_is_touched_only_where_something_was_decided(tmp_path: Path) -> None:
    unknown = (
        "- {name: early, date: 2019-12-31, expect: unknown}\n- {name: nothing, date: 2020-01-01, expect: unknown}\n"
    )
    found = _untouched(tmp_path / "a", unknown, *LIMIT)
    assert found["options"] == (f"{START} max", f"{START} min")
    passed = "- {name: five, date: 2020-01-01, given: {quantity: {net_kg: 5}}, expect: pass}\n"
    assert "options" not in _untouched(tmp_path / "b", passed, *LIMIT)


def test_case_that_fails_touches_nothing(tmp_path: Path) -> None:
    wrong = "- {name: five, date: 2020-01-01, given: {quantity: {net_kg: 5}}, expect: fail}\n"
    assert _untouched(tmp_path, wrong, *LIMIT)["wordings"] == (START,)


def test_older_wording_that_no_case_reaches_is_untouched(tmp_path: Path) -> None:
    rule = CLEAN[RULE_FILE]
    wording = rule.split("wordings:\n")[1]
    older = wording.replace("2020-01-01", "2010-01-01")
    cases = "- {name: sealed, date: 2020-01-01, given: {shipment: {transport: {seal: A}}}, expect: pass}\n"
    found = _untouched(tmp_path, cases, more={RULE_FILE: rule + older})
    assert found["wordings"] == ("any/any/seal 2010-01-01",)


def test_repeal_is_touched_by_a_case_after_it(tmp_path: Path) -> None:
    repeal = """\
  - start: 2021-01-01
    repealed: true
    says: {en: Nothing is asked., vi: Không yêu cầu., zh: 不作要求。}
    source: {instrument: act, locator: Section 2, seen: primary, checked: 2026-11-20}
"""
    rule = CLEAN[RULE_FILE].replace("wordings:\n", f"wordings:\n{repeal}")
    name = "any/any/seal 2021-01-01"
    assert name in _untouched(tmp_path / "a", CLEAN[CASES_FILE], more={RULE_FILE: rule})["wordings"]
    after = CLEAN[CASES_FILE] + "- {name: later, date: 2021-01-01, given: {}, expect: not-applicable}\n"
    assert "wordings" not in _untouched(tmp_path / "b", after, more={RULE_FILE: rule})


def test_row_is_touched_by_the_case_that_it_decides_and_by_no_other(tmp_path: Path) -> None:
    cases = """\
- {name: shut, date: 2020-01-01, given: {shipment: {route: {entry: hekou}}}, expect: fail}
- {name: open, date: 2020-01-01, given: {shipment: {route: {entry: dongxing}}}, expect: pass}
- {name: early, date: 2019-12-31, given: {shipment: {route: {entry: hekou}}}, expect: not-applicable}
"""
    assert _untouched(tmp_path / "a", cases, *LISTED, more=PORTS)["rows"] == ("tables/ports.csv:2",)
    nothing = "- {name: no route, date: 2020-01-01, given: {}, expect: unknown}\n"
    found = _untouched(tmp_path / "b", nothing, *LISTED, more=PORTS)
    assert (found["tables"], len(found["rows"])) == (("ports",), 3)


def test_option_that_can_have_one_value_only_is_not_counted(tmp_path: Path) -> None:
    register = (
        (RULE_FILE, "check: present", "check: listed"),
        (RULE_FILE, "options: {}", "options: {register: gacc-orchards, status: active}"),
    )
    found = _untouched(tmp_path, None, *register)
    assert found["options"] == (f"{START} register",)


# the command


def test_command_tells_each_kind_with_its_share_and_names_what_is_left(tmp_path: Path) -> None:
    only_after = "- {name: sealed, date: 2020-01-01, given: {shipment: {transport: {seal: A}}}, expect: pass}\n"
    write_files(tmp_path / "mini", {**CLEAN, CASES_FILE: only_after})
    ran = run_here("pack", "cover", "mini", "--kind", "rules", "--kind", "starts", home=tmp_path)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.splitlines() == ["rules: 1 of 1 (100.0 %)", "starts: 0 of 1 (0.0 %)", f"  {START}"]


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (("--min", "100"), 1),
        (("--min", "100", "--kind", "rules"), 0),
        (("--min", "0"), 0),
        (("--min", "101"), 2),
        (("--kind", "lots"), 2),
        (("--rule", "no/such"), 3),
    ],
)
def test_least_share_is_held_for_every_kind_that_is_shown(options: tuple[str, ...], code: int, tmp_path: Path) -> None:
    only_after = "- {name: sealed, date: 2020-01-01, given: {shipment: {transport: {seal: A}}}, expect: pass}\n"
    write_files(tmp_path / "mini", {**CLEAN, CASES_FILE: only_after})
    assert run_here("pack", "cover", "mini", *options, home=tmp_path).code == code


def test_json_names_all_that_is_untouched(tmp_path: Path) -> None:
    files = {name: text for name, text in CLEAN.items() if name != CASES_FILE}
    write_files(tmp_path / "mini", files)
    ran = run_here("pack", "cover", "mini", "--format", "json", home=tmp_path)
    told = json.loads(ran.out)
    assert (told["borderready"], told["pack"]) == ("cover/1", {"name": "mini", "version": "1"})
    assert told["kinds"]["rules"] == {"total": 1, "touched": 0, "untouched": ["any/any/seal"]}
    assert told["kinds"]["rows"] == {"total": 0, "touched": 0, "untouched": []}


def test_text_is_bounded_and_counts_the_rest(tmp_path: Path) -> None:
    rows = "".join(f"port-{number},open,2020-01-01,,act,Annex,primary,\n" for number in range(30))
    table = {**PORTS, "tables/ports.csv": PORTS["tables/ports.csv"] + rows}
    write_files(tmp_path / "mini", {**replace_in_clean(*LISTED), **table})
    ran = run_here("pack", "cover", "mini", "--kind", "rows", home=tmp_path)
    assert len(ran.out.splitlines()) == 22
    assert ran.out.splitlines()[-1] == "  ... and 13 more"


def test_several_processes_find_what_one_finds(tmp_path: Path) -> None:
    one = run_here("pack", "cover", str(PACK), "--jobs", "1", home=tmp_path)
    assert run_here("pack", "cover", str(PACK), "--jobs", "2", home=tmp_path) == one
