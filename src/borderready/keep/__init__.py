# SPDX-License-Identifier: Apache-2.0
"""What this machine keeps for its user between runs: registers, notices and the ledger of consignments, in SQLite."""
