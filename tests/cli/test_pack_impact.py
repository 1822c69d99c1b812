# SPDX-License-Identifier: Apache-2.0
"""`borderready pack impact`: verdicts that flip on real manifests, by lane and exporter, with the reason."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from borderready.model import Manifest
from borderready.read.manifest import read_manifests
from borderready.schemas import load_schema
from tests.command import MANIFESTS, PACK, run_here, run_process, run_script
from tests.pack.packs import assert_valid, write_small

READY = str(MANIFESTS / "ready.yaml")
NOT_READY = str(MANIFESTS / "not-ready.yaml")
CLOSED = ("tables/access.csv", "VN,lychee-fresh,open,,2019-06-01,,", "VN,lychee-fresh,closed,invented,2019-06-01,,")
COLDER = ("any/fresh-fruit/cold-chain.yaml", "max: 5", "max: 4")


@pytest.fixture
def closed(tmp_path: Path) -> str:
    return str(write_small(tmp_path / "closed", CLOSED, COLDER))


def _impact(*arguments: str, home: Path) -> tuple[int, str]:
    ran = run_here("pack", "impact", str(PACK), *arguments, "-q", home=home)
    assert ran.err == ""
    return ran.code, ran.out


def test_flipped_verdict_is_told_by_lane_with_the_reason(closed: str, tmp_path: Path) -> None:
    code, out = _impact(closed, READY, NOT_READY, home=tmp_path)
    assert code == 1
    assert "manifests: 2; verdicts that flip: 1" in out
    assert "1  READY > NOT READY\n" in out
    assert "1  NOT READY > NOT READY (as before)" in out
    assert "lychee-fresh VN" in out
    assert "- access: VN, lychee-fresh: changed (from 2019-06-01)" in out
    assert "upper limit from 5 to 4" in out
    assert "consignments are not compared with each other" in out


def test_nothing_flips_with_the_same_pack(tmp_path: Path) -> None:
    code, out = _impact(str(PACK), READY, home=tmp_path)
    assert code == 0
    assert "manifests: 1; verdicts that flip: 0; with other findings or verdict: 0" in out


def test_findings_may_differ_where_no_verdict_flips(tmp_path: Path) -> None:
    colder = str(write_small(tmp_path / "colder", COLDER))
    code, out = _impact(colder, READY, "--format", "json", home=tmp_path)
    found = assert_valid(out, "pack-impact")
    assert (code, found["summary"]["flips"], found["summary"]["changed"]) == (0, 0, 1)
    [finding] = found["manifests"][0]["findings"]
    assert (finding["became"], finding["rule"], finding["reasons"]) == (
        "gained",
        "any/fresh-fruit/cold-chain",
        ["any/fresh-fruit/cold-chain"],
    )
    assert finding["after"] == {"status": "fail", "force": "informs", "expected": "<= 4"}


def test_json_follows_its_schema_and_holds_what_differs_only(closed: str, tmp_path: Path) -> None:
    _, out = _impact(closed, NOT_READY, READY, str(MANIFESTS / "invalid.yaml"), "--format", "json", home=tmp_path)
    found = assert_valid(out, "pack-impact")
    assert [(one["reference"], one["before"], one["after"]) for one in found["manifests"]] == [
        ("HX-2026-0002", "not-ready", "not-ready"),
        ("HX-2026-0001", "ready", "not-ready"),
    ]
    assert [finding["became"] for finding in found["manifests"][0]["findings"]] == ["changed"]
    assert found["summary"]["manifests"] == 3
    assert {"before": "invalid", "after": "invalid", "manifests": 1} in found["summary"]["verdicts"]
    named = {change["id"] for change in found["changes"]}
    assert {
        reason for one in found["manifests"] for finding in one["findings"] for reason in finding["reasons"]
    } <= named
    assert [lane["name"] for lane in found["summary"]["lanes"]] == ["lychee-fresh VN", "lychee-fresh TH"]


def test_ndjson_gives_every_manifest_on_its_line(closed: str, tmp_path: Path) -> None:
    source = (MANIFESTS / "ready.yaml").read_text("utf-8")
    many = tmp_path / "many.yaml"
    many.write_text("---\n".join([source, source.replace("HX-2026-0001", "HX-2"), "borderready: 1\nlot: x\n"]), "utf-8")
    code, out = _impact(closed, str(many), "--format", "ndjson", "-j", "2", home=tmp_path)
    lines = [json.loads(line) for line in out.splitlines()]
    for line in lines:
        Draft202012Validator(load_schema("pack-impact")).validate(line)
    assert [(line["index"], line["reference"], line["after"]) for line in lines] == [
        (0, "HX-2026-0001", "not-ready"),
        (1, "HX-2", "not-ready"),
        (2, None, "invalid"),
    ]
    assert code == 1


def test_lines_are_compared_in_their_order_whatever_the_number_of_processes(tmp_path: Path) -> None:
    closed = str(write_small(tmp_path / "closed", CLOSED))
    [manifest] = read_manifests(READY)
    assert isinstance(manifest, Manifest)
    lines = []
    for number in range(60):
        data = json.loads(json.dumps(manifest.data, default=float))
        data["reference"] = f"N-{number}"
        data["shipment"]["origin"] = "VN" if number % 3 else "TH"
        data["parties"] = {"exporter": {"name": f"Invented {number % 4}"}}
        lines.append(json.dumps(data, ensure_ascii=False))
    (tmp_path / "all.ndjson").write_text("\n".join(lines), "utf-8")
    outs = {
        _impact(closed, str(tmp_path / "all.ndjson"), "--format", "json", "-j", jobs, home=tmp_path)[1] for jobs in "13"
    }
    [out] = outs
    found = assert_valid(out, "pack-impact")
    assert [one["reference"] for one in found["manifests"]] == [f"N-{number}" for number in range(60) if number % 3]
    assert {one["name"]: one["flips"] for one in found["summary"]["exporters"]} == {
        f"Invented {number}": 10 for number in range(4)
    }


@pytest.mark.parametrize(("lang", "told"), [("vi", "Theo quy tắc, kèm lý do"), ("zh", "按规则及原因")])
def test_markdown_speaks_the_language_of_the_reader(closed: str, tmp_path: Path, lang: str, told: str) -> None:
    _, out = _impact(closed, READY, "--format", "markdown", "--lang", lang, home=tmp_path)
    assert f"## {told}\n" in out
    assert out.startswith("# ")


def test_settings_hold_for_both_packs(closed: str, tmp_path: Path) -> None:
    """What a configuration leaves out is in neither of the reports."""
    (tmp_path / "borderready.toml").write_text('ignore = ["any/fresh-fruit/cold-chain"]\n')
    (tmp_path / "m.yaml").write_text(Path(READY).read_text("utf-8"), "utf-8")
    colder = str(write_small(tmp_path / "colder", COLDER))
    assert _impact(colder, "m.yaml", "--format", "json", home=tmp_path)[1].count('"became"') == 0
    assert _impact(colder, "m.yaml", "--format", "json", "--no-config", home=tmp_path)[1].count('"became"') == 1


def test_standard_input_and_a_process_of_its_own(closed: str, tmp_path: Path) -> None:
    source = (MANIFESTS / "ready.yaml").read_bytes()
    ran = run_process("pack", "impact", str(PACK), closed, "-", "-q", home=tmp_path, stdin=source)
    assert (ran.code, ran.err) == (1, "")
    assert "HX-2026-0001" in ran.out


KILLER = """\
import os, sys
import borderready.core as core
check = core.check_shipment
def check_or_die(manifest, *rest, **options):
    if manifest.reference == "N-2":
        os._exit(9)
    return check(manifest, *rest, **options)
core.check_shipment = check_or_die
from borderready.cli.app import run
sys.exit(run(sys.argv[1:]))
"""


def test_manifest_that_kills_its_worker_is_told_and_the_others_are_compared(tmp_path: Path) -> None:
    source = (MANIFESTS / "ready.yaml").read_text("utf-8")
    for number in range(5):
        (tmp_path / f"m{number}.yaml").write_text(source.replace("HX-2026-0001", f"N-{number}"), "utf-8")
    names = [f"m{number}.yaml" for number in range(5)]
    options = ("-q", "--format", "ndjson", "--registers", str(MANIFESTS / "registers"))
    ran = run_script(KILLER, "pack", "impact", str(PACK), str(PACK), *names, *options, home=tmp_path)
    lines = [json.loads(line) for line in ran.out.splitlines()]
    assert [line["before"] for line in lines] == ["ready", "ready", "error", "ready", "ready"]
    assert (ran.code, ran.err) == (6, "")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("no-such-pack", READY), 2),
        ((str(PACK.parent), READY), 5),
        ((str(PACK), READY, "--registers", "no-such-folder"), 2),
        ((str(PACK), "no-match-*.yaml"), 2),
        ((str(PACK), READY, "--fail-on", "never"), 2),
        ((str(PACK),), 2),
    ],
)
def test_what_cannot_be_compared_is_said(tmp_path: Path, arguments: tuple[str, ...], code: int) -> None:
    ran = run_here("pack", "impact", str(PACK), *arguments, home=tmp_path)
    assert (ran.code, ran.out) == (code, "")
    assert ran.err
