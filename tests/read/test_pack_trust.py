# SPDX-License-Identifier: Apache-2.0
"""Signatures of packs: what is signed, and each reason for which a pack is refused."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from borderready.errors import RuleBaseError
from borderready.i18n import say
from borderready.read.pack_manifest import is_version, parse_manifest, rank_of, write_manifest
from borderready.read.pack_trust import (
    Signature,
    Terms,
    judge_seals,
    payload_of,
    read_signatures,
    write_signatures,
)
from borderready.read.version_range import is_range, is_within
from tests.packs import LATER, TODAY, built, key_of, signed, terms

Files = Mapping[str, bytes]


def judge(contents: Files, asked: Terms, **named: object) -> tuple[str, ...]:
    return judge_seals(contents, asked, file="cn.zip", **named).keys  # type: ignore[arg-type]


def refused(contents: Files, asked: Terms, **named: object) -> str:
    with pytest.raises(RuleBaseError) as caught:
        judge(contents, asked, **named)
    return say(caught.value.faults[0].what, "en")


def keys(*teams: str) -> tuple[str, ...]:
    return tuple(sorted(key_of(team).public for team in teams))


SIGNED = built("1.0.0", "a")


def test_what_is_signed_is_written_as_the_module_says() -> None:
    manifest = parse_manifest(SIGNED["MANIFEST.json"], file="")
    digest = sha256(SIGNED["MANIFEST.json"]).hexdigest()
    assert payload_of(manifest, SIGNED["MANIFEST.json"], expires="2027-11-30").decode() == (
        f"borderready pack signature 1\nname: cn\nversion: 1.0.0\nexpires: 2027-11-30\nmanifest: sha256:{digest}\n"
    )


def test_pack_is_taken_where_no_key_is_asked_for() -> None:
    assert judge(built(), terms()) == ()
    assert judge(SIGNED, terms("b", name="acme")) == ()


def test_pack_that_the_key_signed_is_taken() -> None:
    assert judge(SIGNED, terms("a")) == keys("a")


def test_as_many_keys_as_asked_for_are_enough() -> None:
    two = built("1.0.0", "a", "c", "stranger")
    assert judge(two, terms("a", "b", "c", threshold=2)) == keys("a", "c")


def test_signature_holds_up_to_and_with_its_last_day() -> None:
    contents = built("1.0.0", "a", expires=TODAY)
    assert judge(contents, terms("a", today=TODAY)) == keys("a")
    assert refused(contents, terms("a", today="2026-11-29")) == (
        "the signatures of cn 1.0.0 have expired: 2026-11-28 was their last day"
    )


def test_pack_without_signatures_is_refused() -> None:
    assert refused(built(), terms("a")) == "cn 1.0.0 is not signed; the configuration asks for 1 of the keys for cn"


def test_pack_that_only_a_stranger_signed_is_refused() -> None:
    contents = built("1.0.0", "stranger")
    assert refused(contents, terms("a")).startswith("cn 1.0.0 is signed by none of the keys for cn, only by ed25519:")


def test_too_few_signatures_are_refused() -> None:
    assert refused(SIGNED, terms("a", "b", threshold=2)) == (
        "cn 1.0.0 is signed by 1 of the keys for cn; the configuration asks for 2"
    )


def test_one_key_that_signs_twice_is_not_two() -> None:
    (own,) = read_signatures(SIGNED["SIGNATURES.json"], file="")
    later = read_signatures(signed(built(), "a", expires="2098-01-01")["SIGNATURES.json"], file="")[0]
    contents = {**SIGNED, "SIGNATURES.json": write_signatures([own, later])}
    assert "a key signs twice" in refused(contents, terms("a", "b", threshold=2))


def test_late_signature_does_not_count_towards_the_threshold() -> None:
    contents = signed(built("1.0.0", "a"), "b", expires="2026-11-01")
    assert "have expired: 2026-11-01 was" in refused(contents, terms("a", "b", threshold=2))


def _with(signature: Signature) -> Files:
    return {**SIGNED, "SIGNATURES.json": write_signatures([signature])}


def test_signature_of_another_day_version_or_pack_does_not_fit() -> None:
    (own,) = read_signatures(SIGNED["SIGNATURES.json"], file="")
    later = Signature(key=own.key, expires="2100-01-01", signature=own.signature)
    assert "was altered after it was signed" in refused(_with(later), terms("a"))
    for other in (built("1.0.1", "a"), built("1.0.0", "a", news="Other."), built("1.0.0", "a", name="acme")):
        contents = {**SIGNED, "SIGNATURES.json": other["SIGNATURES.json"]}
        assert "was altered after it was signed" in refused(contents, terms("a"))


def test_signature_under_the_key_of_another_does_not_fit() -> None:
    (own,) = read_signatures(SIGNED["SIGNATURES.json"], file="")
    claimed = Signature(key=key_of("b").public, expires=own.expires, signature=own.signature)
    assert "was altered after it was signed" in refused(_with(claimed), terms("b"))


@given(at=st.integers(0, 63), bit=st.integers(0, 7))
def test_signature_with_any_bit_changed_is_refused(at: int, bit: int) -> None:
    (own,) = read_signatures(SIGNED["SIGNATURES.json"], file="")
    changed = bytearray(own.signature)
    changed[at] ^= 1 << bit
    refused(_with(Signature(key=own.key, expires=own.expires, signature=bytes(changed))), terms("a"))


@given(data=st.data())
def test_signed_manifest_with_any_digest_or_word_changed_is_refused(data: st.DataObject) -> None:
    manifest = json.loads(SIGNED["MANIFEST.json"])
    key = data.draw(st.sampled_from(["version", "news", "engine", "files"]))
    if key == "files":
        name = data.draw(st.sampled_from(sorted(manifest["files"])))
        manifest["files"][name] = data.draw(st.text("0123456789abcdef", min_size=64, max_size=64))
    else:
        manifest[key] = {"version": "1.0.1", "news": "Nothing.", "engine": ">=0"}[key]
    content = (json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()
    assert "was altered after it was signed" in refused({**SIGNED, "MANIFEST.json": content}, terms("a"))


def test_older_version_than_was_accepted_is_refused_where_a_key_is_asked_for() -> None:
    accepted = {"cn": "1.0.1"}
    assert refused(SIGNED, terms("a"), accepted=accepted) == (
        "cn 1.0.0 is older than 1.0.1, which this machine has accepted before"
    )
    assert judge(SIGNED, terms("a"), accepted={"cn": "1.0", "acme": "9"}) == keys("a")
    assert judge(built(), terms(), accepted=accepted) == ()


def test_pack_under_another_name_or_version_is_refused() -> None:
    assert refused(SIGNED, terms("a"), named=("acme", "1.0.0")) == "this is cn 1.0.0, not acme 1.0.0 as its name says"
    assert refused(SIGNED, terms(), named=("cn", "1.0.1")) == "this is cn 1.0.0, not cn 1.0.1 as its name says"


def test_pack_for_another_program_is_refused() -> None:
    contents = built(engine=">=2,<3")
    assert refused(contents, terms(engine="1.9.9")) == "cn 1.0.0 needs borderready >=2,<3; this is 1.9.9"
    assert judge(contents, terms(engine="2.0.0rc1")) == ()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"{",
        b"\xff",
        b'{"borderready": "pack-signatures/2", "signatures": []}',
        b'{"borderready": "pack-signatures/1", "signatures": []}',
        b'{"borderready": "pack-signatures/1", "signatures": {}}',
        b'{"borderready": "pack-signatures/1", "signatures": [1]}',
        b'{"borderready": "pack-signatures/1", "signatures": [{"key": "a"}]}',
        b"[" * 100_000,
    ],
)
def test_signatures_without_their_form_are_refused(content: bytes) -> None:
    assert "SIGNATURES.json is not as it must be" in refused({**SIGNED, "SIGNATURES.json": content}, terms("a"))


def test_signature_with_an_impossible_day_is_refused() -> None:
    content = SIGNED["SIGNATURES.json"].replace(LATER.encode(), b"2099-13-31")
    assert "SIGNATURES.json is not as it must be" in refused({**SIGNED, "SIGNATURES.json": content}, terms("a"))


# the manifest


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"name": "CN"}, "name"),
        ({"name": "con"}, "name"),
        ({"name": "../cn"}, "name"),
        ({"name": 1}, "name"),
        ({"version": "1.0.0-rc1"}, "version"),
        ({"version": "01"}, "version"),
        ({"version": "../1"}, "version"),
        ({"engine": "~=1"}, "engine"),
        ({"engine": 1}, "engine"),
        ({"news": None}, "news"),
        ({"news": "\ud800"}, "not written as"),
        ({"files": []}, "files"),
        ({"files": {"VERSION": "0" * 63}}, "files"),
        ({"more": 1}, "keys"),
        ({"borderready": "pack/2"}, "keys"),
    ],
)
def test_manifest_without_its_form_is_refused(change: dict[str, object], reason: str) -> None:
    data = {**json.loads(SIGNED["MANIFEST.json"]), **change}
    with pytest.raises(RuleBaseError) as caught:
        parse_manifest(json.dumps(data).encode(), file="cn.zip")
    assert say(caught.value.faults[0].what, "en").startswith(f"MANIFEST.json is not as it must be: {reason}")


def test_manifest_with_a_key_twice_or_other_spaces_is_refused() -> None:
    content = SIGNED["MANIFEST.json"]
    for changed in (content.replace(b"{", b'{\n "name": "acme",', 1), content + b"\n", content.replace(b"\n", b"\r\n")):
        with pytest.raises(RuleBaseError):
            parse_manifest(changed, file="cn.zip")
    assert write_manifest(parse_manifest(content, file="cn.zip")) == content


# versions


@pytest.mark.parametrize("text", ["0", "1.0", "2026.11.0", "1.2.3.4"])
def test_version_is_numbers_with_dots(text: str) -> None:
    assert is_version(text)


@pytest.mark.parametrize(
    "text", ["", "v1", "1.", ".1", "1..2", "1.2.3.4.5", "01", "1.0-rc", "1 ", "\u0661", "1\n", "9" * 10]
)
def test_anything_else_is_no_version(text: str) -> None:
    assert not is_version(text)


def test_versions_are_ordered_by_their_numbers() -> None:
    assert rank_of("2026.9.0") < rank_of("2026.11.0") < rank_of("2026.11.1") < rank_of("2027")
    assert rank_of("1.2") == rank_of("1.2.0")


@pytest.mark.parametrize(
    ("engine", "bounds", "is_in"),
    [
        ("1.2.0", ">=1.0,<2", True),
        ("2.0", ">=1.0,<2", False),
        ("1.0", ">=1.0", True),
        ("1.0", ">1", False),
        ("1.1", "!=1.0, !=1.2", True),
        ("1.2", "!=1.0, !=1.2", False),
        ("1.2", "==1.2.0", True),
        ("1.2", "<=1.1", False),
        ("0.1.0.dev3", ">=0.1", True),
    ],
)
def test_range_holds_versions_within_its_bounds(engine: str, bounds: str, is_in: bool) -> None:
    assert is_range(bounds)
    assert is_within(engine, bounds) is is_in
