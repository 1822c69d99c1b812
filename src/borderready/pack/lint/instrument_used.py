# SPDX-License-Identifier: Apache-2.0
"""`instrument-used`: every instrument is cited by a wording or a row, or replaced by one that is."""

from __future__ import annotations

from collections.abc import Iterator

from borderready.pack.lint.finding import LintFinding, remark
from borderready.pack.view import PackView

ID = "instrument-used"


def lint(pack: PackView, day: str) -> Iterator[LintFinding]:
    """Yield instruments that nothing cites, as warnings."""
    rule_base = pack.rule_base
    cited = {wording.source.instrument for rule in rule_base.rules for wording in rule.wordings}
    cited |= {row.source.instrument for table in rule_base.tables.values() for row in table.rows}
    cited |= {notice.source.instrument for notice in rule_base.notices}
    cited |= {
        older for name in cited if name in rule_base.instruments for older in rule_base.instruments[name].replaces
    }
    for name in sorted(set(rule_base.instruments) - cited):
        yield remark(ID, f"instruments/{name}.yaml", "no wording, no row and no notice cites it", is_error=False)
