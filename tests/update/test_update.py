# SPDX-License-Identifier: Apache-2.0
"""`borderready pack update`, from the first look to a version in use; and `pack publish-repo` on the command line."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from subprocess import PIPE, Popen
from sys import executable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tuf.api.metadata import TargetFile

from borderready import __version__
from borderready.errors import BorderreadyError, Fault, RuleBaseError
from borderready.model import Message
from borderready.update.address import read_address
from borderready.update.client import Asked, update_pack
from borderready.update.files import alone_in
from tests.command import make_environment, run_here, run_script
from tests.update.build import MANY_MODULES, NOW, Shop, User, copy_of, forge, make_user, one_line, told
from tests.update.server import Server, serving

FIRST, SECOND, THIRD = "2027.1.0", "2027.2.0", "2027.3.0"
# The program, with a store.
PROGRAM = """
import sys
{first}
from borderready.cli.app import run
sys.exit(run(sys.argv[1:]))
"""


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    shop = Shop(tmp_path / "shop")
    shop.home.mkdir()
    shop.begin(shop.zip(FIRST))
    return shop


@pytest.fixture
def server(shop: Shop) -> Iterator[Server]:
    with serving(shop.repository) as server:
        yield server


@pytest.fixture
def newcomer(shop: Shop, tmp_path: Path) -> User:
    """Somebody who has never looked at the repository."""
    return make_user(tmp_path / "user", str(shop.repository))


@pytest.fixture
def user(shop: Shop, newcomer: User) -> User:
    """Somebody who has the first version."""
    assert newcomer.update("--root", str(shop.root)).code == 0
    return newcomer


# The first look


def test_nothing_is_trusted_before_a_root_is_given(newcomer: User) -> None:
    ran = newcomer.update()
    assert (ran.code, ran.out) == (2, "")
    assert told("update.no_root", address=newcomer.address) in one_line(ran)
    assert "--root FILE" in one_line(ran)
    assert newcomer.in_use() is None


def test_root_is_given_once(newcomer: User, shop: Shop) -> None:
    ran = newcomer.update("--root", str(shop.root))
    assert (ran.code, newcomer.in_use()) == (0, FIRST)
    shop.publish(shop.zip(SECOND))
    ran = newcomer.update()
    assert (ran.code, newcomer.in_use()) == (0, SECOND)


@pytest.mark.parametrize("content", [b"", b"{}", b"[" * 100_000, b'{"signed": {"_type": "root"}, "signatures": []}'])
def test_file_that_is_no_root(content: bytes, newcomer: User, tmp_path: Path) -> None:
    (tmp_path / "root.json").write_bytes(content)
    ran = newcomer.update("--root", str(tmp_path / "root.json"))
    assert ran.code == 2
    assert told("update.bad_root") in one_line(ran)


def test_file_that_is_not_there(newcomer: User) -> None:
    ran = newcomer.update("--root", "nowhere.json")
    assert (ran.code, one_line(ran)) == (2, "borderready: error: nowhere.json: No such file or directory")


def test_root_of_others_is_refused_and_not_kept(newcomer: User, shop: Shop, tmp_path: Path) -> None:
    other = Shop(tmp_path / "other")
    other.home.mkdir()
    other.begin(other.zip(FIRST))
    ran = newcomer.update("--root", str(other.root))
    assert ran.code == 5
    assert told("update.wrong_keys", file="metadata/timestamp.json") in one_line(ran)
    assert newcomer.update("--root", str(shop.root)).code == 0
    ran = newcomer.update("--root", str(other.root))
    assert ran.code == 5
    assert told("update.other_root") in one_line(ran)
    assert newcomer.update("--root", str(shop.root)).code == 0


# What changes


def test_what_changes_is_told(user: User, shop: Shop) -> None:
    shop.publish(shop.zip(SECOND, news="Durian:\n\n- a limit of 0.05"), shop.zip(THIRD))
    ran = user.update("--lang", "en")
    assert (ran.code, ran.err) == (0, "")
    lines = [line.rstrip() for line in ran.out.splitlines()]
    assert lines[:-2] == [
        f"cn {THIRD} is installed and in use, in the place of {FIRST}",
        f"News of {THIRD}:",
        f"  What is new in {THIRD}.",
        f"News of {SECOND}:",
        "  Durian:",
        "",
        "  - a limit of 0.05",
    ]
    assert " ".join(lines[-2:]).startswith("What the repository says is good until ")
    assert user.in_use() == THIRD


def test_nothing_newer_changes_nothing(user: User) -> None:
    before = user.store()
    ran = user.update()
    assert ran.code == 0
    sentence = told("update.nothing_newer", name="cn", before=FIRST, address=user.address, offered=FIRST)
    assert "".join(sentence.split()) in "".join(ran.out.split())  # an address may be longer than a line
    assert user.store() == before


def test_trial_changes_nothing_at_all(user: User, shop: Shop, tmp_path: Path) -> None:
    shop.publish(shop.zip(SECOND))
    before = {path: path.read_bytes() for path in user.home.rglob("*") if path.is_file()}
    ran = user.update("--dry-run")
    assert ran.code == 0
    assert told("update.trial", name="cn", before=FIRST, after=SECOND) in one_line(ran)
    assert {path: path.read_bytes() for path in user.home.rglob("*") if path.is_file()} == before
    other = make_user(tmp_path / "other", user.address)
    assert other.update("--dry-run", "--root", str(shop.root)).code == 0
    assert not (other.data / "repositories").exists()


@pytest.mark.parametrize(("language", "word"), [("vi", "Tin của"), ("zh", "的说明")])
def test_it_speaks_the_language_of_its_user(language: str, word: str, user: User, shop: Shop) -> None:
    shop.publish(shop.zip(SECOND))
    assert word in user.update("--lang", language).out


def test_news_cannot_act_on_a_terminal(user: User, shop: Shop) -> None:
    shop.publish(shop.zip(SECOND, news="\x1b[2J\x1b]0;owned\x07 New [bold]."))
    ran = user.update()
    assert ran.code == 0
    assert "\x1b" not in ran.out
    assert "New [bold]." in ran.out


def test_newest_version_that_this_program_can_read(user: User, shop: Shop) -> None:
    shop.publish(shop.zip(SECOND), shop.zip(THIRD, engine=">=99"))
    ran = user.update()
    assert (ran.code, user.in_use()) == (0, SECOND)
    assert told("update.needs_engine", name="cn", version=THIRD, engine=">=99", own=__version__) in one_line(ran)


def test_no_version_that_this_program_can_read(user: User, shop: Shop) -> None:
    shop.publish(shop.zip("1.0", name="house", engine=">=99"))
    ran = user.update("house")
    assert (ran.code, user.in_use("house")) == (2, None)
    assert told("update.needs_engine", name="house", version="1.0", engine=">=99", own=__version__) in one_line(ran)


def test_other_pack_beside(user: User, shop: Shop) -> None:
    shop.publish(shop.zip("1.0", name="house"))
    ran = user.update("house")
    assert (ran.code, user.in_use("house"), user.in_use()) == (0, "1.0", FIRST)
    assert told("update.done_first", name="house", after="1.0") in one_line(ran)


def test_pack_that_is_not_offered(user: User, shop: Shop) -> None:
    shop.publish(shop.zip("1.0", name="house"))
    ran = user.update("hause")
    assert ran.code == 2
    assert told("update.no_pack", name="hause", address=user.address) in one_line(ran)
    assert "house" in one_line(ran)


def test_older_rule_base_is_no_update_of_the_one_that_came_with_the_program(tmp_path: Path) -> None:
    shop = Shop(tmp_path / "shop")
    shop.home.mkdir()
    shop.begin(shop.zip("2020.1.0"))
    user = make_user(tmp_path / "user", str(shop.repository))
    ran = user.update("--root", str(shop.root))
    assert (ran.code, user.in_use()) == (0, None)
    assert "stays" in ran.out


def test_pack_that_the_store_refuses_changes_nothing(user: User, shop: Shop) -> None:
    shop.publish(shop.zip(SECOND))

    def refuse(path: Path) -> None:
        raise RuleBaseError([Fault(file=path.name, span=None, path="", what=Message("update.no_facts"))])

    asked = Asked(
        name="cn",
        address=read_address(user.address),
        root=None,
        proxy=None,
        is_trial=False,
        engine="1.0",
        current=FIRST,
    )
    before = user.store()
    with pytest.raises(RuleBaseError):
        update_pack(asked, user.data / "repositories", refuse, now=NOW)
    assert (user.store(), user.in_use()) == (before, FIRST)
    assert user.update().code == 0
    assert user.in_use() == SECOND


def test_server_that_hides_a_newer_root_changes_nothing(user: User, shop: Shop) -> None:
    shop.publish(renew=frozenset({"root"}))
    assert user.update().code == 0
    shop.file("root", 2).unlink()
    assert user.update().code == 0


def test_what_is_listed_under_another_name_than_it_says_is_not_offered(user: User, shop: Shop) -> None:
    """Other files may lie in a repository; none of them is taken for a pack."""

    def change(signed: Any) -> None:
        signed.version += 1
        for path in ("notes.txt", f"house-{SECOND}.zip"):
            target = TargetFile.from_data(path, b"text", ["sha256"])
            target.unrecognized_fields["custom"] = {"name": "cn", "version": SECOND}
            signed.targets[path] = target

    forge(shop, "targets", change)
    ran = user.update()
    assert (ran.code, user.in_use()) == (0, FIRST), ran.err


def test_what_is_kept_and_was_damaged_is_fetched_anew(user: User, shop: Shop) -> None:
    for path in (user.data / "repositories").rglob("metadata/*.json"):
        if not path.is_symlink():
            path.write_bytes(b"{")
    shop.publish(shop.zip(SECOND))
    assert user.update().code == 0
    assert user.in_use() == SECOND


# Where it is told to look


def test_address_and_name_may_stand_in_the_configuration(newcomer: User, shop: Shop) -> None:
    shop.publish(shop.zip("1.0", name="house"))
    folder = shop.home / "work"
    folder.mkdir()
    (folder / "borderready.toml").write_text('repository = "../repository"\nrepository-pack = "house"\n', "utf-8")
    arguments = ("pack", "update", "--root", str(shop.root))
    ran = run_here(*arguments, home=newcomer.home, folder=folder, environment=newcomer.environment)
    assert (ran.code, newcomer.in_use("house")) == (0, "1.0"), ran.err


def test_without_an_address_nothing_is_asked(newcomer: User) -> None:
    ran = run_here("pack", "update", "--no-config", home=newcomer.home)
    assert ran.code == 2
    assert told("update.no_address") in one_line(ran)


@pytest.mark.parametrize("address", ["ftp://127.0.0.1/", "http://user@127.0.0.1/", "http://127.0.0.1/?a"])
def test_address_that_is_none(address: str, newcomer: User) -> None:
    ran = newcomer.update(address=address)
    assert ran.code == 2
    assert told("update.bad_address", address=address) in one_line(ran)


def test_server_and_mirror_offer_the_same(newcomer: User, shop: Shop, server: Server, tmp_path: Path) -> None:
    mirror = copy_of(shop.repository, tmp_path / "mirror")
    for number, address in enumerate((server.address, f"{server.address}/", str(mirror), mirror.as_uri())):
        user = make_user(tmp_path / f"user-{number}", address)
        ran = user.update("--root", str(shop.root))
        assert (ran.code, user.in_use()) == (0, FIRST), ran.err


# Beside others, and killed


def test_two_updates_at_once(user: User, shop: Shop) -> None:
    shop.publish(shop.zip(SECOND))
    (folder,) = (user.data / "repositories").iterdir()
    with alone_in(folder):
        ran = user.update()
    assert ran.code == 2
    assert told("update.busy", folder=str(folder)) in one_line(ran)
    assert user.update().code == 0


@pytest.mark.parametrize("end", ["2.root.json", "timestamp.json", "2.snapshot.json", "2.targets.json", ".zip"])
@pytest.mark.parametrize("is_first", [False, True], ids=["later", "first"])
def test_update_that_is_killed_leaves_the_old_state_working(
    end: str, is_first: bool, shop: Shop, server: Server, tmp_path: Path
) -> None:
    """kill -9, while one of the files is on its way."""
    user = make_user(tmp_path / "user", server.address)
    if not is_first:
        assert user.update("--root", str(shop.root)).code == 0
    shop.publish(shop.zip(SECOND, ballast=bytes(300_000)), renew=frozenset({"root"}))
    before, in_use = user.store(), user.in_use()
    reached, leave = threading.Event(), threading.Event()

    def stall(handler: object) -> None:
        content = Path(handler.translate_path(handler.path)).read_bytes()  # type: ignore[attr-defined]  # of the server
        handler.send_response(200)  # type: ignore[attr-defined]
        handler.send_header("Content-Length", str(len(content)))  # type: ignore[attr-defined]
        handler.end_headers()  # type: ignore[attr-defined]
        handler.wfile.write(content[: len(content) // 2])  # type: ignore[attr-defined]
        reached.set()
        leave.wait(60)

    server.acts[end] = stall
    command = [
        executable,
        "-c",
        PROGRAM.format(first=""),
        "pack",
        "update",
        "--from",
        server.address,
        "--root",
        str(shop.root),
    ]
    changes = {**user.environment, "PYTHONPATH": MANY_MODULES}
    with Popen(command, cwd=user.home, env=make_environment(user.home, changes), stdout=PIPE, stderr=PIPE) as process:
        assert reached.wait(60)
        process.kill()
        process.wait()
    leave.set()
    assert (user.store(), user.in_use()) == (before, in_use)
    server.acts.clear()
    ran = user.update("--root", str(shop.root))
    assert (ran.code, user.in_use()) == (0, SECOND), ran.err


# Nothing that can be made of a repository gets past


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_byte_changed_is_refused_or_changes_nothing(data: st.DataObject, shop: Shop, tmp_path: Path) -> None:
    if not (tmp_path / "honest").exists():
        shop.publish(shop.zip(SECOND), rotate=frozenset({"root", "timestamp"}))
        copy_of(shop.repository, tmp_path / "honest")
    repository = copy_of(tmp_path / "honest", tmp_path / "altered")
    paths = sorted(path for path in repository.rglob("*") if path.is_file() and path.name != ".lock")
    path = data.draw(st.sampled_from(paths))
    content = bytearray(path.read_bytes())
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] = data.draw(st.integers(0, 255))
    path.write_bytes(content)
    asked = Asked(
        name="cn",
        address=read_address(str(repository)),
        root=shop.root,
        proxy=None,
        is_trial=False,
        engine="1.0",
        current=None,
    )
    taken: list[bytes] = []
    try:
        update_pack(asked, tmp_path / "kept", lambda zip_: taken.append(zip_.read_bytes()), now=NOW)
    except BorderreadyError:
        assert taken == []
    else:
        assert taken == [(shop.home / f"cn-{SECOND}.zip").read_bytes()]


# Without the extra, and without a network


@pytest.mark.parametrize("module", ["tuf", "securesystemslib", "cryptography"])
@pytest.mark.parametrize(
    "command", [("update", "--from", "http://127.0.0.1:9"), ("publish-repo", "repo", "--keys", "k")]
)
def test_without_the_extra_one_sentence_says_how_to_install_it(
    module: str, command: tuple[str, ...], newcomer: User
) -> None:
    script = PROGRAM.format(first=f"sys.modules[{module!r}] = None")
    ran = run_script(script, "pack", *command, home=newcomer.home, environment={"PYTHONPATH": MANY_MODULES})
    assert (ran.code, ran.out) == (2, "")
    assert told("update.no_extra", module=module) in one_line(ran)
    assert "pip install 'borderready[update]'" in one_line(ran)


WATCH = """
import os
def watch(event, details):
    if event in ("socket.connect", "socket.sendto", "socket.getaddrinfo", "socket.gethostbyname"):
        os.write(2, f"asked: {details[-1] if event == 'socket.connect' else details[:2]}\\n".encode())
sys.addaudithook(watch)
"""


def watched(user: User, *arguments: str) -> list[str]:
    """Return every address that a process of the program asked for or connected to."""
    environment = {**user.environment, "PYTHONPATH": MANY_MODULES}
    ran = run_script(PROGRAM.format(first=WATCH), *arguments, home=user.home, environment=environment)
    assert ran.code == 0, ran.err
    return sorted(set(ran.err.splitlines()))


def test_update_from_a_folder_reaches_nobody(newcomer: User, shop: Shop) -> None:
    assert watched(newcomer, "pack", "update", "--from", newcomer.address, "--root", str(shop.root)) == []


def test_update_from_a_server_reaches_that_server_alone(newcomer: User, shop: Shop, server: Server) -> None:
    port = int(server.address.rpartition(":")[2])
    asked = watched(newcomer, "pack", "update", "--from", server.address, "--root", str(shop.root))
    assert asked == [f"asked: ('127.0.0.1', {port})"]


# publish-repo on the command line


def publish(home: Path, *arguments: str) -> tuple[int, str]:
    ran = run_here("pack", "publish-repo", *arguments, home=home)
    return ran.code, one_line(ran)


def test_repository_from_the_command_line(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    shop.zip(FIRST)
    code, said = publish(
        tmp_path,
        "repository",
        f"cn-{FIRST}.zip",
        "--new",
        "--keys",
        "keys",
        "--threshold",
        "root=1/2",
        "--expires",
        "targets=30",
    )
    assert code == 0
    assert f"cn {FIRST} is offered now" in said
    assert said.count("new private key: keys/") == 5
    assert "hand repository/metadata/1.root.json to your users" in said
    user = make_user(tmp_path / "user", str(shop.repository))
    assert user.update("--root", str(shop.root)).code == 0
    shop.zip(SECOND)
    code, said = publish(tmp_path, "repository", f"cn-{SECOND}.zip", "--keys", "keys", "--withdraw", f"cn@{FIRST}")
    assert code == 0
    assert f"cn {FIRST} is offered no longer" in said
    assert "root 1, as before, is good until" in said
    code, said = publish(tmp_path, "repository", "--rotate", "timestamp", "--keys", "keys", "--new-keys", "server")
    assert code == 0
    assert len(list((tmp_path / "server").glob("timestamp-*.pem"))) == 1
    code, said = publish(tmp_path, "repository", "--renew", "timestamp", "--keys", "server")
    assert code == 0
    assert "timestamp 4, signed now" in said
    code, said = publish(tmp_path, "repository", "--keys", "keys")
    assert (code, "there was nothing to do" in said) == (0, True)
    assert user.update().code == 0
    assert user.in_use() == SECOND


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((), told("repo.no_folder")),
        (("--keys", "repository/keys"), told("repo.keys_inside", keys="repository/keys", repository="repository")),
        (
            ("--keys", "keys", "--new-keys", "repository"),
            told("repo.keys_inside", keys="repository", repository="repository"),
        ),
        (("--keys", "nowhere"), told("repo.no_keys", folder="nowhere")),
        (("--keys", "keys", "--renew", "mirror"), "mirror is no role"),
        (("--keys", "keys", "--expires", "root"), told("repo.bad_days", text="root")),
        (("--keys", "keys", "--expires", "root=0"), told("repo.bad_days", text="root=0")),
        (("--keys", "keys", "--threshold", "root=3/2"), told("repo.bad_threshold", text="root=3/2")),
        (("--keys", "keys", "--withdraw", "cn"), told("repo.bad_pack", text="cn")),
        (("--keys", "keys"), told("repo.none", folder="repository")),
    ],
)
def test_what_cannot_be_done_is_told(arguments: tuple[str, ...], sentence: str, tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir()
    code, said = publish(tmp_path, "repository", *arguments)
    assert (code, sentence in said) == (2, True), said
    assert list(tmp_path.rglob("*.json")) == []


def test_altered_repository_gives_the_code_of_what_cannot_be_trusted(shop: Shop) -> None:
    path = shop.file("targets")
    path.write_bytes(json.dumps(json.loads(path.read_bytes()), indent=1).encode())
    code, said = publish(shop.home, "repository", "--renew", "timestamp", "--keys", "keys")
    assert (code, told("repo.damaged") in said) == (5, True)
