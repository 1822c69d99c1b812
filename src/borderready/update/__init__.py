# SPDX-License-Identifier: Apache-2.0
"""Packs from a repository of The Update Framework (theupdateframework.io): taken by users, made by those who publish.

`fetch` is the only module of the program that opens a socket, and `pack update` the only command that uses it.
"""

from __future__ import annotations
