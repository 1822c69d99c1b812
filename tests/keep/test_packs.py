# SPDX-License-Identifier: Apache-2.0
"""The packs that this machine keeps: whole or not at all, whoever is killed and whoever else writes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from borderready.errors import BorderreadyError, KeepError, RuleBaseError
from borderready.i18n import say
from borderready.keep.packs import Installed, PackStore
from borderready.read.rule_base import digest_pack, load_pack_files
from tests.command import make_environment
from tests.packs import built, files_of, key_of, terms, write_built


@pytest.fixture
def store(tmp_path: Path) -> PackStore:
    return PackStore(tmp_path / "data" / "packs")


def install(store: PackStore, version: str = "1.0.0", *teams: str, name: str = "cn") -> Installed:
    folder = store.root.parent.parent / "zips"
    return store.install(write_built(folder, built(version, *teams, name=name)), terms(*teams, name=name))


def refused(call: object, *arguments: object, **named: object) -> str:
    with pytest.raises(BorderreadyError) as caught:
        call(*arguments, **named)  # type: ignore[operator]
    return say(caught.value.faults[0].what, "en")


def tree_of(folder: Path) -> set[str]:
    """Return every file and folder below one but the lock."""
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.name != ".lock"}


def names(store: PackStore) -> list[str]:
    return [f"{kept.name}@{kept.version}" for kept in store.versions()]


def test_nothing_is_kept_at_first_and_nothing_is_made(store: PackStore) -> None:
    assert store.versions() == ()
    assert store.state().use == {}
    assert not store.root.parent.exists()
    assert refused(store.find, "cn").startswith("there is no folder or zip 'cn'")
    assert refused(store.find, "cn", "1.0.0") == "cn 1.0.0 is not installed"
    assert not store.root.parent.exists()


def test_pack_is_kept_as_it_was(store: PackStore) -> None:
    kept = install(store, "1.0.0", "a")
    assert kept.folder == store.root / "cn" / "1.0.0"
    assert load_pack_files(kept.folder) == built("1.0.0", "a")
    assert (kept.sha256, kept.keys) == (digest_pack(files_of()), (key_of("a").public,))
    assert store.find("cn", "1.0.0") == kept
    assert store.versions() == (kept,)


def test_versions_stand_side_by_side_in_their_order(store: PackStore) -> None:
    for version in ("1.10.0", "1.9.0", "1.2.0"):
        install(store, version)
    install(store, "3.0.0", name="acme")
    assert names(store) == ["acme@3.0.0", "cn@1.2.0", "cn@1.9.0", "cn@1.10.0"]
    assert store.find("cn").version == "1.10.0"


def test_version_in_use_answers_to_the_name(store: PackStore) -> None:
    for version in ("1.0.0", "2.0.0"):
        install(store, version)
    store.use("cn", "1.0.0")
    assert store.find("cn").version == "1.0.0"
    store.use("cn", None)
    assert store.find("cn").version == "2.0.0"


def test_pack_that_is_refused_leaves_nothing(store: PackStore, tmp_path: Path) -> None:
    path = write_built(tmp_path, built())
    assert refused(store.install, path, terms("a")).startswith("cn 1.0.0 is not signed")
    assert tree_of(store.root) == set()

    def judge(_: object) -> None:
        raise RuleBaseError([])

    with pytest.raises(RuleBaseError):
        store.install(path, terms(), judge=judge)
    assert tree_of(store.root) == set()


def test_zip_under_the_name_of_another_pack_is_refused(store: PackStore, tmp_path: Path) -> None:
    path = write_built(tmp_path, built("9.0.0", "b", name="acme"), "cn-9.0.0.zip")
    assert refused(store.install, path, terms("a")) == "this is acme 9.0.0, not cn 9.0.0 as its name says"
    path = write_built(tmp_path, built("1.0.0"), "cn-9.0.0.zip")
    assert refused(store.install, path, terms()) == "this is cn 1.0.0, not cn 9.0.0 as its name says"
    path = write_built(tmp_path, built("1.0.0"), "cn-1.0.0 (1).zip")
    assert store.install(path, terms()).version == "1.0.0"


# older versions


def test_older_version_than_ever_accepted_is_refused_even_after_that_was_removed(store: PackStore) -> None:
    install(store, "1.0.0", "a")
    install(store, "2.0.0", "a")
    install(store, "1.5.0")  # nobody asked for a key then, and nothing is learnt from it
    assert store.state().accepted == {"cn": "2.0.0"}
    store.remove("cn", "2.0.0")
    assert refused(install, store, "1.0.0", "a") == (
        "cn 1.0.0 is older than 2.0.0, which this machine has accepted before"
    )
    assert refused(install, store, "1.6.0", "a").startswith("cn 1.6.0 is older than 2.0.0")
    assert install(store, "2.0.0", "a").version == "2.0.0"


def test_version_that_nobody_signed_does_not_stand_in_the_way_of_signed_ones(store: PackStore) -> None:
    install(store, "9999.0.0")
    assert install(store, "1.0.0", "a").version == "1.0.0"


# the same version again


def test_same_pack_again_is_no_fault_and_brings_its_signatures(store: PackStore) -> None:
    install(store)
    kept = install(store, "1.0.0", "a")
    assert store.find("cn", "1.0.0").keys == (key_of("a").public,) == kept.keys
    assert "SIGNATURES.json" in load_pack_files(kept.folder)
    install(store)
    assert "SIGNATURES.json" in load_pack_files(kept.folder)
    assert store.find("cn", "1.0.0").keys == (key_of("a").public,)


def test_version_never_changes_its_content(store: PackStore, tmp_path: Path) -> None:
    kept = install(store)
    other = write_built(tmp_path, built(news="Another."))
    assert refused(store.install, other, terms()) == "cn 1.0.0 is installed with other files; a version never changes"
    assert load_pack_files(kept.folder) == built()


# removing


def test_removed_version_is_gone_and_others_stay(store: PackStore) -> None:
    for version in ("1.0.0", "2.0.0"):
        install(store, version)
    store.remove("cn", "1.0.0")
    assert names(store) == ["cn@2.0.0"]
    store.remove("cn", "2.0.0")
    assert tree_of(store.root) == set()
    assert refused(store.remove, "cn", "2.0.0") == "cn 2.0.0 is not installed"


def test_version_in_use_is_not_removed_while_another_would_take_its_place(store: PackStore) -> None:
    install(store, "1.0.0")
    store.use("cn", "1.0.0")
    assert refused(store.remove, "cn", "1.0.0") == "cn 1.0.0 is in use"
    install(store, "1.0.0", name="acme")
    store.use("acme", "1.0.0")
    store.remove("acme", "1.0.0")
    assert store.state().use == {"cn": "1.0.0"}


@pytest.mark.parametrize(("name", "version"), [("..", "1.0.0"), ("cn", ".."), ("cn/..", "1"), ("cn", "../../zips")])
def test_nothing_outside_is_found_or_removed(name: str, version: str, store: PackStore) -> None:
    install(store)
    outside = tree_of(store.root.parent.parent)
    assert "is not installed" in refused(store.remove, name, version)
    assert "is not installed" in refused(store.find, name, version)
    assert tree_of(store.root.parent.parent) == outside


# damage


def test_link_in_the_place_of_a_pack_leads_nowhere(store: PackStore, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    store.root.mkdir(parents=True)
    (store.root / "cn").symlink_to(outside, target_is_directory=True)
    assert refused(install, store).startswith("packs cannot be kept: a link stands where a folder belongs")
    assert list(outside.iterdir()) == []
    assert store.versions() == ()


@pytest.mark.parametrize(
    "content",
    ["", "{", "[]", '{"borderready": "store/2"}', '{"borderready": "store/1", "use": {"cn": "../.."}, "accepted": {}}'],
)
def test_state_that_cannot_be_read_is_not_taken_for_none(content: str, store: PackStore, tmp_path: Path) -> None:
    """Else whoever damages it could bring back an old version."""
    install(store, "2.0.0", "a")
    (store.root / "state.json").write_text(content, "utf-8")
    assert refused(store.state).startswith("state.json cannot be read")
    assert refused(install, store, "1.0.0", "a").startswith("state.json cannot be read")


def test_damaged_version_is_told_and_can_be_removed(store: PackStore) -> None:
    kept = install(store)
    (kept.folder / ".installed.json").write_text("{", "utf-8")
    assert refused(store.versions).startswith("cn 1.0.0 is damaged")
    assert refused(store.find, "cn", "1.0.0").startswith("cn 1.0.0 is damaged")
    store.remove("cn", "1.0.0")
    assert store.versions() == ()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_folder_that_may_not_be_written_is_told(store: PackStore) -> None:
    store.root.mkdir(parents=True)
    store.root.chmod(0o500)
    with pytest.raises(KeepError):
        install(store)


# killed, and several at once

KILLED = """
import os, sys, signal
from pathlib import Path
from borderready.keep import packs
from borderready.read.pack_trust import Terms

step, zip_path, root = sys.argv[1:]
counts = {"write": 0, "replace": 0}
write, replace = packs._write_file, os.replace

def kill_at(kind):
    counts[kind] += 1
    if step == f"{kind}{counts[kind]}":
        os.kill(os.getpid(), signal.SIGKILL)

def slow_write(path, content):
    kill_at("write")
    write(path, content)

def slow_replace(*names):
    kill_at("replace")
    replace(*names)

packs._write_file, os.replace = slow_write, slow_replace
terms = Terms(trust={}, today="2026-11-28", engine="1.0.0")
packs.PackStore(Path(root)).install(Path(zip_path), terms)
"""


def run(script: str, *arguments: str, home: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", script, *arguments], env=make_environment(home), cwd=home)


@pytest.mark.parametrize("step", ["write1", "write2", "write20", "replace1"])
def test_killed_in_the_midst_nothing_is_half_installed(step: str, store: PackStore, tmp_path: Path) -> None:
    path = write_built(tmp_path, built("2.0.0"))
    install(store, "1.0.0")
    before = tree_of(store.root / "cn")
    killed = run(KILLED, step, str(path), str(store.root), home=tmp_path)
    assert killed.wait() == -signal.SIGKILL
    assert tree_of(store.root / "cn") == before
    assert names(store) == ["cn@1.0.0"]
    assert [entry for entry in store.root.iterdir() if entry.name.startswith(".new-")]
    store.install(path, terms())
    assert names(store) == ["cn@1.0.0", "cn@2.0.0"]
    assert [entry for entry in store.root.iterdir() if entry.name.startswith(".new-")] == []


def test_process_killed_at_any_time_leaves_all_or_nothing(store: PackStore, tmp_path: Path) -> None:
    path = write_built(tmp_path, built("2.0.0"))
    script = KILLED.replace(
        "def slow_write(path, content):", "def slow_write(path, content):\n    import time; time.sleep(0.002)"
    )
    for wait_seconds in (0.3, 0.5, 0.7):
        killed = run(script, "never", str(path), str(store.root), home=tmp_path)
        time.sleep(wait_seconds)
        killed.kill()
        killed.wait()
        for kept in store.versions():
            assert load_pack_files(kept.folder) == built("2.0.0")


WRITES = """
import sys
from pathlib import Path
from borderready.keep.packs import PackStore
from borderready.read.pack_trust import Terms

root, *zips = sys.argv[1:]
store = PackStore(Path(root))
for path in zips:
    kept = store.install(Path(path), Terms(trust={}, today="2026-11-28", engine="1.0.0"))
    store.use(kept.name, kept.version)
"""


def test_several_at_once_leave_every_pack_whole(store: PackStore, tmp_path: Path) -> None:
    zips = [
        str(write_built(tmp_path, built(f"{number}.0.0", name=name))) for number in (1, 2, 3) for name in ("cn", "acme")
    ]
    orders = (zips, zips[::-1], zips[3:] + zips[:3], zips)
    processes = [run(WRITES, str(store.root), *order, home=tmp_path) for order in orders]
    assert [process.wait() for process in processes] == [0, 0, 0, 0]
    assert names(store) == [f"{name}@{number}.0.0" for name in ("acme", "cn") for number in (1, 2, 3)]
    for kept in store.versions():
        assert load_pack_files(kept.folder) == built(kept.version, name=kept.name)
    assert set(json.loads((store.root / "state.json").read_text("utf-8"))["use"]) == {"acme", "cn"}
    assert {entry.name for entry in store.root.iterdir()} == {"acme", "cn", "state.json", ".lock"}
