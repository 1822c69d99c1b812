# SPDX-License-Identifier: Apache-2.0
"""A repository is made, renewed and given new keys; whoever looks at any moment sees a state that holds together."""

from __future__ import annotations

import os
import shutil
import stat
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from borderready.errors import BorderreadyError, RuleBaseError, UsageError
from borderready.update import files, repository
from borderready.update.keys import keep_apart, read_keys
from borderready.update.publish import DAYS
from borderready.update.role import ROLES
from tests.update.build import LONG, NOW, Shop, User, copy_of, days_ago, forge, make_user, one_line, told

EARLY, FIRST, SECOND, THIRD = "2026.12.0", "2027.1.0", "2027.2.0", "2027.3.0"
ONLINE = ("snapshot", "timestamp")


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    shop = Shop(tmp_path / "shop")
    shop.home.mkdir()
    shop.begin(shop.zip(EARLY), shop.zip(FIRST))
    return shop


@pytest.fixture
def user(shop: Shop, tmp_path: Path) -> User:
    user = make_user(tmp_path / "user", str(shop.repository))
    assert user.update("--root", str(shop.root)).code == 0
    return user


def all_of(folder: Path) -> Mapping[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def online_keys(shop: Shop) -> Path:
    """Return a folder with what a server has of the keys."""
    folder = shop.home / "online"
    folder.mkdir()
    for role in ONLINE:
        for path in shop.keys.glob(f"{role}-*.pem"):
            shutil.copy(path, folder)
    return folder


def reason(error: BorderreadyError) -> str:
    (fault,) = error.faults
    return fault.what.key


# Beginnings


def test_new_repository_has_four_roles_and_its_packs(shop: Shop) -> None:
    metadata = {"timestamp.json", *(f"1.{role}.json" for role in ("root", "snapshot", "targets"))}
    zips = {shop.target(f"cn-{version}").name for version in (EARLY, FIRST)}
    names = {f"metadata/{name}" for name in metadata} | {f"targets/{name}" for name in zips}
    assert set(all_of(shop.repository)) - {".lock"} == names


@pytest.mark.skipif(sys.platform == "win32", reason="rights are another matter there")
def test_keys_are_for_their_owner_alone(shop: Shop) -> None:
    assert stat.S_IMODE(shop.keys.stat().st_mode) == 0o700
    modes = {path.name.partition("-")[0]: stat.S_IMODE(path.stat().st_mode) for path in shop.keys.iterdir()}
    assert modes == dict.fromkeys(ROLES, 0o600)
    assert len(list(shop.keys.glob("root-*.pem"))) == 3


@pytest.mark.skipif(sys.platform == "win32", reason="rights are another matter there")
def test_key_that_others_may_read_is_not_used(shop: Shop) -> None:
    next(shop.keys.glob("targets-*")).chmod(0o640)
    with pytest.raises(UsageError) as refused:
        read_keys([shop.keys])
    assert reason(refused.value) == "repo.open_key"


@pytest.mark.parametrize(
    "content", [b"", b"-----BEGIN PRIVATE KEY-----\nAA==\n-----END PRIVATE KEY-----\n", bytes(100)]
)
def test_file_that_is_no_key_is_told(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.pem").write_bytes(content)
    (tmp_path / "a.pem").chmod(0o600)
    with pytest.raises(UsageError) as refused:
        read_keys([tmp_path])
    assert reason(refused.value) == "repo.bad_key"


@pytest.mark.parametrize("place", ["repository", "repository/keys", "link", "repository/../repository/keys"])
def test_private_keys_never_lie_in_what_is_published(place: str, tmp_path: Path) -> None:
    (tmp_path / "repository" / "keys").mkdir(parents=True)
    (tmp_path / "link").symlink_to(tmp_path / "repository" / "keys")
    with pytest.raises(UsageError) as refused:
        keep_apart([tmp_path / place], tmp_path / "repository")
    assert reason(refused.value) == "repo.keys_inside"


def test_no_private_key_gets_into_the_repository(shop: Shop) -> None:
    shop.publish(rotate=frozenset(ROLES))
    assert [name for name, content in all_of(shop.repository).items() if b"PRIVATE" in content] == []


def test_repository_is_not_begun_twice_and_none_is_begun_by_a_slip(shop: Shop, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as refused:
        shop.begin()
    assert reason(refused.value) == "repo.there"
    other = Shop(tmp_path / "other")
    other.home.mkdir()
    with pytest.raises(UsageError) as refused:
        other.publish(shop.zip(SECOND))
    assert reason(refused.value) == "repo.none"


# Packs


def test_version_is_published_once(shop: Shop) -> None:
    before = all_of(shop.repository)
    assert shop.publish(shop.home / f"cn-{FIRST}.zip").signed == frozenset()
    with pytest.raises(UsageError) as refused:
        shop.publish(shop.zip(FIRST, ballast=b"other"))
    assert reason(refused.value) == "repo.same_version"
    assert all_of(shop.repository) == before


def test_version_that_was_withdrawn_comes_back_as_it_was_or_not_at_all(shop: Shop, user: User) -> None:
    path = shop.zip(SECOND)
    shop.publish(path)
    shop.publish(withdraw=(("cn", SECOND),))
    kept = path.read_bytes()
    with pytest.raises(UsageError) as refused:
        shop.publish(shop.zip(SECOND, ballast=b"other"))
    assert reason(refused.value) == "repo.same_version"
    path.write_bytes(kept)
    assert [pack.version for pack in shop.publish(path).added] == [SECOND]
    assert user.update().code == 0
    assert user.in_use() == SECOND


def test_zip_keeps_its_name(shop: Shop) -> None:
    path = shop.zip(SECOND).rename(shop.home / "cn-2028.1.0.zip")
    with pytest.raises(UsageError) as refused:
        shop.publish(path)
    assert reason(refused.value) == "repo.misnamed"


def test_file_that_is_no_pack_is_not_published(shop: Shop) -> None:
    path = shop.home / f"cn-{SECOND}.zip"
    path.write_bytes(b"PK")
    with pytest.raises(RuleBaseError) as refused:
        shop.publish(path)
    assert reason(refused.value) == "update.no_facts"


def test_version_withdrawn_is_offered_no_longer_and_nobody_goes_back(shop: Shop, user: User) -> None:
    shop.publish(shop.zip(SECOND))
    assert user.update().code == 0
    published = shop.publish(withdraw=(("cn", SECOND),))
    assert [pack.version for pack in published.withdrawn] == [SECOND]
    ran = user.update()
    assert (ran.code, user.in_use()) == (0, SECOND)
    assert told("update.not_offered", name="cn", version=SECOND) in one_line(ran)
    with pytest.raises(UsageError) as refused:
        shop.publish(withdraw=(("cn", SECOND),))
    assert reason(refused.value) == "repo.not_offered"


# Keys and roles


def test_timestamp_is_renewed_with_the_keys_of_a_server_alone(shop: Shop, user: User) -> None:
    keys = online_keys(shop)
    published = shop.publish(renew=frozenset({"timestamp"}), keys=keys)
    assert (published.signed, published.versions["timestamp"]) == (frozenset({"timestamp"}), 2)
    published = shop.publish(renew=frozenset({"snapshot"}), keys=keys)
    assert published.signed == frozenset(ONLINE)
    assert user.update().code == 0


@pytest.mark.parametrize(
    ("changes", "role"),
    [
        ({"renew": frozenset({"targets"})}, "targets"),
        ({"renew": frozenset({"root"})}, "root"),
        ({"rotate": frozenset({"timestamp"})}, "root"),
        ({"rotate": frozenset({"root"})}, "root"),
        ({"withdraw": (("cn", FIRST),)}, "targets"),
    ],
)
def test_keys_of_a_server_can_do_no_more(changes: Mapping[str, Any], role: str, shop: Shop) -> None:
    keys = online_keys(shop)
    before = all_of(shop.home)
    with pytest.raises(UsageError) as refused:
        shop.publish(keys=keys, **changes)
    assert reason(refused.value) == "repo.lacks_keys"
    assert refused.value.faults[0].what.args["role"] == role
    assert all_of(shop.home) == before


def test_days_are_remembered_until_others_are_given(tmp_path: Path) -> None:
    shop = Shop(tmp_path / "shop")
    shop.home.mkdir()
    begun = shop.begin(days={"timestamp": 2})
    days = {role: (until - NOW).days for role, until in begun.until.items()}
    assert days == {**DAYS, "timestamp": 2}
    later = shop.publish(renew=frozenset({"timestamp"}))
    assert (later.until["timestamp"] - NOW).days == 2
    changed = shop.publish(days={"timestamp": 5})
    assert (changed.until["timestamp"] - NOW).days == 5


@pytest.mark.parametrize("role", ROLES)
def test_new_keys_replace_the_old_ones(role: str, shop: Shop, user: User) -> None:
    old = shop.signers(role)
    published = shop.publish(rotate=frozenset({role}))
    assert len(published.keys) == len(old)
    assert user.update().code == 0
    shop.publish(shop.zip(SECOND))
    assert user.update().code == 0
    assert user.in_use() == SECOND

    def change(signed: Any) -> None:
        signed.version += 1

    forge(shop, role, change, signers=old)
    ran = user.update()
    assert ran.code == 5
    assert "is not signed by the keys that are trusted for it" in one_line(ran)


def test_user_who_missed_several_roots_follows_them_all(shop: Shop, user: User) -> None:
    for _ in range(3):
        shop.publish(rotate=frozenset({"root"}))
    shop.publish(shop.zip(SECOND), rotate=frozenset(ROLES))
    assert user.update().code == 0
    assert user.in_use() == SECOND


def test_threshold_changes_with_the_keys(shop: Shop, user: User) -> None:
    published = shop.publish(rotate=frozenset({"root"}), counts={"root": (3, 5)})
    assert len(published.keys) == 5
    shop.publish(rotate=frozenset({"targets"}))
    for path in list(published.keys)[:3]:
        path.unlink()
    with pytest.raises(UsageError) as refused:
        shop.publish(renew=frozenset({"root"}))
    assert refused.value.faults[0].what.args == {"role": "root", "needed": "3", "have": "2"}
    with pytest.raises(UsageError) as refused:
        shop.publish(renew=frozenset({"root"}), counts={"root": (1, 1)})
    assert reason(refused.value) == "repo.idle_threshold"
    assert user.update().code == 0


def test_lost_key_of_a_server_is_replaced(shop: Shop, user: User) -> None:
    next(shop.keys.glob("timestamp-*")).unlink()
    with pytest.raises(UsageError):
        shop.publish(shop.zip(SECOND))
    shop.publish(shop.zip(SECOND), rotate=frozenset({"timestamp"}))
    assert user.update().code == 0
    assert user.in_use() == SECOND


# What nobody signs


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("how", ["flip", "cut", "empty"])
def test_nobody_signs_on_top_of_what_was_altered(role: str, how: str, shop: Shop) -> None:
    path = shop.file(role)
    content = path.read_bytes()
    at = content.index(b'"version"') - 1
    changed = {"flip": content[:at] + b" " + content[at:].replace(b"1", b"2", 1), "cut": content[:-9], "empty": b""}
    path.write_bytes(changed[how])
    before = all_of(shop.repository)
    with pytest.raises(RuleBaseError) as refused:
        shop.publish(shop.zip(SECOND))
    assert reason(refused.value) == "repo.damaged"
    assert refused.value.faults[0].file.endswith(path.name)
    assert all_of(shop.repository) == before


def test_nobody_signs_what_a_server_added(shop: Shop) -> None:
    """An offer that somebody with all keys of the server put in is noticed before it is signed for good."""

    def change(signed: Any) -> None:
        signed.version += 1

    forge(shop, "targets", change, signers=shop.signers("snapshot"))
    with pytest.raises(RuleBaseError) as refused:
        shop.publish(shop.zip(SECOND))
    assert reason(refused.value) == "repo.damaged"


def test_pack_that_is_gone_is_noticed(shop: Shop) -> None:
    shop.target(f"cn-{FIRST}").unlink()
    with pytest.raises(RuleBaseError) as refused:
        shop.publish(renew=frozenset({"timestamp"}))
    assert reason(refused.value) == "repo.damaged"


def test_expired_repository_can_be_renewed(tmp_path: Path) -> None:
    shop = Shop(tmp_path / "shop")
    shop.home.mkdir()
    shop.begin(shop.zip(FIRST), now=days_ago(1000), days={})
    shop.publish(renew=frozenset(ROLES))
    user = make_user(tmp_path / "user", str(shop.repository))
    assert user.update("--root", str(shop.root)).code == 0


def test_two_at_once_are_one_after_the_other(shop: Shop) -> None:
    from borderready.update.files import alone_in

    with alone_in(shop.repository), pytest.raises(UsageError) as refused:
        shop.publish(renew=frozenset({"timestamp"}))
    assert reason(refused.value) == "update.busy"


# Whole or not at all

CHANGES: Mapping[str, Mapping[str, Any]] = {
    "add": {"zips": True},
    "withdraw": {"withdraw": (("cn", FIRST),)},
    "renew all": {"renew": frozenset(ROLES)},
    "new root keys": {"rotate": frozenset({"root"})},
    "new target keys": {"rotate": frozenset({"targets"})},
    "new snapshot keys": {"rotate": frozenset({"snapshot"})},
    "new timestamp keys": {"rotate": frozenset({"timestamp"})},
    "all at once": {"zips": True, "rotate": frozenset(ROLES)},
}


@pytest.mark.parametrize("name", CHANGES)
def test_mirror_that_copies_at_any_moment_holds_together(
    name: str, shop: Shop, user: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A copy is made after every file that is written; users who saw the state before follow each of the copies."""
    changes = dict(CHANGES[name])
    zips = (shop.zip(SECOND),) if changes.pop("zips", False) else ()
    copies: list[Path] = []
    write = files.write_whole

    def write_and_copy(path: Path, content: bytes) -> None:
        write(path, content)
        copies.append(copy_of(shop.repository, tmp_path / f"copy-{len(copies)}"))

    monkeypatch.setattr(repository, "write_whole", write_and_copy)
    shop.publish(*zips, **changes)
    assert len(copies) >= 1
    kept = copy_of(user.data, tmp_path / "kept")
    for copy in copies:
        copy_of(kept, user.data)
        mirror = copy_of(copy, shop.repository)
        ran = user.update()
        assert ran.code == 0, (copy.name, ran.err)
        newcomer = make_user(tmp_path / f"newcomer-{copy.name}", str(mirror))
        assert newcomer.update("--root", str(shop.root)).code == 0


@pytest.mark.parametrize("name", CHANGES)
def test_publisher_who_is_stopped_at_any_file_can_begin_again(
    name: str, shop: Shop, user: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    changes = dict(CHANGES[name])
    zips = (shop.zip(SECOND),) if changes.pop("zips", False) else ()
    write = files.write_whole
    before = copy_of(shop.home, tmp_path / "before")
    for allowed in range(8):
        copy_of(before, shop.home)
        left = allowed

        def write_some(path: Path, content: bytes) -> None:
            nonlocal left
            if left == 0:
                raise OSError(28, "No space left on device", str(path))
            left -= 1
            write(path, content)

        monkeypatch.setattr(repository, "write_whole", write_some)
        with suppress(UsageError):
            shop.publish(*zips, **changes)
        monkeypatch.setattr(repository, "write_whole", write)
        shop.publish(*(shop.home.glob(f"cn-{SECOND}.zip")), shop.zip(THIRD))
        home = make_user(tmp_path / f"user-{allowed}", user.address)
        assert home.update("--root", str(shop.root)).code == 0
        assert home.in_use() == THIRD


def test_same_change_at_the_same_moment_gives_the_same_bytes(shop: Shop, tmp_path: Path) -> None:
    other = Shop(copy_of(shop.home, tmp_path / "other"))
    for each in (shop, other):
        each.publish(each.zip(SECOND), now=NOW, days=LONG)
    assert all_of(shop.repository) == all_of(other.repository)


def test_files_are_for_everybody_to_read(shop: Shop) -> None:
    """Whatever the rights of new files are: a server runs as somebody else."""
    before = os.umask(0o077)
    try:
        shop.publish(shop.zip(SECOND))
    finally:
        os.umask(before)
    modes = {stat.S_IMODE(path.stat().st_mode) for path in shop.metadata.iterdir()}
    assert modes == {0o644}
