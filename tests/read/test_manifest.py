# SPDX-License-Identifier: Apache-2.0
"""Files to manifests: what a file may be, several documents in one, JSON, and faults between parts of a manifest."""

from __future__ import annotations

import json
import shlex
import socket
import sys
from collections.abc import Mapping
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

import pytest

from borderready.errors import Fault
from borderready.i18n import LANGUAGES, say_all
from borderready.model import Manifest, Message, Span, Value
from borderready.read.manifest import Invalid, parse_manifests, placeholder_of, read_manifests
from borderready.read.strict_yaml import MAX_BYTES
from tests.build import freeze_mapping, make_pack
from tests.command import run_here, run_process, run_program
from tests.read.build import SMALLEST, ask_unprivileged, brief, faults_in, kinds_of, lot_text, read_all, read_one

SMALLEST_DATA = {"borderready": 1, "shipment": {"origin": "VN"}, "lots": ({"id": "L1", "product": "durian-fresh"},)}


def _invalid(name: str) -> Invalid:
    (result,) = read_manifests(name)
    assert isinstance(result, Invalid)
    return result


# what a file may be


def test_file_is_named_as_the_user_named_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "m.yaml").write_text(SMALLEST, "utf-8")
    monkeypatch.chdir(tmp_path)
    (manifest,) = read_manifests("./m.yaml")
    assert isinstance(manifest, Manifest)
    assert (manifest.file, manifest.index, manifest.data) == ("./m.yaml", 0, SMALLEST_DATA)
    assert manifest.sha256 == sha256(SMALLEST.encode()).hexdigest()


def test_reference_is_the_exporters_own() -> None:
    (with_one, without) = read_all(f"{SMALLEST}reference: 0012\n---\n{SMALLEST}")
    assert isinstance(with_one, Manifest)
    assert isinstance(without, Manifest)
    assert (with_one.reference, without.reference) == ("0012", None)


def test_missing_file_is_told(tmp_path: Path) -> None:
    name = str(tmp_path / "m.yaml")
    assert _invalid(name) == Invalid(
        file=name,
        index=0,
        sha256="",
        faults=(
            Fault(
                file=name,
                span=None,
                path="",
                what=Message("read.missing", {"reason": "No such file or directory"}),
                hint=Message("read.missing_hint", {"file": name}),
            ),
        ),
    )


def test_file_in_place_of_a_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "m.yaml").write_text(SMALLEST, "utf-8")
    name = str(tmp_path / "m.yaml" / "m.yaml")
    assert [brief(fault) for fault in _invalid(name).faults] == [
        f". . read.os(reason=Not a directory) ? read.os_hint(file={name})"
    ]


def test_folder_is_told(tmp_path: Path) -> None:
    assert [brief(fault) for fault in _invalid(str(tmp_path)).faults] == [
        f". . read.directory(reason=Is a directory) ? read.directory_hint(file={tmp_path})"
    ]


def test_file_that_may_not_be_read_is_told(tmp_path: Path) -> None:
    path = tmp_path / "m.yaml"
    path.write_text(SMALLEST, "utf-8")
    path.chmod(0)
    assert ask_unprivileged(lambda: _invalid("m.yaml").faults, folder=tmp_path) == (
        Fault(
            file="m.yaml",
            span=None,
            path="",
            what=Message("read.permission", {"reason": "Permission denied"}),
            hint=Message("read.permission_hint", {"file": "m.yaml"}),
        ),
    )


def test_folder_that_may_not_be_entered_is_told(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "m.yaml").write_text(SMALLEST, "utf-8")
    (tmp_path / "in").chmod(0)
    told = ask_unprivileged(lambda: [brief(f) for f in _invalid("in/m.yaml").faults], folder=tmp_path)
    (tmp_path / "in").chmod(0o700)
    assert told == [". . read.permission(reason=Permission denied) ? read.permission_hint(file=in/m.yaml)"]


def test_link_that_leads_in_a_circle_is_told(tmp_path: Path) -> None:
    (tmp_path / "m.yaml").symlink_to(tmp_path / "m.yaml")
    (fault,) = _invalid(str(tmp_path / "m.yaml")).faults
    assert fault.what.key == "read.os"


def test_socket_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("m.yaml")
        (fault,) = _invalid("m.yaml").faults
    assert fault.what.key == "read.os"


@pytest.mark.parametrize("name", ["m\x00.yaml", "", "x" * 5000, "m\udcff.yaml"], ids=["NUL", "none", "long", "bytes"])
def test_name_that_no_file_can_have_is_told(name: str) -> None:
    (result,) = read_manifests(name)
    assert isinstance(result, Invalid)
    assert len(result.faults) == 1


def test_name_may_be_in_any_script(tmp_path: Path) -> None:
    path = tmp_path / "sầu riêng 榴莲 [1].yaml"
    path.write_text(SMALLEST, "utf-8")
    (manifest,) = read_manifests(str(path))
    assert isinstance(manifest, Manifest)
    assert manifest.file == str(path)


def test_file_over_the_size_limit_is_told_and_not_read_to_its_end() -> None:
    """/dev/zero has no end."""
    assert [brief(fault) for fault in _invalid("/dev/zero").faults] == [
        ". . read.too_large(mib=10) ? read.too_large_hint"
    ]


def test_file_of_the_size_limit_is_read(tmp_path: Path) -> None:
    path = tmp_path / "m.yaml"
    path.write_bytes(SMALLEST.encode().ljust(MAX_BYTES, b"#"))
    (result,) = read_manifests(str(path))
    assert isinstance(result, Manifest)
    path.write_bytes(SMALLEST.encode().ljust(MAX_BYTES + 1, b"#"))
    assert [fault.what.key for fault in _invalid(str(path)).faults] == ["read.too_large"]


def test_every_fault_of_a_file_can_be_said_in_all_languages(tmp_path: Path) -> None:
    faults = [*_invalid(str(tmp_path)).faults, *_invalid("/dev/zero").faults, *_invalid(str(tmp_path / "no")).faults]
    for fault in faults:
        for message in (fault.what, fault.hint):
            assert message is not None
            texts = say_all(message)
            assert len({texts.in_language(language) for language in LANGUAGES}) == len(LANGUAGES)


# standard input


def test_standard_input_is_read_by_a_dash(tmp_path: Path) -> None:
    pack = make_pack(tmp_path)
    ran = run_process("check", "-", "--rules", str(pack), "--lang", "en", home=tmp_path, stdin=b"borderready: 2\n")
    assert ran.code == 1
    assert ran.err == ""
    assert ran.out.splitlines()[:2] == [
        "INVALID  <stdin>: faults in the file: 3",
        "<stdin>:1:1: error: 'shipment' is missing",
    ]


def test_standard_input_holds_several_manifests_like_any_file(tmp_path: Path) -> None:
    pack = make_pack(tmp_path)
    ran = run_process(
        "check",
        "-",
        *("--rules", str(pack), "--format", "json"),
        home=tmp_path,
        stdin=f"{SMALLEST}---\n- a\n---\n{SMALLEST}".encode(),
    )
    reports = json.loads(ran.out)["reports"]
    assert [(one["manifest"]["file"], one["manifest"]["index"], one["verdict"]) for one in reports] == [
        ("<stdin>", 0, reports[0]["verdict"]),
        ("<stdin>", 1, "invalid"),
        ("<stdin>", 2, reports[0]["verdict"]),
    ]


def test_empty_standard_input_is_an_empty_file(tmp_path: Path) -> None:
    ran = run_process("check", "-", "--rules", str(make_pack(tmp_path)), "--lang", "en", home=tmp_path)
    assert (ran.code, ran.err) == (1, "")
    assert ran.out.splitlines()[1] == "<stdin>: error: the file is empty"


def test_closed_standard_input_is_told_and_is_no_internal_error(tmp_path: Path) -> None:
    pack = make_pack(tmp_path)
    command = [sys.executable, "-m", "borderready", "check", "-", "--rules", str(pack), "--lang", "en"]
    ran = run_program(["sh", "-c", f"exec {shlex.join(command)} <&-"], home=tmp_path)
    assert (ran.code, ran.err) == (1, "")
    assert ran.out.startswith("INVALID  ")


# encodings and line ends


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbf" + SMALLEST.encode(),
        SMALLEST.replace("\n", "\r\n").encode(),
        SMALLEST.replace("\n", "\r").encode(),
        SMALLEST.rstrip("\n").encode(),
        f"\n\n{SMALLEST}\n\n".encode(),
        f"%YAML 1.2\n---\n{SMALLEST}...\n".encode(),
        f"# yaml-language-server: $schema=./manifest.schema.json\n{SMALLEST}# end".encode(),
    ],
    ids=["BOM", "CRLF", "CR", "no last line end", "blank lines", "markers", "comments"],
)
def test_form_of_a_file_changes_no_data(content: bytes) -> None:
    (manifest,) = read_all(content)
    assert isinstance(manifest, Manifest)
    assert manifest.data == SMALLEST_DATA
    assert manifest.sha256 == sha256(content).hexdigest()


def test_block_text_has_the_same_lines_whatever_ends_them() -> None:
    text = lot_text("brand: |", "  one", "  two")
    assert read_one(text.replace("\n", "\r\n")) == read_one(text.replace("\n", "\r")) == read_one(text)


@pytest.mark.parametrize("separator", ["\x85", "\u2028", "\u2029"], ids=["NEL", "LS", "PS"])
def test_odd_separator_within_quotes_raises_nothing(separator: str) -> None:
    for text in (f'"Ri{separator}6"', f"'Ri{separator}6'", f"Ri{separator}6", f"|\n      Ri{separator}6\n"):
        for result in read_all(lot_text(f"variety: {text}")):
            assert isinstance(result, (Manifest, Invalid))


# nothing in it


@pytest.mark.parametrize("content", [b"", b"\n", b"  \n\n", b"\xef\xbb\xbf", b"\xef\xbb\xbf\r\n"])
def test_empty_file_is_told(content: bytes) -> None:
    assert faults_in(content) == [". . read.empty ? read.empty_hint"]


@pytest.mark.parametrize("content", ["# nothing yet\n", "---\n# nothing yet\n", "# one\n---\n# two\n"])
def test_file_of_comments_is_told(content: str) -> None:
    assert faults_in(content) == [". . read.only_comments ? read.empty_hint"]


def test_empty_documents_between_others_are_passed_over() -> None:
    results = read_all(f"---\n---\n{SMALLEST}---\n# nothing\n---\n{SMALLEST}---\n")
    assert [isinstance(result, Manifest) for result in results] == [True, True]


# what stands at the top


def test_list_at_the_top_is_told() -> None:
    assert faults_in("# lots\n- id: L1\n") == ["2:1 . read.top_list ? read.top_list_hint"]


@pytest.mark.parametrize("content", ["hello\n", "'{}'\n", "~\n", "1\n"])
def test_text_at_the_top_is_told(content: str) -> None:
    assert faults_in(content) == ["1:1 . read.top ? read.top_hint"]


def test_missing_format_is_told() -> None:
    assert faults_in(SMALLEST.replace("borderready: 1\n", "")) == [
        "1:1 . schema.required(key=borderready) ? schema.required_hint(line=borderready: 1)"
    ]


# several documents

BAD_DOCUMENTS = [
    ("shipment: {origin: VN}\nlots: [{id: L1, product: durian-fresh}]\n", "schema.required"),
    (SMALLEST + "colour: green\n", "type.unknown_key"),
    (SMALLEST + "borderready: 1\n", "read.duplicate"),
    (SMALLEST.replace("VN", "!!str VN"), "read.tag"),
    (SMALLEST.replace("{origin: VN}", "&s {<<: *s}"), "read.alias_bomb"),
    ("[" * 60 + "]" * 60 + "\n", "read.too_deep"),
    ("- a\n", "read.top_list"),
    ("hello\n", "read.top"),
    (SMALLEST.replace("durian-fresh", "No Slug"), "schema.pattern"),
    (SMALLEST + "documents: [{type: lab-report, covers: [L2]}]\n", "manifest.no_lot"),
    (SMALLEST + "parties:\n\texporter: {name: An Phu}\n", "read.tab"),
    (SMALLEST + "reference: [\n", "read.syntax"),
    (SMALLEST + "reference: a: b\n", "read.syntax"),
    (SMALLEST + "reference: a\x1b\n", "read.control"),
]


@pytest.mark.parametrize(("bad", "key"), BAD_DOCUMENTS, ids=[f"{key}-{i}" for i, (_, key) in enumerate(BAD_DOCUMENTS)])
def test_one_bad_document_leaves_the_others_standing(bad: str, key: str) -> None:
    first, last = SMALLEST.replace("L1", "A"), SMALLEST.replace("L1", "C")
    results = read_all(f"{first}---\n{bad}---\n{last}")
    assert [result.index for result in results] == [0, 1, 2]
    assert [isinstance(result, Manifest) for result in results] == [True, False, True]
    invalid = results[1]
    assert isinstance(invalid, Invalid)
    assert key in [fault.what.key for fault in invalid.faults]
    assert {fault.document for fault in invalid.faults} == {1}
    assert all(fault.span is not None and 5 <= fault.span.line <= 9 for fault in invalid.faults)


@pytest.mark.parametrize(("bad", "key"), BAD_DOCUMENTS, ids=[f"{key}-{i}" for i, (_, key) in enumerate(BAD_DOCUMENTS)])
def test_bad_document_at_the_end_leaves_those_above_standing(bad: str, key: str) -> None:
    results = read_all(f"{SMALLEST}---\n{SMALLEST}---\n{bad}")
    assert [isinstance(result, Manifest) for result in results] == [True, True, False]
    assert isinstance(results[2], Invalid)
    assert key in [fault.what.key for fault in results[2].faults]


@pytest.mark.parametrize("end", ["\r\n", "\r"], ids=["CRLF", "CR"])
@pytest.mark.parametrize("bad", ["reference: [\n", "\treference: a\n", "a: \x1b\n", "colour: green\n"])
def test_one_bad_document_leaves_the_others_standing_whatever_ends_lines(bad: str, end: str) -> None:
    results = read_all(f"{SMALLEST}---\n{bad}---\n{SMALLEST}".replace("\n", end))
    assert [(result.index, isinstance(result, Manifest)) for result in results] == [(0, True), (1, False), (2, True)]


@pytest.mark.parametrize("bad", ["a: [\n", "a:\n\tb: c\n", "a: \x07\n"], ids=["syntax", "tab", "control"])
def test_no_document_is_passed_over_in_silence_however_many_are_bad(bad: str) -> None:
    """The same slip in each of many manifests: each is told, and the good one at the end stands."""
    results = read_all(f"{bad}---\n" * 150 + SMALLEST)
    assert [result.index for result in results] == list(range(151))
    assert [isinstance(result, Manifest) for result in results] == [False] * 150 + [True]


def test_where_too_many_documents_are_bad_the_rest_is_said_to_be_left() -> None:
    results = read_all("a: [\n---\n" * 1_100 + SMALLEST)
    last = results[-1]
    assert isinstance(last, Invalid)
    assert [(fault.what.key, fault.span.line) for fault in last.faults if fault.span] == [("read.left", 2002)]
    assert [result.index for result in results] == list(range(len(results)))


@pytest.mark.parametrize(
    "content",
    [
        "a: 1\n" * 5_000,
        "".join(f"k{number}: 1\n" for number in range(5_000)),
        "shipment: {" + ",".join(map(str, range(5_000))) + "}\n",
        "borderready: 1\nshipment: {origin: VN}\nlots:\n" + "- {id: x, product: banana}\n" * 5_000,
        "borderready: 1\nshipment: {origin: VN}\nlots:\n" + "- {id: x}\n" * 5_000,
    ],
    ids=["duplicate", "unknown", "split", "same-lot", "no-product"],
)
def test_of_a_file_full_of_faults_the_first_thousand_are_told_and_that_there_are_more(content: str) -> None:
    (result,) = read_all(content)
    assert isinstance(result, Invalid)
    assert len(result.faults) == 1_001
    assert result.faults[-1].what.key == "read.more"
    assert "read.more" not in {fault.what.key for fault in result.faults[:-1]}


@pytest.mark.parametrize(
    ("content", "stand"),
    [
        (f'a: "x\n---\n{SMALLEST}', [False, True]),
        (f"--- {{a: [\n--- # next\n{SMALLEST}", [False, True]),
        (f"{SMALLEST}...\n%YAML 1.2\n---\nb: [\n---\n{SMALLEST}", [True, False, True]),
        (f"--- >\n text\n---\n- [\n---\n{SMALLEST}", [False, False, True]),
        (f"a: |\n  --- no marker\n   ---\n---\nb: {{\n---\n{SMALLEST}", [False, False, True]),
        (f"a: [\n---\n---\n---\n{SMALLEST}", [False, True]),
        (f"# c\n---\n---\n[\n---\n{SMALLEST}", [False, True]),
    ],
)
def test_documents_are_told_apart_by_their_markers(content: str, stand: list[bool]) -> None:
    results = read_all(content)
    assert [isinstance(result, Manifest) for result in results] == stand
    last = results[-1]
    assert isinstance(last, Manifest)
    line = content.count("\n") - 1
    assert last.locate(("shipment", "origin")) == Span(line=line, column=20, end_line=line, end_column=22)


@pytest.mark.parametrize(
    "content",
    [
        f"---\n---\n{SMALLEST}---\n---\n[\n",
        f"# nothing\n---\n---\n{SMALLEST}---\nreference: [\n",
        "---\n---\n[\n",
    ],
)
def test_results_of_a_file_are_told_apart_by_their_index(content: str) -> None:
    """A report names its manifest by file and index: no two may share them, and faults stand in that document."""
    results = read_all(content)
    indices = [result.index for result in results]
    assert sorted(set(indices)) == indices
    for result in results:
        if isinstance(result, Invalid):
            assert {fault.document for fault in result.faults} == {result.index}


def test_documents_share_the_digest_of_their_file_and_keep_its_lines() -> None:
    content = f"{SMALLEST}---\n{SMALLEST}"
    first, second = read_all(content)
    assert isinstance(second, Manifest)
    assert first.sha256 == second.sha256 == sha256(content.encode()).hexdigest()
    assert second.locate(("shipment", "origin")) == Span(line=6, column=20, end_line=6, end_column=22)
    assert second.line_text(6) == "shipment: {origin: VN}"
    assert (second.line_text(0), second.line_text(99)) == ("", "")


# JSON

FULL = f"""\
{SMALLEST}reference: 007
parties: {{exporter: {{name: Công ty Quả Thử, tax_code: 0312345678}}}}
documents:
  - {{type: lab-report, number: Q-1, issued: 2026-11-23, covers: [L1], original: false, results: [
      {{analyte: 镉, value: 0.0210, unit: mg/kg}}]}}
"""
FULL_DATA: Mapping[str, object] = {
    **SMALLEST_DATA,
    "reference": "007",
    "parties": {"exporter": {"name": "Công ty Quả Thử", "tax_code": "0312345678"}},
    "documents": [
        {
            "type": "lab-report",
            "number": "Q-1",
            "issued": "2026-11-23",
            "covers": ["L1"],
            "original": False,
            "results": [{"analyte": "镉", "value": Decimal("0.0210"), "unit": "mg/kg"}],
        }
    ],
}


def _as_json(value: object) -> object:
    """Return plain data for json.dumps: JSON has no exact decimals, but writes this one as it stands."""
    if isinstance(value, Mapping):
        return {key: _as_json(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_as_json(member) for member in value]
    return float(value) if isinstance(value, Decimal) else value


@pytest.mark.parametrize("indent", [None, 2, "\t"], ids=["line", "spaces", "tabs"])
@pytest.mark.parametrize("ascii_only", [True, False], ids=["escaped", "unescaped"])
def test_same_manifest_as_json_has_the_same_typed_data(indent: int | str | None, ascii_only: bool) -> None:
    written = json.dumps(_as_json(FULL_DATA), indent=indent, ensure_ascii=ascii_only)
    expected = kinds_of(freeze_mapping(FULL_DATA))
    assert kinds_of(read_one(FULL)) == expected
    assert kinds_of(read_one(written)) == expected


def test_compact_json_is_read() -> None:
    assert read_one(json.dumps(_as_json(SMALLEST_DATA), separators=(",", ":"))) == SMALLEST_DATA


def test_fault_in_json_has_its_line_and_column() -> None:
    written = json.dumps({**SMALLEST_DATA, "shipment": {"origin": "vn"}}, indent=2)
    assert faults_in(written) == ["4:15 shipment.origin schema.pattern(found=vn) ? schema.pattern_hint(example=VN)"]


def test_null_in_json_is_told() -> None:
    written = json.dumps({**SMALLEST_DATA, "reference": None})
    (told,) = faults_in(written)
    assert told.endswith("reference type.empty(key=reference) ? type.empty_hint")


# between parts


def test_lots_of_one_id_are_told() -> None:
    text = SMALLEST.replace("[{id: L1, product: durian-fresh}]", "\n- {id: L1, product: a}\n- {id: L1, product: b}")
    assert faults_in(text) == ["5:8 lots[1].id manifest.same_lot(id=L1) ? manifest.same_lot_hint"]


@pytest.mark.parametrize("first", ["{product: a}", "{id: ~, product: a}", "{id: [], product: a}", "5"])
def test_lots_of_one_id_are_told_in_their_place_behind_a_lot_without_id(first: str) -> None:
    lots = f"\n- {first}\n- {{id: L1, product: b}}\n- {{id: L1, product: c}}"
    told = faults_in(SMALLEST.replace("[{id: L1, product: durian-fresh}]", lots))
    assert told[-1] == "6:8 lots[2].id manifest.same_lot(id=L1) ? manifest.same_lot_hint"


def test_document_that_covers_an_unknown_lot_is_told() -> None:
    assert faults_in(SMALLEST + "documents:\n  - {type: lab-report, covers: [L1, L2, zebra]}\n") == [
        "5:37 documents[0].covers[1] manifest.no_lot(id=L2) ? type.did_you_mean(name=L1)",
        "5:41 documents[0].covers[2] manifest.no_lot(id=zebra) ? manifest.no_lot_hint(ids=L1)",
    ]


def test_attestation_that_covers_an_unknown_lot_is_told() -> None:
    assert faults_in(SMALLEST + "attestations:\n  - {what: orchard-gap}\n  - {what: seal, covers: [L9]}\n") == [
        "6:27 attestations[1].covers[0] manifest.no_lot(id=L9) ? type.did_you_mean(name=L1)"
    ]


def test_lot_without_id_might_be_the_one_that_is_covered() -> None:
    text = "borderready: 1\nshipment: {origin: VN}\nlots: [{product: a}, {id: L1, product: b}]\n"
    assert faults_in(text + "documents: [{type: lab-report, covers: [L2]}]\n") == [
        "3:8 lots[0] schema.required(key=id) ? schema.required_hint(line=id: L1)"
    ]


# lines to insert


@pytest.mark.parametrize(
    ("path", "written"),
    [
        (("shipment", "dates", "arrival"), "YYYY-MM-DD"),
        (("lots", "quantity", "packages"), "..."),
        (("lots", "packaging", "wood", "present"), "true|false"),
        (("documents", "results", "value"), "..."),
        (("parties", "exporter", "name"), "..."),
        (("lots", "gacc_numbers"), "[...]"),
        (("lots", "no_such_key"), "..."),
        (("no", "such"), "..."),
        ((), "..."),
    ],
)
def test_value_to_be_filled_in_is_never_one_that_could_be_taken_for_true(path: tuple[str, ...], written: str) -> None:
    assert placeholder_of(path) == written


# the terminal


def test_control_characters_of_values_and_names_do_not_reach_the_terminal(tmp_path: Path) -> None:
    """Colours, titles, bells, directions of writing: all are shown as codes."""
    pack = make_pack(tmp_path)
    name = "m\x1b[31m\u202e.yaml"
    text = SMALLEST.replace("VN", '"\\e]0;owned\\a\\x9b31m\\u202eVN\\r"') + '"k\\e[2J\\x00": 1\n'
    (tmp_path / name).write_text(text, "utf-8")
    for language in LANGUAGES:
        ran = run_here("check", name, "--rules", str(pack), "--lang", language, home=tmp_path)
        assert ran.code == 1
        assert ran.err == ""
        shown = ran.out.replace("\n", "")
        assert [character for character in shown if not character.isprintable() and character != "\u3000"] == []
        assert "\\u001b]0;owned\\u0007\\u009b31m\\u202eVN\\u000d" in shown


def test_source_line_of_a_damaged_file_does_not_reach_the_terminal_raw(tmp_path: Path) -> None:
    (tmp_path / "m.yaml").write_bytes(b"reference: \x1b[31mred\x07\n")
    ran = run_here("check", "m.yaml", "--rules", str(make_pack(tmp_path)), "--lang", "en", home=tmp_path)
    assert (ran.code, ran.err) == (1, "")
    assert [c for c in ran.out.replace("\n", "") if not c.isprintable()] == []


def test_reader_never_gives_floats() -> None:
    def scalars(value: Value) -> list[object]:
        if isinstance(value, Mapping):
            return [scalar for inner in value.values() for scalar in scalars(inner)]
        if isinstance(value, tuple):
            return [scalar for inner in value for scalar in scalars(inner)]
        return [value]

    assert {type(scalar) for scalar in scalars(read_one(FULL))} == {str, int, bool, Decimal}


def test_file_name_is_never_read_as_a_key_of_the_catalogue() -> None:
    results = parse_manifests(b"", file="read.nul")
    assert [result.file for result in results] == ["read.nul"]
