# SPDX-License-Identifier: Apache-2.0
"""JSON for machines and for proof: the same inputs, the same bytes."""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from borderready import __version__
from tests.command import MANIFESTS, PACK, Ran, run_here, run_process, run_script

ACTS_ON_A_TERMINAL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2028\u2029\u2066-\u2069]")
WITHOUT_A_CLOCK = """
import datetime, sys, time

class Date(datetime.date):
    @classmethod
    def today(cls):
        raise RuntimeError("asked for today")

class Datetime(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        raise RuntimeError("asked for now")
    @classmethod
    def utcnow(cls):
        raise RuntimeError("asked for now")
    @classmethod
    def today(cls):
        raise RuntimeError("asked for today")

datetime.date, datetime.datetime = Date, Datetime
from borderready.cli.app import run

def refuse(*_):
    raise RuntimeError("asked for the time")

time.time = time.time_ns = time.localtime = time.gmtime = time.strftime = refuse
sys.exit(run(sys.argv[1:]))
"""


def _check(*files: str, home: Path, folder: Path = MANIFESTS, arguments: tuple[str, ...] = ()) -> Ran:
    return run_here("check", *files, "--format", "json", "--rules", str(PACK), *arguments, home=home, folder=folder)


def _report(*files: str, home: Path, arguments: tuple[str, ...] = ()) -> Any:
    return json.loads(_check(*files, home=home, arguments=arguments).out)


def test_same_manifest_gives_the_same_bytes_in_every_process(tmp_path: Path) -> None:
    """Whatever order sets have in a process, wherever on earth and in whichever language it runs."""
    arguments = ("check", "two-lots.yaml", "--format", "json", "--rules", "../pack")
    first = run_process(
        *arguments, home=tmp_path, folder=MANIFESTS, environment={"PYTHONHASHSEED": "1", "TZ": "Asia/Shanghai"}
    )
    second = run_process(
        *arguments,
        home=tmp_path,
        folder=MANIFESTS,
        environment={"PYTHONHASHSEED": "2", "TZ": "America/Lima", "LANG": "vi_VN.UTF-8"},
    )
    assert first == second
    assert first.code == 1


def test_same_relative_name_gives_the_same_bytes_in_another_folder(tmp_path: Path) -> None:
    """Nothing in a report tells where on the disk the manifest lay."""
    reports = []
    for name in ("a", "a much longer name of a folder"):
        folder = tmp_path / name
        shutil.copytree(MANIFESTS, folder / "goods")
        shutil.copytree(PACK, folder / "pack")
        ran = run_here(
            "check", "goods/two-lots.yaml", "--format", "json", "--rules", "pack", home=tmp_path, folder=folder
        )
        reports.append(ran)
    assert reports[0] == reports[1]
    report = json.loads(reports[0].out)
    assert report["manifest"]["file"] == "goods/two-lots.yaml"
    assert [register["file"] for register in report["registers"]] == ["goods/registers/harbour-orchards.csv"]


def test_report_holds_no_absolute_path(tmp_path: Path) -> None:
    ran = _check("ready.yaml", "not-ready.yaml", "invalid.yaml", home=tmp_path, arguments=("--verbose",))
    assert str(MANIFESTS) not in ran.out
    assert str(tmp_path) not in ran.out


@pytest.mark.parametrize("form", ["json", "text"])
def test_check_never_looks_at_the_clock(form: str, tmp_path: Path) -> None:
    arguments = ("check", "two-lots.yaml", "--format", form, "--rules", "../pack")
    ran = run_script(WITHOUT_A_CLOCK, *arguments, home=tmp_path, folder=MANIFESTS)
    assert ran == run_here(*arguments, home=tmp_path, folder=MANIFESTS)
    assert ran.code == 1


def test_report_names_the_digests_that_prove_it(tmp_path: Path) -> None:
    report = _report("ready.yaml", home=tmp_path)
    assert report["borderready"] == "report/1"
    assert report["engine"] == __version__
    assert report["manifest"] == {
        "file": "ready.yaml",
        "index": 0,
        "reference": "HX-2026-0001",
        "sha256": sha256((MANIFESTS / "ready.yaml").read_bytes()).hexdigest(),
    }
    [pack] = report["packs"]
    assert re.fullmatch("[0-9a-f]{64}", pack.pop("sha256"))
    assert pack == {"name": "pack", "version": "1.0.0", "signed_by": None}
    assert report["registers"] == [
        {
            "name": "harbour-orchards",
            "file": "registers/harbour-orchards.csv",
            "as_of": "2026-11-20",
            "source": "Harbour Council, weekly list",
            "sha256": sha256((MANIFESTS / "registers" / "harbour-orchards.csv").read_bytes()).hexdigest(),
            "codes": 3,
            "lists": [
                {
                    "origin": None,
                    "product": "lychee-fresh",
                    "market": "CN",
                    "as_of": "2026-11-20",
                    "source": "Harbour Council, weekly list",
                    "sha256": sha256((MANIFESTS / "registers" / "harbour-orchards.csv").read_bytes()).hexdigest(),
                    "codes": 3,
                }
            ],
        }
    ]


@pytest.mark.parametrize(
    ("file", "more"),
    [
        ("VERSION", "\n"),
        ("products.yaml", "# more\n"),
        ("any/any/access.yaml", "# more\n"),
        ("instruments/harbour-act.yaml", "# more\n"),
        ("tables/access.csv", "MM,*,closed,,2019-06-01,,harbour-act,Annex 1,primary,\n"),
    ],
)
def test_digest_of_the_rule_base_is_another_when_a_file_of_it_changes(file: str, more: str, tmp_path: Path) -> None:
    """And the same for the same files elsewhere."""
    shutil.copytree(PACK, tmp_path / "pack")
    before = _digest(tmp_path)
    (tmp_path / "pack" / file).write_bytes((PACK / file).read_bytes() + more.encode())
    assert before == _report("ready.yaml", home=tmp_path)["packs"][0]["sha256"]
    assert _digest(tmp_path) != before


def _digest(home: Path) -> str:
    ran = run_here(
        "check", "ready.yaml", "--format", "json", "--rules", str(home / "pack"), home=home, folder=MANIFESTS
    )
    digest: str = json.loads(ran.out)["packs"][0]["sha256"]
    return digest


def test_invalid_manifest_tells_each_fault_with_its_place(tmp_path: Path) -> None:
    report = _report("invalid.yaml", home=tmp_path)
    assert (report["verdict"], report["findings"]) == ("invalid", [])
    assert [fault["location"]["line"] for fault in report["faults"]] == [4, 5, 6, 11, 12, 13, 16]


def test_finding_proves_itself(tmp_path: Path) -> None:
    """The rule, its source and date, the place, what was found, what is asked, how to mend it."""
    report = _report("not-ready.yaml", home=tmp_path)
    [finding] = [finding for finding in report["findings"] if finding["rule"] == "any/any/certificate-date"]
    assert finding == {
        "rule": "any/any/certificate-date",
        "title": {
            "en": "Certificate issued before departure",
            "vi": "Giấy chứng nhận cấp trước khi khởi hành",
            "zh": "启运前签发证书",
        },
        "start": "2019-06-01",
        "day": "2026-11-26",
        "status": "fail",
        "force": "warns",
        "severity": "must",
        "area": "documents",
        "acts": "nppo",
        "consequence": "delayed",
        "subject": {"kind": "phytosanitary-certificate", "id": "PC-0002"},
        "path": "documents[0].issued",
        "location": {"line": 17, "column": 64, "end_line": 17, "end_column": 74},
        "found": "2026-11-26",
        "expected": "<= 2026-11-25",
        "because": finding["because"],
        "insert": None,
        "related": [
            {
                "path": "shipment.dates.departure",
                "location": {"line": 7, "column": 22, "end_line": 7, "end_column": 32},
            }
        ],
        "notices": [],
        "notes": [],
        "waiver": None,
        "says": {
            "en": "The certificate is issued on the day of departure at the latest.",
            "vi": "Giấy chứng nhận được cấp chậm nhất vào ngày khởi hành.",
            "zh": "证书最迟于启运之日签发。",
        },
        "fix": {
            "en": "Wait for the certificate before the truck leaves.",
            "vi": "Chờ giấy chứng nhận trước khi xe rời đi.",
            "zh": "取得证书后再发车。",
        },
        "source": {
            "instrument": "quay-circular",
            "number": None,
            "title": {
                "en": "Circular on the marking of pallets and on papers at the quay",
                "vi": "Thông tư về ghi nhãn pa-lét và giấy tờ tại bến cảng",
                "zh": "关于码头托盘标识和单证的通告",
            },
            "locator": "paragraph 5",
            "seen": "secondary",
            "checked": "2026-11-20",
            "witnesses": ["Harbour Post"],
            "url": None,
        },
    }
    assert "2026-11-25" in finding["because"]["en"]


def test_location_points_at_what_was_found(tmp_path: Path) -> None:
    """The columns count characters, also behind Chinese ones, and the end is exclusive."""
    lines = (MANIFESTS / "scripts.yaml").read_text("utf-8").splitlines()
    report = _report("scripts.yaml", home=tmp_path)
    pointed = {}
    for finding in report["findings"]:
        place = finding["location"]
        if finding["status"] == "fail":
            pointed[finding["path"]] = lines[place["line"] - 1][place["column"] - 1 : place["end_column"] - 1]
    assert pointed == {
        "lots[0].labels.pallet.text": '"鲜果🍒输往越南社会主义共和国 Nước Việt Nam"',
        "lots[0].orchards[1].code": "VN-QYỌR-0001",
        "documents[0].issued": "2026-11-26",
        "lots[0].labels.box.languages[1]": "vi",
    }


def test_missing_field_is_located_at_its_parent_key(tmp_path: Path) -> None:
    report = _report("undecided.yaml", home=tmp_path)
    lines = (MANIFESTS / "undecided.yaml").read_text("utf-8").splitlines()
    [finding] = [finding for finding in report["findings"] if finding["path"] == "lots[0].labels.box.languages[*]"]
    place = finding["location"]
    assert (finding["status"], finding["found"]) == ("unknown", None)
    assert lines[place["line"] - 1][place["column"] - 1 : place["end_column"] - 1] == "labels"


def test_missing_attestation_is_located_at_the_list_that_lacks_it(tmp_path: Path) -> None:
    """The manifest has `attestations`, none of which covers this lot; the key says where one more belongs."""
    report = _report("two-lots.yaml", home=tmp_path)
    lines = (MANIFESTS / "two-lots.yaml").read_text("utf-8").splitlines()
    [finding] = [finding for finding in report["findings"] if finding["rule"] == "any/any/wash-record"]
    place = finding["location"]
    assert (finding["status"], finding["subject"]) == ("manual", {"kind": "lot", "id": "South"})
    assert lines[place["line"] - 1][place["column"] - 1 : place["end_column"] - 1] == "attestations"


def test_counts_are_those_of_the_findings(tmp_path: Path) -> None:
    for name in ("ready", "not-ready", "undecided", "two-lots", "hostile"):
        report = _report(f"{name}.yaml", home=tmp_path, arguments=("--verbose",))
        counted = Counter(finding["status"] for finding in report["findings"])
        assert {status: count for status, count in report["counts"].items() if status != "not-applicable"} == {
            status: counted[status] for status in report["counts"] if status != "not-applicable"
        }


def test_passes_are_told_only_when_asked_for(tmp_path: Path) -> None:
    short, full = (
        _report("ready.yaml", home=tmp_path),
        _report("ready.yaml", home=tmp_path, arguments=("--verbose",)),
    )
    assert [finding for finding in full["findings"] if finding["status"] != "pass"] == short["findings"]
    assert {finding["status"] for finding in short["findings"]} == {"manual"}
    assert short["counts"] == full["counts"]
    assert len(full["findings"]) == len(short["findings"]) + full["counts"]["pass"]


def test_report_is_the_same_in_every_language_of_the_reader(tmp_path: Path) -> None:
    reports = {_check("not-ready.yaml", home=tmp_path, arguments=("--lang", lang)).out for lang in ("en", "vi", "zh")}
    assert len(reports) == 1


def test_several_manifests_give_one_object_with_a_summary(tmp_path: Path) -> None:
    batch = _report("ready.yaml", "invalid.yaml", "ready.yaml", home=tmp_path)
    alone = [_report(name, home=tmp_path) for name in ("ready.yaml", "invalid.yaml", "ready.yaml")]
    assert batch["reports"] == alone
    assert batch["summary"] == {"manifests": 3, "ready": 2, "not-ready": 0, "undecided": 0, "invalid": 1}


def test_each_document_of_a_file_has_its_index_and_its_lines(tmp_path: Path) -> None:
    ready = (MANIFESTS / "ready.yaml").read_text("utf-8")
    not_ready = (MANIFESTS / "not-ready.yaml").read_text("utf-8")
    (tmp_path / "both.yaml").write_text(f"{ready}---\n{not_ready}", "utf-8")
    ran = _check("both.yaml", home=tmp_path, folder=tmp_path, arguments=("--registers", str(MANIFESTS / "registers")))
    batch = json.loads(ran.out)
    assert [report["manifest"]["index"] for report in batch["reports"]] == [0, 1]
    assert [report["verdict"] for report in batch["reports"]] == ["ready", "not-ready"]
    shift = len(ready.splitlines()) + 1
    alone = _report("not-ready.yaml", home=tmp_path)
    assert [finding["location"]["line"] for finding in batch["reports"][1]["findings"] if finding["path"]] == [
        finding["location"]["line"] + shift for finding in alone["findings"] if finding["path"]
    ]


def test_hostile_values_cannot_act_on_a_terminal(tmp_path: Path) -> None:
    ran = _check("hostile.yaml", home=tmp_path, arguments=("--verbose",))
    assert ACTS_ON_A_TERMINAL.findall(ran.out) == []
    report = json.loads(ran.out)
    assert report["manifest"]["reference"] == "\x1b[2J\x1b]0;owned\x07[bold red]READY[/] \u202eYDAER"
    assert [finding["found"] for finding in report["findings"] if finding["path"] == "lots[0].orchards[0].code"] == [
        "VN-QYOR-0001\r\0\x7f"
    ]
    assert {finding["subject"]["id"] for finding in report["findings"] if finding["subject"]["kind"] == "lot"} == {
        "L1\n\x9b31mL2 [link=https://harbour.invalid]x[/link]"
    }


def test_json_is_utf_8_whatever_the_terminal_speaks(tmp_path: Path) -> None:
    """On Windows a pipe speaks the code page of the country; bytes for machines stay the same."""
    arguments = ("check", "scripts.yaml", "--format", "json", "--rules", "../pack")
    plain = run_process(*arguments, home=tmp_path, folder=MANIFESTS)
    other = run_process(*arguments, home=tmp_path, folder=MANIFESTS, environment={"PYTHONIOENCODING": "cp1258"})
    assert other == plain
