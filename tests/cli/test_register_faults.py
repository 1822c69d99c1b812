# SPDX-License-Identifier: Apache-2.0
"""What may befall the store of registers: whatever it is, a state stays whole, and the user reads a sentence.

Real processes, real files: killed in the middle, at work at once, on a full disk, in a folder that may not be written.
"""

from __future__ import annotations

import json
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.command import Ran, make_environment, run_here, run_script
from tests.read.book import hand_written, pack
from tests.read.build import ask_unprivileged

CODES = 8_000
STORE = ".local/share/borderready/registers.sqlite"
PACK = Path(__file__).parents[1] / "data" / "pack"
OLD = [f"VN-QYOR-{number:06}" for number in range(CODES)]
NEW = [f"VN-QYOR-{number:06}" for number in range(1000, CODES + 2000)]
State = tuple[str, int, str]


def command(file: str, as_of: str) -> list[str]:
    about = ("--kind", "orchard", "--origin", "VN", "--product", "lychee-fresh", "--source", "a list")
    return ["register", "import", file, *about, "--as-of", as_of, "--rules", str(PACK)]


def bring(home: Path, file: str, as_of: str) -> Ran:
    return run_here(*command(file, as_of), home=home)


def start(home: Path, file: str, as_of: str) -> subprocess.Popen[bytes]:
    line = [sys.executable, "-m", "borderready", *command(file, as_of)]
    return subprocess.Popen(line, cwd=home, env=make_environment(home), stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def state(home: Path) -> State:
    """Return the day, the number of codes and the digest of the one list, by a process that opens the store anew."""
    ran = run_here("register", "list", "--on", "2026-12-01", "--format", "json", home=home)
    assert (ran.code, ran.err) == (0, "")
    (one,) = json.loads(ran.out)["lists"]
    with closing(sqlite3.connect(home / STORE)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        (codes,) = connection.execute("SELECT count(DISTINCT folded) FROM entry WHERE died IS NULL").fetchone()
    assert codes == one["codes"]
    return one["as_of"], one["codes"], one["sha256"]


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a list of many codes and the files of two lists."""
    home = tmp_path_factory.mktemp("before")
    (home / "old.csv").write_text("code\n" + "\n".join(OLD), "utf-8")
    (home / "new.csv").write_text("code\n" + "\n".join(NEW), "utf-8")
    assert bring(home, "old.csv", "2026-11-01").code == 0
    return home


@pytest.fixture(scope="module")
def after(before: Path, tmp_path_factory: pytest.TempPathFactory) -> State:
    """The state once the new list has been imported."""
    home = copy(before, tmp_path_factory.mktemp("after"))
    assert bring(home, "new.csv", "2026-11-20").code == 0
    return state(home)


@pytest.fixture
def home(before: Path, tmp_path: Path) -> Path:
    return copy(before, tmp_path)


def copy(before: Path, folder: Path) -> Path:
    shutil.copytree(before, folder / "home")
    return folder / "home"


def test_an_import_that_is_killed_leaves_the_old_list_or_the_new_one(
    before: Path, after: State, tmp_path: Path
) -> None:
    """At any moment; and the next import finds nothing in its way."""
    old, chance = state(before), random.Random(4)
    moments = [chance.uniform(0.2, 1.2) for _ in range(5)]
    seen: list[State] = []
    for number, seconds in enumerate(moments):
        home = copy(before, tmp_path / str(number))
        process = start(home, "new.csv", "2026-11-20")
        time.sleep(seconds)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        seen.append(state(home))
        assert bring(home, "new.csv", "2026-11-20").code == 0
        assert state(home) == after
    assert set(seen) <= {old, after}
    assert old in seen


def test_an_import_that_is_killed_while_it_writes_leaves_the_old_list(
    before: Path, after: State, tmp_path: Path
) -> None:
    """Killed once the log of changes has begun to grow, before it is sealed."""
    home = copy(before, tmp_path)
    log = (home / STORE).with_name("registers.sqlite-wal")
    script = (
        "import os, signal, sys\n"
        "from borderready.keep import register_copy\n"
        "seal = register_copy.count_anew\n"
        "def stop(connection, number):\n"
        "    connection.execute('PRAGMA cache_spill = 1')\n"
        "    seal(connection, number)\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
        "register_copy.count_anew = stop\n"
        "from borderready.cli.app import run\n"
        "run(sys.argv[1:])\n"
    )
    old = state(home)
    assert run_script(script, *command("new.csv", "2026-11-20"), home=home).code == -signal.SIGKILL
    assert log.exists()
    assert state(home) == old
    assert bring(home, "new.csv", "2026-11-20").code == 0
    assert state(home) == after


def test_two_imports_at_once_are_done_one_after_the_other(home: Path, after: State) -> None:
    twins = [start(home, "new.csv", "2026-11-20") for _ in range(2)]
    told = sorted(twin.communicate()[0].decode().split(";")[0].split(": ")[1][:8] for twin in twins)
    assert [twin.returncode for twin in twins] == [0, 0]
    assert told == ["imported", "this cop"]
    assert state(home) == after


def test_imports_of_two_lists_at_once_are_never_mixed(home: Path, after: State) -> None:
    """Whichever comes first: the older one is done before, or refused after."""
    (home / "third.csv").write_text("code\n" + "\n".join(NEW[:-5]), "utf-8")
    third, new = start(home, "third.csv", "2026-11-10"), start(home, "new.csv", "2026-11-20")
    codes = [(third.communicate(), third.returncode)[1], (new.communicate(), new.returncode)[1]]
    assert codes in ([0, 0], [2, 0])
    assert state(home)[0] == after[0]
    listed = run_here("register", "show", NEW[-1], "--format", "json", home=home)
    assert json.loads(listed.out)["lists"][0]["entries"][-1]["status"] == "active"


def test_a_check_while_a_list_is_imported_answers_by_one_of_the_two(home: Path, after: State) -> None:
    manifest = PACK.parent / "golden" / "ready.yaml"
    old = state(home)
    process = start(home, "new.csv", "2026-11-20")
    digests = set()
    while process.poll() is None:
        ran = run_here(
            "check", str(manifest.name), "--rules", str(PACK), "--format", "json", home=home, folder=elsewhere(home)
        )
        assert ran.err == ""
        digests.add(json.loads(ran.out)["registers"][0]["lists"][0]["sha256"])
    process.communicate()
    assert process.returncode == 0
    assert digests <= {old[2], after[2]}
    assert old[2] in digests


def elsewhere(home: Path) -> Path:
    """Return a folder with a manifest and without registers beside it."""
    folder = home / "elsewhere"
    if not folder.exists():
        folder.mkdir()
        shutil.copy(PACK.parent / "golden" / "ready.yaml", folder)
    return folder


def refused(ran: Ran) -> str:
    """Return the first sentence of a refusal."""
    assert (ran.code, ran.out) == (2, "")
    assert "Traceback" not in ran.err
    assert "hint: " in ran.err
    return ran.err.splitlines()[0]


@pytest.mark.parametrize("kib", [8, 100, 250])
def test_a_full_disk_leaves_the_old_list(home: Path, kib: int) -> None:
    """The system refuses to let any file grow beyond a size, as a full disk does."""
    old = state(home)
    script = (
        "import resource, sys\n"
        "from borderready.cli.app import run\n"
        f"limit = {kib} * 1024\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))\n"
        "sys.exit(run(sys.argv[1:]))\n"
    )
    ran = run_script(script, *command("new.csv", "2026-11-20"), home=home)
    assert refused(ran).startswith("registers.sqlite: error: ")
    assert state(home) == old


def test_a_folder_that_may_not_be_written_is_read_and_says_so() -> None:
    with tempfile.TemporaryDirectory() as name:  # pytest's own folders cannot be entered by another user
        home = Path(name)
        (home / "list.csv").write_text("code\nVN-QYOR-0001\n", "utf-8")
        assert bring(home, "list.csv", "2026-11-01").code == 0
        for path in (home / ".local", *(home / ".local").rglob("*")):
            path.chmod(0o755 if path.is_dir() else 0o644)

        def ask() -> tuple[Ran, Ran]:
            return bring(home, "list.csv", "2026-11-20"), run_here("register", "show", "VN-QYOR-0001", home=home)

        written, shown = ask_unprivileged(ask, folder=home)
    assert refused(written).startswith("registers.sqlite: error: ")
    assert (shown.code, shown.err) == (0, "")


def test_a_data_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("code\nVN-QYOR-0001\n", "utf-8")
    (tmp_path / ".local").write_text("in the way")
    assert refused(bring(tmp_path, "list.csv", "2026-11-01")).startswith("registers.sqlite: error: ")


def damage(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xa5" * (len(content) - 4096)
    path.write_bytes(content)


def make_newer(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 99")


def make_foreign(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript("CREATE TABLE contacts (name TEXT)")


@pytest.mark.parametrize(
    ("harm", "sentence"),
    [
        (damage, "the database is damaged"),
        (make_newer, "made by a newer borderready"),
        (make_foreign, "no database of this kind"),
        (lambda path: path.write_text("a text that is long enough to be looked at"), "no database of this kind"),
        (lambda path: (path.unlink(), path.mkdir()), "cannot be opened"),
    ],
)
def test_a_store_that_is_none_stops_every_command_and_is_left_as_it_is(
    tmp_path: Path, harm: Callable[[Path], object], sentence: str
) -> None:
    (tmp_path / "list.csv").write_text("code\n" + "\n".join(OLD[:500]), "utf-8")
    assert bring(tmp_path, "list.csv", "2026-11-01").code == 0
    harm(tmp_path / STORE)
    content = (tmp_path / STORE).read_bytes() if (tmp_path / STORE).is_file() else None
    check = ("check", "ready.yaml", "--rules", str(PACK))
    for ran in (
        bring(tmp_path, "list.csv", "2026-11-20"),
        run_here("register", "show", "VN-QYOR-0001", home=tmp_path),
        run_here("register", "list", home=tmp_path),
        run_here(*check, home=tmp_path, folder=elsewhere(tmp_path)),
    ):
        assert sentence in refused(ran)
    assert content == ((tmp_path / STORE).read_bytes() if content is not None else None)


ROW = '<row r="1"><c r="A1" t="inlineStr"><is><t>code</t></is></c></row>'


@pytest.mark.parametrize(
    "members",
    [
        {**hand_written(ROW), "xl/media/a.png": "0" * 40_000_000},
        {"xl/workbook.xml": "<!DOCTYPE x [<!ENTITY a 'ha'>]><workbook/>"},
        hand_written('<row r="1"><c r="XFD1048576"><v>1</v></c></row>'),
        hand_written("<row"),
        hand_written(ROW + '<row r="2"><c r="A2" t="e"><v>#REF!</v></c></row>'),
        {},
    ],
    ids=["bomb", "document type", "far off", "cut", "error", "empty"],
)
def test_a_hostile_workbook_is_refused_in_a_sentence(tmp_path: Path, members: dict[str, str]) -> None:
    pack(tmp_path / "list.xlsx", members)
    ran = bring(tmp_path, "list.xlsx", "2026-11-01")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("list.xlsx")
    assert "Traceback" not in ran.err
    assert not (tmp_path / STORE).exists()
