# SPDX-License-Identifier: Apache-2.0
"""Every attack on a repository is refused in words of its own, and the pack in use stays as it is.

Each is carried out on a real repository, with the keys that somebody could have, and met once in a mirror folder and
once on a server.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tuf.api.metadata import MetaFile, Root, Snapshot, TargetFile, Targets, Timestamp

from borderready.errors import RuleBaseError
from borderready.update.address import read_address
from borderready.update.client import Asked, update_pack
from borderready.update.role import day_of
from tests.update.build import LONG, NOW, Shop, User, copy_of, days_ago, forge, make_user, one_line, stranger, told
from tests.update.server import serving

FIRST, SECOND = "2027.1.0", "2027.2.0"
Attack = Callable[[Shop, User], str]


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """A repository that has stood for a month, with one pack."""
    shop = Shop(tmp_path / "shop")
    shop.home.mkdir()
    shop.begin(shop.zip(FIRST), now=days_ago(30))
    return shop


@pytest.fixture(params=["folder", "server"])
def user(request: pytest.FixtureRequest, shop: Shop, tmp_path: Path) -> Iterator[User]:
    """Somebody who has taken that pack."""
    with serving(shop.repository) as server:
        user = make_user(tmp_path / "user", server.address if request.param == "server" else str(shop.repository))
        ran = user.update("--root", str(shop.root))
        assert (ran.code, user.in_use()) == (0, FIRST), ran.err
        yield user


def _raise(signed: Any) -> None:
    signed.version += 1


# Older states


def turn_back_the_timestamp(shop: Shop, user: User) -> str:
    """By whoever can write to the server."""
    old = shop.file("timestamp").read_bytes()
    shop.publish(renew=frozenset({"timestamp"}))
    assert user.update().code == 0
    shop.file("timestamp").write_bytes(old)
    return told("update.rollback.timestamp", seen="2", offered="1")


def turn_back_the_snapshot(shop: Shop, user: User) -> str:
    """By whoever has stolen the key of the timestamp."""
    shop.publish(renew=frozenset({"snapshot"}))
    assert user.update().code == 0

    def change(signed: Timestamp) -> None:
        _raise(signed)
        signed.snapshot_meta = MetaFile.from_data(1, shop.file("snapshot", 1).read_bytes(), ["sha256"])

    forge(shop, "timestamp", change)
    return told("update.rollback.snapshot", seen="2", offered="1")


def turn_back_the_list_of_packs(shop: Shop, user: User) -> str:
    """By whoever has stolen all that lies on the server."""
    shop.publish(renew=frozenset({"targets"}))
    assert user.update().code == 0

    def change(signed: Snapshot) -> None:
        _raise(signed)
        signed.meta["targets.json"] = MetaFile.from_data(1, shop.file("targets", 1).read_bytes(), ["sha256"])

    forge(shop, "snapshot", change)
    return told("update.rollback.targets", seen="2", offered="1")


def turn_back_the_root(shop: Shop, user: User) -> str:
    shop.publish(renew=frozenset({"root"}))
    assert user.update().code == 0
    (shop.metadata / "3.root.json").write_bytes(shop.root.read_bytes())
    return told("update.rollback.root", file="metadata/3.root.json", seen="2", offered="1")


# Time


def hold_back_what_is_new(shop: Shop, user: User) -> str:
    """A timestamp that was good for a week, ten days ago."""
    shop.publish(days={"timestamp": 7}, now=days_ago(10))
    return told("update.expired.timestamp", day=day_of(days_ago(3)))


def let_the_root_expire(shop: Shop, user: User) -> str:
    shop.publish(days={"root": 7}, now=days_ago(10))
    return told("update.expired.root", day=day_of(days_ago(3)))


def let_the_snapshot_expire(shop: Shop, user: User) -> str:
    shop.publish(days={"snapshot": 7}, now=days_ago(10))
    return told("update.expired.snapshot", day=day_of(days_ago(3)))


def let_the_list_of_packs_expire(shop: Shop, user: User) -> str:
    shop.publish(days={"targets": 7}, now=days_ago(10))
    return told("update.expired.targets", day=f"{days_ago(3):%Y-%m-%d}")


# States mixed


def mix_in_an_older_snapshot(shop: Shop, user: User) -> str:
    shop.publish(shop.zip(SECOND))
    shop.file("snapshot", 2).write_bytes(shop.file("snapshot", 1).read_bytes())
    return told("update.mixed", file="metadata/2.snapshot.json")


def mix_in_an_older_list_of_packs(shop: Shop, user: User) -> str:
    shop.publish(shop.zip(SECOND))
    shop.file("targets", 2).write_bytes(shop.file("targets", 1).read_bytes())
    return told("update.mixed", file="metadata/2.targets.json")


def announce_one_snapshot_and_sign_another(shop: Shop, user: User) -> str:
    """Without a digest in the timestamp, as other tools make it, the version alone must tell."""

    def change(signed: Timestamp) -> None:
        _raise(signed)
        signed.snapshot_meta = MetaFile(2)

    forge(shop, "timestamp", change)
    (shop.metadata / "2.snapshot.json").write_bytes(shop.file("snapshot", 1).read_bytes())
    return told("update.mixed", file="metadata/2.snapshot.json")


def put_a_role_in_the_place_of_another(shop: Shop, user: User) -> str:
    shop.file("timestamp").write_bytes(shop.file("snapshot").read_bytes())
    return told("update.untrusted", file="metadata/timestamp.json", reason="Expected 'timestamp', got 'snapshot'")


# Data without end


def lengthen_the_timestamp(shop: Shop, user: User) -> str:
    return _lengthen(shop.file("timestamp"), 20_000)


def lengthen_the_root(shop: Shop, user: User) -> str:
    shop.publish(renew=frozenset({"root"}))
    return _lengthen(shop.file("root"), 600_000)


def lengthen_the_snapshot(shop: Shop, user: User) -> str:
    shop.publish(renew=frozenset({"snapshot"}))
    return _lengthen(shop.file("snapshot"), 1)


def lengthen_the_list_of_packs(shop: Shop, user: User) -> str:
    shop.publish(renew=frozenset({"targets"}))
    return _lengthen(shop.file("targets"), 1)


def lengthen_a_pack(shop: Shop, user: User) -> str:
    shop.publish(shop.zip(SECOND))
    path = shop.target(f"cn-{SECOND}")
    _lengthen(path, 1)
    return told("update.endless", file=f"targets/{path.name}")


def announce_a_snapshot_of_any_length(shop: Shop, user: User) -> str:
    """By whoever has stolen the key of the timestamp: our own limit holds."""

    def change(signed: Timestamp) -> None:
        _raise(signed)
        signed.snapshot_meta = MetaFile(2, length=10**15)

    forge(shop, "timestamp", change)
    (shop.metadata / "2.snapshot.json").write_bytes(b" " * 5_000_001)
    return told("update.endless", file="metadata/2.snapshot.json")


def announce_a_pack_of_any_length(shop: Shop, user: User) -> str:
    def change(signed: Targets) -> None:
        _raise(signed)
        pack = TargetFile(10**15, {"sha256": "0" * 64}, f"cn-{SECOND}.zip")
        pack.unrecognized_fields["custom"] = {"name": "cn", "version": SECOND, "engine": None, "news": ""}
        signed.targets[pack.path] = pack

    forge(shop, "targets", change)
    return told("update.endless", file=f"targets/cn-{SECOND}.zip")


def _lengthen(path: Path, count: int) -> str:
    path.write_bytes(path.read_bytes() + b" " * count)
    return told("update.endless", file=f"metadata/{path.name}")


# Keys


def sign_the_timestamp_with_another_key(shop: Shop, user: User) -> str:
    forge(shop, "timestamp", _raise, signers=[stranger()])
    return told("update.wrong_keys", file="metadata/timestamp.json")


def sign_the_snapshot_with_another_key(shop: Shop, user: User) -> str:
    """The key of the timestamp may not sign a snapshot."""
    forge(shop, "snapshot", _raise, signers=shop.signers("timestamp"))
    return told("update.wrong_keys", file="metadata/2.snapshot.json")


def sign_the_list_of_packs_with_another_key(shop: Shop, user: User) -> str:
    """Whoever has all that lies on the server can still not offer a pack."""
    forge(shop, "targets", _raise, signers=shop.signers("snapshot"))
    return told("update.wrong_keys", file="metadata/2.targets.json")


def sign_the_root_with_other_keys(shop: Shop, user: User) -> str:
    forge(shop, "root", _raise, signers=[stranger(), stranger()])
    return told("update.wrong_keys", file="metadata/2.root.json")


def sign_a_root_by_itself_alone(shop: Shop, user: User) -> str:
    """A root that names keys of its own and is signed by them, but not by the keys before it."""
    mine = [stranger(), stranger()]

    def change(signed: Root) -> None:
        _raise(signed)
        for keyid in list(signed.roles["root"].keyids):
            signed.revoke_key(keyid, "root")
        for signer in mine:
            signed.add_key(signer.public_key, "root")

    forge(shop, "root", change, signers=mine)
    return told("update.wrong_keys", file="metadata/2.root.json")


def name_keys_in_a_root_that_did_not_sign_it(shop: Shop, user: User) -> str:
    signers = shop.signers("root")
    mine = [stranger(), stranger()]

    def change(signed: Root) -> None:
        _raise(signed)
        for keyid in list(signed.roles["root"].keyids):
            signed.revoke_key(keyid, "root")
        for signer in mine:
            signed.add_key(signer.public_key, "root")

    forge(shop, "root", change, signers=signers)
    return told("update.wrong_keys", file="metadata/2.root.json")


def sign_a_root_with_too_few_keys(shop: Shop, user: User) -> str:
    forge(shop, "root", _raise, signers=shop.signers("root")[:1])
    return told("update.few_signatures", file="metadata/2.root.json", good="1", needed="2")


def change_a_word_of_what_is_signed(shop: Shop, user: User) -> str:
    path = shop.file("timestamp")
    path.write_bytes(path.read_bytes().replace(b'"version":1}', b'"version":9}'))
    return told("update.wrong_keys", file="metadata/timestamp.json")


# Packs


def alter_a_pack(shop: Shop, user: User) -> str:
    shop.publish(shop.zip(SECOND))
    path = shop.target(f"cn-{SECOND}")
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    return told("update.altered", file=f"targets/{path.name}")


def cut_off_a_pack(shop: Shop, user: User) -> str:
    shop.publish(shop.zip(SECOND))
    path = shop.target(f"cn-{SECOND}")
    path.write_bytes(path.read_bytes()[:-10])
    return told("update.altered", file=f"targets/{path.name}")


def put_a_pack_in_the_place_of_another(shop: Shop, user: User) -> str:
    shop.publish(shop.zip(SECOND))
    path = shop.target(f"cn-{SECOND}")
    path.write_bytes(shop.target(f"cn-{FIRST}").read_bytes())
    return told("update.altered", file=f"targets/{path.name}")


def sign_another_pack_under_a_name(shop: Shop, user: User) -> str:
    """By whoever has the key of the packs, or by mistake."""
    content = shop.zip("1.0", name="house").read_bytes()

    def change(signed: Targets) -> None:
        _raise(signed)
        pack = TargetFile.from_data(f"cn-{SECOND}.zip", content, ["sha256"])
        pack.unrecognized_fields["custom"] = {"name": "cn", "version": SECOND, "engine": None, "news": ""}
        signed.targets[pack.path] = pack
        for place in pack.get_prefixed_paths():
            (shop.repository / "targets" / place).write_bytes(content)

    forge(shop, "targets", change)
    return told("update.other_pack", file=f"cn-{SECOND}.zip", inside="house-1.0.zip")


def sign_what_is_no_pack(shop: Shop, user: User) -> str:
    def change(signed: Targets) -> None:
        _raise(signed)
        pack = TargetFile.from_data(f"cn-{SECOND}.zip", b"MZ", ["sha256"])
        pack.unrecognized_fields["custom"] = {"name": "cn", "version": SECOND, "engine": None, "news": ""}
        signed.targets[pack.path] = pack
        for place in pack.get_prefixed_paths():
            (shop.repository / "targets" / place).write_bytes(b"MZ")

    forge(shop, "targets", change)
    return told("update.no_facts", manifest="MANIFEST.json")


# Files cut off or taken away


def cut_off_the_timestamp(shop: Shop, user: User) -> str:
    path = shop.file("timestamp")
    path.write_bytes(path.read_bytes()[:-10])
    return told("update.damaged", file="metadata/timestamp.json")


def nest_the_timestamp(shop: Shop, user: User) -> str:
    shop.file("timestamp").write_bytes(b"[" * 16_000)
    return told("update.damaged", file="metadata/timestamp.json")


def empty_the_timestamp(shop: Shop, user: User) -> str:
    shop.file("timestamp").write_bytes(b"")
    return told("update.damaged", file="metadata/timestamp.json")


def cut_off_the_snapshot(shop: Shop, user: User) -> str:
    shop.publish(renew=frozenset({"snapshot"}))
    path = shop.file("snapshot")
    path.write_bytes(path.read_bytes()[:-10])
    return told("update.mixed", file="metadata/2.snapshot.json")


def cut_off_the_root(shop: Shop, user: User) -> str:
    shop.publish(renew=frozenset({"root"}))
    path = shop.file("root")
    path.write_bytes(path.read_bytes()[:-10])
    return told("update.damaged", file="metadata/2.root.json")


def take_the_timestamp_away(shop: Shop, user: User) -> str:
    shop.file("timestamp").unlink()
    return told("update.not_there", file="metadata/timestamp.json", status="404")


def take_the_snapshot_away(shop: Shop, user: User) -> str:
    shop.publish(renew=frozenset({"snapshot"}))
    shop.file("snapshot").unlink()
    return told("update.not_there", file="metadata/2.snapshot.json", status="404")


def take_a_pack_away(shop: Shop, user: User) -> str:
    shop.publish(shop.zip(SECOND))
    path = shop.target(f"cn-{SECOND}")
    path.unlink()
    return told("update.not_there", file=f"targets/{path.name}", status="404")


ATTACKS: tuple[Attack, ...] = (
    turn_back_the_timestamp,
    turn_back_the_snapshot,
    turn_back_the_list_of_packs,
    turn_back_the_root,
    hold_back_what_is_new,
    let_the_root_expire,
    let_the_snapshot_expire,
    let_the_list_of_packs_expire,
    mix_in_an_older_snapshot,
    mix_in_an_older_list_of_packs,
    announce_one_snapshot_and_sign_another,
    put_a_role_in_the_place_of_another,
    lengthen_the_timestamp,
    lengthen_the_root,
    lengthen_the_snapshot,
    lengthen_the_list_of_packs,
    lengthen_a_pack,
    announce_a_snapshot_of_any_length,
    announce_a_pack_of_any_length,
    sign_the_timestamp_with_another_key,
    sign_the_snapshot_with_another_key,
    sign_the_list_of_packs_with_another_key,
    sign_the_root_with_other_keys,
    sign_a_root_by_itself_alone,
    name_keys_in_a_root_that_did_not_sign_it,
    sign_a_root_with_too_few_keys,
    change_a_word_of_what_is_signed,
    alter_a_pack,
    cut_off_a_pack,
    put_a_pack_in_the_place_of_another,
    sign_another_pack_under_a_name,
    sign_what_is_no_pack,
    cut_off_the_timestamp,
    nest_the_timestamp,
    empty_the_timestamp,
    cut_off_the_snapshot,
    cut_off_the_root,
    take_the_timestamp_away,
    take_the_snapshot_away,
    take_a_pack_away,
)


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
def test_attack_is_refused_in_its_own_words_and_the_pack_in_use_stays(attack: Attack, shop: Shop, user: User) -> None:
    sentence = attack(shop, user)
    before = user.store()
    ran = user.update()
    assert (ran.code, ran.out) == (5, "")
    assert sentence in one_line(ran)
    assert ran.err.count("error:") == 1
    assert (user.store(), user.in_use()) == (before, FIRST)


@pytest.mark.parametrize("role", sorted(LONG))
def test_what_was_good_is_refused_once_it_has_expired(role: str, tmp_path: Path) -> None:
    """The clock is an argument deep inside; nothing else of the repository or of the user changes."""
    shop = Shop(tmp_path / "shop")
    shop.home.mkdir()
    shop.begin(shop.zip(FIRST), days={**LONG, role: 3})
    asked = Asked(
        name="cn",
        address=read_address(str(shop.repository)),
        root=shop.root,
        proxy=None,
        is_trial=False,
        engine="1.0",
        current=None,
    )
    taken: list[str] = []
    for passed in (timedelta(), timedelta(days=3, seconds=-1)):
        update_pack(asked, tmp_path / "kept", lambda path: taken.append(path.name), now=NOW + passed)
    assert taken == [f"cn-{FIRST}.zip"] * 2
    with pytest.raises(RuleBaseError) as refused:
        update_pack(asked, tmp_path / "kept", lambda path: taken.append(path.name), now=NOW + timedelta(days=3))
    assert [fault.what.key for fault in refused.value.faults] == [f"update.expired.{role}"]
    assert len(taken) == 2


def test_role_of_packs_can_ask_for_several_signatures(tmp_path: Path) -> None:
    shop = Shop(tmp_path / "shop")
    shop.home.mkdir()
    shop.begin(shop.zip(FIRST), counts={"targets": (2, 3)})
    user = make_user(tmp_path / "user", str(shop.repository))
    assert user.update("--root", str(shop.root)).code == 0
    forge(shop, "targets", _raise, signers=shop.signers("targets")[:1])
    ran = user.update()
    assert ran.code == 5
    assert told("update.few_signatures", file="metadata/2.targets.json", good="1", needed="2") in one_line(ran)


def test_version_pushed_far_ahead_is_forgotten_with_the_keys_that_signed_it(tmp_path: Path) -> None:
    """Whoever stole the keys of the server cannot lock users out of what comes after them."""
    shop = Shop(tmp_path / "shop")
    shop.home.mkdir()
    shop.begin(shop.zip(FIRST))
    user = make_user(tmp_path / "user", str(shop.repository))
    honest = copy_of(shop.repository, tmp_path / "honest")

    def far(signed: Any) -> None:
        signed.version = 1_000_000

    forge(shop, "snapshot", far)
    forge(shop, "timestamp", far)
    assert user.update("--root", str(shop.root)).code == 0
    copy_of(honest, shop.repository)
    assert user.update().code == 5
    shop.publish(shop.zip(SECOND), rotate=frozenset({"snapshot", "timestamp"}))
    ran = user.update()
    assert (ran.code, user.in_use()) == (0, SECOND), ran.err
