# SPDX-License-Identifier: Apache-2.0
"""The edge: where errors become sentences and exit codes, and nothing ends in a traceback."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from borderready import __version__
from tests.cli.build import write_pack
from tests.command import MANIFESTS, PACK, Ran, make_environment, run_here, run_process, run_program, run_script

CHECK = ("check", "ready.yaml", "--rules", "../pack")
COMMANDS = (
    (),
    ("check",),
    ("explain",),
    ("rules",),
    ("products",),
    ("schema",),
    ("pack",),
    ("pack", "lint"),
    ("pack", "test"),
)
BREAKS_INSIDE = """
import sys
import borderready.cli.run
from borderready.cli.app import run

def break_down(*_, **__):
    raise RuntimeError("the core broke down")

borderready.cli.run.check_shipment = break_down
sys.exit(run(sys.argv[1:]))
"""


# wrong usage


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("chek", "ready.yaml"), ("'chek'", "'check'")),
        (("check",), ("FILE",)),
        (("check", "--frmat", "json", "ready.yaml"), ("--frmat", "--format")),
        (("check", "ready.yaml", "--format", "yml"), ("--format", "'yml'", "text", "json")),
        (("check", "ready.yaml", "--fail-on", "never"), ("--fail-on", "'never'", "blocking", "warning")),
        (("check", "ready.yaml", "--output", "."), ("--output", "'.'", "directory")),
        (("check", "ready.yaml", "--lang"), ("--lang",)),
        (("explain",), ("rule",)),
        (("schema", "manifst"), ("'manifst'", "'manifest'")),
        (("pack", "lnt"), ("'lnt'", "'lint'")),
    ],
)
def test_mistyped_command_or_option_is_one_error_and_names_what_is_known(
    arguments: tuple[str, ...], named: tuple[str, ...], tmp_path: Path
) -> None:
    ran = run_here(*arguments, home=tmp_path, folder=MANIFESTS)
    assert (ran.code, ran.out) == (2, "")
    [error] = [line for line in ran.err.splitlines() if line.lower().startswith("error: ")]
    assert [word for word in named if word not in error] == []
    assert "Traceback" not in ran.err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (
            (*CHECK, "--why-not", "vn/lychee-fresh/orchard-cod"),
            [
                "borderready: error: there is no rule 'vn/lychee-fresh/orchard-cod'",
                "  hint: did you mean vn/lychee-fresh/orchard-code?",
            ],
        ),
        (
            ("explain", "xyz", "--rules", "../pack"),
            ["borderready: error: there is no rule 'xyz'", "  hint: borderready rules lists them"],
        ),
        (
            ("explain", "any/any/acces", "--rules", "../pack"),
            ["borderready: error: there is no rule 'any/any/acces'", "  hint: did you mean any/any/access?"],
        ),
        (
            (*CHECK, "--on", "arival=2026-11-26"),
            [
                "borderready: error: 'arival' is not an event; known: arrival, departure, declaration, harvest, "
                "packing, production, issue"
            ],
        ),
        (
            (*CHECK, "--on", "arrival=26/11/2026"),
            [
                "borderready: error: '26/11/2026' is not a date",
                "  hint: write year-month-day, such as 2026-11-26",
            ],
        ),
        (
            (*CHECK, "--on", "arrival=2026-02-30"),
            [
                "borderready: error: '2026-02-30' is not a date",
                "  hint: write year-month-day, such as 2026-11-26",
            ],
        ),
        (
            (*CHECK, "--on", "arrival=2026-11-26T10:00"),
            [
                "borderready: error: '2026-11-26T10:00' is not a date",
                "  hint: write year-month-day, such as 2026-11-26",
            ],
        ),
        (
            (*CHECK, "--on", "2026-11-26"),
            [
                "borderready: error: '2026-11-26' is not EVENT=DATE",
                "  hint: write it like --on arrival=2026-11-26",
            ],
        ),
        (
            (*CHECK, "--lang", "fr"),
            ["borderready: error: 'fr' is not a language of borderready; known: en, vi, zh"],
        ),
        (
            ("rules", "--on", "soon", "--rules", "../pack"),
            ["borderready: error: 'soon' is not a date", "  hint: write year-month-day, such as 2026-11-26"],
        ),
        (
            ("rules", "--product", "lychee", "--rules", "../pack"),
            ["borderready: error: there is no product 'lychee'", "  hint: did you mean lychee-fresh?"],
        ),
        (
            ("rules", "--area", "labelling", "--rules", "../pack"),
            [
                "borderready: error: 'labelling' is not an area; known: access, documents, labeling, logistics, "
                "phytosanitary, registration"
            ],
        ),
        (
            ("pack", "lint", "../pack", "--on", "yesterday"),
            ["borderready: error: 'yesterday' is not a date", "  hint: write year-month-day, such as 2026-11-26"],
        ),
    ],
)
def test_wrong_value_is_one_sentence_with_the_next_thing_to_do(
    arguments: tuple[str, ...], told: list[str], tmp_path: Path
) -> None:
    ran = run_here(*arguments, home=tmp_path, folder=MANIFESTS)
    assert (ran.code, ran.out, ran.err.splitlines()) == (2, "", told)


def test_wrong_value_is_told_in_the_language_of_the_reader(tmp_path: Path) -> None:
    from borderready.i18n import say
    from borderready.model import Message

    for locale, language in (("vi_VN.UTF-8", "vi"), ("zh_CN.UTF-8", "zh")):
        ran = run_here(*CHECK, "--on", "arrival=soon", home=tmp_path, folder=MANIFESTS, environment={"LC_ALL": locale})
        assert say(Message("cli.bad_day", {"text": "soon"}), language) in ran.err


def test_language_asked_for_holds_for_errors_too(tmp_path: Path) -> None:
    from borderready.i18n import say
    from borderready.model import Message

    ran = run_here(*CHECK, "--on", "arrival=soon", "--lang", "vi", home=tmp_path, folder=MANIFESTS)
    assert say(Message("cli.bad_day", {"text": "soon"}), "vi") in ran.err


# the rule base


def _replace_in(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


@pytest.mark.parametrize(
    ("file", "old", "new", "place", "why"),
    [
        ("any/any/access.yaml", "severity: must", "severty: must", "any/any/access.yaml:7:1", "'severty'"),
        ("any/any/access.yaml", "check: listed", "check: lister", "any/any/access.yaml:11:8", "'lister'"),
        ("any/any/access.yaml", "column: state", "colum: state", "any/any/access.yaml:18:7", "'colum'"),
        ("any/any/access.yaml", "instrument: harbour-act", "instrument: harbour", "any/any/access.yaml:29", "harbour"),
        ("any/any/access.yaml", "table: access", "table: acces", "any/any/access.yaml:16", "acces"),
        ("any/any/access.yaml", "wordings:", "wordings: [", "any/any/access.yaml:14", "YAML"),
        ("any/any/wash-record.yaml", "applies_to: {}", "applies_to: {product: [plum]}", "any/any/wash", "'plum'"),
        ("products.yaml", "groups: [fresh-fruit]", "groups: [fruit]", "products.yaml:9:14", "'fruit'"),
        ("tables/access.csv", "open,,2019-06-01", "opn,,2019-06-01", "tables/access.csv:2:1", "'opn'"),
        ("instruments/harbour-act.yaml", "kind: law", "kind: lore", "instruments/harbour-act.yaml:4:7", "'lore'"),
    ],
)
def test_broken_rule_base_names_file_line_and_why(
    file: str, old: str, new: str, place: str, why: str, tmp_path: Path
) -> None:
    pack = write_pack(tmp_path)
    _replace_in(pack / file, old, new)
    ran = run_here("check", "ready.yaml", "--rules", str(pack), home=tmp_path, folder=MANIFESTS)
    first = ran.err.splitlines()[0]
    assert (ran.code, ran.out) == (5, "")
    assert first.startswith(place)
    assert why in first


def test_every_fault_of_a_rule_base_is_told_at_once(tmp_path: Path) -> None:
    pack = write_pack(tmp_path)
    _replace_in(pack / "any/any/access.yaml", "severity: must", "severity: shall")
    _replace_in(pack / "any/any/wash-record.yaml", "basis: packing", "basis: washing")
    ran = run_here("products", "--rules", str(pack), home=tmp_path)
    places = [line.split(": error: ")[0] for line in ran.err.splitlines() if ": error: " in line]
    assert (ran.code, places) == (5, ["any/any/access.yaml:7:11", "any/any/wash-record.yaml:6:8"])


def test_rule_base_that_breaks_is_not_answered_from_the_cache(tmp_path: Path) -> None:
    pack = write_pack(tmp_path)
    arguments = ("check", "ready.yaml", "--rules", str(pack))
    codes = [run_here(*arguments, home=tmp_path, folder=MANIFESTS).code]
    _replace_in(pack / "any/any/access.yaml", "severity: must", "severity: shall")
    codes.append(run_here(*arguments, home=tmp_path, folder=MANIFESTS).code)
    _replace_in(pack / "any/any/access.yaml", "severity: shall", "severity: must")
    codes.append(run_here(*arguments, home=tmp_path, folder=MANIFESTS).code)
    assert codes == [0, 5, 0]


@pytest.mark.parametrize(
    ("rules", "hint"),
    [
        ("nowhere", "see borderready pack list"),
        ("ready.yaml", "name the folder of a pack, or a zip"),
        ("registers", "name the folder of a pack, the one with the file VERSION in it"),
    ],
)
def test_what_is_no_rule_base_is_not_trusted(rules: str, hint: str, tmp_path: Path) -> None:
    ran = run_here("check", "ready.yaml", "--rules", rules, home=tmp_path, folder=MANIFESTS)
    assert (ran.code, ran.out) == (5, "")
    assert ran.err.startswith(f"{rules}: error: ")
    assert ran.err.splitlines()[1].startswith(f"  hint: {hint}")


# what goes wrong inside


def test_error_inside_is_a_sentence_and_a_code_of_its_own(tmp_path: Path) -> None:
    ran = run_script(BREAKS_INSIDE, *CHECK, home=tmp_path, folder=MANIFESTS)
    assert ran == Ran(
        code=6,
        out="",
        err="borderready: error: something went wrong inside borderready: RuntimeError: the core broke down\n"
        "  hint: please report it with the command you ran; nothing of your files was sent anywhere\n",
    )


def test_error_inside_keeps_its_code_when_the_traceback_is_asked_for(tmp_path: Path) -> None:
    """Python leaves an uncaught error with 1, which here means that a manifest is not ready."""
    ran = run_script(BREAKS_INSIDE, *CHECK, home=tmp_path, folder=MANIFESTS, environment={"BORDERREADY_DEBUG": "1"})
    assert ran.code == 6
    assert "RuntimeError: the core broke down" in ran.err


def test_something_cut_short_inside_is_no_interrupt(tmp_path: Path) -> None:
    """Such as a file of the program itself, written when the disk was full: typer takes that for Ctrl+D."""
    cut = BREAKS_INSIDE.replace('RuntimeError("the core broke down")', 'EOFError("marshal data too short")')
    ran = run_script(cut, *CHECK, home=tmp_path, folder=MANIFESTS)
    assert (ran.code, "EOFError: marshal data too short" in ran.err) == (6, True)


def test_terminal_without_chinese_gets_its_report_all_the_same(tmp_path: Path) -> None:
    """A pipe on Windows speaks the code page of the country; Python asked for ASCII does the same here."""
    arguments = ("check", "scripts.yaml", "--rules", "../pack")
    ran = run_process(*arguments, home=tmp_path, folder=MANIFESTS, environment={"PYTHONIOENCODING": "ascii"})
    assert (ran.code, ran.err) == (1, "")


def test_interrupt_while_reading_leaves_with_130(tmp_path: Path) -> None:
    """More than a pipe holds is written, so that the write returns only when the command is reading."""
    process = subprocess.Popen(
        [sys.executable, "-m", "borderready", "check", "-", "--rules", str(PACK)],
        cwd=tmp_path,
        env=make_environment(tmp_path),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdin is not None
    process.stdin.write(b"# still writing\n" * 20_000)
    process.stdin.flush()
    _interrupt(process)  # its input stays open: the command must leave by itself
    out, err = process.communicate()
    assert (process.returncode, out, err.strip()) == (130, b"", b"")


def _interrupt(process: subprocess.Popen[bytes]) -> None:
    """Interrupt until it leaves: Python does not hear what comes in the moment before it waits for more input."""
    for _ in range(10):
        process.send_signal(signal.SIGINT)
        try:
            process.wait(timeout=3)
        except subprocess.TimeoutExpired:
            continue
        return
    process.kill()


@pytest.mark.parametrize("form", ["text", "json"])
@pytest.mark.parametrize("count", [1, 40])
def test_reader_that_has_left_is_told_no_verdict(form: str, count: int, tmp_path: Path) -> None:
    """No traceback, and not the code of a manifest that is not ready: these are."""
    files = ["ready.yaml"] * count
    read_end, write_end = os.pipe()
    os.close(read_end)
    with open(write_end, "wb") as closed:
        done = subprocess.run(
            [sys.executable, "-m", "borderready", "check", *files, "--rules", "../pack", "--format", form],
            cwd=MANIFESTS,
            env=make_environment(tmp_path),
            stdin=subprocess.DEVNULL,
            stdout=closed,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert (done.returncode, done.stderr) == (130, b"")


def test_head_of_a_long_report_ends_quietly(tmp_path: Path) -> None:
    script = f'"{sys.executable}" -m borderready check {"not-ready.yaml " * 60} --rules ../pack | head -1'
    ran = run_program(["sh", "-c", script], home=tmp_path, folder=MANIFESTS)
    assert ran == Ran(code=0, out="HX-2026-0002  not-ready.yaml\n", err="")


@pytest.mark.parametrize("form", ["text", "json"])
def test_full_disk_is_a_sentence(form: str, tmp_path: Path) -> None:
    """Standard output that takes nothing more is told like a file that takes nothing more."""
    command = f'"{sys.executable}" -m borderready check not-ready.yaml --rules ../pack --format {form} > /dev/full'
    ran = run_program(["sh", "-c", command], home=tmp_path, folder=MANIFESTS)
    assert (ran.code, ran.out) == (2, "")
    assert "No space left on device" in ran.err
    assert "Traceback" not in ran.err
    assert "Exception ignored" not in ran.err


# what every command tells about itself


def test_module_is_the_command(tmp_path: Path) -> None:
    arguments = ("check", "not-ready.yaml", "--rules", "../pack")
    ran = run_process(*arguments, home=tmp_path, folder=MANIFESTS)
    assert ran == run_here(*arguments, home=tmp_path, folder=MANIFESTS)
    assert ran.code == 1


def test_version_names_the_tool_and_the_rule_base_with_its_digest(tmp_path: Path) -> None:
    from borderready.read.rule_base import default_rules_dir

    version = (default_rules_dir() / "VERSION").read_text("utf-8").strip()
    ran = run_here("--version", home=tmp_path)
    tool, pack = ran.out.splitlines()
    assert (ran.code, ran.err, tool) == (0, "", f"borderready {__version__}")
    assert re.fullmatch(rf"rule base cn {re.escape(version)} sha256:[0-9a-f]{{64}}", pack)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("option", ["--help", "-h"])
def test_help_shows_an_example(command: tuple[str, ...], option: str, tmp_path: Path) -> None:
    ran = run_here(*command, option, home=tmp_path)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(f"Usage: {' '.join(('borderready', *command))} ")
    if command != ("pack",):
        assert "Example" in ran.out


@pytest.mark.parametrize("command", [(), ("pack",)], ids=" ".join)
def test_command_without_arguments_shows_its_help(command: tuple[str, ...], tmp_path: Path) -> None:
    ran = run_here(*command, home=tmp_path)
    assert ran.code == 2
    assert "Commands:" in ran.out + ran.err


@pytest.mark.parametrize(
    ("shell", "line"),
    [
        ("bash", "complete -o default -F _borderready_completion borderready"),
        ("zsh", "#compdef borderready"),
        ("fish", "complete --command borderready"),
    ],
)
def test_shell_gets_its_completion(shell: str, line: str, tmp_path: Path) -> None:
    ran = run_process(home=tmp_path, environment={"_BORDERREADY_COMPLETE": f"source_{shell}"})
    assert (ran.code, ran.err) == (0, "")
    assert line in ran.out


def test_a_command_waits_for_no_other_command(tmp_path: Path) -> None:
    """What each of them needs is loaded when it is asked for, and its options are made then."""
    script = (
        "import sys; from borderready.cli.app import run; code = run(sys.argv[1:]);"
        "others = ('explain', 'lists', 'knowledge', 'config', 'scale', 'baseline', 'ledger', 'pack')\n"
        "print(code, [name for name in others if f'borderready.cli.{name}' in sys.modules], file=sys.stderr)"
    )
    ran = run_script(script, "check", str(MANIFESTS / "ready.yaml"), "--rules", str(PACK), home=tmp_path)
    assert ran.err == "0 []\n"
