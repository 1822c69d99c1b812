# SPDX-License-Identifier: Apache-2.0
"""`ledger`: every fact of the ledger became something that exists, or is left out for a stated reason."""

from __future__ import annotations

from collections.abc import Iterator

from borderready.pack.ledger import LEDGER_FILE, problems_of, read_ledger
from borderready.pack.lint.finding import LintFinding, remark
from borderready.pack.view import PackView

ID = "ledger"


def lint(pack: PackView, day: str) -> Iterator[LintFinding]:
    """Yield faults of the ledger."""
    entries, faults = read_ledger(pack.contents)
    for fault in faults:
        yield LintFinding(lint=ID, is_error=True, fault=fault)
    for entry in entries:
        for problem in problems_of(entry, pack.whole):
            yield remark(ID, LEDGER_FILE, problem)
    for gap in pack.rule_base.gaps:
        if gap.instrument is not None and gap.instrument not in pack.whole.instruments:
            yield remark(ID, "gaps", f"{gap.id}: there is no instruments/{gap.instrument}.yaml")
        for product in gap.products:
            if product not in pack.whole.products and not any(
                product in other.groups for other in pack.whole.products.values()
            ):
                yield remark(ID, "gaps", f"{gap.id}: no product is or belongs to '{product}'")
