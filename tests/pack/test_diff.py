# SPDX-License-Identifier: Apache-2.0
"""`pack diff`: nothing that changes an answer is missed, and each change is told as a person would tell it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from borderready.model import (
    Condition,
    Disabled,
    Event,
    Force,
    Gap,
    Grade,
    Instrument,
    Notice,
    Product,
    Row,
    Rule,
    RuleBase,
    RuleId,
    Scope,
    Severity,
    Source,
    Table,
    Texts,
    Wording,
)
from borderready.model.change import About, Reach, Turn, Weight
from borderready.pack.diff import concerns_lane, diff_packs
from borderready.pack.diff.rules import compare_rules
from borderready.pack.mutate import mutants_of
from borderready.report.as_diff import diff_json
from tests.pack.packs import assert_valid, only, real, small, small_files, told

PALLET = "any/fresh-fruit/pallet-mark.yaml"
COLD = "any/fresh-fruit/cold-chain.yaml"
ORCHARD = "vn/lychee-fresh/orchard-code.yaml"
ACCESS = "tables/access.csv"

# To shrink what is drawn from the whole rule base takes minutes and says no more.
UNSHRUNK = (Phase.explicit, Phase.reuse, Phase.generate)


# nothing is missed


def test_equal_packs_differ_in_nothing() -> None:
    assert diff_packs(real(), real()).changes == ()
    assert diff_packs(small(), small()).changes == ()


def test_cases_and_news_are_no_difference_in_meaning() -> None:
    cases = ("any/fresh-fruit/pallet-mark.cases.yaml",)
    assert diff_packs(small(), small(without=cases, added={"NEWS.md": "other"})).changes == ()


def test_every_mutant_of_every_rule_is_told_as_a_change_of_answers() -> None:
    missed = []
    count = 0
    for rule in real().rules:
        for mutant in mutants_of(rule):
            count += 1
            if not any(detail.reach is Reach.ANSWER for detail in compare_rules(rule, mutant.rule)):
                missed.append(mutant.id)
    assert (missed, count > 4000) == ([], True)


@given(st.data())
@settings(max_examples=25, deadline=None, phases=UNSHRUNK)
def test_of_many_rules_exactly_those_that_were_changed_are_told(data: st.DataObject) -> None:
    base = real()
    places = data.draw(st.sets(st.integers(0, len(base.rules) - 1), min_size=1, max_size=6))
    rules, changed = list(base.rules), set()
    for place in places:
        mutants = [mutant.rule for mutant in mutants_of(base.rules[place])]
        if mutants:
            rules[place] = data.draw(st.sampled_from(mutants))
            changed.add(base.rules[place].id)
    mutated = dataclasses.replace(base, rules=tuple(rules))
    for old, new in ((base, mutated), (mutated, base)):
        found = diff_packs(old, new)
        assert {change.id for change in found.changes} == changed
        assert {change.weight for change in found.changes} <= {Weight.BLOCKS, Weight.WARNS, Weight.INFORMS}
        assert_valid(diff_json(found), "pack-diff")


def _others(value: Any) -> Any:
    """Return another value of the same type."""
    match value:
        case bool():
            return not value
        case Severity():
            return Severity.SHOULD if value is Severity.MUST else Severity.MUST
        case Grade():
            return Grade.MEMORY if value is not Grade.MEMORY else Grade.PRIMARY
        case Event():
            return Event.HARVEST if value is not Event.HARVEST else Event.ARRIVAL
        case Texts():
            return dataclasses.replace(value, zh=f"{value.zh}!")
        case str():
            return f"{value}x"
        case None:
            return "2020-01-01"
        case tuple():
            return (*value, "another")
        case dict():
            return {**value, "another": "1"}
    raise TypeError(value)


def _each(thing: Any, leave: frozenset[str] = frozenset()) -> Iterator[tuple[str, Any]]:
    """Yield a thing with each of its fields changed in turn, those inside it, too."""
    for field in dataclasses.fields(thing):
        if not field.init or field.name in leave:
            continue
        value = getattr(thing, field.name)
        if dataclasses.is_dataclass(value) and not isinstance(value, Texts):
            for name, inner in _each(value):
                yield f"{field.name}.{name}", dataclasses.replace(thing, **{field.name: inner})
        elif field.name == "acts":
            yield field.name, dataclasses.replace(thing, acts="grower")
        elif field.name == "disabled":
            told = Disabled(pack="acme", rule=RuleId("any/any/one"), reason="we see to it", until=None, line=1)
            yield field.name, dataclasses.replace(thing, disabled=told)
        elif field.name == "conditions":
            yield field.name, dataclasses.replace(thing, conditions=(*value, Condition(kind="given", path="lots")))
        elif field.name == "wordings":
            for name, inner in _each(value[0]):
                yield f"wordings[0].{name}", dataclasses.replace(thing, wordings=(inner, *value[1:]))
            yield "wordings", dataclasses.replace(thing, wordings=value[:1])
        elif isinstance(value, tuple) or value is None or isinstance(value, (str, bool, dict, Texts)):
            yield field.name, dataclasses.replace(thing, **{field.name: _others(value)})
        else:
            raise TypeError(field.name)


RULE = Rule(
    id=RuleId("any/any/one"),
    title=Texts(en="a", vi="b", zh="c"),
    area="access",
    scope=Scope(origins=("VN",), products=("plum",)),
    each="lot",
    basis=Event.ARRIVAL,
    severity=Severity.MUST,
    acts="exporter",
    consequence="refused",
    check="one_of",
    field="quantity",
    wordings=(
        Wording(
            start="2024-01-01",
            says=Texts(en="x", vi="y", zh="z"),
            fix=Texts(en="x", vi="y", zh="z"),
            options={"values": ("a",)},
            source=Source(instrument="i", locator="l", seen=Grade.PRIMARY, checked="2026-01-01", witnesses=("w",)),
        ),
        Wording(
            start="2020-01-01",
            says=Texts(en="o", vi="o", zh="o"),
            source=Source(instrument="i", locator="l", seen=Grade.PRIMARY),
        ),
    ),
)


def _with(base: RuleBase, **changes: Any) -> RuleBase:
    return dataclasses.replace(base, **changes)


@pytest.mark.parametrize(("name", "rule"), list(_each(RULE, leave=frozenset({"id"}))))
def test_no_field_of_a_rule_can_change_unseen(name: str, rule: Rule) -> None:
    base = _with(real(), rules=(RULE,))
    found = diff_packs(base, _with(base, rules=(rule,)))
    assert [change.id for change in found.changes] == [RULE.id], name
    assert_valid(diff_json(found), "pack-diff")


ROW = Row(
    cells={"product": "plum", "limit": "0.05", "note": "n"},
    start="2024-01-01",
    until=None,
    source=Source(instrument="i", locator="l", seen=Grade.SECONDARY, witnesses=("w",)),
    number=2,
)
TABLE = Table(
    id="limits",
    title=Texts(en="a", vi="b", zh="c"),
    key=("product",),
    kinds={"product": "slug", "limit": "text", "note": "text"},
    rows=(ROW,),
)
THINGS: dict[str, Any] = {
    "products": Product(
        id="plum", name=Texts(en="a", vi="b", zh="c"), scientific_names=("P",), hs_codes=("1",), groups=("g",)
    ),
    "instruments": Instrument(
        id="act", title=Texts(en="a", vi="b", zh="c"), number=None, issuer="i", issued=None, url=None
    ),
    "notices": Notice(
        id="stop",
        title=Texts(en="a", vi="b", zh="c"),
        kind="closed",
        gates=("chi-ma",),
        origins=("VN",),
        products=(),
        codes=(),
        start="2024-01-01",
        until=None,
        source=Source(instrument="i", locator="l", seen=Grade.PRIMARY),
        fix=Texts(en="a", vi="b", zh="c"),
    ),
    "gaps": Gap(
        id="gap",
        origins=(),
        products=("plum",),
        area="access",
        missing=Texts(en="a", vi="b", zh="c"),
        look=Texts(en="a", vi="b", zh="c"),
        instrument=None,
        locator=None,
    ),
    "tables": TABLE,
}


def _holding(field: str, thing: Any) -> RuleBase:
    empty = _with(real(), rules=(), products={}, instruments={}, tables={}, notices=(), gaps=())
    return _with(empty, **{field: (thing,) if field in ("notices", "gaps") else {thing.id: thing}})


@pytest.mark.parametrize(
    ("field", "name", "thing"),
    [
        (field, name, changed)
        for field, thing in THINGS.items()
        for name, changed in _each(thing, leave=frozenset({"id", "rows"}))
    ]
    + [
        ("tables", f"rows.{name}", dataclasses.replace(TABLE, rows=(row,)))
        for name, row in _each(ROW, frozenset({"number"}))
    ],
)
def test_no_field_of_anything_else_can_change_unseen(field: str, name: str, thing: Any) -> None:
    found = diff_packs(_holding(field, THINGS[field]), _holding(field, thing))
    assert found.changes, name
    assert_valid(diff_json(found), "pack-diff")


def test_every_part_of_a_rule_base_is_looked_at() -> None:
    """Who adds a part to RuleBase has to think of the diff."""
    looked_at = {"rules", "products", "instruments", "tables", "gaps", "notices"}
    derived = {"pack", "synonyms", "left_out", "others", "candidates", "gaps_of", "groups", "memory"}
    assert {field.name for field in dataclasses.fields(RuleBase)} == looked_at | derived


@given(st.data())
@settings(max_examples=60, deadline=None, phases=UNSHRUNK)
def test_no_change_of_a_row_is_missed(data: st.DataObject) -> None:
    base = _with(real(), rules=())
    name = data.draw(st.sampled_from(sorted(base.tables)))
    table = base.tables[name]
    place = data.draw(st.integers(0, len(table.rows) - 1))
    row = table.rows[place]
    changed = [one for _, one in _each(row, leave=frozenset({"number", "cells"}))]
    changed += [
        dataclasses.replace(row, cells={**row.cells, column: f"{cell}7" if cell else "7"})
        for column, cell in row.cells.items()
    ]
    rows = (*table.rows[:place], data.draw(st.sampled_from([None, *changed])), *table.rows[place + 1 :])
    other = _with(
        base,
        tables={**base.tables, name: dataclasses.replace(table, rows=tuple(one for one in rows if one is not None))},
    )
    for found in (diff_packs(base, other), diff_packs(other, base)):
        assert found.changes
        assert {change.table for change in found.changes} == {name}
        assert_valid(diff_json(found), "pack-diff")


def test_rows_in_another_order_are_told_since_the_first_of_equals_answers() -> None:
    base = real()
    table = base.tables["hs-codes"]
    turned = dataclasses.replace(table, rows=tuple(reversed(table.rows)))
    change = only(diff_packs(base, _with(base, tables={**base.tables, "hs-codes": turned})))
    assert (change.id, change.reach, [detail.key for detail in change.details]) == ("hs-codes", Reach.ANSWER, ["order"])


def test_a_number_written_otherwise_is_no_difference() -> None:
    row = dataclasses.replace(ROW, cells={**ROW.cells, "limit": "0.050"})
    table = dataclasses.replace(TABLE, kinds={**TABLE.kinds, "limit": "decimal"})
    old, new = (dataclasses.replace(table, rows=(one,)) for one in (ROW, row))
    assert diff_packs(_holding("tables", old), _holding("tables", new)).changes == ()


# told as a person would


@pytest.mark.parametrize(
    ("replaced", "sentences"),
    [
        ((COLD, "max: 5", "max: 4"), ["upper limit from 5 to 4"]),
        ((COLD, "max: 5", "min: 1, max: 5"), ["lower limit: now 1, before nothing"]),
        (
            (PALLET, "any_of: [输往中华人民共和国]", "any_of: [输往中国]"),
            ["phrases, any of: gained 输往中国; lost 输往中华人民共和国"],
        ),
        (
            (PALLET, "all_of: [输往中华人民共和国, 鲜果]", "all_of: [输往中华人民共和国]"),
            ["phrases, all of: lost 鲜果"],
        ),
        ((PALLET, "start: 2027-03-01", "start: 2027-06-01"), ["starts on 2027-06-01, not on 2027-03-01"]),
        (
            (PALLET, "severity: must", "severity: should"),
            ["weighs: warns, before blocks", "weighs: warns, before blocks", "what the law says from must to should"],
        ),
        (
            (PALLET, "product: [fresh-fruit]", "product: [fresh-fruit], origin: [VN]"),
            ["origin: only VN, no longer any"],
        ),
        ((ORCHARD, "waivable: never\n", ""), ["a waiver may accept it now"]),
        ((ORCHARD, "origin: [VN]", "origin: [VN, TH]"), ["origin: gained TH"]),
        ((ORCHARD, "acts: exporter", "acts: grower"), ["who acts from exporter to grower"]),
        (
            (ORCHARD, "seen: primary", "seen: memory"),
            ["weighs: informs, before blocks", "how it is known from primary to memory"],
        ),
        (
            (ORCHARD, "product: [lychee-fresh]}", "product: [lychee-fresh], unless: {labels.use: [seed, feed]}}"),
            ["new condition: not where labels.use is seed / feed"],
        ),
        ((ORCHARD, "Section 4", "Section 5"), ["place in the source: other words"]),
    ],
)
def test_change_of_a_rule_is_told_in_a_sentence(replaced: tuple[str, str, str], sentences: list[str]) -> None:
    change = only(diff_packs(small(), small(replaced)))
    assert (change.about, change.turn) == (About.RULE, Turn.CHANGED)
    assert told(change) == sentences


@pytest.mark.parametrize(
    ("old", "new", "turn", "sentences"),
    [
        (
            "VN,lychee-fresh,open,,2019-06-01,,",
            "VN,lychee-fresh,open,,2019-06-01,2026-12-31,",
            Turn.CHANGED,
            ["ends on 2026-12-31"],
        ),
        ("VN,pepper-dried,open", "VN,pepper-dried,closed", Turn.CHANGED, ["status from open to closed"]),
        ("VN,pepper-dried,open,,2019-06-01,,harbour-act,Annex 1,primary,\n", "", Turn.REMOVED, None),
        (
            "VN,pepper-dried,open",
            "KH,pepper-dried,open,,2026-12-01,,harbour-act,Annex 1,primary,\nVN,pepper-dried,open",
            Turn.ADDED,
            None,
        ),
        (
            "VN,lychee-fresh,open,,2019-06-01,,harbour-act,Annex 1,primary,",
            "VN,lychee-fresh,open,,2019-06-01,2026-12-31,harbour-act,Annex 1,primary,\n"
            "VN,lychee-fresh,closed,,2027-01-01,,harbour-act,Annex 1,primary,",
            Turn.CHANGED,
            [
                "ends on 2026-12-31",
                "another row from 2027-01-01, after the one to 2026-12-31",
                "state from open to closed",
            ],
        ),
    ],
)
def test_rows_are_told_by_their_key(old: str, new: str, turn: Turn, sentences: list[str] | None) -> None:
    change = only(diff_packs(small(), small((ACCESS, old, new))))
    assert (change.about, change.table, change.turn) == (About.TABLE, "access", turn)
    assert change.lanes.origins == (("KH",) if turn is Turn.ADDED else ("VN",))
    assert change.rules == ("any/any/access",)
    assert sentences is None or [sentence.replace("status", "state") for sentence in told(change)] == [
        sentence.replace("status", "state") for sentence in sentences
    ]


def test_a_limit_that_sinks_is_told_with_its_unit_and_its_day() -> None:
    base = real()
    table = base.tables["contaminants"]
    place = next(
        index
        for index, row in enumerate(table.rows)
        if (row.cells["product"], row.cells["analyte"], row.until) == ("gb2762-fresh-fruit", "cadmium", None)
    )
    old = table.rows[place]
    closed = dataclasses.replace(old, until="2026-12-31")
    lower = dataclasses.replace(old, start="2027-01-01", cells={**old.cells, "limit": "0.04"})
    rows = (*table.rows[:place], closed, lower, *table.rows[place + 1 :])
    other = _with(base, tables={**base.tables, "contaminants": dataclasses.replace(table, rows=rows)})
    change = only(diff_packs(base, other))
    assert told(change)[-1] == "limit from 0.05 to 0.04 mg/kg"
    assert (change.id, change.day) == ("contaminants: gb2762-fresh-fruit, cadmium, pulp", "2027-01-01")
    assert (change.weight, change.acts) == (Weight.BLOCKS, ("exporter",))
    assert "durian-fresh" in change.lanes.goods
    assert "any/fresh-fruit/cadmium" in change.rules


def test_a_wording_that_starts_is_told_with_what_it_asks_differently() -> None:
    wording = """wordings:
  - start: 2026-12-01
    options: {max: 4}
    says: {en: Colder., vi: Lạnh hơn., zh: 更冷。}
    fix: {en: Cool., vi: Làm lạnh., zh: 降温。}
    source: {instrument: quay-circular, locator: paragraph 20, seen: primary, checked: 2026-11-20}
"""
    change = only(diff_packs(small(), small((COLD, "wordings:\n", wording))))
    assert told(change) == [
        "another wording starts on 2026-12-01",
        "upper limit from 5 to 4",
        "weighs: blocks, before informs",
    ]
    assert (change.day, change.weight, change.lanes.products) == ("2026-12-01", Weight.BLOCKS, ("fresh-fruit",))


REPEAL = """wordings:
  - start: 2026-12-01
    repealed: true
    says: {en: Gone., vi: Bỏ., zh: 废止。}
    source: {instrument: quay-circular, locator: paragraph 20, seen: primary, checked: 2026-11-20}
"""


def test_a_repeal_is_told_as_one() -> None:
    change = only(diff_packs(small(), small((COLD, "wordings:\n", REPEAL))))
    assert (change.turn, change.day, told(change)) == (Turn.REPEALED, "2026-12-01", ["repealed from 2026-12-01"])


def _text(file: str) -> str:
    return small_files()[file].decode()


def _reefer(*, is_alone: bool) -> RuleBase:
    text = _text(COLD).replace("id: any/fresh-fruit/cold-chain", "id: any/fresh-fruit/reefer")
    if is_alone:
        return small(without=(COLD, COLD.replace(".yaml", ".cases.yaml")), added={"any/fresh-fruit/reefer.yaml": text})
    text = text.replace("max: 5", "max: 3") + "replaces: [any/fresh-fruit/cold-chain]\n"
    return small((COLD, "wordings:\n", REPEAL), added={"any/fresh-fruit/reefer.yaml": text})


def test_a_rule_of_another_name_that_asks_the_same_is_renamed() -> None:
    change = only(diff_packs(small(), _reefer(is_alone=True)))
    assert (change.turn, change.id, change.others) == (
        Turn.RENAMED,
        "any/fresh-fruit/reefer",
        ("any/fresh-fruit/cold-chain",),
    )
    assert change.reach is Reach.ANSWER  # waivers name the old id


def test_a_rule_that_takes_the_place_of_another_tells_what_it_asks_differently() -> None:
    changes = {change.id: change for change in diff_packs(small(), _reefer(is_alone=False)).changes}
    repealed, new = changes["any/fresh-fruit/cold-chain"], changes["any/fresh-fruit/reefer"]
    assert (repealed.turn, new.turn, new.others) == (Turn.REPEALED, Turn.REPLACED, (repealed.id,))
    assert told(new) == ["asked from 2019-06-01", "upper limit from 5 to 3"]


def test_rules_that_come_and_go_are_told_with_what_they_ask() -> None:
    without = small(without=(COLD, COLD.replace(".yaml", ".cases.yaml")))
    come, gone = only(diff_packs(without, small())), only(diff_packs(small(), without))
    assert (come.turn, gone.turn) == (Turn.ADDED, Turn.REMOVED)
    assert told(come) == ["asked from 2019-06-01"]
    assert come.details[0].says is not None
    assert come.details[0].says.en.startswith("Confirm that the fruit stays")
    assert (come.force, come.acts, come.lanes.goods) == (Force.INFORMS, ("carrier",), ("lychee-fresh",))


def test_words_alone_are_told_as_words() -> None:
    change = only(diff_packs(small(), small((COLD, "Confirm that the fruit stays", "Confirm that all fruit stays"))))
    assert (change.weight, told(change)) == (Weight.WORDS, ["what is asked: other words"])


def test_a_value_that_becomes_its_own_text_is_told() -> None:
    """A truth value is no number, and a list of one is no value."""
    old, new = (
        dataclasses.replace(RULE, wordings=(dataclasses.replace(RULE.wordings[0], options={"max": value}),))
        for value in (Decimal(1), True)
    )
    assert compare_rules(old, new)


def test_the_heaviest_changes_stand_first_and_lanes_can_be_asked_for() -> None:
    diff = diff_packs(
        small(),
        small(
            (COLD, "max: 5", "max: 4"),
            (ORCHARD, "also: [arrival]", "also: [departure]"),
            (PALLET, "paragraph 8", "p. 8"),
        ),
    )
    assert [change.weight for change in diff.changes] == [Weight.BLOCKS, Weight.INFORMS, Weight.WORDS]
    of_thailand = [change.id for change in diff.changes if concerns_lane(change, origin="TH", words={"fresh-fruit"})]
    assert of_thailand == ["any/fresh-fruit/cold-chain", "any/fresh-fruit/pallet-mark"]
