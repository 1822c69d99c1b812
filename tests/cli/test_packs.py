# SPDX-License-Identifier: Apache-2.0
"""Packs from building to the report: what is refused, at install and at every load, and what a check takes."""

from __future__ import annotations

import json
import os
import stat
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from borderready.keep.packs import PackStore
from borderready.pack.build import seal_files
from borderready.read.rule_base import default_rules_dir
from tests.command import MANIFESTS, PACK, Ran, run_here, run_process, run_script
from tests.packs import (
    built,
    copy_pack,
    files_of,
    key_of,
    signed,
    terms,
    write_built,
    write_files,
    write_key,
    write_trust,
)

Files = Mapping[str, bytes]
READY = str(MANIFESTS / "ready.yaml")


def root_of(home: Path) -> Path:
    return home / ".local" / "share" / "borderready" / "packs"


def check(home: Path, *arguments: str) -> Ran:
    return run_here("check", READY, "--registers", str(MANIFESTS / "registers"), *arguments, home=home)


def pack_of(home: Path, *arguments: str) -> dict[str, str | None]:
    """Return the pack that a report names."""
    ran = check(home, "--format", "json", *arguments)
    assert (ran.code, ran.err) == (0, "")
    (pack,) = json.loads(ran.out)["packs"]
    return {str(key): value for key, value in pack.items()}


def said(ran: Ran) -> str:
    """Return what was said in one line."""
    return " ".join((ran.out + ran.err).split())


def add(home: Path, contents: Files, file: str = "") -> Ran:
    return run_here("pack", "add", str(write_built(home / "zips", contents, file)), home=home)


# from a folder to a report


def test_pack_goes_from_its_folder_to_a_report(tmp_path: Path) -> None:
    home = tmp_path
    for team in ("a", "b"):
        ran = run_here("pack", "keygen", f"{team}.key", home=home)
        assert ran.code == 0
        (home / f"{team}.pub").write_text(ran.out.split()[-1], "utf-8")
    assert run_here("pack", "build", str(PACK), home=home).code == 0
    for team in ("a", "b"):
        signing = ("pack", "sign", "cn-1.0.0.zip", "--key", f"{team}.key", "--expires", "2099-12-31")
        assert run_here(*signing, home=home).code == 0
    public = [(home / f"{team}.pub").read_text("utf-8") for team in ("a", "b")]
    config = f"[trust.cn]\nkeys = {json.dumps(public)}\nthreshold = 2\n"
    (home / "borderready.toml").write_text(config, "utf-8")
    assert run_here("pack", "verify", "cn-1.0.0.zip", home=home).code == 0
    assert check(home).code == 5
    assert "use it" not in said(run_here("pack", "add", "cn-1.0.0.zip", home=home))
    assert check(home).code == 5
    assert run_here("pack", "use", "cn@1.0.0", home=home).code == 0
    pack = pack_of(home)
    assert (pack["name"], pack["version"], pack["signed_by"]) == ("cn", "1.0.0", ", ".join(sorted(public)))
    assert pack == pack_of(home, "--rules", "cn@1.0.0") == pack_of(home, "--rules", "cn-1.0.0.zip")
    assert pack == pack_of(home, "--rules", "cn") == pack_of(home, "--rules", str(root_of(home) / "cn" / "1.0.0"))


def test_report_names_nobody_where_no_key_is_asked_for(tmp_path: Path) -> None:
    add(tmp_path, built("1.0.0", "a"))
    assert pack_of(tmp_path, "--rules", "cn@1.0.0")["signed_by"] is None


def test_digest_is_one_for_folder_zip_and_installed_version(tmp_path: Path) -> None:
    folder = copy_pack(tmp_path / "pack")
    path = write_built(tmp_path, built())
    add(tmp_path, built())
    digests = {pack_of(tmp_path, "--rules", str(rules))["sha256"] for rules in (folder, path, "cn@1.0.0")}
    assert len(digests) == 1


def test_folder_is_added_as_it_would_be_built(tmp_path: Path) -> None:
    folder = write_files(tmp_path / "mine", files_of("1.2.0", name="acme"))
    ran = run_here("pack", "add", "mine", home=tmp_path)
    assert (ran.code, ran.err) == (0, "")
    assert pack_of(tmp_path, "--rules", "acme@1.2.0")["name"] == "acme"
    (folder / "NEWS.md").unlink()
    assert run_here("pack", "add", "mine", home=tmp_path).code == 5


def test_unpacked_zip_is_added_with_its_signatures(tmp_path: Path) -> None:
    write_trust(tmp_path, "a")
    write_files(tmp_path / "unpacked", built("1.0.0", "a"))
    assert run_here("pack", "add", "unpacked", home=tmp_path).code == 0
    write_files(tmp_path / "bare", files_of("1.0.1"))
    assert "cn 1.0.1 is not signed" in said(run_here("pack", "add", "bare", home=tmp_path))


# refused at install and at every load

REFUSED = [
    pytest.param(built("2.0.0"), "cn 2.0.0 is not signed", id="unsigned"),
    pytest.param(built("2.0.0", "stranger"), "signed by none of the keys for cn", id="stranger"),
    pytest.param(built("2.0.0", "a"), "signed by 1 of the keys for cn; the configuration asks for 2", id="too-few"),
    pytest.param(built("2.0.0", "a", "b", expires="2026-01-01"), "have expired: 2026-01-01", id="expired"),
    pytest.param(
        {**built("2.0.0"), "SIGNATURES.json": built("2.0.1", "a", "b")["SIGNATURES.json"]},
        "was altered after it was signed",
        id="signatures-of-another",
    ),
    pytest.param({**built("2.0.0", "a", "b"), "products.yaml": b"x"}, "products.yaml was altered", id="altered"),
    pytest.param({**built("2.0.0", "a", "b"), "vn/x/new.yaml": b"x"}, "vn/x/new.yaml is not in MANIFEST", id="added"),
    pytest.param(built("1.9.0", "a", "b"), "cn 1.9.0 is older than 1.9.1", id="rollback"),
    pytest.param({**built("2.0.0", "a", "b"), "pack.yaml": b"name: other\n"}, "pack.yaml", id="renamed"),
]


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A home that asks for two keys of cn and has a pack in use that both signed."""
    write_trust(tmp_path, "a", "b", "c", threshold=2)
    assert add(tmp_path, built("1.9.1", "a", "b")).code == 0
    assert run_here("pack", "use", "cn@1.9.1", home=tmp_path).code == 0
    return tmp_path


@pytest.mark.parametrize(("contents", "reason"), REFUSED)
def test_pack_is_refused_at_install_with_its_reason_and_the_old_one_stays(
    contents: Files, reason: str, shop: Path
) -> None:
    before = {path: path.read_bytes() for path in root_of(shop).rglob("*") if path.is_file()}
    ran = add(shop, contents, f"cn-{contents['VERSION'].decode().strip()}.zip")
    assert (ran.code, ran.out) == (5, "")
    assert reason in said(ran)
    assert {path: path.read_bytes() for path in root_of(shop).rglob("*") if path.is_file()} == before
    assert pack_of(shop)["version"] == "1.9.1"


@pytest.mark.parametrize(("contents", "reason"), REFUSED)
def test_pack_is_refused_at_the_load_of_its_zip(contents: Files, reason: str, shop: Path) -> None:
    ran = check(shop, "--rules", str(write_built(shop, contents, "cn.zip")))
    assert (ran.code, ran.out) == (5, "")
    assert reason in said(ran)


@pytest.mark.parametrize(("contents", "reason"), REFUSED)
def test_pack_is_refused_at_the_load_of_its_folder(contents: Files, reason: str, shop: Path) -> None:
    """Files are compared by what can change an answer."""
    ran = check(shop, "--rules", str(write_files(shop / "folder", contents)))
    assert (ran.code, ran.out) == (5, "")
    assert reason in said(ran)


@pytest.mark.parametrize(("contents", "reason"), [entry for entry in REFUSED if entry.id != "rollback"])
def test_pack_that_got_into_the_store_some_other_way_is_refused_at_every_load(
    contents: Files, reason: str, shop: Path
) -> None:
    write_files(root_of(shop) / "cn" / "1.9.1", contents)
    ran = check(shop)
    assert (ran.code, ran.out) == (5, "")
    loads = [
        ("rules",),
        ("explain", "any/any/access"),
        ("products",),
        ("gaps",),
        ("coverage",),
        ("--version",),
        ("pack", "use", "cn@1.9.1"),
        ("pack", "lock"),
    ]
    for arguments in loads:
        assert run_here(*arguments, home=shop).code == 5, arguments


@pytest.mark.parametrize("is_compiled", [True, False])
def test_file_that_was_altered_in_the_store_is_found_out_and_named(is_compiled: bool, shop: Path) -> None:
    """Though its size and its time are as before, and the compiled pack lies in the cache."""
    if is_compiled:
        assert check(shop).code == 0
    table = root_of(shop) / "cn" / "1.9.1" / "tables" / "access.csv"
    before = table.stat()
    content = table.read_bytes()
    table.write_bytes(content.replace(b"closed", b"opened", 1))
    os.utime(table, ns=(before.st_atime_ns, before.st_mtime_ns))
    ran = check(shop)
    assert (ran.code, ran.out) == (5, "")
    assert "tables/access.csv was altered after the pack was built" in said(ran)
    assert "add it again from its zip, which mends it" in said(ran)
    (shop / "borderready.toml").unlink()
    assert "tables/access.csv was altered" in said(check(shop))
    table.write_bytes(content)
    assert check(shop).code == 0


def test_version_in_use_that_was_damaged_is_mended_by_adding_it_again(shop: Path) -> None:
    """It can neither be removed, being in use, nor give way to the unsigned one of the program."""
    folder = root_of(shop) / "cn" / "1.9.1"
    (folder / "products.yaml").unlink()
    (folder / "SIGNATURES.json").unlink()
    assert check(shop).code == 5
    assert add(shop, built("1.9.1", "stranger")).code == 5
    assert check(shop).code == 5
    assert add(shop, built("1.9.1", "a", "b")).code == 0
    assert pack_of(shop)["version"] == "1.9.1"
    (folder / ".installed.json").unlink()
    assert add(shop, built("1.9.1", "a", "b")).code == 0
    assert check(shop).code == 0


def test_signatures_taken_away_from_the_store_are_missed(shop: Path) -> None:
    (root_of(shop) / "cn" / "1.9.1" / "SIGNATURES.json").unlink()
    assert "the signatures of cn 1.9.1 were taken away" in said(check(shop))
    (root_of(shop) / "cn" / "1.9.1" / "MANIFEST.json").unlink()
    assert "there is no MANIFEST.json" in said(check(shop))


def test_signature_that_expires_in_the_store_is_refused_at_the_next_load(tmp_path: Path) -> None:
    """It held when it was installed, in the autumn of 2025."""
    store = PackStore(root_of(tmp_path))
    path = write_built(tmp_path, built("1.0.0", "a", expires="2025-12-31"))
    store.install(path, terms("a", today="2025-10-01"))
    store.use("cn", "1.0.0")
    write_trust(tmp_path, "a")
    assert "have expired: 2025-12-31" in said(check(tmp_path))


def test_pack_under_the_folder_of_another_version_is_refused(shop: Path) -> None:
    add(shop, built("2.0.0", "a", "b"))
    root = root_of(shop) / "cn"
    (root / "1.9.1").rename(shop / "old")
    (root / "2.0.0").rename(root / "1.9.1")
    (shop / "old").rename(root / "2.0.0")
    assert "this is cn 2.0.0, not cn 1.9.1 as its name says" in said(check(shop))
    assert "this is cn 1.9.1, not cn 2.0.0 as its name says" in said(check(shop, "--rules", "cn@2.0.0"))


def test_pack_that_the_key_of_another_name_signed_is_refused(tmp_path: Path) -> None:
    write_trust(tmp_path, "a", more=f'[trust.acme]\nkeys = ["{key_of("b").public}"]\n')
    assert add(tmp_path, built("1.0.0", "b", name="acme")).code == 0
    assert "signed by none of the keys for cn" in said(add(tmp_path, built("1.0.0", "b")))
    ran = add(tmp_path, built("1.0.0", "b", name="acme"), "cn-1.0.0.zip")
    assert (ran.code, "this is acme 1.0.0, not cn 1.0.0 as its name says" in said(ran)) == (5, True)


def test_pack_of_the_program_is_refused_like_any_other_where_a_key_is_asked_for(tmp_path: Path) -> None:
    assert check(tmp_path).code in (0, 1, 4)
    write_trust(tmp_path, "a")
    assert "is not signed; the configuration asks for 1 of the keys for cn" in said(check(tmp_path))
    assert check(tmp_path, "--no-config").code in (0, 1, 4)


# older versions


def test_old_reports_can_name_old_packs(shop: Path) -> None:
    """In full, so that nobody falls back to one unawares."""
    add(shop, built("2.0.0", "a", "b"))
    assert run_here("pack", "use", "cn@2.0.0", home=shop).code == 0
    assert pack_of(shop)["version"] == "2.0.0"
    assert pack_of(shop, "--rules", "cn@1.9.1")["version"] == "1.9.1"
    ran = run_here("pack", "use", "cn@1.9.1", home=shop)
    assert (ran.code, "cn 1.9.1 is older than 2.0.0" in said(ran)) == (5, True)
    assert pack_of(shop)["version"] == "2.0.0"


def test_version_in_use_is_refused_once_a_newer_one_was_accepted(shop: Path) -> None:
    add(shop, built("2.0.0", "a", "b"))
    assert "cn 1.9.1 is older than 2.0.0, which this machine has accepted before" in said(check(shop))


def test_version_put_into_use_under_a_key_counts_as_accepted(tmp_path: Path) -> None:
    """Though no key was asked for when it was installed."""
    for version in ("1.0.0", "2.0.0"):
        add(tmp_path, built(version, "a"))
    write_trust(tmp_path, "a")
    assert run_here("pack", "use", "cn@1.0.0", home=tmp_path).code == 0
    assert run_here("pack", "use", "cn@2.0.0", home=tmp_path).code == 0
    assert run_here("pack", "use", "cn@1.0.0", home=tmp_path).code == 5


def test_damaged_version_is_not_replaced_by_the_one_of_the_program(tmp_path: Path) -> None:
    version = (default_rules_dir() / "VERSION").read_text("utf-8").strip()
    add(tmp_path, built(version))
    (root_of(tmp_path) / "cn" / version / ".installed.json").unlink()
    ran = check(tmp_path, "--rules", f"cn@{version}")
    assert (ran.code, f"cn {version} is damaged" in said(ran)) == (5, True)


def test_version_in_use_that_is_gone_is_missed(tmp_path: Path) -> None:
    add(tmp_path, built("1.0.0"))
    run_here("pack", "use", "cn@1.0.0", home=tmp_path)
    (root_of(tmp_path) / "cn" / "1.0.0").rename(tmp_path / "gone")
    ran = check(tmp_path)
    assert (ran.code, "cn 1.0.0 is not installed" in said(ran)) == (5, True)


def test_without_a_key_older_versions_can_be_used(tmp_path: Path) -> None:
    for version in ("1.0.0", "2.0.0"):
        add(tmp_path, built(version))
    for version in ("2.0.0", "1.0.0"):
        assert run_here("pack", "use", f"cn@{version}", home=tmp_path).code == 0
        assert pack_of(tmp_path)["version"] == version


# which pack a check takes


def test_configuration_names_an_installed_pack_or_a_folder(tmp_path: Path) -> None:
    add(tmp_path, built("1.0.0", name="acme"))
    work = tmp_path / "work" / "deep"
    work.mkdir(parents=True)

    def name_by(rules: str) -> str | None:
        (tmp_path / "work" / "borderready.toml").write_text(f'rules = "{rules}"\n', "utf-8")
        ran = run_here("check", READY, "--format", "json", home=tmp_path, folder=work)
        return json.loads(ran.out)["packs"][0]["name"] if ran.code == 0 else ran.err

    assert name_by("acme@1.0.0") == "acme"
    assert name_by("acme") == "acme"
    copy_pack(tmp_path / "work" / "acme")
    (tmp_path / "work" / "acme" / "VERSION").write_text("7.0.0\n", "utf-8")
    assert name_by("acme") == "acme"
    assert '"version": "7.0.0"' in run_here("check", READY, "--format", "json", home=tmp_path, folder=work).out
    assert "acme@9.0.0: error: acme 9.0.0 is not installed" in str(name_by("acme@9.0.0"))


def test_pack_of_the_program_is_put_into_use_again(tmp_path: Path) -> None:
    version = (default_rules_dir() / "VERSION").read_text("utf-8").strip()
    add(tmp_path, built("1.0.0"))
    run_here("pack", "use", "cn@1.0.0", home=tmp_path)
    assert "rule base cn 1.0.0" in run_here("--version", home=tmp_path).out
    listed = run_here("pack", "list", home=tmp_path).out
    assert f"cn@{version}  not in use; came with the program" in listed
    assert "cn@1.0.0  in use; from " in listed
    for name in (f"cn@{version}", "cn"):
        assert run_here("pack", "use", "cn@1.0.0", home=tmp_path).code == 0
        assert run_here("pack", "use", name, home=tmp_path).code == 0
        assert f"rule base cn {version}" in run_here("--version", home=tmp_path).out
    assert run_here("pack", "remove", "cn@1.0.0", home=tmp_path).code == 0
    assert run_here("pack", "list", home=tmp_path).out.count("@") == 1


def test_version_in_use_is_not_removed(shop: Path) -> None:
    ran = run_here("pack", "remove", "cn@1.9.1", home=shop)
    assert (ran.code, "cn 1.9.1 is in use" in said(ran)) == (2, True)
    assert check(shop).code == 0


def test_cases_of_an_installed_rule_are_explained(tmp_path: Path) -> None:
    add(tmp_path, built("1.0.0"))
    path = str(write_built(tmp_path, built()))
    plain = run_here("explain", "any/any/access", "--rules", str(PACK), home=tmp_path)
    assert plain.code == 0
    for rules in ("cn@1.0.0", path):
        assert run_here("explain", "any/any/access", "--rules", rules, home=tmp_path) == plain


@pytest.mark.parametrize("name", ["acme", "cn@", "@1.0", "cn@1.0-rc", "../cn@1.0", "CN@1.0"])
def test_what_names_no_version_is_wrong_usage(name: str, tmp_path: Path) -> None:
    for word in ("use", "remove"):
        assert run_here("pack", word, name, home=tmp_path).code == 2


def test_pack_for_another_program_is_refused(tmp_path: Path) -> None:
    contents = built("1.0.0", name="acme", engine=">=99")
    assert "acme 1.0.0 needs borderready >=99" in said(add(tmp_path, contents))
    assert "acme 1.0.0 needs borderready >=99" in said(check(tmp_path, "--rules", str(write_built(tmp_path, contents))))


# hostile rules, through a zip

RULE = "any/any/access.yaml"


def _rule(old: str, new: str) -> bytes:
    text = files_of()[RULE].decode("utf-8")
    assert old in text
    return text.replace(old, new).encode()


def _hostile() -> dict[str, tuple[dict[str, bytes], str]]:
    lines = files_of()[RULE].decode("utf-8")
    matches = lines[: lines.index("check:")] + (
        "check: matches\nfield: reference\nwordings:\n  - start: 2020-01-01\n    options: {pattern: '(a+)+$'}\n"
        + lines[lines.index("    says:") :].split("  - start:")[0]
    )
    return {
        "deep": ({RULE: b"id: " + b"[" * 50_000}, "nested more than 50 levels deep"),
        "aliases": (
            {RULE: b"a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nid: [*c, *c]\n"},
            "",
        ),
        "same-id": ({"any/any/access-again.yaml": files_of()[RULE]}, "differs from the name of the file"),
        "pattern": ({RULE: matches.encode()}, "the pattern has"),
        "tag": ({RULE: _rule("id: ", "id: !!python/object/apply:os.system ")}, ""),
        "not-text": ({RULE: b"\xff\xfe\x00"}, ""),
    }


@pytest.mark.parametrize("name", sorted(_hostile()))
def test_hostile_rule_is_refused_at_install_and_at_load(name: str, tmp_path: Path) -> None:
    change, reason = _hostile()[name]
    _, contents = seal_files({**files_of("1.0.0"), **change}, lambda _: None, file="test")
    ran = add(tmp_path, contents)
    assert (ran.code, ran.out) == (5, "")
    assert reason in said(ran)
    assert next(iter(change)) in ran.err
    assert not (root_of(tmp_path) / "cn").exists()
    assert check(tmp_path, "--rules", str(tmp_path / "zips" / "cn-1.0.0.zip")).code == 5


@pytest.mark.parametrize("name", ["../../evil.yaml", "/tmp/evil.yaml", "..\\evil.yaml"])
def test_zip_that_would_write_outside_writes_nothing(name: str, tmp_path: Path) -> None:
    path = write_built(tmp_path / "zips", built())
    entry = zipfile.ZipInfo("vn/link")
    entry.create_system, entry.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(entry, "/etc")
        archive.writestr(name, b"evil")
    before = sorted(tmp_path.rglob("*"))
    ran = run_here("pack", "add", str(path), home=tmp_path)
    assert (ran.code, ran.out) == (5, "")
    assert [path for path in sorted(tmp_path.rglob("*")) if path not in before and "borderready" not in path.parts] in (
        [],
        [tmp_path / ".local", tmp_path / ".local" / "share"],
    )
    assert not (root_of(tmp_path) / "cn").exists()


# keys and signatures


def test_private_key_is_its_owner_s_alone_and_never_overwritten(tmp_path: Path) -> None:
    assert run_here("pack", "keygen", "team.key", home=tmp_path).code == 0
    content = (tmp_path / "team.key").read_bytes()
    assert stat.S_IMODE((tmp_path / "team.key").stat().st_mode) == 0o600
    assert content.startswith(b"-----BEGIN PRIVATE KEY-----")
    assert run_here("pack", "keygen", "team.key", home=tmp_path).code == 2
    assert (tmp_path / "team.key").read_bytes() == content
    assert run_here("pack", "keygen", "nowhere/team.key", home=tmp_path).code == 2


def test_signing_again_replaces_the_signature_of_the_same_key(tmp_path: Path) -> None:
    path = write_built(tmp_path, built())
    for day in ("2098-01-01", "2099-01-01"):
        signing = ("pack", "sign", str(path), "--key", str(write_key(tmp_path, "a")), "--expires", day)
        assert run_here(*signing, home=tmp_path).code == 0
    ran = run_here("pack", "verify", str(path), "--key", key_of("a").public, home=tmp_path)
    assert (ran.code, said(ran).count("names a signature of"), "up to 2099-01-01" in said(ran)) == (0, 1, True)


def test_signing_gives_the_same_bytes_again(tmp_path: Path) -> None:
    path = write_built(tmp_path, built())
    written = set()
    for _ in range(2):
        signing = ("pack", "sign", str(path), "--key", str(write_key(tmp_path, "a")), "--expires", "2099-01-01")
        run_here(*signing, home=tmp_path)
        written.add(path.read_bytes())
    assert len(written) == 1


@pytest.mark.parametrize("content", [b"", b"no key", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"])
def test_what_is_no_private_key_signs_nothing(content: bytes, tmp_path: Path) -> None:
    path = write_built(tmp_path, built())
    (tmp_path / "team.key").write_bytes(content)
    before = path.read_bytes()
    assert run_here("pack", "sign", str(path), "--key", "team.key", home=tmp_path).code == 2
    assert run_here("pack", "sign", str(path), "--key", "nowhere.key", home=tmp_path).code == 2
    assert path.read_bytes() == before


def test_signature_that_would_hold_for_nobody_is_not_made(tmp_path: Path) -> None:
    path = write_built(tmp_path, built())
    signing = ("pack", "sign", str(path), "--key", str(write_key(tmp_path, "a")), "--expires", "2020-01-01")
    ran = run_here(*signing, home=tmp_path)
    assert (ran.code, "2020-01-01 has passed" in said(ran)) == (2, True)


def test_altered_pack_is_not_signed(tmp_path: Path) -> None:
    path = write_built(tmp_path, {**built(), "products.yaml": b"x"})
    assert run_here("pack", "sign", str(path), "--key", str(write_key(tmp_path, "a")), home=tmp_path).code == 5


def test_verify_needs_a_key_to_say_yes(tmp_path: Path) -> None:
    path = str(write_built(tmp_path, signed(built(), "a", "b")))
    ran = run_here("pack", "verify", path, home=tmp_path)
    assert (ran.code, "no key is configured for cn" in said(ran)) == (5, True)
    a, c = key_of("a").public, key_of("c").public
    assert run_here("pack", "verify", path, "--key", a, home=tmp_path).code == 0
    assert run_here("pack", "verify", path, "--key", a, "--key", c, home=tmp_path).code == 5
    assert run_here("pack", "verify", path, "--key", "ed25519:short", home=tmp_path).code == 2
    (tmp_path / "zips").mkdir()
    keyring = write_trust(tmp_path / "zips", "a", "b", threshold=2)
    assert run_here("pack", "verify", path, "--keyring", str(keyring), home=tmp_path).code == 0


# the lock


def test_lock_holds_a_check_to_its_rule_base(shop: Path) -> None:
    assert run_here("pack", "lock", home=shop).code == 0
    lock = json.loads((shop / "borderready.lock").read_text("utf-8"))
    pack = pack_of(shop)
    keys = [key_of(team).public for team in ("a", "b")]
    assert lock == {
        "borderready": "lock/1",
        "packs": [{"name": "cn", "version": "1.9.1", "sha256": pack["sha256"], "keys": sorted(keys)}],
    }
    assert check(shop, "--locked").code == 0
    add(shop, built("2.0.0", "a", "b"))
    run_here("pack", "use", "cn@2.0.0", home=shop)
    assert check(shop).code == 0
    ran = check(shop, "--locked")
    assert (ran.code, ran.out) == (5, "")
    assert "cn 2.0.0 was loaded; the lock names 1.9.1" in said(ran)
    assert check(shop, "--locked", "--rules", "cn@1.9.1").code == 0


def test_lock_refuses_other_files_other_names_and_other_keys(tmp_path: Path) -> None:
    folder = copy_pack(tmp_path / "pack")
    rules = ("--rules", str(folder))
    assert run_here("pack", "lock", *rules, home=tmp_path).code == 0
    assert check(tmp_path, *rules, "--locked").code == 0
    with (folder / "tables" / "access.csv").open("a") as stream:
        stream.write("TH,pepper-dried,open,,2024-05-01,,harbour-act,Annex 1,primary,\n")
    assert "was loaded with sha256:" in said(check(tmp_path, *rules, "--locked"))
    folder.rename(tmp_path / "other")
    ran = check(tmp_path, "--rules", "other", "--locked")
    assert "the lock does not name other" in said(ran)
    assert "the lock names pack 1.0.0, which was not loaded" in said(ran)
    path = ("--rules", str(write_built(tmp_path, built("1.0.0", "a"))))
    assert run_here("pack", "lock", *path, home=tmp_path).code == 0
    write_trust(tmp_path, "a")
    assert "the lock names -" in said(check(tmp_path, *path, "--locked"))


@pytest.mark.parametrize(
    "content",
    [None, "", "{}", '{"borderready": "lock/1", "packs": []}', '{"borderready": "lock/1", "packs": [{"name": "cn"}]}'],
)
def test_lock_that_cannot_be_read_lets_nothing_through(content: str | None, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / "borderready.lock").write_text(content, "utf-8")
    ran = check(tmp_path, "--locked", "--rules", str(PACK))
    assert (ran.code, ran.out) == (5, "")
    assert ran.err.startswith("borderready.lock: error: ")


def test_lock_stands_beside_the_configuration(tmp_path: Path) -> None:
    (tmp_path / "borderready.toml").write_text(f'rules = "{PACK}"\n', "utf-8")
    (tmp_path / "deep").mkdir()
    assert run_here("pack", "lock", home=tmp_path, folder=tmp_path / "deep").code == 0
    assert (tmp_path / "borderready.lock").exists()
    ran = run_here("check", READY, "--locked", home=tmp_path, folder=tmp_path / "deep")
    assert ran.code == 0


@pytest.mark.parametrize("many", [("--jobs", "2"), ("--why-not", "any/any/access")])
def test_lock_holds_however_a_check_is_run(many: tuple[str, ...], shop: Path) -> None:
    assert check(shop, *many, "--locked").code == 5
    assert run_here("pack", "lock", home=shop).code == 0
    assert check(shop, *many, "--locked").code == 0


# what it costs


def test_check_without_keys_or_packs_loads_nothing_for_them(tmp_path: Path) -> None:
    script = (
        "import sys; from borderready.cli.app import run; code = run(sys.argv[1:]);"
        "print(*sorted(name for name in sys.modules if name.partition('.')[0] == 'cryptography'"
        " or name in ('borderready.read.pack_zip', 'borderready.keep.packs', 'borderready.pack.lock')),"
        " file=sys.stderr);"
        "sys.exit(code)"
    )
    ran = run_script(script, "check", READY, "--rules", str(PACK), home=tmp_path)
    assert (ran.code, ran.err.strip()) == (0, "")
    judging = "'borderready.cli.chosen_pack', 'borderready.cli.pack_chain', 'borderready.read.pack_trust'"
    more = script.replace("('borderready.read.pack_zip'", f"({judging}, 'borderready.read.pack_zip'")
    ran = run_script(more, "check", READY, home=tmp_path)
    assert (ran.code, ran.err.strip()) == (4, "")


def test_texts_are_there_in_every_language(shop: Path) -> None:
    for lang, word in (("vi", "đang dùng"), ("zh", "使用中")):
        assert word in run_here("pack", "list", "--lang", lang, home=shop).out
    assert run_process("pack", "list", home=shop).code == 0
