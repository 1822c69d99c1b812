# SPDX-License-Identifier: Apache-2.0
"""What the shell offers to complete: ids of rules and products of the pack that came with the program."""

from __future__ import annotations

from borderready.errors import BorderreadyError


def complete_rule(incomplete: str) -> list[str]:
    """Return the ids of rules that begin so."""
    from borderready.cli.session import load_rules

    try:
        return [rule.id for rule in load_rules(None).rules if rule.id.startswith(incomplete)]
    except BorderreadyError:
        return []


def complete_product(incomplete: str) -> list[str]:
    """Return the ids of products that begin so."""
    from borderready.cli.session import load_rules

    try:
        return sorted(name for name in load_rules(None).products if name.startswith(incomplete))
    except BorderreadyError:
        return []
