# SPDX-License-Identifier: Apache-2.0
"""Zips that nobody trusts: each hostile one is refused with its reason, and nothing of any is ever written."""

from __future__ import annotations

import os
import stat
import struct
import unicodedata
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from borderready.errors import RuleBaseError
from borderready.i18n import LANGUAGES, say
from borderready.pack.build import write_zip
from borderready.read import pack_zip
from borderready.read.pack_manifest import PackManifest, write_manifest
from borderready.read.pack_zip import clashes, problem_of_name, read_zip
from tests.packs import built, write_built

Change = Callable[[zipfile.ZipFile], None]
CAFE = "vn/caf\u00e9/x.yaml"


def refused(path: Path) -> str:
    """Return why a zip is refused."""
    with pytest.raises(RuleBaseError) as caught:
        read_zip(path)
    for fault in caught.value.faults:
        assert all(say(fault.what, language) for language in LANGUAGES)
    return "; ".join(say(fault.what, "en") for fault in caught.value.faults)


def write_with(folder: Path, *members: tuple[str | zipfile.ZipInfo, bytes], method: int = zipfile.ZIP_STORED) -> Path:
    """Write a sound pack and members beside."""
    path = write_built(folder, built())
    with zipfile.ZipFile(path, "a", compression=method) as archive:
        for member, content in members:
            archive.writestr(member, content)
    return path


def test_files_of_a_sound_zip_are_read(tmp_path: Path) -> None:
    contents = built()
    assert dict(read_zip(write_built(tmp_path, contents))) == contents


def test_zip_that_another_program_packed_is_read(tmp_path: Path) -> None:
    """Compressed, and with folders as members of their own."""
    contents, path = built(), tmp_path / "cn-1.0.0.zip"
    with zipfile.ZipFile(path, "w", compression=zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("vn/", b"")
        for name, content in contents.items():
            archive.writestr(name, content)
    assert dict(read_zip(path)) == contents


@pytest.mark.parametrize(
    "name",
    [
        "../evil.yaml",
        "vn/../../evil.yaml",
        "vn/..",
        "/etc/evil.yaml",
        "//host/evil.yaml",
        "C:/evil.yaml",
        "c:evil.yaml",
        "..\\evil.yaml",
        "vn\\evil.yaml",
    ],
)
def test_name_that_leads_out_is_refused(name: str, tmp_path: Path) -> None:
    assert refused(write_with(tmp_path, (name, b"x"))) == f"'{name}' would lie outside the pack's folder"


@pytest.mark.parametrize(
    "name",
    [
        "vn/con.yaml",
        "NUL",
        "vn/Com1/x.yaml",
        "aux .yaml",
        "vn/x.yaml.",
        "vn/x ",
        "vn//x.yaml",
        "./x.yaml",
        ".hidden/x.yaml",
        "vn/.x.yaml",
        "vn/x:y.yaml",
        "vn/x?.yaml",
        "vn/line\nbreak.yaml",
        "vn/bell\x07.yaml",
        "vn/\u202egnp.yaml",
        "manifest.json",
        "Signatures.json",
        "x" * 201,
        unicodedata.normalize("NFD", CAFE),
    ],
)
def test_name_that_some_system_cannot_write_is_refused(name: str, tmp_path: Path) -> None:
    assert "is no name that every system can write" in refused(write_with(tmp_path, (name, b"x")))


def test_name_with_a_nul_is_refused_whatever_stands_before_it(tmp_path: Path) -> None:
    path = write_with(tmp_path, ("vn/innocent_.yaml", b"x"))
    path.write_bytes(path.read_bytes().replace(b"innocent_", b"innocent\0"))
    assert "is no name that every system can write" in refused(path)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("vn/a.yaml", "vn/A.yaml"),
        ("vn/stra\u00dfe.yaml", "vn/STRASSE.yaml"),
        ("new/a.yaml", "NEW/b.yaml"),
        ("new", "new/b.yaml"),
        ("new/b.yaml", "new"),
        ("new/b.yaml", "New"),
    ],
)
def test_names_that_are_one_on_some_system_are_refused(first: str, second: str, tmp_path: Path) -> None:
    assert "are one name on some systems" in refused(write_with(tmp_path, (first, b"1"), (second, b"2")))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_name_that_stands_twice_is_refused(tmp_path: Path) -> None:
    path = write_with(tmp_path, ("VERSION", b"9.9.9"))
    assert refused(path) == "'VERSION' and 'VERSION' are one name on some systems"


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        (stat.S_IFLNK, "'vn/x.yaml' is a link; a pack holds files only"),
        (stat.S_IFIFO, "'vn/x.yaml' is neither a file nor a folder"),
        (stat.S_IFCHR, "'vn/x.yaml' is neither a file nor a folder"),
        (stat.S_IFBLK, "'vn/x.yaml' is neither a file nor a folder"),
        (stat.S_IFSOCK, "'vn/x.yaml' is neither a file nor a folder"),
        (stat.S_IFDIR, "'vn/x.yaml' is neither a file nor a folder"),
    ],
)
def test_link_or_special_file_is_refused(kind: int, reason: str, tmp_path: Path) -> None:
    entry = zipfile.ZipInfo("vn/x.yaml")
    entry.create_system = 3
    entry.external_attr = (kind | 0o777) << 16
    assert refused(write_with(tmp_path, (entry, b"/etc/passwd"))) == reason


def test_folder_that_holds_bytes_is_refused(tmp_path: Path) -> None:
    path = write_with(tmp_path, ("vnx_", b"x"))
    path.write_bytes(path.read_bytes().replace(b"vnx_", b"vnx/"))
    assert refused(path) == "'vnx/' is neither a file nor a folder"


def test_encrypted_member_is_refused(tmp_path: Path) -> None:
    path = write_built(tmp_path, built())
    content = bytearray(path.read_bytes())
    at = content.rfind(b"PK\x01\x02")
    content[at + 8] |= 1
    path.write_bytes(content)
    assert "is encrypted; a pack is open to everyone" in refused(path)


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_member_packed_in_an_unusual_way_is_refused(method: int, tmp_path: Path) -> None:
    path = write_with(tmp_path, ("vn/x.yaml", b"x" * 100), method=method)
    assert refused(path) == "'vn/x.yaml' is packed in a way that is not taken"


# bombs


def test_bomb_is_left_at_its_ratio(tmp_path: Path) -> None:
    path = write_with(tmp_path, ("vn/x.yaml", bytes(64 * 1024 * 1024)), method=zipfile.ZIP_DEFLATED)
    assert path.stat().st_size < 1024 * 1024
    assert refused(path).startswith("the zip unpacks to more than 100 times its size")


def test_bomb_that_lies_about_its_size_is_found_out(tmp_path: Path) -> None:
    """The headers say that the member is small, and the checksum is that of the small part."""
    path = write_with(tmp_path, ("vn/x.yaml", bytes(8 * 1024 * 1024)), method=zipfile.ZIP_DEFLATED)
    size = struct.pack("<L", 8 * 1024 * 1024)
    path.write_bytes(path.read_bytes().replace(size, struct.pack("<L", 10)))
    assert refused(path).startswith("this is no zip that can be read")


def test_more_bytes_than_a_pack_has_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pack_zip, "MAX_UNPACKED_BYTES", 1024 * 1024)
    path = write_with(tmp_path, ("vn/x.yaml", b"0123456789abcdef" * 65_537))
    assert refused(path).startswith("unpacked the zip is larger than 1 MiB")


def test_zip_that_is_too_large_is_not_even_opened(tmp_path: Path) -> None:
    path = tmp_path / "cn-1.0.0.zip"
    with path.open("wb") as stream:
        stream.truncate(pack_zip.MAX_PACKED_BYTES + 1)
    assert refused(path).startswith("the zip is larger than 128 MiB")


def _list_of(members: int, *, said: int | None = None, listed: int | None = None) -> bytes:
    """Return a zip whose list names so many members, and says another number or length of it where asked."""
    local = struct.pack("<4s5H3L2H", b"PK\x03\x04", 20, 0, 0, 0, 0, 0, 0, 0, 1, 0) + b"x"
    entry = struct.pack("<4s6H3L5H2L", b"PK\x01\x02", 20, 20, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0) + b"x"
    length = len(entry) * members if listed is None else listed
    count = min(members if said is None else said, 0xFFFF)
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, count, count, length, len(local), 0)
    return local + entry * members + end


def test_a_million_rules_are_refused_by_the_end_record(tmp_path: Path) -> None:
    path = tmp_path / "cn-1.0.0.zip"
    path.write_bytes(_list_of(1_000_000))
    assert refused(path).startswith("the zip has more than 20000 files")


def test_a_million_rules_behind_a_small_number_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "cn-1.0.0.zip"
    path.write_bytes(_list_of(1_000_000, said=3))
    assert refused(path).startswith("the zip has more than 20000 files")


def test_members_beyond_the_limit_are_refused_though_their_list_is_short(tmp_path: Path) -> None:
    path = tmp_path / "cn-1.0.0.zip"
    path.write_bytes(_list_of(20_001, said=3))
    assert refused(path).startswith("the zip has more than 20000 files")


def test_format_for_large_archives_is_refused(tmp_path: Path) -> None:
    path = write_built(tmp_path, built())
    content = path.read_bytes()
    locator = b"PK\x06\x07" + bytes(16)
    path.write_bytes(content[:-22] + locator + content[-22:])
    assert refused(path).startswith("the zip has more than 20000 files")


# damage


@pytest.mark.parametrize("content", [b"", b"PK", b"no zip at all", b"PK\x05\x06", b"\xff" * 70_000])
def test_what_is_no_zip_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "cn-1.0.0.zip"
    path.write_bytes(content)
    assert refused(path).startswith("this is no zip that can be read")


def test_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "cn-1.0.0.zip")
    assert refused(tmp_path / "cn-1.0.0.zip") == "this is no zip that can be read: not a file"


def test_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path / "cn-1.0.0.zip") == "this is no zip that can be read: No such file or directory"


SMALL = write_zip(
    {
        "MANIFEST.json": write_manifest(
            PackManifest(name="cn", version="1", engine=None, news="n", files={"VERSION": "f" * 64})
        ),
        "VERSION": b"1\n",
    }
)


@given(at=st.integers(0, len(SMALL) - 1), byte=st.integers(0, 255))
def test_zip_with_any_byte_changed_is_read_as_it_was_or_refused(
    at: int, byte: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Whatever is done to it, there is an answer: here always a refusal, since its one digest is wrong."""
    path = tmp_path_factory.mktemp("zip") / "cn-1.zip"
    path.write_bytes(SMALL[:at] + bytes([byte]) + SMALL[at + 1 :])
    with pytest.raises(RuleBaseError):
        read_zip(path)


# the manifest and the members


def test_zip_without_a_manifest_is_refused(tmp_path: Path) -> None:
    contents = {name: content for name, content in built().items() if name != "MANIFEST.json"}
    assert refused(write_built(tmp_path, contents)).startswith("there is no MANIFEST.json")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"vn/new.yaml": b"x"}, "vn/new.yaml is not in MANIFEST.json"),
        ({"products.yaml": b"x"}, "products.yaml was altered after the pack was built"),
        ({"VERSION": b"1.0.0 \n"}, "VERSION was altered after the pack was built"),
    ],
)
def test_files_that_are_not_those_of_the_manifest_are_refused(
    change: dict[str, bytes], reason: str, tmp_path: Path
) -> None:
    assert refused(write_built(tmp_path, {**built(), **change}, "cn-1.0.0.zip")).startswith(reason)


def test_file_of_the_manifest_that_is_not_there_is_refused(tmp_path: Path) -> None:
    contents = {name: content for name, content in built().items() if name != "products.yaml"}
    assert refused(write_built(tmp_path, contents)) == "products.yaml is in MANIFEST.json and not there"


def _sealed(contents: dict[str, bytes], **changes: str) -> dict[str, bytes]:
    """Return files with a manifest that says something else than they do."""
    import json

    data = {**json.loads(contents["MANIFEST.json"]), **changes}
    written = json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    return {**contents, "MANIFEST.json": written.encode()}


def test_manifest_that_says_another_version_or_name_is_refused(tmp_path: Path) -> None:
    path = write_built(tmp_path, _sealed(built(), version="2.0.0"))
    assert refused(path) == "VERSION says '1.0.0', MANIFEST.json says 2.0.0"
    path = write_built(tmp_path, _sealed(built(name="acme"), name="cn"))
    assert refused(path) == "pack.yaml says 'acme', MANIFEST.json says cn"
    path = write_built(tmp_path, _sealed(built(), name="acme"))
    assert refused(path) == "pack.yaml says 'cn', MANIFEST.json says acme"


# names


@given(st.text(min_size=1, max_size=30))
def test_name_that_is_let_through_stays_below_its_folder(name: str) -> None:
    if problem_of_name(name) is None:
        root = Path("/store/cn")
        assert root in (root / name).resolve().parents
        assert Path(name).as_posix() == name


@given(st.lists(st.sampled_from(["a", "A", "a/b", "A/b", "a/B", "b", "b/a"]), max_size=6, unique=True))
def test_names_without_a_clash_are_as_many_where_case_is_folded(names: list[str]) -> None:
    if not list(clashes(names)):
        assert len({name.lower() for name in names}) == len(names)
        folders = {"/".join(name.split("/")[:depth]) for name in names for depth in range(1, name.count("/") + 1)}
        assert len({folder.lower() for folder in folders}) == len(folders)
        assert {folder.lower() for folder in folders}.isdisjoint(name.lower() for name in names)
