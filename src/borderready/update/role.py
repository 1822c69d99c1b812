# SPDX-License-Identifier: Apache-2.0
"""The four roles of a repository, and how the moments of their expiry are told. Pure."""

from __future__ import annotations

from datetime import datetime

ROLES = ("root", "timestamp", "snapshot", "targets")  # in the order in which each makes the next believed


def day_of(moment: datetime) -> str:
    """Return a moment as it is told: `2026-11-28 09:30 UTC`."""
    return moment.strftime("%Y-%m-%d %H:%M UTC")
