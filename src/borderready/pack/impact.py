# SPDX-License-Identifier: Apache-2.0
"""What another pack changes for a manifest: the reports of both held against each other, and the reasons.

Of the other pack only those rules are asked anew whose answer can differ: a change of one lane costs little more than
one check of each manifest.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from borderready.core import with_findings
from borderready.fold import fold
from borderready.model import Finding, Manifest, Report, Rule, RuleBase, RuleId, Status, Value
from borderready.model.change import About, Change, PackDiff, Reach
from borderready.model.impact import Became, FindingImpact, ManifestImpact, Side
from borderready.pack.diff.lanes import SYNONYMS
from borderready.paths import write_outcome_path, write_path, write_value

MOST_REASONS = 3
_Key = tuple[str, str, str, str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two packs, made ready so that many manifests can be held against both.

    Attributes:
        by_rule: Places of the changes that can be the reason for a finding of a rule, the nearest kind first.
        scopes: Origins and products or groups of which an answer may differ; empty members take any.
        groups: For each product all its groups in either pack.
        affected: The rules of which an answer may differ, None where that can be any.
        asked: The other pack with these and the rules that displace them; all of it where they can be any.
    """

    diff: PackDiff
    affected: frozenset[RuleId] | None
    asked: RuleBase
    by_rule: Mapping[RuleId, tuple[tuple[int, ...], ...]]
    scopes: tuple[tuple[frozenset[str], frozenset[str]], ...]
    groups: Mapping[str, frozenset[str]]


def make_comparison(old: RuleBase, new: RuleBase, diff: PackDiff) -> Comparison:
    """Return the comparison of two packs, whose changes are known."""
    rules = {rule.id: rule for base in (old, new) for rule in base.rules}
    nearest, tables, displaced = (defaultdict[RuleId, list[int]](list) for _ in range(3))
    scopes: dict[tuple[frozenset[str], frozenset[str]], None] = {}
    for place, change in enumerate(diff.changes):
        if change.reach is not Reach.ANSWER:
            continue
        for scope in _scopes(change, rules):
            scopes[scope] = None
        if change.about is About.RULE:
            for name in (change.id, *change.others):
                nearest[RuleId(name)].append(place)
                for other in rules[RuleId(name)].overrides:
                    displaced[other].append(place)
        for name in change.rules:
            tables[name].append(place)
        if change.about is About.NOTICE:
            for rule in rules.values():
                if rule.check == "noticed":
                    tables[rule.id].append(place)
    groups: dict[str, set[str]] = defaultdict(set)
    for product in (*old.products.values(), *new.products.values()):
        groups[product.id] |= {product.id, *product.groups}
    affected = _affected(diff, rules, (old, new))
    asked = [rule for rule in new.rules if affected is None or affected.intersection((rule.id, *rule.overrides))]
    return Comparison(
        diff=diff,
        affected=affected,
        asked=replace(new, rules=tuple(asked)),
        by_rule={name: tuple(tuple(kind.get(name, ())) for kind in (nearest, tables, displaced)) for name in rules},
        scopes=tuple(scopes),
        groups={name: frozenset(words) for name, words in groups.items()},
    )


def _affected(
    diff: PackDiff, rules: Mapping[RuleId, Rule], bases: tuple[RuleBase, RuleBase]
) -> frozenset[RuleId] | None:
    """Return the rules of which an answer may differ: changed, reading what changed, or displaced by such a one."""
    found: set[RuleId] = set()
    for change in diff.changes:
        if change.reach is not Reach.ANSWER:
            continue
        if change.about is About.PRODUCT or change.table == SYNONYMS:
            return None
        if change.about is About.RULE:
            found.update(map(RuleId, (change.id, *change.others)))
        elif change.about is About.NOTICE:
            found.update(name for name, rule in rules.items() if rule.check == "noticed")
        found.update(change.rules)
    changed = frozenset(found)
    displaced = (rule.overrides for base in bases for rule in base.rules if rule.id in changed)
    return changed.union(*displaced)


def _scopes(change: Change, rules: Mapping[RuleId, Rule]) -> Iterator[tuple[frozenset[str], frozenset[str]]]:
    """Yield the lanes of which a change can change an answer: never too few.

    A row can matter to more goods than its own (a limit's `besides`), and so can a notice.
    """
    if change.about in (About.RULE, About.PRODUCT):
        yield frozenset(change.lanes.origins), frozenset(change.lanes.products)
        return
    if change.about is About.NOTICE or change.table == SYNONYMS or not change.rules:
        yield frozenset(), frozenset()
        return
    for name in change.rules:
        scope = rules[name].scope
        yield frozenset(scope.origins), frozenset(scope.products)


def can_differ(manifest: Manifest, comparison: Comparison) -> bool:
    """Tell whether a manifest can have another answer under the other pack; never False where it can."""
    lots = _lots(manifest)
    words = _goods(manifest, comparison)
    shipment = manifest.data.get("shipment")
    origins = {write_value(lot["origin"]) for lot in lots if "origin" in lot}
    is_told = isinstance(shipment, Mapping) and "origin" in shipment
    if isinstance(shipment, Mapping) and "origin" in shipment:
        origins.add(write_value(shipment["origin"]))
    return any(
        (not of or not is_told or not of.isdisjoint(origins)) and (not goods or not goods.isdisjoint(words))
        for of, goods in comparison.scopes
    )


def check_other(before: Report, comparison: Comparison, check: Callable[[RuleBase], Report]) -> Report:
    """Return the report of a manifest under the other pack; what cannot differ is taken from the first one.

    Args:
        before: The report under the first pack, before waivers and settings.
        comparison: The packs.
        check: Checks the manifest against a rule base, as before.
    """
    if not can_differ(before.manifest, comparison):
        return before
    after = check(comparison.asked)
    affected = comparison.affected
    if affected is None:
        return after
    kept = [finding for finding in before.findings if finding.rule.id not in affected]
    asked = [finding for finding in after.findings if finding.rule.id in affected]
    return with_findings(replace(before, pack=after.pack), (*kept, *asked))


def compare_reports(
    before: Report, after: Report, comparison: Comparison, *, exporter: str | None, lanes: tuple[str, ...]
) -> ManifestImpact:
    """Return what differs between the reports of one manifest under the two packs."""
    manifest = before.manifest
    return ManifestImpact(
        file=manifest.file,
        index=manifest.index,
        reference=manifest.reference,
        exporter=exporter,
        lanes=lanes,
        before=str(before.verdict),
        after=str(after.verdict),
        findings=tuple(_differing(before, after, comparison)),
    )


def _differing(before: Report, after: Report, comparison: Comparison) -> Iterator[FindingImpact]:
    was, now = _by_key(before), _by_key(after)
    for key in dict.fromkeys((*was, *now)):
        old, new = was.get(key), now.get(key)
        is_told, is_telling = (one is not None and one.status is not Status.PASS for one in (old, new))
        if not is_told and not is_telling:
            continue
        sides = _side(old), _side(new)
        if sides[0] == sides[1]:
            continue
        finding = new if new is not None and is_telling else old
        assert finding is not None
        yield FindingImpact(
            rule=finding.rule.id,
            title=finding.rule.title,
            became=Became.CHANGED if is_told and is_telling else Became.GAINED if is_telling else Became.LOST,
            subject=f"{finding.subject.kind} {finding.subject.id}",
            path=_path(finding),
            before=sides[0],
            after=sides[1],
            reasons=_reasons(finding, before.manifest, comparison),
        )


def _by_key(report: Report) -> Mapping[_Key, Finding]:
    """Return findings by rule, subject and place; several of one place are told apart by their number."""
    seen: Counter[tuple[str, ...]] = Counter()
    found: dict[_Key, Finding] = {}
    for finding in report.findings:
        key = (finding.rule.id, finding.subject.kind, finding.subject.id, _path(finding))
        found[(*key, seen[key])] = finding
        seen[key] += 1
    return found


def _path(finding: Finding) -> str:
    return write_outcome_path(finding.outcome) or write_path(finding.subject.path)


def _side(finding: Finding | None) -> Side | None:
    if finding is None:
        return None
    return Side(status=finding.status, force=finding.force, expected=finding.outcome.expected)


def _reasons(finding: Finding, manifest: Manifest, comparison: Comparison) -> tuple[int, ...]:
    """Return the changes behind a finding: of its rule, else of what it reads, else of a rule that displaces it."""
    for places in comparison.by_rule.get(finding.rule.id, ()):
        if places:
            return _likeliest(places, finding, manifest, comparison)
    products = {
        change.id: place for place, change in enumerate(comparison.diff.changes) if change.about is About.PRODUCT
    }
    words = _words(manifest.data.get("lots", ()))
    return tuple(place for name, place in products.items() if fold(name) in words)[:MOST_REASONS]


def _likeliest(
    places: tuple[int, ...], finding: Finding, manifest: Manifest, comparison: Comparison
) -> tuple[int, ...]:
    """Return of several changes those whose key names most of what stands at the place of the finding."""
    if len(places) == 1:
        return places
    words = _words(_holder(finding, manifest)) | _goods(manifest, comparison)
    scores = {place: _score(comparison.diff.changes[place], words) for place in places}
    best = max(scores.values())
    return tuple(place for place in places if scores[place] == best)[:MOST_REASONS]


def _holder(finding: Finding, manifest: Manifest) -> Value:
    """Return the innermost mapping around the place of a finding, such as the result of a laboratory."""
    holder: Value = manifest.data
    value: Value | None = manifest.data
    for step in finding.outcome.path or ():
        if isinstance(value, Mapping):
            value = value.get(str(step))
        elif isinstance(value, tuple) and isinstance(step, int) and step < len(value):
            value = value[step]
        if isinstance(value, Mapping):
            holder = value
    return holder


def _score(change: Change, words: frozenset[str]) -> int:
    return sum(fold(cell) in words for cell in change.id.partition(": ")[2].split(", "))


def _words(value: Value | None) -> frozenset[str]:
    if isinstance(value, Mapping):
        return frozenset(word for inner in value.values() for word in _words(inner))
    if isinstance(value, tuple):
        return frozenset(word for inner in value for word in _words(inner))
    return frozenset() if value is None else frozenset({fold(write_value(value))})


def _lots(manifest: Manifest) -> list[Mapping[str, Value]]:
    lots = manifest.data.get("lots")
    return [lot for lot in lots if isinstance(lot, Mapping)] if isinstance(lots, tuple) else []


def _goods(manifest: Manifest, comparison: Comparison) -> frozenset[str]:
    """Return the products of a manifest with all their groups."""
    products = {write_value(lot["product"]) for lot in _lots(manifest) if "product" in lot}
    return frozenset(word for name in products for word in comparison.groups.get(name, frozenset({name})))
