# SPDX-License-Identifier: Apache-2.0
"""`pack new`, `new-rule`, `new-instrument`: from nothing to a pack that is right, and nothing made up on the way."""

from __future__ import annotations

import os
import pty
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from borderready.schemas import load_schema
from tests.command import ROOT, make_environment, run_here, run_process

EXAMPLE = ROOT / "examples" / "durian-ready.yaml"
RULE = "vn/durian-fresh/lot-weight"
LEAVE = "\x03"
STRUCTURE = ("--area", "packaging", "--check", "limit", "--field", "quantity.net_kg", "--option", "max=18000")
TEXTS = (
    *("--title", "en=Weight of a lot", "--title", "vi=Khối lượng lô hàng", "--title", "zh=批次重量"),
    *("--says", "en=A lot weighs at most 18 tonnes.", "--says", "vi=Một lô nặng không quá 18 tấn."),
    *("--says", "zh=每批不超过18吨。", "--fix", "en=Split it.", "--fix", "vi=Chia lô ra.", "--fix", "zh=请分批。"),
    *("--locator", "Section 3", "--seen", "primary"),
)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose cache the tests share, with a new pack in it that no test changes."""
    home = tmp_path_factory.mktemp("team")
    assert run_process("pack", "new", "acme", home=home).code == 0
    return home


def new_pack(home: Path, folder: Path) -> None:
    assert run_here("pack", "new", "acme", home=home, folder=folder).code == 0


def tree(root: Path) -> dict[str, str]:
    return {path.relative_to(root).as_posix(): path.read_text("utf-8") for path in root.rglob("*") if path.is_file()}


def test_new_pack_passes_lint_test_and_mutate_at_once(home: Path) -> None:
    assert run_process("pack", "lint", "acme", home=home).out.startswith("no faults")
    tested = run_process("pack", "test", "acme", home=home)
    assert (tested.code, tested.out) == (0, "cases: 4 passed, 0 failed (rules: 1)\n")
    assert run_process("pack", "mutate", "acme", "-j", "1", home=home).code == 0
    assert run_process("pack", "cover", "acme", "--min", "100", home=home).code == 0
    assert run_process("pack", "fmt", "acme", "--check", home=home).out == "would change: 0 (files: 4)\n"


def test_example_of_a_new_pack_says_that_it_is_invented_and_changes_no_verdict(home: Path) -> None:
    rule = (home / "acme" / "any" / "any" / "example-seal.yaml").read_text("utf-8")
    assert all(mark in rule for mark in ("Example, invented", "Ví dụ, hư cấu", "示例（虚构）", "seen: memory"))
    assert run_process("check", str(EXAMPLE), "--rules", "acme", home=home).code == 0


def test_new_pack_is_written_for_the_base_that_is_there_and_says_so(home: Path) -> None:
    head = yaml.safe_load((home / "acme" / "pack.yaml").read_text("utf-8"))
    version = (ROOT / "rules" / "VERSION").read_text("utf-8").split(".")
    assert head["extends"] == f"cn >={'.'.join(version[:2])}"
    assert "borderready pack new-rule" in (home / "acme" / "README.md").read_text("utf-8")


def test_titles_and_folder_are_as_asked(home: Path, tmp_path: Path) -> None:
    titles = ("--title", "en=House of Acme", "--title", "vi=Nhà Acme", "--title", "zh=Acme之家")
    ran = run_here("pack", "new", "acme", "--dir", "deep/down", *titles, home=home, folder=tmp_path)
    assert ran.code == 0, ran.err
    assert "title: {en: House of Acme, vi: Nhà Acme, zh: Acme之家}" in (tmp_path / "deep/down/pack.yaml").read_text(
        "utf-8"
    )


def test_pack_for_another_market_stands_alone(home: Path, tmp_path: Path) -> None:
    assert run_here("pack", "new", "jp", "--alone", home=home, folder=tmp_path).code == 0
    assert "extends" not in (tmp_path / "jp" / "pack.yaml").read_text("utf-8")
    assert run_here("pack", "lint", "jp", home=home, folder=tmp_path).code == 0
    assert run_here("pack", "test", "jp", home=home, folder=tmp_path).code == 0


def test_pack_extends_a_pack_beside_it(home: Path, tmp_path: Path) -> None:
    new_pack(home, tmp_path)
    assert run_here("pack", "new", "acme-hanoi", "--extends", "acme", home=home, folder=tmp_path).code == 0
    assert run_here("pack", "test", "acme-hanoi", home=home, folder=tmp_path).code == 0
    assert run_here("pack", "lint", "acme-hanoi", home=home, folder=tmp_path).code == 0


def test_nothing_is_overwritten_by_a_new_pack(home: Path, tmp_path: Path) -> None:
    (tmp_path / "acme").mkdir()
    (tmp_path / "acme" / "mine.txt").write_text("mine", "utf-8")
    ran = run_here("pack", "new", "acme", home=home, folder=tmp_path)
    assert (ran.code, "acme is there already" in ran.err) == (2, True)
    assert tree(tmp_path) == {"acme/mine.txt": "mine"}


@pytest.mark.parametrize(
    "arguments",
    [
        ("Acme",),
        ("../acme",),
        ("cn",),
        ("a" * 61,),
        ("acme", "--extends", "nowhere"),
        ("acme", "--extends", "cn >=2999"),
        ("acme", "--extends", "cn newest"),
        ("acme", "--extends", "../../etc"),
        ("acme", "--alone", "--extends", "cn"),
        ("acme", "--title", "Acme"),
        ("acme", "--title", "fr=Acme"),
        ("acme", "--title", "en=A", "--title", "en=B"),
        ("acme", "--title", "en= "),
    ],
)
def test_pack_that_would_not_be_right_is_not_begun(arguments: tuple[str, ...], home: Path, tmp_path: Path) -> None:
    ran = run_here("pack", "new", *arguments, home=home, folder=tmp_path)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(("borderready: error: ", "pack.yaml:"))
    assert list(tmp_path.iterdir()) == []


def test_rule_with_a_plain_bound_that_is_told_in_full_is_ready_at_once(home: Path, tmp_path: Path) -> None:
    new_pack(home, tmp_path)
    ran = run_here(
        *(
            "pack",
            "new-rule",
            "acme",
            RULE,
            *STRUCTURE,
            *TEXTS,
            "--instrument",
            "acme-handbook",
            "--start",
            "2026-06-01",
        ),
        home=home,
        folder=tmp_path,
    )
    assert ran.code == 0, ran.err
    assert ran.out == f"written: acme/{RULE}.yaml\nwritten: acme/{RULE}.cases.yaml\n"
    assert run_here("pack", "lint", "acme", home=home, folder=tmp_path).code == 0
    assert run_here("pack", "test", "acme", home=home, folder=tmp_path).out == "cases: 8 passed, 0 failed (rules: 2)\n"
    assert run_here("pack", "mutate", "acme", "-j", "1", home=home, folder=tmp_path).code == 0


@pytest.mark.parametrize("option", ["max=0.05", "min=18", "max=18000"])
def test_cases_of_a_bound_come_out_as_written(option: str, home: Path, tmp_path: Path) -> None:
    new_pack(home, tmp_path)
    named = ("--area", "packaging", "--check", "limit", "--field", "quantity.gross_kg", "--instrument", "acme-handbook")
    assert run_here("pack", "new-rule", "acme", RULE, *named, "--option", option, home=home, folder=tmp_path).code == 0
    assert run_here("pack", "test", "acme", home=home, folder=tmp_path).code == 0
    assert run_here("pack", "mutate", "acme", "-j", "1", home=home, folder=tmp_path).code == 0


def test_bound_below_zero_is_a_number(home: Path, tmp_path: Path) -> None:
    new_pack(home, tmp_path)
    named = ("--area", "logistics", "--check", "limit", "--field", "quantity.gross_kg", "--instrument", "acme-handbook")
    ran = run_here("pack", "new-rule", "acme", RULE, *named, "--option", "min=-18", home=home, folder=tmp_path)
    assert ran.code == 0, ran.err
    assert "options: {min: -18}" in (tmp_path / "acme" / f"{RULE}.yaml").read_text("utf-8")


def test_rule_of_another_kind_needs_its_cases(home: Path, tmp_path: Path) -> None:
    new_pack(home, tmp_path)
    named = ("--area", "definition", "--check", "one_of", "--field", "variety", "--option", "values=[Ri6, Dona]")
    cited = ("--instrument", "acme-handbook", "--start", "2026-06-01")
    assert run_here("pack", "new-rule", "acme", RULE, *named, *TEXTS, *cited, home=home, folder=tmp_path).code == 0
    linted = run_here("pack", "lint", "acme", home=home, folder=tmp_path)
    assert linted.code == 1
    told = {line.split(":")[0] for line in linted.out.splitlines() if " error: " in line}
    assert told == {f"acme/{RULE}.cases.yaml"}
    assert run_here("pack", "test", "acme", home=home, folder=tmp_path).code == 1
    cases = tmp_path / "acme" / f"{RULE}.cases.yaml"
    text = cases.read_text("utf-8")
    assert [case["expect"] for case in yaml.safe_load(text)] == ["pass", "fail", "unknown", "upcoming"]
    for mark, variety in (
        ("TODO name what meets it, and give it", "Ri6"),
        ("TODO name what does not meet it, and give it", "Chanee"),
        ("TODO give what does not meet it, the day before", "Chanee the day before"),
    ):
        before, rest = text.split(mark)
        text = f"{before}{variety}{rest.replace('given: {}', f'given: {{variety: {variety.split()[0]}}}', 1)}"
    cases.write_text(text, "utf-8")
    assert run_here("pack", "test", "acme", home=home, folder=tmp_path).out == "cases: 8 passed, 0 failed (rules: 2)\n"
    assert run_here("pack", "lint", "acme", home=home, folder=tmp_path).code == 0


def test_new_rule_says_what_its_path_says_in_the_order_of_the_rule_base(home: Path, tmp_path: Path) -> None:
    new_pack(home, tmp_path)
    more = ("--given", "quantity.packages", "--seen", "secondary", "--witness", "Harbour Post")
    run_here(
        *("pack", "new-rule", "acme", RULE, *STRUCTURE, *more, "--instrument", "gb-2762-2025"),
        home=home,
        folder=tmp_path,
    )
    rule = yaml.safe_load((tmp_path / "acme" / f"{RULE}.yaml").read_text("utf-8"))
    assert rule["id"] == f"acme:{RULE}"
    assert rule["applies_to"] == {"origin": ["VN"], "product": ["durian-fresh"], "given": ["quantity.packages"]}
    assert rule["wordings"][0]["source"]["witnesses"] == ["Harbour Post"]
    order = [key for key in load_schema("rule")["properties"] if key in rule]
    assert list(rule) == order


def test_text_that_nobody_says_is_never_made_up(home: Path, tmp_path: Path) -> None:
    new_pack(home, tmp_path)
    run_here("pack", "new-rule", "acme", RULE, *STRUCTURE, "--instrument", "acme-handbook", home=home, folder=tmp_path)
    rule = yaml.safe_load((tmp_path / "acme" / f"{RULE}.yaml").read_text("utf-8"))
    wording = rule["wordings"][0]
    texts = [text for part in (rule["title"], wording["says"], wording["fix"]) for text in part.values()]
    assert all(text.startswith("TODO ") for text in texts)
    assert wording["source"]["locator"] == "TODO"
    assert wording["source"]["seen"] == "memory"
    linted = run_here("pack", "lint", "acme", home=home, folder=tmp_path)
    told = [line for line in linted.out.splitlines() if line.startswith(f"acme/{RULE}.yaml:")]
    assert sum(line.endswith("[unfinished]") for line in told) == 10


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((RULE,), "--area, --check, --field, --instrument"),
        ((RULE, *STRUCTURE), "not said: --instrument"),
        ((RULE, *STRUCTURE, "--instrument", "no-such"), "instruments/no-such.yaml"),
        ((RULE, *STRUCTURE, "--instrument", "acme-handbook", "--option", "mux=1"), "did you mean 'max'?"),
        ((RULE, *STRUCTURE, "--instrument", "acme-handbook", "--option", "max"), "KEY=VALUE"),
        ((RULE, *STRUCTURE, "--instrument", "acme-handbook", "--option", "values=[a"), "KEY=VALUE"),
        ((RULE, *STRUCTURE, "--instrument", "acme-handbook", "--start", "soon"), "soon"),
        ((RULE, *STRUCTURE, "--instrument", "acme-handbook", "--area", "packing"), "did you mean 'packaging'?"),
        (("vn/durian", *STRUCTURE, "--instrument", "acme-handbook"), "vn/durian-fresh/box-weight"),
        (("vn/no-such/x", *STRUCTURE, "--instrument", "acme-handbook"), "'no-such' is neither a product"),
        (("any/any/example-seal", *STRUCTURE, "--instrument", "acme-handbook"), "is there already"),
        (("../../x/y/z", *STRUCTURE, "--instrument", "acme-handbook"), "no place for a rule"),
    ],
)
def test_rule_that_would_break_the_pack_is_not_written(
    arguments: tuple[str, ...], told: str, home: Path, tmp_path: Path
) -> None:
    new_pack(home, tmp_path)
    before = tree(tmp_path)
    ran = run_here("pack", "new-rule", "acme", *arguments, home=home, folder=tmp_path)
    assert (ran.code, ran.out) == (2, "")
    assert told in ran.err
    assert tree(tmp_path) == before


def test_instrument_is_written_as_far_as_it_is_told(home: Path, tmp_path: Path) -> None:
    new_pack(home, tmp_path)
    told = ("--kind", "standard", "--issuer", "Acme: Hanoi", "--number", "AC 7", "--issued", "2026-01-02")
    ran = run_here("pack", "new-instrument", "acme", "acme-7", *told, home=home, folder=tmp_path)
    assert ran.code == 0, ran.err
    assert "TODO say it in English" in ran.out
    written = (tmp_path / "acme" / "instruments" / "acme-7.yaml").read_text("utf-8")
    assert list(yaml.safe_load(written)) == ["id", "title", "number", "kind", "issuer", "issued", "url_state"]
    assert yaml.safe_load(written)["issuer"] == "Acme: Hanoi"
    again = run_here("pack", "new-instrument", "acme", "acme-7", *told, home=home, folder=tmp_path)
    assert (again.code, "is there already" in again.err) == (2, True)
    base = run_here("pack", "new-instrument", "acme", "gb-2762-2025", *told, home=home, folder=tmp_path)
    assert (base.code, "in the base already" in base.err) == (2, True)


def test_rule_for_a_pack_without_pack_yaml_has_a_bare_id(home: Path, tmp_path: Path) -> None:
    """The rule base of the program itself is one."""
    new_pack(home, tmp_path)
    run_here("pack", "new", "jp", "--alone", home=home, folder=tmp_path)
    pack = tmp_path / "jp"
    (pack / "pack.yaml").unlink()
    rule = pack / "any" / "any" / "example-seal.yaml"
    rule.write_text(rule.read_text("utf-8").replace("id: jp:", "id: "), "utf-8")
    ran = run_here("pack", "new-rule", "jp", "vn/any/weight", *STRUCTURE, "--instrument", "jp-handbook", home=home,
                   folder=tmp_path)  # fmt: skip
    assert ran.code == 0, ran.err
    assert (pack / "vn" / "any" / "weight.yaml").read_text("utf-8").startswith("id: vn/any/weight\n")


def test_terminal_is_asked_for_what_is_not_given(home: Path, tmp_path: Path) -> None:
    new_pack(home, tmp_path)
    answers = ["Weight of a lot", "", "", "packing", "packaging", *[""] * 5, "limit", "quantity.net_kg", "max: 18000",
               "2026-06-01", *[""] * 6, "acme-handbook", "Section 3", "secondary", "Harbour Post"]  # fmt: skip
    shown, code = at_terminal(["pack", "new-rule", "acme", RULE], answers, home, tmp_path)
    assert code == 0, shown
    assert "area (one of access, definition" in shown
    rule = yaml.safe_load((tmp_path / "acme" / f"{RULE}.yaml").read_text("utf-8"))
    assert (rule["title"]["en"], rule["area"], rule["each"]) == ("Weight of a lot", "packaging", "lot")
    assert rule["title"]["vi"].startswith("TODO")
    assert rule["wordings"][0]["options"] == {"max": 18000}
    assert rule["wordings"][0]["source"]["witnesses"] == ["Harbour Post"]


def test_whoever_leaves_in_the_middle_leaves_nothing_behind(home: Path, tmp_path: Path) -> None:
    new_pack(home, tmp_path)
    before = tree(tmp_path)
    _, code = at_terminal(["pack", "new-rule", "acme", RULE], ["Weight", LEAVE], home, tmp_path)
    assert code == 130
    assert tree(tmp_path) == before


def at_terminal(arguments: list[str], answers: list[str], home: Path, folder: Path) -> tuple[str, int]:
    """Run a command at a terminal of its own, answer whenever it waits, and return what was shown, and the code."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "borderready", *arguments],
        cwd=folder,
        env=make_environment(home, {"TERM": "dumb", "COLUMNS": "200"}),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    shown, waiting, is_leaving = b"", list(answers), False
    while True:
        if is_leaving and not select.select([ours], [], [], 0.5)[0]:
            process.send_signal(signal.SIGINT)  # one that comes before the wait for an answer begins is not heard
            continue
        try:
            part = os.read(ours, 65536)
        except OSError:  # the other end is closed
            break
        shown += part
        line = shown.rsplit(b"\n", 1)[-1]
        if not line.endswith(b": ") or line.count(b"(") != line.count(b")"):
            continue
        if not waiting:  # it asks for more than there is to say
            process.kill()
        elif waiting[0] == LEAVE:
            is_leaving = True
        else:
            os.write(ours, f"{waiting[0]}\n".encode())
        waiting = waiting[1:]
    code = process.wait()
    os.close(ours)
    return shown.decode("utf-8", "replace"), code
