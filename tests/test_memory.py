# SPDX-License-Identifier: Apache-2.0
"""What is kept of subjects asked before changes no answer: each manifest is answered as if it were the first."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from functools import cache

import pytest

from borderready.checks import KINDS, Heed
from borderready.checks.context import Context
from borderready.core import MANY_SUBJECTS, check_shipment, order_of, with_findings
from borderready.memory import kept
from borderready.memory.kept import FAIR_TRIES_OF_ONE, MOST_ANSWERS, STEADY, Memory, Sheet, memory_of
from borderready.memory.mask import print_of
from borderready.memory.numbers import MOST_NUMBERS, Numbers
from borderready.model import (
    Condition,
    Event,
    Finding,
    Manifest,
    Outcome,
    Register,
    Report,
    RuleBase,
    Status,
    Value,
    Verdict,
)
from borderready.read.manifest import read_manifests
from tests.build import (
    freeze,
    make_data,
    make_entry,
    make_lot,
    make_manifest,
    make_notice,
    make_register,
    make_rule,
    make_rule_base,
    make_scope,
    make_wording,
)
from tests.test_examples import EXAMPLES, rule_base

WORDS: tuple[Value, ...] = (
    *("", "durian-fresh", "banana", "2026-11-23", "2025-01-01", "zh", "E", "RCEP", "ND", "L1", "VN-DLOR-0123"),
    *(0, 1, True, False, Decimal("1.0"), Decimal("1.00"), Decimal("0.051"), (), ("zh", "en")),
)
# One object for all, since what is said by lists is recalled only with the very same ones.
NO_REGISTERS: Mapping[str, Register] = {}


@cache
def examples() -> tuple[Manifest, ...]:
    read = [manifest for path in EXAMPLES for manifest in read_manifests(str(path))]
    return tuple(manifest for manifest in read if isinstance(manifest, Manifest))


def answer_of(manifest: Manifest, base: RuleBase) -> Report:
    return check_shipment(manifest, base, registers=NO_REGISTERS)


def alone(manifest: Manifest, base: RuleBase) -> Report:
    """Return the answer of a rule base that has never been asked anything."""
    return answer_of(manifest, replace(base))


def recalled(base: RuleBase) -> int:
    """Return how often something was recalled."""
    return sum(deck.hits for selection in memory_of(base).selections.values() for deck in selection.decks)


def test_examples_are_answered_alike_however_often_and_after_whatever_else() -> None:
    base = replace(rule_base())
    expected = [alone(manifest, base) for manifest in examples()]
    for _ in range(4):
        assert [answer_of(manifest, base) for manifest in examples()] == expected
    assert recalled(base) > 2_000


def test_findings_come_in_the_order_that_is_promised() -> None:
    base = replace(rule_base())
    for manifest in [*examples(), *examples()]:
        findings = answer_of(manifest, base).findings
        assert list(findings) == sorted(findings, key=order_of)


def changed(value: Value, chance: random.Random, *, shape: float) -> Value:
    """Return a part of a manifest with something else standing in it here and there.

    Args:
        value: The part.
        chance: What decides.
        shape: How likely something is left out, doubled or moved, too.
    """
    if isinstance(value, Mapping):
        kept = {key: inner for key, inner in value.items() if key == "id" or chance.random() > shape}
        return {key: inner if key == "id" else changed(inner, chance, shape=shape) for key, inner in kept.items()}
    if isinstance(value, tuple):
        members = [changed(member, chance, shape=shape) for member in value if chance.random() > shape]
        if members and chance.random() < 2 * shape:
            members.append(chance.choice(members))
        if chance.random() < 2 * shape:
            chance.shuffle(members)
        return tuple(members)
    return chance.choice(WORDS) if chance.random() < 0.03 else value


def strangers(manifest: Manifest, count: int) -> Iterator[Manifest]:
    """Yield manifests that differ from one in a few places each, and from each other; every third in its shape, too."""
    chance = random.Random(manifest.file)  # the same on every machine
    for number in range(count):
        data = changed(manifest.data, chance, shape=0.0 if number % 3 else 0.04)
        assert isinstance(data, Mapping)
        yield replace(manifest, data=data)


@pytest.mark.parametrize("manifest", examples()[::4], ids=lambda manifest: manifest.file.rpartition("/")[2])
def test_manifests_that_differ_here_and_there_are_answered_as_if_alone(manifest: Manifest) -> None:
    """The first is asked often enough that much is kept; then come the others, each twice."""
    base = replace(rule_base())
    for _ in range(3):
        answer_of(manifest, base)
    for stranger in strangers(manifest, 15):
        expected = alone(stranger, base)
        assert answer_of(stranger, base) == expected
        assert answer_of(stranger, base) == expected
    assert recalled(base) > 0


def test_like_lots_of_one_manifest_get_the_same_findings_each_at_its_own_place() -> None:
    base = replace(rule_base())
    for manifest in examples()[::6]:
        lots = manifest.data["lots"]
        assert isinstance(lots, tuple)
        many = replace(manifest, data={**manifest.data, "lots": lots * 5})
        assert answer_of(many, base) == alone(many, base)


def answered_alike(base: RuleBase, *data: Mapping[str, object]) -> None:
    """Ask for each of these three times over, and hold each answer to that of a rule base that was never asked."""
    for manifest in [make_manifest(each) for each in data] * 3:
        assert answer_of(manifest, base) == alone(manifest, base)


def test_field_that_would_tell_whether_a_rule_concerns_a_lot_is_missing_in_that_lot() -> None:
    scope = make_scope(Condition(kind="when", path="grade", values=("A",)))
    base = make_rule_base(make_rule(check="present", field="variety", scope=scope))
    answered_alike(base, make_data(lots=[make_lot(id="L1"), make_lot(id="L2")]))
    report = answer_of(make_manifest(make_data(lots=[make_lot(id="L1"), make_lot(id="L2")])), base)
    assert [finding.outcome.path for finding in report.findings] == [("lots", 0), ("lots", 1)]


def test_papers_alike_are_compared_with_the_others_each_from_its_own_place() -> None:
    paper = {"type": "phytosanitary-certificate", "number": "PC-1"}
    wording = make_wording(options={"with": ("documents[type=phytosanitary-certificate].number",), "how": "among"})
    rule = make_rule(check="same", field="number", each="phytosanitary-certificate", wordings=(wording,))
    answered_alike(make_rule_base(rule), make_data(documents=[paper, paper]), make_data(documents=[paper]))


def test_part_that_is_missing_is_not_taken_for_a_part_that_lacks_something() -> None:
    base = make_rule_base(make_rule(check="present", field="labels.box.fruit_name"))
    lots: list[dict[str, object]] = [
        {},
        {"labels": {}},
        {"labels": {"box": {}}},
        {"labels": {"box": {"fruit_name": "x"}}},
    ]
    answered_alike(base, *(make_data(lots=[make_lot(**lot)]) for lot in lots))


def test_days_given_with_the_command_are_heeded() -> None:
    base = replace(rule_base())
    manifest = examples()[0]
    for day in ("2026-11-25", "2024-01-01", "2026-11-25", "2019-01-01"):
        days = dict.fromkeys(Event, day)
        expected = check_shipment(manifest, replace(base), registers=NO_REGISTERS, days=days)
        assert [check_shipment(manifest, base, registers=NO_REGISTERS, days=days) for _ in range(3)] == [expected] * 3


def test_rule_that_looks_elsewhere_than_before_is_asked_again() -> None:
    """Where no weight is given, the rule never looks at the whole: what it then says holds for no other whole."""
    wording = make_wording(options={"of": "quantity.gross_kg", "max": Decimal("0.9")})
    base = make_rule_base(make_rule(check="limit", field="quantity.net_kg", wordings=(wording,)))
    loads = [{}, {"net_kg": 5}, {"net_kg": 5, "gross_kg": 10}, {"net_kg": 5, "gross_kg": 5}, {"gross_kg": 10}, {}]
    for load in [*loads, *loads, *loads]:
        manifest = make_manifest(make_data(lots=[make_lot(quantity=load)]))
        assert answer_of(manifest, base) == alone(manifest, base)


def test_rule_with_a_path_that_is_none_is_an_error_each_time() -> None:
    base = make_rule_base(make_rule(check="same", wordings=(make_wording(options={"with": ("no-path",)}),)))
    for _ in range(4):
        report = answer_of(make_manifest(), base)
        assert [finding.status for finding in report.findings] == [Status.ERROR]


@pytest.mark.parametrize("kind", sorted(name for name, kind in KINDS.items() if kind.heed is not Heed.BEYOND))
def test_rule_whose_answers_are_kept_is_shown_nothing_that_they_are_not_kept_by(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Context] = []

    def look(context: Context, field: str, options: object) -> tuple[Outcome, ...]:
        seen.append(context)
        return ()

    monkeypatch.setitem(KINDS, kind, replace(KINDS[kind], check=look))
    base = make_rule_base(make_rule(check=kind, field="variety", wordings=(make_wording(options={}),)))
    for _ in range(2):
        answer_of(make_manifest(), base)
    shown, heed = seen[-1], KINDS[kind].heed
    assert shown.history is None
    assert (shown.day != "") == (heed >= Heed.DAY)
    if heed is not Heed.LISTS:
        lists = (shown.registers, shown.notices, shown.covering)
        assert (shown.days, shown.undated, *lists) == ({}, {}, {}, (), None)


@pytest.mark.parametrize("times", [1, 2])
def test_what_is_kept_stays_within_its_bounds_and_no_answer_changes(
    times: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Shapes that came once go first; those that came again go when they alone are too many."""
    monkeypatch.setattr(kept, "MOST_SELECTIONS", 40)
    base = make_rule_base(make_rule(check="present", field="variety", wordings=(make_wording(options={}),)))
    most = 0
    for count in [1, 2, 1, 2, *(count for count in range(3, 150) for _ in range(times))]:
        lots = [make_lot(variety=f"V{count}")] * count
        report = answer_of(make_manifest(make_data(lots=lots)), base)
        assert report.counts[Status.PASS] == count
        most = max(most, len(memory_of(base).selections))
    assert 30 <= most <= 42


def test_what_is_not_written_alike_is_not_taken_for_the_same() -> None:
    values: list[Value] = [
        1,
        True,
        "1",
        "true",
        Decimal("1.0"),
        Decimal("1.00"),
        ("1",),
        ("1", "1"),
        {"1": "1"},
        (),
        {},
    ]
    assert len({print_of(value) for value in values}) == len(values)


def test_number_that_there_is_no_more_room_for_is_like_no_other() -> None:
    numbers = Numbers({str(number): number for number in range(MOST_NUMBERS)})
    assert numbers.is_full
    assert numbers.number_of("7") == 7
    assert len({numbers.number_of("new"), numbers.number_of("new"), numbers.number_of("other")}) == 3
    assert len(numbers.known) == MOST_NUMBERS


def test_full_memory_is_given_up_before_the_next_manifest() -> None:
    memory: Memory = memory_of(replace(rule_base()))
    memory.numbers.known.update({str(number): number for number in range(MOST_NUMBERS)})
    memory.make_room()
    assert (memory.numbers.known, memory.selections) == ({}, {})


def sheets_of(base: RuleBase) -> list[Sheet]:
    return [
        sheet
        for selection in memory_of(base).selections.values()
        for deck in selection.decks
        for sheet in deck.sheets.values()
    ]


def test_groups_that_seldom_change_are_looked_up_as_one_until_they_change_too_often() -> None:
    """What is said stays that of a rule base that was never asked, before, while and after."""
    rules = [make_rule(id=f"vn/any/{field}", check="present", field=field) for field in ("variety", "grade", "brand")]
    base = make_rule_base(*rules)

    def asked_with(**lot: object) -> None:
        manifest = make_manifest(make_data(lots=[make_lot(variety="Ri6", grade="A", **lot)]))
        assert answer_of(manifest, base) == alone(manifest, base)

    for _ in range(FAIR_TRIES_OF_ONE + 3):
        asked_with()
    lot_sheets = [sheet for sheet in sheets_of(base) if sheet.steady]
    assert [len(sheet.steady) for sheet in lot_sheets] == [3]
    asked_with(brand="other")
    assert len(lot_sheets[0].answers) == 2
    for number in range(5 * FAIR_TRIES_OF_ONE):
        asked_with(brand=f"brand {number}")
    assert lot_sheets[0].bar > STEADY
    assert not any(group.places == ("brand?",) for group in lot_sheets[0].steady)
    assert len(lot_sheets[0].answers) <= MOST_ANSWERS


def test_notices_that_become_others_are_asked_anew() -> None:
    wording = make_wording(options={"by": "product"})
    base = make_rule_base(make_rule(check="noticed", field="product", wordings=(wording,)))
    closed = make_notice(products=("durian-fresh",), gates=(), codes=(), start="2026-11-01", until=None)
    for own in [(), (closed,), (), (closed,), ()] * 3:
        report = check_shipment(make_manifest(), base, notices=own)
        assert report.verdict == (Verdict.NOT_READY if own else Verdict.READY)


def test_a_code_is_looked_up_in_the_registers_at_hand_and_recalled_with_the_same_only() -> None:
    wording = make_wording(options={"register": "gacc-orchards"})
    base = make_rule_base(make_rule(check="listed", field="orchards[*].code", wordings=(wording,)))
    manifest = make_manifest(make_data(lots=[make_lot(orchards=[{"code": "VN-DLOR-0123"}])]))
    with_it = {"gacc-orchards": make_register("gacc-orchards", make_entry("VN-DLOR-0123"))}
    without = {"gacc-orchards": make_register("gacc-orchards", make_entry("VN-DLOR-0999"))}
    for registers, status in [(with_it, Status.PASS), (without, Status.FAIL), (NO_REGISTERS, Status.UNKNOWN)] * 4:
        report = check_shipment(manifest, base, registers=registers)
        assert report == check_shipment(manifest, replace(base), registers=registers)
        assert [finding.status for finding in report.findings] == [status]
    assert recalled(base) > 0


def test_rule_that_starts_later_does_not_keep_the_others_from_being_recalled() -> None:
    coming = make_rule(id="vn/any/coming", check="present", field="grade", wordings=(make_wording("2030-01-01"),))
    base = make_rule_base(make_rule(id="vn/any/now", check="present", field="variety"), coming)
    for _ in range(4):
        manifest = make_manifest(make_data(lots=[make_lot(variety="Ri6")]))
        assert answer_of(manifest, base) == alone(manifest, base)
    assert recalled(base) > 0


@pytest.mark.parametrize("manifest", examples()[::5], ids=lambda manifest: manifest.file.rpartition("/")[2])
def test_passes_that_nobody_is_told_are_counted_and_change_nothing_else(manifest: Manifest) -> None:
    lots = manifest.data["lots"]
    assert isinstance(lots, tuple)
    assert isinstance(lots[0], Mapping)
    different = [{**lots[0], "id": f"L{number}", "grade": f"{number % 3}"} for number in range(MANY_SUBJECTS)]
    many = replace(manifest, data={**manifest.data, "lots": freeze(different)})
    base = replace(rule_base())
    told = check_shipment(many, base)
    for each in (base, replace(base)):
        report = check_shipment(many, each, tells_passes=False)
        assert replace(report, findings=()) == replace(told, findings=())
        assert bad(report) == bad(told)
        assert sum(finding.times for finding in passes(report)) == len(passes(told)) > 2 * len(passes(report))
        assert {finding.rule.id for finding in passes(report)} == {finding.rule.id for finding in passes(told)}
        assert with_findings(report, report.findings).counts == told.counts


def bad(report: Report) -> list[Finding]:
    return [finding for finding in report.findings if finding.status is not Status.PASS]


def passes(report: Report) -> list[Finding]:
    return [finding for finding in report.findings if finding.status is Status.PASS]


def test_day_that_a_certificate_would_tell_is_missing_in_the_certificate_wherever_that_stands() -> None:
    wording = make_wording(options={"by": "product", "also": ["issue"]})
    base = make_rule_base(make_rule(check="noticed", field="product", wordings=(wording,)))
    papers = [{"type": "phytosanitary-certificate", "number": "PC-1"}, {"type": "contract", "number": "C-1"}]
    for documents, place in [(papers, 0), (papers[::-1], 1)] * 3:
        manifest = make_manifest(make_data(documents=documents))
        report = answer_of(manifest, base)
        assert report == alone(manifest, base)
        missing = [finding.outcome.missing for finding in report.findings if finding.status is Status.UNKNOWN]
        assert [one.parent for one in missing if one is not None] == [("documents", place)]
