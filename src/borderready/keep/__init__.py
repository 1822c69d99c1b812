# SPDX-License-Identifier: Apache-2.0
"""What this machine keeps for its user between runs: registers, notices and the ledger of consignments, in SQLite."""

from __future__ import annotations

REGISTERS_FILE = "registers.sqlite"
