# SPDX-License-Identifier: Apache-2.0
"""Answers of earlier runs: a kept one is the fresh one, byte for byte, whatever has changed meanwhile."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from borderready.report.formats import FORMATS
from tests.cli.build import lines, open_harbour, write_folder, write_manifest, write_pack, write_registers
from tests.cli.test_ledger import OWN, REGISTERS, write_truck
from tests.command import run_process, run_script

COUNT = 12
# Runs the command once for each line of the arguments and parts what they print.
SEVERAL = """
import os, sys
from borderready.cli.app import run
def no_worker():
    raise RuntimeError("a worker was started")
fork = os.fork
for line in sys.argv[1].splitlines():
    words = line.split()
    os.fork = no_worker if "WARM" in words else fork
    print("code", run([word for word in words if word != "WARM"]))
    print("----")
"""


def run_several(home: Path, folder: Path, *commands: str) -> list[str]:
    """Return what each command printed, with its code; one that begins with WARM may start no worker."""
    ran = run_script(SEVERAL, "\n".join(commands), home=home, folder=folder)
    assert ran.err == ""
    return ran.out.split("----\n")[:-1]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose cache the tests share."""
    return tmp_path_factory.mktemp("home")


CHECK = "check out --format ndjson -q"


def test_a_second_run_gives_the_same_bytes_in_every_format_and_starts_no_worker(home: Path, tmp_path: Path) -> None:
    write_folder(tmp_path / "out", COUNT)
    (tmp_path / "out" / "broken.yaml").write_text("borderready: 1\nlots: 5\n", "utf-8")
    (tmp_path / "out" / "lines.ndjson").write_text("\n".join(lines(COUNT)).replace("BM-", "BL-"), "utf-8")
    for name in ("fresh", "first", "warm"):
        (tmp_path / name).mkdir()

    def command(name: str) -> str:
        reports = " ".join(f"--report {form}={name}/{form}" for form in FORMATS)
        return f"{CHECK} --verbose {reports}"

    fresh, first, warm = run_several(
        home, tmp_path, f"{command('fresh')} --no-cache", command("first"), f"WARM {command('warm')}"
    )
    assert fresh == first == warm
    assert fresh.splitlines()[-1] == "code 1"
    for form in FORMATS:
        content = (tmp_path / "fresh" / form).read_bytes()
        assert (tmp_path / "first" / form).read_bytes() == content, form
        assert (tmp_path / "warm" / form).read_bytes() == content, form


def test_no_cache_neither_takes_nor_keeps_an_answer(tmp_path: Path) -> None:
    write_folder(tmp_path / "out", COUNT)
    run_process(*f"{CHECK} --no-cache".split(), home=tmp_path)
    assert list(tmp_path.rglob("answers.sqlite")) == []
    run_process(*CHECK.split(), home=tmp_path)
    (path,) = tmp_path.rglob("answers.sqlite")
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600


def test_a_damaged_cache_is_forgotten_and_the_setting_says_where_it_lies(home: Path, tmp_path: Path) -> None:
    write_folder(tmp_path / "out", COUNT)
    (tmp_path / "borderready.toml").write_text('cache = "kept"\n', "utf-8")
    (fresh,) = run_several(home, tmp_path, CHECK)
    path = tmp_path / "kept" / "answers.sqlite"
    size = path.stat().st_size
    for damage in (b"no database", path.read_bytes()[:5000], path.read_bytes()[: size // 2] + bytes(size // 2)):
        path.write_bytes(damage)
        assert run_several(home, tmp_path, CHECK, CHECK) == [fresh, fresh]


Change = Callable[[Path], str]


def _manifest(folder: Path) -> str:
    path = folder / "out" / "m00.yaml"
    path.write_text(path.read_text("utf-8").replace("tractor: 29H-100.01", "tractor: 29H-100.02"), "utf-8")
    return ""


def _rule(folder: Path) -> str:
    open_harbour(folder / "pack")
    return ""


def _register(folder: Path) -> str:
    path = folder / "registers" / "harbour-orchards.csv"
    path.write_text(path.read_text("utf-8").replace("active", "suspended"), "utf-8")
    return ""


def _waiver(folder: Path) -> str:
    path = folder / "waivers.yaml"
    path.write_text(path.read_text("utf-8").replace("paid for", "agreed"), "utf-8")
    return ""


def _other(folder: Path) -> str:
    write_manifest(folder / "out", "more.yaml", ("HX-2026-0001", "HX-MORE"))
    return ""


def _code(folder: Path) -> str:
    (folder / "borderready.toml").write_text(
        '[[overrides]]\npaths = ["out/m0*"]\nignore = ["any/fresh-fruit/pallet-mark"]\n', "utf-8"
    )
    return ""


CHANGES: dict[str, Change] = {
    "a byte of a manifest": _manifest,
    "the rule base": _rule,
    "a register": _register,
    "a waiver": _waiver,
    "one more consignment": _other,
    "a setting for some manifests": _code,
    "the day of arrival": lambda _: "--on arrival=2027-03-01",
    "what holds a consignment back": lambda _: "--fail-on warning",
    "what is selected": lambda _: "--select any/fresh-fruit/pallet-mark",
    "what is ignored": lambda _: "--ignore any/fresh-fruit/pallet-mark",
    "the day of the waivers": lambda _: "--today 2027-06-01",
}
WAIVERS = """\
- rule: any/fresh-fruit/pallet-mark
  reference: HX-2026-0001
  reason: paid for by the importer
  owner: An
  until: 2026-12-31
"""


@pytest.mark.parametrize("change", CHANGES)
def test_after_a_change_the_answers_are_the_fresh_ones(change: str, home: Path, tmp_path: Path) -> None:
    """And not those that were kept before it."""
    for number in range(10):
        base = ("ready.yaml", "not-ready.yaml")[number % 2]
        own = "HX-2026-0001" if base == "ready.yaml" else "HX-2026-0002"
        write_manifest(tmp_path / "out", f"m{number:02}.yaml", (own, f"HX-2026-{number:04}"), base=base)
    write_pack(tmp_path)
    write_registers(tmp_path)
    (tmp_path / "waivers.yaml").write_text(WAIVERS, "utf-8")
    common = f"{CHECK} --rules pack --registers registers --waivers waivers.yaml"
    commands = [f"{common} --today 2026-11-26", f"{common} --today 2026-11-26"]
    before = run_script(SEVERAL, "\n".join(commands), home=home, folder=tmp_path)
    first, again = before.out.split("----\n")[:-1]
    given = f"{common} --today 2026-11-26 {CHANGES[change](tmp_path)}"
    after = run_script(SEVERAL, "\n".join((given, f"{given} --no-cache")), home=home, folder=tmp_path)
    cached, fresh = after.out.split("----\n")[:-1]
    assert first == again
    assert cached == fresh
    assert cached != first, before.err + after.err


def test_each_language_has_its_own_answers(home: Path, tmp_path: Path) -> None:
    write_folder(tmp_path / "out", COUNT)
    command = "check out --format csv -q --lang"
    kept = run_several(home, tmp_path, f"{command} en", f"{command} vi", f"WARM {command} en", f"WARM {command} vi")
    assert (kept[:2] == kept[2:], kept[0] == kept[1]) == (True, False)


def test_another_consignment_on_the_same_certificate_changes_the_answer_of_the_first(
    home: Path, tmp_path: Path
) -> None:
    for number in range(9):
        write_truck(tmp_path, f"AP-{number + 1}")
    command = " ".join(("check", "*.yaml", "--format ndjson -q", *REGISTERS))
    first = run_several(home, tmp_path, command, f"{command} --no-cache")
    write_truck(tmp_path, "AP-2", shared=OWN[0])
    after = run_several(home, tmp_path, command, f"{command} --no-cache")
    assert (first[0] == first[1], after[0] == after[1]) == (True, True)
    assert first[0].splitlines()[0] != after[0].splitlines()[0]


def test_what_a_ledger_holds_of_others_is_part_of_the_answer(home: Path, tmp_path: Path) -> None:
    write_folder(tmp_path / "out", COUNT)
    write_truck(tmp_path, "AP-1", more=(OWN[0], "PC-000007"))
    command = f"{CHECK} --ledger season.sqlite"
    first, again = run_several(home, tmp_path, command, command)
    run_several(home, tmp_path, "check AP-1.yaml --ledger season.sqlite --format ndjson -q")
    after, fresh = run_several(home, tmp_path, command, f"{command} --no-cache")
    assert (first == again, after == fresh, "AP-1" in first, "AP-1" in after) == (True, True, False, True)


def test_a_code_suspended_in_the_kept_lists_is_seen_at_once(home: Path, tmp_path: Path) -> None:
    write_folder(tmp_path / "out", COUNT)
    (tmp_path / "list.csv").write_text("code\nVN-DLOR-0001\nVN-DLOR-0002\n", "utf-8")
    data = {"XDG_DATA_HOME": str(tmp_path / "data")}
    imported = (
        "register",
        "import",
        "list.csv",
        "--kind",
        "orchard",
        "--source",
        "a list",
        "--product",
        "durian-fresh",
        "--origin",
        "VN",
    )
    ran = run_process(*imported, "--as-of", "2026-11-01", home=home, folder=tmp_path, environment=data)
    assert ran.code == 0, ran.err
    first = run_process(*CHECK.split(), home=home, folder=tmp_path, environment=data)
    suspend = ("register", "suspend", "VN-DLOR-0001", "--from", "2026-11-01", "--product", "durian-fresh")
    ran = run_process(
        *suspend, "--kind", "orchard", "--source", "notice 1", home=home, folder=tmp_path, environment=data
    )
    assert ran.code == 0, ran.err
    after = run_process(*CHECK.split(), home=home, folder=tmp_path, environment=data)
    fresh = run_process(*CHECK.split(), "--no-cache", home=home, folder=tmp_path, environment=data)
    assert (after.out == fresh.out, after.out == first.out) == (True, False)


def test_only_what_changed_is_worked_out_again(home: Path, tmp_path: Path) -> None:
    """Known and unknown answers stand in the order of the manifests, however they alternate."""
    paths = write_folder(tmp_path / "out", 30)
    run_several(home, tmp_path, CHECK)
    for path in paths[::3]:
        path.write_text(path.read_text("utf-8").replace("Ri6", "Ri6 "), "utf-8")
    cached, fresh, warm = run_several(home, tmp_path, CHECK, f"{CHECK} --no-cache", f"WARM {CHECK}")
    assert cached == fresh == warm


def write_harvest(folder: Path, numbers: range, *, code: str, area_ha: str) -> None:
    """Write trucks of 16,200 kg each from one orchard."""
    folder.mkdir(exist_ok=True)
    for path in write_folder(folder.parent / "made", numbers.stop)[numbers.start :]:
        text = path.read_text("utf-8")
        own = next(word for word in text.split() if word.startswith("VN-DLOR-")).rstrip(",}")
        (folder / path.name).write_text(
            text.replace(own, code).replace("area_ha: 12.5", f"area_ha: {area_ha}"), "utf-8"
        )


def test_one_more_truck_from_an_orchard_that_bears_enough_leaves_the_answers_of_the_others_standing(
    home: Path, tmp_path: Path
) -> None:
    write_harvest(tmp_path / "out", range(6), code="VN-DLOR-0900", area_ha="12.5")
    run_several(home, tmp_path, CHECK)
    write_harvest(tmp_path / "late", range(6, 8), code="VN-DLOR-0900", area_ha="12.5")
    together = "check out late --format ndjson -q"
    run_several(home, tmp_path, "check late --format ndjson -q")
    warm, fresh = run_several(home, tmp_path, f"WARM {together}", f"{together} --no-cache")
    assert warm == fresh


def test_one_truck_too_many_from_an_orchard_is_told_with_and_without_kept_answers(home: Path, tmp_path: Path) -> None:
    """Two trucks of 16.2 t come from 1.7 ha that bear 34 t; the third is too much, in whichever process it is found."""
    write_harvest(tmp_path / "out", range(2), code="VN-DLOR-0901", area_ha="1.7")
    first, warm = run_several(home, tmp_path, f"{CHECK} -j2", f"WARM {CHECK} -j2")
    write_harvest(tmp_path / "out", range(2, 3), code="VN-DLOR-0901", area_ha="1.7")
    names = "out/000000.yaml out/000001.yaml out/000002.yaml --format ndjson -q"
    third, kept, fresh, few = run_several(
        home, tmp_path, f"{CHECK} -j2", f"WARM {CHECK} -j2", f"{CHECK} -j2 --no-cache", f"check {names}"
    )
    assert (first == warm, third == kept == fresh == few) == (True, True)
    assert ["34000" in line for line in few.splitlines()[:3]] == [False, False, True]
    assert not any("34000" in line for line in first.splitlines())
