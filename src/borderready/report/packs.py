# SPDX-License-Identifier: Apache-2.0
"""The packs that a report rests on, in a line each, and what they disable of their bases."""

from __future__ import annotations

from borderready.i18n import say
from borderready.model import Disabled, Message, PackId


def pack_line(pack: PackId, language: str) -> str:
    """Return the name, the version and the first digits of the digest of one pack, and who signed it."""
    args = {"name": pack.name, "version": pack.version, "digest": pack.sha256[:12]}
    if pack.signed_by is None:
        return say(Message("report.pack", args), language)
    return say(Message("report.pack_signed", {**args, "keys": pack.signed_by}), language)


def disabled_lines(pack: PackId, language: str) -> tuple[str, ...]:
    """Return for each pack of a chain that disables rules how many, and which."""
    return tuple(
        say(
            Message(
                "extend.disables",
                {
                    "pack": member.name,
                    "count": str(len(member.disables)),
                    "rules": ", ".join(one.rule for one in member.disables),
                },
            ),
            language,
        )
        for member in pack.chain
        if member.disables
    )


def disabled_by(disabled: Disabled, language: str) -> str:
    """Return which pack disables a rule, until when, and why."""
    args = {"pack": disabled.pack, "until": disabled.until or "", "reason": disabled.reason}
    key = "extend.disabled_by" if disabled.until is None else "extend.disabled_until"
    return say(Message(key, args), language)
