# SPDX-License-Identifier: Apache-2.0
"""The ledger of a pack: what became of every fact that its authors collected."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from borderready.errors import Fault
from borderready.model import RuleBase
from borderready.read.rule import as_mapping, as_text, as_tuple
from borderready.read.rule_base import type_file

LEDGER_FILE = "coverage.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerEntry:
    """What became of one fact: where it is encoded, or why it is not."""

    fact: str
    became: tuple[str, ...]
    not_encoded: str | None
    reason: str | None


def read_ledger(contents: Mapping[str, bytes]) -> tuple[tuple[LedgerEntry, ...], tuple[Fault, ...]]:
    """Return the ledger of a pack, or what is wrong with it; a pack without one has no entries."""
    if LEDGER_FILE not in contents:
        return (), ()
    value, _, faults = type_file("ledger", contents[LEDGER_FILE], file=LEDGER_FILE)
    if value is None:
        return (), faults
    entries = []
    for fact, entry in as_mapping(value).items():
        data = as_mapping(entry)
        entries.append(
            LedgerEntry(
                fact=fact,
                became=tuple(as_text(target) for target in as_tuple(data.get("became", ()))),
                not_encoded=as_text(data["not_encoded"]) if "not_encoded" in data else None,
                reason=as_text(data["reason"]) if "reason" in data else None,
            )
        )
    return tuple(entries), ()


def problems_of(entry: LedgerEntry, rule_base: RuleBase) -> Iterator[str]:
    """Yield what is wrong with an entry: a target that is not there, or no word of what became of the fact."""
    known = known_targets(rule_base)
    for target in entry.became:
        if target not in known:
            yield f"{entry.fact}: there is no {target}"
    if bool(entry.became) == (entry.not_encoded is not None):
        yield f"{entry.fact}: either 'became' or 'not_encoded'"
    if entry.not_encoded is not None and entry.reason is None:
        yield f"{entry.fact}: not encoded without a reason"


def known_targets(rule_base: RuleBase) -> set[str]:
    """Return everything that a fact can have become."""
    return {
        *(str(rule.id) for rule in rule_base.rules),
        *(f"tables/{name}" for name in rule_base.tables),
        *(f"products/{name}" for name in rule_base.products),
        *(f"instruments/{name}" for name in rule_base.instruments),
        *(f"gaps/{gap.id}" for gap in rule_base.gaps),
        *(f"notices/{notice.id}" for notice in rule_base.notices),
    }
