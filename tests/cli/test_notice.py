# SPDX-License-Identifier: Apache-2.0
"""`borderready notice`, and what `check` makes of notices: the rule base's own on their days, and the user's."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest

from tests.build import swap
from tests.command import ROOT, Ran, run_here, run_script

DURIAN = (ROOT / "examples" / "durian-ready.yaml").read_text("utf-8")
SEAFOOD = (ROOT / "examples" / "seafood-ready.yaml").read_text("utf-8")
ADD = (
    "notice",
    "add",
    *("--gate", "huu-nghi", "--from", "2026-12-01", "--until", "2026-12-03"),
    *("--title", "Huu Nghi is closed for a defence exchange", "--source", "https://langson.invalid/notice"),
)
OWN = "own-2026-12-01-huu-nghi"
GATE_RULES = ("any/any/entry-gate-notice", "any/any/exit-gate-notice")


def notice(*arguments: str, home: Path) -> Ran:
    return run_here("notice", *arguments, home=home)


def report(text: str, home: Path, *options: str) -> dict[str, object]:
    """Return the JSON report of a manifest, with what passes."""
    (home / "m.yaml").write_text(text, "utf-8")
    registers = ("--registers", str(ROOT / "examples" / "registers"))
    ran = run_here("check", "m.yaml", *registers, "--format", "json", "--verbose", *options, home=home)
    assert ran.err == ""
    found: dict[str, object] = json.loads(ran.out)
    return found


def statuses(found: dict[str, object], *rules: str) -> list[tuple[str, str, str]]:
    findings = found["findings"]
    assert isinstance(findings, list)
    return sorted((f["rule"], f["status"], f["force"]) for f in findings if f["rule"] in rules)


def durian(departure: str, arrival: str) -> str:
    old = "{departure: 2026-11-25, arrival: 2026-11-26, declaration: 2026-11-26}"
    return swap(DURIAN, (old, f"{{departure: {departure}, arrival: {arrival}, declaration: {arrival}}}"))


# The rule base's own notices, for whole manifests.


@pytest.mark.parametrize(
    ("departure", "arrival", "told"),
    [
        ("2024-02-08", "2024-02-09", [(GATE_RULES[0], "pass", "blocks"), (GATE_RULES[1], "pass", "blocks")]),
        ("2024-02-11", "2024-02-12", [(GATE_RULES[0], "fail", "warns")]),
        ("2024-02-14", "2024-02-15", [(GATE_RULES[0], "manual", "warns")]),
        ("2024-02-13", "2024-02-18", [(GATE_RULES[0], "pass", "blocks"), (GATE_RULES[1], "pass", "blocks")]),
    ],
)
def test_truck_through_huu_nghi_over_the_lunar_new_year_of_2024(
    departure: str, arrival: str, told: list[tuple[str, str, str]], tmp_path: Path
) -> None:
    """Closed on 10 to 13 February, for registered goods only until the 17th; one report of it, so that it warns."""
    assert statuses(report(durian(departure, arrival), tmp_path), *GATE_RULES) == told


@pytest.mark.parametrize(
    ("day", "status"),
    [("2022-04-19", "pass"), ("2022-04-20", "fail"), ("2022-04-26", "fail"), ("2022-04-27", "pass")],
)
def test_seafood_of_a_plant_that_was_suspended_for_one_week(day: str, status: str, tmp_path: Path) -> None:
    text = swap(
        SEAFOOD,
        ("home_number: DL 901", "home_number: DL-183"),
        ("arrival: 2026-11-25, declaration: 2026-11-25", f"arrival: {day}, declaration: {day}"),
    )
    rule = "any/aquatic/plant-home-notice"
    assert statuses(report(text, tmp_path), rule) == [(rule, status, "blocks")]


# The user's own.


def test_an_own_notice_stops_a_truck_on_its_days_only_and_is_named_in_the_report(tmp_path: Path) -> None:
    assert run_here(*ADD, home=tmp_path).code == 0
    closed = report(durian("2026-11-30", "2026-12-03"), tmp_path)
    assert statuses(closed, GATE_RULES[1]) == [(GATE_RULES[1], "fail", "blocks")]
    assert closed["verdict"] == "not-ready"
    (finding,) = [f for f in closed["findings"] if f["rule"] == GATE_RULES[1]]  # type: ignore[attr-defined]
    assert (finding["source"]["instrument"], finding["source"]["locator"]) == (
        "own-notice",
        "https://langson.invalid/notice",
    )
    assert "Huu Nghi is closed for a defence exchange" in finding["because"]["zh"]
    after = report(durian("2026-11-30", "2026-12-04"), tmp_path)
    assert statuses(after, GATE_RULES[1]) == [(GATE_RULES[1], "pass", "blocks")]
    assert after["notices"] == closed["notices"]
    assert closed["notices"] == {"own": 1, "sha256": closed["notices"]["sha256"]}  # type: ignore[index]


def test_a_report_without_own_notices_says_so(tmp_path: Path) -> None:
    assert report(DURIAN, tmp_path)["notices"] == {"own": 0, "sha256": None}


def test_the_text_report_names_own_notices_at_its_foot_and_as_a_source(tmp_path: Path) -> None:
    run_here(*ADD, home=tmp_path)
    (tmp_path / "m.yaml").write_text(durian("2026-11-30", "2026-12-02"), "utf-8")
    ran = run_here("check", "m.yaml", home=tmp_path)
    assert re.search(r"^notices of your own: 1 \([0-9a-f]{12}\)$", ran.out, re.MULTILINE)
    assert "source    notice of your own, https://langson.invalid/notice" in ran.out


def test_a_team_shares_its_notices_as_a_file_that_check_reads_in_place_of_the_database(tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    for home in (here, there):
        home.mkdir()
    run_here(*ADD, home=here)
    assert notice("export", "../shared.yaml", home=here).out == "1 notices written to ../shared.yaml\n"
    text = durian("2026-11-30", "2026-12-02")
    by_file = report(text, there, "--notices", "../shared.yaml")
    assert by_file == report(text, here)
    assert report(text, there)["notices"] == {"own": 0, "sha256": None}
    assert notice("import", "../shared.yaml", home=there).out == "1 of 1 notices are new\n"
    assert notice("import", "../shared.yaml", home=there).out == "0 of 1 notices are new\n"
    assert report(text, there) == by_file
    assert notice("export", "-", home=there).out == (tmp_path / "shared.yaml").read_text("utf-8")


def test_list_shows_what_is_current_or_coming_of_the_pack_and_of_the_user(tmp_path: Path) -> None:
    run_here(*ADD, home=tmp_path)
    ids = r"  ((?:own|lang|chi|coc|na|mong|huu|vn|ping|dong|taiwan)[a-z0-9-]+-[a-z0-9-]+)$"

    def listed(*arguments: str) -> tuple[int, list[str]]:
        ran = notice("list", *arguments, home=tmp_path)
        return ran.code, re.findall(ids, ran.out.replace(" \n", "  "), re.MULTILINE)

    assert listed("--on", "2026-12-03") == (0, [OWN])
    assert listed("--on", "2026-12-04") == (3, [])
    code, all_ = listed("--all")
    assert (code, OWN in all_, len(all_)) == (0, True, len(set(all_)))
    assert "notices: 5" in notice("list", "--on", "2024-02-12", home=tmp_path).out


def test_show_tells_one_notice_and_names_the_nearest_for_a_mistyped_one(tmp_path: Path) -> None:
    shown = notice("show", "vn-aquatic-2022-04-20-one-week", "--lang", "en", home=tmp_path)
    assert shown.code == 0
    assert "2022-04-20 to 2022-04-26, both included" in shown.out
    mistyped = notice("show", "vn-aquatic-2022-04-20-on-week", home=tmp_path)
    assert (mistyped.code, mistyped.out) == (2, "")
    assert "did you mean 'vn-aquatic-2022-04-20-one-week'?" in mistyped.err


def test_a_removed_notice_holds_no_truck_back(tmp_path: Path) -> None:
    run_here(*ADD, home=tmp_path)
    assert notice("remove", OWN, home=tmp_path).out == f"{OWN} is forgotten\n"
    assert notice("remove", OWN, home=tmp_path).code == 2
    assert notice("remove", "lang-son-2024-new-year-closed", home=tmp_path).code == 2
    assert report(durian("2026-11-30", "2026-12-02"), tmp_path)["notices"] == {"own": 0, "sha256": None}


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"--gate": "huu-ngi"}, "did you mean 'huu-nghi'?"),
        ({"--gate": None, "--product": "durian-fres"}, "did you mean 'durian-fresh'?"),
        ({"--gate": None}, "the notice names nothing"),
        ({"--until": None}, "in exactly one way"),
        ({"--for": "1w"}, "in exactly one way"),
        ({"--until": None, "--for": "1y"}, "'1y' is not a length"),
        ({"--until": None, "--for": "9999w"}, "'9999w' is not a length"),
        ({"--until": "2026-11-30"}, "before it starts"),
        ({"--from": "1/12/2026"}, "1/12/2026"),
        ({"--origin": "Vietnam"}, "Vietnam"),
        ({"--code": " - "}, "at least one letter or digit"),
        ({"--title": " "}, "at least one letter or digit"),
        ({"--id": "Gate"}, "'Gate' is not an id"),
        ({"--id": "lang-son-2024-new-year-closed"}, "there is another notice"),
    ],
)
def test_a_mistake_in_a_notice_is_told_and_nothing_is_recorded(
    changes: dict[str, str | None], told: str, tmp_path: Path
) -> None:
    given: dict[str, str | None] = {**dict(zip(ADD[2::2], ADD[3::2], strict=True)), **changes}
    options = [part for name, value in given.items() if value is not None for part in (name, value)]
    ran = notice("add", *options, home=tmp_path)
    assert (ran.code, ran.out) == (2, "")
    assert told in " ".join(ran.err.split())
    assert notice("export", "-", home=tmp_path).out == "[]\n"


def test_two_notices_of_one_gate_and_day_get_ids_of_their_own(tmp_path: Path) -> None:
    run_here(*ADD, home=tmp_path)
    assert f"{OWN}-2" in run_here(*ADD, home=tmp_path).out


def test_a_week_is_counted_with_its_first_day(tmp_path: Path) -> None:
    options = ("--code", "DL 901", "--kind", "suspended", "--from", "2026-11-19", "--for", "1w")
    assert notice("add", *options, "--title", "DL 901", "--source", "letter", home=tmp_path).code == 0
    rule = "any/aquatic/plant-home-notice"
    for day, status in (("2026-11-25", "fail"), ("2026-11-26", "pass")):
        assert statuses(report(SEAFOOD, tmp_path, "--on", f"declaration={day}"), rule) == [(rule, status, "blocks")]


def test_a_database_that_is_none_is_told_before_anything_is_checked(tmp_path: Path) -> None:
    run_here(*ADD, home=tmp_path)
    (kept,) = tmp_path.rglob("notices.sqlite")
    kept.write_text("no database", "utf-8")
    (tmp_path / "m.yaml").write_text(DURIAN, "utf-8")
    for arguments in (("check", "m.yaml"), ("notice", "list"), ADD):
        ran = run_here(*arguments, home=tmp_path)
        assert (ran.code, ran.out) == (2, "")
        assert "this is no database of this kind" in ran.err
    assert run_here("check", "m.yaml", "--notices", "none.yaml", home=tmp_path).code == 2


def test_check_does_not_load_a_database_that_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "m.yaml").write_text(DURIAN, "utf-8")
    script = (
        "import sys; from borderready.cli.app import run; run(['check', 'm.yaml'])\n"
        "print('sqlite3' in sys.modules, 'borderready.cli.notice' in sys.modules)"
    )
    environment = {"PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])}
    ran = run_script(script, home=tmp_path, environment=environment)
    assert ran.out.splitlines()[-1] == "False False"
