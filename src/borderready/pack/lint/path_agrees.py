# SPDX-License-Identifier: Apache-2.0
"""`path-agrees`: the folder of a rule is what the rule applies to, and a shipment rule is measured on the shipment."""

from __future__ import annotations

from collections.abc import Iterator

from borderready.model import Event, path_of_rule
from borderready.pack.lint.finding import LintFinding, remark_at
from borderready.pack.view import PackView

ID = "path-agrees"
_OF_LOTS = (Event.HARVEST, Event.PACKING, Event.PRODUCTION)


def lint(pack: PackView, day: str) -> Iterator[LintFinding]:
    """Yield rules that stand in a folder of other goods or of another origin."""
    for rule in pack.rule_base.rules:
        file = f"{rule.id}.yaml"
        origin, product, _ = path_of_rule(rule.id).split("/")
        origins = {name.lower() for name in rule.scope.origins}
        if origin != (next(iter(origins)) if len(origins) == 1 else "any"):
            text = f"stands in {origin}/, applies to {', '.join(rule.scope.origins) or 'any origin'}"
            yield remark_at(pack, ID, file, ("applies_to",), text)
        if not _stands_right(pack, rule.scope.products, product):
            text = f"stands in {product}/, applies to {', '.join(rule.scope.products) or 'any product'}"
            yield remark_at(pack, ID, file, ("applies_to",), text)
        if rule.each == "shipment" and rule.basis in (*_OF_LOTS, Event.ISSUE):
            yield remark_at(pack, ID, file, ("basis",), f"a shipment has no day of {rule.basis}")
        if rule.basis in _OF_LOTS and rule.each not in ("lot", "shipment"):
            yield remark_at(pack, ID, file, ("basis",), f"a {rule.each} has no day of {rule.basis}")


def _stands_right(pack: PackView, products: tuple[str, ...], folder: str) -> bool:
    """Tell whether products stand in the folder that names them, or a group that they all belong to."""
    if len(products) < 2:
        return folder == (products[0] if products else "any")
    known = pack.whole.products
    return folder == "any" or all(name in known and folder in known[name].groups for name in products)
