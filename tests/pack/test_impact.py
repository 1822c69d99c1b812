# SPDX-License-Identifier: Apache-2.0
"""What another pack changes for a manifest: rules that cannot differ are not asked anew, and nothing is lost by it."""

from __future__ import annotations

import dataclasses
from functools import cache

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from borderready.core import check_shipment
from borderready.model import Manifest, RuleBase, RuleId
from borderready.model.impact import Became, FindingImpact, ManifestImpact, Side
from borderready.pack.diff import diff_packs
from borderready.pack.impact import can_differ, check_other, compare_reports, make_comparison
from borderready.pack.mutate import mutants_of
from borderready.read.manifest import read_manifests
from borderready.report.impact_tally import MOST_FLIPS, MOST_SHOWN, ImpactTally
from tests.command import ROOT
from tests.pack.packs import real, small

# To shrink what is drawn from the whole rule base takes minutes and says no more.
UNSHRUNK = (Phase.explicit, Phase.reuse, Phase.generate)


@cache
def _manifests() -> tuple[Manifest, ...]:
    files = [*sorted((ROOT / "examples").glob("*.yaml")), *sorted((ROOT / "tests/data/golden").glob("*.yaml"))]
    read = (manifest for file in files for manifest in read_manifests(str(file)))
    return tuple(manifest for manifest in read if isinstance(manifest, Manifest))


def _key(finding: FindingImpact) -> str:
    return repr((finding.rule, finding.subject, finding.path, finding.before, finding.after))


def _both(old: RuleBase, new: RuleBase, manifest: Manifest) -> tuple[ManifestImpact, ManifestImpact]:
    """Return what differs, as the command works it out, and by two whole checks."""
    comparison = make_comparison(old, new, diff_packs(old, new))
    before = check_shipment(manifest, old)
    short = check_other(before, comparison, lambda rule_base: check_shipment(manifest, rule_base))
    whole = check_shipment(manifest, new)
    one, other = (compare_reports(before, after, comparison, exporter=None, lanes=()) for after in (short, whole))
    return one, other


def _assert_same(one: ManifestImpact, other: ManifestImpact) -> None:
    assert (one.before, one.after) == (other.before, other.after)
    assert sorted(map(_key, one.findings)) == sorted(map(_key, other.findings))


@given(st.data())
@settings(max_examples=20, deadline=None, phases=UNSHRUNK)
def test_asking_only_what_can_differ_gives_what_two_whole_checks_give(data: st.DataObject) -> None:
    base = real()
    manifest = data.draw(st.sampled_from(_manifests()))
    asked = sorted({finding.rule.id for finding in check_shipment(manifest, base).findings})
    names = data.draw(st.sets(st.sampled_from(asked), min_size=1, max_size=8))
    rules = []
    for rule in base.rules:
        if rule.id not in names:
            rules.append(rule)
            continue
        what = data.draw(st.sampled_from(["mutant", "removed", "narrower", "displaces", "weaker"]))
        mutants = [mutant.rule for mutant in mutants_of(rule)]
        if what == "mutant" and mutants:
            rules.append(data.draw(st.sampled_from(mutants)))
        elif what == "narrower":
            rules.append(dataclasses.replace(rule, scope=dataclasses.replace(rule.scope, origins=("KH",))))
        elif what == "displaces":
            rules.append(dataclasses.replace(rule, overrides=(*rule.overrides, data.draw(st.sampled_from(asked)))))
        elif what == "weaker":
            rules.append(dataclasses.replace(rule, is_waivable=not rule.is_waivable, area="customs"))
    changed = dataclasses.replace(base, rules=tuple(rules))
    _assert_same(*_both(base, changed, manifest))
    _assert_same(*_both(changed, base, manifest))


@given(st.data())
@settings(max_examples=15, deadline=None, phases=UNSHRUNK)
def test_so_it_does_where_tables_products_and_notices_change(data: st.DataObject) -> None:
    base = real()
    manifest = data.draw(st.sampled_from(_manifests()))
    name = data.draw(st.sampled_from(["contaminants", "pesticides", "access", "hs-codes", "gates", "synonyms"]))
    table = base.tables[name]
    kept = data.draw(st.integers(0, len(table.rows)))
    tables = {**base.tables, name: dataclasses.replace(table, rows=table.rows[:kept])}
    product = data.draw(st.sampled_from(sorted(base.products)))
    groups = base.products[product].groups[: data.draw(st.integers(0, 1))]
    products = {**base.products, product: dataclasses.replace(base.products[product], groups=groups)}
    notices = tuple(dataclasses.replace(notice, until=None) for notice in base.notices)
    for changed in (
        dataclasses.replace(base, tables=tables),
        dataclasses.replace(base, products=products),
        dataclasses.replace(base, notices=notices),
    ):
        _assert_same(*_both(base, changed, manifest))


COLD, LANGUAGES = "any/fresh-fruit/cold-chain", "any/fresh-fruit/box-languages"


def _displacing(base: RuleBase) -> RuleBase:
    """Return a pack in which the rule on the cold chain displaces the one on languages."""
    rules = (
        dataclasses.replace(rule, overrides=(RuleId(LANGUAGES),)) if rule.id == COLD else rule for rule in base.rules
    )
    return dataclasses.replace(base, rules=tuple(rules))


def test_rule_that_another_one_displaces_from_now_on_is_looked_at() -> None:
    thai = next(manifest for manifest in _manifests() if manifest.reference == "HX-2026-0002")
    one, other = _both(small(), _displacing(small()), thai)
    _assert_same(one, other)
    assert [(finding.rule, finding.became) for finding in one.findings] == [(LANGUAGES, Became.LOST)]


def test_changed_rule_that_stays_displaced_gives_nothing() -> None:
    thai = next(manifest for manifest in _manifests() if manifest.reference == "HX-2026-0002")
    changed = small((f"{LANGUAGES}.yaml", "values: [zh, en]", "values: [zh]"))
    one, other = _both(_displacing(small()), _displacing(changed), thai)
    _assert_same(one, other)
    assert one.findings == ()
    assert _both(small(), changed, thai)[0].findings != ()


def test_manifest_of_another_lane_is_not_asked_anew() -> None:
    old, new = small(), small(("vn/lychee-fresh/orchard-code.yaml", "also: [arrival]", "also: [departure]"))
    comparison = make_comparison(old, new, diff_packs(old, new))
    ready = next(manifest for manifest in _manifests() if manifest.reference == "HX-2026-0001")
    thai = next(manifest for manifest in _manifests() if manifest.reference == "HX-2026-0002")
    assert (can_differ(ready, comparison), can_differ(thai, comparison)) == (True, False)
    before = check_shipment(thai, old)
    assert check_other(before, comparison, lambda _: 1 / 0) is before  # type: ignore[arg-type,return-value]


def test_reason_is_the_row_that_names_what_stands_there() -> None:
    base = real()
    table = base.tables["contaminants"]
    rows = tuple(dataclasses.replace(row, cells={**row.cells, "limit": "0.0001"}) for row in table.rows)
    tables = {**base.tables, "contaminants": dataclasses.replace(table, rows=rows)}
    other = dataclasses.replace(base, tables=tables)
    diff = diff_packs(base, other)
    comparison = make_comparison(base, other, diff)
    ready = next(manifest for manifest in _manifests() if manifest.file.endswith("durian-ready.yaml"))
    impact = compare_reports(
        check_shipment(ready, base), check_shipment(ready, other), comparison, exporter=None, lanes=()
    )
    [finding] = [finding for finding in impact.findings if finding.rule == "any/fresh-fruit/cadmium"]
    assert finding.became is Became.GAINED
    assert [diff.changes[place].id for place in finding.reasons] == ["contaminants: gb2762-fresh-fruit, cadmium, pulp"]


def _impact(number: int, *, after: str = "ready", findings: tuple[FindingImpact, ...] = ()) -> ManifestImpact:
    return ManifestImpact(
        file="m.ndjson",
        index=number,
        reference=None,
        exporter=f"Invented {number}",
        lanes=(f"plum-{number} VN",),
        before="ready",
        after=after,
        findings=findings,
    )


@cache
def _finding() -> FindingImpact:
    finding = check_shipment(_manifests()[0], real()).findings[0]
    side = Side(status=finding.status, force=finding.force, expected=None)
    return FindingImpact(
        rule=finding.rule.id,
        title=finding.rule.title,
        became=Became.LOST,
        subject="lot L1",
        path="lots[0]",
        before=side,
        after=None,
        reasons=(0,),
    )


def test_tally_keeps_a_bounded_number_of_names_and_counts_all() -> None:
    tally = ImpactTally(most_names=50)
    for number in range(400):
        tally.add(_impact(number))
        tally.add(_impact(100_000, after="not-ready", findings=(_finding(),)))
    assert (tally.manifests, tally.flips, tally.changed, tally.is_cut) == (800, 400, 400, True)
    assert len(tally._lanes._counts) <= 50
    assert len(tally.flipped) == MOST_FLIPS
    [exporter] = tally.exporters()  # of those without any change nobody is told
    assert (exporter.name, exporter.flips.total(), exporter.findings[Became.LOST]) == ("Invented 100000", 400, 400)
    assert len(tally.lanes()) <= MOST_SHOWN
    [rule] = tally.rules()
    assert (rule.manifests, dict(rule.flips)) == (400, {"ready > not-ready": 400})
