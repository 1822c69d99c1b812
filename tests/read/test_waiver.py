# SPDX-License-Identifier: Apache-2.0
"""Files of waivers and baselines: what is read, and what is refused with its place."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest

from borderready.errors import ConfigError
from borderready.i18n import say
from borderready.model import BASELINE_REASON, RuleId, Status, Waiver, WaiverKind
from borderready.read import waiver
from borderready.read.waiver import has_substance, read_baseline, read_waivers, write_baseline

FULL = """\
# what the quality desk accepts
- id: QA-17
  rule: vn/banana/maturity
  reference: AP-1
  exporter: An Phu Fruit
  lot: L1
  path: maturity
  reason: >
    The grower cut early
    before the storm.
  owner: quality desk
  until: 2026-12-31
"""
SHORT = "- {rule: vn/banana/maturity, scope: all, reason: The grower cut early., owner: An, until: 2026-12-31}\n"


def read(folder: Path, text: str) -> tuple[Waiver, ...]:
    path = folder / "w.yaml"
    path.write_text(text, "utf-8")
    return read_waivers(path, shown_as="w.yaml")[0]


def faults_of(folder: Path, text: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        read(folder, text)
    return [f"{fault.place}: {say(fault.what, 'en')}" for fault in caught.value.faults]


def test_waiver_is_read_with_all_that_it_names(tmp_path: Path) -> None:
    assert read(tmp_path, FULL) == (
        Waiver(
            file="w.yaml",
            line=2,
            id="QA-17",
            rule=RuleId("vn/banana/maturity"),
            reason="The grower cut early before the storm.",
            owner="quality desk",
            until="2026-12-31",
            written_until="2026-12-31",
            reference="AP-1",
            exporter="An Phu Fruit",
            lot="L1",
            path="maturity",
        ),
    )


def test_waiver_for_everything_says_so_and_names_nothing(tmp_path: Path) -> None:
    [waiver] = read(tmp_path, SHORT)
    assert (waiver.reference, waiver.exporter, waiver.lot, waiver.path) == (None, None, None, None)


def test_digest_is_that_of_the_bytes(tmp_path: Path) -> None:
    (tmp_path / "w.yaml").write_text(SHORT, "utf-8")
    assert read_waivers(tmp_path / "w.yaml", shown_as="w.yaml")[1] == sha256(SHORT.encode()).hexdigest()


def test_list_may_be_empty_but_not_the_file(tmp_path: Path) -> None:
    assert read(tmp_path, "[]\n") == ()
    assert faults_of(tmp_path, "\n") == ["w.yaml: the file of waivers is empty"]


@pytest.mark.parametrize(
    "until",
    [
        "someday",
        "2026-11-31",
        "2026-13-01",
        "31.12.2026",
        "20261231",
        "2026-W53-4",
        "26-12-31",
        "2026-12-31T00:00",
        "never",
    ],
)
def test_last_day_that_is_none_leaves_a_waiver_that_never_holds(until: str, tmp_path: Path) -> None:
    [waiver] = read(tmp_path, SHORT.replace("2026-12-31", f'"{until}"'))
    assert (waiver.until, waiver.written_until) == (None, until)


@pytest.mark.parametrize("key", ["rule", "reason", "owner", "until"])
def test_waiver_lacks_nothing_that_makes_it_one(key: str, tmp_path: Path) -> None:
    lines = SHORT.replace("{", "").replace("}", "").removeprefix("- ").strip().split(", ")
    text = "- " + "\n  ".join(line for line in lines if not line.startswith(key)) + "\n"
    assert faults_of(tmp_path, text) == [f"w.yaml:1:3: '{key}' is missing"]


def test_waiver_without_scope_is_refused(tmp_path: Path) -> None:
    assert faults_of(tmp_path, SHORT.replace("scope: all, ", "")) == [
        "w.yaml:1:10: say what it is for: reference, exporter, lot or path; or scope: all"
    ]


def test_waiver_for_everything_and_for_one_lot_is_refused(tmp_path: Path) -> None:
    assert faults_of(tmp_path, SHORT.replace("scope: all", "lot: L1, path: x, scope: all")) == [
        "w.yaml:1:55: scope: all stands beside lot, path: keep one of them"
    ]


def test_scope_is_all_and_nothing_else(tmp_path: Path) -> None:
    assert faults_of(tmp_path, SHORT.replace("scope: all", "scope: some")) == ["w.yaml:1:37: 'some' is not one of: all"]


def test_wildcard_is_no_rule(tmp_path: Path) -> None:
    """A pattern would also waive rules that are yet to come."""
    [fault] = faults_of(tmp_path, SHORT.replace("vn/banana/maturity", '"vn/banana/*"'))
    assert fault.startswith("w.yaml:1:10: ")


def test_unknown_key_is_told_with_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, SHORT.replace("owner", "ower"))
    [fault] = caught.value.faults
    assert (say(fault.what, "en"), fault.hint and say(fault.hint, "en")) == (
        "unknown key 'ower'",
        "did you mean 'owner'?",
    )


def test_all_faults_of_a_file_are_told_in_its_order(tmp_path: Path) -> None:
    bad = SHORT.replace("scope: all, ", "").replace("The grower cut early.", "todo")
    assert [fault.split(":")[1] for fault in faults_of(tmp_path, bad * 2)] == ["1", "1", "2", "2"]


def test_two_waivers_of_one_id_are_refused(tmp_path: Path) -> None:
    text = SHORT.replace("{", "{id: QA-1, ")
    assert faults_of(tmp_path, text * 2) == ["w.yaml:2:8: a waiver above has the id 'QA-1', too"]


def test_blank_owner_is_none(tmp_path: Path) -> None:
    assert faults_of(tmp_path, SHORT.replace("owner: An", 'owner: " "')) == ["w.yaml:1:80: 'owner' holds nothing"]


def test_file_that_is_not_there_is_told_by_its_name(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        read_waivers(tmp_path / "gone.yaml", shown_as="gone.yaml")
    assert [fault.place for fault in caught.value.faults] == ["gone.yaml"]


@pytest.mark.parametrize(
    "reason",
    [
        "Customs took the old label.",
        "旧标签用完为止",
        "Hải quan đã đồng ý.",
        "todo: replaced by the new label in May",
        "see QA-17 of 3 May",
    ],
)
def test_reason_that_says_something(reason: str) -> None:
    assert has_substance(reason)


@pytest.mark.parametrize(
    "reason",
    [
        "",
        "todo",
        "n/a",
        "N/A",
        "too short",
        "TODO TODO TODO",
        "..........",
        "aaaaaaaaaaaa",
        "1234567890",
        "无",
        "暂时",
        "tbd, later, fixme",
        "          x",
    ],
)
def test_reason_that_says_nothing(reason: str) -> None:
    assert not has_substance(reason)


# baselines


def make_entry(fingerprint: str = "0" * 32, reference: str | None = "AP-1", rule: str = "vn/banana/maturity") -> Waiver:
    return Waiver(
        kind=WaiverKind.BASELINE,
        file="b.json",
        line=1,
        rule=RuleId(rule),
        reason=BASELINE_REASON,
        reference=reference,
        fingerprint=fingerprint,
        status=Status.FAIL,
    )


def test_baseline_is_written_sorted_one_entry_a_line_each_once() -> None:
    entries = [make_entry("2" * 32), make_entry("1" * 32, "AP-0"), make_entry("3" * 32, None), make_entry("2" * 32)]
    assert write_baseline(entries).splitlines() == [
        '{"borderready": "baseline/1", "entries": [',
        '{"fingerprint": "33333333333333333333333333333333", "status": "fail", "rule": "vn/banana/maturity"},',
        '{"fingerprint": "11111111111111111111111111111111", "status": "fail", "rule": "vn/banana/maturity",'
        ' "reference": "AP-0"},',
        '{"fingerprint": "22222222222222222222222222222222", "status": "fail", "rule": "vn/banana/maturity",'
        ' "reference": "AP-1"}',
        "]}",
    ]
    assert write_baseline(reversed(entries)) == write_baseline(entries)


@pytest.mark.parametrize("entries", [[], [make_entry()], [make_entry(), make_entry("1" * 32, 'quoted "榴莲" ' + "\\")]])
def test_baseline_is_read_as_it_was_written(entries: list[Waiver], tmp_path: Path) -> None:
    path = tmp_path / "b.json"
    path.write_text(write_baseline(entries), "utf-8")
    read_back, digest = read_baseline(path, shown_as="b.json")
    assert write_baseline(read_back) == write_baseline(entries)
    assert [entry.line for entry in read_back] == list(range(2, 2 + len(entries)))
    assert digest == sha256(path.read_bytes()).hexdigest()


def test_baseline_that_was_edited_by_hand_is_read_as_any_yaml(tmp_path: Path) -> None:
    path = tmp_path / "b.json"
    digits = "1" * 32
    path.write_text(
        f"borderready: baseline/1\nentries:\n  - {{fingerprint: {digits}, status: fail, rule: vn/banana/maturity}}\n",
        "utf-8",
    )
    ((entry,), _) = read_baseline(path, shown_as="b.json")
    assert (entry.fingerprint, entry.status) == (digits, Status.FAIL)
    path.write_text(write_baseline([make_entry()]).replace('"rule"', '"rule": "a/b/c", "rule"'), "utf-8")
    with pytest.raises(ConfigError) as caught:
        read_baseline(path, shown_as="b.json")
    assert [fault.what.key for fault in caught.value.faults] == ["read.duplicate"]


def test_baseline_larger_than_a_manifest_may_be_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "b.json"
    path.write_text(write_baseline([make_entry()]), "utf-8")
    monkeypatch.setattr(waiver, "MAX_BYTES", 10)
    assert len(read_baseline(path, shown_as="b.json")[0]) == 1
    path.write_text(path.read_text("utf-8").replace("]}", "]"), "utf-8")
    with pytest.raises(ConfigError):
        read_baseline(path, shown_as="b.json")
    monkeypatch.setattr(waiver, "MAX_BASELINE_BYTES", 10)
    with pytest.raises(ConfigError) as caught:
        read_baseline(path, shown_as="b.json")
    assert [fault.what.key for fault in caught.value.faults] == ["waiver.too_large"]


@pytest.mark.parametrize(
    "text", ["", "[]", '{"borderready": "baseline/2", "entries": []}', '{"entries": []}', "{", "x: 1"]
)
def test_what_is_no_baseline_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "b.json"
    path.write_text(text, "utf-8")
    with pytest.raises(ConfigError):
        read_baseline(path, shown_as="b.json")
