# SPDX-License-Identifier: Apache-2.0
"""`borderready register`: from a published list to the answer of a check."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.cli.build import write_manifest
from tests.command import ROOT, Ran, run_here

FIRST = """\
注册登记号,果园名称,水果种类
VN-DLOR-0101,Krong A,榴莲
vn dlor 0102,Krong B,榴莲
VN-DLOR-0103,Krong C,榴莲
VN-DLOR-0104,Krong D,榴莲
"""
SECOND = "code,status\nVN-DLOR-0101,\nVN-DLOR-0102,suspended\nVN-DLOR-0103,\nVN-DLOR-0105,\n"
LIST = "orchard/VN/durian-fresh"


def run(*arguments: str, home: Path) -> Ran:
    """Run a command from its home; the compiled rule base is shared by all tests here."""
    cache = {"XDG_CACHE_HOME": str(home.parent / "cache")}
    return run_here(*arguments, home=home, folder=home, environment=cache)


def register(home: Path, *arguments: str) -> Ran:
    return run("register", *arguments, home=home)


def bring(home: Path, content: str | bytes, as_of: str, *more: str, kind: str = "orchard") -> Ran:
    path = home / "list.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    arguments = ("--kind", kind, "--origin", "VN", "--as-of", as_of, "--source", "https://example.org/list")
    product = () if "--product" in more else ("--product", "durian-fresh")
    return register(home, "import", "list.csv", *arguments, *product, *more)


def told(ran: Ran) -> Any:
    assert (ran.code, ran.err) == (0, "")
    return json.loads(ran.out)


def store(home: Path) -> bytes | None:
    path = home / ".local/share/borderready/registers.sqlite"
    return path.read_bytes() if path.exists() else None


def test_import_shows_what_the_list_brings_and_then_what_changed(tmp_path: Path) -> None:
    ran = bring(tmp_path, FIRST, "2026-11-01")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.splitlines() == [
        "orchard/VN/durian-fresh: imported as of 2026-11-01: 4 codes in 4 rows",
        "   first copy: 4 codes are active",
        "   added     4: VN-DLOR-0101, vn dlor 0102, VN-DLOR-0103, VN-DLOR-0104",
        "   dropped   0",
        "   suspended  0",
        "   resumed   0",
    ]
    later = told(bring(tmp_path, SECOND, "2026-11-20", "--format", "json"))
    assert later == {
        "borderready": "register-import/1",
        "dry_run": False,
        "lists": [
            {
                "list": LIST,
                "kind": "orchard",
                "origin": "VN",
                "product": "durian-fresh",
                "market": "CN",
                "how": "imported",
                "as_of": "2026-11-20",
                "last": "2026-11-01",
                "rows": 4,
                "codes": 4,
                "active_before": 4,
                "active": 3,
                "added": ["VN-DLOR-0105"],
                "dropped": ["VN-DLOR-0104"],
                "suspended": ["VN-DLOR-0102"],
                "resumed": [],
                "overruled": [],
            }
        ],
        "notes": [],
    }
    assert told(register(tmp_path, "diff", LIST, "--format", "json"))["dropped"] == ["VN-DLOR-0104"]


def test_only_the_first_twenty_codes_are_named_and_all_when_asked(tmp_path: Path) -> None:
    content = "code\n" + "".join(f"A-{number:02}\n" for number in range(23))
    short = bring(tmp_path, content, "2026-11-01", "--dry-run").out
    assert "A-19" in short and "A-20" not in short and "... and 3 more" in " ".join(short.split())
    assert "A-22" in bring(tmp_path, content, "2026-11-01", "--verbose").out


def test_a_trial_changes_nothing(tmp_path: Path) -> None:
    bring(tmp_path, FIRST, "2026-11-01")
    before = store(tmp_path)
    ran = bring(tmp_path, SECOND, "2026-11-20", "--dry-run")
    assert ran.code == 0
    assert ran.out.endswith("this was a trial: nothing was changed\n")
    assert "VN-DLOR-0105" in ran.out
    assert (store(tmp_path), told(register(tmp_path, "list", "--format", "json"))["lists"][0]["as_of"]) == (
        before,
        "2026-11-01",
    )


def test_bad_rows_are_named_and_nothing_is_imported(tmp_path: Path) -> None:
    bring(tmp_path, FIRST, "2026-11-01")
    before = store(tmp_path)
    ran = bring(tmp_path, SECOND + "Total,\nVN-DLOR-0106,maybe\n", "2026-11-20")
    assert (ran.code, ran.out, store(tmp_path)) == (2, "", before)
    assert [line.split(": ")[0] for line in ran.err.splitlines()] == ["list.csv:6:1", "list.csv:7:1"]


@pytest.mark.parametrize(
    ("content", "as_of", "more", "sentence"),
    [
        (SECOND, "2026-10-31", (), "is older than the last one"),
        (SECOND, "2026-11-01", (), "another copy of 2026-11-01 was imported before"),
        ("code\nVN-DLOR-0101\n", "2026-11-20", (), "3 of 4 active codes would be gone"),
        (SECOND, "2026-11-20", ("--since", "2026-11-21"), "lies after the day of the list"),
        (SECOND, "2026-11-20", ("--map", "code"), "'code' is not FIELD=COLUMN"),
        (SECOND, "2026-11-20", ("--map", "cod=A"), "--map names fields that are not known"),
        (SECOND, "2026-11-20", ("--product", "durian-frsh"), "there is no product 'durian-frsh'"),
        (SECOND, "20/11/2026", (), "'20/11/2026' is not a date"),
        (SECOND, "2026-11-20", ("--source", " "), "--source is empty"),
        (b"PK\x03\x04 no workbook", "2026-11-20", (), "workbook"),
        (b"%PDF-1.7", "2026-11-20", (), "this is a PDF"),
    ],
)
def test_what_cannot_be_imported_is_refused_in_a_sentence(
    tmp_path: Path, content: str | bytes, as_of: str, more: tuple[str, ...], sentence: str
) -> None:
    bring(tmp_path, FIRST, "2026-11-01")
    before = store(tmp_path)
    ran = bring(tmp_path, content, as_of, *more)
    assert (ran.code, ran.out, store(tmp_path)) == (2, "", before)
    assert sentence in ran.err
    assert "Traceback" not in ran.err


def test_force_takes_a_list_that_shrank(tmp_path: Path) -> None:
    bring(tmp_path, FIRST, "2026-11-01")
    assert bring(tmp_path, "code\nVN-DLOR-0101\n", "2026-11-20", "--force").code == 0


def test_a_column_of_another_name_is_mapped(tmp_path: Path) -> None:
    ran = bring(
        tmp_path, "what,who\nA-1,B\n", "2026-11-01", "--map", "code=what", "--map", "holder=B", "--format", "json"
    )
    assert told(ran)["lists"][0]["added"] == ["A-1"]
    (entry,) = told(register(tmp_path, "show", "a1", "--format", "json"))["lists"][0]["entries"][1:]
    assert (entry["holder"], entry["status"], entry["start"]) == ("B", "active", "2026-11-01")


def test_list_tells_age_source_and_how_many_codes_are_active(tmp_path: Path) -> None:
    assert (register(tmp_path, "list").code, register(tmp_path, "list").out) == (3, "lists: 0\n")
    bring(tmp_path, FIRST, "2026-11-01")
    bring(tmp_path, SECOND, "2026-11-20")
    (one,) = told(register(tmp_path, "list", "--on", "2026-12-25", "--format", "json"))["lists"]
    assert len(one.pop("sha256")) == 64
    assert one == {
        "list": LIST,
        "kind": "orchard",
        "origin": "VN",
        "product": "durian-fresh",
        "market": "CN",
        "as_of": "2026-11-20",
        "age_days": 35,
        "source": "https://example.org/list",
        "file": "list.csv",
        "copies": 2,
        "codes": 5,
        "active": 3,
        "suspended": 1,
        "delisted": 1,
        "unseen": 0,
    }
    text = register(tmp_path, "list", "--on", "2026-12-25").out
    assert "as of 2026-11-20, 35 days old  old: fetch the list anew" in text


def test_show_tells_every_day_of_a_code_and_who_says_so(tmp_path: Path) -> None:
    bring(tmp_path, FIRST, "2026-11-01")
    bring(tmp_path, SECOND, "2026-11-20")
    assert register(tmp_path, "suspend", "VN-DLOR-0103", "--from", "2026-11-22", "--source", "a letter").code == 0
    assert register(tmp_path, "show", "vndlor0103").out.splitlines() == [
        "vndlor0103  orchard/VN/durian-fresh",
        "   not on any copy of the list until 2026-10-31",
        "      Krong C; copy of 2026-11-01: https://example.org/list",
        "   active from 2026-11-01 to 2026-11-21",
        "      Krong C; copy of 2026-11-01: https://example.org/list",
        "   suspended from 2026-11-22 on",
        "      Krong C; noted by you: a letter",
    ]


def test_show_of_a_code_that_is_nowhere_names_the_nearest(tmp_path: Path) -> None:
    assert register(tmp_path, "show", "VN-DLOR-0101").code == 1
    bring(tmp_path, FIRST, "2026-11-01")
    ran = register(tmp_path, "show", "VN-DLOR-01O1")
    assert (ran.code, ran.out) == (
        1,
        "no list that is kept knows VN-DLOR-01O1\n   nearest codes: VN-DLOR-0101\n",
    )


def test_diff_between_two_days_counts_the_users_own_acts(tmp_path: Path) -> None:
    bring(tmp_path, FIRST, "2026-11-01")
    register(tmp_path, "suspend", "VN-DLOR-0101", "--from", "2026-11-05", "--until", "2026-11-08", "--source", "x")
    found = told(register(tmp_path, "diff", LIST, "--from", "2026-11-01", "--to", "2026-11-06", "--format", "json"))
    assert (found["suspended"], found["active_before"], found["active"]) == (["VN-DLOR-0101"], 4, 3)
    later = told(register(tmp_path, "diff", LIST, "--from", "2026-11-06", "--to", "2026-11-09", "--format", "json"))
    assert later["resumed"] == ["VN-DLOR-0101"]
    assert register(tmp_path, "diff", "orchard/VN/durian").code == 2
    assert "did you mean orchard/VN/durian-fresh?" in register(tmp_path, "diff", "orchard/VN/durian").err


def test_acts_say_what_they_did_and_can_be_taken_back(tmp_path: Path) -> None:
    bring(tmp_path, FIRST, "2026-11-01")
    source = ("--source", "a letter")
    assert register(tmp_path, "delist", "VN-DLOR-0101", "--from", "2026-11-05", *source).out.split(": ")[1] == (
        "VN-DLOR-0101 is struck off from 2026-11-05 on, until \nyou resume it\n"
    )
    assert register(tmp_path, "resume", "VN-DLOR-0101", "--from", "2026-11-07", *source).code == 0
    entries = told(register(tmp_path, "show", "VN-DLOR-0101", "--format", "json"))["lists"][0]["entries"]
    assert [(entry["status"], entry["start"], entry["by"]) for entry in entries] == [
        ("unseen", None, "list"),
        ("active", "2026-11-01", "list"),
        ("delisted", "2026-11-05", "you"),
        ("active", "2026-11-07", "list"),
    ]
    assert register(tmp_path, "resume", "VN-DLOR-0101", "--from", "2026-11-08", *source).code == 2
    assert register(tmp_path, "suspend", "VN-DLOR-0999", "--from", "2026-11-08", *source).code == 2
    assert (
        register(tmp_path, "suspend", "VN-DLOR-0101", "--from", "2026-11-08", "--until", "2026-11-07", *source).code
        == 2
    )


def test_remove_asks_to_be_meant(tmp_path: Path) -> None:
    bring(tmp_path, FIRST, "2026-11-01")
    assert register(tmp_path, "remove", LIST).code == 2
    assert register(tmp_path, "list").code == 0
    assert register(tmp_path, "remove", LIST, "--yes").code == 0
    assert register(tmp_path, "list").code == 3


def test_export_writes_files_that_a_check_reads(tmp_path: Path) -> None:
    assert register(tmp_path, "export", "--to", "out").code == 3
    bring(tmp_path, FIRST, "2026-11-01")
    bring(tmp_path, FIRST, "2026-11-02", kind="packhouse")
    ran = register(tmp_path, "export", "--to", "out")
    assert (ran.code, ran.out) == (0, "out/gacc-orchards.csv: 4 codes\nout/gacc-packhouses.csv: 4 codes\n")
    assert (tmp_path / "out/gacc-orchards.csv").read_text("utf-8").splitlines()[:3] == [
        "# list: origin=VN product=durian-fresh market=CN as-of=2026-11-01 source=https://example.org/list",
        "code,product,origin,market,status,start,until,name,holder,area_ha,address",
        "VN-DLOR-0101,durian-fresh,VN,CN,unseen,,2026-10-31,Krong A,,,",
    ]
    register(tmp_path, "export", "--kind", "orchard", "--to", "one")
    assert [path.name for path in (tmp_path / "one").iterdir()] == ["gacc-orchards.csv"]
    (tmp_path / "taken").write_text("")
    assert register(tmp_path, "export", "--to", "taken").code == 2


# the check


def check(home: Path, *arguments: str) -> dict[str, Any]:
    """Check the example with its orchard, and give the finding on its code and the register."""
    ran = run("check", "m.yaml", "--format", "json", "--verbose", *arguments, home=home)
    report = json.loads(ran.out)
    assert report["counts"]["error"] == 0
    found = [one for one in report["findings"] if one["rule"] == "vn/durian-fresh/orchard-code"]
    return {
        "status": [one["status"] for one in found],
        "files": [one["file"] for one in report["registers"]],
        "lists": [(one["product"], one["as_of"]) for one in report["registers"][0]["lists"]]
        if report["registers"]
        else [],
    }


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "m.yaml").write_bytes((ROOT / "examples/durian-ready.yaml").read_bytes())
    return tmp_path


def test_check_asks_what_is_kept(home: Path) -> None:
    assert check(home) == {"status": ["unknown"], "files": [], "lists": []}
    bring(home, "code\nVN-DLOR-0123\n", "2026-11-01", "--since", "2025-01-01")
    expected = {"files": ["registers.sqlite"], "lists": [("durian-fresh", "2026-11-01")]}
    assert check(home) == {"status": ["pass"], **expected}
    register(home, "suspend", "VN-DLOR-0123", "--from", "2026-11-20", "--source", "a letter")
    assert check(home) == {"status": ["fail"], **expected}


def test_a_folder_beside_the_manifest_or_one_that_is_named_goes_before_what_is_kept(home: Path) -> None:
    bring(home, "code\nVN-DLOR-9999\n", "2026-11-01", "--since", "2025-01-01")
    named = home / "named"
    named.mkdir()
    (named / "gacc-orchards.csv").write_text("code\nVN-DLOR-0123\n", "utf-8")
    assert check(home)["status"] == ["fail"]
    assert check(home, "--registers", "named") == {
        "status": ["pass"],
        "files": ["named/gacc-orchards.csv"],
        "lists": [(None, None)],
    }
    shutil.copytree(named, home / "registers")
    assert check(home)["files"] == ["registers/gacc-orchards.csv"]
    assert check(home, "--registers", "named")["files"] == ["named/gacc-orchards.csv"]


def test_a_list_for_another_market_decides_nothing(home: Path) -> None:
    """A code that it lacks is not called absent from China's list."""
    bring(home, "code\nVN-DLOR-9999\n", "2026-11-01", "--since", "2025-01-01", "--market", "US")
    assert check(home)["status"] == ["unknown"]


def test_text_report_names_the_lists_that_speak_of_the_goods(home: Path) -> None:
    bring(home, "code\nVN-DLOR-0123\n", "2026-11-01", "--since", "2025-01-01")
    bring(home, "code\nVN-BNOR-0123\n", "2026-09-01", "--product", "banana")
    bring(home, "code\nVN-DLOR-0123\n", "2026-10-01", "--product", "fresh-fruit")
    ran = run("check", "m.yaml", home=home)
    lines = [line.rsplit(",", 1)[0] for line in ran.out.splitlines() if line.startswith("register gacc-orchards")]
    assert lines == [
        "register gacc-orchards VN durian-fresh as of 2026-11-01 (1 codes",
        "register gacc-orchards VN fresh-fruit as of 2026-10-01 (1 codes",
    ]
    bring(home, "code\nVN-DLOR-0123\n", "2026-10-02", "--product", "banana")


def test_a_damaged_store_stops_the_check(home: Path) -> None:
    bring(home, FIRST, "2026-11-01")
    (home / ".local/share/borderready/registers.sqlite").write_bytes(b"no database at all, but long enough")
    write_manifest(home, "other.yaml")
    ran = run("check", "m.yaml", "other.yaml", home=home)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("registers.sqlite: error: ")
