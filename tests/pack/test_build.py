# SPDX-License-Identifier: Apache-2.0
"""`borderready pack build`: the same tree gives the same bytes, and what cannot be trusted is not built."""

from __future__ import annotations

import json
import os
import sys
import zipfile
from hashlib import sha256
from pathlib import Path

import pytest

from borderready.pack.build import write_zip
from borderready.read import pack_zip
from borderready.read.pack_zip import read_zip
from borderready.read.rule_base import digest_pack, load_pack_files
from tests.command import PACK, ROOT, run_here, run_program, run_python
from tests.packs import copy_pack, files_of, write_files


def refused(folder: Path, home: Path) -> str:
    ran = run_here("pack", "build", str(folder), home=home)
    assert (ran.code, ran.out) == (5, "")
    assert not list(home.glob("*.zip"))
    return ran.err


def test_two_builds_on_different_days_and_machines_give_one_digest(tmp_path: Path) -> None:
    """Another time zone, other rights, times and hash seed, files made in another order, another name of the folder."""
    other = copy_pack(tmp_path / "elsewhere" / "x")
    for number, path in enumerate(sorted(other.rglob("*"))):
        os.utime(path, (86_400 * number, 86_400 * number))
        if path.is_file():
            path.chmod(0o600 if number % 2 else 0o755)
    one = run_program(
        ["sh", "-c", f"umask 077; exec python3 -m borderready pack build '{PACK}' --out one"],
        home=tmp_path,
        environment={"TZ": "Asia/Ho_Chi_Minh", "PYTHONHASHSEED": "1", "PATH": _path()},
    )
    two = run_program(
        ["sh", "-c", f"umask 000; exec python3 -m borderready pack build '{other}' --out two --lang vi"],
        home=tmp_path,
        environment={"TZ": "America/Anchorage", "PYTHONHASHSEED": "2", "LC_ALL": "C", "PATH": _path()},
    )
    assert (one.code, two.code) == (0, 0), one.err + two.err
    first, second = (tmp_path / folder / "cn-1.0.0.zip" for folder in ("one", "two"))
    assert sha256(first.read_bytes()).hexdigest() == sha256(second.read_bytes()).hexdigest()


def _path() -> str:
    return f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"


def test_bytes_of_a_zip_are_these(tmp_path: Path) -> None:
    """A change of how zips are written would be seen here: the one digest of one small tree."""
    content = write_zip({"VERSION": b"1\n", "a/\u69b4\u83b2.md": b"durian\n"})
    assert sha256(content).hexdigest() == "f8895a15460814fd15b8b072c0a5f5ba266a801abd79d2dc4650410f3c194b1b"


def test_zip_holds_the_files_and_says_what_they_are(tmp_path: Path) -> None:
    ran = run_here("pack", "build", str(PACK), "--out", "dist/new", home=tmp_path)
    assert (ran.code, ran.err) == (0, "")
    contents = read_zip(tmp_path / "dist/new/cn-1.0.0.zip")
    files = load_pack_files(PACK)
    manifest = json.loads(contents["MANIFEST.json"])
    assert {name: contents[name] for name in contents if name != "MANIFEST.json"} == dict(files)
    assert manifest["files"] == {name: sha256(content).hexdigest() for name, content in files.items()}
    assert (manifest["name"], manifest["version"], manifest["engine"]) == ("cn", "1.0.0", None)
    assert manifest["news"].startswith("An invented rule base")
    assert digest_pack(files) in ran.out.replace("\n", "")


def test_rule_base_of_the_program_is_built_where_no_folder_is_named(tmp_path: Path) -> None:
    ran = run_here("pack", "build", "--news", home=tmp_path)
    assert ran.code == 0
    version = (ROOT / "rules" / "VERSION").read_text("utf-8").strip()
    manifest = json.loads(read_zip(tmp_path / f"cn-{version}.zip")["MANIFEST.json"])
    assert manifest["news"].splitlines()[0] in ran.out


def test_name_and_engine_range_are_those_of_pack_yaml(tmp_path: Path) -> None:
    write_files(tmp_path / "pack", files_of(name="acme", engine=">=0.1,<9"))
    assert run_here("pack", "build", "pack", home=tmp_path).code == 0
    manifest = json.loads(read_zip(tmp_path / "acme-1.0.0.zip")["MANIFEST.json"])
    assert (manifest["name"], manifest["engine"]) == ("acme", ">=0.1,<9")


def test_unpacked_zip_builds_itself_again(tmp_path: Path) -> None:
    run_here("pack", "build", str(PACK), home=tmp_path)
    with zipfile.ZipFile(tmp_path / "cn-1.0.0.zip") as archive:
        archive.extractall(tmp_path / "unpacked")
    run_here("pack", "build", "unpacked", "--out", "again", home=tmp_path)
    assert (tmp_path / "again/cn-1.0.0.zip").read_bytes() == (tmp_path / "cn-1.0.0.zip").read_bytes()


@pytest.mark.parametrize(
    ("file", "content", "reason"),
    [
        ("VERSION", "2.0.0\n", "the top section of NEWS.md is '1.0.0', VERSION says 2.0.0"),
        ("VERSION", "1.0.0-rc1\n", "VERSION says '1.0.0-rc1'; a version is"),
        ("VERSION", "\n", "the file says nothing"),
        ("NEWS.md", "# News\n", "the top section of NEWS.md is '', VERSION says 1.0.0"),
        ("NEWS.md", "## 1.0.0\n\n## 0.9.0\n\nOld.\n", "NEWS.md says nothing about 1.0.0"),
        ("NEWS.md", None, "there is no NEWS.md"),
        ("pack.yaml", "name: CN\n", "'CN' does not have the right form"),
        ("pack.yaml", "name: [\n", "pack.yaml"),
        ("pack.yaml", 'name: acme\nengine: "~1"\n', "'~1' does not have the right form"),
        ("products.yaml", "products: 1\n", "products.yaml"),
        ("any/any/con.yaml", "x", "any/any/con.yaml"),
    ],
)
def test_pack_that_is_not_as_it_must_be_is_not_built(
    file: str, content: str | None, reason: str, tmp_path: Path
) -> None:
    pack = copy_pack(tmp_path / "pack")
    if content is None:
        (pack / file).unlink()
    else:
        (pack / file).write_text(content, "utf-8")
    assert reason in refused(pack, tmp_path)


def test_link_in_a_pack_is_not_followed(tmp_path: Path) -> None:
    pack = copy_pack(tmp_path / "pack")
    (pack / "vn" / "secret.md").symlink_to("/etc/passwd")
    assert "'vn/secret.md' is a link" in refused(pack, tmp_path)
    (pack / "vn" / "secret.md").unlink()
    (pack / "vn" / "round").symlink_to(pack, target_is_directory=True)
    assert "'vn/round' is a link" in refused(pack, tmp_path)


def test_pipe_in_a_pack_is_not_waited_for(tmp_path: Path) -> None:
    pack = copy_pack(tmp_path / "pack")
    os.mkfifo(pack / "vn" / "pipe.md")
    assert "'vn/pipe.md' is neither a file nor a folder" in refused(pack, tmp_path)


def test_names_of_a_pack_that_clash_elsewhere_are_not_built(tmp_path: Path) -> None:
    pack = copy_pack(tmp_path / "pack")
    (pack / "news.MD").write_text("x", "utf-8")
    if len({path.name for path in pack.iterdir() if path.name.lower() == "news.md"}) == 2:
        assert "are one name on some systems" in refused(pack, tmp_path)


def test_folder_with_more_files_than_a_pack_has_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("borderready.pack.build.MAX_MEMBERS", 3)
    assert "more than 3 files" in refused(copy_pack(tmp_path / "pack"), tmp_path)


def test_folder_that_is_too_large_is_refused_before_it_is_read(tmp_path: Path) -> None:
    pack = copy_pack(tmp_path / "pack")
    with (pack / "tables" / "large.csv").open("wb") as stream:
        stream.truncate(pack_zip.MAX_UNPACKED_BYTES)
    assert "the folder holds more than 128 MiB" in refused(pack, tmp_path)


def test_zip_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    (tmp_path / "dist").write_text("a file, no folder", "utf-8")
    ran = run_here("pack", "build", str(PACK), "--out", "dist", home=tmp_path)
    assert ran.code == 2
    assert "dist" in ran.err


def test_building_needs_no_cryptography(tmp_path: Path) -> None:
    code = (
        "import sys; sys.modules['cryptography'] = None; from borderready.cli.app import run;"
        f"sys.exit(run(['pack', 'build', {str(PACK)!r}]))"
    )
    assert run_python("-c", code, home=tmp_path).code == 0
